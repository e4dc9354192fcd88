"""The tree of items as the YAML writes it: what is scored, how several become one, and what follows afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from kaohe.rules import Figure
from kaohe.rules.after import Step
from kaohe.rules.base import Choice, Options, Strict
from kaohe.rules.bykind import FIGURE, HOLDS, ByKind
from kaohe.rules.counting import CountedAmounts
from kaohe.rules.folding import Fold
from kaohe.rules.inside import everything_in
from kaohe.rules.judged import Incidents, Judged
from kaohe.rules.kinds import AnyFigure
from kaohe.rules.plain import fixed_number
from kaohe.rules.scored import points_asked
from kaohe.rules.spelling import stands_for_figure
from kaohe.rules.written import NO_NUMBER, Exact, exact_number
from kaohe.scheme.deadlines import Due, YearText


def _weights(value: Any) -> Any:
    """Nested weights kind → level → award as exact numbers; the nesting stays."""
    if isinstance(value, Mapping):
        return {str(key): _weights(child) for key, child in value.items()}
    return exact_number(value)


class Check(Strict):
    """A number the text names without a deduction (or a task's target): shown, and flagged when missed."""

    metric: str
    at_least: Exact | None = None
    at_most: Exact | None = None
    above: Exact | None = None
    below: Exact | None = None
    applies: tuple[str, ...] = ()  # categories it is for, where not for all of the indicator's
    party_org: str | None = None  # a value of the trait of that name
    called: Literal["rate"] | None = None  # what the text calls the figure where that is not what it is

    @model_validator(mode="after")
    def _one_bound(self) -> Check:
        if sum(bound is not None for bound in (self.at_least, self.at_most, self.above, self.below)) != 1:
            raise ValueError("应写 at_least、at_most、above、below 之一")
        return self

    def concerns(self, category: str, traits: Mapping[str, str]) -> bool:
        """Whether it is asked of units of the category with these traits."""
        mine = self.party_org is None or traits.get("party_org") == self.party_org
        return mine and (not self.applies or category in self.applies)

    def met(self, value: Fraction) -> bool:
        if self.at_least is not None:
            return value >= self.at_least
        if self.at_most is not None:
            return value <= self.at_most
        if self.above is not None:
            return value > self.above
        return self.below is not None and value < self.below

    @property
    def bound(self) -> tuple[str, Fraction]:
        """Sign and number: ("≥", 9/10)."""
        for sign, bound in (("≥", self.at_least), ("≤", self.at_most), (">", self.above), ("<", self.below)):
            if bound is not None:
                return sign, bound
        raise AssertionError("a check has one bound")


class OpenPoint(Strict):
    """A point the text leaves open that no policy decides: the question, and what this scheme took."""

    question: str
    taken: str


class NumberOr(ByKind):
    """A plain number, which stays one, or any figure; `of_data`: whether it may be a metric by its name.

    No full mark is handed in: a word there must stand for a figure.
    """

    def __init__(self, *, of_data: bool) -> None:
        super().__init__(FIGURE)
        self.of_data = of_data

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.plain_serializer_function_ser_schema(_as_text, when_used="json")
        return core_schema.no_info_plain_validator_function(self.read, serialization=text)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "number"}, {"type": "string"}, {HOLDS: FIGURE}]}

    def read(self, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            raise ValueError(NO_NUMBER)
        try:
            return exact_number(value)
        except ValueError:
            if not self.of_data and isinstance(value, str) and not stands_for_figure(value):
                raise
        return super().read(value)


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, Fraction) else value


Full = Annotated[Fraction | Figure, NumberOr(of_data=False)]
"""A full mark: one number, or a figure such as one for each group."""

Weight = Annotated[Fraction | Figure, NumberOr(of_data=True)]
"""A weight: one number, or a figure of each unit's own."""

Combine = Literal["sum", "mean", "geometric_mean", "product", "best", "worst", "median", "first"]
Missing = Literal["refuse", "zero", "leave_out", "peer_mean", "full", "unrated"]


class Variant(Strict):
    """The rule of an indicator for some categories; those units are the pool."""

    applies: tuple[str, ...] = Field(min_length=1)
    rule: AnyFigure


class Common(Strict):
    """What `each_item` says of all children at once; a child's own word goes first."""

    combine: Combine | None = None
    then: tuple[Step, ...] | None = None
    weight: Weight | None = None
    full: Full | None = None
    counts: bool | None = None
    applies: tuple[str, ...] | None = None
    missing: Missing | None = None
    each: str | None = None
    fold: Fold | None = None
    clause: str | None = None


