"""A draft on past years: what moves, what lacks, what has no place; the example that ships; a draft that changes
nothing moves nobody."""

import json
import shutil
from fractions import Fraction

import pytest
from typer.testing import CliRunner

from kaohe.analysis.answered import Answered
from kaohe.analysis.backtest import Backtest, backtest, under
from kaohe.analysis.backtestjson import backtest_json
from kaohe.analysis.exact import from_exact
from kaohe.analysis.recast import recast
from kaohe.charts.backtest import year_part
from kaohe.charts.backtestwords import move_said
from kaohe.cli import app
from kaohe.intake import Intake
from kaohe.intake.tables.data import Votes
from kaohe.scheme import read_scheme, shipped
from kaohe.scheme.policies import resolve
from kaohe.scheme.reading import DRAFTS
from kaohe.scoring.assemble import score_data
from tests.analysis.agreed import agreed
from tests.answering import BY_READING, OLD, POLICY, UNITS, YEAR, item, text, year
from tests.scoring.anyscheme import HEAD, METRICS, ONE_GROUP, scheme_of, year_of
from tests.small import change, small_year

F = Fraction


def test_a_draft_that_changes_nothing_moves_nobody():
    intake, book = year(decided=[("share", "whole")])
    found = under(scheme_of(OLD), intake, book)
    assert (found.moved, found.lacking, found.items, found.readings, dict(found.gone)) == ([], (), (), (), {})
    assert [each.unit.total for each in found.units] == [unit.total for unit in book.units]


def test_ranks_and_totals_are_those_of_the_draft():
    intake, book = year()
    found = under(scheme_of(text(item("A", BY_READING), item("J", "{kind: judged}", 4)) + POLICY), intake, book)
    assert {each.unit.unit_id: (each.unit.total, each.then.total) for each in found.units} == {
        "U": (14, 5), "V": (F("7.5"), F("5.5")), "W": (8, 3),
    }  # fmt: skip
    assert {each.unit.unit_id: (each.unit.rank, each.then.rank) for each in found.moved} == {
        "U": (1, 2), "V": (3, 1), "W": (2, 3),
    }  # fmt: skip
    assert found.moved[0].unit.unit_id == "V"  # who moves farthest stands first
    (gone,) = found.items
    assert (gone.id, gone.how, gone.mean, gone.units) == ("B", "removed", F(-16, 3), 3)


def test_what_the_year_has_not_is_named_by_item_and_office_and_counts_for_nobody():
    intake, book = year()
    more = "  e: {name: 数e, unit: 个, kind: number, office: 外办}\n"
    draft = scheme_of(
        text(item("A", BY_READING), item("B", "b"), item("J", "{kind: judged}", 4), item("E", "e")) + POLICY,
        head=HEAD + ONE_GROUP + METRICS + more,
    )
    found = under(draft, intake, book)
    assert [(each.item, each.called, each.office, each.units) for each in found.lacking] == [
        ("E", "数e", "外办", ("U", "V", "W"))
    ]
    assert list(found.left_out) == ["E"]
    assert found.moved == []  # nobody moves for want of a figure
    some = {**UNITS, "U": {**UNITS["U"], "d": 10}}
    intake, book = year(some)
    found = under(
        scheme_of(text(item("A", BY_READING), item("B", "b"), item("J", "{kind: judged}", 4), item("D", "d")) + POLICY),
        intake,
        book,
    )
    assert found.lacking[0].units == ("V", "W")
    assert found.moved == []


def test_ratings_follow_the_full_mark():
    intake, book = year(self_scores={("U", "J"): F(4)})
    draft = scheme_of(text(item("A", BY_READING), item("B", "b"), item("J", "{kind: judged}", 2)) + POLICY)
    found = under(draft, intake, book)
    assert found.scaled == {"J": (4, 2)}
    assert [each.then.total - each.unit.total for each in found.units] == [F(-3, 2), F(-3, 4), -1]
    told = recast(intake, draft).intake.data
    assert told.self_scores == {("U", "J"): 2}
    percents = scheme_of(
        text(item("A", BY_READING), item("B", "b"), item("J", "{kind: judged, out_of: 4}", 8)) + POLICY
    )
    assert recast(intake, percents).scaled == {}  # marks out of 4, as they were


