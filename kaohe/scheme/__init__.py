"""The regulation as data: its model, how it is read, and how it is held against itself."""

from kaohe.scheme.model import Check, Indicator, Item, Metric, Policy, Scheme, Section, is_year, previous_year
from kaohe.scheme.problems import Problem, SchemeError
from kaohe.scheme.reading import read_scheme, shipped, shipped_ids
from kaohe.scheme.whose import scheme_in_force

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
