"""Scores one year's data and gathers everything said about it into a ScoreBook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.intake.data import YearData
from kaohe.rules import Figure, Outcome, Sentence
from kaohe.rules.base import PolicyReference, Strict, Value, readings_of
from kaohe.rules.conditions import PolicyCondition
from kaohe.rules.numbers import Array
from kaohe.rules.plain import ByPolicy
from kaohe.rules.wording import quantity, term
from kaohe.scheme import Item, Scheme
from kaohe.scheme.deadlines import in_year
from kaohe.scheme.policies import Policies, exempted_by
from kaohe.scheme.tree import Node, Tree
from kaohe.scoring.bind import BoundYear, Pool, bind, own_indicators, rule_metrics
from kaohe.scoring.book import (
    CheckInfo,
    CheckResult,
    DueInfo,
    GroupInfo,
    IndicatorInfo,
    NodeInfo,
    NodeResult,
    PolicyInForce,
    ScoreBook,
    SectionInfo,
    UnitResult,
)
from kaohe.scoring.called import cast_of, follows_info, grades_info, votes_info
from kaohe.scoring.cells import Cells, Later, ScoreCell
from kaohe.scoring.decisions import awards_of, declared_of, limits_of, ruling_of, veto_effects, vetoes_of
from kaohe.scoring.engine import Scored, run
from kaohe.scoring.evaluation import Evaluation, NodeValues, resolved
from kaohe.scoring.lineage import renamed, renames
from kaohe.scoring.mentions import items_asked, policies_named
from kaohe.scoring.method import category_fulls, how_scored
from kaohe.scoring.nextstep import steps_in
from kaohe.scoring.nextwords import says_next
from kaohe.scoring.nodewords import says_node
from kaohe.scoring.past import past_of
from kaohe.scoring.rates import rates_of
from kaohe.scoring.results import Results, results, years_back
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
    found = results(scored)
    return ScoreBook(
        year=data.year,
        scheme_id=scheme.id,
        scheme_title=scheme.title,
        authority=scheme.authority,
        synthetic=data.synthetic,
        provisional=provisional,
        groups={key: _group_info(key, bound, found) for key in scheme.groups},
        categories={key: category.name for key, category in scheme.categories.items()},
        sections=tuple(_sections(bound)),
        indicators=dict(_indicators(bound)),
        policies=tuple(_policies(scheme, policies)),
        units=tuple(_unit_results(scored, found)),
        cells=_cells(scored),
        tree=tree_info(scheme),
        back=frozenset(
            name for name, each in scheme.results.consequences.items() if years_back(each.held, each.unless)
        ),
        facts=_facts(scheme),
        consequences={name: each.name for name, each in scheme.results.consequences.items()},
        grades={grade.key: grade.name for grade in scheme.results.grades},
        grading=grades_info(scheme),
        declared_by=tuple(dict.fromkeys(policies_named(scheme.results.declared))),
        follows=follows_info(scheme),
        votes=votes_info(scheme),
        deciders=scheme.deciders,
        award=scheme.results.awards,
        checks=tuple(_checks(bound)),
        before=before.slim() if before is not None else None,
        predecessors=data.predecessors,
        uncompared=data.uncompared,
        self_scores=self_scores(bound),
        notice={name: str(said) for name, said in vars(data.words.notice).items() if said},
    )


def _facts(scheme: Scheme) -> tuple[str, ...]:
    """Columns of what is known of a unit beside its points."""
    results = scheme.results
    asked = (("declared", results.declarations), ("vetoed", results.vetoes), ("grade", results.grades))
    return tuple(name for name, there in asked if there)


def tree_info(scheme: Scheme) -> dict[str, NodeInfo]:
    """The scheme's items as pages need them, in the order of the tree."""
    out = {}
    for node in _in_order(scheme.tree, scheme.tree.roots):
        named = node.depth == 1 or (node.depth == 2 and not scheme.tree.is_only(node.id) and node.item.unit is None)
        rescaled = any(step.rescale is not None for step in node.item.then)
        out[node.id] = NodeInfo(
            id=node.id,
            name=node.item.name,
            clause=node.item.clause,
            parent=node.parent,
            depth=node.depth,
            categories=node.applies,
            combine=node.item.combine,
            leaf=node.is_leaf,
            vote=node.is_vote,
            unit=node.item.unit,
            raw=named and node.depth == 2 and rescaled,
            points=named,
            how=tuple(node.vote.describe(scheme.terms)) if node.vote else (),
            counts=node.item.counts,
            weight=Fraction(1) if node.weight is None else node.weight if isinstance(node.weight, Fraction) else None,
            steps=bool(node.item.then) and not node.is_leaf,
            missing=resolved(scheme.tree, node),
            asks=items_asked(node.item),
        )
    return out


