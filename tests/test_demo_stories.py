"""Each story of the demonstration years is there to be found: in the scores, or in what intake says."""

from pathlib import Path

import pytest

from kaohe.analysis.health import health
from kaohe.analysis.healthjson import health_json
from kaohe.intake import read_year
from kaohe.scheme.demo import STORIES
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.score import score_intake

pytestmark = pytest.mark.slow

RAW = Path(__file__).parents[1] / "data" / "raw"
FIRST, SECOND, THIRD = "2018-2019", "2019-2020", "2020-2021"


@pytest.fixture(scope="module")
def intakes():
    return {year: read_year(RAW, year) for year in (FIRST, SECOND, THIRD)}


@pytest.fixture(scope="module")
def books(intakes):
    return {
        year: score_intake(intakes[year], before=intakes.get(before))
        for year, before in ((FIRST, ""), (SECOND, FIRST), (THIRD, SECOND))
    }


def findings(intake, code):
    return [finding for finding in intake.findings if finding.code == code]


def of_unit(intake, code, unit):
    return [finding for finding in findings(intake, code) if finding.unit == unit]


def test_every_story_has_its_test():
    tested = {name.removeprefix("test_story_") for name in globals() if name.startswith("test_story_")}
    assert {story.key for story in STORIES} == tested


def test_the_years_are_complete_and_without_errors(intakes):
    for intake in intakes.values():
        assert not intake.has_errors
        assert not intake.missing
        assert intake.data.synthetic


def test_story_last_twice(books):
    unit = books[THIRD].unit("C07")
    assert unit.consequences["last_two_years"]
    assert unit.grade == "不合格"
    assert unit.consequences["rectify"]
    assert books[SECOND].unit("C07").last
    assert [unit.unit_id for unit in books[THIRD].units if unit.consequences["last_two_years"]] == ["C07"]
    assert books[FIRST].unit("C07").consequences["last_two_years"] is None


def test_story_quota_tie(books):
    book = books[FIRST]
    tied = [book.unit("D10"), book.unit("D11")]
    assert tied[0].total == tied[1].total
    assert [unit.rank for unit in tied] == [3, 3]
    assert [unit.grade for unit in tied] == ["待审议", "待审议"]


def test_story_vetoed_front_runner(books):
    unit = books[SECOND].unit("C02")
    assert (unit.rank, unit.vetoed, unit.declared, unit.grade) == (1, True, True, "合格")
    excellent = [unit.unit_id for unit in books[SECOND].ranking("yuanbu") if unit.grade == "优秀"]
    assert len(excellent) == 2


def test_story_missed_target_full_marks(books, intakes):
    cell = books[THIRD].cell("D03", "D03.T12")
    assert cell.points == cell.max_points
    check = next(
        check for check in books[THIRD].checks_of("D03") if check.indicator == "D03.T12" and check.met is False
    )
    assert check.value == 62
    assert of_unit(intakes[THIRD], "full-marks-target-missed", "D03")


def test_story_missed_check_full_marks(books, intakes):
    cell = books[FIRST].cell("C05", "B41")
    assert cell.points == cell.max_points
    assert of_unit(intakes[FIRST], "full-marks-target-missed", "C05")


def test_story_climber(books):
    ranks = [books[year].unit("C04").rank for year in (FIRST, SECOND, THIRD)]
    count = len(books[FIRST].ranking("yuanbu"))
    assert ranks[0] > count * 2 / 3
    assert ranks[2] <= 3
    assert ranks == sorted(ranks, reverse=True)


def test_story_harsh_rater(intakes):
    assert any("评委4" in str(finding) for finding in findings(intakes[SECOND], "rater-apart"))
    intake = intakes[SECOND]
    panel = {
        name: score_data(intake.scheme, resolve(intake.scheme, overrides={"panel": name}), intake.data)
        for name in ("mean", "median")
    }
    base = {name: sum(unit.points("base") or 0 for unit in book.units) for name, book in panel.items()}
    assert base["median"] > base["mean"]


def test_story_flat_rater(intakes):
    assert any("评委3" in str(finding) for finding in findings(intakes[THIRD], "flat-rater"))


def test_story_exemption(books):
    cell = books[FIRST].cell("C10", "K4.2")
    assert not cell.applicable
    own = {unit.unit_id: unit.nodes["key"].own_full for unit in books[FIRST].units if unit.category == "college"}
    assert own["C10"] == own["C01"] - 4


def test_story_disputed(books):
    assert books[THIRD].cell("C05", "K2b").status == "disputed"


def test_story_outstanding_award(books):
    assert [unit.unit_id for unit in books[SECOND].units if unit.consequences["outstanding_award"]] == ["D08"]


def test_story_not_accepted(books):
    unit = books[THIRD].unit("D12")
    assert (unit.rank, unit.declared, unit.grade) == (1, False, "合格")


def test_story_no_row_for_hours(intakes):
    assert of_unit(intakes[SECOND], "no-incident-row", "C07")


def test_story_boastful_self_score(intakes):
    assert {finding.indicator for finding in of_unit(intakes[THIRD], "self-score-far", "C07")}


def test_the_health_of_the_years_finds_the_boastful_unit_and_nobody_else(intakes, books):
    found = health_json(health([(intakes[year], books[year]) for year in books]))
    above = {(each["year"], each["unit"], item["id"]) for item in found["items"] for each in item["self_above"]}
    assert above == {(THIRD, "C07", name) for name in ("K8.1", "K8.2", "K8.3", "K8.4a", "K8.4b")}
    told = {each["id"] for each in found["proposals"] if each["kind"] == "self_score"}
    assert told == {name for _, _, name in above}
    assert not {"redundant", "heavy", "one_rater", "against_the_rest"} & {each["kind"] for each in found["proposals"]}
    shares = [
        share["effective_weight"]
        for item in found["items"]
        if (share := item["by_group"].get("yuanbu")) and share["effective_weight"] is not None
    ]
    assert sum(shares) == pytest.approx(1, abs=0.06)  # what is left is what conversion gives and takes


def test_story_decided_policies(books):
    decided = {policy.name: policy.value for policy in books[THIRD].policies if policy.origin == "year"}
    assert decided == {"funding_steps": "proportional", "fail_line": "0.62"}
    assert all(policy.reason for policy in books[THIRD].policies if policy.origin == "year")
