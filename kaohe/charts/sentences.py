"""What a page says in sentences: the findings first, each true of the data it stands over."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaohe.analysis.breakdown import lost_points
from kaohe.analysis.exact import mean
from kaohe.analysis.grades import grade_kinds, lead, passed_over, ruling_says
from kaohe.charts.amounts import apart, gain, like_total
from kaohe.charts.evidence import missed_with_full_marks
from kaohe.charts.headings import heading, section_heading
from kaohe.charts.html import Content, Html, bullets, grade, paragraph, text
from kaohe.charts.keymessages import key_messages, may_change
from kaohe.charts.losses import loss_title
from kaohe.charts.notation import percent, plain
from kaohe.charts.outcomes import beside_grade, repeating, said_eligible
from kaohe.charts.standing import standing
from kaohe.charts.verdict import unit_stability
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.cells import ScoreCell
from kaohe.scoring.lineage import forebears
from kaohe.scoring.marks import PENDING
from kaohe.scoring.unitresult import says_vetoes

AWARDED = {True: "获批准", False: "未获批准", None: "尚待评选"}


def year_heading(book: ScoreBook) -> Html:
    return heading(year_said(book.year), (book.authority, f"依据：{book.scheme_title}"), book)


def unit_heading(book: ScoreBook, unit_id: str) -> Html:
    """Name, year, and the figures everyone asks for first."""
    unit = book.unit(unit_id)
    group = book.groups[unit.group]
    stands = standing(book, unit_id)
    total = stands.total or "–"
    figures: list[tuple[str, Content]] = [
        ("总分", f"{total} / {plain(group.full)}" if group.full else total),
        ("名次", f"{'并列 ' if stands.tied else ''}{unit.rank if unit.rated else '–'} / {stands.of}"),
        *([("等次", grade(unit.grade, grade_kinds(book)))] if book.grading else []),
    ]
    before = forebears(book.before, book, unit_id) if book.before else ()
    if before and unit.rated and all(was.rated for was in before):
        gained = unit.total - mean(was.total for was in before)
        figures.append((f"比 {book.previous_year}{'（合并前平均）' if len(before) > 1 else ''}", gain(book, gained)))
    cards = "".join(f"<li>{text(name)}<b>{text(value)}</b></li>" for name, value in figures)
    kind = " · ".join(dict.fromkeys((group.name, book.categories[unit.category])))
    head = heading(unit.name, (year_said(book.year), kind, book.authority), book)
    return Html(f'{head}<ul class="kh kh-figures">{cards}</ul>')


def votes_heading(book: ScoreBook, words: str = "") -> Html:
    """Over what people voted, by the names of the votes; empty where nobody votes."""
    names = dict.fromkeys(info.name for info in book.votes.values())
    return section_heading("与".join(names), words) if names else Html("")


def years_heading(books: Sequence[ScoreBook]) -> Html:
    books = sorted(books, key=lambda book: book.year)
    spoken = books[-1].spoken
    span = books[0].year if len(books) == 1 else f"{books[0].year} 至 {books[-1].year}"
    return heading(spoken.of(span), (books[-1].authority, f"共 {spoken.count(len(books))}"), *books)


def year_findings(book: ScoreBook) -> Html:
    """The year in a few sentences, what may still change first."""
    return bullets([*may_change(book), *key_messages(book)])


def unit_findings(book: ScoreBook, unit_id: str, ahead: Sequence[str] = ()) -> Html:
    """The unit in a few sentences: grade and why, where points were lost, what more would take (`ahead`), what may
    still change."""
    unit = book.unit(unit_id)
    group = book.groups[unit.group]
    found: list[Content] = [f"{loss_title(book, unit_id)}。"]
    lost = lost_points(book, unit_id)
    if lost:
        top = "、".join(f"{book.indicators[each.cell.indicator].name}（{gain(book, -each.lost)}）" for each in lost[:3])
        found.append(f"失分最多的指标：{top}。")
    if book.grading:
        found.append(f"{ruling_says(unit)}。" if unit.ruling else _why_grade(book, unit))
    found += ahead
    found += unit_stability(book, unit_id)
    if unit.vetoed:
        found.append(f"{'，'.join([says_vetoes(unit), *unit.effects])}。")
    found += [f"{each}。" for each in unit.limits]
    found += [f"{each}。" for each in beside_grade(book, unit)]
    if unit.last and book.uncompared and repeating([book]):
        found.append(f"排在{group.name}末位，是否连续两年未能认定：{book.uncompared}。")
    found += [f"{book.award}申报{AWARDED[each.approved]}：{each.says}。" for each in unit.awards if each.about]
    cells = [cell for cell in book.cells_of(unit_id) if cell.status in ("missing", "disputed")]
    handled = [cell for cell in cells if cell.points is None]
    if handled:
        found.append(f"{_listed(book, handled)}缺数据，已按办法的规定处理。")
    for status, words in (("missing", "缺数据，暂按 0 分计"), ("disputed", "所依据的数据有争议")):
        mine = [cell for cell in cells if cell.status == status and cell.points is not None]
        if mine:
            found.append(f"{_listed(book, mine)}{words}{'' if book.final else '，得分可能变动'}。")
    missed = missed_with_full_marks(book, unit_id)
    if missed:
        found.append(f"有 {len(missed)} 处条文写明的数字没有达到却评了满分，评分可能被质疑。")
    return bullets(found)


def _listed(book: ScoreBook, cells: Sequence[ScoreCell]) -> str:
    """The indicators' names, the first few of many."""
    mine = [book.indicators[cell.indicator].name for cell in cells]
    return "、".join(mine[:4]) + (f" 等 {len(mine)} 项" if len(mine) > 4 else "")


