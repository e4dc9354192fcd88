"""How each indicator is scored, in words: what pages about the method say."""

from __future__ import annotations

from fractions import Fraction

from kaohe.scheme import Item, Scheme
from kaohe.scheme.outline import gaps_said, rules_said, weights_said
from kaohe.scheme.policies import Policies, applicability
from kaohe.scoring.owned import full_mark


def how_scored(indicator: Item, scheme: Scheme) -> tuple[str, ...]:
    """Short sentences: how points come about, the weights, what the text leaves open."""
    return (*rules_said(indicator, scheme), *weights_said(indicator, scheme.terms), *gaps_said(indicator))


def category_fulls(indicator: Item, scheme: Scheme, policies: Policies) -> dict[str, Fraction]:
    """Category → the indicator's full mark, where text and policies apply it; single units' exemptions left aside."""
    full = full_mark(scheme, policies, indicator)
    if isinstance(full, Fraction):
        full = full * scheme.times_in_year(indicator.id)
    return {
        key: full
        for key in scheme.categories
        if applicability(scheme, policies, indicator, key, indicator.unit or "", exempt=False) == "applies"
    }
