"""Units, persons and works in other spellings, and names that are none."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.targets import (
    UNSEEN,
    Draw,
    NoneLeftError,
    Target,
    a_number,
    case,
    numeric,
    sprinkled,
    targets,
    whole,
    wide_digits,
    written,
)
from tests.fuzz.writing import DAY, Styled
from tests.fuzz.year import Case, Year, column_names, work
from tests.shipped import TABLES

PADDING = st.sampled_from([" ", "\u3000", "\u00a0", "\u2003", "  ", "\u200b", "\u00ad", "\ufeff", "\u2060", "\u3164"])
PERSON = {"ratings": "rater", "leader_ratings": "leader"}
SHORT = {"C01": ("信息工程", "信息"), "C02": ("机电工程", "机电"), "D10": ("财务",)}


def units_by_name(draw: Draw, year: Year) -> Case:
    """A name where an id is asked is taken where only one unit has it, and a question where two might."""
    made, target, _ = whole(year, draw)
    unit = made.rows[target.row - 1][0]
    name = {row[0]: row[1] for row in year.tables["units"][1:]}[unit]
    both = [f"{unit} {name}", f"{unit}{name}", f"{name}（{unit}）", wide_digits(f"{unit} {name}"), unit.lower()]
    kind = draw(st.sampled_from(["name", "both", "short", "neither"]))
    called = {"name": name, "both": draw(st.sampled_from(both)), "short": draw(st.sampled_from(SHORT[unit]))}.get(
        kind, draw(st.sampled_from(["工程学院", "学院", "信息科学", "财务科"]))
    )
    made.rows[target.row - 1][0] = sprinkled(draw, called, UNSEEN, least=0)
    if kind == "neither":
        made.row, made.meant = target.row, None
    else:
        made.calm = True
    return made


def of_person(draw: Draw, year: Year) -> tuple[Case, Target, int]:
    """A rater's or leader's row that is not the first of that name, and the column of the names."""
    found = [each for each in targets(year, "points") if each.table in PERSON and each.row > 4]
    if not found:
        raise NoneLeftError
    target = draw(st.sampled_from(found))
    value = a_number(draw, "points")
    made = case(year, target, written(value), value, draw(st.booleans()))
    at = made.rows[0].index(PERSON[made.real])
    made.columns = column_names(made.rows, at)
    return made, target, at


def _padded(draw: Draw, name: str) -> str:
    return name[0] + draw(PADDING) + name[1]


def spelled_persons(draw: Draw, year: Year) -> Case:
    """王　伟 among rows of 王伟 is the same voice, told at its row."""
    made, target, at = of_person(draw, year)
    made.rows[target.row - 1][at] = _padded(draw, made.rows[target.row - 1][at])
    made.told, made.calm = True, True
    return made


def one_person_twice(draw: Draw, year: Year) -> Case:
    """One voice handed in twice in two spellings counts once; with two marks it is a question."""
    made, target, at = of_person(draw, year)
    again = list(made.rows[target.row - 1])
    other = a_number(draw, "points") if draw(st.booleans()) else made.meant
    again[at], again[target.at] = _padded(draw, again[at]), written(other)
    if draw(st.booleans()):
        made.rows.append(again)
        made.row = len(made.rows)
    else:
        made.also, made.row = {f"又交/{made.real}.csv": [made.rows[0], again]}, 2
    made.told, made.meant, made.columns = True, made.meant if other == made.meant else None, ()
    return made


MADE_OF_ALL = (
    "平均", "平均分", "平　均", "平均值", "合计", "总分", "小计", "得分", "最终得分", "最高分", "去掉最高分", "中位数",
    "加权平均", "AVERAGE", "Sum", "平均（10人）", "汇总", "平均分：",
)  # fmt: skip


def summaries_as_raters(draw: Draw, year: Year) -> Case:
    """What a program made of all marks is nobody's mark."""
    made, target, at = of_person(draw, year)
    again = list(made.rows[target.row - 1])
    again[at], again[target.at] = draw(st.sampled_from(MADE_OF_ALL)), written(a_number(draw, "points"))
    made.rows.append(again)
    made.row, made.told = len(made.rows), True
    return made


