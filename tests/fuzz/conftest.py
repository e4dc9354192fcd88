"""Counts by class of mutation, at the end of a run on these tests."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts: dict[str, dict[str, int]] = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, found in report.user_properties:
            if name.startswith("fuzz:"):
                counts[name.removeprefix("fuzz:")] = found
    if not counts:
        return
    terminalreporter.section("cases by class of mutation")
    for name, found in sorted(counts.items()):
        terminalreporter.write_line(f"{name:28} value {found['value']:6}   finding {found['finding']:6}")
    value, finding = (sum(found[what] for found in counts.values()) for what in ("value", "finding"))
    terminalreporter.write_line(f"{'all':28} value {value:6}   finding {finding:6}   cases {value + finding:6}")
