"""An item of the tree as it is found: for every unit of the year at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kaohe.rules import Outcome
from kaohe.rules.numbers import Array


@dataclass(frozen=True)
class NodeValues:
    """An item of the tree for every unit of the year: arrays (..., units), 0 where it does not apply.

    `raw` is before what follows after it; `steps` the figure after each such step, `parts` the outcomes of the steps'
    own figures; `known` whether it could be found; `members` what it was each month or term, of an item that is scored
    once a member of a dimension.
    """

    raw: Array
    points: Array
    full: Array
    attainable: Array
    present: Array
    known: Array
    steps: tuple[Array, ...] = ()
    parts: tuple[Outcome, ...] = ()
    members: Mapping[str, NodeValues] = field(default_factory=dict)
