"""What changed: a unit's difference split exactly into its own data, the others' data, the scheme, the readings.

The sixteen mixtures of the four are scored (those that cannot differ once), and each cause gets Shapley's value: what
it adds on average over all twenty-four orders in which the four may be put in the place of the earlier ones. Items are
split in their own points; what conversion, limits and rounding make of them on the way to the total is a rest of its
own, split in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kaohe.analysis.exact import exactly
from kaohe.analysis.kept import Side
from kaohe.analysis.mixing import CAUSES, Mixtures, origin
from kaohe.analysis.shapley import shapley
from kaohe.analysis.transition import carried, comings
from kaohe.scheme.policies import PolicyError
from kaohe.scoring.bind import Past
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.lineage import renamed, renames_of
from kaohe.scoring.past import past_of

EVERYTHING = frozenset(CAUSES)
NOTHING: frozenset[str] = frozenset()
ZERO = Fraction(0)


@dataclass(frozen=True)
class Split:
    """One figure before and after, and what each cause has of the difference: they add up to it."""

    start: Fraction | None
    end: Fraction | None
    own: Fraction
    others: Fraction
    scheme: Fraction
    policies: Fraction

    @property
    def gained(self) -> Fraction:
        return self.own + self.others + self.scheme + self.policies

    @property
    def moved(self) -> bool:
        return any((self.own, self.others, self.scheme, self.policies)) or self.start != self.end


@dataclass(frozen=True)
class UnitChange:
    """One unit: its total, its rank (fewer is better) and its items; `rest` is what the way to the total adds."""

    unit: str
    name: str
    group: str
    total: Split
    rank: Split
    grade: tuple[str, str]
    items: Mapping[str, Split]
    rest: Split


@dataclass(frozen=True)
class Changed:
    """Two sides. `left_out`: (unit, name, why) of units that cannot be held beside what they were; `assumed`: what was
    missing in mixtures only, and counted as 0 there."""

    before: str
    after: str
    year: str
    same_year: bool
    synthetic: bool
    provisional: bool
    decimals: int
    units: tuple[UnitChange, ...]
    names: Mapping[str, str]
    left_out: tuple[tuple[str, str, str], ...] = ()
    assumed: tuple[str, ...] = ()


def changed(before: Side, after: Side) -> Changed:
    """From one side to the other, unit by unit in the later order."""
    same = before.book.year == after.book.year
    names = {} if same else renames_of(after.book)
    then = renamed(before.book, names)
    intake = before.intake if same else carried(before.intake, after.intake, names)
    mixtures = Mixtures(
        origin(intake, _past(then, names), before.intake.scheme, before.intake.policies),
        origin(after.intake, _past(after.book, {})),
    )
    units, out = [], dict(_left_out(then, after.book))
    if not same:
        out |= {unit.unit_id: why for unit, why in comings(intake, after.intake)}
    for unit in (each for key in after.book.groups for each in after.book.ranking(key)):
        if unit.unit_id in out:
            continue
        try:
            found = _unit_change(mixtures, then.unit(unit.unit_id), unit, after.book)
        except PolicyError as error:
            out[unit.unit_id] = f"一方的读法不能用于另一方的考核方案：{error}"
            continue
        if found is None:
            out[unit.unit_id] = f"{'' if same else '换成后一年的日期后，'}结果不能原样重算"
            continue
        units.append(found)
    known = {**then.indicators, **after.book.indicators}
    titles = {name: each.name for name, each in known.items()}
    titles |= {name: node.name for book in (then, after.book) for name, node in book.tree.items() if name not in titles}
    called = {unit.unit_id: unit.name for book in (then, after.book) for unit in book.units}
    lacking = mixtures.lacking()
    return Changed(
        before=before.name,
        after=after.name,
        year=after.book.year,
        same_year=same,
        synthetic=before.book.synthetic or after.book.synthetic,
        provisional=before.book.provisional or after.book.provisional,
        decimals=max(before.book.finest, after.book.finest),
        units=tuple(units),
        names={item: titles.get(item, item) for unit in units for item in unit.items},
        left_out=tuple((unit, called[unit], why) for unit, why in out.items()),
        assumed=tuple(f"{unit} {item}：{what}" for (unit, item), what in sorted(lacking.items())),
    )


def _past(book: ScoreBook, names: Mapping[str, str]) -> Mapping[int, Past]:
    """The years before a book under the ids of the later side."""
    return past_of(renamed(book.before, names) if book.before is not None else None, book.predecessors)


def _left_out(then: ScoreBook, now: ScoreBook) -> Iterator[tuple[str, str]]:
    for unit in now.units:
        if not then.has_unit(unit.unit_id):
            yield unit.unit_id, "新增或由几个单位合并，没有可对照的一个"
        elif not (unit.rated and then.unit(unit.unit_id).rated):
            yield unit.unit_id, "有一方没有总分"
    for unit in then.units:
        if not now.has_unit(unit.unit_id):
            yield unit.unit_id, "不再参评"


def _unit_change(mixtures: Mixtures, was: UnitResult, unit: UnitResult, book: ScoreBook) -> UnitChange | None:
    """None where the two ends are not what the sides' own books say."""
    found: dict[frozenset[str], dict[str, Any]] = {}

    def worth(causes: frozenset[str]) -> dict[str, Any]:
        if causes not in found:
            figures = mixtures.worth(unit.unit_id, causes)
            items = sum((points for name, points in figures.items() if name.startswith("item:")), ZERO)
            found[causes] = {**figures, "rest": figures["total"] - items}
        return found[causes]

    start, end = worth(NOTHING), worth(EVERYTHING)
    if start["total"] != was.total or end["total"] != unit.total:
        return None
    shares = shapley(CAUSES, worth)

    def split(name: str) -> Split:
        return Split(start.get(name), end.get(name), *(shares[cause].get(name, ZERO) for cause in CAUSES))

    items = {
        name.removeprefix("item:"): split(name) for name in dict.fromkeys((*end, *start)) if name.startswith("item:")
    }
    return UnitChange(
        unit.unit_id, unit.name, book.groups[unit.group].name, split("total"), split("rank"), (was.grade, unit.grade),
        {name: each for name, each in items.items() if each.moved}, split("rest"),
    )  # fmt: skip


