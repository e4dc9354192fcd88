"""重抽样敏感性: a year's raters, ballots and leaders drawn anew from themselves, and its weights shaken.

What comes out says how much the ranking hangs on who happened to rate and vote, and on the weights as they are
written; it is no probability that a rank is the true one. Draws are made once from the seed and handed to the engine
in parts, so that memory stays small.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from kaohe.analysis.panels import FEWEST, RATINGS, Combining, Sheet, Slot, sheets
from kaohe.rules.numbers import Array
from kaohe.rules.votes import VoteRule
from kaohe.scheme.tree import Node, Tree
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.engine import Draws
from kaohe.scoring.results import Results

RATERS, MARKS, BALLOTS, WEIGHTS = "raters", "marks", "ballots", "weights"
SOURCES = (RATERS, MARKS, BALLOTS, WEIGHTS)
"""What is drawn anew, each by itself or all together, as the JSON calls it."""


@dataclass(frozen=True)
class Left:
    """What is not drawn, and why."""

    what: str
    why: str


class Source(Protocol):
    """One thing that is drawn anew: what stands in place of the real evidence in some scenarios."""

    def part(self, first: int, last: int) -> Draws: ...


@dataclass(frozen=True)
class Resampled:
    """Scenarios in which several sources are drawn anew at once; as `Draws`, made part by part."""

    size: int
    sources: tuple[Source, ...]

    def part(self, first: int, last: int) -> Draws:
        last = min(last, self.size)
        parts = [source.part(first, last) for source in self.sources]
        return Draws(
            last - first,
            ratings={name: values for part in parts for name, values in part.ratings.items()},
            ballots={name: values for part in parts for name, values in part.ballots.items()},
            marks={name: values for part in parts for name, values in part.marks.items()},
            weights={name: values for part in parts for name, values in part.weights.items()},
        )


@dataclass(frozen=True)
class Draft:
    """Scenarios, which of `SOURCES` are drawn anew in them, and what is left as it is."""

    scenarios: Resampled
    drawn: tuple[str, ...]
    left: tuple[Left, ...]


def resampled(found: Results, size: int, seed: int, *, shaken: float, only: str = "") -> Draft:
    """Scenarios of a year already scored exactly.

    `shaken`: each weight lies within so large a part of itself, evenly. `only`: one source alone.
    """
    bound = found.evaluation.bound
    seeds = np.random.SeedSequence(seed).spawn(len(SOURCES))  # a source's draws stay the same whichever others are in
    panels = sheets(bound)
    makers = {
        RATERS: lambda random: _panels(bound, [each for each in panels if each.of == RATINGS], size, random),
        MARKS: lambda random: _panels(bound, [each for each in panels if each.of != RATINGS], size, random),
        BALLOTS: lambda random: _ballots(bound, size, random),
        WEIGHTS: lambda random: _weights(found, size, shaken, random),
    }
    sources: list[Source] = []
    inside: list[str] = []
    left: list[Left] = []
    for name, own in zip(SOURCES, seeds, strict=True):
        if only in ("", name):
            made, why = makers[name](np.random.default_rng(own))
            sources += made
            inside += [name] * bool(made)
            left += why
    return Draft(Resampled(size, tuple(sources)), tuple(inside), tuple(left))


Made = tuple[list[Source], list[Left]]


@dataclass(frozen=True)
class _Panel:
    """Slots that the same people rated: each scenario draws as many of them with replacement, for all slots at once."""

    picks: Array  # (scenarios, raters of the panel), sorted: places in `columns`
    columns: Array
    rows: Array


@dataclass(frozen=True)
class _Panels:
    """A sheet's panels; `fixed` is what is there where nothing is drawn: by its name in `Draws` a value a unit."""

    sheet: Sheet
    panels: tuple[_Panel, ...]
    fixed: Mapping[tuple[str, ...], Array]

    def part(self, first: int, last: int) -> Draws:
        out: dict[tuple[str, ...], Array] = {}
        for panel in self.panels:
            different, which = np.unique(panel.picks[first:last], axis=0, return_inverse=True)
            made = _made_one(self.sheet, panel, different)[which.reshape(-1)]
            places: dict[tuple[str, ...], list[int]] = {}
            for column, row in enumerate(panel.rows):
                places.setdefault(_name(self.sheet, self.sheet.slots[row]), []).append(column)
            for name, mine in places.items():
                if name not in out:
                    out[name] = np.tile(self.fixed[name], (last - first, 1))
                out[name][:, [self.sheet.slots[panel.rows[column]].unit for column in mine]] = made[:, mine]
        if self.sheet.of == RATINGS:
            return Draws(last - first, ratings=out)  # type: ignore[arg-type]
        return Draws(last - first, marks=out)  # type: ignore[arg-type]


