"""The method page: what counts how much, how every indicator is scored, and the readings in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from kaohe.charts.beside import shown_parts
from kaohe.charts.headings import section_heading
from kaohe.charts.html import Cell, Content, Head, Html, Row, badge, bullets, fold, join, paragraph, small, table
from kaohe.charts.notation import plain
from kaohe.charts.parts import component_in
from kaohe.charts.policies import MOST_NAMED, fail_line_room, option_changes
from kaohe.charts.tables import ORIGINS
from kaohe.scoring.book import (
    CheckInfo,
    GroupInfo,
    IndicatorInfo,
    PolicyEffect,
    PolicyInForce,
    ScoreBook,
)
from kaohe.scoring.components import (
    all_components,
    categories_of,
    component_of,
    components,
    full_of,
    is_sum,
    item_name,
    weight_of,
)

COMBINED = {
    "sum": "各部分相加",
    "mean": "各部分的平均",
    "geometric_mean": "各部分的几何平均",
    "product": "各部分相乘",
    "best": "各部分中最高的",
    "worst": "各部分中最低的",
    "median": "各部分的中位数",
    "first": "各部分中第一个有数的",
}


def components_table(book: ScoreBook) -> Html:
    """The parts of the total with their full marks, a column a group."""
    groups = list(book.groups)
    shown = {group: shown_parts(book, group) for group in groups}
    named = dict.fromkeys(name for name in (*all_components(book), *sum(shown.values(), ())))
    rows: list[Row | Sequence[Cell | Content]] = [
        _component(item_name(book, name), [_group_full(book, group, name) for group in groups])
        for name in named
        if any(name in shown[group] for group in groups)
    ]
    ways = [book.tree[info.score].combine if info.score in book.tree else "sum" for info in book.groups.values()]
    if any(way != "sum" for way in ways):
        rows.append(["总分怎样得出", *(COMBINED[way] for way in ways)])
    rows.append(Row(_component("总分", [info.full or None for info in book.groups.values()]), "section"))
    if any(info.quota for info in book.groups.values()):
        rows.append(_component(f"{book.top}名额", [Fraction(info.quota) for info in book.groups.values()]))
    heads = (Head(info.name, number=True) for info in book.groups.values())
    return table(["部分", *heads], rows, sortable=False)


def _group_full(book: ScoreBook, group: str, name: str) -> Fraction | None:
    """A part's printed full mark for a group, as it counts; None where it has no such part."""
    if name not in shown_parts(book, group):
        return None
    units = (unit for unit in book.units if unit.group == group)
    found = (full for unit in units if (full := full_of(book, unit, name)) is not None)
    full = next(found, None) if name in book.indicators else book.groups[group].fulls.get(name)
    return full * weight_of(book, name, group) if full is not None and is_sum(book, group) else full


def _component(name: str, fulls: Sequence[Fraction | None]) -> list[Cell | Content]:
    return [name, *(_full(full) for full in fulls)]


def _full(full: Fraction | None) -> Cell:
    return Cell(plain(full), number=True) if full is not None else Cell("–", number=True, name="none")


def votes_note(book: ScoreBook) -> Html:
    """How the votes give points; once where all groups count them alike."""
    found: dict[tuple[str, tuple[str, ...]], list[GroupInfo]] = {}
    for item, info in book.votes.items():
        for group in book.groups.values():
            found.setdefault((info.name, group.how.get(item, ())), []).append(group)
    every = len(book.groups)
    return bullets(
        f"{name}{'' if len(groups) == every else f'（{_listed(group.name for group in groups)}）'}：{'；'.join(how)}。"
        for (name, how), groups in found.items()
        if how
    )


def sections_heading(book: ScoreBook) -> Html:
    """Over the tables of headings by category; empty where there are none."""
    if not any(sections_table(book, group) for group in book.groups):
        return Html("")
    return section_heading("各类单位的满分", "适用的指标较少的单位满分也较小，怎样折算见下面的读法。")


def sections_table(book: ScoreBook, group: str) -> Html:
    """Heading × category: the full mark of what applies, beside the printed one."""
    categories = _categories(book, group)
    if len(categories) < 2:
        return Html("")
    rows: list[Row] = []
    for component in components(book, group):
        mine = [
            section
            for section in book.sections
            if section.id != component and component_of(book, section.id, group) == component
            if any(_marks(book, section.id, key) for key in categories)
        ]
        if not mine:
            continue
        marks = {section.id: [_marks(book, section.id, key) for key in categories] for section in mine}
        sums = [sum((row[place] for row in marks.values()), Fraction(0)) for place in range(len(categories))]
        full = _group_full(book, group, component)
        rows.append(Row([item_name(book, component), _full(full), *(_full(each) for each in sums)], "section"))
        for section in mine:
            shown = [_full(each or None) for each in marks[section.id]]
            rows.append(Row([section.name, _full(section.full or None), *shown]))
    heads = ["部分", Head("条文注明", number=True), *(Head(book.categories[key], number=True) for key in categories)]
    return table(heads, rows, caption="各类单位的满分（适用指标相加）", sortable=False)


