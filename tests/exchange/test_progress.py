"""`kaohe status`: what applies, what is there, what is missing; the two ways of counting agree."""

from kaohe.exchange.asking import Asked, desk_of
from kaohe.exchange.progress import progress
from tests.exchange.test_receiving import bring, kaohe, sheet_file
from tests.intake.yearbook import YEAR, YearBook, scheme


def status(year: YearBook):
    return kaohe("status", YEAR, "--data", year.raw.parent)


def counted(year: YearBook):
    intake = year.look()
    return progress(intake, desk_of(intake), [])


def test_nothing_is_missing_from_a_complete_year(year: YearBook) -> None:
    year.write_csv()
    found = counted(year)
    assert {count.missing for count in (*found.by_office, *found.by_unit)} == {0}
    assert found.rows["成果"] == 1
    code, out = status(year)
    assert code == 0
    assert "尚缺 0 项，错误 0 处" in out
    assert "（直接放入）" in out


def test_both_ways_count_the_same_inputs(year: YearBook) -> None:
    year.tables["ballots"].pop()
    year.tables["metrics"] = [row for row in year.tables["metrics"] if row["metric"] != "trainees"]
    year.write_csv()
    found = counted(year)
    assert sum(each.asked for each in found.by_office) == sum(each.asked for each in found.by_unit)
    missing = {each.name: each.missing for each in found.by_office if each.missing}
    trainees = {"C01", "C02", "E01"}
    assert missing == {"目标办": 1, scheme().metrics["trainees"].office: len(trainees)}
    assert {each.name.split()[0] for each in found.by_unit if each.missing} == trainees | {"D10"}


def test_an_input_of_two_indicators_counts_once(year: YearBook) -> None:
    year.write_csv()
    intake = year.look()
    handed_in = len(intake.data.metrics) + len(intake.data.ratings) + 2 * len(intake.data.units)
    assert sum(each.asked for each in counted(year).by_unit) == handed_in


def test_whoever_counts_what_is_lacking_counts_the_same(year: YearBook, tmp_path) -> None:
    shared = next(name for name, users in Asked(desk_of(year.read())).metrics.items() if len(users["C01"]) > 1)
    year.tables["metrics"] = [row for row in year.tables["metrics"] if row["metric"] != shared]
    year.write_csv()
    lacking = sum(each.missing for each in counted(year).by_unit)
    assert 0 < lacking < len(year.look().missing)
    (year.folder / "ballots.csv").unlink()
    _, taken = bring(year, sheet_file(tmp_path / "票.xlsx", year, "ballots"), "--office", "目标办")
    for out in (status(year)[1], kaohe("check", YEAR, "--data", year.raw.parent)[1], taken):
        assert f"尚缺 {lacking} 项" in out
    code, refused = kaohe("score", YEAR, "--data", year.raw.parent)
    assert code == 1
    assert f"{lacking} 项适用的数据尚未上报" in refused
    listed = refused.splitlines()
    at = next(number for number, line in enumerate(listed) if "应报部门" in line)
    assert sum(scheme().metrics[shared].name in line for line in listed[at + 1 :]) == lacking


def test_a_file_taken_is_dated_and_named(year: YearBook, tmp_path) -> None:
    year.write_csv()
    (year.folder / "ballots.csv").unlink()
    bring(year, sheet_file(tmp_path / "票.xlsx", year, "ballots"), "--office", "目标办")
    _, out = status(year)
    line = next(line for line in out.splitlines() if "目标办/票.xlsx" in line)
    assert line.split()[2] == "目标办"
    assert line.split()[1].startswith("20")


def test_a_year_without_units_says_so(year: YearBook) -> None:
    year.put("ballots.csv", "unit_id,excellent,qualified,unqualified\nC01,1,2,3\n")
    code, out = status(year)
    assert code == 0
    assert "还没有可用的单位表" in out
    assert "ballots.csv" in out
