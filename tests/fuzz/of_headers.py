"""What stands in, above and below the header of a table, and below its last row."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from kaohe.scheme import scheme_in_force
from tests.fuzz.targets import Draw, case, numeric, whole, written
from tests.fuzz.year import Case, Year, column_names
from tests.intake.yearbook import YEAR
from tests.shipped import TABLES

BREAKS = ("\n", "\u00a0", " ", "\u3000", "\t", " \n ")
MARKS = ("{}*", "*{}", "{}：", "{}:", "{}（必填）", "{} (必填)", "{}【填数字】", "★{}", "{}（选填）*", "{}。")
OTHER_UNITS = ("万元", "千元", "仟元", "萬元", "百万元", "十万元", "亿元", "美元", "万人", "千人", "百人", "千册")
PLAIN_UNITS = ("元", "人", "票", "分", "人次", "人民币元", "人、元")
SAYINGS = (
    "单位：{}", "单位:{}", "（单位：{}）", "（金额：{}）", "金额单位：{}", "计量单位：{}", "[单位：{}]", "单位 ： {}",
    "金额以{}为单位",
    "以{}计", "单位（{}）", "单位：人、{}", "单位：人/{}", "各院部汇总（单位：{}）", "（{}）", "{}",
)  # fmt: skip


def _in_chinese(year: Year, draw: Draw, *kinds: str) -> tuple[Case, int]:
    """A table with Chinese headers, and the place of the one of a figure in it."""
    target, value = numeric(draw, year, *kinds)
    excel = draw(st.booleans())
    made = case(year, target, float(value) if excel else written(value), value, excel)
    columns, metrics = TABLES[made.real].column, scheme_in_force(YEAR).metrics
    made.rows[0] = [columns[name].header if name in columns else metrics[name].name for name in made.rows[0]]
    made.row, made.columns = None, ()
    return made, target.at


def marked_headers(draw: Draw, year: Year) -> Case:
    """`数\\n值`, `数值*`, `数值（必填）`: what is clearly meant is taken, and said at that header."""
    made, _ = _in_chinese(year, draw)
    at = draw(st.integers(0, len(made.rows[0]) - 1))
    header = made.rows[0][at]
    cut = draw(st.integers(1, len(header) - 1))
    broken = f"{header[:cut]}{draw(st.sampled_from(BREAKS))}{header[cut:]}"
    marked = draw(st.sampled_from(MARKS)).format(header)
    made.rows[0][at] = draw(st.sampled_from([broken, marked]))
    made.row, made.columns, made.told, made.calm = 1, column_names(made.rows, at), True, True
    return made


UNITS_OF = {"count": "人", "money": "元", "points": "分"}


def units_in_headers(draw: Draw, year: Year) -> Case:
    """`数值（人）`, `优秀（票）`: the unit that the column counts in anyway."""
    made, at = _in_chinese(year, draw, *UNITS_OF)
    units = {"ballots": ("票",), "metrics": ("人", "元")}.get(made.real, ("分",))
    unit = units[-1] if made.table == "wide" and made.key[2] == "training_income" else draw(st.sampled_from(units))
    shape = draw(st.sampled_from(["{}（{}）", "{}({})", "{}[{}]", "{}\n（{}）", "{}（单位：{}）", "{}【{}】"]))
    made.rows[0][at] = shape.format(made.rows[0][at], unit)
    made.row, made.columns, made.told, made.calm = 1, column_names(made.rows, at), True, True
    return made


def other_units_in_headers(draw: Draw, year: Year) -> Case:
    """`数值（万元）`: one question, at that header."""
    made, at = _in_chinese(year, draw, *UNITS_OF)
    shape = draw(st.sampled_from(["{}（{}）", "{}({})", "{}[{}]", "{}\n（{}）", "{}（单位：{}）", "{}（以{}计）"]))
    made.rows[0][at] = shape.format(made.rows[0][at], draw(st.sampled_from(OTHER_UNITS)))
    made.row, made.columns, made.told = 1, column_names(made.rows, at), True
    return made


def _with_line(draw: Draw, made: Case, line: list[Any], place: int) -> None:
    """Puts a line where it has the width of the table, or is as short as a program leaves it."""
    width = len(made.rows[0])
    at = draw(st.integers(0, max(0, width - len(line))))
    made.rows.insert(place, [*[None] * at, *line, *[None] * (width - at - len(line))])


def units_above(draw: Draw, year: Year) -> Case:
    """A line above the header that names another unit, in any wording, is one question at that line."""
    made, _, _ = whole(year, draw)
    text = draw(st.sampled_from(SAYINGS)).format(draw(st.sampled_from(OTHER_UNITS)))
    parts = text.partition("：")
    line = ["".join(parts[:2]), parts[2]] if parts[2] and draw(st.booleans()) else [text]
    _with_line(draw, made, line, 0)
    made.row, made.told = 1, True
    if draw(st.booleans()):
        _with_line(draw, made, ["汇总表"], 0)
        made.row = 2
    return made


def plain_units_above(draw: Draw, year: Year) -> Case:
    """The unit that the figures are in anyway: they are taken."""
    made, _, _ = whole(year, draw)
    text = draw(st.sampled_from(SAYINGS[:8])).format(draw(st.sampled_from(PLAIN_UNITS)))
    _with_line(draw, made, [text], 0)
    made.calm = True
    return made


def units_below_headers(draw: Draw, year: Year) -> Case:
    """Units in a row of their own: plain ones are told, others are a question there."""
    made, target, _ = whole(year, draw)
    is_plain = draw(st.booleans())
    unit = draw(st.sampled_from(PLAIN_UNITS[:6] if is_plain else OTHER_UNITS))
    line: list[Any] = [None] * len(made.rows[0])
    line[target.at] = draw(st.sampled_from(["（{}）", "({})", "（单位：{}）"])).format(unit)
    made.rows.insert(1, line)
    made.row, made.told, made.calm = 2, True, is_plain
    return made


TOTALS = ("合计", "合　计：", "总计", "小计", "平均", "平均分", "全校合计", "汇总", "Total",
          "合计（7个单位）", "Grand Total", "上述小计", "均值", "最高", "中位数", "同比", "排名")  # fmt: skip
NOTES = (
    "注：1.由组织部统计",
    "备注：无效票不计",
    "说明：见附件3",
    "数据来源：教务处",
    "※ 未含借调人员",
    "填表说明：保留两位小数",
    "——以下空白——",
    "第 1 页，共 2 页",
    "1. 以现场清点为准",
    "以上数据属实",
)
SIGNATURES = (
    ["填表人：张三", "审核人：李四"], ["负责人", "张三", "审核人", "李四"], ["单位负责人（签字）："], ["（盖章）"],
    ["2019年7月1日"], ["年　月　日"], ["制表人：", "张三"], ["联系电话：0551-1234567"], ["审核日期：2019年7月1日"],
)  # fmt: skip


def below_tables(draw: Draw, year: Year) -> Case:
    """Totals, notes and signatures below the last row are said to be that; no figure comes from them."""
    made, target, _ = whole(year, draw)
    made.row, made.told, made.calm = len(made.rows) + 1, True, True
    for _ in range(draw(st.integers(0, 2))):  # rows in between that hold nothing
        made.rows.append([None] * len(made.rows[0]))
        made.row += 1
    for kind in draw(st.lists(st.sampled_from(["total", "note", "signature"]), min_size=1, max_size=4)):
        if kind == "total":
            line: list[Any] = [draw(st.sampled_from(TOTALS)), *[None] * (len(made.rows[0]) - 1)]
            line[target.at] = draw(st.integers(1, 999))
            made.rows.append(line)
        else:
            line = [draw(st.sampled_from(NOTES))] if kind == "note" else draw(st.sampled_from(SIGNATURES))
            _with_line(draw, made, line, len(made.rows))
    return made
