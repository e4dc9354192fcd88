"""`kaohe export --tidy`: one or all years as one long table, for pivots and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe.cli.console import console, failed, raw_folder, read, refusals, scored, usage
from kaohe.cli.keeping import keep
from kaohe.scheme.years import year_said, years_said

if TYPE_CHECKING:
    from kaohe.analysis.tidy import ScoredYear
    from kaohe.intake import Intake
    from kaohe.scoring.book import ScoreBook

ENDINGS = (".xlsx", ".csv", ".parquet")


def write_tidy(years: Sequence[str], file: Path, data: Path, *, provisional: bool, overwrite: bool) -> None:
    """The years asked for, or all that can be scored, in a file of the kind that its name says."""
    from kaohe.analysis.tidy import tidy
    from kaohe.exchange.tidy import save_tidy
    from kaohe.intake import list_years

    if file.suffix.casefold() not in ENDINGS:
        usage(f"--tidy 的文件名应以 {'、'.join(ENDINGS)} 结尾，现为 {file}")
    keep(file, data=data, overwrite=overwrite)
    wanted = sorted(set(years)) or list_years(data / "raw")
    if not wanted:
        usage(f"{data / 'raw'} 中没有任何年度")
    for year in wanted:
        raw_folder(data, year)
    with refusals():
        one = _scored if years else _scored_or_passed
        found = [each for year in wanted if (each := one(year, data, provisional=provisional))]
        if not found:
            failed("没有一个年度可以评分，没有写出")
        table = tidy(found)
        save_tidy(file, table, found)
    console().print(f"已写出：{file}（{years_said(each.book.year for each in found)}，{len(table)} 行）", markup=False)


def _scored_or_passed(year: str, data: Path, *, provisional: bool) -> ScoredYear | None:
    """A year that nobody asked for by name, such as one just begun, is passed over where it cannot be scored."""
    from kaohe.scoring.score import NotScorableError, score_intake, year_before

    intake, before = read(data, year, {}), year_before(data / "raw", year)
    try:
        return _tabulated(intake, score_intake(intake, before=before, provisional=provisional), before, data)
    except NotScorableError as error:
        note = f"注意：没有列入 {year_said(year)}：{error}；kaohe check {year} 逐条列出"
        console(error=True).print(note, style="yellow", markup=False)
        return None


def _scored(year: str, data: Path, *, provisional: bool) -> ScoredYear:
    intake = read(data, year, {})
    book, before = scored(intake, data, provisional=provisional)
    return _tabulated(intake, book, before, data)


def _tabulated(intake: Intake, book: ScoreBook, before: Intake | None, data: Path) -> ScoredYear:
    from kaohe.analysis.figures import figures_of
    from kaohe.analysis.tidy import ScoredYear
    from kaohe.scoring.finality import finality_of
    from kaohe.scoring.write import manifest

    stands = finality_of(data / "processed" / book.year, manifest(book, intake, before))
    return ScoredYear(book, figures_of(intake), stands.state)
