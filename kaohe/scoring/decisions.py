"""From the year's tables to what was declared for a unit, stands in its way, and was decided of it."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.intake.raw.decisions import MATTERS
from kaohe.intake.tables.names import codes_of
from kaohe.intake.tables.vocabulary import TABLES
from kaohe.rules.conditions import gate
from kaohe.scheme.outline import effect_says, limit_called
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.decided import AwardInfo, Declared, Ruling
from kaohe.scoring.evaluation import Evaluation


def declared_of(bound: BoundYear, unit: str) -> Iterator[Declared]:
    """The unit's declarations in the scheme's order."""
    results, made = bound.scheme.results, bound.data.declarations.get(unit, {})
    for kind, name in results.declarations.items():
        if kind in made:
            row, title = made[kind], made[kind].title or ""
            tasks, marked = _meant(bound, unit, title) if kind == results.innovation else ((), ())
            yield Declared(kind, name, title, row.accepted, tasks, marked, row.date.isoformat() if row.date else "")


def _meant(bound: BoundYear, unit: str, title: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tasks marked innovative that the title names by name or number; where it names none, all that could be meant."""
    marked = [each for each in bound.scheme.indicators.values() if each.unit == unit and each.innovative]
    named = tuple(each.id for each in marked if each.name in title or each.id.partition(".")[2] in title)
    return named, () if named else tuple(each.id for each in marked)


def vetoes_of(bound: BoundYear, unit: str) -> tuple[str, ...]:
    """The scheme's names of what stands against the best grade with their days, each once; never the notes, which are
    confidential."""
    names = {kind: veto.name for kind, veto in bound.scheme.results.vetoes.items()}
    found = (
        f"{names.get(row.kind, row.kind)}{f'，{row.date}' if row.date else ''}"
        for row in bound.data.vetoes
        if row.unit == unit
    )
    return tuple(dict.fromkeys(found))


def veto_effects(bound: BoundYear, unit: str) -> tuple[str, ...]:
    """What the unit's vetoes do to its grade, each once: `不得评为 A`."""
    rules, kinds = bound.scheme.results.vetoes, {row.kind for row in bound.data.vetoes if row.unit == unit}
    return tuple(dict.fromkeys(effect_says(rule.effect, bound.scheme) for kind, rule in rules.items() if kind in kinds))


def limits_of(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """For each unit the limits on its grade that hold: `资金未达标，最高评为良`."""
    bound, inputs = evaluation.bound, evaluation.everybody()
    out: list[tuple[str, ...]] = [()] * len(bound.units)
    for name, limit in bound.scheme.results.limits.items():
        where = gate(inputs, limit.held, limit.unless)
        said = f"{limit_called(limit, bound.scheme) or name}，{effect_says(limit.effect, bound.scheme)}"
        out = [(*found, said) if where is None or where[place] else found for place, found in enumerate(out)]
    return out


def ruling_of(bound: BoundYear, unit: str, grade: str, by_points: str) -> Ruling | None:
    """The decision that gave the unit its grade; one that a veto overrides gave none."""
    row = bound.data.rulings.get(unit)
    known = bound.scheme.results.grade
    if row is None or row.grade not in known or known[row.grade].name != grade:
        return None
    return Ruling(by_points, MATTERS.get(row.matter or "", row.matter or ""), row.reason, row.decided_on.isoformat())


def awards_of(bound: BoundYear, unit: str) -> Iterator[AwardInfo]:
    """Outstanding contributions declared for the unit."""
    headers = TABLES["awards"].column
    for row in bound.data.awards:
        if row.unit == unit:
            words = {
                "level": codes_of(bound.scheme)["awards", "level"].get(row.level or "", row.level),
                "basis": row.basis,
                "review": row.review,
                "date": row.date.isoformat() if row.date else None,
            }
            about = tuple(f"{headers[name].header}：{said}" for name, said in words.items() if said)
            yield AwardInfo(row.title or "", row.approved, about)
