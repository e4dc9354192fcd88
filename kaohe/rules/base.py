"""What a figure is: fields that read as the YAML does, arithmetic over a pool, and words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, NamedTuple, Protocol, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from kaohe.rules.achievements import Tally, WeightTable
from kaohe.rules.bounds import Range
from kaohe.rules.branches import Branch
from kaohe.rules.bykind import FIGURE, ByKind
from kaohe.rules.evidence import Achievement, Incident
from kaohe.rules.numbers import Array, Numbers, total
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.wording import Sentence, Term, Terms, quantity, term

T = TypeVar("T")


class Strict(BaseModel):
    """A part of the scheme: unknown fields are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


class PolicyReference(Strict):
    """A question the text leaves open, decided by the named policy."""

    policy: str


Choice = str | PolicyReference
"""A reading written in the rule itself, or the policy that decides."""


class Options:
    """The readings a rule's field knows: `Annotated[Choice, Options(...)]`; a policy may offer no other."""

    def __init__(self, *values: str) -> None:
        self.values = values

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def check(self, value: Choice) -> Choice:
        if isinstance(value, str) and value not in self.values:
            raise ValueError(f"应为 {'、'.join(self.values)} 之一，或 {{policy: 政策名}}")
        return value


class Inputs(Protocol):
    """The evidence of one indicator over its pool of n units, as numbers of one kind.

    Arrays have shape (..., n): the units last, scenario axes before them.
    """

    @property
    def numbers(self) -> Numbers: ...

    @property
    def size(self) -> int: ...

    @property
    def units(self) -> Sequence[str]:
        """The id of each unit."""
        ...

    @property
    def full(self) -> Array:
        """The indicator's full mark, for each unit."""
        ...

    def metric(self, name: str) -> Array: ...

    def ratings(self, how: str) -> Array: ...

    def of_panels(self, made_one: Callable[[list[Fraction]], Fraction]) -> Array:
        """Each unit's single ratings made one in a way of the rule's own."""
        ...

    def panel(self) -> Array:
        """One tuple of single ratings a unit."""
        ...

    def raters(self) -> Array:
        """How many rated each unit."""
        ...

    def achievements(self) -> list[list[Achievement]]:
        """Each unit's rows inside the window, by the first author."""
        ...

    def weights(self) -> WeightTable: ...

    def tally(self) -> tuple[Array, list[Tally]]:
        """Each unit's weighted count, and the rows behind it."""
        ...

    def incidents(self) -> list[list[Incident]]:
        """Each unit's incidents inside the window."""
        ...

    def incident_sum(self, of: Callable[[Incident], Fraction]) -> Array: ...

    def votes(self, vote: str, facet: str | None) -> Mapping[tuple[str, str], Array]:
        """(group of voters, option) → votes cast; the group is empty where the vote tells none apart."""
        ...

    def marks(self, vote: str, facet: str | None, group: str, how: str) -> Array:
        """The marks of a group of voters as one: mean, median or trimmed."""
        ...

    def voters(self, vote: str, facet: str | None, group: str) -> Array:
        """How many voters of a group marked each unit."""
        ...

    def categories(self) -> Array:
        """The category of each unit."""
        ...

    def within(self, categories: Collection[str]) -> Inputs | None:
        """The evidence of those units of the pool that are of these categories; None where none is."""
        ...

    def choose(self, field: Choice, ways: Mapping[str, Callable[[], Array]]) -> Array:
        """The reading in force; where several are, one after the other along that policy's axis."""
        ...

    def read(self, policy: PolicyReference, way: Callable[[Any], Array]) -> Array:
        """What `way` makes of the reading in force, laid out like `choose`; a fraction policy gives a Fraction."""
        ...

    def at(self, dimension: str, member: str) -> Inputs:
        """The same units' evidence of one month or term."""
        ...

    def earlier(self, ago: int) -> Inputs:
        """The same units' evidence so many years before."""
        ...

    def given(self, figure: Figure) -> Array:
        """For each unit whether all that a figure looks at of it is there."""
        ...

    def only(self, units: Array) -> Inputs:
        """The evidence of some of the units alone: those that a vector of yes and no tells."""
        ...

    def trait(self, name: str) -> Array:
        """Each unit's value of a trait: `group`, `category`, `class`, or one that the scheme declares."""
        ...

    def pools(self, among: str) -> Array:
        """Whole numbers: units with the same one are compared with one another."""
        ...

    def score(self, item: str, stage: str) -> Array:
        """An item of the tree: `raw` before what follows after it, `points`, what is `attainable`, its `full` mark;
        or for which units it is `known`."""
        ...

    def leaves(self, item: str) -> tuple[str, ...]:
        """The scored items under an item of the tree."""
        ...

    def own_full(self) -> Array:
        """Full marks of what applies to each unit under the item at hand."""
        ...

    def stated(self) -> Array:
        """The full mark of the item at hand as printed for each unit's category, less what it is exempt from."""
        ...

    def day(self, written: str) -> Fraction:
        """A day (03-31, inside the year at hand, or 2019-03-31) by its number in the calendar."""
        ...

    def holds(self, fact: str, name: str) -> Array:
        """For each unit whether a fact holds: `declared`, `vetoed`, `awarded` (a kind, or any), `grade`, `last`."""
        ...

    def decided(self, field: Choice) -> Array:
        """The name of the reading in force, laid out like `choose`."""
        ...


