"""Two years beside each other: whose new data moved whom, under the later year's rules."""

import datetime
from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.attribution import difference, difference_text, read_difference, rules_differ
from kaohe.analysis.difference import cell_shifts
from kaohe.analysis.kept import side_of
from kaohe.analysis.transition import carried, comings, exchanges
from kaohe.charts.corrections import (
    SAME_EVIDENCE,
    causes_table,
    cell_said,
    cells_table,
    difference_says,
    gains,
    shares_said,
    units_table,
)
from kaohe.rules.evidence import Incident
from kaohe.scoring.assemble import score_data
from tests.small import add, change, metric, read, small_year

pytestmark = pytest.mark.slow

THEN, NOW = "2018-2019", "2019-2020"


def a_year_later(row):
    day = datetime.date.fromisoformat(row["date"])
    return {**row, "date": day.replace(year=day.year + 1).isoformat()}


@pytest.fixture(scope="module")
def then(tmp_path_factory):
    """The earlier year, read and scored."""
    folder = tmp_path_factory.mktemp("then")
    small_year(folder, THEN)
    return side_of(THEN, folder)


@pytest.fixture
def data(tmp_path):
    """The same data two years running, the second to be changed."""
    small_year(tmp_path, THEN)
    folder = small_year(tmp_path, NOW)
    for table in ("achievements", "incidents"):
        change(folder, table, a_year_later)
    return tmp_path


def follow(data, old, new):
    """The unit carries another id in the later year."""
    folder = data / "raw" / NOW
    for path in folder.glob("*.csv"):
        change(folder, path.stem, lambda row: {**row, "unit_id": new}, where=lambda row: row["unit_id"] == old)
    path = folder / "predecessors.csv"
    rows = path.read_text("utf-8").splitlines() if path.is_file() else ["unit_id,predecessor"]
    path.write_text("\n".join([*rows, f"{new},{old}"]) + "\n", encoding="utf-8")


def gone(data, unit):
    folder = data / "raw" / NOW
    for path in folder.glob("*.csv"):
        change(folder, path.stem, lambda row: None, where=lambda row: row["unit_id"] == unit)


def compare(then, data):
    found = difference(then, side_of(NOW, data))
    for move in found.units:
        assert sum((share.gained for share in move.shares), Fraction(0)) + move.rest == move.gained
    for cell in found.cells:
        gained = (cell.points[1] or Fraction(0)) - (cell.points[0] or Fraction(0))
        assert sum((share.gained for share in cell.shares), Fraction(0)) + cell.rest == gained
    return found


def test_the_same_data_a_year_later_differ_in_nothing(then, data):
    found = compare(then, data)
    assert not found.same_year
    assert (found.causes, found.elsewhere, found.units, found.cells) == ((), (), (), ())
    assert "没有不同" in causes_table(found)


def test_under_the_same_rules_the_carried_year_scores_as_it_did(then, data):
    now = side_of(NOW, data)
    intake = carried(then.intake, now.intake, {})
    book = score_data(intake.scheme, intake.policies, intake.data)
    assert cell_shifts(then.book, book) == []
    assert [unit.total for unit in book.units] == [unit.total for unit in then.book.units]


def test_a_units_own_data_and_those_of_others_are_told_apart(then, data):
    """K3.1 goes by the rank of teachers among all: who grows past the others pushes them down."""
    folder = data / "raw" / NOW
    metric(folder, "C03", "major_teachers", "400")
    metric(folder, "C02", "survey_rate", "0.45")
    found = compare(then, data)
    assert [(cause.unit, len(cause.cells)) for cause in found.causes] == [("C02", 1), ("C03", 1)]
    cells = {(cell.unit, cell.indicator): cell for cell in found.cells}
    own = cells["C02", "K5.3"]
    assert own.evidence == ("跟踪调查参与率 0.8261 → 0.45",)
    assert [share.cause for share in own.shares] == [0]
    assert "本单位的数据" in cell_said(found, own)
    pushed = [cell for cell in found.cells if cell.unit in ("C01", "E01") and not cell.evidence]
    assert pushed
    for cell in pushed:
        assert SAME_EVIDENCE in cell_said(found, cell)
        assert {found.causes[share.cause].unit for share in cell.shares} == {"C03"}
        assert f"{found.names['C03']}的数据" in cell_said(found, cell)
    assert any("本单位的数据单独" in said for move in found.units for said in shares_said(found, move))
    assert "不再" not in difference_says(found)
    assert found.names["C03"] in units_table(found)
    assert "跟踪调查参与率 0.8261 → 0.45" in cells_table(found)
    assert len(gains(found).data) == 2


