"""What the year's data lack of what the scheme asks of each unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kaohe.intake.findings import Missing
from kaohe.intake.tables.data import Unit, YearData, voted
from kaohe.intake.tables.wanted import lacking
from kaohe.rules.votes import VoteRule
from kaohe.scheme import Scheme
from kaohe.scheme.policies import Applicability
from kaohe.scheme.tree import Node
from kaohe.scoring.missing import resolved

Cell = tuple[str, str]
"""(unit_id, indicator)."""


def unvoted(rule: VoteRule, data: YearData, units: tuple[Unit, ...]) -> frozenset[str]:
    """Units without any paper, or without one of some group of voters."""
    return frozenset(unit.unit_id for unit in units if not voted(rule, data, unit.unit_id))


def missing_of(
    scheme: Scheme, data: YearData, units: tuple[Unit, ...], stands: Mapping[Cell, Applicability]
) -> dict[Cell, tuple[Missing, ...]]:
    """What each applicable cell lacks: a metric of its rule, or any rating."""
    categories = {unit.unit_id: unit.category for unit in units}
    out: dict[Cell, tuple[Missing, ...]] = {}
    for (unit, name), state in stands.items():
        if state != "applies":
            continue
        indicator = scheme.indicators[name]
        wants = scheme.by_category.wants(indicator, categories[unit])
        lacks = [
            Missing(unit, "metric", name, want.metric, scheme.metrics[want.metric].office, when)
            if want.metric
            else Missing(unit, "rating", name, "评分", indicator.office or "", when)
            for want, when in lacking(data, scheme, unit, name, wants)
        ]
        if lacks:
            out[unit, name] = tuple(lacks)
    for unit, name, lacks in _missing_beside(scheme, data, categories):
        out[unit, name] = (*out.get((unit, name), ()), *lacks)
    return out


def _missing_beside(
    scheme: Scheme, data: YearData, categories: Mapping[str, str]
) -> Iterator[tuple[str, str, list[Missing]]]:
    """What is lacking of what other items, and the results, look at."""
    for name, each in scheme.beside.items():
        for unit, category in categories.items():
            lacks = [
                Missing(unit, "metric", name, want.metric, scheme.metrics[want.metric].office, when)
                for want, when in lacking(data, scheme, unit, name, each.wants.get(category, ()))
            ]
            if lacks:
                yield unit, name, lacks


ITEM = "item"
"""The kind of what is missing where a cell lacks another item's points: `what` is that item."""


def missing_said(scheme: Scheme, each: Missing) -> str:
    """What is missing, by its name."""
    if each.kind == "metric":
        return scheme.metrics[each.what].name
    return scheme.tree[each.what].item.name if each.kind == ITEM else each.what


COUNTED = ("zero", "full", "peer_mean")
"""Ways to count something in the place of what is missing: then the item is known."""


def missing_through(
    scheme: Scheme,
    units: tuple[Unit, ...],
    stands: Mapping[Cell, Applicability],
    missing: Mapping[Cell, tuple[Missing, ...]],
    without_votes: Mapping[str, frozenset[str]],
) -> dict[Cell, tuple[Missing, ...]]:
    """Cells that lack something because an item they look at is missing: never is it taken for 0."""
    lacks = {unit for unit, _ in missing}.union(*without_votes.values())
    if not lacks or not any(scheme.tree.looks_at.values()):
        return {}
    found: dict[Cell, tuple[Missing, ...]] = {}
    for unit in units:
        if unit.unit_id in lacks:
            found.update(_OfUnit(scheme, unit, stands, missing, without_votes).through())
    return found


@dataclass
class _OfUnit:
    """What is known of one unit's items, each found when it is first asked for."""

    scheme: Scheme
    unit: Unit
    stands: Mapping[Cell, Applicability]
    missing: Mapping[Cell, tuple[Missing, ...]]
    without_votes: Mapping[str, frozenset[str]]
    _known: dict[str, bool] = field(default_factory=dict)

    def through(self) -> Iterator[tuple[Cell, tuple[Missing, ...]]]:
        tree, me = self.scheme.tree, self.unit.unit_id
        for name in tree.looks_at:
            if self._present(tree[name]) and (gone := self._gone(name)):
                yield (me, name), tuple(Missing(me, ITEM, name, each, "") for each in gone)

    def _gone(self, name: str) -> list[str]:
        """The items it looks at that are missing."""
        about = self.scheme.categories[self.unit.category]
        who = {"category": self.unit.category, "group": about.group, "class": about.class_ or self.unit.category}
        tree = self.scheme.tree
        asked = {each for figure in tree.looks_at.get(name, ()) for each in figure.rests_on(who)}
        return [each for each in sorted(asked) if each in tree and not self._is_known(tree[each])]

    def _is_known(self, node: Node) -> bool:
        if node.id not in self._known:
            self._known[node.id] = True  # of itself, a year before, say
            self._known[node.id] = not self._present(node) or self._found(node)
        return self._known[node.id]

    def _found(self, node: Node) -> bool:
        me = self.unit.unit_id
        lacks = (me, node.id) in self.missing or me in self.without_votes.get(node.id, ())
        how = resolved(self.scheme.tree, node)
        if node.is_leaf:
            return not ((lacks and how != "refuse") or self._gone(node.id)) or how in COUNTED
        children = [
            (child, self._is_known(child))
            for each in node.children
            if (child := self.scheme.tree[each]).item.counts and self._present(child)
        ]
        fewest = node.item.coverage if node.item.coverage is not None else int(node.item.combine != "sum")
        enough = sum(known for _, known in children) >= fewest
        whole = all(known or child.missing == "leave_out" for child, known in children)
        return (whole and enough and not (lacks and how != "refuse") and not self._gone(node.id)) or how in COUNTED

    def _present(self, node: Node) -> bool:
        if node.is_vote:
            return node.concerns(self.unit.category, self.unit.unit_id)
        if node.is_leaf:
            return self.stands.get((self.unit.unit_id, node.id)) == "applies"
        tree = self.scheme.tree
        return any(self._present(tree[each]) for each in node.children if tree[each].item.counts)
