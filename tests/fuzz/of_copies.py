"""Copies of sheets and files, and tables that are empty or cannot be read."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz.targets import Draw, NoneLeftError, Target, a_number, whole, written
from tests.fuzz.writing import Rows, text_of
from tests.fuzz.year import TARGETS, Case, Year
from tests.intake.packages import packed
from tests.shipped import TABLES

COPIES = (
    "{} (2)",
    "{}（2）",
    "{}(1)",
    "{} - 副本",
    "{}副本",
    "{} - 副本 (2)",
    "副本 {}",
    "{}_1",
    "{}2",
    "Copy of {}",
    "{}-旧",
    "{}（修改后）",
    "新{}",
    "{}20190601",
    "{}最新",
)


def _copy(draw: Draw, made: Case, target: Target) -> Rows:
    """The rows once more, in one of two with another figure."""
    rows = [list(row) for row in made.rows]
    if draw(st.booleans()):
        rows[target.row - 1][target.at] = written(a_number(draw, target.kind))
    return rows


def called_a_copy(draw: Draw, table: str) -> str:
    name = draw(st.sampled_from([table, TABLES[table].chinese]))
    return draw(st.sampled_from(COPIES)).format(name)


def copies_of_sheets(draw: Draw, year: Year) -> Case:
    """`指标数据 (2)` beside 指标数据: that sheet is told, and the figure is that of the table itself."""
    made, target, _ = whole(year, draw, excel=True)
    made.sheet = called_a_copy(draw, made.real)
    made.book.others = {made.sheet: _copy(draw, made, target)}
    made.told = True
    return made


def copies_of_files(draw: Draw, year: Year) -> Case:
    """`metrics - 副本.csv` in another folder is told by its name."""
    made, target, _ = whole(year, draw)
    made.also = {f"又交/{called_a_copy(draw, made.real)}.csv": _copy(draw, made, target)}
    made.told = True
    return made


def emptied_tables(draw: Draw, year: Year) -> Case:
    """A header and no more, blank rows, nothing at all: what is lacking is said, whichever table it is."""
    free = [name for name in (*TARGETS, *(() if year.taken else ("units",))) if name not in year.taken]
    if not free or "units" in year.taken:  # without units nothing else is judged
        raise NoneLeftError
    table = draw(st.sampled_from(free))
    header, *rows = year.table(table)
    blank = [[None] * len(header)] * draw(st.integers(0, 3))
    shape = draw(st.sampled_from(["header", "blank", "nothing", "ids", "absent"]))
    kept = {"metrics": 2, "ratings": 3, "ballots": 1}.get(table, 0)
    key = next(key for key in year.expected if table in ("units", key[0]))
    made = Case(table, [header, *blank], key, None, excel=draw(st.booleans()), emptied=True)
    if shape == "blank":
        made.rows = [[None] * len(header), *blank]
    elif shape == "ids" and kept:
        made.rows = [header, *([*row[:kept], *[None] * (len(header) - kept)] for row in rows)]
    elif shape == "nothing":
        made.content = b"" if not made.excel else None
        made.rows = []
    elif shape == "absent":
        made.content, made.excel, made.name = b"-", False, f"交来/{table}.md"
    return made


def tables_not_read(draw: Draw, year: Year) -> Case:
    """Of a table that could not be read its own finding says why; nothing in it counts as not handed in."""
    made, target, _ = whole(year, draw)
    kind = draw(st.sampled_from(["cut", "html", "old", "key", "header", "binary"]))
    good = text_of(made.rows).encode()
    if kind == "cut":
        made.excel = True
        content = made.bytes()
        made.content = content[: draw(st.integers(1, len(content) - 30))]
    elif kind == "html":
        made.content = b"<html><table><tr><td>" + good
    elif kind == "old":
        made.content = b"\xd0\xcf\x11\xe0" + good
    elif kind == "binary":
        made.content = packed({"word/document.xml": b"<a/>"})
    else:
        at = target.at if kind == "header" and made.table != "wide" else 0
        made.rows[0][at] = draw(st.sampled_from(["甲", "第一列", None]))
    made.meant, made.unread = None, True
    return made
