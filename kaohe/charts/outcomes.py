"""What follows for a unit beside its points, in the scheme's words: sentences, columns, things to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kaohe.scoring.book import ConsequenceInfo, ScoreBook, UnitResult
from kaohe.scoring.decided import says_eligible


def said_eligible(book: ScoreBook, unit: UnitResult) -> str:
    """Whether what the best grade asks was declared; empty under a scheme that asks nothing."""
    return says_eligible(unit, book.top) if "declared" in book.facts and book.top else ""


def held(book: ScoreBook, unit: UnitResult) -> list[ConsequenceInfo]:
    """The consequences that hold of a unit and that the scheme has a sentence for."""
    return [info for name, info in book.follows.items() if info.says and unit.consequences.get(name)]


def sentence(book: ScoreBook, unit: UnitResult, info: ConsequenceInfo) -> str:
    """Its sentence, with the name of the unit's group where it asks for it."""
    return info.says.replace("{group}", book.groups[unit.group].name)


def after_failing(book: ScoreBook) -> list[ConsequenceInfo]:
    """What follows of all that failed and of nobody else: said in one breath with the grade."""
    failed = {unit.unit_id for unit in book.units if book.fail and unit.grade == book.fail}
    return [
        info
        for name, info in book.follows.items()
        if info.says
        and info.role == "bad"
        and {unit.unit_id for unit in book.units if unit.consequences.get(name)} == failed
    ]


def beside_grade(book: ScoreBook, unit: UnitResult) -> list[str]:
    """The sentences that the grade does not say already."""
    said = after_failing(book)
    return [sentence(book, unit, info) for info in held(book, unit) if info not in said]


def bad(found: Iterable[ConsequenceInfo]) -> list[ConsequenceInfo]:
    return [info for info in found if info.role == "bad"]


def repeating(books: Sequence[ScoreBook]) -> ConsequenceInfo | None:
    """What follows from years running, of the latest year; None where nothing does."""
    latest = max(books, key=lambda book: book.year)
    return next((info for info in latest.follows.values() if info.back), None)
