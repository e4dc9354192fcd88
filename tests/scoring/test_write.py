"""The files of a scored year: contract columns, whole or not at all, the same bytes for the same year."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from kaohe import files
from kaohe.files import FileInUseError, whole_file
from kaohe.scheme import shipped
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bookfile import frozen, thawed
from kaohe.scoring.booktables import SCORE_COLUMNS
from kaohe.scoring.write import neutralised, write_scores
from tests.reference.years import Shape, build
from tests.scoring.tables import year_data
from tests.units import RESULT_COLUMNS, unit_with

SCHEME = shipped("lygtc-2018")


@pytest.fixture(scope="module")
def book():
    def year(name, seed, before=None):
        tables = build(Shape(seed, 4, departments=("D01", "D03", "D05"), year=name))
        return score_data(SCHEME, resolve(SCHEME), year_data(tables, name), before=before)

    return year("2019-2020", 5, year("2018-2019", 6))


def test_tables_have_the_contracts_columns(book, tmp_path):
    write_scores(tmp_path, book, {"year": book.year})
    scores, results = pd.read_parquet(tmp_path / "scores.parquet"), pd.read_parquet(tmp_path / "results.parquet")
    assert list(scores.columns) == list(SCORE_COLUMNS)
    assert list(results.columns) == list(RESULT_COLUMNS)
    assert len(scores) == len(book.cells)
    assert len(results) == len(book.units)
    assert scores["applicable"].dtype == bool
    absent = scores[~scores["applicable"]]
    assert len(absent)
    assert absent[["max_points", "points", "raw", "deducted", "capped"]].isna().all(axis=None)
    there = scores[scores["applicable"]]
    assert (there["points"] - (there["raw"] - there["deducted"] - there["capped"])).abs().max() < 1e-9
    departments = results[results["group"] == "department"]
    assert departments[["base_raw", "base_points", "key_raw", "key_points"]].isna().all(axis=None)
    assert [float(unit.total) for unit in book.units] == list(results["total"])


def test_last_two_years_is_null_without_a_year_before(book):
    alone = replace(book, units=tuple(unit_with(unit, last_two_years=None) for unit in book.units))
    assert alone.results["last_two_years"].isna().all()
    assert book.results["last_two_years"].notna().all()


def test_the_same_book_gives_the_same_bytes(book, tmp_path):
    for name in ("one", "two"):
        write_scores(tmp_path / name, book, {"year": book.year}, csv=True)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    tables = [f"{name}.{kind}" for name in ("nodes", "results", "scores") for kind in ("csv", "parquet")]
    assert files == sorted(["manifest.json", *tables])
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_csv_opens_in_excel_and_runs_nothing(book, tmp_path):
    units = (replace(book.units[0], name='=HYPERLINK("x")'), *book.units[1:])
    write_scores(tmp_path, replace(book, units=units), {}, csv=True)
    text = (tmp_path / "results.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    first = pd.read_csv(tmp_path / "results.csv", encoding="utf-8-sig").iloc[0]
    assert first["name"] == '\'=HYPERLINK("x")'


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_formulas_are_neutralised_and_numbers_left_alone(start):
    table = neutralised(pd.DataFrame({"text": [f"{start}1+1", "普通"], "number": [-1.5, 2.0]}))
    assert list(table["text"]) == [f"'{start}1+1", "普通"]
    assert list(table["number"]) == [-1.5, 2.0]


def test_a_frozen_book_is_the_same_book(book):
    again = thawed(frozen(book))
    assert frozen(again) == frozen(book)
    assert [unit.total for unit in again.units] == [unit.total for unit in book.units]
    assert [cell.points for cell in again.cells] == [cell.points for cell in book.cells]
    assert [cell.reason for cell in again.cells] == [cell.reason for cell in book.cells]
    assert again.previous.keys() == book.previous.keys()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 0, "book": {}}', '{"format": 1, "book": {}}'])
def test_what_is_no_frozen_book_is_refused(text):
    with pytest.raises(ValueError, match="评分册"):
        thawed(text)


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old")

    def broken_off():
        with whole_file(path) as part:
            part.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_off()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_held_open_by_excel_is_named(tmp_path, monkeypatch):
    def held(source, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.os, "replace", held)
    with pytest.raises(FileInUseError, match="请先在 Excel"), whole_file(tmp_path / "scores.parquet") as part:
        part.write_text("x")
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_is_readable_json(book, tmp_path):
    write_scores(tmp_path, book, {"year": book.year, "名称": "值"})
    assert json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["名称"] == "值"
