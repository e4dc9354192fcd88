"""Every scoring is kept and can be made again; a final year stays as it is; what was changed by hand is noticed."""

import json
import shutil

import pandas as pd
import pyarrow.parquet as pq
import pytest

from kaohe.intake import read_year
from kaohe.scoring import history
from kaohe.scoring.final import freeze, unfreeze, verify
from kaohe.scoring.finality import finality, finality_of
from kaohe.scoring.refusal import RefusedError
from kaohe.scoring.score import score_intake
from kaohe.scoring.witness import place_of
from kaohe.scoring.write import Keeping, manifest, read_manifest, write_scores
from tests.faults import REFUSED, content, places, run_with
from tests.small import metric, small_year

pytestmark = pytest.mark.slow

YEAR = "2018-2019"


class Office:
    """A data folder, and what the office does with it."""

    def __init__(self, data):
        self.raw, self.folder = data / "raw", data / "processed" / YEAR

    def read(self, policies=None):
        return read_year(self.raw, YEAR, policies)

    def score(self, policies=None, *, provisional=False, csv=False, more=None, unfreeze=""):
        intake = self.read(policies)
        book = score_intake(intake, provisional=provisional)
        keeping = Keeping(self.raw, self.folder)
        about = manifest(book, intake)
        return write_scores(self.folder, book, about, csv=csv, more=more, keeping=keeping, unfreeze=unfreeze)

    def try_out(self, policies, folder, *, csv=False):
        intake = self.read(policies)
        book = score_intake(intake)
        return write_scores(folder, book, manifest(book, intake), csv=csv)

    def correct(self, value="0.45"):
        metric(self.raw / YEAR, "C02", "survey_rate", value)

    def freeze(self, reason="领导小组通过"):
        return freeze(self.folder, self.read(), self.raw, reason)

    def problems(self):
        return list(verify(self.folder, self.raw, self.read()))


@pytest.fixture
def office(tmp_path):
    small_year(tmp_path, units=("C01", "C02", "D03"))
    return Office(tmp_path)


def test_the_same_inputs_again_add_nothing_and_give_the_same_bytes(office):
    office.score()
    first = content(office.folder)
    office.score()
    assert content(office.folder) == first
    assert len(history.records(office.folder)) == 1


def test_a_correction_is_a_second_scoring_and_the_first_can_be_made_again(office, tmp_path):
    office.score()
    first = {name: (office.folder / name).read_bytes() for name in history.TABLES}
    office.correct()
    office.score()
    before, after = history.scorings(office.folder)
    assert before.id != after.id
    assert {name: history.kept(office.folder, before.manifest["results"][name]) for name in first} == first
    again = Office(tmp_path / "again")
    history.restore(office.folder, history.find(office.folder, before.id[:6]), again.raw)
    again.score()
    assert {name: (again.folder / name).read_bytes() for name in first} == first
    assert read_manifest(again.folder)["id"] == before.id


def test_a_raw_file_is_kept_once(office):
    office.score()
    kept = set(content(office.folder / "history" / "files"))
    office.correct()
    office.score()
    new = set(content(office.folder / "history" / "files")) - kept
    assert len(new) == 4  # metrics.csv, scores, results, nodes


def test_back_to_what_was_is_told_too(office):
    office.score()
    office.correct()
    office.score()
    office.correct("0.8261")
    office.score()
    first, _, last = history.scorings(office.folder)
    assert (first.id, first.number, last.number) == (last.id, 1, 3)


def test_an_unknown_id_is_refused_with_those_there_are(office):
    office.score()
    known = history.scorings(office.folder)[0].id
    with pytest.raises(history.HistoryError, match=f"没有这个编号的评分；有：{known}"):
        history.find(office.folder, "zzz")
    office.correct()
    office.score()
    with pytest.raises(history.HistoryError, match="不止一次"):
        history.find(office.folder, "")


def test_a_raw_file_changed_while_scoring_stops_the_writing(office):
    office.score()
    before = content(office.folder)
    intake = office.read()
    book = score_intake(intake)
    office.correct()
    with pytest.raises(RefusedError, match=r"评分期间 .*metrics.csv 有改动"):
        write_scores(office.folder, book, manifest(book, intake), keeping=Keeping(office.raw, office.folder))
    assert content(office.folder) == before


