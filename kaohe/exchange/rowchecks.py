"""What must fit together in a row of a tall table, as formulas: what the reader would refuse, the sheet refuses.

Formulas are those of the sheet's first row of entries. A cell takes one rule only, so a list cannot look at its
neighbours: the next cell of the row that has no list refuses for it, and what does not fit is marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from kaohe.exchange.asking import Asked
from kaohe.exchange.lists import Lists
from kaohe.exchange.validation import Entry, accepted
from kaohe.intake.checks.votes import chinese_count
from kaohe.intake.sheets.cells import LARGEST
from kaohe.intake.tables.asked import Facts, full_mark
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.vocabulary import Table
from kaohe.rules.judged import Incidents
from kaohe.scheme import Item

FIRST_ROW = 2
OFTEN = Fraction(10**6)
"""More incidents than a year has."""


@dataclass(frozen=True)
class Line:
    """The first row of entries, as formulas name its cells and columns. `letters`: column → letter."""

    letters: Mapping[str, str]

    def cell(self, column: str) -> str:
        return f"${self.letters[column]}{FIRST_ROW}"

    def every(self, column: str) -> str:
        return f"${self.letters[column]}:${self.letters[column]}"

    def alike(self, column: str) -> str:
        """The column, and the row's own value as what is looked for in it."""
        return f"{self.every(column)},{self.cell(column)}"

    def filled(self, columns: Iterable[str]) -> str:
        return ",".join(f'{self.cell(each)}<>""' for each in columns)

    def key(self, *columns: str) -> str:
        return '&"|"&'.join(map(self.cell, columns))


@dataclass(frozen=True)
class Condition:
    """Formulas (with commas between) that must hold once all of `columns` are filled in.

    `refused`: the columns whose cells refuse an entry against it; the others of `marked` only show it.
    `only_told`: the reader takes it and says something.
    """

    formula: str
    says: str
    columns: tuple[str, ...]
    marked: tuple[str, ...]
    refused: tuple[str, ...] = ()
    only_told: bool = False


@dataclass(frozen=True)
class Fitting:
    """What holds in the rows of a table; `needed`: column → when it may not be blank although it often may."""

    conditions: tuple[Condition, ...] = ()
    needed: Mapping[str, str] | None = None


def fitting(asked: Asked, table: Table, line: Line, lists: Lists) -> Fitting:
    """The conditions of a table; what they look up is written into `lists`."""
    made = _MAKERS.get(table.name)
    return made(asked, line, lists) if made else Fitting()


def applied(entry: Entry, column: str, fits: Fitting) -> Entry:
    """The entry together with the conditions that its cells refuse against."""
    mine = [each for each in fits.conditions if column in each.refused]
    if not mine:
        return entry
    formula = ",".join(each.formula for each in mine)
    return replace(entry, also=formula, also_says="；".join(each.says for each in mine))


def marks(table: Table, line: Line, fits: Fitting, entries: Mapping[str, Entry]) -> Iterator[tuple[str, str, bool]]:
    """(column, when its cell is marked, whether only told): blank where it may not be, or not fitting."""
    own = [column.name for column in table.columns if column.name not in table.given]
    begun = f"COUNTA({','.join(map(line.cell, own))})>0"
    for column in table.columns:
        cell, needs = line.cell(column.name), (fits.needed or {}).get(column.name)
        wrong, told = (list(_unfit(line, fits, column.name, only_told=told)) for told in (False, True))
        plain = accepted(replace(entries[column.name], also=""), cell)
        if plain != "TRUE":
            wrong.append(f'AND({cell}<>"",NOT(IFERROR({plain},FALSE)))')
        if needs:
            wrong.append(f'AND({cell}="",{begun},IFERROR({needs},FALSE))')
        if column.blank in ("error", "warning"):
            (wrong if column.blank == "error" else told).append(f'AND({cell}="",{begun})')
        for found, only_told in ((wrong, False), (told, True)):
            if found:
                yield column.name, f"OR({','.join(found)})", only_told


def _unfit(line: Line, fits: Fitting, column: str, *, only_told: bool) -> Iterator[str]:
    for each in fits.conditions:
        if column in each.marked and each.only_told is only_told:
            yield f"AND({line.filled(each.columns)},NOT(IFERROR(AND({each.formula}),FALSE)))"


def _pairs(asked: Asked, table: str, lists: Lists, name: str) -> None:
    lists.keep(name, [f"{unit.unit_id}|{each.id}" for unit, each, _ in asked.pairs(table)])


