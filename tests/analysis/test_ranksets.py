"""Rank confidence sets: known simple cases, a second plain implementation, and coverage."""

import numpy as np
import pytest

from kaohe.analysis.ranksets import rank_sets


def sets(estimates, errors, **more):
    low, high = rank_sets(np.array(estimates, dtype=float), np.array(errors, dtype=float), **more)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def test_what_is_certain_has_one_rank_and_what_is_not_has_all():
    assert sets([10, 30, 20], [0.01] * 3) == [(3, 3), (1, 1), (2, 2)]
    assert sets([10, 30, 20], [0, 0, 0]) == [(3, 3), (1, 1), (2, 2)]
    assert sets([10, 30, 20], [1000] * 3) == [(1, 3)] * 3
    assert sets([5, 5, 1], [0, 0, 0]) == [(1, 2), (1, 2), (3, 3)]
    assert sets([7], [1]) == [(1, 1)]
    assert sets([100, 5, 4], [1, 1, 1]) == [(1, 1), (2, 3), (2, 3)]


def test_two_units_are_told_apart_from_the_normal_quantile_on():
    """Both directions are asked about, so at 0.95 it is 1.96 standard errors of the difference, here √2."""
    assert sets([1.85 * 2**0.5, 0], [1, 1], draws=20_000) == [(1, 2), (1, 2)]
    assert sets([2.07 * 2**0.5, 0], [1, 1], draws=20_000) == [(1, 1), (2, 2)]
    one_sided = {"simultaneous": False, "sides": "high", "draws": 20_000}  # of one direction alone it is 1.64
    assert sets([1.75 * 2**0.5, 0], [1, 1], **one_sided)[0] == (1, 1)
    assert sets([1.55 * 2**0.5, 0], [1, 1], **one_sided)[0] == (1, 2)


def test_what_all_have_in_common_is_no_error_of_a_difference():
    together = np.full((3, 3), 400.0) + np.diag([0.01] * 3)
    assert sets([3, 2, 1], together) == [(1, 1), (2, 2), (3, 3)]
    assert sets([3, 2, 1], np.diag([400.0] * 3)) == [(1, 3)] * 3
    assert sets([3, 2, 1], np.full((3, 3), 400.0)) == [(1, 1), (2, 2), (3, 3)]


def by_hand(means, errors, level, draws, seed):
    """Stepdown over ordered pairs, pair by pair and draw by draw."""
    units = range(len(means))
    noise = np.random.default_rng(seed).standard_normal((draws, len(means))) * np.array(errors)
    over = {(j, k): (errors[j] ** 2 + errors[k] ** 2) ** 0.5 for j in units for k in units if j != k}
    left, proven = set(over), set()
    while left:
        largest = sorted(max((row[j] - row[k]) / over[j, k] for j, k in left) for row in noise)
        bound = largest[int(np.ceil(level * (draws - 1)))]
        new = {(j, k) for j, k in left if (means[j] - means[k]) / over[j, k] > bound}
        if not new:
            break
        left, proven = left - new, proven | new
    return [
        (
            1 + sum((k, j) in proven for k in units if k != j),
            len(means) - sum((j, k) in proven for k in units if k != j),
        )
        for j in units
    ]


@pytest.mark.parametrize("seed", range(6))
def test_the_plain_way_finds_the_same(seed):
    random = np.random.default_rng(100 + seed)
    means, errors = random.normal(0, 3, 6), random.uniform(0.5, 1.5, 6)
    found = sets(means, errors, level=0.9, draws=400, seed=seed)
    assert found == by_hand(means.tolist(), errors.tolist(), 0.9, 400, seed)
    own = sets(means, errors, level=0.9, draws=400, seed=seed, simultaneous=False)
    assert all(low <= one and other <= high for (one, other), (low, high) in zip(own, found, strict=True))


@pytest.mark.parametrize("simultaneous", [True, False])
def test_sets_hold_the_true_ranks_as_often_as_they_say(simultaneous):
    """300 years with known ranks; at 0.9 at least 0.85 of them, three standard errors below."""
    truth, errors, level = np.array([3.0, 2, 1.5, 1, 0]), np.array([0.5, 0.4, 0.6, 0.5, 0.3]), 0.9
    random = np.random.default_rng(7)
    held = []
    for seed in range(300):
        low, high = rank_sets(
            random.normal(truth, errors), errors, level=level, simultaneous=simultaneous, draws=300, seed=seed
        )
        held.append((low <= [1, 2, 3, 4, 5]) & (high >= [1, 2, 3, 4, 5]))
    share = np.mean(np.all(held, axis=1)) if simultaneous else np.mean(held, axis=0).min()
    assert share > level - 3 * (level * (1 - level) / 300) ** 0.5


def test_same_seed_same_sets_whatever_the_scale():
    means, errors = [4.0, 3.5, 2, 1.75], [0.5, 0.25, 0.5, 1]
    first = sets(means, errors, seed=3)
    assert first == sets(means, errors, seed=3)
    assert first == sets([64 * each + 1024 for each in means], [64 * each for each in errors], seed=3)


@pytest.mark.parametrize(
    ("estimates", "errors", "level"),
    [
        ([1, 2], [1], 0.9), ([1, np.nan], [1, 1], 0.9), ([1, 2], [1, -1], 0.9), ([1, 2], [1, 1], 1),
        ([1, 2], [[1, 2], [2, 1]], 0.9),
    ],
)  # fmt: skip
def test_what_is_no_estimate_is_refused(estimates, errors, level):
    with pytest.raises(ValueError, match=r"estimates|standard error|level|covariance"):
        sets(estimates, errors, level=level)