@pytest.mark.parametrize("name", ["教务处/awards.csv", "vetoes.csv", "policies.yaml"])
def test_a_raw_file_new_or_gone_while_scoring_stops_the_writing(office, name):
    path = office.raw / YEAR / name
    had = path.is_file()
    intake = office.read()
    book = score_intake(intake)
    if had:
        path.unlink()
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text("", encoding="utf-8")
    with pytest.raises(RefusedError, match=f"评分期间 .*{name} 有改动"):
        write_scores(office.folder, book, manifest(book, intake), keeping=Keeping(office.raw, office.folder))
    assert content(office.folder) == {}


def test_a_csv_that_is_there_does_not_stay_behind(office):
    office.score(csv=True)
    office.correct()
    office.score()
    csv = pd.read_csv(office.folder / "scores.csv", encoding="utf-8-sig")
    assert list(csv["points"].dropna()) == list(pd.read_parquet(office.folder / "scores.parquet")["points"].dropna())
    assert office.problems() == []


def test_what_a_report_made_of_older_results_goes_with_them(office):
    office.score(more={"book.json": "{}"})
    office.score()
    assert (office.folder / "book.json").is_file()
    office.correct()
    office.score()
    assert not (office.folder / "book.json").exists()


@pytest.mark.parametrize("name", ["scores.parquet", "results.parquet", "scores.csv"])
def test_results_edited_by_hand_are_named(office, name):
    office.score(csv=True)
    assert office.problems() == []
    path = office.folder / name
    path.write_bytes(path.read_bytes() + b" ")
    assert [problem for problem in office.problems() if name in problem and "被改动过" in problem]
    path.unlink()
    assert [problem for problem in office.problems() if name in problem and "不见了" in problem]


def test_a_manifest_made_to_fit_is_noticed(office):
    office.score()
    path = office.folder / "manifest.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    about["results"]["results.parquet"] = "0" * 64
    path.write_text(json.dumps(about), encoding="utf-8")
    assert any("评分编号" in problem for problem in office.problems())
    path.write_text("{", encoding="utf-8")
    assert any("manifest.json 已损坏" in problem for problem in office.problems())


def test_raw_files_changed_added_or_gone_since_are_named(office):
    office.score()
    office.correct()
    (office.raw / YEAR / "awards.csv").unlink()
    sub = office.raw / YEAR / "教务处"
    sub.mkdir()
    (sub / "成果.csv").write_bytes((office.raw / YEAR / "achievements.csv").read_bytes())
    told = "\n".join(office.problems())
    for part in (
        "metrics.csv：原始文件在评分之后有改动",
        "awards.csv：评分所用的原始文件不见了",
        "成果.csv：原始文件是评分之后",
    ):
        assert part in told


def test_a_spoiled_history_is_named(office):
    office.score()
    record = history.scorings(office.folder)[0]
    path = history.place_of(office.folder, record.manifest["inputs"]["units.csv"])
    path.write_bytes(b"spoiled")
    assert any(str(path) in problem for problem in office.problems())


def test_what_comes_after_the_freeze_is_written_into_the_years_file_of_a_final_year(office):
    office.score()
    office.freeze()
    words = office.raw / YEAR / "year.yaml"
    words.write_text("notice: {contact: 王老师}\nsteps: {notice: 2019-09-30}\n", encoding="utf-8")
    office.score()
    assert finality(office.folder).startswith("定稿（")
    assert office.problems() == []
    words.write_text("admissions_until: 2019-09-30\n", encoding="utf-8")  # points rest on this one
    with pytest.raises(RefusedError, match=r"原始数据有改动（year.yaml）"):
        office.score()


