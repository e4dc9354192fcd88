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
