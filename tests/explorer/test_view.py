"""The explorer's widgets, driven in this process: what they show and do after an entry, a choice, a button."""

import re

import pytest

from kaohe.explorer.evidence import TOTAL
from kaohe.explorer.wiring import Explorer
from kaohe.explorer.workbench import Workbench
from tests.small import change

from .driven import box, chart, control, says, title

pytestmark = pytest.mark.slow

YEAR, NEXT = "2018-2019", "2019-2020"


def test_opens_at_the_unit_named(explorer):
    view = explorer.view
    assert (view.year.value, view.unit.value, view.component.value) == (YEAR, "C02", TOTAL)
    assert "信息工程学院" in view.head.value
    assert "演示数据（合成）" in view.head.value
    assert "与真实数据相同" in title(explorer)
    assert view.undo.description == "撤销"


def test_every_control_has_a_label(explorer):
    view = explorer.view
    view.component.value = "key"
    controls = [view.year, view.group, view.unit, view.path, view.look, view.other, view.component, view.section,
                view.indicator, view.rows]  # fmt: skip
    controls += [child.children[0] for fields in (view.fields, view.policies) for child in fields.box.children]
    assert all(each.description for each in controls)
    assert all(button.description for button in (view.undo, view.redo, view.reset, view.save, view.load))


def test_drills_down_from_component_to_evidence(explorer):
    view = explorer.view
    view.component.value = "key"
    assert view.section.value == "K-1"
    view.section.value = "K-3"
    assert view.indicator.value == "K3.1"
    assert "K3.1" in view.evidence.value
    assert "K3.1" in view.why.value
    assert control(explorer, "专业教师数").value
    view.indicator.value = "K3.3"
    assert "K3.3" in view.why.value


def test_the_nearest_way_up_is_said_and_holds_when_it_is_entered(explorer):
    view = explorer.view
    view.unit.value, view.component.value, view.section.value, view.indicator.value = "C03", "key", "K-3", "K3.1"
    claim = re.search(r"要再得分：专业教师数由 (\d+) 人增到 (\d+) 人：(\d) 分 → (\d) 分", view.why.value)
    assert claim
    have, need, before, after = claim.groups()
    assert control(explorer, "专业教师数").value == have
    control(explorer, "专业教师数").value = str(int(need) - 1)
    assert "真实数据" not in view.why.value
    control(explorer, "专业教师数").value = need
    assert f"真实数据 {before}.00 分 → 试算 {after}.00 分" in view.why.value
    assert "要再得分" not in view.why.value


def test_an_entry_moves_everything_that_shows_it(explorer):
    view = explorer.view
    view.component.value = "ballot"
    before = chart(explorer)
    control(explorer, "不合格").value = "60"
    assert chart(explorer) != before
    assert "信息工程学院" in title(explorer)
    assert "▼" in view.head.value
    assert "试算：1 处改动" in view.head.value
    assert "已改，真实数据为 3" in says(explorer, "不合格")
    assert "kh-x-is-changed" in box(explorer, "不合格").box._dom_classes
    assert any("▼" in label for label, _ in view.component.options)
    assert "3 → 60" in view.changes.box.children[1].children[0].value
    assert re.search(r"信息工程学院 民主测评：[\d.]+ → [\d.]+ 分（▼ −[\d.]+）", view.moved.value)
    assert "得分变动的指标 0 项、投票 1 处（本单位 1 处）" in view.moved.value
    assert "没有一项" not in view.moved.value
    assert view.undo.description == "撤销（1）"
    assert view.save.button_style == "warning"
    view.undo.click()
    view.component.value = TOTAL
    control(explorer, "P01").value = "none"  # no item has other points, but totals are put together otherwise
    assert "变的是把它们合成总分的办法" in view.moved.value


