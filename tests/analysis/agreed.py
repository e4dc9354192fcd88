"""The fields of each answer's JSON that checks from outside read, and of which kind each is.

`agreed(name, found)` holds an answer against them: a list stands for any number, `...` for any key, a tuple for one
of several. What is a list or a map in the agreement has to hold something, so that its inside is looked at, unless the
year has nothing of it (`empty`).
"""

from fractions import Fraction


def exact(value):
    """A number written exactly: `a/b` or a whole one."""
    return isinstance(value, str) and str(Fraction(value)) == value


def share(value):
    return type(value) in (int, float) and 0 <= value <= 1


NUMBER = (int, float)
MOVED = {"unit": str, "rank": int, "rank_then": int, "grade": str, "grade_then": str}
OUT = {"out": str, "moved": [MOVED]}
RATER = {"rater": str, "n": int, "severity": NUMBER, "spread": NUMBER, "agreement": (*NUMBER, None), "decides": [str]}
WAY = {
    "changes": [{"item": str, "field": str, "from": exact, "to": exact}],
    "rank": int,
    "grade": str,
    "total": exact,
    "gains": {...: exact},
}
SPLIT = {"from": (exact, None), "to": (exact, None), "own": exact, "others": exact, "scheme": exact, "policies": exact}
AGREED = {
    "policies": {
        "policies": [{"name": str, "values": [str], "in_force": str}],
        "combinations": int,
        "not_computable": [{"why": str, "count": int}],
        "units": {...: {"rank_min": int, "rank_max": int, "grades": {...: (int, None)}}},
        "flips": [{"unit": str, "from": str, "to": str, "sets": [[{"name": str, "value": str}]]}],
        "idle": [str],
        "fail_lines": {...: exact},
    },
    "robust": {
        "draws": int,
        "seed": int,
        "level": share,
        "parameters": {"fewest_raters": int, "draws_of_one_source": int, "draws_of_rank_sets": int},
        "units": {
            ...: {"rank": int, "low": int, "high": int, "in_quota": share, "score_low": NUMBER, "score_high": NUMBER}
        },
        "pairs": [{"above": str, "below": str, "share": share}],
        "leave_one_rater_out": [OUT],
        "leave_one_item_out": [OUT],
        "raters": [RATER],
        "agreement": {...: dict.fromkeys(("kendall_w", "icc2", "icc2k", "icc3", "icc3k"), (*NUMBER, None))},
    },
    "calibration": {"raters": [RATER], "leave_one_rater_out": [OUT], "items": [{"id": str, "spread": NUMBER}]},
    "health": {
        "items": [
            {
                "id": str,
                "ceiling": (share, None),
                "floor": share,
                "distinct": int,
                "discrimination": (*NUMBER, None),
                "effective_weight": (*NUMBER, None),
                "nominal_weight": (share, None),
                "redundant_with": [{"id": str, "rho": NUMBER, "low": NUMBER, "high": NUMBER}],
                "bands_unused": [str],
                "self_minus_panel": (*NUMBER, None),
                "decided_by_one_rater": (bool, None),
            }
        ],
        "proposals": [{"id": str, "why": str, "evidence": [str]}],
    },
    "goal": {"reachable": bool, "sets": [WAY], "singles": [WAY], "never": [{"items": [str], "why": str}]},
    "changed": {"units": {...: {**SPLIT, "items": {...: SPLIT}}}},
    "backtest": {"years": {...: {"moved": [MOVED], "missing": [{"item": str}], "items": [{"id": str}]}}},
}


def agreed(name, found, empty=()):
    """AssertionError where a field is missing, of another kind, or nowhere filled."""
    filled, all_of = set(), set()
    _paths(AGREED[name], "", all_of)
    _fits(found, AGREED[name], "", filled)
    bare = sorted(path for path in all_of - filled if not path.startswith(tuple(f".{each}" for each in empty)))
    assert not bare, bare


def _paths(shape, at, paths):
    """Every list and map of the agreement."""
    if isinstance(shape, list):
        paths.add(at)
        _paths(shape[0], f"{at}[]", paths)
    elif isinstance(shape, dict):
        for key, inner in shape.items():
            if key is ...:
                paths.add(at)
            _paths(inner, f"{at}.*" if key is ... else f"{at}.{key}", paths)


def _fits(found, shape, at, filled):
    if isinstance(shape, list):
        assert isinstance(found, list), at
        filled.update([at] if found else [])
        for each in found:
            _fits(each, shape[0], f"{at}[]", filled)
    elif isinstance(shape, dict) and ... in shape:
        assert isinstance(found, dict), at
        filled.update([at] if found else [])
        for each in found.values():
            _fits(each, shape[...], f"{at}.*", filled)
    elif isinstance(shape, dict):
        for key, inner in shape.items():
            assert key in found, f"{at}.{key}"
            _fits(found[key], inner, f"{at}.{key}", filled)
    else:
        assert any(_is(found, kind) for kind in (shape if isinstance(shape, tuple) else (shape,))), (at, found)


def _is(found, kind):
    """Of that very type: true and false are no whole numbers."""
    if kind is None:
        return found is None
    return type(found) is kind if isinstance(kind, type) else kind(found)
