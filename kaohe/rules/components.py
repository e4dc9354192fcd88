"""The two components that are votes, not indicators: 民主测评 and 领导班子评价."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Annotated, Literal

from pydantic import Field

from kaohe.rules.base import Choice, Exact, Inputs, Options, Rule, says_reading
from kaohe.rules.judged import PANEL_WORDS, says_panel
from kaohe.rules.numbers import Array
from kaohe.rules.outcome import Outcome, Trace
from kaohe.rules.wording import Sentence, Terms, number, points

BALLOT_NAMES = {"excellent": "优秀", "qualified": "合格", "unqualified": "不合格"}
LEADERS_MADE_ONE = {"mean": "的平均", "median": "的中位数", "trimmed": "去掉最高最低后的平均"}
ROLE_NAMES = {"chief": "正职", "deputy": "副职"}


class Ballots(Rule):
    """Full mark × weighted mean of the votes ÷ 100, or ÷ the highest weight when stretched."""

    kind: Literal["ballots"] = "ballots"
    weights: dict[Literal["excellent", "qualified", "unqualified"], Exact]
    out_of: Exact = Fraction(100)
    scale: Annotated[Choice, Options("literal", "stretch")] = "literal"

    def points(self, inputs: Inputs) -> Outcome:
        votes = inputs.ballots()
        const = inputs.numbers.const
        weighted = sum((votes[name] * const(weight) for name, weight in self.weights.items()), start=const(0))
        count = sum((votes[name] for name in self.weights), start=const(0))
        value = weighted / count
        divisor = inputs.choose(
            self.scale,
            {
                "literal": lambda: inputs.numbers.full(inputs.size, self.out_of),
                "stretch": lambda: inputs.numbers.full(inputs.size, max(self.weights.values())),
            },
        )
        awarded = inputs.full * value / divisor
        none = 0 * awarded
        quantities = {**votes, "votes": count, "value": value, "divisor": divisor, "full": inputs.full}
        return Outcome(awarded, none, none, quantities)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        counts = "，".join(
            f"{BALLOT_NAMES[name]} {number(trace[name])} 票（每票 {number(weight)}）"
            for name, weight in self.weights.items()
        )
        return [
            Sentence(f"{counts}，共 {number(trace['votes'])} 票，加权平均 {number(trace['value'])}", confidential=True),
            Sentence(
                f"加权平均 {number(trace['value'])} ÷ {number(trace['divisor'])} × 满分 {number(trace['full'])}，"
                f"得 {points(trace.points)}",
                confidential=True,
            ),
        ]

    def describe(self, terms: Terms) -> list[str]:
        votes = "、".join(f"{BALLOT_NAMES[name]} {number(weight)}" for name, weight in self.weights.items())
        highest = number(max(self.weights.values()))
        ways = {"literal": f"÷ {number(self.out_of)} × 满分", "stretch": f"÷ {highest} × 满分"}
        asked = f"除以 {number(self.out_of)} 还是除以最高的 {highest}，再乘满分"
        return [f"每票计：{votes}；取全部票的平均", says_reading(self.scale, ways, asked, terms)]

    def best(self, full: Fraction) -> Fraction | None:
        return full if self.scale == "stretch" else full * max(self.weights.values()) / self.out_of


class Leaders(Rule):
    """For each role its share of the full mark × its leaders' scores as one ÷ 100."""

    kind: Literal["leaders"] = "leaders"
    shares: dict[Literal["chief", "deputy"], Exact] = Field(min_length=1)
    out_of: Exact = Fraction(100)
    panel: Annotated[Choice, Options("mean", "median", "trimmed")] = "mean"

    def points(self, inputs: Inputs) -> Outcome:
        const = inputs.numbers.const
        awarded = 0 * inputs.full
        quantities: dict[str, Array] = {"panel": inputs.decided(self.panel)}
        for role, share in self.shares.items():
            score = inputs.choose(self.panel, {how: partial(inputs.leader_score, role, how) for how in PANEL_WORDS})
            part = score / const(self.out_of) * const(share)
            quantities |= {f"{role}_score": score, f"{role}_count": inputs.leaders(role), f"{role}_points": part}
            awarded = awarded + part
        none = 0 * awarded
        return Outcome(awarded, none, none, quantities)

    def words(self, trace: Trace, terms: Terms) -> list[Sentence]:
        return [
            Sentence(
                f"{ROLE_NAMES[role]}校领导 {trace[f'{role}_count']} 位，"
                f"{says_panel(trace['panel'], trace[f'{role}_count'])} {number(trace[f'{role}_score'])}，"
                f"÷ {number(self.out_of)} × {number(share)} 得 {points(trace[f'{role}_points'])}",
                confidential=True,
            )
            for role, share in self.shares.items()
        ]

    def describe(self, terms: Terms) -> list[str]:
        decided = isinstance(self.panel, str)
        made = says_reading(self.panel, LEADERS_MADE_ONE, "几位领导的评分怎样合成", terms)
        parts = [
            f"{ROLE_NAMES[role]}校领导评分{made if decided else '合成后'} ÷ {number(self.out_of)} × {number(share)}"
            for role, share in self.shares.items()
        ]
        return parts if decided else [*parts, made]

    def best(self, full: Fraction) -> Fraction | None:
        return sum(self.shares.values(), Fraction(0))
