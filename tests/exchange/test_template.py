"""Templates: exactly the cells that apply, nothing accepted that the reader refuses, and the way there and back."""

import datetime
import re

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from kaohe.exchange.asking import Asked, AskError, context_of, offices, wanted
from kaohe.exchange.ratingform import rating_form
from kaohe.exchange.sheetstyle import put, signs
from kaohe.exchange.template import template
from kaohe.exchange.wide import metric_fields
from kaohe.intake.tables.asked import facts_of
from tests.exchange.filling import (
    bring,
    content,
    figures,
    fill,
    guide,
    hand_in,
    kaohe,
    only_units,
    open_cells,
    saved,
    templates,
)
from tests.intake.yearbook import YEAR, YearBook, complete_tables, remarkable, scheme

pytestmark = pytest.mark.slow


def test_a_filled_template_is_read_back_exactly(year: YearBook) -> None:
    expected = content(year.read())
    (book,) = templates(year)
    only_units(year)
    fill(book, complete_tables())
    hand_in(year, "全部.xlsx", book)
    intake = year.look()
    assert (remarkable(intake), intake.missing) == ([], ())
    assert content(intake) == expected


@pytest.mark.slow
def test_the_offices_templates_together_are_read_back_exactly(year: YearBook) -> None:
    expected = content(year.read())
    names = offices(context_of(year.look()))
    books = templates(year, *names)
    only_units(year)
    for number, book in enumerate(books):
        tables = complete_tables()
        if number != names.index("科技与产业处"):  # only it counts K6
            del tables["achievements"]
        fill(book, tables)
        hand_in(year, f"{number}.xlsx", book)
    intake = year.look()
    assert (remarkable(intake), intake.missing) == ([], ())
    assert content(intake) == expected


@pytest.mark.slow
def test_through_libreoffice(year: YearBook, tmp_path, through_libreoffice) -> None:
    expected = content(year.read())
    (book,) = templates(year)
    empty = saved(book, tmp_path / "empty.xlsx")
    fill(book, complete_tables())
    filled = saved(book, tmp_path / "filled.xlsx")
    only_units(year)
    again, nothing = through_libreoffice(filled, empty)
    page = load_workbook(nothing)["指标数据"]
    assert page.protection.sheet
    assert page["C1"].comment.text
    assert {rule.type for rule in page.data_validations.dataValidation} >= {"whole", "decimal"}
    assert open_cells(load_workbook(nothing), "指标数据", optional=True) == open_cells(book, "指标数据", optional=True)
    hand_in(year, "空表.xlsx", load_workbook(nothing))
    assert not year.look().has_errors
    hand_in(year, "空表.xlsx", load_workbook(again))
    intake = year.look()
    assert (remarkable(intake), content(intake)) == ([], expected)


def test_an_empty_template_is_nothing_handed_in_yet(year: YearBook) -> None:
    (book,) = templates(year)
    everything = wanted(context_of(year.look()))
    only_units(year)
    hand_in(year, "空表.xlsx", book)
    intake = year.look()
    assert not intake.has_errors, [str(each) for each in intake.findings if each.severity == "error"]
    assert intake.missing == everything


def test_exactly_the_cells_that_apply_are_open(year: YearBook) -> None:
    year.tables["exemptions"].append({"unit_id": "C01", "indicator": "K2a", "reason": "试行"})
    (book,) = templates(year)
    needed = wanted(context_of(year.look()))
    metrics = {(each.unit, each.what) for each in needed if each.kind == "metric"}
    ratings = {(each.unit, each.indicator) for each in needed if each.kind == "rating"}
    assert open_cells(book, "指标数据", optional=False) == metrics
    assert open_cells(book, "评分", optional=True) == ratings
    assert ("C01", "trainees") not in metrics
    assert ("F01", "K1.4") not in ratings  # P09: not in force for the two teaching departments


@pytest.mark.slow
def test_each_cell_is_asked_of_one_office(year: YearBook) -> None:
    names = offices(context_of(year.read()))
    whole, *parts = templates(year, None, *names)
    for sheet in ("指标数据", "评分"):
        cells = [cell for part in parts for cell in open_cells(part, sheet, optional=True)]
        assert len(cells) == len(set(cells))
        assert set(cells) == open_cells(whole, sheet, optional=True)


