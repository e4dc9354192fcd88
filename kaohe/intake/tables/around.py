"""What is said around a table's figures of all of them: another unit, another year, in titles, names and notes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import takewhile
from pathlib import PurePosixPath

from kaohe.intake.places import Log, Spot
from kaohe.intake.sheets.cells import Cell, decimal, plain, shown
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.aside import COUNTED_UP, NOTE, corrects, kind_of
from kaohe.intake.tables.headers import Layout
from kaohe.intake.tables.headerwords import other_unit, share_unit
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.vocabulary import Table
from kaohe.scheme import Metric, is_year
from kaohe.scheme.years import year_said

_SPAN = re.compile(
    r"(?<![\d.])(20\d\d|\d\d(?=[-—–−~～至到/]\d\d *学年)) *(?:学年|年)?"
    r" *[-—–−~～至到/] *(20\d\d|\d\d)(?!\d)(?! *[-/.月])"
)
_PERIOD = re.compile(
    r"(?<!\d)(20\d\d)[.年/]\d{1,2}月?(?:\d{1,2}日)? *[-—–−~～至到]+ *(20\d\d)[.年/]\d{1,2}(?:月|(?!\d))"
)
_SCHOOL_YEAR = re.compile(r"(?<!\d)(20\d\d) *学年")
_YEAR = re.compile(r"(?<!\d)(20\d\d) *年度?(?! *\d{1,2} *月|[印修制发出版文第]|末|初|底)")
_BARE_YEAR = re.compile(r"(?<![\d〔\[(])(20[0-4]\d)(?![\d年])")
_RELATIVE = re.compile(
    r"(?<![与和比较同及以])(上一?个?学?年度?|去年|前年|往年|历年|下一?学年|明年)(?!度?(级|同期|相比|比|对比|增|减|基础))"
)
REMARK_OF_YEAR = re.compile(
    r"(数据|数值|此数|本数)?[系为是取用按]?"
    r"(上一?个?学?年度?|去年|前年|往年|20\d\d *(年度?|学年))的?(数据?|数值|值|统计)?[。.]?"
)
PROVISIONAL = re.compile(
    r"(数据|数值|此数)?[系为是]?(预计|估计|暂估|估算|测算|计划|预估|暂定|待核实?|未核实|未审计|不准确|存疑)的?(数据?|数值|值)?[。.]?"
)
OF_ALL = re.compile(r"^(本|此|该|这一?|以[上下]|上述)?[列栏表项行]?(的?(数据|数值|数|指标))?(均|都|全部|全)?")
"""Before what is said of all figures of a column or a table."""
_NOT_YET = re.compile(
    r"预[计估]数?|暂估|估算|测算|(?<!修改)初稿|草[稿案]|征求意见|未(审核|审计|核实)|计划[数表值]|(年度?|指标|工作)计划|目标值"
    r"|[上下]半年|[上下]学期|第[一二12](学期|季度)|第[三四34]季度"
)
"""In a title or a name: figures that were planned or expected, or are those of a part of the year."""
_OLD = re.compile(
    r"^(旧|作废|废弃|备份|old$|old[\s_-]|backup|bak$)|[\s_(-](旧版?|作废|废弃|备份|old|backup|bak)\)?$|(作废|旧版)$"
)
"""Of a file, sheet or folder that somebody has put away."""
_FIGURES = str.maketrans("〇零一二三四五六七八九", "00123456789")
_FOUR = re.compile("二[〇零0][〇零一二三四五六七八九]{2}")
MOST_LISTED = 5

COUNTED = ("points", "score", "excellent", "qualified", "unqualified", "count")
"""Columns of other tables than that of metrics whose numbers are no percentages."""


def other_years(text: str, year: str, *, name: bool = False) -> list[str]:
    """School years and years that a text names and that are not of the school year; `name`: of a file or a sheet."""
    if not is_year(year):
        return []  # an event may be of any year
    first, last = int(year[:4]), int(year[-4:])
    said = _FOUR.sub(lambda each: each[0].translate(_FIGURES), plain(text).replace("○", "〇"))
    found = [each[0] for each in _PERIOD.finditer(said) if (int(each[1]), int(each[2])) != (first, last)]
    said = _PERIOD.sub(" ", said)
    for each in _SPAN.finditer(said):
        begin, end = _whole(each[1]), _whole(each[2])
        # A month stands behind a year as well: 2018-09.
        if (begin, end) != (first, last) and (len(each[2]) == 4 or end == begin + 1):
            found.append(each[0])
    said = _SPAN.sub(lambda each: " " if len(each[2]) == 4 or _whole(each[2]) == _whole(each[1]) + 1 else each[0], said)
    for pattern, right in ((_SCHOOL_YEAR, {first}), (_YEAR, {first, last}), *([(_BARE_YEAR, {first, last})] * name)):
        found += [each[0] for each in pattern.finditer(said) if int(each[1]) not in right]
        said = pattern.sub(" ", said)
    return [*found, *(match[0] for match in _RELATIVE.finditer(said))]


def _whole(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


class Around:
    """Asks what is said around one grid's figures, once a place."""

    def __init__(self, grid: Grid, table: Table, layout: Layout, names: Names, year: str, log: Log) -> None:
        self.grid, self.table, self.layout, self.names, self.year, self.log = grid, table, layout, names, year, log
        self.at = Spot(grid.file, grid.sheet)

    def tell(self) -> None:
        """Of the lines above the header, the names of sheet and file, and the page's header and footer."""
        for row, cells in takewhile(lambda each: each[0] != self.layout.row, self.grid.rows):
            texts = [shown(cell).strip() for cell in cells if cell is not None]
            joined = [] if any(map(other_unit, texts)) or any(map(share_unit, texts)) else ["".join(texts)]
            for text in (*texts, *joined):  # 单位： beside 万元
                if self._tell_unit(text, Spot(self.grid.file, self.grid.sheet, row), "表头上方"):
                    break
            for text in texts:
                self.tell_year(text, Spot(self.grid.file, self.grid.sheet, row), "表头上方")
            for text in texts:
                self._tell_provisional(text, Spot(self.grid.file, self.grid.sheet, row), "表头上方")
        for header in self.layout.headers.values():
            self.tell_year(header, self.at_header(header), "表头")
        for header, said in self.layout.said.items():
            if header not in self.layout.headers.values():
                self.tell_year(said, self.at_header(header), "表头")
        for text in self.grid.page:
            self._tell_unit(text, self.at, "页眉或页脚")
            self.tell_year(text, self.at, "页眉或页脚")
        for text in (box.text for box in self.grid.boxes):
            for part in re.split("[。；;]", text):
                self._tell_unit(part, self.at, "文本框里")
            self.tell_year(text, self.at, "文本框里")
            self._tell_provisional(text, self.at, "文本框里")
            self.tell_correction([text], self.at, "文本框里的话")
        path = PurePosixPath(self.grid.file)
        for text, where in (
            (self.grid.sheet, "工作表名"),
            (path.stem, "文件名"),
            *((x, "文件夹名") for x in path.parts[:-1]),
        ):
            self._tell_unit(text, self.at, where)
            self.tell_year(text, self.at, where, name=True)
            self._tell_provisional(text, self.at, where)
            if old := _OLD.search(plain(text).casefold()):
                message = f"{where}“{old[0].strip(' _-()')}”说这是旧的一份，别处没有同样的表，照此读取"
                self.log.warning(
                    "old-table", message, self.at.at("", text), expected="现行的数据；作废的移出年度文件夹"
                )

    def at_header(self, header: str) -> Spot:
        return Spot(self.grid.file, self.grid.sheet, self.layout.row, header)

    def _tell_provisional(self, text: str, at: Spot, where: str) -> None:
        found = _NOT_YET.search(plain(text))
        if found:
            message = f"{where}的“{found[0]}”说这不是全年最后的数，照此读取"
            self.log.warning("provisional-figure", message, at.at("", text), expected="全年核实过的数")

    def below(self, texts: Iterable[str], at: Spot) -> None:
        """A line below the header that is none of the table."""
        for text in texts:
            if self._tell_unit(text, at, "表头下方"):
                return
        for text in texts:
            self.tell_year(text, at, "表格下方")

    def tell_of_column(self, said: str, header: str, at: Spot, where: str) -> None:
        """What a few words say of all figures of a column; `header`: the metric that runs across there."""
        name = self.names.metric(header) if header else None
        if self._tell_unit(said, at, where, self._metric(name) if name else None):
            return
        bare = OF_ALL.sub("", said)
        if REMARK_OF_YEAR.fullmatch(bare):
            self.tell_year(said, at, where)
        elif PROVISIONAL.fullmatch(bare):
            message = f"{where}说这不是最后的数，照此读取"
            self.log.warning("provisional-figure", message, at.at(at.column, said), expected="核实过的数")

    def tell_correction(self, texts: Iterable[str], at: Spot, where: str) -> None:
        said = "".join(texts)
        if corrects(said):
            message = f"{where}像是更正，没有照它改，各行照填写的读取"
            self.log.error("correction-beside", message, at.at("", said), expected="在各行里改好，再删去这句话")

    def tell_year(self, text: str, at: Spot, where: str, *, name: bool = False) -> None:
        found = other_years(text, self.year, name=name) if self.year and text else []
        if found:
            message = (
                f"{where}写的是{'、'.join(f'“{each.strip()}”' for each in found)}，这里却是 {year_said(self.year)}"
            )
            expected = f"{year_said(self.year)}的数据；年份写错了的请改正"
            self.log.warning("other-year", message, at.at(at.column, text), expected=expected)

    def _tell_unit(self, text: str, at: Spot, where: str, only: Metric | None = None) -> bool:
        """Whether a unit is said; `only`: the one metric that it is said of."""
        unit = other_unit(text)
        if unit and only and unit == only.unit:
            return True
        if unit:
            scaled = "百、千、万或亿计" if re.search("[百千万亿仟佰拾萬億]", unit) else "别的单位计"
            message = f"{where}说数字以{scaled}（{unit}），下面的数字却按方案的单位读取"
            expected = f"按方案的单位填写，并删去这句话{'' if only else self._concerned(unit)}"
            self.log.error("unit-above", message, at.at(at.column, text), expected=expected)
            return True
        share = share_unit(text)
        figures = [each for each in dict.fromkeys(self._figures()) if only in (None, each[0])] if share else []
        rates = [metric.name for metric, is_plainly in figures if metric.kind == "rate" and is_plainly]
        if rates:
            listed = "、".join(rates[:MOST_LISTED]) + (f" 等 {len(rates)} 项" if len(rates) > MOST_LISTED else "")
            message = f"{where}说数字以“{share}”计，{listed}却填了不带百分号的数，按比率读取（0.9 即 90%）"
            expected = f"带百分号的数，如 90%，或 0～1 的比率，并删去“{share}”"
            self.log.error("unit-above", message, at.at(at.column, text), expected=expected)
        elif counted := self._counted([metric for metric, _ in figures]) if share else "":
            message = f"{where}说数字以“{share}”计，{counted}却不是百分比，按方案的单位读取"
            expected = f"按方案的单位填写，并删去“{share}”"
            self.log.error("unit-above", message, at.at(at.column, text), expected=expected)
        return bool(share)

    def _counted(self, figures: list[Metric]) -> str:
        """What the table counts, if nothing in it is a share of something."""
        if any(each.kind == "rate" for each in figures):
            return ""
        names = [each.name for each in figures] or [
            f"“{each.header}”" for each in self.table.columns if each.name in COUNTED
        ]
        return "、".join(names[:MOST_LISTED])

    def _concerned(self, unit: str) -> str:
        """Which columns of a wide table are money, where the unit is one of money."""
        across = self.layout.across.values() if not self.layout.units_across else ()
        named = (name for text in across if (name := self.names.metric(text)))
        money = [each.name for each in map(self._metric, dict.fromkeys(named)) if each.kind == "money"]
        return f"；请核对：{'、'.join(money)}" if money and unit.endswith(("元", "圆")) else ""

    def _metric(self, name: str) -> Metric:
        return self.names.scheme.metrics[name]

    def _figures(self) -> Iterator[tuple[Metric, bool]]:
        """The metrics of which numbers stand below, and whether those are plain ones, which `%` would make others."""
        if self.table.across != "metric":
            return
        key, value = self.layout.columns.get("metric"), self.layout.columns.get("value")
        for row, line in self.grid.rows:
            if row <= self.layout.row:
                continue
            said = shown(line[key]) if key is not None and key < len(line) else ""
            places = self.layout.across if self.layout.across else {value: said} if value is not None else {}
            for place, text in places.items():
                name = self.names.metric(said if self.layout.units_across else text)
                if name and place < len(line) and line[place] is not None:
                    yield self._metric(name), is_plain(line[place])


