"""Random years for the reference and the library: valid, and dense in ties, exact hits and odd cases.

Hypothesis draws a seed and the shape (who is there, how many raters …); `random.Random` fills the cells, as one draw a
cell would take seconds. The same shape and seed build the same year.
"""

import copy
import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from hypothesis import strategies as st

from tests.reference import grids
from tests.reference.figures import (
    BASE_MAX,
    JUDGED,
    KEY,
    LAST_TASK,
    POLICIES,
    REQUIRED_METRICS,
    base_max,
    department_max,
    key_max,
)

TABLES = ["units", "metrics", "achievements", "ratings", "incidents", "ballots", "leader_ratings", "declarations",
          "vetoes", "awards", "exemptions", "self_scores"]  # fmt: skip
FAIL_LINES = [Fraction(n, 100) for n in (0, 50, 60, 65, 70, 75, 80, 90)]


@dataclass(frozen=True)
class Shape:
    """What hypothesis draws; probabilities are per cent."""

    seed: int = 0
    colleges: int = 3
    continuing: bool = True
    foundation: bool = True
    ideology: bool = True
    departments: tuple = ("D01", "D03")
    raters: int = 2  # at most
    clones: int = 30  # a unit repeats an earlier one of its category
    accepted: int = 80  # a declaration is there and accepted
    exempted: int = 20  # a unit has exemptions
    disputed: int = 2  # a metric or rating is disputed
    year: str = "2018-2019"


@st.composite
def shapes(draw, year="2018-2019"):
    departments = draw(st.lists(st.sampled_from(sorted(LAST_TASK)), max_size=5, unique=True))
    special = [draw(st.booleans()) for _ in range(3)]
    least = 0 if departments or any(special) else 1
    return Shape(
        draw(st.integers(0, 2**32 - 1)),
        draw(st.integers(least, 6)),
        *special,
        tuple(sorted(departments)),
        raters=draw(st.sampled_from([1, 1, 2, 3, 5, 6])),
        clones=draw(st.sampled_from([0, 30, 90])),
        accepted=draw(st.sampled_from([80, 100, 40])),
        exempted=draw(st.sampled_from([0, 20])),
        disputed=draw(st.sampled_from([0, 2])),
        year=year,
    )


def years(year="2018-2019"):
    """Complete, valid tables of one year."""
    return shapes(year).map(build)


@st.composite
def incomplete_years(draw, year="2018-2019"):
    """Tables of a year in which some inputs that apply are not in yet."""
    shape = draw(shapes(year))
    return drop_inputs(build(shape), random.Random(shape.seed + 1), draw(st.sampled_from([2, 10, 40])))


@st.composite
def year_pairs(draw, year="2019-2020"):
    """(tables of `year`, tables of the year before), many units in both."""
    first = int(year[:4]) - 1
    return draw(years(year)), draw(years(f"{first}-{first + 1}"))


@st.composite
def policy_sets(draw):
    """Consistent policies; most are left at their default, so that the others' effect shows."""
    chosen = {}
    for name, values in POLICIES.items():
        choices = FAIL_LINES if name == "fail_line" else values
        if draw(st.booleans()):
            chosen[name] = draw(st.sampled_from(choices))
    if chosen.get("full_marks") == "stated" and chosen.get("teaching_depts") == "included":
        del chosen[draw(st.sampled_from(["full_marks", "teaching_depts"]))]
    return chosen


class Dice(random.Random):
    def chance(self, per_cent):
        return self.random() * 100 < per_cent

    def mostly(self, value, other, per_cent=90):
        return value if self.chance(per_cent) else other


def build(shape):
    """The tables of a shape."""
    dice = Dice(shape.seed)
    units = [(f"C{n}", "college") for n in range(1, shape.colleges + 1)]
    units += [(unit, unit_category) for unit, unit_category, there in
              [("JX", "continuing", shape.continuing), ("JC", "foundation", shape.foundation),
               ("SZ", "ideology", shape.ideology)] if there]  # fmt: skip
    units += [(unit, "department") for unit in shape.departments]
    yuanbu = [unit for unit, category in units if category != "department"]
    pooled = pooled_figures(dice, yuanbu)
    leaders = [f"校领导{n}" for n in range(dice.randint(2, 8))]
    roles = {leader: "chief" if n == 0 or (n == 1 and len(leaders) > 3) else "deputy"
             for n, leader in enumerate(leaders)}  # fmt: skip

    made, tables = {}, {name: [] for name in TABLES}
    for unit, category in units:
        earlier = [other for other, its in units if its == category != "department" and other in made]
        if earlier and dice.chance(shape.clones):
            made[unit] = renamed(made[dice.choice(earlier)], unit)
        else:
            made[unit] = one_unit(dice, shape, unit, category, pooled.get(unit), roles)
        for name, rows in made[unit].items():
            tables[name] += rows
    if dice.chance(30):
        for rows in tables.values():
            dice.shuffle(rows)
    return tables


