"""Tables of a group or of several years: ranking, what follows from it, readings in force."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from kaohe.analysis.grades import excellent_line, passed_over, ruling_says
from kaohe.analysis.losses import component_fulls, component_name, component_points
from kaohe.analysis.movement import last_two_years
from kaohe.charts.html import Cell, Content, Head, Html, Row, badge, fold, grade, join, number, small, table
from kaohe.charts.saying import merged_from, plain
from kaohe.scoring.book import PolicyInForce, ScoreBook, UnitResult
from kaohe.scoring.decided import says_declared
from kaohe.scoring.lineage import forebears

ORIGINS = {"default": "默认读法", "year": "本学年决定", "run": "本次试算"}


def ranking_table(book: ScoreBook, group: str) -> Html:
    """Every unit of the group: rank, components, total, grade; what conversion did is in brackets."""
    units = book.ranking(group)
    points = {unit.unit_id: component_points(unit) for unit in units}
    shown = [name for name in ("ballot", "base", "key", "target", "conversion", "leader") if _has(points, name)]
    totals = [unit.total for unit in units]
    rows = []
    for unit in units:
        mine = points[unit.unit_id]
        rows.append(
            [
                _rank(unit, units),
                Cell(unit.name, name="name"),
                *(number(mine.get(name)) for name in shown),
                number(unit.total, totals),
                grade(unit.grade),
            ]
        )
    fulls = component_fulls(book, units[0]) if units else {}
    heads = [
        Head("名次", number=True),
        "单位",
        *(Head(_with_full(component_name(name), fulls.get(name)), number=True) for name in shown),
        Head(_with_full("总分", book.groups[group].full), number=True),
        "等次",
    ]
    return table(heads, rows, caption=f"{book.groups[group].name}得分", empty="本学年没有这一组的单位。")


def consequences_table(book: ScoreBook, group: str) -> Html:
    """What follows for each unit: grade, declarations, vetoes, pay, rectification, last two years, award."""
    units = book.ranking(group)
    line = excellent_line(units)
    rows = [
        Row(
            [
                _rank(unit, units),
                Cell(unit.name, name="name"),
                join([grade(unit.grade), small(ruling_says(unit) if unit.ruling else passed_over(unit, line))], " "),
                join(
                    ["已认定" if unit.declared else "–", *(small(says_declared(each)) for each in unit.declarations)],
                    "<br>",
                ),
                join([badge("有", "fail"), small("、".join(unit.vetoes))], "<br>") if unit.vetoed else "–",
                "发放" if unit.bonus_eligible else "不发放",
                badge("限期整改", "fail") if unit.rectify else "–",
                _last_two(book, unit),
                _award(unit),
            ],
            "open" if unit.grade == "待审议" else "",
        )
        for unit in units
    ]
    heads = [
        Head("名次", number=True),
        "单位", "等次", "优秀申报", "否决事项", "奖励性绩效工资（2）", "整改", "连续两年末位", "突出贡献奖",
    ]  # fmt: skip
    return table(heads, rows, caption=book.groups[group].name, empty="本学年没有这一组的单位。")


def policies_table(book: ScoreBook) -> Html:
    """Readings in force where the text is silent or contradicts itself; those by default are folded."""
    order = {"run": 0, "year": 1}
    decided = sorted((each for each in book.policies if each.origin != "default"), key=lambda each: order[each.origin])
    default = [each for each in book.policies if each.origin == "default"]
    heads = ["编号", "条文没有说明的问题", "采用的读法", "来源", "条文"]
    empty = "本学年没有作出决定的读法。"
    shown = table(heads, [_policy(each) for each in decided], sortable=False, empty=empty)
    if not default:
        return shown
    words = f"采用默认读法的（{len(default)} 处）"
    return join([shown, fold(words, table(heads, [_policy(each) for each in default], sortable=False))])


def _policy(policy: PolicyInForce) -> Row:
    default = policy.origin == "default"
    said = small("，".join(part for part in (policy.decided_on, policy.reason) if part))
    return Row(
        [
            Cell(policy.id, name="tight"),
            policy.question,
            policy.says,
            join([badge(ORIGINS[policy.origin], "pass" if default else "best"), said], " "),
            small(policy.clause),
        ],
        "" if default else "self",
    )


def years_table(books: Sequence[ScoreBook], group: str) -> Html:
    """Ranks, totals and grades of the years side by side, by the last year's rank."""
    books = sorted(books, key=lambda book: book.year)
    every = [{unit.unit_id: unit for unit in book.ranking(group)} for book in books]
    ids = list(dict.fromkeys(key for year in reversed(every) for key in year))
    twice = last_two_years(list(books))
    rows = []
    for key in ids:
        name = next(year[key].name for year in reversed(every) if key in year)
        cells: list[Cell | Content] = [Cell(f"{name}{_merger(key, books)}", name="name")]
        for year in every:
            if key not in year:
                cells += [Cell("–", number=True, name="none", sort=1e9), Cell("–", number=True, name="none"), ""]
                continue
            unit = year[key]
            totals = [other.total for other in year.values()]
            cells += [_rank(unit, list(year.values())), number(unit.total, totals), grade(unit.grade)]
        flags = twice.get(key, [])
        cells.append(badge(f"通报批评（{'、'.join(flags)}）", "fail") if flags else "–")
        rows.append(cells)
    heads: list[Head | str] = ["单位"]
    for book in books:
        heads += [Head(f"{book.year} 名次", number=True), Head("总分", number=True), "等次"]
    name = books[-1].groups[group].name if group in books[-1].groups else group
    return table([*heads, "连续两年末位"], rows, caption=name, empty="没有这一组的单位。")


