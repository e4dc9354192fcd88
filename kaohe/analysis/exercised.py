"""What the data of scored years exercised: bands that were reached, clauses that applied, lists that were used.

Also what a panel gave beside what units gave themselves, and items that one rater decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from kaohe.intake import Intake
from kaohe.intake.tables.data import YearData
from kaohe.rules import Figure, Outcome
from kaohe.rules.achievements import weight_of
from kaohe.rules.judged import Judged
from kaohe.scheme import Item, Scheme
from kaohe.scoring.bind import Pool
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.engine import Scored, run
from kaohe.scoring.score import bound_of

Place = tuple[str, str]
"""(year, unit)."""


@dataclass(frozen=True)
class Use:
    """A band or clause of an item: to how many units it could have applied, and to how many it did, over the years."""

    kind: Literal["band", "clause"]
    says: str
    of: int
    used: int


@dataclass(frozen=True)
class SelfScore:
    """What a unit gave itself beside its panel, in points of the item."""

    year: str
    unit: str
    given: Fraction
    panel: Fraction
    full: Fraction

    @property
    def above(self) -> Fraction:
        return self.given - self.panel


@dataclass(frozen=True)
class Panel:
    """The raters of one item in one year: how many rated each unit, and how many of them told units apart."""

    year: str
    raters: Mapping[str, int]  # unit → how many
    telling: int

    @property
    def singles(self) -> tuple[str, ...]:
        """Units that one rater alone rated."""
        return tuple(unit for unit, count in self.raters.items() if count == 1)

    @property
    def by_one(self) -> bool:
        """Whether all that tells units apart comes from one rater: the only one, or the others gave all the same."""
        return bool(self.singles) or (self.telling == 1 and len(self.raters) >= 3)


@dataclass(frozen=True)
class Exercised:
    """What one year's data exercised, by item; `lists`: vetoes, declarations and the like, name → how often."""

    uses: Mapping[str, tuple[Use, ...]]
    selves: Mapping[str, tuple[SelfScore, ...]]
    panels: Mapping[str, Panel]
    lists: Mapping[str, int]


def exercised(intake: Intake, book: ScoreBook) -> Exercised:
    """Scored once more, with what every rule found on the way."""
    assert intake.scheme
    assert intake.data
    scored = run(bound_of(intake, book))
    uses: dict[str, list[Use]] = {}
    selves: dict[str, list[SelfScore]] = {}
    panels: dict[str, Panel] = {}
    for pool, outcome in scored.outcomes:
        if pool.indicator is None:
            continue
        uses.setdefault(pool.name, []).extend(_uses(pool, outcome, scored))
        for figure, part in walk(pool.rule, outcome):
            if isinstance(figure, Judged):
                selves.setdefault(pool.name, []).extend(_selves(pool, part, scored, book))
                panels[pool.name] = _panel(pool, scored, panels.get(pool.name))
    for item in intake.scheme.indicators.values():
        if lines := list(_weights(item, intake.scheme, scored)):
            uses.setdefault(item.id, []).extend(lines)
    return Exercised(
        {name: merged(each) for name, each in uses.items()},
        {name: tuple(each) for name, each in selves.items()},
        panels,
        dict(_lists(intake.scheme, intake.data, book)),
    )


def walk(figure: Figure, outcome: Outcome) -> Iterator[tuple[Figure, Outcome]]:
    """A figure with what it found, then those it is made of."""
    yield figure, outcome
    for child, part in zip(figure.children(), outcome.parts, strict=True):
        yield from walk(child, part)


def merged(uses: Sequence[Use]) -> tuple[Use, ...]:
    """The same band of several pools, months or years as one; in the order in which they were first said."""
    found: dict[tuple[str, str], Use] = {}
    for use in uses:
        known = found.get((use.kind, use.says))
        found[use.kind, use.says] = (
            use if known is None else Use(use.kind, use.says, known.of + use.of, known.used + use.used)
        )
    return tuple(found.values())


def _uses(pool: Pool, outcome: Outcome, scored: Scored) -> Iterator[Use]:
    """The branches of a pool's rule; one that stands there for several months counts once a unit."""
    met: dict[tuple[Any, str], Any] = {}
    for branch in pool.rule.branches(outcome, scored.bound.scheme.terms):
        used = np.broadcast_to(np.asarray(branch.used), (pool.size,))
        key = branch.kind, branch.says
        met[key] = used | met[key] if key in met else used
    for (kind, says), used in met.items():
        yield Use(kind, says, pool.size, int(used.sum()))


def _weights(item: Item, scheme: Scheme, scored: Scored) -> Iterator[Use]:
    """Each line of an item's table of weights: how many units had something that counted by it."""
    bound = scored.bound
    units = [unit.unit_id for unit in bound.units if bound.applies(unit.unit_id, item.id)]
    if not units:
        return
    rows = {unit: bound.achievements.get((unit, item.id), ()) for unit in units}
    tables = scheme.kinds, scheme.levels, scheme.awards
    for line in _lines(item.weights, ()):
        named = [table.get(key, key) for table, key in zip(tables, line, strict=False)]
        used = sum(
            any((row.kind, row.level, row.award)[: len(line)] == line and weight_of(item.weights, row) is not None
                for row in rows[unit])
            for unit in units
        )  # fmt: skip
        yield Use("clause", f"成果 {' '.join(map(str, named))}", len(units), used)


def _lines(weights: Any, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(weights, Mapping):
        for key, below in weights.items():
            yield from _lines(below, (*way, key))
    elif way:
        yield way


def _selves(pool: Pool, part: Outcome, scored: Scored, book: ScoreBook) -> Iterator[SelfScore]:
    points, full = part.points, np.broadcast_to(np.asarray(part["full"]), (pool.size,))
    for place, member in enumerate(pool.members):
        unit = scored.bound.units[member].unit_id
        given = book.self_scores.get(unit, {}).get(pool.name)
        if given is not None and full[place]:
            yield SelfScore(book.year, unit, given, points[place], full[place])


def _panel(pool: Pool, scored: Scored, known: Panel | None) -> Panel:
    """Who rated the pool's units, joined with another pool of the same item."""
    bound, name = scored.bound, pool.name
    raters = dict(known.raters) if known else {}
    marks: dict[str, set[Fraction]] = {}
    for member in pool.members:
        unit = bound.units[member].unit_id
        rows = bound.data.ratings.get((unit, name), ())
        raters[unit] = len({row.rater for row in rows})
        for row in rows:
            marks.setdefault(row.rater, set()).add(row.points)
    telling = sum(len(given) > 1 for given in marks.values())
    return Panel(bound.year, raters, max(telling, known.telling if known else 0))


def _lists(scheme: Scheme, data: YearData, book: ScoreBook) -> Iterator[tuple[str, int]]:
    """How often what the text foresees beside points came about: vetoes, declarations, grades, consequences."""
    for kind, veto in scheme.results.vetoes.items():
        yield f"否决事项“{veto.name}”", sum(row.kind == kind for row in data.vetoes)
    for kind, name in scheme.results.declarations.items():
        yield f"申报“{name}”", sum(kind in rows for rows in data.declarations.values())
    for grade in scheme.results.grades:
        yield f"等次“{grade.name}”", sum(unit.grade == grade.name for unit in book.units)
    for name, title in book.consequences.items():
        yield f"后果“{title}”", sum(unit.consequences.get(name) is True for unit in book.units)
