"""The explorer in a real JupyterLab: choose, edit, see the rank move, be refused, undo, save and load; by keyboard."""

import re
import shutil
from pathlib import Path

import pytest

from kaohe.intake import read_year
from kaohe.scoring.score import score_intake
from tests.small import small_year

from .browser import run_all_cells, wait_until_idle

NOTEBOOK = "notebooks/explore.ipynb"
SHIPPED = Path(__file__).parents[2] / NOTEBOOK
YEAR, NEXT = "2018-2019", "2020-2021"
UNITS = ("C01", "C02", "C03", "C04", "E01", "F01", "D03", "D05")


@pytest.fixture(scope="module")
def folder(jupyterlab_server):
    """The notebook as shipped beside two small years; the later one has the name it opens with."""
    root = jupyterlab_server.root
    small_year(root / "data", YEAR, UNITS)
    small_year(root / "data", NEXT, UNITS)
    (root / "notebooks").mkdir()
    shutil.copy(SHIPPED, root / NOTEBOOK)
    return root


@pytest.fixture(scope="module")
def totals(folder):
    """Each unit's real rank by the library itself."""
    book = score_intake(read_year(folder / "data" / "raw", NEXT))
    return {unit.unit_id: unit for unit in book.units}


@pytest.fixture(scope="module")
def shown(browser, jupyterlab_server, folder):
    """The explorer of a notebook whose cells have all been run, once for all tests; each leaves the real data."""
    with browser.new_context(viewport={"width": 1400, "height": 1000}) as context:
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        run_all_cells(page, jupyterlab_server, NOTEBOOK)
        page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
        page.locator(".kh-x-chart .main-svg").first.wait_for()
        yield page
        assert errors == []


@pytest.fixture
def page(shown):
    """Real data, unit C01, its ballots."""
    shown.get_by_label("单位", exact=True).select_option("C01 智能制造学院")
    heading(shown, "智能制造学院")
    shown.get_by_role("button", name="民主测评").click()
    shown.get_by_label("不合格（票）").wait_for()
    for label, value in (("优秀（票）", "56"), ("不合格（票）", "1")):
        holds(shown, label, value)
    yield shown
    shown.get_by_role("button", name="全部还原").click()
    heading(shown, "真实数据，尚无改动")
    shown.get_by_text(re.compile("已回到真实数据|没有改动，已是真实数据")).wait_for()  # what is said last


def heading(page, text):
    page.locator(".kh-x-head").filter(has_text=text).wait_for()


def holds(page, label, value):
    """Waits until the field holds the value: the head is shown anew before the fields, one of which may still hold what
    it held before, and what is typed into it would be written over."""
    from playwright.sync_api import expect

    expect(page.get_by_label(label)).to_have_value(value, timeout=60_000)


def chart_says(page, text):
    """Waits until the chart's own title, drawn by plotly, says so."""
    page.locator(".kh-x-chart .gtitle").filter(has_text=text).wait_for()


def commit(page, label, value):
    field = page.get_by_label(label)
    field.fill(value)
    field.press("Enter")
    return field


def test_an_edit_moves_the_rank_in_head_and_chart(page, totals):
    first = totals["C01"].rank
    heading(page, f"名次{first} / 6")
    commit(page, "不合格（票）", "900")
    chart_says(page, re.compile("智能制造学院(降|总分)"))
    heading(page, "▼ 原")
    page.get_by_text("已改，真实数据为 1").wait_for()
    page.locator(".kh-x-lines").get_by_text("不合格：1 → 900").wait_for()
    ghosts = page.locator(".kh-x-chart .js-plotly-plot").evaluate(
        "plot => plot.data.map(trace => trace.meta?.component).filter(name => name)"
    )
    assert ghosts == ["before", "total"]


def test_another_unit_is_shown(page):
    page.get_by_label("单位", exact=True).select_option("C02 信息工程学院")
    heading(page, "信息工程学院")
    holds(page, "优秀（票）", "53")


def test_a_wrong_entry_is_refused_beside_the_field(page):
    field = commit(page, "优秀（票）", "-1")
    alert = page.get_by_role("alert").filter(has_text="票数有误")
    alert.wait_for()
    above, below = field.bounding_box(), alert.bounding_box()
    assert 0 <= below["y"] - (above["y"] + above["height"]) < 12
    heading(page, "真实数据，尚无改动")
    commit(page, "优秀（票）", "57")
    page.get_by_text("已改，真实数据为 56").wait_for()
    assert alert.count() == 0


def test_undo_save_and_load(page, folder):
    path = folder / "data" / "processed" / "scenarios" / "方案.yaml"
    commit(page, "优秀（票）", "20")
    heading(page, "试算：1 处改动")
    wait_until_idle(page)
    file = page.get_by_label("方案文件")
    file.fill("../data/processed/scenarios/方案.yaml")
    file.press("Enter")
    page.get_by_title("把改动存成方案文件").click()
    saved = page.get_by_text("已保存 1 处改动")
    saved.wait_for()
    assert "已保存 1 处改动到 ../data/processed/scenarios/方案.yaml；" in saved.inner_text()
    assert 'value: "20"' in path.read_text(encoding="utf-8")
    page.get_by_role("button", name="撤销").click()
    heading(page, "真实数据，尚无改动")
    holds(page, "优秀（票）", "56")
    page.get_by_role("button", name="载入").click()
    heading(page, "试算：1 处改动")
    holds(page, "优秀（票）", "20")


