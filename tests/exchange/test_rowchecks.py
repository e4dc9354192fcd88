"""What the template accepts, the reader reads: its rules and marks are calculated by LibreOffice, its rows are read."""

import datetime
import random
from itertools import product

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from kaohe.exchange.asking import Asked, context_of
from kaohe.exchange.forms.incidents import cost_of
from kaohe.exchange.sheetstyle import MARK_AMBER, MARK_RED
from kaohe.exchange.template import template
from tests.exchange.filling import guide, hand_in, only_units, saved, templates
from tests.intake.yearbook import YearBook, scheme

pytestmark = pytest.mark.slow

DAY, LATER = datetime.date(2019, 3, 5), datetime.date(2019, 9, 1)
SCRATCH = 30
"""Where formulas are put to be calculated: to the right of every table."""


class Judged:
    """A filled template, the formulas of its rules and marks calculated beside its rows."""

    def __init__(self, book: Workbook, tmp_path, through_libreoffice) -> None:
        self.book = book
        self.asked: dict[tuple[str, int, str, str], str] = {}
        for page in book.worksheets:
            if page.title not in ("说明", "指标数据"):
                self._ask(page)
        (again,) = through_libreoffice(saved(book, tmp_path / "评判.xlsx"))
        self.values = load_workbook(again, data_only=True)

    def _ask(self, page) -> None:
        rows = [line[0].row for line in page.iter_rows(min_row=2, max_col=SCRATCH - 1) if any(c.value for c in line)]
        for row in rows:
            place = SCRATCH
            for kind, letter, formula in (*_rules(page, row), *_marks(page, row)):
                cell = page.cell(row, place, f"=IFERROR({formula},FALSE)")
                cell.number_format = "General"
                self.asked[page.title, row, letter, kind] = cell.coordinate
                place += 1

    def refused(self, sheet: str, row: int) -> set[str]:
        """Headers of the cells that would not have been accepted."""
        page = self.book[sheet]
        found = self._where(sheet, row, "rule", False)
        for rule in page.data_validations.dataValidation:
            for area in rule.sqref.ranges:
                if rule.type == "list" and area.min_row <= row <= area.max_row and rule.errorStyle == "stop":
                    cell = page.cell(row, area.min_col)
                    if cell.value is not None and str(cell.value) not in _words(self.book, rule.formula1):
                        found.add(page.cell(1, area.min_col).value)
        return {head for head in found if self._value(sheet, row, head) is not None}

    def red(self, sheet: str, row: int) -> set[str]:
        return self._where(sheet, row, MARK_RED[1], True)

    def amber(self, sheet: str, row: int) -> set[str]:
        return self._where(sheet, row, MARK_AMBER[1], True) - self.red(sheet, row)

    def _where(self, sheet: str, row: int, kind: str, value: bool) -> set[str]:
        answers = self.values[sheet]
        return {
            self.book[sheet][f"{letter}1"].value
            for (name, number, letter, what), place in self.asked.items()
            if (name, number, what) == (sheet, row, kind) and bool(answers[place].value) is value
        }

    def _value(self, sheet: str, row: int, head: str):
        (column,) = [cell.column for cell in self.book[sheet][1] if cell.value == head]
        return self.book[sheet].cell(row, column).value


def _words(book: Workbook, formula: str) -> list[str]:
    if formula.startswith('"'):
        return formula.strip('"').split(",")
    sheet, _, area = formula.partition("!")
    return [cell.value for (cell,) in book[sheet.strip("'")][area.replace("$", "")]]


def _at(formula: str, first: str, letter: str, row: int) -> str:
    return Translator(f"={formula}", first).translate_formula(f"{letter}{row}").removeprefix("=")


def _rules(page, row: int):
    """(what, column, formula) of the rules that are no lists."""
    for rule in page.data_validations.dataValidation:
        for area in rule.sqref.ranges:
            if not area.min_row <= row <= area.max_row or rule.type in ("list", None):
                continue
            letter = get_column_letter(area.min_col)
            cell = f"{letter}{row}"
            if rule.type == "custom":
                yield "rule", letter, _at(rule.formula1, area.coord.partition(":")[0], letter, row)
            else:
                whole = f"{cell}=INT({cell})," if rule.type == "whole" else ""
                yield "rule", letter, f"AND(ISNUMBER({cell}),{whole}{cell}>={rule.formula1},{cell}<={rule.formula2})"


