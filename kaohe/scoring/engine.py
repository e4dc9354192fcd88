"""Scores a bound year: every pool's rule computes over its evidence, and the outcomes are kept.

The same code runs on exact fractions, and in float64 for simulations (`Draws`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kaohe.rules import EXACT, Numbers, Outcome
from kaohe.scheme.policies import PolicyValue, structural
from kaohe.scoring.axes import Axes
from kaohe.scoring.bind import BoundYear, Pool
from kaohe.scoring.evaluation import Evaluation
from kaohe.scoring.inputs import Draws, PoolInputs, aggregate

__all__ = ["Draws", "PoolInputs", "Scored", "aggregate", "run"]


@dataclass(frozen=True)
class Scored:
    """What every pool's rule found, votes among them."""

    bound: BoundYear
    numbers: Numbers
    axes: Axes
    outcomes: tuple[tuple[Pool, Outcome], ...]
    draws: Draws | None = None
    unseparated: tuple[str, ...] = ()  # items of whose numbers no digits told some apart

    @cached_property
    def evaluation(self) -> Evaluation:
        """The tree above these outcomes."""
        found = Evaluation(self.bound, self.numbers, self.axes, self.draws)
        found.keep(self.outcomes)
        return found


def run(
    bound: BoundYear,
    numbers: Numbers = EXACT,
    several: Mapping[str, Sequence[Any]] | None = None,
    draws: Draws | None = None,
) -> Scored:
    """Score every pool. `several` puts more than one reading of a policy side by side.

    A policy that decides who is in which pool (`BoundYear`) cannot be among `several`: bind again.
    """
    axes = Axes(bound.policies, _side_by_side(bound, several or {}), draws is not None)
    evaluation = Evaluation(bound, numbers, axes, draws)
    outcomes = tuple((pool, evaluation.outcome(pool)) for pool in (*bound.pools, *bound.vote_pools))
    found = Scored(bound, numbers, axes, outcomes, draws, tuple(evaluation.unseparated))
    vars(found)["evaluation"] = evaluation  # what was asked of the tree meanwhile is not found again
    return found


def _side_by_side(bound: BoundYear, several: Mapping[str, Sequence[Any]]) -> dict[str, tuple[PolicyValue, ...]]:
    """The readings to score together; ValueError for an unknown, structural or contradictory one."""
    scheme = bound.scheme
    wrong = set(several) & structural(scheme)
    if wrong:
        raise ValueError(f"structural policies are bound, not scored side by side: {', '.join(sorted(wrong))}")
    unknown = set(several) - set(scheme.policy)
    if unknown:
        raise ValueError(f"no such policy: {', '.join(sorted(unknown))}")
    parsed = {name: tuple(scheme.policy[name].parse(value) for value in values) for name, values in several.items()}
    in_force = {name: (value,) for name, value in bound.policies.values.items()} | parsed
    for policy in scheme.policies:
        for option, others in policy.conflicts.items():
            for other, value in others.items():
                if option in in_force[policy.name] and value in in_force[other]:
                    raise ValueError(f"contradictory readings: {policy.name}={option} with {other}={value}")
    return parsed
