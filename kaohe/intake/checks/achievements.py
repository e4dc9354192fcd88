"""Achievements: which of them will not count, and why; told with the same code that counts them."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.likeness import likeness, marks_of
from kaohe.intake.sheets.cells import plain
from kaohe.intake.tables.names import Codes, codes_of
from kaohe.intake.tables.vocabulary import Record
from kaohe.intake.year.lastyear import LastYear
from kaohe.rules.achievements import normal_title, tally, weight_of
from kaohe.rules.evidence import Achievement
from kaohe.rules.wording import number as say
from kaohe.scheme import Item

NO_TITLE = {
    "无",
    "暂无",
    "没有",
    "空",
    "同上",
    "略",
    "详见附件",
    "见附件",
    "/",
    "\\",
    "-",
    "--",
    "—",
    "——",
    "〃",
    "″",
    "0",
}
_SEVERAL = re.compile(
    r"[^;；\n]{3,}[;；\n]+\s*[^;；\n]{3,}|(?<!\d)1\s*[.、)）].+(?<!\d)2\s*[.、)）]"
    r"|([2-9]|[1-9]\d|[两二三四五六七八九十]|若干)\s*(余|多)?\s*(篇|项|本|部|件|幅|门|个|人次?)[。.)）]?$"
)
"""`论文甲；论文乙`, `1.… 2.…`, `核心期刊论文 3 篇`."""

MOST_COMPARED = 800
"""Works of one kind that are held against each other: more would take minutes, and no college has so many."""


def achievement(record: Record) -> Achievement:
    """The row as the rules count it."""
    return Achievement(
        unit=record.unit,
        indicator=record.subject,
        kind=record["kind"],
        level=record["level"],
        award=record["award"],
        title=record["title"],
        date=record["date"],
        first_author=record["first_author"],
        amount=record["amount"],
        place=record.place,
    )


def in_window(day: datetime.date, indicator: str, context: Context) -> bool:
    """Whether a day lies in the year; materials of some indicators count beyond its end."""
    return context.scheme.window.holds(day, indicator, context.year, context.admissions_until)


def tell_outside(record: Record, context: Context, what: str) -> None:
    """A warning for a row that the window leaves out."""
    if not in_window(record["date"], record.subject, context):
        first, _ = context.scheme.window.days(context.year)
        last = context.scheme.window.end_for(record.subject, context.year, context.admissions_until)
        end = f"～{last}" if last else ""
        message = f"{what}不在{context.scheme.year.spoken.this}统计时段内，不计"
        expected = f"{first}{end or ' 以后'}（{context.scheme.window.clause}）"
        context.log.warning(
            "outside-window", message, record.spot("date"), expected=expected, **_about(record, context)
        )


def _about(record: Record, context: Context) -> dict[str, str]:
    office = context.scheme.indicators[record.subject].office or ""
    return {"unit": record.unit, "indicator": record.subject, "office": office}


def check_achievement(record: Record, context: Context) -> bool:
    """One result a unit hands in."""
    unit = context.unit_of(record)
    if unit is None or not context.applies(record, unit, "成果"):
        return False
    indicator = context.scheme.indicators[record.subject]
    if not _amount_fits(record, indicator, context) or not _names_one(record, context):
        return False
    tell_outside(record, context, "成果")
    if not record["first_author"]:
        message = "不是第一完成人，不计"
        spot = record.spot("first_author")
        context.log.warning("not-first-author", message, spot, expected="是", **_about(record, context))
    row = achievement(record)
    if row.kind not in indicator.amounts and weight_of(indicator.weights, row) is None:
        column, expected = _what_has_weight(indicator, row, codes_of(context.scheme))
        message = f"{indicator.id} {indicator.name}没有这种成果的权重，计 0 分"
        context.log.warning("no-weight", message, record.spot(column), expected=expected, **_about(record, context))
    return True


def _names_one(record: Record, context: Context) -> bool:
    """A title names a work; one that names several, or says how many there are, is asked about."""
    title = str(record["title"])
    if plain(title) in NO_TITLE:
        message = "没有写成果的名称"
        context.log.error(
            "blank",
            message,
            record.spot("title"),
            expected="成果的名称；没有成果的删去这一行",
            **_about(record, context),
        )
        return False
    if _SEVERAL.search(title):
        message = "像是把几项成果写在一行里，现按一项计"
        spot, about = record.spot("title"), _about(record, context)
        context.log.warning("several-works", message, spot, expected="每项成果填一行", **about)
    return True


def _amount_fits(record: Record, indicator: Item, context: Context) -> bool:
    amount, about = record["amount"], _about(record, context)
    if amount is not None and amount < 0:
        context.log.error("out-of-range", "金额为负", record.spot("amount"), expected="≥ 0 的数（元）", **about)
        return False
    counted = indicator.amounts.get(record["kind"])
    if counted is None:
        return True
    spot = record.spot("amount")
    if amount is None:
        context.log.error("blank", "按经费计分的项目没有填金额", spot, expected="金额（元）", **about)
        return False
    least = counted.at_least[record["kind"]]
    if amount < least:
        message = f"经费未达到 {say(least)} 元，不计分"
        context.log.advisory("amount-below", message, spot, expected=f"≥ {say(least)}（元）", **about)
    return True


def _what_has_weight(indicator: Item, row: Achievement, codes: Codes) -> tuple[str, str]:
    """The column that is to blame for a missing weight, and what would have one."""
    found: Any = indicator.weights
    chinese: tuple[tuple[str, str | None, Mapping[str, str]], ...] = (
        ("kind", row.kind, codes["achievements", "kind"]),
        ("level", row.level, codes["achievements", "level"]),
        ("award", row.award, codes["achievements", "award"]),
    )
    for column, value, words in chinese:
        known = [*found, *(indicator.amounts if column == "kind" else ())]
        if value not in found:
            listed = "、".join(words.get(each, each) for each in known)
            return column, listed or "计入成果的指标"
        found = found[value]
    return "kind", ""


def tell_repeated(records: list[Record], context: Context) -> None:
    """Titles entered twice count once, the highest."""
    groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if record["first_author"] and in_window(record["date"], record.subject, context):
            groups[record.unit, record.subject].append(record)
    for (_, name), group in groups.items():
        indicator = context.scheme.indicators[name]
        rows = [achievement(record) for record in group]
        origin = {id(row): record for row, record in zip(rows, group, strict=True)}
        for row in _repeated(rows, indicator):
            record = origin[id(row)]
            other = next(each for each in group if each is not record and _same_work(each, record))
            written = "" if other["title"] == record["title"] else f"写作“{other['title']}”，"
            message = f"同一成果填报了多次（另见{other.place}），{written}只计最高的一次"
            spot = record.spot("title")
            context.log.warning("repeated-title", message, spot, expected="每项成果填一次", **_about(record, context))


def tell_similar(records: list[Record], context: Context) -> None:
    """Works of one kind that are probably one, of a unit or of two: each counts, and both places are told."""
    groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if record["first_author"] and in_window(record["date"], record.subject, context):
            groups[record.subject, record["kind"]].append(record)
    for group in groups.values():
        for one, other, how in alike(group):
            if one.unit == other.unit and _same_work(one, other):
                continue  # counted once, and said
            whose = "同一单位" if one.unit == other.unit else f"另一单位（{one.unit}）"
            same = "同名" if one["title"] == other["title"] else f"相近（{how}）"
            message = f"与{whose}的成果“{one['title']}”{same}（{one.place}），现各计一次：是否同一成果？"
            expected = "同一成果只报一次，只由一个单位报"
            context.log.warning(
                "similar-title", message, other.spot("title"), expected=expected, **_about(other, context)
            )


def alike(records: list[Record], column: str = "title") -> Iterator[tuple[Record, Record, str]]:
    """Each record with the first before it that says probably the same, and in what both differ."""
    seen: dict[str, list[int]] = defaultdict(list)  # what two that are alike have in common → places
    texts = [record[column] or "" for record in records[:MOST_COMPARED]]
    for place, text in enumerate(texts):
        marks = marks_of(text)
        for before in sorted({each for mark in marks for each in seen[mark]}):
            if how := likeness(texts[before], text):
                yield records[before], records[place], how
                break
        for mark in marks:
            seen[mark].append(place)


def _same_work(one: Record, other: Record) -> bool:
    return normal_title(one["title"]) == normal_title(other["title"])


def tell_last_years(records: list[Record], last: LastYear, context: Context) -> None:
    """Titles the unit had for the same indicator the year before; they count again, as no year looks into another."""
    told: set[tuple[str, str, str]] = set()
    for record in records:
        key = (record.unit, record.subject, normal_title(record["title"]))
        if record["kind"] not in context.scheme.lasting or key in told:
            continue
        if not last.has_title(record.unit, record.subject, record["title"]):
            continue
        told.add(key)
        said = context.scheme.year.spoken
        message = f"{said.last}（{last.year}）已填报同名的成果，{said.this}照计"
        expected = "确认是另一阶段（如立项、验收）或另一项成果，不是同一成果报了两年"
        context.log.warning(
            "title-last-year", message, record.spot("title"), expected=expected, **_about(record, context)
        )


def _repeated(rows: list[Achievement], indicator: Item) -> list[Achievement]:
    """What the weighted count and each count by amount leave out as repetitions."""
    amounts = indicator.amounts
    weighted = tally((row for row in rows if row.kind not in amounts), partial(weight_of, indicator.weights))
    counts = {id(rule): rule for rule in amounts.values()}.values()
    counted = [tally((row for row in rows if row.kind in rule.at_least), rule.worth) for rule in counts]
    return [row for found in (weighted, *counted) for row in found.repeated]


MOST = 2
"""One in so many outside the window is taken for a year's data in the wrong folder."""


def tell_wrong_year(records: list[Record], context: Context) -> None:
    """Where most dates lie outside the window, say so once, above the warnings row by row."""
    outside = [record for record in records if not in_window(record["date"], record.subject, context)]
    if len(outside) * MOST <= len(records):
        return
    first, last = context.scheme.window.days(context.year)
    folder = f"{context.scheme.year.spoken.one}文件夹"
    message = f"{len(records)} 项成果中有 {len(outside)} 项不在统计时段内，都不计分：是否放错了{folder}？"
    context.log.warning("wrong-year", message, expected=f"{first}～{last}（{context.scheme.window.clause}）")
