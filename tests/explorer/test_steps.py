"""Steps to return to, units and items found by name, saved scenarios side by side."""

import pytest

from kaohe.analysis.scenario import Scenario
from kaohe.explorer.history import History

from .driven import control, title

pytestmark = pytest.mark.slow

YEAR = "2018-2019"


def vote(explorer, **votes):
    explorer.view.component.value = "ballot"
    for label, count in votes.items():
        control(explorer, label).value = count


def labels(view):
    return [label for label, _ in view.steps.options]


def test_any_step_is_returned_to_and_none_is_given_up():
    one, two, three = (Scenario(YEAR, title) for title in "abc")
    history = History(one).to(two).to(three)
    first = history.at(0)
    assert (first.present, first.place, first.steps) == (one, 0, (one, two, three))
    assert first.at(2) == history
    assert first.forth().present == two
    assert first.to(three).steps == (one, three)
    with pytest.raises(IndexError):
        history.at(3)


def test_the_list_of_steps_says_each_and_leads_back(explorer):
    view = explorer.view
    assert view.steps.layout.display == "none"
    vote(explorer, 不合格="60", 优秀="10")
    control(explorer, "不合格").value = "3"
    assert view.steps.layout.display is None
    found = labels(view)
    assert found[0].strip() == "0 真实数据"
    assert "不合格：3 → 60" in found[1]
    assert "优秀：53 → 10" in found[2]
    assert "撤回：" in found[3]
    assert [label[0] for label in found] == ["　", "　", "　", "▶"]
    view.steps.value = "1"
    assert control(explorer, "不合格").value == "60"
    assert control(explorer, "优秀").value == "53"
    assert [label[0] for label in labels(view)] == ["　", "▶", "○", "○"]
    assert (view.undo.description, view.redo.description) == ("撤销（1）", "重做（2）")
    view.steps.value = "0"
    assert "与真实数据相同" in title(explorer)
    view.steps.value = "2"
    assert control(explorer, "优秀").value == "10"
    view.component.value = "="
    choice = control(explorer, "P14")
    choice.value = next(value for _, value in choice.options if value != choice.value)
    assert "读法 P14" in labels(view)[3]
    view.reset.click()
    assert labels(view)[-1] == "▶ 4 真实数据"


def test_what_is_saved_is_marked_among_the_steps(explorer, tmp_path):
    vote(explorer, 不合格="60")
    explorer.view.path.value = str(tmp_path / "a.yaml")
    explorer.view.save.click()
    assert labels(explorer.view)[1].endswith("（已保存）")


def test_an_item_is_found_by_number_or_by_name(explorer):
    view, book = explorer.view, explorer.bench.book
    view.find.value = "k3.1"
    assert (view.component.value, view.section.value, view.indicator.value) == ("key", "K-3", "K3.1")
    assert view.unit.value == "C02"
    name = book.indicators["B01"].name
    view.find.value = name
    assert (view.component.value, view.indicator.value, view.find.value) == ("base", "B01", "")
    assert f"B01 {name}" in view.find.options
    view.find.value = "K3."
    assert "可以指 K3.1 " in view.message.value
    assert view.indicator.value == "B01"


def test_chart_and_tables_show_only_units_called_so(explorer):
    view, book = explorer.view, explorer.bench.book
    names = [unit.name for unit in book.ranking("yuanbu")]
    view.only.value = "信息 c03"
    assert names[0] not in view.behind.value or names[0] in (book.unit("C02").name, book.unit("C03").name)
    assert view.behind.value.count("<tr") == 3
    view.only.value = "没有这样的"
    assert "本组没有名称或编号含“没有这样的”的单位" in view.message.value
    assert view.behind.value.count("<tr") == 1 + len(names)
    view.only.value = ""
    assert "没有这样的" not in view.message.value


def test_two_saved_scenarios_side_by_side(explorer):
    bench, view = explorer.bench, explorer.view
    for name, count in (("少", "40"), ("多", "5")):
        vote(explorer, 优秀=count, **({"不合格": "20"} if name == "多" else {}))
        view.path.value = str(bench.folder / f"{name}.yaml")
        view.save.click()
    less, more = (bench.of_file(bench.folder / f"{name}.yaml")[1].book.unit("C02").total for name in ("少", "多"))
    (bench.folder / "别的.yaml").write_text("不是方案", encoding="utf-8")
    view.reset.click()
    view.look.value = "scenarios"
    chosen = dict(view.other.options)
    assert list(chosen)[:2] == ["真实数据", "现在的改动"]
    assert {"少", "多"} == {*chosen} - {"真实数据", "现在的改动"}
    view.other.value, view.against.value = chosen["少"], chosen["多"]
    assert more < less
    assert f"{float(more):.2f}" in view.behind.value
    assert "比“少”" in view.behind.value
    assert "只在“多”中：2 处" in view.beneath.value
    assert "只在“少”中：1 处" in view.beneath.value
    assert "优秀：53 → 40" in view.beneath.value
    view.against.value = chosen["少"]
    assert "与“少”相同" in title(explorer)
    assert bench.scenario.size == 0
    (bench.folder / "多.yaml").unlink()
    view.against.value = chosen["多"]
    assert "这个方案不能对比" in title(explorer)
