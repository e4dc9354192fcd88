"""Between which figures a figure lies on paper: by its own arithmetic, and by what the catalogue says of metrics."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kaohe.rules import Figure
from kaohe.rules.base import Value
from kaohe.rules.bounds import Range, highest
from kaohe.rules.scored import Attainable, CountItems, Score
from kaohe.rules.values import MetricValue, Ratio, TallyValue
from kaohe.scheme.audit.marks import full_mark
from kaohe.scheme.audit.readings import replaced
from kaohe.scheme.model import Scheme


class _Between(Value):
    """A figure of which only the ends are known."""

    kind: Any = "between"
    ends: Any

    def best(self, full: Fraction) -> Fraction | None:
        most: Fraction | None = self.ends.most
        return most

    def worst(self, full: Fraction) -> Fraction | None:
        least: Fraction | None = self.ends.least
        return least


def bounds(scheme: Scheme, figure: Figure, full: Fraction) -> Range:
    """Least and most that a figure can be; `full` is the full mark of the item it stands in."""

    def known(part: Any) -> Any:
        ends = _ends(scheme, part)
        return part if ends is None else _Between(ends=ends)

    found: Figure = replaced(figure, known)
    return found.range(full)


def _ends(scheme: Scheme, part: Any) -> Range | None:
    """What the scheme knows of a figure that does not know it itself."""
    if isinstance(part, MetricValue):
        metric = scheme.metrics.get(part.metric)
        return Range(*metric.ends) if metric else Range(None, None)
    if isinstance(part, Ratio | TallyValue):
        least = [scheme.metrics[name].least for name in part.metrics() if name in scheme.metrics]
        return Range(Fraction(0) if all(each is not None and each >= 0 for each in least) else None, None)
    if isinstance(part, Score | Attainable) and part.of in scheme.tree:
        node = scheme.tree[part.of]
        return Range(Fraction(0), highest(full_mark(scheme, node, category) for category in node.applies))
    if isinstance(part, CountItems) and part.of in scheme.tree:
        leaves = sum(node.is_leaf for node in scheme.tree.below(part.of))
        return Range(Fraction(0), Fraction(leaves if part.form == "count" else 1))
    return None