def _categories(book: ScoreBook, group: str) -> list[str]:
    """The group's categories that some indicator applies to, in the scheme's order."""
    found, score = set(components(book, group)), book.groups[group].score
    if found == {score}:
        return [key for key in book.categories if key in categories_of(book, group)]
    mine = [info for info in book.indicators.values() if component_of(book, info.id, group) in found]
    elsewhere = frozenset().union(*(categories_of(book, other) for other in book.groups if other != group))
    return [key for key in book.categories if key not in elsewhere and any(key in info.fulls for info in mine)]


def _marks(book: ScoreBook, section: str, category: str) -> Fraction:
    mine = [info for info in book.indicators.values() if info.section == section]
    return sum((info.fulls.get(category) or Fraction(0) for info in mine), Fraction(0))


def indicators_by_section(book: ScoreBook) -> Html:
    """Every indicator units share: full mark, for whom, how it is scored, who supplies it; a fold a heading."""
    shared = [info for info in book.indicators.values() if not _own(book, info)]
    categories = [key for key in book.categories if any(key in info.fulls for info in shared)]
    folds, source = [], f"提供{book.office}与条款"
    for section in book.sections:
        mine = [info for info in shared if info.section == section.id]
        if mine:
            above = component_in(book, section.id)
            parts = [item_name(book, above)] if above not in ("", section.id) else []
            parts += [f"{len(mine)} 项", *([f"{plain(section.full)} 分"] if section.full else [])]
            count = " · ".join(parts)
            rows = [_indicator(book, info, categories) for info in mine]
            heads = ("编号", "指标", Head("满分", number=True), "适用", Head("怎样计分", wide=True), source)
            folds.append(fold(join([section.name, small(count)], "　"), table(heads, rows, sortable=False)))
    return join(folds)


def _own(book: ScoreBook, info: IndicatorInfo) -> bool:
    """Whether it is one unit's alone."""
    return book.tree[info.id].unit is not None


def _indicator(book: ScoreBook, info: IndicatorInfo, categories: Sequence[str]) -> Row:
    return Row(
        [
            Cell(info.id, name="tight"),
            Cell(join([info.name, small(info.note)], "<br>"), name="name"),
            _span(info),
            _applies(book, info, categories),
            Cell(join([*info.how, *_asked(info)], "<br>"), name="reason"),
            join([info.office, small(info.clause)], "<br>"),
        ],
        anchor=info.id,
    )


def _span(info: IndicatorInfo) -> Cell:
    """The full mark; where categories differ, from the least to the greatest."""
    fulls = sorted({full for full in info.fulls.values() if full is not None})
    return Cell("～".join(plain(full) for full in fulls[:: max(len(fulls) - 1, 1)]) or "–", number=True)


def _applies(book: ScoreBook, info: IndicatorInfo, categories: Sequence[str]) -> str:
    if not info.fulls:
        return f"{book.spoken.this}都不考核"
    if all(key in info.fulls for key in categories):
        return "全部" if len(categories) > 1 else book.categories[categories[0]]
    return _listed(book.categories[key] for key in categories if key in info.fulls)


def _listed(found: Iterable[str]) -> str:
    return "、".join(found)


def _asked(info: IndicatorInfo) -> Iterator[str]:
    """Numbers the text names beside the rating: shown and checked, they give no points of themselves."""
    if info.checks:
        yield f"核对的数字：{'；'.join(_demand(check) for check in info.checks)}"
    yield from _limits(info)


def _limits(info: IndicatorInfo) -> Iterator[str]:
    """Until when the text wants it done; it costs nothing either."""
    if info.due:
        yield f"期限：{'；'.join(due.says for due in info.due)}"


def _demand(check: CheckInfo) -> str:
    """党日活动参与率 ≥ 80%（党总支）."""
    whose = [*check.applies, *([check.party_org] if check.party_org else [])]
    whom = f"（{_listed(whose)}）" if whose else ""
    return f"{check.asked}{whom}"


def own_heading(book: ScoreBook) -> Html:
    """Over units' own items, by the names of their groups; empty where no unit has any."""
    mine = {node.unit for node in book.tree.values() if node.unit is not None}
    groups = dict.fromkeys(book.groups[unit.group].name for unit in book.units if unit.unit_id in mine)
    if not groups:
        return Html("")
    return section_heading(
        f"{_listed(groups)}的工作和任务", f"点开各{_listed(groups)}查看：有的各单位相同，有的是单位自己的。"
    )


