"""Commands on many schools: which are meant, their jobs done here or by a cluster, and how each ended."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kaohe.cli.console import console, failed, refusals, usage
from kaohe.scheme.schools import schools_in
from kaohe.scheme.years import years_said

if TYPE_CHECKING:
    from kaohe.batch.many.jobs import SchoolJob
    from kaohe.batch.many.told import SchoolTold
    from kaohe.cli.showing import Shown

SchoolOptions = Annotated[
    list[str] | None,
    typer.Option("--school", help="多所学校的文件夹里只做这一所，可多次写；不写则为全部", metavar="学校"),
]
Scheduler = Annotated[
    str,
    typer.Option("--scheduler", help="交给这个 dask.distributed 集群去做，如 tcp://主机:8786", metavar="地址"),
]


@dataclass(frozen=True)
class Schools:
    """The data folders that a command is about; `many`: below one of schools, else the one of a school without a name.

    `all`: every school there is, also those that were not chosen.
    """

    data: Path
    chosen: tuple[str, ...] = ("",)
    all: tuple[str, ...] = ()

    @property
    def many(self) -> bool:
        return bool(self.all)

    def alone(self, out: Path | None) -> tuple[Schools, Path | None]:
        """Where just one school was chosen, it as if its own folder had been named, and its place below `out`."""
        if not self.many or len(self.chosen) != 1:
            return self, out
        (school,) = self.chosen
        return Schools(self.data / school), out / school if out is not None else None

    def folder(self, school: str) -> Path:
        return (self.data / school).resolve()

    def years(self, wanted: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Of each chosen school the years that are asked for (none: all) and that it has; ends with 2 where none has
        one of them."""
        from kaohe.intake import list_years

        there = {school: list_years(self.folder(school) / "raw") for school in self.chosen}
        unknown = [year for year in wanted if not any(year in years for years in there.values())]
        if unknown:
            usage(f"没有一所学校有 {'、'.join(unknown)}；已有：{'、'.join(sorted(set().union(*there.values())))}")
        return {
            school: tuple(year for year in years if not wanted or year in wanted) for school, years in there.items()
        }


def schools(data: Path, chosen: Sequence[str] | None) -> Schools:
    """The schools that are meant; ends with 2 where one is not there, or `data` is one school's and some are named."""
    there = schools_in(data)
    if there is None:
        if chosen:
            usage(f"{data} 不是多所学校的文件夹（其中应有 <学校>/kaohe.yaml 和 <学校>/raw/），--school 用不上")
        return Schools(data)
    for name in chosen or ():
        if name not in there:
            unknown_school(data, name, there)
    return Schools(data, tuple(dict.fromkeys(chosen or there)), tuple(there))


def unknown_school(data: Path, name: str, there: Sequence[str]) -> NoReturn:
    from difflib import get_close_matches

    near = get_close_matches(name, there, n=1)
    asked = f"是否指 {near[0]}？" if near else ""
    usage(f"{data} 中没有学校 {name}；{asked}有：{listed(there)}")


def data_of_one(data: Path, school: str | None) -> Path:
    """The one school's data folder that a command is about; ends with 2 where several may be meant."""
    there = schools_in(data)
    if there is None:
        return schools(data, [school]).data if school else data
    if not school:
        usage(f"{data} 里有多所学校，请用 --school 写明是哪一所：{listed(there)}")
    return data / school if school in there else unknown_school(data, school, there)


def listed(names: Sequence[str]) -> str:
    """The first of them, and how many there are."""
    return "、".join(names[:10]) + (f" 等 {len(names)} 所" if len(names) > 10 else "")


def refuse_of_one(given: Mapping[str, bool], meant: Schools) -> None:
    """Ends with 2 where an option is of one school's year and more may be meant."""
    found = [name for name, on in given.items() if on]
    if found:
        how = "写一个年度" + ("和一个 --school" if meant.many else "") + "，不带 --scheduler"
        usage(f"{'、'.join(found)} 只用于一所学校的一个年度：请{how}")


def carry_out(
    jobs: Sequence[SchoolJob],
    scheduler: str,
    show: Shown,
    *,
    as_json: bool = False,
    finish: Callable[[Mapping[str, SchoolTold]], Path | None] = lambda told: None,
) -> None:
    """Do every job, say how each ended, and end with 1 where one did not end well.

    `finish` writes the page over all.
    """
    from kaohe.batch.many.cluster import ClusterError, ended
    from kaohe.cli.showing import stopped_like_ctrl_c

    told: dict[int, SchoolTold] = {}
    try:
        with refusals(), stopped_like_ctrl_c():
            show.begun("schools", len(jobs))
            for place, each in ended(jobs, scheduler):
                told[place] = each
                show.schooled(each)
            index = finish({each.school: each for each in told.values()})
    except ClusterError as error:
        failed(str(error))
    except KeyboardInterrupt:
        console(error=True).print("已中断；做完的学校都在，下次运行接着做", style="yellow")
        raise typer.Exit(1) from None
    finally:
        show.close()
    all_told = [told[place] for place in range(len(jobs))]
    with redirect_stdout(sys.stderr) if as_json else nullcontext():
        _print(all_told, index)
    show.finished_schools(all_told, index)
    raise typer.Exit(0 if all(each.well for each in all_told) else 1)


def print_idle(years: Mapping[str, Sequence[str]]) -> None:
    """Schools that have none of the years asked for."""
    if idle := [school for school, found in years.items() if not found]:
        console(error=True).print(f"没有要做的年度：{listed(idle)}", style="yellow", markup=False)


def _print(told: Sequence[SchoolTold], index: Path | None) -> None:
    errors = console(error=True)
    for school in told:
        name = f"{school.school}：" if school.school else ""
        if school.failed:
            errors.print(f"{name}{school.failed}", style="red", markup=False)
        for year in school.years:
            if year.said:
                errors.print(f"{name}{years_said([year.year])}：{year.said}", style="red", markup=False)
    for note, names in _noted(told).items():
        name = f"{listed(names)}：" if any(names) else ""
        errors.print(f"{name}{note}", style="yellow", markup=False)
    years = [year for school in told for year in school.years]
    scored = sum(year.state == "scored" for year in years)
    kept = sum(school.kept for school in told)
    parts = [f"{len(told)} 所学校"] if any(school.school for school in told) else []
    parts += [f"{len(years)} 个年度中 {scored} 个有结果"]
    parts += [f"{sum(school.reports for school in told)} 份报告是新做的"] if index else []
    parts += [f"{kept} 所没有变化"] if kept else []
    console().print("，".join(parts) + (f"：{index}" if index else ""), markup=False)


def _noted(told: Sequence[SchoolTold]) -> dict[str, list[str]]:
    """Each note with the schools it is about: most schools have the same."""
    found: dict[str, list[str]] = {}
    for school in told:
        for note in school.notes:
            found.setdefault(note, []).append(school.school)
    return found
