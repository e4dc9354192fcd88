"""Why a unit has the points it has: from raw input to total and grade, item by item, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaohe.rules.wording import number, points
from kaohe.scoring.book import CheckResult, ConsequenceInfo, NodeInfo, NodeResult, ScoreBook, UnitResult
from kaohe.scoring.cells import STATUS_NAMES, ScoreCell
from kaohe.scoring.components import first_parts, has, inside_out, points_of
from kaohe.scoring.decided import says_declared
from kaohe.scoring.unitresult import says_vetoes
from kaohe.scoring.unrated import UNRATED, why_unrated

MOST_SAID = 12
"""More parts than that are not listed in one line."""


@dataclass(frozen=True)
class Paragraph:
    """A heading and the sentences under it."""

    title: str
    lines: tuple[str, ...]


def explain(book: ScoreBook, unit_id: str, indicator: str | None = None) -> list[Paragraph]:
    """The whole unit from inputs to grade, or one indicator. KeyError for an unknown unit or indicator."""
    told = [Paragraph("要看的年份没有结果", book.unseen)] if book.unseen else []
    if indicator is not None:
        return [*told, _cell(book, book.cell(unit_id, indicator))]
    return [*told, *(_cell(book, cell) for cell in book.cells_of(unit_id)), *explain_result(book, unit_id)]


def explain_result(book: ScoreBook, unit_id: str) -> list[Paragraph]:
    """From what the total is made of to the grade, without the indicators."""
    unit = book.unit(unit_id)
    return [*_nodes(book, unit), _total(book, unit), *_grade(book, unit), *_policies(book)]


def _cell(book: ScoreBook, cell: ScoreCell) -> Paragraph:
    info = book.indicators[cell.indicator]
    title = f"{info.id} {info.name}" + (f"（{info.clause}）" if info.clause else "")
    if cell.points is None:
        return Paragraph(f"{title}：{STATUS_NAMES[cell.status]}", (cell.reason,))
    full = "" if cell.max_points is None else f"，满分 {number(cell.max_points)}"
    head = f"{title}：{points(cell.points)}{full}"
    lines = [sentence.text for sentence in cell.sentences]
    lines += [f"{'要求' if info.own_demand else '说明'}：{info.note}"] if info.note else []
    lines += [f"期限：{due.says}" for due in info.due]
    lines += [_held(check) for check in book.checks_of(cell.unit) if check.indicator == info.id]
    made = [each for each in book.unit(cell.unit).declarations if info.id in each.tasks] if info.innovative else []
    lines += [f"标为创新性工作，申报：{says_declared(each)}" for each in made]
    if cell.deducted or cell.capped:
        sums = f"得 {number(cell.raw or 0)} − 扣 {number(cell.deducted or 0)} − 超限 {number(cell.capped or 0)}"
        lines.append(f"{sums} = {points(cell.points)}")
    lines += [f"要再得分：{said}" for said in cell.ahead]
    by_name = {policy.name: policy for policy in book.policies}
    for name in cell.policies:
        policy = by_name[name]
        lines.append(f"读法 {policy.id} {policy.question}：{policy.says}（{policy.clause}）")
    return Paragraph(head, tuple(lines))


def _held(check: CheckResult) -> str:
    """A number the text names beside what was handed in; it costs no points."""
    if check.value is None:
        return f"条文写明的数字：{check.text}，未上报"
    percent = check.text.endswith("%")
    value = f"{number(check.value * 100)}%" if percent else number(check.value)
    return f"条文写明的数字：{check.text}，实际 {value}，{'达到' if check.met else '未达到'}（不直接计分）"


def _nodes(book: ScoreBook, unit: UnitResult) -> Iterator[Paragraph]:
    """Items above the scored leaves, each after what it is made of, as far as there is more to say than a sum."""
    score = book.groups[unit.group].score
    for info in inside_out(book):
        node = unit.nodes.get(info.id)
        if node is None or info.id == score or not (info.points or _says_more(info, node)):
            continue
        yield Paragraph(_head(book, unit, info, node), tuple(_lines(book, unit, info, node)))


def _says_more(info: NodeInfo, node: NodeResult) -> bool:
    made = bool(info.vote or info.combine != "sum" or node.raw != node.points)
    return made or node.points is None or not info.counts


def _head(book: ScoreBook, unit: UnitResult, info: NodeInfo, node: NodeResult) -> str:
    if node.points is None:
        return f"{info.name}：{STATUS_NAMES[node.status]}"
    full = book.groups[unit.group].fulls.get(info.id)
    said = f"，满分 {number(full)}" if full and not info.raw else ""
    return f"{info.name}：{points(node.points)}{said}"


def _lines(book: ScoreBook, unit: UnitResult, info: NodeInfo, node: NodeResult) -> Iterator[str]:
    """What was converted and by what, where it is, then its own sentences."""
    full = book.groups[unit.group].fulls.get(info.id)
    if info.raw and node.raw is not None and node.own_full is not None and full is not None:
        yield f"各项原始分合计 {number(node.raw)}，本单位满分 {number(node.own_full)}，条文满分 {number(full)}"
    yield from (sentence.text for sentence in node.sentences)


def _total(book: ScoreBook, unit: UnitResult) -> Paragraph:
    group = book.groups[unit.group]
    if not unit.rated:
        return Paragraph(f"总分：{UNRATED}", (why_unrated(book, unit),))
    lines = list(_made(book, unit))
    units = book.rated(unit.group)
    level = [other.name for other in units if other.rank == unit.rank and other is not unit]
    tie = f"，与{'、'.join(level)}并列" if level else ""
    lines.append(f"在{group.name} {len(units)} 个单位中排第 {unit.rank}{tie}")
    return Paragraph(f"总分：{points(unit.total)}", tuple(lines))


def _made(book: ScoreBook, unit: UnitResult) -> Iterator[str]:
    """What the total is made of; of a mere sum the names, then the numbers."""
    group = book.groups[unit.group]
    node, info = unit.nodes.get(group.score), book.tree.get(group.score)
    full = f"（条文满分 {number(group.full)}）" if group.full else ""
    if node is None or info is None:
        return
    parts = [
        (part.name, had)
        for part in (book.tree[name] for name in first_parts(book, unit.group))
        if has(book, unit, part.id) and (had := points_of(book, unit, part.id)) is not None
    ]
    plain = info.combine == "sum" and sum((had for _, had in parts), Fraction(0)) == unit.total
    if plain and 1 < len(parts) <= MOST_SAID:
        names, figures = " + ".join(name for name, _ in parts), " + ".join(number(had) for _, had in parts)
        yield f"{names}：{figures.replace('+ -', '− ')} = {number(unit.total)}{full}"
        return
    yield from (sentence.text for sentence in node.sentences)
    if full:
        yield f"{'条文满分' if info.combine == 'sum' else '满分时总分为'} {number(group.full)}"


def _grade(book: ScoreBook, unit: UnitResult) -> Iterator[Paragraph]:
    """The grade with what decides it, and what follows; nothing under a scheme that has neither."""
    if not (book.grading or book.follows or unit.vetoed or unit.awards):
        return
    lines = [*_grade_lines(book, unit)] if unit.rated else []
    lines += [f"申报：{says_declared(each)}" for each in unit.declarations]
    if unit.vetoed:
        lines.append("，".join(filter(None, (says_vetoes(unit), "、".join(unit.effects)))))
    lines += unit.limits
    if unit.ruling:
        lines.append(f"{book.deciders}{unit.ruling.says(unit.grade)}")
        lines.append(f"审议之前，按得分和条件为{unit.by_points}")
    if unit.rated:
        lines += _consequences(book, unit)
    lines += [f"申报{book.award}（{each.state}）：{each.says}" for each in unit.awards]
    yield Paragraph(f"等次：{unit.grade or UNRATED}" if book.grading else "由此得出", tuple(lines))


def _grade_lines(book: ScoreBook, unit: UnitResult) -> Iterator[str]:
    """The line below which the last grade is given, and the conditions of each grade where there is more to them."""
    if unit.fail_below and book.grading:
        paper = f"纸面可得 {points(unit.attainable)}，" if unit.attainable else ""
        yield f"{paper}低于 {points(unit.fail_below)}的为{_below_all_lines(book)}"
    if not unit.fail_below or len({each.bounds for each in book.grading if each.bounds}) > 1:
        for grade in book.grading:
            rest = "其余" if grade.name == _below_all_lines(book) else "不得评为以上各等的"
            yield f"{grade.name}：{'，'.join((*grade.bounds, *grade.needs)) or rest}"
    if "declared" in book.facts:
        yield f"{book.top}申报已认定通过" if unit.declared else _not_declared(book, unit)


def _below_all_lines(book: ScoreBook) -> str:
    """The grade of whoever is below the last line: the first one after it."""
    drawn = [place for place, grade in enumerate(book.grading[:-1]) if grade.bounds]
    return book.grading[drawn[-1] + 1 if drawn else -1].name


def _consequences(book: ScoreBook, unit: UnitResult) -> Iterator[str]:
    group = book.groups[unit.group].name
    for name, held in unit.consequences.items():
        info = book.follows.get(name)
        if info is None:
            continue
        if held:
            yield info.says.replace("{group}", group) if info.says else _yes(info)
        elif held is False and info.no:
            yield f"{info.no}{info.name}"
        elif held is None and unit.last and book.uncompared:
            yield f"排在末位，{info.name}与否未能认定：{book.uncompared}"


def _yes(info: ConsequenceInfo) -> str:
    """`发放奖励`, where the scheme has a word of its own for yes."""
    return info.name if info.yes in ("", info.name) else f"{info.yes}{info.name}"


def _not_declared(book: ScoreBook, unit: UnitResult) -> str:
    """What was accepted, and what is asked as the text is read."""
    if not unit.declarations:
        return f"没有申报{book.top}"
    accepted = "、".join(each.name for each in unit.declarations if each.accepted)
    said = f"{book.top}申报未具备所需条件：{f'认定通过的只有 {accepted}' if accepted else '没有一项认定通过'}"
    asked = [f"{each.id} {each.question}：{each.says}" for each in book.policies if each.name in book.declared_by]
    return f"{said}（{'；'.join(asked)}）" if asked else said


def _policies(book: ScoreBook) -> Iterator[Paragraph]:
    decided = [policy for policy in book.policies if policy.origin != "default"]
    if decided:
        yield Paragraph(
            "与默认不同的读法",
            tuple(
                f"{policy.id} {policy.question}：{policy.says}"
                + (f"（{policy.decided_on} 决定：{policy.reason}）" if policy.origin == "year" else "（本次试算）")
                for policy in decided
            ),
        )
