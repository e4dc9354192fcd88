"""A history that was deleted or shortened, manifest and all, contradicts what stands beside the raw data."""

import json
import os
import shutil

import pytest
from typer.testing import CliRunner

from kaohe.cli import app
from kaohe.intake.year.listed import list_years
from kaohe.scoring import history, witness
from kaohe.scoring.final import freeze, unfreeze, verify
from kaohe.scoring.finality import finality
from kaohe.scoring.refusal import RefusedError
from tests.scoring.test_final import YEAR, Office
from tests.small import small_year

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    base = tmp_path_factory.mktemp("witness")
    small_year(base / "data", units=("C01",))
    office = Office(base / "data")
    office.score()
    freeze(office.folder, office.read(), office.raw, "领导小组通过", pending=True)
    return office


def without_the_freeze(office):
    """The record is gone, and the manifest says nothing of it."""
    records = sorted((office.folder / "history" / "records").iterdir())
    records[1].unlink()
    path = office.folder / "manifest.json"
    (last,) = history.records(office.folder)
    about = json.loads(path.read_text(encoding="utf-8"))
    about |= {"status": "暂定", "record": {"number": last.number, "sha256": last.sha256}}
    path.write_text(json.dumps(about), encoding="utf-8")


def changed(office):
    path = office.raw / YEAR / "metrics.csv"
    path.write_bytes(path.read_bytes() + b"\r\n")


def test_a_freeze_taken_out_of_history_and_manifest_is_noticed_and_binds(office):
    assert office.problems() == []
    without_the_freeze(office)
    assert any("第 2 条历史记录（定稿" in each and ".kaohe-2018-2019.jsonl" in each for each in office.problems())
    changed(office)
    with pytest.raises(RefusedError, match="写明 2018-2019 学年已定稿，历史中却没有"):
        office.score()
    office.score(unfreeze="领导小组重开")
    assert not witness.frozen(office.folder, office.raw)
    assert any("第 2 条历史记录（定稿" in each for each in office.problems())  # what was done is not forgotten


def test_so_is_all_of_it_deleted(office):
    shutil.rmtree(office.folder)
    run = CliRunner().invoke(app, ["verify", YEAR, "--data", str(office.raw.parent)])
    assert (run.exit_code, "第 1 条历史记录（评分" in run.output) == (1, True)
    with pytest.raises(RefusedError, match="已定稿"):
        office.score()
    office.score(unfreeze="重来")
    assert [record.event for record in history.records(office.folder)] == ["unfreeze", "score"]
    assert any("第 1 条历史记录（评分" in each for each in office.problems())


def test_what_goes_on_in_order_is_content(office):
    unfreeze(office.folder, office.raw, "申诉成立")
    changed(office)
    office.score()
    assert office.problems() == []
    assert [each.event for each in witness.links(office.folder, office.raw)] == ["score", "freeze", "unfreeze", "score"]
    assert witness.behind(office.folder, office.raw) == ""


def test_raw_data_that_are_scored_for_two_folders_of_results_accuse_neither(office, tmp_path):
    shutil.copytree(office.raw.parent / "processed", tmp_path / "other" / "processed")
    (tmp_path / "other" / "raw").symlink_to(office.raw, target_is_directory=True)
    other = Office(tmp_path / "other")
    shutil.rmtree(other.folder)
    other.score()
    assert (other.problems(), office.problems()) == ([], [])
    assert [each.event for each in witness.links(other.folder, office.raw)] == ["score"]
    assert [each.event for each in witness.links(office.folder, office.raw)] == ["score", "freeze"]


def test_it_is_no_year_no_table_and_ignored(office):
    place = witness.place_of(office.raw, YEAR)
    assert place.is_file()
    assert list_years(office.raw) == [YEAR]
    assert place.name.startswith(".kaohe")  # as .gitignore has it
    assert not office.read().has_errors


def test_a_page_names_the_last_record_as_the_listing_does(office):
    last = history.records(office.folder)[-1]
    assert finality(office.folder).endswith(f"历史第 2 条 {last.sha256[:8]}")
    run = CliRunner().invoke(app, ["history", YEAR, "--data", str(office.raw.parent)])
    assert f"定稿  {last.sha256[:8]}" in run.output


