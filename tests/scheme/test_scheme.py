"""The encoded regulation says what the printed one says: sums, applicability, weights, tasks, policies, window."""

import datetime
import re
from fractions import Fraction

import pytest

from kaohe.rules.judged import Incidents, Judged
from kaohe.rules.kinds import FIGURES
from kaohe.rules.wording import RATE, Term
from kaohe.scheme import Scheme, scheme_in_force, shipped
from kaohe.scheme.audit.marks import number_for
from kaohe.scheme.deadlines import in_year

YUANBU = {"c": "college", "o": "continuing", "f": "foundation", "i": "ideology"}


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return shipped("lygtc-2018")


def full(scheme: Scheme, category: str, component: str) -> Fraction:
    return sum(each.full for each in scheme.applicable(category) if scheme.component_of(each.id) == component)


# Components and full marks


def test_the_scheme_in_force(scheme):
    assert scheme_in_force("2018-2019") is scheme
    assert scheme_in_force("2020-2021") is scheme
    with pytest.raises(ValueError, match="2018-09-01"):
        scheme_in_force("2017-2018")


def test_components(scheme):
    total, target = scheme.tree["total"], scheme.tree["target"]
    assert [scheme.groups[each].score for each in ("yuanbu", "department")] == ["total", "total"]
    assert total.children == ("ballot", "target", "leader")
    assert target.children == ("base", "key", "tasks")
    marks = {name: [number_for(scheme, scheme.tree[name].item.full, each) for each in ("college", "department")]
             for name in (*total.children, *target.children)}  # fmt: skip
    assert marks == {
        "ballot": [20, 70], "target": [150, 100], "leader": [30, 30],
        "base": [55, 55], "key": [95, 95], "tasks": [100, 100],
    }  # fmt: skip
    assert [scheme.tree[name].applies for name in ("base", "key")] == [tuple(YUANBU.values())] * 2
    assert scheme.tree["tasks"].applies == ("department",)
    assert [scheme.places(each) for each in ("yuanbu", "department")] == [2, 3]
    worth = {name: option.worth for name, option in scheme.votes["ballot"].options.items()}
    assert worth == {"excellent": 90, "qualified": 70, "unqualified": 50}
    assert {name: each.share for name, each in scheme.votes["leaders"].voters.items()} == {"chief": 20, "deputy": 10}


def test_full_marks_derived_and_stated(scheme):
    assert {each: full(scheme, each, "base") for each in YUANBU.values()} == {
        "college": 55, "continuing": 55, "foundation": 48, "ideology": 48
    }  # fmt: skip
    assert {each: full(scheme, each, "key") for each in YUANBU.values()} == {
        "college": 95, "continuing": 58, "foundation": 46, "ideology": 46
    }  # fmt: skip
    stated = {name: category.stated for name, category in scheme.categories.items()}
    assert stated == {
        "college": {"base": 55, "key": 95},
        "continuing": {"base": 55, "key": 61},
        "foundation": {"base": 48, "key": 41},
        "ideology": {"base": 48, "key": 41},
        "department": {"tasks": 100},
    }


def test_printed_section_marks_are_the_sums_of_their_indicators(scheme):
    for section in scheme.sections:
        assert sum(each.full for each in section.indicators) == section.full, section.id
    marks = {section.id: section.full for section in scheme.sections if section.under == "key"}
    assert marks == {"K-1": 15, "K-2": 8, "K-3": 10, "K-4": 14, "K-5": 20, "K-6": 8, "K-7": 10, "K-8": 10}


# Base indicators


def base(scheme: Scheme) -> list:
    return [each for each in scheme.indicators.values() if scheme.component_of(each.id) == "base"]


def test_fifty_five_base_indicators_all_judged(scheme):
    assert [each.id for each in base(scheme)] == [f"B{number:02}" for number in range(1, 56)]
    special = {"B04": Fraction(3, 2), "B05": Fraction(1, 2), "B07": Fraction(3, 2), "B09": Fraction(3, 2), "B32": 6}
    for each in base(scheme):
        assert each.full == special.get(each.id, 1)
        assert isinstance(each.judged, Judged)
        number = int(each.id[1:])
        students, teaching = ("college", "continuing"), ("foundation", "ideology")
        expected = students if 19 <= number <= 31 else teaching if number == 32 else (*students, *teaching)
        assert each.applies == expected
        assert each.clause.endswith(f"·{number}")