def test_a_wrong_entry_is_refused_beside_the_field(explorer):
    explorer.view.component.value = "ballot"
    before = explorer.view.chart.outputs
    control(explorer, "不合格").value = "-3"
    assert "票数有误" in says(explorer, "不合格")
    assert "仍按 3 计算" in says(explorer, "不合格")
    assert 'role="alert"' in says(explorer, "不合格")
    assert "kh-x-is-wrong" in box(explorer, "不合格").box._dom_classes
    assert control(explorer, "不合格").value == "-3"
    assert explorer.view.chart.outputs is before
    assert explorer.bench.scenario.size == 0
    control(explorer, "优秀").value = "10"
    assert "票数有误" in says(explorer, "不合格")
    control(explorer, "不合格").value = "4"
    assert "已改" in says(explorer, "不合格")
    assert "kh-x-is-wrong" not in box(explorer, "不合格").box._dom_classes


def test_undo_redo_reset_and_taking_back_one_change(explorer):
    view = explorer.view
    view.component.value = "ballot"
    control(explorer, "不合格").value = "60"
    control(explorer, "优秀").value = "10"
    view.undo.click()
    assert control(explorer, "优秀").value == "53"
    view.redo.click()
    assert control(explorer, "优秀").value == "10"
    view.changes.box.children[1].children[1].click()
    assert control(explorer, "不合格").value == "3"
    assert control(explorer, "优秀").value == "10"
    view.reset.click()
    assert control(explorer, "优秀").value == "53"
    assert "与真实数据相同" in title(explorer)
    assert "可以取回" in view.message.value
    for _ in range(9):
        view.undo.click()
    assert "没有可以撤销的改动" in view.message.value


def test_a_policy_is_chosen_beside_the_grade(explorer):
    choice = control(explorer, "P14")
    choice.value = next(value for _, value in choice.options if value != choice.value)
    assert "P14" in explorer.view.changes.box.children[1].children[0].value
    control(explorer, "P12").value = "2"
    assert "0～1" in says(explorer, "P12")


@pytest.mark.parametrize("how", ["id", "name", "both", "short"])
def test_a_unit_is_found_by_what_it_is_called(explorer, how):
    view, book = explorer.view, explorer.bench.book
    wanted = book.unit("D05")
    assert f"D05 {wanted.name}" in view.find.options
    view.find.value = {"id": "d05", "name": wanted.name, "both": f"D05 {wanted.name}", "short": wanted.name[:2]}[how]
    assert (view.group.value, view.unit.value, view.find.value) == (wanted.group, "D05", "")


def test_a_word_for_several_units_or_none_is_said(explorer):
    view = explorer.view
    before = view.unit.value
    view.find.value = "学院"
    assert "可以指 C01 " in view.message.value
    view.find.value = "没有的"
    assert "没有叫“没有的”的单位" in view.message.value
    assert view.unit.value == before


def test_rows_of_achievements_are_chosen_and_left_out(explorer):
    view = explorer.view
    view.unit.value = "C01"
    view.component.value = "key"
    assert len(view.rows.options) > 2
    view.rows.value = "2"
    assert control(explorer, "日期").value == "2018-10-15"
    control(explorer, "这一行").value = "不计入"
    assert view.rows.value == "2"
    assert view.rows.options[1][0].startswith("2. ✕")
    assert "K1.1" in view.moved.value


def test_compares_two_units_and_two_years(explorer):
    view = explorer.view
    view.look.value = "unit"
    assert view.other.layout.display is None
    assert view.unit.value not in [value for _, value in view.other.options]
    view.other.value = "C03"
    assert "化学工程学院" in title(explorer)
    view.look.value = "year"
    assert view.other.value == NEXT
    assert f"{NEXT} 学年" in title(explorer)
    view.look.value = "ranking"
    assert view.other.layout.display == "none"


def test_another_year_keeps_what_was_changed(explorer):
    view = explorer.view
    view.component.value = "ballot"
    control(explorer, "不合格").value = "60"
    view.year.value = NEXT
    assert explorer.bench.year == NEXT
    assert f"{YEAR} 学年没有保存的改动都保留着" in view.message.value
    assert view.path.value.endswith(f"{NEXT}.yaml")
    view.year.value = YEAR
    assert control(explorer, "不合格").value == "60"


