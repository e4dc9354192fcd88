"""What lies in a folder that came from elsewhere moves, deletes and writes nothing, whatever it says."""

import json
import os
import shutil
import sys

import pytest
from typer.testing import CliRunner

from kaohe.cli import app
from kaohe.files import WriteError, signing
from kaohe.files.locks import holding
from kaohe.files.names import is_plain
from kaohe.files.plans import ForeignPlanError
from kaohe.files.sets import COMMITTED, UNDONE, unfinished, whole_set
from tests.faults import KILLED, content, places, run_with
from tests.files.test_sets import SET, write_new, write_old
from tests.small import small_year

EMPTY = {"of": "", "files": {}, "drop": [], "fresh": [], "old": {}, "signed": ""}
SHA = "0" * 64
PLANS = {
    "as once written": {"files": [], "fresh": [], "drop": ["../victim.txt"]},
    "drops": {**EMPTY, "drop": ["../victim.txt"]},
    "drops its own": {**EMPTY, "drop": ["mine.csv"]},
    "writes": {**EMPTY, "files": {"../victim.txt": SHA}},
    "no object": [],
    "deep": "[" * 100_000,
    "no text": b"\xff\xfe",
    "nothing": b"",
}


@pytest.fixture
def folder(tmp_path):
    """A folder of files, and beside it one that is nobody's business."""
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "mine.csv").write_text("mine")
    (tmp_path / "victim.txt").write_text("victim")
    return tmp_path / "year"


def planted(root, plan):
    (root / "new").mkdir(parents=True)
    (root / "old").mkdir()
    given = plan if isinstance(plan, str | bytes) else json.dumps(plan)
    (root / "plan.json").write_bytes(given if isinstance(given, bytes) else given.encode())


@pytest.mark.parametrize("name", [COMMITTED, UNDONE])
@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_that_nobody_here_wrote_is_not_followed(folder, name, plan):
    planted(folder / name, PLANS[plan])
    before = content(folder.parent)
    with pytest.raises(ForeignPlanError, match=rf"{name} 不是这台电脑上的 kaohe 写下的.*请把它移走"), holding(folder):
        pass
    assert content(folder.parent) == before
    shutil.rmtree(folder / name)
    with holding(folder):
        assert content(folder.parent) == before


@pytest.mark.parametrize("what", ["a link", "a file", "a pipe inside"])
def test_neither_is_what_is_no_folder_with_a_plan(folder, what):
    if what == "a link":
        planted(folder.parent / "elsewhere", EMPTY)
        (folder / COMMITTED).symlink_to(folder.parent / "elsewhere")
    elif what == "a file":
        (folder / COMMITTED).write_text("{}")
    else:
        (folder / COMMITTED).mkdir()
        os.mkfifo(folder / COMMITTED / "plan.json")
    with pytest.raises(ForeignPlanError), holding(folder):
        pass


@pytest.fixture
def killed(tmp_path):
    """Half-moved by a run of this installation."""
    write_old(tmp_path / "other")
    moved = places(lambda: write_new(tmp_path / "other"), tmp_path / "places").index("replaced fresh.json") + 1
    folder = tmp_path / "raw" / "2018-2019"
    write_old(folder)
    assert run_with(f"kill={moved}", lambda: write_new(folder)) == KILLED
    return folder


def test_our_own_plan_is_completed_there_and_nowhere_else(killed):
    copied = killed.with_name("2019-2020")
    shutil.copytree(killed, copied)
    before = content(copied)
    with pytest.raises(ForeignPlanError), holding(copied):
        pass
    assert content(copied) == before
    with holding(killed):
        assert content(killed)["manifest.json"] == b"new manifest.json"
    assert not unfinished(killed)


@pytest.mark.parametrize("change", ["new", "old", "plan", "key", "link"])
def test_nor_once_anything_of_it_was_changed(killed, change, tmp_path, monkeypatch):
    root = killed / COMMITTED
    if change in ("new", "old"):
        (root / change / "manifest.json").write_text("mine")
    elif change == "plan":
        said = json.loads((root / "plan.json").read_text())
        (root / "plan.json").write_text(json.dumps({**said, "drop": ["scores.parquet"]}))
    elif change == "key":
        monkeypatch.setenv("XDG_STATE_HOME" if os.name != "nt" else "LOCALAPPDATA", str(tmp_path / "another"))
    else:
        (root / "new" / "manifest.json").unlink()
        (root / "new" / "manifest.json").symlink_to(killed / "scores.parquet")
    before = content(killed)
    with pytest.raises(ForeignPlanError), holding(killed):
        pass
    assert content(killed) == before