def test_a_final_year_takes_the_same_inputs_and_no_others(office):
    office.score()
    assert read_manifest(office.folder)["status"] == "暂定"
    assert finality(office.folder).startswith("暂定（尚未定稿）　数据截至 ")
    office.freeze()
    assert read_manifest(office.folder)["status"] == "定稿"
    assert finality(office.folder).startswith("定稿（")
    final = content(office.folder)
    office.score()
    assert content(office.folder) == final
    office.correct()
    with pytest.raises(RefusedError, match=r"已于 .* 定稿（领导小组通过）.*原始数据有改动（metrics.csv）.*--unfreeze"):
        office.score()
    assert content(office.folder) == final
    decided = office.raw / YEAR / "policies.yaml"
    decided.write_text("fail_line: {value: 0.5}\n", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"读法不同（fail_line）"):
        office.score()
    decided.unlink()
    unfreeze(office.folder, office.raw, "申诉成立")
    office.score()
    assert read_manifest(office.folder)["status"] == "暂定"
    told = [(record.event, record.reason) for record in history.records(office.folder)]
    assert told == [("score", ""), ("freeze", "领导小组通过"), ("unfreeze", "申诉成立"), ("score", "")]
    assert office.problems() == []


def test_only_what_stands_can_be_made_final(office):
    with pytest.raises(RefusedError, match="还没有评分结果"):
        office.freeze()
    with pytest.raises(RefusedError, match="试算不能写进"):
        office.score({"fail_line": "0.5"})
    office.try_out({"fail_line": "0.5"}, office.folder)  # as versions did that knew no trials
    with pytest.raises(RefusedError, match="试算的读法（fail_line）"):
        office.freeze()
    assert any("其中是试算" in problem for problem in office.problems())
    office.score(provisional=True)
    with pytest.raises(RefusedError, match="缺项暂计"):
        office.freeze()
    office.score()
    office.correct()
    with pytest.raises(RefusedError, match=r"核对不符.*\n.*metrics.csv"):
        office.freeze()
    office.score()
    office.freeze()
    with pytest.raises(RefusedError, match="已于"):
        office.freeze()
    unfreeze(office.folder, office.raw, "x")
    with pytest.raises(RefusedError, match="没有定稿"):
        unfreeze(office.folder, office.raw, "x")


def test_another_version_that_finds_the_same_is_no_other_scoring_of_a_final_year(office, monkeypatch):
    office.score()
    office.freeze()
    monkeypatch.setattr("kaohe.scoring.write.kaohe_version", lambda: "9")
    office.score()
    assert read_manifest(office.folder)["status"] == "定稿"


def test_a_record_that_leads_out_of_the_folder_is_refused(office, tmp_path):
    office.score()
    record = history.scorings(office.folder)[0]
    evil = history.Record(**{**vars(record), "manifest": {**record.manifest, "inputs": {"../../x.csv": "0" * 64}}})
    with pytest.raises(history.HistoryError, match="不可用"):
        history.restore(office.folder, evil, tmp_path / "out")


def records_of(office):
    return sorted((office.folder / "history" / "records").glob("*.json"))


