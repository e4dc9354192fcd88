"""What this year asks of the year before: points of any item, grades, who was last, in whatever scores the year."""

from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.readings import with_effects
from kaohe.charts.decisions import decisions
from kaohe.intake.reading import Intake
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bookfile import frozen, thawed
from kaohe.scoring.explanation import explain
from kaohe.scoring.past import unseen
from kaohe.scoring.score import UNSEEN, told_of_year_before
from tests.exchange.filling import kaohe
from tests.scoring.anyscheme import HEAD, METRICS, ONE_GROUP, ROOTS, scheme_of, scored, year_of

TEXT = """
items:
  - id: total
    name: 总分
    items:
      - {id: A, name: 甲, rule: a, counts: false}
      - {id: H, name: 乙, rule: b, then: [{times: 2}]}
      - {id: K, name: 前, items: [{id: B, name: 丙, rule: c}], then: [{plus: {kind: score, of: A, ago: 1}}]}
      - {id: R, name: 原, counts: false, rule: {kind: score, of: H, stage: raw, ago: 1}}
      - {id: L, name: 奖, full: 1, rule: {kind: when, if: {grade: %s, ago: 1}, then: 1, else: 0}}
results:
  grades: [{id: top, name: 好, at_least: 10}, {id: low, name: 差}]
  consequences:
    twice: {name: 又差又小, if: {all: [{grade: low}, {grade: low, ago: 1}, {value: a, below: 3}]}}
    thrice: {name: 三年差, if: {all: [{grade: low}, {grade: low, ago: 2}]}}
"""
RAW = """
items:
  - id: total
    name: 总分
    items:
      - {id: T, name: 倍, items: [{id: A, name: 甲, rule: a}], then: [{times: 2}]}
      - {id: R, name: 原, rule: {kind: score, of: T, stage: raw, ago: 1}}
"""
BEFORE = {"U": {"a": 4, "b": 1, "c": 1}, "V": {"a": 2, "b": 6, "c": 1}, "W": {"a": 1, "b": 1, "c": 1}}
NOW = {"U": {"a": 1, "b": 1, "c": 1}, "V": {"a": 1, "b": 1, "c": 1}, "W": {"a": 5, "b": 1, "c": 1}}


def books(name="top"):
    text = TEXT % name
    return scored(text, NOW, before=replace(scored(text, BEFORE), year="2017-2018"))


def test_points_of_a_leaf_and_a_grade_of_last_year_count_by_id_and_by_name():
    for name in ("top", "好"):
        book = books(name)
        assert [book.unit(unit).points("K") for unit in "UVW"] == [1 + 4, 1 + 2, 1 + 1]
        assert [book.points[unit, "L"] for unit in "UVW"] == [0, 1, 0]


def test_the_figure_before_the_steps_and_that_after_them_are_two():
    """A leaf's steps are part of its rule: both are one there."""
    book = books()
    assert [book.points[unit, "R"] for unit in "UVW"] == [2, 12, 2]
    book = scored(RAW, NOW, before=replace(scored(RAW, BEFORE), year="2017-2018"))
    assert [book.unit(unit).total - book.unit(unit).points("T") for unit in "UVW"] == [4, 2, 1]


def test_a_consequence_of_two_years_may_ask_anything_beside():
    book = books()
    assert [book.unit(unit).consequences["twice"] for unit in "UVW"] == [True, False, False]
    assert {unit.consequences["thrice"] for unit in book.units} == {None}
    alone = scored(TEXT % "top", NOW)
    assert {unit.consequences["twice"] for unit in alone.units} == {None}
    assert set(alone.back) == {"twice", "thrice"}


def test_a_renamed_unit_keeps_its_last_year():
    scheme = scheme_of(TEXT % "top")
    data = replace(year_of({"X": NOW["U"], "V": NOW["V"]}), predecessors=(("X", "U"),))
    before = scored(TEXT % "top", BEFORE)
    book = score_data(scheme, resolve(scheme), data, before=before)
    assert book.unit("X").points("K") == 5
    assert book.before.has_unit("X")


def test_who_was_last_the_year_before_is_known_by_its_id():
    """By the ranks of the year before: W had 1 + 2 then, U 4 + 2, V 2 + 12."""
    text = TEXT % "top" + "    last_again: {name: 连续末位, if: {all: [{last: total}, {last: total, ago: 1}]}}\n"
    before = replace(scored(text, BEFORE), year="2017-2018")
    other = {**NOW, "W": {"a": 5, "b": 9, "c": 1}}  # V is last now, which it was not
    for now, again in ((BEFORE, [False, False, True]), (other, [False, False, False])):
        book = scored(text, now, before=before)
        assert [book.unit(unit).consequences["last_again"] for unit in "UVW"] == again