def _in_order(tree: Tree, names: Iterable[str]) -> Iterator[Node]:
    for name in names:
        yield tree[name]
        yield from _in_order(tree, tree[name].children)


def _group_info(key: str, bound: BoundYear, found: Results) -> GroupInfo:
    scheme, group = bound.scheme, bound.scheme.groups[key]
    members = bound.members_of(key)
    categories = {name for name, category in scheme.categories.items() if category.group == key}
    tree = [node for node in scheme.tree.nodes.values() if set(node.applies) & categories and node.item.unit is None]
    inner = [node for node in tree if not node.is_leaf or node.is_vote]
    fulls = {node.id: _group_full(node, key, found, members) for node in inner}
    top = scheme.top
    places = top.quota.places if top is not None and top.quota is not None else None
    return GroupInfo(
        id=key,
        name=group.name,
        score=group.score,
        quota=int(places.of_units(found.evaluation.everybody())[members[0]])
        if places is not None and len(members)
        else 0,
        full=_group_full(scheme.tree[group.score], key, found, members) or Fraction(0),
        fulls={name: full for name, full in fulls.items() if full is not None},
        how={node.id: tuple(node.vote.describe(scheme.terms)) for node in inner if node.vote},
    )


def _group_full(node: Node, group: str, found: Results, members: Array) -> Fraction | None:
    """The printed full mark of an item for a group: the largest of its units'; None where nobody has it."""
    values = found.evaluation.node(node.id)
    here = [place for place in members if values.present[place]]
    return max((values.full[place] for place in here), default=None)


def _sections(bound: BoundYear) -> Iterator[SectionInfo]:
    """Headings: what stands directly above scored leaves; a leaf that a score is made of directly is its own."""
    scheme = bound.scheme
    for name in dict.fromkeys(_heading(scheme, node) for node in scheme.tree.leaves if not node.is_vote):
        item = scheme.tree[name].item
        full = item.full if isinstance(item.full, Fraction) else Fraction(0)
        yield SectionInfo(item.id, item.name, item.clause, _component(scheme.tree, name), full)


def _heading(scheme: Scheme, node: Node) -> str:
    scores = {group.score for group in scheme.groups.values()}
    return node.id if node.parent is None or node.parent in scores else node.parent


def _component(tree: Tree, name: str) -> str:
    """The item two steps below the root that a heading stands under or is; its parent where it is an only child."""
    way = [node.id for node in tree.above(name)][::-1]
    place = min(2, len(way) - 1)
    return way[1] if place == 2 and tree.is_only(way[2]) else way[place]


def _indicators(bound: BoundYear) -> Iterator[tuple[str, IndicatorInfo]]:
    scheme = bound.scheme
    present = {name for _, name in bound.standing}
    for indicator in scheme.indicators.values():
        if indicator.id not in present:
            continue
        yield (
            indicator.id,
            IndicatorInfo(
                id=indicator.id,
                name=indicator.name,
                clause=indicator.clause,
                component=scheme.component_of(indicator.id),
                section=_heading(scheme, scheme.tree[indicator.id]),
                judged=indicator.judged is not None,
                innovative=indicator.innovative,
                note=in_year(indicator.note, bound.data.year),
                due=tuple(_due(bound, indicator)),
                checks=tuple(
                    CheckInfo(
                        check.metric,
                        scheme.metrics[check.metric].name,
                        scheme.metrics[check.metric].unit,
                        *check.bound,
                        term(scheme.terms, f"party_org:{check.party_org}").name if check.party_org else None,
                        tuple(scheme.categories[each].name for each in check.applies),
                    )
                    for check in indicator.checks
                ),
                how=how_scored(indicator, scheme),
                office=indicator.office or "",
                fulls=category_fulls(indicator, scheme, bound.policies),
                own_demand=scheme.is_own_demand(indicator),
            ),
        )


