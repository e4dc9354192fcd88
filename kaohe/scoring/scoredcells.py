"""A unit's indicators with points, sentences, and what was lacking, disputed or does not apply."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from fractions import Fraction

from kaohe.intake.tables.data import Rating
from kaohe.rules import Outcome, Sentence
from kaohe.rules.inside import policies_in
from kaohe.rules.numbers import at
from kaohe.rules.wording import quantity
from kaohe.scheme import Item
from kaohe.scheme.policies import exempted_by
from kaohe.scoring.bind import BoundYear, Pool, rule_metrics
from kaohe.scoring.cells import Cells, Later, ScoreCell
from kaohe.scoring.engine import Scored
from kaohe.scoring.evaluation import Evaluation
from kaohe.scoring.lacking import missing_said
from kaohe.scoring.mentions import looked_at
from kaohe.scoring.missing import INSTEAD, resolved
from kaohe.scoring.nextstep import steps_in
from kaohe.scoring.nextwords import says_next
from kaohe.scoring.nodevalues import NodeValues
from kaohe.scoring.owned import own_indicators


def scored_cells(scored: Scored) -> Cells:
    """Every unit's cells in the regulation's order, assembled when a unit's are first asked for."""
    bound, evaluation = scored.bound, scored.evaluation
    found: dict[tuple[str, str], tuple[Pool, tuple[str, ...], Outcome, int]] = {}
    for pool, outcome in scored.outcomes:
        if pool.name not in bound.scheme.indicators:
            continue
        turns_on = tuple(dict.fromkeys(policies_in(looked_at(pool))))  # the same for every unit
        for place, member in enumerate(pool.members):
            found[bound.units[member].unit_id, pool.name] = (pool, turns_on, outcome, place)

    def assemble(unit_id: str) -> tuple[ScoreCell, ...]:
        unit = bound.units[bound.position[unit_id]]
        return tuple(
            _scored_cell(bound, evaluation, unit_id, indicator, *found[unit_id, indicator.id])
            if (unit_id, indicator.id) in found
            else _unscored_cell(evaluation, unit_id, indicator)
            for indicator in own_indicators(bound.scheme, unit)
        )

    def points() -> dict[tuple[str, str], Fraction]:
        instead = {
            (unit, name): at(evaluation.node(name).points, bound.position[unit])
            for unit, name in bound.missing
            if name in bound.scheme.indicators and evaluation.node(name).known[bound.position[unit]]
        }
        return instead | {key: outcome.points[place] for key, (_, _, outcome, place) in found.items()}

    return Cells((unit.unit_id for unit in bound.units), assemble, points)


def _scored_cell(
    bound: BoundYear,
    evaluation: Evaluation,
    unit: str,
    indicator: Item,
    pool: Pool,
    turns_on: tuple[str, ...],
    outcome: Outcome,
    place: int,
) -> ScoreCell:
    trace = outcome.trace(pool.rule, place)
    ratings = bound.data.ratings.get((unit, indicator.id), ())
    disputed = tuple(_disputed(bound, unit, indicator))
    full: Fraction | None = pool.full
    if not isinstance(indicator.full, Fraction) or bound.scheme.tree[indicator.id].within is not None:
        full = _full_of(evaluation.node(indicator.id), indicator, bound.position[unit])
    category = bound.units[bound.position[unit]].category
    more_is_better = bound.scheme.groups[bound.scheme.group_of(category)].order == "descending"
    short = full is not None and trace.points < full and more_is_better
    return ScoreCell(
        unit=unit,
        indicator=indicator.id,
        status="disputed" if disputed else "scored",
        clause=indicator.clause,
        max_points=full,
        points=trace.points,
        raw=trace.awarded,
        deducted=trace.deducted,
        capped=trace.capped,
        sentences=(
            *pool.rule.words(trace, bound.scheme.terms),
            *_notes(bound, unit, indicator),
            *([Sentence("所依据的数据有争议，得分可能变动")] if disputed else []),
        ),
        raters=_raters(ratings) if indicator.judged else None,
        policies=turns_on,
        ahead=Later(lambda: says_next(steps_in(bound, pool, place, trace), bound.scheme)) if short else (),
        disputed=disputed,
        trace=trace,
    )


def _raters(ratings: Sequence[Rating]) -> int:
    """How many people rated it; of what is rated once a month or term, the month with the fewest."""
    every = {row.rater for row in ratings if not row.period}
    by_period = {period: set(every) for row in ratings if (period := row.period)}
    for row in ratings:
        if row.period:
            by_period[row.period].add(row.rater)
    return min(map(len, by_period.values()), default=len(every))


