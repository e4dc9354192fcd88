"""What each test file costs: CPU seconds of its tests, user and system, with those of the processes they waited for.

    .venv/bin/python -m pytest -p tests.cost tests/scheme

Without workers, and of a few folders at a time; unlike the clock it hardly minds what else the machine does. What a
file is the first to need (an import, a fixture it shares) is on its account.
"""

import resource
from collections import Counter
from collections.abc import Iterator

import pytest

SHOWN = 25

spent: Counter[str] = Counter()


def used() -> float:
    each = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in each)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    before = used()
    found = yield
    spent["(collecting)"] += used() - before
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    before = used()
    found = yield
    spent[item.nodeid.partition("::")[0]] += used() - before
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_sep("-", f"{sum(spent.values()):.0f} CPU seconds")
    for name, seconds in spent.most_common(SHOWN):
        terminalreporter.write_line(f"{seconds:8.1f}  {name}")