def _due(bound: BoundYear, indicator: Item) -> Iterator[DueInfo]:
    for due in indicator.due:
        deadline = bound.scheme.deadlines[due.by]
        yield DueInfo(deadline.name, deadline.date(bound.data.year).isoformat(), due.what)


def _policies(scheme: Scheme, policies: Policies) -> Iterator[PolicyInForce]:
    values = policies.as_text()
    for policy in scheme.policies:
        value = values[policy.name]
        decision = policies.decisions.get(policy.name) if policies.origin[policy.name] == "year" else None
        yield PolicyInForce(
            id=policy.id,
            name=policy.name,
            question=policy.question,
            value=value,
            says=policy.options[value].says if value in policy.options else value,
            clause=policy.clause,
            origin=policies.origin[policy.name],
            reason=decision.reason if decision else "",
            decided_on=decision.decided_on if decision else "",
        )


def policies_of(rule: Figure) -> Iterator[str]:
    """Names of the policies a rule turns on, those of its parts too."""
    for part in rule.walk():
        yield from _decides(part)


def _decides(part: Strict) -> Iterator[str]:
    """Policies a part turns on itself, and what it is made of, figures that are walked on their own left out."""
    if isinstance(part, ByPolicy | PolicyCondition):
        yield part.policy
    yield from (reference.policy for _, reference, _ in readings_of(part))
    for name in type(part).model_fields:
        field = getattr(part, name)
        for each in field if isinstance(field, tuple) else field.values() if isinstance(field, dict) else (field,):
            plain = isinstance(each, Value) and not each.children()
            if (
                isinstance(each, Strict)
                and not isinstance(each, PolicyReference)
                and (plain or not isinstance(each, Figure))
            ):
                yield from _decides(each)


def _cells(scored: Scored) -> Cells:
    """Every unit's cells in the regulation's order, assembled when a unit's are first asked for."""
    bound, evaluation = scored.bound, scored.evaluation
    found: dict[tuple[str, str], tuple[Pool, tuple[str, ...], Outcome, int]] = {}
    for pool, outcome in scored.outcomes:
        if pool.name not in bound.scheme.indicators:
            continue
        turns_on = tuple(dict.fromkeys(policies_of(pool.rule)))  # the same for every unit
        for place, member in enumerate(pool.members):
            found[bound.units[member].unit_id, pool.name] = (pool, turns_on, outcome, place)

    def assemble(unit_id: str) -> tuple[ScoreCell, ...]:
        unit = bound.units[bound.position[unit_id]]
        return tuple(
            _scored_cell(bound, evaluation, unit_id, indicator, *found[unit_id, indicator.id])
            if (unit_id, indicator.id) in found
            else _unscored_cell(evaluation, unit_id, indicator)
            for indicator in own_indicators(bound.scheme, unit)
        )

    def points() -> dict[tuple[str, str], Fraction]:
        instead = {
            (unit, name): _at(evaluation.node(name).points, bound.position[unit])
            for unit, name in bound.missing
            if evaluation.node(name).known[bound.position[unit]]
        }
        return instead | {key: outcome.points[place] for key, (_, _, outcome, place) in found.items()}

    return Cells((unit.unit_id for unit in bound.units), assemble, points)


def _scored_cell(
    bound: BoundYear,
    evaluation: Evaluation,
    unit: str,
    indicator: Item,
    pool: Pool,
    turns_on: tuple[str, ...],
    outcome: Outcome,
    place: int,
) -> ScoreCell:
    trace = outcome.trace(pool.rule, place)
    ratings = bound.data.ratings.get((unit, indicator.id), ())
    disputed = tuple(_disputed(bound, unit, indicator))
    full: Fraction | None = pool.full
    if not isinstance(indicator.full, Fraction):
        full = _full_of(evaluation.node(indicator.id), indicator, bound.position[unit])
    short = full is not None and trace.points < full
    return ScoreCell(
        unit=unit,
        indicator=indicator.id,
        status="disputed" if disputed else "scored",
        clause=indicator.clause,
        max_points=full,
        points=trace.points,
        raw=trace.awarded,
        deducted=trace.deducted,
        capped=trace.capped,
        sentences=(
            *pool.rule.words(trace, bound.scheme.terms),
            *_notes(bound, unit, indicator),
            *([Sentence("所依据的数据有争议，得分可能变动")] if disputed else []),
        ),
        raters=len(ratings) if indicator.judged else None,
        policies=turns_on,
        ahead=Later(lambda: says_next(steps_in(bound, pool, place), bound.scheme)) if short else (),
        disputed=disputed,
        trace=trace,
    )


