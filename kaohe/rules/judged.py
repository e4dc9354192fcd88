"""Rules that rest on people's judgement: a panel's rating, and incidents that cost points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from kaohe.rules.base import Choice, Inputs, Options, Rule, Strict, says_reading
from kaohe.rules.branches import Branch, clause
from kaohe.rules.evidence import Incident
from kaohe.rules.numbers import Array
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.wording import Sentence, Terms, number, percent, points
from kaohe.rules.written import Exact

PANEL_WORDS = {"mean": "平均", "median": "取中位数", "trimmed": "去掉最高最低后平均"}
TRIMMED_FROM = 5  # so many raters at least, or none is left out


def says_panel(how: str, raters: int, fewest: int = TRIMMED_FROM) -> str:
    """How several scores became one; so few that none is left out are averaged."""
    return "平均（人数少，不去掉最高最低）" if how == "trimmed" and raters < fewest else PANEL_WORDS[how]


class Full(Rule):
    """The full mark, from which deductions start."""

    kind: Literal["full"] = "full"

    def points(self, inputs: Inputs) -> Outcome:
        return Outcome.whole(inputs.full)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        return [Sentence(f"从满分 {points(trace.points)}起扣")]

    def says(self, trace: Trace, terms: Terms, apart_from: Sequence[Fraction] = ()) -> str:
        return f"满分 {number(trace.points)}"

    def describe(self, terms: Terms) -> list[str]:
        return ["从满分起扣"]

    def called(self, terms: Terms) -> str:
        return "满分"

    def worst(self, full: Fraction) -> Fraction | None:
        return full

    def best(self, full: Fraction) -> Fraction | None:
        return full


class Panel(Strict):
    """How the ratings of a panel become one: `how`, and what is left out where there are so many raters (`from`)."""

    how: Annotated[Choice, Options("mean", "median", "sum")] = "mean"
    least: int = Field(default=TRIMMED_FROM, alias="from", ge=1)
    drop_highest: int = Field(default=0, ge=0)
    drop_lowest: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _somebody_left(self) -> Panel:
        if self.drops and self.least <= self.drop_highest + self.drop_lowest:
            raise ValueError("from（至少几人才去掉）应大于去掉的人数")
        return self

    @property
    def drops(self) -> bool:
        """Whether ratings are left out where there are enough of them."""
        return bool(self.drop_highest or self.drop_lowest)

    def made_one(self, inputs: Inputs) -> Array:
        """One figure a unit of its raters' ratings."""
        if not self.drops and self.how != "sum":
            return inputs.choose(self.how, {name: partial(inputs.ratings, name) for name in ("mean", "median")})
        return inputs.choose(self.how, {name: partial(inputs.of_panels, partial(self._one, name)) for name in MADE_ONE})

    def _one(self, how: str, ratings: Sequence[Fraction]) -> Fraction:
        return MADE_ONE[how](self._kept(ratings))

    def _kept(self, ratings: Sequence[Fraction]) -> list[Fraction]:
        ordered = sorted(ratings)
        return ordered[self.drop_lowest : len(ordered) - self.drop_highest] if len(ordered) >= self.least else ordered

    def says(self, raters: int, how: str) -> str:
        """How several ratings became one."""
        words = {"mean": "平均", "median": "取中位数", "sum": "相加"}[how]
        if not self.drops:
            return words
        return f"{self._dropped()}后{words}" if raters >= self.least else f"{words}（人数少，不去掉最高最低）"

    def _dropped(self) -> str:
        most = [f"{self.drop_highest} 个最高"] if self.drop_highest else []
        return "去掉 " + "、".join([*most, *([f"{self.drop_lowest} 个最低"] if self.drop_lowest else [])])

    def called(self, terms: Terms) -> str:
        """The same before any ratings are known."""
        ways = {"mean": "平均", "median": "取中位数", "sum": "相加"}
        how = says_reading(self.how, ways, "评分怎样合成", terms)
        return f"（{self.least} 人以上）{self._dropped()}，{how}" if self.drops else how


def _middle(ratings: Sequence[Fraction]) -> Fraction:
    half = len(ratings) // 2
    return ratings[half] if len(ratings) % 2 else (ratings[half - 1] + ratings[half]) / 2


