"""What follows for a unit beside its points, in the scheme's words: sentences, columns, things to do."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.analysis.grades import entitled
from kaohe.charts.notation import short
from kaohe.scoring.book import ConsequenceInfo, ScoreBook, UnitResult
from kaohe.scoring.marks import PENDING
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


def lacking_says(book: ScoreBook, unit: UnitResult, why: str) -> str:
    """`未具备申报条件（没有申报）`: why a unit was passed over, with what it lacks where it lacks a declaration; for
    internal pages."""
    if unit.vetoed or unit.by_points in (book.top, PENDING) or entitled(book, unit):
        return why
    refused = dict.fromkeys(f"“{short(each.name, 10)}”" for each in unit.declarations if not each.accepted)
    accepted = dict.fromkeys(f"“{short(each.name, 10)}”" for each in unit.declarations if each.accepted)
    only = f"只认定了{'、'.join(accepted)}" if accepted else "没有申报"
    return f"{why}（{'、'.join(refused)}未认定）" if refused else f"{why}（{only}）"
