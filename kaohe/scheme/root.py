"""The regulation as data: what the root of its YAML files may say; `items` and `outcomes` hold its parts."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any, Literal

from pydantic import AliasChoices, Field, model_validator

from kaohe.rules import Term
from kaohe.rules.base import Strict
from kaohe.rules.kinds import AnyCondition, AnyFigure
from kaohe.rules.ordering import Ordered
from kaohe.rules.votes import Vote
from kaohe.rules.wording import DATE, RATE
from kaohe.rules.written import Exact, exact_number
from kaohe.scheme.deadlines import Deadline, YearText
from kaohe.scheme.items import Department, DepartmentCommon, Item, Section
from kaohe.scheme.levels import AWARDS, LEVELS
from kaohe.scheme.outcomes import Results
from kaohe.scheme.years import SPOKEN, Spoken, is_year, previous_year, year_kind

COLLECTOR, OFFICES = "考核办公室", "填报单位"
"""Who collects what no other office supplies, where a scheme does not say."""

WHOLE = "考核"
"""What all of it is called, where a scheme does not say."""


class YearForm(Strict):
    """What a year is: a school year (2018-2019), a calendar year (2021) or an event of any name."""

    kind: Literal["school", "calendar", "event"] = "school"
    starts: str = Field(default="09-01", pattern=r"^\d\d-\d\d$")
    before: dict[str, str] = Field(default_factory=dict)  # of events: which one is the one before

    @property
    def spoken(self) -> Spoken:
        """How sentences speak of such years."""
        return SPOKEN[self.kind]

    @property
    def example(self) -> str:
        return {"school": "2018-2019", "calendar": "2021", "event": "2004-decastar"}[self.kind]

    def names(self, text: str) -> bool:
        """Whether `text` names such a year."""
        return year_kind(text) == self.kind or (self.kind == "event" and is_year(text))

    def previous(self, year: str) -> str | None:
        """The year before: by the calendar, or as the scheme says of its events; None where nobody says."""
        if year_kind(year) == "event":
            return self.before.get(year)
        return previous_year(year)

    def years_before(self, year: str, many: int) -> tuple[str, ...]:
        """So many years before a year, the latest first."""
        found: list[str] = []
        here: str | None = year
        while len(found) < many and here is not None and (here := self.previous(here)) is not None:
            found.append(here)
        return tuple(found)


class Window(Strict):
    """The days of a school year that count, as month-day; `longer` names indicators counted beyond it."""

    start: str = Field(default="09-01", alias="from", pattern=r"^\d\d-\d\d$")
    end: str = Field(default="08-31", alias="to", pattern=r"^\d\d-\d\d$")
    clause: str = ""
    longer: tuple[str, ...] = ()
    longer_until: str = ""

    def days(self, year: str) -> tuple[datetime.date, datetime.date]:
        """First and last day of `2018-2019`, of `2021`; of an event, whichever day.

        A window that begins before it ends lies in one calendar year, that in which the year begins.
        """
        return _window(self.start, self.end, year)

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


LEAST_OF_KIND = {"count": Fraction(0), "money": Fraction(0), "rate": Fraction(0)}
MOST_OF_KIND = {"rate": Fraction(1)}


class Metric(Strict):
    """An entry of the catalogue of metrics: what may be handed in, in which unit, by whom.

    `least` and `most` are what it can be at all, `usual` what it is in ordinary years. `part_of`: a metric it is a part
    of by definition. `steady`: a number of people or things that hardly moves from one year to the next.
    """

    name: str
    unit: str
    kind: Literal["count", "number", "money", "rate", "date"]
    office: str
    definition: YearText = ""
    least: Exact | None = None
    most: Exact | None = None
    usual: Usual | None = None
    part_of: str | None = None
    steady: bool = False

    @property
    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        """Between what it may lie at all: what its kind says where nothing else is written."""
        least = LEAST_OF_KIND.get(self.kind) if self.least is None else self.least
        return least, MOST_OF_KIND.get(self.kind) if self.most is None else self.most

    @property
    def term(self) -> Term:
        return Term(self.name, {"date": DATE, "rate": RATE}.get(self.kind, self.unit))


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


class ProcessStep(Strict):
    """A step of the year's procedure: who takes it, and which data show that it is done."""

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: str
    clause: str
    by: str
    shown_by: (
        Literal["self_reports", "ballots", "ratings", "leader_ratings", "awards", "decisions", "notice"] | None
    ) = None


class Category(Strict):
    """A kind of unit: in which group it is ranked, of which class; `stated` are full marks printed for it, by item."""

    name: str
    group: str
    class_: str | None = Field(default=None, alias="class")
    many: bool = True
    stated: dict[str, Exact] = Field(default_factory=dict)


