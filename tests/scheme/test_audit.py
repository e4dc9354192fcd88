"""The audit: whoever corrects a clause makes its finding disappear, and nothing else."""

import ast
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kaohe.rules.spelling import naming
from kaohe.scheme import Scheme, shipped
from kaohe.scheme import audit as package
from kaohe.scheme.audit import AuditFinding, audit, audit_rows
from kaohe.scheme.consistency import inconsistencies
from kaohe.scheme.declared import declared
from tests.scheme.test_audit_tree import SMALL

pytestmark = pytest.mark.slow

Tree = dict[str, Any]
Key = tuple[str, str]


def thaw(part: Any) -> Any:
    """Mappings and lists that a test may change."""
    if isinstance(part, dict):
        return {key: thaw(value) for key, value in part.items()}
    return [thaw(value) for value in part] if isinstance(part, tuple | list) else part


@pytest.fixture
def tree() -> Tree:
    tree = thaw(shipped("lygtc-2018").model_dump(by_alias=True))
    for each in flat(tree["items"]):
        if not each["then"]:  # written nowhere: what the parent says of each of its items goes on
            del each["then"]
    return tree


def audited(tree: Tree, **options: Any) -> dict[Key, AuditFinding]:
    with naming(declared(tree)):
        scheme = Scheme.model_validate(tree)
    assert inconsistencies(scheme) == []
    found = audit(scheme, **options)
    assert len({each.key for each in found}) == len(found)
    return {each.key: each for each in found}


@pytest.fixture(scope="module")
def shipped_findings() -> dict[Key, AuditFinding]:
    return {each.key: each for each in audit(shipped("lygtc-2018"))}


# Finding one's way in the tree


def section(tree: Tree, name: str) -> Tree:
    return next(each for each in tree["sections"] if each["id"] == name)


def indicator(tree: Tree, name: str) -> Tree:
    return next(each for part in tree["sections"] for each in part["indicators"] if each["id"] == name)


def item(tree: Tree, name: str, among: list[Tree] | None = None) -> Tree:
    """An item of the root file."""
    for each in tree["items"] if among is None else among:
        if each["id"] == name:
            return each
        if any(found["id"] == name for found in flat(each["items"])):
            return item(tree, name, each["items"])
    raise KeyError(name)


def flat(items: list[Tree]) -> list[Tree]:
    return [found for each in items for found in (each, *flat(each["items"]))]


def bands(tree: Tree, name: str) -> list[Tree]:
    return indicator(tree, name)["rule"]["bands"]


def policy(tree: Tree, name: str) -> Tree:
    return next(each for each in tree["policies"] if each["id"] == name)


def department(tree: Tree, name: str) -> Tree:
    return next(each for each in tree["departments"] if each["id"] == name)


def task(tree: Tree, name: str) -> Tree:
    own, task = name.split(".")
    return next(each for each in department(tree, own)["tasks"] if each["id"] == task)


def employment(tree: Tree) -> list[Tree]:
    """The parts of K5.3: initial rate, year-end rate, failed checks, survey."""
    return indicator(tree, "K5.3")["rule"]["of"]["of"]["parts"]


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


# Faults that the shipped scheme does not have


def more(tree: Tree, name: str) -> Tree:
    return {"name": name, "unit": "个", "kind": "count", "office": "教务处"}


def wrong_section(tree: Tree) -> None:
    section(tree, "K-4")["full"] = 15


def full_for(tree: Tree, name: str, group: str, full: int) -> None:
    item(tree, name)["full"]["of"][group] = full


def wrong_target(tree: Tree) -> None:
    full_for(tree, "target", "yuanbu", 140)


def wrong_college(tree: Tree) -> None:
    tree["categories"]["college"]["stated"]["base"] = 54


def wrong_ballot(tree: Tree) -> None:
    full_for(tree, "ballot", "department", 60)


def wrong_tasks(tree: Tree) -> None:
    tree["department_common"]["tasks_full"] = 50


def uneven_shares(tree: Tree) -> None:
    tree["votes"]["leaders"]["voters"]["chief"]["share"] = 15


def poor_top(tree: Tree) -> None:
    bands(tree, "K2a")[2]["points"] = "2.5"


def no_such_rate(tree: Tree) -> None:
    employment(tree)[1]["bands"][1]["at_least"] = "105%"


def falling_points(tree: Tree) -> None:
    bands(tree, "K4.2")[2]["points"] = 3


def same_tier(tree: Tree) -> None:
    indicator(tree, "K1.3")["rule"]["tiers"][1]["points"] = "0.5"


def same_ranks(tree: Tree) -> None:
    indicator(tree, "K7.1")["rule"]["parts"][0]["bands"][1]["points"] = 2


def missing_rank(tree: Tree) -> None:
    indicator(tree, "K7.1")["rule"]["parts"][0]["bands"][1]["first"] = 4


def rank_with_two_points(tree: Tree) -> None:
    indicator(tree, "K7.1")["rule"]["parts"][0]["bands"][1]["first"] = 2


