"""Files that belong together change together, wherever a run is killed, refused or out of space."""

import errno
import os
import shutil
import threading

import pytest

from kaohe.files import WriteError, whole_file, write_text
from kaohe.files.failpoints import AFTERWARDS, arm
from kaohe.files.locks import BusyError, holding
from kaohe.files.sets import COMMITTED, UNDONE, unfinished, whole_set
from tests.faults import DONE, KILLED, REFUSED, content, places, run_here, run_with

pytestmark = pytest.mark.slow

PLACES = 28
"""Failpoints of `write_new`."""
SET = ("fresh.json", "results.parquet", "scores.parquet", "manifest.json", "gone.csv")
"""What `write_new` changes, as it is moved."""
UNDOING = len(SET) + 2


def write_old(folder):
    with holding(folder), whole_set(folder) as stage:
        for name in ("scores.parquet", "results.parquet", "gone.csv", "manifest.json"):
            stage.write(name, f"old {name}")


def write_new(folder):
    with holding(folder), whole_set(folder) as stage:
        for name in ("scores.parquet", "results.parquet", "public/fresh.json", "manifest.json"):
            stage.write(name, f"new {name}")
        stage.drop(["gone.csv"])


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """An old set, what the new one looks like, and every place where writing it can end."""
    base = tmp_path_factory.mktemp("sets")
    write_old(base / "old")
    shutil.copytree(base / "old", base / "new")
    passed = places(lambda: write_new(base / "new"), base / "places")
    return base / "old", content(base / "old"), content(base / "new"), passed


def test_the_failpoints_cover_every_step(world):
    kinds = {line.split()[0] for line in world[3]}
    assert kinds == {"lock", "stage", "write", "sync", "replace", "replaced", "drop", "clear"}
    assert len(world[3]) == PLACES


@pytest.mark.parametrize("place", range(1, PLACES + 1))
def test_killed_anywhere_it_is_the_old_set_or_the_new(world, tmp_path, place):
    source, old, new, _ = world
    folder = tmp_path / "set"
    shutil.copytree(source, folder)
    assert run_with(f"kill={place}", lambda: write_new(folder)) == KILLED
    if not unfinished(folder):
        assert content(folder) in (old, new)
    with holding(folder):
        assert content(folder) in (old, new)
    assert run_here("", lambda: write_new(folder)) == DONE
    assert content(folder) == new
    assert {path.name for path in folder.iterdir() if path.name.startswith(".")} == {".kaohe.lock"}


@pytest.mark.parametrize("fault", ["full", "held"])
@pytest.mark.parametrize("place", range(1, PLACES + 1))
def test_refused_anywhere_it_is_the_old_set_or_the_new_at_once(world, tmp_path, place, fault):
    source, old, new, passed = world
    folder = tmp_path / "set"
    shutil.copytree(source, folder)
    kind = passed[place - 1].split()[0]
    assert run_here(f"{fault}={place}", lambda: write_new(folder)) == (DONE if kind in AFTERWARDS else REFUSED)
    committed = kind in AFTERWARDS or "drop gone.csv" in passed[: place - 1]
    assert content(folder) == (new if committed else old)
    with holding(folder):
        assert content(folder) == (new if committed else old)  # what was refused does not come back
    assert run_here("", lambda: write_new(folder)) == DONE
    assert content(folder) == new


@pytest.mark.parametrize("place", range(1, PLACES + 1))
def test_killed_while_completing_it_is_still_completed(world, tmp_path, place):
    """The recovery itself is killed at each of its steps."""
    source, old, new, passed = world
    folder = tmp_path / "set"
    shutil.copytree(source, folder)
    first_move = passed.index("replaced .kaohe-commit") + 3
    assert run_with(f"kill={first_move}", lambda: write_new(folder)) == KILLED
    assert unfinished(folder)
    run_with(f"kill={place}", lambda: write_new(folder))
    with holding(folder):
        assert content(folder) in (old, new)
        assert not unfinished(folder)


