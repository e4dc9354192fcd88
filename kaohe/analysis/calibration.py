"""The panel's meeting before results are fixed: who is strict or lenient, where raters differ most, who decides.

With `letters` nobody is named: raters are letters from the strictest on, which say no more than the page itself does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

import numpy as np

from kaohe.analysis.leftout import Out, without_raters
from kaohe.analysis.panels import FEWEST, RATINGS, Sheet, sheets, votes_joined
from kaohe.analysis.raters import STRICT, Agreement, Rater, agreement, raters
from kaohe.analysis.robust import about, agreement_json, left_out_json, quota_grade, rater_json, scored_exactly
from kaohe.intake import Intake
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.results import Results

MOST_ITEMS = 12
"""Items that are worth a word at a meeting: so many of several units, and as many of few."""
FEW_UNITS = 3


@dataclass(frozen=True)
class ItemSpread:
    """How far raters of an item lie apart, in points of a hundred: `spread` the mean over units of their standard
    deviation, `widest` the unit at which lowest and highest are `range` apart."""

    item: str
    name: str
    of: str
    units: int
    spread: float
    widest: str
    range: float


@dataclass(frozen=True)
class Calibration:
    """What a panel looks at together."""

    book: ScoreBook
    quota_grade: str
    raters: tuple[Rater, ...]
    items: tuple[ItemSpread, ...]
    without_raters: tuple[Out, ...]
    agreement: tuple[Agreement, ...]


def calibration(intake: Intake, book: ScoreBook) -> Calibration:
    """`book` is `intake` scored, be it provisionally: a meeting comes before everything is in."""
    now, base = scored_exactly(intake, book)
    left_out = tuple(without_raters(now, base))
    return Calibration(
        book=book,
        quota_grade=quota_grade(now.bound),
        raters=tuple(raters(base, left_out)),
        items=tuple(_spreads(base)),
        without_raters=left_out,
        agreement=tuple(agreement(base)),
    )


def _spreads(base: Results) -> list[ItemSpread]:
    """Of every item that three people rated, the widest first; those of few units, where chance is large, after."""
    bound = base.evaluation.bound
    found = [each for sheet in votes_joined(sheets(bound)) for each in _of_sheet(bound, sheet)]
    return sorted(found, key=lambda each: (each.units < FEW_UNITS, -each.spread, each.item))


def _of_sheet(bound: BoundYear, sheet: Sheet) -> Iterator[ItemSpread]:
    usable = sheet.comparable
    rows: dict[str, list[int]] = {}
    for row, slot in enumerate(usable.slots):
        rows.setdefault(slot.item, []).append(row)
    for item, mine in rows.items():
        shares = usable.shares[mine]
        ranges = np.nanmax(shares, axis=1) - np.nanmin(shares, axis=1)
        widest = int(np.argmax(ranges))
        yield ItemSpread(
            item,
            bound.scheme.tree[item].item.name,
            "" if sheet.of == RATINGS else sheet.of,
            len({usable.slots[row].unit for row in mine}),
            float(np.nanstd(shares, axis=1).mean()),
            bound.units[usable.slots[mine[widest]].unit].unit_id,
            float(ranges[widest]),
        )


def answer(intake: Intake, book: ScoreBook) -> dict[str, Any]:
    """The JSON of `kaohe calibration`."""
    return calibration_json(calibration(intake, book))


def answer_in_letters(intake: Intake, book: ScoreBook) -> dict[str, Any]:
    """The same without anybody's name."""
    return calibration_json(calibration(intake, book), letters=True)


def calibration_json(found: Calibration, *, letters: bool = False) -> dict[str, Any]:
    """With `letters` no rater's name is in it: `rater` and `out` are letters."""
    book, letter = found.book, lettered(found.raters)
    called = letter if letters else {key: key[1] for key in letter}
    # by letter: in the order of the names, letters would say whose they are
    left_out = sorted(found.without_raters, key=lambda each: _place(letter[each.of, each.out]))
    return {
        **about(book),
        "letters": letters,
        "strict_from": STRICT,
        "parameters": {
            "fewest_raters": FEWEST,
            "items_rated": len(found.items),
            "most_items": MOST_ITEMS,
            "few_units": FEW_UNITS,
        },
        "quota_grade": found.quota_grade,
        "groups": {key: {"name": each.name, "places": each.quota} for key, each in book.groups.items()},
        "units": {
            unit.unit_id: {"name": unit.name, "group": unit.group, "rank": unit.rank, "grade": unit.grade}
            for unit in book.units
        },
        "raters": [
            rater_json(each) | {"rater": called[each.of, each.rater], "letter": letter[each.of, each.rater]}
            for each in sorted(found.raters, key=lambda each: _place(letter[each.of, each.rater]))
        ],
        "items": [
            {
                "id": each.item,
                "name": each.name,
                "of": each.of,
                "units": each.units,
                "spread": round(each.spread, 4),
                "widest": each.widest,
                "range": round(each.range, 4),
            }
            for each in _worth_a_word(found.items)
        ],
        "leave_one_rater_out": [
            left_out_json(each) | {"out": called[each.of, each.out], "letter": letter[each.of, each.out]}
            for each in left_out
            if not each.why
        ],
        "agreement": agreement_json(found.agreement),
        "not_computed": [
            {"what": f"去掉 {called[each.of, each.out]}", "why": each.why} for each in left_out if each.why
        ],
    }


def _worth_a_word(items: tuple[ItemSpread, ...]) -> list[ItemSpread]:
    many, few = ([each for each in items if (each.units < FEW_UNITS) is on] for on in (False, True))
    return many[:MOST_ITEMS] + few[:MOST_ITEMS]


def lettered(found: tuple[Rater, ...]) -> dict[tuple[str, str], str]:
    """(vote, rater) → A, B, … Z, AA, …: the ratings' first, each from the strictest on."""
    ordered = sorted(
        found, key=lambda each: (each.of, -each.overall.severity if each.overall else float("inf"), each.rater)
    )
    return {(each.of, each.rater): _letter(place) for place, each in enumerate(ordered)}


def _letter(place: int) -> str:
    first, last = divmod(place, len(ascii_uppercase))
    return (ascii_uppercase[first - 1] if first else "") + ascii_uppercase[last]


def _place(letter: str) -> tuple[int, str]:
    return len(letter), letter