def places_for_all(tree: Tree) -> None:
    tree["results"]["grades"][0]["quota"]["places"]["of"]["yuanbu"] = 4


def unused_policy(tree: Tree) -> None:
    indicator(tree, "K4.3")["rule"]["less"][0]["steps"] = "whole"


def unused_metric(tree: Tree) -> None:
    tree["metrics"]["halls"] = more(tree, "会议室数")


def unused_kind(tree: Tree) -> None:
    tree["kinds"]["poem"] = "诗"


def usual_range(metric: str, least: int, most: int) -> Callable[[Tree], None]:
    return lambda tree: tree["metrics"][metric].update(usual={"from": least, "to": most})


def said_again(tree: Tree) -> None:
    indicator(tree, "B13")["checks"].append({"metric": "open_classes", "at_least": 2})


def two_open_points(tree: Tree) -> None:
    indicator(tree, "K6")["open"].append({"question": "又一处", "taken": "如此"})


# what is done → findings added, findings lost, findings that name other figures
FAULTS: dict[str, tuple[Callable[[Tree], None], set[Key], set[Key], set[Key]]] = {
    "section": (wrong_section, {("item-sum", "K-4")}, set(), set()),
    "target": (wrong_target, {("item-sum", "yuanbu.target"), ("group-totals", "groups")}, set(),
               {("full-unreachable", "yuanbu.ballot")}),
    "college": (wrong_college, {("stated-parts", "college"), ("stated-total", "college.base")}, set(),
                {("readings-exclude", "P02+P09")}),
    "ballot": (wrong_ballot, {("group-totals", "groups")}, set(), {("full-unreachable", "department.ballot")}),
    "tasks": (wrong_tasks, {("item-sum", "tasks")}, set(),
              {("task-repeats", "D02.T15"), ("task-overlaps", "D06.T15"), ("task-shares-uneven", "department")}),
    "uneven shares": (uneven_shares, {("weights-sum", "leaders")}, set(), set()),
    "poor top band": (poor_top, {("full-unreachable", "K2a")}, set(), set()),
    "no such rate": (no_such_rate, {("band-unreachable", "K5.3")}, set(), set()),
    "falling points": (falling_points, {("bands-out-of-order", "K4.2")}, {("band-idle", "K4.2")}, set()),
    "same tier": (same_tier, {("band-idle", "K1.3")}, set(), set()),
    "same ranks": (same_ranks, {("band-idle", "K7.1")}, set(), {("rank-bands-pool", "K7.1")}),
    "missing rank": (missing_rank, {("rank-bands-gap", "K7.1")}, set(), {("rank-bands-pool", "K7.1")}),
    "rank with two points": (rank_with_two_points, {("rank-bands-gap", "K7.1")}, set(), {("rank-bands-pool", "K7.1")}),
    "places for all": (places_for_all, {("quota-pool", "yuanbu")}, set(), set()),
    "unused policy": (unused_policy, {("policy-unused", "P04")}, {("open-policy", "P04")}, set()),
    "unused metric": (unused_metric, {("metric-unused", "halls")}, set(), set()),
    "unused kind": (unused_kind, {("kind-unused", "poem")}, set(), set()),
    "bands beyond the usual": (usual_range("training_income", 1000, 1499999), {("usual-excludes-text", "K2b")},
                               set(), set()),
    "steps below the usual": (usual_range("project_funding", 100001, 10**6), {("usual-excludes-text", "K1.1")},
                              set(), set()),
    "tiers below the usual": (usual_range("cooperation_projects", 3, 20), {("usual-excludes-text", "K1.3")},
                              set(), set()),
    "a target beyond the usual": (usual_range("books_shelved", 100, 17999), {("usual-excludes-text", "D13.T07")},
                                  set(), set()),
    "said again": (said_again, {("check-repeated", "B13")}, set(), {("number-without-points", "B13")}),
    "two open points": (two_open_points, {("open-point", "K6#2")}, set(), set()),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(tree, shipped_findings, name):
    spoil, added, lost, reworded = FAULTS[name]
    spoil(tree)
    found = audited(tree)
    assert found.keys() - shipped_findings.keys() == added
    assert shipped_findings.keys() - found.keys() == lost
    both = found.keys() & shipped_findings.keys()
    assert {each for each in both if found[each] != shipped_findings[each]} == reworded


def test_every_code_is_tested():
    source = "".join(path.read_text("utf-8") for path in Path(package.__file__).parent.glob("*.py"))
    codes = set(re.findall(r'"([a-z]+(?:-[a-z]+)+|discretion)"', source))
    tested = {code for code, _ in CORRECTIONS} | {code for _, added, _, _ in FAULTS.values() for code, _ in added}
    assert codes == tested | {code for _, found in SMALL.values() for code, _ in found}


def test_readings_that_exclude_one_another_without_the_scheme_refusing_them(tree):
    policy(tree, "P02")["conflicts"] = {}
    found = audited(tree)["readings-exclude", "P02+P09"]
    assert "方案没有禁止同时采用" in found.finding
    assert "折算后可超过满分" in found.consequence


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