def test_an_item_that_only_has_another_id_keeps_its_data():
    intake, book = year(exemptions={("W", "J"): "新设"})
    draft = scheme_of(text(item("A", BY_READING), item("B", "b"), item("K", "{kind: judged}", 4, "项J")) + POLICY)
    found = under(draft, intake, book)
    assert found.moved == []
    assert dict(found.gone) == {}
    assert [(each.id, each.how, each.mean) for each in found.items] == [("K", "moved", 0)]


def test_readings_that_are_no_more_are_said_and_new_ones_taken_by_default():
    intake, book = year(decided=[("share", "whole")])
    fixed = "{kind: product, parts: [a, 0.5]}"
    found = under(scheme_of(text(item("A", fixed), item("B", "b"), item("J", "{kind: judged}", 4))), intake, book)
    assert [(each.name, each.value, each.why) for each in found.readings] == [("share", "whole", "草案没有这个读法")]
    assert [each.then.total - each.unit.total for each in found.units] == [-2, -4, -1]
    thirds = POLICY.replace("whole: {says: 全部}", "third: {says: 三分之一}")
    other = scheme_of(OLD.replace(POLICY, "").replace("whole: 1", "third: 0.3") + thirds)
    (lost,) = under(other, intake, book).readings
    assert "third" in lost.why
    renamed = scheme_of(OLD.replace("share", "portion"))
    assert under(renamed, intake, book).taken == (("portion", "怎么算", "一半"),)


def test_what_has_no_place_is_counted_by_table():
    ballots = {("U", "poll", ""): Votes({("", "yes"): F(3)})}
    intake, book = year(votes=ballots, exemptions={("W", "B"): "停办"})
    found = under(scheme_of(text(item("A", BY_READING)) + POLICY), intake, book)
    assert dict(found.gone) == {("ratings", "J"): 3, ("exemptions", "B"): 1, ("votes", "poll"): 1}


def test_a_year_that_the_draft_cannot_score_says_why():
    intake, book = year()
    calendar = scheme_of("year: {kind: calendar}\n" + OLD)
    assert under(calendar, intake, book).problem.startswith("草案不是按这样的年份考核的")
    others = ONE_GROUP.replace("unit:", "team:")
    found = under(scheme_of(OLD, head=HEAD + others + METRICS), intake, book)
    assert "没有类别" in found.problem
    answer = backtest_json(backtest(scheme_of(OLD), [], None))
    assert answer["years"] == {}


ROOTS = """
items:
- id: total
  name: 总分
  combine: geometric_mean
  items: [{id: A, name: 甲, rule: a}, {id: B, name: 乙, rule: b}]
"""


def test_totals_that_are_roots_are_written_exactly_and_shown():
    """The root of 2·8 doubled under it is the root of 32."""
    scheme, draft = scheme_of(ROOTS), scheme_of(ROOTS.replace("rule: b", "rule: {kind: product, parts: [b, 2]}"))
    data, policies = year_of({"U": {"a": 2, "b": 8}, "V": {"a": 5, "b": 3}}), resolve(scheme)
    intake, book = Intake(data.year, scheme, policies, data, ()), score_data(scheme, policies, data)
    found = Backtest("draft", "草案", (under(draft, intake, book),))
    answer = json.loads(json.dumps(backtest_json(found)))
    (moved,) = (each for each in answer["years"][data.year]["moved"] if each["unit"] == "U")
    assert float(from_exact(moved["total_then"])) == pytest.approx(32**0.5)
    assert move_said(moved).endswith("总分 +1.66")
    page = year_part(Answered("backtest", data.year, "", answer=answer), data.year)
    assert all(shown in page for shown in (">4.00<", ">5.66<", ">+1.66<"))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    place = tmp_path_factory.mktemp("backtest")
    folder = small_year(place)
    (folder / "policies.yaml").write_text("funding_steps: proportional\n", encoding="utf-8")
    return place


