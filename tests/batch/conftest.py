"""One small year reported once, by the command itself, for all tests that only look."""

from pathlib import Path

import pytest

from tests.reporting import WITHOUT_PICTURES, run_report
from tests.small import add, change, small_year

SENTINELS = {
    "ballot": "70717",
    "leader": "73.91357",
    "rating": "0.3179",
    "veto": "否决备注哨兵甲乙丙",
    "rater": "评委哨兵丁戊",
}
"""Values planted in confidential cells; none may be anywhere in public/."""


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
    add(folder, "vetoes", unit_id="C02", kind="other", note=SENTINELS["veto"])


def next_of(folder: Path, table: str, **wanted: str) -> dict[str, str]:
    from tests.small import read

    return next(row for row in read(folder / f"{table}.csv")[1] if wanted.items() <= row.items())


@pytest.fixture(scope="package")
def reported(tmp_path_factory):
    """A small year with sentinels in its confidential cells, reported."""
    base = tmp_path_factory.mktemp("reported")
    plant(small_year(base / "data"))
    return run_report(base / "data", base / "out")


@pytest.fixture
def without_pictures(monkeypatch):
    for name, value in WITHOUT_PICTURES.items():
        monkeypatch.setenv(name, value)
