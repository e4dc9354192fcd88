"""What only words say: another year or a percentage above a table, a person with a title, a copy that differs."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz.of_copies import called_a_copy
from tests.fuzz.of_names import of_person
from tests.fuzz.targets import Draw, NoneLeftError, a_number, case, targets, whole, written
from tests.fuzz.year import Case, Year, column_names


def years_in_titles(draw: Draw, year: Year) -> Case:
    """A title that names another school year is told at its row."""
    made, _, _ = whole(year, draw)
    first = draw(st.sampled_from([2016, 2017, 2019, 2020]))
    shape = draw(st.sampled_from(["{}-{}学年汇总表", "{}—{}学年", "{}～{}学年度统计", "{}/{}学年", "（{}－{}学年）"]))
    made.rows.insert(0, [shape.format(first, first + 1), *[None] * (len(made.rows[0]) - 1)])
    made.row, made.told = 1, True
    return made


def shares_above(draw: Draw, year: Year) -> Case:
    """`单位：%` or `‰` above plain numbers is a question, at that line."""
    made, _, _ = whole(year, draw)
    sign = draw(st.sampled_from(["%", "％", "‰", "百分比", "千分比"]))
    text = draw(st.sampled_from(["单位：{}", "（单位：{}）", "计量单位：{}"])).format(sign)
    made.rows.insert(0, [text, *[None] * (len(made.rows[0]) - 1)])
    made.row, made.told = 1, True
    return made


AGAINST = ("应为 {}", "实为{}", "实际 {}", "更正为：{}", "{}系误填，改为{}", "同上年", "经核实，不计", "重复统计")


def remarks_against(draw: Draw, year: Year) -> Case:
    """What a remark says against its figure is told at its row; the figure stays as written."""
    noted = [each for each in targets(year, "money", "points") if "note" in year.tables[each.table][0]]
    if not noted:
        raise NoneLeftError
    target = draw(st.sampled_from(noted))
    value = a_number(draw, target.kind)
    made = case(year, target, written(value), value, draw(st.booleans()))
    other = a_number(draw, target.kind) + value
    made.rows[target.row - 1][made.rows[0].index("note")] = draw(st.sampled_from(AGAINST)).format(*[written(other)] * 2)
    made.columns, made.told = column_names(made.rows, made.rows[0].index("note")), True
    return made


TITLES = ("{}教授", "{}（校长）", "{}同志", "{}老师", "{} 副校长", "{}书记", "{}处长")


def persons_with_titles(draw: Draw, year: Year) -> Case:
    """王伟教授 beside 王伟 is one voice, or is asked about at its row."""
    made, target, at = of_person(draw, year)
    again = list(made.rows[target.row - 1])
    name = draw(st.sampled_from(TITLES)).format(again[at])
    again[at] = name
    made.rows.append(again)
    made.row, made.told = len(made.rows), True
    read = name.replace(" ", "").replace("（", "(").replace("）", ")")
    made.may = {(*target.key[:-1], read): made.meant}
    return made


def copies_that_differ(draw: Draw, year: Year) -> Case:
    """Of a copy of a sheet the row that says otherwise is named."""
    made, target, _ = whole(year, draw, excel=True)
    other = a_number(draw, target.kind)
    rows = [list(row) for row in made.rows]
    rows[target.row - 1][target.at] = written(other)
    made.sheet = called_a_copy(draw, made.real)
    made.book.others = {made.sheet: rows}
    made.told, made.says = True, () if other == made.meant else (written(other),)
    return made


def incidents_twice(draw: Draw, year: Year) -> Case:
    """Two rows that are the same are two events, without a word; one that is nearly the same is asked about."""
    if "incidents" in year.taken:
        raise NoneLeftError
    rows = year.table("incidents")
    unit = draw(st.sampled_from(["C01", "C02"]))
    again = next(list(row) for row in rows[1:] if row[0] == unit)
    at = rows[0].index("note")
    again[at] = draw(st.sampled_from([again[at], f"{again[at]}。", f"（{again[at]}）", f"{again[at]}（已处理）"]))
    rows.append(again)
    key = ("incidents", unit, "B17")
    alike = again[at] != rows[1][at]
    made = Case("incidents", rows, key, 2 * year.expected[key], excel=draw(st.booleans()), told=alike, calm=True)
    made.row = len(rows) if alike else None
    return made
