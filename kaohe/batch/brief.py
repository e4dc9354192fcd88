"""The meeting's one page in words: decisions to take, key messages, the ranking; cut to what one A4 sheet holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kaohe.analysis.grades import passed_over, top_line
from kaohe.analysis.movement import movement
from kaohe.charts import amounts
from kaohe.charts.decisions import Decision, open_decisions, settled_decisions
from kaohe.charts.keymessages import key_messages
from kaohe.charts.notation import arrow, clauses, lines, marks, names, plain, short
from kaohe.charts.outcomes import lacking_says
from kaohe.charts.style import grade_kind
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ScoreBook, UnitResult

WIDE = 41
"""Chinese characters of 12 points (小四) in a line of the sheet."""
MOST_LINES = 18
"""Lines the sheet has for decisions and messages together."""
MORE = 1
"""A line that it has besides for what is to be decided and not told."""
FOR_MESSAGES = 9
"""Lines kept for messages, however much has to be decided."""
LONGEST = 122
"""Chinese characters of one entry."""
MOST_ROWS = 15
"""Units of a group the sheet lists."""
SIDE_BY_SIDE = 2
"""Groups that stand beside each other."""
STILL = "="
"""Beside a unit that has the place it had."""
LONGEST_NAME = 8
"""Chinese characters of a unit's name in the ranking."""


@dataclass(frozen=True)
class BriefRow:
    """A unit of the ranking, as it is printed; `told` where its grade stands out."""

    rank: str
    name: str
    total: str
    grade: str
    moved: str = ""
    """`▲5`, `▼1`, `=`; empty where nothing can be said of it."""
    told: bool = False


@dataclass(frozen=True)
class BriefGroup:
    """A group's ranking; `left` units are not listed, `full` is empty where nothing says it."""

    name: str
    full: str
    rows: tuple[BriefRow, ...]
    left: int


@dataclass(frozen=True)
class Brief:
    """Everything on the sheet; `decisions_left` are only named, `room` are the lines that stay free."""

    title: str
    heading: str
    authority: str
    basis: str
    marks: tuple[str, ...]
    decisions: tuple[str, ...]
    decisions_left: tuple[str, ...]
    messages: tuple[str, ...]
    groups: tuple[BriefGroup, ...]
    moving: bool
    """Whether there is a year before, against which units moved."""
    room: int
    report: str
    """What the pages behind it are called."""

    @property
    def more(self) -> str:
        """What else is to be decided than stands on the sheet, by name; empty where nothing is."""
        return more_said(self.decisions_left, self.report) if self.decisions_left else ""

    @property
    def numbered(self) -> list[str]:
        """The decisions as paragraphs, each with its number."""
        listed = (f"{number}．{said}" for number, said in enumerate(self.decisions, 1))
        return [*listed, *filter(None, [self.more])] or ["没有待决的事项。"]


def brief_of(book: ScoreBook) -> Brief:
    """The year's sheet."""
    found = settled_decisions(book) if book.final else open_decisions(book, short=True)
    entries = [_entry(decision, book.final) for decision in found]
    if book.final:
        entries.insert(0, f"{short(book.final, LONGEST)}。")
    ranked = [key for key in book.groups if book.ranking(key)]
    most = MOST_ROWS // max(1, -(-len(ranked) // SIDE_BY_SIDE))
    kept, report = len(entries), f"{book.spoken.one}报告"
    named = [*([""] if book.final else []), *map(_in_short, found)]
    while kept and _lines_of(entries, named, kept, report) > MOST_LINES - FOR_MESSAGES:
        kept -= 1
    decisions, used = entries[:kept], _lines_of(entries, named, kept, report)
    said = [*not_best(book), *key_messages(book)]
    messages = _fitting([clauses(each, LONGEST) for each in said], MOST_LINES - used)
    return Brief(
        heading="定稿时决定的事项" if book.final else "需要会议决定的事项",
        title=f"{year_said(book.year)}{book.whole}情况汇报",
        authority=short(book.authority, 30),
        basis=short(book.scheme_title, 40),
        marks=tuple(marks(book)),
        decisions=tuple(decisions),
        decisions_left=tuple(named[kept:]),
        messages=tuple(messages),
        groups=tuple(_group(book, key, most) for key in ranked),
        moving=book.before is not None,
        report=report,
        room=MOST_LINES - used - sum(map(_height, messages)),
    )


