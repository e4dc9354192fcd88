"""What has to be decided, or taken note of; what weighs most comes first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kaohe.analysis.grades import (
    below_line,
    decided,
    departures,
    entitled,
    lead,
    ruling_says,
    says_unseparated,
    top_line,
)
from kaohe.analysis.verdict import Edge
from kaohe.charts import amounts
from kaohe.charts.amounts import like_total
from kaohe.charts.disputes import said_of
from kaohe.charts.evidence import missed_with_full_marks, says_value
from kaohe.charts.html import Cell, Html, Row, badge, fold, join, paragraph, small, table, text
from kaohe.charts.notation import names
from kaohe.charts.outcomes import repeating, sentence
from kaohe.charts.policies import (
    grades_change,
    ranks_change,
    regraded,
    regraded_says,
    undecided,
    what_changes,
    who_changes,
)
from kaohe.charts.verdict import lines_of
from kaohe.scheme.years import year_said
from kaohe.scoring.book import CheckResult, PolicyEffect, PolicyInForce, ScoreBook, Shift, UnitResult
from kaohe.scoring.components import missing_votes
from kaohe.scoring.marks import PENDING

TOP_UNITS = 8
MOST_DISPUTES = 5
AS_HANDED_IN = "按上报的数据"


@dataclass(frozen=True)
class Decision:
    """One thing to decide (`open`) or to take note of, in words."""

    what: str
    who: tuple[str, ...]
    says: str
    act: str
    open: bool = False
    clause: str = ""
    settled: str = "已随结果定稿"
    """What stands instead of `act` once the year is final."""
    turns: tuple[str, ...] = ()
    """What deciding otherwise would make of whom, where it changes grades."""
    otherwise: str = "改判"
    """What deciding otherwise is called."""


def decisions(book: ScoreBook, *, short: bool = False) -> list[Decision]:
    """Open decisions by consequence, then what has to be noted.

    `short`, for a page of a minute: readings that move only ranks are one entry.
    """
    found = [
        *_pending(book),
        *_departures(book),
        *_unseparated(book),
        *_unseen(book),
        *_missing(book),
        *_vetoes(book),
        *_readings(book, grades_change(book)),
        *_disputed(book),
        *_missed(book),
        *_vacant(book),
        *(_ranks_in_short(book) if short else _readings(book, ranks_change(book))),
        *_decided(book),
        *_follows(book, "bad"),
        *_best(book),
        *_follows(book, "good"),
    ]
    found.sort(key=lambda decision: not decision.open)
    return [_settled(decision) for decision in found] if book.final else found


def _settled(decision: Decision) -> Decision:
    """What was decided: of a final year nothing is open, and what is still to be done is left."""
    return replace(decision, open=False, act=decision.settled) if decision.open else decision


def settled_decisions(book: ScoreBook) -> list[Decision]:
    """What was open until the year was made final, in the order of `open_decisions`; empty where it is not final."""
    return open_decisions(replace(book, final=""), short=True) if book.final else []


def open_decisions(book: ScoreBook, *, short: bool = False) -> list[Decision]:
    """Those that somebody has to take."""
    return [decision for decision in decisions(book, short=short) if decision.open]


def decisions_table(book: ScoreBook) -> Html:
    """What has to be decided or noted; open decisions first."""
    rows = [_row(each) for each in decisions(book)]
    return table(["事项", "单位", "情况", "要做的事"], rows, sortable=False, empty="没有需要审议的事项。")


def open_list(book: ScoreBook) -> Html:
    """What has to be decided, for a page of a minute: a numbered list that reads on a wall as on a phone.

    Of a final year: what was decided.
    """
    found = [*map(_settled, settled_decisions(book))] if book.final else open_decisions(book, short=True)
    head = paragraph(f"{book.final}。") if book.final else Html("")
    if not found:
        return join([head, paragraph("没有需要另行决定的事项。" if book.final else "没有待决的事项。", "kh-empty")])
    return join([head, Html(f'<ol class="kh kh-decisions">{"".join(_item(each, book.final) for each in found)}</ol>')])


def to_decide(book: ScoreBook, place: str) -> Html:
    """`待决 3 项` and each by its name, leading to `place`, where they stand; empty where none is open."""
    found = [] if book.final else open_decisions(book, short=True)
    if not found:
        return Html("")
    items = "".join(f"<li>{_in_short(each)}</li>" for each in found)
    head = f'<a href="{text(place)}"><strong>待决 {len(found)} 项</strong></a>'
    return Html(f'<div class="kh kh-todo">{head}<ol>{items}</ol></div>')


def _in_short(decision: Decision) -> Html:
    """`否决事项（甲）`; who it is about stands small where the matter is told without them."""
    turned = f"{decision.otherwise}则{names(decision.turns, TOP_UNITS)}" if decision.turns else ""
    if "：" in decision.what:
        said = turned or names(decision.who, TOP_UNITS)
        return join([decision.what, small(f"（{said}）") if said else ""])
    who = names(decision.who, TOP_UNITS)
    return join([decision.what, f"（{who}）" if who else "", small(f"（{turned}）") if turned else ""])


def _item(decision: Decision, final: str) -> str:
    head = join([Html(f"<strong>{text(decision.what)}</strong>"), small(names(decision.who, TOP_UNITS))], "　")
    clause = small(f"条款：{decision.clause}" if decision.clause else "")
    act = f'<p class="kh-act">{"定稿" if final else "要做的事"}：{text(decision.act)}{clause}</p>'
    return f"<li>{fold(head, Html(f'<p>{text(decision.says)}</p>{act}'))}</li>"


def _row(decision: Decision) -> Row:
    mark = badge("待决", "open") if decision.open else ""
    what = join([join([decision.what, mark], " "), small(decision.clause)], "<br>")
    listed = names(decision.who, TOP_UNITS) or "–"
    says = Cell(decision.says, name="reason")
    return Row([Cell(what, name="name"), listed, says, Cell(decision.act, name="act")], "open" if decision.open else "")


def _pending(book: ScoreBook) -> Iterable[Decision]:
    for key, group in book.groups.items():
        units = book.ranking(key)
        tied = [unit for unit in units if unit.grade == PENDING]
        if tied:
            places = group.quota - sum(unit.grade == book.top for unit in units)
            same, line = like_total(book, key, tied[0].total), f"恰在{group.name}{book.top}名额线上"
            says = f"总分同为 {same} 分，{line}，名额还剩 {max(0, places)} 个"
            act = f"从中审议确定 {places} 个{book.top}" if places > 0 else "登记其余单位的审议结论"
            found = _decision(f"{book.top}名额并列", tied, says, act, open_=True, settled=f"定稿时等次为{PENDING}")
            yield _otherwise_read(book, found, {unit.unit_id for unit in tied})


def _otherwise_read(book: ScoreBook, decision: Decision, tied: set[str]) -> Decision:
    """A tie, with the open readings that decide it by themselves."""
    turned = {
        policy.id: regraded(book, effect)
        for policy, effect in undecided(book)
        if any(
            shift.unit in tied and shift.grade != shift.grade_then for each in effect.options for shift in each.moved
        )
    }
    turns = dict.fromkeys(said for each in turned.values() for said in each)
    if not turns:
        return decision
    which = names(list(turned), MOST_DISPUTES, of="处")
    says = f"{decision.says}。办法未明的 {which} 换一种读法，这里自有结论：{'，'.join(turns)}"
    return replace(decision, says=says, turns=tuple(turns), otherwise=f"{which} 改判")


def _departures(book: ScoreBook) -> Iterable[Decision]:
    """Decisions that are not what points and places give."""
    for said in departures(book):
        yield _decision("审议决定与得分不一致", [], said, "核对审议决定", open_=True)


def _unseen(book: ScoreBook) -> Iterable[Decision]:
    """Points that a year lacks which nobody scored."""
    for said in book.unseen:
        act = "补上那一年的数据，或确认没有的按 0 计"
        yield _decision("要看的年份没有结果", [], said, act, open_=True, settled="按没有计")


def _unseparated(book: ScoreBook) -> Iterable[Decision]:
    """A tie that is none of the text's: digits ran out."""
    if book.unseparated:
        act = "核对计算式，确认按相等计"
        yield _decision("数分不出大小", [], says_unseparated(book), act, open_=True, settled="按相等计")