def _merger(key: str, books: Sequence[ScoreBook]) -> str:
    """What a unit was merged from, or into; empty for any other."""
    for before, after in pairwise(books):
        if after.has_unit(key) and len(found := forebears(before, after, key)) > 1:
            return merged_from(was.name for was in found)
        if before.has_unit(key) and not after.has_unit(key):
            into = [after.unit(new).name for new, old in after.predecessors if old == key and after.has_unit(new)]
            return f"（并入{'、'.join(into)}）" if into else ""
    return ""


def changed_policies_table(books: Sequence[ScoreBook]) -> Html:
    """Readings that are not the same in all years: what makes totals hard to compare."""
    books = sorted(books, key=lambda book: book.year)
    by_year = [{policy.id: policy for policy in book.policies} for book in books]
    ids = list(dict.fromkeys(key for year in by_year for key in year))
    rows = []
    for key in ids:
        values = {year[key].value if key in year else None for year in by_year}
        if len(values) > 1:
            question = next(year[key].question for year in by_year if key in year)
            rows.append(
                [Cell(key, name="tight"), question, *(year[key].says if key in year else "–" for year in by_year)]
            )
    heads = ["编号", "条文没有说明的问题", *(f"{book.year} 学年" for book in books)]
    return table(heads, rows, sortable=False, empty="各学年采用的读法相同，总分可以直接比较。")


def _rank(unit: UnitResult, among: Sequence[UnitResult]) -> Cell:
    tied = sum(other.rank == unit.rank for other in among) > 1
    return Cell(f"{'并列 ' if tied else ''}{unit.rank}", sort=unit.rank, number=True)


def _has(points: dict[str, dict[str, Fraction]], name: str) -> bool:
    return any(name in each for each in points.values())


def _with_full(name: str, full: Fraction | None) -> str:
    return f"{name}（{plain(full)}）" if full else name


def _last_two(book: ScoreBook, unit: UnitResult) -> Content:
    if unit.last_two_years is None and book.uncompared and unit.last:
        return join(["未能认定", small(book.uncompared)], "<br>")
    if unit.last_two_years is None:
        return "无上学年数据"
    return badge("通报批评", "fail") if unit.last_two_years else "–"


def _award(unit: UnitResult) -> Content:
    if not unit.outstanding_award:
        return "–"
    said = "；".join(each.says for each in unit.awards if each.approved and each.about)
    return join([badge("获奖", "best"), small(said)], " ") if said else badge("获奖", "best")
