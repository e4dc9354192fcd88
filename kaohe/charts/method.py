"""The method page: what counts how much, how every indicator is scored, and the readings in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from kaohe.charts.html import Cell, Content, Head, Html, Row, badge, bullets, fold, join, paragraph, small, table
from kaohe.charts.policies import MOST_NAMED, fail_line_room, option_changes
from kaohe.charts.saying import plain
from kaohe.charts.tables import ORIGINS
from kaohe.rules.wording import Term, quantity
from kaohe.scoring.book import (
    COMPONENT_NAMES,
    CheckInfo,
    GroupInfo,
    IndicatorInfo,
    PolicyEffect,
    PolicyInForce,
    ScoreBook,
)

PARTS = ("base", "key", "target")


def components_table(book: ScoreBook) -> Html:
    """The parts of the total with their full marks, a column a group."""
    groups = list(book.groups.values())
    used = [name for name in PARTS if any(name in group.parts for group in groups)]
    rows: list[Row | Sequence[Cell | Content]] = [
        _component("民主测评", [group.ballot_full for group in groups]),
        *(_component(COMPONENT_NAMES[name], [group.parts.get(name) for group in groups]) for name in used),
        _component("领导班子评价", [group.leader_full for group in groups]),
        Row(_component("总分", [group.full for group in groups]), "section"),
        _component("优秀名额", [Fraction(group.quota) for group in groups]),
    ]
    return table(["部分", *(Head(group.name, number=True) for group in groups)], rows, sortable=False)


def _component(name: str, fulls: Sequence[Fraction | None]) -> list[Cell | Content]:
    return [name, *(_full(full) for full in fulls)]


def _full(full: Fraction | None) -> Cell:
    return Cell(plain(full), number=True) if full is not None else Cell("–", number=True, name="none")


def votes_note(book: ScoreBook) -> Html:
    """How the two votes give points; once where all groups count them alike."""
    found: dict[tuple[str, tuple[str, ...]], list[GroupInfo]] = {}
    for name, how_of in (("民主测评", "ballot_how"), ("领导班子评价", "leader_how")):
        for group in book.groups.values():
            found.setdefault((name, getattr(group, how_of)), []).append(group)
    every = len(book.groups)
    return bullets(
        f"{name}{'' if len(groups) == every else f'（{_listed(group.name for group in groups)}）'}：{'；'.join(how)}。"
        for (name, how), groups in found.items()
        if how
    )


def sections_table(book: ScoreBook, group: str) -> Html:
    """Heading × category: the full mark of what applies, beside the printed one."""
    categories = _categories(book, group)
    if len(categories) < 2:
        return Html("")
    rows: list[Row] = []
    for component in book.groups[group].parts:
        mine = [section for section in book.sections if section.component == component]
        marks = {section.id: [_marks(book, section.id, key) for key in categories] for section in mine}
        sums = [sum((row[place] for row in marks.values()), Fraction(0)) for place in range(len(categories))]
        full = book.groups[group].parts[component]
        rows.append(Row([COMPONENT_NAMES[component], _full(full), *(_full(each) for each in sums)], "section"))
        for section in mine:
            shown = [_full(each or None) for each in marks[section.id]]
            rows.append(Row([section.name, _full(section.full), *shown]))
    heads = ["部分", Head("条文注明", number=True), *(Head(book.categories[key], number=True) for key in categories)]
    return table(heads, rows, caption="各类单位的满分（适用指标相加）", sortable=False)


def _categories(book: ScoreBook, group: str) -> list[str]:
    """The group's categories that some indicator applies to, in the scheme's order."""
    components = set(book.groups[group].parts)
    mine = [info for info in book.indicators.values() if info.component in components]
    return [key for key in book.categories if any(key in info.fulls for info in mine)]


def _marks(book: ScoreBook, section: str, category: str) -> Fraction:
    mine = [info for info in book.indicators.values() if info.section == section]
    return sum((info.fulls.get(category, Fraction(0)) for info in mine), Fraction(0))


def indicators_by_section(book: ScoreBook) -> Html:
    """Every indicator units share: full mark, for whom, how it is scored, who supplies it; a fold a heading."""
    shared = [info for info in book.indicators.values() if not _own(book, info)]
    categories = [key for key in book.categories if any(key in info.fulls for info in shared)]
    folds = []
    for section in book.sections:
        mine = [info for info in shared if info.section == section.id]
        if mine:
            count = f"{COMPONENT_NAMES[section.component]} · {len(mine)} 项 · {plain(section.full)} 分"
            rows = [_indicator(book, info, categories) for info in mine]
            folds.append(fold(join([section.name, small(count)], "　"), table(_HEADS, rows, sortable=False)))
    return join(folds)


def _own(book: ScoreBook, info: IndicatorInfo) -> bool:
    """Whether it is one unit's alone: D03.T12."""
    return book.has_unit(info.id.partition(".")[0])