def run(*words):
    result = CliRunner().invoke(app, [*map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_the_example_draft_ships_and_says_what_it_would_do(data, tmp_path):
    out = tmp_path / "found.json"
    code, said, _ = run("backtest", "lygtc-2018-revised", YEAR, "--data", data, "--json", out)
    assert code == 0
    told = json.loads(out.read_text(encoding="utf-8"))
    agreed("backtest", told)
    found = told["years"][YEAR]
    assert [(each["item"], each["office"], len(each["units"])) for each in found["missing"]] == [
        ("K4.4", "党委学生工作部（招生就业办）", 3)
    ]
    assert [(each["id"], each["how"]) for each in found["items"]] == [
        ("K1.1", "changed"), ("K4.1", "changed"), ("K4.2", "removed"), ("K4.4", "added"),
    ]  # fmt: skip
    assert [each["name"] for each in found["readings_gone"]] == ["funding_steps"]
    assert all(F(each["total"]) != F(each["total_then"]) for each in found["moved"])
    assert "funding_steps=proportional" in said
    assert "K4.4" in said
    assert "演示数据（合成）" in said
    assert run("backtest", "lygtc-2018-revised", YEAR, "--data", data, "--json", out)[0] == 2  # it is there already


def test_the_scheme_in_force_as_its_own_draft_moves_nobody(data):
    (found,) = backtest(shipped("lygtc-2018"), [YEAR], data / "raw").years
    assert (found.problem, found.moved, found.lacking, found.items) == ("", [], (), ())
    assert read_scheme(DRAFTS / "lygtc-2018-revised").id == "lygtc-2018-revised"


def test_wrong_use_is_told_without_a_traceback(data, tmp_path):
    code, _, said = run("backtest", "no-such", YEAR, "--data", data)
    assert (code, "没有方案 no-such" in said) == (2, True)
    assert run("backtest", "lygtc-2018", "2017-2018", "--data", data)[0] == 2
    broken = tmp_path / "scheme.yaml"
    broken.write_text("id: x\nbased_on: lygtc-2018\ndrop: [K99]\n", encoding="utf-8")
    code, _, said = run("backtest", tmp_path, YEAR, "--data", data)
    assert (code, "K99" in said) == (1, True)


def test_a_year_with_errors_is_told_and_the_others_are_written(data, tmp_path):
    bad = small_year(tmp_path, "2019-2020", units=("C01",))
    shutil.copytree(data / "raw" / YEAR, tmp_path / "raw" / YEAR)
    change(bad, "ballots", lambda row: {**row, "excellent": "x"})
    out = tmp_path / "found.json"
    code, said, wrong = run("backtest", "lygtc-2018", YEAR, "2019-2020", "--data", tmp_path, "--json", out)
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (code, "2019-2020 没有算：2019-2020 学年不能评分" in said, "kaohe check 2019-2020" in wrong) == (
        1,
        True,
        True,
    )
    assert [bool(each["problem"]) for each in found["years"].values()] == [False, True]
    assert [each["year"] for each in found["not_computed"]] == ["2019-2020"]


def test_health_on_the_command_line(data, tmp_path):
    out = tmp_path / "health.json"
    code, said, _ = run("health", YEAR, "--data", data, "--json", out)
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (code, found["years"]) == (0, [YEAR])
    assert f"{YEAR}、6 个单位、{len(found['items'])} 项" in said
    assert "也找过、这些数据还看不出的：" in said
    assert "演示数据（合成）" in said
    assert run("health", "--data", data)[0] == 2


@pytest.mark.slow
@pytest.mark.notebook
def test_both_answers_become_pages(data, tmp_path):
    """With the notebook and the answer beside; a page that is there already stays."""
    draft = ("backtest", "lygtc-2018-revised", YEAR, "--data", data)
    for words, mark in ((draft, "缺哪些数据"), (("health", YEAR, "--data", data), "各项的实际分量没有算")):
        out = tmp_path / f"{words[0]}.html"
        code, _, wrong = run(*words, "--html", out)
        assert (code, wrong) == (0, "")
        assert mark in out.read_text(encoding="utf-8")
        assert {path.suffix for path in tmp_path.glob(f"{words[0]}.*")} == {".html", ".ipynb", ".json"}
        assert run(*words, "--html", out)[0] == 2
    code, _, wrong = run(*draft, "--html", tmp_path / "page.txt")
    assert (code, "--html 应为 .html 文件" in wrong) == (2, True)
