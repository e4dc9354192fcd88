"""Scored years for the tests of charts and notebooks: random ones from the reference's generator, and changed ones."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

from kaohe.scheme import shipped
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from tests.reference.years import Shape, build
from tests.scoring.tables import year_data
from tests.units import unit_with

DEPARTMENTS = ("D03", "D05", "D06", "D13")


@cache
def scored(year="2019-2020", seed=4, colleges=5, policies=(), **shape):
    """A random year of a few units, with ties (units are cloned) and missed checks."""
    return after(None, year, seed, colleges, policies, **shape)


def after(before, year="2019-2020", seed=4, colleges=5, policies=(), predecessors=(), **shape):
    """The same, knowing the year before."""
    scheme = shipped("lygtc-2018")
    shape = Shape(seed, colleges, departments=DEPARTMENTS, raters=4, clones=30, year=year, **shape)
    data = replace(year_data(build(shape), year), predecessors=predecessors)
    return score_data(scheme, resolve(scheme, overrides=dict(policies)), data, before=before)


@cache
def two_years(seed=4, **more):
    """A year that knows the one before it."""
    return after(scored("2018-2019", seed + 1), "2019-2020", seed, **more)


def renamed(book, names):
    """The book with other names for units."""
    return replace(book, units=tuple(replace(unit, name=names.get(unit.unit_id, unit.name)) for unit in book.units))


def changed(book, changes):
    """The book with fields of some units changed: unit → {field: value}."""
    return replace(book, units=tuple(unit_with(unit, **changes.get(unit.unit_id, {})) for unit in book.units))


def only(book, *units):
    """The book with these units alone, ranked anew by total."""
    kept = [unit for unit in book.units if unit.unit_id in units]
    ranks = {
        unit.unit_id: 1 + sum(other.total > unit.total for other in kept if other.group == unit.group) for unit in kept
    }
    return replace(
        book,
        units=tuple(replace(unit, rank=ranks[unit.unit_id]) for unit in kept),
        cells=tuple(cell for cell in book.cells if cell.unit in units),
        checks=tuple(check for check in book.checks if check.unit in units),
    )


def with_before(book, units):
    """The book with these as last year's results."""
    return replace(book, before=replace(book.before or book.slim(), year="2018-2019", units=tuple(units)))


@cache
def merged():
    """A year in which C2 and C3 were merged into C1."""
    book = two_years()
    after = only(book, *(unit.unit_id for unit in book.units if unit.unit_id not in ("C2", "C3")))
    return replace(after, predecessors=(("C1", "C2"), ("C1", "C3")))


def all_equal(book, group="yuanbu"):
    """Every unit of a group with the results of its first, tied at rank 1."""
    first = book.ranking(group)[0]
    fields = {name: getattr(first, name) for name in ("nodes", "total", "grade")} | {"rank": 1}
    return changed(book, {unit.unit_id: fields for unit in book.units if unit.group == group})


def full_marks(book, unit_id):
    """The book in which a unit has every point there is."""
    unit = book.unit(unit_id)
    group = book.groups[unit.group]
    nodes = {name: replace(node, raw=node.own_full, points=group.fulls[name]) for name, node in unit.nodes.items()}
    cells = tuple(
        replace(cell, points=cell.max_points) if cell.unit == unit_id and cell.applicable else cell
        for cell in book.cells
    )
    return replace(changed(book, {unit_id: {"nodes": nodes, "total": group.full}}), cells=cells)


def traces(figure, component=None):
    """The figure's traces that carry data, those of one component where it is given."""
    found = [trace for trace in figure.data if trace.meta]
    return [trace for trace in found if component is None or trace.meta.get("component") == component]


def by_unit(trace, values="x"):
    """unit → value of a trace that holds one value a unit."""
    return dict(zip(trace.meta["units"], getattr(trace, values), strict=True))


ZERO = Fraction(0)