@pytest.mark.parametrize("step", range(UNDOING))
def test_killed_while_undoing_it_is_completed_or_undone(world, tmp_path, step):
    """The last move is refused, and the run is killed while the old files return."""
    source, old, new, passed = world
    folder = tmp_path / "set"
    shutil.copytree(source, folder)
    refused = passed.index("drop gone.csv") + 1
    assert run_with(f"held={refused};kill={refused + 1 + step}", lambda: write_new(folder)) == KILLED
    with holding(folder):
        assert content(folder) == (new if step == 0 else old)  # nothing had been undone yet
        assert not unfinished(folder)


def test_every_step_of_an_undo_is_among_those(world, tmp_path):
    source, _, _, passed = world
    folder = tmp_path / "set"
    shutil.copytree(source, folder)
    refused, record = passed.index("drop gone.csv") + 1, tmp_path / "places"
    assert run_with(f"record={record};held={refused}", lambda: write_new(folder)) == REFUSED
    undone = record.read_text(encoding="utf-8").splitlines()[refused:]
    assert undone == [f"undo {COMMITTED}", *(f"undo {name}" for name in SET), f"clear {UNDONE}"]
    assert len(undone) == UNDOING


def test_an_error_in_the_block_changes_nothing(world, tmp_path):
    folder = tmp_path / "set"
    shutil.copytree(world[0], folder)

    def broken():
        with whole_set(folder) as stage:
            stage.write("scores.parquet", "half")
            raise KeyError

    with pytest.raises(KeyError):
        broken()
    assert content(folder) == world[1]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (errno.ENOSPC, "磁盘已满"),
        (errno.EROFS, "只读"),
        (errno.EACCES, "没有写入权限"),
        (errno.EFBIG, "超过了"),
        (errno.ENOENT, "找不到所在的文件夹或磁盘"),
        (errno.ENAMETOOLONG, "太长"),
    ],
)
def test_what_the_system_refuses_is_said_in_chinese(tmp_path, monkeypatch, code, says):
    def refuse(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(WriteError, match=f"无法写入 .*a.txt：.*{says}"):
        write_text(tmp_path / "a.txt", "x")


def test_a_full_disk_in_the_middle_keeps_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "old")
    assert run_here("full=2", lambda: write_text(path, "new")) == REFUSED
    assert content(tmp_path) == {"a.txt": b"old"}


def test_a_file_too_large_for_the_system_keeps_the_old_one(tmp_path):
    """A real limit of the system, not a simulated one."""
    resource = pytest.importorskip("resource")
    path = tmp_path / "a.txt"
    write_text(path, "old")

    def work():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        write_text(path, "new" * 4096)

    assert run_with("", work) == REFUSED
    assert path.read_text() == "old"


def test_a_second_run_waits_and_then_says_who_writes(tmp_path):
    held, free = threading.Event(), threading.Event()

    def hold():
        with holding(tmp_path):
            held.set()
            free.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(60)
    try:
        with pytest.raises(BusyError, match="正在写入"), holding(tmp_path, patience=0):
            pass
    finally:
        free.set()
        thread.join()
    with holding(tmp_path, patience=0):
        assert (tmp_path / ".kaohe.lock").exists()


def test_a_folder_below_a_file_is_refused_in_words(tmp_path):
    write_text(tmp_path / "file", "x")
    with pytest.raises(WriteError, match="不是文件夹"), holding(tmp_path / "file" / "year"):
        pass


def test_litter_of_a_killed_run_goes(tmp_path):
    write_old(tmp_path)
    for name in (".a.json.1234.kaohe-part", ".kaohe-waiting/.b.ipynb.1234.kaohe-part", ".kaohe-staged-1/new/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("half")
    (tmp_path / ".论文.part").write_text("somebody else's")
    with holding(tmp_path):
        left = sorted(path.name for path in tmp_path.rglob(".*"))
        assert left == [".kaohe-waiting", ".kaohe.lock", ".论文.part"]


def test_nothing_is_armed_in_a_plain_run(tmp_path):
    arm("")
    with whole_file(tmp_path / "a") as part:
        part.write_text("a")
    assert not (tmp_path / COMMITTED).exists()
    assert content(tmp_path) == {"a": b"a"}