def test_base_deductions(scheme):
    costs = {
        each.id: [(rule.each, rule.least, rule.most) for rule in each.rules if isinstance(rule, Incidents)]
        for each in base(scheme)
        if len(each.rules) > 1
    }
    half = Fraction(1, 2)
    assert costs == {
        "B07": [(None, half, 1)],
        "B17": [(1, None, None)],
        "B18": [(half, None, None)],
        "B39": [],
    }
    for name, metric, limit in (("B07", "invigilation_rate", "70%"), ("B39", "party_day_rate", "80%")):
        steps = scheme.indicators[name].rule.less[0]
        assert (steps.value.metric, steps.or_less.policy) == (metric, "yixia")
        assert [(band.or_less, band.points) for band in steps.bands] == [(Fraction(limit[:-1]) / 100, half)]


def test_base_checks(scheme):
    found = {
        each.id: [(check.metric, *check.bound, check.party_org) for check in each.checks]
        for each in base(scheme)
        if each.checks
    }
    assert set(found) == {f"B{number:02}" for number in (1, 5, 6, 7, 9, 10, 12, 13, 19, 22, 25, 27, 29, 30, 32, 34, 36,
                                                         39, 40, 41, 44, 48, 50, 52, 55)}  # fmt: skip
    assert found["B50"] == [("union_meetings", "≥", 1, "general_branch")]
    assert {each.id: each.checks[0].applies for each in base(scheme) if each.checks and each.checks[0].applies} == {
        "B32": ("foundation",)  # only there are students tested
    }
    assert found["B09"] == [("lab_equipment_intact_rate", "≥", Fraction(9, 10), None)]
    assert found["B12"] == [("discipline_breaches", "≤", 3, None), ("open_classes", "≥", 2, None)]
    assert found["B36"] == [
        ("media_articles_per_month", "≥", 3, "general_branch"),
        ("media_articles_per_month", "≥", 2, "branch"),
    ]
    assert found["B55"] == [("asset_intact_rate", "≥", Fraction(19, 20), None)]


# Key indicators

KEY = """
K1.1 10 cfi   project_funding
K1.2 1 c
K1.3 2 co     partner_companies cooperation_projects
K1.4 2 cofi
K2a 3 co      trainees enrolled_students
K2b 5 co      training_income
K3.1 2 cofi   students_taught major_teachers
K3.2 2 cofi   training_persontimes staff practice_persontimes
K3.3 2 cofi   dual_qualified_teachers full_time_teachers
K3.4a 2 c
K3.4b 2 c     part_time_teachers full_time_teachers
K4.1 4 c      new_students majors
K4.2 4 c      new_students new_students_prev
K4.3 6 c      full_time_recruited recruitment_plan
K5.1a 2 co    classes_without_adviser leaders_not_advising
K5.1b 2 co
K5.1c 1 co
K5.1d 1 co
K5.2a 2 co
K5.2b 2 co
K5.2c 2 co    affiliated_clubs club_advisers
K5.3 3 c      initial_employment_rate yearend_employment_rate agreement_failure_rate survey_rate
K5.4a 1 c     startup_textbooks
K5.4b 2 c     incubated_projects
K5.4c 2 c     contest_school_finals contest_municipal_awards contest_provincial_awards
K6 8 cofi
K7.1 4 cofi
K7.2a 2 cofi
K7.2b 1 cofi
K7.3 3 cofi
K8.1 2 cofi
K8.2 3 cofi
K8.3 2 cofi
K8.4a 1 cofi
K8.4b 2 cofi
"""


def test_key_indicators(scheme):
    expected = [line.split() for line in KEY.split("\n") if line]
    found = [each for each in scheme.indicators.values() if scheme.component_of(each.id) == "key"]
    assert [each.id for each in found] == [name for name, *_ in expected]
    for each, (name, mark, letters, *metrics) in zip(found, expected, strict=True):
        assert each.full == int(mark), name
        assert each.applies == tuple(YUANBU[letter] for letter in letters), name
        assert set(each.metrics) == set(metrics), name


def test_what_is_judged_and_what_is_computed(scheme):
    judged = {each.id for each in scheme.indicators.values() if each.judged and scheme.component_of(each.id) == "key"}
    assert judged == {
        "K1.2", "K1.4", "K3.4a", "K5.1b", "K5.1c", "K5.1d", "K5.2a", "K5.2b", "K7.2a", "K7.2b", "K7.3", "K8.1", "K8.2",
        "K8.3", "K8.4a", "K8.4b",
    }  # fmt: skip


