"""`reference_scores`: a year's points, results and grades, exactly."""

from dataclasses import dataclass
from fractions import Fraction

from tests.reference.evidence import Year, exact
from tests.reference.figures import (
    BALLOT_FULL,
    BASE_MAX,
    JUDGED,
    KEY,
    POLICIES,
    REQUIRED_METRICS,
    STATED_BASE,
    STATED_KEY,
    base_max,
    department_max,
    key_max,
)
from tests.reference.key import judged, key_points, panel
from tests.reference.results import grades, group_of, last_of_groups, ranks

ZERO = Fraction(0)


class MissingInputError(ValueError):
    """An applicable input is missing and the scoring is not provisional; `missing` lists (unit, what)."""

    def __init__(self, missing):
        super().__init__(f"missing: {missing}")
        self.missing = missing


@dataclass(frozen=True)
class Cell:
    """One unit and indicator; points = raw - deducted - capped, all None where it does not apply."""

    applicable: bool
    max_points: Fraction | None
    points: Fraction | None
    raw: Fraction | None
    deducted: Fraction | None
    capped: Fraction | None
    status: str  # scored, disputed, missing, not_applicable


@dataclass(frozen=True)
class Reference:
    """`scores[unit_id, indicator]` is a Cell, `results[unit_id]` a dict with the columns of the results table."""

    scores: dict
    results: dict


def reference_scores(tables, policies=None, previous=None, provisional=False, *, year="2018-2019"):
    """Score `tables`; `previous` is the year before: its tables, or a pair (tables, policies)."""
    policies = complete(policies)
    data = Year(tables, year)
    scores, missing = all_cells(data, policies)
    missing += missing_components(data)
    if missing and not provisional:
        raise MissingInputError(missing)
    results = {unit: unit_result(unit, data, scores, policies) for unit in data.units}
    ranks(results)
    grades(results, {unit: fail_below(unit, data, policies) for unit in data.units}, data, policies)

    last_before = None
    if previous is not None:
        before, before_policies = previous if isinstance(previous, tuple) else (previous, None)
        first = int(year[:4]) - 1
        earlier = reference_scores(before, before_policies, None, provisional, year=f"{first}-{first + 1}")
        last_before = last_of_groups(earlier.results)
    last_now = last_of_groups(results)
    for unit, row in results.items():
        row["last_two_years"] = None if last_before is None else unit in last_now and unit in last_before
    return Reference(scores, results)


def complete(policies):
    chosen = {name: values[0] for name, values in POLICIES.items()}
    for name, value in (policies or {}).items():
        if name == "fail_line":
            value = Fraction(value)
        elif value not in POLICIES[name]:
            raise ValueError(f"{name}={value}")
        chosen[name] = value
    if chosen["full_marks"] == "stated" and chosen["teaching_depts"] == "included":
        raise ValueError("full_marks=stated and teaching_depts=included contradict each other")
    return chosen


def own_indicators(unit, data, policies):
    """{indicator: full mark or None} of a unit, before exemptions."""
    category = data.category(unit)
    if category == "department":
        return department_max(unit)
    base = {b: base_max(b, category) for b in BASE_MAX}
    return base | {k: key_max(k, category, policies["teaching_depts"]) for k in KEY}


def all_cells(data, policies):
    scores, missing, pools = {}, [], {}
    for unit in data.units:
        for indicator, full in own_indicators(unit, data, policies).items():
            if full is None or (unit, indicator) in data.exempt:
                scores[unit, indicator] = Cell(False, None, None, None, None, None, "not_applicable")
                continue
            is_judged = data.category(unit) == "department" or indicator in JUDGED
            metrics = REQUIRED_METRICS.get(indicator, [])
            lacking = [name for name in metrics if (unit, name) not in data.metrics]
            if is_judged and not data.ratings.get((unit, indicator)):
                lacking.append(indicator)
            if lacking:
                missing += [(unit, name) for name in lacking]
                scores[unit, indicator] = Cell(True, full, ZERO, ZERO, ZERO, ZERO, "missing")
                continue
            disputed = any((unit, name) in data.disputed for name in metrics)
            disputed = disputed or (is_judged and (unit, indicator) in data.disputed)
            status = "disputed" if disputed else "scored"
            if not is_judged:
                pools.setdefault(indicator, {})[unit] = (full, status)
            elif ".T" in indicator:
                points = panel(data.ratings[unit, indicator], policies["panel"]) / 100 * full
                scores[unit, indicator] = Cell(True, full, points, points, ZERO, ZERO, status)
            else:
                scores[unit, indicator] = cell(full, judged(indicator, unit, data, policies), status)
    for indicator, pool in pools.items():
        points = key_points(indicator, list(pool), data, policies)
        for unit, (full, status) in pool.items():
            scores[unit, indicator] = cell(full, points[unit], status)
    in_order = {(u, k): scores[u, k] for u in data.units for k in own_indicators(u, data, policies)}
    return in_order, missing


