"""The answer before everything else: who has which grade, by how much, and what could still turn it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from kaohe.analysis.grades import ahead_says
from kaohe.analysis.movement import Movement, movement
from kaohe.analysis.verdict import Edge, Inside, edges, inside_margin
from kaohe.charts import amounts
from kaohe.charts.amounts import like_total
from kaohe.charts.change import movers_said, pool_said
from kaohe.charts.html import Html, join, small, text
from kaohe.charts.notation import arrow, names
from kaohe.charts.outcomes import lacking_says
from kaohe.charts.policies import regraded_says, undecided
from kaohe.scheme.years import year_kind
from kaohe.scoring.book import ScoreBook, Shift, UnitResult, WarnedRater
from kaohe.scoring.marks import PENDING
from kaohe.scoring.slicing import of_the_year
from kaohe.scoring.unitresult import says_vetoes

MOST_UNITS = 6
"""Units of a grade named one by one; more are counted."""
MOST_NAMED = 4
CLOSE = Fraction(1)
"""Points; a margin below it is called narrow."""


def verdict(book: ScoreBook, page: Callable[[str], str] | None = None) -> Html:
    """A card a group. `page`: where a unit's own page lies, if it has one."""
    return join(card(book, key, page) for key in book.groups)


def card(book: ScoreBook, group: str, page: Callable[[str], str] | None = None) -> Html:
    """What a leader asks of a group, a line a question: who has which grade and how narrowly, who has the points and
    not the grade, what could turn it, who moved. Empty where nobody is rated."""
    found = lines_of(book, group)
    if not found:
        return Html("")
    since = movement(book, group)
    moved, told, lines = _climbs(since), dict[str, None](), []
    for edge, inside in found:
        lines += [_who(book, edge, page, moved), *_waiting(book, edge), *_passed(book, edge)]
        told |= dict.fromkeys(filter(None, [says_inside(book, inside)]))
    lines += [_line("有多稳", said, "turn") for said in told] or _stable(book, group)
    name = text(book.groups[group].name)
    return Html(f'<div class="kh kh-card"><h3>{name}</h3><dl>{join(lines)}</dl></div>{_movers(book, since)}')


def in_a_line(book: ScoreBook, group: str) -> str:
    """The card in a sentence, for where it is out of sight: `好：甲、乙，末位比丁只高 0.33 分；第 1 名丙有否决事项`."""
    said: list[str] = []
    for edge, inside in lines_of(book, group):
        if edge.inside:
            beside = [unit.total for unit in book.rated(group)]
            who = names([f"{unit.name} {amounts.total(book, unit, beside)}" for unit in edge.inside], MOST_NAMED)
            said.append(f"{edge.grade or '第一'}：{who}{_narrowly(book, edge)}")
        said += says_passed(book, edge, briefly=True)
        turning = dict.fromkeys(reading for reading, _ in inside.readings)
        said += [f"{names(list(turning), MOST_NAMED, of='处')} 可翻转"] if turning else []
        if inside.missed:
            said.append(f"{names(_items(book, inside.missed), MOST_NAMED, of='处')} 未达到却满分")
    return "；".join(dict.fromkeys(said))


def moved_in_a_line(book: ScoreBook, group: str) -> str:
    """Who moved most since last year and why; empty where nobody did, or nothing is known of it."""
    since = movement(book, group)
    return movers_said(book, since) if since is not None else ""


def _narrowly(book: ScoreBook, edge: Edge) -> str:
    if edge.margin is None or edge.last is None:
        return ""
    if edge.role == "fail":
        return f"，比线{_by(book, edge, '低')}"
    if edge.next is None:
        return ""
    return f"，{_last(edge)}比{edge.next.name}{_by(book, edge, ahead_says(book, edge.group))}"


def _movers(book: ScoreBook, found: Movement | None) -> Html:
    """Who climbed and fell most since last year, and what carried them; a part of the card that may stand elsewhere."""
    if found is None and year_kind(book.year) != "event":
        return _moved(book.uncompared or f"没有{book.spoken.last}的结果可比")
    if found is None or not (found.climbers or found.fallers):
        return Html("")
    pool = f"；{pool_said(found.pool)}" if found.pool.changed else ""
    return _moved(f"比{book.spoken.last}：{movers_said(book, found)}{pool}")


def _moved(said: str) -> Html:
    return Html(f'<div class="kh kh-card kh-moved"><dl>{_line("升降", said)}</dl></div>')


def _line(asked: str, said: str, kind: str = "") -> Html:
    name = f' class="kh-{kind}"' if kind else ""
    return Html(f"<div{name}><dt>{text(asked)}</dt><dd>{text(said)}</dd></div>")


def _stable(book: ScoreBook, group: str) -> list[Html]:
    """That no reading changes a grade, where that was tried of every one that is open."""
    found = undecided(book)
    if not book.grading or not found:
        return []
    mine = {unit.unit_id for unit in book.rated(group)}
    shifts = (shift for _, effect in found for option in effect.options for shift in option.moved)
    turned = any(shift.unit in mine and shift.grade != shift.grade_then for shift in shifts)
    return [] if turned else [_line("有多稳", "办法未明之处逐一换一种读法，等次都不变")]


