"""The reference itself, held against the regulation with figures worked out by hand."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings

from tests.reference.figures import BASE_MAX, KEY, LAST_TASK, base_max, department_max, key_max
from tests.reference.plain import achieve, colleges, exempt, incident, leaders, plain_year, put, put_all, rate
from tests.reference.scorer import MissingInputError, reference_scores
from tests.reference.years import incomplete_years, policy_sets, year_pairs, years

F = Fraction


def column(tables, indicator, policies=None, **kwargs):
    """Points of every unit to which the indicator applies, in the order of the units."""
    scores = reference_scores(tables, policies, **kwargs).scores
    return [cell.points for (_, name), cell in scores.items() if name == indicator and cell.applicable]


def parts(tables, unit, indicator, policies=None):
    cell = reference_scores(tables, policies).scores[unit, indicator]
    return cell.points, cell.raw, cell.deducted, cell.capped


def grades(tables, policies=None):
    return [row["grade"] for row in reference_scores(tables, policies).results.values()]


def test_full_marks_add_up():
    for category, base, key in [("college", 55, 95), ("continuing", 55, 58), ("foundation", 48, 41),
                                ("ideology", 48, 41)]:  # fmt: skip
        assert sum(base_max(b, category) or 0 for b in BASE_MAX) == base
        assert sum(key_max(k, category, "exempt") or 0 for k in KEY) == key
    for reading, key in [("exempt_k31", 41), ("included", 46)]:
        assert sum(key_max(k, "foundation", reading) or 0 for k in KEY) == key
    assert all(sum(department_max(d).values()) == 100 for d in LAST_TASK)


def test_judged_deductions():
    t = plain_year(**colleges(1))
    put(t, "C1", invigilation_rate="0.7", party_day_rate="0.8")
    incident(t, "C1", "B07", points=F("0.75"))
    incident(t, "C1", "B07", points=F(1), day=date(2018, 8, 31))  # outside
    incident(t, "C1", "B17", count=3)
    incident(t, "C1", "B18")
    incident(t, "C1", "K3.4a", count=2)
    incident(t, "C1", "K5.1b", count=5)
    rate(t, "C1", "B18", "0.4")
    assert parts(t, "C1", "B07") == (F("0.25"), F("1.5"), F("1.25"), 0)
    assert parts(t, "C1", "B07", {"yixia": "strict"})[0] == F("0.75")
    assert parts(t, "C1", "B17") == (0, 1, 1, 0)
    assert parts(t, "C1", "B18") == (0, F("0.4"), F("0.4"), 0)
    assert parts(t, "C1", "B39")[0] == F("0.5")
    assert parts(t, "C1", "B39", {"yixia": "strict"})[0] == 1
    assert parts(t, "C1", "K3.4a") == (1, 2, 1, 0)
    assert parts(t, "C1", "K5.1b") == (0, 2, 2, 0)


def test_panel():
    t = plain_year(**colleges(1), D12="department")
    rate(t, "C1", "B32", 6)  # not for colleges
    rate(t, "C1", "B01", "0.1", "0.2", "0.3", "0.4", "1")
    rate(t, "C1", "B02", "0", "0.4", "0.6", "1")
    for policy, b01, b02 in [("mean", "0.4", "0.5"), ("median", "0.3", "0.5"), ("trimmed", "0.3", "0.5")]:
        assert column(t, "B01", {"panel": policy}) == [F(b01)]
        assert column(t, "B02", {"panel": policy}) == [F(b02)]
    assert column(t, "B32") == []


def test_quality_projects():
    t = plain_year(**colleges(3), JX="continuing", SZ="ideology")
    for title in ("甲 A", " 甲　ａ"):  # one title; the national one counts
        achieve(t, "C1", "K1.1", "course", "provincial" if title == "甲 A" else "national", title=title)
    achieve(t, "C1", "K1.1", "thesis", "provincial", "team")
    achieve(t, "C1", "K1.1", "thesis", "national", "first")  # no weight
    achieve(t, "C1", "K1.1", "contest", "provincial")  # no award, no weight
    achieve(t, "C2", "K1.1", "program", "provincial", day=date(2019, 8, 31))
    achieve(t, "C2", "K1.1", "student_project", "provincial", day=date(2018, 9, 1))
    achieve(t, "C2", "K1.1", "program", "national", day=date(2019, 9, 1))
    achieve(t, "C2", "K1.1", "program", "national", first=False)
    put_all(t, "project_funding", 299_999, 1_050_000, "99999.99")
    # weights 8, 4, 0, 0 of 8
    assert column(t, "K1.1") == [10, 10, 0, 0]
    assert parts(t, "C2", "K1.1") == (10, 14, 0, 4)
    assert parts(t, "C1", "K1.1", {"funding_steps": "proportional"}) == (10, F("10.99999"), 0, F("0.99999"))
    achieve(t, "SZ", "K1.1", "program", "national")
    achieve(t, "SZ", "K1.1", "program", "national")
    put(t, "C2", project_funding=0)
    assert column(t, "K1.1") == [8 * F(8, 10) + 2, F(32, 10), 0, 8]
    assert column(t, "K1.1", {"weight_points": "capped"}) == [10, 4, 0, 8]
    assert parts(t, "SZ", "K1.1", {"weight_points": "capped"}) == (8, 10, 0, 2)


def test_research():
    t = plain_year(**colleges(2), JC="foundation")
    achieve(t, "C1", "K6", "topic", "national", title="同")
    achieve(t, "C1", "K6", "paper_core", title="同")  # one title, the higher 4
    achieve(t, "C1", "K6", "funding_social", title="同", amount=20_000)  # counts beside it
    achieve(t, "C1", "K6", "funding_social", title="同", amount=90_000)  # once
    achieve(t, "C1", "K6", "funding_natural", amount=49_999)
    achieve(t, "C1", "K6", "funding_natural", amount=50_000)
    achieve(t, "C2", "K6", "patent_design")
    assert column(t, "K6") == [8, F(6, 4), 0]
    for _ in range(3):
        achieve(t, "C1", "K6", "funding_social", amount=20_000)
    assert parts(t, "C1", "K6") == (8, 11, 0, 3)


def test_cooperation_and_training():
    t = plain_year(**colleges(5), JC="foundation")
    put_all(t, "partner_companies", 1, 2, 3, 3, 5)
    put_all(t, "cooperation_projects", 1, 4, 9, 8, 3)
    assert column(t, "K1.3") == [0, 1, 2, 1, F(1, 2)]
    put_all(t, "trainees", 69, 70, 100, 149, 150)
    assert column(t, "K2a") == [0, 1, 2, 2, 3]
    put_all(t, "training_income", "499999.99", 500_000, 1_000_000, 1_499_999, 1_500_000)
    assert column(t, "K2b") == [0, 3, 4, 4, 5]


def test_students_per_teacher():
    t = plain_year(**colleges(5))
    put_all(t, "students_taught", 500, 500, 500, 700, 2800)  # r 5 5 5 7 28, R 10: 7 is not below 70 %
    assert column(t, "K3.1") == [2, 2, 2, 1, 0]
    put_all(t, "students_taught", 500, 500, 500, 699, 2801)
    assert column(t, "K3.1") == [2, 2, 2, F(3, 2), 0]
    put_all(t, "students_taught", 500, 500, 500, 1000, 2500)  # 10 is not below 10
    assert column(t, "K3.1") == [2, 2, 2, 0, 0]
    put(t, "C5", students_taught=5000, major_teachers=200)  # pooled 7500/600 = 12.5, of units still 10
    assert column(t, "K3.1") == [2, 2, 2, 1, 0]
    assert column(t, "K3.1", {"students_ratio": "mean_of_units"}) == [2, 2, 2, 0, 0]
    exempt(t, "C5", "K3.1")  # R 6.25
    assert column(t, "K3.1") == [2, 2, 2, 0]


def test_teacher_training():
    t = plain_year(**colleges(6))
    put_all(t, "training_persontimes", 24, 12, 0, 6, 20, 4)
    put_all(t, "practice_persontimes", 0, 12, 24, 18, 0, 0)  # t 12 12 12 12 10 2, T 10
    assert column(t, "K3.2") == [2, 2, 2, 2, F(3, 2), 0]
    put_all(t, "training_persontimes", 26, 26, 26, 22, 14, 6)
    put_all(t, "practice_persontimes", 0, 0, 0, 0, 0, 0)  # 13 13 13 11 7 3
    assert column(t, "K3.2") == [2, 2, 2, F(3, 2), 1, 0]
    put(t, "C6", staff=300, training_persontimes=18)  # the same 3 %, pooled 132/800/2 = 8.25
    assert column(t, "K3.2")[4] == 1
    put(t, "C5", training_persontimes=13)
    assert column(t, "K3.2")[4] == 0
    assert column(t, "K3.2", {"training_ratio": "pooled"})[4] == 1
    put_all(t, "training_persontimes", 0, 0, 0, 0, 0, 0)
    assert column(t, "K3.2") == [0] * 6


def test_teachers():
    t = plain_year(**colleges(6), JX="continuing", JC="foundation", SZ="ideology")
    put_all(t, "dual_qualified_teachers", 100, 95, 92, 90, 80, 79)
    put(t, "JX", dual_qualified_teachers=50)
    put(t, "JC", dual_qualified_teachers=49)
    put(t, "SZ", dual_qualified_teachers=30)
    assert column(t, "K3.3") == [2, 2, 2, F(3, 2), 1, 0, 2, F(3, 2), 1]
    put_all(t, "part_time_teachers", 26, 26, 26, 25, 15, 14)
    assert column(t, "K3.4b") == [2, 2, 2, F(3, 2), 1, 0]
    put_all(t, "part_time_teachers", 25, 25, 25, 25, 24, 14)  # the top three, but not above 25 %
    assert column(t, "K3.4b") == [F(3, 2)] * 4 + [1, 0]


def test_admissions():
    t = plain_year(**colleges(4))
    put_all(t, "new_students", 700, 1000, 1300, 699)
    put_all(t, "majors", 1, 1, 1, 1)
    put_all(t, "new_students_prev", 700, 909, 1300, 635)
    put(t, "C4", majors="0.699")  # an odd way to a ratio of 1000
    assert column(t, "K4.1", {"intake_ratio": "mean_of_units"}) == [2, 4, 4, 4]
    assert column(t, "K4.2") == [0, 4, 0, 4]
    put_all(t, "new_students_prev", 690, 1000, 1310, 635)
    assert column(t, "K4.2") == [2, 0, 0, 4]
    put_all(t, "new_students", 0, 0, 0, 0)
    assert column(t, "K4.1") == [0] * 4
    put_all(t, "full_time_recruited", 110, 75, "90.5", 60)
    assert column(t, "K4.3") == [6, 2, 6, 0]  # shortfalls 0, 25 %, 9.5 %, 40 %
    assert column(t, "K4.3", {"shortfall_steps": "started"}) == [6, 0, 4, 0]
    assert column(t, "K4.3", {"shortfall_steps": "proportional"}) == [6, 1, F("4.1"), 0]
    assert parts(t, "C4", "K4.3") == (0, 6, 6, 0)


def test_students_work():
    t = plain_year(**colleges(2))
    put_all(t, "classes_without_adviser", 3, 10)
    put_all(t, "leaders_not_advising", 1, 1)
    assert column(t, "K5.1a") == [F("0.9"), 0]
    put_all(t, "affiliated_clubs", 1, 3)
    put_all(t, "club_advisers", 2, 2)
    assert column(t, "K5.2c") == [F(3, 2), 2]
    put_all(t, "startup_textbooks", 1, 3)
    put_all(t, "incubated_projects", 3, 5)
    assert column(t, "K5.4a") == [F(1, 2), 1]
    assert column(t, "K5.4b") == [F(3, 2), 2]


@pytest.mark.parametrize(
    ("rates", "points"),
    [
        (("0.85", "0.95", "0.0999", "0.8"), 3),  # 2 + 1 + 1 = 4, capped at 3
        (("0.8", "0.9", "0", "0.7"), 2),  # 1 + 0.5 + 0.5
        (("0.85", "0.95", "0.1", "0.79"), F("1.5")),  # 2 + 1 - 2 + 0.5
        (("0.7999", "0.95", "0", "0.6"), -1),  # -2 + 1 + 0
        (("0.7", "0.8", "0.2", "0.5"), -7),  # -2 - 2 - 2 - 1
    ],
)
def test_employment(rates, points):
    t = plain_year(**colleges(1))
    names = "initial_employment_rate", "yearend_employment_rate", "agreement_failure_rate", "survey_rate"
    put(t, "C1", **dict(zip(names, rates, strict=True)))
    assert column(t, "K5.3") == [points]
    assert column(t, "K5.3", {"employment_floor": "zero"}) == [max(0, points)]
    assert column(t, "K5.3", {"employment_cap": "parts"}) == [4 if points == 3 else points]


def test_contests():
    t = plain_year(**colleges(3))
    put_all(t, "contest_school_finals", 10, 1, 2)
    put_all(t, "contest_municipal_awards", 1, 1, 0)
    put_all(t, "contest_provincial_awards", 3, 2, 6)  # lower parts 2.3, 0.5, 0.4; provincial 1.5, 1, 3
    assert column(t, "K5.4c") == [F("3.5"), F("1.5"), F("3.4")]
    assert column(t, "K5.4c", {"cap_break": "provincial_alone"}) == [2, F("1.5"), 3]
    assert column(t, "K5.4c", {"cap_break": "none"}) == [2, F("1.5"), 2]
    assert parts(t, "C1", "K5.4c") == (F("3.5"), F("3.8"), 0, F("0.3"))


def test_examples():
    t = plain_year(**colleges(10))
    for number, weight in enumerate([16, 15, 12, 12, 10, 8, 7, 4, 3, 3], 1):  # mean 9, 70 % of it 6.3
        for _ in range(weight):
            achieve(t, f"C{number}", "K7.1", "media", "municipal")
    expected = ["4", "4", "3.5", "3.5", "3", "2", "1.5", "0.5", "0", "0"]
    assert column(t, "K7.1") == [F(x) for x in expected]
    t["achievements"] = []
    assert column(t, "K7.1") == [0] * 10
    for unit in colleges(10):  # all tied: all last, all at the mean
        achieve(t, unit, "K7.1", "honour", "national")
    assert column(t, "K7.1") == [2] * 10


def test_conversion():
    t = plain_year(JX="continuing", JC="foundation")
    rate(t, "JC", "B32", 0)  # base 42 of 48
    incident(t, "JX", "B17")  # base 54 of 55

    def row(unit, **policies):
        return reference_scores(t, policies).results[unit]

    # Of the plain year's key points continuing has 2 + 2 + 2 + 1 + 1 + 2 + 2 + 6 + 10 = 28 of 58 …
    assert row("JX")["key_raw"] == 28
    assert row("JX")["key_points"] == F(28, 58) * 95
    assert row("JX", full_marks="stated")["key_points"] == F(28, 61) * 95
    assert row("JX")["base_points"] == 54
    # … and foundation 3 + 10 of 41
    assert row("JC")["base_points"] == F(42, 48) * 55
    assert row("JC")["target_points"] == F(42, 48) * 55 + F(13, 41) * 95
    assert row("JC", rescale="combined")["target_points"] == F(42 + 13, 89) * 150
    assert row("JC", rescale="none")["target_points"] == 55
    assert row("JC", teaching_depts="included")["key_points"] == F(18, 46) * 95
    assert row("JC")["ballot_points"] == 18
    assert row("JC", ballot_scale="stretch")["ballot_points"] == 20
    exempt(t, "JC", "B32")
    exempt(t, "JC", "K8.2")
    assert row("JC")["base_points"] == 55
    assert row("JC", full_marks="stated")["key_points"] == F(10, 38) * 95
    with pytest.raises(ValueError, match="contradict"):
        row("JC", full_marks="stated", teaching_depts="included")


def test_component_cap():
    t = plain_year(**colleges(1))
    for indicator, (_, categories) in KEY.items():
        if "c" in categories and indicator not in ("K5.4c", "K7.3"):
            exempt(t, "C1", indicator)
    put(t, "C1", contest_provincial_awards=20)  # 10 + 3 of 5
    row = reference_scores(t).results["C1"]
    assert (row["key_raw"], row["key_points"]) == (13, F(13, 5) * 95)
    row = reference_scores(t, {"component_cap": "cap"}).results["C1"]
    assert (row["key_raw"], row["key_points"], row["target_points"]) == (13, 95, 150)
    row = reference_scores(t, {"component_cap": "cap", "rescale": "none"}).results["C1"]
    assert (row["key_raw"], row["target_points"]) == (13, 60)


def test_department():
    t = plain_year(D12="department", D03="department")
    rate(t, "D12", "D12.T05", 80)
    rate(t, "D12", "D12.W1", 7)
    rate(t, "D03", "D03.T12", 0)
    assert column(t, "D12.T05") == [8]
    row = reference_scores(t).results
    assert row["D12"]["target_points"] == 95
    assert row["D12"]["ballot_points"] == 63
    assert row["D12"]["base_raw"] is None
    assert row["D03"]["target_points"] == F("96.25")
    exempt(t, "D03", "D03.T12")
    assert reference_scores(t).results["D03"]["target_points"] == 100
    assert reference_scores(t, {"rescale": "none"}).results["D03"]["target_points"] == F("96.25")


def test_leaders():
    t = plain_year(D12="department")
    t["leader_ratings"] += [
        {"unit_id": "D12", "leader": "丙", "role": "deputy", "score": 0},
        {"unit_id": "D12", "leader": "丁", "role": "deputy", "score": 50},
    ]
    assert reference_scores(t).results["D12"]["leader_points"] == 25


def departments(*scores):
    """Departments D05, D06 … that differ in their leaders' scores alone."""
    t = plain_year(**{f"D{n:02d}": "department" for n in range(5, 5 + len(scores))})
    for number, score in enumerate(scores, 5):
        leaders(t, f"D{number:02d}", score)
    return t


