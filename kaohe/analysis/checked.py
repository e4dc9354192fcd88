"""A year as intake found it: what is wrong where, and what has not been handed in by whom."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property

from kaohe.intake import Intake
from kaohe.intake.findings import SEVERITY_NAMES, Finding, Missing, Severity, by_input, tally


@dataclass(frozen=True)
class CheckedYear:
    """A year as checked; `units`, `metrics` and `indicators` are names by id, as far as they are known.

    `office`: what those are called who hand in.
    """

    year: str
    synthetic: bool
    provisional: bool
    office: str
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    units: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def called(severity: str) -> str:
        """错误, 警告 or 提示."""
        return next(name for code, name in SEVERITY_NAMES.items() if code == severity)

    def of(self, severity: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == severity]

    def unit_name(self, unit: str) -> str:
        """`C01 智能制造学院`, or the id where the name is not known."""
        return f"{unit} {self.units[unit]}" if unit in self.units else unit

    @cached_property
    def counts(self) -> Mapping[Severity, int]:
        """In how many places there is something of each severity, the worst first."""
        found = tally(self.findings)
        return {severity: found[severity] for severity in SEVERITY_NAMES}

    @cached_property
    def lacking(self) -> Sequence[Sequence[Missing]]:
        """Each input that has not been handed in, once for each indicator that asks for it."""
        return tuple(by_input(self.missing).values())


def checked(intake: Intake, *, provisional: bool = False) -> CheckedYear:
    """What intake found in a year; `provisional`: it is scored all the same."""
    data, scheme = intake.data, intake.scheme
    return CheckedYear(
        year=intake.year,
        synthetic=bool(data and data.synthetic),
        provisional=provisional,
        office=intake.offices_called,
        findings=intake.findings,
        missing=intake.missing,
        units={unit.unit_id: unit.name for unit in data.units} if data else {},
        metrics={name: metric.name for name, metric in scheme.metrics.items()} if scheme else {},
        indicators={name: each.name for name, each in scheme.indicators.items()} if scheme else {},
    )


def checked_text(found: CheckedYear) -> str:
    """As JSON, for the notebook."""
    return json.dumps(asdict(found), ensure_ascii=False, separators=(",", ":"))


def read_checked(text: str) -> CheckedYear:
    """What `checked_text` wrote; KeyError, TypeError or ValueError for anything else."""
    content = json.loads(text)
    findings = tuple(Finding(**each) for each in content["findings"])
    missing = tuple(Missing(**each) for each in content["missing"])
    return CheckedYear(**{**content, "findings": findings, "missing": missing})
