"""The answer to a unit that asks about one indicator: what it handed in, how that becomes points, what is short.

What is confidential towards the unit, single raters' points above all, is left out unless the answer is internal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kaohe.analysis.coarse import WITHHELD
from kaohe.analysis.public import PublicItem, public_item
from kaohe.intake import Intake
from kaohe.intake.checks.context import Context
from kaohe.intake.places import Log
from kaohe.intake.tables.data import MetricRow
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.sourcerows import Row, cell_text, decimal_text, rows_about, rows_of, when_of
from kaohe.intake.tables.vocabulary import TABLES
from kaohe.rules.wording import number, points, quantity, term
from kaohe.scheme import Item, Scheme
from kaohe.scheme.audit.readings import read_as
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.cells import STATUS_NAMES, ScoreCell
from kaohe.scoring.nextstep import next_steps
from kaohe.scoring.nextwords import says_idle
from kaohe.scoring.owned import needed_metrics
from kaohe.scoring.score import bound_of

MOST_ROWS = 12
"""Rows of evidence an A4 sheet has room for."""
LONGEST = 300
"""Characters of one sentence."""
JUDGED = "其余的分由评分人评定，不作推算"
"""Said of a full mark, too, where the points are not told."""
MOST_UNITS = 24
"""Names of a pool it has room for."""


@dataclass(frozen=True)
class Evidence:
    """One row as it was handed in, by which office, and where it stands."""

    what: str
    value: str
    more: str
    place: str
    office: str = ""


@dataclass(frozen=True)
class Answer:
    """Everything on the sheet. `left` rows of evidence are not listed; `offices` are all that supplied one,
    `office` what such are called.

    `ahead` is the nearest way to more points; where there is none to compute, `settled` says why.
    """

    year: str
    authority: str
    basis: str
    unit: str
    unit_name: str
    indicator: str
    name: str
    clause: str
    office: str
    offices: tuple[str, ...]
    synthetic: bool
    provisional: bool
    internal: bool
    result: str
    sums: str
    evidence: tuple[Evidence, ...]
    left: int
    how: tuple[str, ...]
    pool: str
    reasons: tuple[str, ...]
    policies: tuple[str, ...]
    ahead: tuple[str, ...]
    settled: str


def answer(book: ScoreBook, intake: Intake, unit: str, indicator: str, *, internal: bool = False) -> Answer:
    """KeyError where the unit or its indicator is unknown. `internal`: with what only the office may see."""
    cell, info, who = book.cell(unit, indicator), book.indicators[indicator], book.unit(unit)
    bound = bound_of(intake, book)
    told = None if internal else _told(book, unit, indicator)
    hidden = told.reasons[0] if told else None
    evidence = list(_evidence(intake, unit, indicator, internal=internal))
    reasons = told.reasons[1:] if told else (each.text for each in cell.sentences if internal or not each.confidential)
    return Answer(
        year=book.year,
        authority=book.authority,
        basis=book.scheme_title,
        unit=unit,
        unit_name=who.name,
        indicator=indicator,
        name=info.name,
        clause=info.clause,
        office=book.office,
        offices=_offices(evidence, supplier(intake, indicator)),
        synthetic=book.synthetic,
        provisional=book.provisional,
        internal=internal,
        result=hidden or _result(cell),
        sums="" if hidden else _sums(cell),
        evidence=tuple(evidence[:MOST_ROWS]),
        left=max(len(evidence) - MOST_ROWS, 0),
        how=info.how,
        pool=_pool(book, bound, unit, indicator),
        reasons=tuple(map(_cut, reasons)),
        policies=tuple(_policies(book, cell)),
        ahead=() if hidden else (*cell.ahead, *_idle(bound, cell)),
        settled=_untold(cell, hidden) if hidden else _settled(cell, judged=info.judged),
    )


def supplier(intake: Intake, indicator: str) -> str:
    """The office whose rows the indicator's achievements, incidents and ratings are; else the one that collects."""
    assert intake.scheme
    assert intake.policies
    context = Context(intake.year, intake.scheme, intake.policies, Log(), set())
    return intake.scheme.indicators[indicator].office or context.office


def _offices(evidence: list[Evidence], supplier: str) -> tuple[str, ...]:
    """Every office that supplied a row, in their order; the indicator's own where none is there."""
    return tuple(dict.fromkeys(row.office for row in evidence if row.office)) or (supplier,)


def _settled(cell: ScoreCell, *, judged: bool) -> str:
    """Why no way to more points is computed."""
    if cell.points is None or cell.max_points is None:
        return "本项不适用于本单位"
    if cell.points >= cell.max_points:
        return "已得满分"
    if cell.status == "missing":
        return "数据尚未上报，报齐后再作推算"
    return JUDGED if judged else ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}……（全文见 kaohe explain）"


def _told(book: ScoreBook, unit: str, indicator: str) -> PublicItem | None:
    """What its public page says of the indicator instead of points; None where it says the points."""
    if not book.cell(unit, indicator).applicable:
        return None
    item = public_item(book, unit, indicator)
    return item if item.points is None else None


