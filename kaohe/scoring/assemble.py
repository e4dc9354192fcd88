"""Scores one year's data and gathers everything said about it into a ScoreBook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from kaohe.intake.data import Ballot, YearData
from kaohe.rules import Outcome, Rule, Sentence, Trace
from kaohe.rules.base import PolicyReference, Strict, readings_of
from kaohe.rules.values import Reference, Value
from kaohe.rules.wording import quantity
from kaohe.scheme import Indicator, Scheme
from kaohe.scheme.deadlines import in_year
from kaohe.scheme.policies import Policies
from kaohe.scoring.bind import BoundYear, Pool, bind, full_mark, own_indicators, rule_metrics
from kaohe.scoring.book import (
    CheckInfo,
    CheckResult,
    DueInfo,
    GroupInfo,
    IndicatorInfo,
    LeaderScore,
    PolicyInForce,
    ScoreBook,
    SectionInfo,
    UnitResult,
)
from kaohe.scoring.cells import Cells, Later, ScoreCell
from kaohe.scoring.decisions import awards_of, declared_of, ruling_of, vetoes_of
from kaohe.scoring.engine import Scored, run
from kaohe.scoring.lineage import was_last
from kaohe.scoring.method import category_fulls, how_scored
from kaohe.scoring.nextstep import steps_in
from kaohe.scoring.nextwords import says_next
from kaohe.scoring.results import FAIL, Results, results
from kaohe.scoring.selfscores import self_scores


def score_data(scheme: Scheme, policies: Policies, data: YearData, *, provisional: bool = False) -> ScoreBook:
    """Score one year's data by itself, exactly; missing inputs score 0 and are marked."""
    bound = bind(scheme, policies, data)
    scored = run(bound)
    found = results(scored)
    return ScoreBook(
        year=data.year,
        scheme_id=scheme.id,
        scheme_title=scheme.title,
        authority=scheme.authority,
        synthetic=data.synthetic,
        provisional=provisional,
        groups={key: _group_info(key, scheme) for key in scheme.groups},
        categories={key: category.name for key, category in scheme.categories.items()},
        sections=tuple(_sections(bound)),
        indicators=dict(_indicators(bound)),
        policies=tuple(_policies(scheme, policies)),
        units=tuple(_unit_results(scored, found)),
        cells=_cells(scored),
        checks=tuple(_checks(bound)),
        predecessors=data.predecessors,
        uncompared=data.uncompared,
        self_scores=self_scores(bound),
        notice={name: str(said) for name, said in vars(data.words.notice).items() if said},
    )


def with_previous(book: ScoreBook, before: ScoreBook) -> ScoreBook:
    """The book knowing the year before: who is last of its group two years running."""
    units = tuple(
        replace(unit, last_two_years=unit.last and was_last(before, book, unit.unit_id)) for unit in book.units
    )
    return replace(book, units=units, before=before.slim())


def _group_info(key: str, scheme: Scheme) -> GroupInfo:
    group = scheme.groups[key]
    return GroupInfo(
        id=key,
        name=group.name,
        quota=group.quota,
        ballot_full=group.ballot.full,
        target_full=group.target.full,
        leader_full=group.leaders.full,
        parts=dict(group.target.parts),
        ballot_how=tuple(group.ballot.rule.describe(scheme.terms)),
        leader_how=tuple(group.leaders.rule.describe(scheme.terms)),
    )


def _sections(bound: BoundYear) -> Iterator[SectionInfo]:
    for section in bound.scheme.sections:
        yield SectionInfo(section.id, section.name, section.clause, section.component, section.full)
    common = bound.scheme.department_common
    for item in common.work:
        yield SectionInfo(item.id, item.name, item.clause, "target", item.full)
    yield SectionInfo("T", "年度主要工作", common.tasks_clause, "target", common.tasks_full)


def _indicators(bound: BoundYear) -> Iterator[tuple[str, IndicatorInfo]]:
    scheme = bound.scheme
    present = {name for _, name in bound.standing}
    for indicator in scheme.indicators.values():
        if indicator.id not in present:
            continue
        section = scheme.section_of.get(indicator.id)
        local = indicator.id.partition(".")[2]
        yield (
            indicator.id,
            IndicatorInfo(
                id=indicator.id,
                name=indicator.name,
                clause=indicator.clause,
                component=scheme.component_of(indicator.id),
                section=section.id if section else ("T" if local.startswith("T") else local),
                judged=indicator.judged is not None,
                innovative=indicator.innovative,
                note=in_year(indicator.note, bound.data.year),
                due=tuple(_due(bound, indicator)),
                checks=tuple(
                    CheckInfo(
                        check.metric,
                        scheme.metrics[check.metric].name,
                        scheme.metrics[check.metric].unit,
                        *check.bound,
                        check.party_org,
                        tuple(scheme.categories[each].name for each in check.applies),
                    )
                    for check in indicator.checks
                ),
                how=how_scored(indicator, scheme),
                office=indicator.office or "",
                fulls=category_fulls(indicator, scheme, bound.policies),
                own_demand=scheme.is_own_demand(indicator),
            ),
        )