def test_other_rules_are_a_cause_of_their_own(then, data):
    text = "fail_line: {value: 0.95, reason: 试点, decided_on: 2020-06-01}\n"
    (data / "raw" / NOW / "policies.yaml").write_text(text, "utf-8")
    found = compare(then, data)
    assert [cause.name for cause in found.causes] == [rules_differ(found.year)]
    assert any(share.grade[1] == "不合格" for move in found.units for share in move.shares)
    assert any("规则不同单独：" in said for move in found.units for said in shares_said(found, move))


def test_a_renamed_unit_is_held_beside_what_it_was(then, data):
    follow(data, "C02", "C21")
    metric(data / "raw" / NOW, "C21", "survey_rate", "0.45")
    found = compare(then, data)
    assert found.elsewhere == ()
    assert [cause.unit for cause in found.causes] == ["C21"]
    assert {move.unit for move in found.units if move.own} == {"C21"}


def test_merged_new_and_gone_units_are_told_and_what_they_do_to_others(then, data):
    """C01 and C02 become C21; D05 is no more; C09 is new."""
    follow(data, "C01", "C21")
    gone(data, "C02")
    gone(data, "D05")
    folder = data / "raw" / NOW
    with (folder / "predecessors.csv").open("a", encoding="utf-8") as file:
        file.write("C21,C02\n")
    for path in folder.glob("*.csv"):
        if path.stem not in ("units", "predecessors"):
            for row in read(path)[1]:
                if row["unit_id"] == "C03":
                    add(folder, path.stem, **{**row, "unit_id": "C09"})
    add(folder, "units", unit_id="C09", name="新办学院", category="college", party_org="general_branch")
    found = compare(then, data)
    told = "\n".join(found.elsewhere)
    assert "由 C01、C02 合并" in told
    assert "C09 新办学院：新增" in told
    assert "C02" in told
    assert "并入 C21" in told
    assert "不再参评" in told
    by_unit = {cause.unit: cause.name for cause in found.causes}
    assert "（由 C01、C02 合并）" in by_unit["C21"]
    assert "（新增）" in by_unit["C09"]
    assert "不再参评" in by_unit["D05"]
    assert {"C21", "C01", "C02", "C09", "D05"}.isdisjoint(move.unit for move in found.units)


def test_exchanging_one_after_the_other_ends_at_the_later_year(then, data):
    """Whatever is different is in one of the exchanges: all of them made give the later year itself."""
    folder = data / "raw" / NOW
    follow(data, "C01", "C21")
    gone(data, "D05")
    metric(folder, "C03", "major_teachers", "400")
    change(folder, "incidents", lambda row: None)
    add(folder, "vetoes", unit_id="C02", kind="safety", note="事故")
    now = side_of(NOW, data)
    intake = carried(then.intake, now.intake, {"C01": "C21"})
    for each in exchanges(intake, now.intake):
        intake = each.made(intake)
    book = score_data(intake.scheme, intake.policies, intake.data)
    assert book.points == now.book.points
    assert {unit.unit_id: unit.total for unit in book.units} == {unit.unit_id: unit.total for unit in now.book.units}
    assert list(comings(intake, now.intake)) == []


def test_the_leap_day_moves_to_the_last_of_february(then, data):
    now = side_of(NOW, data).intake
    row = Incident("C01", "B01", datetime.date(2020, 2, 29), Fraction(1), None, None)
    leap = replace(now, data=replace(now.data, incidents=(row,)))
    year = "2020-2021"
    moved = carried(leap, replace(then.intake, year=year, data=replace(then.intake.data, year=year)), {})
    assert [each.date for each in moved.data.incidents] == [datetime.date(2021, 2, 28)]


def test_it_is_the_same_from_its_file(then, data, tmp_path):
    metric(data / "raw" / NOW, "C03", "major_teachers", "400")
    found = compare(then, data)
    (tmp_path / "diff.json").write_text(difference_text(found), encoding="utf-8")
    assert read_difference(tmp_path / "diff.json") == found