class Figure(Strict):
    """One number of every unit of a pool, and how it came about: in points (a rule) or in a unit of its own (a value).

    Either may stand wherever a figure may. A subclass names its `kind` (a Literal field with a default); it is found by
    that name, nothing else has to be registered. It is a `Rule` where points are its first language, else a `Value`.
    """

    kind: Any

    def points(self, inputs: Inputs) -> Outcome:
        """The figure of every unit of the pool, with what it was made of."""
        raise TypeError(f"{type(self).__name__} has no points()")

    def of_units(self, inputs: Inputs) -> Array:
        """The figure of every unit alone."""
        raise TypeError(f"{type(self).__name__} has no of_units()")

    def pooled(self, inputs: Inputs) -> Array:
        """Numerators and denominators summed over the pool before dividing: shape (..., 1)."""
        raise TypeError(f"{type(self).__name__} has no pooled()")

    def evidence(self, inputs: Inputs) -> Mapping[str, Array]:
        """The raw figures behind it, by name; empty where they are its parts'."""
        return {}

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        """What happened to one unit, in Chinese; formats the trace's quantities, computes none."""
        raise TypeError(f"{type(self).__name__} has no words()")

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        """How one unit's figure came about, in one clause; never rounded onto one of `apart_from`."""
        raise TypeError(f"{type(self).__name__} has no says()")

    def describe(self, terms: Terms) -> list[str]:
        """How the figure comes about, in short Chinese sentences made of its own fields."""
        raise TypeError(f"{type(self).__name__} has no describe()")

    def called(self, terms: Terms) -> str:
        """What is looked at, before any figure is known."""
        raise TypeError(f"{type(self).__name__} has no called()")

    def unit(self, terms: Terms) -> Term:
        """Name and unit of the figure, for wording."""
        return Term("")

    def turns(self, outcome: Outcome, numbers: Numbers) -> list[Array]:
        """Whole numbers of the layout of the points, each of which only grows or only shrinks as one input of a unit
        grows: between two inputs that agree in all of them, the points only grow or only shrink too."""
        parts = zip(self.children(), outcome.parts, strict=True)
        return [turn for child, part in parts for turn in child.turns(part, numbers)]

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        """Every band and clause of the figure and of those it is made of, with the units each applied to.

        `outcome` is what it found in a year without scenario axes.
        """
        parts = zip(self.children(), outcome.parts, strict=True)
        return [branch for child, part in parts for branch in child.branches(part, terms)]

    def orderly(self) -> bool:
        """Whether the points only grow, or only shrink, as what is looked at grows: no band in the middle is best."""
        return True

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        """What decides that a unit has other points than before, in short phrases: the band, the rank, the limit."""
        parts = zip(self.children(), before.parts, after.parts, strict=True)
        return [said for child, then, now in parts if then.points != now.points for said in child.won(then, now, terms)]

    def best(self, full: Fraction) -> Fraction | None:
        """The most it can give on paper; None where it has no limit of its own."""
        return None

    def worst(self, full: Fraction) -> Fraction | None:
        """The least it can give on paper; None where it has no limit of its own."""
        return None

    def range(self, full: Fraction) -> Range:
        """Between what it can lie on paper."""
        return Range(self.worst(full), self.best(full))

    def children(self) -> tuple[Figure, ...]:
        """The figures this one is made of, in the order of the outcome's parts."""
        return ()

    def compares(self) -> bool:
        """Whether a unit's figure depends on the other units of its pool."""
        return any(child.compares() for child in self.children())

    def moves_others(self) -> bool:
        """Whether what a unit hands in may enter the figures of other units: they too may then become level."""
        return any(child.moves_others() for child in self.children())

    def walk(self) -> Iterator[Figure]:
        yield self
        for child in self.children():
            yield from child.walk()

    def rests_on(self, who: Mapping[str, str]) -> frozenset[str]:
        """Items whose points it takes this year: where one of them is missing, so is the figure.

        `who`: category, group and class of a unit, as far as known. Not what only a condition inside it looks at.
        """
        fields = [each for name in type(self).model_fields if isinstance(each := getattr(self, name), Figure)]
        parts = {id(each): each for each in (*self.children(), *fields)}
        return frozenset(item for each in parts.values() for item in each.rests_on(who))

    def metrics(self) -> tuple[str, ...]:
        """Metrics it needs itself, those of its parts left to them."""
        return ()

    def denominators(self) -> tuple[str, ...]:
        """Metrics that must not be zero."""
        return ()

    def percentages(self) -> tuple[tuple[str, str], ...]:
        """(metric, metric it is divided by) of every ratio that is said as a percentage."""
        return ()

    def printed_figures(self) -> dict[str, Any]:
        """Its own fields without its parts: the figures the regulation prints."""
        children = self.children()
        return {
            name: value
            for name, value in ((name, getattr(self, name)) for name in type(self).model_fields)
            if name != "kind" and value is not None and not _holds(value, children)
        }