def _due(bound: BoundYear, indicator: Indicator) -> Iterator[DueInfo]:
    for due in indicator.due:
        deadline = bound.scheme.deadlines[due.by]
        yield DueInfo(deadline.name, deadline.date(bound.data.year).isoformat(), due.what)


def _policies(scheme: Scheme, policies: Policies) -> Iterator[PolicyInForce]:
    values = policies.as_text()
    for policy in scheme.policies:
        value = values[policy.name]
        decision = policies.decisions.get(policy.name) if policies.origin[policy.name] == "year" else None
        yield PolicyInForce(
            id=policy.id,
            name=policy.name,
            question=policy.question,
            value=value,
            says=policy.options[value].says if value in policy.options else value,
            clause=policy.clause,
            origin=policies.origin[policy.name],
            reason=decision.reason if decision else "",
            decided_on=decision.decided_on if decision else "",
        )


def policies_of(rule: Rule) -> Iterator[str]:
    """Names of the policies a rule turns on, those of its parts too."""
    for part in rule.walk():
        for name in type(part).model_fields:
            field = getattr(part, name)
            if isinstance(field, Value | Reference):
                yield from _decides(field)
        yield from (reference.policy for _, reference, _ in readings_of(part))


def _decides(part: Strict) -> Iterator[str]:
    """Policies a value turns on, and what it is made of."""
    yield from (reference.policy for _, reference, _ in readings_of(part))
    for name in type(part).model_fields:
        field = getattr(part, name)
        if isinstance(field, Strict) and not isinstance(field, PolicyReference):
            yield from _decides(field)


def _cells(scored: Scored) -> Cells:
    """Every unit's cells in the regulation's order, assembled when a unit's are first asked for."""
    bound = scored.bound
    found: dict[tuple[str, str], tuple[Pool, tuple[str, ...], Outcome, int]] = {}
    for pool, outcome in scored.outcomes:
        turns_on = tuple(dict.fromkeys(policies_of(pool.rule)))  # the same for every unit
        for place, member in enumerate(pool.members):
            found[bound.units[member].unit_id, pool.name] = (pool, turns_on, outcome, place)

    def assemble(unit_id: str) -> tuple[ScoreCell, ...]:
        unit = bound.units[bound.position[unit_id]]
        return tuple(
            _scored_cell(bound, unit_id, indicator, *found[unit_id, indicator.id])
            if (unit_id, indicator.id) in found
            else _unscored_cell(bound, unit_id, indicator)
            for indicator in own_indicators(bound.scheme, unit)
        )

    def points() -> dict[tuple[str, str], Fraction]:
        zero = dict.fromkeys(bound.missing, Fraction(0))
        return zero | {key: outcome.points[place] for key, (_, _, outcome, place) in found.items()}

    return Cells((unit.unit_id for unit in bound.units), assemble, points)


def _scored_cell(
    bound: BoundYear,
    unit: str,
    indicator: Indicator,
    pool: Pool,
    turns_on: tuple[str, ...],
    outcome: Outcome,
    place: int,
) -> ScoreCell:
    trace = outcome.trace(pool.rule, place)
    ratings = bound.data.ratings.get((unit, indicator.id), ())
    disputed = tuple(_disputed(bound, unit, indicator))
    short = trace.points < pool.full
    return ScoreCell(
        unit=unit,
        indicator=indicator.id,
        status="disputed" if disputed else "scored",
        clause=indicator.clause,
        max_points=pool.full,
        points=trace.points,
        raw=trace.awarded,
        deducted=trace.deducted,
        capped=trace.capped,
        sentences=(
            *pool.rule.words(trace, bound.scheme.terms),
            *_notes(bound, unit, indicator),
            *([Sentence("所依据的数据有争议，得分可能变动")] if disputed else []),
        ),
        raters=len(ratings) if indicator.judged else None,
        policies=turns_on,
        ahead=Later(lambda: says_next(steps_in(bound, pool, place), bound.scheme)) if short else (),
        disputed=disputed,
        trace=trace,
    )


def _disputed(bound: BoundYear, unit: str, indicator: Indicator) -> Iterator[str]:
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


def _notes(bound: BoundYear, unit: str, indicator: Indicator) -> Iterator[Sentence]:
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
    notes = [rating.note for rating in bound.data.ratings.get((unit, indicator.id), ()) if rating.note]
    if notes:
        yield Sentence("评分说明：" + "；".join(dict.fromkeys(notes)))
    else:
        yield Sentence("评分人未写说明")


