"""`kaohe policies`: what it says, the JSON of the specification, and the decision page; nothing half-written."""

import json

import pytest

from tests.analysis.agreed import agreed
from tests.exchange.filling import kaohe
from tests.small import change, small_year

pytestmark = pytest.mark.slow

YEAR = "2018-2019"


def test_the_command_says_the_answer_and_writes_json_and_page(tmp_path):
    folder = small_year(tmp_path, units=("C01", "C02", "E01", "D03"))
    files = tmp_path / "读法.json", tmp_path / "审议.html"
    words = ("policies", YEAR, "--data", str(tmp_path), "--json", str(files[0]), "--decide", str(files[1]))
    code, out = kaohe(*words)
    assert code == 0, out
    assert "怎样读" in out
    told = json.loads(files[0].read_text(encoding="utf-8"))
    agreed("policies", told, empty=("flips",))
    assert set(told["units"]) == {"C01", "C02", "E01", "D03"}
    assert "http" not in files[1].read_text(encoding="utf-8").replace("http://www.w3.org", "")
    code, out = kaohe(*words)
    assert code == 2
    assert "已存在" in out
    assert change(folder, "ballots", lambda row: None, where=lambda row: row["unit_id"] == "C01")
    for file in files:
        file.unlink()
    assert kaohe(*words)[0] == 1
    assert not any(file.exists() for file in files)


def test_a_page_under_another_kind_of_name_is_refused(tmp_path):
    small_year(tmp_path, units=("C01",))
    code, out = kaohe("policies", YEAR, "--data", str(tmp_path), "--decide", str(tmp_path / "审议.txt"))
    assert code == 2
    assert ".html" in out


def test_one_unit_alone_gives_sentences(tmp_path):
    small_year(tmp_path, units=("C01",))
    code, out = kaohe("policies", YEAR, "--data", str(tmp_path))
    assert code == 0, out
    assert "所有组合下名次都不变" in out
