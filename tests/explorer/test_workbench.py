"""The explorer's model, without a widget: steps, selection, fields, files."""

from dataclasses import replace
from pathlib import Path

import pytest

from kaohe.analysis.scenario import Scenario, ScenarioError
from kaohe.analysis.scenariofile import read_scenario, write_scenario
from kaohe.explorer.evidence import IN, NONE, OUT, TOTAL, evidence_of
from kaohe.explorer.history import History
from kaohe.explorer.selection import ALL, Selection, components, indicators, sections, settled
from kaohe.explorer.workbench import CannotExploreError, Workbench
from tests.intake.test_other_schemes import HEAD, MONTHS, put
from tests.small import change

pytestmark = pytest.mark.slow

YEAR, NEXT = "2018-2019", "2019-2020"


def hashes(data):
    return {path: path.read_bytes() for path in (data / "raw").rglob("*") if path.is_file()}


def field(bench, label, unit="C01", component="key", indicator=None, row=None):
    found = evidence_of(bench.base, bench.scenario, unit, component, indicator)
    fields = found.rows[row][1] if row is not None else (*found.fields, *found.policies)
    return next(each for each in fields if label in each.label)


def enter(bench, label, text, **where):
    bench.try_out(field(bench, label, **where).entered(bench.scenario, text))


def test_steps_back_and_forth():
    one, two, three = (Scenario(YEAR, title) for title in "abc")
    history = History(one).to(two).to(three)
    assert history.back().present == two
    assert history.back().back().back().present == one
    assert history.back().forth() == history
    assert history.back().to(one).future == ()
    assert history.to(three) is history


def test_opens_the_last_year_and_knows_the_one_before(data):
    bench = Workbench(data)
    assert bench.year == NEXT
    assert bench.book.previous_year == YEAR


def test_an_edit_moves_the_unit_and_touches_no_raw_file(bench, data):
    before = hashes(data)
    old = bench.book.unit("C01")
    enter(bench, "不合格", "50", component="ballot")
    assert bench.book.unit("C01").total < old.total
    assert bench.base.book.unit("C01") is old
    bench.save(data / "processed" / "scenarios" / "a.yaml")
    assert hashes(data) == before


def test_a_refused_entry_leaves_the_old_value_in_force(bench):
    with pytest.raises(ScenarioError, match="票数有误"):
        enter(bench, "不合格", "-1", component="ballot")
    assert bench.scenario.size == 0
    assert bench.history.past == ()


def test_undo_redo_and_reset(bench):
    for votes in ("50", "60"):
        enter(bench, "不合格", votes, component="ballot")
    sixty = bench.book.unit("C01").total
    bench.undo()
    assert field(bench, "不合格", component="ballot").text == "50"
    bench.redo()
    assert bench.book.unit("C01").total == sixty
    bench.reset()
    assert bench.book is bench.base.book
    bench.undo()
    assert bench.book.unit("C01").total == sixty
    bench.redo()
    bench.redo()
    assert bench.scenario.size == 0


def test_each_year_keeps_its_own_changes(bench):
    enter(bench, "不合格", "50", component="ballot")
    bench.go_to(NEXT)
    assert bench.scenario == Scenario(NEXT)
    assert bench.unsaved_years == [YEAR]
    assert bench.changed(YEAR)
    bench.go_to(YEAR)
    assert bench.scenario.size == 1
    assert bench.book_of(YEAR) is bench.book


def test_saved_and_loaded_again(bench, data):
    path = data / "a.yaml"
    enter(bench, "不合格", "50", component="ballot")
    bench.save(path)
    assert not bench.history.unsaved
    assert read_scenario(path).title == "a"
    bench.reset()
    assert bench.load(path) == []
    assert bench.scenario.size == 1
    bench.undo()
    assert bench.scenario.size == 0


def test_a_file_of_somebody_else_is_not_overwritten_unasked(bench, data):
    path = data / "a.yaml"
    path.write_text("别人的", encoding="utf-8")
    with pytest.raises(FileExistsError):
        bench.save(path)
    assert path.read_text(encoding="utf-8") == "别人的"
    bench.save(path, overwrite=True)
    bench.save(path)


