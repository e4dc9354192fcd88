"""What may leave the office: a table filtered before any public page or notebook sees it.

Never in it: ballots, single ratings, voters' marks, veto notes, how many rated or voted; nor a mean of fewer than
three people. What a panel gave is told in steps (`coarse`), what the votes gave not at all: the total stands beside
it with two decimals, and whatever else were exact would be taken from it. Nor is a total, rank or grade told of a group
whose marks and votes may still change (`settled`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.analysis.coarse import FEWEST, WITHHELD, holds_vote, ratings_of, step_of, step_of_all
from kaohe.analysis.grades import grade_kinds, passed_over, top_line
from kaohe.analysis.settled import open_groups
from kaohe.rules.enclosed import Real, rounded
from kaohe.scheme.digits import USUAL
from kaohe.scoring.book import Cast, ScoreBook, UnitResult
from kaohe.scoring.bookfile import plain, thaw
from kaohe.scoring.cells import ScoreCell
from kaohe.scoring.components import component_of, components, first_parts, full_of, has, item_name, points_of
from kaohe.scoring.marks import PENDING
from kaohe.scoring.refusal import RefusedError
from kaohe.scoring.unrated import UNRATED, why_unrated

VOTES_WITHHELD = "计入总分，为避免推算出单张票、单个评分，不单列"
HOLDS_WITHHELD = "其中有不公开的得分"
BLANK = "＿＿＿＿＿＿"
"""A line to write on."""
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
    """Whether a tie was decided."""
    decimals: int = USUAL
    why: str = ""
    """Why it has not the best grade although its total would do."""


@dataclass(frozen=True)
class PublicYear:
    """The page for everyone: rank, total and grade."""

    year: str
    authority: str
    synthetic: bool
    provisional: bool
    whole: str
    groups: dict[str, str]
    fulls: dict[str, Fraction]
    rows: tuple[PublicRow, ...]
    notice: dict[str, str] = field(default_factory=dict)
    """since, until, contact, phone, place, signature, signed_on: those that the year says."""
    open: dict[str, str] = field(default_factory=dict)
    """Group → why nothing is told of its totals yet; its rows stand in the data's order."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Grade → how it is shown."""

    @property
    def period(self) -> str:
        """How long it is posted, and whom to ask; a line to write on where the year does not say so."""
        said = self.notice
        since, until = said.get("since", BLANK), said.get("until", BLANK)
        ways = ((f"电话 {said['phone']}" if "phone" in said else ""), said.get("place", ""))
        whom = "，".join(filter(None, (said.get("contact", ""), *ways))) or f"{BLANK}，电话 {BLANK}"
        return f"公示期：{since} 至 {until}。对结果有异议的，请在公示期内联系：{whom}"

    @property
    def unsaid(self) -> tuple[str, ...]:
        """What a notice has and the year does not say, in words."""
        asked = {("since", "until"): "公示期", ("contact", "phone"): "联系方式", ("signature",): "落款"}
        return tuple(name for fields, name in asked.items() if not any(field in self.notice for field in fields))

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
    ahead: tuple[str, ...] = ()
    """The nearest way to more points, of what is computed from the unit's own data alone."""
    decimals: int = USUAL


@dataclass(frozen=True)
class PublicUnit:
    """One unit's own points with reasons, handed to it alone."""

    year: str
    authority: str
    synthetic: bool
    provisional: bool
    whole: str
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
    headings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Heading → the component it stands under, its name and clause."""
    decimals: int = USUAL
    open: str = ""
    """Why its rank, total and grade are not told yet, or that it has none."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Grade → how it is shown."""


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
        whole=book.whole,
        groups={key: group.name for key, group in book.groups.items()},
        fulls={key: group.full for key, group in book.groups.items()},
        rows=tuple(row for key in book.groups for row in _rows(book, key, told=key not in still)),
        notice=dict(book.notice),
        open=still,
        kinds=grade_kinds(book) if book.grading else {},
    )


def _rows(book: ScoreBook, group: str, *, told: bool) -> list[PublicRow]:
    if not told:
        units = [unit for unit in book.units if unit.group == group]
        return [PublicRow(unit.unit_id, unit.name, group, None, None, UNTOLD) for unit in units]
    among = book.ranking(group)
    line = top_line(book, among)
    return [_row(book, unit, passed_over(book, unit, line)) for unit in among]