MADE_ONE: Mapping[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "mean": lambda ratings: sum(ratings, Fraction(0)) / len(ratings),
    "median": _middle,
    "sum": lambda ratings: sum(ratings, Fraction(0)),
}
"""Ratings in order as one."""


class Judged(Rule):
    """The panel's rating between 0 and the full mark, or rated out of `out_of` and converted.

    `least`, `most`: another range of a single rating, as it counts where nothing is converted.

    With `nothing_or_from`, a single rating is 0 or at least that. What the panel makes of them may lie between
    (`held: ratings`), or goes `down` to 0 or `up` to the least.
    """

    kind: Literal["judged"] = "judged"
    panel: Panel | Annotated[Choice, Options("mean", "median", "trimmed")] = "mean"
    out_of: Exact | None = None
    least: Exact = Fraction(0)
    most: Exact | None = None
    options: dict[str, Exact] = Field(default_factory=dict)
    nothing_or_from: Exact | None = None
    held: Annotated[Choice, Options("ratings", "down", "up")] = "ratings"

    @model_validator(mode="after")
    def _options_of_the_whole(self) -> Judged:
        if self.least and self.nothing_or_from is not None:
            raise ValueError("least（最低可以打多少）不与 nothing_or_from 一起写")
        if self.most is not None and (self.out_of is not None or self.most <= self.least):
            raise ValueError("most（最高可以打多少）应大于 least，不与 out_of 一起写")
        if any(not 0 <= share <= 1 for share in self.options.values()):
            raise ValueError("options（各等次占满分的比例）应在 0～100% 之间")
        return self

    @property
    def how(self) -> Choice:
        """How several ratings become one, whichever way the panel is written."""
        return self.panel.how if isinstance(self.panel, Panel) else self.panel

    def worth(self, word: str, full: Fraction) -> Fraction | None:
        """What a rating given as a word counts; None where the text knows no such word."""
        share = self.options.get(word)
        return None if share is None else share * self.highest_rating(full)

    def points(self, inputs: Inputs) -> Outcome:
        rating = self.panel.made_one(inputs) if isinstance(self.panel, Panel) else self._rating(self.panel, inputs)
        held = self._held(rating, inputs)
        awarded = held if self.out_of is None else held / inputs.numbers.const(self.out_of) * inputs.full
        quantities: dict[str, Array | Callable[[], Array]] = {
            "ratings": inputs.panel,
            "raters": inputs.raters,
            "value": rating,
            "full": lambda: inputs.full,
            "held": held,
            "panel": lambda: inputs.decided(self.how),
        }
        return Outcome.whole(awarded, quantities)

    @staticmethod
    def _rating(how: Choice, inputs: Inputs) -> Array:
        return inputs.choose(how, {name: partial(inputs.ratings, name) for name in PANEL_WORDS})

    def _held(self, rating: Array, inputs: Inputs) -> Array:
        if self.nothing_or_from is None:
            return rating
        least = inputs.numbers.const(self.nothing_or_from)
        short = np.asarray(rating < least, dtype=bool)
        some = np.asarray(rating > 0, dtype=bool)
        ways = {
            "ratings": lambda: rating,
            "down": lambda: inputs.numbers.where(short, 0, rating),
            "up": lambda: inputs.numbers.where(short & some, least, rating),
        }
        return inputs.choose(self.held, ways)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        single = "、".join(number(value) for value in trace["ratings"])
        how = says_panel(trace["panel"], trace["raters"])
        if isinstance(self.panel, Panel):
            how = self.panel.says(trace["raters"], trace["panel"])
        text = f"{trace['raters']} 位评分人{how} {number(trace['value'])}"
        if self.nothing_or_from is not None and trace["held"] != trace["value"]:
            text += f"，不足 {number(self.nothing_or_from)}，按 {number(trace['held'])} 计"
        if self.out_of is not None:
            text += (
                f"（{self._scale()}），折算 {number(trace['held'])} ÷ {number(self.out_of)} × {number(trace['full'])}"
            )
        return [  # of either, two editions give a late rater's mark
            Sentence(f"各评分人评分：{single}", confidential=True),
            Sentence(f"{text}，得 {points(trace.points)}{self._out_of(trace)}", confidential=True),
        ]

    def _out_of(self, trace: Trace) -> str:
        """How much there was to get; an item without a full mark is rated up to its own most."""
        if self.most is not None:
            return f"（最高 {points(self.most)}）"
        return f"（满分 {points(trace['full'])}）"

    def describe(self, terms: Terms) -> list[str]:
        lowest = f"{number(self.least)} 分"
        highest = "满分" if self.most is None else f" {number(self.most)} 分"
        scale = (
            f"按 {number(self.out_of)} 分制评分，折算为该项分值" if self.out_of else f"在 {lowest}至{highest}之间评分"
        )
        if self.out_of and self.least:
            scale += f"，最低 {lowest}"
        if self.options:
            scale = "评等次：" + "、".join(f"{name} 为满分的 {percent(each)}" for name, each in self.options.items())
        floor = f"，计 0 分或不低于 {points(self.nothing_or_from)}" if self.nothing_or_from else ""
        ways = {name: f"几位评分人{words}" for name, words in PANEL_WORDS.items()}
        how = says_reading(self.how, ways, "几位评分人的评分怎样合成", terms)
        if isinstance(self.panel, Panel):
            how = f"几位评分人{self.panel.called(terms)}"
        out = [f"评审小组{scale}{floor}；{how}"]
        if self.nothing_or_from is None:
            return out
        least = points(self.nothing_or_from)
        ways = {"ratings": "", "down": f"合成后不足 {least}的计 0 分", "up": f"合成后不足 {least}的计 {least}"}
        held = says_reading(self.held, ways, f"合成后不足 {least}怎样计", terms)
        return [*out, *([held] if held else [])]

    def _scale(self) -> str:
        """The scale ratings are on."""
        return "百分制" if self.out_of == 100 else f"{number(self.out_of)} 分制"

    def best(self, full: Fraction) -> Fraction | None:
        return full if self.most is None else self.most

    def worst(self, full: Fraction) -> Fraction | None:
        return self.least if self.out_of is None else self.least / self.out_of * full

    def highest_rating(self, full: Fraction) -> Fraction:
        """The highest rating a rater may enter."""
        if self.most is not None:
            return self.most
        return full if self.out_of is None else self.out_of


