from collections.abc import Iterator
from pathlib import Path

import pytest

from kaohe.intake import remembered
from tests.intake.yearbook import YearBook


@pytest.fixture
def year(tmp_path: Path) -> YearBook:
    """A complete valid year; change its tables, then read it."""
    return YearBook(tmp_path / "raw")


@pytest.fixture
def anew() -> Iterator[None]:
    """By other limits the same bytes mean something else: what was read before, or is read now, is not remembered."""
    remembered.forget()
    yield
    remembered.forget()
