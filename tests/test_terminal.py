"""What a terminal is told: names of files as plain text, and never a traceback, whatever the run's surroundings."""

import io
import os
import subprocess
import sys

import pytest
from rich.table import Table
from typer.testing import CliRunner

from kaohe.cli import app
from kaohe.cli.last import last_words
from kaohe.cli.screen import Screen, plain
from kaohe.files.kept import DamagedError
from kaohe.files.said import LITTLE_MEMORY
from tests.small import change, small_year

pytestmark = pytest.mark.slow

YEAR = "2018-2019"
NASTY = "财务处[/审计处][red]:smile:\x1b[2J\x9b2J\x07\u202e\u2028end"
SPELT = r"财务处[/审计处][red]:smile:\x1b[2J\x9b2J\x07\u202e\u2028end"
POSIX = pytest.mark.skipif(os.name == "nt", reason="a shell's limits")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    base = tmp_path_factory.mktemp("nasty")
    folder = small_year(base / "data", units=("C01", "D03"))
    name = NASTY.replace("\u2028", "")  # which ends a line of a CSV
    change(folder, "units", lambda row: {**row, "name": name}, where=lambda row: row["unit_id"] == "D03")
    return base / "data"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A year that was never scored."""
    base = tmp_path_factory.mktemp("plain")
    small_year(base / "data", units=("C01",))
    return base / "data"


def test_every_way_to_the_screen_spells_it_out():
    screen = Screen(file=io.StringIO(), width=400, force_terminal=True, color_system="truecolor")
    table = Table(title=NASTY, box=None)
    table.add_column(NASTY)
    table.add_row(NASTY)
    for each in (NASTY, table):
        screen.print(each, style="red")
    shown = screen.file.getvalue()
    assert shown.count(SPELT) == 4
    assert "\x1b[2J" not in shown
    assert not set("\x9b\x07\u202e\u2028") & set(shown)
    assert plain("一\n二\t三 ok") == "一\n二 三 ok"


@pytest.mark.parametrize(
    "words", [("check", YEAR, "--all"), ("score", YEAR), ("status", YEAR), ("explain", YEAR, "D03"),
              ("explain", YEAR, "D03", "--json"), ("score", YEAR, "--policy", "funding_steps=proportional")],
)  # fmt: skip
def test_a_name_is_text_in_every_listing(data, words):
    run = CliRunner().invoke(app, [*words, "--data", str(data)])
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    assert "[/审计处]" in run.output or "--json" in words  # which names the unit by its id
    assert not set("\x1b\x9b\x07\u202e") & set(run.output)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), LITTLE_MEMORY),
        (ImportError("x.so: failed to map segment from shared object"), LITTLE_MEMORY),
        (RuntimeError("can't start new thread"), LITTLE_MEMORY),
        (OSError(24, "Too many open files", "a.csv"), "a.csv：同时打开的文件太多"),
        (OSError(28, "No space left"), "磁盘已满"),
        (DamagedError("a.json", "已损坏"), "a.json 已损坏"),
        (KeyError("\x1b[2J"), "kaohe 内部出错（KeyError"),
    ],
)
def test_what_nobody_foresaw_is_one_line(capsys, error, said):
    with pytest.raises(SystemExit) as end, last_words():
        raise error
    out, err = capsys.readouterr()
    assert (end.value.code, out, err.count("\n")) == (1, "", 1)
    assert said in err
    assert "\x1b" not in err


def shell(command, data, **environment):
    """The command in a shell; `kaohe` is this one."""
    kaohe = f"'{sys.executable}' -m kaohe"
    given = command.replace("kaohe", kaohe).replace("DATA", f"--data '{data}'")
    env = {**os.environ, **environment}
    run = subprocess.run(["/bin/sh", "-c", given], capture_output=True, env=env, check=False)
    out, err = (text.decode("utf-8", "strict") for text in (run.stdout, run.stderr))
    assert "Traceback" not in out + err
    assert "Exception ignored" not in out + err
    return run.returncode, out, err


@POSIX
@pytest.mark.parametrize(
    ("command", "out", "err"),
    [
        (f"LC_ALL=C PYTHONUTF8=0 kaohe history {YEAR} DATA", "评过分", ""),
        (f"kaohe history {YEAR} DATA >&-", "", "标准输出已关闭"),
        (f"kaohe history {YEAR} DATA >/dev/full", "", "磁盘已满"),
        (f"kaohe history {YEAR} DATA 2>&- <&-", "评过分", ""),
        (f"kaohe history {YEAR} DATA | true", "", ""),
        (f"ulimit -n 5; kaohe history {YEAR} DATA", "", ""),
        (f"ulimit -v 150000; kaohe explain {YEAR} C01 DATA", "", "内存"),
    ],
)
def test_whatever_surrounds_it_it_ends_in_a_line(made, command, out, err):
    _, said, told = shell(command, made)
    assert out in said
    assert err in told
    assert len([line for line in told.splitlines() if "OpenBLAS" not in line]) <= 1
