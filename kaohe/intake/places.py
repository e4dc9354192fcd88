"""Where a figure stands in the raw files, and the findings as they are made."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kaohe.intake.findings import Finding, Severity

LONGEST = 200
"""Characters of a value that a finding shows."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A file, a row or a cell; `value` is what stands there, as entered."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

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

    def at(self, column: str = "", value: str = "") -> Spot:
        """A cell of the same row; of a very long text its beginning."""
        return replace(self, column=column, value=value if len(value) <= LONGEST else f"{value[:LONGEST]}…")


NOWHERE = Spot()


class Log:
    """Collects findings; reading goes on after each."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def error(self, code: str, message: str, at: Spot = NOWHERE, **more: str) -> None:
        self._add("error", code, message, at, more)

    def warning(self, code: str, message: str, at: Spot = NOWHERE, **more: str) -> None:
        self._add("warning", code, message, at, more)

    def advisory(self, code: str, message: str, at: Spot = NOWHERE, **more: str) -> None:
        self._add("advisory", code, message, at, more)

    def _add(self, severity: Severity, code: str, message: str, at: Spot, more: dict[str, str]) -> None:
        where = Finding(severity, code, message, at.file, at.sheet, at.row, at.column, at.value)
        self.findings.append(replace(where, **more) if more else where)  # type: ignore[arg-type]

    def sorted(self) -> tuple[Finding, ...]:
        """Errors first, then warnings and advisories; each in the order they were found."""
        order = ("error", "warning", "advisory")
        return tuple(sorted(self.findings, key=lambda finding: order.index(finding.severity)))
