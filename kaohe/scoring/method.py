"""How each indicator is scored, in words: what pages about the method say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from kaohe.rules.wording import Terms, number, term
from kaohe.scheme import Item, Scheme
from kaohe.scheme.policies import Policies, standing
from kaohe.scoring.bind import full_mark


def how_scored(indicator: Item, scheme: Scheme) -> tuple[str, ...]:
    """Short sentences: how points come about, the weights, what the text leaves open."""
    return (*_rules(indicator, scheme), *_weights(indicator, scheme.terms), *_gaps(indicator))


def category_fulls(indicator: Item, scheme: Scheme, policies: Policies) -> dict[str, Fraction]:
    """Category → the indicator's full mark, where text and policies apply it; single units' exemptions left aside."""
    full = full_mark(scheme, policies, indicator)
    return {
        key: full
        for key in scheme.categories
        if standing(scheme, policies, indicator, key, indicator.unit or "", exempt=False) == "applies"
    }


def _rules(indicator: Item, scheme: Scheme) -> Iterator[str]:
    for variant in indicator.pools:
        names = "、".join(scheme.categories[key].name for key in variant.applies)
        head = f"{names}：" if len(indicator.pools) > 1 else ""
        first, *rest = variant.rule.describe(scheme.terms)
        yield f"{head}{first}"
        yield from rest


def _weights(indicator: Item, terms: Terms) -> Iterator[str]:
    if indicator.weights:
        shown = "；".join(
            f"{term(terms, kind).name} {_worth(worth, terms)}" for kind, worth in indicator.weights.items()
        )
        yield f"成果的权重：{shown}；同一成果只计最高的一次"


def _worth(worth: Mapping[str, Any] | Fraction, terms: Terms, what: str = "level") -> str:
    """国家级 5、省级（一等奖 4、二等奖 3）."""
    if isinstance(worth, Fraction):
        return number(worth)
    said = {key: term(terms, f"{what}:{key}").name for key in worth}
    return "、".join(
        f"{said[key]}（{_worth(inner, terms, 'award')}）"
        if isinstance(inner, Mapping)
        else f"{said[key]} {_worth(inner, terms)}"
        for key, inner in worth.items()
    )


def _gaps(indicator: Item) -> Iterator[str]:
    for point in indicator.open:
        yield f"条文没有写明：{point.question}；现为：{point.taken}"
    for demand in indicator.unscored:
        yield f"条文还写了“{demand}”，但没有写分值，不计分"