@pytest.mark.parametrize("end", ["least", "most"])
def test_the_bounds_of_a_cell_are_read_without_error(year: YearBook, end: str) -> None:
    (book,) = templates(year)
    for sheet in ("指标数据", "评分"):
        page = book[sheet]
        bounds = {}
        for rule in page.data_validations.dataValidation:
            for area in rule.sqref.ranges:
                for row, column in area.cells:
                    bounds[row, column] = rule
        for _, _, cell in figures(page):
            if cell.protection.locked:
                continue
            rule = bounds[cell.row, cell.column]
            custom = re.search(r"<=([0-9.]+)", rule.formula1) if rule.type == "custom" else None
            low = 0.0 if custom else float(rule.formula1)
            high = float(custom[1]) if custom else float(rule.formula2) if rule.formula2 else low + 7
            cell.value = low if end == "least" else high
            if sheet == "评分":
                page.cell(cell.row, 3).value = f"评委{cell.row}"
    only_units(year)
    hand_in(year, "边界.xlsx", book)
    errors = {each.code for each in year.look().findings if each.severity == "error"}
    # No cell can know that another indicator divides by it; the two votes were not filled in.
    assert errors <= {"zero-denominator"}


def test_a_rating_that_is_nothing_or_from_a_bound(whole: Workbook) -> None:
    rules = whole["评分"].data_validations.dataValidation
    rules = [rule for rule in rules if rule.type == "custom" and not str(rule.sqref).startswith("C")]  # C: raters
    judged = {
        each.id: facts.judged
        for each in scheme().indicators.values()
        for facts in (facts_of(each, each.applies[0]),)
        if facts.judged and facts.judged.nothing_or_from
    }
    assert bool(rules) == bool(judged)
    for rule in rules:
        first = next(iter(rule.sqref.ranges)).coord.partition(":")[0]
        assert rule.formula1.startswith(f"AND(ISNUMBER({first}),OR({first}=0,")


def test_headers_stay_in_sight_and_the_structure_is_locked(whole: Workbook) -> None:
    assert [whole[name].freeze_panes for name in ("指标数据", "评分", "民主测评")] == ["C2", "D2", "B2"]
    assert all(page.protection.sheet and not page.protection.password for page in whole.worksheets)
    assert whole.security.lockStructure


def test_an_office_gets_what_it_supplies_and_no_more(year: YearBook) -> None:
    books = templates(year, "财务处", "党委学生工作部", "目标办")
    assert books[0].sheetnames == ["说明", "指标数据", "评分"]
    parts = templates(year, *(name for name in offices(context_of(year.look())) if name.startswith("党委学生工作部（")))
    whole = {cell for part in parts for cell in open_cells(part, "指标数据", optional=True)}
    assert open_cells(books[1], "指标数据", optional=True) == whole
    assert {"民主测评", "领导评价", "不适用"} <= set(books[2].sheetnames)
    assert books[0]["说明"]["A3"].value == "填报部门：财务处"


def test_an_office_that_is_none(year: YearBook) -> None:
    with pytest.raises(AskError, match=r"没有名为 某某处 的部门；有：.*教务处"):
        Asked(context_of(year.read()), "某某处")


def test_without_units_nothing_can_be_asked(year: YearBook) -> None:
    year.tables["units"].clear()
    with pytest.raises(AskError, match="单位表"):
        context_of(year.read())


def test_every_column_has_a_note_with_unit_and_clause(whole: Workbook) -> None:
    for page in whole.worksheets[1:]:
        for cell in page[1]:
            head, *says = cell.comment.text.split("\n")
            assert says, (page.title, cell.value)
            assert head == cell.value
            assert head not in says
            if page.title in ("指标数据", "评分"):
                if cell.value not in ("单位编号", "单位名称", "评分人"):
                    assert "单位：" in cell.comment.text
                    assert "条款" in cell.comment.text
            else:
                assert "条款" in cell.comment.text, (page.title, cell.value)
    assert "单位：票" in whole["民主测评"]["C1"].comment.text
    assert "B07：酌情扣 0.5～1 分，每行一起" in whole["扣分事件"]["E1"].comment.text
    assert "只供内部" in whole["否决事项"]["C1"].comment.text
    assert "K6 课题：国家级、省级、市级、校级、横向" in whole["成果"]["D1"].comment.text
    assert "K1.1 教学与技能竞赛省级：一等奖、二等奖、三等奖" in whole["成果"]["E1"].comment.text
    assert "K6 社科项目经费：必填，不足 20000 元不计" in whole["成果"]["I1"].comment.text
    assert "没有权重的计 0 分" in whole["成果"]["D1"].comment.text
    for sheet, header in (("审议决定", "事项"), ("突出贡献奖", "级别")):  # nothing is weighted there
        (cell,) = [cell for cell in whole[sheet][1] if cell.value == header]
        assert "另填的也能交" in cell.comment.text
        assert "权重" not in cell.comment.text


def test_text_stays_what_was_typed(whole: Workbook, year: YearBook) -> None:
    for sheet, column in (("成果", "F2"), ("扣分事件", "F2"), ("领导评价", "C2"), ("不适用", "C2"), ("评分", "C2")):
        assert whole[sheet][column].number_format == "@", (sheet, column)
    form = rating_form(Asked(context_of(year.read()), "质量监督处"), "张三")
    assert form["评分"]["G2"].number_format == "@"


