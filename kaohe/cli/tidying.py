"""`kaohe export --tidy`: one or all years as one long table, for pivots and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe.cli.console import console, raw_folder, read, refusals, scored, usage
from kaohe.cli.keeping import keep

if TYPE_CHECKING:
    from kaohe.analysis.tidy import ScoredYear

ENDINGS = (".xlsx", ".csv", ".parquet")


def write_tidy(years: Sequence[str], file: Path, data: Path, *, provisional: bool, overwrite: bool) -> None:
    """The years asked for, or all, in a file of the kind that its name says."""
    from kaohe.analysis.tidy import tidy
    from kaohe.exchange.tidy import save_tidy
    from kaohe.intake import list_years

    if file.suffix.casefold() not in ENDINGS:
        usage(f"--tidy 的文件名应以 {'、'.join(ENDINGS)} 结尾，现为 {file}")
    keep(file, overwrite=overwrite)
    wanted = sorted(set(years)) or list_years(data / "raw")
    if not wanted:
        usage(f"{data / 'raw'} 中没有任何学年")
    for year in wanted:
        raw_folder(data, year)
    with refusals():
        found = [_scored(year, data, provisional=provisional) for year in wanted]
        table = tidy(found)
        save_tidy(file, table, found)
    console().print(f"已写出：{file}（{'、'.join(wanted)} 学年，{len(table)} 行）", markup=False)


def _scored(year: str, data: Path, *, provisional: bool) -> ScoredYear:
    from kaohe.analysis.figures import figures_of
    from kaohe.analysis.tidy import ScoredYear
    from kaohe.scoring.standing import standing_of
    from kaohe.scoring.write import manifest

    intake = read(data, year, {})
    book, before = scored(intake, data, provisional=provisional)
    stands = standing_of(data / "processed" / year, manifest(book, intake, before))
    return ScoredYear(book, figures_of(intake), stands.state)
