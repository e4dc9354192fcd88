"""The audit: whoever corrects a clause makes its finding disappear, and nothing else."""

import ast
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kaohe.scheme import audit as package
from kaohe.scheme import shipped
from kaohe.scheme.audit import audit_rows
from tests.scheme.audited import (
    Key,
    Tree,
    audited,
    bands,
    department,
    employment,
    indicator,
    policy,
    task,
)

pytestmark = pytest.mark.slow


# Corrections: what the text would have to say for the finding to go


def set_stated(category: str, component: str, full: int) -> Callable[[Tree], None]:
    return lambda tree: tree["categories"][category]["stated"].update({component: full})


def all_excellent_is_full(tree: Tree) -> None:
    tree["votes"]["ballot"]["out_of"]["options"]["literal"]["value"] = 90


def provincial_awards_are_capped(tree: Tree) -> None:
    indicator(tree, "K5.4c")["rule"]["reading"] = "none"
    tree["policies"].remove(policy(tree, "P07"))


def employment_deducts_nothing(tree: Tree) -> None:
    for part in employment(tree):
        for band in part["bands"]:
            band["points"] = max(Fraction(band["points"]), 0)


def employment_parts_make_three(tree: Tree) -> None:
    first = employment(tree)[0]["bands"]
    first[0]["points"], first[1]["points"] = "0.5", 1  # then 1 + 1 + 1


def points_of_band(name: str, band: int, points: int) -> Callable[[Tree], None]:
    return lambda tree: bands(tree, name)[band].update({"points": points})


def top_band_without_rank(name: str, **bound: str) -> Callable[[Tree], None]:
    return lambda tree: bands(tree, name)[2].update({"among": None, "above": None, "at_least": None, **bound})


def double_qualified_without_rank(tree: Tree) -> None:
    indicator(tree, "K3.3")["variants"][0]["rule"]["bands"][2].update({"among": None, "or_more": "95%"})


def best_one_of_student_ratio(tree: Tree) -> None:
    bands(tree, "K3.1")[2]["among"] = 1


def only_the_first_two_ranks(tree: Tree) -> None:
    rank_bands = indicator(tree, "K7.1")["rule"]["parts"][0]
    rank_bands["bands"] = rank_bands["bands"][:1]


def parts_by_policy(part: Any, name: str) -> list[Tree]:
    """Figures and conditions that a policy chooses, at any depth."""
    if isinstance(part, dict):
        own = [part] if part.get("policy") == name and "options" in part else []
        return own + [found for each in part.values() for found in parts_by_policy(each, name)]
    return [found for each in part for found in parts_by_policy(each, name)] if isinstance(part, list) else []


def one_reading(name: str) -> Callable[[Tree], None]:
    """The text now says what the scheme's default took."""

    def correct(tree: Tree) -> None:
        this = policy(tree, name)
        if this["fraction"]:
            this.update(fraction=False, options={this["default"]: {"says": "写明"}})
        this["options"] = {this["default"]: this["options"][this["default"]]}
        this["conflicts"] = {}
        for part in parts_by_policy(tree, this["name"]):
            part["options"] = part["options"] or {this["default"]: {"kind": "number", "value": this["default"]}}
            part["options"] = {this["default"]: part["options"][this["default"]]}
        for other in tree["policies"]:
            for option, conflicts in other["conflicts"].items():
                kept = {key: value for key, value in conflicts.items() if key != this["name"]}
                other["conflicts"][option] = kept

    return correct


def teaching_departments_are_never_included(tree: Tree) -> None:
    del policy(tree, "P09")["options"]["included"]
    policy(tree, "P02")["conflicts"] = {}


def every_task_has_a_weight(tree: Tree) -> None:
    for own in tree["departments"]:
        for each in own["tasks"]:
            each["weight"] = 1


def eleven_tasks_at_most(tree: Tree) -> None:
    own = department(tree, "D03")
    own["tasks"] = own["tasks"][:11]


def clear(name: str, field: str) -> Callable[[Tree], None]:
    return lambda tree: indicator(tree, name).update({field: []})


def strictly_below(name: str) -> Callable[[Tree], None]:
    def correct(tree: Tree) -> None:
        band = indicator(tree, name)["rule"]["less"][0]["bands"][0]
        band.update(below=band["or_less"], or_less=None)

    return correct


