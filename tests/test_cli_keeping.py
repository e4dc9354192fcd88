"""verify, history, diff, freeze, appeal as a user meets them: exit codes, words, files."""

import errno
import os
import shutil
import subprocess
import sys

import pytest

from kaohe.files.locks import holding
from kaohe.files.sets import COMMITTED
from tests.faults import content, results
from tests.small import change, metric, small_year
from tests.test_cli import YEAR, kaohe

pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path):
    small_year(tmp_path / "data", units=("C01", "C02", "D03"))
    return tmp_path / "data"


def correct(data, value="0.45"):
    metric(data / "raw" / YEAR, "C02", "survey_rate", value)


def test_from_scoring_to_correction_to_the_final_year_and_back(data):
    assert kaohe("verify", YEAR, data=data)[0] == 1
    assert "还没有评过分" in kaohe("history", YEAR, data=data)[1]
    assert kaohe("freeze", YEAR, "--reason", "x", data=data)[0] == 1
    assert kaohe("score", YEAR, data=data)[0] == 0
    assert kaohe("verify", YEAR, data=data)[0] == 0
    correct(data)
    code, _, err = kaohe("verify", YEAR, data=data)
    assert (code, "metrics.csv" in err) == (1, True)
    assert kaohe("score", YEAR, data=data)[0] == 0
    code, out, _ = kaohe("history", YEAR, data=data)
    assert code == 0
    first, second = [line.split()[1] for line in out.splitlines() if line.strip() and line.split()[0] in ("1", "2")]
    assert "C02 信息工程学院" in out
    code, out, _ = kaohe("diff", first, second, data=data)
    assert code == 0
    for part in ("改动 1　C02 指标数据 跟踪调查参与率：数值 0.8261 → 0.45", "metrics.csv 第", "K5.3"):
        assert part in out
    assert kaohe("freeze", YEAR, "--reason", "领导小组会议通过", data=data)[0] == 0
    assert kaohe("score", YEAR, data=data)[0] == 0
    correct(data, "0.46")
    code, _, err = kaohe("score", YEAR, data=data)
    assert code == 1
    assert "定稿（领导小组会议通过）" in err
    assert "--unfreeze" in err
    code, _, err = kaohe("report", YEAR, "--out", data / "reports", data=data)
    assert (code, "定稿" in err) == (1, True)
    assert content(data / "reports") == {}
    assert kaohe("score", YEAR, "--unfreeze", "--reason", "申诉成立", data=data)[0] == 0
    out = kaohe("history", YEAR, data=data)[1]
    assert "理由：申诉成立" in out
    target = data / "again"
    assert kaohe("history", YEAR, "--restore", first, target, data=data)[0] == 0
    assert kaohe("score", YEAR, data=target)[0] == 0
    code, out, _ = kaohe("history", YEAR, data=target)
    assert first in out
    assert kaohe("history", YEAR, "--restore", first, target, data=data)[0] == 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["freeze", YEAR], 2, "--reason"),
        (["score", YEAR, "--unfreeze"], 2, "--reason"),
        (["score", YEAR, "--reason", "x"], 2, "--unfreeze"),
        (["score", YEAR, "--unfreeze", "--reason", "x"], 1, "没有定稿"),
        (["score", YEAR, "--unfreeze", "--reason", "x", "--out", "elsewhere"], 2, "--out"),
        (["freeze", YEAR, "--unfreeze", "--reason", "x"], 1, "没有定稿"),
        (["verify", "2030-2031"], 2, "已有年度"),
        (["history", YEAR, "--restore", "abc", "elsewhere"], 1, "没有这个编号"),
        (["diff", "abc", YEAR], 1, "不是年度、评分编号"),
        (["diff", YEAR, YEAR, "--out", "a.pdf"], 2, ".html"),
        (["health", YEAR, "--html", "a.pdf"], 2, "--html 应为 .html"),
        (["appeal", YEAR, "C99", "K3.1"], 2, "C01"),
        (["appeal", YEAR, "C01", "K99"], 2, "K3.1"),
        (["appeal", YEAR, "C01", "K3.1", "--out", "a.pdf"], 2, ".html"),
    ],
)
def test_wrong_usage_and_refusals_are_said(data, words, code, says):
    found, _, err = kaohe(*words, data=data)
    assert (found, says in err) == (code, True), err


def test_an_appeal_is_answered_on_a_page(data):
    page = data / "答复.html"
    code, out, _ = kaohe("appeal", YEAR, "C01", "K3.1", "--out", page, data=data)
    assert code == 0
    assert "再得分需要" in out or "理由" in out
    assert "专业教师生师比得分说明" in page.read_text(encoding="utf-8")


