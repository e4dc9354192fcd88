"""Schemes of other shapes from raw tables to points: metrics alone, months, earlier years, classes, events."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from kaohe.analysis.corrections import corrections
from kaohe.analysis.figures import figures_of
from kaohe.analysis.named import with_ids
from kaohe.analysis.scenario import Change, Scenario
from kaohe.analysis.scenariofile import read_scenario, write_scenario
from kaohe.analysis.whatif import apply
from kaohe.exchange.asking import Asked, context_of
from kaohe.exchange.progress import progress
from kaohe.exchange.template import template
from kaohe.intake import Intake, read_year
from kaohe.intake.reading import read_rows
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.vocabulary import TABLES
from kaohe.intake.year.folder import table_named
from kaohe.intake.year.listed import is_year_of
from kaohe.scoring.score import score_intake
from tests.intake.toy import BACK, HEAD, INDEX, MARKS, MONTHS, TALL, VOTES, WIDE, errors, put, totals


def test_a_scheme_of_metrics_alone_is_scored(tmp_path: Path) -> None:
    rows = [("单位编号", "预期寿命", "人均收入"), ("A1", 85, 75000), ("A2", 52.5, 75000)]
    raw = put(tmp_path, "2021", HEAD + INDEX, metrics=rows)
    assert errors(read_year(raw, "2021")) == []
    assert totals(raw, "2021") == {"A1": Fraction(1), "A2": Fraction(707, 1000)}


def test_figures_by_period_and_one_of_the_year_for_all_of_them(tmp_path: Path) -> None:
    rows = [("单位编号", "指标名称", "期间", "数值"), ("A1", "产量", 1, 8), ("A1", "产量", "2 季度", 5)]
    rows += [("A1", "计划", "", 10), ("A2", "产量", "1", 10), ("A2", "计划", "", 10)]
    raw = put(tmp_path, "2021", HEAD + MONTHS, metrics=rows)
    intake = read_year(raw, "2021")
    assert [(each.unit, each.what, each.period) for each in intake.missing] == [("A2", "output", "2")]
    assert any("（2 季度）" in each.message for each in intake.findings if each.code == "missing")
    raw = put(tmp_path, "2020", HEAD + MONTHS, metrics=[*rows, ("A2", "产量", 2, 0)])
    assert totals(raw, "2020") == {"A1": 13, "A2": 10}


def test_the_template_has_a_line_for_each_period_and_is_read_as_filled_in(tmp_path: Path) -> None:
    put(tmp_path, "2021", HEAD + MONTHS)
    context = context_of(read_year(tmp_path, "2021"))
    assert progress(read_rows(tmp_path, "2021"), context, []).rows == {}  # none of the lists is of this scheme
    book = template(Asked(context), {})
    page = book["指标数据"]
    assert [[cell.value for cell in row] for row in page.iter_rows(max_col=5)][:4] == [
        ["单位编号", "单位名称", "期间", "产量", "计划"],
        ["A1", "甲队", None, None, None],
        ["A1", "甲队", "1 季度", None, None],
        ["A1", "甲队", "2 季度", None, None],
    ]
    for row in range(2, 8):
        page.cell(row, 5 if row in (2, 5) else 4, 10)
    book.save(tmp_path / "2021" / "填报.xlsx")
    assert errors(read_year(tmp_path, "2021")) == []
    assert totals(tmp_path, "2021") == {"A1": 20, "A2": 20}


RATED = """
dimensions: {term: {name: 学期, of: 2}}
items: [{id: total, name: 总分, each: term, fold: sum, full: 10, rule: {kind: judged}}]
"""


def test_a_rater_has_a_line_for_each_term(tmp_path: Path) -> None:
    book = template(Asked(context_of(read_year(put(tmp_path, "2021", HEAD + RATED), "2021"))), {})
    page = book["评分"]
    assert [[cell.value for cell in row] for row in page.iter_rows(max_col=4)][:4] == [
        ["单位编号", "单位名称", "评分人", "期间"],
        ["A1", "甲队", None, None],
        ["A1", "甲队", None, "1 学期"],
        ["A1", "甲队", None, "2 学期"],
    ]
    for row in (3, 4, 6, 7):
        page.cell(row, 3, "甲")
        page.cell(row, 5, row)
    book.save(tmp_path / "2021" / "填报.xlsx")
    assert errors(read_year(tmp_path, "2021")) == []
    assert totals(tmp_path, "2021") == {"A1": 7, "A2": 13}


def test_figures_of_years_before_come_from_their_folders_or_from_a_column(tmp_path: Path) -> None:
    now = [("单位编号", "指标名称", "年度", "数值"), ("A1", "利润", "", 9), ("A2", "利润", "", 3)]
    before = [("A1", "利润", 2019, 3), ("A2", "利润", "2019", 3)]
    put(tmp_path, "2020", HEAD + BACK, metrics=[now[0], ("A1", "利润", "", 6), ("A2", "利润", "", -3)])
    raw = put(tmp_path, "2021", HEAD + BACK, metrics=now)
    lacking = read_year(raw, "2021").missing
    assert {(each.unit, each.what, each.period) for each in lacking} == {
        ("A1", "profit", "2019"),
        ("A2", "profit", "2019"),
    }
    put(tmp_path, "2021", metrics=[*now, *before])
    assert totals(raw, "2021") == {"A1": 6, "A2": 1}
    put(tmp_path, "2021", metrics=[*now, *before, ("A1", "利润", "2030", 1)])
    assert [each.value for each in read_year(raw, "2021").findings if each.code == "bad-year"] == ["2030"]


JUDGED = """
traits: {size: {name: 规模, values: {big: 大, small: 小}}}
items:
  - id: total
    name: 总分
    items:
      - {id: j, name: 评定, full: 20, rule: {kind: judged, options: {优: 100%, 良: 85%}}}
      - {id: e, name: 安全, full: 10, rule: {kind: events, start: full, classes: {重大: -5, 一般: -1}}}