def _marks(page, row: int):
    for ranges in page.conditional_formatting:
        for area in ranges.sqref.ranges:
            if area.min_row <= row <= area.max_row:
                for rule in ranges.rules:
                    letter = get_column_letter(area.min_col)
                    formula = _at(rule.formula[0], area.coord.partition(":")[0], letter, row)
                    yield rule.dxf.fill.bgColor.rgb[-6:], letter, formula


def enter(book: Workbook, sheet: str, rows: list[tuple]) -> None:
    page = book[sheet]
    for number, row in enumerate(rows, start=2):
        for at, value in enumerate(row, start=1):
            cell = page.cell(number, at)
            assert not cell.protection.locked
            cell.value = value


ACHIEVEMENTS = [
    # refused, red, amber
    (("C01", "K6", "核心论文", None, None, "论文甲", DAY, "是", None), (), (), ()),
    (("C01", "K6", "课题", "省级", None, "课题甲", DAY, "是", None), (), (), ()),
    (("C01", "K6", "课题", "世界级", None, "课题乙", DAY, "是", None), (), (), ("类型", "级别", "奖项")),
    (("C01", "K6", "课题", None, None, "课题丙", DAY, "是", None), (), (), ("类型", "级别", "奖项")),
    (("D10", "K6", "核心论文", None, None, "论文乙", DAY, "是", None), ("单位编号", "项目名称"),
     ("单位编号", "指标编号"), ()),
    (("C01", "K6", "社科项目经费", None, None, "项目甲", DAY, "是", None), (), ("金额",), ()),
    (("C01", "K6", "社科项目经费", None, None, "项目乙", DAY, "是", 30000), (), (), ()),
    (("C01", "K6", "核心论文", None, None, "论文丙", LATER, "是", None), ("日期",), ("日期",), ()),
    (("C01", "K6", "核心论文", None, None, "论文丁", DAY, "是", -1), ("金额",), ("金额",), ()),
    (("C01", "K6", "核心论文", None, None, None, DAY, None, None), (), ("项目名称", "第一完成人"), ()),
]  # fmt: skip
INCIDENTS = [
    (("C01", "B07", DAY, 1, 0.5, "停课"), (), (), ()),
    (("C02", "B07", DAY, 2, 1, "停课"), ("次数",), ("次数",), ()),
    (("E01", "B07", DAY, 1, 0.3, "停课"), ("分值",), ("分值",), ()),
    (("I01", "B07", DAY, 1, None, "停课"), (), ("分值",), ()),
    (("D10", "B07", DAY, 1, 0.5, "停课"), ("单位编号", "日期", "次数", "分值"),
     ("单位编号", "指标编号", "次数", "分值"), ()),
    (("C01", "B17", DAY, 3, 3, "举报"), (), (), ()),
    (("C01", "B17", DAY, 3, None, None), (), (), ("备注",)),
    (("C01", "B17", DAY, 3, 1, "举报"), ("分值",), ("分值",), ()),
    (("C01", "B17", DAY, 0, None, "举报"), ("次数",), ("次数",), ()),
    (("C01", "B17", LATER, 1, None, "举报"), ("日期",), ("日期",), ()),
    (("F01", "B07", DAY, 1, 0.6, "停课"), ("分值",), ("分值",), ()),
    (("F01", "B07", DAY, 1, 0.6, "停课"), ("分值",), ("分值",), ()),
]  # fmt: skip
INNOVATION, BREAKTHROUGH = scheme().results.declarations.values()
DECLARATIONS = [
    (("C01", INNOVATION, "改革", "是"), (), (), ()),
    (("C01", BREAKTHROUGH, "改革", "是"), (), (), ()),
    (("C02", INNOVATION, "改革", "是"), ("项目名称",), ("单位编号", "类型"), ()),
    (("C02", INNOVATION, "建设", "否"), ("项目名称",), ("单位编号", "类型"), ()),
    (("E01", INNOVATION, None, "是"), (), (), ("项目名称",)),
]
EXEMPTIONS = [
    (("C01", "K2a", "停招"), (), (), ()),
    (("D10", "K2a", "停招"), (), (), ("单位编号", "指标编号")),
    (("C02", None, "停招"), (), ("指标编号",), ()),
]
SELF_SCORES = [
    (("C01", "B01", 0.5), (), (), ()),
    (("C01", "B02", 1000), ("分值",), ("分值",), ()),
    (("D10", "B01", 0.5), ("分值",), ("单位编号", "指标编号", "分值"), ()),
    (("C02", "B01", 0.5), ("分值",), ("单位编号", "指标编号"), ()),
    (("C02", "B01", 0.6), ("分值",), ("单位编号", "指标编号"), ()),
]
BALLOTS = [(10, 0, 0), (0, 0, 0), (1, None, 2), (0.5, 1, 1), (None, None, None)]
CASES = {
    "成果": ACHIEVEMENTS,
    "扣分事件": INCIDENTS,
    "优秀申报": DECLARATIONS,
    "不适用": EXEMPTIONS,
    "自评": SELF_SCORES,
}


