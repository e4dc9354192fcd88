"""What a rule returns: points, and the named quantities it used to find them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a thawed Trace or ScoreBook needs no NumPy
    from kaohe.rules.numbers import Array


@dataclass(frozen=True)
class Outcome:
    """Points of every unit of a pool (last axis), for every scenario (leading axes).

    `awarded` is what was given before deductions and caps, so that always
    points = awarded − deducted − capped. `quantities` are arrays of the same layout, or
    object vectors (one entry a unit) for evidence such as the achievements counted; what only an
    explanation needs may be a function that returns them.
    """

    awarded: Array
    deducted: Array
    capped: Array
    quantities: Mapping[str, Array | Callable[[], Array]] = field(default_factory=dict)
    parts: tuple[Outcome, ...] = ()

    @staticmethod
    def whole(
        points: Array,
        quantities: Mapping[str, Array | Callable[[], Array]] | None = None,
        parts: tuple[Outcome, ...] = (),
    ) -> Outcome:
        """Points of which nothing was deducted or capped: nothing is made, and subtracted, that would all be 0."""
        return Whole(points, quantities or {}, parts)

    @classmethod
    def alike(
        cls,
        found: Callable[[Callable[[Outcome], Array]], Array],
        of: Sequence[Outcome],
        quantities: Mapping[str, Array | Callable[[], Array]] | None = None,
        parts: tuple[Outcome, ...] | None = None,
    ) -> Outcome:
        """What is awarded, deducted and capped found in the same way of each of several outcomes: chosen, added up.

        Once only where of none of them anything was deducted or capped. `parts`: those to keep, if not these.
        """
        quantities, parts = quantities or {}, tuple(of) if parts is None else parts
        if all(isinstance(each, Whole) for each in of):
            return cls.whole(found(_POINTS), quantities, parts)
        return cls(found(_AWARDED), found(_DEDUCTED), found(_CAPPED), quantities, parts)

    @cached_property
    def points(self) -> Array:
        return self.awarded - self.deducted - self.capped

    @cached_property
    def _found(self) -> Mapping[str, Array]:
        """The quantities as arrays: found once for the whole pool, not again for each unit that is explained."""
        return {name: value() if callable(value) else value for name, value in self.quantities.items()}

    def __getitem__(self, name: str) -> Array:
        """A quantity of every unit, by name."""
        return self._found[name]

    def _printed(self, rule: Any) -> Mapping[str, Any]:
        """The rule's own figures: found once, they are the same for every unit."""
        if "_figures" not in self.__dict__:
            self.__dict__["_figures"] = rule.printed_figures()
        figures: Mapping[str, Any] = self.__dict__["_figures"]
        return figures

    def trace(self, rule: Any, unit: int) -> Trace:
        """One unit's view in a year without scenario axes; `rule` made this outcome."""
        return Trace(
            kind=rule.kind,
            points=_pick(self.points, unit),
            awarded=_pick(self.awarded, unit),
            deducted=_pick(self.deducted, unit),
            capped=_pick(self.capped, unit),
            quantities={name: _pick(value, unit) for name, value in self._found.items()},
            rule=self._printed(rule),
            parts=tuple(part.trace(child, unit) for part, child in zip(self.parts, rule.children(), strict=True)),
        )


_POINTS, _AWARDED, _DEDUCTED, _CAPPED = (attrgetter(name) for name in ("points", "awarded", "deducted", "capped"))


class Whole(Outcome):
    """Points of which nothing was deducted or capped: see `Outcome.whole`."""

    def __init__(
        self, points: Array, quantities: Mapping[str, Array | Callable[[], Array]], parts: tuple[Outcome, ...]
    ) -> None:
        vars(self).update(awarded=points, points=points, quantities=quantities, parts=parts)

    @cached_property
    def deducted(self) -> Array:
        return self.capped

    @cached_property
    def capped(self) -> Array:
        """0 in the layout of the points: one number of their kind, shown everywhere."""
        import numpy as np

        zero = np.array(Fraction(0), dtype=object) if self.points.dtype == object else np.zeros((), self.points.dtype)
        return np.broadcast_to(zero, self.points.shape)


def _pick(values: Array, unit: int) -> Any:
    if getattr(values, "ndim", None) == 1:  # nearly all: asked of every quantity of every cell
        value = values[unit if len(values) > 1 else 0]
        return value if values.dtype.hasobject and not hasattr(value, "dtype") else value.item()
    import numpy as np

    found = np.asarray(values)
    value = found.reshape(-1)[0] if found.size == 1 else found[..., unit].reshape(-1)[0]
    return value.item() if isinstance(value, np.generic) else value


ABSENT = "absent"
"""The kind of a trace of nothing: the unit had no figure there."""


@dataclass(frozen=True)
class Trace:
    """One unit's figures under one rule, with those of the rules it is made of.

    `rule` holds the regulation's own figures (thresholds, points); `quantities` the unit's.
    """

    kind: str
    points: Any
    awarded: Any
    deducted: Any
    capped: Any
    quantities: Mapping[str, Any]
    rule: Mapping[str, Any]
    parts: tuple[Trace, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.quantities[name]

    @property
    def confidential(self) -> bool:
        """Whether a sentence with its figures would give away what somebody judged or voted."""
        return any(each.kind in ("judged", "vote") for each in self.walk())

    def walk(self) -> Iterator[Trace]:
        """This trace and all below it, depth first."""
        yield self
        for part in self.parts:
            yield from part.walk()
