"""Commands that write, stopped at each of their writes and renames: the old files or the new, and the next run
completes. `score`, `report`, `new-year` and `diff --out` have tests of their own; what is one file (appeal, rating
form) goes the way of the template."""

import io
import shutil
from unittest.mock import patch

import pytest
from openpyxl import load_workbook

from kaohe.cli import app
from kaohe.files.failpoints import AFTERWARDS
from kaohe.files.locks import holding
from kaohe.files.sets import unfinished
from kaohe.scoring import history
from tests.faults import DONE, KILLED, REFUSED, content, places, run_with, sampled, timeless
from tests.small import metric, small_year

pytestmark = pytest.mark.slow

YEAR = "2018-2019"
UNITS = ("C01",)
FOLDERS = (f"data/raw/{YEAR}", f"data/processed/{YEAR}")
"""Where a set may wait to be completed."""


def command(base, *words):
    """The command as the user gives it, in this process."""

    def work():
        app([str(word) for word in words] + (["--data", str(base / "data")] if words[0] != "demo" else []))

    return work


def template(base):
    return command(base, "template", YEAR, base / "out" / "教务处.xlsx", "--office", "教务处", "--overwrite")


def export(base):
    return command(base, "export", YEAR, base / "out" / "结果.xlsx", "--overwrite")


def importing(base):
    return command(base, "import", base / "inbox" / "metrics.csv", "--year", YEAR, "--office", "教务处")


def replacing(base):
    words = ("--office", "教务处", "--replace", "教务处/metrics.csv")
    return command(base, "import", base / "inbox" / "指标数据.csv", "--year", YEAR, *words)


def freeze(base):
    return command(base, "freeze", YEAR, "--reason", "领导小组会议通过")


def restore(base):
    (record,) = history.scorings(base / "data" / "processed" / YEAR)
    return command(base, "history", YEAR, "--restore", record.id, base / "out" / "again")


def demo(base):
    """One of its years: all go the same way."""
    return patch("kaohe.scheme.demo.YEARS", ("2018-2019",))(command(base, "demo", base / "out" / "demo"))


COMMANDS = {
    "template": template,
    "export": export,
    "import": importing,
    "import --replace": replacing,
    "freeze": freeze,
    "history --restore": restore,
    "demo": demo,
}


def seen(base):
    """What a reader finds, without the times at which it was made."""
    return {name: _timeless(name, each) for name, each in content(base).items()}


def _timeless(name, held):
    if name.endswith(".xlsx"):
        return [[[cell.value for cell in row] for row in page] for page in load_workbook(io.BytesIO(held)).worksheets]
    if name.endswith(".jsonl"):
        return [timeless(line) for line in held.splitlines()]
    return timeless(held) if name.endswith(".json") else held


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """A scored year whose metrics an office replaces."""
    base = tmp_path_factory.mktemp("start")
    folder = small_year(base / "data", units=UNITS)
    (folder / "教务处").mkdir()
    (folder / "metrics.csv").rename(folder / "教务处" / "metrics.csv")
    assert run_with("", command(base, "score", YEAR)) == DONE
    shutil.copytree(small_year(base / "other", units=UNITS), base / "inbox")
    metric(base / "inbox", "C01", "survey_rate", "0.45")
    shutil.copyfile(base / "inbox" / "metrics.csv", base / "inbox" / "指标数据.csv")
    shutil.rmtree(base / "other")
    (base / "out").mkdir()
    return base


@pytest.mark.parametrize("name", COMMANDS)
def test_stopped_at_each_place_it_is_the_old_or_the_new(start, tmp_path, name):
    given = COMMANDS[name]

    def copy(which):
        return shutil.copytree(start, tmp_path / which)

    old = seen(start)
    whole = copy("whole")
    passed = list(enumerate(places(given(whole), tmp_path / "places"), 1))
    new = seen(whole)
    assert new != old
    several = name == "demo"  # files that stand for themselves, each whole; first made aside, then put there
    listed = passed[len(passed) // 2 :: 7] if several else passed
    for fault, seldom, first in (("kill", 1, 3), ("full", 4, 1)):
        for step, (number, place) in enumerate(sampled(listed, seldom, first)):
            base = copy(f"{fault}-{number}")
            ended = run_with(f"{fault}={number}", given(base))
            assert ended == (KILLED if fault == "kill" else DONE if place.split()[0] in AFTERWARDS else REFUSED), place
            for folder in FOLDERS:
                if unfinished(base / folder):
                    with holding(base / folder):
                        pass
            left = seen(base)
            if several:
                assert left.items() <= new.items(), place
                assert left != old or place.split()[0] != "replaced", place
            else:
                assert left in (old, new), place
            if step % 3 == 0 and (name != "freeze" or left == old):
                assert run_with("", given(base)) == DONE, place
                assert seen(base) == new, place
            shutil.rmtree(base)