def one_work_twice(draw: Draw, year: Year) -> Case:
    """The same work in another punctuation, bracket, width or spacing is told beside the first."""
    target = draw(st.sampled_from(targets(year, "date")))
    made = case(year, target, target.value.isoformat(), target.value, draw(st.booleans()))
    again = list(made.rows[target.row - 1])
    at = made.rows[0].index("title")
    title = again[at]
    bare = title.replace("（", "").replace("）", "")
    others = [f"《{title}》", f"{title}。", title.replace("（", "【").replace("）", "】"), bare, wide_digits(title)]
    others += [title.replace("（", "("), f"“{title}”", title.lower(), f" {title[:2]}　{title[2:]}", f"<{title}>"]
    again[at] = draw(st.sampled_from([*others, sprinkled(draw, title, UNSEEN), title]))
    assert work(again[at]) == work(title)
    made.rows.append(again)
    made.row, made.columns, made.told = len(made.rows), column_names(made.rows, at), True
    return made


def titles_made_dates(draw: Draw, year: Year) -> Case:
    """A title or a name that a spreadsheet made a date is asked for."""
    made: Case
    if draw(st.booleans()):
        target = draw(st.sampled_from(targets(year, "date")))
        made = case(year, target, target.value.isoformat(), None, draw(st.booleans()))
        at = made.rows[0].index("title")
    else:
        made, target, at = of_person(draw, year)
        made.excel = True
    day = draw(st.dates(datetime.date(2015, 1, 1), datetime.date(2029, 12, 31)))
    shapes = [f"{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}", f"{day:%b}-{day:%y}", day.isoformat()]
    serial = (day - datetime.date(1899, 12, 30)).days
    made.rows[target.row - 1][at] = Styled(serial, DAY) if made.excel else draw(st.sampled_from(shapes))
    made.columns, made.meant = column_names(made.rows, at), None
    return made


NASTY = (
    "[/审计处]",
    "[red]x[/]",
    "<b>",
    "<script>1</script>",
    "=1+1",
    ":smile:",
    "\x1b[2J",
    "\x9b2J",
    "\x07",
    "{}",
    "%s",
    "&amp;",
)


def markup_in_names(draw: Draw, year: Year) -> Case:
    """Markup and control characters in names and notes change no figure, and stand where they are told."""
    nasty = "".join(draw(st.lists(st.sampled_from(NASTY), min_size=1, max_size=3)))
    if draw(st.booleans()):
        target, _ = numeric(draw, year)
        return case(year, target, nasty, None, draw(st.booleans()))
    made, target, _ = whole(year, draw)
    made.calm = True
    row = made.rows[target.row - 1]
    told = [at for at, name in enumerate(made.rows[0]) if name in ("source", "note")]
    if told and draw(st.booleans()):
        row[draw(st.sampled_from(told))] = nasty
    else:  # a column that nobody asked for
        for cells, more in zip(made.rows, [f"列{nasty}", *[nasty] * (len(made.rows) - 1)], strict=True):
            cells.append(more)
        made.calm, made.told, made.row = False, True, 1
    return made


def incidents_again(draw: Draw, year: Year) -> Case:
    """An event that another office hands in again is one event, told with both places."""
    unit = draw(st.sampled_from(["C01", "C02"]))
    rows = year.table("incidents")
    if "incidents" in year.taken:
        raise NoneLeftError
    key = ("incidents", unit, "B17")
    again = next(list(row) for row in rows[1:] if row[0] == unit)
    day = again[rows[0].index("date")]
    again[rows[0].index("date")] = draw(st.sampled_from([day, day.replace("-", "/"), day.replace("-", ".")]))
    again[0] = sprinkled(draw, draw(st.sampled_from([unit, wide_digits(unit), unit])), UNSEEN, least=0)
    also = {"又交/incidents.csv": [rows[0], again]}
    made = Case("incidents", rows, key, year.expected[key], excel=draw(st.booleans()), also=also, told=True)
    made.row = 2 if unit == "C01" else None
    made.calm = True
    return made


def _is_asked(table: str, header: str) -> bool:
    return header in TABLES[table].column


def extra_columns(draw: Draw, year: Year) -> Case:
    """Totals and means beside the figures of a table, in a column of their own, are told and never taken."""
    made, _, _ = whole(year, draw)
    header: Any = draw(st.sampled_from(["合计", "平均", "平均分", "总分", "名次", "上年数", "数值（上年）", None]))
    assert header is None or not _is_asked(made.real, header)
    for number, row in enumerate(made.rows):
        row.append(draw(st.integers(1, 99)) if number else header)
    made.row, made.told = (1 if header else None), True
    return made
