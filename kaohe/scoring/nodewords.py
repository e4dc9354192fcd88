"""How an item came about from its children, in sentences with their names and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from kaohe.rules import Sentence
from kaohe.rules.after import say_step
from kaohe.rules.numbers import at
from kaohe.rules.wording import number
from kaohe.scheme.tree import Node
from kaohe.scoring.evaluation import INSTEAD, Evaluation

MOST_SAID = 12
"""More children than that are not listed in one sentence."""

COMBINED = {
    "mean": "的平均",
    "geometric_mean": "的几何平均",
    "product": "相乘",
    "best": "中最高的",
    "worst": "中最低的",
}


def says_node(evaluation: Evaluation, node: Node, place: int) -> Iterator[Sentence]:
    """`总分：教学 43.2 + 科研 80 = 123.2`, then what follows after it, one sentence a step."""
    tree, values = evaluation.bound.scheme.tree, evaluation.node(node.id)
    children = [
        (tree[name], evaluation.node(name))
        for name in node.children
        if tree[name].item.counts and evaluation.node(name).present[place]
    ]
    lacking = [child.item.name for child, about in children if not about.known[place] and child.missing != "leave_out"]
    if lacking or not bool(values.known[place]):
        why = f"缺少 {'、'.join(lacking)}，" if lacking else "有数的项不够，"
        yield Sentence(f"{why}{node.item.name}{INSTEAD[node.missing or 'above']}")
        return
    raw = at(values.raw, place)
    said = [_weighted(child, at(about.points, place)) for child, about in children if about.known[place]]
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


def _weighted(child: Node, points: Fraction) -> str:
    weight = f" × {number(child.weight)}" if isinstance(child.weight, Fraction) else ""
    return f"{child.item.name} {number(points)}{weight}"


def _joined(node: Node, said: list[str]) -> str:
    if node.item.combine == "sum":
        return " + ".join(said)
    return "、".join(said) + f" {COMBINED[node.item.combine]}"