def test_grades():
    t = departments(90, 80, 70, 60, 50)
    assert grades(t) == ["优秀"] * 3 + ["合格"] * 2
    t["vetoes"].append({"unit_id": "D06", "kind": "safety", "note": ""})
    t["declarations"] = [d for d in t["declarations"] if (d["unit_id"], d["kind"]) != ("D07", "innovation")]
    assert grades(t) == ["优秀", "合格", "合格", "优秀", "优秀"]
    assert grades(t, {"quota_fill": "within_top"}) == ["优秀"] + ["合格"] * 4
    assert grades(t, {"eligibility": "any"}) == ["优秀", "合格", "优秀", "优秀", "合格"]


def test_ties_at_the_quota():
    t = departments(90, 80, 70, 70, 50)
    assert grades(t) == ["优秀", "优秀", "待审议", "待审议", "合格"]
    assert grades(t, {"quota_ties": "all"}) == ["优秀"] * 4 + ["合格"]
    assert grades(t, {"quota_ties": "none"}) == ["优秀"] * 2 + ["合格"] * 3
    assert grades(departments(80, 80, 80, 70)) == ["优秀"] * 3 + ["合格"]
    assert [r["rank"] for r in reference_scores(departments(70, 80, 80, 60)).results.values()] == [3, 1, 1, 4]