def cell(full, parts, status):
    raw, deducted, capped = parts
    return Cell(True, full, raw - deducted - capped, raw, deducted, capped, status)


def missing_components(data):
    voted = {row["unit_id"] for row in data.table("ballots")}
    missing = [(unit, "ballots") for unit in data.units if unit not in voted]
    for unit in data.units:
        roles = {row["role"] for row in data.table("leader_ratings") if row["unit_id"] == unit}
        missing += [(unit, role) for role in ("chief", "deputy") if role not in roles]
    return missing


def ballot_points(unit, data, policies):
    full = BALLOT_FULL[group_of(data.category(unit))]
    for row in data.table("ballots"):
        if row["unit_id"] == unit:
            a, b, c = exact(row["excellent"]), exact(row["qualified"]), exact(row["unqualified"])
            best = 90 if policies["ballot_scale"] == "stretch" else 100
            return full * (90 * a + 70 * b + 50 * c) / (best * (a + b + c))
    return ZERO


def leader_points(unit, data, policies):
    rows = [row for row in data.table("leader_ratings") if row["unit_id"] == unit]
    chiefs = [exact(row["score"]) for row in rows if row["role"] == "chief"]
    deputies = [exact(row["score"]) for row in rows if row["role"] == "deputy"]
    if not chiefs or not deputies:
        return ZERO
    chief, deputy = (panel(scores, policies["leader_panel"]) for scores in (chiefs, deputies))
    return 20 * chief / 100 + 10 * deputy / 100


def own_full_marks(unit, data, policies):
    """(base, key) full marks of a 院部, (whole, 0) of a department: stated or derived (P02), less exemptions."""
    marks = own_indicators(unit, data, policies)
    category = data.category(unit)

    def total(start, exempted):
        return sum(
            (full for name, full in marks.items()
             if name.startswith(start) and full is not None and ((unit, name) in data.exempt) is exempted),
            ZERO,
        )  # fmt: skip

    if category == "department":
        return total("D", False), ZERO
    if policies["full_marks"] == "stated":
        return STATED_BASE[category] - total("B", True), STATED_KEY[category] - total("K", True)
    return total("B", False), total("K", False)


def fail_below(unit, data, policies):
    attainable = Fraction(200)
    if policies["rescale"] == "none":
        attainable = BALLOT_FULL[group_of(data.category(unit))] + sum(own_full_marks(unit, data, policies)) + 30
    return policies["fail_line"] * attainable


def unit_result(unit, data, scores, policies):
    category = data.category(unit)
    group = group_of(category)

    def points(start):
        mine = [c.points for (u, name), c in scores.items() if u == unit and name.startswith(start) and c.applicable]
        return sum(mine, ZERO)

    base_full, key_full = own_full_marks(unit, data, policies)
    base_raw = base_points = key_raw = key_points_ = None
    if group == "department":
        target = points("D")
        if policies["rescale"] != "none":
            target = target / base_full * 100
    else:
        base_raw, key_raw = points("B"), points("K")
        base_points, key_points_ = base_raw, key_raw
        if policies["component_cap"] == "cap":
            base_points, key_points_ = min(base_raw, base_full), min(key_raw, key_full)
        target = base_points + key_points_
        if policies["rescale"] == "proportional":
            base_points, key_points_ = base_points / base_full * 55, key_points_ / key_full * 95
            target = base_points + key_points_
        elif policies["rescale"] == "combined":
            target = target / (base_full + key_full) * 150
    ballots, leaders = ballot_points(unit, data, policies), leader_points(unit, data, policies)
    return {
        "year": data.year,
        "unit_id": unit,
        "name": data.units[unit]["name"],
        "group": group,
        "category": category,
        "ballot_points": ballots,
        "base_raw": base_raw,
        "base_points": base_points,
        "key_raw": key_raw,
        "key_points": key_points_,
        "target_points": target,
        "leader_points": leaders,
        "total": ballots + target + leaders,
    }