@pytest.mark.parametrize("name", ["raw/2018-2019/a.yaml", "raw/a.yaml", "a.txt"])
def test_some_places_are_not_for_scenarios(bench, data, name):
    with pytest.raises(CannotExploreError):
        bench.save(data / name)
    assert not (data / name).exists()


def test_a_file_that_cannot_be_used_changes_nothing(bench, data):
    enter(bench, "不合格", "50", component="ballot")
    before = bench.history
    write_scenario(data / "other.yaml", Scenario(NEXT))
    (data / "broken.yaml").write_text("version: 9", encoding="utf-8")
    for name in ("other.yaml", "broken.yaml"):
        with pytest.raises(ScenarioError):
            bench.load(data / name)
        assert bench.history == before


def test_a_file_whose_data_has_changed_says_so(bench, data):
    enter(bench, "不合格", "50", component="ballot")
    bench.save(data / "a.yaml")
    change(data / "raw" / YEAR, "ballots", lambda row: {**row, "unqualified": "2"})
    (said,) = Workbench(data, YEAR).load(data / "a.yaml")
    assert "已不是方案所记的 1" in said


def test_unsaved_changes_survive_a_closed_notebook(bench, data):
    enter(bench, "不合格", "50", component="ballot")
    again = Workbench(data, YEAR)
    assert again.scenario == bench.scenario
    assert "1 处改动" in again.restored
    again.undo()
    assert again.scenario.size == 0
    bench.save(data / "a.yaml")
    assert Workbench(data, YEAR).restored == ""


def test_a_draft_that_no_longer_fits_is_told(bench, data):
    enter(bench, "不合格", "50", component="ballot")
    change(data / "raw" / YEAR, "units", lambda row: None if row["unit_id"] == "C01" else row)
    for table in ("metrics", "ratings", "ballots", "leader_ratings", "achievements", "self_scores", "declarations",
                  "awards", "incidents", "exemptions"):  # fmt: skip
        change(data / "raw" / YEAR, table, lambda row: None if row["unit_id"] == "C01" else row)
    again = Workbench(data, YEAR)
    assert again.scenario.size == 0
    assert "没有单位 C01" in again.restored


def test_years_that_cannot_be_explored(data):
    with pytest.raises(CannotExploreError, match="没有 2030-2031"):
        Workbench(data, "2030-2031")
    with pytest.raises(CannotExploreError, match="没有任何年度"):
        Workbench(data / "nowhere")
    bench = Workbench(data, YEAR)
    change(data / "raw" / NEXT, "ballots", lambda row: {**row, "excellent": "-1"})
    with pytest.raises(CannotExploreError, match="票数有误"):
        bench.go_to(NEXT)
    assert bench.year == YEAR


def test_the_selection_settles_on_what_there_is(bench):
    book = bench.book
    first = settled(book, Selection())
    assert first.component == TOTAL
    assert book.unit(first.unit).group == first.group
    at = settled(book, replace(first, unit="C02", component="key"))
    assert (at.section, at.indicator) == ("K-1", "K1.1")
    at = settled(book, replace(at, group="department"))
    assert book.unit(at.unit).group == "department"
    assert at.component == TOTAL
    assert settled(book, replace(at, component="target")).indicator.startswith(at.unit)


def test_lines_show_points_and_what_changed(bench):
    real = bench.base.book
    row = field(bench, "评委1", component="base", indicator="B01")
    bench.try_out(row.entered(bench.scenario, "0"))
    lines = {value: label for label, value in components(real, bench.book, "C01")}
    assert "▼−" in lines["base"]
    assert "▼−" in lines[TOTAL]
    assert "▼" not in lines["key"]
    (changed,) = [value for label, value in sections(real, bench.book, "C01", "base") if "▼" in label]
    (label,) = [label for label, value in indicators(real, bench.book, "C01", changed) if value == "B01"]
    assert "▼−" in label


