"""The nearest way up in words: one short sentence a step, from what to what, what it gives, by which band or rank."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.intake.tables.names import Names
from kaohe.rules.wording import Term, number, points, quantity, term
from kaohe.scheme import Scheme
from kaohe.scoring.levers import AmountLever, IncidentsLever, Lever, MetricLever, ProjectsLever, RowsLever
from kaohe.scoring.nextstep import Move, NextSteps, Step

MOST_KINDS = 3
"""Kinds of achievement of one weight that are named."""
MONEY = Term("", "元")


def says_next(found: NextSteps, scheme: Scheme) -> tuple[str, ...]:
    """The sentences, the nearest step first; empty where the full mark is reached or only people decide.

    Of further achievements only the nearest is said, of amounts too: the others are of the same kind.
    """
    if found.why == "limit" and found.limit is not None:
        return (f"已到上限 {points(found.limit)}，再多不计",)
    if found.why == "out of reach":
        together = f"，或至多 {found.together} 项一起" if found.together > 1 else ""
        return (f"本单位的任何一项数据{together}，在可填的范围内怎样变动，都不能再得分",)
    return tuple(_says(step, scheme) for step in _nearest(found))


def says_idle(found: NextSteps, scheme: Scheme) -> tuple[str, ...]:
    """The inputs that give nothing more by themselves, for whoever asks about one of them; beside steps only."""
    idle = "、".join(dict.fromkeys(_about(lever, scheme) for lever in found.idle))
    return (f"单是{idle}再变，不加分",) if found.steps and idle else ()


def _about(lever: Lever, scheme: Scheme) -> str:
    if isinstance(lever, MetricLever):
        return term(scheme.terms, lever.metric).name
    if isinstance(lever, RowsLever):
        return "成果的权重分"
    if isinstance(lever, AmountLever):
        return "已报项目的金额"
    return "扣分事件" if isinstance(lever, IncidentsLever) else "达到数额的项目"


def _nearest(found: NextSteps) -> Iterator[Step]:
    seen: set[tuple[type[Lever], ...]] = set()
    for step in found.steps:
        kinds = tuple(type(move.lever) for move in step.moves)
        if set(kinds) & {RowsLever, AmountLever} and kinds in seen:
            continue
        seen.add(kinds)
        yield step


def _says(step: Step, scheme: Scheme) -> str:
    moves = "，".join(says_move(move, scheme) for move in step.moves)
    before, after = number(step.before, apart_from=[step.after]), number(step.after, apart_from=[step.before])
    together = "同时 " if len(step.moves) > 1 else ""
    why = "；".join(step.rule.won(step.then, step.now, scheme.terms))
    return f"{together}{moves}：{before} 分 → {after} 分" + (f"（{why}）" if why else "")


def says_move(move: Move, scheme: Scheme) -> str:
    """One input, from what to what."""
    lever = move.lever
    if isinstance(lever, MetricLever):
        about = term(scheme.terms, lever.metric)
        start = quantity(move.start, about, apart_from=[move.to])
        to = quantity(move.to, about, apart_from=[move.start])
        if lever.yardstick:
            return f"{about.name}若为 {to}（现 {start}）"
        return f"{about.name}由 {start}{'增' if lever.up else '减'}到 {to}"
    if isinstance(lever, RowsLever):
        return f"再有 {move.turn} 项权重 {number(lever.weight)} 的成果（{_kinds(lever, scheme)}）"
    if isinstance(lever, ProjectsLever):
        needed = "或".join(f"{term(scheme.terms, kind).name} {quantity(least, MONEY)}" for kind, least in lever.kinds)
        return f"再有 {move.turn} 个达到数额的项目（{needed}）"
    if isinstance(lever, AmountLever):
        assert lever.row
        return f"《{lever.row.title}》的金额由 {quantity(move.start, MONEY)}增到 {quantity(move.to, MONEY)}"
    assert isinstance(lever, IncidentsLever)
    return f"扣分事件由 {number(move.start)} 起减到 {number(move.to)} 起"


def _kinds(lever: RowsLever, scheme: Scheme) -> str:
    names = Names(scheme)
    levels, awards = names.chinese(("achievements", "level")), names.chinese(("achievements", "award"))
    said = [
        levels.get(level or "", level or "") + term(scheme.terms, kind).name + awards.get(award or "", award or "")
        for kind, level, award in lever.kinds[:MOST_KINDS]
    ]
    return "、".join(said) + ("等" if len(lever.kinds) > MOST_KINDS else "")
