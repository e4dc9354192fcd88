"""A scheme with one figure changed a little: what a case must notice."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from kaohe.rules.bands import Band
from kaohe.rules.counting import CountedAmounts
from kaohe.rules.tiers import Tier
from kaohe.scheme import Indicator, Item, Scheme

SOME = Fraction(1, 4)
TWINS = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}


def mutants(scheme: Scheme) -> Iterator[tuple[str, str, str, Scheme]]:
    """(indicator or component, path of the figure, what it became, a scheme of that indicator alone)."""
    for section in scheme.sections:
        for indicator in section.indicators:
            for path, changed, new in changes(indicator, fields=("rule", "variants", "weights")):
                yield indicator.id, path, changed, alone(scheme, new)
    for name, vote in (("ballot", "ballot"), ("leader", "leaders")):
        for path, changed, new in of_vote(scheme.tree[name].item):
            yield vote, path, changed, copy(scheme, items=with_item(scheme.items, new))
    common = scheme.department_common
    for path, changed, new in changes(common, fields=("tasks_full", "tasks_rule")):
        if path != "tasks_rule.panel":
            yield "D12.T05", path, changed, copy(scheme, department_common=new, sections=scheme.sections[:1])


def of_vote(item: Item) -> Iterator[tuple[str, str, Item]]:
    """An item people vote on, changed in its full mark or in what its votes are worth."""
    for path, changed, new in changes(item.full, "full"):
        yield path, changed, fresh(item, {"full": new})
    for path, changed, new in changes(item.rule.definition, fields=("options", "voters", "out_of")):
        yield path, changed, fresh(item, {"rule": fresh(item.rule, {"definition": new})})


def with_item(items: tuple[Item, ...], new: Item) -> tuple[Item, ...]:
    """The tree's items with another in the place of that id."""
    return tuple(new if item.id == new.id else fresh(item, {"items": with_item(item.items, new)}) for item in items)


def copy(scheme: Scheme, **fields: Any) -> Scheme:
    """A scheme with other fields, and nothing remembered from before."""
    return fresh(scheme, fields)


def fresh(part: Any, fields: dict[str, Any]) -> Any:
    """A part of a scheme with other fields, and nothing remembered from before."""
    new = part.model_copy(update=fields)
    for name in set(new.__dict__) - set(type(part).model_fields):
        del new.__dict__[name]
    return new


def alone(scheme: Scheme, indicator: Indicator) -> Scheme:
    """The scheme with that one indicator."""
    section = scheme.section_of[indicator.id].model_copy(update={"indicators": (indicator,)})
    return copy(scheme, sections=(section,), departments=())


def changes(value: Any, path: str = "", parent: Any = None, fields: tuple[str, ...] | None = None) -> Iterator[tuple]:
    """(path, what it became, changed copy) for every figure in a part of the scheme."""
    if isinstance(value, bool):
        yield path, str(not value), not value
    elif isinstance(value, Fraction):
        for new in shifted(value, path, parent):
            yield path, str(new), new
    elif isinstance(value, int):
        for new in (value - 1, value + 1):
            yield path, str(new), new
    elif isinstance(value, BaseModel):
        if isinstance(value, Band):
            for name, twin in TWINS.items():
                bound = getattr(value, name)
                if bound is not None:
                    yield f"{path}.{name}", twin, fresh(value, {name: None, twin: bound})
        written = value.model_fields_set  # what the scheme does not say is no figure of its own
        for name in fields or [each for each in type(value).model_fields if each in written]:
            for where, what, new in changes(getattr(value, name), f"{path}.{name}".lstrip("."), value):
                yield where, what, fresh(value, {name: new})
    elif isinstance(value, tuple):
        for n, item in enumerate(value):
            for where, what, new in changes(item, f"{path}.{n}", value):
                yield where, what, (*value[:n], new, *value[n + 1 :])
    elif isinstance(value, dict):
        for key, item in value.items():
            for where, what, new in changes(item, f"{path}.{key}", parent):
                yield where, what, {**value, key: new}


def shifted(value: Fraction, path: str, parent: Any) -> tuple[Fraction, ...]:
    """Bounds move by 2 % either way, a count's minimum by one, points by a quarter."""
    points = path.endswith((".points", ".each"))
    if isinstance(parent, Tier) and not points:
        return value - 1, value + 1
    if isinstance(parent, Band | CountedAmounts) and not points:
        return (value * Fraction(49, 50), value * Fraction(51, 50)) if value else (-Fraction(1, 50), Fraction(1, 50))
    return value - SOME, value + SOME