def reached(bands: list[Tree]) -> None:
    """The text says 达到 instead of 以上."""
    for band in bands:
        if band["or_more"] is not None:
            band.update(at_least=band["or_more"], or_more=None)


def ballot_points_left(left: int) -> Callable[[Tree], None]:
    return lambda tree: tree["votes"]["ballot"].update(open=tree["votes"]["ballot"]["open"][:left])


def hours_cost_half_a_point(tree: Tree) -> None:
    value = {"kind": "metric", "metric": "substituted_hours_per_teacher"}
    steps = {"kind": "steps", "value": value, "bands": [{"at_least": 2, "points": "0.5"}]}
    indicator(tree, "B07")["rule"]["less"][1] = steps


def certificates_are_judged(tree: Tree) -> None:
    indicator(tree, "K1.2")["rule"]["nothing_or_from"] = None


def no_number(name: str) -> Callable[[Tree], None]:
    """The text no longer names a number, so nobody hands it in."""

    def correct(tree: Tree) -> None:
        if "." in name and name.startswith("D"):
            own, item = name.split(".")
            checks = department(tree, own)["checks"].pop(item)
        else:
            checks = indicator(tree, name)["checks"]
            indicator(tree, name)["checks"] = []
        for check in checks:
            tree["metrics"].pop(check["metric"], None)

    return correct


def no_lower_aim(name: str, place: int) -> Callable[[Tree], None]:
    return lambda tree: task(tree, name)["targets"].pop(place)


def coverage_is_asked_once(tree: Tree) -> None:
    task(tree, "D02.T15")["targets"] = []


def clear_deadline(name: str) -> Callable[[Tree], None]:
    return lambda tree: tree["deadlines"][name].update(question="", taken="")


def national_theses_count(tree: Tree) -> None:
    indicator(tree, "K1.1")["weights"]["thesis"]["national"] = 5


NUMBERS = [
    "B01", "B05", "B06", "B09", "B10", "B12", "B13", "B19", "B22", "B25", "B27", "B29", "B30", "B32",
    "B34", "B36", "B39", "B40", "B41", "B44", "B48", "B50", "B52", "B55", "K1.4", "K5.2a", "K5.2b",
    "K7.2b", "D02.W2", "D03.W2", "D05.W1", "D06.W2", "D07.W4",
]  # fmt: skip
POLICIES = [each.id for each in shipped("lygtc-2018").policies]
OPEN = ["K1.1", "K4.1", "K4.2", "K4.3", "K5.3", "K5.4c", "K6", "K7.1"]
GROUPS = ["yuanbu", "department"]

