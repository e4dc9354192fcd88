"""What follows for a unit beside its points, in the scheme's words: sentences, columns, things to do."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.scoring.book import ConsequenceInfo, ScoreBook, UnitResult
from kaohe.scoring.unitresult import says_eligible


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
    """What follows from failing alone: said in one breath with the grade."""
    return [info for info in book.follows.values() if info.failed and info.says]


def beside_grade(book: ScoreBook, unit: UnitResult) -> list[str]:
    """The sentences that the grade does not say already."""
    return [sentence(book, unit, info) for info in held(book, unit) if not info.failed]


def repeating(books: Sequence[ScoreBook]) -> ConsequenceInfo | None:
    """What follows from years running, of the latest year; None where nothing does."""
    latest = max(books, key=lambda book: book.year)
    return next((info for info in latest.follows.values() if info.back), None)
