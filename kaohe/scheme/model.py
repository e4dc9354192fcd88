"""The regulation as data: what the YAML files may say, and the tree of rules they become."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from kaohe.rules import AnyRule, Rule, Term
from kaohe.rules.base import (
    Choice,
    Exact,
    Options,
    PolicyReference,
    Strict,
    category_key,
    exact_number,
    policy_key,
)
from kaohe.rules.counting import CountedAmounts
from kaohe.rules.judged import Incidents, Judged
from kaohe.scheme.deadlines import Deadline, Due, YearText

DEPARTMENT = "department"


def _weights(value: Any) -> Any:
    """Nested weights kind → level → award as exact numbers; the nesting stays."""
    if isinstance(value, Mapping):
        return {str(key): _weights(child) for key, child in value.items()}
    return exact_number(value)


class Window(Strict):
    """The days of a school year that count, as month-day; `longer` names indicators counted beyond it."""

    start: str = Field(alias="from", pattern=r"^\d\d-\d\d$")
    end: str = Field(alias="to", pattern=r"^\d\d-\d\d$")
    clause: str
    longer: tuple[str, ...] = ()
    longer_until: str = ""

    def days(self, year: str) -> tuple[datetime.date, datetime.date]:
        """First and last day of `2018-2019`."""
        first, last = year.split("-")
        return datetime.date.fromisoformat(f"{first}-{self.start}"), datetime.date.fromisoformat(f"{last}-{self.end}")

    def end_for(self, indicator: str, year: str, until: datetime.date | None = None) -> datetime.date | None:
        """The last day that counts for an indicator; None where it counts without end. `until`: when the `longer`
        ones end this year, where that is known."""
        return until if indicator in self.longer else self.days(year)[1]

    def holds(self, day: datetime.date, indicator: str, year: str, until: datetime.date | None = None) -> bool:
        """Whether a day counts for an indicator."""
        last = self.end_for(indicator, year, until)
        return self.days(year)[0] <= day and (last is None or day <= last)


class Usual(Strict):
    """Between which figures a metric lies in ordinary years; outside of it a figure is asked about, not refused."""

    least: Exact = Field(alias="from", gt=0)
    most: Exact = Field(alias="to")

    @model_validator(mode="after")
    def _some_room(self) -> Usual:
        if self.least >= self.most:
            raise ValueError("to 应大于 from")
        return self


class Metric(Strict):
    """An entry of the catalogue of metrics: what may be handed in, in which unit, by whom.

    `least` and `most` are what it can be at all, `usual` what it is in ordinary years. `part_of`: a metric it is a part
    of by definition. `steady`: a number of people or things that hardly moves from one year to the next.
    """

    name: str
    unit: str
    kind: Literal["count", "number", "money", "rate"]
    office: str
    definition: YearText = ""
    least: Exact | None = None
    most: Exact | None = None
    usual: Usual | None = None
    part_of: str | None = None
    steady: bool = False

    @property
    def term(self) -> Term:
        return Term(self.name, self.unit)


class Check(Strict):
    """A number the text names without a deduction (or a task's target): shown, and flagged when missed."""

    metric: str
    at_least: Exact | None = None
    at_most: Exact | None = None
    above: Exact | None = None
    below: Exact | None = None
    applies: tuple[str, ...] = ()  # categories it is for, where not for all of the indicator's
    party_org: Literal["general_branch", "branch"] | None = None
    called: Literal["rate"] | None = None  # what the text calls the figure where that is not what it is

    @model_validator(mode="after")
    def _one_bound(self) -> Check:
        if sum(bound is not None for bound in (self.at_least, self.at_most, self.above, self.below)) != 1:
            raise ValueError("应写 at_least、at_most、above、below 之一")
        return self

    def concerns(self, category: str, party_org: str | None) -> bool:
        """Whether it is asked of units of the category with that party organisation."""
        return (not self.applies or category in self.applies) and self.party_org in (None, party_org)

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


class Variant(Strict):
    """The rule of an indicator for some categories; those units are the pool."""

    applies: tuple[str, ...] = Field(min_length=1)
    rule: AnyRule


class Indicator(Strict):
    """One scored item of the regulation.

    `full` in points; `applies` the categories it is for; either one rule for all of them or variants.
    """

    id: str
    name: str
    clause: str
    full: Exact = Field(gt=0)
    applies: tuple[str, ...] = Field(min_length=1)
    office: str | None = None
    rule: AnyRule | None = None
    variants: tuple[Variant, ...] = ()
    weights: Annotated[dict[str, Any], BeforeValidator(_weights)] = Field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    evidence: tuple[str, ...] = ()  # metrics that stand beside the rating without deciding it
    open: tuple[OpenPoint, ...] = ()
    unscored: tuple[str, ...] = ()  # demands the text makes without naming points for them
    note: YearText = ""
    due: tuple[Due, ...] = ()
    innovative: bool = False
    unit: str | None = None  # a department's own indicator: that department

    @model_validator(mode="after")
    def _rules_cover(self) -> Indicator:
        if (self.rule is None) == (not self.variants):
            raise ValueError("应写 rule（一条规则）或 variants（分类别的规则），二者取一")
        covered = [category for variant in self.variants for category in variant.applies]
        if self.variants and sorted(covered) != sorted(self.applies):
            raise ValueError(f"variants 的 applies 合起来应恰为 {'、'.join(self.applies)}")
        return self

    @cached_property
    def pools(self) -> tuple[Variant, ...]:
        """The rule for each pool of categories."""
        return self.variants or (Variant(applies=self.applies, rule=self.rule),)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of the indicator, those inside others too."""
        return tuple(rule for variant in self.pools for rule in variant.rule.walk())

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

    @property
    def counts_achievements(self) -> bool:
        return bool(self.weights or self.amounts)


class Section(Strict):
    """A heading of 附件1 with its printed full mark."""

    id: str
    name: str
    clause: str
    component: Literal["base", "key"]
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
    """What all departments share: W1…W4, and how their tasks are rated and weighed."""

    work: tuple[WorkItem, ...]
    work_rule: AnyRule
    tasks_full: Exact
    tasks_clause: str
    tasks_rule: AnyRule
    tasks_office: str | None = None
    shares: Annotated[Choice, Options("equal", "weights")] = "equal"


class Category(Strict):
    """A kind of unit; `stated` are the full marks the regulation prints for it."""

    name: str
    group: Literal["yuanbu", "department"]
    many: bool = True
    stated: dict[str, Exact]


class Component(Strict):
    """A vote that gives points of its own."""

    name: str
    full: Exact
    clause: str
    rule: AnyRule
    open: tuple[OpenPoint, ...] = ()


class Target(Strict):
    """目标考核: its full mark and those of its parts, as printed."""

    full: Exact
    clause: str
    parts: dict[str, Exact]


class Group(Strict):
    """Units ranked together."""

    name: str
    quota: int = Field(ge=0)
    quota_clause: str
    ballot: Component
    target: Target
    leaders: Component

    @property
    def full(self) -> Fraction:
        """All three components together."""
        return self.ballot.full + self.target.full + self.leaders.full


class PolicyOption(Strict):
    """One reading of an open point; `exempts` names indicators it takes from a category."""

    says: str
    exempts: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Policy(Strict):
    """A point on which the text is silent or contradicts itself, and the readings offered."""

    id: str = Field(pattern=r"^P\d\d[a-z]?$")
    name: str
    question: str
    clause: str
    default: str
    options: dict[str, PolicyOption] = Field(default_factory=dict)
    fraction: bool = False  # any fraction between 0 and 1 instead of named options
    conflicts: dict[str, dict[str, str]] = Field(
        default_factory=dict
    )  # option → other policy → its option: refused together
    consequence: str = ""

    @model_validator(mode="after")
    def _default_known(self) -> Policy:
        if self.fraction == bool(self.options):
            raise ValueError("应写 options（各种读法），或写 fraction: true，二者取一")
        self.parse(self.default)
        return self

    def parse(self, value: Any) -> str | Fraction:
        """The option named, or the fraction given; ValueError in Chinese otherwise."""
        if not self.fraction:
            if str(value) not in self.options:
                raise ValueError(f"应为 {'、'.join(self.options)} 之一")
            return str(value)
        number = exact_number(str(value))
        if not 0 <= number <= 1:
            raise ValueError("应为 0～1 之间的数")
        return number


class Results(Strict):
    """How scores become totals and grades: each open point names its policy."""

    conversion: Annotated[Choice, Options("proportional", "combined", "none")]
    full_marks: Annotated[Choice, Options("applicable", "stated")]
    component_cap: Annotated[Choice, Options("none", "cap")]
    fail_line: PolicyReference
    quota_ties: Annotated[Choice, Options("pending", "all", "none")]
    eligibility: Annotated[Choice, Options("both", "any")]
    quota_fill: Annotated[Choice, Options("pass_down", "within_top")]
    exemptions: PolicyReference
    declarations: dict[str, str]
    innovation: str = ""  # the declaration that tasks marked innovative are made for
    vetoes: dict[str, str]
    clauses: dict[str, str]
    open: tuple[OpenPoint, ...] = ()


class ProcessStep(Strict):
    """A step of the year's procedure: who takes it, and which data show that it is done."""

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: str
    clause: str
    by: str
    shown_by: (
        Literal["self_reports", "ballots", "ratings", "leader_ratings", "awards", "decisions", "notice"] | None
    ) = None


class Scheme(Strict):
    """A regulation: everything that may be scored, how, and what follows from it."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    authority: str
    in_force_from: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    window: Window
    deadlines: dict[str, Deadline] = Field(default_factory=dict)
    categories: dict[str, Category]
    groups: dict[str, Group]
    results: Results
    policies: tuple[Policy, ...]
    metrics: dict[str, Metric]
    kinds: dict[str, str]  # kinds of achievement, with their Chinese names
    lasting: tuple[str, ...] = ()  # kinds where the same title another year is the same work, unlike a yearly contest
    sections: tuple[Section, ...]
    department_common: DepartmentCommon
    departments: tuple[Department, ...]
    process: tuple[ProcessStep, ...] = ()

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by id, in the regulation's order; departments' own after those of 院部."""
        found = [indicator for section in self.sections for indicator in section.indicators]
        for department in self.departments:
            found += list(self._own(department))
        return {indicator.id: indicator for indicator in found}

    def _own(self, department: Department) -> Iterator[Indicator]:
        common = self.department_common
        for item in common.work:
            yield Indicator(
                id=f"{department.id}.{item.id}",
                name=item.name,
                clause=f"{department.clause}·{item.clause}",
                full=item.full,
                applies=(DEPARTMENT,),
                rule=common.work_rule,
                note=department.extra.get(item.id, ""),
                unit=department.id,
                checks=department.checks.get(item.id, ()),
                office=common.tasks_office,
            )
        for task in department.tasks:
            yield Indicator(
                id=f"{department.id}.{task.id}",
                name=task.name,
                clause=f"{department.clause}·{common.tasks_clause}·{int(task.id[1:])}",
                full=common.tasks_full / len(department.tasks),
                applies=(DEPARTMENT,),
                rule=common.tasks_rule,
                checks=task.targets,
                note=task.note,
                due=task.due,
                innovative=task.innovative,
                unit=department.id,
                office=common.tasks_office,
            )

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """The section of each 院部 indicator."""
        return {indicator.id: section for section in self.sections for indicator in section.indicators}

    @cached_property
    def policy(self) -> dict[str, Policy]:
        """Policies by name."""
        return {policy.name: policy for policy in self.policies}

    @cached_property
    def terms(self) -> dict[str, Term]:
        """How metrics, kinds of achievement and policies are called."""
        return (
            {name: metric.term for name, metric in self.metrics.items()}
            | {kind: Term(name) for kind, name in self.kinds.items()}
            | {policy_key(policy.name): Term(policy.id) for policy in self.policies}
            | {category_key(name): Term(category.name) for name, category in self.categories.items()}
        )

    @cached_property
    def department(self) -> dict[str, Department]:
        return {department.id: department for department in self.departments}

    def group_of(self, category: str) -> str:
        return self.categories[category].group

    def applicable(self, category: str, unit: str | None = None) -> list[Indicator]:
        """Indicators the text gives to a category (to that very department), before policies and exemptions."""
        return [
            indicator
            for indicator in self.indicators.values()
            if category in indicator.applies and indicator.unit in (None, unit)
        ]

    def is_own_demand(self, indicator: Indicator) -> bool:
        """Whether its note is a demand that only its department's sheet makes."""
        return indicator.unit is not None and indicator.id.partition(".")[2] in self.department[indicator.unit].extra

    def component_of(self, indicator: str) -> str:
        """`base`, `key`, or `target` for a department's."""
        section = self.section_of.get(indicator)
        return section.component if section else "target"


YEAR = re.compile(r"^(\d{4})-(\d{4})$")


def is_year(text: str) -> bool:
    """Whether `text` names a school year such as 2018-2019."""
    found = YEAR.match(text)
    return found is not None and int(found[2]) == int(found[1]) + 1


def previous_year(year: str) -> str:
    """2018-2019 → 2017-2018."""
    first = int(year[:4])
    return f"{first - 1}-{first}"