def test_fail_line():
    t = departments(90, 90)
    leaders(t, "D06", 0)  # 63 + 100 + 0 of 200
    assert grades(t, {"fail_line": F(163, 200)}) == ["优秀", "优秀"]
    result = reference_scores(t, {"fail_line": F(8151, 10000)}).results["D06"]
    assert (result["grade"], result["rectify"], result["bonus_eligible"]) == ("不合格", True, False)
    u = plain_year(JC="foundation")
    total = 18 + 48 + 13 + 30  # of 20 + 48 + 41 + 30 when nothing is converted
    assert grades(u, {"rescale": "none", "fail_line": F(total, 139)}) == ["优秀"]
    assert grades(u, {"rescale": "none", "fail_line": F(total, 138)}) == ["不合格"]


def test_last_two_years():
    now, before = departments(90, 50, 50), departments(50, 50)

    def flags(previous):
        rows = reference_scores(now, previous=previous, year="2019-2020").results.values()
        return [row["last_two_years"] for row in rows]

    assert flags(None) == [None] * 3
    assert flags(before) == [False, True, False]
    assert flags((departments(60, 50), {"fail_line": F(1)})) == [False, True, False]


def test_provisional():
    t = plain_year(**colleges(5))
    put_all(t, "students_taught", 500, 500, 500, 1000, 2500)
    put(t, "C5", students_taught=None)
    t["ratings"] = [r for r in t["ratings"] if (r["unit_id"], r["indicator"]) != ("C1", "B01")]
    t["leader_ratings"] = [r for r in t["leader_ratings"] if (r["unit_id"], r["role"]) != ("C2", "chief")]
    with pytest.raises(MissingInputError) as refused:
        reference_scores(t)
    assert set(refused.value.missing) == {("C5", "students_taught"), ("C1", "B01"), ("C2", "chief")}
    reference = reference_scores(t, provisional=True)
    assert reference.scores["C5", "K3.1"].status == "missing"
    assert reference.scores["C1", "B01"].points == 0
    assert reference.results["C2"]["leader_points"] == 0
    # R = 6.25 without C5
    assert column(t, "K3.1", provisional=True) == [2, 2, 2, 0, 0]


@settings(max_examples=30, deadline=None)
@given(years(), policy_sets())
def test_parts_add_up(tables, policies):
    reference = reference_scores(tables, policies)
    for cell in reference.scores.values():
        if cell.applicable:
            assert cell.points == cell.raw - cell.deducted - cell.capped
            assert cell.status in ("scored", "disputed")
            assert cell.deducted >= 0
            assert cell.capped >= 0
        else:
            assert {cell.points, cell.raw, cell.deducted, cell.capped, cell.max_points} == {None}
    for row in reference.results.values():
        assert row["total"] == row["ballot_points"] + row["target_points"] + row["leader_points"]


@settings(max_examples=15, deadline=None)
@given(incomplete_years(), policy_sets(), year_pairs())
def test_incomplete_years_and_pairs_are_scored(tables, policies, pair):
    reference_scores(tables, policies, provisional=True)
    now, before = pair
    rows = reference_scores(now, policies, before, year="2019-2020").results.values()
    assert all(row["last_two_years"] in (True, False) for row in rows)
