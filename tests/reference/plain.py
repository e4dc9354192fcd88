"""The plainest complete year: every rating full, every count 0, every size 100; tests change what they look at."""

from datetime import date
from fractions import Fraction

from tests.reference.figures import JUDGED, REQUIRED_METRICS
from tests.reference.years import TABLES, full_marks

SIZES = {"enrolled_students", "major_teachers", "staff", "full_time_teachers", "majors", "new_students_prev",
         "recruitment_plan"}  # fmt: skip
GOOD = {"invigilation_rate", "party_day_rate", "survey_rate", "initial_employment_rate", "yearend_employment_rate"}


def plain_year(**categories):
    """Tables of units given as unit_id=category."""
    tables = {name: [] for name in TABLES}
    for unit, category in categories.items():
        tables["units"].append({"unit_id": unit, "name": unit, "category": category, "party_org": None})
        marks = full_marks(unit, category)
        for indicator, full in marks.items():
            if category == "department" or indicator in JUDGED:
                rate(tables, unit, indicator, Fraction(100) if ".T" in indicator else full)
        for name in {m for k, names in REQUIRED_METRICS.items() if k in marks for m in names}:
            value = 100 if name in SIZES else 1 if name in GOOD else 0
            tables["metrics"].append({"unit_id": unit, "metric": name, "value": value})
        tables["ballots"].append({"unit_id": unit, "excellent": 10, "qualified": 0, "unqualified": 0})
        for leader, role in (("甲", "chief"), ("乙", "deputy")):
            tables["leader_ratings"].append({"unit_id": unit, "leader": leader, "role": role, "score": 100})
        for kind in ("innovation", "breakthrough"):
            tables["declarations"].append({"unit_id": unit, "kind": kind, "title": kind, "accepted": True})
    return tables


def colleges(n):
    return {f"C{i}": "college" for i in range(1, n + 1)}


def put(tables, unit, **metrics):
    """Replace metrics; a value given as text is a decimal, None takes the metric away."""
    for name, value in metrics.items():
        rows = tables["metrics"]
        rows[:] = [r for r in rows if (r["unit_id"], r["metric"]) != (unit, name)]
        if value is not None:
            rows.append({"unit_id": unit, "metric": name, "value": Fraction(value)})


def put_all(tables, name, *values):
    """One metric of C1, C2, …"""
    for number, value in enumerate(values, 1):
        put(tables, f"C{number}", **{name: value})


def rate(tables, unit, indicator, *points):
    """Replace the ratings of a cell: one a rater."""
    rows = tables["ratings"]
    rows[:] = [r for r in rows if (r["unit_id"], r["indicator"]) != (unit, indicator)]
    rows.extend({"unit_id": unit, "indicator": indicator, "rater": f"评委{n}", "points": Fraction(p)}
                for n, p in enumerate(points))  # fmt: skip


def incident(tables, unit, indicator, count=1, points=None, day=date(2019, 3, 1)):
    tables["incidents"].append(
        {"unit_id": unit, "indicator": indicator, "date": day, "count": count, "points": points, "note": ""}
    )


def achieve(tables, unit, indicator, kind, level=None, award=None, title=None, day=date(2019, 3, 1), first=True,
            amount=None):  # fmt: skip
    title = title or f"title {len(tables['achievements'])}"
    tables["achievements"].append(
        {"unit_id": unit, "indicator": indicator, "kind": kind, "level": level, "award": award, "title": title,
         "date": day, "first_author": first, "amount": amount}
    )  # fmt: skip


def exempt(tables, unit, indicator):
    tables["exemptions"].append({"unit_id": unit, "indicator": indicator, "reason": "领导小组决定"})


def leaders(tables, unit, score):
    for row in tables["leader_ratings"]:
        if row["unit_id"] == unit:
            row["score"] = Fraction(score)
