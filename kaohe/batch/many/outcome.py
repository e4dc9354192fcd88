"""How a school's run ended, put into what is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kaohe.batch.many.told import SchoolTold, YearTold
from kaohe.scheme.years import year_said

if TYPE_CHECKING:
    from kaohe.batch.prepare import Prepared
    from kaohe.batch.site import Outcome
    from kaohe.scoring.book import ScoreBook


def told_of_outcome(outcome: Outcome) -> SchoolTold:
    """Of a school whose name its place says."""
    books = [year.book for year in outcome.years if year.book is not None]
    made = [done for done in outcome.done if not done.skipped and done.error is None]
    return SchoolTold(
        "",
        tuple(_reported(year, outcome) for year in outcome.years),
        failed=outcome.not_printed or outcome.not_drawn or _lacking(outcome),
        title=books[-1].scheme_title if books else "",
        authority=books[-1].authority if books else "",
        notes=tuple(notes(outcome)),
        reports=len(made),
    )


def told_of_book(book: ScoreBook, scoring: str) -> YearTold:
    from kaohe.batch.index import state_of
    from kaohe.charts.notation import marks

    said = (*marks(book), *(["定稿"] if book.final else []))
    return YearTold(
        book.year,
        "scored",
        id=scoring,
        marks=said,
        units=len(book.units),
        lines=tuple(state_of(book)),
    )


def _reported(year: Prepared, outcome: Outcome) -> YearTold:
    from kaohe.intake.findings import tally

    errors = tally(year.intake.findings)["error"]
    lacking = f"{errors} 处错误" if errors else "数据未报齐"
    if year.book is None:
        return YearTold(year.year, "refused", f"{lacking}，只有数据检查页", well=False)
    failed = [done for done in outcome.failed if done.job.name.startswith(f"{year.year}/")]
    said = [f"{errors} 处错误，出错的行未采用"] if year.intake.has_errors else []
    said += [f"{len(failed)} 份报告失败：{failed[0].job.title}：{failed[0].error}"] if failed else []
    told = told_of_book(year.book, str(year.manifest.get("id", "")))
    return replace(told, said="；".join(said), well=not said)


def _lacking(outcome: Outcome) -> str:
    """Pages above the years that failed, or could not be printed or drawn."""
    names = [each.year for each in outcome.years]
    failed = [done.job.title for done in outcome.failed if done.job.name.split("/")[0] not in names]
    for kind, made in (("打印", outcome.printed), ("存图片", outcome.drawn)):
        failed += [f"{kind} {page}" for page in (made.failed if made else ())]
    return f"没有做成：{'、'.join(failed)}" if failed else ""


def notes(outcome: Outcome) -> Iterator[str]:
    """What is to be said each time, though nothing is wrong with it."""
    for each in outcome.years:
        for group, why in each.untold.items():
            yield f"{year_said(each.year)}公示页（{group}）：{why}"
        if each.unsaid:
            blank = "、".join(each.unsaid)
            yield f"{year_said(each.year)}公示页的{blank}留空：请在 {each.year}/year.yaml 的 notice 中写明"
    for year, why in outcome.left_out.items():
        yield f"对比中没有 {year_said(year)}：{why}"