def _decided(book: ScoreBook) -> Iterable[Decision]:
    for unit in decided(book):
        yield _decision("审议决定", [unit], ruling_says(unit), "已决定，随结果公布")


def _missing(book: ScoreBook) -> Iterable[Decision]:
    found: dict[str, int] = {}
    for cell in book.cells:
        if cell.status == "missing" and book.tree[cell.indicator].missing == "refuse":
            found[cell.unit] = found.get(cell.unit, 0) + 1
    for unit in book.units:
        votes = len(missing_votes(book, unit))
        if votes:
            found[unit.unit_id] = found.get(unit.unit_id, 0) + votes
    if found:
        units = [book.unit(key) for key in found]
        says = f"涉及 {len(found)} 个单位、{sum(found.values())} 项得分，暂按 0 分计"
        yield _decision("缺数据", units, says, "催报；报齐前结果为暂定", open_=True, settled="按 0 分计")


def _vetoes(book: ScoreBook) -> Iterable[Decision]:
    for key, group in book.groups.items():
        units = book.ranking(key)
        line = top_line(book, units)
        for unit in units:
            if unit.vetoed:
                would = line is not None and lead(book, key, unit.total, line) >= 0 and entitled(book, unit)
                says = "；".join(filter(None, ["、".join(unit.vetoes), _place(unit, group.name)]))
                says += f"，总分 {amounts.total(book, unit)} 分" if unit.rated else ""
                says += f"，已达{book.top}线" if would else ""
                act = "，".join(["核实否决事项", *unit.effects])
                found = _decision("否决事项", [unit], says, act, open_=would, settled=f"未评为{book.top}")
                yield _if_it_falls(book, found, book.unvetoed.get(unit.unit_id, ())) if would else found


