"""The manual's commands, one after the other, as an office would run them in a year."""

import re
import shlex
from pathlib import Path

import pytest
from openpyxl import Workbook

from kaohe.scoring.history import scorings
from kaohe.scoring.score import score_year
from tests.exchange.filling import kaohe
from tests.shipped import TABLES
from tests.small import read, small_year

pytestmark = pytest.mark.slow

MANUAL = Path(__file__).parents[1] / "docs" / "手册.md"
LAST, YEAR = "2020-2021", "2021-2022"
ELSEWHERE = ("report",)
"""Tested where they cost less."""


def commands() -> list[list[str]]:
    lines = re.findall(r"^    kaohe (.+)$", MANUAL.read_text(encoding="utf-8"), re.MULTILINE)
    return [shlex.split(line) for line in lines]


def vote(ballots: list[dict[str, str]], excellent: int) -> None:
    """The office's file, its first unit with so many votes 优秀."""
    book = Workbook()
    page = book.active
    page.title = TABLES["ballots"].chinese
    page.append(list(ballots[0]))
    for row in ballots:
        page.append([row["unit_id"], *(int(row[name]) for name in ("excellent", "qualified", "unqualified"))])
    page["B2"] = excellent
    Path("收到").mkdir(exist_ok=True)
    book.save("收到/目标办.xlsx")


def list_units(folder: Path) -> None:
    """A college's own list: names, categories, party organisations; the ids are made."""
    _, units = read(folder / "units.csv")
    book = Workbook()
    book.active.append(["单位名称", "类别", "党组织"])
    for row in units:
        book.active.append([row["name"], row["category"], row["party_org"] or None])
    book.save("单位表.xlsx")


def hand_in(folder: Path, year: Path, *but: str) -> None:
    """What offices have handed in already."""
    for path in folder.glob("*.csv"):
        if path.stem not in but:
            (year / path.name).write_bytes(path.read_bytes())


def test_the_whole_way(tmp_path, monkeypatch) -> None:
    """Of a college with units of its own, from nothing on: no invented year is left or made."""
    monkeypatch.chdir(tmp_path)
    last = small_year(tmp_path / "elsewhere", LAST, units=("C01", "C02", "C03", "D03", "D05"))
    list_units(last)
    year = tmp_path / "data" / "raw" / YEAR
    _, ballots = read(last / "ballots.csv")
    vote(ballots, 56)
    done = []
    for command in commands():
        if command[0] in ELSEWHERE:
            continue
        if command[:3] == ["import", "收到/目标办.xlsx", "--year"] and "score" in done:
            vote(ballots, 40)  # corrected
        if "编号" in command:
            command[command.index("编号")] = scorings(tmp_path / "data" / "processed" / YEAR)[0].id
        code, out = kaohe(*command)
        assert code == 0, (command, out)
        done.append(command[0])
        if command[:2] == ["new-year", LAST]:
            hand_in(last, tmp_path / "data" / "raw" / LAST, "units")
        elif command[:2] == ["new-year", YEAR]:
            hand_in(last, year, "units", "ballots")
    assert score_year(YEAR, tmp_path / "data" / "raw").before.year == LAST
    assert not list(tmp_path.glob("data/raw/*/SYNTHETIC.md"))
    assert {"demo", "new-year", "template", "import", "status", "check", "score", "explain", "export"} <= set(done)
    assert {"history", "diff", "appeal", "freeze", "verify"} <= set(done)
    assert Path("答复.html").is_file()
    assert Path("问题.xlsx").is_file()
    assert (tmp_path / "data" / "processed" / "trials" / YEAR / "results-试算.csv").is_file()
    assert len(scorings(tmp_path / "data" / "processed" / YEAR)) == 2
