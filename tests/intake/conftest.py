from pathlib import Path

import pytest

from tests.intake.yearbook import YearBook


@pytest.fixture
def year(tmp_path: Path) -> YearBook:
    """A complete valid year; change its tables, then read it."""
    return YearBook(tmp_path / "raw")