def says_margin(book: ScoreBook, edge: Edge) -> str:
    """`末位甲高出下一个具备条件的乙 5.92 分`; empty where there is no line between two units."""
    if edge.margin is None:
        return ""
    if edge.role == "fail":
        if edge.last is not None:
            return f"{edge.last.name}比{edge.grade}线低 {_apart(book, edge)}"
        by = _by(book, edge, "高") if edge.margin else "恰在线上"
        return f"离{edge.grade}线最近的是{edge.next.name}，{by}" if edge.next else ""
    over = over_next(book, edge)
    return f"{_last(edge)}{edge.last.name}比{over}" if edge.last is not None and over else ""


def _last(edge: Edge) -> str:
    """What the nearest to the line is among those inside: of one alone nothing."""
    return "" if len(edge.inside) == 1 else "末位"


def over_next(book: ScoreBook, edge: Edge) -> str:
    """`下一个具备条件的乙只高 0.92 分`; empty where there is no line between two units."""
    if edge.margin is None or edge.next is None:
        return ""
    asks = "具备条件的" if "declared" in book.facts else ""
    return f"下一个{asks}{edge.next.name}{_by(book, edge, ahead_says(book, edge.group))}"


def _by(book: ScoreBook, edge: Edge, how: str) -> str:
    """`只高 0.92 分`."""
    assert edge.margin is not None
    return f"{'只' if edge.margin < CLOSE else ''}{how} {_apart(book, edge)}"


def _apart(book: ScoreBook, edge: Edge) -> str:
    """The margin, so that it is the difference of the totals it lies between."""
    one, other = edge.between
    return amounts.apart(book, edge.group, one, other)


def says_inside(book: ScoreBook, found: Inside) -> str:
    """`P17 换一种读法，甲由好变为差；党委组织部 T12 数据有争议`; empty where nothing is known to bear on it."""
    return "；".join(_inside(book, found))


def _inside(book: ScoreBook, found: Inside) -> Iterator[str]:
    yield from _turned(book, found)
    for kind, says in ((found.disputed, "数据有争议"), (found.missed, "数字未达到却评了满分")):
        if kind:
            yield f"{names(_items(book, kind), MOST_NAMED, of='处')} {says}"
    for rater in found.raters:
        yield f"{_rater(book, rater)}{_without(book, rater)}"


def _turned(book: ScoreBook, found: Inside) -> Iterator[str]:
    """`P16、P17 换一种读法，甲由好变为差`: readings that do the same together; of many their number alone."""
    by_what: dict[str, list[str]] = {}
    for reading in dict.fromkeys(reading for reading, _ in found.readings):
        shifts: dict[str, list[Shift]] = {}
        for shift in (shift for name, shift in found.readings if name == reading):
            shifts.setdefault(shift.unit, []).append(shift)
        shown = [regraded_says(book, unit, mine) for unit, mine in list(shifts.items())[:MOST_NAMED]]
        more = f" 等 {len(shifts)} 个单位" if len(shifts) > MOST_NAMED else ""
        by_what.setdefault("、".join(shown) + more, []).append(reading)
    if len(by_what) > MOST_NAMED:
        readings = [each for some in by_what.values() for each in some]
        yield f"{names(readings, MOST_NAMED, of='处')} 换一种读法会改变等次"
        return
    for what, readings in by_what.items():
        yield f"{names(readings, MOST_NAMED, of='处')} 换一种读法，{what}"


DOUBTS = {"strict": "明显偏严", "lenient": "明显偏宽", "contrary": "与其他人的高低相反"}


def _rater(book: ScoreBook, rater: WarnedRater) -> str:
    """`一位评分人在 70 项上给各单位的分都一样`; nobody is named."""
    who = f"{rater.name}中一位打分人" if rater.of else "一位评分人"
    groups = "、".join(book.groups[group].name for group in rater.groups)
    if rater.mark == "flat":
        return f"{who}{'' if rater.of else f'在 {rater.items} 项上'}给{groups}各单位的分都一样"
    return f"{who}给{groups}的分{DOUBTS[rater.mark]}"


def _without(book: ScoreBook, rater: WarnedRater) -> str:
    """What becomes of the grades without these ratings."""
    if rater.why:
        return f"（{rater.why}）"
    if not rater.graded:
        return "（不计这位的分，等次不变）"
    said = [f"{book.unit(each.unit).name}由{each.grade}变为{each.grade_then}" for each in rater.graded]
    more = f" 等 {len(said)} 个单位" if len(said) > MOST_NAMED else ""
    return f"（不计这位的分，{'、'.join(said[:MOST_NAMED])}{more}）"


