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
from kaohe.scoring.witness import bear_witness, place_of
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


UNITS = ("C01", "C02", "D03")


@pytest.fixture
def office(tmp_path):
    """One that has not scored yet."""
    small_year(tmp_path, units=UNITS)
    return Office(tmp_path)


@pytest.fixture(scope="module")
def _scored(tmp_path_factory):
    """The data folder of one that has scored once."""
    data = tmp_path_factory.mktemp("scored")
    small_year(data, units=UNITS)
    Office(data).score()
    return data


@pytest.fixture
def scored(_scored, tmp_path):
    """One that has, to go on with."""
    shutil.copytree(_scored, tmp_path, dirs_exist_ok=True)
    return Office(tmp_path)


def test_the_same_inputs_again_add_nothing_and_give_the_same_bytes(scored):
    first = content(scored.folder)
    scored.score()
    assert content(scored.folder) == first
    assert len(history.records(scored.folder)) == 1


def test_a_correction_is_a_second_scoring_and_the_first_can_be_made_again(scored, tmp_path):
    first = {name: (scored.folder / name).read_bytes() for name in history.TABLES}
    scored.correct()
    scored.score()
    before, after = history.scorings(scored.folder)
    assert before.id != after.id
    assert {name: history.kept(scored.folder, before.manifest["results"][name]) for name in first} == first
    again = Office(tmp_path / "again")
    history.restore(scored.folder, history.find(scored.folder, before.id[:6]), again.raw)
    again.score()
    assert {name: (again.folder / name).read_bytes() for name in first} == first
    assert read_manifest(again.folder)["id"] == before.id


def test_a_raw_file_is_kept_once(scored):
    kept = set(content(scored.folder / "history" / "files"))
    scored.correct()
    scored.score()
    new = set(content(scored.folder / "history" / "files")) - kept
    assert len(new) == 4  # metrics.csv, scores, results, nodes


def test_back_to_what_was_is_told_too(scored):
    scored.correct()
    scored.score()
    scored.correct("0.8261")
    scored.score()
    first, _, last = history.scorings(scored.folder)
    assert (first.id, first.number, last.number) == (last.id, 1, 3)


def test_an_unknown_id_is_refused_with_those_there_are(scored):
    known = history.scorings(scored.folder)[0].id
    with pytest.raises(history.HistoryError, match=f"没有这个编号的评分；有：{known}"):
        history.find(scored.folder, "zzz")
    scored.correct()
    scored.score()
    with pytest.raises(history.HistoryError, match="不止一次"):
        history.find(scored.folder, "")


def test_a_raw_file_changed_while_scoring_stops_the_writing(scored):
    before = content(scored.folder)
    intake = scored.read()
    book = score_intake(intake)
    scored.correct()
    with pytest.raises(RefusedError, match=r"评分期间 .*metrics.csv 有改动"):
        write_scores(scored.folder, book, manifest(book, intake), keeping=Keeping(scored.raw, scored.folder))
    assert content(scored.folder) == before


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


def test_a_manifest_made_to_fit_is_noticed(scored):
    path = scored.folder / "manifest.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    about["results"]["results.parquet"] = "0" * 64
    path.write_text(json.dumps(about), encoding="utf-8")
    assert any("评分编号" in problem for problem in scored.problems())
    path.write_text("{", encoding="utf-8")
    assert any("manifest.json 已损坏" in problem for problem in scored.problems())


def test_raw_files_changed_added_or_gone_since_are_named(scored):
    scored.correct()
    (scored.raw / YEAR / "awards.csv").unlink()
    sub = scored.raw / YEAR / "教务处"
    sub.mkdir()
    (sub / "成果.csv").write_bytes((scored.raw / YEAR / "achievements.csv").read_bytes())
    told = "\n".join(scored.problems())
    for part in (
        "metrics.csv：原始文件在评分之后有改动",
        "awards.csv：评分所用的原始文件不见了",
        "成果.csv：原始文件是评分之后",
    ):
        assert part in told


def test_a_spoiled_history_is_named(scored):
    record = history.scorings(scored.folder)[0]
    path = history.place_of(scored.folder, record.manifest["inputs"]["units.csv"])
    path.write_bytes(b"spoiled")
    assert any(str(path) in problem for problem in scored.problems())