def _disputed(bound: BoundYear, unit: str, indicator: Item) -> Iterator[str]:
    """The flagged evidence and where it stands in the raw files; of a rating not what was given."""
    for name in rule_metrics(indicator, bound, unit):
        row = bound.data.metrics.get((unit, name))
        if row is not None and row.disputed:
            term = bound.scheme.terms[name]
            yield f"{term.name} {quantity(row.value, term)}{_place(row.place)}"
    for rating in bound.data.ratings.get((unit, indicator.id), ()):
        if rating.disputed:
            yield f"一位评分人的评分{_place(rating.place)}"


def _place(place: str) -> str:
    return f"（{place}）" if place else ""


def _notes(bound: BoundYear, unit: str, indicator: Item) -> Iterator[Sentence]:
    """What raters and sources wrote; a judged indicator without a word says so."""
    metrics = [*rule_metrics(indicator, bound, unit), *indicator.evidence]
    for name in metrics:
        row = bound.data.metrics.get((unit, name))
        if row is None:
            continue
        term = bound.scheme.terms[name]
        if name in indicator.evidence:
            yield Sentence(f"佐证：{term.name} {quantity(row.value, term)}")
        said = "，".join(part for part in (row.source and f"来源 {row.source}", row.note) if part)
        if said:
            yield Sentence(f"{term.name}：{said}")
    if indicator.judged is None:
        return
    noted = [rating for rating in bound.data.ratings.get((unit, indicator.id), ()) if rating.note]
    marks = {rating.note: None for rating in noted if _names_points(rating)}
    told = dict.fromkeys(rating.note for rating in noted if rating.note not in marks)
    if told:
        yield Sentence("评分说明：" + "；".join(filter(None, told)))
    if marks:
        yield Sentence("评分说明（写有分值）：" + "；".join(filter(None, marks)), confidential=True)
    if not noted:
        yield Sentence("评分人未写说明")


POINTS_NAMED = re.compile(
    r"\d\s*分(?!之|钟)|满分|[〇零一二两三四五六七八九百点半]\s*分(?!之|钟)|十分(?=$|[\s，。；、,;)）])"
)
"""What a rater gave or took off, in his own words: `8.5分`, `扣一分`, `满分`; `十分规范` is none."""


def _names_points(rating: Rating) -> bool:
    """Whether a rater's remark gives his mark away."""
    text = unicodedata.normalize("NFKC", rating.note or "")
    return bool(POINTS_NAMED.search(text)) or any(
        Fraction(each) == rating.points for each in PLAIN_NUMBER.findall(text)
    )


PLAIN_NUMBER = re.compile(r"(?<![\d.])\d{1,9}(?:\.\d{1,9})?(?![\d.])")


def _missing_cell(evaluation: Evaluation, unit: str, indicator: Item) -> ScoreCell:
    """An item that applies and for which nothing was handed in, with what counts instead."""
    bound = evaluation.bound
    scheme, place, values = bound.scheme, bound.position[unit], evaluation.node(indicator.id)
    how = resolved(scheme.tree, scheme.tree[indicator.id])
    how = "above" if how == "refuse" and bound.lacks_item(unit, indicator.id) else how
    lacks = "、".join(missing_said(scheme, each) for each in bound.missing[unit, indicator.id])
    points = at(values.points, place) if values.known[place] else None
    none = None if points is None else Fraction(0)
    return ScoreCell(
        unit, indicator.id, "missing", indicator.clause, _full_of(values, indicator, place), points, points, none, none,
        (Sentence(f"缺少 {lacks}，{INSTEAD[how]}"),),
    )  # fmt: skip


def _full_of(values: NodeValues, indicator: Item, place: int) -> Fraction | None:
    return None if indicator.full is None else at(values.full, place)


def _unscored_cell(evaluation: Evaluation, unit: str, indicator: Item) -> ScoreCell:
    bound = evaluation.bound
    state = bound.applicability[unit, indicator.id]
    scheme = bound.scheme
    if state == "applies":
        return _missing_cell(evaluation, unit, indicator)
    category = scheme.categories[bound.units[bound.position[unit]].category].name
    if state == "text":
        why = f"条文规定不适用于{category}"
    elif state == "policy":
        policy = exempted_by(scheme, bound.policies, indicator, bound.units[bound.position[unit]].category)
        assert policy is not None
        why = f"按读法 {policy.id} 不考核{category}：{policy.options[str(bound.policies[policy.name])].says}"
    else:
        why = f"经{bound.scheme.deciders}决定不适用：{bound.data.exemptions[unit, indicator.id] or '未写理由'}"
    return ScoreCell(unit, indicator.id, "not_applicable", indicator.clause, sentences=(Sentence(why),))