def test_notes_of_money_say_that_it_is_not_in_myriads(whole: Workbook) -> None:
    notes = {cell.value: cell.comment.text for cell in whole["指标数据"][1] if cell.comment}
    assert {name for name, text in notes.items() if "单位：元，不是万元；" in text} == {
        metric.name for metric in scheme().metrics.values() if metric.kind == "money" and metric.name in notes
    }
    amount = next(cell.comment.text for cell in whole["成果"][1] if cell.value == "金额")
    assert "单位：元，不是万元" in amount
    assert any("金额以元计，不是万元" in str(cell.value) for cell in whole["说明"]["A"])


def test_the_guide_says_what_is_known_of_the_time(whole: Workbook) -> None:
    assert "2018-09-01～2019-08-31" in guide(whole)
    assert "考核办法没有写明，以目标办通知为准" in guide(whole)


def test_the_guide_says_by_when(year: YearBook) -> None:
    asked = Asked(context_of(year.read()), "质量监督处", datetime.date(2019, 7, 10))
    for book in (template(asked, {}), rating_form(asked, "张三")):
        (cell,) = [cell for cell in book["说明"]["A"] if str(cell.value).startswith("交表期限")]
        assert (cell.value, cell.font.bold) == ("交表期限：2019-07-10（星期三）", True)
        assert "没有写明" not in guide(book)


def test_no_line_of_the_guide_needs_a_height_of_its_own(whole: Workbook) -> None:
    """A program that does not find the heights of wrapped text shows it cut off, or with gaps."""
    page = whole["说明"]
    assert not any(cell.alignment.wrap_text for cell in page["A"])
    assert all(signs(str(cell.value or "")) <= page.column_dimensions["A"].width for cell in page["A"])


def test_sheets_print_in_letters_that_can_be_read(whole: Workbook) -> None:
    for name, columns in (("指标数据", "$A:$B"), ("评分", "$A:$C")):
        page = whole[name]
        assert page.print_title_cols == columns
        assert page.print_title_rows == "$1:$1"
        assert 0.01 * page.page_setup.scale * 11 >= 8
        assert page.page_setup.orientation == "landscape"
        assert not page.sheet_properties.pageSetUpPr.fitToPage
    for page in whole.worksheets:
        if page.sheet_properties.pageSetUpPr.fitToPage:  # as wide as the page: its columns leave the letters large
            room = (842 if page.page_setup.orientation == "landscape" else 595) - 72 * 2 * page.page_margins.left
            letters = [get_column_letter(at) for at in range(1, (1 if page.title == "说明" else page.max_column) + 1)]
            assert sum(page.column_dimensions[each].width for each in letters) * 6.75 * 8 / 11 <= room, page.title


def test_blank_tables_print_a_grid_of_two_pages(whole: Workbook, year: YearBook) -> None:
    for name in ("成果", "扣分事件"):
        page = whole[name]
        assert page.print_area.endswith("47")
        assert "只印到第 47 行" in page.oddFooter.left.text
        assert page["A47"].border.bottom.style == "thin"
    for each in (whole, *templates(year, "科技与产业处", "财务处", "目标办")):
        cut = [page.title for page in each.worksheets if "只印到" in (page.oddFooter.left.text or "")]
        told = re.search(r"打印((?:“\w+”)+)只印到页脚写的那一行", guide(each))
        assert (re.findall(r"“(\w+)”", told[1]) if told else []) == cut
        assert ("在另一份空白的填报表里接着填" in guide(each)) == bool(cut)


def test_what_has_no_room_goes_on_in_a_second_form(year: YearBook, tmp_path) -> None:
    (book,), (more,) = templates(year, "科技与产业处"), templates(year, "科技与产业处")
    rows = complete_tables()["achievements"]
    only_units(year)
    assert book["成果"].max_row == 301
    for number, (form, name) in enumerate(((book, "科技与产业处"), (more, "科技与产业处 续"))):
        given = [{**rows[0], "title": f"论文 {number}-{each}"} for each in range(300 - 290 * number)]
        fill(form, {"achievements": given})
        code, out = bring(year, saved(form, tmp_path / f"{name}.xlsx"))
        assert code == 0, out
    assert len(year.look().data.achievements) == 310


def test_a_template_that_cannot_be_written(units: YearBook, tmp_path) -> None:
    (tmp_path / "文件").touch()
    file = tmp_path / "文件" / "x.xlsx"
    code, out = kaohe("template", YEAR, file, "--office", "财务处", "--data", units.raw.parent)
    assert code == 1
    assert out.strip() == f"无法写入 {file}：路径中有一段是文件，不是文件夹"