def test_what_comes_after_the_freeze_is_written_into_the_years_file_of_a_final_year(scored):
    scored.freeze()
    words = scored.raw / YEAR / "year.yaml"
    words.write_text("notice: {contact: 王老师}\nsteps: {notice: 2019-09-30}\n", encoding="utf-8")
    scored.score()
    assert finality(scored.folder).startswith("定稿（")
    assert scored.problems() == []
    words.write_text("admissions_until: 2019-09-30\n", encoding="utf-8")  # points rest on this one
    with pytest.raises(RefusedError, match=r"原始数据有改动（year.yaml）"):
        scored.score()


def test_a_final_year_takes_the_same_inputs_and_no_others(scored):
    assert read_manifest(scored.folder)["status"] == "暂定"
    assert finality(scored.folder).startswith("暂定（尚未定稿）　数据截至 ")
    scored.freeze()
    assert read_manifest(scored.folder)["status"] == "定稿"
    assert finality(scored.folder).startswith("定稿（")
    final = content(scored.folder)
    scored.score()
    assert content(scored.folder) == final
    scored.correct()
    with pytest.raises(RefusedError, match=r"已于 .* 定稿（领导小组通过）.*原始数据有改动（metrics.csv）.*--unfreeze"):
        scored.score()
    assert content(scored.folder) == final
    decided = scored.raw / YEAR / "policies.yaml"
    decided.write_text("fail_line: {value: 0.5}\n", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"读法不同（fail_line）"):
        scored.score()
    decided.unlink()
    unfreeze(scored.folder, scored.raw, "申诉成立")
    scored.score()
    assert read_manifest(scored.folder)["status"] == "暂定"
    told = [(record.event, record.reason) for record in history.records(scored.folder)]
    assert told == [("score", ""), ("freeze", "领导小组通过"), ("unfreeze", "申诉成立"), ("score", "")]
    assert scored.problems() == []


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


def test_another_version_that_finds_the_same_is_no_other_scoring_of_a_final_year(scored, monkeypatch):
    scored.freeze()
    monkeypatch.setattr("kaohe.scoring.write.kaohe_version", lambda: "9")
    scored.score()
    assert read_manifest(scored.folder)["status"] == "定稿"


def test_a_record_that_leads_out_of_the_folder_is_refused(scored, tmp_path):
    record = history.scorings(scored.folder)[0]
    evil = history.Record(**{**vars(record), "manifest": {**record.manifest, "inputs": {"../../x.csv": "0" * 64}}})
    with pytest.raises(history.HistoryError, match="不可用"):
        history.restore(scored.folder, evil, tmp_path / "out")


def records_of(office):
    return sorted((office.folder / "history" / "records").glob("*.json"))


