"""The commands as a user or a script meets them: exit codes, output, files; never a traceback."""

import json
import re
import subprocess
import sys

import pandas as pd
import pytest
from typer.testing import CliRunner

from kaohe.cli import app
from tests.faults import content
from tests.small import add, change, small_year

pytestmark = pytest.mark.slow

YEAR = "2018-2019"
COMMANDS = (
    "new-year", "template", "import", "status", "check", "score", "explain", "report", "export", "notice", "audit",
    "demo",
)  # fmt: skip


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """A year without errors that no test changes."""
    data = tmp_path_factory.mktemp("clean")
    small_year(data)
    return data


@pytest.fixture
def data(tmp_path):
    small_year(tmp_path)
    return tmp_path


def kaohe(*words, data=None):
    """Exit code, standard output and error of a command, run in this process."""
    given = [str(word) for word in words] + (["--data", str(data)] if data else [])
    result = CliRunner().invoke(app, given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_what_no_command_foresaw_of_the_system_is_said_too():
    command = [sys.executable, "-m", "kaohe", "check", YEAR, "--data", "a" * 300]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 1
    assert re.fullmatch(r"a{300}\S*：文件名或路径太长\s*", run.stderr)


def test_help_names_every_command():
    run = subprocess.run(
        [sys.executable, "-m", "kaohe", "-h"], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert all(command in run.stdout for command in COMMANDS)


def test_help_is_quick_because_nothing_heavy_is_imported():
    heavy = "{'pandas', 'plotly', 'papermill', 'numpy', 'pydantic'}"
    code = f"import sys, kaohe.cli; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_year_of_csv_files_is_read_without_what_it_has_no_use_for(clean):
    """openpyxl is for workbooks, ruamel.yaml for YAML that is unusual or wrong, pandas for tables that are written."""
    heavy = "{'openpyxl', 'ruamel', 'pandas', 'pyarrow', 'plotly', 'nbformat', 'papermill'}"
    asked = [["check", YEAR], ["explain", YEAR, "C01"], ["verify", YEAR], ["history", YEAR]]
    code = (
        f"import sys\nfrom kaohe.cli import app\nfor words in {asked}:\n"
        f"    code = app([*words, '--data', {str(clean)!r}], standalone_mode=False)\n"
        f"    print('then', words[0], sorted({heavy} & {{name.split('.')[0] for name in sys.modules}}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert re.findall(r"^then (\w+) (.*)$", run.stdout, re.MULTILINE) == [(words[0], "[]") for words in asked]


def test_a_clean_year_checks_with_0(clean):
    code, out, _ = kaohe("check", YEAR, data=clean)
    assert code == 0
    assert "错误 0" in out


def test_an_error_is_one_line_with_its_place_and_checks_with_1(data):
    folder = data / "raw" / YEAR
    wrong = {"unit_id": "C02", "metric": "survey_rate"}
    change(folder, "metrics", lambda row: {**row, "value": "85"}, where=lambda row: wrong.items() <= row.items())
    code, out, _ = kaohe("check", YEAR, data=data)
    assert code == 1
    line = next(line for line in out.splitlines() if "metrics.csv" in line and "85" in line)
    assert "错误" in line
    assert "85%" in line.replace(" ", "")
    number = next(
        n
        for n, text in enumerate((folder / "metrics.csv").read_text("utf-8-sig").splitlines(), 1)
        if text.startswith("C02,survey_rate")
    )
    assert f" {number} " in line


def test_check_writes_nothing(clean):
    before = sorted(path.relative_to(clean) for path in clean.rglob("*"))
    kaohe("check", YEAR, data=clean)
    assert sorted(path.relative_to(clean) for path in clean.rglob("*")) == before


def test_score_writes_the_contracts_files(data, tmp_path):
    code, out, _ = kaohe("score", YEAR, "--csv", data=data)
    assert code == 0
    folder = data / "processed" / YEAR
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}{end}" for name in ("scores", "results", "nodes") for end in (".parquet", ".csv")),
        "manifest.json", "history", ".kaohe.lock",
    }  # fmt: skip
    results = pd.read_parquet(folder / "results.parquet")
    assert set(results["unit_id"]) == {"C01", "C02", "C03", "E01", "D03", "D05"}
    assert "演示数据" in out
    code, _, _ = kaohe("score", YEAR, "--out", tmp_path / "elsewhere", data=data)
    assert code == 0
    assert (tmp_path / "elsewhere" / YEAR / "scores.parquet").read_bytes() == (folder / "scores.parquet").read_bytes()


def test_manifest_records_inputs_scheme_and_policies(data):
    kaohe("score", YEAR, "--policy", "fail_line=0.7", data=data)
    manifest = json.loads((data / "processed" / "trials" / YEAR / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["trial"] is True
    assert manifest["policies"]["fail_line"] == {"value": "0.7", "origin": "run"}
    assert manifest["policies"]["rescale"] == {"value": "proportional", "origin": "default"}
    assert {"metrics.csv", "ratings.csv"} <= set(manifest["inputs"])
    assert len(manifest["scheme"]["sha256"]) == 64


def test_a_year_with_a_gap_is_refused_and_provisionally_scored(data):
    folder = data / "raw" / YEAR
    gap = {"unit_id": "C02", "metric": "survey_rate"}
    change(folder, "metrics", lambda row: None, where=lambda row: gap.items() <= row.items())
    code, out, err = kaohe("score", YEAR, data=data)
    assert code == 1
    assert "C02" in out
    assert "K5.3" in out
    assert "不能评分" in err
    assert not (data / "processed").exists()
    code, out, _ = kaohe("score", YEAR, "--provisional", data=data)
    assert code == 0
    assert "暂定" in out
    scores = pd.read_parquet(data / "processed" / YEAR / "scores.parquet")
    cell = scores[(scores["unit_id"] == "C02") & (scores["indicator"] == "K5.3")].iloc[0]
    assert (cell["status"], cell["points"]) == ("missing", 0)


def test_a_year_with_errors_is_refused_even_provisionally(data):
    add(data / "raw" / YEAR, "metrics", unit_id="X99", metric="survey_rate", value="0.5")
    for words in (["score"], ["score", "--provisional"]):
        code, out, _ = kaohe(*words, YEAR, data=data)
        assert code == 1
        assert "X99" in out
    assert not (data / "processed").exists()


def test_explain_says_inputs_comparison_band_reading_and_clause(clean):
    code, out, _ = kaohe("explain", YEAR, "C01", "K3.1", data=clean)
    assert code == 0
    for part in ("附件1·二·（三）·1", "专业教师数", "全校", "排第", "P05a"):
        assert part in out


def test_explain_leads_from_inputs_to_the_grade(clean):
    code, out, _ = kaohe("explain", YEAR, "C01", data=clean)
    assert code == 0
    for part in ("B01", "K8.4b", "民主测评", "领导班子评价", "总分", "等次"):
        assert part in out


def test_explain_json_is_the_trace(clean):
    code, out, _ = kaohe("explain", YEAR, "C01", "K2a", "--json", data=clean)
    assert code == 0
    cell = json.loads(out)["indicators"][0]
    trace = cell["trace"]
    quantities = trace["quantities"]
    assert quantities["value"] == pytest.approx(quantities["trainees"] / quantities["enrolled_students"])
    assert trace["points"] == cell["points"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["check", "2018/2019"], "2018-2019 的样子"),
        (["check", "2030-2031"], "已有年度"),
        (["score", YEAR, "--policy", "nonsense=1"], "nonsense"),
        (["score", YEAR, "--policy", "rescale=sometimes"], "proportional"),
        (["score", YEAR, "--policy", "rescale"], "名称=值"),
        (["score", YEAR, "--policy", "fail_line=2"], "0～1"),
        (["score", YEAR, "--policy", "task_shares=weights"], "权重"),
        (["score", YEAR, "--policy", "full_marks=stated", "--policy", "teaching_depts=included"], "矛盾"),
        (["explain", YEAR, "C99"], "C01"),
        (["explain", YEAR, "C01", "K99"], "K3.1"),
        (["report", "2030-2031"], "已有年度"),
        (["frobnicate"], ""),
        (["score"], ""),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_allowed(clean, words, says):
    code, _, err = kaohe(*words, data=None if words == ["frobnicate"] else clean)
    assert code == 2
    assert says in err


def test_policies_of_the_year_count_and_wrong_ones_are_data_errors(data):
    file = data / "raw" / YEAR / "policies.yaml"
    file.write_text("fail_line: {value: 0.95, reason: 试点, decided_on: 2019-06-01}\n", encoding="utf-8")
    assert kaohe("score", YEAR, data=data)[0] == 0
    grades = pd.read_parquet(data / "processed" / YEAR / "results.parquet")["grade"]
    assert "不合格" in set(grades)
    _, out, _ = kaohe("explain", YEAR, "C01", data=data)
    assert "试点" in out
    file.write_text("fail_line: {value: 0.9}\nrescale: {value: often}\n", encoding="utf-8")
    code, out, _ = kaohe("check", YEAR, data=data)
    assert code == 1
    assert "policies.yaml" in out


def test_audit_holds_the_regulation_against_itself():
    code, out, _ = kaohe("audit")
    assert code == 0
    for part in ("61", "58", "46", "41", "K5.3", "K4.1", "K4.2", "P09"):
        assert part in out


def test_audit_refuses_a_wrong_scheme_with_its_line(tmp_path):
    (tmp_path / "scheme.yaml").write_text("based_on: lygtc-2018\nwindow: {from: '09-01', to: soon}\n", encoding="utf-8")
    code, _, err = kaohe("audit", "--scheme", tmp_path)
    assert code == 1
    assert "scheme.yaml 第 2 行" in err


def test_demo_overwrites_nobodys_work_unasked(tmp_path, monkeypatch):
    monkeypatch.setattr("kaohe.scheme.demo.YEARS", ("2018-2019",))  # all of them are tests/intake/test_demo's
    assert kaohe("demo", tmp_path)[0] == 0
    assert kaohe("demo", tmp_path)[0] == 0  # the same files again
    mine = tmp_path / "2018-2019" / "metrics.csv"
    mine.write_text("mine", encoding="utf-8")
    (tmp_path / "2018-2019" / "units.csv").unlink()
    code, _, err = kaohe("demo", tmp_path)
    assert code == 2
    assert "metrics.csv" in err
    assert "--overwrite" in err
    assert mine.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "2018-2019" / "units.csv").exists()
    assert kaohe("demo", tmp_path, "--overwrite")[0] == 0
    assert mine.read_text(encoding="utf-8-sig").startswith("unit_id")


def test_a_forgotten_table_of_achievements_is_asked_about(data):
    (data / "raw" / YEAR / "achievements.csv").unlink()
    code, out, _ = kaohe("check", YEAR, data=data)
    assert code == 0
    assert "没有报一项成果" in out


def test_a_year_in_the_wrong_folder_is_asked_about_once(tmp_path):
    small_year(tmp_path, "2021-2022")
    _, out, _ = kaohe("check", "2021-2022", data=tmp_path)
    assert out.count("是否放错了学年文件夹") == 1


def test_a_trial_touches_no_result_even_of_a_final_year(data):
    folder = data / "processed" / YEAR
    assert kaohe("score", YEAR, "--csv", data=data)[0] == 0
    assert kaohe("freeze", YEAR, "--reason", "会议通过", data=data)[0] == 0
    before = content(folder)
    trial = ("score", YEAR, "--policy", "ballot_scale=stretch", "--csv")
    code, out, error = kaohe(*trial, data=data)
    assert (code, error) == (0, "")
    assert "试算，不是考核结果" in out
    assert "与现行结果相比" in out
    tried = data / "processed" / "trials" / YEAR
    assert (tried / "results-试算.csv").is_file()
    assert not (tried / "results.csv").exists()
    assert kaohe(*trial, "--out", data / "elsewhere", data=data)[0] == 0
    assert (data / "elsewhere" / YEAR / "scores-试算.csv").is_file()
    for place in (data / "processed", data / "processed" / "."):
        code, _, error = kaohe(*trial, "--out", place, data=data)
        assert (code, "正式结果的位置" in error) == (1, True)
    assert kaohe("score", YEAR, "--policy", "fail_line=0.7", "--unfreeze", "--reason", "x", data=data)[0] == 2
    assert content(folder) == before
    assert kaohe("history", YEAR, data=data)[1].count("评分") == 1
    assert kaohe("verify", YEAR, data=data)[0] == 0
    code, _, error = kaohe("diff", tried / "manifest.json", YEAR, data=data)
    assert (code, "是试算的" in error) == (1, True)


def test_a_reading_that_is_in_force_anyway_is_tried_too(data):
    assert kaohe("score", YEAR, "--policy", "rescale=proportional", data=data)[0] == 0
    assert not (data / "processed" / YEAR).exists()
    assert (data / "processed" / "trials" / YEAR / "results.parquet").is_file()


def test_a_trials_reports_need_a_place_of_their_own(data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in ((), ("--out", "reports")):
        code, _, error = kaohe("report", YEAR, "--policy", "fail_line=0.7", *words, data=data)
        assert (code, "--out" in error) == (2, True)
    assert not (tmp_path / "reports").exists()


@pytest.fixture
def scenario(tmp_path):
    """A file that gives C02 more 不合格 votes than anyone."""
    path = tmp_path / "少一票.yaml"
    row = '{table: ballots, row: {unit_id: C02}, column: unqualified, was: "3", value: "300"}'
    path.write_text(f"version: 1\nyear: {YEAR}\ntitle: 试一试\nchanges:\n- {row}\n", encoding="utf-8")
    return path


def test_a_scenario_is_scored_beside_the_real_results(data, scenario):
    kaohe("score", YEAR, data=data)
    real = data / "processed" / YEAR / "results.parquet"
    before = real.read_bytes()
    code, out, error = kaohe("score", YEAR, "--scenario", scenario, data=data)
    assert (code, error) == (0, "")
    assert "试一试，1 处改动；不是考核结果" in out
    assert "民主测评 C02 不合格：3 → 300" in out
    moved = out.split("与现行结果相比")[1]
    assert "C02" in moved
    assert "→" in moved
    folder = data / "processed" / "scenarios" / "少一票" / YEAR
    assert real.read_bytes() == before
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    entry = about["scenario"]
    assert (about["trial"], about["status"]) == (True, "试算")
    assert entry["title"] == "试一试"
    assert len(entry["sha256"]) == 64
    supposed = pd.read_parquet(folder / "results.parquet").set_index("unit_id")["total"]
    assert supposed["C02"] < pd.read_parquet(real).set_index("unit_id")["total"]["C02"]


def test_a_scenario_never_takes_the_place_of_real_results(data, scenario):
    kaohe("score", YEAR, data=data)
    processed = data / "processed"
    before = (processed / YEAR / "manifest.json").read_bytes()
    code, _, error = kaohe("score", YEAR, "--scenario", scenario, "--out", processed, data=data)
    assert code == 1
    assert "不能覆盖" in error
    assert (processed / YEAR / "manifest.json").read_bytes() == before
    for _ in range(2):
        code, _, _ = kaohe("score", YEAR, "--scenario", scenario, "--out", data / "out", data=data)
        assert code == 0
        assert (data / "out" / YEAR / "results.parquet").is_file()


def test_a_scenario_that_changes_nothing_of_note_says_so(data, scenario):
    scenario.write_text(f"version: 1\nyear: {YEAR}\n", encoding="utf-8")
    code, out, _ = kaohe("score", YEAR, "--scenario", scenario, data=data)
    assert code == 0
    assert "名次、总分、等次都没有变" in out


@pytest.mark.parametrize(
    ("change_text", "says"),
    [(("300", "-1"), "票数有误"), (("C02", "C99"), "没有单位 C99"), ((YEAR, "2019-2020"), "2019-2020 学年的"),
     (("version", "verzion"), "没有字段 verzion")],
)  # fmt: skip
def test_a_wrong_scenario_is_1_and_writes_nothing(data, scenario, change_text, says):
    scenario.write_text(scenario.read_text(encoding="utf-8").replace(*change_text), encoding="utf-8")
    code, _, error = kaohe("score", YEAR, "--scenario", scenario, data=data)
    assert code == 1
    assert says in error
    assert not (data / "processed").exists()


def test_a_scenario_that_is_not_there_is_2(data):
    code, _, error = kaohe("score", YEAR, "--scenario", data / "无.yaml", data=data)
    assert code == 2
    assert "找不到" in error


def test_what_a_scenario_says_was_there_is_held_against_what_is(data, scenario):
    scenario.write_text(scenario.read_text(encoding="utf-8").replace('"3"', '"4"'), encoding="utf-8")
    code, _, error = kaohe("score", YEAR, "--scenario", scenario, data=data)
    assert code == 0
    assert "已不是方案所记的 4，数据中现为 3" in error
