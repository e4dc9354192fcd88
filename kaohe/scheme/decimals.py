"""How many decimals of an item's points are shown: those the regulation leaves, two where it rounds nothing."""

from __future__ import annotations

from fractions import Fraction

from kaohe.rules.after import After
from kaohe.rules.base import Figure
from kaohe.rules.decimals import after_steps, decimals_of, figure_decimals, keeps, most, together
from kaohe.rules.limits import Limit
from kaohe.scheme.digits import MOST, USUAL
from kaohe.scheme.root import Root
from kaohe.scheme.tree import Node, Tree


def shown_decimals(scheme: Root, tree: Tree) -> dict[str, int]:
    """Item → decimals it is shown with.

    Where the whole has no more than so many (rounded, or made of whole counts), so has each part of which as much is
    known; another part is shown no coarser than the whole. Elsewhere only what is rounded by its own words counts.
    """
    known, out = _Known(scheme, tree), {}
    for name, node in tree.nodes.items():
        root = list(tree.above(name))[-1].id
        whole = known.item(root)
        own = known.item(name) if whole is not None or _is_rounded(node) else None
        out[name] = min(MOST, max(USUAL, whole or 0) if own is None else own)
    return out


def _is_rounded(node: Node) -> bool:
    """Whether rounding is the last that is done to it."""
    if not node.is_leaf:
        return bool(node.item.then) and node.item.then[-1].round is not None
    return all(_ends_rounded(variant.rule) for variant in node.item.pools)


def _ends_rounded(rule: Figure) -> bool:
    if isinstance(rule, After):
        return rule.steps[-1].round is not None
    return isinstance(rule, Limit) and rule.round is not None


class _Known:
    """Decimals that items have at most, by the words of a scheme."""

    def __init__(self, scheme: Root, tree: Tree) -> None:
        self.scheme, self.tree = scheme, tree
        self._known: dict[str, int | None] = {}

    def _metric(self, name: str) -> int | None:
        return 0 if self.scheme.metrics[name].kind == "count" else None

    def item(self, name: str) -> int | None:
        """None where they may have no end, as of an item that rests on its own points of a year before."""
        if name not in self._known:
            self._known[name] = None  # what is asked on the way of itself
            self._known[name] = self._item(name)
        return self._known[name]

    def _item(self, name: str) -> int | None:
        node = self.tree.nodes.get(name)
        if node is None or node.missing == "peer_mean":
            return None
        instead = self._full(node) if node.missing == "full" else 0
        return most([self._found(node), instead])

    def _full(self, node: Node) -> int | None:
        if node.item.full is None:
            return 0 if node.is_leaf else None
        return self._written(node.item.full)

    def _found(self, node: Node) -> int | None:
        if node.is_leaf:
            return most(self._written(variant.rule) for variant in node.item.pools)
        found = self._combined(node)
        if node.item.each is not None and not keeps(node.item.fold):
            found = None
        return after_steps(found, node.item.then, self._metric, self.item)

    def _combined(self, node: Node) -> int | None:
        parts = []
        for child in (self.tree[each] for each in node.children):
            if child.item.counts:
                weight = 0 if child.weight is None else self._written(child.weight)
                parts.append(together([self.item(child.id), weight]))
        how = node.item.combine
        if how in ("mean", "geometric_mean"):
            return None
        return together(parts) if how == "product" else most(parts)

    def _written(self, value: Fraction | Figure) -> int | None:
        """Of a number of the text, or of what a figure gives."""
        return decimals_of(value) if isinstance(value, Fraction) else figure_decimals(value, self._metric, self.item)