def changed_json(found: Changed) -> dict[str, Any]:
    """As the file: every figure exactly, as text; totals rounded beside them."""
    return {
        "before": found.before,
        "after": found.after,
        "year": found.year,
        "same_year": found.same_year,
        "synthetic": found.synthetic,
        "provisional": found.provisional,
        "decimals": found.decimals,
        "method": "Shapley, 4 causes, 24 orders, exact",
        "units": {each.unit: _unit_json(each) for each in found.units},
        "names": dict(found.names),
        "not_computable": [{"unit": unit, "name": name, "why": why} for unit, name, why in found.left_out],
        "assumed": list(found.assumed),
    }


def _unit_json(unit: UnitChange) -> dict[str, Any]:
    return {
        "name": unit.name,
        "group": unit.group,
        **_split_json(unit.total),
        "rounded": {name: None if value is None else round(float(value), 6) for name, value in _figures(unit.total)},
        "rank": _split_json(unit.rank),
        "grade": list(unit.grade),
        "items": {name: _split_json(each) for name, each in unit.items.items()},
        "rest": _split_json(unit.rest),
    }


def _figures(split: Split) -> Iterator[tuple[str, Fraction | None]]:
    yield "from", split.start
    yield "to", split.end
    yield from ((cause, getattr(split, cause)) for cause in CAUSES)


def _split_json(split: Split) -> dict[str, Any]:
    return {name: None if value is None else exactly(value) for name, value in _figures(split)}
