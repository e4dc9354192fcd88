"""Places of values in their pool, and what is said of ties."""

from __future__ import annotations

from kaohe.rules.base import (
    Choice,
    Inputs,
)
from kaohe.rules.numbers import Array, dense_ranks, ranks
from kaohe.rules.outcome import Trace

TIES = {"competition": "", "dense": "并列的合占一个名次"}


def ranked(value: Array, ties: Choice, inputs: Inputs, *, lowest_first: bool = False) -> Array:
    """Each unit's rank in its pool, as ties are read."""
    return inputs.choose(
        ties,
        {
            "competition": lambda: ranks(value, lowest_first=lowest_first),
            "dense": lambda: dense_ranks(value, lowest_first=lowest_first),
        },
    )


def tied(trace: Trace) -> str:
    """How ties are read where that is not 1, 2, 2, 4."""
    how = TIES[trace.quantities.get("ties", "competition")]
    return f"（{how}）" if how else ""
