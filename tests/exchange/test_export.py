"""`kaohe export`: the book's own figures, sums that can be added again, nothing confidential in the public variant."""

import json
import math
import re
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from kaohe.analysis.breakdown import by_component
from kaohe.analysis.figures import figures_of
from kaohe.analysis.itemised import lines_of
from kaohe.analysis.public import public_year
from kaohe.analysis.tidy import ScoredYear, tidy
from kaohe.exchange.export import export, export_public
from kaohe.exchange.itemised import FORMULA
from kaohe.exchange.sheetstyle import HIGHEST_ROW, save, sheet_name, signs
from kaohe.exchange.tidy import save_tidy
from kaohe.intake import read_year
from kaohe.scheme import scheme_in_force
from kaohe.scoring.finality import Finality
from kaohe.scoring.history import Record, scorings
from kaohe.scoring.score import score_year
from tests.exchange.filling import kaohe
from tests.scoring.anyscheme import scored as scored_as
from tests.small import add, change, read, small_year

pytestmark = pytest.mark.slow

YEAR = "2018-2019"
OPEN = Finality("暂定（尚未定稿）", None, None, (), "0.1.0")
SCORING = Record(1, "score", "0123456789ab", "2019-07-14T08:00:00+08:00", "", {})
DATE_TO_FILL_IN = "______年____月____日"
TRICK = '=cmd|"/c calc"!A1'


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A small year in which a name and a note begin like formulas; nothing is scored in it, nothing changed."""
    data = tmp_path_factory.mktemp("export")
    folder = small_year(data)
    change(folder, "units", lambda row: {**row, "name": TRICK}, where=lambda row: row["unit_id"] == "C03")
    change(folder, "ratings", lambda row: {**row, "note": "@SUM(1+1)"}, where=lambda row: row["indicator"] == "B02")
    return data


@pytest.fixture(scope="module")
def _scored(data, tmp_path_factory):
    """Its like, scored."""
    folder = shutil.copytree(data, tmp_path_factory.mktemp("scored") / "data")
    assert kaohe("score", YEAR, "--data", folder)[0] == 0
    return folder


@pytest.fixture
def scored(_scored, tmp_path):
    """One to be changed."""
    return shutil.copytree(_scored, tmp_path / "data")


@pytest.fixture(scope="module")
def book(data):
    return score_year(YEAR, data / "raw")


@pytest.fixture(scope="module")
def made(book, tmp_path_factory):
    """The workbook as it is read again."""
    path = tmp_path_factory.mktemp("made") / "结果.xlsx"
    save(path, export(book, OPEN))
    return load_workbook(path)


def rows(page, top=1):
    heads = [cell.value for cell in page[top]]
    lines = page.iter_rows(min_row=top + 1, values_only=True)
    return [dict(zip(heads, line, strict=True)) for line in lines]


def head_row(page):
    """Below the title lines of a page that is posted."""
    return next(cell.row for cell in page["A"] if cell.value == "名次")


def same(value):
    """A workbook keeps 16 digits of a number."""
    return pytest.approx(float(value), rel=1e-15, abs=0)


def summed(page, formula):
    """A SUM over one row, by hand."""
    area = formula.removeprefix("=SUM(").removesuffix(")")
    return sum(Fraction(cell.value) for (line) in page[area] for cell in line if cell.value is not None)


def test_sheets(made) -> None:
    assert made.sheetnames == ["说明", "院部结果", "部门结果", "院部逐项得分", "部门逐项得分", "得分明细"]
    for page in made.worksheets[1:]:
        assert page.freeze_panes
        assert page.auto_filter.ref


def test_results_are_the_books(made, book) -> None:
    for key, group in book.groups.items():
        table = rows(made[f"{group.name}结果"])
        assert [row["单位编号"] for row in table] == [unit.unit_id for unit in book.ranking(key)]
        for row, unit in zip(table, book.ranking(key), strict=True):
            assert (row["名次"], row["等次"]) == (unit.rank, unit.grade)
            assert row["总分"] == same(unit.total)
            assert row["民主测评"] == same(unit.points("ballot"))
            assert row["有否决事项"] == ("是" if unit.vetoed else "否")


def test_the_formulas_add_up_to_the_values(made, book) -> None:
    for name in ("院部结果", "部门结果"):
        for row in rows(made[name]):
            assert float(summed(made[name], row[f"合计{FORMULA}"])) == pytest.approx(row["总分"], abs=1e-9)
    page = made["院部逐项得分"]
    for row in rows(page):
        for part, value in (("基础指标", "基础指标原始分"), ("重点指标", "重点指标原始分")):
            assert float(summed(page, row[f"{part}合计{FORMULA}"])) == pytest.approx(row[value], abs=1e-9)
    page = made["部门逐项得分"]
    for row in rows(page):
        assert float(summed(page, row[f"目标考核合计{FORMULA}"])) == pytest.approx(row["目标考核"], abs=1e-9)
    assert all(sum(by_component(book, unit).values()) == unit.total for unit in book.units)


def test_every_cell_of_the_book_is_in_the_tall_sheet(made, book) -> None:
    *table, last = rows(made["得分明细"])
    found = {(row["单位编号"], row["指标编号"]): row for row in table if row["行"] == "指标"}
    assert len(found) == len(book.cells)
    for cell in book.cells:
        row = found[cell.unit, cell.indicator]
        assert row["得分"] == (None if cell.points is None else same(cell.points))
        assert (row["理由"] or "") == cell.reason
        assert (row["学年"], row["单位名称"]) == (YEAR, book.unit(cell.unit).name)
        if cell.applicable:
            assert row["原始分"] - row["扣分"] - row["封顶扣减"] == pytest.approx(row["得分"], abs=1e-9)
    assert last["计入总分"] == f"=SUBTOTAL(109,L2:L{len(table) + 1})"


def test_the_lines_that_count_add_up_to_the_total(made, book) -> None:
    """Votes, indicators and conversions: as the workbook shows them, and exactly in the lines behind."""
    table = rows(made["得分明细"])
    for unit in book.units:
        mine = [row for row in table if row["单位编号"] == unit.unit_id]
        counted = [row["计入总分"] for row in mine if row["计入总分"] is not None]
        assert {row["行"] for row in mine if row["计入总分"] is not None} >= {"测评", "指标"}
        assert sum(counted) == pytest.approx(float(unit.total), abs=1e-9)
        assert sum(line.counted or 0 for line in lines_of(book, unit.unit_id, {})) == unit.total
        (total,) = [row for row in mine if row["行"] == "总分"]
        assert total["得分"] == same(unit.total)
        first, last = re.fullmatch(r"=SUM\(L(\d+):L(\d+)\)", total[f"验算{FORMULA}"]).groups()
        assert int(last) - int(first) + 2 == len(mine)
        subtotals = {row["指标名称"]: row["得分"] for row in mine if row["行"] == "小计"}
        assert subtotals["目标考核小计"] == same(unit.points("target"))
        if unit.points("base") is not None:
            assert subtotals["基础指标小计"] == same(unit.points("base"))


@pytest.mark.parametrize("rescale", ["proportional", "combined", "none"])
def test_conversion_is_a_line_of_its_own_under_every_reading(data, rescale) -> None:
    book = score_year(YEAR, data / "raw", {"rescale": rescale})
    teaching = next(unit for unit in book.units if unit.unit_id.startswith("E"))
    kinds = [line.kind for line in lines_of(book, teaching.unit_id, {})]
    assert ("conversion" in kinds) == (rescale != "none")
    for unit in book.units:
        assert sum(line.counted or 0 for line in lines_of(book, unit.unit_id, {})) == unit.total


def test_raw_figures_stand_beside_their_points(data) -> None:
    intake = read_year(data / "raw", YEAR)
    figures = figures_of(intake)
    row = intake.data.metrics["C01", "survey_rate"]
    (indicator,) = [key for (unit, key), text in figures.items() if unit == "C01" and "跟踪调查参与率" in text]
    assert float(row.value * 100) == pytest.approx(float(re.search(r"参与率 ([\d.]+)%", figures["C01", indicator])[1]))
    votes = intake.data.votes["C01", "ballot", ""]
    assert figures["C01", "ballot"].startswith(f"优秀 {votes.counts['', 'excellent']} 票")
    achievement = next(each for each in intake.data.achievements if each.unit == "C01")
    assert achievement.title in figures["C01", achievement.indicator]
    rating = intake.data.ratings["C01", "B02"][0]
    assert f"{rating.rater}评分 {float(rating.points):g}" in figures["C01", "B02"]


def test_only_our_own_formulas_are_formulas(made) -> None:
    """What people wrote stays text, however it begins."""
    formulas = [
        (page.title, page.cell(1, cell.column).value, cell.row == page.max_row)
        for page in made.worksheets
        for line in page.iter_rows()
        for cell in line
        if cell.data_type == "f"
    ]
    assert formulas
    assert all(FORMULA in head or (title, last) == ("得分明细", True) for title, head, last in formulas)
    cells = [cell for page in made.worksheets for line in page.iter_rows() for cell in line if cell.value == TRICK]
    assert len(cells) > 3
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def test_the_public_variant_is_the_public_table_and_nothing_else(book, tmp_path) -> None:
    table = public_year(book)
    save(tmp_path / "公示.xlsx", export_public(table, OPEN))
    made = load_workbook(tmp_path / "公示.xlsx")
    assert made.sheetnames == ["说明", "院部公示", "部门公示"]
    for key, name in table.groups.items():
        expected = [(row.rank, row.unit_id, row.name, float(row.total), row.grade) for row in table.rows]
        page = made[f"{name}公示"]
        mine = [tuple(row.values()) for row in rows(page, head_row(page))]
        given = [row for row, public in zip(expected, table.rows, strict=True) if public.group == key]
        assert mine[: len(given)] == given
        *period, authority, day = (value for row in mine[len(given) :] for value in row if value)
        assert "".join(each.lstrip("　") for each in period) == table.period
        assert (authority, day) == (table.authority, DATE_TO_FILL_IN)


def test_a_public_page_can_be_posted_as_it_is(book, tmp_path) -> None:
    stands = Finality("定稿（2019-07-15）", SCORING, None, ("只供内部",), "0.1.0")
    save(tmp_path / "公示.xlsx", export_public(public_year(book), stands))
    made = load_workbook(tmp_path / "公示.xlsx")
    for name in ("院部", "部门"):
        page = made[f"{name}公示"]
        top = head_row(page)
        titles = [page.cell(row, 1).value for row in range(1, top)]
        assert titles == [
            book.authority,
            f"{YEAR} 学年综合目标考核结果公示（{name}）",
            "演示数据（合成），非真实考核结果",
            "定稿（2019-07-15）　数据截至 2019-07-14　评分编号 0123456789ab　kaohe 0.1.0",
            None,
        ]
        assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "portrait")
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.print_title_rows == f"$1:${top}"
        assert page.freeze_panes == f"D{top + 1}"


def test_both_variants_say_which_scoring_of_which_data(scored, tmp_path) -> None:
    about = json.loads((scored / "processed" / YEAR / "manifest.json").read_text(encoding="utf-8"))
    day = scorings(scored / "processed" / YEAR)[0].day
    line = f"暂定（尚未定稿）　数据截至 {day}　评分编号 {about['id']}　kaohe {about['kaohe']}"
    for more in ([], ["--public"]):
        file = tmp_path / f"{len(more)}.xlsx"
        code, out = kaohe("export", YEAR, file, "--data", scored, *more)
        assert code == 0
        assert line in out
        made = load_workbook(file)
        assert line in [cell.value for cell in made["说明"]["A"]]
        assert "演示数据（合成），非真实考核结果" in [cell.value for cell in made["说明"]["A"]]
    assert line in load_workbook(tmp_path / "0.xlsx")["得分明细"].oddFooter.left.text


def test_no_footer_is_longer_than_excel_takes(book, tmp_path) -> None:
    """What is broken off there stands whole on the sheet 说明."""
    readings = "、".join(scheme_in_force(YEAR).policy)
    differs = tuple(f"原始数据有改动（部门&部门/数据{number}.xlsx）" for number in range(9))
    for state in (f"试算读法：{readings}，不是考核结果", "与 2019-07-15 的定稿不同", "&" * 300):
        stands = Finality(state, SCORING, None, differs, "0.1.0")
        save(tmp_path / "长.xlsx", export(book, stands))
        made = load_workbook(tmp_path / "长.xlsx")
        for page in made.worksheets:
            assert len(str(page.oddFooter)) <= 255
            assert "不同之处" not in page.oddFooter.left.text
        whole = "".join(str(cell.value or "") for cell in made["说明"]["A"])  # broken where a space was
        assert stands.inside.replace("　", "") in whole.replace("　", "")
        if "&" not in state:
            text = made["得分明细"].oddFooter.left.text
            assert text.startswith(f"内部资料　演示数据（合成），非真实考核结果　{state[:20]}")
            assert text.endswith("数据截至 2019-07-14　评分编号 0123456789ab　kaohe 0.1.0")


def test_wide_sheets_print_over_several_pages(made) -> None:
    for name in ("院部逐项得分", "部门逐项得分"):
        page = made[name]
        assert (page.print_title_cols, page.print_title_rows) == ("$A:$C", "$1:$1")
        assert 0.01 * page.page_setup.scale * 11 >= 8


def test_reasons_stay_in_their_column(made) -> None:
    page = made["得分明细"]
    widths = [page.column_dimensions[get_column_letter(at)].width for at in range(1, page.max_column + 1)]
    assert sum(widths) * 6.75 * 8 / 11 <= 842 - 72 * 2 * page.page_margins.left
    for line in page.iter_rows(min_row=2, max_row=page.max_row - 1):
        reason = line[-1]
        assert reason.alignment.wrap_text
        needed = min(HIGHEST_ROW, 15 * signs(reason.value or "") / widths[-1])
        assert page.row_dimensions[reason.row].height >= needed


SHAPES = {
    "a mean": ("items: [{id: total, name: 总分, combine: mean, items: [{id: A, name: 甲, rule: a},"
               " {id: B, name: 乙, rule: b}]}]", [], []),
    "leaves under the total": ("items: [{id: total, name: 总分, items: [{id: A, name: 甲, rule: a},"
                               " {id: B, name: 乙, rule: b}]}]", ["甲", "乙"], []),
    "headings": ("items: [{id: total, name: 总分, items: [{id: G, name: 一类, then: [{times: 2}],"
                 " items: [{id: A, name: 甲, rule: a}]}, {id: H, name: 二类, combine: best,"
                 " items: [{id: B, name: 乙, rule: b}, {id: C, name: 丙, rule: a}]}]}]",
                 ["一类", "二类"], ["一类原始分"]),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_scheme_of_any_shape_is_exported_by_its_own_items(shape, tmp_path) -> None:
    text, parts, sums = SHAPES[shape]
    book = scored_as(text, {"U": {"a": 3, "b": 5}, "V": {"a": 1, "b": 2}})
    save(tmp_path / "结果.xlsx", export(book, OPEN))
    made = load_workbook(tmp_path / "结果.xlsx")
    page, wide = made["全部结果"], made["全部逐项得分"]
    checks = [f"合计{FORMULA}", f"差{FORMULA}"] if parts else []
    assert list(rows(page)[0]) == ["名次", "单位编号", "单位名称", "类别", *parts, "总分", *checks]
    for row, unit in zip(rows(page), book.ranking("all"), strict=True):
        assert row["总分"] == same(unit.total)
        assert sum(row[name] for name in parts) == (same(unit.total) if parts else 0)
    assert [head for head in rows(wide)[0] if head.endswith("分")] == sums
    for name in sums:
        for row in rows(wide):
            assert float(summed(wide, row[f"{name.removesuffix('原始分')}合计{FORMULA}"])) == row[name]


def test_every_figure_has_the_decimals_that_the_scheme_leaves(tmp_path) -> None:
    """Values, formulas and the long table alike; ranks are no points."""
    parts = "[{id: A, name: 甲, rule: a}, {id: G, name: 一类, then: [{times: 2}], items: [{id: B, name: 乙, rule: b}]}]"
    text = f"items: [{{id: total, name: 总分, then: [{{round: 0.001}}], items: {parts}}}]"
    book = scored_as(text, {"U": {"a": "3.2", "b": 5}, "V": {"a": 1, "b": 2}})
    save(tmp_path / "结果.xlsx", export(book, OPEN))
    years = [ScoredYear(book, {})]
    save_tidy(tmp_path / "长表.xlsx", tidy(years), years)
    for name in ("结果.xlsx", "长表.xlsx"):
        made = load_workbook(tmp_path / name)
        cells = [cell for page in made.worksheets for row in page.iter_rows() for cell in row]
        assert {cell.number_format for cell in cells} - {"General", "@", "0"} == {"0.000"}
        assert name == "长表.xlsx" or {cell.number_format for cell in cells if cell.data_type == "f"} == {"0.000"}


def test_headers_that_departments_share_say_whose_is_what(made, book) -> None:
    heads = {cell.value: cell.comment for cell in made["部门逐项得分"][1]}
    task = next(info for name, info in book.indicators.items() if name == "D03.T05")
    unit = book.unit("D03").name
    assert f"{unit}：{task.name}（{task.clause}）" in heads["T05"].text
    assert heads["名次"] is None


@pytest.mark.parametrize(("text", "name"), [("院/部[甲]:结果", "院_部_甲__结果"), ("长" * 40, "长" * 31), ("'", "_")])
def test_words_of_a_scheme_as_names_of_sheets(text: str, name: str) -> None:
    assert sheet_name(text) == name


def test_the_command(data, tmp_path) -> None:
    file = tmp_path / "a" / "结果.xlsx"
    code, out = kaohe("export", YEAR, file, "--data", data)
    assert code == 0, out
    assert "暂定（尚未评分）　尚无评分编号" in out
    assert kaohe("export", YEAR, file, "--data", data)[0] == 2
    assert kaohe("export", YEAR, file, "--data", data, "--public", "--overwrite")[0] == 0
    assert load_workbook(file).sheetnames == ["说明", "院部公示", "部门公示"]
    assert kaohe("verify", YEAR, "--data", data)[0] == 0  # what was posted is kept as scored
    assert kaohe("export", YEAR, tmp_path / "结果.xls", "--data", data)[0] == 2


def test_final_figures_say_so(scored, tmp_path) -> None:
    assert kaohe("freeze", YEAR, "--reason", "会议通过", "--data", scored)[0] == 0
    assert "定稿（" in kaohe("export", YEAR, tmp_path / "1.xlsx", "--data", scored)[1]
    change(scored / "raw" / YEAR, "ballots", lambda row: {**row, "excellent": "1"})
    out = kaohe("export", YEAR, tmp_path / "2.xlsx", "--data", scored)[1]
    assert re.search(r"与 \S+ 的定稿不同　尚无评分编号.*不同之处：原始数据有改动（ballots.csv）", out)
    code, out = kaohe("export", YEAR, tmp_path / "3.xlsx", "--data", scored, "--public")
    assert code == 1
    assert "公示只能用定稿的结果，没有写出" in out
    assert "--unfreeze --reason" in out
    assert not (tmp_path / "3.xlsx").exists()


def test_a_trial_is_never_posted_and_marked_in_the_office(scored, tmp_path) -> None:
    trial = ("--data", scored, "--policy", "ballot_scale=stretch")
    code, out = kaohe("export", YEAR, tmp_path / "1.xlsx", *trial)
    assert code == 0
    assert "试算读法：ballot_scale，不是考核结果" in out
    made = load_workbook(tmp_path / "1.xlsx")
    assert "院部试算结果" in made.sheetnames
    assert "试算结果" in made["说明"]["A1"].value
    assert all("不是考核结果" in page.oddFooter.left.text for page in made.worksheets)
    code, out = kaohe("export", YEAR, tmp_path / "2.xlsx", *trial, "--public")
    assert (code, "不能公示" in out) == (1, True)
    assert kaohe("freeze", YEAR, "--reason", "会议通过", "--data", scored)[0] == 0
    assert kaohe("export", YEAR, tmp_path / "2.xlsx", *trial, "--public")[0] == 1
    assert not (tmp_path / "2.xlsx").exists()
    assert kaohe("export", YEAR, tmp_path / "3.xlsx", "--data", scored, "--public")[0] == 0


def test_a_year_that_cannot_be_scored(scored, tmp_path) -> None:
    (scored / "raw" / YEAR / "ballots.csv").unlink()
    code, out = kaohe("export", YEAR, tmp_path / "x.xlsx", "--data", scored)
    assert code == 1
    assert "不能评分" in out
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.slow
def test_libreoffice_calculates_the_formulas(made, tmp_path, through_libreoffice) -> None:
    path = tmp_path / "结果.xlsx"
    save(path, made)
    (again,) = through_libreoffice(path)
    values = load_workbook(again, data_only=True)
    for name in ("院部结果", "部门结果"):
        for row in rows(values[name]):
            assert row[f"合计{FORMULA}"] == pytest.approx(row["总分"], abs=1e-9)
            assert row[f"差{FORMULA}"] == 0
    totals = [row for row in rows(values["得分明细"]) if row["行"] == "总分"]
    assert totals
    for row in totals:
        assert row[f"验算{FORMULA}"] == pytest.approx(row["得分"], abs=1e-9)
        assert row[f"差{FORMULA}"] == 0
    assert not any(
        isinstance(cell.value, str) and cell.value.startswith("#")
        for line in values["得分明细"].iter_rows()
        for cell in line
    )


def test_what_comes_late_is_posted_without_totals_until_it_is_final(scored, tmp_path) -> None:
    """An edition with totals, then one more rater of one item: two totals would give his marks."""
    raw, file = scored / "raw" / YEAR, tmp_path / "公示.xlsx"
    words = ("export", YEAR, file, "--public", "--overwrite", "--data", scored)
    assert "定稿前不公布" not in kaohe(*words)[1]
    totals = _posted_totals(file)
    assert all(isinstance(total, float) for total in totals)
    for row in read(raw / "ratings.csv")[1]:
        if row["indicator"] == "B10" and row["rater"] == "评委1":
            add(raw, "ratings", **{**row, "rater": "后来的", "points": "0"})
    code, out = kaohe(*words)
    assert (code, "院部：评分、测评在公布总分之后有改动，" in out) == (0, True), out
    late = _posted_totals(file)
    untold = late.count(None)
    assert late == [None] * untold + totals[untold:]
    assert 0 < untold < len(late)
    assert kaohe("score", YEAR, "--data", scored)[0] == 0
    assert kaohe(*words)[1].count("定稿前不公布") == 1  # a scoring forgets nothing
    assert kaohe("freeze", YEAR, "--reason", "会议通过", "--data", scored)[0] == 0
    assert "定稿前不公布" not in kaohe(*words)[1]
    assert None not in _posted_totals(file)


def _posted_totals(file: Path) -> list[float | None]:
    made = load_workbook(file)
    found = []
    for page in made.worksheets[1:]:
        top = head_row(page)
        listed = page.iter_rows(min_row=top + 1, values_only=True)
        found += [line[3] for line in listed if line[1] and line[2]]
    return found


def test_roots_and_logarithms_are_written_as_the_nearest_number(tmp_path) -> None:
    part = "{id: %s, name: 项%s, full: 1, rule: {kind: line, scale: log, value: %s, through: [[1, 0], [100, 1]]}}"
    inside = ", ".join(part % (name, name, figure) for name, figure in (("A", "a"), ("B", "b")))
    made = scored_as(
        f"items: [{{id: total, name: 总分, full: 1, combine: geometric_mean, items: [{inside}]}}]",
        {"U1": {"a": 2, "b": 7, "c": 0}},
    )
    save(tmp_path / "结果.xlsx", export(made, OPEN))
    pages = load_workbook(tmp_path / "结果.xlsx")
    (total,) = [row["总分"] for row in rows(pages[f"{made.groups['all'].name}结果"])]
    assert total == pytest.approx(math.sqrt(math.log(2, 100) * math.log(7, 100)), rel=1e-12)
    tall = {row["指标编号"]: row["得分"] for row in rows(pages["得分明细"])}
    assert tall["A"] == pytest.approx(math.log(2, 100), rel=1e-12)
