"""What pages are told of a year beside its points: items, headings, groups, readings, and numbers the text names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from kaohe.rules.numbers import Array
from kaohe.rules.wording import quantity, term
from kaohe.scheme import Item, Scheme
from kaohe.scheme.audit.readings import read_as
from kaohe.scheme.deadlines import in_year
from kaohe.scheme.policies import Policies
from kaohe.scheme.tree import Node, Tree
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.book import (
    CheckInfo,
    CheckResult,
    DueInfo,
    GroupInfo,
    IndicatorInfo,
    NodeInfo,
    PolicyInForce,
    SectionInfo,
)
from kaohe.scoring.method import category_fulls, how_scored
from kaohe.scoring.missing import resolved
from kaohe.scoring.owned import own_indicators
from kaohe.scoring.results import Results


def facts(scheme: Scheme) -> tuple[str, ...]:
    """Columns of what is known of a unit beside its points."""
    results = scheme.results
    asked = (("declared", results.declarations), ("vetoed", results.vetoes), ("grade", results.grades))
    return tuple(name for name, there in asked if there)


def tree_info(scheme: Scheme) -> dict[str, NodeInfo]:
    """The scheme's items as pages need them, in the order of the tree."""
    out = {}
    for node in in_order(scheme.tree, scheme.tree.roots):
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
            steps=_is_changed(node),
            missing=resolved(scheme.tree, node),
            asks=node.item.asks,
            decimals=scheme.decimals[node.id],
        )
    return out


def _is_changed(node: Node) -> bool:
    """Whether anything follows after an item's parts have become one: a step, or a fold that adds nothing up."""
    chosen = node.item.each is not None and node.item.fold not in ("mean", "sum")
    return not node.is_leaf and (bool(node.item.then) or chosen)


def in_order(tree: Tree, names: Iterable[str]) -> Iterator[Node]:
    """Items and all that stands under them, each before what it is made of."""
    for name in names:
        yield tree[name]
        yield from in_order(tree, tree[name].children)


def group_info(key: str, bound: BoundYear, found: Results) -> GroupInfo:
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
        ascending=group.order == "ascending",
    )


def _group_full(node: Node, group: str, found: Results, members: Array) -> Fraction | None:
    """The printed full mark of an item for a group: the largest of its units'; None where nobody has it."""
    values = found.evaluation.node(node.id)
    here = [place for place in members if values.present[place]]
    return max((values.full[place] for place in here), default=None)


def sections(bound: BoundYear) -> Iterator[SectionInfo]:
    """Headings: what stands directly above scored leaves; a leaf that a score is made of directly is its own."""
    scheme = bound.scheme
    for name in dict.fromkeys(_heading(scheme, node) for node in scheme.tree.leaves if not node.is_vote):
        item = scheme.tree[name].item
        full = item.full if isinstance(item.full, Fraction) else Fraction(0)
        yield SectionInfo(item.id, item.name, item.clause, scheme.tree.component_above(name), full)


def _heading(scheme: Scheme, node: Node) -> str:
    scores = {group.score for group in scheme.groups.values()}
    return node.id if node.parent is None or node.parent in scores else node.parent


def indicators(bound: BoundYear) -> Iterator[tuple[str, IndicatorInfo]]:
    scheme = bound.scheme
    present = {name for _, name in bound.applicability}
    readings = bound.policies.as_text()
    comparing = {pool.name for pool in bound.pools if read_as(pool.rule, readings).compares()}
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
                compares=indicator.id in comparing,
            ),
        )


def _due(bound: BoundYear, indicator: Item) -> Iterator[DueInfo]:
    for due in indicator.due:
        deadline = bound.scheme.deadlines[due.by]
        yield DueInfo(deadline.name, deadline.date(bound.data.year).isoformat(), due.what)


def policies_in_force(scheme: Scheme, policies: Policies) -> Iterator[PolicyInForce]:
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


def checks(bound: BoundYear) -> Iterator[CheckResult]:
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
