"""What the text asks of a unit beside points and mere numbers: own demands, time limits, innovation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kaohe.charts.evidence import says_value
from kaohe.charts.headings import section_heading
from kaohe.charts.html import Cell, Content, Head, Html, Row, badge, bullets, join, small, table
from kaohe.scoring.book import CheckResult, IndicatorInfo, ScoreBook
from kaohe.scoring.decided import Declared, says_declared
from kaohe.scoring.slicing import of_the_year


def demands_heading(book: ScoreBook) -> Html:
    """Over what the text demands beside the points; empty where it demands nothing."""
    words = (
        "条文在分值之外写的要求和期限；一项写了几个数字的，都达到才算达到（只写一个数字的见上表）。"
        "创新性工作写明有没有为它申报、是否认定。"
    )
    return section_heading("要求、期限与申报", words) if has_demands(book) else Html("")


@of_the_year
def has_demands(book: ScoreBook, key: str = "") -> bool:
    """Whether the text demands anything of anyone beside the points."""
    infos = book.indicators.values()
    return bool(book.checks) or any(info.note or info.due or info.innovative for info in infos)


def demands_table(book: ScoreBook, unit_id: str) -> Html:
    """Indicators and tasks with a demand, time limit or mark of their own, or with several numbers that are reached
    only together; those of one number stand with it in the table of checks."""
    if not has_demands(book):
        return Html("")
    declared = {task: each for each in book.unit(unit_id).declarations for task in each.tasks}
    rows = []
    for cell in book.cells_of(unit_id):
        info = book.indicators[cell.indicator]
        checks = [check for check in book.checks_of(unit_id) if check.indicator == info.id]
        if cell.applicable and (info.note or info.due or info.innovative or len(checks) > 1):
            rows.append(Row(_cells(book, unit_id, info, checks, declared), ""))
    heads = ["编号", "指标", Head("要求", wide=True), "期限", "是否都达到"]
    return table(heads, rows, sortable=False, empty="条文没有写另外的要求。")


def _cells(
    book: ScoreBook, unit_id: str, info: IndicatorInfo, checks: Sequence[CheckResult], declared: dict[str, Declared]
) -> list[Cell | Content]:
    marks = [badge("创新性工作")] if info.innovative else []
    said = _declared(info, declared, book.unit(unit_id).declarations) if info.innovative else ""
    return [
        Cell(info.id.removeprefix(f"{unit_id}."), name="tight"),
        Cell(join([join([info.name, *marks], " "), small(said)], "<br>"), name="name"),
        Cell(join([info.note, *map(_says, checks)], "<br>"), name="reason"),
        join([due.says for due in info.due], "<br>") or "–",
        state(checks),
    ]


def _declared(info: IndicatorInfo, declared: dict[str, Declared], made: Iterable[Declared]) -> str:
    """What was declared for a task marked innovative."""
    if info.id in declared:
        return f"申报：{says_declared(declared[info.id])}"
    return "有申报，没有写明是否为它" if any(info.id in each.marked for each in made) else "没有为它申报"


def _says(check: CheckResult) -> str:
    return f"{check.text}（{'实际 ' if check.value is not None else ''}{says_value(check)}）"


def state(checks: Iterable[CheckResult]) -> Content:
    """Of a whole indicator: reached only where every number that the text names is."""
    found = [check.met for check in checks]
    if not found:
        return "–"
    if False in found:
        return badge("未达到", "fail")
    return badge("未上报", "open") if None in found else badge("达到")


def declarations_list(book: ScoreBook, unit_id: str) -> Html:
    """The unit's declarations, that of innovative work with the tasks it is made for."""
    return bullets(_declarations(book, unit_id))


def _declarations(book: ScoreBook, unit_id: str) -> Iterator[str]:
    for each in book.unit(unit_id).declarations:
        tasks = "、".join(
            f"{task.removeprefix(f'{unit_id}.')} {book.indicators[task].name}" for task in each.tasks or each.marked
        )
        meant = f"；对应标为创新性工作的 {tasks}" if each.tasks else ""
        if each.marked:
            meant = f"；名称里没有写明对应哪一项标为创新性工作的任务（{tasks}）"
        yield f"申报{says_declared(each)}{meant}。"
