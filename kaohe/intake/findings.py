"""What intake has to say about the raw data: one finding a fact, with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "advisory"]
SEVERITY_NAMES: dict[Severity, str] = {"error": "错误", "warning": "警告", "advisory": "提示"}


@dataclass(frozen=True)
class Finding:
    """One thing found: where, what stands there, and what was expected.

    An error stops scoring; a warning should be looked at; an advisory is for the panel.
    `code` names the kind of finding and is stable; `office` is who can mend it. `times`: of how many places it
    speaks, where there are too many of the same kind to list them all.
    """

    severity: Severity
    code: str
    message: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    expected: str = ""
    unit: str = ""
    indicator: str = ""
    office: str = ""
    times: int = 1
    about: str = ""
    """What the row is about, as entered: the unit, and the metric, item or title."""

    @property
    def problem(self) -> str:
        """The message, with what the row is about where it does not say so."""
        parts = [part for part in self.about.split() if part not in self.message]
        return f"{self.about}：{self.message}" if parts else self.message

    def __str__(self) -> str:
        where = "，".join(
            part
            for part in (
                self.file,
                f"工作表“{self.sheet}”" if self.sheet else "",
                f"第 {self.row} 行" if self.row else "",
                f"“{self.column}”列" if self.column else "",
            )
            if part
        )
        value = f"，现为“{self.value}”" if self.value else ""
        wanted = f"，应为{self.expected}" if self.expected else ""
        return f"{where}：{self.problem}{value}{wanted}" if where else f"{self.problem}{value}{wanted}"


Input = tuple[str, str, str]
"""Unit, kind, and the metric or indicator."""


@dataclass(frozen=True)
class Missing:
    """An input that an indicator asks of a unit and that has not been handed in.

    `kind`: metric, rating, counts (papers) or marks (of voters), or another that a raw table's description names;
    `indicator` is empty for votes, and `what` the item that they decide. `period`: the month or term of which it is
    lacking, where it is asked for each.
    """

    unit: str
    kind: str
    indicator: str
    what: str
    office: str
    period: str = ""

    @property
    def input(self) -> Input:
        """What is lacking, however many indicators rest on it."""
        what = self.indicator if self.kind == "rating" else self.what
        return self.unit, self.kind, f"{what}@{self.period}" if self.period else what


def by_input(missing: Iterable[Missing]) -> dict[Input, list[Missing]]:
    """Each input that is lacking, and what lacks it; so many are counted wherever it says 尚缺."""
    found: dict[Input, list[Missing]] = {}
    for each in missing:
        found.setdefault(each.input, []).append(each)
    return found


def tally(findings: Iterable[Finding]) -> Counter[Severity]:
    """In how many places there is something of each severity."""
    counts: Counter[Severity] = Counter()
    for finding in findings:
        counts[finding.severity] += finding.times
    return counts


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)
