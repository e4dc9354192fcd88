"""The colours of components: hues that rises and falls never have, dark and light by turns along a bar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kaohe.analysis.breakdown import CONVERSION
from kaohe.charts.style import CONVERSION_COLOUR, INK, PAPER
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.components import all_components, components

DARK = ("#4b2a86", "#1d5b34", "#6e2350", "#4a4a10")
LIGHT = ("#bba6e6", "#86cf98", "#e8a9d0", "#d6cd5f")
"""Violet, green, plum and olive, each dark and light. No blue and no orange: these say what rose and fell. A dark and
a light one differ by 3:1 for every eye, by day and by night (a test computes it), so neighbours of a bar always do."""
COMPONENT_COLOURS = (*DARK, *LIGHT)
ON_DARK, ON_LIGHT = "#fdfdfe", "#1b242d"
"""Words on a bar, by day as by night: a dark bar stays dark beside a light one."""


def component_colour(book: ScoreBook, group: str, name: str) -> str:
    """Of a component in the group's charts; of anything else the colour of a conversion."""
    place = _places(book).get((group, name))
    if place is None:
        return CONVERSION_COLOUR
    hue, light = place
    return (LIGHT if light else DARK)[hue]


def on_component(book: ScoreBook, group: str, name: str) -> str:
    """The colour of words on a component's bar."""
    colour = component_colour(book, group, name)
    return ON_DARK if colour in DARK else ON_LIGHT if colour in LIGHT else INK


def component_marker(book: ScoreBook, group: str, name: str) -> dict[str, Any]:
    """A bar's look: parted from its neighbours; what conversion gives or takes is hatched, being no component."""
    look = {"color": component_colour(book, group, name), "line": {"color": PAPER, "width": 1}}
    hatched = {"pattern": {"shape": "/", "size": 7, "solidity": 0.25, "fgcolor": PAPER}}
    return {**look, **hatched} if name == CONVERSION else look


def rows_by_component(book: ScoreBook, belongs: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    """Each component's rows, of which `belongs` says whose they are: a trace a component, so that the legend has it."""
    for component in (*all_components(book), CONVERSION):
        if rows := [row for row, each in enumerate(belongs) if each == component]:
            yield component, rows


def _places(book: ScoreBook) -> dict[tuple[str, str], tuple[int, bool]]:
    """(group, component) → (hue, whether light); kept with the book.

    A component keeps its hue in every group; its lightness goes by its place in the group's bar. In no bar do two
    have both alike, as long as a bar has no more than there are colours; nor do two of different groups, which stand
    on one page, as long as another hue is free.
    """
    known: dict[tuple[str, str], tuple[int, bool]] = book.__dict__.setdefault("_colours", {})
    if known:
        return known
    bars = {group: components(book, group) for group in book.groups}
    hues: dict[str, int] = {}
    for name in sorted(all_components(book), key=lambda name: -sum(name in bar for bar in bars.values())):
        clash = {
            hues[other]
            for bar in bars.values()
            for place, other in enumerate(bar)
            if other in hues and name in bar and (place - bar.index(name)) % 2 == 0
        }
        shades = _shades(bars, name)
        elsewhere = {hues[other] for other in hues if shades & _shades(bars, other)}
        beside = [
            hues[other]
            for bar in bars.values()
            for place, other in enumerate(bar)
            if other in hues and name in bar and abs(place - bar.index(name)) == 1
        ]
        used = list(hues.values())
        hues[name] = min(
            range(len(DARK)),
            key=lambda hue: (hue in clash, hue in elsewhere, hue in beside, used.count(hue), hue),
        )
    known.update(
        {(group, name): (hues[name], place % 2 == 1) for group, bar in bars.items() for place, name in enumerate(bar)}
    )
    return known


def _shades(bars: Mapping[str, Sequence[str]], name: str) -> set[bool]:
    """Whether a component is dark or light, in one group or another."""
    return {bar.index(name) % 2 == 1 for bar in bars.values() if name in bar}