def test_a_freeze_is_not_undone_by_deleting_its_record(office):
    office.score()
    office.freeze()
    assert office.problems() == []
    records_of(office)[-1].unlink()
    problems = "\n".join(office.problems())
    assert "应有 2 条，现有 1 条" in problems
    assert "写明“定稿”，而按历史应为“暂定”" in problems
    office.correct()
    with pytest.raises(RefusedError, match="历史中却没有定稿的记录"):
        office.score()
    shutil.rmtree(office.folder / "history")
    assert any("现有 0 条" in each for each in office.problems())
    with pytest.raises(RefusedError, match="历史中却没有定稿的记录"):
        office.score()
    office.score(unfreeze="历史丢失，重新开始")
    assert len(office.problems()) == 2  # beside the raw data it is not forgotten
    assert all("里记着它" in each for each in office.problems())
    place_of(office.raw, YEAR).unlink()
    assert office.problems() == []
    assert [(record.event, record.reason) for record in history.records(office.folder)] == [
        ("unfreeze", "历史丢失，重新开始"), ("score", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_record_changed_by_hand_is_noticed(office, number):
    office.score()
    office.correct()
    office.score()
    office.freeze()
    path = records_of(office)[number]
    path.write_text(path.read_text("utf-8").replace('"time": "2', '"time": "1'), encoding="utf-8")
    assert any("被改动过" in each for each in office.problems())


def test_a_record_gone_from_the_middle_is_noticed(office):
    office.score()
    office.correct()
    office.score()
    records_of(office)[0].unlink()
    assert any("缺第 1 条" in each for each in office.problems())


def test_a_status_written_by_hand_is_noticed(office):
    office.score()
    path = office.folder / "manifest.json"
    path.write_text(path.read_text("utf-8").replace("暂定", "定稿"), encoding="utf-8")
    assert any("写明“定稿”，而按历史应为“暂定”" in each for each in office.problems())


def test_a_freeze_is_taken_back_together_with_the_new_results_or_not_at_all(office, tmp_path):
    office.score()
    office.freeze()
    office.correct()
    old = content(office.folder)
    passed = places(lambda: office.score(unfreeze="申诉成立"), tmp_path / "places")
    new = [record.event for record in history.records(office.folder)]
    assert new == ["score", "freeze", "unfreeze", "score"]
    full = next(number for number, place in enumerate(passed, 1) if place == "replace .kaohe-commit")
    for name in content(office.folder):
        (office.folder / name).unlink()
    for name, each in old.items():
        (office.folder / name).write_bytes(each)
    assert run_with(f"full={full}", lambda: office.score(unfreeze="申诉成立")) == REFUSED
    assert {name: each for name, each in content(office.folder).items() if "/files/" not in name} == {
        name: each for name, each in old.items() if "/files/" not in name
    }
    assert history.frozen_by(office.folder)


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"id": "x"}', '{"id": "x", "results": null}', '{"results": null}', '{"id": "x", "results": {}}'],
)
def test_a_manifest_that_is_none_is_told_and_scored_over(office, text):
    office.score()
    (office.folder / "manifest.json").write_text(text, encoding="utf-8")
    assert any("manifest.json" in each for each in office.problems())
    with pytest.raises(RefusedError):
        office.freeze()
    office.score()
    assert office.problems() == []


def test_a_record_without_its_manifest_is_told(office):
    office.score()
    (path,) = records_of(office)
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "manifest": {}}), encoding="utf-8")
    assert any("没有完整的评分说明" in each for each in office.problems())
    with pytest.raises(history.HistoryError, match="没有完整的评分说明"):
        history.records(office.folder)


def test_a_trial_says_so_in_every_file_and_is_no_scoring(office, tmp_path):
    office.score()
    before, place = content(office.folder), tmp_path / "试"
    with pytest.raises(RefusedError, match="试算不能覆盖它"):
        office.try_out({"fail_line": "0.5"}, office.folder)
    assert content(office.folder) == before
    same = office.read({"fail_line": "0.6"})  # what is in force anyway
    assert finality_of(office.folder, manifest(score_intake(same), same)).scoring is None
    written = office.try_out({"fail_line": "0.5"}, place, csv=True)
    tables = {f"{name}{end}" for name in ("scores", "results", "nodes") for end in (".parquet", "-试算.csv")}
    assert {path.name for path in written} == {*tables, "manifest.json"}
    about = read_manifest(place)
    assert (about["trial"], about["status"]) == (True, "试算")
    assert finality_of(place, about).line.startswith("试算读法：fail_line，不是考核结果")
    mine, real = (pq.read_schema(folder / "results.parquet") for folder in (place, office.folder))
    assert "试算" in mine.metadata[b"kaohe"].decode()
    assert b"kaohe" not in real.metadata
    assert history.records(place) == []
    with pytest.raises(RefusedError, match="试算"):
        freeze(place, office.read(), office.raw, "x")


def test_a_trial_goes_on_in_a_final_year(office, tmp_path):
    office.score()
    office.freeze()
    before = content(office.folder)
    office.try_out({"fail_line": "0.5"}, tmp_path / "试")
    office.try_out({"fail_line": "0.6"}, tmp_path / "试")
    assert read_manifest(tmp_path / "试")["policies"]["fail_line"] == {"value": "0.6", "origin": "run"}
    assert content(office.folder) == before
