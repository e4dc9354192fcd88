"""What of a scheme is the same for all units of a category, found once and looked up for each: lists, wants, marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from operator import itemgetter

from kaohe.scheme.items import Item
from kaohe.scheme.root import Category
from kaohe.scheme.tree import Tree
from kaohe.scheme.wants import Want, wants_in


class ByCategory:
    """Of a scheme, by category: which items its units have, what these want of them, their full marks as printed."""

    def __init__(self, categories: Mapping[str, Category], indicators: Mapping[str, Item], tree: Tree) -> None:
        self._categories, self._indicators, self._tree = categories, indicators, tree
        self._wants: dict[tuple[str, str], tuple[Want, ...]] = {}

    def items(self, group: str, unit: str) -> tuple[Item, ...]:
        """Every scored item of the group, also those that do not apply to the unit; of units' own items only its."""
        found = self._of_group[group]
        own = found.get(unit)
        if own is None:
            return tuple(found[""].values())
        return tuple(item for _, item in sorted((found[""] | own).items(), key=itemgetter(0)))

    @cached_property
    def _of_group(self) -> dict[str, dict[str, dict[int, Item]]]:
        """Group → unit (empty: no unit's own) → place among the indicators → item."""
        categories = self._categories
        found: dict[str, dict[str, dict[int, Item]]] = {each.group: {"": {}} for each in categories.values()}
        for place, item in enumerate(self._indicators.values()):
            for group in {categories[name].group for name in item.applies if name in categories}:
                found[group].setdefault(item.unit or "", {})[place] = item
        return found

    def wants(self, item: Item, category: str) -> tuple[Want, ...]:
        """What a leaf wants of units of a category."""
        key = (item.id, category)
        if key not in self._wants:
            self._wants[key] = wants_in(item, category)
        return self._wants[key]

    @cached_property
    def stated(self) -> dict[tuple[str, str], Fraction]:
        """(item, category) → its full mark as printed for the category; else those of the headings below it."""
        found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for node in reversed(tuple(self._tree.nodes.values())):  # children before their parents
            for name, category in self._categories.items():
                if node.id in category.stated:
                    found[node.id, name] = category.stated[node.id]
                if node.parent is not None and not node.is_leaf:
                    found[node.parent, name] += found[node.id, name]
        return found
