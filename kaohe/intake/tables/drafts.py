"""One row being read: its cells become typed values, and every cell that is wrong is told."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from kaohe.intake.places import Spot
from kaohe.intake.sheets import cells as parse
from kaohe.intake.sheets import days
from kaohe.intake.sheets.cells import Cell, CellError, Disguised, is_withdrawn, says_nothing, shown
from kaohe.intake.tables.ground import Ground
from kaohe.intake.tables.people import person
from kaohe.intake.tables.vocabulary import Column, Record, Table, about_of
from kaohe.intake.tables.wanted import looks_back
from kaohe.rules.wording import number as say_number
from kaohe.scheme import Metric

MEANT_ALONE = {"id", "person", "text", "yes_no", "metric", "code", "open_code"}
"""Kinds of which a text means the same in every row of a column: read once, neither wrong nor blank."""


class Draft:
    """A row being read: every cell that is wrong is told."""

    def __init__(
        self, ground: Ground, table: Table, headers: Mapping[str, str], cells: Mapping[str, Cell], at: Spot
    ) -> None:
        self.ground, self.table, self.headers, self.cells, self.at = ground, table, headers, cells, at
        self.values: dict[str, Any] = {}
        self.failed = False
        self.absent = False
        self.meant = ground.meant.setdefault(table.name, {})

    def with_cells(self, more: Mapping[str, Cell], header: str) -> Draft:
        """The same row with one figure of a wide table."""
        headers = {**self.headers, **dict.fromkeys(more, header)}
        draft = Draft(self.ground, self.table, headers, {**self.cells, **more}, self.at)
        draft.values = dict(self.values)
        return draft

    def read(self, column: Column) -> None:
        cell = self.cells.get(column.name)
        alone = type(cell) is str and column.kind in MEANT_ALONE and column.name != "unit_id"
        if alone and (meant := self.meant.get((column.name, cell))) is not None:
            self.values[column.name] = meant
            return
        if cell is None or (column.kind == "text" and is_withdrawn(cell)) or self._means_blank(column, cell):
            self._blank(column)
            return
        if column.kind == "figure" and says_nothing(cell) and self._is_needless():
            self.absent = True
            return
        try:
            value = self.values[column.name] = self._value(column, cell)
            if alone:
                self.meant[column.name, cell] = value
        except CellError as error:
            self.failed = True
            if column.kind in ("figure", "number") and says_nothing(cell):
                expected = f"{error.expected}；是 0 就填 0，还没有上报的留空"
                error = CellError(expected, "不知是 0 还是没有上报", "zero-or-nothing")
            self._tell(column, error.code or f"bad-{column.kind}", error.problem, error.expected)

    def _means_blank(self, column: Column, cell: Cell) -> bool:
        """`无` where nothing need be; where something must be it may be a 0, or not be known yet."""
        return column.blank in ("none", "warning") and says_nothing(cell)

    def _is_needless(self) -> bool:
        unit, metric = self.values.get("unit_id"), self.values.get("metric")
        return bool(unit and metric and self.ground.is_needless(unit, metric))

    def records(self) -> list[Record]:
        unit = self.values.get("unit_id")
        record = Record(self.table, self.values, self.cells, self.headers, self.at)
        if self.failed and unit:
            self.ground.spoiled.add((self.table.name, unit, record.subject))
        return [] if self.failed or self.absent else [record]

    def _blank(self, column: Column) -> None:
        self.values[column.name] = None
        if column.blank == "absent":
            self.absent = True
        elif column.blank == "warning":
            self.ground.log.warning("blank", f"{column.header}没有填写", self._spot(column), expected="写明情况的文字")
        elif column.blank == "error":
            self.failed = True
            self._tell(column, "blank", f"{column.header}不能为空", "非空内容")

    def _value(self, column: Column, cell: Cell) -> Any:
        match column.kind:
            case "id":
                written = days.identifier(cell)
                is_unit = column.name == "unit_id"
                return self.ground.unit_meant(written, self.table, lambda: self._spot(column)) if is_unit else written
            case "person":
                return person(cell)
            case "text":
                return days.title(cell) if column.merge == "value" else parse.text(cell)
            case "yes_no":
                return parse.yes_no(cell)
            case "date":
                return self._day(column, cell)
            case "number":
                worth = self._word(column, cell)
                return parse.number(cell, units=column.units) if worth is None else worth
            case "year":
                return self._year(cell)
            case "metric" | "indicator":
                return self._named(column.kind, cell)
            case "figure":
                return self._figure(column, cell)
            case "code" | "open_code":
                return self._code(column, cell)

    def _word(self, column: Column, cell: Cell) -> Fraction | None:
        """What a rating counts that is one of the words the item knows (优, 良); None where it is no word."""
        indicator = self.values.get("indicator")
        if not column.rated or not indicator or not isinstance(cell, str):
            return None
        item = self.ground.names.scheme.indicators[indicator]
        judged = item.judged
        if judged is None or not judged.options:
            return None
        found = {parse.word(name): name for name in judged.options}.get(parse.word(cell))
        if found is None and parse.decimal(cell) is None:
            raise CellError(f"{'、'.join(judged.options)} 之一，或分数")
        return None if found is None else judged.worth(found, item.printed_full)

    def _year(self, cell: Cell) -> str:
        """A year before this one that the scheme looks at, as years are written."""
        form, now = self.ground.names.scheme.year, self.ground.year
        written = shown(cell).strip()
        known = form.years_before(now, looks_back(self.ground.names.scheme)) if now else ()
        if now and written not in known:
            raise CellError("、".join(known), "不是所要的年度")
        return written

    def _day(self, column: Column, cell: Cell) -> datetime.date:
        """A date; one that came as Excel's own number is taken, and said once in a column."""
        found = days.serial_day(cell)
        if found is None:
            return days.day(cell)
        if self.at.source in self.ground.of_1904:
            problem = f"是日期序号：按这个工作簿（1904 年起算）是 {found + days.OF_1904}，按通常的算法是 {found}"
            raise CellError("设为日期格式的日期，或写 2019-03-05", problem, "date-serial")
        place = (*self.at.source, column.name)
        if place not in self.ground.serial:
            self.ground.serial.add(place)
            message = f"是 Excel 的日期序号，读作 {found}；本列同样的也这样读，不再列出"
            self.ground.log.warning(
                "date-serial", message, self._spot(column), expected="设为日期格式，或写 2019-03-05"
            )
        return found

    def _code(self, column: Column, cell: Cell) -> str:
        names = self.ground.names
        code = parse.coded(cell, names.codes(self.table.name, column.name))
        if code is None and column.kind == "code":
            raise CellError(names.choices(self.table.name, column.name))
        return code if code is not None else days.identifier(cell)

    def _named(self, kind: str, cell: Cell) -> str:
        """The metric or indicator that is meant."""
        names, written = self.ground.names, days.identifier(cell)
        unit = self.values.get("unit_id")
        found = names.metric(written) if kind == "metric" else names.indicator(written, unit)
        if found is None:
            what, how = ("指标数据", "名称或英文名") if kind == "metric" else ("指标", "编号")
            hint, near = names.similar(written, kind)
            self.ground.spoiled |= {(self.table.name, unit or "", each) for each in near}
            expected = f"方案中的{what}{how}{hint}"
            raise CellError(expected, f"方案中没有这项{what}", f"unknown-{kind}")
        return found

    def _figure(self, column: Column, cell: Cell) -> Fraction | None:
        """A metric's value, held against its kind and range."""
        name = self.values.get("metric")
        metric = self.ground.names.scheme.metrics[name] if name else None
        if metric and metric.kind == "date":
            return Fraction(self._day(column, cell).toordinal())
        return figure(metric, cell) if metric else None

    def _tell(self, column: Column, code: str, problem: str, expected: str) -> None:
        unit = self.values.get("unit_id") or ""
        self.ground.log.error(code, problem, self._spot(column), expected=expected, unit=unit, office=self._office())

    def _office(self) -> str:
        scheme = self.ground.names.scheme
        metric, indicator = self.values.get("metric"), self.values.get("indicator")
        if metric:
            return scheme.metrics[metric].office
        return (scheme.indicators[indicator].office or "") if indicator else ""

    def _spot(self, column: Column) -> Spot:
        header = self.headers.get(column.name, column.header)
        return self.at.at(header, shown(self.cells.get(column.name)), about_of(self.table, self.cells))


def figure(metric: Metric, cell: Cell) -> Fraction:
    """A metric's value from its cell, if it is no day; CellError where its kind or range forbids it."""
    least, most = metric.ends
    if metric.kind == "rate":
        return parse.rate(cell, least or Fraction(0), most or Fraction(1))
    if isinstance(cell, Disguised) and metric.unit and cell.unit.strip("（）() ") == metric.unit:
        cell = cell.number  # `20.87万元` where money is counted so
    expected = f"{metric.name}的数字" + (f"（单位：{metric.unit}）" if metric.unit else "")
    value = parse.number(cell, expected, (metric.unit,))
    if (least is not None and value < least) or (most is not None and value > most):
        bounds = [f"{sign} {say_number(bound)}" for sign, bound in (("≥", least), ("≤", most)) if bound is not None]
        raise CellError(" 且 ".join(bounds) + " 的数", "超出范围", "out-of-range")
    return value
