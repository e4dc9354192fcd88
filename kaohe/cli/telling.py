"""Findings and what is lacking, as lines: by cause and in the terminal's width, or each on a line of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kaohe.cli.wrapping import wrapped

if TYPE_CHECKING:
    from kaohe.intake.findings import Finding, Missing

Line = tuple[str, str]
"""A text and its style."""

STYLES = {"error": "red", "warning": "yellow", "advisory": "cyan"}
FEW_ROWS, FEW_PLACES, FEW_UNITS = 4, 5, 6
"""Rows of a place, places of a cause, and units without an input that are named; the rest is counted."""

LONGEST_VALUE = 24


ASKED = ("no-achievements", "unit-without-rows")
"""Findings about lists that may have been forgotten: nobody counts them as missing."""

FINDING = ("级别", "文件", "工作表", "行", "列", "值", "问题", "应为")
LACKING = ("应报{}", "单位", "指标", "所缺")
"""Heads of what is lacking; the first is filled with what those are called who hand in."""


def open_warnings(findings: Iterable[Finding], year: str, *, asked_only: bool = False) -> str:
    """`警告 3 处，其中待问 1 处（某处没有报一项成果 …）：kaohe check …`; empty where there is nothing to say."""
    warnings = [each for each in findings if each.severity == "warning"]
    asked = [each for each in warnings if each.code in ASKED]
    if not warnings or (asked_only and not asked):
        return ""
    more = " 等" if len(asked) > 1 else ""
    about = f"，其中待问 {len(asked)} 处（{asked[0].message}{more}）" if asked else ""
    return f"警告 {sum(each.times for each in warnings)} 处{about}：kaohe check {year} 逐条列出"


def finding_rows(findings: Iterable[Finding]) -> list[list[str]]:
    """A row a finding, under the heads FINDING."""
    from kaohe.intake.findings import SEVERITY_NAMES

    return [
        [SEVERITY_NAMES[each.severity], each.file, each.sheet, str(each.row or ""), each.column, each.value,
         each.problem, each.expected]
        for each in findings
    ]  # fmt: skip


def each_finding(findings: Iterable[Finding], width: int) -> Iterator[Line]:
    """Every finding by itself, with all it has."""
    from kaohe.intake.findings import SEVERITY_NAMES

    for each in findings:
        yield from _lines(f"{SEVERITY_NAMES[each.severity]} {each}", width, STYLES[each.severity])


def by_cause(findings: Iterable[Finding], names: Mapping[str, str], width: int) -> Iterator[Line]:
    """An entry a cause: what is wrong, what was expected, and where."""
    from kaohe.intake.findings import SEVERITY_NAMES
    from kaohe.intake.grouping import grouped

    for group in grouped(findings, names):
        count = f"（{group.times} 处）" if group.times > 1 else ""
        head = f"{SEVERITY_NAMES[group.severity]}　{group.message}{count}"
        yield from _lines(head, width, STYLES[group.severity])
        if group.expected:
            yield from _lines(f"{'应为' if group.alike else '应为（第一处）'}：{group.expected}", width, "", "  ")
        places = list(group.by_place.items())
        for place, found in places[:FEW_PLACES]:
            if said := _place(place, found):
                yield from _lines(said, width, "", "  ")
        if left := sum(each.times for _, found in places[FEW_PLACES:] for each in found):
            yield "  " + f"……另有 {len(places) - FEW_PLACES} 个文件或列，{left} 处", ""


def hides(findings: Iterable[Finding]) -> bool:
    """Whether some cells are counted, not named, when told by cause."""
    from kaohe.intake.grouping import grouped

    return any(
        len(group.by_place) > FEW_PLACES or any(len(found) > FEW_ROWS for found in group.by_place.values())
        for group in grouped(findings)
    )


def _place(place: tuple[str, str, str], found: Sequence[Finding]) -> str:
    """`财务处.xlsx 工作表“指标数据” “数值”列：第 3 行（93.24）、第 5 行（94.12）等 45 处`."""
    file, sheet, column = place
    where = " ".join(
        part for part in (file, f"工作表“{sheet}”" if sheet else "", f"“{column}”列" if column else "") if part
    )
    rows = [_row(each) for each in found]
    named = [row for row in rows if row][:FEW_ROWS]
    count = sum(each.times for each in found)
    more = f"等 {count} 处" if named and count > len(named) else ""
    return "：".join(filter(None, (where, "、".join(named) + more)))


def _row(each: Finding) -> str:
    value = each.value if len(each.value) <= LONGEST_VALUE else f"{each.value[:LONGEST_VALUE]}…"
    if each.row is None:
        return value
    return f"第 {each.row} 行（{value}）" if value else f"第 {each.row} 行"


def missing_rows(missing: Iterable[Missing], names: Mapping[str, str], metrics: Mapping[str, str]) -> list[list[str]]:
    """A row an input that is lacking, under the heads LACKING."""
    from kaohe.intake.findings import by_input

    return [
        [each.office, f"{each.unit} {names.get(each.unit, '')}".strip(),
         "、".join(one.indicator for one in (each, *others)), metrics.get(each.what, each.what)]
        for each, *others in by_input(missing).values()
    ]  # fmt: skip


def missing_by_office(
    missing: Iterable[Missing], names: Mapping[str, str], metrics: Mapping[str, str], width: int
) -> Iterator[Line]:
    """An office, and what it owes of whom."""
    from kaohe.intake.grouping import grouped_missing

    last = None
    for (office, _, what), found in sorted(grouped_missing(missing).items(), key=lambda item: item[0][0]):
        if office != last:
            yield office or "（没有写明由谁填报）", "bold"
            last = office
        units = [f"{each.unit} {names.get(each.unit, '')}".strip() for each in found]
        more = f" 等 {len(units)} 个单位" if len(units) > FEW_UNITS else ""
        said = f"{metrics.get(what, what)}：{'、'.join(units[:FEW_UNITS])}{more}"
        yield from _lines(said, width, "", "  ")


def record(heads: Sequence[str], cells: Sequence[str], named: int, width: int) -> Iterator[Line]:
    """A row that no terminal has room for: what it is about, its first cells, then each of the others by its head."""
    yield from _lines("　".join(filter(None, cells[:named])), width, "bold")
    for head, cell in zip(heads[named:], cells[named:], strict=True):
        if cell:
            yield from _lines(f"{head}：{cell}", width, "", "  ")


def _lines(text: str, width: int, style: str, indent: str = "") -> Iterator[Line]:
    for line in wrapped(text, width - len(indent), indent="    "):
        yield indent + line, style
