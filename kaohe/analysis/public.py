"""What may leave the office: a table filtered before any public page or notebook sees it.

Never in it: ballots, single ratings, leaders' scores, veto notes, how many rated or voted; nor a mean of fewer than
three people. What a panel gave is told in steps (`coarse`), what the votes gave not at all: the total stands beside
it with two decimals, and whatever else were exact would be taken from it. Nor is a total, rank or grade told of a group
whose marks and votes may still change (`settled`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from kaohe.analysis.coarse import FEWEST, WITHHELD, rating_of, step_of, step_of_all
from kaohe.analysis.grades import PENDING
from kaohe.analysis.settled import open_groups
from kaohe.scoring.book import COMPONENT_NAMES, ScoreBook, UnitResult
from kaohe.scoring.cells import ScoreCell
from kaohe.scoring.freeze import plain, thaw
from kaohe.scoring.refusal import RefusedError

VOTES_WITHHELD = "计入总分，为避免推算出单张票、单个评分，不单列"
HOLDS_WITHHELD = "其中有不公开的得分"
UNTOLD = "待定"
"""Instead of a grade that is not told yet."""


@dataclass(frozen=True)
class PublicRow:
    """A unit as everyone may see it; rank and total None where its group is still `open`."""

    unit_id: str
    name: str
    group: str
    rank: int | None
    total: Fraction | None
    grade: str
    decided: bool = False
    """Whether the leading group decided the grade of a tie."""


@dataclass(frozen=True)
class PublicYear:
    """The page for everyone: rank, total and grade."""

    year: str
    authority: str
    synthetic: bool
    provisional: bool
    groups: dict[str, str]
    fulls: dict[str, Fraction]
    rows: tuple[PublicRow, ...]
    notice: dict[str, str] = field(default_factory=dict)
    """since, until, contact, phone, place, signature, signed_on: those that the year says."""
    open: dict[str, str] = field(default_factory=dict)
    """Group → why nothing is told of its totals yet; its rows stand in the data's order."""

    @property
    def period(self) -> str:
        """How long it is posted, and whom to ask; empty where the year says neither."""
        said = self.notice
        period = f"公示期：{said['since']} 至 {said['until']}" if {"since", "until"} <= said.keys() else ""
        ways = ((f"电话 {said['phone']}" if "phone" in said else ""), said.get("place", ""))
        whom = "，".join(filter(None, (said.get("contact", ""), *ways)))
        asking = f"对结果有异议的，请在公示期内联系：{whom}" if whom else ""
        return "。".join(filter(None, (period, asking)))

    @property
    def waiting(self) -> int:
        """Units whose grade is not decided yet: this is no notice to be posted."""
        return sum(row.grade == PENDING for row in self.rows)


@dataclass(frozen=True)
class PublicItem:
    """One indicator or component of the unit's own points; `points` None where `reasons` say a step, or why not."""

    id: str
    name: str
    clause: str
    section: str
    full: Fraction | None
    points: Fraction | None
    reasons: tuple[str, ...]
    own: Fraction | None = None
    """What the unit gave itself, where it did."""


@dataclass(frozen=True)
class PublicUnit:
    """One unit's own points with reasons, handed to it alone."""

    year: str
    authority: str
    synthetic: bool
    provisional: bool
    unit_id: str
    name: str
    group: str
    rank: int | None
    of: int
    total: Fraction | None
    full: Fraction
    grade: str
    components: tuple[PublicItem, ...]
    sections: tuple[PublicItem, ...]
    items: tuple[PublicItem, ...]
    open: str = ""
    """Why its rank, total and grade are not told yet."""


def public_year(book: ScoreBook, published: Mapping[str, str] | None = None) -> PublicYear:
    """Rank, total and grade of every unit, where these may be told; RefusedError for a trial.

    `published`: on which opinions the totals rested that were published before.
    """
    _refuse_trial(book)
    still = open_groups(book, published or {})
    return PublicYear(
        year=book.year,
        authority=book.authority,
        synthetic=book.synthetic,
        provisional=book.provisional,
        groups={key: group.name for key, group in book.groups.items()},
        fulls={key: group.full for key, group in book.groups.items()},
        rows=tuple(row for key in book.groups for row in _rows(book, key, told=key not in still)),
        notice=dict(book.notice),
        open=still,
    )


def _rows(book: ScoreBook, group: str, *, told: bool) -> list[PublicRow]:
    if not told:
        units = [unit for unit in book.units if unit.group == group]
        return [PublicRow(unit.unit_id, unit.name, group, None, None, UNTOLD) for unit in units]
    return [
        PublicRow(unit.unit_id, unit.name, group, unit.rank, _cents(unit.total), unit.grade, _of_a_tie(unit))
        for unit in book.ranking(group)
    ]


def _of_a_tie(unit: UnitResult) -> bool:
    return unit.ruling is not None and unit.ruling.by_points == PENDING


def public_units(book: ScoreBook, published: Mapping[str, str] | None = None) -> dict[str, PublicUnit]:
    """Every unit's own points with reasons, in steps or withheld where people gave them; RefusedError for a trial."""
    _refuse_trial(book)
    still = open_groups(book, published or {})
    return {unit.unit_id: _unit(book, unit, still.get(unit.group, "")) for unit in book.units}


