"""The audit: faults that the shipped scheme does not have are found, and nothing else is said of it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kaohe.scheme import audit as package
from tests.scheme.audited import Key, Tree, audited, bands, employment, indicator, item, policy, section
from tests.scheme.test_audit import CORRECTIONS
from tests.scheme.test_audit_tree import SMALL

pytestmark = pytest.mark.slow


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
