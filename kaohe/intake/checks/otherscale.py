"""Asks about raters, leaders and units whose marks lie on another scale; what is then left out of other comparisons."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

from kaohe.intake.checks.desk import Desk, Kept
from kaohe.intake.checks.scales import Mark, Misfit, cells_of, misfits
from kaohe.intake.data import Key
from kaohe.intake.rows import Record
from kaohe.rules.wording import number as say
from kaohe.rules.wording import percent

SELF = "自评"
"""Stands for a rater where a unit gives marks to itself."""

MOST_NAMED = 4
"""Units and items that a finding lists."""


def tell_scales(kept: Kept, highest: Mapping[Key, Fraction], desk: Desk) -> set[tuple[str, Key]]:
    """Tells, and returns rater and cell of what seems to be on another scale; `highest` as of every rated cell."""
    marks = [
        _mark(record["rater"], key, record, "points", full, desk)
        for key, full in highest.items()
        for record in kept.ratings[key]
    ]
    own = [
        _mark(SELF, key, record, "points", highest[key], desk)
        for key, record in kept.self_scores.items()
        if key in highest
    ]
    by_unit = misfits(marks, _unit_and_scale)
    known = cells_of(by_unit)
    by_item = misfits((mark for mark in marks if (mark.rater, mark.key) not in known), lambda mark: mark.key[1])
    beside_own = [*marks, *own] if own else []
    of_self = [each for each in misfits(beside_own, _unit_and_scale) if each.rater == SELF]
    for each in (*by_unit, *by_item):
        _tell(f"评分人 {each.rater} 给", each, "points", desk)
    for each in of_self:
        _tell("自评", each, "points", desk)
    _tell_leaders(kept, desk)
    return cells_of([*by_unit, *by_item, *of_self])


def _unit_and_scale(mark: Mark) -> Hashable:
    """Marks of a unit that should be on one scale; those out of 10 may be right beside those out of 100."""
    return mark.key[0], mark.highest


def _tell_leaders(kept: Kept, desk: Desk) -> None:
    marks = [
        _mark(record["leader"], (unit, ""), record, "score", Fraction(100), desk)
        for unit, records in kept.leader_ratings.items()
        for record in records
    ]
    for each in misfits(marks, lambda mark: ""):
        _tell(f"校领导 {each.rater} 给", each, "score", desk)


def _mark(rater: str, key: Key, record: Record, column: str, highest: Fraction, desk: Desk) -> Mark:
    full = desk.scheme.indicators[key[1]].full if key[1] else highest
    return Mark(rater, key, float(record[column]), float(highest), float(full), record)


def _tell(who: str, found: Misfit, column: str, desk: Desk) -> None:
    """One finding, at the first of the marks."""
    first = found.marks[0]
    units = list(dict.fromkeys(mark.key[0] for mark in found.marks))
    items = list(dict.fromkeys(mark.key[1] for mark in found.marks if mark.key[1]))
    asked = f"0～{say(Fraction(first.highest))}"
    beside = f"{'同一人的其他评分' if found.own else '其他评分人'}约为满分的 {percent(Fraction(found.beside), 0)}"
    message = (
        f"{who} {_listed([f'{unit} {desk.units[unit].name}' for unit in units], '个单位')}的 {len(found.marks)} 个分数"
        f"{_about(items)}像是按{found.scale.name}打的，而这里要的是 {asked}：照现在的读法只有满分的 "
        f"{percent(Fraction(found.share), 0)}，按那个尺度约为 {percent(Fraction(found.implied), 0)}，{beside}"
    )
    meant = Fraction(first.points / found.scale.top(first) * first.highest).limit_denominator(1000)
    desk.log.warning(
        "other-scale",
        message,
        first.record.spot(column),
        expected=f"{asked} 的分，是否指 {say(meant, 1)}？确实如此的不必改",
        unit=units[0] if len(units) == 1 else "",
        indicator=items[0] if len(items) == 1 else "",
        office=desk.office,
    )


def _about(items: Sequence[str]) -> str:
    return f"（{_listed(items, '项')}）" if items else ""


def _listed(names: Sequence[str], what: str) -> str:
    """`C01、C02`; of many the first, and how many there are."""
    more = f" 等 {len(names)} {what}" if len(names) > MOST_NAMED else ""
    return f"{'、'.join(names[:MOST_NAMED])}{more}"
