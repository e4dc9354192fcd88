"""Why a year came out otherwise: every corrected cell by itself, pool effects, and what only all together explain."""

import datetime
from fractions import Fraction

import pytest

from kaohe.analysis.attribution import difference
from kaohe.analysis.corrections import corrections, elsewhere
from kaohe.analysis.kept import SideError, side_of
from kaohe.charts.corrections import (
    SAME_EVIDENCE,
    causes_table,
    cell_said,
    cells_table,
    difference_says,
    gains,
    unit_said,
    units_table,
)
from tests.small import add, change, metric, small_year

pytestmark = pytest.mark.slow

YEAR = "2018-2019"


@pytest.fixture(scope="module")
def then(tmp_path_factory):
    """A year as it was, read and scored."""
    folder = tmp_path_factory.mktemp("then")
    small_year(folder)
    return side_of(YEAR, folder)


@pytest.fixture
def pair(then, tmp_path):
    """A year as it was, and a folder of the same to correct."""
    return then, small_year(tmp_path), tmp_path


def compare(pair):
    then, _, now = pair
    found = difference(then, side_of(YEAR, now))
    for move in found.units:
        assert sum((share.gained for share in move.shares), Fraction(0)) + move.rest == move.gained
    return found


def test_the_same_data_differ_in_nothing(pair):
    found = compare(pair)
    assert (found.causes, found.elsewhere, found.units, found.cells) == ((), (), (), ())
    assert "没有单位变动" in str(gains(found).layout.title.text)
    assert "0 处改动" in difference_says(found)


def test_each_cell_is_named_with_what_it_moves(pair):
    _, folder, _ = pair
    metric(folder, "C02", "survey_rate", "0.45")
    metric(folder, "C01", "full_time_teachers", "54")
    found = compare(pair)
    assert [cause.name for cause in found.causes] == [
        "C01 指标数据 专任教师数：数值 60 → 54", "C02 指标数据 跟踪调查参与率：数值 0.8261 → 0.45",
    ]  # fmt: skip
    assert all("metrics.csv 第" in cause.cells[0].place for cause in found.causes)
    moved = {cell.indicator: cell for cell in found.cells if cell.unit == "C02"}
    assert [share.cause for share in moved["K5.3"].shares] == [1]
    assert moved["K5.3"].rest == 0
    assert "改动 2：" in cell_said(found, moved["K5.3"])


def test_a_unit_whose_data_did_not_change_is_moved_by_its_pool(pair):
    """K3.1 goes by the rank of teachers among all: who grows past the others pushes them down."""
    _, folder, _ = pair
    metric(folder, "C03", "major_teachers", "400")
    found = compare(pair)
    untouched = [move for move in found.units if not move.own] + [cell for cell in found.cells if not cell.own]
    assert untouched
    assert {cause.unit for cause in found.causes} == {"C03"}
    assert any(SAME_EVIDENCE in cell_said(found, cell) for cell in found.cells if not cell.own)


def test_what_only_both_together_do_is_said_and_not_spread(pair):
    """Trainees ÷ students: halving both changes nothing, halving one does."""
    then, folder, _ = pair
    rows = then.intake.data.metrics
    for name in ("trainees", "enrolled_students"):
        value = rows["C01", name].value
        metric(folder, "C01", name, str(float(value * 3)))
    found = compare(pair)
    rests = [move.rest for move in found.units if move.unit == "C01"]
    assert rests
    assert any(rests)
    assert "要几处一起看的" in difference_says(found)
    assert "共同作用" in units_table(found)


def test_rows_added_left_out_and_exemptions(pair):
    _, folder, _ = pair
    change(folder, "incidents", lambda row: None, where=lambda row: row["unit_id"] == "C01")
    add(folder, "vetoes", unit_id="C02", kind="safety", note="事故")
    add(folder, "awards", unit_id="C03", title="<b>奖</b>", approved="true")
    found = compare(pair)
    told = "\n".join(cause.name for cause in found.causes)
    assert "C02 否决事项 较严重安全责任事故：增加一行" in told
    assert "C03 突出贡献奖 <b>奖</b>：增加一行" in told
    for html in (causes_table(found), units_table(found), cells_table(found), difference_says(found)):
        assert "<b>奖" not in html