def _why_grade(book: ScoreBook, unit: UnitResult) -> str:
    if not unit.rated:
        return "没有总分，不评等次。"
    line, quota = standing(book, unit.unit_id).line, book.groups[unit.group].quota
    declared, head = said_eligible(book, unit), f"{unit.grade}：" if said_eligible(book, unit) else unit.grade
    if unit.grade == book.fail and unit.total < unit.fail_below:
        gap = apart(book, unit.group, unit.fail_below, unit.total)
        return f"{book.fail}：比{book.fail}线 {like_total(book, unit.group, unit.fail_below)} 分低 {gap}。"
    if unit.grade == PENDING:
        return f"{PENDING}：{_joined(declared, f'总分恰在 {quota} 个{book.top}名额的线上，与他人并列')}。"
    if unit.grade == book.top and quota:
        return f"{book.top}：{_joined(declared, f'在 {quota} 个名额之内')}。"
    if not quota:
        said = _joined(declared, says_vetoes(unit) if unit.vetoed else "", _by_bounds(book, unit))
        return f"{unit.grade}{f'：{said}' if said else ''}。"
    if line is None or unit.grade in (book.top, book.fail):
        return f"{head}{declared}。"
    ahead = lead(book, unit.group, unit.total, line)
    if ahead >= 0:
        why = says_vetoes(unit) or declared or passed_over(book, unit, line)
        reached = f"总分已达{book.top}线 {like_total(book, unit.group, line)} 分"
        return f"{unit.grade}：{reached}{f'，但{why}' if why else ''}。"
    behind = "高" if book.groups[unit.group].ascending else "低"
    gap = apart(book, unit.group, line, unit.total)
    below = f"比{book.top}线 {like_total(book, unit.group, line)} 分{behind} {gap}"
    return f"{unit.grade}：{_joined(declared, below)}。"


def _by_bounds(book: ScoreBook, unit: UnitResult) -> str:
    """`至少 0.7，未达到极高（至少 0.8）`: what its grade asks of the total, and the next better one."""
    names = [each.name for each in book.grading]
    if unit.vetoed or unit.limits or unit.grade not in names:
        return ""  # not the total alone decided
    place = names.index(unit.grade)
    better = book.grading[place - 1] if place else None
    missed = f"未达到{better.name}（{'、'.join(better.bounds)}）" if better and better.bounds else ""
    return _joined("、".join(book.grading[place].bounds), missed)


def _joined(*parts: str) -> str:
    return "，".join(part for part in parts if part)


def years_findings(books: Sequence[ScoreBook]) -> Html:
    """The years in sentences: what moved per group, and readings that differ."""
    from kaohe.charts.years import history_title, totals_title

    latest = max(books, key=lambda book: book.year)
    found = []
    for key in latest.groups:
        if latest.ranking(key):
            found += [f"{history_title(books, key)}。", f"{totals_title(books, key)}。"]
    differing = {
        policy.id
        for book in books
        for policy in book.policies
        if any(policy.value != other.value for each in books for other in each.policies if other.id == policy.id)
    }
    if differing:
        found.append(f"{latest.spoken.every}有 {len(differing)} 处读法不同（见末表），跨年比较总分时要留意。")
    return bullets(found)


def policy_heading(book: ScoreBook) -> Html:
    """Over the readings; empty where the scheme leaves nothing open."""
    words = "办法有几处没有说明或前后不一，评分时必须选定一种读法。"
    return section_heading("采用的读法", words) if book.policies else Html("")


def policy_note(book: ScoreBook) -> Html:
    """How many readings were decided and how many rest on the default; empty where there are none."""
    if not book.policies:
        return Html("")
    decided = sum(policy.origin != "default" for policy in book.policies)
    rest = len(book.policies) - decided
    return paragraph(
        f"条文没有说明或前后不一的地方共 {len(book.policies)} 处：{decided} 处已有决定，{rest} 处采用默认读法。"
    )


def missed_heading(book: ScoreBook) -> Html:
    """Over the checks missed although rated full; empty where the scheme names no numbers beside the points."""
    words = "条文在一些评分项目中写明了数字要求。下表列出上报的数字没有达到、评分却是满分的项目，请评审小组核对。"
    return section_heading("数字没有达到却评了满分", words) if book.checks else Html("")


def missed_note(book: ScoreBook) -> Html:
    """Before the table of checks missed although rated full."""
    if not book.checks:
        return Html("")
    found = missed_with_full_marks(book)
    checked = sum(check.met is not None for check in book.checks)
    met = sum(check.met is True for check in book.checks)
    if not checked:
        return paragraph("没有上报可以核对的数字。")
    share = percent(Fraction(met, checked))
    apart = f"，另有 {len(book.checks) - checked} 处没有上报" if checked < len(book.checks) else ""
    return paragraph(
        f"条文写明数字要求的共核对 {checked} 处，达到 {met} 处（{share}）{apart}；"
        + (f"其中 {len(found)} 处没有达到却评了满分。" if found else "没有达到的都没有评满分。")
    )
