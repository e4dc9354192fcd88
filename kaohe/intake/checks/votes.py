"""Votes: papers that are counted, and marks of single voters."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from kaohe.intake.checks.context import Context
from kaohe.intake.findings import Missing
from kaohe.intake.tables.data import Unit, YearData, voted
from kaohe.intake.tables.vocabulary import Record, Table
from kaohe.rules.votes import Vote
from kaohe.rules.wording import number as say

FEW = 2
"""So many other units tell how many vote."""
MANY = 5
"""So many times as many as usual is a slip."""


def check_ballot(record: Record, context: Context) -> bool:
    """Papers are counted: whole numbers for every option of the vote, at least one of them."""
    unit = context.unit_of(record)
    if unit is None:
        return False
    about = {"unit": unit.unit_id, "office": context.office}
    counts = tuple(context.scheme.votes[record["vote"]].options)
    lacking = [name for name in counts if record[name] is None]
    for name in lacking:
        context.log.error("blank", "票数不能为空", record.spot(name), expected="非空内容", **about)
    wrong = [name for name in counts if name not in lacking and (record[name] < 0 or record[name].denominator != 1)]
    for name in wrong:
        context.log.error("bad-ballot", "票数有误", record.spot(name), expected="不小于 0 的整数", **about)
    if lacking or wrong:
        return False
    if not any(record[name] for name in counts):
        spot = record.spot(counts[0])
        message = f"{unit.name}的{chinese_count(len(counts))}项票数都是 0"
        context.log.error("no-ballots", message, spot, expected="至少 1 票", **about)
        return False
    return True


def missing_votes(table: Table, unit: Unit, data: YearData, context: Context) -> Iterator[Missing]:
    """Votes on the unit whose papers stand in the table and are not there."""
    for item, rule in context.scheme.votes_on(unit.category).items():
        if rule.definition.paper != table.paper or voted(rule, data, unit.unit_id):
            continue
        if not context.is_spoiled(table.name, unit):
            name = context.scheme.tree[item].item.name
            yield Missing(unit.unit_id, table.input, "", name, rule.definition.by or context.office)


def tell_totals(records: Iterable[Record], context: Context) -> None:
    """A unit for which several times as many voted as for the others: a digit too many."""
    by_vote: dict[tuple[str, ...], dict[str, Record]] = defaultdict(dict)
    for record in records:
        by_vote[record["vote"], str(record["facet"]), str(record["group"])][record.unit] = record
    for (vote, *_), ballots in by_vote.items():
        _tell_totals(ballots, tuple(context.scheme.votes[vote].options), context)


def _tell_totals(ballots: Mapping[str, Record], counts: tuple[str, ...], context: Context) -> None:
    totals = {unit: sum((record[name] for name in counts), Fraction(0)) for unit, record in ballots.items()}
    ordered = sorted(totals.values())
    for unit, total in totals.items() if len(totals) > FEW else ():
        usual = median_without(ordered, bisect_left(ordered, total))
        if not (total >= MANY * usual or total * MANY <= usual):
            continue
        record = ballots[unit]
        name = max(counts, key=lambda each: record[each])
        many = f"{chinese_count(len(counts))}项票数合计 {say(total)}"
        message = f"{many}，其他单位一般为 {say(usual, 0)}：是否多写、少写了一位？"
        expected = "各单位的票数相差不会这样多；确实如此的不必改"
        context.log.warning(
            "votes-total", message, record.spot(name), expected=expected, unit=unit, office=context.office
        )


def median_without(ordered: Sequence[Fraction], place: int) -> Fraction:
    """The median of figures in order but for the one at a place."""
    many = len(ordered) - 1

    def at(rank: int) -> Fraction:
        return ordered[rank + (rank >= place)]

    return at(many // 2) if many % 2 else (at(many // 2 - 1) + at(many // 2)) / 2


def chinese_count(count: int) -> str:
    """`两`, `三` before what is counted; of many in figures."""
    return dict(enumerate("零一两三四五六七八九")).get(count, str(count))


def highest_mark(vote: Vote) -> Fraction:
    """The most a voter may give, so far as it is fixed."""
    most = vote.highest_mark
    return Fraction(100) if most is None else most


def check_mark(record: Record, context: Context) -> bool:
    """One voter's mark of a unit."""
    unit = context.unit_of(record)
    if unit is None:
        return False
    vote = context.scheme.votes[record["vote"]]
    highest = highest_mark(vote)
    if not 0 <= record["score"] <= highest:
        context.log.error(
            "out-of-range",
            f"{vote.voter_called}评分超出范围",
            record.spot("score"),
            expected=f"0～{say(highest)}",
            unit=unit.unit_id,
            office=context.office,
        )
        return False
    return True


def check_groups(records: Iterable[Record], context: Context) -> None:
    """A voter belongs to one group, the same for every unit."""
    first: dict[tuple[str, str], Record] = {}
    for record in records:
        vote = context.scheme.votes[record["vote"]]
        known = first.setdefault((record["vote"], record["leader"]), record)
        if known["role"] != record["role"] and context.first_time("role", record["vote"], record["leader"]):
            message = (
                f"{vote.voter} {record['leader']} 的{vote.grouping}前后不一："
                f"{known.place}为“{known.spot('role').value}”"
            )
            expected = f"同一{vote.grouping}"
            context.log.warning("leader-role", message, record.spot("role"), expected=expected, office=context.office)


def without_invalid(records: list[Record], context: Context) -> list[Record]:
    """The marks without those on papers that the vote's rules do not take: each such paper is told."""
    by_paper: dict[tuple[str, str, str, str], list[Record]] = defaultdict(list)
    for record in records:
        group = context.scheme.group_of(context.units[record.unit].category)
        by_paper[record["vote"], record["facet"], record["leader"], group].append(record)
    out: set[int] = set()
    for (name, facet, voter, group), paper in by_paper.items():
        vote = context.scheme.votes[name]
        marks = [record["score"] for record in paper]
        why = [said for rule in vote.valid if (said := rule.broken(marks, len(units_asked(name, group, context))))]
        if why:
            where = f"（{vote.facets[facet]}）" if facet else ""
            whom = f"{context.scheme.groups[group].name}的{vote.name}{where}"
            message = f"{vote.voter} {voter} 对{whom}评分作废：{'；'.join(why)}"
            at = paper[0].spot("score")
            context.log.warning("invalid-paper", message, at, expected=_asks(vote), office=context.office)
            out |= {id(record) for record in paper}
    return [record for record in records if id(record) not in out]


def _asks(vote: Vote) -> str:
    return "；".join(rule.says() for rule in vote.valid)


def units_asked(vote: str, group: str, context: Context) -> set[str]:
    """The units of a group that a whole paper is about."""
    scheme = context.scheme
    return {
        unit.unit_id
        for unit in context.units.values()
        if scheme.group_of(unit.category) == group
        and any(rule.vote == vote for rule in scheme.votes_on(unit.category).values())
    }
