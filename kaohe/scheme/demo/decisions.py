"""What is decided rather than measured: incidents, declarations, vetoes, awards, exemptions, policies."""

from datetime import date, timedelta

from kaohe.scheme.demo.ability import ability, level
from kaohe.scheme.demo.asked import field_of, scheme
from kaohe.scheme.demo.chance import Chance
from kaohe.scheme.demo.evidence import evidence, missed
from kaohe.scheme.demo.profiles import YEARS, departments, profile, yuanbu
from kaohe.scheme.demo.stories import tells

INCIDENTS = {  # indicator: how many at ability 0, what happened
    "B18": (0.8, "请销假手续未及时办理"),
    "K3.4a": (0.9, "兼职教师聘用缺少备案"),
    "K5.1b": (1.0, "学生突发情况无跟踪记录"),
}
HOURS, HOURS_INDICATOR = "substituted_hours_per_teacher", "B07"
MANY_HOURS = 2.4  # from here on the panel takes a whole point instead of half a point
DECLARED = {"yuanbu": 5, "department": 6}  # so many of the best declare …
ACCEPTED = {"yuanbu": 4, "department": 5}  # … and so many of those are accepted

VETOES = {"2019-2020": [("C02", "safety", "实训室设备违规操作造成较严重安全责任事故（演示）")]}
AWARDS = {
    "2018-2019": [("C01", "省级高水平专业群立项", False)],
    "2019-2020": [("D08", "疫情期间学生返校组织工作获省级表彰", True)],
    "2020-2021": [("C04", "电子商务专业群获省级教学成果奖", True), ("D04", "校园融媒体中心获全国优秀案例", False)],
}
EXEMPTIONS = {"2018-2019": [("C10", "K4.2", "当年新设学院，没有上年可比的招生人数")]}
POLICIES = {
    "2020-2021": """\
# 领导小组就本学年度考核确定的事项（演示数据）
funding_steps:
  value: proportional
  reason: 项目经费不足10万元的部分按比例计分，避免临界差异
  decided_on: 2021-09-10
fail_line:
  value: 0.62
  reason: 总分低于可得分的62%为不合格
  decided_on: 2021-09-10
""",
}


def veto_rows(year: str) -> list[dict]:
    return _rows(VETOES, year, "unit_id", "kind", "note")


def award_rows(year: str) -> list[dict]:
    return _rows(AWARDS, year, "unit_id", "title", "approved")


def exemption_rows(year: str) -> list[dict]:
    return _rows(EXEMPTIONS, year, "unit_id", "indicator", "reason")


def _rows(decided: dict[str, list], year: str, *columns: str) -> list[dict]:
    return [dict(zip(columns, row, strict=True)) for row in decided.get(year, [])]


def _day(chance: Chance, year: str) -> date:
    return date(int(year[:4]), 9, 10) + timedelta(days=chance.whole(0, 300))


def incident_rows(seed: int, year: str) -> list[dict]:
    rows = []
    for indicator, (most, what) in INCIDENTS.items():
        for unit, facts in yuanbu().items():
            if facts["category"] in scheme().indicators[indicator].applies:
                chance = Chance(seed, year, unit, indicator, "incidents")
                strength = ability(seed, year, unit, field_of(indicator)["area"])
                many = min(3, chance.poisson(most * (1 - strength) ** 2))
                rows += [_incident(unit, indicator, _day(chance, year), what) for _ in range(many)]
    for unit, indicator in sorted(missed(seed, year)):
        if indicator == HOURS_INDICATOR and not tells("no_row_for_hours", year, unit):
            rows.append(_too_many_hours(seed, year, unit))
    if year == YEARS[0]:  # entered in the wrong year: counts nothing, with a warning
        rows.append(_incident("C06", "B18", date(2018, 5, 21), "销假手续补办（上一学年）"))
    if year == YEARS[1]:
        rows.append(_incident("C09", "B17", date(2019, 11, 6), "违背师德规范行为一起（演示）"))
    return rows


def _incident(unit: str, indicator: str, day: date, note: str, points: float | None = None) -> dict:
    return {"unit_id": unit, "indicator": indicator, "date": day, "count": 1, "points": points, "note": note}


def _too_many_hours(seed: int, year: str, unit: str) -> dict:
    hours = evidence(seed, year)[unit, HOURS]
    day = _day(Chance(seed, year, unit, "hours"), year)
    return _incident(unit, HOURS_INDICATOR, day, f"人均调停课{hours}学时，酌情扣分", 1 if hours >= MANY_HOURS else 0.5)


def declaration_rows(seed: int, year: str) -> list[dict]:
    """The best by reputation declare both works; some are not accepted."""
    words, rows = profile("words")["declarations"], []
    for group, units in (("yuanbu", yuanbu()), ("department", departments())):
        best = sorted(units, key=lambda unit: (-level(year, unit), unit))[: DECLARED[group]]
        for place, unit in enumerate(best):
            chance = Chance(seed, year, unit, "declaration")
            field = units[unit].get("field") or chance.pick(units[unit]["fields"])
            for kind in ("innovation", "breakthrough"):
                accepted = place < ACCEPTED[group] or kind == "innovation"
                if kind == "breakthrough" and tells("not_accepted", year, unit):
                    accepted = False
                title = chance.pick(words[kind]).format(f=field)
                rows.append({"unit_id": unit, "kind": kind, "title": title, "accepted": accepted})
    return rows
