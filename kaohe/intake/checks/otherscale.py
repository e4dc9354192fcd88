"""Asks about raters, voters and units whose marks lie on another scale; what is then left out of other comparisons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction

from kaohe.intake.checks.context import Context, Kept
from kaohe.intake.checks.scales import SCALES, Mark, Misfit, cells_of, misfits, slips, together
from kaohe.intake.checks.votes import highest_mark
from kaohe.intake.tables.data import Key
from kaohe.rules.wording import number as say
from kaohe.rules.wording import percent

SELF = "自评"
"""Stands for a rater where a unit gives marks to itself."""

MOST_NAMED = 4
"""Units and items that a finding lists."""


def tell_scales(kept: Kept, highest: Mapping[Key, Fraction], context: Context) -> set[tuple[str, Key]]:
    """Tells, and returns rater and cell of what seems to be on another scale; `highest` as of every rated cell."""
    scale_of = {key: _scale(key, most, context) for key, most in highest.items()}
    marks = [
        Mark(record["rater"], key, float(record["points"]), *scale, record)
        for key, scale in scale_of.items()
        for record in kept.ratings[key]
    ]
    own = [
        Mark(SELF, key, float(record["points"]), *scale_of[key], record)
        for key, record in kept.self_scores.items()
        if key in scale_of
    ]
    of_unit = _of_a_unit(context)
    of_raters = _one_after_another(marks, [*of_unit, lambda mark: mark.key[1]])
    of_self = [each for each in _one_after_another([*marks, *own], of_unit) if each.rater == SELF] if own else []
    for each in of_raters:
        _tell(f"评分人 {each.rater} 给", each, "points", context)
    for each in of_self:
        _tell("自评", each, "points", context)
    _tell_voters(kept, context)
    explained = cells_of([*of_raters, *of_self])
    _tell_slips("评分人", slips(marks, explained), "points", context)
    return explained


def _of_a_unit(context: Context) -> list[Callable[[Mark], Hashable]]:
    """Marks of a unit that should be on one scale: all out of their items' points, by their shares; else by heading.

    Those out of 10 may be right beside those out of 100: the highest mark alone is looked at last.
    """

    def section(mark: Mark) -> str:
        found = context.scheme.section_of.get(mark.key[1])
        return found.id if found else ""

    return [
        lambda mark: (mark.key[0], mark.highest == mark.full or mark.highest),
        lambda mark: (mark.key[0], mark.highest == mark.full or mark.highest, section(mark)),
        lambda mark: (mark.key[0], mark.highest),
    ]


def _one_after_another(marks: Sequence[Mark], groupings: Iterable[Callable[[Mark], Hashable]]) -> list[Misfit]:
    """By each grouping in turn, without the marks that an earlier one has explained."""
    found: list[Misfit] = []
    for by in groupings:
        known = cells_of(found)
        found += misfits(marks, by, known)
    return together(found)


def _tell_voters(kept: Kept, context: Context) -> None:
    by_vote: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for unit, records in kept.marks.items():
        for record in records:
            highest = highest_mark(context.scheme.votes[record["vote"]])
            scale = _scale((unit, ""), highest, context)
            mark = Mark(record["leader"], (unit, ""), float(record["score"]), *scale, record)
            by_vote[record["vote"], record["facet"]].append(mark)
    for (vote, _), marks in by_vote.items():
        who, misfitting = context.scheme.votes[vote].voter, misfits(marks, lambda mark: "")
        for each in misfitting:
            _tell(f"{who} {each.rater} 给", each, "score", context)
        _tell_slips(who, slips(marks, cells_of(misfitting)), "score", context)


def _tell_slips(who: str, found: Iterable[tuple[Mark, float]], column: str, context: Context) -> None:
    for mark, others in found:
        message = (
            f"{who} {mark.rater} 只给了满分的 {percent(Fraction(mark.share), 0)}，其他人一般给 "
            f"{percent(Fraction(others), 0)}，本人给其他的也都在一半以上：是否少写了一位？"
        )
        expected = f"是否指 {say(Fraction(mark.record[column]) * 10)}？确实如此的不必改"
        about = {"unit": mark.key[0], "indicator": mark.key[1], "office": context.office}
        context.log.warning("mark-slip", message, mark.record.spot(column), expected=expected, **about)


def _scale(key: Key, highest: Fraction, context: Context) -> tuple[float, float]:
    """The highest mark that can be given, and the points it is worth."""
    full = context.scheme.indicators[key[1]].printed_full if key[1] else highest
    return float(highest), float(full)


def _tell(who: str, found: Misfit, column: str, context: Context) -> None:
    """One finding, at the first of the marks."""
    first = found.marks[0]
    units = list(dict.fromkeys(mark.key[0] for mark in found.marks))
    items = list(dict.fromkeys(mark.key[1] for mark in found.marks if mark.key[1]))
    highest = [Fraction(each) for each in sorted({mark.highest for mark in found.marks})]
    asked = (
        f"0～{say(highest[0])}" if len(highest) == 1 else f"各项的分值（0～{say(highest[0])} 至 0～{say(highest[-1])}）"
    )
    beside = f"{'同一人的其他评分' if found.own else '其他评分人'}约为满分的 {percent(Fraction(found.beside), 0)}"
    named = _listed([f"{unit} {context.units[unit].name}" for unit in units], "个单位")
    message = f"{who} {named}的 {len(found.marks)} 个分数{_about(items)}{_why(found, asked, beside)}"
    context.log.warning(
        "other-scale",
        message,
        first.record.spot(column),
        expected=f"{asked} 的分，{_meant(found)}？确实如此的不必改",
        unit=units[0] if len(units) == 1 else "",
        indicator=items[0] if len(items) == 1 else "",
        office=context.office,
    )


def _why(found: Misfit, asked: str, beside: str) -> str:
    share = percent(Fraction(found.share), 0)
    if found.scale is None:
        known = "、".join(each.name for each in SCALES)
        return (
            f"全都远低于同样几项的其他评分，也不像按{known}打的：这里要的是 {asked}，这些分只有满分的 {share}，{beside}"
        )
    implied = percent(Fraction(found.implied), 0)
    return (
        f"像是按{found.scale.name}打的，而这里要的是 {asked}：照现在的读法只有满分的 {share}，"
        f"按那个尺度约为 {implied}，{beside}"
    )


def _meant(found: Misfit) -> str:
    """The first mark as it may have been meant; on an unknown scale that has to be said."""
    if found.scale is None:
        return "请问清是按什么尺度（满分多少）打的"
    first = found.marks[0]
    meant = Fraction(first.points / found.scale.top(first) * first.highest).limit_denominator(1000)
    return f"是否指 {say(meant, 1)}"


def _about(items: Sequence[str]) -> str:
    return f"（{_listed(items, '项')}）" if items else ""


def _listed(names: Sequence[str], what: str) -> str:
    """`C01、C02`; of many the first, and how many there are."""
    more = f" 等 {len(names)} {what}" if len(names) > MOST_NAMED else ""
    return f"{'、'.join(names[:MOST_NAMED])}{more}"
