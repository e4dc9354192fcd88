"""`kaohe status`: what applies, what is there, what is missing; the two ways of counting agree."""

from pathlib import Path

import pytest

from kaohe.exchange.asking import Asked, context_of, offices
from kaohe.exchange.progress import progress
from kaohe.exchange.receipts import receipts
from kaohe.intake.reading import read_rows
from tests.exchange.filling import bring, kaohe, sheet_file
from tests.intake.yearbook import YEAR, YearBook, incident, scheme

pytestmark = pytest.mark.slow


def status(year: YearBook):
    return kaohe("status", YEAR, "--data", year.raw.parent)


def counted(year: YearBook):
    reading = read_rows(year.raw, YEAR)
    return progress(reading, context_of(reading.intake), receipts(year.folder))


def files_of(year: YearBook) -> dict[str, list[str]]:
    """The names of the files by office, of those that have some."""
    return {each.name: [file.name for file in each.files] for each in counted(year).by_office if each.files}


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


def test_every_office_that_gets_a_form_has_a_line(year: YearBook, tmp_path) -> None:
    """Also one that owes nothing countable: what else it may hand in, what there is, and whether a file came."""
    year.tables["incidents"] = [incident()]
    year.write_csv()
    found = {each.name: each for each in counted(year).by_office}
    assert list(found) == offices(context_of(year.look()))
    science = found[scheme().indicators["K6"].office]
    assert (science.asked, science.missing, science.more["成果"]) == (0, 0, 1)
    assert found[scheme().indicators["B17"].office].more["扣分事件"] == 1
    assert set(found["目标办"].more) == {"优秀申报", "否决事项", "突出贡献奖", "审议决定"}
    assert [file.name for file in science.files] == ["achievements.csv"]
    (year.folder / "achievements.csv").unlink()
    bring(year, sheet_file(tmp_path / "成果.xlsx", year, "achievements"))
    line = next(line for line in status(year)[1].splitlines() if line.startswith(f"{science.name} "))
    assert line.split()[1:5] == ["0", "0", "0", "成果"]
    assert line.split()[5].startswith("1")
    (entry,) = receipts(year.folder)
    assert line.rstrip().endswith(f"{entry.time[:10]}（1 份）")


def test_optional_figures_are_counted_apart(year: YearBook) -> None:
    asked = Asked(context_of(year.read()))
    metric, unit = next(
        (name, unit) for name, users in asked.metrics.items() for unit in users if not asked.needs(unit, name)
    )
    office = scheme().metrics[metric].office
    before = next(each for each in counted(year).by_office if each.name == office)
    year.tables["metrics"].append({"unit_id": unit, "metric": metric, "value": 0.5})
    year.write_csv()
    after = next(each for each in counted(year).by_office if each.name == office)
    assert (after.of_them, after.optional) == (before.of_them + 1, before.optional)
    assert (after.asked, after.missing) == (before.asked, before.missing)


def test_a_file_is_of_every_office_that_a_row_of_it_comes_from(year: YearBook, tmp_path) -> None:
    """Wherever it lies and whoever brought it: in a wrong folder, above all of them, or for all offices."""
    year.write_csv()
    for name in ("metrics", "ratings"):
        (year.folder / f"{name}.csv").unlink()
    (year.folder / "财务处").mkdir()
    (year.folder / "ballots.csv").rename(year.folder / "财务处" / "ballots.csv")
    assert files_of(year) == {
        scheme().indicators["K6"].office: ["achievements.csv"],
        "目标办": ["leader_ratings.csv", "财务处/ballots.csv"],
    }
    metrics = scheme().metrics
    part, finance = "党委学生工作部（招生就业办）", "财务处"
    figures = year.tables["metrics"]
    year.tables["metrics"] = [row for row in figures if metrics[row["metric"]].office == part]
    bring(year, sheet_file(tmp_path / "部.xlsx", year, "metrics"), "--office", "党委学生工作部")
    year.tables["metrics"] = [row for row in figures if metrics[row["metric"]].office == finance]
    sheet_file(year.folder / "财务处.xlsx", year, "metrics")
    found = files_of(year)
    assert (found[part], found[finance]) == (["党委学生工作部/部.xlsx"], ["财务处.xlsx"])
    assert [each for each in found if "党委学生工作部" in each] == [part]
    line = next(line for line in status(year)[1].splitlines() if line.startswith("财务处 "))
    assert "直接放入（1 份）" in line
    taken = {metrics[row["metric"]].office for row in figures}
    year.tables["metrics"] = [row for row in figures if metrics[row["metric"]].office not in (part, finance)]
    bring(year, sheet_file(tmp_path / "全.xlsx", year, "metrics"))
    found = files_of(year)
    assert {office for office, names in found.items() if "全部部门/全.xlsx" in names} == taken - {part, finance}


@pytest.mark.parametrize("office", ["财务处", "党委学生工作部", None])
def test_a_file_without_rows_is_of_whom_it_was_received_from(units: YearBook, office: str | None, tmp_path) -> None:
    everyone = offices(context_of(units.look()))
    file = tmp_path / "零报告.xlsx"
    kaohe("template", YEAR, file, *(("--office", office) if office else ()), "--data", units.raw.parent)
    assert bring(units, file, "--nothing-to-report")[0] == 0
    expected = {
        "财务处": {"财务处"},
        "党委学生工作部": {each for each in everyone if each.startswith("党委学生工作部（")},
        None: {*everyone},
    }
    assert {*files_of(units)} == expected[office]


def test_the_offices_of_a_shipped_year_have_their_files() -> None:
    raw = Path(__file__).parents[2] / "data" / "raw"
    reading = read_rows(raw, "2020-2021")
    found = {
        each.name: [file.name for file in each.files]
        for each in progress(reading, context_of(reading.intake), []).by_office
    }
    assert "财务处.xlsx" in found["财务处"]
    assert "党委组织部/人事处.xlsx" in found["党委组织部（人事处）"]
    assert "党委组织部/人事处.xlsx" not in found["党委组织部"]
    assert [name for name, files in found.items() if not files] == ["劳动服务公司"]  # one figure, and that is optional


def test_an_input_of_two_indicators_counts_once(year: YearBook) -> None:
    year.write_csv()
    intake = year.look()
    handed_in = len(intake.data.metrics) + len(intake.data.ratings) + 2 * len(intake.data.units)
    assert sum(each.asked for each in counted(year).by_unit) == handed_in


def test_whoever_counts_what_is_lacking_counts_the_same(year: YearBook, tmp_path) -> None:
    shared = next(
        name for name, users in Asked(context_of(year.read())).metrics.items() if len(users.get("C01", ())) > 1
    )
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


def test_a_file_two_folders_down_is_of_the_nearest_office(year: YearBook) -> None:
    year.write_csv()
    offices = [each for each in dict.fromkeys(each.office for each in scheme().metrics.values()) if "（" not in each][
        :2
    ]
    year.put(f"{offices[0]}/{offices[1]}/metrics.csv", "unit_id,metric,value\n")
    assert files_of(year)[offices[1]][-1] == f"{offices[0]}/{offices[1]}/metrics.csv"
    assert f"{offices[0]}/{offices[1]}/metrics.csv" not in files_of(year).get(offices[0], [])
