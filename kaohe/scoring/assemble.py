"""Scores one year's data and gathers everything said about it into a ScoreBook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache, partial

import numpy as np

from kaohe.intake.tables.data import YearData
from kaohe.rules import Outcome, Sentence
from kaohe.rules.enclosed import undecided
from kaohe.rules.inside import policies_in
from kaohe.rules.numbers import Array, at
from kaohe.scheme import Scheme
from kaohe.scheme.policies import Policies
from kaohe.scheme.tree import Node
from kaohe.scoring.bind import Pool, bind
from kaohe.scoring.book import (
    NodeResult,
    ScoreBook,
    UnitResult,
)
from kaohe.scoring.called import cast_of, follows_info, grades_info, votes_info
from kaohe.scoring.decisions import awards_of, declared_of, limits_of, ruling_of, veto_effects, vetoes_of
from kaohe.scoring.described import (
    checks,
    facts,
    group_info,
    in_order,
    indicators,
    policies_in_force,
    sections,
    tree_info,
)
from kaohe.scoring.engine import Scored, run
from kaohe.scoring.evaluation import Evaluation
from kaohe.scoring.lineage import renamed, renames
from kaohe.scoring.nodewords import says_node
from kaohe.scoring.past import past_of, says_unseen
from kaohe.scoring.rates import rates_of
from kaohe.scoring.results import Results, results, years_back
from kaohe.scoring.scoredcells import scored_cells
from kaohe.scoring.selfscores import self_scores


def score_data(
    scheme: Scheme,
    policies: Policies,
    data: YearData,
    *,
    provisional: bool = False,
    before: ScoreBook | None = None,
) -> ScoreBook:
    """Score one year's data, exactly; missing inputs score 0 and are marked. `before`: the year before, scored."""
    if before is not None:
        before = renamed(before, renames(data.predecessors, {unit.unit_id for unit in data.units}))
    bound = bind(scheme, policies, data, past_of(before, data.predecessors))
    scored = run(bound)
    with undecided() as level:
        found = results(scored)
    units = tuple(_unit_results(scored, found))
    return ScoreBook(
        year=data.year,
        scheme_id=scheme.id,
        scheme_title=scheme.title,
        authority=scheme.authority,
        synthetic=data.synthetic,
        provisional=provisional,
        groups={key: group_info(key, bound, found) for key in scheme.groups},
        categories={key: category.name for key, category in scheme.categories.items()},
        sections=tuple(sections(bound)),
        indicators=dict(indicators(bound)),
        policies=tuple(policies_in_force(scheme, policies)),
        units=units,
        cells=scored_cells(scored),
        tree=tree_info(scheme),
        back=frozenset(
            name for name, each in scheme.results.consequences.items() if years_back(each.held, each.unless)
        ),
        facts=facts(scheme),
        consequences={name: each.name for name, each in scheme.results.consequences.items()},
        grades={grade.key: grade.name for grade in scheme.results.grades},
        grading=grades_info(scheme),
        declared_by=tuple(dict.fromkeys(policies_in(scheme.results.declared))),
        follows=follows_info(scheme),
        votes=votes_info(scheme),
        whole=scheme.whole_called,
        office=scheme.offices_called,
        deciders=scheme.deciders,
        award=scheme.results.awards,
        checks=tuple(checks(bound)),
        before=before.slim() if before is not None else None,
        predecessors=data.predecessors,
        uncompared=data.uncompared,
        unseparated=tuple(_unseparated(scored, ranks=bool(level))),
        unseen=tuple(told for _, told in says_unseen(scheme, 0 if before is None else 1)),
        self_scores=self_scores(bound),
        notice={name: str(said) for name, said in vars(data.words.notice).items() if said},
    )


def _unseparated(scored: Scored, *, ranks: bool) -> Iterator[str]:
    """Items, and the ranking itself, where numbers were taken for equal because no digits told them apart."""
    indicators, tree = scored.bound.scheme.indicators, scored.bound.scheme.tree
    for name in dict.fromkeys((*scored.unseparated, *scored.evaluation.unseparated)):
        yield f"{name} {indicators[name].name if name in indicators else tree[name].item.name}"
    if ranks:
        yield "名次与等次"