def test_what_does_not_fit_is_refused_or_marked(year: YearBook, tmp_path, through_libreoffice) -> None:
    (book,) = templates(year)
    for sheet, cases in CASES.items():
        enter(book, sheet, [row for row, *_ in cases])
    for row, votes in enumerate(BALLOTS, start=2):
        for column, value in enumerate(votes, start=3):
            book["民主测评"].cell(row, column).value = value
    leaders = book["领导评价"]
    for row in (2, 3):
        leaders[f"C{row}"], leaders[f"E{row}"] = "张", 90
    leaders["A3"].value = leaders["A2"].value
    ratings = book["评分"]
    ratings["D2"], ratings["C3"], ratings["C10"] = 1, "甲", "甲"
    ratings["A10"].value = ratings["A3"].value
    judged = Judged(book, tmp_path, through_libreoffice)
    for sheet, cases in CASES.items():
        for number, (row, refused, red, amber) in enumerate(cases, start=2):
            found = judged.refused(sheet, number), judged.red(sheet, number), judged.amber(sheet, number)
            assert found == (set(refused), set(red), set(amber)), (sheet, row)
    votes = {"优秀", "合格", "不合格"}
    assert [judged.red("民主测评", row) for row in range(2, 7)] == [set(), votes, {"合格"}, {"优秀"}, set()]
    assert [judged.refused("民主测评", row) for row in range(2, 5)] == [set(), votes, set()]
    assert judged.red("领导评价", 2) >= {"校领导"} <= judged.refused("领导评价", 3)
    assert [judged.red("评分", row) for row in (2, 3, 10)] == [{"评分人"}] * 3
    assert judged.refused("评分", 10) == {"评分人"}


def _any_rows(asked: Asked, number: int) -> dict[str, list[tuple]]:
    """Rows as they come when nobody looks: units, indicators and figures that may or may not fit, and gaps."""
    chance = random.Random(7)
    units = ["C01", "C02", "E01", "F01", "I01", "D03", "D10", None]
    days = [DAY, datetime.date(2018, 9, 1), datetime.date(2019, 8, 31)]
    costs = {each.id: cost_of(each.incidents) for each in asked.costing.values()}
    counts, points = [1, 1, 2, 3, 0], [None, 0.3, 0.5, 0.7, 1, 1.5, *{float(cost) for cost, _, _ in costs.values()}]
    kinds, levels = [*scheme().kinds.values()], ["国家级", "省级", "市级", None]
    choices = {
        "成果": (units, [*asked.counting], kinds, levels, ["一等奖", None], ["甲", "乙", None], days, ["是", "否"],
               [None, 0, 60000]),
        "扣分事件": (units, [*costs], days, counts, points, ["某事", None]),
        "优秀申报": (units, [INNOVATION, BREAKTHROUGH], ["甲", None], ["是", "否", None]),
        "不适用": (units, [*scheme().indicators][::9], ["停招", None]),
        "自评": (units, [*scheme().indicators][::9], [0, 0.5, 3, 40, -1, None]),
    }  # fmt: skip
    return {sheet: [tuple(map(chance.choice, columns)) for _ in range(number)] for sheet, columns in choices.items()}


