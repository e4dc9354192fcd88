"""The demonstration years: the same every time, in the contract's shape, complete, their stories in the raw tables."""

import csv
import datetime
import shutil
import statistics
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kaohe.exchange.demoyears import remove_demo, write_demo
from kaohe.intake.sheets.cells import YES_NO
from kaohe.intake.tables.vocabulary import NO_TABLE
from kaohe.scheme.demo import STORIES, YEARS
from kaohe.scheme.demo.asked import numbers_beside, scheme
from kaohe.scheme.demo.panel import FLAT_RATER, HARSH_RATER
from kaohe.scheme.demo.tables import year_tables
from tests.shipped import CODES, TABLES

pytestmark = pytest.mark.slow

COMMITTED = Path(__file__).parents[2] / "data" / "raw"
FIRST, SECOND, THIRD = YEARS
YUANBU = [f"C{at:02}" for at in range(1, 11)] + ["E01", "F01", "I01"]
DEPARTMENTS = [f"D{at:02}" for at in range(1, 15)]
STORY = {story.key: story for story in STORIES}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder)
    return folder


@pytest.fixture(scope="module")
def raw(written):
    """{year: {table: rows}}, read from the files by this test's own small reader; words are English codes again."""
    return {year: read_year(written / year) for year in YEARS}


def read_year(folder):
    tables = defaultdict(list)
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables[path.stem] += [{name: text or None for name, text in row.items()} for row in csv.DictReader(file)]
    for path in sorted(folder.rglob("*.xlsx")):
        for sheet in load_workbook(path).worksheets:
            if sheet.title != NO_TABLE:
                table = next(table for table in TABLES.values() if table.chinese == sheet.title)
                tables[table.name] += read_sheet(table, list(sheet.iter_rows(values_only=True)))
    return {name: [typed(name, row) for row in rows] for name, rows in tables.items()}


def read_sheet(table, rows):
    english = {column.header: name for name, column in table.column.items()}
    header, *body = rows
    if set(header) <= set(english):
        return [dict(zip(map(english.get, header), row, strict=True)) for row in body]
    keys = [name for name in header if name in english]
    return [
        {english[key]: value for key, value in zip(header, row, strict=True) if key in keys}
        | {table.across: name, table.value: value}
        for row in body
        for name, value in zip(header, row, strict=True)
        if name not in keys and value is not None
    ]


def typed(table, row):
    made = {}
    for name, value in row.items():
        column = TABLES[table].column[name]
        codes = {word: code for code, word in CODES.get((table, name), {}).items()}
        if column.kind == "metric":
            codes = {metric.name: code for code, metric in scheme().metrics.items()}
        if value is not None and column.kind in ("figure", "number"):
            value = Fraction(str(value))
        elif value is not None and column.kind == "yes_no":
            value = YES_NO[value]
        elif value is not None and column.kind == "date":
            value = value.date() if isinstance(value, datetime.datetime) else datetime.date.fromisoformat(value)
        made[name] = codes.get(value, value)
    return made


def files_below(folder):
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def cells(path):
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8-sig").splitlines()
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(path).worksheets}


def metrics_of(tables):
    return {(row["unit_id"], row["metric"]): row["value"] for row in tables["metrics"]}


def ratings_of(tables):
    """{(unit, indicator): {rater: points}}"""
    found = defaultdict(dict)
    for row in tables["ratings"]:
        found[row["unit_id"], row["indicator"]][row["rater"]] = row["points"]
    return found


# The same every time


def test_the_same_seed_gives_the_same_bytes(written, tmp_path):
    paths = write_demo(tmp_path)
    first, second = files_below(written), files_below(tmp_path)
    assert sorted(paths) == sorted(second.values())
    assert {name: path.read_bytes() for name, path in first.items()} == {
        name: path.read_bytes() for name, path in second.items()
    }


def test_the_committed_years_are_a_fresh_write(written):
    fresh = files_below(written)
    for year in YEARS:
        names = {name for name in files_below(COMMITTED) if name.startswith(year)}
        assert names == {name for name in fresh if name.startswith(year)}
        for name in names:
            assert cells(COMMITTED / name) == cells(fresh[name]), name


def test_another_seed_gives_other_figures_of_the_same_shape():
    one, other = year_tables(1, THIRD), year_tables(2, THIRD)
    assert one["ballots"] != other["ballots"]
    for table in ("units", "ratings", "metrics", "ballots", "leader_ratings"):
        keys = TABLES[table].keys
        assert [[row[key] for key in keys] for row in one[table]] == [
            [row[key] for key in keys] for row in other[table]
        ]


# Files