def _unit_results(scored: Scored, found: Results) -> Iterator[UnitResult]:
    bound = scored.bound
    leaves = {
        pool.name: (pool, outcome) for pool, outcome in scored.outcomes if pool.name not in bound.scheme.indicators
    }
    where = {
        name: {int(member): place for place, member in enumerate(pool.members)} for name, (pool, _) in leaves.items()
    }
    rates = {
        node.id: rates_of(found.evaluation, node)
        for node in bound.scheme.tree.nodes.values()
        if node.item.then and not node.is_leaf
    }
    limits = limits_of(found.evaluation)
    tree = bound.scheme.tree
    inner = [node for node in in_order(tree, tree.roots) if node.is_vote or not node.is_leaf]
    own = {node.id: cache(partial(_own_marks, found.evaluation, node)) for node in inner}  # of those that a unit has
    for place, unit in enumerate(bound.units):
        grade = str(found.grade[place])
        yield UnitResult(
            unit_id=unit.unit_id,
            name=unit.name,
            group=bound.scheme.group_of(unit.category),
            category=unit.category,
            nodes=dict(_nodes(scored, found, place, inner, own, leaves, where, rates)),
            total=found.total[place],
            rank=int(found.rank[place]),
            declared=bool(found.declared[place]),
            vetoed=bool(found.vetoed[place]),
            grade=grade,
            consequences={
                name: None if held is None else bool(held[place]) for name, held in found.consequences.items()
            },
            attainable=found.attainable[place],
            fail_below=found.fail_below[place],
            last=bool(found.last[place]),
            rated=bool(found.known[place]),
            cast=dict(cast_of(bound, unit)),
            declarations=tuple(declared_of(bound, unit.unit_id)),
            vetoes=vetoes_of(bound, unit.unit_id),
            effects=veto_effects(bound, unit.unit_id),
            limits=limits[place],
            ruling=ruling_of(bound, unit.unit_id, grade, str(found.by_points[place])),
            awards=tuple(awards_of(bound, unit.unit_id)),
        )


def _nodes(
    scored: Scored,
    found: Results,
    place: int,
    inner: Iterable[Node],
    own: Mapping[str, Callable[[], Array]],
    votes: Mapping[str, tuple[Pool, Outcome]],
    where: Mapping[str, Mapping[int, int]],
    rates: Mapping[str, Array],
) -> Iterator[tuple[str, NodeResult]]:
    """Every item of `inner` that the unit has: all but scored leaves, which are cells."""
    bound, evaluation = scored.bound, found.evaluation
    terms = bound.scheme.terms
    for node in inner:
        values = evaluation.node(node.id)
        if not values.present[place]:
            continue
        full = values.full[place]
        raw, points = at(values.raw, place), at(values.points, place)
        known = bool(values.known[place])
        weight = node.weight if isinstance(node.weight, Fraction) else None
        if node.is_vote:
            member = where.get(node.id, {}).get(place)
            if member is None:
                lacking = (Sentence(f"缺少{node.item.name}数据，暂按 0 分计"),)
                yield node.id, NodeResult(raw, points, full, weight=weight, status="missing", sentences=lacking)
                continue
            pool, outcome = votes[node.id]
            trace = outcome.trace(pool.rule, member)
            said = tuple(pool.rule.words(trace, terms))
            yield node.id, NodeResult(raw, points, full, weight=weight, sentences=said, trace=trace)
            continue
        yield (
            node.id,
            NodeResult(
                raw if known else None,
                points if known else None,
                full,
                own_full=at(own[node.id](), place),
                weight=weight,
                status="scored" if known and (bound.units[place].unit_id, node.id) not in bound.missing else "missing",
                sentences=tuple(says_node(evaluation, node, place)),
                periods={
                    name: at(each.points, place)
                    for name, each in values.members.items()
                    if known and (each.known[place] or not evaluation.may_lack(node))
                },
                rate=at(rates[node.id], place) if node.id in rates else Fraction(1),
            ),
        )


def _own_marks(evaluation: Evaluation, node: Node) -> Array:
    """By unit what the item is converted by, where it is; else the full marks of what applies to it."""
    bound, times = evaluation.bound, evaluation.bound.scheme.times_in_year(node.id)
    step = next((each for each in node.item.then if each.of is not None), None)
    if step is None or step.of is None:
        return np.array(bound.own_full(node.id), dtype=object) * times
    return np.asarray(step.of.of_units(evaluation.everybody(node.item))) * times
