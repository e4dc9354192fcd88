"""What a rule looks at: a metric, or a figure made of metrics, before any points are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal, Union

import numpy as np
from pydantic import Field

from kaohe.rules.base import Choice, Inputs, Options, Strict
from kaohe.rules.numbers import Array, mean, safe_ratio, total
from kaohe.rules.outcome import Trace
from kaohe.rules.wording import RATE, Term, Terms, number, quantity, term


class Value(Strict):
    """A figure of each unit; `pooled` is the same figure of all units taken together."""

    kind: Any

    def of_units(self, inputs: Inputs) -> Array:
        raise TypeError(f"{type(self).__name__} has no of_units()")

    def pooled(self, inputs: Inputs) -> Array:
        """Numerators and denominators summed over the pool before dividing."""
        raise TypeError(f"{type(self).__name__} has no pooled()")

    def evidence(self, inputs: Inputs) -> Mapping[str, Array]:
        """The raw figures behind the value, by metric."""
        return {name: inputs.metric(name) for name in self.metrics()}

    def metrics(self) -> tuple[str, ...]:
        return ()

    def denominators(self) -> tuple[str, ...]:
        """Metrics that must not be zero."""
        return ()

    def shares(self) -> tuple[tuple[str, str], ...]:
        """(metric, metric it is divided by) of every ratio that is said as a percentage."""
        return ()

    def unit(self, terms: Terms) -> Term:
        """Name and unit of the figure, for wording."""
        raise TypeError(f"{type(self).__name__} has no unit()")

    def words(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        """How the figure came about, from its raw figures; never rounded onto one of `apart_from`."""
        raise TypeError(f"{type(self).__name__} has no words()")

    def describe(self, terms: Terms) -> str:
        """What is looked at, before any figure is known."""
        return self.unit(terms).name


class MetricValue(Value):
    """A metric as handed in."""

    kind: Literal["metric"] = "metric"
    metric: str

    def of_units(self, inputs: Inputs) -> Array:
        return inputs.metric(self.metric)

    def pooled(self, inputs: Inputs) -> Array:
        return total(inputs.metric(self.metric))

    def metrics(self) -> tuple[str, ...]:
        return (self.metric,)

    def unit(self, terms: Terms) -> Term:
        return term(terms, self.metric)

    def words(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        about = term(terms, self.metric)
        return f"{about.name} {quantity(trace[self.metric], about, apart_from=apart_from)}"


class Ratio(Value):
    """`of` divided by `to`; `form: number` says it as a number (students a teacher), not a percentage."""

    kind: Literal["ratio"] = "ratio"
    of: str
    to: str
    form: Literal["percent", "number"] = "percent"

    def of_units(self, inputs: Inputs) -> Array:
        return inputs.metric(self.of) / inputs.metric(self.to)

    def pooled(self, inputs: Inputs) -> Array:
        return safe_ratio(inputs.numbers, total(inputs.metric(self.of)), total(inputs.metric(self.to)))

    def metrics(self) -> tuple[str, ...]:
        return (self.of, self.to)

    def denominators(self) -> tuple[str, ...]:
        return (self.to,)

    def shares(self) -> tuple[tuple[str, str], ...]:
        return ((self.of, self.to),) if self.form == "percent" else ()

    def unit(self, terms: Terms) -> Term:
        name = f"{term(terms, self.of).name}÷{term(terms, self.to).name}"
        return Term(name, RATE if self.form == "percent" else "")

    def words(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        of, to = term(terms, self.of), term(terms, self.to)
        return f"{of.name} {quantity(trace[self.of], of)} ÷ {to.name} {quantity(trace[self.to], to)}"


class MeanOf(Value):
    """The mean of several ratios."""

    kind: Literal["mean"] = "mean"
    parts: tuple[Ratio, ...] = Field(min_length=1)

    def of_units(self, inputs: Inputs) -> Array:
        return self._mean([part.of_units(inputs) for part in self.parts])

    def pooled(self, inputs: Inputs) -> Array:
        return self._mean([part.pooled(inputs) for part in self.parts])

    def _mean(self, values: list[Array]) -> Array:
        out = values[0]
        for value in values[1:]:
            out = out + value
        return out / len(values)

    def metrics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for part in self.parts for name in part.metrics()))

    def denominators(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for part in self.parts for name in part.denominators()))

    def shares(self) -> tuple[tuple[str, str], ...]:
        return tuple(pair for part in self.parts for pair in part.shares())

    def unit(self, terms: Terms) -> Term:
        return Term("、".join(term(terms, part.of).name for part in self.parts) + "占比的平均值", RATE)

    def words(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return "（" + "，".join(part.words(trace, terms) for part in self.parts) + "）两两相除后取平均"

    def describe(self, terms: Terms) -> str:
        return "、".join(part.describe(terms) for part in self.parts) + "的平均值"


class Growth(Value):
    """(new − old) ÷ old."""

    kind: Literal["growth"] = "growth"
    new: str
    old: str

    def of_units(self, inputs: Inputs) -> Array:
        old = inputs.metric(self.old)
        return (inputs.metric(self.new) - old) / old

    def pooled(self, inputs: Inputs) -> Array:
        old = total(inputs.metric(self.old))
        return safe_ratio(inputs.numbers, total(inputs.metric(self.new)) - old, old)

    def metrics(self) -> tuple[str, ...]:
        return (self.new, self.old)

    def denominators(self) -> tuple[str, ...]:
        return (self.old,)

    def unit(self, terms: Terms) -> Term:
        return Term(f"{term(terms, self.new).name}增长率", RATE)

    def words(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        new, old = term(terms, self.new), term(terms, self.old)
        return f"{old.name} {quantity(trace[self.old], old)} → {new.name} {quantity(trace[self.new], new)}"

    def describe(self, terms: Terms) -> str:
        return f"{term(terms, self.new).name}比{term(terms, self.old).name}的增长率"


class Shortfall(Value):
    """How far `of` falls short of `plan`, as a share of the plan; 0 when the plan is met."""

    kind: Literal["shortfall"] = "shortfall"
    of: str
    plan: str

    def of_units(self, inputs: Inputs) -> Array:
        plan = inputs.metric(self.plan)
        short = (plan - inputs.metric(self.of)) / plan
        return inputs.numbers.where(np.asarray(short > 0, dtype=bool), short, 0)

    def metrics(self) -> tuple[str, ...]:
        return (self.of, self.plan)

    def denominators(self) -> tuple[str, ...]:
        return (self.plan,)

    def unit(self, terms: Terms) -> Term:
        return Term("缺额比例", RATE)

    def words(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        of, plan = term(terms, self.of), term(terms, self.plan)
        return f"{of.name} {quantity(trace[self.of], of)}，{plan.name} {quantity(trace[self.plan], plan)}"

    def describe(self, terms: Terms) -> str:
        of, plan = term(terms, self.of).name, term(terms, self.plan).name
        return f"缺额比例（{of}比{plan}少的部分 ÷ {plan}）"


class TallyValue(Value):
    """The weighted count of the unit's achievements for this indicator."""

    kind: Literal["tally"] = "tally"

    def of_units(self, inputs: Inputs) -> Array:
        return inputs.tally()[0]

    def pooled(self, inputs: Inputs) -> Array:
        return total(inputs.tally()[0])

    def evidence(self, inputs: Inputs) -> Mapping[str, Array]:
        tallies = inputs.tally()[1]
        lists = np.empty(inputs.size, dtype=object)
        lists[:] = tallies
        return {"tally": lists}

    def unit(self, terms: Terms) -> Term:
        return Term("权重分", "")

    def words(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        counted = trace["tally"].counted
        if not counted:
            return "没有计入的成果"
        shown = "、".join(f"《{row.title}》{number(weight)}" for row, weight in counted[:6])
        more = f" 等共 {len(counted)} 项" if len(counted) > 6 else ""
        return f"计入成果：{shown}{more}"


AnyValue = Annotated[
    Union[MetricValue, Ratio, MeanOf, Growth, Shortfall, TallyValue],  # noqa: UP007 - pydantic reads the tag
    Field(discriminator="kind"),
]


class Reference(Strict):
    """What a unit is held against: its pool's figure, pooled or as the mean of the units."""

    reading: Annotated[Choice, Options("pooled", "mean_of_units")]
    name: str

    def of_pool(self, value: Value, inputs: Inputs) -> Array:
        """One figure for the pool, shape (..., 1)."""
        return inputs.choose(
            self.reading,
            {
                "pooled": lambda: value.pooled(inputs),
                "mean_of_units": lambda: mean(value.of_units(inputs)),
            },
        )