def test_one_year_as_csv_one_as_a_workbook_one_as_offices_workbooks(written):
    assert {path.suffix for path in files_below(written / FIRST).values()} == {".csv", ".md"}
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in (written / FIRST).glob("*.csv"))
    assert len(list((written / SECOND).rglob("*.xlsx"))) == 1
    names = {path.stem for path in (written / THIRD).rglob("*.xlsx")}
    assert names >= {"人事处", "教务处", "招生就业办", "科技与产业处", "党委宣传部", "纪委", "民主测评与领导评价"}
    assert any(path.parent.name == "目标办" for path in (written / THIRD).rglob("*.xlsx"))
    assert sum(path.stat().st_size for path in files_below(written).values()) < 3_000_000


def test_every_year_and_every_workbook_says_that_it_is_synthetic(written):
    for year in YEARS:
        assert "演示数据（合成）" in (written / year / "SYNTHETIC.md").read_text(encoding="utf-8")
    for path in written.rglob("*.xlsx"):
        explained = load_workbook(path)[NO_TABLE]
        assert any("演示数据（合成）" in str(cell) for (cell,) in explained.iter_rows(values_only=True))


def test_sheets_are_formatted_as_offices_format_them(written):
    for path in written.rglob("*.xlsx"):
        for sheet in load_workbook(path).worksheets[1:]:
            assert sheet.freeze_panes
            assert sheet["A1"].font.bold
            headers = [cell.value for cell in sheet[1]]
            for metric in scheme().metrics.values():
                if metric.kind == "rate" and metric.name in headers:
                    column = sheet.iter_cols(headers.index(metric.name) + 1, headers.index(metric.name) + 1, min_row=2)
                    assert all(
                        cell.number_format == "0.00%"
                        for (*cells,) in column
                        for cell in cells
                        if cell.value is not None
                    )
            if "日期" in headers:
                dates = [row[headers.index("日期")] for row in sheet.iter_rows(min_row=2)]
                assert all(cell.is_date for cell in dates)


def test_the_offices_year_is_partly_wide_and_partly_tall(written):
    def headers(name, sheet):
        return [cell.value for cell in load_workbook(written / THIRD / name)[sheet][1]]

    assert headers("教务处.xlsx", "指标数据")[0] == "单位编号"
    assert "监考与讲座参与率" in headers("教务处.xlsx", "指标数据")
    assert headers("目标办/评分/院部基础指标评分.xlsx", "评分")[:3] == ["单位编号", "评分人", "B01"]
    assert "指标名称" in headers("财务处.xlsx", "指标数据")


# Contract


@pytest.mark.parametrize("year", YEARS)
def test_tables_have_the_contract_s_columns_and_no_key_twice(raw, year):
    assert {name for name, table in TABLES.items() if table.required} <= set(raw[year]) <= set(TABLES)
    for name, rows in raw[year].items():
        table = TABLES[name]
        for row in rows:
            assert set(row) <= set(table.column)
            for column in table.columns:
                if column.key or column.blank in ("error", "absent"):
                    assert row[column.name] is not None, (name, row)
        keys = [tuple(row[key] for key in table.keys) for row in rows if table.keys]
        assert len(keys) == len(set(keys)), name


@pytest.mark.parametrize("year", YEARS)
def test_every_unit_has_ballots_and_all_leaders(raw, year):
    units = [row["unit_id"] for row in raw[year]["units"]]
    assert units == YUANBU + DEPARTMENTS
    assert [row["unit_id"] for row in raw[year]["ballots"]] == units
    for row in raw[year]["ballots"]:
        assert 70 <= row["excellent"] + row["qualified"] + row["unqualified"] <= 90
    for unit in units:
        roles = [row["role"] for row in raw[year]["leader_ratings"] if row["unit_id"] == unit]
        assert (roles.count("chief"), roles.count("deputy")) == (2, 6)
    assert all(70 <= row["score"] <= 97 for row in raw[year]["leader_ratings"])


def applicable(raw, year):
    """(unit, indicator) that applies under the default policies."""
    exempt = {(row["unit_id"], row["indicator"]) for row in raw[year].get("exemptions", [])}
    policy = scheme().policy["teaching_depts"]
    for unit in raw[year]["units"]:
        left_out = policy.options[policy.default].exempts.get(unit["category"], ())
        for indicator in scheme().applicable(unit["category"], unit["unit_id"]):
            if indicator.id not in left_out and (unit["unit_id"], indicator.id) not in exempt:
                yield unit["unit_id"], indicator


@pytest.mark.parametrize("year", YEARS)
def test_every_judged_indicator_is_rated_by_the_whole_panel(raw, year):
    ratings = ratings_of(raw[year])
    for unit, indicator in applicable(raw, year):
        if indicator.judged:
            assert len(ratings[unit, indicator.id]) == 5
            assert all(
                0 <= points <= indicator.judged.highest_rating(indicator.full)
                for points in ratings[unit, indicator.id].values()
            )
        else:
            assert (unit, indicator.id) not in ratings