def test_weights(scheme):
    assert scheme.indicators["K1.1"].weights == {
        "program": {"national": 5, "provincial": 3},
        "course": {"national": 5, "provincial": 2},
        "contest": {"national": 5, "provincial": {"first": 4, "second": 3, "third": 1}},
        "thesis": {"provincial": {"first": 5, "team": 3, "second": 3, "third": 1}},
        "student_project": {"national": 2, "provincial": 1},
    }
    assert scheme.indicators["K6"].weights == {
        "paper_indexed": 3, "paper_core": 2, "paper_other": 1,
        "topic": {"national": 4, "provincial": 3, "municipal": 2, "school": 1, "horizontal": 1},
        "research_award": {"national": 4, "provincial": 2, "municipal": 1},
        "patent_invention": 3, "patent_utility": 2, "software_copyright": 2, "patent_design": 1,
    }  # fmt: skip
    levels = {"national": 4, "provincial": 2, "municipal": 1}
    assert scheme.indicators["K7.1"].weights == {"honour": levels, "media": levels}
    assert {name: rule.at_least[name] for name, rule in scheme.indicators["K6"].amounts.items()} == {
        "funding_social": 20_000, "funding_natural": 50_000
    }  # fmt: skip
    counted = {kind for each in scheme.indicators.values() for kind in (*each.weights, *each.amounts)}
    assert counted == set(scheme.kinds)


BANDS = {
    "K2a": [("≥70%", 1), ("≥100%", 2), ("≥150%", 3)],
    "K2b": [("≥500000 元", 3), ("≥1000000 元", 4), ("≥1500000 元", 5)],
    "K3.1": [("<70%", "1.5"), ("<100%", 1), ("<100% 且前 3 名", 2)],
    "K3.2": [("≥70%", 1), ("≥100%", "1.5"), (">100% 且前 3 名", 2)],
    "K3.4b": [("≥15%", 1), ("≥25%", "1.5"), (">25% 且前 3 名", 2)],
    "K4.1": [("≥70%", 2), ("≥100%", 4), (">100% 且前 3 名", 4)],
    "K4.2": [("<10% 且 >0%", 2), ("<20% 且 ≥10%", 4), ("≥20%", 4)],
}


@pytest.mark.parametrize("name", BANDS)
def test_bands(scheme, name):
    rule = scheme.indicators[name].rule
    form = Term("", RATE) if rule.against else rule.value.unit(scheme.terms)
    found = [(" 且 ".join(sorted(band.says(form).split(" 且 "))), band.points) for band in rule.bands]
    expected = [(" 且 ".join(sorted(says.split(" 且 "))), Fraction(points)) for says, points in BANDS[name]]
    assert found == expected


# Departments

DEPARTMENTS = """
D01 党委办公室 5 15 15
D02 监察室 5 15 15
D03 党委组织部 5 20 8 17
D04 党委宣传部 5 12 9
D05 工会委员会 5 13 8
D06 教务处 5 15 7
D07 后勤管理处 5 13 6
D08 党委学生工作部 5 10 10
D09 保卫处 5 11 7
D10 财务处 5 13 13
D11 科技与产业处 5 13 10
D12 质量监督处 5 10 10
D13 图书馆 5 11 8
D14 劳动服务公司 5 13 13
"""


def test_departments_and_their_tasks(scheme):
    expected = [line.split() for line in DEPARTMENTS.split("\n") if line]
    assert [each.id for each in scheme.departments] == [name for name, *_ in expected]
    for department, (_, name, first, last, *innovative) in zip(scheme.departments, expected, strict=True):
        assert department.name == name
        assert [task.id for task in department.tasks] == [f"T{n:02}" for n in range(int(first), int(last) + 1)]
        assert [task.id for task in department.tasks if task.innovative] == [f"T{int(n):02}" for n in innovative]
    assert sum(len(each.tasks) for each in scheme.departments) == 128


def test_every_department_can_score_a_hundred(scheme):
    for department in scheme.departments:
        own = scheme.applicable("department", department.id)
        assert [each.id for each in own[:4]] == [f"{department.id}.W{n}" for n in range(1, 5)]
        assert [each.full for each in own[:4]] == [10] * 4
        assert sum(each.full for each in own) == 100
        assert len({each.full for each in own[4:]}) == 1


