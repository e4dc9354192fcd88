"""The readings nobody has decided yet, and what deciding them otherwise would change, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kaohe.charts.amounts import gain
from kaohe.charts.html import Html, paragraph
from kaohe.charts.notation import percent
from kaohe.scoring.book import OptionEffect, PolicyEffect, PolicyInForce, ScoreBook, Shift, UnitResult
from kaohe.scoring.marks import PENDING

MOST_NAMED = 3

Undecided = list[tuple[PolicyInForce, PolicyEffect]]


def undecided(book: ScoreBook) -> Undecided:
    """Readings in force by default alone, with their effects; empty where effects were not looked at."""
    effects = {effect.policy: effect for effect in book.effects or ()}
    return [
        (policy, effects[policy.name])
        for policy in book.policies
        if policy.origin == "default" and policy.name in effects
    ]


def grades_change(book: ScoreBook) -> Undecided:
    """Undecided readings another choice of which would change a grade; most units first.

    Where only units that wait for the leading group's word anyway would change, that decision is listed already.
    """
    return _most_first([(policy, effect) for policy, effect in undecided(book) if _regrades(book, effect)])


def ranks_change(book: ScoreBook) -> Undecided:
    """Undecided readings that would change ranks but no grade; most units first."""
    found = [(policy, effect) for policy, effect in undecided(book) if not _regrades(book, effect) and _reranks(effect)]
    return _most_first(found)


def _most_first(found: Undecided) -> Undecided:
    return sorted(found, key=lambda each: -len({shift.unit for shift in _shifts(each[1])}))


def _shifts(effect: PolicyEffect) -> Iterable[Shift]:
    return (shift for option in effect.options for shift in option.moved)


def _regrades(book: ScoreBook, effect: PolicyEffect) -> bool:
    return any(
        shift.grade != shift.grade_then and (shift.grade != PENDING or book.unit(shift.unit).ruling is not None)
        for shift in _shifts(effect)
    )


def _reranks(effect: PolicyEffect) -> bool:
    return any(shift.rank != shift.rank_then for shift in _shifts(effect))


def who_changes(book: ScoreBook, effect: PolicyEffect) -> list[UnitResult]:
    """Units whose grade some other reading changes; where none does, those whose rank it changes."""
    shifts = list(_shifts(effect))
    regraded = {shift.unit for shift in shifts if shift.grade != shift.grade_then}
    moved = regraded or {shift.unit for shift in shifts}
    return [unit for unit in book.units if unit.unit_id in moved]


def regraded(book: ScoreBook, effect: PolicyEffect) -> tuple[str, ...]:
    """`甲变好` of every grade that another reading gives (by the points alone, where a decision stands over it), by the
    units' order; empty where none changes a grade."""
    shifts = [shift for shift in _shifts(effect) if shift.grade != shift.grade_then]
    made = {
        unit.unit_id: dict.fromkeys(each.grade_then for each in shifts if each.unit == unit.unit_id)
        for unit in book.units
    }
    return tuple(
        f"{book.unit(unit).name}{'按得分' if book.unit(unit).ruling else ''}变{'或'.join(grades)}"
        for unit, grades in made.items()
        if grades
    )


def what_changes(book: ScoreBook, effect: PolicyEffect) -> str:
    """Every other reading that changes a grade or a rank, and what it changes."""
    moving = [option for option in effect.options if option.moved]
    return "".join(f"若按“{option.says}”：{option_changes(book, option)}。" for option in moving)


def option_changes(book: ScoreBook, option: OptionEffect) -> str:
    """Grades that change with names, then ranks, then how far totals go."""
    if option.refused:
        return option.refused
    graded = [shift for shift in option.moved if shift.grade != shift.grade_then]
    ranked = sorted(
        (shift for shift in option.moved if shift.grade == shift.grade_then),
        key=lambda shift: (-abs(shift.rank - shift.rank_then), shift.rank),
    )
    parts = [regraded_says(book, shift.unit, [shift]) for shift in graded]
    parts += [f"{_name(book, shift)}由第 {shift.rank} 名变为第 {shift.rank_then} 名" for shift in ranked[:MOST_NAMED]]
    if len(ranked) > MOST_NAMED:
        parts[-1] += f" 等 {len(ranked)} 个单位名次变动"
    if option.largest:
        parts.append(f"总分最多变 {gain(book, option.largest)} 分（{book.unit(option.at).name}）")
    return "；".join(parts) or "没有变化"


def regraded_says(book: ScoreBook, unit_id: str, shifts: Sequence[Shift]) -> str:
    """`甲由好变为差`, `或` between what several readings make of it: the grade that the points give, and the decision
    that stands over it where there is one."""
    unit, grades = book.unit(unit_id), "或".join(dict.fromkeys(shift.grade_then for shift in shifts))
    if unit.ruling is None:
        return f"{unit.name}由{shifts[0].grade}变为{grades}"
    return f"{unit.name}审议前由{shifts[0].grade}变为{grades}（审议已定为{unit.grade}，须重新核对）"


def _name(book: ScoreBook, shift: Shift) -> str:
    return book.unit(shift.unit).name


def unmoved_note(book: ScoreBook) -> Html:
    """Undecided readings that change no grade and no rank, counted in one sentence; the fail line's room."""
    if book.effects is None:
        return Html("")
    found = [effect for _, effect in undecided(book) if not _regrades(book, effect) and not _reranks(effect)]
    lines = [fail_line_room(book, effect) for effect in found if effect.steady_to is not None]
    still = [effect for effect in found if effect.options]
    said = [f"办法还有 {len(still)} 处未明，换哪一种读法都不改变名次和等次。"] if still else []
    return paragraph("".join([*said, *lines])) if said or lines else Html("")


def fail_line_room(book: ScoreBook, effect: PolicyEffect) -> str:
    """How far the fail line could be moved without a change."""
    above = f"高于 {percent(effect.steady_above, 2)}、" if effect.steady_above else ""
    assert effect.steady_to is not None
    return f"{book.fail}线定在{above}不高于 {percent(effect.steady_to, 2)} 时，哪些单位{book.fail}都和现在一样。"
