"""What kaohe keeps may be damaged or edited: whoever reads it says file, fault and remedy, and no traceback."""

import gzip
import json
import os
import shutil

import pytest
from typer.testing import CliRunner

from kaohe.analysis.scorings import moved
from kaohe.analysis.settled import PUBLISHED
from kaohe.cli import app
from kaohe.exchange.receipts import LEDGER, LedgerError, Receipt, as_text, receipts
from kaohe.files.kept import DEEPEST, DamagedError, KeptError, kept_json, unpacked
from kaohe.scoring import history
from kaohe.scoring.final import freeze, verify
from kaohe.scoring.finality import finality
from kaohe.scoring.refusal import RefusedError
from kaohe.scoring.witness import place_of
from kaohe.scoring.write import manifest_of, read_manifest
from tests.scoring.test_final import YEAR, Office
from tests.small import small_year

pytestmark = pytest.mark.slow

BYTES = (0x00, 0x0A, 0x20, 0x22, 0x31, 0x5C, 0x7B, 0x80, 0xFF)
"""Of every kind: none, line end, space, quote, digit, backslash, bracket, half a character, no character."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two scorings, the second final."""
    base = tmp_path_factory.mktemp("kept")
    small_year(base / "data", units=("C01",))
    office = Office(base / "data")
    office.score()
    metrics = office.raw / YEAR / "metrics.csv"
    metrics.write_bytes(metrics.read_bytes() + b"\r\n")
    office.score()
    freeze(office.folder, office.read(), office.raw, "领导小组通过", pending=True)
    return office


def read_all(office, aside):
    """Everything that reads what was kept; the sentences in which it is told."""
    folder, said = office.folder, list(verify(office.folder, office.raw))
    for work in (
        lambda: finality(folder),
        lambda: moved(folder, *history.scorings(folder)[:2]),
        lambda: [history.restore(folder, each, aside / each.id) for each in history.scorings(folder)],
        lambda: history.frozen_by(folder),
        lambda: history.entries(folder, [("unfreeze", read_manifest(folder), "x")]) if read_manifest(folder) else 0,
    ):
        try:
            work()
        except (KeptError, RefusedError) as error:
            said.append(str(error))
        for left in aside.glob("*"):
            shutil.rmtree(left)
    return said


def flips(content, step):
    """The content with one byte changed, at every `step`-th place and at the ends of the file, to every kind."""
    places = {*range(12), *range(0, len(content), step), *range(len(content) - 8, len(content))}
    for turn, place in enumerate(sorted(each for each in places if 0 <= each < len(content))):
        byte = BYTES[turn % len(BYTES)]
        if content[place] != byte:
            yield content[:place] + bytes([byte]) + content[place + 1 :]