def _made_one(sheet: Sheet, panel: _Panel, picks: Array) -> Array:
    """Each panel drawn made one, slot by slot: (panels drawn, slots)."""
    given = sheet.given[np.ix_(panel.rows, panel.columns)]
    times = np.stack([(picks == rater).sum(axis=1) for rater in range(len(panel.columns))], axis=1)
    out = np.empty((len(picks), len(panel.rows)))
    ways: dict[Combining, list[int]] = {}
    for column, row in enumerate(panel.rows):
        ways.setdefault(sheet.slots[row].combining, []).append(column)
    for combining, mine in ways.items():
        if combining.plain:
            out[:, mine] = times @ given[mine].T / picks.shape[1]
        else:
            out[:, mine] = combining.of(given[mine][:, picks]).T
    return out


def _name(sheet: Sheet, slot: Slot) -> tuple[str, ...]:
    """Where it belongs in `Draws`."""
    return (slot.item, slot.period) if sheet.of == RATINGS else (sheet.of, sheet.facet, sheet.group)


def _panels(bound: BoundYear, found: Sequence[Sheet], size: int, random: np.random.Generator) -> Made:
    made: list[Source] = []
    left: list[Left] = []
    for sheet in found:
        panels: dict[tuple[int, ...], list[int]] = {}
        for row, given in enumerate(sheet.given):
            panels.setdefault(tuple(np.flatnonzero(~np.isnan(given)).tolist()), []).append(row)
        drawn = [
            _Panel(_picks(len(columns), size, random), np.array(columns), np.array(rows))
            for columns, rows in panels.items()
            if len(columns) >= FEWEST
        ]
        few = int((sheet.counts < FEWEST).sum())
        if few:
            left.append(Left(sheet_words(bound, sheet), f"{few} 处不足 {FEWEST} 位评分人，保持原样，不重抽样"))
        if drawn:
            made.append(_Panels(sheet, tuple(drawn), _as_they_are(bound, sheet)))
    return made, left


def _picks(raters: int, size: int, random: np.random.Generator) -> Array:
    return np.sort(random.integers(raters, size=(size, raters)).astype(np.int16), axis=1)


def _as_they_are(bound: BoundYear, sheet: Sheet) -> dict[tuple[str, ...], Array]:
    out: dict[tuple[str, ...], Array] = {}
    for row, slot in enumerate(sheet.slots):
        given = sheet.given[row]
        values = out.setdefault(_name(sheet, slot), np.zeros(len(bound.units)))
        values[slot.unit] = slot.combining.of(given[~np.isnan(given)])
    return out


def sheet_words(bound: BoundYear, sheet: Sheet) -> str:
    """What a sheet holds, as the scheme calls it."""
    if sheet.of == RATINGS:
        return "评审小组的评分"
    vote = bound.scheme.votes[sheet.of]
    group = vote.voters[sheet.group].name if sheet.group in vote.voters else ""
    facet = vote.facets.get(sheet.facet, "")
    return "·".join(filter(None, (vote.name, facet, group)))


@dataclass(frozen=True)
class _Ready:
    """Draws made beforehand."""

    draws: Draws

    def part(self, first: int, last: int) -> Draws:
        return self.draws.part(first, last)