def _disputed(bound: BoundYear, unit: str, indicator: Item) -> Iterator[str]:
    """The flagged evidence and where it stands in the raw files; of a rating not what was given."""
    for name in rule_metrics(indicator, bound, unit):
        row = bound.data.metrics.get((unit, name))
        if row is not None and row.disputed:
            term = bound.scheme.terms[name]
            yield f"{term.name} {quantity(row.value, term)}{_place(row.place)}"
    for rating in bound.data.ratings.get((unit, indicator.id), ()):
        if rating.disputed:
            yield f"一位评分人的评分{_place(rating.place)}"


def _place(place: str) -> str:
    return f"（{place}）" if place else ""


def _notes(bound: BoundYear, unit: str, indicator: Item) -> Iterator[Sentence]:
    """What raters and sources wrote; a judged indicator without a word says so."""
    metrics = [*rule_metrics(indicator, bound, unit), *indicator.evidence]
    for name in metrics:
        row = bound.data.metrics.get((unit, name))
        if row is None:
            continue
        term = bound.scheme.terms[name]
        if name in indicator.evidence:
            yield Sentence(f"佐证：{term.name} {quantity(row.value, term)}")
        said = "，".join(part for part in (row.source and f"来源 {row.source}", row.note) if part)
        if said:
            yield Sentence(f"{term.name}：{said}")
    if indicator.judged is None:
        return
    notes = [rating.note for rating in bound.data.ratings.get((unit, indicator.id), ()) if rating.note]
    if notes:
        yield Sentence("评分说明：" + "；".join(dict.fromkeys(notes)))
    else:
        yield Sentence("评分人未写说明")


INSTEAD = {
    "refuse": "暂按 0 分计，且不参与全校比较",
    "zero": "按 0 分计",
    "leave_out": "不计入",
    "full": "按满分计",
    "peer_mean": "按其他单位的平均计",
    "unrated": "不评",
    "above": "不评",
}
"""What is done where an item's input is missing."""


def _missing_cell(evaluation: Evaluation, unit: str, indicator: Item) -> ScoreCell:
    """An item that applies and for which nothing was handed in, with what counts instead."""
    bound = evaluation.bound
    scheme, place, values = bound.scheme, bound.position[unit], evaluation.node(indicator.id)
    how = resolved(scheme.tree, scheme.tree[indicator.id])
    lacks = "、".join(
        scheme.metrics[each.what].name if each.kind == "metric" else each.what
        for each in bound.missing[unit, indicator.id]
    )
    points = _at(values.points, place) if values.known[place] else None
    none = None if points is None else Fraction(0)
    return ScoreCell(
        unit, indicator.id, "missing", indicator.clause, _full_of(values, indicator, place), points, points, none, none,
        (Sentence(f"缺少 {lacks}，{INSTEAD[how]}"),),
    )  # fmt: skip


def _full_of(values: NodeValues, indicator: Item, place: int) -> Fraction | None:
    return None if indicator.full is None else _at(values.full, place)


def _unscored_cell(evaluation: Evaluation, unit: str, indicator: Item) -> ScoreCell:
    bound = evaluation.bound
    state = bound.standing[unit, indicator.id]
    scheme = bound.scheme
    if state == "applies":
        return _missing_cell(evaluation, unit, indicator)
    category = scheme.categories[bound.units[bound.position[unit]].category].name
    if state == "text":
        why = f"条文规定不适用于{category}"
    elif state == "policy":
        policy = exempted_by(scheme, bound.policies, indicator, bound.units[bound.position[unit]].category)
        assert policy is not None
        why = f"按读法 {policy.id} 不考核{category}：{policy.options[str(bound.policies[policy.name])].says}"
    else:
        why = f"经{bound.scheme.deciders}决定不适用：{bound.data.exemptions[unit, indicator.id] or '未写理由'}"
    return ScoreCell(unit, indicator.id, "not_applicable", indicator.clause, sentences=(Sentence(why),))


