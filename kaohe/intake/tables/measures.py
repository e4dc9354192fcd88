"""Units of measure and years that stand beside the figures of a row, in a column of their own or as a remark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from kaohe.intake.places import Spot
from kaohe.intake.sheets.cells import Cell, shown
from kaohe.intake.tables.around import PROVISIONAL, REMARK_OF_YEAR, Around, is_plain
from kaohe.intake.tables.headers import Layout
from kaohe.intake.tables.headerwords import other_unit, share_unit
from kaohe.intake.tables.remarks import against, says_against
from kaohe.intake.tables.vocabulary import Record
from kaohe.scheme import Metric

REMARKS = ("source", "note")
FIGURES = ("value", "points", "count")
LONGEST = 40
"""Letters of a remark that says no more than how the figure is to be read."""


class Measures:
    """Asks about them, row by row; the figures are read by the scheme's units all the same, and the question stops."""

    def __init__(self, layout: Layout, around: Around) -> None:
        self.layout, self.around, self.log = layout, around, around.log
        self._years: set[str] = set()
        columns, headers = layout.columns, layout.headers
        remarks = {columns[name]: headers[name] for name in REMARKS if name in columns}
        self._places = [
            (at, header, at not in layout.measures) for at, header in {**layout.measures, **remarks}.items()
        ]

    def look(self, line: Sequence[Cell], records: Sequence[Record], at: Spot) -> None:
        if not records:
            return
        for place, header, is_remark in self._places:
            text = shown(line[place]).strip() if place < len(line) else ""
            if not text or (is_remark and _says_no_more(text)):
                continue
            if not (is_remark and (len(text) > LONGEST or re.search(r"\d", text))):
                self._ask(text, records, at.at(header, text))
            if is_remark and REMARK_OF_YEAR.fullmatch(text):
                self.around.tell_year(text, at.at(header), f"“{header}”列")
            elif is_remark and PROVISIONAL.fullmatch(text):
                message = "备注说这不是最后的数，照此读取"
                self.log.warning("provisional-figure", message, at.at(header, text), expected="核实过的数")
            elif is_remark:
                self._against(text, records, at.at(header, text))
        for place, header in self.layout.years.items():
            text = shown(line[place]).strip() if place < len(line) else ""
            if text and text not in self._years:
                self._years.add(text)
                self.around.tell_year(text, at.at(header), f"“{header}”列", name=True)

    def _against(self, text: str, records: Sequence[Record], at: Spot) -> None:
        figures = {each[name] for each in records for name in FIGURES if name in each.values}
        why = "、".join(dict.fromkeys(against(text, [each for each in figures if each is not None])))
        if why:
            message = f"备注{why}，这一行仍照填写的数读取"
            expected = "核实后改正数字、删去这一行，或改写备注；确实如此的不必改"
            self.log.warning("remark-against", message, at, expected=expected, unit=records[0].unit)

    def _ask(self, text: str, records: Sequence[Record], at: Spot) -> None:
        metrics = [(each, self._metric(each)) for each in records]
        unit, share = other_unit(text), share_unit(text)
        rates = [each for each, metric in metrics if metric and metric.kind == "rate"]
        if unit and not all(metric and metric.unit == unit for _, metric in metrics):
            own = next((metric.unit for _, metric in metrics if metric and metric.unit), "") or "方案的单位"
            message = f"这里说数字以“{unit}”计，数字却按方案的单位（{own}）读取"
            self.log.error("unit-above", message, at, expected=f"以{own}计的数，并写明{own}", unit=records[0].unit)
        elif share and any(is_plain(each.cells.get("value")) for each in rates):
            message = f"这里说数字以“{share}”计，数字却不带百分号，按比率读取（0.9 即 90%）"
            expected = "带百分号的数，如 90%，或 0～1 的比率"
            self.log.error("unit-above", message, at, expected=expected, unit=records[0].unit)

    def _metric(self, record: Record) -> Metric | None:
        return self.around.names.scheme.metrics.get(str(record["metric"] or ""))


@lru_cache(maxsize=4096)  # where figures come from is said alike in thousands of rows
def _says_no_more(text: str) -> bool:
    """Whether a remark says nothing of units, years and other figures, whatever stands beside it."""
    asked = REMARK_OF_YEAR.fullmatch(text) or PROVISIONAL.fullmatch(text) or other_unit(text) or share_unit(text)
    return not asked and not says_against(text)
