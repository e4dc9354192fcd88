"""`kaohe template --all`: every office's template, renewed when the units change; nothing filled in is destroyed."""

import pytest
from openpyxl import load_workbook

from kaohe.exchange.blank import is_blank
from kaohe.exchange.newyear import new_year
from kaohe.intake.year.folder import SYNTHETIC
from tests.exchange.filling import filled, guide, kaohe, open_cells
from tests.small import add, change, small_year

pytestmark = pytest.mark.slow

LAST, YEAR = "2018-2019", "2019-2020"
FINANCE = "财务处.xlsx"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A year made after another, its units in a CSV that is easily changed."""
    data = tmp_path_factory.mktemp("made")
    last = small_year(data, LAST, units=("C01", "C02", "D10"))
    assert kaohe("new-year", YEAR, "--data", data, "--due", "2020-07-10")[0] == 0
    (data / "raw" / YEAR / "单位.xlsx").unlink()
    (data / "raw" / YEAR / "units.csv").write_bytes((last / "units.csv").read_bytes())
    return data


def test_after_a_change_of_units_one_command_renews_what_is_blank_and_says_what_changed(made) -> None:
    folder, raw = made / "templates" / YEAR, made / "raw" / YEAR
    filled(folder / FINANCE)
    before = (folder / FINANCE).read_bytes()
    was = open_cells(load_workbook(folder / "教务处.xlsx"), "指标数据", optional=True)
    change(raw, "units", lambda row: None, where=lambda row: row["unit_id"] == "C02")
    change(raw, "units", lambda row: {**row, "name": "智造学院"}, where=lambda row: row["unit_id"] == "C01")
    add(raw, "units", unit_id="C03", name="新学院", category="college", party_org="general_branch")
    (folder / "旧部门.xlsx").write_bytes(before)

    code, out = kaohe("template", YEAR, "--all", "--data", made)
    assert code == 1
    assert "新增单位 1 个：C03 新学院" in out
    assert "去掉单位 1 个：C02 信息工程学院" in out
    assert "改名 1 个：C01 智能制造学院 → 智造学院" in out
    assert "旧部门.xlsx：现在没有要它填的内容" in out
    now = open_cells(load_workbook(folder / "教务处.xlsx"), "指标数据", optional=True)
    assert {unit for unit, _ in now} == {"C01", "C03"}
    line = next(line for line in out.splitlines() if line.startswith("教务处.xlsx："))
    book = load_workbook(folder / "教务处.xlsx")
    assert len(now - was) > 0
    assert "（C03），减 " in line
    assert "（C02）" in line
    assert "交表期限：2020-07-10" in guide(book)  # that was set once

    assert (folder / FINANCE).read_bytes() == before
    told = next(line for line in out.splitlines() if FINANCE in line)
    assert told.startswith(f"没有改动 {FINANCE}：已经填过；按现在的单位应增")


def test_an_exemption_takes_cells_away_and_what_was_touched_or_cannot_be_read_stays(made, tmp_path) -> None:
    raw, votes = made / "raw" / YEAR, tmp_path / "目标办.xlsx"
    code, out = kaohe("template", YEAR, tmp_path, "--all", "--raters", "--data", made)
    assert code == 0, out
    forms = sorted(path.name for path in tmp_path.glob("评分表-*.xlsx"))
    assert any("（质量监督处）" in name for name in forms)
    assert load_workbook(tmp_path / forms[0])["评分"]["E2"].value in forms[0]

    book = load_workbook(votes)
    assert is_blank(book)
    next(cell for cell in book["领导评价"]["C"][1:] if not cell.protection.locked).value = "某"
    book.save(votes)
    assert not is_blank(load_workbook(votes))
    (tmp_path / FINANCE).write_bytes(b"PK")
    (raw / "exemptions.csv").write_text("unit_id,indicator,reason\nC01,K2a,试行\n", encoding="utf-8")
    code, out = kaohe("template", YEAR, tmp_path, "--all", "--data", made)
    (raw / "exemptions.csv").unlink()
    assert code == 1
    assert "没有改动 目标办.xlsx：已经填过" in out
    assert f"没有改动 {FINANCE}：读不出" in out
    assert (tmp_path / FINANCE).read_bytes() == b"PK"
    assert "评分表" not in out  # without --raters they are let alone
    assert "单位 1 个" not in out
    fewer = [line for line in out.splitlines() if "减 " in line and not line.startswith("没有改动")]
    assert fewer
    assert all("（C01）" in line and "增" not in line for line in fewer)


def test_a_real_year_takes_no_leaders_or_raters_from_an_invented_one(tmp_path) -> None:
    small_year(tmp_path, LAST, units=("C01", "D10"))
    new_year(tmp_path, YEAR)
    (tmp_path / "raw" / YEAR / SYNTHETIC).unlink()
    code, out = kaohe("template", YEAR, tmp_path / "表", "--all", "--raters", "--data", tmp_path)
    assert code == 0
    assert "还没有评分人" in out
    assert not load_workbook(tmp_path / "表" / "目标办.xlsx")["领导评价"]["C2"].value
    assert load_workbook(tmp_path / "templates" / YEAR / "目标办.xlsx")["领导评价"]["C2"].value


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--all", "--office", "财务处"), "不能与 --office"),
        (("--all", "--overwrite"), "填过的表从不覆盖"),
        (("x.xlsx", "--all"), "写到文件夹"),
        (("x.xlsx", "--raters"), "--raters 与 --all 同用"),
        ((), "请写明写出的工作簿"),
    ],
)
def test_options_that_do_not_go_together(made, words, says: str) -> None:
    code, out = kaohe("template", YEAR, *words, "--data", made)
    assert code == 2
    assert says in out