def test_an_appeal_is_answered_from_the_final_scoring(data):
    page = data / "答复.html"

    def answer():
        code, out, err = kaohe("appeal", YEAR, "C02", "K5.3", "--out", page, "--overwrite", data=data)
        assert code == 0, err
        return out.splitlines()

    assert "暂定（尚未评分）" in answer()[1]
    assert kaohe("score", YEAR, data=data)[0] == 0
    before = answer()
    assert before[1].startswith("暂定（尚未定稿）　数据截至 ")
    correct(data)
    after = answer()
    assert after[1].startswith("暂定（与上次评分不同）")
    assert "不同之处：原始数据有改动（metrics.csv）" in after[1]
    assert after[2] != before[2]
    assert "与上次评分不同" in page.read_text(encoding="utf-8")
    assert "与上次评分不同" in kaohe("explain", YEAR, "C02", "K5.3", data=data)[1]
    assert kaohe("score", YEAR, data=data)[0] == 0
    assert kaohe("freeze", YEAR, "--reason", "会议通过", data=data)[0] == 0
    correct(data, "0.99")
    final = answer()
    assert final[1].startswith("定稿（")
    assert final[2] == after[2]
    assert "45%" in page.read_text(encoding="utf-8")
    assert "99%" not in page.read_text(encoding="utf-8")
    assert "的定稿不同" in kaohe("explain", YEAR, "C02", "K5.3", data=data)[1]