"""


def test_ratings_in_words_events_by_class_and_traits_of_units(tmp_path: Path) -> None:
    ratings = [("单位编号", "指标编号", "评分人", "分值"), ("A1", "评定", "甲", "优"), ("A2", "j", "甲", "良")]
    events = [("单位编号", "指标编号", "日期", "等级", "次数", "备注"), ("A1", "e", "2021-12-31", "重大", 1, "火灾")]
    units = [("单位编号", "单位名称", "类别", "规模"), ("A1", "甲队", "团队", "大"), ("A2", "乙队", "团队", "")]
    raw = put(tmp_path, "2021", HEAD + JUDGED, units=units, ratings=ratings, incidents=events)
    intake = read_year(raw, "2021")
    assert errors(intake) == []
    assert intake.data is not None
    assert [dict(unit.traits) for unit in intake.data.units] == [{"size": "big"}, {}]
    assert totals(raw, "2021") == {"A1": 25, "A2": 27}
    put(
        tmp_path,
        "2021",
        ratings=[*ratings, ("A1", "j", "乙", "中")],
        incidents=[*events, ("A1", "e", "2022-01-01", "小", 1, "事")],
    )
    found = {each.code for each in read_year(raw, "2021").findings if each.severity != "advisory"}
    assert {"bad-number", "bad-code"} <= found


def test_an_event_is_a_year_of_a_scheme_of_events_and_of_no_other(tmp_path: Path) -> None:
    metrics = [
        ("unit_id", "metric", "value"),
        *((unit, name, 85) for unit in ("A1", "A2") for name in ("life", "income")),
    ]
    put(tmp_path, "2004-decastar", (HEAD + INDEX).replace("calendar", "event"), metrics=metrics)
    put(tmp_path, "other", HEAD + INDEX, metrics=metrics)
    assert read_year(tmp_path, "2004-decastar").ok
    assert [each.code for each in read_year(tmp_path, "other").findings] == ["no-year"]
    put(tmp_path, "2018-2019", HEAD + INDEX, metrics=metrics)
    assert [each.code for each in read_year(tmp_path, "2018-2019").findings] == ["year-kind"]


def test_months_years_and_classes_are_rows_that_can_be_supposed_otherwise(tmp_path: Path) -> None:
    rows = [("单位编号", "指标名称", "期间", "数值"), *((unit, "计划", "", 10) for unit in ("A1", "A2"))]
    rows += [(unit, "产量", part, 8) for unit in ("A1", "A2") for part in (1, 2)]
    put(tmp_path, "2021", HEAD + MONTHS, metrics=rows)
    wrong = [*rows[:-1], ("A2", "产量", 2, 9)]
    put(tmp_path, "2020", HEAD + MONTHS, metrics=wrong)
    right, typed = read_year(tmp_path, "2021"), read_year(tmp_path, "2020")
    (found,) = corrections(typed, right)
    assert found.name == "A2 指标数据 output 2 季度：数值 9 → 8"
    assert "产量（1 季度） 8 吨；产量（2 季度） 9 吨" in figures_of(typed)["A2", "q"]
    row: tuple[tuple[str, str], ...] = (("unit_id", "A2"), ("metric", "output"), ("期间", "2 季度"))
    change = Change("set", "metrics", row, "value", "8", "3")
    suppose(tmp_path, right, Scenario("2021", changes=(change,)), {"A1": 16, "A2": 11})
    plans = [(unit, "计划", part, 10) for unit in ("A1", "A2") for part in (1, 2)]
    both = read_year(put(tmp_path, "2023", HEAD + MONTHS, metrics=[*rows, *plans]), "2023")
    change = Change("set", "metrics", (("unit_id", "A2"), ("metric", "plan")), "value", "10", "0")
    suppose(tmp_path, both, Scenario("2023", changes=(change,)), {"A1": 16, "A2": 16})  # each part has a plan
    events = [("单位编号", "指标编号", "日期", "等级", "次数", "备注"), ("A1", "e", "2021-12-31", "重大", 1, "火灾")]
    ratings = [("单位编号", "指标编号", "评分人", "分值"), ("A1", "j", "甲", 20), ("A2", "j", "甲", 20)]
    put(tmp_path, "2022", (HEAD + JUDGED).replace("2021", "2022"), ratings=ratings, incidents=[events[0]])
    put(tmp_path, "2022", incidents=[events[0], ("A1", "e", "2022-12-31", "重大", 1, "火灾")])
    row = (("unit_id", "A1"), ("indicator", "e"), ("date", "2022-12-31"))
    change = Change("set", "incidents", row, "等级", "重大", "一般")
    suppose(tmp_path, read_year(tmp_path, "2022"), Scenario("2022", changes=(change,)), {"A1": 29, "A2": 30})


def suppose(folder: Path, intake: Intake, scenario: Scenario, expected: dict[str, int]) -> None:
    """Written to a file, read again and scored."""
    write_scenario(folder / "scenario", scenario)
    assert intake.scheme is not None
    found = with_ids(read_scenario(folder / "scenario"), intake)
    supposed = apply(intake, found)
    assert {unit.unit_id: unit.total for unit in score_intake(supposed).units} == expected


def test_an_event_of_no_class_and_a_paper_of_no_vote_are_told(tmp_path: Path) -> None:
    events = [("单位编号", "指标编号", "日期", "等级", "次数", "备注"), ("A1", "e", "2021-03-01", "", 1, "事")]
    ratings = [("单位编号", "指标编号", "评分人", "分值"), ("A1", "j", "甲", 20), ("A2", "j", "甲", 20)]
    intake = read_year(put(tmp_path, "2021", HEAD + JUDGED, ratings=ratings, incidents=events), "2021")
    (finding,) = [each for each in intake.findings if each.code == "bad-class"]
    assert (finding.row, finding.expected) == (2, "重大、一般")
    for row, code, expected in (
        (("A1", "", "", 3, 1, 3, 1), "which-vote", "职工测评、服务评价"),
        (("A1", "职工测评", "", 3, 1, "", ""), "which-group", "本单位、外单位"),
    ):
        ballots = [*WIDE, row]
        intake = read_year(put(tmp_path, "2020", HEAD + VOTES, ballots=ballots, leader_ratings=MARKS), "2020")
        (finding,) = [each for each in intake.findings if each.severity == "error"]
        assert (finding.code, finding.row, finding.expected) == (code, len(ballots), expected)
    marks = [*MARKS, ("A1", "", "丁", 9)]
    intake = read_year(put(tmp_path, "2020", ballots=WIDE, leader_ratings=marks), "2020")
    assert [(each.code, each.expected) for each in intake.findings if each.severity == "error"] == [
        ("which-facet", "工作、作风")
    ]
    tall = [*TALL, ("A2", "service", "", "好", 1)]
    intake = read_year(put(tmp_path, "2020", ballots=tall, leader_ratings=MARKS), "2020")
    assert [(each.code, each.value) for each in intake.findings if each.severity == "error"] == [("bad-code", "好")]


ROUTINE = """
dimensions: {element: {name: 动作, of: 2}}
metrics:
  base: {name: 基础分值, unit: 分, kind: number, office: 技术组, least: 0}
  bonus: {name: 加分, unit: 分, kind: number, office: 技术组, least: 0}