AnyFigure = Annotated[Figure, ByKind(FIGURE)]
"""A field that holds any figure."""


class Rule(Figure):
    """A figure in points: it computes in `points()` and speaks in `words()`; as a value it is those points."""

    def worst(self, full: Fraction) -> Fraction | None:
        """0 unless it can go below."""
        return Fraction(0)

    def of_units(self, inputs: Inputs) -> Array:
        return self.points(inputs).points

    def pooled(self, inputs: Inputs) -> Array:
        return total(self.of_units(inputs))

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return "；".join(sentence.text for sentence in self.words(trace, terms))

    def called(self, terms: Terms) -> str:
        return "，".join(self.describe(terms))

    def unit(self, terms: Terms) -> Term:
        return Term("得分", "分")


class Value(Figure):
    """A figure in a unit of its own, made of what was handed in: it computes in `of_units()` and speaks in `says()`."""

    def points(self, inputs: Inputs) -> Outcome:
        value = self.of_units(inputs)
        return Outcome.whole(value, {**self.evidence(inputs), "value": value})

    def evidence(self, inputs: Inputs) -> Mapping[str, Array]:
        return {name: inputs.metric(name) for name in self.metrics()}

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        text, about = self.says(trace, terms), self.unit(terms)
        named = f"{about.name}为 " if about.name and about.name not in text else ""
        value = quantity(trace.points, about)
        return [Sentence(text if text.endswith(value) else f"{text}，{named}{value}")]

    def describe(self, terms: Terms) -> list[str]:
        return [self.called(terms)]

    def called(self, terms: Terms) -> str:
        return self.unit(terms).name


def parts_of(figure: Figure) -> tuple[Figure, ...]:
    """What a figure that looks at this one has as a part: nothing for a plain value, whose evidence it keeps itself."""
    return () if isinstance(figure, Value) and not figure.children() else (figure,)


class Seen(NamedTuple):
    """A figure as another one looks at it: its numbers, the evidence to keep beside one's own, and its outcome."""

    value: Array
    evidence: Mapping[str, Array]
    parts: tuple[Outcome, ...]


def look_at(figure: Figure, inputs: Inputs) -> Seen:
    """A plain value with its evidence, anything else as a part with an outcome of its own."""
    if not parts_of(figure):
        return Seen(figure.of_units(inputs), figure.evidence(inputs), ())
    outcome = figure.points(inputs)
    return Seen(outcome.points, {}, (outcome,))


def say_seen(figure: Figure, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = (), *, part: int = 0) -> str:
    """How what was looked at came about; `trace` is of whoever looked."""
    return figure.says(trace.parts[part] if parts_of(figure) else trace, terms, apart_from)


def _holds(value: Any, children: tuple[Figure, ...]) -> bool:
    values = value if isinstance(value, tuple | list) else (value,)
    return any(item is child for item in values for child in children)


def says_reading(field: Choice, ways: Mapping[str, str], question: str, terms: Terms) -> str:
    """The rule's own reading in words, or the question with the policy that decides it."""
    if isinstance(field, PolicyReference):
        return f"{question}，由读法 {term(terms, policy_key(field.policy)).name} 决定"
    return ways[field]


def policy_key(name: str) -> str:
    """Under what a policy stands among the terms, apart from metrics of that name."""
    return f"policy:{name}"


def category_key(name: str) -> str:
    """Under what a category stands among the terms."""
    return f"category:{name}"


def readings_of(model: BaseModel) -> Iterator[tuple[str, PolicyReference, Options]]:
    """Fields of a rule (or value) that a policy decides: name, policy, options it knows."""
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, PolicyReference):
            inner = (getattr(each, "__metadata__", ()) for each in get_args(info.annotation))  # of a union's members
            for options in (*info.metadata, *(said for found in inner for said in found)):
                if isinstance(options, Options):
                    yield name, value, options