@pytest.mark.parametrize("year", YEARS)
def test_every_number_an_indicator_needs_is_there_and_in_range(raw, year):
    metrics, drawn = metrics_of(raw[year]), {metric for metric, _ in numbers_beside()}
    for unit, indicator in applicable(raw, year):
        for metric in (*indicator.metrics, *(check.metric for check in indicator.checks if check.metric in drawn)):
            assert (unit, metric) in metrics
    for (_, name), value in metrics.items():
        metric = scheme().metrics[name]
        assert metric.least is None or value >= metric.least
        assert metric.most is None or value <= metric.most
        assert metric.kind not in ("count", "money") or value.denominator == 1
        assert metric.kind != "rate" or (value * 10_000).denominator == 1


def test_each_year_s_previous_intake_is_last_year_s_intake(raw):
    for before, year in ((FIRST, SECOND), (SECOND, THIRD)):
        earlier, now = metrics_of(raw[before]), metrics_of(raw[year])
        for unit in YUANBU[:10]:
            assert now[unit, "new_students_prev"] == earlier[unit, "new_students"]


@pytest.mark.parametrize("year", YEARS)
def test_some_achievements_must_not_count(raw, year):
    rows = raw[year]["achievements"]
    start = datetime.date(int(year[:4]), 9, 1)
    assert any(row["date"] < start for row in rows)
    assert any(not row["first_author"] for row in rows)
    titles = [(row["unit_id"], row["indicator"], row["title"]) for row in rows]
    assert len(titles) == len(set(titles)) + 1
    assert any((row["kind"], row["level"]) == ("contest", "municipal") for row in rows)


@pytest.mark.parametrize("year", YEARS)
def test_full_marks_against_a_missed_number_are_given_only_in_the_stories(raw, year):
    metrics, ratings = metrics_of(raw[year]), ratings_of(raw[year])
    units = {row["unit_id"]: (row["category"], row) for row in raw[year]["units"]}
    found = set()
    for unit, indicator in applicable(raw, year):
        short = any(
            not check.met(metrics[unit, check.metric])
            for check in indicator.checks
            if check.concerns(*units[unit]) and (unit, check.metric) in metrics
        )
        if short and indicator.judged:
            full = indicator.judged.highest_rating(indicator.full)
            if all(points == full for points in ratings[unit, indicator.id].values()):
                found.add((unit, indicator.id))
    assert found == {FIRST: {("C05", "B41")}, SECOND: set(), THIRD: {("D03", "D03.T12")}}[year]


@pytest.mark.parametrize("year", YEARS)
def test_raters_explain_a_fair_part_of_their_ratings(raw, year):
    notes = [row.get("note") for row in raw[year]["ratings"]]
    assert 0.05 < sum(note is not None for note in notes) / len(notes) < 0.4  # a wide sheet has no room for notes


# Stories


def test_stories_are_told_in_chinese_of_units_and_years_that_exist():
    assert len(STORY) == len(STORIES)
    for story in STORIES:
        assert set(story.years) <= set(YEARS)
        assert set(story.units) <= {*YUANBU, *DEPARTMENTS}
        assert story.what
        assert story.where


def test_the_tied_departments_differ_cell_by_cell_and_agree_in_sum(raw):
    first, second = STORY["quota_tie"].units
    ratings = ratings_of(raw[FIRST])

    def given(unit, kind):
        return {
            name.partition(".")[2]: points for (who, name), points in ratings.items() if who == unit and kind in name
        }

    for kind in (".W", ".T"):
        one, other = given(first, kind), given(second, kind)
        assert one.keys() == other.keys()
        assert sum(one[name] != other[name] for name in one) >= len(one) - 1
        assert sorted(map(str, one.values())) == sorted(map(str, other.values()))

    ballots = {row["unit_id"]: row for row in raw[FIRST]["ballots"]}
    votes = ("excellent", "qualified", "unqualified")
    for vote in votes:
        assert ballots[first][vote] != ballots[second][vote]
    points = [
        sum(weight * ballots[unit][vote] for vote, weight in zip(votes, (90, 70, 50), strict=True))
        for unit in (first, second)
    ]
    assert points[0] == points[1]

    for role in ("chief", "deputy"):
        scores = [
            [row["score"] for row in raw[FIRST]["leader_ratings"] if (row["unit_id"], row["role"]) == (unit, role)]
            for unit in (first, second)
        ]
        assert scores[0] != scores[1]
        assert sorted(scores[0]) == sorted(scores[1])
    for unit in (first, second):
        assert accepted(raw[FIRST], unit) == {"innovation", "breakthrough"}