class Incidents(Rule):
    """`each` points an incident inside the window; or, between two figures, at the panel's discretion."""

    kind: Literal["incidents"] = "incidents"
    each: Exact | None = None
    least: Exact | None = None
    most: Exact | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Incidents:
        if (self.each is None) == (self.least is None or self.most is None):
            raise ValueError("应写 each（每起扣分），或同时写 least 与 most（酌情扣分的范围）")
        return self

    @property
    def discretionary(self) -> bool:
        return self.each is None

    def cost(self, incident: Incident) -> Fraction:
        """Points one row costs."""
        if self.each is not None:
            return self.each * incident.count
        return incident.points or Fraction(0)

    def points(self, inputs: Inputs) -> Outcome:
        awarded = inputs.incident_sum(self.cost)
        count = inputs.incident_sum(lambda incident: incident.count)
        rows = np.empty(inputs.size, dtype=object)
        rows[:] = [tuple(found) for found in inputs.incidents()]
        return Outcome.whole(awarded, {"incidents": rows, "count": count, "cost": awarded})

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        if not trace["incidents"]:
            return [Sentence("考核期内无扣分事件")]
        notes = "；".join(row.note for row in trace["incidents"] if row.note)
        text = f"考核期内扣分事件 {number(trace['count'])} 起"
        if self.each is not None:
            text += f"，每起 {points(self.each)}"
        else:
            text += f"，酌情扣分合计 {points(trace['cost'])}"
        return [Sentence(text + (f"（{notes}）" if notes else ""))]

    def describe(self, terms: Terms) -> list[str]:
        if self.each is not None:
            return [f"考核期内的扣分事件每起 {points(self.each)}"]
        return [f"考核期内的扣分事件每起酌情 {number(self.least)}～{points(self.most)}"]

    def branches(self, outcome: Outcome, terms: Terms) -> list[Branch]:
        return [clause(self.describe(terms)[0], outcome["count"] > 0)]

    def won(self, before: Trace, after: Trace, terms: Terms) -> list[str]:
        return [f"少扣 {points(before.points - after.points)}"] if after.points < before.points else []

    def best(self, full: Fraction) -> Fraction | None:
        return self.most
