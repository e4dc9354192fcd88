"""The tables of the decision page: results of every combination of readings, to be looked up by a browser.

Nothing is left to compute there: readings are followed through diagrams to an outcome, which says each unit's rank and
grade, and to each unit's total, which is text already. Nodes and results are numbered as they are first met, so that a
page can write them short (`batch/decide`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from kaohe.analysis.combinations.diagrams import Diagram, in_order_met, merged
from kaohe.analysis.combinations.flips import MOVES
from kaohe.analysis.combinations.lookup import Lookup, UnitTotals
from kaohe.analysis.policies import AllReadings
from kaohe.analysis.readings import NO_ANSWER
from kaohe.rules.wording import fixed
from kaohe.scheme.policies import PolicyValue, say_value
from kaohe.scheme.root import Policy


def decide_data(found: AllReadings) -> dict[str, Any]:
    """As the page reads it; policies by their place, settings in the order of their policies' values.

    Empty where not every group was gone through, or the scheme offers no other reading.
    """
    choices, scheme = found.choices, found.bound.scheme
    if (
        not found.outcomes
        or len(found.outcomes) < len(found.ways) + len(found.without)
        or found.choices.combinations == 1
    ):
        return {}  # not every result is known, or there is nothing to decide
    names = list(choices.values)
    place = {name: at for at, name in enumerate(names)}
    return {
        "policies": [_policy(found, policy) for policy in scheme.policies],
        "groups": [_group(Lookup(each), place, scheme.groups[each.space.key].name) for each in found.outcomes],
    }


def _policy(found: AllReadings, policy: Policy) -> dict[str, Any]:
    choices = found.choices
    values, now = choices.values[policy.name], choices.in_force[policy.name]
    decision = choices.in_force.decisions.get(policy.name)
    return {
        "name": policy.name,
        "id": policy.id,
        "question": policy.question,
        "clause": policy.clause,
        "values": [say_value(value) for value in values],
        "says": [_says(policy, value) for value in values],
        "now": values.index(now),
        "moves": MOVES[3] if policy.name in choices.fractions else found.moves.get(policy.name, ""),
        "alone": any(set(one) == {policy.name} for flip in found.flips for one in flip.sets),
        "decided": {"value": say_value(now), "reason": decision.reason, "decided_on": decision.decided_on}
        if decision is not None and choices.in_force.origin[policy.name] == "year"
        else None,
    }


def _says(policy: Policy, value: PolicyValue) -> str:
    if isinstance(value, str):
        return policy.options[value].says
    return f"{say_value(value * 100)}%"


def _group(look: Lookup, place: Mapping[str, int], name: str) -> dict[str, Any]:
    space = look.found.space
    choices, bound = space.choices, space.choices.bound
    settings = list(choices.each(choices.outer))
    digits = bound.scheme.decimals[bound.scheme.groups[space.key].score]
    why: dict[str, int] = {}
    home = []
    for setting in settings:
        if setting in space.home:
            home.append(space.home[setting])
        else:
            home.append(-1 - why.setdefault(_refusal(look, setting), len(why)))
    grades, index = np.unique(look.found.grade, return_inverse=True)
    rows = np.asarray(index).reshape(-1, len(space.units))
    distinct, which = np.unique(rows, axis=0, return_inverse=True)
    outcomes, met = in_order_met(look.outcomes)
    return {
        "name": name,
        "units": [{"id": bound.units[at].unit_id, "name": bound.units[at].name} for at in space.units],
        "outer": [place[each] for each in choices.outer],
        "home": home,
        "why": list(why),
        "axes": [
            {"policies": [place[each] for each in one.names], "effect": one.effect.tolist()} for one in space.groups
        ],
        "outcomes": _levels(outcomes),
        "ranks": look.found.rank[met].tolist(),
        "graded": [place[each] for each in choices.grades],
        "grades": np.asarray(which).reshape(len(look.found.rank), -1)[met].tolist(),
        "rows": distinct.tolist(),
        "names": grades.tolist(),
        "totals": [_totals(each, digits) for each in look.totals],
    }


def _totals(found: UnitTotals, digits: int) -> dict[str, Any]:
    """A unit's totals as they are shown: those that look alike are one."""
    says: dict[str, int] = {}
    looks = np.array([says.setdefault(fixed(value, digits), len(says)) for value in found.values])
    shown, met = in_order_met(merged(found.diagram, looks))
    texts = list(says)
    return {"axes": list(found.groups), "levels": _levels(shown), "says": [texts[place] for place in met]}


def _levels(diagram: Diagram) -> list[dict[str, Any]]:
    """`of`: whose choice is asked, 0 what acts above the figures, then the axes in turn."""
    return [
        {"of": axis, "wide": level.shape[1], "to": level.reshape(-1).tolist()}
        for axis, level in zip(diagram.axes, diagram.levels, strict=True)
    ]


def _refusal(look: Lookup, setting: tuple[PolicyValue, ...]) -> str:
    """Why readings may not stand together, in the words of the questions; the scheme's own where it says otherwise."""
    choices = look.found.space.choices
    scheme = choices.bound.scheme
    here = {**choices.in_force.values, **dict(zip(choices.outer, setting, strict=True))}
    for policy in scheme.policies:
        for option, others in policy.conflicts.items():
            for other, value in others.items():
                if here[policy.name] == option and here[other] == value:
                    against = scheme.policy[other]
                    return (
                        f"{policy.id}“{policy.options[option].says}”与 {against.id}“{against.options[value].says}”"
                        f"相互矛盾（{policy.clause}），不能同时采用"
                    )
    return choices.refused(here) or NO_ANSWER