def renamed(tables, unit):
    tables = copy.deepcopy(tables)
    for rows in tables.values():
        for row in rows:
            row["unit_id"] = unit
    tables["units"][0]["name"] = f"单位{unit}"
    return tables


def pool(dice, n):
    """n pairs (factor of the mean, size): mirrored around 1, with pairs of one size or not, or any, or all alike."""
    sizes = [dice.choice([50, 100, 400]) for _ in range(n)]
    if n == 0:
        return []
    way = dice.choice(["mirror", "mirror", "mirror", "uneven", "uneven", "any", "any", "any", "alike", "zero"])
    if way not in ("mirror", "uneven"):
        alike = dice.choice(grids.FACTORS[1:])
        return [({"any": dice.choice(grids.FACTORS), "alike": alike, "zero": Fraction(0)}[way], s) for s in sizes]
    pairs = []
    for size in sizes[: n // 2]:
        pairs += [(factor, size) for factor in dice.choice(grids.PAIRS)]
    pairs += [(Fraction(1), sizes[-1])] * (n % 2)
    if way == "uneven":
        pairs = [(factor, size) for (factor, _), size in zip(pairs, sizes, strict=True)]
    dice.shuffle(pairs)
    return pairs


def pooled_figures(dice, yuanbu):
    """Figures of each unit that are compared with the pool's: {unit: (metrics, weight wanted in K7.1)}."""
    colleges = [u for u in yuanbu if u[0] == "C"]
    taught, trained, praised = (pool(dice, len(yuanbu)) for _ in range(3))
    intake = dict(zip(colleges, pool(dice, len(colleges)), strict=True))
    figures = {}
    for unit, (r, teachers), (t, staff), (w, _) in zip(yuanbu, taught, trained, praised, strict=True):
        times = t * staff * Fraction(4, 10)
        training = floor(times * dice.choice([0, Fraction(1, 2), 1]))
        m = {"students_taught": r * 20 * teachers, "major_teachers": Fraction(teachers), "staff": Fraction(staff),
             "training_persontimes": Fraction(training), "practice_persontimes": times - training}  # fmt: skip
        if unit in intake:
            e, size = intake[unit]
            majors = size // 50
            m["new_students"], m["majors"] = e * 660 * majors, Fraction(majors)
            m["new_students_prev"] = Fraction(max(1, floor(m["new_students"] / dice.choice(grids.GROWTH))))
        figures[unit] = m, int(w * 10)
    return figures


def one_unit(dice, shape, unit, category, pooled, roles):
    """The rows of one unit, by table."""
    tables = {name: [] for name in TABLES}

    def add(table, **cells):
        tables[table].append({"unit_id": unit} | cells)

    def flag():
        return True if dice.chance(shape.disputed) else dice.choice([False, None])

    branch = dice.choice(["general_branch", "branch", None])
    add("units", name=f"单位{unit}", category=category, party_org=branch)
    marks = full_marks(unit, category)
    exempt = set()
    if dice.chance(shape.exempted):
        exempt = set(dice.sample(sorted(marks), dice.randint(1, 3)))
        if category == "college" and dice.chance(25):  # so little is left that K5.4c lifts the sum above its full mark
            exempt = {indicator for indicator in marks if indicator in KEY} - {"K5.4c", "K8.1"}
        for indicator in sorted(exempt):
            add("exemptions", indicator=indicator, reason="领导小组决定")

    if category != "department":
        for name, value in metrics(dice, unit, category, pooled[0], marks, exempt).items():
            add("metrics", metric=name, value=value, source=None, note=None,
                disputed=None if name in OPTIONAL else flag())  # fmt: skip

    temper = dice.choice(sorted(grids.TEMPERS))
    if category == "department" and dice.chance(60):
        temper = dice.choice(["at_0.6", "at_0.8", "at_0.8"])  # equal totals
    raters = [f"评委{n}" for n in range(dice.mostly(shape.raters, dice.randint(1, shape.raters), 60))]
    for indicator, full in marks.items():
        if indicator in exempt or not (category == "department" or indicator in JUDGED):
            continue
        scale = Fraction(100) if ".T" in indicator else full
        shares = grids.CERTIFICATE_RATINGS if indicator == "K1.2" else grids.TEMPERS[temper]
        for rater in raters if dice.chance(90) else raters[:1]:
            add("ratings", indicator=indicator, rater=rater, points=dice.choice(shares) * scale,
                note=dice.choice([None, "有记录"]), disputed=flag())  # fmt: skip
        if dice.chance(3):
            add("self_scores", indicator=indicator, points=full)

    for indicator in ("K1.1", "K6", "K7.1"):
        if indicator in marks and indicator not in exempt:
            for row in achievements(dice, shape.year, indicator, pooled[1]):
                add("achievements", **row)
    for indicator in ("B07", "B17", "B18", "K3.4a", "K5.1b"):
        if indicator in marks and indicator not in exempt and dice.chance(40):
            for row in incidents(dice, shape.year, indicator):
                add("incidents", **row)

    ballots = grids.BALLOTS.get(temper) or [dice.randint(0, 4) for _ in range(3)]
    if not any(ballots):
        ballots = (0, 0, 1)
    times = dice.choice([1, 10, 17])
    add("ballots", **dict(zip(("excellent", "qualified", "unqualified"), (b * times for b in ballots), strict=True)))
    flat = grids.TEMPERS[temper][0] * 100 if temper in grids.BALLOTS else None
    seen = Counter()
    for leader, role in roles.items():
        if seen[role] == 0 or dice.chance(85):
            score = dice.choice(grids.LEADER_SCORES) if flat is None else flat
            add("leader_ratings", leader=leader, role=role, score=score)
            seen[role] += 1

    for kind in ("innovation", "breakthrough"):
        if dice.chance(shape.accepted):
            add("declarations", kind=kind, title="一项工作", accepted=True)
        elif dice.chance(50):
            add("declarations", kind=kind, title="一项工作", accepted=False)
    if dice.chance(10):
        add("vetoes", kind=dice.choice(["decision", "safety", "discipline", "other"]), note="另附")
    for n in range(dice.choice([0, 0, 0, 1, 2])):
        add("awards", title=f"突出贡献{n}", approved=dice.chance(50))
    return tables


OPTIONAL = {"dual_certificate_rate", "practice_teams", "substituted_hours_per_teacher"}


def full_marks(unit, category):
    """What can apply to a unit under some reading: {indicator: full mark}."""
    if category == "department":
        return department_max(unit)
    marks = {b: base_max(b, category) for b in BASE_MAX} | {k: key_max(k, category, "included") for k in KEY}
    return {indicator: full for indicator, full in marks.items() if full is not None}


def metrics(dice, unit, category, pooled, marks, exempt):
    """Every metric some indicator of the unit asks for, now and then one that only an exempted one does."""
    pick = dice.choice
    enrolled, teachers, plan = pick(grids.ENROLLED), pick(grids.TEACHERS), pick(grids.PLAN)
    values = pooled | {
        "invigilation_rate": pick(grids.INVIGILATION),
        "party_day_rate": pick(grids.PARTY_DAY),
        "project_funding": pick(grids.FUNDING),
        "partner_companies": pick(grids.COMPANIES),
        "cooperation_projects": pick(grids.PROJECTS),
        "enrolled_students": enrolled,
        "trainees": Fraction(floor(enrolled * pick(grids.TRAINEE_SHARE))),
        "training_income": pick(grids.INCOME),
        "full_time_teachers": teachers,
        "dual_qualified_teachers": Fraction(floor(teachers * pick(grids.DUAL))),
        "part_time_teachers": Fraction(floor(teachers * pick(grids.PART_TIME))),
        "recruitment_plan": plan,
        "full_time_recruited": plan - floor(plan * pick(grids.SHORTFALL)),
        "classes_without_adviser": pick(grids.CLASSES),
        "leaders_not_advising": pick(grids.LEADERS),
        "affiliated_clubs": pick(grids.CLUBS),
        "club_advisers": pick(grids.ADVISERS),
        "initial_employment_rate": pick(grids.INITIAL),
        "yearend_employment_rate": pick(grids.YEAREND),
        "agreement_failure_rate": pick(grids.FAILURES),
        "survey_rate": pick(grids.SURVEY),
        "startup_textbooks": pick(grids.FEW),
        "incubated_projects": pick(grids.SOME),
        "contest_school_finals": pick(grids.MANY),
        "contest_municipal_awards": pick(grids.SOME),
        "contest_provincial_awards": pick(grids.MANY),
    }
    needed, spare = [], []
    for indicator, names in REQUIRED_METRICS.items():
        if indicator in marks:
            (spare if indicator in exempt else needed).extend(names)
    kept = set(needed) | {name for name in spare if dice.chance(30)}
    chosen = {name: value for name, value in values.items() if name in kept}
    for name in ("major_teachers", "staff", "recruitment_plan"):  # why it was exempted
        if name in chosen and name not in needed and dice.chance(50):
            chosen[name] = Fraction(0)
    if "B07" in marks and "B07" not in exempt and dice.chance(30):
        chosen["substituted_hours_per_teacher"] = pick(grids.SUBSTITUTED_HOURS)
    if "K1.2" in marks and "K1.2" not in exempt and dice.chance(50):
        chosen["dual_certificate_rate"] = pick(grids.PARTY_DAY)
    if "K5.2b" in marks and "K5.2b" not in exempt and dice.chance(50):
        chosen["practice_teams"] = pick(grids.FEW)
    return chosen


def days(year):
    """(days inside the window, days outside), its edges among them."""
    first = int(year[:4])
    start, end, day = date(first, 9, 1), date(first + 1, 8, 31), timedelta(days=1)
    return [start, date(first, 12, 31), date(first + 1, 3, 1), end], [start - day, end + day, date(first, 1, 1)]


def achievements(dice, year, indicator, wanted):
    inside, outside = days(year)

    def row(kind, level, award, title, amount=None, counts=90):
        return {"indicator": indicator, "kind": kind, "level": level, "award": award, "title": title,
                "date": dice.choice(dice.mostly(inside, outside, counts)),
                "first_author": dice.chance(counts), "amount": amount}  # fmt: skip

    rows = []
    counts = dice.choice([90, 90, 90, 0])  # 0: nothing of it counts
    if indicator == "K7.1" and dice.chance(60):
        for level, value in (("national", 4), ("provincial", 2), ("municipal", 1)):
            for _ in range(wanted // value):
                rows.append(row(dice.choice(["honour", "media"]), level, None, f"典型{len(rows)}", counts=100))
            wanted %= value
        return rows
    for _ in range(dice.choice([0, 0, 1, 2, 3, 5, 8])):
        kind, levels, awards = dice.choice(grids.KINDS[indicator])
        rows.append(row(kind, dice.choice(levels), dice.choice(awards), dice.choice(grids.TITLES), counts=counts))
    if indicator == "K6":
        for _ in range(dice.choice([0, 0, 1, 2, 4, 10])):
            kind = dice.choice(["funding_social", "funding_natural"])
            title = dice.choice([*grids.TITLES, *(f"经费{n}" for n in range(8))])
            rows.append(row(kind, None, None, title, dice.choice(grids.AMOUNTS), counts))
    return unlike(rows)


def unlike(rows):
    """Rows without exact repetitions, which readers may fold into one."""
    return list({tuple(row.items()): row for row in rows}.values())


def incidents(dice, year, indicator):
    inside, outside = days(year)
    rows = []

    def add(when, count=1, points=None):
        rows.append({"indicator": indicator, "date": dice.choice(when), "count": Fraction(count), "points": points,
                     "note": f"{indicator} 第{len(rows) + 1}起"})  # fmt: skip

    if indicator == "B07":  # 0.5 to 1 over the year
        for points in dice.choice([["0.5"], ["0.75"], ["1"], ["0.5", "0.5"], []]):
            add(inside, points=Fraction(points))
        if dice.chance(30):
            add(outside, points=Fraction(1))
    else:
        for _ in range(dice.choice([1, 1, 2])):
            add(dice.mostly(inside, outside, 75), count=dice.choice([1, 1, 2, 5]))
    return rows


def drop_inputs(tables, dice_of, per_cent):
    """Tables without some of their metrics, ratings, ballots and leader ratings, never an emptied table."""

    def gone(_):
        return dice_of.random() * 100 < per_cent

    def without(table, key):
        rows = tables[table]
        lost = {k: gone(k) for k in sorted({key(row) for row in rows})}
        return [row for row in rows if not lost[key(row)]] or rows[:1]

    changed = {
        "metrics": without("metrics", lambda row: (row["unit_id"], row["metric"])),
        "ratings": without("ratings", lambda row: (row["unit_id"], row["indicator"])),
        "ballots": without("ballots", lambda row: row["unit_id"]),
        "leader_ratings": without("leader_ratings", lambda row: (row["unit_id"], row["role"])),
    }
    return tables | changed
