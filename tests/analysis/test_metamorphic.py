"""What must not matter does not: other ids or another order of units, how tables are cut into files, who comes last."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.backtest import Backtest, under
from kaohe.analysis.backtestjson import backtest_json
from kaohe.analysis.changed import changed, changed_json
from kaohe.analysis.kept import Side
from kaohe.analysis.questions import question
from kaohe.intake import Intake, read_year
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from tests.scoring.anyscheme import scheme_of, year_of
from tests.small import read, small_year, write

F = Fraction
SCHEME = """
items:
  - id: total
    name: 总分
    items:
      - {id: J, name: 质量, full: 100, rule: {kind: judged}}
      - {id: R, name: 人均, full: 30, rule: {kind: product, parts: [{kind: ratio, of: a, to: b, form: number}, 3]}}
      - {id: P, name: 数量, full: 40, rule: {policy: way, once: c, twice: {kind: product, parts: [c, 2]}}}
      COMPARED
policies:
  - {id: P01, name: way, question: 怎样计, clause: 一, default: once,
     options: {once: {says: 一倍}, twice: {says: 两倍}}}
results: {grades: [{id: A, name: 优秀, role: top, quota: {places: 1}}, {id: B, name: 合格}]}
"""
COMPARED = "- {id: S, name: 占比, full: 20, rule: {kind: share, value: c, of: best, top: 20}}"
UNITS = {
    "甲": {"a": 40, "b": 8, "c": 3, "rated": {"J": [86, 80, 91]}},
    "乙": {"a": 27, "b": 9, "c": 9, "rated": {"J": [83, 85, 84]}},
    "丙": {"a": 30, "b": 5, "c": 1, "rated": {"J": [70, 77, 72]}},
    "丁": {"a": 12, "b": 6, "c": 5, "rated": {"J": [60, 68, 61]}},
    "戊": {"a": 45, "b": 9, "c": 2, "rated": {"J": [75, 74, 79]}},
}
QUESTIONS = ("policies", "robust", "calibration", "goal", "health")


def year(units, *, compared=COMPARED, factor=None):
    scheme = scheme_of(SCHEME.replace("COMPARED", compared))
    if factor:
        units = {name: each | {key: each[key] * factor for key in "abc"} for name, each in units.items()}
    data, policies = year_of(units), resolve(scheme)
    return Intake(data.year, scheme, policies, data, ()), score_data(scheme, policies, data)


def answers(units, **more):
    """What every analysis says of a year; what `changed` and `backtest` say of it beside another one."""
    intake, book = year(units, **more)
    found = {name: question(name).answer(intake, book) for name in QUESTIONS}
    before = year({name: each | {"c": each["c"] + len(each["rated"]["J"])} for name, each in units.items()}, **more)
    found["changed"] = changed_json(changed(Side("前", *before), Side("后", intake, book)))
    draft = scheme_of(SCHEME.replace("COMPARED", COMPARED).replace("full: 40", "full: 6"))
    found["backtest"] = backtest_json(Backtest(book.scheme_id, "", (under(draft, intake, book),)))
    return json.loads(json.dumps(found, allow_nan=False))


def regardless_of_order(found):
    """The same with every list in one order: a list stands for a set here."""
    if isinstance(found, dict):
        return {key: regardless_of_order(each) for key, each in found.items()}
    if isinstance(found, list):
        return sorted((regardless_of_order(each) for each in found), key=lambda each: json.dumps(each, sort_keys=True))
    return found


@pytest.fixture(scope="module")
def plain():
    return answers(UNITS)


def test_units_renamed_and_in_another_order_change_nothing_else(plain):
    """Their ids now run the other way round, too; what is drawn by chance is drawn for panels, not for units."""
    new = {name: f"X{9 - place}" for place, name in enumerate(UNITS)}
    told = json.dumps(answers({new[name]: UNITS[name] for name in reversed(UNITS)}), ensure_ascii=False)
    for name, id_ in new.items():
        told = told.replace(id_, name)
    told = json.loads(told)
    for name, each in plain.items():
        assert regardless_of_order(told[name]) == regardless_of_order(each), name


LAST = {"己": {"a": 12, "b": 9, "c": 1, "rated": {"J": [50, 60, 55]}}}
"""Nobody has less of anything, and no figure reaches farther than others' do."""


def test_a_dominated_unit_changes_no_order_where_nothing_compares():
    fewer, more = answers(UNITS, compared=""), answers(UNITS | LAST, compared="")
    assert more["robust"]["units"].pop("己")["rank"] == 6
    for name in UNITS:
        one, other = (found["policies"]["units"][name] for found in (fewer, more))
        assert one == other
        one, other = (found["robust"]["units"][name] for found in (fewer, more))
        same = ("rank", "grade", "total", "in_quota", "score_low", "score_high")
        assert {key: one[key] for key in same} == {key: other[key] for key in same}
        one, other = (found["goal"]["units"][name] for found in (fewer, more))
        assert [(each["goal"], each["sets"]) for each in one] == [(each["goal"], each["sets"]) for each in other]
        assert fewer["changed"]["units"][name] == more["changed"]["units"][name]
    pairs = [each for each in more["robust"]["pairs"] if "己" not in (each["above"], each["below"])]
    assert pairs == fewer["robust"]["pairs"]
    assert more["policies"]["flips"] == fewer["policies"]["flips"]


def test_counts_of_all_units_so_many_times_as_large_leave_ratios_alone():
    one, other = year(UNITS), year(UNITS, factor=3)
    points = [{name: book.points[name, "R"] for name in UNITS} for _, book in (one, other)]
    assert points[0] == points[1] == {name: F(3 * each["a"], each["b"]) for name, each in UNITS.items()}
    found = changed_json(changed(Side("前", *one), Side("后", *other)))
    moved = {item for unit in found["units"].values() for item, of in unit["items"].items() if of["from"] != of["to"]}
    assert moved == {"P"}  # a share of the best is a ratio, too


def test_tables_cut_into_files_or_put_together_are_the_same_year(tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    folders = [small_year(each, units=("C01", "D03")) for each in (whole, cut)]
    for table in ("metrics", "ratings", "leader_ratings"):
        head, rows = read(folders[1] / f"{table}.csv")
        (folders[1] / f"{table}.csv").unlink()
        for place, office in enumerate(("甲处", "乙处", "丙处")):
            (folders[1] / office).mkdir(exist_ok=True)
            write(folders[1] / office / f"{table}.csv", head, rows[place::3])
    one, other = (told(read_year(each / "raw", "2018-2019").data) for each in (whole, cut))
    assert one == other


def told(data):
    """What the year says, wherever it says it."""

    def anywhere(rows):
        rows = rows if isinstance(rows, tuple) else (rows,)
        return {replace(row, place="") for row in rows}

    tables = ("metrics", "ratings", "marks")
    return replace(
        data, files={}, **{name: {key: anywhere(rows) for key, rows in getattr(data, name).items()} for name in tables}
    )
