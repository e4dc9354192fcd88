"""Where a figure stands in the raw files, and the findings as they are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kaohe.intake.findings import Finding, Severity

LONGEST = 200
"""Characters of a value that a finding shows."""

MOST_ALIKE, MOST_OF_KIND = 200, 1_000
"""Findings of one kind in a column and in a sheet that are listed; nobody mends more of them one by one."""

_Kind = tuple[Severity, str, str, str, str | None]
"""Severity, code, file, sheet, column; without a column all of them."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A file, a row or a cell; `value` is what stands there, as entered."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    about: str = ""
    """The unit, and the item or metric, that the row is about."""

    @property
    def place(self) -> str:
        """`教务处/数据.xlsx［指标数据］第 5 行`; a CSV file has no sheet."""
        sheet = f"［{self.sheet}］" if self.sheet else ""
        row = f"第 {self.row} 行" if self.row else ""
        return f"{self.file}{sheet}{' ' if row and not sheet else ''}{row}"

    @property
    def source(self) -> tuple[str, str]:
        """The sheet (or CSV file) it belongs to."""
        return self.file, self.sheet

    def at(self, column: str = "", value: str = "", about: str = "") -> Spot:
        """A cell of the same row; of a very long text its beginning."""
        shown = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
        return Spot(self.file, self.sheet, self.row, column, shown, about)


NOWHERE = Spot()


class Log:
    """Collects findings; reading goes on after each.

    Of one kind in a sheet the first `MOST_ALIKE` of each column are kept, `MOST_OF_KIND` in all; the rest are counted.
    """

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._seen: Counter[_Kind] = Counter()
        self._left_out: dict[_Kind, tuple[str, int]] = {}

    def error(self, code: str, message: str, at: Spot = NOWHERE, **more: str) -> None:
        self._add("error", code, message, at, more)

    def warning(self, code: str, message: str, at: Spot = NOWHERE, **more: str) -> None:
        self._add("warning", code, message, at, more)

    def advisory(self, code: str, message: str, at: Spot = NOWHERE, **more: str) -> None:
        self._add("advisory", code, message, at, more)

    def _add(self, severity: Severity, code: str, message: str, at: Spot, more: dict[str, str]) -> None:
        kind, column = (severity, code, at.file, at.sheet, None), (severity, code, at.file, at.sheet, at.column)
        if at.file and self._seen[kind] >= MOST_OF_KIND:
            self._count(kind, message)
        elif at.file and self._seen[column] >= MOST_ALIKE:
            self._count(column, message)
        else:
            self._seen[kind] += 1
            self._seen[column] += 1
            where = Finding(severity, code, message, at.file, at.sheet, at.row, at.column, at.value, about=at.about)
            self.findings.append(replace(where, **more) if more else where)  # type: ignore[arg-type]

    def _count(self, kind: _Kind, message: str) -> None:
        said, times = self._left_out.get(kind, (message, 0))
        self._left_out[kind] = said, times + 1

    def _rest(self) -> Iterator[Finding]:
        """One finding for all that were counted only, with what the first of them said."""
        for (severity, code, file, sheet, column), (said, times) in self._left_out.items():
            message = f"另有 {times} 处同样的问题，没有逐条列出：{said}"
            yield Finding(severity, code, message, file, sheet, None, column or "", times=times)

    def sorted(self) -> tuple[Finding, ...]:
        """Errors first, then warnings and advisories; each in the order they were found."""
        order = ("error", "warning", "advisory")
        found = [*self.findings, *self._rest()]
        return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))