def test_departments_own_demands(scheme):
    extra = {each.id: set(each.extra) for each in scheme.departments if each.extra}
    assert extra == {
        "D02": {"W2", "W4"}, "D03": {"W2", "W4"}, "D04": {"W4"}, "D05": {"W1"}, "D06": {"W2"}, "D07": {"W2", "W4"},
        "D08": {"W4"}, "D09": {"W4"}, "D10": {"W2"}, "D13": {"W4"},
    }  # fmt: skip
    found = {
        f"{each.id}.{item}": [(check.metric, *check.bound) for check in checks]
        for each in scheme.departments
        for item, checks in each.checks.items()
    }
    assert found == {
        "D02.W2": [("tender_meeting_rate", "≥", 1)],
        "D03.W2": [("declaration_check_rate", "≥", Fraction(1, 5))],
        "D05.W1": [("union_talk_rate", "≥", 1)],
        "D06.W2": [("cooperation_checks_per_semester", "≥", 1)],
        "D07.W4": [("rent_collection_rate", "≥", 1)],
    }


def test_tasks_with_numbers(scheme):
    found = {
        f"{department.id}.{task.id}": [check.bound[1] for check in task.targets]
        for department in scheme.departments
        for task in department.tasks
        if task.targets
    }
    assert found == {
        "D02.T12": [1], "D02.T15": [1], "D03.T08": [Fraction(17, 20), 1, 3], "D03.T12": [70, 40], "D03.T13": [30],
        "D04.T09": [1], "D06.T06": [5, 2], "D06.T07": [10], "D06.T08": [3_020_000], "D06.T09": [1],
        "D06.T10": [1], "D06.T11": [28, 30], "D06.T12": [12], "D06.T15": [0, 1], "D07.T06": [1],
        "D07.T11": [4500], "D07.T13": [0, 1, Fraction(17, 20), 2, Fraction(4, 5)],
        "D08.T05": [Fraction(4, 5), 1, Fraction(21, 20)], "D08.T07": [3, 5, 3, 2], "D09.T05": [20, 3000],
        "D09.T06": [1], "D10.T05": [Fraction(9, 10)], "D10.T09": [Fraction(1, 10)],
        "D10.T10": [Fraction(3, 5)], "D11.T05": [10, 10, 3], "D11.T09": [10], "D11.T10": [20],
        "D13.T07": [18_000], "D13.T11": [1], "D14.T09": [0],
    }  # fmt: skip


DUE = """
D02.T12 2019-08-31
D02.T14 2018-12-31
D02.T15 2019-08-31
D03.T17 2018-12-31
D03.T19 2019-08-31
D05.T13 2018-12-31
D06.T14 2018-12-31
D07.T07 2019-06-30
D07.T08 2019-06-30
D07.T09 2019-06-30 2019-08-31
D07.T10 2019-08-31
D07.T11 2019-08-31
D07.T12 2019-08-31
D09.T11 2018-12-31
"""


def test_tasks_with_a_time_limit(scheme):
    found = {
        each.id: [str(scheme.deadlines[due.by].date("2018-2019")) for due in each.due]
        for each in scheme.indicators.values()
        if each.due
    }
    assert found == {name: days for name, *days in map(str.split, DUE.strip().split("\n"))}
    assert {name: str(each.date("2020-2021")) for name, each in scheme.deadlines.items()} == {
        "year_end": "2020-12-31",
        "first_half": "2021-06-30",
        "summer": "2021-08-31",
        "school_year": "2021-08-31",
        "year": "2021-08-31",
    }


def test_calendar_years_follow_the_school_year(scheme):
    """No text of the scheme names a year of its own; what it leaves open is filled in."""
    texts = [metric.definition for metric in scheme.metrics.values()]
    texts += [each.note for each in scheme.indicators.values()]
    assert not [text for text in texts if re.search(r"20\d\d", text)]
    awards = scheme.metrics["provincial_skill_awards"].definition
    assert in_year(awards, "2018-2019").startswith("2019 年")
    assert in_year(awards, "2020-2021").startswith("2021 年")
    assert in_year(scheme.indicators["D10.T06"].note, "2020-2021") == "指 2020 年决算"


def test_only_first_authors_count_says_the_catalogue(scheme):
    """注1 of 附件1."""
    own = {"K5.4a", "K5.4b", "K5.4c"}
    names = {name for each in own for name in scheme.indicators[each].metrics} | {"project_funding"}
    assert len(names) == 6
    for name in names:
        assert re.search("第一|主持", scheme.metrics[name].definition), name


def test_what_safety_means_for_the_teaching_departments(scheme):
    """注 of 附件1·二·（八）: four aspects."""
    notes = {each.note for each in scheme.indicators.values() if each.id.startswith("K8")}
    assert len(notes) == 1
    assert all(aspect in notes.copy().pop() for aspect in ("部署", "安全意识", "隐患", "教学中突发"))


