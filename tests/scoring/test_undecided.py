"""One bad cell in last year's data: this year says that 连续两年末位 could not be decided, and why."""

import json

import pytest

from kaohe.charts.decisions import decisions
from kaohe.charts.sentences import unit_findings
from kaohe.charts.tables import consequences_table
from kaohe.intake import read_year
from kaohe.scoring.explanation import explain_result
from kaohe.scoring.score import UNDECIDED, score_intake, told_of_year_before, year_before
from kaohe.scoring.write import manifest
from tests.exchange.filling import kaohe
from tests.small import change, small_year

BEFORE, YEAR = "2018-2019", "2019-2020"
WHY = f"{BEFORE} 学年的数据有"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    data = tmp_path_factory.mktemp("undecided")
    folder = small_year(data, BEFORE)
    small_year(data, YEAR)
    change(folder, "ballots", lambda row: {**row, "excellent": "多"}, where=lambda row: row["unit_id"] == "C02")
    return data


@pytest.fixture(scope="module")
def before(data):
    return year_before(data / "raw", YEAR)


@pytest.fixture(scope="module")
def book(data, before):
    return score_intake(read_year(data / "raw", YEAR), before=before)


def test_the_book_says_so_with_the_cell_and_rests_on_nothing_of_that_year(data, book, before) -> None:
    assert book.uncompared.startswith(WHY)
    assert "ballots.csv" in book.uncompared
    assert "“多”" in book.uncompared
    assert {unit.consequences["last_two_years"] for unit in book.units} == {None}
    assert manifest(book, read_year(data / "raw", YEAR), before)["previous_inputs"] == {}


def test_check_warns_with_the_cause_and_score_says_it(data) -> None:
    for command in ("check", "score"):
        code, out = kaohe(command, YEAR, "--data", data)
        assert code == 0, out
        said = out.replace("\n", "")
        assert WHY in said
        assert "不认定要连看两年的结果" in said
        assert "ballots.csv" in said
    manifest_text = (data / "processed" / YEAR / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(manifest_text)["previous_year"] is None


def test_the_check_page_has_the_finding_once(data, before) -> None:
    found = told_of_year_before(read_year(data / "raw", YEAR), before).findings
    assert [each.severity for each in found if each.code == UNDECIDED] == ["warning"]
    assert told_of_year_before(before, None) is before


def test_the_pages_say_it_of_whom_it_would_concern(book) -> None:
    last = [unit for unit in book.units if unit.last]
    assert last
    (open_,) = [each for each in decisions(book) if each.what == "连续两年末位未能认定"]
    assert (open_.who, open_.open) == (tuple(unit.name for unit in last), True)
    for unit in book.units:
        told = WHY in unit_findings(book, unit.unit_id)
        assert told == unit.last
        assert any(WHY in line for each in explain_result(book, unit.unit_id) for line in each.lines) == unit.last
    assert "未能认定" in "".join(consequences_table(book, key) for key in book.groups)


def test_a_notice_is_not_refused_as_if_it_were_decided(data, book) -> None:
    unit = next(unit for unit in book.units if unit.last and not unit.consequences["rectify"])
    code, out = kaohe("notice", YEAR, unit.unit_id, "--data", data)
    assert code == 1
    assert "未能认定" in out