def test_saves_and_loads(explorer, tmp_path):
    view = explorer.view
    view.component.value = "ballot"
    control(explorer, "不合格").value = "60"
    view.path.value = str(tmp_path / "方案.yaml")
    view.save.click()
    assert "已保存 1 处改动" in view.message.value
    assert view.save.button_style == ""
    view.reset.click()
    view.load.click()
    assert control(explorer, "不合格").value == "60"
    view.path.value = str(tmp_path / "没有.yaml")
    view.load.click()
    assert "找不到" in view.message.value
    assert control(explorer, "不合格").value == "60"


def test_a_path_typed_before_an_edit_stays(explorer, tmp_path):
    view = explorer.view
    view.component.value = "ballot"
    view.path.value = str(tmp_path / "我的.yaml")
    control(explorer, "不合格").value = "60"
    assert view.path.value == str(tmp_path / "我的.yaml")


def test_saving_over_another_file_asks_first(explorer, tmp_path):
    view = explorer.view
    path = tmp_path / "别人.yaml"
    path.write_text("x", encoding="utf-8")
    view.path.value = str(path)
    view.save.click()
    assert path.read_text(encoding="utf-8") == "x"
    assert "再按一次" in view.message.value
    view.save.click()
    assert "version" in path.read_text(encoding="utf-8")


def test_departments_are_explored_alike(explorer):
    view = explorer.view
    view.group.value = "department"
    view.component.value = "target"
    assert view.section.value
    assert view.indicator.value.startswith(view.unit.value)
    control(explorer, "评委").value = "0"
    assert "部门" in title(explorer)
    assert "▼" in view.head.value


def test_boxes_are_used_again(explorer):
    """Days of choosing must not pile up widgets."""
    view = explorer.view
    view.component.value = "key"
    values = [value for _, value in view.section.options]
    for value in values:
        view.section.value = value
    made = len(view.fields._pool)
    for value in values * 3:
        view.section.value = value
    assert len(view.fields._pool) == made


def test_a_choice_is_not_taken_for_an_entry(explorer):
    view = explorer.view
    for component in ("ballot", "base", "key", "leader", TOTAL):
        view.component.value = component
        for unit in ("C01", "C03", "E01"):
            view.unit.value = unit
    assert explorer.bench.history.past == ()


def reorganised(data):
    """In the second year C02 is C22 under another name, and C03 went into C01."""
    folder = data / "raw" / NEXT
    for path in folder.glob("*.csv"):
        change(folder, path.stem, lambda row: None, where=lambda row: row.get("unit_id") == "C03")
        change(folder, path.stem, lambda row: {**row, "unit_id": "C22"}, where=lambda row: row.get("unit_id") == "C02")
    change(folder, "units", lambda row: {**row, "name": "新名学院"}, where=lambda row: row["unit_id"] == "C22")
    (folder / "predecessors.csv").write_text("unit_id,predecessor\nC22,C02\nC01,C03\n", encoding="utf-8")


def test_another_year_is_that_of_the_same_unit_however_it_is_called(data):
    reorganised(data)
    explorer = Explorer(Workbench(data, NEXT), "C22")
    bench, view = explorer.bench, explorer.view
    assert bench.book.previous["C22"].total == bench.book_of(YEAR).unit("C02").total
    old = bench.book_of(YEAR).unit("C02").name
    view.look.value = "year"
    assert f"{YEAR} 学年（{old}）" in title(explorer)
    view.unit.value = "C01"
    names = "、".join(bench.book_of(YEAR).unit(each).name for each in ("C01", "C03"))
    assert f"{YEAR} 学年（{names}的平均）" in title(explorer)
    total = sum(bench.book_of(YEAR).unit(each).total for each in ("C01", "C03")) / 2
    assert f"{float(total):.2f}" in view.behind.value
    view.unit.value = "C22"
    view.year.value = YEAR
    assert view.unit.value == "C02"
    assert f"{NEXT} 学年（新名学院）" in title(explorer)
    view.unit.value = "C03"
    view.year.value = NEXT
    assert view.unit.value == "C01"
