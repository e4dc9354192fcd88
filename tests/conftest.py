"""What holds for every test."""

import gc
from functools import cache

import pytest
import typer.main
import typer.testing

# Typer makes click's commands of the application anew for each invocation, 38 ms; they never change.
vars(typer.testing)["_get_command"] = cache(typer.main.get_command)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Thousands of tests, once collected, stay: the collector need not look through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


SECONDS = {
    "analysis": ["inference", "robust"],
    "batch": ["brief", "deliver", "many_schools", "places", "questions", "slides", "years"],
    "files": ["scratch"],
    "intake": [
        *("around", "cells", "checks", "described", "doubts", "entries", "folder", "magnitudes", "panel", "people"),
        *("scales", "settled", "shown", "subjects"),
    ],
    "notebooks": ["parameters"],
    "scheme": ["reading"],
    "schemes": ["command"],
    "scoring": ["method", "policies", "results"],
}
"""Files that take some seconds as a whole, though no test of them does: `make check` is for the minute."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem.removeprefix("test_") in SECONDS.get(item.path.parent.name, ()):
            item.add_marker(pytest.mark.slow)
