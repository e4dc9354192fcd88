"""What offices, programs and accidents do to a table, each with what was meant. Every name is a class of mutation."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from kaohe.intake.vocabulary import TABLES
from tests.fuzz.writing import DAY, PERCENT, TWO, Rows, Styled, text_of
from tests.fuzz.year import COUNT, RATE, Case, Key, Year, column_names, number

Draw = Callable[[st.SearchStrategy[Any]], Any]
Mutation = Callable[[Draw, Year], Case]

UNSEEN = st.sampled_from("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202c\u2066\u2069\u2064\ufe0f\u061c")
SPACES = st.text("\u0020\u3000\u00a0\t\u2003", max_size=2)
BASIC = {"rate": 1000, "count": 1, "money": 100, "points": 100}


@dataclass(frozen=True)
class Target:
    """A cell that holds a figure or a date: where, what kind, and what it says so far."""

    table: str
    row: int
    at: int
    key: Key
    kind: str
    value: Any


@cache
def targets(year: Year, *kinds: str) -> list[Target]:
    found = [target for table in (*TARGET_COLUMNS, "wide") for target in _of_table(year, table)]
    return [target for target in found if target.kind in kinds]


TARGET_COLUMNS = {
    "metrics": ("value",),
    "ballots": ("excellent", "qualified", "unqualified"),
    "ratings": ("points",),
    "achievements": ("date",),
}


def _of_table(year: Year, table: str) -> list[Target]:
    header, *rows = year.tables[table]
    columns = header[1:] if table == "wide" else TARGET_COLUMNS[table]
    found = []
    for place, row in enumerate(rows, start=2):
        cells = dict(zip(header, row, strict=True))
        for column in columns:
            key, kind = _about(table, cells, column)
            found.append(Target(table, place, header.index(column), key, kind, year.expected[key]))
    return found


def _about(table: str, cells: dict[str, Any], column: str) -> tuple[Key, str]:
    unit = cells["unit_id"]
    if table in ("metrics", "wide"):
        metric = column if table == "wide" else cells["metric"]
        return ("metrics", unit, metric), {RATE: "rate", COUNT: "count"}.get(metric, "money")
    if table == "ballots":
        return ("ballots", unit, column), "count"
    if table == "ratings":
        return ("ratings", unit, cells["indicator"], cells["rater"]), "points"
    return ("achievements", cells["title"]), "date"


def a_number(draw: Draw, kind: str) -> Fraction:
    """A value that no check of the year minds."""
    most = {"rate": 1000, "count": 9999, "money": 10**9, "points": 80}[kind]
    return Fraction(draw(st.integers(1, most)), BASIC[kind])


def written(value: Fraction) -> str:
    """As plain decimal digits."""
    text = f"{float(value):.3f}"
    assert Fraction(text) == value
    return text.rstrip("0").rstrip(".")


def numeric(draw: Draw, year: Year, *kinds: str) -> tuple[Target, Fraction]:
    target = draw(st.sampled_from(targets(year, *(kinds or ("rate", "count", "money", "points")))))
    return target, a_number(draw, target.kind)


def case(year: Year, target: Target, cell: Any, meant: Any, excel: bool, **more: Any) -> Case:
    """The year with one cell written anew."""
    rows = year.table(target.table)
    rows[target.row - 1][target.at] = cell
    columns = column_names(rows, target.at)
    return Case(target.table, rows, target.key, meant, target.row, columns, excel=excel, **more)


def whole(year: Year, draw: Draw, *, excel: bool | None = None) -> tuple[Case, Target, Fraction]:
    """A table in which only one number is another, for what is done to the table as a whole; told anywhere in it."""
    target, value = numeric(draw, year)
    excel = draw(st.booleans()) if excel is None else excel
    made = case(year, target, float(value) if excel else written(value), value, excel)
    made.row, made.columns = None, ()
    return made, target, value


def sprinkled(draw: Draw, text: str, what: st.SearchStrategy[str], least: int = 1) -> str:
    for piece in draw(st.lists(what, min_size=least, max_size=4)):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + piece + text[at:]
    return text


def wide_digits(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


# Cells


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
    return case(year, target, text, None, draw(st.booleans()))


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
    made = case(year, target, cell, value if saved == "saved" else None, True)
    made.book.recompute = saved == "stale"
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


def no_dates(draw: Draw, year: Year) -> Case:
    target = draw(st.sampled_from(targets(year, "date")))
    other = draw(st.integers(-10, 50_000))
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


# Headers and rows


def decorated_headers(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw)
    at = draw(st.integers(0, len(made.rows[0]) - 1))
    header = made.rows[0][at]
    column = TABLES[made.real].column.get(header)
    names = [header, header.upper(), wide_digits(header), f" {header}　"] + ([column.header] if column else [])
    made.rows[0][at] = sprinkled(draw, draw(st.sampled_from(names)), UNSEEN, least=0)
    return made


def columns_in_another_order(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw)
    order = draw(st.permutations(range(len(made.rows[0]))))
    made.rows = [[row[at] for at in order] for row in made.rows]
    return made


def blank_rows_and_columns(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw)
    if draw(st.booleans()):
        at = draw(st.integers(0, len(made.rows[0])))
        made.rows = [[*row[:at], None, *row[at:]] for row in made.rows]
    width = len(made.rows[0])
    for place in draw(st.lists(st.integers(0, len(made.rows)), max_size=3)):
        made.rows.insert(place, [draw(st.sampled_from([None, " ", "\u200b"]))] * width)
    return made


def repeated_headers(draw: Draw, year: Year) -> Case:
    made, target, _ = whole(year, draw)
    for row in made.rows:
        row.append(row[target.at])
    other = a_number(draw, target.kind)
    made.rows[target.row - 1][-1] = written(other)
    made.told = True
    made.rows[0][-1] = draw(st.sampled_from([made.rows[0][-1], f" {made.rows[0][-1]}　", made.rows[0][-1].upper()]))
    return made


def missing_headers(draw: Draw, year: Year) -> Case:
    made, target, _ = whole(year, draw)
    header = made.rows[0][target.at]
    made.rows[0][target.at] = draw(st.sampled_from([None, f"{header}s_", header[:-2], "合计", "备用"]))
    made.meant = None
    return made


def titles_above(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw)
    width = len(made.rows[0])
    titles = draw(
        st.lists(st.sampled_from(["汇总表", "填表人：张三", "2019", "单位编号", "（盖章）"]), min_size=1, max_size=5)
    )
    made.rows = [[title, *([None] * (width - 1))] for title in titles] + made.rows
    made.told = True
    return made


def headers_again_below(draw: Draw, year: Year) -> Case:
    """The header once more on each printed page."""
    made, _, _ = whole(year, draw)
    place = draw(st.integers(2, len(made.rows)))
    made.rows.insert(place, list(made.rows[0]))
    made.row, made.told = place + 1, True
    return made


def rows_again(draw: Draw, year: Year) -> Case:
    made, target, value = whole(year, draw)
    row = list(made.rows[target.row - 1])
    other = a_number(draw, target.kind) if draw(st.booleans()) else value
    row[target.at] = written(other)
    made.rows.append(row)
    made.told, made.meant = True, value if other == value else None
    return made


def in_two_files(draw: Draw, year: Year) -> Case:
    made, target, value = whole(year, draw)
    other = a_number(draw, target.kind) if draw(st.booleans()) else value
    row = list(made.rows[target.row - 1])
    row[target.at] = written(other)
    made.also = {f"又交/{made.real}.csv": [made.rows[0], row]}
    made.meant = value if other == value else None
    made.told = other != value
    return made


def decorated_ids(draw: Draw, year: Year) -> Case:
    made, target, _ = whole(year, draw)
    unit = made.rows[target.row - 1][0]
    made.rows[target.row - 1][0] = draw(SPACES) + sprinkled(
        draw, draw(st.sampled_from([unit, wide_digits(unit)])), UNSEEN
    )
    return made


def unknown_ids(draw: Draw, year: Year) -> Case:
    made, target, _ = whole(year, draw)
    unit = made.rows[target.row - 1][0]
    others = [f"{unit}0", unit[:-1], "信息学院", f"{unit}²x", "合计", "../C01", "<b>", None]
    made.rows[target.row - 1][0] = draw(st.sampled_from(others))
    made.row, made.meant = target.row, None
    return made


def merged(draw: Draw, year: Year) -> Case:
    made, target, _ = whole(year, draw, excel=True)
    first, last = sorted([target.row, draw(st.integers(2, len(made.rows)))])
    assume(first != last)
    letter = column_names(made.rows, target.at)[1]
    made.book.merged = [f"{letter}{first}:{letter}{last}"]
    made.row, made.told = first, True
    return made


def hidden(draw: Draw, year: Year) -> Case:
    made, target, _ = whole(year, draw, excel=True)
    match draw(st.sampled_from(["row", "column", "sheet"])):
        case "row":
            made.book.rows = {target.row: 'hidden="1"'}
        case "column":
            made.book.columns = (
                f'<col min="{target.at + 1}" max="{target.at + 1 + draw(st.integers(0, 9))}" hidden="1"/>'
            )
        case "sheet":
            made.book.hidden = True
    made.told = True
    return made


def sheet_names(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=True)
    table = TABLES[made.real]
    good = draw(st.booleans())
    name = draw(st.sampled_from([table.name, table.chinese, table.name.upper(), wide_digits(table.name)]))
    made.book.sheet = (
        f"{draw(SPACES)}{name}　" if good else f"{name}{draw(st.sampled_from(['1', '表', ' (2)', '<b>']))}"
    )
    made.meant = made.meant if good else None
    return made


def huge_ranges(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=True)
    made.book.dimension = draw(st.sampled_from(["A1:XFD1048576", "A1", "XFD1048576"]))
    if draw(st.booleans()):
        made.book.merged = [draw(st.sampled_from(["A1:XFD1048576", "A:XFD", "1:1048576"]))]
        made.told = True
    return made


def active_content(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=True)
    made.told = True
    match draw(st.sampled_from(["entity", "outside", "macro"])):
        case "entity":
            made.book.doctype = '<!DOCTYPE x [<!ENTITY a "9"><!ENTITY b "&a;&a;&a;">]>'
        case "outside":
            made.book.doctype = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'
        case "macro":
            made.book.more = {"xl/vbaProject.bin": b"x"}
    return made


# Files


def encodings(draw: Draw, year: Year) -> Case:
    made, target, _ = whole(year, draw, excel=False)
    text = (
        draw(st.sampled_from(["信息学院 ", "甲；乙", "Université", "學院 ", "カタカナ", ""]))
        if made.real == "metrics"
        else ""
    )
    if text and made.table == "metrics":
        made.rows[target.row - 1][made.rows[0].index("note")] = text
    encoding = draw(
        st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "big5", "shift_jis", "latin-1"])
    )
    made.content = text_of(made.rows).encode(encoding, errors="replace")
    made.doubtful = True
    return made


def separators(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=False)
    delimiter, end = draw(st.sampled_from(",;\t|")), draw(st.sampled_from(["\r\n", "\n", "\r"]))
    made.content = text_of(made.rows, delimiter, end).encode()
    made.meant = made.meant if delimiter == "," else None
    return made


def commas_in_numbers(draw: Draw, year: Year) -> Case:
    """`1,234` without quotes: all that follows moves to the right."""
    target, _ = numeric(draw, year, "count", "money")
    value = Fraction(draw(st.integers(1000, 999_999)))
    made = case(year, target, "★", None, excel=False)
    lines = text_of(made.rows).replace("★", f"{int(value):,}")
    made.content = lines.replace(",,,,\r\n", draw(st.sampled_from([",,,,\r\n", ",\r\n"]))).encode()
    made.columns = ()
    return made


def fields_too_many_or_few(draw: Draw, year: Year) -> Case:
    made, target, _ = whole(year, draw, excel=False)
    row = made.rows[target.row - 1]
    at = draw(st.integers(0, target.at))
    made.rows[target.row - 1] = [*row[:at], *row[at + 1 :]] if draw(st.booleans()) else [*row[:at], None, *row[at:]]
    made.row, made.meant, made.gone = target.row, None, True
    return made


def quotation_marks(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=False)
    lines = text_of(made.rows).splitlines(keepends=True)
    at = draw(st.integers(1, len(lines) - 1))
    fields = lines[at].split(",")
    place = draw(st.integers(0, len(fields) - 1))
    fields[place] = '"' + fields[place]
    lines[at] = ",".join(fields)
    made.content, made.told = "".join(lines).encode(), True
    return made


def cut_text(draw: Draw, year: Year) -> Case:
    """The last row of a file that has not come through whole; a number cut in two is one that must be asked about."""
    table = draw(st.sampled_from([*TARGET_COLUMNS, "wide"]))
    last = [target for target in targets(year, *BASIC, "date") if target.table == table][-1]
    value = last.value.isoformat() if last.kind == "date" else written(a_number(draw, last.kind))
    made = case(year, last, value, None, excel=False)
    text = text_of(made.rows)
    start = text.rstrip("\r\n").rindex("\n") + 1
    cut = draw(st.integers(start + 1, len(text) - 3))
    fields = text[start:cut].split(",")
    if last.at == len(fields) - 1 == len(made.rows[0]) - 1 and fields[-1].rstrip("."):
        made.meant = Fraction(fields[-1].rstrip("."))
    made.content, made.columns, made.told = text[:cut].encode(), (), True
    return made


def cut_workbooks(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=True)
    content = made.bytes()
    made.content, made.meant = content[: draw(st.integers(0, len(content) - 1))], None
    return made


def flipped_bits(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=True)
    content = bytearray(made.bytes())
    for at in draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=3)):
        content[at] ^= 1 << draw(st.integers(0, 7))
    made.content = bytes(content)
    made.doubtful = True
    return made


def other_files_of_the_name(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw)
    start = draw(st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<html>", b"%PDF-1.4", b"\xff\xfe"]))
    made.content = start + draw(st.binary(max_size=40))
    made.meant = None
    return made


def names_of_files(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=True)
    kind = draw(st.sampled_from([".xls", ".xlsm", ".xlsb", ".et", ".ods", ".XLSM"]))
    made.name, made.meant = f"交来/{draw(st.sampled_from(['表', '<b>', '=1+1', 'a b', '表..', '表（1）']))}{kind}", None
    return made


MUTATIONS: tuple[Mutation, ...] = (
    spelled_otherwise,
    invisible_characters,
    lookalikes,
    percentages,
    percentages_out_of_place,
    number_formats,
    error_cells,
    formulas,
    other_types,
    out_of_range,
    words,
    dates,
    no_dates,
    odd_xml,
    decorated_headers,
    columns_in_another_order,
    blank_rows_and_columns,
    repeated_headers,
    missing_headers,
    titles_above,
    headers_again_below,
    rows_again,
    in_two_files,
    decorated_ids,
    unknown_ids,
    merged,
    hidden,
    sheet_names,
    huge_ranges,
    active_content,
    encodings,
    separators,
    commas_in_numbers,
    fields_too_many_or_few,
    quotation_marks,
    cut_text,
    cut_workbooks,
    flipped_bits,
    other_files_of_the_name,
    names_of_files,
)
"""Forty classes."""

__all__ = ["MUTATIONS", "Rows", "number"]