def test_no_list_is_longer_than_excel_takes(whole: Workbook) -> None:
    rules = [rule for page in whole.worksheets for rule in page.data_validations.dataValidation]
    assert any(rule.type == "list" and rule.formula1.startswith("'说明'!") for rule in rules)
    assert all(len(rule.formula1) <= 257 for rule in rules if rule.type == "list")
    assert all(len(text or "") <= 255 for rule in rules for text in (rule.error, rule.prompt))
    assert all(len(text or "") <= 32 for rule in rules for text in (rule.errorTitle, rule.promptTitle))
    assert all(len(rule.sqref.ranges) <= 100 for rule in rules)


def test_names_that_look_like_formulas_stay_text(year: YearBook) -> None:
    name = '=HYPERLINK("http://x","点我")'
    year.tables["units"][0]["name"] = name
    (book,) = templates(year)
    cell = book["指标数据"]["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (name, "s", True)
    hand_in(year, "模板.xlsx", book)
    assert load_workbook(year.folder / "模板.xlsx")["指标数据"]["B2"].data_type == "s"


def test_signs_that_no_workbook_may_hold() -> None:
    assert put(Workbook().active, 1, 1, "a\x00b").value == "ab"


def test_a_rating_form_is_read_with_its_rater(year: YearBook, tmp_path) -> None:
    asked = Asked(context_of(year.read()), "质量监督处")
    book = rating_form(asked, "张三")
    page = book["评分"]
    assert (page.page_setup.paperSize, page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (9, 1, 0)
    assert page.print_title_rows == "$1:$1"
    assert all("签字" in (sheet.oddFooter.left.text or sheet.oddFooter.center.text) for sheet in book.worksheets)
    assert all(line.height >= 8 / 25.4 * 72 for row, line in page.row_dimensions.items() if row > 1)
    for name in ("张三" * 200, "&" * 200):
        assert len(str(rating_form(asked, name)["评分"].oddHeader)) <= 255
    page["F2"], page["G2"] = 0.5, "听课记录不全"
    unit, indicator = page["A2"].value, page["C2"].value
    year.without("ratings")
    only_units(year)
    hand_in(year, "评分表.xlsx", book)
    intake = year.look()
    (rating,) = intake.data.ratings[unit, indicator]
    assert (rating.rater, float(rating.points), rating.note) == ("张三", 0.5, "听课记录不全")
    assert len(intake.data.ratings) == 1


def test_a_rating_form_says_what_the_text_asks(year: YearBook) -> None:
    """A department's own demand, numbers, time limit and mark beside the marks; calendar years as of this year."""
    page = rating_form(Asked(context_of(year.read())), "张三")["评分"]
    told = {row[2]: row[3].split("\n") for row in page.iter_rows(min_row=2, values_only=True)}
    name, span, *asked = told["D03.T08"]
    assert (name, span) == ("双带头人培育与工作室（创新性工作）", "（0～100 分）")
    assert asked[1] == "目标：双带头人支部书记比例 ≥85%、≥100%；双带头人书记工作室数 ≥3 个"
    assert told["D03.T17"][-1] == "期限：年底前（2018-12-31）：完成评审"
    assert told["D03.W2"][2].startswith("要求：干部重大事项报告")
    assert told["D03.T05"] == ["党的理论学习与自身建设", "（0～100 分）"]
    assert "目标：媒体月均采用稿件数 ≥3 篇" in told["B36"]


def test_definitions_name_the_years_of_the_school_year(year: YearBook) -> None:
    year.tables["units"].append({"unit_id": "D06", "name": "教务处", "category": "department"})
    notes = {field.header: field.note for field in metric_fields(Asked(context_of(year.read())))}
    assert "定义：2019 年技能大赛省级以上获奖" in notes["技能大赛省级以上奖项数"]
    assert not [note for note in notes.values() if "{" in note]


def test_a_row_with_a_unit_and_a_single_vote_is_an_error(year: YearBook) -> None:
    year.tables["ballots"][0].update(qualified=None, unqualified=None)
    assert {each.code for each in year.read().findings if each.severity == "error"} == {"blank"}


def test_dates_are_bounded_by_the_year(year: YearBook) -> None:
    context = context_of(year.read())
    book = template(Asked(context, "科技与产业处"), {})
    (rule,) = [rule for rule in book["成果"].data_validations.dataValidation if rule.type == "date"]
    assert scheme().window.days(YEAR) == (datetime.date(2018, 9, 1), datetime.date(2019, 8, 31))
    assert (rule.operator, rule.formula1, rule.formula2) == ("between", "DATE(2018,9,1)", "DATE(2019,8,31)")
