"""What follows from this year and the one before together, unit by unit."""

from __future__ import annotations

from kaohe.rules.conditions import Always, Condition, Every, Fact, NamedCondition, Not
from kaohe.scheme.outcomes import Consequence
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.lineage import was_last


def follows(rule: Consequence, unit: UnitResult, book: ScoreBook, before: ScoreBook) -> bool | None:
    """Whether a consequence holds for the unit; None where its condition asks more than the two books say."""
    asked = [] if rule.held is None else [_holds(rule.held, unit, book, before)]
    if rule.unless is not None:
        found = _holds(rule.unless, unit, book, before)
        asked.append(None if found is None else not found)
    return None if None in asked else all(asked)


def _holds(condition: Condition, unit: UnitResult, book: ScoreBook, before: ScoreBook) -> bool | None:
    if isinstance(condition, Always):
        return bool(condition.kind == "always")
    if isinstance(condition, NamedCondition):
        return _holds(condition.of, unit, book, before)
    if isinstance(condition, Not):
        found = _holds(condition.of, unit, book, before)
        return None if found is None else not found
    if isinstance(condition, Every):
        each = [_holds(part, unit, book, before) for part in condition.of]
        decisive = condition.kind == "any"
        if decisive in each:
            return decisive
        return None if None in each else not decisive
    return _fact(condition, unit, book, before) if isinstance(condition, Fact) else None


def _fact(fact: Fact, unit: UnitResult, book: ScoreBook, before: ScoreBook) -> bool | None:
    if fact.ago > 1:
        return None
    if fact.fact == "last":
        return was_last(before, book, unit.unit_id) if fact.ago else unit.last
    if fact.fact == "grade":
        if not fact.ago:
            return book.grades.get(fact.name, fact.name) == unit.grade
        return before.has_unit(unit.unit_id) and before.unit(unit.unit_id).grade == before.grades.get(
            fact.name, fact.name
        )
    if fact.ago:
        return None
    if fact.fact == "vetoed":
        return unit.vetoed
    if fact.fact == "awarded":
        return any(award.approved for award in unit.awards)
    return any(row.accepted and fact.name in ("", row.kind) for row in unit.declarations)
