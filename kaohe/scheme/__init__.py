"""The regulation as data: its model, how it is read, and how it is held against itself.

The names below are loaded when first asked for: a kernel that shows a book needs no regulation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaohe.rules.late import opened_late

if TYPE_CHECKING:
    from kaohe.scheme.items import Check, Indicator, Item, Section
    from kaohe.scheme.model import Scheme
    from kaohe.scheme.problems import Problem, SchemeError
    from kaohe.scheme.reading import read_scheme, shipped, shipped_ids
    from kaohe.scheme.root import Metric, Policy
    from kaohe.scheme.whose import scheme_in_force
    from kaohe.scheme.years import is_year, previous_year

__all__ = [
    "Check",
    "Indicator",
    "Item",
    "Metric",
    "Policy",
    "Problem",
    "Scheme",
    "SchemeError",
    "Section",
    "is_year",
    "previous_year",
    "read_scheme",
    "scheme_in_force",
    "shipped",
    "shipped_ids",
]

_HOMES = {
    "items": ("Check", "Indicator", "Item", "Section"),
    "model": ("Scheme",),
    "problems": ("Problem", "SchemeError"),
    "reading": ("read_scheme", "shipped", "shipped_ids"),
    "root": ("Metric", "Policy"),
    "whose": ("scheme_in_force",),
    "years": ("is_year", "previous_year"),
}
__getattr__ = opened_late(__name__, _HOMES)