def _ballots(bound: BoundYear, size: int, random: np.random.Generator) -> Made:
    """Each unit's papers drawn anew from its own: as many, by the shares of its options."""
    out: dict[tuple[str, str, str, str], Array] = {}
    left: list[Left] = []
    for pool in bound.vote_pools:
        rule = pool.rule
        if not isinstance(rule, VoteRule) or rule.definition.paper != "counts":
            continue
        few: list[str] = []
        for group in rule.definition.groups:
            keys = [(group, option) for option in rule.definition.options]
            table = np.zeros((len(keys), size, len(bound.units)))
            for place in map(int, pool.members):
                unit = bound.units[place]
                votes = bound.data.votes.get((unit.unit_id, rule.vote, rule.facet or ""))
                counts = [Fraction(0) if votes is None else votes.counts.get(key, Fraction(0)) for key in keys]
                table[:, :, place] = np.array([float(count) for count in counts])[:, None]
                whole = all(count.denominator == 1 for count in counts)
                papers = int(sum(counts))
                if not whole or papers < FEWEST:
                    few.append(unit.name)
                    continue
                drawn = random.multinomial(papers, [float(count) / papers for count in counts], size=size)
                table[:, :, place] = drawn.T
            for key, values in zip(keys, table, strict=True):
                out[rule.vote, rule.facet or "", *key] = values
        if few:
            left.append(
                Left(rule.definition.name, f"{'、'.join(dict.fromkeys(few))}不足 {FEWEST} 票或票数不是整数，不重抽样")
            )
    return ([_Ready(Draws(size, ballots=out))] if out else []), left


def _weights(found: Results, size: int, shaken: float, random: np.random.Generator) -> Made:
    """The weights of sections beside each other, each shaken, their sum for every unit as before."""
    if not shaken:
        return [], [Left("各部分的权重", "扰动幅度为 0，不扰动")]
    out: dict[str, tuple[Array, Array]] = {}
    left: list[Left] = []
    for node in _above_sections(found):
        children = [found.evaluation.bound.scheme.tree[name] for name in node.children]
        counted = [child for child in children if child.item.counts]
        if node.item.combine not in ("sum", "mean"):
            left.append(Left(node.item.name, "各部分不是相加或平均，没有可扰动的权重"))
            continue
        factors = 1 + random.uniform(-shaken, shaken, size=(size, len(counted)))
        whole = _whole(found, node, counted, factors)
        out |= {child.id: (factors[:, place], whole) for place, child in enumerate(counted)}
    return ([_Shaken(out)] if out else []), left


@dataclass(frozen=True)
class _Shaken:
    """Item → its factor (scenarios,) and what that is divided by, so that a unit's full mark stays: see `_whole`."""

    factors: Mapping[str, tuple[Array, Array]]

    def part(self, first: int, last: int) -> Draws:
        return Draws(
            last - first,
            weights={
                name: factor[first:last, None] / whole[first:last] for name, (factor, whole) in self.factors.items()
            },
        )


def _whole(found: Results, node: Node, counted: Sequence[Node], factors: Array) -> Array:
    """By how much a unit's full mark of the item would grow: (scenarios, units); a mean sees to that itself."""
    units = len(found.evaluation.bound.units)
    if node.item.combine == "mean":
        return np.ones((len(factors), units))
    fulls = np.zeros((len(counted), units))
    for place, child in enumerate(counted):
        weight = float(child.weight) if isinstance(child.weight, Fraction) else 1.0
        fulls[place] = found.evaluation.node(child.id).full.astype(float) * weight
    whole = fulls.sum(axis=0)
    return np.where(whole == 0, 1.0, factors @ fulls / np.where(whole == 0, 1.0, whole))


def _above_sections(found: Results) -> Iterator[Node]:
    """Items that are made of sections: all but mere headings above leaves, unless the ranking itself is one."""
    bound = found.evaluation.bound
    tree = bound.scheme.tree
    roots = {_branching(tree, group.score) for group in bound.scheme.groups.values()}
    for node in tree.nodes.values():
        if not node.is_leaf and len(node.children) > 1 and (node.id in roots or node.id not in tree.headings):
            yield node


def _branching(tree: Tree, name: str) -> str:
    """The first item from the ranking's down that is made of more than one."""
    while len(below := [child for child in tree[name].children if tree[child].item.counts]) == 1:
        name = below[0]
    return name