def test_oddities_of_the_tasks_are_data(scheme):
    said = {
        f"{department.id}.{task.id}": (task.repeats, task.overlaps)
        for department in scheme.departments
        for task in department.tasks
        if task.repeats or task.overlaps
    }
    assert said == {"D02.T15": ("T12", None), "D06.T15": (None, "T12")}
    called = [check.metric for each in scheme.indicators.values() for check in each.checks if check.called]
    assert called == ["safety_educated_persons"]


# Policies, window, catalogue

POLICIES = """
P01 rescale proportional combined none
P02 full_marks applicable stated
P03 funding_steps whole proportional
P04 shortfall_steps whole started proportional
P05a students_ratio pooled mean_of_units
P05b training_ratio mean_of_units pooled
P05c intake_ratio pooled mean_of_units
P06 employment_floor none zero
P07 cap_break provincial_on_top provincial_alone none
P08 employment_cap stated parts
P09 teaching_depts exempt exempt_k31 included
P10 panel mean median trimmed
P11 task_shares equal weights
P12 fail_line 0.6
P13 ballot_scale literal stretch
P14 quota_ties pending all none
P15 weight_points best_scaled capped
P16 eligibility both any
P17 quota_fill pass_down within_top
P18 yixia inclusive strict
P19 component_cap none cap
P20 deduction_start start full
P21 yishang inclusive strict
P22 rank_ties competition dense
P23 employment_cap_on net gains
P24 survey_edge inclusive strict
P25 funding_count project kind multiple
P26 training_base own mean_of_others
P27 students_whole all without
P28 leader_panel mean median trimmed
P29 certificate_range ratings down up
"""


def test_policies(scheme):
    expected = [line.split() for line in POLICIES.split("\n") if line]
    assert [each.id for each in scheme.policies] == [name for name, *_ in expected]
    for policy, (_, name, default, *others) in zip(scheme.policies, expected, strict=True):
        assert (policy.name, policy.default) == (name, default)
        assert set(policy.options) == ({default, *others} if not policy.fraction else set())
        assert policy.clause
        assert policy.question
        assert policy.consequence
    assert [each.id for each in scheme.policies if each.fraction] == ["P12"]
    exempts = {name: option.exempts for name, option in scheme.policy["teaching_depts"].options.items()}
    assert exempts == {
        "exempt": {"foundation": ("K1.4", "K7.3"), "ideology": ("K1.4", "K7.3")},
        "exempt_k31": {"foundation": ("K3.1", "K7.3"), "ideology": ("K3.1", "K7.3")},
        "included": {},
    }
    conflicts = {each.name: each.conflicts for each in scheme.policies if each.conflicts}
    assert conflicts == {"full_marks": {"stated": {"teaching_depts": "included"}}}


def test_the_window(scheme):
    assert scheme.window.days("2018-2019") == (datetime.date(2018, 9, 1), datetime.date(2019, 8, 31))
    assert scheme.window.days("2020-2021") == (datetime.date(2020, 9, 1), datetime.date(2021, 8, 31))
    assert scheme.window.longer == ("B28", "B29", "K4.1", "K4.2", "K4.3")


def test_results(scheme):
    assert set(scheme.results.declarations) == {"innovation", "breakthrough"}
    assert set(scheme.results.vetoes) == {"decision", "safety", "discipline", "other"}
    assert all(scheme.results.vetoes[name].name.count("较严重") == 1 for name in ("discipline", "safety"))
    assert "突破性进展或作出突出成绩" in scheme.results.declarations["breakthrough"]
    assert scheme.results.innovation == "innovation"
    assert set(scheme.results.clauses) == {"grade", "bonus", "award", "rectify", "last_two_years", "declare", "veto"}


def test_everything_has_a_clause_and_a_name(scheme):
    for each in scheme.indicators.values():
        assert each.clause
        assert each.name
        if each.unit is None:
            assert each.office
            assert each.clause.startswith(scheme.section_of[each.id].clause)
    clauses = [each.clause for each in scheme.indicators.values()]
    assert len(set(clauses)) == len(clauses)


def test_the_catalogue_of_metrics(scheme):
    for name, metric in scheme.metrics.items():
        assert metric.office, name
        assert (metric.unit == "比率") == (metric.kind == "rate"), name
        assert metric.kind != "rate" or metric.most == 1, name
    names = [metric.name for metric in scheme.metrics.values()]
    assert len(set(names)) == len(names)


def test_every_kind_the_shipped_scheme_uses_is_known(scheme):
    used = {rule.kind for node in scheme.tree.leaves for rule in node.item.rules}
    assert used <= set(FIGURES)
    assert {"vote", "steps", "judged", "rank_bands", "cap_break", "deductions"} <= used
