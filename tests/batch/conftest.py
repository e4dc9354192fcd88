"""One small year reported once, by the command itself, for all tests that only look: with values that must not be
published, and with names of markup, formulas and paths."""

import json
import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from kaohe.scheme.yamlfile import READ
from tests import reporting
from tests.reporting import WITHOUT_PICTURES, Reported, run_report
from tests.small import add, change, read, small_year

SENTINELS = {
    "ballot": "70717",
    "leader": "73.91357",
    "rating": "0.3179",
    "veto": "否决备注哨兵甲乙丙",
    "rater": "评委哨兵丁戊",
}
"""Values planted in confidential cells; none may be anywhere in public/."""


def pytest_runtest_setup() -> None:
    """As at the beginning of a run: what other tests have read in this process is not what its pages rest on."""
    READ.clear()


IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = "</script><script>alert(2)</script>"
PATH = "../../etc/=cmd|' /C calc'!A0"
HOSTILE = {"C01": IMAGE, "C02": SCRIPT, "D03": PATH}


def name_badly(folder: Path) -> None:
    """Hostile names in every column that is shown somewhere, and in the path of a file."""
    assert change(
        folder,
        "units",
        lambda row: {**row, "name": HOSTILE[row["unit_id"]]},
        where=lambda row: row["unit_id"] in HOSTILE,
    )
    change(folder, "metrics", lambda row: {**row, "source": IMAGE, "note": SCRIPT})
    change(folder, "achievements", lambda row: {**row, "title": IMAGE + row["title"]})
    change(folder, "ratings", lambda row: {**row, "rater": SCRIPT + row["rater"], "note": IMAGE})
    change(folder, "leader_ratings", lambda row: {**row, "leader": IMAGE + row["leader"]})
    (folder / "<b>处").mkdir()
    shutil.move(folder / "metrics.csv", folder / "<b>处" / "metrics.csv")


def plant(folder: Path) -> None:
    """Put the sentinels into a year's confidential cells."""
    assert change(
        folder,
        "ballots",
        lambda row: {**row, "excellent": SENTINELS["ballot"]},
        where=lambda row: row["unit_id"] == "C02",
    )
    leader = next_of(folder, "leader_ratings", unit_id="C02", role="chief")
    change(folder, "leader_ratings", lambda row: {**row, "score": SENTINELS["leader"]}, where=lambda row: row == leader)
    rating = next_of(folder, "ratings", unit_id="C02", indicator="B10")
    sentinel = {"points": SENTINELS["rating"], "rater": SENTINELS["rater"]}
    change(folder, "ratings", lambda row: {**row, **sentinel}, where=lambda row: row == rating)
    add(folder, "vetoes", unit_id="C02", kind="other", note=SENTINELS["veto"] + SCRIPT)


def next_of(folder: Path, table: str, **wanted: str) -> dict[str, str]:
    return next(row for row in read(folder / f"{table}.csv")[1] if wanted.items() <= row.items())


@pytest.fixture(scope="package")
def reported(tmp_path_factory):
    """A small year with hostile names, and with sentinels in its confidential cells, reported."""
    own = tmp_path_factory.getbasetemp()
    base = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "reported"
    ended = base / "ended.json"
    with FileLock(base.with_suffix(".lock")):  # the workers of a run share it
        if not ended.is_file():
            folder = small_year(base / "data")
            name_badly(folder)
            plant(folder)
            result = run_report(base / "data", base / "out", questions=True)
            ended.write_text(json.dumps([result.code, result.error]), encoding="utf-8")
    return Reported(base / "data", base / "out", *json.loads(ended.read_text(encoding="utf-8")))


@pytest.fixture(scope="package", autouse=True)
def standing_servers():
    with reporting.standing_servers():
        yield


@pytest.fixture
def without_pictures(monkeypatch):
    for name, value in WITHOUT_PICTURES.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def few_questions():
    """For what is not about questions; `reported` has them all."""
    with reporting.few_questions():
        yield
