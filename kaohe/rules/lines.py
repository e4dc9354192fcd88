"""Points along a line: between two corners in proportion, perhaps on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from kaohe.rules import enclosed
from kaohe.rules.base import AnyFigure, Figure, Inputs, Strict
from kaohe.rules.bounds import highest, lowest
from kaohe.rules.made import each_of
from kaohe.rules.numbers import Array, Numbers
from kaohe.rules.outcome import Trace
from kaohe.rules.plain import fixed_number
from kaohe.rules.told import Told, together
from kaohe.rules.wording import Terms, number, percent, quantity

Ends = Literal["hold", "extend"]
INSIDE, BELOW, ABOVE, BETWEEN, NOT_POSITIVE = range(5)


class Piece(Strict):
    """One straight piece: `gives` two figures for `from` and `to`."""

    start: AnyFigure = Field(alias="from")
    to: AnyFigure
    gives: tuple[AnyFigure, AnyFigure]


class Beyond(Strict):
    """What counts before the first corner and behind the last: held, drawn further, or a figure of its own."""

    below: Ends | AnyFigure = "hold"
    above: Ends | AnyFigure = "hold"


class Line(Told):
    """A figure between corners `through: [[x, y], …]` (or `pieces`), in proportion between each two.

    Two corners of one x are a jump: at it the later one counts. `scale: log` takes logarithms of the x; what is not
    above 0 there lies before the first corner and is held. Between two pieces that do not touch, the end of the earlier
    one counts.
    """

    kind: Literal["line"] = "line"
    value: AnyFigure
    through: tuple[tuple[AnyFigure, AnyFigure], ...] = ()
    pieces: tuple[Piece, ...] = ()
    scale: Literal["linear", "log"] = "linear"
    beyond: Beyond = Field(default_factory=Beyond)

    @field_validator("beyond", mode="before")
    @classmethod
    def _both(cls, value: Any) -> Any:
        both = isinstance(value, Beyond) or (isinstance(value, dict) and set(value) <= {"below", "above"})
        return value if both else {"below": value, "above": value}

    @model_validator(mode="after")
    def _corners_in_order(self) -> Line:
        if bool(self.through) == bool(self.pieces):
            raise ValueError("应写 through（[[数, 得分], …]）或 pieces（一段一段），二者取一")
        if len(self.corners) < 2:
            raise ValueError("through 至少要有两点")
        xs = [fixed_number(x) for x, _ in self.corners]
        known = [x for x in xs if x is not None]
        if known != sorted(known) and not (len(xs) == 2 and known == sorted(known, reverse=True)):
            raise ValueError("各点的数应从小到大")
        if len(known) == len(xs) and len(set(known)) == 1:
            raise ValueError("各点的数不能都相同")
        if self.scale == "log" and any(x <= 0 for x in known):
            raise ValueError("scale: log 时各点的数应大于 0")
        return self

    @property
    def corners(self) -> tuple[tuple[Figure, Figure], ...]:
        """All corners in order; of pieces, both ends of each."""
        if self.through:
            return self.through
        return tuple(
            corner for piece in self.pieces for corner in ((piece.start, piece.gives[0]), (piece.to, piece.gives[1]))
        )

    @property
    def _ends(self) -> tuple[Figure, ...]:
        return tuple(each for each in (self.beyond.below, self.beyond.above) if not isinstance(each, str))

    def children(self) -> tuple[Figure, ...]:
        return (self.value, *(figure for corner in self.corners for figure in corner), *self._ends)

    def found(self, parts: Sequence[Array], inputs: Inputs) -> tuple[Array, dict[str, Any]]:
        numbers, count = inputs.numbers, len(self.corners)
        laid = together(parts, inputs.size)
        value = laid[0]
        xs, ys = list(laid[1 : 2 * count + 1 : 2]), list(laid[2 : 2 * count + 1 : 2])
        ends = list(laid[2 * count + 1 :])
        if count == 2 and not self._rises:
            back = np.asarray(xs[0] > xs[1], dtype=bool)
            (xs[0], xs[1]), (ys[0], ys[1]) = (
                (numbers.where(back, two[1], two[0]), numbers.where(back, two[0], two[1])) for two in (xs, ys)
            )
        out, x0, y0, x1, y1 = ys[0], xs[0], ys[0], xs[1], ys[1]
        where = np.full(value.shape, BELOW)
        reached = [np.asarray(value >= x, dtype=bool) for x in xs]
        for place in range(count - 1):
            first, last = xs[place], xs[place + 1]
            inside = reached[place]
            gap = bool(self.pieces) and place % 2 == 1
            asked = inside & ~reached[place + 1] if self._plain(numbers) else inside
            here = ys[place] if gap else self._between(value, place, xs, ys, asked, numbers)
            out = numbers.where(inside, here, out)
            where = np.where(inside, BETWEEN if gap else INSIDE, where)
            x0, y0 = numbers.where(inside, first, x0), numbers.where(inside, ys[place], y0)
            x1, y1 = numbers.where(inside, last, x1), numbers.where(inside, ys[place + 1], y1)
        over = reached[-1]
        where = np.where(over, ABOVE, where)
        out = numbers.where(over, ys[-1], out)
        out = self._beyond(out, value, xs, ys, ends, where, numbers)
        if self.scale == "log":
            low = np.asarray(value <= 0, dtype=bool)
            out, where = numbers.where(low, ys[0], out), np.where(low, NOT_POSITIVE, where)
        return out, {"looked": value, "where": where, "x0": x0, "y0": y0, "x1": x1, "y1": y1}

    def _between(
        self, value: Array, place: int, xs: list[Array], ys: list[Array], asked: Array, numbers: Numbers
    ) -> Array:
        """The line through two corners; what is not asked for may be anything."""
        first, last = xs[place], xs[place + 1]
        if self._plain(numbers):
            return self._exactly_between(value, place, ys, asked)
        flat = np.equal(first, last).astype(bool)
        value = numbers.where(asked, value, first)
        if self.scale == "log":
            safe = numbers.where(np.asarray(value > 0, dtype=bool), value, first)
            far = each_of(safe / first, numbers, enclosed.ln, np.log)
            whole = each_of(numbers.where(flat, 2, last / first), numbers, enclosed.ln, np.log)
        else:
            far, whole = value - first, numbers.where(flat, 1, last - first)
        return ys[place] + numbers.where(flat, 1, far / whole) * (ys[place + 1] - ys[place])

    @cached_property
    def _fixed(self) -> tuple[tuple[Fraction | None, Fraction | None], ...]:
        """The corners as far as they are numbers."""
        return tuple((fixed_number(x), fixed_number(y)) for x, y in self.corners)

    @cached_property
    def _fixed_xs(self) -> tuple[Fraction, ...]:
        """The corners' x where all of them are numbers; else none."""
        found = tuple(x for x, _ in self._fixed if x is not None)
        return found if len(found) == len(self.corners) else ()

    @property
    def _rises(self) -> bool:
        """Whether the corners are known to stand in order."""
        return bool(self._fixed_xs) and self._fixed_xs[0] <= self._fixed_xs[-1]

    def _plain(self, numbers: Numbers) -> bool:
        """Whether the line is straight between numbers known beforehand, and exact: doubles keep their own order of
        operations."""
        return numbers.exact and self.scale == "linear" and self._rises

    def _exactly_between(self, value: Array, place: int, ys: list[Array], asked: Array) -> Array:
        """The same in few exact operations, of what is asked for alone."""
        first, last = self._fixed_xs[place : place + 2]
        out = np.array(ys[place])
        if first == last:
            out[asked] = ys[place + 1][asked]
            return out
        low, high = (self._fixed[at][1] for at in (place, place + 1))
        far = value[asked] - first
        if low is not None and high is not None:
            out[asked] = far * ((high - low) / (last - first)) + low
        else:
            out[asked] += far * (1 / (last - first)) * (ys[place + 1] - ys[place])[asked]
        return out

    def _beyond(
        self,
        out: Array,
        value: Array,
        xs: list[Array],
        ys: list[Array],
        ends: list[Array],
        where: Array,
        numbers: Numbers,
    ) -> Array:
        given = iter(ends)
        below, above = (lambda: value < xs[0]), (lambda: value > xs[-1])
        for lies, how, place in ((below, self.beyond.below, 0), (above, self.beyond.above, len(xs) - 2)):
            if how == "hold":
                continue
            outside = np.asarray(lies(), dtype=bool)
            if how == "extend":
                out = numbers.where(outside, self._between(value, place, xs, ys, outside, numbers), out)
            else:
                out = numbers.where(outside, next(given), out)
        return out

    def told(self, said: Sequence[str], trace: Trace, terms: Terms) -> str:
        about, value = self.value.unit(terms), trace["looked"]
        low, high = (quantity(trace[x], about) for x in ("x0", "x1"))
        where = trace["where"]
        if where == NOT_POSITIVE:
            return f"{said[0]}，不大于 0，按最低的一点计"
        below, above = value < trace["x0"], value > trace["x1"]
        if where == BETWEEN:
            return f"{said[0]}，在 {low} 与 {high} 之间，按 {low} 计"
        ended = self.beyond.below if below else self.beyond.above
        if (below or above) and ended != "extend":
            side, end = ("低于", low) if below else ("超过", high)
            return f"{said[0]}，{side} {end}，计"
        if value == trace["x0"] or value == trace["x1"]:
            return f"{said[0]}，正在 {low if value == trace['x0'] else high} 这一点，计"
        y0, y1 = number(trace["y0"]), number(trace["y1"])
        say = percent if about.is_rate and self.scale != "log" else number
        x0, x1 = say(trace["x0"]), say(trace["x1"])
        x = say(value, apart_from=[trace["x0"], trace["x1"]])
        if self.scale == "log":
            share = f"（ln {x} − ln {x0}）÷（ln {x1} − ln {x0}）"
        else:
            share = f"（{x} − {_taken_off(x0)}）÷（{x1} − {_taken_off(x0)}）"
        return f"{said[0]}；{y0} + {share} ×（{y1} − {_taken_off(y0)}）="

    def called(self, terms: Terms) -> str:
        about = self.value.unit(terms)

        def x(figure: Figure) -> str:
            fixed = fixed_number(figure)
            return figure.called(terms) if fixed is None else quantity(fixed, about)

        corners = "、".join(f"{x(one)} 计 {other.called(terms)}" for one, other in self.corners)
        scale = "按对数" if self.scale == "log" else "按比例"
        ends = {"hold": "按端点计", "extend": "照直线延长"}
        below, above = (
            ends[each] if isinstance(each, str) else f"计 {each.called(terms)}"
            for each in (self.beyond.below, self.beyond.above)
        )
        beyond = f"两端以外{below}" if below == above else f"低于最低点{below}，超过最高点{above}"
        return f"{self.value.called(terms)}：{corners}，其间{scale}，{beyond}"

    def title(self, terms: Terms) -> str:
        return f"{self.value.unit(terms).name or self.value.called(terms)}折合"

    def best(self, full: Fraction) -> Fraction | None:
        return self._bound(full, highest, "best")

    def worst(self, full: Fraction) -> Fraction | None:
        return self._bound(full, lowest, "worst")

    def _bound(self, full: Fraction, of: Any, which: str) -> Fraction | None:
        if "extend" in (self.beyond.below, self.beyond.above):
            return None
        found: Fraction | None = of(getattr(each, which)(full) for each in (*(y for _, y in self.corners), *self._ends))
        return found


def _taken_off(said: str) -> str:
    """A number as it stands after a minus: one below 0 in brackets."""
    return f"（{said}）" if said.startswith(("-", "−")) else said
