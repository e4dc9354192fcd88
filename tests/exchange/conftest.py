"""Years to be handed in, and LibreOffice for the round trips.

In CI a missing one fails; elsewhere these tests are skipped and listed (`-rs`).
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.exchange.filling import only_units, templates
from tests.intake.yearbook import YearBook


@pytest.fixture
def year(tmp_path: Path) -> YearBook:
    """A complete valid year; change its tables, then write or read it."""
    return YearBook(tmp_path / "data" / "raw")


@pytest.fixture
def units(year: YearBook) -> YearBook:
    """A year in which only the units are there."""
    year.write_csv()
    only_units(year)
    return year


@pytest.fixture(scope="session")
def whole(tmp_path_factory) -> Workbook:
    """The template of all offices for such a year: to be looked at, not filled in."""
    (book,) = templates(YearBook(tmp_path_factory.mktemp("whole") / "data" / "raw"))
    return book


@pytest.fixture
def through_libreoffice(tmp_path: Path) -> Callable[..., list[Path]]:
    """Opens workbooks in LibreOffice and saves them again; where they then are."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        what = "no LibreOffice is installed (Debian: libreoffice-calc-nogui, see tools/install-office.sh)"
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(what, pytrace=False)
        pytest.skip(what)

    def save_again(*paths: Path) -> list[Path]:
        out = tmp_path / "libreoffice"
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [soffice, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
        subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=180)
        return [out / path.name for path in paths]

    return save_again
