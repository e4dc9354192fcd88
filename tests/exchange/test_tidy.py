"""`kaohe export --tidy`: what a pivot sums is the total, years and units are told apart, three kinds of file agree."""

import pandas as pd
import pytest
from openpyxl import load_workbook

from kaohe.analysis.tidy import COLUMNS, ScoredYear, tidy
from kaohe.scoring.score import score_year
from tests.charts.books import merged, scored
from tests.exchange.filling import kaohe
from tests.small import small_year

pytestmark = pytest.mark.slow

YEAR, NEXT = "2018-2019", "2019-2020"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    data = tmp_path_factory.mktemp("tidy")
    small_year(data, YEAR, ("C01", "D03"))
    small_year(data, NEXT, ("C01", "D03"))
    return data


@pytest.fixture(scope="module")
def table(data):
    code, out = kaohe("export", "--tidy", data / "长表.parquet", "--data", data)
    assert code == 0, out
    assert f"（{YEAR}、{NEXT} 学年，" in out
    return pd.read_parquet(data / "长表.parquet")


def test_the_points_of_a_unit_add_up_to_its_total(data, table) -> None:
    assert list(table.columns) == list(COLUMNS)
    sums = table.groupby(["year", "unit_id"])["points"].sum()
    for year in (YEAR, NEXT):
        for unit in score_year(year, data / "raw").units:
            assert sums[year, unit.unit_id] == pytest.approx(float(unit.total), abs=1e-9)
    assert table["synthetic"].all()
    assert set(table["standing"]) == {"暂定（尚未评分）"}


def test_one_item_of_every_unit_over_the_years_is_one_look(data, table) -> None:
    found = table[table["item"] == "K6"].pivot_table(index="unit_now", columns="year", values="points")
    for year in (YEAR, NEXT):
        assert found.loc["C01", year] == pytest.approx(float(score_year(year, data / "raw").cell("C01", "K6").points))


def test_workbook_and_csv_say_the_same_under_chinese_heads(data, table, tmp_path) -> None:
    for name in ("a.xlsx", "a.csv"):
        code, out = kaohe("export", YEAR, "--tidy", tmp_path / name, "--data", data)
        assert code == 0, out
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["说明", "长表"]
    assert any("内部资料" in str(cell.value) for cell in book["说明"]["A"])
    mine = table[table["year"] == YEAR].reset_index(drop=True)
    for found in (pd.read_excel(tmp_path / "a.xlsx", sheet_name="长表"), pd.read_csv(tmp_path / "a.csv")):
        assert list(found.columns) == ["学年", *list(COLUMNS.values())[1:]]
        assert list(found["得分"]) == pytest.approx(list(mine["points"]))
        assert list(found["理由"].fillna("")) == list(mine["reason"])
        assert set(found["演示数据"]) == {"是"}


def test_a_unit_that_was_merged_is_counted_under_what_it_is_now() -> None:
    years = [ScoredYear(scored("2018-2019", 5), {}), ScoredYear(merged(), {})]
    table = tidy(years)
    early = table[table["year"] == "2018-2019"].drop_duplicates("unit_id").set_index("unit_id")
    assert set(early.loc[["C1", "C2", "C3"], "unit_now"]) == {"C1"}
    assert early.loc["C2", "name"] != early.loc["C2", "name_now"]


def test_what_it_refuses(data, tmp_path) -> None:
    assert kaohe("export", "--tidy", tmp_path / "a.csv", "--pending", "--data", data)[0] == 2
    assert "应以 .xlsx、.csv、.parquet 结尾" in kaohe("export", "--tidy", tmp_path / "a.txt", "--data", data)[1]
    (tmp_path / "a.csv").touch()
    code, out = kaohe("export", "--tidy", tmp_path / "a.csv", "--data", data)
    assert (code, "已存在" in out) == (2, True)
    code, out = kaohe("export", "--tidy", tmp_path / "b.csv", "--public", "--data", data)
    assert (code, "不能与 --public" in out) == (2, True)
    code, out = kaohe("export", "2017-2018", "--tidy", tmp_path / "b.csv", "--data", data)
    assert code == 2
    assert not (tmp_path / "b.csv").exists()
    code, out = kaohe("export", YEAR, "--data", data)
    assert (code, "应写明一个年度和一个工作簿" in out) == (2, True)


def test_a_year_that_cannot_be_scored_is_passed_over_unless_it_is_named(data, tmp_path) -> None:
    raw = tmp_path / "data" / "raw"
    small_year(tmp_path / "data", YEAR, ("C01", "D03"))
    begun = small_year(tmp_path / "data", NEXT, ("C01", "D03"))
    for path in begun.glob("*.csv"):
        if path.stem != "units":
            path.unlink()
    code, out = kaohe("export", "--tidy", tmp_path / "a.parquet", "--data", raw.parent)
    assert code == 0, out
    assert f"没有列入 {NEXT} 学年" in out
    assert f"（{YEAR} 学年，" in out
    assert set(pd.read_parquet(tmp_path / "a.parquet")["year"]) == {YEAR}
    code, out = kaohe("export", YEAR, NEXT, "--tidy", tmp_path / "b.parquet", "--data", raw.parent)
    assert code == 1
    assert not (tmp_path / "b.parquet").exists()
