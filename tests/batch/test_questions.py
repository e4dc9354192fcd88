"""Questions about a year: answered once while nothing changes, and one without an answer stops no other."""

import pytest

from kaohe.analysis.answered import read_answered
from kaohe.analysis.questions import QUESTIONS, Question
from kaohe.batch import prepare as prepare_module
from kaohe.batch.layout import Processed
from kaohe.batch.prepare import prepare
from kaohe.notebook import DataError
from kaohe.notebook.fetching import _answered
from tests.small import change, small_year

YEAR = "2018-2019"


@pytest.fixture
def asked():
    """A question that counts how often it is answered, and one that nobody can answer."""
    calls = []

    def count(intake, book):
        calls.append(book.year)
        return {"units": len(book.units)}

    def none(intake, book):
        raise ZeroDivisionError("没有单位")

    return calls, Question("count", "数一数", "有几个单位？", count), Question("none", "无解", "为什么？", none)


def test_an_answer_stands_until_what_it_rests_on_changes(tmp_path, asked):
    calls, count, none = asked
    raw, place = small_year(tmp_path, units=("C01",)), Processed(tmp_path / "processed", YEAR)

    def again():
        return prepare(YEAR, tmp_path / "raw", place.root, questions=(count, none))

    year = again()
    found = read_answered(place.answer("count"))
    assert (found.year, found.answer, found.problem) == (YEAR, {"units": len(year.book.units)}, "")
    again()
    assert calls == [YEAR]
    assert change(raw, "ballots", lambda row: {**row, "excellent": "1"})
    again()
    assert calls == [YEAR, YEAR]
    place.answer("count").write_text("{", encoding="utf-8")
    again()
    assert len(calls) == 3


def test_one_without_an_answer_is_told_on_its_own_page(tmp_path, asked):
    _, count, none = asked
    small_year(tmp_path, units=("C01",))
    place = Processed(tmp_path / "processed", YEAR)
    assert prepare(YEAR, tmp_path / "raw", place.root, questions=(none, count)).book
    given = {"year": YEAR, "data": str(tmp_path), "found": str(place.answer("none"))}
    with pytest.raises(DataError, match="没有算出无解：ZeroDivisionError: 没有单位"):
        _answered(none, given)
    given["found"] = str(place.answer("count"))
    assert _answered(count, given).answer == _answered(count, {**given, "found": ""}).answer


def test_an_answer_of_another_scoring_is_not_shown(tmp_path, asked, monkeypatch):
    """Where questions are not asked anew, those stand whose answers still hold, and no others."""
    _, count, _ = asked
    monkeypatch.setattr(prepare_module, "QUESTIONS", (count,))
    raw, place = small_year(tmp_path, units=("C01",)), Processed(tmp_path / "processed", YEAR)
    assert prepare(YEAR, tmp_path / "raw", place.root, questions=()).questions == ()
    assert prepare(YEAR, tmp_path / "raw", place.root, questions=(count,)).questions == (count,)
    assert prepare(YEAR, tmp_path / "raw", place.root, questions=()).questions == (count,)
    assert change(raw, "ballots", lambda row: {**row, "excellent": "1"})
    assert prepare(YEAR, tmp_path / "raw", place.root, questions=()).questions == ()


def test_every_question_has_its_notebook():
    from kaohe.batch.layout import notebooks_folder

    assert [each.id for each in QUESTIONS if not (notebooks_folder() / f"{each.id}.ipynb").is_file()] == []
    assert len({each.id for each in QUESTIONS}) == len(QUESTIONS)
