"""How an item came about from its children, in sentences with their names and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.rules import Sentence
from kaohe.rules.after import say_step, term_of
from kaohe.rules.folding import may_lack, says_fold, says_lacked
from kaohe.rules.numbers import at
from kaohe.rules.wording import number
from kaohe.scheme.tree import Node
from kaohe.scoring.evaluation import Evaluation
from kaohe.scoring.inputs import PoolInputs
from kaohe.scoring.lacking import missing_said
from kaohe.scoring.missing import INSTEAD

MOST_SAID = 12
"""More children than that are not listed in one sentence."""

COMBINED = {
    "mean": "的平均",
    "geometric_mean": "的几何平均",
    "product": "相乘",
    "best": "中最高的",
    "worst": "中最低的",
    "median": "的中位数",
    "first": "中第一个有数的",
}


def says_node(evaluation: Evaluation, node: Node, place: int) -> Iterator[Sentence]:
    """`总分：教学 43.2 + 科研 80 = 123.2`, then what follows after it, one sentence a step."""
    tree, values = evaluation.bound.scheme.tree, evaluation.node(node.id)
    children = [
        (tree[name], evaluation.node(name))
        for name in node.children
        if tree[name].item.counts and evaluation.node(name).present[place]
    ]
    bound = evaluation.bound
    beside = bound.missing.get((bound.units[place].unit_id, node.id), ())
    named = ""
    if beside:
        named = "、".join(dict.fromkeys(missing_said(bound.scheme, each) for each in beside))
        if bool(values.known[place]):
            yield Sentence(f"缺少{named}，暂按 0 计")
    lacking = [child.item.name for child, about in children if not about.known[place] and child.missing != "leave_out"]
    if lacking or not bool(values.known[place]):
        listed = "、".join(each for each in (named, *lacking) if each)
        why = f"缺少 {listed}，" if listed else "有数的项不够，"
        yield Sentence(f"{why}{node.item.name}{INSTEAD[node.missing or 'above']}")
        return
    raw = at(values.raw, place)
    if values.members:
        yield _by_member(evaluation, node, place)
        if node.within is not None:
            return
        children = []
    inputs = evaluation.everybody(node.item)
    said = [_weighted(child, at(about.points, place), inputs, place) for child, about in children if about.known[place]]
    if 1 < len(said) <= MOST_SAID:
        yield Sentence(f"{node.item.name}：{_joined(node, said)} = {number(raw)}")
    before: Any = raw
    parts = list(values.parts)
    for step, after in zip(node.item.then, values.steps, strict=True):
        figures = step.figures()
        mine, parts = parts[: len(figures)], parts[len(figures) :]
        now = at(after, place)
        traces = [outcome.trace(figure, place) for outcome, figure in zip(mine, figures, strict=True)]
        text = say_step(step, before, now, traces, evaluation.bound.scheme.terms)
        if text:
            yield Sentence(text)
        before = now


def _by_member(evaluation: Evaluation, node: Node, place: int) -> Sentence:
    """`月评：1 月 57、2 月 60；平均 58.5`."""
    scheme, values = evaluation.bound.scheme, evaluation.node(node.id)
    over = scheme.tree.over(node.id)
    assert over is not None
    each = "、".join(
        f"{term_of(scheme.terms, over.each or '', name)} "
        + (number(at(found.points, place)) if found.known[place] or not may_lack(over.fold) else says_lacked(over.fold))
        for name, found in values.members.items()
    )
    folded = values.points if node.within is not None else values.raw
    return Sentence(f"{node.item.name}：{each}；{says_fold(over.fold)} {number(at(folded, place))}")


def _weighted(child: Node, points: Fraction, inputs: PoolInputs, place: int) -> str:
    weight: Any = child.weight
    if weight is None:
        return f"{child.item.name} {number(points)}"
    if not isinstance(weight, Fraction):
        weight = at(np.asarray(weight.of_units(inputs)), place)
    return f"{child.item.name} {number(points)} × {number(weight)}"


def _joined(node: Node, said: list[str]) -> str:
    if node.item.combine == "sum":
        return " + ".join(said)
    return "、".join(said) + f" {COMBINED[node.item.combine]}"
