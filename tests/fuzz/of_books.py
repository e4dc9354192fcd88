"""What a workbook says beside and about its cells: pictures, comments, conditions, formulas, calendars."""

from __future__ import annotations

import datetime
from fractions import Fraction

from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from kaohe.intake.sheets.stream import MAIN, OFFICE
from tests.fuzz.of_drawn import floating
from tests.fuzz.targets import Draw, NoneLeftError, a_number, case, numeric, targets, whole, written
from tests.fuzz.writing import TWO, Styled
from tests.fuzz.year import Case, Year, column_names
from tests.intake.packages import rich_value

ERRORS = {"_localImage": "picture", "_webimage": "picture", "_error": "Excel", "_linkedentity2": "Excel"}


def pictures_as_errors(draw: Draw, year: Year) -> Case:
    """A picture that newer Excel put into the cell, and what holds such a value and is none; both are no figure."""
    target = draw(st.sampled_from(targets(year, "rate", "count", "money", "points", "date", "answer")))
    kind = draw(st.sampled_from(sorted(ERRORS)))
    formula = draw(st.sampled_from(["", '<f>_xlfn.IMAGE("x")</f>']))
    cell = Styled(kind='e" vm="1', xml=f"{formula}<v>#VALUE!</v>")
    made = case(year, target, cell, None, True)
    made.book.more, made.book.related = rich_value(kind)
    made.says = ("图片" if ERRORS[kind] == "picture" or formula else "错误值",)
    return made


def floating_pictures(draw: Draw, year: Year) -> Case:
    """A picture over a figure is told there; the figure is the one that the cell holds."""
    target, value = numeric(draw, year)
    made = case(year, target, float(value), value, True)
    floating(draw, made, target, "<d:pic/>")
    return made


SAID = ("单位：万元", "本列均为上年数据", "此列暂估", "应为 61", "作废。", "更正为 7", "误填 3，不计")


def comments_elsewhere(draw: Draw, year: Year) -> Case:
    """On a header, or far from the table: what contradicts the figures is told there, and they are taken."""
    made, _, _ = whole(year, draw, excel=True)
    at = draw(st.integers(1, len(made.rows[0])))
    row = draw(st.sampled_from([1, len(made.rows) + draw(st.integers(1, 30))]))
    text = draw(st.sampled_from(SAID))
    comment = f'<comment ref="{get_column_letter(at)}{row}"><text><t>{text}</t></text></comment>'
    inside = f'<comments xmlns="{MAIN}"><commentList>{comment}</commentList></comments>'
    relation = f'<Relationship Id="a" Type="{OFFICE}/comments" Target="../comments1.xml"/>'
    made.book.more = {
        "xl/comments1.xml": inside.encode(),
        "xl/worksheets/_rels/sheet1.xml.rels": (
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relation}'
            "</Relationships>"
        ).encode(),
    }
    made.told, made.row = True, row
    return made


AMONG = {
    'type="top10" rank="{count}"': True,
    'type="top10" rank="{count}" bottom="1"': True,
    'type="top10" rank="100" percent="1"': True,
    'type="notContainsBlanks"': True,
    'type="notContainsErrors"': True,
    'type="uniqueValues"': True,
    'type="containsBlanks"': False,
    'type="containsErrors"': False,
    'type="duplicateValues"': False,
    'type="containsText" text="甲"': False,
    'type="beginsWith" text="★"': False,
    'type="aboveAverage"': False,
    'type="aboveAverage" stdDev="1"': True,
    'type="timePeriod" timePeriod="today"': True,
}
"""Conditions of what one cell is among others, and whether they hold for one that stands alone, or may."""


def overlaid_among(draw: Draw, year: Year) -> Case:
    """Conditions without a formula, and rules that stop others."""
    target, value = numeric(draw, year)
    condition = draw(st.sampled_from(sorted(AMONG)))
    stops = draw(st.sampled_from(["", "", "before", "behind"]))
    is_harmed = AMONG[condition] and stops != "before"
    made = case(year, target, Styled(repr(float(value))), None if is_harmed else value, True)
    place = f"{get_column_letter(target.at + 1)}{target.row}"
    made.book.overlaid = draw(
        st.sampled_from(["<font><strike/></font>", '<numFmt numFmtId="170" formatCode="0.0000&quot;万&quot;"/>'])
    )
    stop = f'<cfRule type="expression" stopIfTrue="1" priority="{1 if stops == "before" else 3}"><formula>1=1</formula>'
    rules = f'<cfRule {condition.format(count=1)} dxfId="0" priority="2"></cfRule>{f"{stop}</cfRule>" if stops else ""}'
    made.book.below = f'<conditionalFormatting sqref="{place}">{rules}</conditionalFormatting>'
    return made


