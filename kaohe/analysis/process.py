"""How far the year's procedure is: each step done or open, by whom and when, from the data and from what is said."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kaohe.analysis.grades import waiting
from kaohe.intake import Intake
from kaohe.intake.findings import by_input
from kaohe.intake.tables.data import YearData
from kaohe.scheme.years import spoken
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.history import Record


@dataclass(frozen=True)
class StepState:
    """A step as it stands; `on` is empty where no day is known, `says` what the data show."""

    name: str
    clause: str
    by: str
    done: bool
    on: str
    says: str


@dataclass(frozen=True)
class Seen:
    """What the data show of a step."""

    done: bool
    says: str
    on: str = ""


@dataclass(frozen=True)
class _Year:
    intake: Intake
    data: YearData
    book: ScoreBook | None
    final: Record | None

    def lacking(self, *kinds: str) -> int:
        return len(by_input(each for each in self.intake.missing if each.kind in kinds))


def steps(intake: Intake, book: ScoreBook | None = None, final: Record | None = None) -> list[StepState]:
    """Every step of the scheme. `book`: the year scored, where it can be; `final`: what made it final.

    Somebody's word in year.yaml goes before what the data show; both are told.
    """
    if intake.scheme is None or intake.data is None:
        return []
    year, found = _Year(intake, intake.data, book, final), []
    for step in intake.scheme.process:
        seen = _SHOWN[step.shown_by](year) if step.shown_by else Seen(False, "")
        told = intake.data.words.steps.get(step.id)
        on, by, done = seen.on if seen.done else "", step.by, seen.done
        says = [seen.says]
        if told is not None:
            on, by, done = _day(told.on) or on, told.by or by, told.done
            says.append(told.note)
            if told.done and not seen.done:
                says.append(f"{spoken(intake.year).one}说明写明已完成")
        found.append(StepState(step.name, step.clause, by, done, on if done else "", "；".join(filter(None, says))))
    return found


def _day(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def _self_reports(year: _Year) -> Seen:
    came = [row.received_on for row in year.data.self_reports.values()]
    all_there = len(came) == len(year.data.units)
    says = f"{len(year.data.units)} 个单位，收到自查报告 {len(came)} 份"
    return Seen(all_there, says, _day(max(came)) if came else "")


def _counts(year: _Year) -> Seen:
    lacking = year.lacking("counts")
    return Seen(
        not lacking,
        f"{len({unit for unit, _, _ in year.data.votes})} 个单位已有票数" + (f"，尚缺 {lacking} 个" if lacking else ""),
    )


def _ratings(year: _Year) -> Seen:
    lacking = year.lacking("rating", "metric")
    return Seen(not lacking, f"评分和指标数据尚缺 {lacking} 项" if lacking else "评分和指标数据已齐")


def _marks(year: _Year) -> Seen:
    lacking = year.lacking("marks")
    return Seen(not lacking, f"尚缺 {lacking} 个单位的评价" if lacking else "各单位的评价已齐")


def _awards(year: _Year) -> Seen:
    rows = year.data.awards
    if not rows:
        return Seen(False, "没有登记申报")
    undecided = sum(row.approved is None for row in rows)
    says = f"申报 {len(rows)} 项，批准 {sum(row.approved is True for row in rows)} 项"
    return Seen(not undecided, says + (f"，{undecided} 项还没有写批准与否" if undecided else ""))


def _decisions(year: _Year) -> Seen:
    open_ = waiting(year.book) if year.book else []
    if open_:
        return Seen(False, f"待审议：{'、'.join(unit.name for unit in open_)}")
    entered = f"登记审议决定 {len(year.data.rulings)} 项" if year.data.rulings else ""
    if year.final is None:
        return Seen(False, "，".join(filter(None, (entered, "尚未定稿"))))
    return Seen(True, "，".join(filter(None, (entered, f"已定稿：{year.final.reason}"))), year.final.day)


def _notice(year: _Year) -> Seen:
    notice = year.data.words.notice
    if notice.since is None or notice.until is None:
        return Seen(False, "没有写公示起止（year.yaml 的 notice）")
    period = f"公示 {notice.since} 至 {notice.until}"
    if year.final is None:
        return Seen(False, f"{period}；尚未定稿")
    return Seen(False, f"{period}，已安排；公示期满请在 year.yaml 的 steps 写明")


_SHOWN: Mapping[str, Callable[[_Year], Seen]] = {
    "self_reports": _self_reports,
    "ballots": _counts,
    "ratings": _ratings,
    "leader_ratings": _marks,
    "awards": _awards,
    "decisions": _decisions,
    "notice": _notice,
}