def own_by_unit(book: ScoreBook) -> Html:
    """Each unit's own items and tasks; a fold a unit. Empty where no unit has any."""
    folds = []
    for unit in book.units:
        mine = [info for info in book.indicators.values() if book.tree[info.id].unit == unit.unit_id]
        if mine:
            rows = [_task(info) for info in mine]
            about = small(f"{len(mine)} 项 · {plain(sum((_mark(info) for info in mine), Fraction(0)))} 分")
            heads = ["编号", "工作", Head("满分", number=True), Head("写明的目标和期限", wide=True), "条款"]
            folds.append(fold(join([unit.name, about], "　"), table(heads, rows, sortable=False)))
    return join(folds)


def _mark(info: IndicatorInfo) -> Fraction:
    return max((full for full in info.fulls.values() if full is not None), default=Fraction(0))


def _task(info: IndicatorInfo) -> Row:
    marks = [badge("创新性工作")] if info.innovative else []
    return Row(
        [
            Cell(info.id.partition(".")[2] or info.id, name="tight"),
            Cell(join([join([info.name, *marks], " "), small(info.note)], "<br>"), name="name"),
            Cell(plain(_mark(info)), number=True),
            join(["；".join(_demand(check) for check in info.checks), *_limits(info)], "<br>") or "–",
            small(info.clause),
        ],
        anchor=info.id,
    )


def tasks_note(book: ScoreBook) -> Html:
    """How units' own items and tasks are scored: the ways are few, each is said once."""
    found: dict[tuple[str, ...], list[str]] = {}
    own = [info for info in book.indicators.values() if _own(book, info)]
    count = Counter((book.tree[info.id].unit, info.section) for info in own)
    several = {section for (_, section), times in count.items() if times > 1}
    for info in own:
        kind = item_name(book, info.section) if info.section in several else info.name
        kinds = found.setdefault(info.how, [])
        if kind not in kinds:
            kinds.append(kind)
    return bullets(f"{_listed(kinds)}：{'；'.join(how)}。" for how, kinds in found.items())


def readings_table(book: ScoreBook) -> Html:
    """The readings in force with their origin, and what another would change; those that change nothing are folded."""
    if not book.policies:
        return Html("")
    effects = {effect.policy: effect for effect in book.effects or ()}
    moving: list[Row] = []
    still: list[Row] = []
    for policy in book.policies:
        effect = effects.get(policy.name)
        moves = effect is None or policy.origin != "default" or any(option.moved for option in effect.options)
        (moving if moves else still).append(_reading(book, policy, effect))
    heads = ["编号", "条文没有说明的问题", "现用的读法", Head("换一种读法会怎样", wide=True), "条文"]
    shown = table(heads, moving, sortable=False, empty="没有会改变名次或等次的读法。")
    if not still:
        return shown
    words = f"换哪一种都不改变名次和等次的默认读法（{len(still)} 处）"
    return join([shown, fold(words, table(heads, still, sortable=False))])


def _reading(book: ScoreBook, policy: PolicyInForce, effect: PolicyEffect | None) -> Row:
    decided = policy.origin != "default"
    said = "，".join(part for part in (policy.decided_on, policy.reason) if part)
    origin = badge(ORIGINS[policy.origin], "best" if decided else "pass")
    return Row(
        [
            Cell(policy.id, name="tight"),
            policy.question,
            join([policy.says, join([origin, small(said)], " ")], "<br>"),
            Cell(join(_otherwise(book, effect), "<br>"), name="reason") if effect else "–",
            small(policy.clause),
        ],
        "self" if decided else "",
        policy.id,
    )


def _otherwise(book: ScoreBook, effect: PolicyEffect) -> Iterator[str]:
    if effect.steady_to is not None:
        yield fail_line_room(book, effect)
    for option in effect.options:
        yield f"“{option.says}”：{option_changes(book, option)}"


def readings_heading(book: ScoreBook) -> Html:
    """Over the readings; empty where the scheme leaves nothing open."""
    words = (
        "办法有几处没有说明或前后不一，评分时必须选定一种读法。"
        "下表先列换一种读法就会改变名次或等次的，变化按现有的数据逐一重新评分得出。"
    )
    return section_heading("采用的读法及其影响", words) if book.policies else Html("")


def readings_note(book: ScoreBook) -> Html:
    """How many readings there are, how many were decided; empty where there are none."""
    if not book.policies:
        return Html("")
    decided = sum(policy.origin == "year" for policy in book.policies)
    trial = sum(policy.origin == "run" for policy in book.policies)
    parts = [f"{decided} 处{book.spoken.this}已有决定" if decided else "", f"{trial} 处是本次试算" if trial else ""]
    rest = len(book.policies) - decided - trial
    said = "，".join([*(part for part in parts if part), f"{rest} 处采用默认读法"])
    more = f"名次变动多的只写出 {MOST_NAMED} 个单位。" if book.effects else ""
    return paragraph(f"条文没有说明或前后不一的地方共 {len(book.policies)} 处：{said}。{more}")