@pytest.mark.parametrize("with_files", [True, False])
def test_an_old_plan_of_our_own_touches_no_later_file(killed, with_files, tmp_path):
    """Kept aside by somebody, and laid there again once the files are others."""
    kept = shutil.copytree(killed / COMMITTED, tmp_path / "kept")
    plan = json.loads((kept / "plan.json").read_text())
    with holding(killed):
        pass
    for name in {*plan["files"], *plan["drop"]}:
        (killed / name).write_text(f"later {name}")
    if not with_files:
        shutil.rmtree(kept / "new")
    for place in (COMMITTED, UNDONE):
        shutil.copytree(kept, killed / place)
        before = content(killed)
        with pytest.raises(ForeignPlanError), holding(killed):
            pass
        assert content(killed) == before
        shutil.rmtree(killed / place)


def test_the_key_is_the_users_alone_and_made_once(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME" if os.name != "nt" else "LOCALAPPDATA", str(tmp_path))
    signed = signing.signature("a")
    signing._key.cache_clear()
    assert signing.is_signed("a", signed)
    assert not signing.is_signed("b", signed)
    assert (tmp_path / "kaohe" / "key").stat().st_mode & 0o077 == 0 or os.name == "nt"
    (tmp_path / "kaohe" / "key").write_bytes(b"short")
    signing._key.cache_clear()
    assert not signing.is_signed("a", signed)
    signing._key.cache_clear()


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b", "", ".", "a//b", "a/", "a\x00b", "a\nb", None, 3])
def test_names_out_of_files_that_are_no_names(folder, name):
    assert not is_plain(name)
    if isinstance(name, str):
        with holding(folder), pytest.raises(WriteError, match="不可用"), whole_set(folder) as stage:
            stage.drop([name])
        with holding(folder), pytest.raises(WriteError, match="不可用"), whole_set(folder) as stage:
            stage.write(name, "x")


def test_plain_names_are(folder):
    assert all(map(is_plain, (*SET, "教务处/指标数据 (2).csv", "..a", ".received/x.csv")))


def test_nothing_is_written_or_removed_through_a_link(folder):
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "b.csv").write_text("theirs")
    (folder / "教务处").symlink_to(outside, target_is_directory=True)
    for change in (lambda stage: stage.write("教务处/a.csv", "x"), lambda stage: stage.drop(["教务处/b.csv"])):
        with holding(folder), pytest.raises(WriteError, match="是链接"), whole_set(folder) as stage:
            change(stage)
    assert content(outside) == {"b.csv": b"theirs"}


@pytest.mark.parametrize("name", [".kaohe.lock", ".kaohe-waiting"])
def test_neither_is_a_lock_or_what_waits(folder, name):
    (folder / name).symlink_to(folder.parent / "victim.txt")
    with pytest.raises(WriteError, match=name), holding(folder):
        pass
    assert (folder.parent / "victim.txt").read_text() == "victim"


@pytest.mark.skipif(sys.platform == "win32", reason="no umask")
def test_who_may_read_a_file_the_umask_says(folder):
    was = os.umask(0o077)
    try:
        write_old(folder)
    finally:
        os.umask(was)
    written = [path for path in folder.rglob("*") if path.name in SET]
    assert written
    assert all(path.stat().st_mode & 0o077 == 0 for path in written)


def test_a_command_that_reads_leaves_it_alone_and_says_so(tmp_path):
    raw = small_year(tmp_path / "data", units=("C01",))
    victim = tmp_path / "victim.txt"
    victim.write_text("x")
    planted(raw / COMMITTED, {"files": [], "fresh": [], "drop": ["../../../victim.txt"]})
    taking = ["import", str(raw / "units.csv"), "--dry-run", "--year"]
    for words in (["check"], ["score"], taking[:2] + taking[3:], taking):
        given = [*words, "2018-2019", "--data", str(tmp_path / "data")]
        run = CliRunner().invoke(app, given)
        assert run.exit_code == 1, (words, run.output)
        assert "不是这台电脑上的 kaohe 写下的" in run.output, words
        assert victim.exists()
