"""A scheme's cases scored: what differs from what was expected, with the explanation beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.intake.tables.data import MetricRow
from kaohe.intake.tables.wanted import year_before
from kaohe.rules.limits import Rounding
from kaohe.rules.numbers import EXACT, at
from kaohe.rules.wording import number
from kaohe.scheme import Scheme
from kaohe.scheme.policies import Policies, PolicyError, resolve
from kaohe.scheme.tree import handled
from kaohe.scheme.wants import RESULTS
from kaohe.scoring.bind import Past, bind
from kaohe.scoring.casedata import past_of, year_data
from kaohe.scoring.casefile import NOT_APPLICABLE, UNKNOWN, Case, Expected
from kaohe.scoring.engine import Scored, run
from kaohe.scoring.evaluation import Evaluation
from kaohe.scoring.nodewords import says_node
from kaohe.scoring.refusal import UncomputableError
from kaohe.scoring.results import Results, results


@dataclass(frozen=True)
class Mismatch:
    """One expected figure that did not come out; `why` explains what came out instead."""

    case: Case
    unit: str
    what: str
    expected: str
    found: str
    why: str = ""

    def __str__(self) -> str:
        why = f"；{self.why}" if self.why else ""
        by_hand = f"；算例写的是：{self.case.arithmetic}" if self.case.arithmetic else ""
        return f"{self.case.where}：{self.unit} 的 {self.what} 应为 {self.expected}，得到 {self.found}{why}{by_hand}"


def run_case(scheme: Scheme, case: Case) -> list[Mismatch]:
    """What differs; nothing where everything came out as expected."""
    try:
        policies = resolve(scheme, overrides=case.policies)
    except PolicyError as error:
        return [Mismatch(case, "（全部）", "policies", "可用的读法", str(error))]
    try:
        return _differing(scheme, policies, case)
    except UncomputableError as error:
        return [Mismatch(case, "（全部）", "各项", "算得出的数", str(error))]


def _differing(scheme: Scheme, policies: Policies, case: Case) -> list[Mismatch]:
    before = _score(scheme, policies, case, case.before, {}) if case.before else None
    past = {1: Past()} | past_of(scheme, case.units) | ({1: _past(scheme, before)} if before else {})
    found = _score(scheme, policies, case, case.units, past)
    return [wrong for each in case.expect if (wrong := _compared(scheme, case, each, found)) is not None]


@dataclass(frozen=True)
class _Found:
    scored: Scored
    results: Results

    @property
    def evaluation(self) -> Evaluation:
        return self.results.evaluation

    def place(self, unit: str) -> int:
        return self.scored.bound.position[unit]


def _score(
    scheme: Scheme,
    policies: Policies,
    case: Case,
    units: Mapping[str, Mapping[str, Any]],
    past: Mapping[int, Past],
) -> _Found:
    earlier = {
        (unit, name, year_before(scheme, case.year, ago)): MetricRow(value)
        for ago, year in past.items()
        for (unit, name), value in year.metrics.items()
    }
    data = replace(year_data(scheme, case.year, units), earlier=earlier)
    scored = run(bind(scheme, policies, data, past), EXACT)
    return _Found(scored, results(scored))


def _past(scheme: Scheme, before: _Found) -> Past:
    """The year before as the case gives it whole, scored."""
    units = [unit.unit_id for unit in before.scored.bound.units]
    found = {name: before.evaluation.node(name) for name in scheme.tree.nodes}
    everybody = [(place, unit, name) for place, unit in enumerate(units) for name in found]
    return Past(
        points={(unit, name): at(found[name].points, place) for place, unit, name in everybody},
        raw={(unit, name): at(found[name].raw, place) for place, unit, name in everybody},
        metrics={key: row.value for key, row in before.scored.bound.data.metrics.items()},
        last=frozenset(unit for place, unit in enumerate(units) if at(before.results.last, place)),
        grades={unit: str(at(before.results.grade, place)) for place, unit in enumerate(units)},
    )


def _compared(scheme: Scheme, case: Case, each: Expected, found: _Found) -> Mismatch | None:
    have = _result(each, found) if each.stage == "result" else _item(each, found)
    same = have == each.value
    shown = have
    if not isinstance(have, str | bool | None) and not isinstance(each.value, str | bool):
        shown = _rounded(have, case.decimals)
        same = bool(shown == each.value)
    if same:
        return None
    name = scheme.tree[each.what].item.name if each.stage != "result" else ""
    stage = {"raw": "（后续各步之前）", "full": "（满分）"}.get(each.stage, "")
    what = f"{each.what} {name}".strip() + stage
    why = _why(scheme, each, found)
    return Mismatch(replace(case, line=each.line or case.line), each.unit, what, _said(each.value), _said(shown), why)


def _item(each: Expected, found: _Found) -> Any:
    values, place = found.evaluation.node(each.what), found.place(each.unit)
    tree = found.scored.bound.scheme.tree
    if not values.present[place]:
        return NOT_APPLICABLE
    lacking = (each.unit, each.what) in found.scored.bound.missing and not handled(tree, tree[each.what])
    if each.stage != "full" and (lacking or not values.known[place]):
        return UNKNOWN
    return at(getattr(values, each.stage), place)


def _result(each: Expected, found: _Found) -> Any:
    place, values = found.place(each.unit), found.results
    of_results = each.what == "grade" or each.what in values.consequences
    if of_results and (each.unit, RESULTS) in found.scored.bound.missing:
        return UNKNOWN
    if each.what in values.consequences:
        held = values.consequences[each.what]
        return UNKNOWN if held is None else bool(at(held, place))
    if each.what in ("total", "rank", "attainable") and not values.known[place]:
        return UNKNOWN
    have = at(getattr(values, each.what), place)
    if each.what == "grade":
        return str(have)
    return Fraction(int(have)) if each.what == "rank" else bool(have) if isinstance(have, bool | np.bool_) else have


def _rounded(value: Any, decimals: int | None) -> Any:
    if decimals is None:
        return value
    return Rounding(to=Fraction(1, 10**decimals)).of(np.array([value], dtype=object), EXACT)[0]


def _why(scheme: Scheme, each: Expected, found: _Found) -> str:
    """How the figure came about, in the words of its explanation."""
    if each.stage == "result":
        place, values = found.place(each.unit), found.results
        return (
            f"总分 {number(at(values.total, place))}，名次 {int(at(values.rank, place))}" if values.known[place] else ""
        ) + _lacking(found, each.unit, RESULTS)
    node, place = scheme.tree[each.what], found.place(each.unit)
    if not node.is_leaf:
        return "；".join(sentence.text for sentence in says_node(found.evaluation, node, place))
    for pool, outcome in found.scored.outcomes:
        if pool.name == each.what and place in pool.members:
            trace = outcome.trace(pool.rule, int(np.flatnonzero(pool.members == place)[0]))
            return "；".join(sentence.text for sentence in pool.rule.words(trace, scheme.terms))
    return _lacking(found, each.unit, each.what)


def _lacking(found: _Found, unit: str, item: str) -> str:
    """What was not handed in of it: `；缺少 tax（2024）`."""
    missing = found.scored.bound.missing.get((unit, item), ())
    said = "、".join(dict.fromkeys(f"{row.what}（{row.period}）" if row.period else row.what for row in missing))
    return f"缺少 {said}" if said else ""


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        decimal = number(value)
        return decimal if Fraction(decimal.replace("−", "-")) == value else f"{value}（约 {decimal}）"
    return str(value) if isinstance(value, str) else number(value)