def _apply(line: Line, name: str, refused: tuple[str, ...], *, only_told: bool = False) -> Condition:
    pair = ("unit_id", "indicator")
    formula = f"COUNTIF({name},{line.key(*pair)})>0"
    return Condition(formula, "这项指标须考核这个单位（不相配的显示为红色）", pair, pair, refused, only_told)


def _once(line: Line, columns: tuple[str, ...], says: str, refused: tuple[str, ...]) -> Condition:
    alike = ",".join(map(line.alike, columns))
    return Condition(f"COUNTIFS({alike})<2", says, columns, columns, refused)


def _achievements(asked: Asked, line: Line, lists: Lists) -> Fitting:
    _pairs(asked, "achievements", lists, "成果配对")
    counting = asked.counting.values()
    words = {column: Names(asked.context.scheme).chinese(("achievements", column)) for column in ("level", "award")}
    words["kind"] = asked.context.scheme.kinds
    ways = [key for each in counting for key in _ways(each, words)]
    lists.keep("计分成果", ways)
    lists.keep("经费项目", [f"{each.id}|{words['kind'].get(kind, kind)}" for each in counting for kind in each.amounts])
    way = ("indicator", "kind", "level", "award")
    counted = "+".join(f"COUNTIF(计分成果,{line.key(*way[:length])})" for length in (2, 3, 4))
    amount = f"COUNTIF(经费项目,{line.key('indicator', 'kind')})>0"
    return Fitting(
        (
            _apply(line, "成果配对", ("title",)),
            Condition(f"{counted}>0", "", way[:2], way[1:], only_told=True),
            *_in_time(asked, line, asked.counting, lists, "成果延期"),
        ),
        {"amount": amount},
    )


