"""成果: kinds, levels and awards together decide what one is worth; only of some an amount counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form, Pairs, of_indicator
from kaohe.exchange.lists import Lists
from kaohe.exchange.rowchecks import Condition, Fitting, Line, apply, in_time, keep_pairs
from kaohe.exchange.validation import Entry
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.vocabulary import Column
from kaohe.rules.wording import number as say
from kaohe.scheme import Item


def _offered(asked: Asked) -> bool:
    return bool(asked.counting)


def _pairs(asked: Asked) -> Pairs:
    return asked.counted


def _more(asked: Asked, column: Column) -> Iterable[str]:
    if column.name in ("level", "award"):
        yield from _weighted(asked, column.name)
    if column.name == "amount":
        kinds = asked.context.scheme.kinds
        for each in asked.counting.values():
            for kind, rule in each.amounts.items():
                yield f"{each.id} {kinds.get(kind, kind)}：必填，不足 {say(rule.at_least[kind])} 元不计"


def _weighted(asked: Asked, column: str) -> Iterable[str]:
    """Which levels, or awards, have a weight."""
    names = Names(asked.context.scheme)
    levels, awards = (names.chinese(("achievements", each)) for each in ("level", "award"))
    for indicator in asked.counting.values():
        for kind, by_level in indicator.weights.items():
            head = f"{indicator.id} {asked.context.scheme.kinds.get(kind, kind)}"
            if column == "level" and isinstance(by_level, Mapping):
                yield f"{head}：{'、'.join(levels.get(each, each) for each in by_level)}"
            for level, by_award in by_level.items() if column == "award" and isinstance(by_level, Mapping) else ():
                if isinstance(by_award, Mapping):
                    listed = "、".join(awards.get(each, each) for each in by_award)
                    yield f"{head}{levels.get(level, level)}：{listed}"


def _choices(asked: Asked, column: Column) -> Mapping[str, str] | None:
    """The kinds that some indicator of the office counts, in the scheme's order."""
    if column.name != "kind":
        return None
    declared, names = asked.context.scheme.kinds, Names(asked.context.scheme).chinese(("achievements", "kind"))
    kinds = dict.fromkeys(kind for each in asked.counting.values() for kind in (*each.weights, *each.amounts))
    return {kind: declared.get(kind, names.get(kind, kind)) for kind in (*declared, *kinds) if kind in kinds}


def _entry(asked: Asked, column: Column) -> Entry | None:
    return Entry("money", Fraction(0)) if column.name == "amount" else None


def _fitting(asked: Asked, line: Line, lists: Lists) -> Fitting:
    keep_pairs(asked.counted, lists, "成果配对")
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
            apply(line, "成果配对", ("title",)),
            Condition(f"{counted}>0", "", way[:2], way[1:], only_told=True),
            *in_time(asked, line, asked.counting, lists, "成果延期"),
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


FORM = Form(
    "achievements",
    offered=_offered,
    pairs=_pairs,
    says={
        "unit_id": "哪个单位的成果",
        "indicator": "计入哪项指标",
        "kind": "成果属于哪一类，类型、级别和奖项一起决定权重",
        "level": "成果的级别",
        "award": "获奖的等级",
        "title": "成果的全称；同一成果只填一行，重复的只计最高的一次",
        "date": "取得成果的日期",
        "first_author": "本单位人员是否第一完成人；不是的不计",
        "amount": "单位：元，不是万元",
    },
    needed={
        "level": "下面列出的类型必填，否则计 0 分",
        "award": "下面列出的类型和级别必填，否则计 0 分",
        "amount": "按经费计分的类型必填，其他类型不填",
    },
    more=_more,
    dates="counted",
    choices=_choices,
    entry=_entry,
    weighted=True,
    fitting=_fitting,
    uncounted=True,
    supplier=of_indicator,
)
