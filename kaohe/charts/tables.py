"""Tables of a group or of several years: ranking, what follows from it, readings in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from kaohe.analysis.breakdown import by_component, component_fulls, name_of, total_columns
from kaohe.analysis.grades import grade_kinds, passed_over, ruling_says, top_line
from kaohe.analysis.movement import last_two_years
from kaohe.charts.html import Cell, Content, Head, Html, Row, badge, fold, grade, join, number, paragraph, small, table
from kaohe.charts.notation import merged_from, plain
from kaohe.charts.outcomes import repeating
from kaohe.scheme.years import year_said
from kaohe.scoring.book import PolicyInForce, ScoreBook, UnitResult
from kaohe.scoring.decided import says_declared
from kaohe.scoring.lineage import forebears
from kaohe.scoring.marks import PENDING

ORIGINS = {"default": "默认读法", "year": "已有决定", "run": "本次试算"}


def ranking_table(book: ScoreBook, group: str) -> Html:
    """Every unit of the group: rank, components, total, grade."""
    units = book.ranking(group)
    kinds = grade_kinds(book)
    points = {unit.unit_id: by_component(book, unit) for unit in units}
    shown = total_columns(book, group)
    totals = [unit.total for unit in units]
    rows = []
    for unit in units:
        mine = points[unit.unit_id]
        rows.append(
            [
                _rank(unit, units),
                Cell(unit.name, name="name"),
                *(number(mine.get(name), (), book.decimals(name)) for name in shown),
                number(unit.total if unit.rated else None, totals, book.total_decimals(unit.group)),
                *([grade(unit.grade, kinds)] if book.grading else []),
            ]
        )
    fulls = component_fulls(book, units[0]) if units else {}
    heads = [
        Head("名次", number=True),
        "单位",
        *(Head(_with_full(name_of(book, name), fulls.get(name)), number=True) for name in shown),
        Head(_with_full("总分", book.groups[group].full), number=True),
        *(["等次"] if book.grading else []),
    ]
    return table(heads, rows, caption=f"{book.groups[group].name}得分", empty=f"{book.spoken.this}没有这一组的单位。")


def consequences_table(book: ScoreBook, group: str) -> Html:
    """What follows for each unit: grade, declarations, vetoes, and the scheme's consequences, a column each."""
    units = book.ranking(group)
    line, kinds = top_line(book, units), grade_kinds(book)
    graded, declared, vetoed = bool(book.grading), "declared" in book.facts, "vetoed" in book.facts
    if not (graded or declared or vetoed or book.follows):
        return paragraph("本办法没有等次，也没有其他随之确定的事项。", "kh-empty")
    rows = [
        Row(
            [
                _rank(unit, units),
                Cell(unit.name, name="name"),
                *([_grade(book, unit, line, kinds)] if graded else []),
                *([Cell(_declared(unit), name="wide")] if declared else []),
                *([_vetoes(unit)] if vetoed else []),
                *(_follows(book, unit, name) for name in book.follows),
            ],
            "open" if unit.grade == PENDING else "",
        )
        for unit in units
    ]
    heads = [
        Head("名次", number=True),
        "单位",
        *(["等次"] if graded else []),
        *([f"{book.top}申报"] if declared else []),
        *(["否决事项"] if vetoed else []),
        *(info.heading for info in book.follows.values()),
    ]
    return table(heads, rows, caption=book.groups[group].name, empty=f"{book.spoken.this}没有这一组的单位。")


def _grade(book: ScoreBook, unit: UnitResult, line: Fraction | None, kinds: Mapping[str, str]) -> Html:
    said = ruling_says(unit) if unit.ruling else passed_over(book, unit, line)
    return join([grade(unit.grade, kinds), small(said)], " ")


def _declared(unit: UnitResult) -> Html:
    return join(
        ["已认定" if unit.declared else "–", *(small(says_declared(each)) for each in unit.declarations)], "<br>"
    )


def _vetoes(unit: UnitResult) -> Content:
    return join([badge("有", "fail"), small("、".join(unit.vetoes))], "<br>") if unit.vetoed else "–"


def _follows(book: ScoreBook, unit: UnitResult, name: str) -> Content:
    """Whether a consequence holds; of one that asks about years before, why it cannot be said."""
    info, found = book.follows[name], unit.consequences.get(name)
    if found is None:
        if book.uncompared and unit.last:
            return join(["未能认定", small(book.uncompared)], "<br>")
        return f"无{book.spoken.last}数据"
    if not found:
        return info.no or "–"
    said = (
        "；".join(each.says for each in unit.awards if each.approved and each.about) if info.name == book.award else ""
    )
    if not info.role:
        return info.yes
    mark = badge(info.yes, "best" if info.role == "good" else "fail")
    return join([mark, small(said)], " ") if said else mark


def policies_table(book: ScoreBook) -> Html:
    """Readings in force where the text is silent or contradicts itself; those by default are folded."""
    if not book.policies:
        return Html("")
    order = {"run": 0, "year": 1}
    decided = sorted((each for each in book.policies if each.origin != "default"), key=lambda each: order[each.origin])
    default = [each for each in book.policies if each.origin == "default"]
    heads = ["编号", "条文没有说明的问题", "采用的读法", "来源", "条文"]
    empty = f"{book.spoken.this}没有作出决定的读法。"
    shown = table(heads, [_policy(each) for each in decided], sortable=False, empty=empty)
    if not default:
        return shown
    words = f"采用默认读法的（{len(default)} 处）"
    return join([shown, fold(words, table(heads, [_policy(each) for each in default], sortable=False), paper=False)])


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
    repeated, graded = repeating(books), any(book.grading for book in books)
    twice = last_two_years(list(books)) if repeated else {}
    rows = []
    for key in ids:
        name = next(year[key].name for year in reversed(every) if key in year)
        cells: list[Cell | Content] = [Cell(f"{name}{_merger(key, books)}", name="name")]
        for book, year in zip(books, every, strict=True):
            if key not in year:
                cells += [Cell("–", number=True, name="none", sort=1e9), Cell("–", number=True, name="none")]
                cells += [""] if graded else []
                continue
            unit = year[key]
            totals = [other.total for other in year.values()]
            total = number(unit.total if unit.rated else None, totals, book.total_decimals(unit.group))
            cells += [
                _rank(unit, list(year.values())),
                total,
                *([grade(unit.grade, grade_kinds(book))] if graded else []),
            ]
        if repeated:
            flags = twice.get(key, [])
            cells.append(badge(f"{repeated.yes}（{'、'.join(flags)}）", "fail") if flags else "–")
        rows.append(cells)
    heads: list[Head | str] = ["单位"]
    for book in books:
        heads += [Head(f"{book.year} 名次", number=True), Head("总分", number=True), *(["等次"] if graded else [])]
    name = books[-1].groups[group].name if group in books[-1].groups else group
    return table([*heads, *([repeated.heading] if repeated else [])], rows, caption=name, empty="没有这一组的单位。")


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
    heads = ["编号", "条文没有说明的问题", *(year_said(book.year) for book in books)]
    return table(heads, rows, sortable=False, empty=f"{books[-1].spoken.every}采用的读法相同，总分可以直接比较。")


def _rank(unit: UnitResult, among: Sequence[UnitResult]) -> Cell:
    if not unit.rated:
        return Cell("–", sort=1e9, number=True, name="none")
    tied = sum(other.rank == unit.rank for other in among if other.rated) > 1
    return Cell(f"{'并列 ' if tied else ''}{unit.rank}", sort=unit.rank, number=True)


def _with_full(name: str, full: Fraction | None) -> str:
    return f"{name}（{plain(full)}）" if full else name
