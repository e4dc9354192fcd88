"""Findings of one cause together: forty cells filled in percent are one thing to tell, with forty places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kaohe.intake.findings import SEVERITY_NAMES, Finding, Missing, Severity, by_input

_NUMBER = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True)
class Group:
    """Findings of one severity, kind and sentence; the sentences may differ in their figures and units."""

    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity:
        return self.findings[0].severity

    @property
    def message(self) -> str:
        return self.findings[0].message

    @property
    def expected(self) -> str:
        return self.findings[0].expected

    @property
    def alike(self) -> bool:
        """Whether every finding says and expects the very same."""
        return len({(each.message, each.expected) for each in self.findings}) == 1

    @property
    def times(self) -> int:
        return sum(each.times for each in self.findings)

    @property
    def by_place(self) -> dict[tuple[str, str, str], list[Finding]]:
        """File, sheet and column, and what was found there."""
        found: dict[tuple[str, str, str], list[Finding]] = {}
        for each in self.findings:
            found.setdefault((each.file, each.sheet, each.column), []).append(each)
        return found


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first."""
    return sorted(findings, key=lambda finding: list(SEVERITY_NAMES).index(finding.severity))


def grouped(findings: Iterable[Finding], names: Mapping[str, str] | None = None) -> list[Group]:
    """One entry a cause, errors first; `names` are those of the units, which a sentence may hold."""
    found: dict[tuple[str, ...], list[Finding]] = {}
    for each in in_order(findings):
        name = (names or {}).get(each.unit, "")
        key = (each.severity, each.code, _bare(each.message, each, name), _bare(each.expected, each, name))
        found.setdefault(key, []).append(each)
    return [Group(tuple(each)) for each in found.values()]


def _bare(text: str, finding: Finding, name: str) -> str:
    """The sentence without what stands in this one cell, and without its unit."""
    for part in sorted(filter(None, (name, finding.unit, finding.value)), key=len, reverse=True):
        text = text.replace(part, "#")
    return _NUMBER.sub("#", text)


def grouped_missing(missing: Iterable[Missing]) -> dict[tuple[str, str, str], list[Missing]]:
    """Office, kind and what is lacking, and of whom: an entry an input, not one an indicator that rests on it."""
    found: dict[tuple[str, str, str], list[Missing]] = {}
    for each, *_ in by_input(missing).values():
        found.setdefault((each.office, each.kind, each.what), []).append(each)
    return found
