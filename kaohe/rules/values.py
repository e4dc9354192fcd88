"""What a rule looks at: a metric, or a figure made of metrics, before any points are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from kaohe.rules.base import Choice, Figure, Inputs, Options, Strict, Value, category_key, says_reading
from kaohe.rules.numbers import Array, mean, safe_ratio, total
from kaohe.rules.outcome import Trace
from kaohe.rules.wording import RATE, Term, Terms, number, quantity, term


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

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        about = term(terms, self.metric)
        return f"{about.name} {quantity(trace[self.metric], about, apart_from=apart_from)}"


class Borrowed(Strict):
    """Units of the categories `by` are divided by their own figure, or by what those `of` others have on average."""

    by: tuple[str, ...] = Field(min_length=1)
    of: tuple[str, ...] = Field(min_length=1)
    reading: Annotated[Choice, Options("own", "mean_of_others")]

    def figure(self, metric: str, inputs: Inputs) -> Array:
        """What each unit is divided by."""
        return inputs.choose(
            self.reading,
            {"own": lambda: inputs.metric(metric), "mean_of_others": lambda: self._mean_of_others(metric, inputs)},
        )

    def _mean_of_others(self, metric: str, inputs: Inputs) -> Array:
        own, others = inputs.metric(metric), inputs.within(self.of)
        if others is None:
            return own
        return inputs.numbers.where(self._borrows(inputs), mean(others.metric(metric)), own)

    def _borrows(self, inputs: Inputs) -> Array:
        return np.isin(inputs.categories().astype(str), self.by)

    def decided(self, inputs: Inputs) -> Array:
        """For each unit, whether its figure is its own."""
        mine = np.full(inputs.size, "own", dtype=object)
        if inputs.within(self.of) is None:
            return mine
        other = np.where(self._borrows(inputs), "mean_of_others", mine)
        return inputs.choose(self.reading, {"own": lambda: mine, "mean_of_others": lambda: other})

    def names(self, categories: tuple[str, ...], terms: Terms) -> str:
        return "、".join(term(terms, category_key(each)).name for each in categories)


class Ratio(Value):
    """`of` divided by `to`; `form: number` says it as a number (students a teacher), not a percentage."""

    kind: Literal["ratio"] = "ratio"
    of: str
    to: str
    form: Literal["percent", "number"] = "percent"
    borrowed: Borrowed | None = None

    def of_units(self, inputs: Inputs) -> Array:
        return inputs.metric(self.of) / self._divisor(inputs)

    def compares(self) -> bool:
        return self.borrowed is not None and self.borrowed.reading == "mean_of_others"

    def moves_others(self) -> bool:
        return self.borrowed is not None and self.borrowed.reading != "own"

    def _divisor(self, inputs: Inputs) -> Array:
        return self.borrowed.figure(self.to, inputs) if self.borrowed else inputs.metric(self.to)

    def evidence(self, inputs: Inputs) -> Mapping[str, Array]:
        found = {self.of: inputs.metric(self.of), self.to: self._divisor(inputs)}
        return found | ({"borrowed": self.borrowed.decided(inputs)} if self.borrowed else {})

    def pooled(self, inputs: Inputs) -> Array:
        return safe_ratio(inputs.numbers, total(inputs.metric(self.of)), total(inputs.metric(self.to)))

    def metrics(self) -> tuple[str, ...]:
        return (self.of, self.to)

    def denominators(self) -> tuple[str, ...]:
        return (self.to,)

    def percentages(self) -> tuple[tuple[str, str], ...]:
        return ((self.of, self.to),) if self.form == "percent" else ()

    def unit(self, terms: Terms) -> Term:
        name = f"{term(terms, self.of).name}÷{term(terms, self.to).name}"
        return Term(name, RATE if self.form == "percent" else "")

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        of, to = term(terms, self.of), term(terms, self.to)
        whose = ""
        if self.borrowed and trace["borrowed"] != "own":
            whose = f"（{self.borrowed.names(self.borrowed.of, terms)}平均）"
        return f"{of.name} {quantity(trace[self.of], of)} ÷ {to.name}{whose} {quantity(trace[self.to], to)}"

    def called(self, terms: Terms) -> str:
        text = self.unit(terms).name
        if self.borrowed is None:
            return text
        of, by = (self.borrowed.names(each, terms) for each in (self.borrowed.of, self.borrowed.by))
        to = term(terms, self.to).name
        ways = {"own": "", "mean_of_others": f"{by}除以{of}{to}的平均"}
        how = says_reading(self.borrowed.reading, ways, f"{by}除以自己的还是{of}平均的{to}", terms)
        return f"{text}（{how}）" if how else text


class MeanOf(Value):
    """The mean of several ratios."""

    kind: Literal["mean"] = "mean"
    parts: tuple[Ratio, ...] = Field(min_length=1)

    def of_units(self, inputs: Inputs) -> Array:
        return self._mean([part.of_units(inputs) for part in self.parts])

    def pooled(self, inputs: Inputs) -> Array:
        return self._mean([part.pooled(inputs) for part in self.parts])

    def compares(self) -> bool:
        return any(part.compares() for part in self.parts)

    def moves_others(self) -> bool:
        return any(part.moves_others() for part in self.parts)

    def _mean(self, values: list[Array]) -> Array:
        out = values[0]
        for value in values[1:]:
            out = out + value
        return out / len(values)

    def metrics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for part in self.parts for name in part.metrics()))

    def denominators(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for part in self.parts for name in part.denominators()))

    def percentages(self) -> tuple[tuple[str, str], ...]:
        return tuple(pair for part in self.parts for pair in part.percentages())

    def unit(self, terms: Terms) -> Term:
        return Term("、".join(term(terms, part.of).name for part in self.parts) + "占比的平均值", RATE)

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return "（" + "，".join(part.says(trace, terms) for part in self.parts) + "）两两相除后取平均"

    def called(self, terms: Terms) -> str:
        return "、".join(part.called(terms) for part in self.parts) + "的平均值"


class Growth(Value):
    """(new − old) ÷ the magnitude of old: from −100 to −60 it grew."""

    kind: Literal["growth"] = "growth"
    new: str
    old: str

    def of_units(self, inputs: Inputs) -> Array:
        old = inputs.metric(self.old)
        return (inputs.metric(self.new) - old) / abs(old)

    def pooled(self, inputs: Inputs) -> Array:
        old = total(inputs.metric(self.old))
        return safe_ratio(inputs.numbers, total(inputs.metric(self.new)) - old, abs(old))

    def metrics(self) -> tuple[str, ...]:
        return (self.new, self.old)

    def denominators(self) -> tuple[str, ...]:
        return (self.old,)

    def unit(self, terms: Terms) -> Term:
        return Term(f"{term(terms, self.new).name}增长率", RATE)

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        new, old = term(terms, self.new), term(terms, self.old)
        return f"{old.name} {quantity(trace[self.old], old)} → {new.name} {quantity(trace[self.new], new)}"

    def called(self, terms: Terms) -> str:
        return f"{term(terms, self.new).name}比{term(terms, self.old).name}的增长率"


class Shortfall(Value):
    """How far `of` falls short of `plan`, as a share of the plan's magnitude; 0 when the plan is met."""

    kind: Literal["shortfall"] = "shortfall"
    of: str
    plan: str

    def of_units(self, inputs: Inputs) -> Array:
        plan = inputs.metric(self.plan)
        short = (plan - inputs.metric(self.of)) / abs(plan)
        return inputs.numbers.where(np.asarray(short > 0, dtype=bool), short, 0)

    def metrics(self) -> tuple[str, ...]:
        return (self.of, self.plan)

    def denominators(self) -> tuple[str, ...]:
        return (self.plan,)

    def unit(self, terms: Terms) -> Term:
        return Term("缺额比例", RATE)

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        of, plan = term(terms, self.of), term(terms, self.plan)
        return f"{of.name} {quantity(trace[self.of], of)}，{plan.name} {quantity(trace[self.plan], plan)}"

    def called(self, terms: Terms) -> str:
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

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        counted = trace["tally"].counted
        if not counted:
            return "没有计入的成果"
        shown = "、".join(f"《{row.title}》{number(weight)}" for row, weight in counted[:6])
        more = f" 等共 {len(counted)} 项" if len(counted) > 6 else ""
        return f"计入成果：{shown}{more}"