def texts_in_formulas(draw: Draw, year: Year) -> Case:
    """Sums, comparisons and searches that pass over numbers kept as texts: their results are right, and not meant."""
    target, value = numeric(draw, year, "count", "money", "points")
    made = case(year, target, None, None, True)
    other = len(made.rows[0]) + 2
    cell = f"{get_column_letter(other)}{target.row}"
    text = draw(st.sampled_from([written(value), f"{float(value):,.2f}", f"{written(value)}%"]))
    way, result = draw(
        st.sampled_from([("SUM({0})+5", 5), ("MAX({0},3)", 3), ("COUNT({0})+7", 7), ("IF({0}&gt;9999999,1,2)", 1)])
    )
    formula = f"<f>{way.format(f'{cell}:{cell}' if 'IF' not in way else cell)}</f>"
    made.rows[target.row - 1][target.at] = Styled(kind="n", xml=f"{formula}<v>{result}</v>")
    for number, row in enumerate(made.rows, start=1):
        row += [None, "另记" if number == 1 else text if number == target.row else None]
    return made


def moving_references(draw: Draw, year: Year) -> Case:
    """`OFFSET` and `INDIRECT` are done again: a result that they do not give is asked about."""
    target, value = numeric(draw, year)
    saved = value if draw(st.booleans()) else a_number(draw, target.kind)
    made = case(year, target, None, value if saved == value else None, True)
    width = len(made.rows[0])
    held, row = get_column_letter(width + 2), target.row
    way = draw(
        st.sampled_from(
            ['INDIRECT("{0}{1}")', "OFFSET(A1,{1}-1,{2})", "SUM(OFFSET({0}1,1,0,{1}-1))", 'SUM(INDIRECT("{0}:{0}"))']
        )
    )
    formula = way.format(held, row, width + 1).replace('"', "&quot;")
    made.rows[row - 1][target.at] = Styled(kind="n", xml=f"<f>{formula}</f><v>{float(saved)!r}</v>")
    for number, line in enumerate(made.rows, start=1):
        line += [None, "另记" if number == 1 else float(value) if number == row else None]
    return made


def results_on_hold(draw: Draw, year: Year) -> Case:
    """In a workbook that asks to be calculated when it is opened, only what can be done again is taken."""
    target, value = numeric(draw, year)
    part = Fraction(draw(st.integers(0, int(value * 1000))), 1000)
    way, is_known = draw(st.sampled_from([("{0}+{1}", True), ("ROUND({0}+{1},3)", True), ("LET(x,{0}+{1},x)", False)]))
    saved = draw(st.sampled_from([value, a_number(draw, target.kind), Fraction(0)]))
    formula = way.format(written(part), written(value - part))
    cell = Styled(kind="n", xml=f"<f>{formula}</f><v>{float(saved)!r}</v>")
    made = case(year, target, cell, value if is_known and saved == value else None, True)
    made.book.recompute, made.book.by_hand = True, draw(st.booleans())
    return made


def days_of_another_calendar(draw: Draw, year: Year) -> Case:
    """A plain number in a workbook whose days count from 1904 may be either of two days."""
    target = draw(st.sampled_from(targets(year, "date")))
    serial = draw(st.integers(36_526, 54_788))
    cell = draw(st.sampled_from([Styled(serial), Styled(f"{serial}.25", TWO), str(serial)]))
    made = case(year, target, cell, None, True)
    made.book.date1904 = True
    return made


def ids_saved_as_days(draw: Draw, year: Year) -> Case:
    """`3-1` as a spreadsheet writes it into a CSV file, where a unit or an item is asked."""
    if "ballots" in year.taken:
        raise NoneLeftError
    target = draw(st.sampled_from(targets(year, "count", table="ballots")))
    day = draw(st.dates(datetime.date(2015, 1, 1), datetime.date(2029, 12, 31)))
    shapes = [f"{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}", f"{day:%b}-{day:%y}", day.isoformat()]
    shapes += [f"{day.day}-{day:%b}", f"{day.isoformat()} 00:00:00", f"{day.year}年{day.month}月"]
    made = case(year, target, written(a_number(draw, "count")), None, draw(st.booleans()))
    made.rows[target.row - 1][0] = draw(st.sampled_from(shapes))
    made.columns = column_names(made.rows, 0)
    return made
