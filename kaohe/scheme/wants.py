"""What has to be handed in of a unit, figure by figure: of the year, of each month or term, or of years before.

Leaves want what their rules look at. What follows after other items, weights, full marks, grades and what comes of
them, and the order in a group look at figures, too: these are wanted `beside` the leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from kaohe.rules import Figure
from kaohe.rules.after import After, EachMember, Step
from kaohe.rules.amongtied import AmongTied
from kaohe.rules.base import Value
from kaohe.rules.choosing import When
from kaohe.rules.conditions import Always, Condition, Every, NamedCondition, Not, OfTrait
from kaohe.rules.folding import fewest, may_lack
from kaohe.rules.gathered import Over
from kaohe.rules.judged import Judged
from kaohe.rules.plain import ByTrait
from kaohe.rules.told import Told
from kaohe.scheme.items import Item
from kaohe.scheme.root import Root
from kaohe.scheme.tree import Tree

Who = Mapping[str, str]
"""What is known of a unit whatever its own data say: trait (category, group, class) → value; of which month it is."""


@dataclass(frozen=True)
class Some:
    """Figures of several months, terms or years, some of which may lack: those of `fewest` of them at least are wanted.

    `of`: what makes one of them, as a name that nothing else has.
    """

    of: Hashable
    fewest: int


@dataclass(frozen=True)
class Want:
    """One figure: a metric, or (where it is empty) ratings; of the whole year or one `member`, `ago` years before.

    `some`: where it may lack, if there are enough of its like.
    """

    metric: str
    member: str = ""
    ago: int = 0
    some: Some | None = None


class Part(NamedTuple):
    """A figure with the month or term and the year (so many before) that it is of."""

    figure: Figure
    member: str = ""
    ago: int = 0
    some: Some | None = None


def wants_of(rule: Figure, who: Who, member: str = "", ago: int = 0) -> tuple[Want, ...]:
    """Everything that the rule looks at for such a unit, each once, in its order; ratings last."""
    found = dict.fromkeys(_wants(parts_of(rule, who, member, ago)))
    return tuple(sorted(found, key=lambda want: not want.metric))


def parts_of(rule: Figure, who: Who, member: str = "", ago: int = 0) -> Iterator[Part]:
    """The rule and all that it is made of for such a unit."""
    return _parts(Part(rule, member, ago), who)


def wants_in(item: Item, category: str) -> tuple[Want, ...]:
    """What a leaf wants of units of a category: its rule, and a full mark that is a figure."""
    who = {"category": category}
    return tuple(dict.fromkeys(want for each in _figures_in(item, category) for want in wants_of(each, who)))


def divisors_in(item: Item, category: str) -> tuple[Want, ...]:
    """By which of them it divides for units of a category: none of these may be 0."""
    who = {"category": category}
    parts = (part for each in _figures_in(item, category) for part in parts_of(each, who))
    return tuple(dict.fromkeys(_divisors(parts)))


def _figures_in(item: Item, category: str) -> tuple[Figure, ...]:
    rule = next((variant.rule for variant in item.pools if category in variant.applies), None)
    if rule is None:
        return ()
    return (rule, item.full) if isinstance(item.full, Figure) else (rule,)


def divisors_of(rule: Figure) -> tuple[Want, ...]:
    """The figures by which the rule divides, each once, for whatever unit."""
    return tuple(dict.fromkeys(_divisors(parts_of(rule, {}))))


def _divisors(parts: Iterable[Part]) -> Iterator[Want]:
    for part in parts:
        for each in with_values(part.figure):
            yield from (Want(name, part.member, part.ago) for name in each.denominators())


def with_values(figure: Figure) -> list[Figure]:
    """A figure, and what it looks at itself: values in its fields that are none of its parts."""
    parts = figure.children()
    fields = (getattr(figure, name) for name in type(figure).model_fields)
    return [figure, *(each for each in fields if isinstance(each, Value) and not any(each is part for part in parts))]


def _wants(parts: Iterable[Part]) -> Iterator[Want]:
    for figure, member, ago, some in parts:
        if not isinstance(figure, Told):  # what its conditions look at comes as parts of its own
            yield from (Want(name, member, ago, some) for name in figure.metrics())
        if isinstance(figure, Judged):
            yield Want("", member, ago, some)


def _parts(part: Part, who: Who) -> Iterator[Part]:
    """A figure and all that it is made of, but for what such a unit has nothing to do with."""
    figure = part.figure
    yield part
    if isinstance(figure, EachMember | Over):
        by = figure.dimension if isinstance(figure, EachMember) else figure.each
        for each in _each_time(part, figure):
            yield from _parts(each, who if by is None else {**who, by: each.member})
    elif isinstance(figure, AmongTied):
        for each in (*(part._replace(figure=level) for level in figure.level), *_against(part, figure)):
            yield from _parts(each, who)
    elif isinstance(figure, After):
        yield from _parts(part._replace(figure=figure.of), who)
        for step in figure.steps:
            yield from _of_step(step, who, part)
    elif isinstance(figure, ByTrait) and figure.trait in who:
        taken = figure.of.get(who[figure.trait], figure.otherwise)
        yield from _parts(part._replace(figure=taken), who) if taken is not None else ()
    else:
        for child in _taken(figure, who):
            yield from _parts(part._replace(figure=child), who)
        for condition in figure.conditions() if isinstance(figure, Told) else ():
            yield from _of_condition(condition, who, part)


def _against(part: Part, figure: AmongTied) -> Iterator[Part]:
    """What a figure adds up of other units, none of which has to be there."""
    some = Some((id(figure), *part[1:]), 0)
    yield from (Part(figure.of, member, part.ago, some) for member in figure.members)


def _each_time(part: Part, figure: EachMember | Over) -> Iterator[Part]:
    """What a figure folds, of each month or term, or of each year."""
    some = part.some
    if may_lack(figure.fold):
        some = Some((id(figure), *part[1:]), fewest(figure.fold, len(figure.children())))
    if isinstance(figure, Over) and figure.each is None:
        yield from (Part(figure.of, part.member, part.ago + years, some) for years in figure.years)
    else:
        yield from (Part(figure.of, member, part.ago, some) for member in figure.members)


def _taken(figure: Figure, who: Who) -> tuple[Figure, ...]:
    """What a figure is made of for such a unit."""
    if not isinstance(figure, When):
        return figure.children()
    then, otherwise = figure.children()
    if not may_hold(figure.held, who):
        return (otherwise,)
    return (then,) if not may_hold(Not(kind="not", of=figure.held), who) else (then, otherwise)


def _of_step(step: Step, who: Who, of: Part | None = None) -> Iterator[Part]:
    """What a step looks at; `of` says when."""
    if not _may_apply(step.held, step.unless, who):
        return
    for condition in (step.held, step.unless):
        yield from _of_condition(condition, who, of)
    for figure in step.figures():
        yield from _parts(Part(figure) if of is None else of._replace(figure=figure), who)


def _of_condition(condition: Condition | None, who: Who, of: Part | None = None) -> Iterator[Part]:
    if condition is None or not may_hold(condition, who):
        return
    for figure in condition.figures():
        yield from _parts(Part(figure) if of is None else of._replace(figure=figure), who)
    for child in condition.children():
        yield from _of_condition(child, who, of)


def _may_apply(held: Condition | None, unless: Condition | None, who: Who) -> bool:
    barred = unless is not None and not may_hold(Not(kind="not", of=unless), who)
    return not barred and (held is None or may_hold(held, who))


def may_hold(condition: Condition, who: Who) -> bool:
    """Whether a condition can hold of such a unit: not where its category, group or class decides otherwise."""
    if isinstance(condition, OfTrait):
        return condition.trait not in who or who[condition.trait] in condition.among
    if isinstance(condition, Every):
        return (all if condition.kind == "all" else any)(may_hold(each, who) for each in condition.of)
    if isinstance(condition, NamedCondition):
        return may_hold(condition.of, who)
    if isinstance(condition, Not):
        inner = condition.of
        while isinstance(inner, NamedCondition):
            inner = inner.of
        if isinstance(inner, Not):
            return may_hold(inner.of, who)
        return not (isinstance(inner, OfTrait) and inner.trait in who and who[inner.trait] in inner.among)
    return not (isinstance(condition, Always) and condition.kind == "never")


@dataclass(frozen=True)
class Beside:
    """What an item wants of units of each category beside what its leaves do, and by which of it it divides."""

    item: Item
    wants: Mapping[str, tuple[Want, ...]]
    divisors: Mapping[str, tuple[Want, ...]]

    def metrics(self, category: str) -> tuple[str, ...]:
        """Metrics wanted of units of a category."""
        return tuple(dict.fromkeys(want.metric for want in self.wants.get(category, ()) if want.metric))


RESULTS = ""
"""Under what stands what no item wants, but grades, consequences and the order of a group."""


def wanted_beside(scheme: Root, tree: Tree) -> dict[str, Beside]:
    """By item: what follows after it, weights of its children, its full mark; under `RESULTS` what results ask."""
    found: dict[str, Beside] = {}
    for node in tree.nodes.values():
        parts = {category: _of_node(tree, node.id, _who(scheme, category)) for category in node.applies}
        own = _beside(node.item, parts, partial(_of_members, scheme, tree, node.id))
        if any(own.wants.values()):
            found[node.id] = own
    scores = [tree[group.score].item for group in scheme.groups.values() if group.score in tree]
    asked = {name: list(_of_results(scheme, _who(scheme, name))) for name in scheme.categories}
    if scores and any(asked.values()):
        found[RESULTS] = _beside(scores[0], asked, iter)
    return found


def _beside(
    item: Item, parts: Mapping[str, list[Part]], each_of: Callable[[dict[Want, None]], Iterator[Want]]
) -> Beside:
    """By category; `each_of`: the same of each month or term where the item is scored so."""
    return Beside(
        item,
        {category: tuple(each_of(dict.fromkeys(_wants(found)))) for category, found in parts.items()},
        {category: tuple(each_of(dict.fromkeys(_divisors(found)))) for category, found in parts.items()},
    )


def _who(scheme: Root, category: str) -> Who:
    about = scheme.categories[category]
    return {"category": category, "group": about.group, "class": about.class_ or category}


def _of_node(tree: Tree, name: str, who: Who) -> list[Part]:
    node = tree[name]
    figures: list[Any] = [tree[child].weight for child in node.children]
    if not node.is_leaf:
        figures += [node.item.full, node.item.attainable]
    parts = [part for each in figures if isinstance(each, Figure) for part in parts_of(each, who)]
    for step in () if node.is_leaf else node.item.then:
        parts += _of_step(step, who)
    return parts


def _of_members(scheme: Root, tree: Tree, name: str, wants: Iterable[Want]) -> Iterator[Want]:
    """The same once a month or term, of an item that is scored so: below the one that says it."""
    above = tree[name].within
    over = tree[above].item if above else None
    dimension = scheme.dimensions.get(over.each or "") if over else None
    some = None
    if over is not None and dimension is not None and may_lack(over.fold):
        some = Some(above, fewest(over.fold, len(dimension.names)))
    for want in wants:
        if dimension is None or want.member:
            yield want
        else:
            yield from (Want(want.metric, member, want.ago, some) for member in dimension.names)


def _of_results(scheme: Root, who: Who) -> Iterator[Part]:
    """What grades, limits, consequences and the order of the group look at."""
    results = scheme.results
    for tie in scheme.groups[who["group"]].then_by if who["group"] in scheme.groups else ():
        yield from parts_of(tie.of, who)
    for grade in results.grades:
        quota = [each for each in (grade.quota.places, grade.quota.share) if each is not None] if grade.quota else []
        for figure in (*grade.bounds.values(), *quota):
            yield from parts_of(figure, who)
    held = [(each.held, each.unless) for each in results.grades]
    held += [(each.held, each.unless) for each in results.limits.values()]
    held += [(each.held, each.unless) for each in results.consequences.values()]
    for pair in held:
        for condition in pair:
            yield from _of_condition(condition, who)
    yield from _of_condition(results.declared, who)


__all__ = [
    "RESULTS",
    "Beside",
    "Some",
    "Want",
    "divisors_in",
    "divisors_of",
    "parts_of",
    "wanted_beside",
    "wants_in",
    "wants_of",
    "with_values",
]
