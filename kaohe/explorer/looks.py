"""What the left side of the explorer shows: the ranking, two units, two years or two scenarios, with its tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.difference import cell_shifts
from kaohe.analysis.scenario import Scenario, ScenarioError
from kaohe.charts.html import Html, behind, join
from kaohe.charts.notation import names
from kaohe.charts.sidebyside import Side, beside
from kaohe.charts.stability import notes, stability_table
from kaohe.charts.style import CONFIG, empty, table_of, text_of
from kaohe.charts.whatif import Called, shifted
from kaohe.explorer import selection as lines
from kaohe.explorer.controls import fill
from kaohe.explorer.moved import moved
from kaohe.explorer.panels import copied
from kaohe.explorer.selection import Selection
from kaohe.explorer.steps import differences
from kaohe.explorer.view import PLOTLY, View, display
from kaohe.explorer.workbench import CannotExploreError, Supposed, Workbench
from kaohe.scheme.years import spoken, year_said
from kaohe.scoring.book import UnitResult

REAL, NOW = "=real", "=now"
"""The real data and what is in force, among the scenarios one can hold side by side; no path is called so."""


class Looks:
    """Draws what is chosen; `at` tells where one is."""

    def __init__(self, bench: Workbench, view: View, at: Callable[[], Selection]) -> None:
        self.bench, self.view, self._at = bench, view, at

    def show(self, *, anew: bool = False) -> None:
        """The chart with its tables; `anew`: what can be compared may be others. Controls are filled: no choice."""
        if anew:
            self._show_others()
        figure, beneath = self._looked_at()
        self.view.draw(_bundle(figure))
        self.view.show_html(self.view.beneath, beneath)
        self.view.show_html(self.view.behind, behind(copied(Html(table_of(figure))), "图背后的数据表"))

    def _show_others(self) -> None:
        view, bench, at = self.view, self.bench, self._at()
        look = view.look.value
        display(view.other, look != "ranking")
        display(view.against, look == "scenarios")
        ranked = look in ("ranking", "scenarios")
        display(view.only, ranked)
        display(view.stable, look == "ranking" and bench.known_stability is None)
        if look == "unit":
            others = lines.in_order(bench.book, at.group)
            options = [(unit.name, unit.unit_id) for unit in others if unit.unit_id != at.unit]
        elif look == "scenarios":
            options = [("真实数据", REAL), ("现在的改动", NOW)]
            options += [(each.name, str(each.path)) for each in bench.saved()]
            last = [value for _, value in options]
            fill(view.against, options, view.against.value if view.against.value in last else last[-1])
        else:
            options = [(year_said(year), year) for year in bench.years if year != bench.year]
        options = options or [("（没有）", "")]
        known = [value for _, value in options]
        fill(view.other, options, view.other.value if view.other.value in known else known[0])

    def _looked_at(self) -> tuple[go.Figure, Html]:
        """The figure, and the tables that stand under it."""
        look, other = self.view.look.value, self.view.other.value
        if look == "scenarios":
            return self._scenarios()
        if look == "ranking" or not other:
            return self._ranking()
        return (self._units(other) if look == "unit" else self._years(other)), Html("")

    def _only(self) -> set[str] | None:
        """The units shown; None: all."""
        written, book, group = self.view.only.value, self.bench.book, self._at().group
        return (lines.with_names_like(book, group, written) or None) if written.strip() else None

    def _ranking(self) -> tuple[go.Figure, Html]:
        bench, at, only = self.bench, self._at(), self._only()
        found = bench.known_stability
        figure = shifted(bench.base.book, bench.book, at.group, chosen=at.unit, only=only,
                         notes=notes(found) if found else None)  # fmt: skip
        if not found:
            return figure, Html("")
        steady = stability_table(bench.book, found, at.group, only)
        return figure, behind(copied(steady), "名次有多稳：名次区间和会改变它的读法", opened=True)

    def _units(self, other: str) -> go.Figure:
        book, at = self.bench.book, self._at()
        mine = book.unit(at.unit).name + ("（试算）" if self.bench.scenario.size else "")
        return beside(Side(book, at.unit, mine), Side(book, other, book.unit(other).name))

    def _years(self, other: str) -> go.Figure:
        bench, at = self.bench, self._at()
        book = bench.book
        try:
            past = bench.book_of(other)
        except (CannotExploreError, ScenarioError) as error:
            return empty([book], f"{year_said(other)}不能对比", str(error))
        found = bench.traced(at.unit, bench.year, other)
        if not found:
            return empty(
                [book], f"{book.unit(at.unit).name}不在 {year_said(other)}中", f"请另选一个{spoken(other).one}。"
            )
        here = year_said(bench.year) + ("（试算）" if bench.scenario.size else "")
        there = f"{year_said(other)}{_called(found, book.unit(at.unit))}" + ("（试算）" if bench.changed(other) else "")
        first, *more = (unit.unit_id for unit in found)
        return beside(Side(book, at.unit, here), Side(past, first, there, tuple(more)))

    def _scenarios(self) -> tuple[go.Figure, Html]:
        """One scenario beside another: who stands where, what only either changes, whose points are other."""
        view, at = self.view, self._at()
        chosen = {str(value): str(label) for label, value in view.other.options}
        one, other = str(view.other.value), str(view.against.value)
        try:
            (first, before), (second, after) = self._scenario(one), self._scenario(other)
        except (ScenarioError, OSError) as error:
            return empty([self.bench.book], "这个方案不能对比", str(error)), Html("")
        called = Called(now=f"“{chosen[other]}”", than=f"“{chosen[one]}”")
        figure = shifted(before.book, after.book, at.group, chosen=at.unit, only=self._only(), called=called)
        apart = differences(self.bench.base, first, second, (called.than, called.now))
        cells = cell_shifts(before.book, after.book)
        return figure, join([apart, moved(before.book, after.book, cells, called=called)])

    def _scenario(self, name: str) -> tuple[Scenario, Supposed]:
        bench = self.bench
        if name == REAL:
            return Scenario(bench.year), Supposed(bench.base.intake, bench.base.book, ())
        return (bench.scenario, bench.supposed) if name == NOW else bench.of_file(Path(name))


def _called(found: tuple[UnitResult, ...], unit: UnitResult) -> str:
    """What a unit was called, where it was renamed, or whom it was merged from (into)."""
    if len(found) > 1:
        return f"（{names(each.name for each in found)}的平均）"
    return "" if found[0].name == unit.name else f"（{found[0].name}）"


def _bundle(figure: go.Figure) -> dict[str, Any]:
    drawn = figure.to_plotly_json()
    drawn["layout"]["meta"] = {"text": text_of(figure)}
    return {PLOTLY: {**drawn, "config": CONFIG}, "text/plain": text_of(figure)}
