"""What counts where an item could not be found for some units: nothing, its full mark, the others' mean."""

from __future__ import annotations

import numpy as np

from kaohe.rules import Numbers
from kaohe.rules.numbers import Array
from kaohe.scheme.tree import Node, Tree, handled

INSTEAD = {
    "refuse": "暂按 0 分计，且不参与全校比较",
    "zero": "按 0 分计",
    "leave_out": "不计入",
    "full": "按满分计",
    "peer_mean": "按其他单位的平均计",
    "unrated": "不评",
    "above": "不评",
}
"""What is done where an item could not be found, in words."""


def resolved(tree: Tree, node: Node) -> str:
    """What follows where a leaf is missing: its own word, `above` where an item above it says it, `refuse` if none."""
    if node.missing is not None and node.missing != "refuse":
        return node.missing
    return "above" if handled(tree, node) else "refuse"


def replaced(
    how: str, points: Array, full: Array, missing: Array, found: Array, numbers: Numbers
) -> tuple[Array, Array]:
    """The points with what counts where they are `missing`, and for whom the item is known then.

    `found`: for whom it was; `how`: see `INSTEAD`.
    """
    if how == "full":
        return numbers.where(missing, full, points), missing | found
    if how == "peer_mean" and found.any():
        mean = np.sum(points[..., found], axis=-1, keepdims=True) / numbers.const(int(found.sum()))
        return numbers.where(missing, mean, points), missing | found
    unknown = how in ("leave_out", "unrated", "above")
    return numbers.where(missing, 0, points), found if unknown else missing | found