# finding → correction
CORRECTIONS: dict[Key, Callable[[Tree], None]] = {
    ("stated-total", "continuing.key"): set_stated("continuing", "key", 58),
    ("stated-total", "foundation.key"): set_stated("foundation", "key", 46),
    ("stated-total", "ideology.key"): set_stated("ideology", "key", 46),
    ("full-unreachable", "yuanbu.ballot"): all_excellent_is_full,
    ("full-unreachable", "department.ballot"): all_excellent_is_full,
    ("above-full", "K5.4c"): provincial_awards_are_capped,
    ("below-zero", "K5.3"): employment_deducts_nothing,
    ("parts-against-cap", "K5.3"): employment_parts_make_three,
    ("band-idle", "K4.1"): points_of_band("K4.1", 1, 3),
    ("band-idle", "K4.2"): points_of_band("K4.2", 1, 3),
    ("rank-bands-pool", "K7.1"): only_the_first_two_ranks,
    ("top-n-pool", "K3.1"): best_one_of_student_ratio,
    ("top-n-pool", "K3.3"): double_qualified_without_rank,
    ("top-n-pool", "K3.4b"): top_band_without_rank("K3.4b", above="40%"),
    ("top-n-pool", "K4.1"): top_band_without_rank("K4.1", above="150%"),
    ("task-repeats", "D02.T15"): lambda tree: task(tree, "D02.T15").update(repeats=None),
    ("task-overlaps", "D06.T15"): lambda tree: task(tree, "D06.T15").update(overlaps=None),
    ("figure-misnamed", "D09.T05"): lambda tree: task(tree, "D09.T05")["targets"][1].update(called=None),
    ("task-shares-uneven", "department"): eleven_tasks_at_most,
    **{("open-policy", name): one_reading(name) for name in POLICIES},
    ("readings-exclude", "P02+P09"): teaching_departments_are_never_included,
    ("option-unusable", "P11"): every_task_has_a_weight,
    **{("open-point", name): clear(name, "open") for name in OPEN},
    **{("open-point", f"{group}.ballot"): ballot_points_left(0) for group in GROUPS},
    **{("open-point", f"{group}.ballot#2"): ballot_points_left(1) for group in GROUPS},
    ("open-point", "results"): lambda tree: tree["results"].update(open=[]),
    ("boundary-word", "B07"): strictly_below("B07"),
    ("boundary-word", "B39"): strictly_below("B39"),
    ("boundary-word", "K2b"): lambda tree: reached(bands(tree, "K2b")),
    ("boundary-word", "K3.3"): lambda tree: reached(indicator(tree, "K3.3")["variants"][0]["rule"]["bands"]),
    ("boundary-word", "K5.3"): lambda tree: reached(employment(tree)[3]["bands"]),
    ("discretion", "B07"): hours_cost_half_a_point,
    ("discretion", "K1.2"): certificates_are_judged,
    ("demand-unscored", "K5.1a"): clear("K5.1a", "unscored"),
    **{("number-without-points", name): no_number(name) for name in NUMBERS},
    ("check-implied", "D03.T08"): no_lower_aim("D03.T08", 0),
    ("check-implied", "D08.T05"): no_lower_aim("D08.T05", 1),
    ("check-repeated", "D02.T15"): coverage_is_asked_once,
    ("deadline-unclear", "deadlines.year_end"): clear_deadline("year_end"),
    ("deadline-unclear", "deadlines.year"): clear_deadline("year"),
    ("level-without-weight", "K1.1"): national_theses_count,
}

STATED = {("stated-total", "foundation.key"), ("stated-total", "ideology.key")}
BALLOTS = {("full-unreachable", "yuanbu.ballot"), ("full-unreachable", "department.ballot")}

BALLOT_POINTS = {("open-point", f"{group}.ballot{second}") for group in GROUPS for second in ("", "#2")}

# Findings that cannot but go along, because the same clause is corrected: why.
ALSO: dict[Key, set[Key]] = {
    # a clause that says how the cap is broken leaves nothing to decide
    ("above-full", "K5.4c"): {("open-policy", "P07")},
    # if only the derived mark divides, nothing excludes a reading of P09
    ("open-policy", "P02"): {("readings-exclude", "P02+P09")},
    # if the cap is 3, its parts do not compete with it
    ("open-policy", "P08"): {("parts-against-cap", "K5.3")},
    # if K1.4 and K7.3 do not apply, 41 is the sum, K3.1 keeps its pool, and there is no reading to exclude
    ("open-policy", "P09"): {*STATED, ("readings-exclude", "P02+P09"), ("top-n-pool", "K3.1")},
    # if shares are equal, weights are nobody's reading
    ("open-policy", "P11"): {("option-unusable", "P11")},
    # if the word takes in the number, the two boundaries are clear
    ("open-policy", "P18"): {("boundary-word", "B07"), ("boundary-word", "B39")},
    ("open-policy", "P21"): {("boundary-word", "K2b"), ("boundary-word", "K3.3")},
    ("open-policy", "P24"): {("boundary-word", "K5.3")},
    # both groups vote on the same paper, and the second of its open points goes with the first
    **{key: BALLOTS - {key} for key in BALLOTS},
    **{("open-point", f"{group}.ballot"): BALLOT_POINTS - {("open-point", f"{group}.ballot")} for group in GROUPS},
    **{
        ("open-point", f"{group}.ballot#2"): {("open-point", f"{other}.ballot#2") for other in GROUPS if other != group}
        for group in GROUPS
    },
}