def _if_it_falls(book: ScoreBook, decision: Decision, shifts: Sequence[Shift]) -> Decision:
    """A veto, with what would be otherwise if it did not stand."""
    regraded = [shift for shift in shifts if shift.grade != shift.grade_then]
    if not regraded:
        return decision
    said = "，".join(regraded_says(book, shift.unit, [shift]) for shift in regraded)
    turns = tuple(f"{book.unit(shift.unit).name}变{shift.grade_then}" for shift in regraded)
    return replace(decision, says=f"{decision.says}。否决若不成立，{said}", turns=turns, otherwise="不成立")


def _readings(book: ScoreBook, found: Sequence[tuple[PolicyInForce, PolicyEffect]]) -> Iterable[Decision]:
    for policy, effect in found:
        yield Decision(
            f"办法未明（{policy.id}）：{policy.question}",
            tuple(unit.name for unit in who_changes(book, effect)),
            f"现按“{policy.says}”。{what_changes(book, effect)}",
            "确定采用哪一种读法",
            open=True,
            clause=policy.clause,
            settled="采用现在的读法",
            turns=regraded(book, effect),
        )


def _ranks_in_short(book: ScoreBook) -> Iterable[Decision]:
    found = ranks_change(book)
    if len(found) < 2:
        yield from _readings(book, found)
        return
    moved = {unit.unit_id for _, effect in found for unit in who_changes(book, effect)}
    listed = "；".join(f"{policy.id} {policy.question}" for policy, _ in found[:3])
    more = f"；等 {len(found)} 处" if len(found) > 3 else ""
    says = f"换一种读法，等次都不变，{len(moved)} 个单位的名次会变：{listed}{more}"
    what = f"办法另有 {len(found)} 处未明，只影响名次"
    yield _decision(what, [], says, "确认现用的读法", open_=True, settled="采用现用的读法")


def _disputed(book: ScoreBook) -> Iterable[Decision]:
    """Each by name, those that hold most points first; beyond a handful together."""
    found = sorted((cell for cell in book.cells if cell.status == "disputed"), key=lambda cell: -(cell.max_points or 0))
    for cell in found[:MOST_DISPUTES]:
        name = _item_name(book, cell.indicator, cell.unit)
        who = [book.unit(cell.unit)]
        says = said_of(book, cell)
        yield _decision(f"数据有争议：{name}", who, says, "裁定争议后重新评分", open_=True, settled=AS_HANDED_IN)
    rest = found[MOST_DISPUTES:]
    if rest:
        units = [book.unit(key) for key in dict.fromkeys(cell.unit for cell in rest)]
        says = f"另有 {len(rest)} 项得分所依据的数据有争议"
        yield _decision("其他有争议的数据", units, says, "裁定争议后重新评分", open_=True, settled=AS_HANDED_IN)


def _missed(book: ScoreBook) -> Iterable[Decision]:
    """Items rated full though a number that the text names was missed: one by one where the points could change a
    grade, the others to be noted together."""
    turning = {missed: edge for key in book.groups for edge, found in lines_of(book, key) for missed in found.missed}
    checks: dict[tuple[str, str], list[CheckResult]] = {}
    for check in missed_with_full_marks(book):
        checks.setdefault((check.indicator, check.unit), []).append(check)
    for found in [each for each in checks if each in turning][:MOST_DISPUTES]:
        says = f"{_short_of(checks.pop(found))}；这一项的分足以改变等次"
        what, act = f"未达标却评满分：{_item_name(book, *found)}", "核对评分，维持的写明理由"
        decision = _decision(what, [book.unit(found[1])], says, act, open_=True, settled="按评分人的分")
        yield _if_rated_less(book, decision, book.unit(found[1]), turning[found])
    if checks:
        listed = "；".join(f"{_item_name(book, *found)}：{_short_of(some)}" for found, some in checks.items())
        units = [book.unit(unit) for unit in dict.fromkeys(unit for _, unit in checks)]
        yield _decision("其他未达标却评满分的", units, listed, "核对评分", settled="按评分人的分")