def _row(book: ScoreBook, unit: UnitResult, why: str) -> PublicRow:
    if not unit.rated:
        return PublicRow(unit.unit_id, unit.name, unit.group, None, None, UNRATED)
    digits = book.total_decimals(unit.group)
    total = _told(unit.total, digits)
    return PublicRow(unit.unit_id, unit.name, unit.group, unit.rank, total, unit.grade, _of_a_tie(unit), digits, why)


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
        whole=book.whole,
        unit_id=unit.unit_id,
        name=unit.name,
        group=group.name,
        rank=None if still or not unit.rated else unit.rank,
        of=len(book.rated(unit.group)),
        total=None if still or not unit.rated else _told(unit.total, book.total_decimals(unit.group)),
        full=group.full,
        decimals=book.total_decimals(unit.group),
        grade=UNTOLD if still else unit.grade if unit.rated else UNRATED,
        components=tuple(_components(book, unit)),
        sections=tuple(_sections(book, unit.unit_id)),
        items=tuple(_item(book, cell) for cell in cells),
        headings=dict(_headings(book, unit)),
        open=still or why_unrated(book, unit),
        kinds=grade_kinds(book) if book.grading else {},
    )


def _refuse_trial(book: ScoreBook) -> None:
    if book.trial:
        names = "、".join(policy.name for policy in book.policies if policy.origin == "run")
        raise RefusedError(f"试算（读法 {names}）不是考核结果，不能公示；公示请不带 --policy")


