"""A tally by amount of money: what each kind of achievement is worth, from an amount on or for every so much."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from kaohe.rules.base import Strict, says_reading
from kaohe.rules.counting import CountedAmounts
from kaohe.rules.evidence import Achievement
from kaohe.rules.outcome import Trace
from kaohe.rules.wording import Sentence, Term, Terms, number, points, quantity, term
from kaohe.rules.written import Exact


class Worth(Strict):
    """`points` for an amount that reaches `at_least`; or for every whole `per` of it."""

    points: Exact
    at_least: Exact = Field(default=Fraction(0), ge=0)
    per: Exact | None = Field(default=None, gt=0)

    def of(self, amount: Fraction) -> Fraction | None:
        """What an amount is worth; None where it is too little."""
        if amount < self.at_least or (self.per is not None and amount < self.per):
            return None
        return self.points if self.per is None else self.points * (amount // self.per)

    def called(self) -> str:
        """It in a few words."""
        money = Term("", "元")
        least = f"满 {quantity(self.at_least, money)} " if self.at_least else ""
        return (
            f"{least}计 {points(self.points)}"
            if self.per is None
            else (f"{least}每 {quantity(self.per, money)} 计 {points(self.points)}")
        )


class TallyByAmount(CountedAmounts):
    """`tally` with `worth`: achievements count by their amounts, each of its kind; a title entered twice counts once.

    `count: kind` counts a kind once however many there are.
    """

    written: ClassVar[str] = "tally"
    kind: Literal["tally_by_amount"] = "tally_by_amount"  # type: ignore[assignment]
    worth_of: dict[str, Worth] = Field(min_length=1, alias="worth")
    at_least: dict[str, Exact] = Field(default_factory=dict)
    each: Exact = Fraction(0)

    @model_validator(mode="before")
    @classmethod
    def _as_counted(cls, value: Any) -> Any:
        """What the family of counted amounts asks about: from which amount on a kind counts, the most for one."""
        if not isinstance(value, dict) or not isinstance(value.get("worth"), dict):
            return value
        found = {name: Worth.model_validate(each) for name, each in value["worth"].items()}
        return {
            **value,
            "worth": found,
            "at_least": {name: max(each.at_least, each.per or Fraction(0)) for name, each in found.items()},
            "each": max((each.points for each in found.values()), default=Fraction(0)),
        }

    def worth(self, row: Achievement) -> Fraction | None:
        """Points of one row; None where it is of another kind or does not reach the amount."""
        worth = self.worth_of.get(row.kind)
        return None if worth is None or row.amount is None else worth.of(row.amount)

    def _multiples(self, row: Achievement) -> Fraction | None:
        return self.worth(row)

    def _of_kinds(self, counted: tuple[tuple[Achievement, Fraction], ...]) -> Fraction:
        best: dict[str, Fraction] = {}
        for row, worth in counted:
            best[row.kind] = max(worth, best.get(row.kind, worth))
        return sum(best.values(), Fraction(0))

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        counted = trace["tally"].counted
        if not counted:
            return [Sentence(f"没有达到数额的项目，得 {points(trace.points)}")]
        money = Term("", "元")
        shown = "、".join(f"《{row.title}》{quantity(row.amount, money)} 计 {number(worth)}" for row, worth in counted)
        how = "，每类只计最高的一项" if trace["count"] == "kind" else ""
        return [Sentence(f"{shown}{how}；合计 {points(trace.points)}")]

    def describe(self, terms: Terms) -> list[str]:
        each = "、".join(f"{term(terms, kind).name}{worth.called()}" for kind, worth in self.worth_of.items())
        ways = {"project": "每项都计", "kind": "每类只计最高的一项", "multiple": "每项都计"}
        how = says_reading(self.count, ways, "每项都计还是每类只计一次", terms)
        return [f"按项目经费：{each}；{how}；同一项目只计一次"]