_HEADS = ("编号", "指标", Head("满分", number=True), "适用", Head("怎样计分", wide=True), "提供部门与条款")


def _indicator(book: ScoreBook, info: IndicatorInfo, categories: Sequence[str]) -> list[Cell | Content]:
    return [
        Cell(info.id, name="tight"),
        Cell(join([info.name, small(info.note)], "<br>"), name="name"),
        _span(info),
        _applies(book, info, categories),
        Cell(join([*info.how, *_asked(info)], "<br>"), name="reason"),
        join([info.office, small(info.clause)], "<br>"),
    ]


def _span(info: IndicatorInfo) -> Cell:
    """The full mark; where categories differ, from the least to the greatest."""
    fulls = sorted(set(info.fulls.values()))
    return Cell("～".join(plain(full) for full in fulls[:: max(len(fulls) - 1, 1)]) or "–", number=True)


def _applies(book: ScoreBook, info: IndicatorInfo, categories: Sequence[str]) -> str:
    if not info.fulls:
        return "本学年都不考核"
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
    return f"{check.name} {check.sign} {quantity(check.bound, Term('', check.unit))}{whom}"


def departments_by_unit(book: ScoreBook) -> Html:
    """Each department's work items and tasks; a fold a department."""
    folds = []
    for unit in book.units:
        mine = [info for info in book.indicators.values() if info.id.startswith(f"{unit.unit_id}.")]
        if mine:
            rows = [_task(info) for info in mine]
            about = small(f"{len(mine)} 项 · {plain(sum((_mark(info) for info in mine), Fraction(0)))} 分")
            heads = ["编号", "工作", Head("满分", number=True), Head("写明的目标和期限", wide=True), "条款"]
            folds.append(fold(join([unit.name, about], "　"), table(heads, rows, sortable=False)))
    return join(folds)


def _mark(info: IndicatorInfo) -> Fraction:
    return max(info.fulls.values(), default=Fraction(0))


def _task(info: IndicatorInfo) -> list[Cell | Content]:
    marks = [badge("创新性工作")] if info.innovative else []
    return [
        Cell(info.id.partition(".")[2], name="tight"),
        Cell(join([join([info.name, *marks], " "), small(info.note)], "<br>"), name="name"),
        Cell(plain(_mark(info)), number=True),
        join(["；".join(_demand(check) for check in info.checks), *_limits(info)], "<br>") or "–",
        small(info.clause),
    ]


def tasks_note(book: ScoreBook) -> Html:
    """How work items and tasks are scored: the ways are few, each is said once."""
    found: dict[tuple[str, ...], list[str]] = {}
    for info in book.indicators.values():
        if info.component == "target":
            kind = "年度主要工作" if info.section == "T" else info.name
            kinds = found.setdefault(info.how, [])
            if kind not in kinds:
                kinds.append(kind)
    return bullets(f"{_listed(kinds)}：{'；'.join(how)}。" for how, kinds in found.items())


def readings_table(book: ScoreBook) -> Html:
    """The readings in force with their origin, and what another would change; those that change nothing are folded."""
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
    )


def _otherwise(book: ScoreBook, effect: PolicyEffect) -> Iterator[str]:
    if effect.steady_to is not None:
        yield fail_line_room(effect)
    for option in effect.options:
        yield f"“{option.says}”：{option_changes(book, option)}"


def readings_note(book: ScoreBook) -> Html:
    """How many readings there are, how many were decided."""
    decided = sum(policy.origin == "year" for policy in book.policies)
    trial = sum(policy.origin == "run" for policy in book.policies)
    parts = [f"{decided} 处本学年已有决定" if decided else "", f"{trial} 处是本次试算" if trial else ""]
    rest = len(book.policies) - decided - trial
    said = "，".join([*(part for part in parts if part), f"{rest} 处采用默认读法"])
    more = f"名次变动多的只写出 {MOST_NAMED} 个单位。" if book.effects else ""
    return paragraph(f"条文没有说明或前后不一的地方共 {len(book.policies)} 处：{said}。{more}")