def test_everything_by_keyboard(page):
    """From the unit's list by Tab to the last field: choose by arrows, enter, undo by Enter on the button."""
    page.get_by_label("学年", exact=True).focus()
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        label = page.evaluate(
            "() => { const at = document.activeElement; return at.labels?.[0]?.textContent || at.textContent }"
        )
        seen.append(label)
        if "不合格（票）" in label:
            break
    for wanted in ("组别", "单位", "撤销", "方案文件", "保存", "试算后的名次", "优秀（票）", "合格（票）"):
        assert any(wanted in label for label in seen), (wanted, seen)
    assert page.evaluate("() => getComputedStyle(document.activeElement).outline").endswith("solid 3px")
    page.keyboard.press("Control+a")
    page.keyboard.type("33")
    page.keyboard.press("Enter")
    heading(page, "试算：1 处改动")
    assert page.evaluate("() => document.activeElement.value") == "33"
    page.get_by_role("button", name="撤销").focus()
    page.keyboard.press("Enter")
    heading(page, "真实数据，尚无改动")
    page.get_by_label("单位", exact=True).focus()
    page.keyboard.press("ArrowDown")
    heading(page, "信息工程学院")


def test_fits_the_screen_and_cuts_no_label_off(page):
    for component, said in (("总分", "总分"), ("基础指标", "B01"), ("重点指标", "K1.1"), ("领导班子", "领导班子评价")):
        page.get_by_role("button", name=component).click()
        page.locator(".kh-x-why h4").filter(has_text=said).first.wait_for()
        cut = page.evaluate(
            """() => {
                const root = document.querySelector(".kh-x");
                const labels = [...root.querySelectorAll(".widget-label, button")].filter(each => each.offsetParent);
                return [root.scrollWidth > root.clientWidth ? "page" : "",
                    ...labels.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)]
                    .filter(each => each);
            }"""
        )
        assert cut == [], component


def test_two_units_and_two_years_side_by_side(page):
    page.get_by_role("button", name="与另一单位对比").click()
    page.get_by_label("对比对象").select_option("信息工程学院")
    chart_says(page, re.compile("智能制造学院(比|与)信息工程学院"))
    page.get_by_role("button", name="与另一学年对比").click()
    chart_says(page, f"{YEAR} 学年")
    page.get_by_role("button", name="试算后的名次").click()
    chart_says(page, "与真实数据相同")


def test_steadiness_a_filtered_copy_two_scenarios_and_the_steps(page, folder):
    """One visit: ask how steady ranks are, narrow the list, copy it, hold a saved scenario against the data, go back
    a step."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    head = page.locator(".kh-x-head")
    assert "名次区间" not in head.inner_text()
    page.get_by_role("button", name="名次有多稳").click()
    head.filter(has_text="名次区间").wait_for()
    chart_says(page, "名次后的括号为名次区间")
    page.get_by_label("只看").fill("信息 C03")
    page.get_by_label("只看").press("Enter")
    steady = page.locator(".kh-x-left-side table", has_text="名次有多稳")
    steady.locator("tbody tr").nth(2).wait_for(state="detached")
    page.locator(".kh-x-copy").first.click()
    page.get_by_text("已复制 2 行").wait_for()
    top, *rows = [line.split("\t") for line in page.evaluate("navigator.clipboard.readText()").splitlines()]
    assert top[:4] == ["名次", "单位", "等次", "名次区间"]
    assert {row[1] for row in rows} == {"信息工程学院", "化学工程学院"}
    assert all(row[0].isdigit() and row[4].endswith("%") for row in rows)
    page.get_by_label("只看").fill("")
    page.get_by_label("只看").press("Enter")
    steady.locator("tbody tr").nth(3).wait_for()

    commit(page, "优秀（票）", "20")
    heading(page, "试算：1 处改动")
    page.get_by_role("button", name="名次有多稳").wait_for()
    page.get_by_text("图背后的数据表").click()
    page.locator(".kh-x-left-side details[open] .kh-x-copy").first.click()
    page.get_by_text("已复制").wait_for()
    lines = [line.split("\t") for line in page.evaluate("navigator.clipboard.readText()").splitlines()]
    gained = next(row[4] for row in lines if row[2] == "智能制造学院")
    assert float(gained) < 0
    file = page.get_by_label("方案文件")
    file.fill("../data/processed/scenarios/少票.yaml")
    file.press("Enter")
    page.get_by_title("把改动存成方案文件").click()
    page.get_by_text("已保存 1 处改动").wait_for()
    page.get_by_role("button", name="两个方案对比").click()
    page.get_by_label("方案", exact=True).select_option("少票")
    page.get_by_label("对比对象").select_option("真实数据")
    chart_says(page, "空心菱形为“真实数据”的总分")
    page.get_by_text("只在“少票”中：1 处").wait_for()
    page.get_by_role("button", name="试算后的名次").click()
    page.get_by_label("步骤", exact=True).select_option(index=0)
    heading(page, "真实数据，尚无改动")
    holds(page, "优秀（票）", "56")