def test_a_reading_is_a_correction_and_a_unit_list_is_told_elsewhere(pair):
    then, folder, now = pair
    (folder / "policies.yaml").write_text("fail_line: {value: 0.95, reason: 试点, decided_on: 2019-06-01}\n", "utf-8")
    change(folder, "units", lambda row: {**row, "name": "新名"}, where=lambda row: row["unit_id"] == "C01")
    found = compare(pair)
    assert [cause.name for cause in found.causes] == ["读法 fail_line：取值 0.6 → 0.95"]
    assert found.elsewhere == ("单位 C01 的名称、类别或党组织有改动",)
    assert any(share.grade[1] == "不合格" for move in found.units for share in move.shares)
    assert any("不合格" in unit_said(found, move) for move in found.units)
    assert elsewhere(then.intake, side_of(YEAR, now).intake) == list(found.elsewhere)


def test_what_no_point_rests_on_is_told_where_it_says_something_else(pair):
    then, folder, now = pair
    (folder / "nil_reports.csv").write_text("office,indicator\n教务处,B07\n", "utf-8")
    (folder / "year.yaml").write_text("notice: {contact: 王老师}\n", "utf-8")
    for name, first in (("上", "C01"), ("下", "C02")):
        (folder / name).mkdir()
        (folder / name / "自查报告.csv").write_text(f"单位编号,收到日期\n{first},2019-07-01\n", "utf-8")
    told = elsewhere(then.intake, side_of(YEAR, now).intake)
    assert told == ["零报告有改动", "自查报告有改动", "学年说明 year.yaml 有改动"]
    earlier = side_of(YEAR, now).intake
    (folder / "上").rename(folder / "左")
    assert elsewhere(earlier, side_of(YEAR, now).intake) == []


def test_the_end_of_admissions_is_a_correction(pair):
    then, folder, now = pair
    (folder / "year.yaml").write_text("admissions_until: 2019-09-20\n", "utf-8")
    found = compare(pair)
    assert [cause.name for cause in found.causes] == ["学年说明 招生材料：截止日期 不设 → 2019-09-20"]
    assert found.elsewhere == ()
    (correction,) = corrections(then.intake, side_of(YEAR, now).intake)
    until = correction.made(then.intake).data.words.admissions_until
    assert until == datetime.date(2019, 9, 20)


def test_very_many_corrections_are_made_by_unit_and_table(pair):
    then, folder, now = pair
    change(folder, "ratings", lambda row: {**row, "note": "又看过"})
    found = corrections(then.intake, side_of(YEAR, now).intake)
    assert 1 < len(found) <= 6
    assert all("处改动" in each.name for each in found)


def test_a_folder_needs_a_year_and_what_is_nothing_is_refused(tmp_path):
    folder = small_year(tmp_path)
    other = tmp_path / "旧数据"
    folder.rename(other)
    with pytest.raises(SideError, match="名称不是年度"):
        side_of(str(other), tmp_path)
    assert side_of(str(other), tmp_path, YEAR).book.year == YEAR
    with pytest.raises(SideError, match="不是年度、评分编号"):
        side_of("nothing", tmp_path)
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(SideError, match="不是 kaohe score 写出的"):
        side_of(str(tmp_path / "manifest.json"), tmp_path)
    change(other, "metrics", lambda row: {**row, "value": "x"}, where=lambda row: row["metric"] == "survey_rate")
    with pytest.raises(SideError, match="不能评分"):
        side_of(str(other), tmp_path, YEAR)


def test_what_one_correction_of_two_cells_does_is_told_once(pair):
    _, folder, _ = pair
    row = {"unit_id": "C02", "metric": "survey_rate"}
    change(
        folder,
        "metrics",
        lambda it: {**it, "value": "0.45", "note": "重核"},
        where=lambda it: row.items() <= it.items(),
    )
    found = compare(pair)
    (cause,) = found.causes
    assert [cell.column for cell in cause.cells] == ["数值", "备注"]
    assert causes_table(found).count("影响不重复计") == 1