@of_the_year
def unit_stability(book: ScoreBook, unit_id: str) -> tuple[str, ...]:
    """How narrow a unit's outcome is and what could turn it, a sentence a line of its group's grades that it is at."""
    unit = book.unit(unit_id)
    found = []
    for edge, inside in lines_of(book, unit.group):
        if all(unit_id != each.unit_id for each in (*edge.near, *edge.inside, *edge.tied)):
            continue
        margin = says_margin(book, edge) if any(unit_id == each.unit_id for each in edge.near) else ""
        fragile = says_inside(book, inside.about(unit_id))
        if margin or fragile:
            found.append(f"{edge.grade or '第一'}有多稳：{'；'.join(filter(None, [margin, fragile]))}。")
    return tuple(found)


def lines_of(book: ScoreBook, group: str) -> list[tuple[Edge, Inside]]:
    """A group's lines with what bears on them; kept with the book: card, sentences and every page of the group ask."""
    known: dict[str, list[tuple[Edge, Inside]]] = book.__dict__.setdefault("_lines", {})
    if group not in known:
        known[group] = [(edge, inside_margin(book, edge)) for edge in edges(book, group)]
    return known[group]


def group_stability(book: ScoreBook, group: str) -> list[str]:
    """What could turn a group's grades, a sentence for all lines that it could; nothing where nothing is known to."""
    found: dict[str, list[str]] = {}
    for edge, inside in lines_of(book, group):
        if fragile := says_inside(book, inside):
            found.setdefault(fragile, []).append(edge.grade or "第一")
    return [f"{book.groups[group].name}{'、'.join(lines)}有多稳：{said}。" for said, lines in found.items()]


def _items(book: ScoreBook, found: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"{book.unit(unit).name} {item.removeprefix(f'{unit}.')}" for item, unit in found]


def _who(book: ScoreBook, edge: Edge, page: Callable[[str], str] | None, moved: dict[str, int]) -> Html:
    counted = f"{len(edge.inside)}／{edge.places} 个名额" if edge.places else f"{len(edge.inside)} 个"
    listed = [_unit(book, unit, page, moved) for unit in edge.inside[:MOST_UNITS]]
    left = len(edge.inside) - len(listed)
    who = join([*listed, *([small(f"等，另有 {left} 个")] if left else [])], " ")
    said = text(_narrow(book, edge))
    narrow = Html(f'<em class="kh-margin">{said}</em>') if said and listed else said
    told = join([small(counted if edge.grade else ""), who, narrow], " ")
    return _line(edge.grade or "第一", told, f"who kh-{edge.role}")


def _narrow(book: ScoreBook, edge: Edge) -> str:
    """By how much, and what stays free."""
    free = (edge.places or 0) - len(edge.inside) - len(edge.tied)
    return "；".join(filter(None, [says_margin(book, edge), f"空缺 {free} 个名额" if free > 0 else ""]))


def _waiting(book: ScoreBook, edge: Edge) -> Iterator[Html]:
    if edge.tied:
        same = like_total(book, edge.group, edge.tied[0].total, [other.total for other in book.rated(edge.group)])
        who, before = names([unit.name for unit in edge.tied], MOST_NAMED), ""
        if edge.last is not None and edge.last.total != edge.tied[0].total:
            apart = amounts.apart(book, edge.group, edge.last.total, edge.tied[0].total)
            before = f"；{_last(edge)}{edge.last.name}比并列的{ahead_says(book, edge.group)} {apart}"
        yield _line(PENDING, f"{who}总分同为 {same} 分{before}", "pending")


def _passed(book: ScoreBook, edge: Edge) -> Iterator[Html]:
    if said := says_passed(book, edge):
        yield _line(f"未评{edge.grade}", "；".join(said), "passed")


def says_passed(book: ScoreBook, edge: Edge, *, briefly: bool = False) -> list[str]:
    """`第 1 名甲有否决事项（一起事故）`: who has the points but not the grade, and why; `briefly` without what lacks of
    the declarations."""
    said = [
        f"第 {unit.rank} 名{unit.name}{says_vetoes(unit) or (why if briefly else lacking_says(book, unit, why))}"
        for unit, why in edge.passed[:MOST_NAMED]
    ]
    if len(edge.passed) > MOST_NAMED:
        said.append(f"另有 {len(edge.passed) - MOST_NAMED} 个总分已达而未评")
    return said


def _unit(book: ScoreBook, unit: UnitResult, page: Callable[[str], str] | None, moved: dict[str, int]) -> Html:
    name = Html(f'<a href="{text(page(unit.unit_id))}">{text(unit.name)}</a>') if page else text(unit.name)
    total = Html(f"<b>{amounts.total(book, unit, [other.total for other in book.rated(unit.group)])}</b>")
    return Html(f"<span>{join([name, total, _arrow(book, moved.get(unit.unit_id))], ' ')}</span>")


def _climbs(found: Movement | None) -> dict[str, int]:
    return {move.unit.unit_id: move.climbed for move in found.moves if move.climbed} if found else {}


def _arrow(book: ScoreBook, climbed: int | None) -> Html:
    if not climbed:
        return Html("")
    way, said = ("up", "上升") if climbed > 0 else ("down", "下降")
    title = f"比{book.spoken.last}{said} {abs(climbed)} 名"
    return Html(f'<i class="kh-{way}" title="{title}">{arrow(climbed)}</i>')
