"""How steady each rank of a scored year is: its confidence set under resampling, and the readings that move it.

Two answers that exist already, side by side for whoever looks at a ranking: of `kaohe robust` the rank sets alone, of
the readings every other one by itself. What several readings do together `kaohe policies` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kaohe.analysis.readings import policy_effects
from kaohe.analysis.robust import DRAWS, LEVEL, SEED, quota_grade, rank_standings, scored_exactly
from kaohe.intake import Intake
from kaohe.scoring.book import ScoreBook, Shift


@dataclass(frozen=True)
class Turn:
    """A reading that gives a unit another rank or grade: the policy's name and id, the reading, what it makes."""

    policy: str
    id: str
    says: str
    shift: Shift

    @property
    def regrades(self) -> bool:
        return self.shift.grade != self.shift.grade_then


@dataclass(frozen=True)
class Steady:
    """A unit's rank: `low` … `high` its rank confidence set, `in_quota` the share of draws with a place in the quota
    (None where no grade has one), `turns` the readings that move it, those that change the grade first."""

    unit: str
    rank: int
    low: int
    high: int
    in_quota: float | None
    turns: tuple[Turn, ...]

    @property
    def regrading(self) -> tuple[Turn, ...]:
        return tuple(turn for turn in self.turns if turn.regrades)

    @property
    def settled(self) -> bool:
        """Whether neither other raters nor another reading would give it another rank or grade."""
        return self.low == self.high and not self.turns


@dataclass(frozen=True)
class Stability:
    """Unit → how steady its rank is; units without a total are not in it. `drawn`: what was drawn anew, by source."""

    units: Mapping[str, Steady]
    drawn: tuple[str, ...]
    draws: int
    level: float
    quota_grade: str


def stability(
    intake: Intake, book: ScoreBook, *, draws: int = DRAWS, seed: int = SEED, level: float = LEVEL
) -> Stability:
    """`book` is `intake` scored; the same seed gives the same numbers as `kaohe robust`."""
    now, base = scored_exactly(intake, book)
    bound = now.bound
    standings, drawn = rank_standings(base, draws=draws, seed=seed, level=level)
    turns: dict[str, list[Turn]] = {}
    for effect in policy_effects(now, base):
        policy = bound.scheme.policy[effect.policy]
        for option in effect.options:
            for shift in option.moved:
                turns.setdefault(shift.unit, []).append(Turn(policy.name, policy.id, option.says, shift))
    found = {
        each.unit: Steady(
            each.unit, each.rank, each.low, each.high, each.in_quota,
            tuple(sorted(turns.get(each.unit, ()), key=lambda turn: not turn.regrades)),
        )
        for each in standings
    }  # fmt: skip
    return Stability(found, drawn, draws, level, quota_grade(bound))