def public_unit(book: ScoreBook, unit_id: str, published: Mapping[str, str] | None = None) -> PublicUnit:
    """One unit's; KeyError where there is none of that id."""
    _refuse_trial(book)
    unit = book.unit(unit_id)
    return _unit(book, unit, open_groups(book, published or {}).get(unit.group, ""))


def public_item(book: ScoreBook, unit_id: str, indicator: str) -> PublicItem:
    """What its page says of one indicator that applies to the unit."""
    _refuse_trial(book)
    return _item(book, book.cell(unit_id, indicator))


def _unit(book: ScoreBook, unit: UnitResult, still: str) -> PublicUnit:
    cells = [cell for cell in book.cells_of(unit.unit_id) if cell.applicable]
    group = book.groups[unit.group]
    return PublicUnit(
        year=book.year,
        authority=book.authority,
        synthetic=book.synthetic,
        provisional=book.provisional,
        unit_id=unit.unit_id,
        name=unit.name,
        group=group.name,
        rank=None if still else unit.rank,
        of=len(book.ranking(unit.group)),
        total=None if still else _cents(unit.total),
        full=group.full,
        grade=UNTOLD if still else unit.grade,
        components=tuple(_components(book, unit, cells)),
        sections=tuple(_sections(book, unit.unit_id)),
        items=tuple(_item(book, cell) for cell in cells),
        open=still,
    )


def _refuse_trial(book: ScoreBook) -> None:
    if book.trial:
        names = "、".join(policy.name for policy in book.policies if policy.origin == "run")
        raise RefusedError(f"试算（读法 {names}）不是考核结果，不能公示；公示请不带 --policy")


def _cents(value: Fraction) -> Fraction:
    """Two decimals, half up: an exact fraction would tell how many voted."""
    return Fraction((value * 200 + 1).__floor__() // 2, 100)


def _few(cell: ScoreCell) -> bool:
    return cell.raters is not None and cell.raters < FEWEST


def _item(book: ScoreBook, cell: ScoreCell) -> PublicItem:
    info = book.indicators[cell.indicator]
    own = book.self_scores.get(cell.unit, {}).get(cell.indicator)
    assert cell.points is not None
    assert cell.max_points is not None
    rating = rating_of(cell.trace)
    said = tuple(each.text for each in cell.sentences if not each.confidential)
    points = None if _few(cell) or rating is not None else _cents(cell.points)
    reasons = (WITHHELD,) if _few(cell) else said if rating is None else (step_of(rating), *said)
    return PublicItem(
        id=info.id,
        name=info.name,
        clause=info.clause,
        section=info.section,
        full=_cents(cell.max_points),
        points=points,
        reasons=reasons,
        own=None if own is None else _cents(own),
    )


def _sections(book: ScoreBook, unit_id: str) -> list[PublicItem]:
    """Sums by heading of what applies to the unit."""
    out = []
    for section, cells in book.sections_of(unit_id):
        points = sum((cell.points or Fraction(0) for cell in cells), Fraction(0))
        full = sum((cell.max_points or Fraction(0) for cell in cells), Fraction(0))
        shown, reasons = _sum_of(cells, points)
        name, clause = section.name, section.clause
        out.append(PublicItem(section.id, name, clause, section.component, _cents(full), shown, reasons))
    return out


def _sum_of(cells: Iterable[ScoreCell], points: Fraction) -> tuple[Fraction | None, tuple[str, ...]]:
    """`points` of the cells together as they may be told: exactly only where no rating is in them."""
    cells = [cell for cell in cells if cell.applicable]
    if any(map(_few, cells)):
        return None, (HOLDS_WITHHELD,)
    ratings = [rating for cell in cells if (rating := rating_of(cell.trace)) is not None]
    if not ratings:
        return _cents(points), ()
    return None, (step_of_all(ratings) or HOLDS_WITHHELD,)


def _components(book: ScoreBook, unit: UnitResult, cells: Sequence[ScoreCell]) -> list[PublicItem]:
    """The components of the total; of the votes only that they count, but for those that never came."""
    group = book.groups[unit.group]
    votes_missing = unit.ballot_status == "missing" and unit.leader_status == "missing"

    def vote(name: str, full: Fraction, points: Fraction, people: int) -> PublicItem:
        why = WITHHELD if people < FEWEST else VOTES_WITHHELD
        shown, reasons = (_cents(points), ()) if votes_missing else (None, (why,))
        return PublicItem(name, COMPONENT_NAMES[name], "", "", full, shown, reasons)

    out = [vote("ballot", group.ballot_full, unit.ballot_points, unit.voters)]
    parts = {"base": unit.base_points, "key": unit.key_points, "target": unit.target_points}
    for name, full in group.parts.items():
        points = parts[name]
        assert points is not None
        shown, reasons = _sum_of((cell for cell in cells if book.indicators[cell.indicator].component == name), points)
        out.append(PublicItem(name, COMPONENT_NAMES[name], "", "", full, shown, reasons))
    out.append(vote("leader", group.leader_full, unit.leader_points, unit.leaders))
    return out


def write_public(value: PublicYear | PublicUnit) -> str:
    """The filtered table as JSON text, all a public notebook is given."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


def read_public_year(path: Path | str) -> PublicYear:
    table: PublicYear = thaw(PublicYear, json.loads(Path(path).read_text(encoding="utf-8")))
    return table


def read_public_unit(path: Path | str) -> PublicUnit:
    table: PublicUnit = thaw(PublicUnit, json.loads(Path(path).read_text(encoding="utf-8")))
    return table