def test_one_byte_of_a_packed_file_is_told_wherever_it_is(made):
    """By the reader that all of them go through."""
    for path in sorted((made.folder / "history" / "files").rglob("*.gz")):
        content = path.read_bytes()
        sha256 = path.name.removesuffix(".gz")
        for changed in [*flips(content, max(1, len(content) // 40)), content[:-3], content * 2, content + b"x", b""]:
            path.write_bytes(changed)
            try:
                said = history.kept(made.folder, sha256) == gzip.decompress(content)  # a flag or time nobody reads
            except history.HistoryError as error:
                said = path.name in str(error) and history.ADVICE in str(error)
            assert said
        path.write_bytes(content)


def test_neither_does_a_byte_of_a_record_a_manifest_or_a_ledger_end_in_a_traceback(office):
    records = office.folder / "history" / "records"
    (office.raw / YEAR / LEDGER).write_text(as_text([Receipt(*"abcdef", 1, 2, 3)] * 2), encoding="utf-8")
    for path, read, error in (
        (min(records.iterdir()), lambda: history.records(office.folder), history.HistoryError),
        (office.folder / "manifest.json", lambda: manifest_of(office.folder), DamagedError),
        (office.raw / YEAR / LEDGER, lambda: receipts(office.raw / YEAR), LedgerError),
    ):
        content, told = path.read_bytes(), 0
        for changed in flips(content, max(1, len(content) // 150)):
            path.write_bytes(changed)
            try:
                read()  # where a letter of a text is another the hash of the file tells, or nobody
            except error as fault:
                told += str(path) in str(fault)
        path.write_bytes(content)
        assert told > 10


EDITS = {
    "number": None, "event": "destroy", "id": "\x1b[2J", "time": 3, "reason": None, "previous": [], "manifest": [],
    "manifest.id": None, "manifest.year": "../../..", "manifest.scheme": "x", "manifest.scheme.id": None,
    "manifest.policies": [], "manifest.policies.fail_line": None, "manifest.provisional": "no",
    "manifest.inputs": {"../../../x": "0" * 64}, "manifest.inputs.units.csv": 3, "manifest.previous_year": "..",
    "manifest.results": {}, "manifest.results.scores.parquet": "../x", "more": 1,
}  # fmt: skip


PLACES = [("record", edit) for edit in EDITS] + [("manifest", edit) for edit in EDITS if edit.startswith("manifest.")]


@pytest.mark.parametrize(("which", "edit"), PLACES)
def test_an_edited_record_or_manifest_is_told(office, tmp_path, which, edit):
    path = office.folder / "manifest.json"
    if which == "record":
        path = min((office.folder / "history" / "records").iterdir())
    about = json.loads(path.read_text(encoding="utf-8"))
    inside, names = about, edit.removeprefix("manifest.") if which == "manifest" else edit
    first, _, rest = names.partition(".")
    while rest and first in ("manifest", "scheme", "policies", "inputs", "results"):
        inside, names = inside[first], rest
        first, _, rest = names.partition(".")
    inside[names] = EDITS[edit]
    path.write_text(json.dumps(about), encoding="utf-8")
    told = read_all(office, tmp_path / "aside")
    assert any(path.name in each for each in told), told
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"null", b"3", b"NaN", b'{"a": NaN}', b"[" * 100_000, b'{"id": "\\ud800"}']
)
def test_what_is_no_manifest_is_none(office, tmp_path, content):
    (office.folder / "manifest.json").write_bytes(content)
    assert any("manifest.json" in each for each in read_all(office, tmp_path / "aside"))


@pytest.mark.skipif(os.name == "nt", reason="no pipes")
def test_a_pipe_in_place_of_a_file_does_not_hang(office, tmp_path):
    for path in (office.folder / "manifest.json", *(office.folder / "history").rglob("*.*")):
        whole = path.read_bytes()
        path.unlink()
        os.mkfifo(path)
        said = list(verify(office.folder, office.raw))
        assert any("不是普通文件" in each for each in said), path
        path.unlink()
        path.write_bytes(whole)
    assert list(verify(office.folder, office.raw)) == []


def test_a_folder_in_place_of_a_file_is_told_by_its_name(office):
    for path in (office.folder / "manifest.json", place_of(office.raw, YEAR)):
        whole = path.read_bytes()
        path.unlink()
        path.mkdir()
        told = list(verify(office.folder, office.raw))
        assert any(f"{path} 不是普通文件" in each for each in told), told
        path.rmdir()
        path.write_bytes(whole)


def test_json_is_read_so_deep_and_so_far(tmp_path):
    path = tmp_path / "a.json"
    for content, problem in (
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "太多层"),
        ('"\\ud800"', "不成文字"),
        ("{", "JSON"),
    ):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(DamagedError, match=problem):
            kept_json(path, lambda found: "")
    with pytest.raises(DamagedError, match=r"解不开|不完整"):
        unpacked(gzip.compress(b"0" * 10_000), path, most=100)


@pytest.mark.parametrize(
    "line", ['{"time": null}', "[]", "[" * 100_000, '{"a": 1}', "3", as_text([Receipt(*"abcdef", 1, 2, 3)])[:-5]]
)
def test_a_damaged_ledger_is_told_by_line(tmp_path, line):
    whole = as_text([Receipt(*"abcdef", 1, 2, 3)])
    (tmp_path / LEDGER).write_text(whole + line + "\n", encoding="utf-8")
    with pytest.raises(LedgerError, match=f"{LEDGER} 第 2 行不是收件记录，请改回原样"):
        receipts(tmp_path)
    (tmp_path / LEDGER).write_text(as_text([Receipt(*"abcdef", "1", 2, 3)]), encoding="utf-8")
    with pytest.raises(LedgerError, match="收件记录"):
        receipts(tmp_path)


@pytest.mark.parametrize("words", [("history",), ("verify",), ("diff", "000000"), ("explain", "C01"), ("status",)])
def test_the_commands_say_it(office, words):
    record = min((office.folder / "history" / "records").iterdir())
    about = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps({**about, "number": None}), encoding="utf-8")
    given = [words[0], *(() if words[0] == "diff" else (YEAR,)), *words[1:], *(words[1:] if words[0] == "diff" else ())]
    run = CliRunner().invoke(app, [*given, "--data", str(office.raw.parent)])
    assert run.exception is None or isinstance(run.exception, SystemExit)
    assert record.name in run.output


def test_verify_says_it_of_what_was_published_too(office):
    (office.folder / PUBLISHED).write_bytes(b"null")
    run = CliRunner().invoke(app, ["verify", YEAR, "--data", str(office.raw.parent)])
    assert run.exit_code == 1
    assert PUBLISHED in run.output
