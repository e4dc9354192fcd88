"""What the leading group has to decide, or to take note of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kaohe.charts.html import Html, Row, badge, join, table
from kaohe.charts.ranking import excellent_line
from kaohe.charts.saying import two
from kaohe.scoring.book import ScoreBook, UnitResult


def decisions_table(book: ScoreBook) -> Html:
    """What the leading group has to decide or take note of; open decisions first."""
    rows = [
        *_pending(book),
        *_vetoes(book),
        *_unsure(book),
        *_failing(book),
        *_last(book),
        *_quota(book),
        *_awards(book),
    ]
    rows.sort(key=lambda row: not row.name)
    return table(["事项", "单位", "情况", "要做的事"], rows, sortable=False, empty="没有需要审议的事项。")


def _pending(book: ScoreBook) -> Iterable[Row]:
    for key, group in book.groups.items():
        units = book.ranking(key)
        tied = [unit for unit in units if unit.grade == "待审议"]
        if tied:
            places = group.quota - sum(unit.grade == "优秀" for unit in units)
            says = f"总分同为 {two(tied[0].total)} 分，恰在{group.name}优秀名额线上，名额还剩 {places} 个"
            yield _decision("优秀名额并列", tied, says, f"从中审议确定 {places} 个优秀", open_=True)


def _vetoes(book: ScoreBook) -> Iterable[Row]:
    for key, group in book.groups.items():
        units = book.ranking(key)
        line = excellent_line(units)
        for unit in units:
            if unit.vetoed:
                would = line is not None and unit.total >= line and unit.declared
                says = f"{group.name}第 {unit.rank} 名，总分 {two(unit.total)} 分" + ("，已达优秀线" if would else "")
                yield _decision("否决事项", [unit], says, "核实否决事项，不得评为优秀", open_=would)


def _unsure(book: ScoreBook) -> Iterable[Row]:
    for status, name, act in (
        ("missing", "缺数据", "催报；报齐前结果为暂定"),
        ("disputed", "数据有争议", "裁定争议后重新评分"),
    ):
        found: dict[str, int] = {}
        for cell in book.cells:
            if cell.status == status:
                found[cell.unit] = found.get(cell.unit, 0) + 1
        for unit in book.units:
            votes = (unit.ballot_status, unit.leader_status).count(status)
            if votes:
                found[unit.unit_id] = found.get(unit.unit_id, 0) + votes
        if found:
            units = [book.unit(key) for key in found]
            says = f"涉及 {len(found)} 个单位、{sum(found.values())} 项得分"
            yield _decision(name, units, says, act, open_=True)


def _failing(book: ScoreBook) -> Iterable[Row]:
    for unit in book.units:
        if unit.rectify:
            says = f"总分 {two(unit.total, [unit.fail_below])} 分，低于不合格线 {two(unit.fail_below, [unit.total])} 分"
            yield _decision("不合格", [unit], says, "下达限期整改通知，不发放奖励性绩效工资（2）")


def _last(book: ScoreBook) -> Iterable[Row]:
    for unit in book.units:
        if unit.last_two_years:
            name = book.groups[unit.group].name
            says = f"{book.previous_year} 与 {book.year} 学年都排在{name}末位"
            yield _decision("连续两年末位", [unit], says, "通报批评")


def _quota(book: ScoreBook) -> Iterable[Row]:
    for key, group in book.groups.items():
        units = book.ranking(key)
        best = [unit for unit in units if unit.grade == "优秀"]
        free = group.quota - len(best)
        if units and free > 0 and not any(unit.grade == "待审议" for unit in units):
            says = f"{group.name}优秀名额 {group.quota} 个，评出 {len(best)} 个"
            yield _decision("优秀名额空缺", best, says, f"确认空缺 {free} 个名额", open_=True)
        elif best:
            yield _decision(f"{group.name}优秀", best, f"名额 {group.quota} 个，用 {len(best)} 个", "审议通过后公示")


def _awards(book: ScoreBook) -> Iterable[Row]:
    found = [unit for unit in book.units if unit.outstanding_award]
    if found:
        yield _decision("突出贡献奖", found, "已申报并经领导小组批准，与等次无关", "随结果公布")


def _decision(what: str, units: Sequence[UnitResult], says: str, act: str, *, open_: bool = False) -> Row:
    mark = badge("待决", "open") if open_ else ""
    who = [unit.name for unit in units]
    listed = "、".join(who[:8]) + (f" 等 {len(who)} 个" if len(who) > 8 else "")
    return Row([join([what, mark], " "), listed or "–", says, act], "open" if open_ else "")
