"""What one page can show, and nothing else: the book cut down to a unit, or to the regulation.

A notebook is handed its slice alone. So a change of the year's data reaches those pages whose slices it changes; what
the page of a unit can show of others is what was found in the whole year and stands with its slice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from kaohe.analysis.lost import middles_of
from kaohe.analysis.movement import pool_since
from kaohe.batch.layout import Processed
from kaohe.charts.beside import beside_of
from kaohe.charts.demands import has_demands
from kaohe.charts.parts import task_heading
from kaohe.charts.standing import standing
from kaohe.charts.targets import has_targets
from kaohe.charts.verdict import unit_stability
from kaohe.files import write_text
from kaohe.scoring.book import NodeInfo, ScoreBook, UnitResult
from kaohe.scoring.bookfile import frozen
from kaohe.scoring.components import categories_of
from kaohe.scoring.lineage import forebears
from kaohe.scoring.slicing import answers

NONE = Fraction(0)

OF_UNIT = [standing, unit_stability, beside_of, middles_of]
OF_GROUP = [task_heading, pool_since]
OF_YEAR = [has_demands, has_targets]

GOALS = "goals"
"""Among what was found: what a unit would have needed, where somebody asked."""


def write_slices(
    place: Processed, book: ScoreBook, units: Iterable[str], goals: Mapping[str, Any] | None = None
) -> dict[str, Path]:
    """Unit → its slice, written; `goals`: unit → what it would have needed, None where nobody found out.

    Slices of units that are no more go.
    """
    written = {}
    for unit in units:
        written[unit] = _written(place.slice(unit), sliced(book, unit, goals))
    for path in place.slices.glob("*.json"):
        if not book.has_unit(path.stem):
            path.unlink(missing_ok=True)
    return written


def write_method(place: Processed, book: ScoreBook) -> Path:
    """The slice of the page of the regulation, written."""
    return _written(place.method, regulation_of(book))


def _written(path: Path, book: ScoreBook) -> Path:
    content = frozen(book)
    if not path.is_file() or path.read_text(encoding="utf-8") != content:
        write_text(path, content)
    return path


def sliced(book: ScoreBook, unit_id: str, goals: Mapping[str, Any] | None = None) -> ScoreBook:
    """The book of one unit: its points, reasons and checks, last year's points, and what its page says of others."""
    unit = book.unit(unit_id)
    asked = {unit_id: OF_UNIT, unit.group: OF_GROUP, "": OF_YEAR}
    found = _categories(book) | answers(book, asked)  # type: ignore[arg-type]
    found |= {GOALS: {unit_id: goals[unit_id]}} if goals is not None and unit_id in goals else {}
    before = book.before
    if before is not None:
        were = [was.unit_id for was in forebears(before, book, unit_id)]
        before = replace(_only(before, were), policies=(), predecessors=(), notice={}, found=_categories(before))
    return replace(
        _only(book, [unit_id]),
        policies=tuple(policy for policy in book.policies if policy.origin == "run"),
        predecessors=tuple(each for each in book.predecessors if each[0] == unit_id),
        before=before,
        effects=None,
        warned=(),
        unvetoed={},
        unseparated=(),
        unseen=(),
        notice={},
        found=found,
    )


def regulation_of(book: ScoreBook) -> ScoreBook:
    """A book without points: the regulation, its readings with what others would change, and whom it is for."""

    def bare(book: ScoreBook) -> ScoreBook:
        units = (
            UnitResult(
                unit.unit_id, unit.name, unit.group, unit.category, nodes={}, total=NONE, rank=0, declared=False,
                vetoed=False, grade="", consequences={}, attainable=NONE, fail_below=NONE, last=False, rated=False,
            )
            for unit in book.units
        )  # fmt: skip
        return replace(
            book, units=tuple(units), cells=(), checks=(), self_scores={}, warned=(), unvetoed={}, predecessors=(),
            unseparated=(), unseen=(), notice={}, found=_categories(book),
        )  # fmt: skip

    before = book.before
    if before is not None:  # whether it is invented has to be said
        before = replace(bare(before), units=(), indicators={}, tree={}, sections=(), policies=())
    return replace(bare(book), before=before)


def _only(book: ScoreBook, units: Collection[str]) -> ScoreBook:
    """What a book says of these units, with the whole tree; other units' own items have no names in it."""
    cells = tuple(cell for unit in units for cell in book.cells_of(unit))
    items = {cell.indicator for cell in cells}
    return replace(
        book,
        indicators={name: info for name, info in book.indicators.items() if name in items},
        tree={name: _plain(node, named=node.unit in (None, *units)) for name, node in book.tree.items()},
        units=tuple(replace(book.unit(unit), cast={}) for unit in units),
        cells=cells,
        checks=tuple(check for check in book.checks if check.unit in units),
        self_scores={unit: own for unit, own in book.self_scores.items() if unit in units},
    )


@cache
def _plain(node: NodeInfo, *, named: bool) -> NodeInfo:
    """An item without the sentences of the method's page; with its name, where that can be shown."""
    return replace(node, name=node.name if named else "", clause="", how=(), asks=())


def _categories(book: ScoreBook) -> dict[str, Any]:
    return answers(book, {group: [categories_of] for group in book.groups})
