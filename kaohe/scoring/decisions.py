"""From the year's tables to what was declared for a unit, stands in its way, and was decided of it."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.intake.vocabulary import GRADES, LEVELS, MATTERS, TABLES
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.decided import AwardInfo, Declared, Ruling


def declared_of(bound: BoundYear, unit: str) -> Iterator[Declared]:
    """The unit's declarations in the scheme's order."""
    results, made = bound.scheme.results, bound.data.declarations.get(unit, {})
    for kind, name in results.declarations.items():
        if kind in made:
            title = made[kind].title or ""
            tasks = tuple(_meant(bound, unit, title)) if kind == results.innovation else ()
            yield Declared(kind, name, title, made[kind].accepted, tasks)


def _meant(bound: BoundYear, unit: str, title: str) -> list[str]:
    """Tasks marked innovative: the one that the title names, otherwise each of them."""
    marked = [each for each in bound.scheme.indicators.values() if each.unit == unit and each.innovative]
    named = [each for each in marked if each.name in title or each.id.partition(".")[2] in title]
    return [each.id for each in named or marked]


def vetoes_of(bound: BoundYear, unit: str) -> tuple[str, ...]:
    """The scheme's names of what stands against 优秀, each once; never the notes, which are confidential."""
    names = bound.scheme.results.vetoes
    found = (names.get(row.kind, row.kind) for row in bound.data.vetoes if row.unit == unit)
    return tuple(dict.fromkeys(found))


def ruling_of(bound: BoundYear, unit: str, grade: str, by_points: str) -> Ruling | None:
    """The decision that gave the unit its grade; one that a veto overrides gave none."""
    row = bound.data.rulings.get(unit)
    if row is None or GRADES[row.grade] != grade:
        return None
    return Ruling(by_points, MATTERS.get(row.matter or "", row.matter or ""), row.reason, row.decided_on.isoformat())


def awards_of(bound: BoundYear, unit: str) -> Iterator[AwardInfo]:
    """Outstanding contributions declared for the unit."""
    headers = TABLES["awards"].column
    for row in bound.data.awards:
        if row.unit == unit:
            words = {
                "level": LEVELS.get(row.level or "", row.level),
                "basis": row.basis,
                "review": row.review,
                "date": row.date.isoformat() if row.date else None,
            }
            about = tuple(f"{headers[name].header}：{said}" for name, said in words.items() if said)
            yield AwardInfo(row.title or "", row.approved, about)