def _unscored_cell(bound: BoundYear, unit: str, indicator: Indicator) -> ScoreCell:
    state = bound.standing[unit, indicator.id]
    scheme = bound.scheme
    if state == "applies":
        zero = Fraction(0)
        lacks = "、".join(
            scheme.metrics[each.what].name if each.kind == "metric" else each.what
            for each in bound.missing[unit, indicator.id]
        )
        return ScoreCell(
            unit, indicator.id, "missing", indicator.clause,
            full_mark(scheme, bound.policies, indicator), zero, zero, zero, zero,
            (Sentence(f"缺少 {lacks}，暂按 0 分计，且不参与全校比较"),),
        )  # fmt: skip
    category = scheme.categories[bound.units[bound.position[unit]].category].name
    if state == "text":
        why = f"条文规定不适用于{category}"
    elif state == "policy":
        policy = scheme.policy[scheme.results.exemptions.policy]
        why = f"按读法 {policy.id} 不考核{category}：{policy.options[str(bound.policies[policy.name])].says}"
    else:
        why = f"经领导小组决定不适用：{bound.data.exemptions[unit, indicator.id] or '未写理由'}"
    return ScoreCell(unit, indicator.id, "not_applicable", indicator.clause, sentences=(Sentence(why),))


def _checks(bound: BoundYear) -> Iterator[CheckResult]:
    """Numeric checks and targets of applicable indicators beside what was handed in."""
    for unit in bound.units:
        for indicator in own_indicators(bound.scheme, unit):
            if not bound.applies(unit.unit_id, indicator.id):
                continue
            for check in indicator.checks:
                if not check.concerns(unit.category, unit.party_org):
                    continue
                row = bound.data.metrics.get((unit.unit_id, check.metric))
                term = bound.scheme.terms[check.metric]
                sign, limit = check.bound
                text = f"{term.name} {sign} {quantity(limit, term)}"
                value = row.value if row else None
                yield CheckResult(
                    unit=unit.unit_id,
                    indicator=indicator.id,
                    text=text,
                    value=value,
                    met=None if value is None else check.met(value),
                    share=_reached(value, limit, less_is_better="≤" in sign or "<" in sign),
                    metric=check.metric,
                )


def _reached(value: Fraction | None, bound: Fraction, *, less_is_better: bool) -> Fraction | None:
    of, to = (bound, value) if less_is_better else (value, bound)
    return None if of is None or not to else of / to


def _unit_results(scored: Scored, found: Results) -> Iterator[UnitResult]:
    bound = scored.bound
    votes = {
        (bound.units[member].unit_id, kind): outcome.trace(pool.rule, place)
        for (_, kind), (pool, outcome) in scored.votes.items()
        for place, member in enumerate(pool.members)
    }
    for place, unit in enumerate(bound.units):
        group = bound.scheme.group_of(unit.category)
        parts = bound.scheme.groups[group].target.parts
        yuanbu = "base" in parts
        grade = str(found.grade[place])
        ballot, leaders = votes.get((unit.unit_id, "ballot")), votes.get((unit.unit_id, "leaders"))
        yield UnitResult(
            unit_id=unit.unit_id,
            name=unit.name,
            group=group,
            category=unit.category,
            ballot_points=found.ballot[place],
            base_raw=found.base_raw[place] if yuanbu else None,
            base_points=found.base[place] if yuanbu else None,
            key_raw=found.key_raw[place] if yuanbu else None,
            key_points=found.key[place] if yuanbu else None,
            target_points=found.target[place],
            leader_points=found.leaders[place],
            total=found.total[place],
            rank=int(found.rank[place]),
            declared=bool(found.declared[place]),
            vetoed=bool(found.vetoed[place]),
            grade=grade,
            bonus_eligible=grade != FAIL,
            rectify=grade == FAIL,
            last_two_years=None,
            outstanding_award=bool(found.award[place]),
            attainable=found.attainable[place],
            fail_below=found.fail_below[place],
            last=bool(found.last[place]),
            own_full={name: own[place] for name, own in found.own_full.items() if name in parts},
            ballot_sentences=_vote_sentences(bound, group, "ballot", ballot),
            leader_sentences=_vote_sentences(bound, group, "leaders", leaders),
            ballot_status="scored" if ballot else "missing",
            leader_status="scored" if leaders else "missing",
            ballots=_votes(bound.data.ballots[unit.unit_id]) if ballot else (),
            leader_scores=tuple(
                LeaderScore(each.role, each.score) for each in bound.data.leader_ratings.get(unit.unit_id, ())
            ),
            ballot_trace=ballot,
            leader_trace=leaders,
            declarations=tuple(declared_of(bound, unit.unit_id)),
            vetoes=vetoes_of(bound, unit.unit_id),
            ruling=ruling_of(bound, unit.unit_id, grade, str(found.by_points[place])),
            awards=tuple(awards_of(bound, unit.unit_id)),
        )


def _votes(ballot: Ballot) -> tuple[Fraction, ...]:
    return tuple(Fraction(each) for each in (ballot.excellent, ballot.qualified, ballot.unqualified))


def _vote_sentences(bound: BoundYear, group: str, kind: str, trace: Trace | None) -> tuple[Sentence, ...]:
    component = bound.scheme.groups[group].ballot if kind == "ballot" else bound.scheme.groups[group].leaders
    if trace is None:
        return (Sentence(f"缺少{component.name}数据，暂按 0 分计"),)
    return tuple(component.rule.words(trace, bound.scheme.terms))