def _ways(indicator: Item, words: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """What has a weight, in words: kind, kind and level, or kind, level and award."""

    def below(found: Any, key: str, columns: tuple[str, ...]) -> Iterator[str]:
        if isinstance(found, Mapping) and columns:
            for code, more in found.items():
                yield from below(more, f"{key}|{words[columns[0]].get(code, code)}", columns[1:])
        elif isinstance(found, Fraction):
            yield key

    yield from below(indicator.weights, indicator.id, ("kind", "level", "award"))
    yield from (f"{indicator.id}|{words['kind'].get(kind, kind)}" for kind in indicator.amounts)


def _in_time(asked: Asked, line: Line, indicators: Mapping[str, Item], lists: Lists, name: str) -> Iterator[Condition]:
    """The end of the year where only some of the indicators count beyond it; else the date's own rule says it."""
    longer = longer_ones(asked, indicators)
    if not longer or len(longer) == len(indicators):
        return
    last = asked.context.scheme.window.days(asked.context.year)[1]
    lists.keep(name, longer)
    beyond = f"COUNTIF({name},{line.cell('indicator')})>0"
    formula = f"OR({line.cell('date')}<=DATE({last.year},{last.month},{last.day}),{beyond})"
    says = f"{last} 以后只有 {'、'.join(longer)} 还计"
    yield Condition(formula, says, ("indicator", "date"), ("date",), ("date",))


def longer_ones(asked: Asked, indicators: Iterable[str]) -> list[str]:
    """Those whose materials count beyond the year's end."""
    return [each for each in indicators if each in asked.context.scheme.window.longer]


def _incidents(asked: Asked, line: Line, lists: Lists) -> Fitting:
    """By unit and indicator: the least and most points of one incident, and how many a row may hold."""
    costed = asked.costed
    _pairs(asked, "incidents", lists, "扣分配对")
    bounds = [cost_of(facts.incidents) for _, _, facts in costed if facts.incidents]
    for name, at in (("每起最少", 0), ("每起最多", 1), ("每行起数", 2)):
        lists.keep(name, [each[at] for each in bounds])
    key, count, points = line.key("unit_id", "indicator"), line.cell("count"), line.cell("points")
    least, most, rows = (f"SUMIF(扣分配对,{key},{name})" for name in ("每起最少", "每起最多", "每行起数"))
    year = f"SUMIFS({line.every('points')},{line.alike('unit_id')},{line.alike('indicator')})"
    pair = ("unit_id", "indicator")
    one_row = Condition(
        f"{count}<={rows}",
        "酌情扣分的每行一起，填 1；这项指标须考核这个单位",
        (*pair, "count"),
        ("count",),
        ("count",),
    )
    priced = Condition(  # at discretion, the figures of all rows together stay below the printed one
        f"ROUND({points}-{least}*{count},6)>=0,ROUND({most}*{count}-IF({rows}=1,{year},{points}),6)>=0",
        "按起扣分的等于每起分值乘次数，也可不填；酌情扣分的在规定范围内，全年合计也是",
        (*pair, "count", "points"),
        ("points",),
        ("points",),
    )
    apply = _apply(line, "扣分配对", ("date",))
    return Fitting(
        (apply, one_row, priced, *_in_time(asked, line, asked.costing, lists, "扣分延期")), {"points": f"{rows}=1"}
    )


def cost_of(rule: Incidents) -> tuple[Fraction, Fraction, Fraction]:
    """The least and most points of one incident, and how many of them a row may tell of."""
    if rule.each is not None:
        return rule.each, rule.each, OFTEN
    return rule.least or Fraction(0), rule.most or Fraction(0), Fraction(1)


def _ballots(asked: Asked, line: Line, lists: Lists) -> Fitting:
    """Papers of one vote have some vote; of several, each row fills in the options of its own."""
    votes = [vote for vote in asked.context.scheme.votes.values() if vote.paper == "counts"]
    if len(votes) != 1:
        return Fitting()
    names = tuple(votes[0].options)
    cells = ",".join(map(line.cell, names))
    formula = f"OR(COUNT({cells})<{len(names)},SUM({cells})>0)"
    return Fitting((Condition(formula, f"{chinese_count(len(names))}项票数不能都是 0", names, names, names),))


def _leader_ratings(asked: Asked, line: Line, lists: Lists) -> Fitting:
    """A voter gives a unit one mark in each vote and facet."""
    names = tuple(name for name in ("vote", "facet") if name in line.letters)
    voters = {vote.voter for vote in asked.context.scheme.votes.values() if vote.paper == "marks"}
    who = voters.pop() if len(voters) == 1 else "评分人"
    return Fitting((_once(line, ("unit_id", *names, "leader"), f"同一单位同一{who}只填一行", ("leader", "score")),))


def _declarations(asked: Asked, line: Line, lists: Lists) -> Fitting:
    return Fitting((_once(line, ("unit_id", "kind"), "同一单位同一类型只填一行（重复的显示为红色）", ("title",)),))


def _one_a_unit(asked: Asked, line: Line, lists: Lists) -> Fitting:
    unit = ("unit_id",)
    says = "一个单位只填一行（重复的显示为红色）"
    return Fitting((Condition(f"COUNTIFS({line.alike('unit_id')})<2", says, unit, unit),))


def _exemptions(asked: Asked, line: Line, lists: Lists) -> Fitting:
    _pairs(asked, "exemptions", lists, "适用配对")
    return Fitting((_apply(line, "适用配对", (), only_told=True),))


def _self_scores(asked: Asked, line: Line, lists: Lists) -> Fitting:
    _pairs(asked, "self_scores", lists, "自评配对")
    bounds = [_self_score_bounds(each, facts) for _, each, facts in asked.pairs("self_scores")]
    lists.keep("自评最低", [least for least, _ in bounds])
    lists.keep("自评最高", [most for _, most in bounds])
    key, points = line.key("unit_id", "indicator"), line.cell("points")
    least, most = (f"SUMIF(自评配对,{key},{name})" for name in ("自评最低", "自评最高"))
    pair = ("unit_id", "indicator")
    between = Condition(
        f"{points}>={least},{points}<={most}", "在该指标的分值范围内", (*pair, "points"), ("points",), ("points",)
    )
    once = _once(line, pair, "同一单位同一指标只填一行", ("points",))
    return Fitting((_apply(line, "自评配对", ("points",)), between, once))


def _self_score_bounds(indicator: Item, facts: Facts) -> tuple[Fraction, Fraction]:
    """A number in either place: what has no bound is bounded by what is read."""
    least, most = facts.self_score(full_mark(indicator))
    return -Fraction(LARGEST) if least is None else least, Fraction(LARGEST) if most is None else most


_MAKERS: Mapping[str, Callable[[Asked, Line, Lists], Fitting]] = {
    "achievements": _achievements,
    "incidents": _incidents,
    "ballots": _ballots,
    "leader_ratings": _leader_ratings,
    "declarations": _declarations,
    "exemptions": _exemptions,
    "self_scores": _self_scores,
    "decisions": _one_a_unit,
    "rectifications": _one_a_unit,
}
