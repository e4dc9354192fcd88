"""What follows from points: grades from best to worst, what bars or lowers them, and yes-or-no consequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from kaohe.rules import Figure
from kaohe.rules.base import Choice, Options, Strict
from kaohe.rules.conditions import COMPARED
from kaohe.rules.enclosed import Rounding
from kaohe.rules.kinds import AnyCondition, AnyFigure
from kaohe.scheme.items import OpenPoint

Ties = Annotated[Choice, Options("pending", "all", "none")]
Fill = Annotated[Choice, Options("pass_down", "within_top")]


class Quota(Strict):
    """How many of a group may have a grade: places, or a share of its units, rounded, at least so many."""

    places: AnyFigure | None = None
    share: AnyFigure | None = None
    round: Rounding = "floor"
    least: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _one(self) -> Quota:
        if (self.places is None) == (self.share is None):
            raise ValueError("应写 places（名额）或 share（占单位数的比例），二者取一")
        return self


class Grade(Strict):
    """A grade: who reaches it by points, on which conditions, how many, and what it means to pages.

    Bounds are held against the group's score. `cumulative`: the quota counts better grades, too.
    `role` says to pages what a grade is: the best (`top`), the one that fails (`fail`); `colour` its role of colour.
    """

    id: str = ""
    name: str
    role: str = ""
    colour: str = ""
    at_least: AnyFigure | None = None
    above: AnyFigure | None = None
    at_most: AnyFigure | None = None
    below: AnyFigure | None = None
    held: AnyCondition | None = Field(default=None, alias="if")
    unless: AnyCondition | None = None
    quota: Quota | None = None
    cumulative: bool = False
    fill: Fill = "pass_down"
    ties: Ties = "pending"
    clause: str = ""

    @property
    def key(self) -> str:
        """By what it is called in data: its id, or its name where none is written."""
        return self.id or self.name

    @property
    def bounds(self) -> dict[str, Figure]:
        return {name: bound for name in COMPARED if (bound := getattr(self, name, None)) is not None}


class Effect(Strict):
    """What a veto or a limit does to a grade: fails, bars some grades, allows at best one, lowers by so many."""

    fails: bool = False
    bars: tuple[str, ...] = ()
    at_best: str | None = None
    down: int = Field(default=0, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if value == "fails":
            return {"fails": True}
        return value

    @model_validator(mode="after")
    def _something(self) -> Effect:
        if not (self.fails or self.bars or self.at_best or self.down):
            raise ValueError("应写 fails、bars、at_best、down 之一")
        return self

    def keeps_from(self, place: int, grades: Sequence[Grade]) -> bool:
        """Whether it keeps a unit from the grade at a place among all of them, best first."""
        grade = grades[place]
        if self.fails:
            return place < len(grades) - 1 and grade.role != "fail"
        if self.at_best is not None:
            best = next(at for at, each in enumerate(grades) if self.at_best in (each.key, each.name))
            if place < best:
                return True
        return grade.key in self.bars or grade.name in self.bars


class VetoRule(Strict):
    """A kind of veto: its name, and what it does to the grade."""

    name: str
    effect: Effect
    clause: str = ""


class LimitRule(Strict):
    """The same effects on a condition."""

    name: str = ""
    effect: Effect
    held: AnyCondition | None = Field(default=None, alias="if")
    unless: AnyCondition | None = None
    clause: str = ""


class Consequence(Strict):
    """A yes or no that follows, as a column of the results, with its words.

    `heading` stands over its column, `yes` and `no` in it; `says` is the sentence for a unit it holds of ({group} is
    the name of its group), `act` what has to be done then; `role` whether that is `good` or `bad` for the unit.
    """

    name: str
    held: AnyCondition | None = Field(default=None, alias="if")
    unless: AnyCondition | None = None
    clause: str = ""
    heading: str = ""
    yes: str = ""
    no: str = ""
    says: str = ""
    act: str = ""
    role: Literal["", "good", "bad"] = ""

    @model_validator(mode="after")
    def _asked(self) -> Consequence:
        if self.held is None and self.unless is None:
            raise ValueError("应写 if（什么情况下）或 unless（除非）")
        return self


class Results(Strict):
    """How points become grades, and what follows from them."""

    grades: tuple[Grade, ...] = ()
    vetoes: dict[str, VetoRule] = Field(default_factory=dict)
    limits: dict[str, LimitRule] = Field(default_factory=dict)
    consequences: dict[str, Consequence] = Field(default_factory=dict)
    declarations: dict[str, str] = Field(default_factory=dict)
    declared: AnyCondition | None = None  # what the column `declared` says: all of them, unless said otherwise
    awards: str = ""  # the name of an award units are put up for, where there is one
    exemptions: str = ""  # the policy by which some categories are not scored on some items
    innovation: str = ""  # the declaration that tasks marked innovative are made for
    clauses: dict[str, str] = Field(default_factory=dict)
    open: tuple[OpenPoint, ...] = ()

    @field_validator("limits", mode="before")
    @classmethod
    def _named(cls, limits: Any) -> Any:
        return {f"limit{place}": each for place, each in enumerate(limits, 1)} if isinstance(limits, list) else limits

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What vetoes and limits do."""
        return (*(each.effect for each in self.vetoes.values()), *(each.effect for each in self.limits.values()))

    @property
    def grade(self) -> dict[str, Grade]:
        """Grades by the name they have in data."""
        return {each.key: each for each in self.grades}

    @property
    def grade_named(self) -> dict[str, Grade]:
        """The same by id and by name: conditions and effects may write either."""
        return {each.name: each for each in self.grades} | self.grade
