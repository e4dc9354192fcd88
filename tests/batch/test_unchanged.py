"""A run with nothing to do is known by content: any byte that pages rest on, or that they are made of, ends that."""

import hashlib
import random
import shutil
from pathlib import Path

import pytest

from kaohe.batch import sources, unchanged
from kaohe.batch.unchanged import STAMP, Asked, Stands
from kaohe.files.contents import code_files

STANDS = Stands(2, ("公示页（甲组）：待定",))


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """A run that ended well, over small stand-ins for data, pages, code and notebooks."""
    tmp_path = tmp_path / "history"  # above all of it: only below the processed data does it mean anything
    code, notebooks = tmp_path / "code", tmp_path / "notebooks"
    for name in ("data/raw/2021/a.csv", "data/raw/2021/b.xlsx", "data/raw/2022/a.csv", "data/kaohe.yaml", "code/a.py",
                 "code/web/page.css", "notebooks/unit.ipynb", "data/processed/2021/book.json",
                 "data/processed/2021/history/files/ab/1.gz", "out/index.html", "out/2021/units/C1.html"):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name} as it was", encoding="utf-8")
    monkeypatch.setattr(sources, "code_files", lambda: code_files(code))
    monkeypatch.setattr(sources, "notebooks_folder", lambda: notebooks)
    found = Asked((), tmp_path / "data", tmp_path / "out", {"inline": False})
    found.ended(STANDS, found.begun())
    return found


def everything(root):
    return sorted(path for path in root.rglob("*") if path.is_file() and path.name != STAMP)


def test_untouched_it_stands_with_its_notes(asked):
    assert asked.unchanged() == STANDS


def test_the_same_folders_may_be_called_otherwise(asked, monkeypatch):
    monkeypatch.chdir(asked.data)
    assert Asked((), Path(), Path("../out"), asked.options).unchanged() == STANDS


def test_any_byte_of_any_file_ends_it(asked):
    chance = random.Random(1)
    for path in everything(asked.data.parent):
        before = path.read_bytes()
        at = chance.randrange(len(before))
        path.write_bytes(before[:at] + bytes([before[at] ^ 1 << chance.randrange(8)]) + before[at + 1 :])
        assert asked.unchanged() is None, path
        path.write_bytes(before)
        asked.ended(STANDS, asked.begun())  # of what is only held by name, size and time, the time is another now
        assert asked.unchanged() == STANDS


def test_a_file_more_less_or_moved_ends_it(asked):
    for path in everything(asked.data.parent):
        away = path.with_name(f"{path.stem}-{path.suffix}")
        shutil.move(path, away)
        assert asked.unchanged() is None, path
        shutil.move(away, path)
        assert asked.unchanged() == STANDS
        extra = path.with_name(f"extra{path.suffix}")
        extra.touch()
        assert asked.unchanged() is None, path
        extra.unlink()


@pytest.mark.parametrize("options", [{"inline": True}, {"inline": False, "pdf": True}])
def test_other_options_or_years_are_another_run(asked, options):
    assert Asked((), asked.data, asked.out, options).unchanged() is None
    assert Asked(("2021",), asked.data, asked.out, asked.options).unchanged() is None


@pytest.mark.parametrize(
    "left", ["", "{", "[]", '{"pages": 1}', '{"pages": "x", "notes": [], "rests_on": "", "made": ""}']
)
def test_a_damaged_stamp_says_nothing(asked, left):
    (asked.out / STAMP).write_text(left, encoding="utf-8")
    assert asked.unchanged() is None


def test_parts_of_a_scheme_that_lie_elsewhere_count(asked, tmp_path):
    part = tmp_path / "elsewhere" / "part.yaml"
    part.parent.mkdir()
    part.write_text("a: 1", encoding="utf-8")
    read = {part: hashlib.sha256(part.read_bytes()).hexdigest()}
    asked.ended(STANDS, asked.begun(), read)
    assert asked.unchanged() == STANDS
    more = part.with_name("more.yml")
    more.touch()
    assert asked.unchanged() is None, "a scheme takes all that there are"
    more.unlink()
    assert asked.unchanged() == STANDS
    part.write_text("a: 2", encoding="utf-8")
    assert asked.unchanged() is None
    part.unlink()
    assert asked.unchanged() is None
    asked.ended(STANDS, asked.begun(), read)
    assert asked.unchanged() is None
    part.write_text("a: 2", encoding="utf-8")
    asked.ended(STANDS, asked.begun(), read)  # it changed after it was read
    assert asked.unchanged() is None


def test_what_changes_while_a_run_goes_on_is_not_taken_for_what_it_read(asked):
    begun = asked.begun()
    (asked.data / "raw" / ".kaohe-2021.jsonl").write_text("what the run itself notes", encoding="utf-8")
    asked.ended(STANDS, begun)
    assert asked.unchanged() == STANDS
    for name in ("data/raw/2021/a.csv", "code/a.py", "notebooks/unit.ipynb"):
        begun = asked.begun()
        (asked.data.parent / name).write_text("another by now", encoding="utf-8")
        asked.ended(STANDS, begun)
        assert asked.unchanged() is None


def test_nor_is_what_changes_while_its_stamp_is_written(asked):
    table, begun = asked.data / "raw" / "2021" / "a.csv", asked.begun()

    def found(data):
        same = sources.rested_on(data)
        table.write_text("another a moment later", encoding="utf-8")
        return same

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unchanged, "rested_on", found)
        asked.ended(STANDS, begun)
    assert asked.unchanged() is None
    table.write_text("data/raw/2021/a.csv as it was", encoding="utf-8")
    assert asked.unchanged() == STANDS


def test_a_run_under_way_takes_it_back(asked):
    asked.begun()
    assert asked.unchanged() is None
    asked.begun()


def test_caches_of_compiled_code_do_not_matter(asked):
    cache = asked.data.parent / "code" / "__pycache__" / "a.pyc"
    cache.parent.mkdir()
    cache.write_bytes(b"compiled")
    assert asked.unchanged() == STANDS