class Group(Ordered):
    """Units ranked together, by the points of an item; the higher in front unless `order` says otherwise.

    `then_by` decides between those who are alike in it; `ties`: which place those have who stay alike.
    """

    name: str
    score: str
    ties: Literal["competition", "dense", "last"] = "competition"
    clause: str = ""


class Trait(Strict):
    """Something known of units beside their category: a column of the table of units, with its words."""

    name: str
    values: dict[str, str] = Field(default_factory=dict)


class Dimension(Strict):
    """Periods or terms of a year: how many there are, or how each is called."""

    name: str
    of: int | None = Field(default=None, ge=1, le=366)
    members: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _some(self) -> Dimension:
        if (self.of is None) == (not self.members):
            raise ValueError("应写 of（几个）或 members（各自的名称），二者取一")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Its members as they stand in data."""
        return tuple(self.members) if self.of is None else tuple(str(each) for each in range(1, self.of + 1))

    def called(self, member: str) -> str:
        """How a member is called: `3 月`, or its own name."""
        return self.members.get(member) or f"{member} {self.name}"


class NamedFigure(Strict):
    """A figure that the scheme names once."""

    name: str = Field(validation_alias=AliasChoices("name", "says"))
    figure: AnyFigure = Field(alias="is")
    clause: str = ""


class NamedCondition(Strict):
    """A condition that the scheme names once."""

    name: str = Field(validation_alias=AliasChoices("name", "says"))
    condition: AnyCondition = Field(alias="is")
    clause: str = ""


class Root(Strict):
    """What the files of a regulation say together: everything that may be scored, how, and what follows from it."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    format: Literal[1] = 1
    title: str
    authority: str
    office: str = ""  # collects what no other office supplies
    offices_called: str = OFFICES
    """What those are called who hand figures in."""

    whole_called: str = WHOLE
    """What all of it is called: `2021 年度{考核}报告`."""

    amounts: dict[str, str] = Field(default_factory=dict)  # sums that year.yaml sets, with what they are for
    language: str = "zh"
    in_force_from: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    year: YearForm = YearForm()
    window: Window
    deadlines: dict[str, Deadline] = Field(default_factory=dict)
    categories: dict[str, Category] = Field(min_length=1)
    classes: dict[str, str] = Field(default_factory=dict)
    traits: dict[str, Trait] = Field(default_factory=dict)
    groups: dict[str, Group] = Field(min_length=1)
    dimensions: dict[str, Dimension] = Field(default_factory=dict)
    votes: dict[str, Vote] = Field(default_factory=dict)
    figures: dict[str, NamedFigure] = Field(default_factory=dict)
    conditions: dict[str, NamedCondition] = Field(default_factory=dict)
    items: tuple[Item, ...] = Field(min_length=1)
    results: Results = Results()
    policies: tuple[Policy, ...] = ()
    metrics: dict[str, Metric] = Field(default_factory=dict)
    kinds: dict[str, str] = Field(default_factory=dict)  # kinds of achievement, with their Chinese names
    levels: dict[str, str] = Field(default_factory=lambda: dict(LEVELS))  # levels of achievements
    awards: dict[str, str] = Field(default_factory=lambda: dict(AWARDS))  # awards within a level
    also: dict[str, dict[str, str]] = Field(
        default_factory=dict
    )  # further words for a table's codes: table → word → code
    lasting: tuple[str, ...] = ()  # kinds where the same title another year is the same work, unlike a yearly contest
    sections: tuple[Section, ...] = ()
    department_common: DepartmentCommon | None = None
    departments: tuple[Department, ...] = ()
    process: tuple[ProcessStep, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _window_of_the_year(cls, value: Any) -> Any:
        """Where no window is written, what counts is what happened in the year itself."""
        if not isinstance(value, Mapping) or "window" in value:
            return value
        about = value.get("year")
        about = about if isinstance(about, Mapping) else {}
        first = "01-01" if about.get("kind") == "calendar" else str(about.get("starts", YearForm().starts))
        try:
            last = datetime.date.fromisoformat(f"2001-{first}") - datetime.timedelta(days=1)
        except ValueError:  # told where it stands
            return {**value, "window": {}}
        return {**value, "window": {"from": first, "to": f"{last:%m-%d}"}}


@cache
def _window(start: str, end: str, year: str) -> tuple[datetime.date, datetime.date]:
    """Asked of every row of a year."""
    if year_kind(year) == "event":
        return datetime.date.min, datetime.date.max
    first = int(year[:4])
    return _day(first, start), _day(first + (start > end), end)


def _day(year: int, written: str) -> datetime.date:
    """`02-29` is the last of February in any year."""
    if written == "02-29":
        return datetime.date(year, 3, 1) - datetime.timedelta(days=1)
    return datetime.date.fromisoformat(f"{year:04}-{written}")