def _if_rated_less(book: ScoreBook, decision: Decision, unit: UnitResult, edge: Edge) -> Decision:
    """A mark that may be too high, with who is in front where it is lower by what the unit is ahead."""
    if edge.role != "top" or edge.next is None or unit not in edge.inside:
        return decision
    by = amounts.apart(book, edge.group, unit.total, edge.next.total)
    return replace(decision, turns=(f"{edge.next.name}在前",), otherwise=f"{unit.name}少评超过 {by}")


def _short_of(checks: Sequence[CheckResult]) -> str:
    return "，".join(f"条文要求 {check.text}，实际 {says_value(check)}" for check in checks)


def _item_name(book: ScoreBook, item: str, unit: str) -> str:
    return f"{item.removeprefix(f'{unit}.')} {book.indicators[item].name}"


def _place(unit: UnitResult, group: str) -> str:
    return f"{group}第 {unit.rank} 名" if unit.rated else f"{group}，没有总分"


def _follows(book: ScoreBook, role: str) -> Iterable[Decision]:
    """What the scheme lets follow for some units; whether years before say so has to be known first."""
    last = [unit for unit in book.units if unit.last]
    back = repeating([book])
    if role == "bad" and back is not None and book.uncompared and last:
        act = f"先弄清这些单位{book.spoken.last}是否也排在末位"
        yield _decision(f"{back.name}未能认定", last, book.uncompared, act, open_=True, settled="没有认定")
    for name, info in book.follows.items():
        found = [unit for unit in book.units if unit.consequences.get(name)]
        if info.role != role or not info.act or not found:
            continue
        if role == "good":
            won = [each.says for unit in found for each in unit.awards if each.approved and each.about]
            about = [f"已申报并经{book.deciders}批准，与等次无关"] if info.name == book.award else [info.says]
            yield _decision(info.name, found, "；".join([*about, *won]), info.act)
            continue
        for unit in found:
            yield _decision(book.fail if info.failed else info.name, [unit], _why_bad(book, unit, name), info.act)


def _why_bad(book: ScoreBook, unit: UnitResult, name: str) -> str:
    info = book.follows[name]
    if info.back and unit.last:
        return f"{book.previous_year} 与 {year_said(book.year)}都排在{book.groups[unit.group].name}末位"
    if info.failed:
        decided = f"经审议定为{book.fail}" if unit.ruling or unit.fail_below else sentence(book, unit, info)
        line = (
            f"低于{book.fail}线 {like_total(book, unit.group, unit.fail_below, [unit.total])} 分"
            if below_line(unit)
            else decided
        )
        return f"总分 {amounts.total(book, unit, [unit.fail_below])} 分，{line}"
    return sentence(book, unit, info)


def _places(book: ScoreBook) -> Iterable[tuple[str, int, list[UnitResult], bool]]:
    """A group's name, quota, its best, and whether places stay free with nothing pending."""
    for key, group in book.groups.items():
        units = book.ranking(key) if group.quota else []
        best = [unit for unit in units if unit.grade == book.top]
        pending = any(unit.grade == PENDING for unit in units)
        yield group.name, group.quota, best, bool(units) and len(best) < group.quota and not pending


def _vacant(book: ScoreBook) -> Iterable[Decision]:
    for name, quota, best, vacant in _places(book):
        if vacant:
            says = f"{name}{book.top}名额 {quota} 个，评出 {len(best)} 个"
            free = f"空缺 {quota - len(best)} 个名额"
            yield _decision(f"{book.top}名额空缺", best, says, f"确认{free}", open_=True, settled=free)


def _best(book: ScoreBook) -> Iterable[Decision]:
    for name, quota, best, vacant in _places(book):
        if best and not vacant:
            yield _decision(f"{name}{book.top}", best, f"名额 {quota} 个，用 {len(best)} 个", "审议通过后公示")


def _decision(
    what: str, units: Iterable[UnitResult], says: str, act: str, *, open_: bool = False, settled: str = ""
) -> Decision:
    found = Decision(what, tuple(unit.name for unit in units), says, act, open_)
    return replace(found, settled=settled) if settled else found
