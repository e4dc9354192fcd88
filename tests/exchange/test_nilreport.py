"""Nil reports by command: by office, item and unit, with a blank form or without a file; the question then ends."""

from pathlib import Path

import pytest

from tests.exchange.filling import bring, kaohe, only_units, saved, sheet_file, snapshot, templates
from tests.intake.yearbook import YEAR, YearBook, found

pytestmark = pytest.mark.slow

RESEARCH = "科技与产业处"
TABLE = f"{RESEARCH}/零报告.csv"


def asked(year: YearBook) -> list[str]:
    return [each.office for each in found(year.look(), "no-achievements")]


def said(year: YearBook) -> list[str]:
    return (year.folder / TABLE).read_text("utf-8-sig").splitlines()


def test_an_office_says_by_name_that_it_has_nothing(units: YearBook) -> None:
    assert RESEARCH in asked(units)
    assert "K6 没有一条，也没有零报告" in status(units)
    code, out = bring(units, "--office", RESEARCH, "--nothing-to-report")
    assert (code, "已收 1 个文件" in out) == (0, True), out
    assert said(units) == ["部门,指标编号,单位编号,备注", f"{RESEARCH},K6,,"]
    assert RESEARCH not in asked(units)
    assert "K6 零报告" in status(units)
    before = snapshot(units)
    assert "早已登记" in bring(units, "--office", RESEARCH, "--nothing-to-report")[1]
    assert snapshot(units) == before


def status(year: YearBook) -> str:
    return kaohe("status", YEAR, "--data", year.raw.parent)[1].replace("\n", "")


def test_items_and_units_are_added_to_what_was_said(units: YearBook) -> None:
    for word, unit in (("K6", "C02"), ("k6", "C01"), ("K6", "C02")):
        words = ("--office", RESEARCH, "--nothing-to-report", "--item", word, "--unit", unit)
        assert bring(units, *words)[0] == 0
    assert said(units)[1:] == [f"{RESEARCH},K6,C02,", f"{RESEARCH},K6,C01,"]
    assert RESEARCH in asked(units)  # others might still have something


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--office", "科技与产业处", "--item", "K1.1"), "科技与产业处不逐条填报 K1.1；有：K6 科研"),
        (("--office", "财务处"), "财务处没有逐条填报的表"),
        (("--office", "科技处"), "没有名为“科技处”的部门"),
        (("--office", "科技与产业处", "--unit", "D03"), "D03 不是这些指标考核的单位"),
    ],
)
def test_what_no_office_can_say(units: YearBook, words: tuple[str, ...], says: str) -> None:
    before = snapshot(units)
    code, out = bring(units, "--nothing-to-report", *words)
    assert (code, says in out.replace("\n", ""), snapshot(units)) == (1, True, before), out


@pytest.mark.parametrize("words", [(), ("--nothing-to-report",), ("--item", "K6", "--office", RESEARCH)])
def test_a_command_that_brings_nothing(units: YearBook, words: tuple[str, ...]) -> None:
    assert bring(units, *words)[0] == 2


def test_a_blank_form_of_the_office_says_it_too(units: YearBook, tmp_path: Path) -> None:
    (form,) = templates(YearBook(tmp_path / "full" / "raw"), RESEARCH)
    code, out = bring(units, saved(form, tmp_path / "空表.xlsx"), "--nothing-to-report")
    assert code == 0, out
    assert (units.folder / RESEARCH / "空表.xlsx").is_file()
    assert RESEARCH not in asked(units)


def test_rows_beside_it_are_asked_about(year: YearBook) -> None:
    year.write_csv()
    code, out = bring(year, "--office", RESEARCH, "--nothing-to-report")
    assert code == 0
    assert "登记了零报告，表里却有：K6 科研 1 行" in out.replace("\n", "")


def test_a_blank_form_of_all_offices_speaks_for_all(units: YearBook, tmp_path: Path) -> None:
    (form,) = templates(YearBook(tmp_path / "full" / "raw"), None)
    assert bring(units, saved(form, tmp_path / "空表.xlsx"), "--nothing-to-report")[0] == 0
    assert asked(units) == []


def forms(units: YearBook, tmp_path: Path, *offices: str) -> Path:
    """A folder with blank forms of offices, and a table that is filled in; of the library all is optional."""
    full = YearBook(tmp_path / "full" / "raw")
    library = {"unit_id": "D13", "name": "图书馆", "category": "department"}
    for year in (full, units):
        year.tables["units"].append(library)
    units.write_csv()
    only_units(units)
    for office, form in zip(offices, templates(full, *offices), strict=True):
        saved(form, tmp_path / "收到" / f"{office}.xlsx")
    sheet_file(tmp_path / "收到" / "目标办" / "票.xlsx", full, "ballots")
    return tmp_path / "收到"


def test_a_blank_form_of_optional_cells_stops_no_folder(units: YearBook, tmp_path: Path) -> None:
    code, out = bring(units, forms(units, tmp_path, "图书馆"))
    assert code == 0, out
    assert "空表，里面只有选报的格，没有收" in out
    assert not (units.folder / "图书馆").exists()
    assert (units.folder / "目标办" / "票.xlsx").is_file()


def test_another_blank_form_is_named_with_what_its_office_can_do(units: YearBook, tmp_path: Path) -> None:
    folder = forms(units, tmp_path, "图书馆", RESEARCH, "财务处")
    before = snapshot(units)
    code, out = bring(units, folder)
    said = out.replace("\n", "")
    assert (code, snapshot(units)) == (1, before)
    assert f"{RESEARCH}.xlsx：这份表还没有填" in said
    assert f"kaohe import --year {YEAR} --office {RESEARCH} --nothing-to-report" in said
    assert "财务处.xlsx：这份表还没有填，没有收，请填好再交，或先移走这一份" in said
    assert "图书馆" not in said
    (folder / "财务处.xlsx").unlink()
    assert bring(units, "--office", RESEARCH, "--nothing-to-report")[0] == 0
    code, out = bring(units, folder)
    assert (code, "空表，已登记零报告，没有收" in out) == (0, True), out


def test_nothing_to_report_is_said_of_one_office_at_a_time(units: YearBook, tmp_path: Path) -> None:
    folder = forms(units, tmp_path, RESEARCH, "教务处")
    before = snapshot(units)
    for words in ([folder], [folder / f"{RESEARCH}.xlsx", folder / "教务处.xlsx"], [folder, "--office", RESEARCH]):
        code, out = bring(units, *words, "--nothing-to-report")
        assert (code, "一次只说一个部门" in out, snapshot(units)) == (1, True, before), out