def is_plain(cell: Cell) -> bool:
    """A number that is not marked as a percentage, and not 0, which is 0 in any unit."""
    value = decimal(cell) if isinstance(cell, str) else cell
    return isinstance(cell, int | float | str) and not isinstance(cell, bool) and bool(value)


class Aside:
    """Collects such rows of a sheet, and tells of them once."""

    def __init__(self, at: Spot, log: Log, around: Around) -> None:
        self.at, self.log, self.around = at, log, around
        self.rows: dict[str, list[int]] = defaultdict(list)
        self._above = ""

    def takes(self, line: list[Cell], at: Spot) -> bool:
        """Whether the row is none of the table; then it is remembered, to be told with the others."""
        kind = kind_of(line, self._above)
        kind = self._above = "" if kind in COUNTED_UP and self._is_called_so(line) else kind
        if kind == NOTE:
            self.around.tell_correction([shown(cell) for cell in line if cell is not None], at, "表格下面的话")
        if kind:
            self.rows[kind].append(at.row or 0)
            self.at = at if len(self.rows) == len(self.rows[kind]) == 1 else self.at
            self.around.below([shown(cell) for cell in line if cell is not None], at)
        return bool(kind)

    def _is_called_so(self, line: list[Cell]) -> bool:
        """Whether what the row begins with is the name of a metric or an item."""
        first = next(shown(cell) for cell in line if cell is not None)
        return bool(self.around.names.metric(first) or self.around.names.indicators_called(first))

    def tell(self) -> None:
        if self.rows:
            said = "；".join(f"第 {'、'.join(map(str, rows[:10]))} 行是{kind}" for kind, rows in self.rows.items())
            self.log.warning(
                "beside-table", f"{said}，不是数据，未读取", self.at, expected="数据以外的内容删去，或放到“说明”表"
            )