# Findings that stay but now name other figures or no policy: why.
REWORDED: dict[Key, set[Key]] = {
    ("top-n-pool", "K4.1"): {("band-idle", "K4.1")},  # it quotes the band
    ("top-n-pool", "K3.3"): {("boundary-word", "K3.3")},  # it names the bound
    # they count the judged items, and name the tasks with a time limit
    ("task-shares-uneven", "department"): {("open-policy", "P10"), ("deadline-unclear", "deadlines.year_end")},
    ("open-policy", "P06"): {("below-zero", "K5.3")},  # no longer a policy's to decide
    ("open-policy", "P07"): {("above-full", "K5.4c")},
    ("open-policy", "P13"): BALLOTS,
    ("readings-exclude", "P02+P09"): {*STATED, ("open-policy", "P09")},  # they list P09's options
}


def test_every_finding_has_a_correction(shipped_findings):
    assert set(CORRECTIONS) == set(shipped_findings)


@pytest.mark.parametrize("key", CORRECTIONS, ids="-".join)
def test_a_corrected_clause_loses_its_finding_and_no_other(tree, shipped_findings, key):
    CORRECTIONS[key](tree)
    found = audited(tree)
    assert shipped_findings.keys() - found.keys() == {key} | ALSO.get(key, set())
    assert found.keys() - shipped_findings.keys() == set()
    assert {each for each in found if found[each] != shipped_findings[each]} == REWORDED.get(key, set())


def test_a_number_that_costs_points_is_no_silence(tree, shipped_findings):
    value = {"kind": "metric", "metric": "joint_meetings_per_month"}
    steps = {"kind": "steps", "value": value, "bands": [{"below": 2, "points": "0.5"}]}
    b01 = indicator(tree, "B01")
    b01["rule"] = {"kind": "deductions", "start": b01["rule"], "less": [steps]}
    assert shipped_findings.keys() - audited(tree).keys() == {("number-without-points", "B01")}


# Pools of a known size


def test_enough_colleges_leave_nothing_to_say_about_ranks(tree, shipped_findings):
    lost = shipped_findings.keys() - audited(tree, colleges=6).keys()
    assert {code for code, _ in lost} == {"rank-bands-pool", "top-n-pool"}
    assert {subject for _, subject in lost} == {"K7.1", "K3.1", "K3.3", "K3.4b", "K4.1"}


@pytest.mark.parametrize(
    ("colleges", "short", "everyone"),
    [
        (5, "第 7～8 名", set()),  # 8 units: rank 7 gets its points, rank 8 is the last
        (3, "第 5～6 名", {"K3.3", "K3.4b", "K4.1"}),  # 6 units
        (2, "第 5～6 名", {"K3.1", "K3.3", "K3.4b", "K4.1"}),  # K3.1: with P09's exempt_k31 only 3 units
    ],
)
def test_few_colleges(tree, colleges, short, everyone):
    found = audited(tree, colleges=colleges)
    ranks = found["rank-bands-pool", "K7.1"].finding
    assert f"现有 {colleges + 3} 个单位：{short}" in ranks
    assert {subject for code, subject in found if code == "top-n-pool"} == everyone


def test_sizes_from_which_ranks_are_full(shipped_findings):
    ranks = shipped_findings["rank-bands-pool", "K7.1"].finding
    assert "要有 9 个单位（即至少 6 个二级学院）" in ranks
    assert "第 7～8 名（0.5 分）至少 8 个单位才有人得到，9 个才不落空" in ranks
    assert "二级学院不超过 3 个时人人都在前 3 名之内" in shipped_findings["top-n-pool", "K4.1"].finding


# What the findings say