class Item(Strict):
    """One item of the tree: either it has a rule (a leaf), or other items of which it is made.

    `full` in points; `applies` the categories it is for (inherited where not said); a leaf has one rule for all of them
    or variants. `counts`: whether its parent counts it; `weight` in the parent's sum or mean. `missing`: what follows
    where it cannot be found (`missing_items` of its children); `coverage`: so many known children at least.
    `each`: scored once a member of that dimension, then folded.
    """

    id: str
    name: str
    clause: str = ""
    full: Full | None = None
    applies: tuple[str, ...] = ()
    office: str | None = None
    rule: AnyFigure | None = None
    variants: tuple[Variant, ...] = ()
    items: tuple[Item, ...] = ()
    combine: Combine = "sum"
    weight: Weight | None = None
    counts: bool = True
    missing: Missing | None = None
    missing_items: Missing | None = None
    coverage: int | None = Field(default=None, alias="needs", ge=1)
    each: str | None = None
    fold: Fold = "mean"
    then: tuple[Step, ...] = ()
    each_item: Common | None = None
    attainable: Full | None = None
    weights: Annotated[dict[str, Any], BeforeValidator(_weights)] = Field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    evidence: tuple[str, ...] = ()  # metrics that stand beside the rating without deciding it
    open: tuple[OpenPoint, ...] = ()
    unscored: tuple[str, ...] = ()  # demands the text makes without naming points for them
    note: YearText = ""
    due: tuple[Due, ...] = ()
    innovative: bool = False
    unit: str | None = None  # an item of one unit's own: that unit

    @model_validator(mode="after")
    def _rules_cover(self) -> Item:
        if self.rule is not None and self.variants:
            raise ValueError("应写 rule（一条规则）或 variants（分类别的规则），二者取一")
        if self.items and (self.rule is not None or self.variants):
            raise ValueError("应写 rule（一条规则）或 items（下级各项），二者取一")
        covered = [category for variant in self.variants for category in variant.applies]
        if self.variants and self.applies and sorted(covered) != sorted(self.applies):
            raise ValueError(f"variants 的 applies 合起来应恰为 {'、'.join(self.applies)}")
        return self

    @property
    def printed_full(self) -> Fraction:
        """The full mark as it is printed, or the fixed number it comes to; 100 where neither is said."""
        if isinstance(self.full, Fraction):
            return self.full
        fixed = fixed_number(self.full) if self.full is not None else None
        return Fraction(100) if fixed is None else fixed

    @property
    def is_leaf(self) -> bool:
        return self.rule is not None or bool(self.variants)

    @cached_property
    def pools(self) -> tuple[Variant, ...]:
        """The rule for each pool of categories."""
        if self.variants:
            return self.variants
        return (Variant(applies=self.applies, rule=self.rule),) if self.rule is not None and self.applies else ()

    @cached_property
    def rules(self) -> tuple[Figure, ...]:
        """Every rule of the indicator, those inside others too."""
        own = (variant.rule for variant in self.variants) if self.variants else (self.rule,)
        return tuple(rule for each in own if each is not None for rule in each.walk())

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """Metrics some rule of the indicator needs."""
        return tuple(dict.fromkeys(name for rule in self.rules for name in rule.metrics()))

    @cached_property
    def needs(self) -> dict[str, tuple[str, ...]]:
        """Category → metrics that its own variant of the rule needs; asked of every unit, found once."""
        found: dict[str, dict[str, None]] = {}
        for variant in self.pools:
            for category in variant.applies:
                names = (name for rule in variant.rule.walk() for name in rule.metrics())
                found.setdefault(category, {}).update(dict.fromkeys(names))
        return {category: tuple(names) for category, names in found.items()}

    @cached_property
    def judged(self) -> Judged | None:
        """The judgement it rests on; None when it is computed."""
        return next((rule for rule in self.rules if isinstance(rule, Judged)), None)

    @property
    def incidents(self) -> Incidents | None:
        """How incidents cost points here; None where they do not."""
        return next((rule for rule in self.rules if isinstance(rule, Incidents)), None)

    @cached_property
    def amounts(self) -> dict[str, CountedAmounts]:
        """Achievement kinds that count by their amount of money, with the rule that counts them."""
        return {kind: rule for rule in self.rules if isinstance(rule, CountedAmounts) for kind in rule.at_least}

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """Items whose points enter its rule, full mark, steps or weight; those that stand under one are not named."""
        found = everything_in((self.rule, self.variants, self.full, self.then, self.weight))
        return tuple(dict.fromkeys(filter(None, map(points_asked, found))))

    @property
    def counts_achievements(self) -> bool:
        return bool(self.weights or self.amounts)


class Indicator(Item):
    """A scored item of a part file: with its full mark, clause and categories."""

    clause: str
    full: Full
    applies: tuple[str, ...] = Field(min_length=1)

    @field_validator("full")
    @classmethod
    def _above(cls, full: Any) -> Any:
        if isinstance(full, Fraction) and full <= 0:
            raise ValueError("应大于 0")
        return full

    @model_validator(mode="after")
    def _a_rule(self) -> Indicator:
        if not self.is_leaf and not self.items:
            raise ValueError("应写 rule（一条规则）或 variants（分类别的规则），二者取一")
        return self


class Section(Strict):
    """A heading with its printed full mark, in a file of its own or with others; it stands under an item."""

    id: str
    name: str
    clause: str
    under: str = Field(validation_alias=AliasChoices("under", "component"))
    full: Exact
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class Task(Strict):
    """One of a department's main tasks of the year."""

    id: str = Field(pattern=r"^T\d\d$")
    name: str
    innovative: bool = False
    targets: tuple[Check, ...] = ()
    weight: Exact | None = None
    note: YearText = ""
    due: tuple[Due, ...] = ()  # shown beside the rating, it costs nothing
    repeats: str | None = None  # an earlier task of the department that says the same
    overlaps: str | None = None  # an earlier task that it overlaps with


class Department(Strict):
    """A department: its tasks, and what its own sheet adds to W1…W4."""

    id: str
    name: str
    clause: str
    extra: dict[str, YearText] = Field(default_factory=dict)
    tasks: tuple[Task, ...] = Field(min_length=1)
    checks: dict[str, tuple[Check, ...]] = Field(default_factory=dict)


class WorkItem(Strict):
    """W1…W4, the same for every department."""

    id: str
    name: str
    full: Exact
    clause: str


class DepartmentCommon(Strict):
    """What all departments share: W1…W4, and how their tasks are rated and weighed; all stand `under` an item."""

    under: str = "tasks"
    tasks_name: str = "年度主要工作"
    work: tuple[WorkItem, ...]
    work_rule: AnyFigure
    tasks_full: Exact
    tasks_clause: str
    tasks_rule: AnyFigure
    tasks_office: str | None = None
    shares: Annotated[Choice, Options("equal", "weights")] = "equal"
