"""`kaohe robust` and `kaohe calibration` as a user meets them: sentences first, a file whole or none, wrong usage."""

import json

import pytest

from tests.small import change, small_year
from tests.test_cli import kaohe

pytestmark = pytest.mark.slow

YEAR = "2018-2019"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("robust")
    small_year(folder)
    return folder


def test_what_was_found_comes_first_and_the_file_says_all_of_it(data, tmp_path):
    file = tmp_path / "稳.json"
    code, out, error = kaohe("robust", YEAR, "--draws", "200", "--seed", "3", "--json", file, data=data)
    assert (code, error) == (0, "")
    lines = out.splitlines()
    assert lines[0] == f"{YEAR} 学年：名次有多稳"
    assert "不是某个名次为真的概率" in out
    found = json.loads(file.read_text(encoding="utf-8"))
    assert (found["synthetic"], found["provisional"], found["policies"]) == (True, False, {})
    assert (found["draws"], found["seed"], set(found["units"])) == (200, 3, {"C01", "C02", "C03", "E01", "D03", "D05"})
    code, _, error = kaohe("robust", YEAR, "--json", file, data=data)
    assert (code, "已存在" in error) == (2, True)
    assert json.loads(file.read_text(encoding="utf-8")) == found


def test_in_letters_nobody_is_named(data, tmp_path):
    file = tmp_path / "投影.json"
    code, named, _ = kaohe("calibration", YEAR, data=data)
    assert (code, "评委4" in named, "副校长1" in named) == (0, True, True)
    code, out, _ = kaohe("calibration", YEAR, "--letters", "--json", file, data=data)
    for text in (out, file.read_text(encoding="utf-8")):
        assert not any(name in text for name in ("评委", "校长", "书记"))
    assert code == 0


@pytest.mark.notebook
def test_under_another_reading_the_page_is_a_trials(data, tmp_path):
    page = tmp_path / "稳.html"
    words = ("robust", YEAR, "--draws", "100", "--policy", "funding_steps=proportional", "--html", page)
    code, out, error = kaohe(*words, data=data)
    assert (code, error, "试算，不是考核结果" in out) == (0, "", True)
    assert "试算，不是考核结果" in page.read_text(encoding="utf-8")
    code, _, error = kaohe(*words, "--overwrite", "--json", page.with_suffix(".json"), data=data)
    assert (code, "--json 请用别的文件名" in error) == (2, True)


@pytest.mark.parametrize("wrong", [("--draws", "5"), ("--level", "1.5"), ("--weights", "-1"), ("--policy", "none=1")])
def test_what_cannot_be_is_wrong_usage(data, wrong):
    code, _, error = kaohe("robust", YEAR, *wrong, data=data)
    assert (code, bool(error)) == (2, True)


def test_a_year_with_gaps_is_refused_and_looked_at_provisionally(tmp_path):
    change(small_year(tmp_path), "metrics", lambda row: None, where=lambda row: row["unit_id"] == "C02")
    code, _, error = kaohe("calibration", YEAR, data=tmp_path)
    assert (code, "尚未上报" in error) == (1, True)
    code, out, _ = kaohe("calibration", YEAR, "--provisional", data=tmp_path)
    assert (code, "暂定" in out) == (0, True)