@pytest.mark.parametrize(
    ("key", "kind", "policy", "words"),
    [
        (("stated-total", "continuing.key"), "矛盾", "P02 full_marks",
         ["61 分", "58 分", "多 3 分", "K5.3 就业工作恰为此数", "90.3279 分"]),
        (("stated-total", "foundation.key"), "矛盾", "P09 teaching_depts",
         ["41 分", "46 分", "少 5 分", "不考核课程思政试点和深入学生公寓”为 41 分，与注明的相合",
          "全部考核，满分 46 分”为 46 分，与注明的不合"]),
        (("full-unreachable", "yuanbu.ballot"), "不可达", "P13 ballot_scale",
         ["20 分", "最多只能得 18 分", "为 20 分", "总分最多 198 分"]),
        (("full-unreachable", "department.ballot"), "不可达", "P13 ballot_scale", ["63 分", "总分最多 193 分"]),
        (("above-full", "K5.4c"), "越界", "P07 cap_break", ["没有上限", "“整项封顶，不突破”为 2 分", "20 分", "P19"]),
        (("below-zero", "K5.3"), "越界", "P06 employment_floor", ["最低为 -7 分", "“最低 0 分”为 0 分"]),
        (("parts-against-cap", "K5.3"), "矛盾", "P08 employment_cap", ["3 分", "相加为 4 分", "学生工作可达 21 分"]),
        (("band-idle", "K4.1"), "冗余", "", ["第 3 档（>100% 且前 3 名，4 分）与第 2 档（≥100%，4 分）分值相同"]),
        (("band-idle", "K4.2"), "冗余", "", ["第 3 档（≥20%，4 分）与第 2 档（≥10% 且 <20%，4 分）分值相同"]),
        (("task-repeats", "D02.T15"), "冗余", "P11 task_shares", ["T15", "T12", "10.9091 分", "只有 T15 标为创新"]),
        (("task-overlaps", "D06.T15"), "冗余", "P11 task_shares", ["T15", "T12", "内容有交叉"]),
        (("figure-misnamed", "D09.T05"), "矛盾", "", ["≥3000 人"]),
        (("task-shares-uneven", "department"), "提示", "P11 task_shares",
         ["党委学生工作部、质量监督处只有 6 项", "每项 10 分", "16 项，每项 3.75 分", "2.67 倍"]),
        (("readings-exclude", "P02+P09"), "矛盾", "P02 full_marks、P09 teaching_depts", ["已规定不得同时采用"]),
        (("open-policy", "P12"), "沉默", "P12 fail_line", ["取 0.6", "0～1"]),
        (("open-policy", "P10"), "沉默", "P10 panel", ["取：平均（mean）", "中位数（median）", "等共 255 项指标"]),
        (("open-point", "results"), "沉默", "", ["末位并列"]),
        (("boundary-word", "B39"), "沉默", "P18 yixia", ["党日活动参与率恰为 80%", "0.5 分"]),
        (("discretion", "B07"), "沉默", "P10 panel", ["0.5 分～1 分"]),
        (("demand-unscored", "K5.1a"), "疏漏", "", ["专职辅导员"]),
        (("number-without-points", "B36"), "疏漏", "P10 panel", ["≥3 篇（党总支）", "≥2 篇（直属支部）"]),
        (("check-implied", "D08.T05"), "冗余", "", ["≥1.05 倍 已包含"]),
        (("level-without-weight", "K1.1"), "疏漏", "", ["优秀毕业设计（论文）没有国家级的权重"]),
    ],
)  # fmt: skip
def test_what_a_finding_says(shipped_findings, key, kind, policy, words):
    found = shipped_findings[key]
    assert (found.kind, found.policy) == (kind, policy)
    assert [each for each in words if each not in found.finding + found.consequence] == []


def test_every_finding_has_its_clause_and_its_consequence(shipped_findings):
    for found in shipped_findings.values():
        assert re.match(r"(附件[12]·)?[一二三四五六]|附件2", found.clause), found
        assert len(found.consequence) > 5, found
        assert found.kind in {"矛盾", "冗余", "不可达", "越界", "沉默", "疏漏", "提示"}
        known = {f"{each.id} {each.name}" for each in shipped("lygtc-2018").policies}
        assert set(filter(None, found.policy.split("、"))) <= known


def test_every_policy_is_an_open_point(shipped_findings):
    assert [subject for code, subject in shipped_findings if code == "open-policy"] == POLICIES


def test_rows_for_a_table(shipped_findings):
    rows = audit_rows(shipped_findings.values())
    assert len(rows) == len(shipped_findings)
    assert list(rows[0]) == ["类别", "条款", "对象", "发现", "后果", "决定它的读法", "代码"]


def test_the_audit_knows_no_indicator_by_name():
    """Findings are derived: no string in the audit names a part of the regulation."""
    for path in Path(package.__file__).parent.glob("*.py"):
        parsed = ast.parse(path.read_text("utf-8"))
        texts = {
            node.value.value
            for node in ast.walk(parsed)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(parsed):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in texts:
                assert not re.search(r"\b[BKDPTW]\d|college|continuing|foundation|ideology", node.value), path.name