def not_best(book: ScoreBook) -> list[str]:
    """Why whoever is first has not the best grade, a sentence a group where that is so.

    Not of a veto: the key messages tell it with its kind, and the decisions before them.
    """
    found = []
    for key, group in book.groups.items():
        units = book.ranking(key)
        line = top_line(book, units)
        for unit in units:
            if unit.rated and unit.rank == 1 and not unit.vetoed and (why := passed_over(book, unit, line)):
                said = lacking_says(book, unit, why)
                found.append(f"{group.name}第 1 名{unit.name}{said}，等次为{unit.grade}。")
    return found


def more_said(left: Sequence[str], report: str) -> str:
    """`另有 2 项：办法未明（P16）、甲的数据有争议，见学年报告。`; of many the first."""
    said = clauses(f"另有 {len(left)} 项：{'；'.join(left)}", WIDE * 2 - len(report) - 3)
    return f"{said}，见{report}。"


def _lines_of(entries: Sequence[str], named: Sequence[str], kept: int, report: str) -> int:
    """What the decisions take where so many are told in full; a line to name the others is there anyway."""
    more = max(0, _height(more_said(named[kept:], report)) - MORE) if kept < len(entries) else 0
    return sum(map(_height, entries[:kept])) + more


def _in_short(decision: Decision) -> str:
    """What it is and whose: `办法未明（P16）（甲）`."""
    who = names([short(name, 12) for name in decision.who], 2)
    return f"{decision.what.partition('：')[0]}{f'（{who}）' if who else ''}"


def _entry(decision: Decision, final: str = "") -> str:
    """What, who and why in one paragraph, then what to do, or what was decided."""
    who = f"（{names([short(name, 12) for name in decision.who], 3)}）" if decision.who else ""
    act = f"——{decision.settled if final else decision.act}。"
    says = clauses(f"{decision.what}{who}：{decision.says.rstrip('。')}", LONGEST - len(act))
    return f"{says}{act}"


def _height(entry: str) -> int:
    return len(lines(entry, WIDE))


def _fitting(entries: list[str], most: int) -> list[str]:
    """As many as the lines hold, in order."""
    kept: list[str] = []
    for entry in entries:
        most -= _height(entry)
        if most < 0:
            break
        kept.append(entry)
    return kept


def _group(book: ScoreBook, key: str, most: int) -> BriefGroup:
    units, found = book.ranking(key), movement(book, key)
    climbed = {move.unit.unit_id: move.climbed for move in found.moves} if found else {}
    shown = units if len(units) <= most else units[: most - 1]
    rows = tuple(_row(book, unit, units, arrow(climbed.get(unit.unit_id), STILL)) for unit in shown)
    group = book.groups[key]
    return BriefGroup(short(group.name, 10), plain(group.full) if group.full else "", rows, len(units) - len(shown))


def _row(book: ScoreBook, unit: UnitResult, units: list[UnitResult], moved: str) -> BriefRow:
    if not unit.rated:
        return BriefRow("–", short(unit.name, LONGEST_NAME), "–", unit.grade)
    tied = sum(other.rank == unit.rank for other in units) > 1
    rank = f"并列{unit.rank}" if tied else str(unit.rank)
    total = amounts.total(book, unit, [other.total for other in units])
    told = grade_kind(book, unit.grade) != "pass"
    return BriefRow(rank, short(unit.name, LONGEST_NAME), total, unit.grade, moved, told)