READING = """
policies:
  - {id: P01, name: more, question: 怎么算, clause: 一, default: one,
     options: {one: {says: 一}, two: {says: 二}}}
items:
  - id: total
    name: 总分
    items: [{id: A, name: 甲, rule: a}]
    then: [{plus: {kind: score, of: A, ago: 1}}, {times: {policy: more, one: 1, two: 2}}]
"""


def test_other_readings_look_at_last_year_too():
    scheme = scheme_of(READING)
    before = scored(READING, {"U": {"a": 9}, "V": {"a": 1}})
    data = year_of({"U": {"a": 1}, "V": {"a": 2}})
    book = score_data(scheme, resolve(scheme), data, before=before)
    intake = Intake("2018-2019", scheme, resolve(scheme), data, ())
    (effect,) = with_effects(book, intake).effects
    assert (effect.options[0].largest, effect.options[0].moved) == (Fraction(10), ())


def test_years_that_nobody_scored_are_told():
    mean = "{plus: {kind: over, of: {kind: score, of: A}, years: [1, 2], fold: mean}}"
    scheme = scheme_of((TEXT % "top").replace("{plus: {kind: score, of: A, ago: 1}}", mean))
    intake = Intake("2018-2019", scheme, resolve(scheme), year_of(NOW), ())
    found = [each for each in told_of_year_before(intake, None).findings if each.code == UNSEEN]
    assert [each.message.partition("的")[0] for each in found] == ["前、原、奖要看上一年", "前要看 2 年前"]
    before = replace(intake, year="2017-2018")
    assert [each for each in told_of_year_before(intake, before).findings if each.code == UNSEEN] == found[1:]
    deep = READING.replace("one: 1, two: 2", "one: 1, two: {kind: score, of: A, ago: 3}")  # a reading asks for it
    assert list(unseen(scheme_of(deep), 1)) == [3]


def test_a_score_that_rests_on_them_says_so_wherever_it_is_read():
    text = (TEXT % "top").replace("ago: 1}}]}", "ago: 2}}]}", 1)
    alone, beside = scored(text, NOW), scored(text, NOW, before=replace(scored(text, BEFORE), year="2017-2018"))
    assert beside.unseen == ("前要看 2 年前的得分、等次或名次，2 年前没有可用的结果，得分按 0 计，等次、末位按不是计",)
    assert [each.partition("要看")[0] for each in alone.unseen] == ["原、奖", "前"]
    assert books().unseen == ()
    assert thawed(frozen(beside)).unseen == beside.unseen
    assert explain(beside, "U", "B")[0].lines == beside.unseen
    assert [each.says for each in decisions(beside) if each.what == "要看的年份没有结果"] == list(beside.unseen)


def test_the_command_that_scores_says_so(tmp_path):
    (tmp_path / "办法").mkdir()
    text = ONE_GROUP + METRICS + (TEXT % "top").replace("ago: 1", "ago: 2")
    (tmp_path / "办法" / "scheme.yaml").write_text(HEAD + text, encoding="utf-8")
    (tmp_path / "kaohe.yaml").write_text("scheme: 办法\n", encoding="utf-8")
    for year in ("2017-2018", "2018-2019"):
        folder = tmp_path / "raw" / year
        folder.mkdir(parents=True)
        (folder / "units.csv").write_text("unit_id,name,category\nU,甲,unit\nV,乙,unit\n", encoding="utf-8")
        rows = [f"{unit},{name},{value}" for unit in "UV" for name, value in NOW["U"].items()]
        (folder / "metrics.csv").write_text("\n".join(["unit_id,metric,value", *rows]), encoding="utf-8")
    for command in ("check", "score"):
        code, said = kaohe(command, "2018-2019", "--data", tmp_path)
        assert code == 0, said
        assert "2 年前没有可用的结果，得分按 0 计" in " ".join(said.split())


def test_points_of_last_year_may_be_roots():
    units = {"U": {"a": 2, "b": 3}}
    text = f"{ROOTS}    then: [{{plus: {{kind: score, of: total, ago: 1}}}}]\n"
    book = scored(text, units, before=replace(scored(text, units), year="2017-2018"))
    assert float(book.unit("U").total) == pytest.approx(2 * 6**0.5)
    assert book.unit("U").total == 2 * book.before.unit("U").total
