"""Every office's template at once: what is blank is made anew and compared, what somebody has filled in stays."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from openpyxl import Workbook

from kaohe.exchange.asking import Asked, context_of, offices
from kaohe.exchange.blank import Asks, asks, due_of, is_blank, opened, sign
from kaohe.exchange.ratingform import rating_form
from kaohe.exchange.sheetstyle import save
from kaohe.exchange.template import known_voters, template
from kaohe.files.filenames import file_name
from kaohe.intake import Intake, read_year
from kaohe.intake.checks.context import Context
from kaohe.intake.sheets.cells import word
from kaohe.intake.year.predecessor import predecessor

State = Literal["new", "renewed", "kept"]
FILLED, UNREADABLE = "已经填过", "读不出（可能已损坏，或正被别的程序打开）"


@dataclass(frozen=True)
class Renewed:
    """One file: how it ended, why where it was kept, and which cells it asks for more, or no longer."""

    name: str
    office: str
    state: State
    why: str = ""
    added: frozenset[tuple[str, str, str]] = frozenset()
    removed: frozenset[tuple[str, str, str]] = frozenset()


@dataclass
class Outcome:
    """All of them; units by id and name that the files before did not know, knew, or called otherwise."""

    files: list[Renewed] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    unneeded: list[str] = field(default_factory=list)
    """Workbooks there that no office is asked for any more."""

    def of(self, state: State) -> list[Renewed]:
        return [each for each in self.files if each.state == state]

    @property
    def units_said(self) -> Iterator[str]:
        """What changed among the units; nothing where there were no templates."""
        if not self.before:
            return
        now = [(unit, name) for unit, name in self.units.items() if unit not in self.before]
        gone = [(unit, name) for unit, name in self.before.items() if unit not in self.units]
        for word_, found in (("新增", now), ("去掉", gone)):
            if found:
                yield f"{word_}单位 {len(found)} 个：{'、'.join(f'{unit} {name}' for unit, name in found)}"
        other = [unit for unit, name in self.units.items() if self.before.get(unit, name) != name]
        if other:
            yield f"改名 {len(other)} 个：{'、'.join(f'{u} {self.before[u]} → {self.units[u]}' for u in other)}"


def voters_of(raw: Path, intake: Intake) -> dict[str, str]:
    """The voters of a year and their roles, else those of the year before, where it may be looked at."""
    found = known_voters(intake)
    last = predecessor(raw, intake.year)
    return found or (known_voters(read_year(raw, last.year)) if last.folder else {})


def raters_of(raw: Path, intake: Intake) -> dict[str, list[str]]:
    """Office → who has rated for it this year or, where nobody has yet, the year before."""
    found = _raters(intake)
    last = predecessor(raw, intake.year)
    return found or (_raters(read_year(raw, last.year)) if last.folder else {})


def _raters(intake: Intake) -> dict[str, list[str]]:
    if intake.data is None or not intake.data.units or intake.scheme is None:
        return {}
    context = context_of(intake)
    found: dict[str, set[str]] = {}
    for (_, indicator), ratings in intake.data.ratings.items():
        office = intake.scheme.indicators[indicator].office or context.office
        found.setdefault(office, set()).update(each.rater for each in ratings)
    return {office: sorted(names) for office, names in sorted(found.items())}


def renew(
    folder: Path,
    intake: Intake,
    voters: Mapping[str, str],
    due: datetime.date | None = None,
    raters: Mapping[str, Iterable[str]] | None = None,
) -> Outcome:
    """Every office's template below `folder`, and the forms of `raters` (office → names); see `Outcome`.

    AskError where the year has no units; WriteError where a file cannot be written.
    """
    context = context_of(intake)
    outcome = Outcome(units={unit.unit_id: unit.name for unit in context.units.values()})
    due = due or _due_there(folder, context)
    for name, office, make in _wanted(context, voters, due, raters or {}):
        outcome.files.append(_renew(folder / name, office, make(), outcome))
    wanted = {word(each.name) for each in outcome.files}
    there = sorted(path.name for path in folder.glob("*.xlsx") if not path.name.startswith((".", "~")))
    if raters is None:  # their forms were not asked for
        there = [name for name in there if not name.startswith(FORM)]
    outcome.unneeded = [name for name in there if word(name) not in wanted]
    return outcome


FORM = "评分表-"


def _due_there(folder: Path, context: Context) -> datetime.date | None:
    """The day that the templates there say: one that was set once holds on when they are made anew."""
    paths = (folder / f"{file_name(office)}.xlsx" for office in offices(context))
    books = (opened(path) for path in paths if path.is_file())
    return next((due_of(book) for book in books if book is not None), None)


def _wanted(
    context: Context, voters: Mapping[str, str], due: datetime.date | None, raters: Mapping[str, Iterable[str]]
) -> Iterator[tuple[str, str, Callable[[], Workbook]]]:
    """File name, office, and what makes the workbook."""
    for office in offices(context):
        asked = Asked(context, office, due)
        yield f"{file_name(office)}.xlsx", office, lambda asked=asked: template(asked, voters)  # type: ignore[misc]
    for office, names in raters.items():
        if office not in offices(context):
            continue
        asked = Asked(context, office, due)
        for rater in names if asked.judged else ():
            name = f"{FORM}{file_name(rater)}（{file_name(office)}）.xlsx"
            yield name, office, lambda asked=asked, rater=rater: rating_form(asked, rater)  # type: ignore[misc]


def _renew(path: Path, office: str, book: Workbook, outcome: Outcome) -> Renewed:
    if not path.exists():
        save(path, sign(book))
        return Renewed(path.name, office, "new")
    old = opened(path)
    if old is None:
        return Renewed(path.name, office, "kept", UNREADABLE)
    then, now = asks(old), asks(book)
    outcome.before = {**then.units, **outcome.before}
    added, removed = _moved(then, now)
    if not is_blank(old):
        return Renewed(path.name, office, "kept", FILLED, added, removed)
    save(path, sign(book))
    return Renewed(path.name, office, "renewed", "", added, removed)


def _moved(then: Asks, now: Asks) -> tuple[frozenset[tuple[str, str, str]], frozenset[tuple[str, str, str]]]:
    return now.cells - then.cells, then.cells - now.cells