def _untold(cell: ScoreCell, hidden: str) -> str:
    """Why no way to more points is computed where the points are not told."""
    if hidden == WITHHELD:
        return "不公开得分，不作推算"
    return "数据尚未上报，报齐后再作推算" if cell.status == "missing" else JUDGED


def _result(cell: ScoreCell) -> str:
    if cell.points is None or cell.max_points is None:
        return STATUS_NAMES[cell.status]
    status = "" if cell.status == "scored" else f"（{STATUS_NAMES[cell.status]}）"
    return f"{points(cell.points)}，满分 {number(cell.max_points)}{status}"


def _sums(cell: ScoreCell) -> str:
    if not (cell.deducted or cell.capped):
        return ""
    parts = f"得 {number(cell.raw or 0)} − 扣 {number(cell.deducted or 0)} − 超限 {number(cell.capped or 0)}"
    return f"{parts} = {points(cell.points or 0)}"


def _evidence(intake: Intake, unit: str, indicator: str, *, internal: bool) -> Iterator[Evidence]:
    """The unit's rows that the indicator rests on, in the order of the tables."""
    scheme, data = intake.scheme, intake.data
    assert scheme
    assert data
    who = data.unit(unit)
    if who is None:
        return
    needed = needed_metrics(scheme.indicators[indicator], who.category)
    names, supplies = Names(scheme), supplier(intake, indicator)
    figures = rows_of(data, "metrics", unit)
    for name in dict.fromkeys((*needed, *_beside(scheme.indicators[indicator]))):
        about, mine = term(scheme.terms, name), [row for row in figures if row.values["metric"] == name]
        for row in mine:
            held = row.item
            said = "，".join(filter(None, [held.source or "", held.note or "", "有争议" if held.disputed else ""]))
            value, office = quantity(held.value, about), _handed_in_by(scheme, name, held)
            yield Evidence(about.name + when_of(row, names), value, said, row.place, office)
        if not mine and name in needed:
            yield Evidence(about.name, "未上报", "", "", scheme.metrics[name].office)
    for item in rows_about(data, unit):
        if item.values["indicator"] == indicator:
            yield replace(_listed(item, names), office=supplies)
    yield from (replace(row, office=supplies) for row in _ratings(intake, unit, indicator, internal=internal))
    if (unit, indicator) in data.exemptions:
        yield Evidence(TABLES["exemptions"].chinese, "不适用", data.exemptions[unit, indicator] or "", "")


def _beside(indicator: Item) -> Iterator[str]:
    """Figures that stand beside a rating without being needed for the points."""
    yield from indicator.evidence
    yield from (check.metric for check in indicator.checks)


def _handed_in_by(scheme: Scheme, metric: str, row: MetricRow) -> str:
    """The office that the figure's source names, where that is one; else the one the catalogue asks."""
    known = {each.office for each in scheme.metrics.values()}
    return row.source if row.source in known and row.source is not None else scheme.metrics[metric].office


def _listed(row: Row, names: Names) -> Evidence:
    """A row about an indicator in a line."""
    columns = row.table.column
    texts = {
        name: cell_text(column, row.values[name], row.table, names)
        for name, column in columns.items()
        if name not in ("unit_id", "indicator")
    }
    first = texts.pop("title", "") or texts.pop("date", "")
    more = "，".join(f"{columns[name].header} {text}" for name, text in texts.items() if text)
    return Evidence(row.table.chinese, first, more, row.place)


def _ratings(intake: Intake, unit: str, indicator: str, *, internal: bool) -> Iterator[Evidence]:
    """Towards the unit only that it was rated."""
    assert intake.data
    rated = intake.data.ratings.get((unit, indicator), ())
    if rated and not internal:
        yield Evidence(TABLES["ratings"].chinese, "已评", "评分人数和单个评分人的分值不公开", "")
    for row in rated if internal else ():
        yield Evidence(f"评分人 {row.rater}", decimal_text(row.points), row.note or "", row.place)


def _idle(bound: BoundYear, cell: ScoreCell) -> tuple[str, ...]:
    """Which of its inputs would change nothing."""
    found = next_steps(bound, cell.unit, cell.indicator) if cell.ahead else None
    return says_idle(found, bound.scheme) if found else ()


def _pool(book: ScoreBook, bound: BoundYear, unit: str, indicator: str) -> str:
    """Whom the unit is scored with."""
    for pool in bound.pools:
        members = [bound.units[place].unit_id for place in pool.members]
        if pool.name == indicator and unit in members:
            if not read_as(pool.rule, bound.policies.as_text()).compares():
                return "只看本单位，不与其他单位比较"
            listed = [book.unit(each).name for each in members[:MOST_UNITS]]
            more = " 等" if len(members) > MOST_UNITS else ""
            return f"{len(members)} 个单位一起计分：{'、'.join(listed)}{more}" if len(members) > 1 else "只有本单位"
    return "不参加计分"


def _policies(book: ScoreBook, cell: ScoreCell) -> Iterator[str]:
    by_name = {policy.name: policy for policy in book.policies}
    for policy in (by_name[name] for name in cell.policies):
        decided = f"；{policy.decided_on} 决定：{policy.reason}" if policy.origin == "year" else ""
        yield f"{policy.id} {policy.question}：{policy.says}（{policy.clause}{decided}）"