def test_a_difference_is_a_page_and_a_notebook(data, tmp_path):
    correct(data)
    now = small_year(tmp_path / "now", units=("C01", "C02", "D03"))
    page = tmp_path / "对照.html"
    code, out, _ = kaohe("diff", YEAR, now, "--year", YEAR, "--out", page, data=data)
    assert (code, str(page) in out) == (0, True)
    assert "跟踪调查参与率" in page.read_text(encoding="utf-8")
    assert "跟踪调查参与率" in page.with_suffix(".ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("appeal", YEAR, "C01", "K3.1", "--out", "a.html"), "a.html"),
        (("diff", YEAR, YEAR, "--out", "a.html"), "a.html"),
        (("diff", YEAR, YEAR, "--out", "a.html"), "a.json"),
        (("check", YEAR, "--out", "a.xlsx"), "a.xlsx"),
        (("export", YEAR, "a.xlsx"), "a.xlsx"),
        (("export", "--tidy", "a.xlsx"), "a.xlsx"),
        (("template", YEAR, "a.xlsx"), "a.xlsx"),
        (("notice", YEAR, "C01", "--out", "a.html"), "a.html"),
    ],
)
def test_nobodys_file_is_overwritten_unasked(data, tmp_path, monkeypatch, words, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text("我的", encoding="utf-8")
    code, _, err = kaohe(*words, data=data)
    assert (code, f"{name} 已存在；要覆盖请加 --overwrite" in err) == (2, True)
    assert {path.name for path in tmp_path.glob("a.*")} == {name}
    assert (tmp_path / name).read_text(encoding="utf-8") == "我的"


def test_a_second_run_on_a_year_is_refused_in_words(data, monkeypatch):
    monkeypatch.setattr("kaohe.files.locks.PATIENCE", 0)
    with holding(data / "processed" / YEAR):
        code, _, err = kaohe("score", YEAR, data=data)
    assert code == 1
    assert "另一个 kaohe 正在写入" in err


@pytest.mark.parametrize(
    "words",
    [
        ("score", YEAR), ("verify", YEAR), ("history", YEAR), ("freeze", YEAR, "--reason", "会议"), ("report", YEAR),
        ("explain", YEAR, "C01"), ("appeal", YEAR, "C01", "K5.3"), ("diff", YEAR, "123456"),
        ("export", YEAR, "x.xlsx"),
    ],
)  # fmt: skip
def test_a_damaged_history_is_told_by_whoever_needs_it(data, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    assert kaohe("score", YEAR, data=data)[0] == 0
    (record,) = (data / "processed" / YEAR / "history" / "records").iterdir()
    record.write_text("{", encoding="utf-8")
    code, out, err = kaohe(*words, data=data)
    assert (code, f"{record.name} 已损坏" in out + err) == (1, True)
    assert not (tmp_path / "x.xlsx").exists()


def test_an_archive_that_cannot_be_written_to_is_read(data, monkeypatch):
    def refuse(place, path):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    assert kaohe("score", YEAR, data=data)[0] == 0
    for name in ("files", "files.locks", "files.sets"):
        monkeypatch.setattr(f"kaohe.{name}.failpoint", refuse)
    for words in (("check", YEAR), ("status", YEAR), ("history", YEAR), ("verify", YEAR), ("explain", YEAR, "C01")):
        assert kaohe(*words, data=data)[0] == 0, words
    code, _, err = kaohe("score", YEAR, data=data)
    assert (code, "没有写入权限" in err) == (1, True)
    for half in ("raw", "processed"):
        (data / half / YEAR / COMMITTED).mkdir()
        code, _, err = kaohe("verify", YEAR, data=data)
        assert (code, "没有写入权限" in err, "补完" in err) == (1, True, half == "raw")
        (data / half / YEAR / COMMITTED).rmdir()


@pytest.mark.parametrize(
    ("fault", "place", "says"),
    [
        ("full", "write results.parquet", "磁盘已满"),
        ("held", "replace scores.parquet", "请先在 Excel 等程序中关闭该文件"),
        ("held", "lock 2018-2019", "没有写入权限，或文件夹只读"),
    ],
)
def test_a_full_disk_a_held_file_and_a_closed_folder_keep_the_old_results(data, tmp_path, fault, place, says):
    assert kaohe("score", YEAR, data=data)[0] == 0
    correct(data)
    shutil.copytree(data, tmp_path / "copy")
    record = tmp_path / "places"
    assert scored(tmp_path / "copy", f"record={record}").returncode == 0
    number = record.read_text(encoding="utf-8").splitlines().index(place) + 1
    before = content(data)
    run = scored(data, f"{fault}={number}")
    assert run.returncode == 1
    assert says in run.stderr
    assert "Traceback" not in run.stderr
    assert {name: each for name, each in content(data).items() if "/history/files/" not in name} == {
        name: each for name, each in before.items() if "/history/files/" not in name
    }
    assert kaohe("score", YEAR, data=data)[0] == 0
    assert kaohe("verify", YEAR, data=data)[0] == 0


def scored(data, failpoint):
    """`kaohe score` in a process of its own, with a failpoint armed."""
    command = [sys.executable, "-m", "kaohe", "score", YEAR, "--data", str(data)]
    environment = {**os.environ, "KAOHE_FAILPOINT": failpoint}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


def test_the_same_inputs_give_the_same_bytes_in_another_process(data, tmp_path):
    shutil.copytree(data, tmp_path / "copy")
    for folder in (data, tmp_path / "copy"):
        assert scored(folder, "").returncode == 0
    mine, other = (results(folder / "processed" / YEAR) for folder in (data, tmp_path / "copy"))
    assert set(mine) == {"scores.parquet", "results.parquet", "nodes.parquet", "manifest.json"}
    assert mine == other


def test_scoring_and_freezing_say_which_questions_are_open(data):
    change(data / "raw" / YEAR, "achievements", lambda row: None, where=lambda row: row["indicator"] == "K6")
    code, out, err = kaohe("score", YEAR, data=data)
    assert code == 0, err
    assert "其中待问 1 处（科技与产业处没有报一项成果" in err
    assert f"kaohe check {YEAR} 逐条列出" in err
    assert "待问" not in out
    code, out, err = kaohe("freeze", YEAR, "--reason", "领导小组会议通过", data=data)
    assert (code, "已定稿" in out) == (0, True), err
    assert "其中待问 1 处（科技与产业处没有报一项成果" in err


def test_freezing_says_nothing_of_warnings_that_ask_nobody(data):
    assert kaohe("score", YEAR, data=data)[0] == 0
    assert "警告" not in kaohe("freeze", YEAR, "--reason", "x", data=data)[2]


@pytest.mark.parametrize(
    ("words", "head"),
    [
        (["explain", YEAR, "信息工程学院", "k5.3"], "C02 信息工程学院"),
        (["explain", YEAR, "C 02 信息工程學院", "Ｋ６"], "C02 信息工程学院"),
        (["explain", YEAR, "组织", "t05"], "D03 "),
        (["appeal", YEAR, "智能", "科研"], "C01 智能制造学院 K6 科研"),
        (["appeal", YEAR, "c01", "生师比"], "C01 智能制造学院 K3.1"),
        (["notice", YEAR, "信息"], "C02 信息工程学院"),
    ],
)
def test_units_and_indicators_are_known_by_code_in_any_case_and_by_name(data, words, head):
    code, out, err = kaohe(*words, data=data)
    assert (code, head in out + err) == (1 if words[0] == "notice" else 0, True), (out, err)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["explain", YEAR, "学院"], "没有单位 学院；是否指 C01 智能制造学院、C02 信息工程学院？有：C01 智能制造学院、"),
        (["notice", YEAR, "信息工程系"], "没有单位 信息工程系；是否指 C02 信息工程学院？有：C01 智能制造学院、"),
        (["appeal", YEAR, "C01", "K3"], "C01 没有指标 K3；是否指 K3.1 "),
        (["explain", YEAR, "C01", "学科研"], "是否指 K6 科研"),
        (["explain", YEAR, "C01", "K66"], "是否指 K6 科研"),
    ],
)
def test_what_may_be_meant_is_named_first(data, words, says):
    code, _, err = kaohe(*words, data=data)
    assert (code, says in err) == (2, True), err