def test_every_indicator_shows_what_it_rests_on(bench):
    for unit in bench.book.units:
        for cell in bench.book.cells_of(unit.unit_id):
            if cell.applicable:
                info = bench.book.indicators[cell.indicator]
                found = evidence_of(bench.base, bench.scenario, unit.unit_id, info.component, cell.indicator)
                assert not any(each.changed for each in found.fields)
                assert len({each.change.address for each in found.fields}) == len(found.fields)
                if info.judged:
                    assert any("评分" in each.label for each in found.fields)


def test_a_rate_is_shown_as_a_percentage(bench):
    rates = [
        each
        for cell in bench.book.cells_of("C01")
        if cell.applicable
        for each in evidence_of(bench.base, bench.scenario, "C01", "base", cell.indicator).fields
        if each.label.endswith("（%）")
    ]
    assert rates
    assert all(each.text.endswith("%") for each in rates)
    bench.try_out(rates[0].entered(bench.scenario, "50%"))
    assert bench.supposed.intake.findings == bench.base.intake.findings


def test_a_row_is_left_out_and_taken_in_again(bench):
    where = {"indicator": "K1.1", "row": 0}
    enter(bench, "这一行", OUT, **where)
    assert field(bench, "这一行", **where).text == OUT
    assert len(bench.supposed.intake.data.achievements) == len(bench.base.intake.data.achievements) - 1
    assert evidence_of(bench.base, bench.scenario, "C01", "key", "K1.1").rows[0][0].startswith("✕")
    enter(bench, "这一行", IN, **where)
    assert bench.scenario.size == 0


def test_a_veto_is_added_changed_and_taken_away(bench):
    assert not bench.book.unit("C01").vetoed
    for kind in ("安全责任", "其他"):
        enter(bench, "增加否决", kind, component=TOTAL)
        assert bench.book.unit("C01").vetoed
        assert bench.scenario.size == 1
        assert field(bench, "增加否决", component=TOTAL).text == kind
    enter(bench, "增加否决", NONE, component=TOTAL)
    assert bench.scenario.size == 0


def test_a_policy_is_tried_and_taken_back(bench):
    line = field(bench, "P12", component=TOTAL)
    bench.try_out(line.entered(bench.scenario, "0.95"))
    assert bench.book.unit("C01").fail_below > bench.base.book.unit("C01").fail_below
    with pytest.raises(ScenarioError, match="0～1"):
        bench.try_out(line.entered(bench.scenario, "95"))
    bench.try_out(line.entered(bench.scenario, line.real))
    assert bench.scenario.size == 0


def test_what_was_not_handed_in_can_be_supposed(data):
    gone = {"unit_id": "C01", "metric": "invigilation_rate"}
    assert change(data / "raw" / YEAR, "metrics", lambda row: None, where=lambda row: gone.items() <= row.items())
    bench = Workbench(data, YEAR)
    assert bench.book.provisional
    lacking = [missing.indicator for missing in bench.base.intake.missing]
    book = bench.book
    info = book.indicators[lacking[0]]
    found = evidence_of(bench.base, bench.scenario, "C01", info.component, lacking[0])
    (line,) = [each for each in found.fields if each.kind == "add"]
    bench.try_out(line.entered(bench.scenario, "70%"))
    assert not bench.book.provisional
    again = evidence_of(bench.base, bench.scenario, "C01", info.component, lacking[0])
    assert [each.text for each in again.fields if each.kind == "add"] == ["70%"]


def test_scored_scenarios_are_kept_but_not_all(bench):
    for votes in range(10, 20):
        enter(bench, "不合格", str(votes), component="ballot")
    latest = bench.book
    bench.undo()
    bench.redo()
    assert bench.book is latest
    assert len(bench._scored) <= 6


def test_the_disk_refusing_a_draft_is_said(bench, monkeypatch):
    def refuse(path, scenario):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kaohe.explorer.workbench.write_scenario", refuse)
    enter(bench, "不合格", "50", component="ballot")
    assert bench.scenario.size == 1
    assert "草稿没有写成" in bench.restored