def test_a_freeze_is_not_undone_by_deleting_its_record(scored):
    scored.freeze()
    assert scored.problems() == []
    records_of(scored)[-1].unlink()
    problems = "\n".join(scored.problems())
    assert "应有 2 条，现有 1 条" in problems
    assert "写明“定稿”，而按历史应为“暂定”" in problems
    scored.correct()
    with pytest.raises(RefusedError, match="历史中却没有定稿的记录"):
        scored.score()
    shutil.rmtree(scored.folder / "history")
    assert any("现有 0 条" in each for each in scored.problems())
    with pytest.raises(RefusedError, match="历史中却没有定稿的记录"):
        scored.score()
    scored.score(unfreeze="历史丢失，重新开始")
    assert len(scored.problems()) == 2  # beside the raw data it is not forgotten
    assert all("里记着它" in each for each in scored.problems())
    place_of(scored.raw, YEAR).unlink()
    assert scored.problems() == []
    assert [(record.event, record.reason) for record in history.records(scored.folder)] == [
        ("unfreeze", "历史丢失，重新开始"), ("score", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_record_changed_by_hand_is_noticed(scored, number):
    scored.correct()
    scored.score()
    scored.freeze()
    path = records_of(scored)[number]
    path.write_text(path.read_text("utf-8").replace('"time": "2', '"time": "1'), encoding="utf-8")
    assert any("被改动过" in each for each in scored.problems())


def test_a_record_gone_from_the_middle_is_noticed(scored):
    scored.correct()
    scored.score()
    records_of(scored)[0].unlink()
    assert any("缺第 1 条" in each for each in scored.problems())


def test_a_status_written_by_hand_is_noticed(scored):
    path = scored.folder / "manifest.json"
    path.write_text(path.read_text("utf-8").replace("暂定", "定稿"), encoding="utf-8")
    assert any("写明“定稿”，而按历史应为“暂定”" in each for each in scored.problems())


@pytest.mark.parametrize("name", ["record", "status"])
def test_what_a_manifest_no_longer_says_of_the_history_is_noticed(scored, name):
    path = scored.folder / "manifest.json"
    about = json.loads(path.read_text("utf-8"))
    del about[name]
    path.write_text(json.dumps(about), encoding="utf-8")
    bear_witness(scored.folder, scored.raw)
    assert [each for each in scored.problems() if f"没有 {name} 一项" in each]


def test_a_freeze_is_taken_back_together_with_the_new_results_or_not_at_all(scored, tmp_path):
    scored.freeze()
    scored.correct()
    old = content(scored.folder)
    passed = places(lambda: scored.score(unfreeze="申诉成立"), tmp_path / "places")
    new = [record.event for record in history.records(scored.folder)]
    assert new == ["score", "freeze", "unfreeze", "score"]
    full = next(number for number, place in enumerate(passed, 1) if place == "replace .kaohe-commit")
    for name in content(scored.folder):
        (scored.folder / name).unlink()
    for name, each in old.items():
        (scored.folder / name).write_bytes(each)
    assert run_with(f"full={full}", lambda: scored.score(unfreeze="申诉成立")) == REFUSED
    assert {name: each for name, each in content(scored.folder).items() if "/files/" not in name} == {
        name: each for name, each in old.items() if "/files/" not in name
    }
    assert history.frozen_by(scored.folder)


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"id": "x"}', '{"id": "x", "results": null}', '{"results": null}', '{"id": "x", "results": {}}'],
)
def test_a_manifest_that_is_none_is_told_and_scored_over(scored, text):
    (scored.folder / "manifest.json").write_text(text, encoding="utf-8")
    assert any("manifest.json" in each for each in scored.problems())
    with pytest.raises(RefusedError):
        scored.freeze()
    scored.score()
    assert scored.problems() == []


def test_a_record_without_its_manifest_is_told(scored):
    (path,) = records_of(scored)
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "manifest": {}}), encoding="utf-8")
    assert any("没有完整的评分说明" in each for each in scored.problems())
    with pytest.raises(history.HistoryError, match="没有完整的评分说明"):
        history.records(scored.folder)


def test_a_trial_says_so_in_every_file_and_is_no_scoring(scored, tmp_path):
    before, place = content(scored.folder), tmp_path / "试"
    with pytest.raises(RefusedError, match="试算不能覆盖它"):
        scored.try_out({"fail_line": "0.5"}, scored.folder)
    assert content(scored.folder) == before
    same = scored.read({"fail_line": "0.6"})  # what is in force anyway
    assert finality_of(scored.folder, manifest(score_intake(same), same)).scoring is None
    written = scored.try_out({"fail_line": "0.5"}, place, csv=True)
    tables = {f"{name}{end}" for name in ("scores", "results", "nodes") for end in (".parquet", "-试算.csv")}
    assert {path.name for path in written} == {*tables, "manifest.json"}
    about = read_manifest(place)
    assert (about["trial"], about["status"]) == (True, "试算")
    assert finality_of(place, about).line.startswith("试算读法：fail_line，不是考核结果")
    mine, real = (pq.read_schema(folder / "results.parquet") for folder in (place, scored.folder))
    assert "试算" in mine.metadata[b"kaohe"].decode()
    assert b"kaohe" not in real.metadata
    assert history.records(place) == []
    with pytest.raises(RefusedError, match="试算"):
        freeze(place, scored.read(), scored.raw, "x")


def test_a_trial_goes_on_in_a_final_year(scored, tmp_path):
    scored.freeze()
    before = content(scored.folder)
    scored.try_out({"fail_line": "0.5"}, tmp_path / "试")
    scored.try_out({"fail_line": "0.6"}, tmp_path / "试")
    assert read_manifest(tmp_path / "试")["policies"]["fail_line"] == {"value": "0.6", "origin": "run"}
    assert content(scored.folder) == before