def accepted(tables, unit):
    return {row["kind"] for row in tables["declarations"] if row["unit_id"] == unit and row["accepted"]}


def test_the_front_runner_declared_and_has_a_veto(raw):
    (unit,) = STORY["vetoed_front_runner"].units
    assert accepted(raw[SECOND], unit) == {"innovation", "breakthrough"}
    assert [(row["unit_id"], row["kind"]) for row in raw[SECOND]["vetoes"]] == [(unit, "safety")]


def test_the_first_department_s_breakthrough_is_not_accepted(raw):
    (unit,) = STORY["not_accepted"].units
    assert accepted(raw[THIRD], unit) == {"innovation"}


def test_full_marks_stand_against_missed_numbers(raw):
    assert metrics_of(raw[THIRD])["D03", "teachers_trained"] == 62
    assert set(ratings_of(raw[THIRD])["D03", "D03.T12"].values()) == {100}
    assert metrics_of(raw[FIRST])["C05", "party_research_papers"] == 0
    assert set(ratings_of(raw[FIRST])["C05", "B41"].values()) == {1}


def test_one_rater_is_harsh_with_everybody(raw):
    ratings = ratings_of(raw[SECOND])
    for unit in YUANBU + DEPARTMENTS:
        lower = [
            points[HARSH_RATER] < statistics.mean(given for rater, given in points.items() if rater != HARSH_RATER)
            for (who, _), points in ratings.items()
            if who == unit
        ]
        assert sum(lower) > 0.9 * len(lower)


def test_one_rater_gives_every_yuanbu_the_same(raw):
    same = {}
    for (unit, name), points in ratings_of(raw[THIRD]).items():
        if unit in YUANBU:
            same.setdefault(name, set()).add(points[FLAT_RATER] / scheme().indicators[name].full)
    assert all(shares == {Fraction(9, 10)} for shares in same.values())
    for other in ("评委1", "评委2", "评委4", "评委5"):
        given = {points[other] for (unit, name), points in ratings_of(raw[THIRD]).items() if name == "B01"}
        assert len(given) > 1


def test_an_exemption_a_dispute_an_award_and_a_row_that_is_missing(raw):
    assert [(row["unit_id"], row["indicator"]) for row in raw[FIRST]["exemptions"]] == [("C10", "K4.2")]
    assert ("C10", "new_students_prev") not in metrics_of(raw[FIRST])
    disputed = [(row["unit_id"], row["metric"]) for row in raw[THIRD]["metrics"] if row.get("disputed")]
    assert disputed == [("C05", "training_income")]
    assert [row["unit_id"] for row in raw[SECOND]["awards"] if row["approved"]] == ["D08"]
    assert metrics_of(raw[SECOND])["C07", "substituted_hours_per_teacher"] >= 2
    assert not [row for row in raw[SECOND]["incidents"] if (row["unit_id"], row["indicator"]) == ("C07", "B07")]


def test_one_unit_gives_itself_full_marks_for_safety(raw):
    (unit,) = STORY["boastful_self_score"].units
    own = {row["indicator"]: row["points"] for row in raw[THIRD]["self_scores"] if row["unit_id"] == unit}
    safety = {name: scheme().indicators[name].full for name in own if name.startswith("K8.")}
    assert len(safety) == 5
    assert all(own[name] == full for name, full in safety.items())
    panel = {name: statistics.mean(ratings_of(raw[THIRD])[unit, name].values()) for name in safety}
    assert sum(panel[name] < Fraction(4, 5) * full for name, full in safety.items()) >= 3


def test_the_years_can_be_removed_but_not_what_somebody_changed(written, tmp_path):
    shutil.copytree(written, tmp_path / "raw")
    raw = tmp_path / "raw"
    (raw / SECOND / ".kaohe.lock").touch()
    repacked = next((raw / SECOND).glob("*.xlsx"))
    load_workbook(repacked).save(repacked)  # as another version of the program packs it
    (raw / THIRD / "自己的.csv").touch()
    (raw / FIRST / "SYNTHETIC.md").unlink()
    gone, stay = remove_demo(raw)
    assert gone == [SECOND]
    assert "真实数据" in stay[FIRST]
    assert stay[THIRD].startswith("自己的.csv")
    assert sorted(path.name for path in raw.iterdir()) == [FIRST, THIRD]


def test_what_the_leading_group_decided_has_value_reason_and_date(written):
    text = (written / THIRD / "policies.yaml").read_text(encoding="utf-8")
    for word in ("funding_steps:", "value: proportional", "fail_line:", "value: 0.62", "reason:", "decided_on: 2021-"):
        assert word in text
    assert not list(written.glob("201*/policies.yaml"))