def test_nothing_is_written_before_the_first_change(data):
    Workbench(data)
    assert not Path(data / "processed").exists()


def test_each_month_is_a_field_of_its_own(tmp_path):
    rows = [("单位编号", "指标名称", "期间", "数值"), *((unit, "计划", "", 10) for unit in ("A1", "A2"))]
    rows += [(unit, "产量", part, 8) for unit in ("A1", "A2") for part in (1, 2)]
    put(tmp_path / "data" / "raw", "2021", HEAD + MONTHS, metrics=rows)
    bench = Workbench(tmp_path / "data", "2021")
    found = evidence_of(bench.base, bench.scenario, "A2", "q", "q").fields
    assert [each.label for each in found] == ["产量（1 季度）（吨）", "产量（2 季度）（吨）", "计划（吨）"]
    bench.try_out(found[1].entered(bench.scenario, "3"))
    assert {unit.unit_id: unit.total for unit in bench.book.units} == {"A1": 16, "A2": 11}


def test_what_a_rule_has_no_answer_for_is_refused(tmp_path):
    metrics = "metrics: {a: {name: 产量, unit: 吨, kind: number, office: 生产处}}\n"
    scheme = HEAD + metrics + "items: [{id: total, name: 总分, rule: {kind: log, of: a}}]\n"
    for year, figure in (("2020", 0), ("2021", 2)):
        rows = [("单位编号", "指标名称", "数值"), *((unit, "产量", figure) for unit in ("A1", "A2"))]
        put(tmp_path / "data" / "raw", year, scheme, metrics=rows)
    bench = Workbench(tmp_path / "data", "2021")
    assert bench.book.uncompared.startswith("2020 年度不能评分（total 总分算不出来：A1 甲队、A2 乙队的数")
    (field,) = evidence_of(bench.base, bench.scenario, "A2", ALL, "total").fields
    with pytest.raises(ScenarioError, match="算不出来：A2 乙队"):
        bench.try_out(field.entered(bench.scenario, "0"))
    assert bench.scenario.size == 0
    with pytest.raises(CannotExploreError, match=r"^2020 年度不能评分：.*算不出来"):
        bench.go_to("2020")


def test_an_item_of_the_id_total_is_none_but_itself(tmp_path):
    metrics = "metrics: {a: {name: 产量, unit: 吨, kind: number, office: 生产处}}\n"
    items = "items: [{id: all, name: 全部, items: [{id: total, name: 产出, rule: a}, {id: x, name: 另, rule: a}]}]\n"
    rows = [("单位编号", "指标名称", "数值"), *((unit, "产量", 2) for unit in ("A1", "A2"))]
    put(tmp_path / "data" / "raw", "2021", HEAD.replace("score: total", "score: all") + metrics + items, metrics=rows)
    bench = Workbench(tmp_path / "data", "2021")
    values = [value for _, value in components(bench.book, bench.book, "A1")]
    assert len({*values}) == len(values) == 3
    assert evidence_of(bench.base, bench.scenario, "A1", "total", "total").title == "total 产出"


def test_figures_that_only_a_step_looks_at_are_fields_of_the_total(tmp_path):
    about = "unit: 吨, kind: number, office: 生产处"
    metrics = f"metrics: {{a: {{name: 产量, {about}}}, b: {{name: 加分, {about}}}}}\n"
    items = "items: [{id: total, name: 总分, then: [{plus: b}], items: [{id: x, name: 项, rule: a}]}]\n"
    rows = [("单位编号", "产量", "加分"), ("A1", 8, 1), ("A2", 8, 2)]
    put(tmp_path / "data" / "raw", "2021", HEAD + metrics + items, metrics=rows)
    bench = Workbench(tmp_path / "data", "2021")
    (field,) = evidence_of(bench.base, bench.scenario, "A2", TOTAL, None).fields
    bench.try_out(field.entered(bench.scenario, "5"))
    assert (field.label, bench.book.unit("A2").total) == ("加分（吨）", 13)
