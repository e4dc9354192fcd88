"""What is done to one cell, with what was meant by it."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction

from hypothesis import assume
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from kaohe.intake.sheets.stream import MAIN, OFFICE
from tests.fuzz.targets import (
    SPACES,
    UNSEEN,
    Draw,
    a_number,
    case,
    numeric,
    sprinkled,
    targets,
    wide_digits,
    written,
)
from tests.fuzz.writing import DAY, OWN, PERCENT, TWO, Styled
from tests.fuzz.year import Case, Year, column_names


def spelled_otherwise(draw: Draw, year: Year) -> Case:
    target, value = numeric(draw, year)
    text = written(value)
    forms = [text, f"+{text}", f"{value.numerator * 1.0 / value.denominator:.12e}", f"{float(value):.4f}"]
    forms += [f"{float(value):,.3f}", wide_digits(f"{float(value):,.3f}"), wide_digits(text)]
    text = draw(SPACES) + draw(st.sampled_from(forms)) + draw(SPACES)
    return case(year, target, text, value, draw(st.booleans()))


def invisible_characters(draw: Draw, year: Year) -> Case:
    target, value = numeric(draw, year)
    return case(year, target, sprinkled(draw, written(value), UNSEEN), value, draw(st.booleans()))


def lookalikes(draw: Draw, year: Year) -> Case:
    target, value = numeric(draw, year)
    signs = st.sampled_from([*"²³⁵①⑦½Ⅳ〇零一万元人次约%‰°'`~<>=/:;_lOo\u202e\u0301", "--", " 1 ", "，，"])
    text = sprinkled(draw, written(value), signs)
    assume(not (target.kind == "rate" and text.rstrip().endswith("%")))
    assume(not _with_unit(target.kind, text))
    assume(not text.startswith(("'", "=")))  # a mark of text, not a sign of the number
    return case(year, target, text, None, draw(st.booleans()))


UNITS = {"money": ("元", "元整"), "count": ("人", "票"), "points": ("分",), "rate": ()}


def _with_unit(kind: str, text: str) -> bool:
    """Whether what was sprinkled in is no more than the unit that the column counts in."""
    number = re.fullmatch(r"\s*([\d.,]+)\s*(元|人|票|分)\s*", text)
    return number is not None and number[2] in UNITS[kind]


def units_behind(draw: Draw, year: Year) -> Case:
    """`30000元`, `￥30,000` where that is what the column counts in; another unit makes another number."""
    target, value = numeric(draw, year, "money", "count", "points")
    mine = {"ballots": "票"}.get(target.table, {"money": "元", "count": "人", "points": "分"}[target.kind])
    unit = draw(st.sampled_from([*[mine] * 9, *"元人票分次万", "万元", "千人", "人次", "元/人"]))
    text = draw(st.sampled_from([written(value), f"{float(value):,.3f}", wide_digits(written(value))]))
    before = draw(st.sampled_from(["", "", "", "¥", "￥ ", "人民币", "$"]))
    good = unit == mine and (not before or (mine == "元" and before != "$"))
    text = draw(SPACES) + before + text + draw(st.sampled_from(["", " "])) + unit + draw(SPACES)
    return case(year, target, text, value if good else None, draw(st.booleans()))


def nothing_in_words(draw: Draw, year: Year) -> Case:
    """`无` and `/` are a blank where one may be, and asked about where a number must be."""
    word = draw(SPACES) + draw(st.sampled_from(["无", "/", "／"])) + draw(SPACES)
    excel = draw(st.booleans())
    if draw(st.booleans()):
        target, _ = numeric(draw, year)
        return case(year, target, word, None, excel)
    target = draw(st.sampled_from(targets(year, "date")))
    made = case(year, target, target.value.isoformat(), target.value, excel)
    for column in ("level", "award", "amount"):
        made.rows[target.row - 1][made.rows[0].index(column)] = word
    return made


def marks(draw: Draw, year: Year) -> Case:
    """Ticks and crosses for yes and no; a cross made of a letter may be either."""
    target = draw(st.sampled_from(targets(year, "answer")))
    answer = draw(st.sampled_from([True, False, None]))
    mark = draw(st.sampled_from({True: "√✓✔☑", False: "×✕✖✗✘", None: "xX○●☒—"}[answer]))
    return case(year, target, sprinkled(draw, mark, UNSEEN, least=0), answer, draw(st.booleans()))


def percentages(draw: Draw, year: Year) -> Case:
    target, value = numeric(draw, year, "rate")
    text = written(value * 100)
    if draw(st.booleans()):
        return case(year, target, Styled(repr(float(value)), PERCENT), value, True)
    sign = draw(st.sampled_from(["%", "％", " %", "　％", "﹪", "%\u200b"]))
    text = draw(st.sampled_from([text, wide_digits(text), f"{float(value * 100):.4f}"])) + sign
    return case(year, target, draw(SPACES) + text + draw(SPACES), value, draw(st.booleans()))


def percentages_out_of_place(draw: Draw, year: Year) -> Case:
    """A percentage where a count belongs; 85 where 0.85 belongs."""
    excel = draw(st.booleans())
    target, value = numeric(draw, year)
    if target.kind == "rate":
        value = Fraction(draw(st.integers(101, 10**6)), 100)
        return case(year, target, Styled(repr(float(value))) if excel else written(value), None, excel)
    cell = Styled(repr(float(value)), PERCENT) if excel else f"{written(value)}{draw(st.sampled_from('%％'))}"
    return case(year, target, cell, None, excel)


def number_formats(draw: Draw, year: Year) -> Case:
    target, value = numeric(draw, year)
    return case(year, target, Styled(repr(float(value)), TWO), value, True)


OTHER_NUMBERS = [
    '0.0000"%"',
    '0.0000"万元"',
    "0.0000‰",
    '0.0000"k"',
    "0.0000,",
    '"1"0.0000',
    "0!.0000",
    ";;;",
    '"-"0.0000',
    '"负"0.0000',
    '"１"0.0000',
    '0.0000"⁰"',
    '"①"0.0000',
    '"贰"0.0000',
    '0.0000"百"',
    '0.0000"×10"',
    '"约"0.0000"（2019年）"',
    '"应为9，误填"0.0000',
    '0.0000"（旧）"',
    '"↓"0.0000',
    "*10.0000",
]
SAME_NUMBER = [
    '0.0000"元"',
    "[Blue]0.0000_ ",
    '#,##0.0000" 人"',
    'General"分"',
    "0.0000;[Red]0.0000",
    '0.0000"（项）"',
    "* 0.0000",
    "**0.0000",
]


def printed_words(draw: Draw, year: Year) -> Case:
    """Formats that print words beside a number, some of which make another number of it."""
    target, value = numeric(draw, year)
    code = draw(st.sampled_from([*OTHER_NUMBERS, *SAME_NUMBER]))
    made = case(year, target, Styled(repr(float(value)), OWN), value if code in SAME_NUMBER else None, True)
    made.book.formats = [code]
    return made


def rich_text(draw: Draw, year: Year) -> Case:
    """Runs of text: bold ones are one number, struck-out and raised ones are none."""
    target, value = numeric(draw, year)
    text = written(value)
    at = draw(st.integers(0, len(text) - 1))
    look = draw(st.sampled_from(["b", "strike", 'vertAlign val="superscript"', 'vertAlign val="subscript"']))
    runs = (
        [(text[:at], ""), (text[at:], "<b/>")] if look == "b" else [(text, ""), (str(draw(st.integers(0, 99))), look)]
    )
    if look == "strike" and draw(st.booleans()):
        runs = draw(st.sampled_from([runs[::-1], [(text, look)]]))
    inside = "".join(
        f"<r><rPr>{f'<{font}/>' if font and font[0] != '<' else font}</rPr><t>{piece}</t></r>" for piece, font in runs
    )
    cell = Styled(kind="inlineStr", xml=f"<is>{inside}</is>")
    return case(year, target, cell, value if look == "b" else None, True)


def commas_for_points(draw: Draw, year: Year) -> Case:
    """`0,125` may be a half-quarter or a hundred and twenty-five."""
    target, _ = numeric(draw, year)
    text = f"0{draw(st.sampled_from(['', '1', '12']))}{draw(st.sampled_from(',，'))}{draw(st.integers(0, 999)):03}"
    text = draw(st.sampled_from([text, wide_digits(text)])) + (draw(st.sampled_from(["", "%"])))
    return case(year, target, text, None, draw(st.booleans()))


ERRORS = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"]


def error_cells(draw: Draw, year: Year) -> Case:
    target = draw(st.sampled_from(targets(year, "rate", "count", "money", "points", "date")))
    error = draw(st.sampled_from(ERRORS))
    formula = draw(st.sampled_from(["", "<f>1/0</f>"]))
    kind = draw(st.sampled_from(["csv", "e", "text"]))
    cell = Styled(kind="e", xml=f"{formula}<v>{error}</v>") if kind == "e" else error
    return case(year, target, cell, None, kind != "csv")


def formulas(draw: Draw, year: Year) -> Case:
    target, value = numeric(draw, year)
    formula = draw(
        st.sampled_from(["<f>SUM(A1:A2)</f>", "<f/>", '<f t="shared" si="0"/>', '<f t="array" ref="A1:A2">A1:A2</f>'])
    )
    saved = draw(st.sampled_from(["none", "blank", "text", "saved", "stale"]))
    inside = {"none": "", "blank": "<v></v>", "text": "<v>见附件</v>"}.get(saved, f"<v>{float(value)!r}</v>")
    cell = Styled(kind="str" if saved == "text" else "n", xml=formula + inside)
    # Nothing but headers stands in A1:A2, of which the sum is nought.
    is_believed = saved == "saved" and "SUM" not in formula
    made = case(year, target, cell, value if is_believed else None, True)
    made.book.recompute = saved == "stale"
    return made


WAYS = {
    "SUM({0},{1})": True,
    "{0}+{1}": True,
    "({0}*2+{1}*2)/2": True,
    "ROUND({0}+{1},3)": True,
    "IF({0}&gt;=0,{0}+{1},0)": True,
    "AVERAGE({2},{2})": True,
    "100%*{2}": True,
    "IFERROR(1/0,{2})": True,
    "COUNT({0},{1})*{2}/2": True,
    "VLOOKUP(1,A:B,2)": False,
    "IF(ISODD(1),{2},0)": False,
}
"""Formulas whose result is a number in two parts, and whether they can be done again."""


def calculated(draw: Draw, year: Year) -> Case:
    """A formula beside its result: the same, an older one, one that changes by itself, in a workbook on hold."""
    target, value = numeric(draw, year)
    part = Fraction(draw(st.integers(0, int(value * 1000))), 1000)
    way = draw(st.sampled_from([*WAYS, "RAND()*0+{2}", "{2}+0*TODAY()"]))
    saved = value if draw(st.booleans()) else a_number(draw, target.kind)
    by_hand = draw(st.booleans())
    formula = way.format(written(part), written(value - part), written(value))
    cell = Styled(kind="n", xml=f"<f>{formula}</f><v>{float(saved)!r}</v>")
    can_be_done = WAYS.get(way)
    is_right = saved == value if can_be_done else can_be_done is False and not by_hand
    made = case(year, target, cell, saved if is_right else None, True)
    made.book.by_hand = by_hand
    return made


def conditional_formats(draw: Draw, year: Year) -> Case:
    """Formats laid over a cell where a condition holds: they strike, scale, hide or leave its number."""
    target, value = numeric(draw, year)
    overlaid, harms = draw(
        st.sampled_from(
            [
                ("<font><strike/></font>", True),
                ('<font><strike val="0"/><b/></font>', False),
                ('<numFmt numFmtId="170" formatCode="0.0000,"/>', True),
                ('<numFmt numFmtId="170" formatCode="0.0000&quot;万&quot;"/>', True),
                ('<numFmt numFmtId="170" formatCode=";;;"/>', True),
                ('<numFmt numFmtId="170" formatCode="0.0000&quot;个&quot;"/>', False),
                ("<fill/>", False),
            ]
        )
    )
    condition, holds = draw(
        st.sampled_from(
            [
                ('type="expression" dxfId="0"><formula>1=1</formula>', True),
                ('type="expression" dxfId="0"><formula>ISNUMBER({0})</formula>', True),
                ('type="expression" dxfId="0"><formula>ISNUMBER(A1)</formula>', False),
                ('type="expression" dxfId="0"><formula>UNICHAR({0})=""</formula>', True),
                ('type="expression" dxfId="0"><formula>1&gt;2</formula>', False),
                ('type="cellIs" operator="greaterThanOrEqual" dxfId="0"><formula>0</formula>', True),
                ('type="cellIs" operator="lessThan" dxfId="0"><formula>-1</formula>', False),
                ('type="duplicateValues" dxfId="0">', True),
            ]
        )
    )
    made = case(year, target, Styled(repr(float(value))), None if harms and holds else value, True)
    place = f"{get_column_letter(target.at + 1)}{target.row}"
    made.book.overlaid = overlaid
    rule = condition.format(place)
    made.book.below = f'<conditionalFormatting sqref="{place}"><cfRule {rule}</cfRule></conditionalFormatting>'
    return made


def comments(draw: Draw, year: Year) -> Case:
    """Words beside a cell are told; its figure is taken."""
    target, value = numeric(draw, year)
    made = case(year, target, Styled(repr(float(value))), value, True)
    made.told = True
    place = f"{get_column_letter(target.at + 1)}{target.row}"
    text = draw(st.text("待核实12。", min_size=1, max_size=9))
    inside = f'<comments xmlns="{MAIN}"><commentList><comment ref="{place}"><text><r><t>{text}</t></r></text></comment>'
    made.book.more = {
        "xl/comments1.xml": f"{inside}</commentList></comments>".encode(),
        "xl/worksheets/_rels/sheet1.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="a" Type="{OFFICE}/comments" Target="../comments1.xml"/></Relationships>'
        ).encode(),
    }
    return made


def pictures(draw: Draw, year: Year) -> Case:
    """What WPS leaves where a picture stands in the cell."""
    target = draw(st.sampled_from(targets(year, "rate", "count", "money", "points", "date", "answer")))
    name = f"{draw(st.sampled_from(['', '_xlfn.']))}DISPIMG(&quot;ID_{draw(st.integers(0, 10**9)):X}&quot;,1)"
    kind = draw(st.sampled_from(["formula", "text", "csv"]))
    if kind == "csv":
        return case(year, target, f"={name.replace('&quot;', chr(34))}", None, False)
    inside = f"<f>{name}</f><v>={name}</v>" if kind == "formula" else f"<is><t>={name}</t></is>"
    return case(year, target, Styled(kind="str" if kind == "formula" else "inlineStr", xml=inside), None, True)


def ids_made_dates(draw: Draw, year: Year) -> Case:
    """`3-1` as a spreadsheet keeps it: the day it was taken for."""
    target, _ = numeric(draw, year)
    made = case(year, target, target.value, None, True)
    made.rows[target.row - 1][target.at] = Styled(repr(float(target.value)))
    made.rows[target.row - 1][0] = Styled(draw(st.integers(40_000, 50_000)), DAY)
    made.columns = column_names(made.rows, 0)
    return made


def other_types(draw: Draw, year: Year) -> Case:
    target, _ = numeric(draw, year)
    cells = [True, False, Styled(43529, DAY), Styled(0.5, DAY), Styled("1E999"), Styled("-1e400"), Styled("9" * 17)]
    return case(year, target, draw(st.sampled_from(cells)), None, True)


def out_of_range(draw: Draw, year: Year) -> Case:
    excel = draw(st.booleans())
    target, value = numeric(draw, year)
    value = -value if draw(st.booleans()) else Fraction(10) ** draw(st.integers(16, 30))
    assume(target.kind != "rate" or abs(value) > Fraction(1, 100))
    return case(year, target, Styled(repr(float(value))) if excel else f"{float(value):.4f}", None, excel)


def words(draw: Draw, year: Year) -> Case:
    """Any text without a digit."""
    target = draw(st.sampled_from(targets(year, "rate", "count", "money", "points", "date")))
    letters = st.characters(exclude_categories=("Cs", "Nd", "Nl", "No"), exclude_characters="\0")
    text = draw(st.text(letters, min_size=1, max_size=12))
    return case(year, target, text, None, draw(st.booleans()), gone=True)


def dates(draw: Draw, year: Year) -> Case:
    target = draw(st.sampled_from(targets(year, "date")))
    day = draw(st.dates(datetime.date(2018, 9, 1), datetime.date(2019, 8, 31)))
    text = draw(
        st.sampled_from(
            [
                day.isoformat(),
                f"{day.year}/{day.month}/{day.day}",
                f"{day.year}.{day.month:02}.{day.day}",
                f"{day.year}年{day.month}月{day.day}日",
                f"{day.year} 年 {day.month} 月 {day.day} 号",
                f"{day:%Y%m%d}",
                f"{day.isoformat()} 08:30:00",
                wide_digits(f"{day.year}-{day.month}-{day.day}"),
            ]
        )
    )
    kind = draw(st.sampled_from(["csv", "text", "1900", "1904", "iso"]))
    serial = (day - datetime.date(1899, 12, 30)).days
    cell = {
        "1900": Styled(serial, DAY),
        "1904": Styled(serial - 1462, DAY),
        "iso": Styled(kind="d", xml=f"<v>{day.isoformat()}</v>"),
    }.get(kind, sprinkled(draw, text, UNSEEN, least=0))
    made = case(year, target, cell, day, kind != "csv")
    made.book.date1904 = kind == "1904"
    return made


def date_serials(draw: Draw, year: Year) -> Case:
    """43835 in a column of dates is the day that a spreadsheet counts so, and said to be read as that."""
    target = draw(st.sampled_from(targets(year, "date")))
    day = draw(st.dates(datetime.date(2018, 9, 1), datetime.date(2019, 8, 31)))
    serial = f"{(day - datetime.date(1899, 12, 30)).days}{draw(st.sampled_from(['', '', '.5', '.0', '.333333333']))}"
    text = sprinkled(draw, draw(st.sampled_from([serial, wide_digits(serial)])), UNSEEN, least=0)
    cell = draw(st.sampled_from([text, Styled(serial), Styled(serial, TWO)]))
    return case(year, target, cell, day, draw(st.booleans()) or isinstance(cell, Styled), told=True, calm=True)


def no_dates(draw: Draw, year: Year) -> Case:
    target = draw(st.sampled_from(targets(year, "date")))
    other = draw(st.one_of(st.integers(-10, 36_525), st.integers(54_789, 99_999)))  # between them it is a day
    cells = ["2019-02-30", "2019-13-01", "19/3/5", "3/5/2019", "2019-3", "三月五日", "2019-03-0⁵", "0000-00-00"]
    cells += [f"2019-03-{draw(st.integers(32, 999))}", str(other), f"2019年{other}月"]
    if draw(st.booleans()):
        return case(year, target, draw(st.sampled_from(cells)), None, draw(st.booleans()))
    return case(year, target, Styled(draw(st.sampled_from([other, 10**8, "1E300", -5e9])), draw(_PLAIN)), None, True)


_PLAIN = st.sampled_from([0, TWO, PERCENT])


def odd_xml(draw: Draw, year: Year) -> Case:
    """Cells that no program writes: wrong types, indexes beyond the texts, cells that stand twice."""
    target, _ = numeric(draw, year)
    kind = draw(st.sampled_from(["s", "b", "d", "e", "n", "x"]))
    inside = draw(st.sampled_from(["9999", "-1", "abc", "1e", "0x10", "NaN", "INF", "", "1.2.3", "二"]))
    assume((kind, inside) not in [("n", "9999"), ("x", "9999"), ("n", "-1")])
    return case(year, target, Styled(kind=kind, xml=f"<v>{inside}</v>"), None, True, gone=not inside)
