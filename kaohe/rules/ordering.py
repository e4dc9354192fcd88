"""Who stands in front of whom: by one figure, and where units are alike in it, by others in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules.base import AnyFigure, Strict
from kaohe.rules.numbers import Array, dense_ranks
from kaohe.rules.wording import Terms

Order = Literal["descending", "ascending"]
ORDER = {"descending": "高者在前", "ascending": "低者在前"}


class TieBreak(Strict):
    """What decides between units that are alike so far: a figure, the higher in front unless said otherwise."""

    of: AnyFigure
    order: Order = "descending"

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and "kind" not in value and "of" in value:
            return value
        return value if isinstance(value, TieBreak) else {"of": value}

    def called(self, terms: Terms) -> str:
        name = self.of.unit(terms).name or self.of.called(terms)
        return f"{name}（{ORDER[self.order]}）" if self.order == "ascending" else name


class Ordered(Strict):
    """An order of units: `order` by the figure itself, `then_by` in turn where they are alike in it."""

    order: Order = "descending"
    then_by: tuple[TieBreak, ...] = Field(default=())

    def ties_broken(self, terms: Terms) -> str:
        """`，相同的依次看完成分、难度分`; empty where nothing is said."""
        said = "、".join(each.called(terms) for each in self.then_by)
        return f"，相同的{'依次' if len(self.then_by) > 1 else ''}看{said}" if said else ""

    def from_front(self, value: Array, breaks: Sequence[Array]) -> Array:
        """A whole number a unit along the last axis: the lower, the further in front; alike where alike in everything.

        `breaks`: what the figures of `then_by` are, in turn.
        """
        key = dense_ranks(value, lowest_first=self.order == "ascending")
        for figure, tie in zip(breaks, self.then_by, strict=True):
            shape = np.broadcast_shapes(key.shape, np.shape(figure))
            behind = dense_ranks(np.broadcast_to(figure, shape), lowest_first=tie.order == "ascending")
            key = dense_ranks(np.broadcast_to(key, shape) * (shape[-1] + 1) + behind, lowest_first=True)
        return key

    def looked_at(self, value: Array, breaks: Sequence[Array]) -> tuple[Array, bool]:
        """What places are given by, and whether the lowest of it comes first: the figure itself where nothing breaks
        ties, as it need not be compared with those of other pools."""
        return (self.from_front(value, breaks), True) if self.then_by else (value, self.order == "ascending")
