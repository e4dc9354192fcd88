"""The numbers the computed indicators need: staff, students, recruitment, employment, training."""

from functools import cache

from kaohe.scheme.demo.ability import ability
from kaohe.scheme.demo.asked import scheme
from kaohe.scheme.demo.chance import Chance, clip
from kaohe.scheme.demo.evidence import evidence
from kaohe.scheme.demo.profiles import YEARS, yuanbu
from kaohe.scheme.demo.stories import tells

AUDITED = "省教育厅审核后数据"
NOTES = {"project_funding": "不含个人项目", "initial_employment_rate": AUDITED, "yearend_employment_rate": AUDITED}
AREAS = ("teaching", "service", "staff", "recruitment", "students", "party")


@cache
def _intakes(seed: int, unit: str) -> tuple[int, ...]:
    """New students from the year before the first on, so that each year's previous intake is last year's intake."""
    intakes = [yuanbu()[unit]["intake"]]
    for year in YEARS:
        usual = -0.06 + 0.2 * ability(seed, year, unit, "recruitment")
        intakes.append(round(intakes[-1] * (1 + usual + Chance(seed, year, unit, "growth").normal(0, 0.015))))
    return tuple(intakes)


def _rate(value: float) -> float:
    return round(clip(value, 0.0, 1.0), 4)


def _count(value: float) -> int:
    return max(0, round(value))


def _money(hundred_thousands: float) -> int:
    """Yuan, in whole hundreds."""
    return max(0, round(hundred_thousands * 1000) * 100)


def _people(chance: Chance, facts: dict, strength: dict, at: int) -> dict[str, int]:
    """Teachers and students taught: everybody has these."""
    staff = facts["staff"] + at + chance.whole(-1, 1)
    full_time, major = round(staff * 0.76), round(staff * 0.68)
    dual = 0.66 + 0.3 * strength["staff"] if facts["category"] == "college" else 0.24 + 0.36 * strength["staff"]
    return {
        "staff": staff,
        "full_time_teachers": full_time,
        "major_teachers": major,
        "students_taught": _count(major * (24 - 10 * strength["staff"] + chance.normal(0, 0.8))),
        "training_persontimes": _count(staff * (0.08 + 0.55 * strength["staff"] + chance.normal(0, 0.04))),
        "practice_persontimes": _count(staff * (0.04 + 0.35 * strength["staff"] + chance.normal(0, 0.03))),
        "dual_qualified_teachers": min(full_time, _count(full_time * (dual + chance.normal(0, 0.015)))),
    }


def _service(chance: Chance, strength: dict, enrolled: int) -> dict[str, int]:
    """Partners and training: colleges and the school of continuing education."""
    service = strength["service"]
    return {
        "enrolled_students": enrolled,
        "trainees": _count(enrolled * (0.3 + 1.4 * service + chance.normal(0, 0.08))),
        "training_income": _money(1.5 + 16 * service + chance.normal(0, 1)),
        "partner_companies": 1 + _count(3.6 * service + chance.normal(0, 0.4)),
        "cooperation_projects": 1 + _count(11 * service + chance.normal(0, 1)),
    }


def _student_work(chance: Chance, strength: dict) -> dict[str, int]:
    students = strength["students"]
    return {
        "classes_without_adviser": chance.poisson(3 * (1 - students)),
        "leaders_not_advising": chance.poisson(1.2 * (1 - students)),
        "affiliated_clubs": _count(0.4 + 2.6 * students + chance.normal(0, 0.4)),
        "club_advisers": _count(0.4 + 3 * students + chance.normal(0, 0.5)),
    }


def _recruitment(chance: Chance, facts: dict, strength: dict, new: int, previous: int) -> dict[str, int]:
    recruited = new - chance.whole(0, 6)
    filled = clip(0.76 + 0.28 * strength["recruitment"] + chance.normal(0, 0.02), 0.6, 1.04)
    return {
        "new_students": new,
        "new_students_prev": previous,
        "majors": facts["majors"],
        "full_time_recruited": recruited,
        "recruitment_plan": round(recruited / filled / 10) * 10,
        "part_time_teachers": _count(
            facts["staff"] * 0.76 * (0.07 + 0.29 * strength["staff"] + chance.normal(0, 0.02))
        ),
    }


def _graduates(chance: Chance, strength: dict) -> dict[str, float]:
    """Employment and enterprise education of a college."""
    students, recruitment = strength["students"], strength["recruitment"]
    return {
        "initial_employment_rate": _rate(0.755 + 0.19 * recruitment + chance.normal(0, 0.012)),
        "yearend_employment_rate": _rate(0.88 + 0.11 * recruitment + chance.normal(0, 0.008)),
        "agreement_failure_rate": _rate(0.105 - 0.1 * students + chance.normal(0, 0.008)),
        "survey_rate": _rate(0.58 + 0.33 * students + chance.normal(0, 0.02)),
        "startup_textbooks": _count(2.2 * students + chance.normal(0, 0.4)),
        "incubated_projects": _count(4.4 * students + chance.normal(0, 0.6)),
        "contest_school_finals": chance.poisson(6 * students),
        "contest_municipal_awards": chance.poisson(2.2 * students),
        "contest_provincial_awards": chance.poisson(1.0 * students),
    }


def _values(seed: int, year: str, unit: str, facts: dict) -> dict[str, float]:
    chance, at, category = Chance(seed, year, unit, "metrics"), YEARS.index(year), facts["category"]
    strength = {area: ability(seed, year, unit, area) for area in AREAS}
    values = {
        "invigilation_rate": _rate(0.70 + 0.27 * strength["teaching"] + chance.normal(0, 0.02)),
        "party_day_rate": _rate(0.785 + 0.2 * strength["party"] + chance.normal(0, 0.015)),
    } | _people(chance.of("people"), facts, strength, at)
    if category != "continuing":
        values["project_funding"] = _money(0.1 + 2.6 * strength["teaching"] + chance.normal(0, 0.3))
    if category in ("college", "continuing"):
        intakes = _intakes(seed, unit)
        values |= _service(chance.of("service"), strength, round(sum(intakes[at : at + 2]) * 1.42))
        values |= _student_work(chance.of("students"), strength)
    if category == "college":
        values |= _recruitment(chance.of("recruitment"), facts, strength, intakes[at + 1], intakes[at])
        values |= _graduates(chance.of("graduates"), strength)
        if tells("exemption", year, unit):
            del values["new_students_prev"]
    return values


def metric_rows(seed: int, year: str) -> list[dict]:
    """The table `metrics` of a year: what computed indicators need, then the numbers beside ratings."""
    values = dict(evidence(seed, year))
    for unit, facts in yuanbu().items():
        values |= {(unit, metric): value for metric, value in _values(seed, year, unit, facts).items()}
    return [_row(year, unit, metric, value) for (unit, metric), value in sorted(values.items(), key=_place)]


def _row(year: str, unit: str, metric: str, value: float) -> dict:
    office = scheme().metrics[metric].office
    row = {"unit_id": unit, "metric": metric, "value": value, "source": office, "note": NOTES.get(metric)}
    if metric == "training_income" and tells("disputed", year, unit):
        row |= {"disputed": True, "note": "与财务入账数相差一笔，待审计核实"}
    return row


def _place(figure: tuple[tuple[str, str], float]) -> tuple[bool, str, int]:
    """院部 before departments, each unit's figures in the order of the catalogue."""
    (unit, metric), _ = figure
    return unit not in yuanbu(), unit, list(scheme().metrics).index(metric)
