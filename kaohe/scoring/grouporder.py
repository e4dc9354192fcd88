"""The order of the units in a group, by what the group is ranked by: who stands in front, who is last."""

from __future__ import annotations

from typing import Any

import numpy as np

from kaohe.rules.comparing import places
from kaohe.rules.numbers import Array
from kaohe.scheme.root import Group
from kaohe.scoring.inputs import PoolInputs


def from_front(inputs: PoolInputs, group: Group, members: Array) -> Array:
    """Where units of a group stand by its score and what breaks ties: the lower, the further in front."""
    score = inputs.score(group.score, "points")[..., members]
    return group.from_front(score, [np.asarray(tie.of.of_units(inputs))[..., members] for tie in group.then_by])


def ranks_in(inputs: PoolInputs, group: Group, members: Array) -> Array:
    """Ranks of these units of a group among each other: arrays (..., members)."""
    return places(from_front(inputs, group, members), group.ties, lowest_first=True)


def last_of_groups(inputs: PoolInputs, item: str) -> Array:
    """For each unit whether nobody of its group has fewer points; all tied there are last.

    By what a group is ranked by, its own order decides.
    """
    bound, scores = inputs.bound, inputs.scores
    assert scores is not None
    out: Any = np.zeros(len(bound.units), dtype=bool)
    for key, group in bound.scheme.groups.items():
        members = bound.members_of(key)
        here = members[scores.known(item or group.score)[members]] if len(members) else members
        if len(here):
            mine = inputs.score(item or group.score, "points")[..., here]
            if item in ("", group.score):
                mine = -from_front(inputs, group, here)
            lowest = np.equal(mine, np.min(mine, axis=-1, keepdims=True)).astype(bool)
            if lowest.ndim > out.ndim:
                out = np.broadcast_to(out, (*lowest.shape[:-1], out.shape[-1])).copy()
            out[..., here] = lowest
    return np.asarray(out)
