"""What intake found in a year: findings with their places, and who has not handed in what."""

from __future__ import annotations

from collections import Counter

from kaohe.analysis.checked import CheckedYear
from kaohe.charts.headings import heading
from kaohe.charts.html import Cell, Content, Head, Html, Row, badge, bullets, join, small, table
from kaohe.scheme.years import year_said

SEVERITY_BADGES = {"error": "fail", "warning": "open", "advisory": "pass"}
KINDS = {"metric": "指标数据", "rating": "评分"}
"""What is lacking, by its kind; votes go by their own names."""


def check_heading(checked: CheckedYear) -> Html:
    return heading(year_said(checked.year), (_verdict(checked),), checked)


def _verdict(checked: CheckedYear) -> str:
    if errors := checked.counts["error"]:
        return f"有 {errors} 处错误，改正之前不能评分"
    if checked.missing:
        return f"数据没有错误，但尚缺 {len(checked.lacking)} 项，报齐之前只能暂定评分"
    return "数据齐全，没有错误，可以评分"


def check_findings(checked: CheckedYear) -> Html:
    """The counts in sentences, and the files with most to mend."""
    told = [f"{checked.called(severity)} {count} 处" for severity, count in checked.counts.items()]
    found: list[Content] = [f"共发现{'、'.join(told)}。" if checked.findings else "没有发现任何问题。"]
    files: Counter[str] = Counter()
    for finding in checked.of("error"):
        files[finding.file] += finding.times if finding.file else 0
    if files := +files:
        found.append(f"错误最多的文件：{'、'.join(f'{name}（{count} 处）' for name, count in files.most_common(3))}。")
    if checked.missing:
        offices = Counter(each.office for each, *_ in checked.lacking)
        listed = "、".join(f"{name}（{count} 项）" for name, count in offices.most_common(4))
        found.append(f"尚缺 {len(checked.lacking)} 项，涉及 {len(offices)} 个{checked.office}：{listed}。")
    else:
        found.append("适用的数据都已上报。")
    return bullets(found)


def findings_table(checked: CheckedYear, severity: str) -> Html:
    """Findings of one severity: where, what stands there, what was expected."""
    found = checked.of(severity)
    offices = any(finding.office for finding in found)
    rows = []
    for finding in found:
        place: list[Cell | Content] = [
            join([finding.file, small(f"工作表“{finding.sheet}”") if finding.sheet else ""], " "),
            Cell(str(finding.row or ""), sort=finding.row or 0, number=True),
            finding.column,
            finding.value,
        ]
        said = [
            Cell(finding.message, name="wide"),
            Cell(finding.expected, name="act"),
            *([finding.office] if offices else []),
        ]
        rows.append([badge(checked.called(finding.severity), SEVERITY_BADGES[finding.severity]), *place, *said])
    heads = ["级别", "文件", Head("行", number=True), "列", "现为", "问题", "应为", *(["由谁处理"] if offices else [])]
    return table(heads, rows, empty=f"没有{checked.called(severity)}。")


def offices_table(checked: CheckedYear) -> Html:
    """Who owes how much: a row an office."""
    rows = []
    for office, count in Counter(each.office for each, *_ in checked.lacking).most_common():
        owed = [each for each, *_ in checked.lacking if each.office == office]
        kinds = Counter(KINDS.get(each.kind, each.what) for each in owed)
        units = list(dict.fromkeys(each.unit for each in owed))
        named = "、".join(checked.units.get(unit, unit) for unit in units[:8])
        more = f" 等 {len(units)} 个" if len(units) > 8 else ""
        rows.append(
            [
                office,
                Cell(str(count), sort=count, number=True),
                "、".join(f"{kind} {times}" for kind, times in kinds.items()),
                named + more,
            ]
        )
    heads = [f"应报{checked.office}", Head("尚缺", number=True), "种类", "涉及单位"]
    return table(heads, rows, empty=f"各{checked.office}都已报齐。")


def missing_table(checked: CheckedYear) -> Html:
    """Every input that applies and has not been handed in, with the indicators that ask for it."""
    rows = [
        Row(
            [
                each.office,
                checked.unit_name(each.unit),
                "、".join(f"{one.indicator} {checked.indicators.get(one.indicator, '')}".strip() for one in same),
                KINDS.get(each.kind, each.what),
                join([checked.metrics.get(each.what, each.what), small(each.what)], " ")
                if each.kind == "metric"
                else each.what,
            ]
        )
        for same in checked.lacking
        for each in same[:1]
    ]
    return table([f"应报{checked.office}", "单位", "指标", "种类", "所缺"], rows, empty="没有缺项。")
