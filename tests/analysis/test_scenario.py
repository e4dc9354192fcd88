"""Scenarios: what they change equals raw data that really reads so; what `kaohe check` refuses is refused here."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.analysis.difference import cell_shifts, shifted, shifts
from kaohe.analysis.named import with_ids
from kaohe.analysis.scenario import Change, Scenario, ScenarioError, said
from kaohe.analysis.scenariofile import read_scenario, scenario_text, write_scenario
from kaohe.analysis.whatif import STALE, RefusedError, apply, row_name, row_texts
from kaohe.intake import read_year
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.sourcerows import rows_of
from kaohe.intake.tables.vocabulary import changeable
from kaohe.scoring.score import score_intake
from tests.small import add, change, small_year

pytestmark = pytest.mark.slow

YEAR = "2018-2019"
UNIT = (("unit_id", "C01"),)
METRIC = (*UNIT, ("metric", "invigilation_rate"))
INCIDENT = (("unit_id", "C02"), ("indicator", "K5.1b"), ("date", "2019-03-13"))
CONTEST = (*UNIT, ("indicator", "K1.1"), ("title", "职业院校技能大赛“模具设计”赛项"))
RATING = (*UNIT, ("indicator", "B01"), ("rater", "评委1"))
LEADER = (*UNIT, ("leader", "校长"))
DECLARED = (*UNIT, ("kind", "创新"))
AWARD = (*UNIT, ("title", "省级高水平专业群立项"))
DECIDED = (*UNIT, ("grade", "不合格"), ("matter", "等次"), ("reason", "试算"), ("decided_on", "2019-09-20"))
VETO = (*UNIT, ("kind", "安全责任"), ("note", "试算"))


def setting(table, row, column, was, value):
    return Change("set", table, row, column, was, value)


@pytest.fixture(scope="module")
def intake(tmp_path_factory):
    """A small year as read; nothing here may change it."""
    data = tmp_path_factory.mktemp("small")
    small_year(data)
    found = read_year(data / "raw", YEAR)
    assert found.ok
    return found


@pytest.fixture(scope="module")
def book(intake):
    return score_intake(intake)


def scored(intake, *changes, **policies):
    return score_intake(apply(intake, Scenario(YEAR, policies=policies, changes=changes)), provisional=True)


def same(one, other):
    """Whether two books say the same of every unit and cell; a trace also holds the lines its rows stood in."""
    mine, others = ([replace(cell, trace=None) for cell in book.cells] for book in (one, other))
    return one.units == other.units and mine == others and one.policies == other.policies


def is_row(**wanted):
    return lambda row: wanted.items() <= row.items()


REAL = {
    "a metric": (
        setting("metrics", METRIC, "value", "0.9324", "61%"),
        lambda folder: change(folder, "metrics", lambda row: {**row, "value": "0.61"},
                              where=is_row(unit_id="C01", metric="invigilation_rate")),
    ),
    "a rating": (
        setting("ratings", RATING, "points", "0.85", "0.1"),
        lambda folder: change(folder, "ratings", lambda row: {**row, "points": "0.1"},
                              where=is_row(unit_id="C01", indicator="B01", rater="评委1")),
    ),
    "a count of ballots": (
        setting("ballots", UNIT, "unqualified", "1", "40"),
        lambda folder: change(folder, "ballots", lambda row: {**row, "unqualified": "40"}, where=is_row(unit_id="C01")),
    ),
    "a leader's score": (
        setting("leader_ratings", LEADER, "score", "88", "12.5"),
        lambda folder: change(folder, "leader_ratings", lambda row: {**row, "score": "12.5"},
                              where=is_row(unit_id="C01", leader="校长")),
    ),
    "an achievement's level": (
        setting("achievements", CONTEST, "level", "省级", "国家级"),
        lambda folder: change(folder, "achievements", lambda row: {**row, "level": "national"},
                              where=is_row(unit_id="C01", indicator="K1.1", title=dict(CONTEST)["title"])),
    ),
    "an achievement left out": (
        Change("leave_out", "achievements", CONTEST),
        lambda folder: change(folder, "achievements", lambda row: None,
                              where=is_row(unit_id="C01", indicator="K1.1", title=dict(CONTEST)["title"])),
    ),
    "how often it happened": (
        setting("incidents", INCIDENT, "count", "1", "2"),
        lambda folder: change(folder, "incidents", lambda row: {**row, "count": "2"},
                              where=is_row(unit_id="C02", indicator="K5.1b", date="2019-03-13")),
    ),
    "an incident left out": (
        Change("leave_out", "incidents", INCIDENT),
        lambda folder: change(folder, "incidents", lambda row: None,
                              where=is_row(unit_id="C02", indicator="K5.1b", date="2019-03-13")),
    ),
    "a declaration": (
        setting("declarations", DECLARED, "accepted", "是", "否"),
        lambda folder: change(folder, "declarations", lambda row: {**row, "accepted": "false"},
                              where=is_row(unit_id="C01", kind="innovation")),
    ),
    "an award": (
        setting("awards", AWARD, "approved", "否", "是"),
        lambda folder: change(folder, "awards", lambda row: {**row, "approved": "true"}, where=is_row(unit_id="C01")),
    ),
    "a veto": (
        Change("add", "vetoes", VETO),
        lambda folder: add(folder, "vetoes", unit_id="C01", kind="safety", note="试算"),
    ),
    "a decision": (
        Change("add", "decisions", DECIDED),
        lambda folder: (folder / "审议决定.csv").write_text(
            "单位编号,结论,事项,理由,日期\nC01,不合格,等次,试算,2019-09-20\n", encoding="utf-8"),
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_a_scenario_scores_as_data_that_really_reads_so(intake, book, tmp_path, name):
    made, write = REAL[name]
    folder = small_year(tmp_path)
    write(folder)
    supposed = scored(intake, made)
    assert same(supposed, score_intake(read_year(tmp_path / "raw", YEAR)))
    assert not same(supposed, book)


def test_every_changeable_table_is_tried(intake):
    assert {made.table for made, _ in REAL.values()} == set(changeable())


def test_a_policy_is_read_as_the_command_line_reads_it(intake, tmp_path):
    small_year(tmp_path)
    supposed = scored(intake, fail_line="0.9", quota_ties="all")
    real = score_intake(read_year(tmp_path / "raw", YEAR, {"fail_line": "0.9", "quota_ties": "all"}))
    assert same(supposed, real)


def test_what_is_not_changed_is_the_same_object(intake):
    made, _ = REAL["a metric"]
    after = apply(intake, Scenario(YEAR, changes=(made,))).data
    for key, row in after.metrics.items():
        assert (row is intake.data.metrics[key]) == (key != ("C01", "invigilation_rate"))
    held = {"ballots": "votes", "leader_ratings": "marks"}
    for name in (held.get(table, table) for table in changeable()):
        assert (getattr(after, name) is getattr(intake.data, name)) == (name != "metrics")


REFUSED = {
    "no number": (setting("metrics", METRIC, "value", "0.9324", "许多"), "bad-figure", "应为"),
    "percent meant": (setting("metrics", METRIC, "value", "0.9324", "85"), "percent-meant", "是否指 85%"),
    "a rate over 1": (setting("metrics", METRIC, "value", "0.9324", "120%"), "out-of-range", "比率超出范围"),
    "a rating over the maximum": (setting("ratings", RATING, "points", "0.85", "9"), "out-of-range", "评分超出范围"),
    "half a ballot": (setting("ballots", UNIT, "excellent", "56", "1.5"), "bad-ballot", "票数有误"),
    "over a hundred": (setting("leader_ratings", LEADER, "score", "88", "101"), "out-of-range", "领导评分超出范围"),
    "no date": (setting("achievements", CONTEST, "date", "2018-10-13", "去年"), "bad-date", "不是日期"),
    "a negative amount": (setting("achievements", CONTEST, "amount", "", "-1"), "out-of-range", "金额为负"),
    "a negative count": (setting("incidents", INCIDENT, "count", "1", "-1"), "out-of-range", "次数为负"),
    "neither yes nor no": (setting("declarations", DECLARED, "accepted", "是", "也许"), "bad-yes_no", "是 或 否"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSED)
def test_what_check_calls_an_error_is_refused_with_its_words(intake, tmp_path, name):
    """The same entry in the raw data is an error with the same message."""
    made, code, says = REFUSED[name]
    with pytest.raises(RefusedError) as refused:
        apply(intake, Scenario(YEAR, changes=(made,)))
    ((change_refused, column, message),) = refused.value.by
    assert change_refused == made
    assert column == made.column
    assert says in message
    folder = small_year(tmp_path)
    words = Names(intake.scheme)
    wanted = {key: words.codes(made.table, key).get(text, text) if key == "kind" else text for key, text in made.row}
    assert change(folder, made.table, lambda row: {**row, made.column: made.value}, where=is_row(**wanted))
    (error,) = [each for each in read_year(tmp_path / "raw", YEAR).findings if each.severity == "error"]
    assert error.code == code
    assert message.startswith(error.message)
    assert error.expected in message


def test_a_denominator_cannot_be_zero(intake):
    found = {each.values["metric"]: each for each in rows_of(intake.data, "metrics", "C01")}
    name = next(name for name in found if "teachers" in name and found[name].values["value"] > 1)
    row = (*UNIT, ("metric", name))
    made = setting("metrics", row, "value", row_texts(found[name], Names(intake.scheme))["value"], "0")
    other = setting("metrics", METRIC, "value", "0.9324", "90%")
    with pytest.raises(RefusedError, match="无法计算") as refused:
        apply(intake, Scenario(YEAR, changes=(made, other)))
    assert [each for each, _, _ in refused.value.by] == [made]


def test_a_figure_cannot_be_emptied(intake):
    with pytest.raises(RefusedError, match="不能为空"):
        apply(intake, Scenario(YEAR, changes=(setting("metrics", METRIC, "value", "0.9324", " "),)))


WRONG = {
    "another year": (Scenario("2019-2020"), "是 2019-2020 学年的"),
    "no such unit": (
        Scenario(YEAR, changes=(setting("ballots", (("unit_id", "X9"),), "excellent", "1", "2"),)), "没有单位 X9",
    ),
    "no such row": (
        Scenario(YEAR, changes=(setting("metrics", (*UNIT, ("metric", "nonsense")), "value", "1", "2"),)), "没有这一行",
    ),
    "a table that decides who is assessed": (
        Scenario(YEAR, changes=(setting("units", UNIT, "category", "college", "department"),)), "不能改动表 units",
    ),
    "a key": (Scenario(YEAR, changes=(setting("metrics", METRIC, "metric", "a", "b"),)), "metric 列不能改动"),
    "a row that is there": (
        Scenario(YEAR, changes=(Change("add", "metrics", (*METRIC, ("value", "0.5"))),)), "已有这一行",
    ),
    "an added row that lacks something": (
        Scenario(YEAR, changes=(Change("add", "ballots", (("unit_id", "C01"), ("excellent", "1"))),)), "不能为空",
    ),
    "a policy that does not exist": (Scenario(YEAR, policies={"nonsense": "1"}), "没有名为 nonsense"),
    "a reading that does not exist": (Scenario(YEAR, policies={"quota_ties": "1"}), "quota_ties=1"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_scenario_that_cannot_be_is_refused_by_name(intake, name):
    scenario, says = WRONG[name]
    with pytest.raises(ScenarioError, match=says):
        apply(intake, scenario)


def test_every_refusal_is_told_at_once(intake):
    both = (REFUSED["half a ballot"][0], REFUSED["over a hundred"][0])
    with pytest.raises(RefusedError) as refused:
        apply(intake, Scenario(YEAR, changes=both))
    assert [made for made, _, _ in refused.value.by] == list(both)


def test_what_reads_otherwise_by_now_is_a_warning(intake):
    stale = setting("ballots", UNIT, "unqualified", "7", "9")
    after = apply(intake, Scenario(YEAR, changes=(stale,)))
    (warning,) = [finding for finding in after.findings if finding.code == STALE]
    assert "已不是方案所记的 7，数据中现为 1" in warning.message
    assert after.data.votes["C01", "ballot", ""].counts["", "unqualified"] == 9


def test_another_way_to_write_what_was_there_is_no_warning(intake):
    after = apply(intake, Scenario(YEAR, changes=(setting("metrics", METRIC, "value", "93.24%", "90%"),)))
    assert [finding for finding in after.findings if finding.code == STALE] == []


def test_a_figure_left_out_is_missing(intake):
    after = apply(intake, Scenario(YEAR, changes=(Change("leave_out", "metrics", METRIC),)))
    assert [(each.unit, each.what) for each in after.missing] == [("C01", "invigilation_rate")]
    handed_in = Change("add", "metrics", (*METRIC, ("value", "0.5")))
    without = replace(intake, data=after.data, missing=after.missing)
    assert apply(without, Scenario(YEAR, changes=(handed_in,))).missing == ()


def test_rows_of_one_name_are_told_apart(intake, tmp_path):
    folder = small_year(tmp_path)
    twice = {"unit_id": "C02", "indicator": "K5.1b", "date": "2019-03-13", "count": "3", "note": "又一起"}
    add(folder, "incidents", **twice)
    found = read_year(tmp_path / "raw", YEAR)
    after = apply(found, Scenario(YEAR, changes=(Change("set", "incidents", INCIDENT, "count", "3", "4", which=2),)))
    mine = [row.count for row in after.data.incidents if (row.unit, row.indicator) == ("C02", "K5.1b")]
    assert mine[:2] == [1, 4]


def test_the_later_change_of_a_cell_takes_the_place_of_the_earlier():
    first = setting("ballots", UNIT, "excellent", "56", "50")
    scenario = Scenario(YEAR).with_change(first).with_change(replace(first, was="50", value="40"))
    assert scenario.changes == (replace(first, value="40"),)
    assert scenario.with_change(replace(first, value="56")).changes == ()


def test_changes_are_said_in_words():
    made = setting("metrics", METRIC, "value", "0.9324", "0.5")
    assert said(made, {"invigilation_rate": "监考到位率"}) == "指标数据 C01 监考到位率 数值：0.9324 → 0.5"
    assert said(Change("leave_out", "incidents", INCIDENT, which=2)).endswith("（第 2 行）：不计入")
    assert said(Change("add", "vetoes", VETO)).startswith("否决事项")


@st.composite
def cells(draw, intake):
    """A changeable cell and a value it may have."""
    table, columns = draw(
        st.sampled_from([
            ("ratings", ["points"]), ("ballots", ["excellent", "qualified", "unqualified"]),
            ("leader_ratings", ["score"]), ("declarations", ["accepted"]),
        ])
    )  # fmt: skip
    unit = draw(st.sampled_from([unit.unit_id for unit in intake.data.units]))
    rows = rows_of(intake.data, table, unit)
    if not rows:
        return None
    row, column = draw(st.sampled_from(rows)), draw(st.sampled_from(columns))
    names = Names(intake.scheme)
    values = {
        "ratings": st.just("0"),
        "ballots": st.integers(1, 60).map(str),
        "leader_ratings": st.decimals(0, 100, places=1).map(str),
        "declarations": st.sampled_from(["是", "否"]),
    }
    value = draw(values[table])
    return Change("set", table, row_name(row, names), column, row_texts(row, names)[column], value, row.which)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_change_and_its_inverse_give_the_book_back(intake, book, data):
    made = [each for each in data.draw(st.lists(cells(intake), min_size=1, max_size=4)) if each]
    scenario = Scenario(YEAR)
    for each in made:
        scenario = scenario.with_change(each)
    after = apply(intake, scenario)
    back = Scenario(YEAR)
    for each in scenario.changes:
        back = back.with_change(replace(each, was=each.value, value=each.was))
    again = apply(after, back)
    assert again.data == intake.data
    assert same(score_intake(again), book)
    for each in scenario.changes:
        scenario = scenario.with_change(replace(each, value=each.was))
    assert scenario == Scenario(YEAR)


def full():
    changes = (*(made for made, _ in REAL.values()), Change("leave_out", "awards", AWARD, which=2))
    return Scenario(YEAR, "改“引号”: #与冒号", {"fail_line": "0.65"}, changes)


def test_a_file_gives_the_scenario_back(tmp_path):
    write_scenario(tmp_path / "a.yaml", full())
    assert read_scenario(tmp_path / "a.yaml") == full()
    assert scenario_text(full()) == (tmp_path / "a.yaml").read_text(encoding="utf-8")


def test_a_file_written_by_hand(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(
        "version: 1\nyear: 2018-2019\npolicies: {fail_line: 0.65}\nchanges:\n"
        "- {table: ballots, row: {unit_id: C01}, column: excellent, was: 56, value: 50}\n"
        "- {table: declarations, row: {unit_id: C01, kind: 创新}, column: accepted, was: true, value: no}\n",
        encoding="utf-8",
    )
    found = read_scenario(path)
    assert found.policies == {"fail_line": "0.65"}
    assert [(each.was, each.value) for each in found.changes] == [("56", "50"), ("是", "no")]


ROW = "row: {unit_id: C01}"
BROKEN = {
    "a list": ("- version\n", "应为映射"),
    "no YAML": ("version: [1\n", "没有配对"),
    "another version": ("version: 2\nyear: 2018-2019\n", "version 应为 1，现为 “2”"),
    "no year": ("version: 1\nyear: 2018/19\n", "year 应写成 2018-2019"),
    "an unknown field": ("version: 1\nyear: 2018-2019\ncolour: red\n", "第 3 行：方案：没有字段 colour"),
    "policies that are a list": ("version: 1\nyear: 2018-2019\npolicies: [a]\n", "policies 应写成"),
    "changes that are text": ("version: 1\nyear: 2018-2019\nchanges: 无\n", "changes 应为列表"),
    "an unknown table": (f"changes:\n- {{table: votes, {ROW}, column: a, value: 1}}\n", "没有表 “votes”"),
    "an unknown column": (f"changes:\n- {{table: awards, {ROW}, column: a, value: 1}}\n", "没有列 “a”"),
    "an unknown field of a change": (
        f"changes:\n- {{table: ballots, {ROW}, column: excellent, value: 1, old: 2}}\n", "第 1 项：没有字段 old",
    ),
    "no value": (f"changes:\n- {{table: ballots, {ROW}, column: excellent}}\n", "没有写 value"),
    "no row": ("changes:\n- {table: ballots, column: excellent, value: 1}\n", "没有写 row"),
    "left out a little": (f"changes:\n- {{table: awards, {ROW}, leave_out: 3}}\n", "leave_out 只能写 true"),
    "the zeroth": (f"changes:\n- {{table: awards, {ROW}, which: 0, leave_out: true}}\n", "which 应为从 1 起"),
    "a change that is text": ("changes:\n- 改\n", "第 1 项应为映射"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_says_where_and_why(tmp_path, name):
    text, says = BROKEN[name]
    path = tmp_path / "a.yaml"
    path.write_text(text if "version" in text else f"version: 1\nyear: 2018-2019\n{text}", encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_scenario(path)
    assert any(says in problem and str(path) in problem for problem in error.value.problems)


def test_what_moved_between_two_books(intake, book):
    after = scored(intake, REAL["a count of ballots"][0])
    assert cell_shifts(book, after) == []
    (moved,) = [each for each in shifts(book, after, "yuanbu") if each.unit.unit_id == "C01"]
    assert moved.gained == after.unit("C01").total - book.unit("C01").total < 0
    assert moved in shifted(book, after, "yuanbu")
    after = scored(intake, REAL["a rating"][0])
    (cell,) = cell_shifts(book, after)
    assert (cell.unit, cell.indicator) == ("C01", "B01")
    assert cell.before == book.cell("C01", "B01").points
    assert cell.after == after.cell("C01", "B01").points


def test_rows_may_be_named_as_people_name_them(tmp_path, intake):
    path = tmp_path / "a.yaml"
    unit = intake.data.unit("C01").name
    metric = intake.scheme.metrics["invigilation_rate"].name
    path.write_text(
        "version: 1\nyear: 2018-2019\nchanges:\n"
        f"- {{table: 民主测评, row: {{单位: {unit}}}, column: 优秀, value: 50}}\n"
        f"- {{table: 指标数据, row: {{单位编号: {unit[:2]}, 指标名称: {metric}}}, column: 数值, value: 0.9}}\n"
        f"- {{table: 评分, row: {{单位: C01, 指标: {intake.scheme.indicators['B01'].name}, 评分人: 评委1}},"
        " column: 分值, value: 0.5}\n",
        encoding="utf-8",
    )
    found = with_ids(read_scenario(path), intake)
    assert [each.row for each in found.changes] == [UNIT, METRIC, RATING]
    assert [each.column for each in found.changes] == ["excellent", "value", "points"]
    assert apply(intake, found).data.votes["C01", "ballot", ""].counts["", "excellent"] == 50


def test_readings_may_be_named_by_their_questions(tmp_path, intake):
    policy = intake.scheme.policy["rescale"]
    path = tmp_path / "a.yaml"
    text = f"version: 1\nyear: 2018-2019\npolicies:\n  {policy.question}？: {policy.options['combined'].says}\n"
    path.write_text(text + "  p02: stated\n", encoding="utf-8")
    found = with_ids(read_scenario(path), intake)
    assert found.policies == {"rescale": "combined", "full_marks": "stated"}
    with pytest.raises(ScenarioError, match="写了两次"):
        with_ids(Scenario(YEAR, policies={"P01": "none", "rescale": "none"}), intake)


def test_a_column_that_the_scheme_does_not_have_is_told(intake):
    with pytest.raises(ScenarioError, match="表 ballots 没有列 “a”，应为 unit_id、excellent、"):
        with_ids(Scenario(YEAR, changes=(setting("ballots", (("unit_id", "C01"),), "a", "1", "2"),)), intake)


def test_a_name_that_means_several_units_is_asked_about(intake):
    with pytest.raises(ScenarioError, match=r"可以指 C01 .*、C0") as error:
        with_ids(Scenario(YEAR, changes=(setting("ballots", (("unit_id", "学院"),), "excellent", "56", "50"),)), intake)
    assert "单位“学院”" in str(error.value)