@pytest.mark.parametrize("line", ["{", "[]", '{"number": null}', "[" * 100_000, "\x00"])
def test_damaged_it_is_told(office, line):
    place = witness.place_of(office.raw, YEAR)
    place.write_text(place.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    assert any(f"{place} 第 3 行已损坏" in each for each in verify(office.folder, office.raw))


def test_gone_or_not_writable_is_a_note(office, monkeypatch):
    witness.place_of(office.raw, YEAR).unlink()
    run = CliRunner().invoke(app, ["verify", YEAR, "--data", str(office.raw.parent)])
    assert (run.exit_code, "没有在" in run.output) == (0, True)

    def refuse(path, text):
        from kaohe.files import FileInUseError

        raise FileInUseError(str(path)) from PermissionError(13, "no")

    monkeypatch.setattr(witness, "write_text", refuse)
    witness.bear_witness(office.folder, office.raw)
    assert witness.behind(office.folder, office.raw)


def test_another_years_final_results_are_written_by_no_option(office, tmp_path):
    """Of another folder of data: `--out` leads there."""
    small_year(tmp_path / "mine", units=("C01",))
    changed(Office(tmp_path / "mine"))
    before = (office.folder / "manifest.json").read_bytes()
    for more in ([], ["--policy", "funding_steps=proportional"]):
        words = ["score", YEAR, "--data", str(tmp_path / "mine"), "--out", str(office.folder.parent), *more]
        run = CliRunner().invoke(app, words)
        assert run.exit_code == 1, run.output
        assert "定稿" in run.output or "试算不能覆盖" in run.output
    assert (office.folder / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("name", ["...yaml", "..yaml", ".yaml", "....yaml", "..\\x.yaml", "con.yaml"])
def test_a_scenarios_name_is_no_path(office, tmp_path, name):
    text = f'version: 1\nyear: "{YEAR}"\ntitle: x\npolicies:\n  funding_steps: "proportional"\n'
    (tmp_path / name).write_text(text, encoding="utf-8")
    manifest = (office.folder / "manifest.json").read_bytes()
    run = CliRunner().invoke(app, ["score", YEAR, "--scenario", str(tmp_path / name), "--data", str(office.raw.parent)])
    assert run.exit_code == 0, run.output
    (folder,) = (office.folder.parent / "scenarios").iterdir()
    assert (folder / YEAR / "manifest.json").is_file()
    assert folder.name.strip(".")
    assert (office.folder / "manifest.json").read_bytes() == manifest


def test_demonstration_years_are_written_into_no_year_and_among_no_results(office):
    data = office.raw.parent
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    for place in (office.raw / YEAR, office.raw / YEAR / "财务处", office.folder, data / "processed"):
        for more in ([], ["--overwrite"], ["--remove"]):
            run = CliRunner().invoke(app, ["demo", str(place), *more])
            assert (run.exit_code, "不往那里写" in run.output) == (2, True), (place, more, run.output)
    for more in ("--overwrite", "--remove"):
        run = CliRunner().invoke(app, ["demo", str(office.raw), more])
        assert (run.exit_code, "已定稿" in run.output) == (1, True), run.output
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_nothing_is_kept_through_a_link(office, tmp_path):
    shutil.rmtree(office.folder / "history")
    (tmp_path / "elsewhere").mkdir()
    (office.folder / "history").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    witness.place_of(office.raw, YEAR).unlink()
    run = CliRunner().invoke(app, ["score", YEAR, "--unfreeze", "--reason", "x", "--data", str(office.raw.parent)])
    assert (run.exit_code, "是链接" in run.output) == (1, True), run.output
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_that_names_no_scheme_is_told_though_it_leads_nowhere(office, tmp_path):
    about = office.raw.parent / "kaohe.yaml"
    for made in (lambda: about.symlink_to(tmp_path / "nowhere"), lambda: os.mkfifo(about)):
        made()
        for words in (["check", YEAR], ["score", YEAR], ["verify", YEAR]):
            run = CliRunner().invoke(app, [*words, "--data", str(office.raw.parent)])
            assert (run.exit_code, "kaohe.yaml" in run.output or words[0] == "verify") == (1, True), run.output
        about.unlink()


def test_raw_data_that_are_gone_are_told_as_such(office):
    shutil.rmtree(office.raw / YEAR)
    run = CliRunner().invoke(app, ["verify", YEAR, "--data", str(office.raw.parent)])
    assert (run.exit_code, "原始数据的文件夹不见了" in run.output) == (1, True), run.output


def test_no_command_writes_its_file_among_raw_data_or_results(office, tmp_path):
    data = office.raw.parent
    link = tmp_path / "link"
    link.symlink_to(office.raw, target_is_directory=True)
    places = (office.raw, office.raw / YEAR, link / YEAR, office.folder, data / "processed")
    given = {
        "export": lambda place: [YEAR, place / "x.xlsx"],
        "check": lambda place: [YEAR, "--out", place / "x.xlsx"],
        "template": lambda place: [YEAR, place / "x.xlsx"],
        "appeal": lambda place: [YEAR, "C01", "K3.1", "--out", place / "x.html"],
        "notice": lambda place: [YEAR, "C01", "--out", place / "x.html"],
        "diff": lambda place: [YEAR, YEAR, "--out", place / "x.html"],
        "report": lambda place: [YEAR, "--out", place],
        "history": lambda place: [YEAR, "--restore", "0", place],
    }
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    for command, words in given.items():
        for place in places:
            more = ["--overwrite"] if command not in ("report", "history") else []
            run = CliRunner().invoke(app, [command, *map(str, words(place)), *more, "--data", str(data)])
            assert (run.exit_code, "不往那里写" in run.output) == (2, True), (command, place, run.output)
    for words in (["--tidy", office.folder / "results.parquet", "--overwrite"], ["--tidy", office.raw / "x.csv"]):
        run = CliRunner().invoke(app, ["export", *map(str, words), "--data", str(data)])
        assert (run.exit_code, "不往那里写" in run.output) == (2, True), run.output
    for words in (
        ["doc", "lygtc-2018", "--out", office.raw / "x.html"],
        ["new", "q", "--out", office.raw / YEAR / "q"],
    ):
        run = CliRunner().invoke(app, ["scheme", *map(str, words)])
        assert (run.exit_code, "不往那里写" in run.output) == (2, True), run.output
    for place in (office.raw, office.folder, office.folder / "history"):
        for trial in ([], ["--policy", "funding_steps=proportional"]):
            run = CliRunner().invoke(app, ["score", YEAR, "--out", str(place), "--data", str(data), *trial])
            assert (run.exit_code, "不往那里写" in run.output) == (2, True), run.output
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before
