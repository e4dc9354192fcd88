"""Numbers the text names held against what was handed in, and points that may still change."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaohe.charts import amounts
from kaohe.charts.html import STATUS_BADGES, Cell, Head, Html, Row, badge, join, number, paragraph, table
from kaohe.charts.notation import plain
from kaohe.scoring.book import CheckResult, ScoreBook
from kaohe.scoring.cells import STATUS_NAMES, ScoreCell
from kaohe.scoring.components import missing_votes


def missed_with_full_marks(book: ScoreBook, unit_id: str = "") -> list[CheckResult]:
    """Checks that were not met under an indicator rated full; of one unit where it is named."""
    checks = book.checks_of(unit_id) if unit_id else book.checks
    return [check for check in checks if check.met is False and not _cell_of(book, check).lost]


def missed_table(book: ScoreBook) -> Html:
    """Numbers the text names that were missed although the rating is full; empty where it names none."""
    if not book.checks:
        return Html("")
    rows = [_check_row(book, check, with_unit=True) for check in missed_with_full_marks(book)]
    heads = ["单位", "编号", "指标", "条文要求", Head("实际", number=True), Head("得分 / 满分", number=True)]
    return table(heads, rows, empty="没有发现“指标没有达到却评了满分”的情况。")


def checks_table(book: ScoreBook, unit_id: str) -> Html:
    """A unit's numeric checks and targets beside what was handed in; below them what was not."""
    rows = []
    short = {(check.indicator, check.metric) for check in book.checks_of(unit_id) if check.met is False}
    reported = [check for check in book.checks_of(unit_id) if check.met is not None]
    lacking = [check for check in book.checks_of(unit_id) if check.met is None]
    for check in sorted(reported, key=lambda check: bool(check.met)):
        row = _check_row(book, check, with_unit=False)
        rows.append(Row([*row.cells, _state(check, partly=(check.indicator, check.metric) in short)], row.name))
    heads = ["编号", "指标", "条文要求", Head("实际", number=True), Head("得分 / 满分", number=True), "是否达到"]
    found = table(heads, rows, empty="没有已上报而可以核对的数字。" if lacking else "没有可以核对的数字要求。")
    return join([found, paragraph(_listed(unit_id, lacking))]) if lacking else found


def _listed(unit_id: str, checks: Sequence[CheckResult]) -> str:
    """What was not reported, in one sentence: a row each would say nothing else."""
    said = "；".join(f"{check.indicator.removeprefix(f'{unit_id}.')} {check.text}" for check in checks)
    return f"未上报的 {len(checks)} 处：{said}。"


def _state(check: CheckResult, *, partly: bool) -> Html:
    """`partly`: the text asks more of the same figure, and that was missed."""
    if check.met is None:
        return badge("未上报", "open")
    if not check.met:
        return badge("未达到", "fail")
    return badge("仅达到此条", "open") if partly else badge("达到")


def unsure_table(book: ScoreBook) -> Html:
    """Points that may still change: missing inputs scored 0 for now, disputed evidence."""
    rows = [
        [
            book.unit(cell.unit).name,
            Cell(cell.indicator.removeprefix(f"{cell.unit}."), name="tight"),
            book.indicators[cell.indicator].name,
            badge(STATUS_NAMES[cell.status], STATUS_BADGES[cell.status]),
            number(cell.points, [cell.max_points or Fraction(0)], book.decimals(cell.indicator)),
            number(cell.max_points),
            Cell(cell.sentences[-1].text if cell.sentences else "", name="reason"),
        ]
        for cell in sorted(book.cells, key=lambda cell: cell.status != "missing")
        if cell.status in STATUS_BADGES
    ]
    rows += [
        [
            unit.name,
            "",
            book.votes[name].name,
            badge(STATUS_NAMES["missing"], "fail"),
            number(Fraction(0)),
            "",
            "尚未上报，暂按 0 分计",
        ]
        for unit in book.units
        for name in missing_votes(book, unit)
    ]
    heads = [
        "单位", "编号", "指标", "状态", Head("得分", number=True), Head("满分", number=True), Head("说明", wide=True),
    ]  # fmt: skip
    return table(heads, rows, empty="没有缺失或有争议的数据。")


def _check_row(book: ScoreBook, check: CheckResult, *, with_unit: bool) -> Row:
    cell = _cell_of(book, check)
    full, points = cell.max_points or Fraction(0), cell.points or Fraction(0)
    return Row(
        [
            *([book.unit(check.unit).name] if with_unit else []),
            Cell(check.indicator.removeprefix(f"{check.unit}."), name="tight"),
            book.indicators[check.indicator].name,
            check.text,
            _value(check),
            Cell(
                f"{amounts.points(book, check.indicator, points, [full])} / {plain(full)}",
                sort=float(points),
                number=True,
            ),
        ],
        "open" if check.met is False and not cell.lost else "",
    )


def _value(check: CheckResult) -> Cell:
    """What was handed in, in the unit of its requirement."""
    if check.value is None:
        return Cell(says_value(check), sort=float("-inf"), number=True, name="none")
    return Cell(says_value(check), sort=float(check.value), number=True)


def says_value(check: CheckResult) -> str:
    """What was handed in: `86%` of `… ≥ 85%`."""
    if check.value is None:
        return "未上报"
    return f"{plain(check.value * 100)}%" if check.text.endswith("%") else plain(check.value)


def _cell_of(book: ScoreBook, check: CheckResult) -> ScoreCell:
    return book.cell(check.unit, check.indicator)