items:
  - id: total
    name: 总分
    then: [{plus: bonus}]
    items:
      - id: routine
        name: 全套
        each: element
        fold: sum
        items:
          - {id: value, name: 分值, rule: base}
          - {id: goe, name: 执行分, rule: {kind: product, parts: [base, 10%, {kind: judged, least: -5, most: 5}]}}
"""


def test_marks_below_nothing_by_element_and_what_only_a_step_uses(tmp_path: Path) -> None:
    """Marks between their own bounds; a branch scored once an element; a metric that only `then` looks at."""
    metrics = [
        ("单位编号", "指标名称", "期间", "数值"),
        ("A1", "基础分值", "1", 5), ("A1", "基础分值", "2 动作", 3), ("A1", "加分", "", 1),
        ("A2", "基础分值", "", 4), ("A2", "加分", "", 0),
    ]  # fmt: skip
    marks = [("单位编号", "指标编号", "期间", "评分人", "分值")]
    marks += [("A1", "goe", place, "甲", mark) for place, mark in (("1", -5), ("2", 2))]
    marks += [("A2", "goe", "", "甲", 5)]
    raw = put(tmp_path, "2021", HEAD + ROUTINE, metrics=metrics, ratings=marks)
    assert errors(read_year(raw, "2021")) == []
    assert totals(raw, "2021") == {"A1": Fraction("7.1"), "A2": 12}  # 5 − 2.5 + 3 + 0.6 + 1; twice 4 + 2

    put(tmp_path, "2021", HEAD + ROUTINE, metrics=metrics[:3], ratings=[*marks, ("A1", "goe", "1", "乙", -5.5)])
    intake = read_year(raw, "2021")
    assert [each.expected for each in intake.findings if each.code == "out-of-range"] == ["-5～5"]
    lacking = {(each.unit, each.what, each.period) for each in intake.missing if each.kind == "metric"}
    assert lacking == {("A1", "bonus", ""), ("A2", "base", "1"), ("A2", "base", "2"), ("A2", "bonus", "")}


def test_what_only_a_step_uses_is_offered_in_the_template(tmp_path: Path) -> None:
    raw = put(tmp_path, "2021", HEAD + ROUTINE)
    asked = Asked(context_of(read_year(raw, "2021")), "技术组")
    assert list(asked.metrics) == ["base", "bonus"]
    assert asked.needs("A1", "bonus")
    sheet = template(asked, {})["指标数据"]
    assert [cell.value for cell in sheet[1]][-2:] == ["基础分值", "加分"]


def test_a_year_of_an_event_may_begin_and_be_based_on_another(tmp_path: Path) -> None:
    """The name of an event is a year where the scheme that is meant says so: named beside the data, or beneath it."""
    for name, text in {
        "games": HEAD.replace("{kind: calendar}", "{kind: event}") + INDEX,
        "later": "based_on: ../games\nid: later\n",
        "yearly": HEAD + INDEX,
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "scheme.yaml").write_text(text, encoding="utf-8")
    raw = put(tmp_path / "data" / "raw", "2021-games")
    for scheme, known in (("games", True), ("later", True), ("yearly", False)):
        (tmp_path / "data" / "kaohe.yaml").write_text(f"scheme: ../{scheme}\n", encoding="utf-8")
        assert is_year_of(raw, "2021-games") is known, scheme
        assert is_year_of(raw / ".kaohe-new-year-x", "2021-games") is known, scheme  # while `new-year` makes it


def test_offices_and_declarations_are_called_as_the_scheme_calls_them(tmp_path: Path) -> None:
    metrics = [("单位编号", "指标名称", "数值"), ("A1", "life", 50)]
    for year, more, called in (("2020", "", "填报单位"), ("2021", "offices_called: 处室\n", "处室")):
        intake = read_year(put(tmp_path, year, HEAD + more + INDEX, metrics=metrics), year)
        assert intake.scheme is not None
        said = "填报单位：统计部" if not more else "填报处室：统计部"
        assert template(Asked(context_of(intake), "统计部"), {})["说明"]["A3"].value == said
        assert tables_of(intake.scheme)["nil_reports"].column["office"].header == called
        assert tables_of(intake.scheme)["declarations"].chinese == "申报"
    for name in ("优秀申报", "申报", "declarations"):
        assert (table_named(name) or TABLES["units"]).name == "declarations"
    assert table_named("全校各项项目申报") is None