class Reference(Strict):
    """What a unit is held against: its pool's figure, pooled or as the mean of the units.

    Units of the categories `beside` count in it (`all`) or not (`without`), and are held against it all the same.
    """

    reading: Annotated[Choice, Options("pooled", "mean_of_units")]
    name: str
    beside: tuple[str, ...] = ()
    whole: Annotated[Choice, Options("all", "without")] = "all"

    def of_pool(self, value: Figure, inputs: Inputs) -> Array:
        """One figure for the pool, shape (..., 1)."""
        return inputs.choose(
            self.whole,
            {"all": lambda: self._figure(value, inputs), "without": lambda: self._figure(value, self._rest(inputs))},
        )

    def _rest(self, inputs: Inputs) -> Inputs:
        return inputs.within(set(inputs.categories()) - set(self.beside)) or inputs

    def _figure(self, value: Figure, inputs: Inputs) -> Array:
        return inputs.choose(
            self.reading,
            {
                "pooled": lambda: value.pooled(inputs),
                "mean_of_units": lambda: mean(value.of_units(inputs)),
            },
        )

    def says(self, terms: Terms, whole: str) -> str:
        """The figure's name, with who is left out of it."""
        names = "、".join(term(terms, category_key(each)).name for each in self.beside)
        return f"{self.name}（不含{names}）" if whole == "without" else self.name

    def describe(self, terms: Terms) -> str:
        """How the figure comes about."""
        ways = {"pooled": "分子、分母各自汇总后相除", "mean_of_units": "各单位的平均"}
        how = says_reading(self.reading, ways, "怎样算", terms)
        names = "、".join(term(terms, category_key(each)).name for each in self.beside)
        ways = {"all": "", "without": f"不含{names}"}
        who = says_reading(self.whole, ways, f"含不含{names}", terms)
        return f"{self.name}（{'；'.join(part for part in (how, who) if part)}）"
