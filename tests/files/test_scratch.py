"""Temporary folders: gone with their run, those of killed runs with the next, those of others untouched."""

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from kaohe.files.scratch import INSIDE, LOCK, PREFIX, scratch
from tests.faults import KILLED, run_with

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a killed run is a fork")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where temporary folders are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def killed():
    """A run that is killed while it has a temporary folder."""

    def work():
        with scratch() as place:
            (place / "deep").mkdir()
            (place / "deep" / "file").write_text("half")
            os.kill(os.getpid(), 9)

    assert run_with("", work) == KILLED


def test_it_goes_when_the_block_ends_well_or_not(folder):
    with scratch() as place:
        (place / "file").write_text("x")
        assert place.parent.parent == folder
    with pytest.raises(KeyError), scratch():
        raise KeyError
    assert not list(folder.iterdir())


def test_what_a_killed_run_left_goes_with_the_next(folder):
    killed()
    (left,) = folder.iterdir()
    assert (left / INSIDE / "deep" / "file").is_file()
    with scratch() as place:
        assert list(folder.iterdir()) == [place.parent]


def test_that_of_a_living_run_stays(folder):
    with scratch() as mine:
        (mine / "file").write_text("x")
        killed()
        with scratch() as other:
            assert {*folder.iterdir()} == {mine.parent, other.parent}
        assert (mine / "file").is_file()


def test_folders_that_are_not_ours_stay(folder, monkeypatch):
    (folder / f"{PREFIX}notes").mkdir()
    with scratch():
        assert (folder / f"{PREFIX}notes").is_dir()
    killed()
    monkeypatch.setattr(os, "getuid", lambda: -1)  # all of them belong to somebody else now
    with scratch():
        assert len(list(folder.glob(f"*/{LOCK}"))) == 2


def test_many_at_once_do_not_take_each_others(folder):
    def work(number):
        with scratch() as place:
            (place / "file").write_text(str(number))
            with scratch() as other:
                (other / "file").write_text("")
            return (place / "file").read_text() == str(number)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(300)))
    assert not list(folder.iterdir())