def _told(value: Any, decimals: int = USUAL) -> Fraction:
    """As many decimals as are shown, half up: an exact fraction would tell how many voted."""
    if isinstance(value, Real):
        return rounded(value, Fraction(1, 10**decimals))
    return Fraction((value * 2 * 10**decimals + 1).__floor__() // 2, 10**decimals)


def _few(cell: ScoreCell) -> bool:
    return cell.raters is not None and cell.raters < FEWEST


def _item(book: ScoreBook, cell: ScoreCell) -> PublicItem:
    info = book.indicators[cell.indicator]
    own = book.self_scores.get(cell.unit, {}).get(cell.indicator)
    ratings = ratings_of(cell.trace)
    said = tuple(each.text for each in cell.sentences if not each.confidential)
    points, reasons = None if cell.points is None else _told(cell.points, book.decimals(info.id)), said
    if _few(cell):
        points, reasons = None, (WITHHELD,)
    elif _hidden(book, cell):
        points, reasons = None, (HOLDS_WITHHELD,)
    elif ratings:
        points, reasons = None, (step_of(ratings[0]), *said)
    plain_own = not (_few(cell) or _hidden(book, cell) or ratings or info.judged or info.compares)
    return PublicItem(
        id=info.id,
        name=info.name,
        clause=info.clause,
        section=info.section,
        full=None if cell.max_points is None else _told(cell.max_points),
        points=points,
        reasons=reasons,
        own=None if own is None else _told(own),
        ahead=tuple(cell.ahead) if plain_own else (),
        decimals=book.decimals(info.id),
    )


def _hidden(book: ScoreBook, cell: ScoreCell) -> bool:
    """Whether it holds what is told in no step: votes, several ratings in one, or another item's of either."""
    asked = book.tree[cell.indicator].asks if cell.indicator in book.tree else ()
    return holds_vote(cell.trace) or len(ratings_of(cell.trace)) > 1 or any(opinions(book, each) for each in asked)


def opinions(book: ScoreBook, item: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether people's marks or votes are in an item's points: its own, or those of its parts or of items it asks."""
    if item in seen or item not in book.tree:
        return False
    node, indicator = book.tree[item], book.indicators.get(item)
    if node.vote or (indicator is not None and indicator.judged):
        return True
    below = [child.id for child in book.below.get(item, ())]
    return any(opinions(book, each, seen | {item}) for each in (*below, *node.asks))


def _sections(book: ScoreBook, unit_id: str) -> list[PublicItem]:
    """Sums by heading of what applies to the unit."""
    out = []
    for section, cells in book.sections_of(unit_id):
        if section.id in book.indicators:
            continue  # a leaf of its own heading
        if section.id in book.tree and not _only_adds(book, section.id):
            continue  # more than these indicators, or no sum: it is told as a component, or not at all
        known = [cell.points for cell in cells if cell.points is not None]
        points = sum(known, Fraction(0)) if len(known) == len(cells) else None
        full = sum((cell.max_points or Fraction(0) for cell in cells), Fraction(0))
        shown, reasons = _sum_of(book, cells, points)
        name, clause = section.name, section.clause
        component = component_of(book, section.id, book.unit(unit_id).group)
        out.append(PublicItem(section.id, name, clause, component, _told(full), shown, reasons, decimals=book.finest))
    return out


def _headings(book: ScoreBook, unit: UnitResult) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Heading → component, name, clause; none where there are just leaves, each of its own heading."""
    found = [section for section, _ in book.sections_of(unit.unit_id)]
    if not all(section.id in book.indicators for section in found):
        for section in found:
            yield section.id, (component_of(book, section.id, unit.group), section.name, section.clause)


def _only_adds(book: ScoreBook, section: str) -> bool:
    """Whether a heading is the sum of the indicators directly under it."""
    node = book.tree[section]
    return node.combine == "sum" and all(child.leaf for child in book.below.get(section, ()))


def _sum_of(
    book: ScoreBook, cells: Iterable[ScoreCell], points: Fraction | None
) -> tuple[Fraction | None, tuple[str, ...]]:
    """`points` of the cells together as they may be told: exactly only where no rating is in them."""
    cells = [cell for cell in cells if cell.applicable]
    if any(_few(cell) or _hidden(book, cell) for cell in cells):
        return None, (HOLDS_WITHHELD,)
    ratings = [rating for cell in cells for rating in ratings_of(cell.trace)]
    if not ratings:
        return (None, ("缺数据",)) if points is None else (_told(points, book.finest), ())
    return None, (step_of_all(ratings) or HOLDS_WITHHELD,)


def _components(book: ScoreBook, unit: UnitResult) -> list[PublicItem]:
    """What the total is made of; of the votes only that they count, but for those that never came."""
    names = components(book, unit.group)
    if names == (book.groups[unit.group].score,):
        names = tuple(name for name in first_parts(book, unit.group) if has(book, unit, name))
    return [_component(book, unit, name) for name in names if has(book, unit, name)]


def _component(book: ScoreBook, unit: UnitResult, name: str) -> PublicItem:
    full, points = full_of(book, unit, name), points_of(book, unit, name)
    if book.tree[name].vote:
        shown, reasons = _vote(book, unit, name, points)
    else:
        cells = [cell for cell in book.cells_of(unit.unit_id) if _under(book, cell.indicator, name)]
        within = [item for item in book.votes if _under(book, item, name)]
        asked = [each for item in book.tree if _under(book, item, name) for each in book.tree[item].asks]
        hidden = within or any(opinions(book, each) for each in asked)
        shown, reasons = (None, (HOLDS_WITHHELD,)) if hidden else _sum_of(book, cells, points)
    return PublicItem(name, item_name(book, name), "", "", full, shown, reasons, decimals=book.decimals(name))


def _vote(
    book: ScoreBook, unit: UnitResult, name: str, points: Fraction | None
) -> tuple[Fraction | None, tuple[str, ...]]:
    """Its points only where none of the unit's votes ever came."""
    mine = [item for item in book.votes if item in unit.nodes]
    if all(unit.nodes[item].status == "missing" for item in mine):
        return None if points is None else _told(points, book.decimals(name)), ()
    cast = unit.cast.get(name, Cast())
    return None, (WITHHELD if max(int(cast.votes), len(cast.marks)) < FEWEST else VOTES_WITHHELD,)


def _under(book: ScoreBook, item: str, name: str) -> bool:
    here: str | None = item
    while here is not None and here != name:
        here = book.tree[here].parent if here in book.tree else None
    return here is not None


def write_public(value: PublicYear | PublicUnit) -> str:
    """The filtered table as JSON text, all a public notebook is given."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


def read_public_year(path: Path | str) -> PublicYear:
    table: PublicYear = thaw(PublicYear, json.loads(Path(path).read_text(encoding="utf-8")))
    return table


def read_public_unit(path: Path | str) -> PublicUnit:
    table: PublicUnit = thaw(PublicUnit, json.loads(Path(path).read_text(encoding="utf-8")))
    return table
