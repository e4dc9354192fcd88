"""What is done to headers, rows and sheets; only where a figure is told otherwise may it not arrive."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from tests.fuzz.targets import (
    SPACES,
    UNSEEN,
    Draw,
    Target,
    a_number,
    case,
    sprinkled,
    targets,
    whole,
    wide_digits,
    written,
)
from tests.fuzz.writing import Rows
from tests.fuzz.year import Case, Year, column_names
from tests.shipped import TABLES


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
    made.told = "2019" in titles  # a number may be data, words are a title
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
    others = [f"{unit}0", unit[:-1], "信息学院", f"{unit}²x", "../C01", "<b>", None]
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


def _by_subject(rows: Rows) -> tuple[dict[str, list[list[Any]]], list[Any]]:
    """Unit → metric and value of its rows, and the header."""
    header = rows[0]
    metric, value = header.index("metric"), header.index("value")
    found: dict[str, list[list[Any]]] = {}
    for row in rows[1:]:
        found.setdefault(row[0], []).append([row[metric], row[value]])
    return found, [header[metric], header[value]]


def units_across(draw: Draw, year: Year) -> Case:
    """Metrics down, units across; a header that is no unit's."""
    made, target, _ = _of_metrics(year, draw)
    by_unit, header = _by_subject(made.rows)
    names = {row[0]: row[1] for row in year.tables["units"][1:]}
    units = draw(st.permutations(list(by_unit)))
    called = [draw(st.sampled_from([unit, names[unit], f"{unit} {names[unit]}"])) for unit in units]
    mine = units.index(target.key[1])
    if draw(st.booleans()):
        called[mine] = draw(st.sampled_from(["C99", "合计", "信工院", "C0l", f"{called[mine]}2"]))
        made.meant = None
    metrics = [metric for metric, _ in by_unit[units[0]]]
    made.rows = [
        [header[0], *called],
        *([metric, *(dict(by_unit[unit])[metric] for unit in units)] for metric in metrics),
    ]
    return made


def sheets_by_unit(draw: Draw, year: Year) -> Case:
    """A sheet that is about one unit, as its name or a line above the header says; the other unit in a plain table."""
    made, target, _ = _of_metrics(year, draw, excel=True)
    unit = target.key[1]
    by_unit, header = _by_subject(made.rows)
    name = {row[0]: row[1] for row in year.tables["units"][1:]}[unit]
    made.also = {"又交/metrics.csv": [made.rows[0], *(row for row in made.rows[1:] if row[0] != unit)]}
    made.rows = [header, *by_unit[unit]]
    match draw(st.sampled_from(["named", "said", "unknown", "two"])):
        case "named":
            made.book.sheet = draw(st.sampled_from([unit, name, f"{unit} {name}", wide_digits(unit)]))
        case "said":
            made.rows.insert(0, draw(st.sampled_from([[f"单位：{name}"], ["填报单位", unit], [f"单位编号: {unit}"]])))
            made.book.sheet = draw(st.sampled_from(["Sheet1", "指标数据", "表一"]))
        case "unknown":
            made.book.sheet, made.meant = draw(st.sampled_from(["C99", "Sheet1", f"{unit}1", f"{name}表"])), None
        case "two":
            other = next(each for each in by_unit if each != unit)
            made.rows.insert(0, [f"单位：{other}"])
            made.book.sheet, made.meant = unit, None
    return made


def _of_metrics(year: Year, draw: Draw, *, excel: bool | None = None) -> tuple[Case, Target, Fraction]:
    target = draw(st.sampled_from(targets(year, "rate", "count", "money", table="metrics")))
    value, excel = a_number(draw, target.kind), draw(st.booleans()) if excel is None else excel
    made = case(year, target, float(value) if excel else written(value), value, excel)
    made.row, made.columns = None, ()
    return made, target, value
