"""What the explorer says beside its fields, as HTML."""

from __future__ import annotations

from fractions import Fraction

from kaohe.analysis.grades import grade_kinds
from kaohe.analysis.scenario import Change
from kaohe.analysis.scenario import said as change_said
from kaohe.charts import amounts
from kaohe.charts.headings import banner
from kaohe.charts.html import Html, bullets, grade, join, text
from kaohe.charts.stability import said
from kaohe.explorer.evidence import TOTAL
from kaohe.explorer.selection import ALL, Selection
from kaohe.explorer.workbench import Workbench
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.components import components, item_name
from kaohe.scoring.explanation import Paragraph, explain, explain_result


def headline(bench: Workbench, selection: Selection) -> Html:
    """The unit at a glance, what-if beside real."""
    book, real = bench.book, bench.base.book
    now, then = book.unit(selection.unit), real.unit(selection.unit)
    of = len(book.rated(selection.group))
    rank, total = text("–"), text("–")
    if now.rated:
        rank = _was(f"{now.rank} / {of}", f"{then.rank}", then.rank - now.rank if then.rated else 0)
        total = _was(
            amounts.total(book, now, [then.total]), amounts.total(book, then, [now.total]), now.total - then.total
        )
    facts = [
        _fact("名次", rank),
        _fact("总分", total),
        *([_fact("等次", _grade_was(book, now, then))] if book.grading else []),
        *_steady(bench, selection.unit),
    ]
    mark = banner(book)
    what = f"试算：{bench.scenario.size} 处改动" if bench.scenario.size else "真实数据，尚无改动"
    state = Html(f'<span class="kh-x-state{" kh-x-on" if bench.scenario.size else ""}">{text(what)}</span>')
    return Html(
        f'<div class="kh kh-x-head"><span class="kh-x-name">{text(now.name)}</span>'
        f"{join(facts)}<span class='kh-x-right'>{state}{mark}</span></div>"
    )


def _grade_was(book: ScoreBook, now: UnitResult, then: UnitResult) -> Html:
    mark = grade(now.grade, grade_kinds(book))
    return join([mark, f"（原{then.grade}）" if now.grade != then.grade else ""])


def _steady(bench: Workbench, unit: str) -> list[Html]:
    """How steady the rank is, where that was asked."""
    found = bench.known_stability
    each = found.units.get(unit) if found else None
    return [Html(f'<span class="kh-x-steady">{text(said(each))}</span>')] if each else []


def _fact(name: str, value: str) -> Html:
    return Html(f'<span class="kh-x-fact"><small>{text(name)}</small><b>{text(value)}</b></span>')


def _was(now: str, then: str, gained: Fraction | int) -> Html:
    if not gained:
        return text(now)
    up = gained > 0
    arrow = f'<em class="{"kh-x-up" if up else "kh-x-down"}">{"▲" if up else "▼"} 原 {text(then)}</em>'
    return Html(f"{text(now)} {arrow}")


def explanation(bench: Workbench, selection: Selection) -> Html:
    """How the chosen points come about; where they are other than by the real data, both."""
    found = _paragraphs(bench.book, selection)
    parts = [_paragraph(each) for each in found]
    return Html(f'<div class="kh kh-x-why">{_both(bench, selection)}{join(parts)}</div>')


def _both(bench: Workbench, selection: Selection) -> Html:
    key = (selection.unit, selection.indicator)
    now, then = bench.book.points.get(key), bench.base.book.points.get(key)
    if not selection.indicator or now is None or then is None or now == then:
        return Html("")
    sign = "up" if now > then else "down"
    ends = ((then, now), (now, then))
    shown = [amounts.points(bench.book, selection.indicator, one, [other]) for one, other in ends]
    says = f"真实数据 {shown[0]} 分 → 试算 {shown[1]} 分（{amounts.gain(bench.book, now - then)}）"
    return Html(f'<p class="kh-x-{sign} kh-x-both">{"▲" if sign == "up" else "▼"} {text(says)}</p>')


def _paragraphs(book: ScoreBook, selection: Selection) -> list[Paragraph]:
    if selection.indicator:
        return explain(book, selection.unit, selection.indicator)
    whole = selection.component in (TOTAL, ALL)
    wanted = ("总分", "等次", *_above(book, selection.group)) if whole else (item_name(book, selection.component),)
    return [each for each in explain_result(book, selection.unit) if each.title.startswith(wanted)]


def _above(book: ScoreBook, group: str) -> list[str]:
    """What components are parts of, between them and the total."""
    score = book.groups[group].score
    found = dict.fromkeys(book.tree[name].parent for name in components(book, group) if name != score)
    return [item_name(book, name) for name in found if name not in (None, score) and name is not None]


def _paragraph(paragraph: Paragraph) -> Html:
    return Html(f"<h4>{text(paragraph.title)}</h4>{bullets(paragraph.lines)}")


def change_line(change: Change, bench: Workbench) -> Html:
    """One change of the list, unit by name."""
    unit = bench.book.unit(change.unit).name if bench.book.has_unit(change.unit) else ""
    return Html(
        f'<span class="kh kh-x-change"><b>{text(unit)}</b> {text(change_said(change, bench.base.words))}</span>'
    )


def policy_line(name: str, bench: Workbench) -> Html:
    policy = bench.base.scheme.policy[name]
    now = next(each for each in bench.book.policies if each.name == name)
    then = next(each for each in bench.base.book.policies if each.name == name)
    says = f"读法 {policy.id} {policy.question}：{then.says} → {now.says}"
    return Html(f'<span class="kh kh-x-change">{text(says)}</span>')


def note(words: str, kind: str = "") -> Html:
    """A message; a refusal is read out at once."""
    if not words:
        return Html("")
    role = "alert" if kind == "wrong" else "status"
    return Html(f'<div class="kh kh-x-note{f" kh-x-{kind}" if kind else ""}" role="{role}">{text(words)}</div>')


def copied(inside: Html) -> Html:
    """A table with a button that puts it on the clipboard as Excel takes it; nothing where there is no table."""
    if "<table" not in inside:
        return inside
    button = '<button type="button" class="kh-x-copy" title="复制后在 Excel 中粘贴；数字是纯数字">复制表格</button>'
    return Html(f'<div class="kh-x-copied">{button}{inside}</div>')