def _checks(bound: BoundYear) -> Iterator[CheckResult]:
    """Numeric checks and targets of applicable indicators beside what was handed in."""
    for unit in bound.units:
        for indicator in own_indicators(bound.scheme, unit):
            if not bound.applies(unit.unit_id, indicator.id):
                continue
            for check in indicator.checks:
                if not check.concerns(unit.category, unit.traits):
                    continue
                row = bound.data.metrics.get((unit.unit_id, check.metric))
                term = bound.scheme.terms[check.metric]
                sign, limit = check.bound
                text = f"{term.name} {sign} {quantity(limit, term)}"
                value = row.value if row else None
                yield CheckResult(
                    unit=unit.unit_id,
                    indicator=indicator.id,
                    text=text,
                    value=value,
                    met=None if value is None else check.met(value),
                    share=_reached(value, limit, less_is_better="≤" in sign or "<" in sign),
                    metric=check.metric,
                )


def _reached(value: Fraction | None, bound: Fraction, *, less_is_better: bool) -> Fraction | None:
    of, to = (bound, value) if less_is_better else (value, bound)
    return None if of is None or not to else of / to


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
    for place, unit in enumerate(bound.units):
        grade = str(found.grade[place])
        yield UnitResult(
            unit_id=unit.unit_id,
            name=unit.name,
            group=bound.scheme.group_of(unit.category),
            category=unit.category,
            nodes=dict(_nodes(scored, found, place, leaves, where, rates)),
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
    votes: Mapping[str, tuple[Pool, Outcome]],
    where: Mapping[str, Mapping[int, int]],
    rates: Mapping[str, Array],
) -> Iterator[tuple[str, NodeResult]]:
    """Every item of the tree that the unit has, but for scored leaves, which are cells."""
    bound, evaluation = scored.bound, found.evaluation
    terms = bound.scheme.terms
    for node in _in_order(bound.scheme.tree, bound.scheme.tree.roots):
        if node.is_leaf and not node.is_vote:
            continue
        values = evaluation.node(node.id)
        if not values.present[place]:
            continue
        full = values.full[place]
        raw, points = _at(values.raw, place), _at(values.points, place)
        known = bool(values.known[place])
        weight = node.weight if isinstance(node.weight, Fraction) else None
        if node.is_vote:
            at = where.get(node.id, {}).get(place)
            if at is None:
                lacking = (Sentence(f"缺少{node.item.name}数据，暂按 0 分计"),)
                yield node.id, NodeResult(raw, points, full, weight=weight, status="missing", sentences=lacking)
                continue
            pool, outcome = votes[node.id]
            trace = outcome.trace(pool.rule, at)
            said = tuple(pool.rule.words(trace, terms))
            yield node.id, NodeResult(raw, points, full, weight=weight, sentences=said, trace=trace)
            continue
        own = evaluation.bound.own_full(node.id)[place]
        yield (
            node.id,
            NodeResult(
                raw if known else None,
                points if known else None,
                full,
                own_full=_own_mark(evaluation, node, place, own),
                weight=weight,
                status="scored" if known else "missing",
                sentences=tuple(says_node(evaluation, node, place)),
                rate=_at(rates[node.id], place) if node.id in rates else Fraction(1),
            ),
        )


def _at(values: Array, place: int) -> Any:
    return values[..., place].reshape(-1)[0]


def _own_mark(evaluation: Evaluation, node: Node, place: int, own: Fraction) -> Fraction:
    """What the item is converted by, where it is; else the full marks of what applies to the unit."""
    step = next((each for each in node.item.then if each.of is not None), None)
    if step is None or step.of is None:
        return own
    found: Fraction = _at(np.asarray(step.of.of_units(evaluation.everybody(node.item))), place)
    return found