def test_rows_that_are_accepted_and_unmarked_are_read_without_error(year, tmp_path, through_libreoffice) -> None:
    (book,) = templates(year)
    given = _any_rows(Asked(context_of(year.look())), 60)
    for sheet, rows in given.items():
        enter(book, sheet, rows)
    only_units(year)
    hand_in(year, "任意.xlsx", book)
    findings = year.look().findings
    judged = Judged(book, tmp_path, through_libreoffice)
    clean = {
        (sheet, row)
        for sheet in given
        for row in range(2, 62)
        if not judged.refused(sheet, row) and not judged.red(sheet, row)
    }
    errors = [each for each in findings if each.severity == "error" and each.sheet in given]
    assert not [str(each) for each in errors if (each.sheet, each.row) in clean]
    assert {each.sheet for each in errors} == {*given}
    assert {sheet for sheet, _ in clean} == {*given}


def test_the_lists_hold_those_to_whom_something_applies(year: YearBook) -> None:
    context = context_of(year.read())
    for office, sheet, categories in (("教务处", "扣分事件", {"college"}), ("科技与产业处", "成果", None)):
        asked = Asked(context, office)
        pairs = asked.costed if sheet == "扣分事件" else asked.counted
        book = template(asked, {})
        (rule,) = [each for each in book[sheet].data_validations.dataValidation if str(each.sqref).startswith("A2")]
        assert set(_words(book, rule.formula1)) == {unit.unit_id for unit, _, _ in pairs}
        assert categories is None or not {"D03", "D10"} & set(_words(book, rule.formula1))


def test_dates_go_beyond_the_year_where_the_scheme_says_so(year: YearBook) -> None:
    context = context_of(year.read())
    costing = [*Asked(context).costing]
    for longer, until in ((("B17",), ""), ([each for each in costing if each != "B07"], "当年 12 月")):
        window = scheme().window.model_copy(update={"longer": ("K6", *longer), "longer_until": until})
        context.scheme = context.scheme.model_copy(update={"window": window})
        book = template(Asked(context), {})
        page = book["扣分事件"]
        (rule,) = [each for each in page.data_validations.dataValidation if str(each.sqref).startswith("C2")]
        assert "OR($C2<=DATE(2019,8,31),COUNTIF(扣分延期,$B2)>0)" in rule.formula1
        assert f"2019-08-31 以后只有 {'、'.join(longer)} 还计"[:200] in rule.error
        assert _words(book, book.defined_names["扣分延期"].attr_text) == [*longer]
        says = f"统计到{until}" if until else "在学年结束以后的也统计"
        assert f"统计时段外的不计；{'、'.join(longer)} 的材料{says}\n" in page["C1"].comment.text
        assert f"、{longer[-1]} 的材料{says}。" in guide(book)


def test_there_is_no_incident_that_never_happened(whole: Workbook) -> None:
    page = whole["扣分事件"]
    (rule,) = [each for each in page.data_validations.dataValidation if str(each.sqref).startswith("D2")]
    assert rule.error.startswith("应为整数，不小于 1；")
    assert "整数，不小于 1；必填" in page["D1"].comment.text


def test_formulas_are_no_longer_than_excel_takes(whole: Workbook) -> None:
    rules = [
        rule for page in whole.worksheets for rule in page.data_validations.dataValidation if rule.type == "custom"
    ]
    assert {len(rule.formula1) > 255 for rule in rules} == {False}
    names = set(whole.defined_names)
    used = [formula for rule in rules for formula in (rule.formula1,)]
    assert {name for name, formula in product(names, used) if name in formula} >= {"成果配对", "扣分配对", "自评配对"}
