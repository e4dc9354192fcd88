"""`kaohe report`: the notebooks run in batch and exported as pages."""

from __future__ import annotations

import sys
from contextlib import nullcontext, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kaohe.cli.chinese import whole
from kaohe.cli.console import (
    DEFAULT_DATA,
    Data,
    PolicyOptions,
    Provisional,
    console,
    policies,
    print_findings,
    raw_folder,
    refusals,
    usage,
)
from kaohe.cli.keeping import keep_out
from kaohe.cli.many import Scheduler, SchoolOptions, Schools, carry_out, print_idle, refuse_of_one, schools
from kaohe.scheme.years import year_said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kaohe.batch.many.told import SchoolTold
    from kaohe.batch.order import Order
    from kaohe.batch.site import Outcome
    from kaohe.cli.showing import Shown
    from kaohe.scoring.book import ScoreBook


def report(
    years: Annotated[list[str] | None, typer.Argument(help="年度，可多个；不写则为全部", metavar="[年度]…")] = None,
    data: Data = DEFAULT_DATA,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="写到其中的年度文件夹；默认 reports，试算须另选", metavar="文件夹"),
    ] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", help="只做这个单位的网页，编号或名称，可多次写；只用于一个年度", metavar="单位"),
    ] = None,
    policy: PolicyOptions = None,
    provisional: Provisional = False,
    again: Annotated[bool, typer.Option("--again", help="全部重新生成，不跳过内容未变的报告")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="不算分析各页（读法的全部组合、名次有多稳等），快得多")
    ] = False,
    inline: Annotated[bool, typer.Option("--inline", help="每页自带样式、脚本和绘图程序，可单独邮寄")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="另用本机的 Chromium、Chrome 或 Edge 打印成 A4 的 PDF")] = False,
    png: Annotated[bool, typer.Option("--png", help="另把每张图连同标题存成图片，放在 pictures 文件夹")] = False,
    packed: Annotated[
        bool, typer.Option("--zip", help="另给每个单位做一个可单独邮寄的文件，放在 deliver 文件夹，附发放清单")
    ] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", help="同时运行的笔记本数", metavar="个数", parser=whole(least=1))
    ] = None,
    kernels: Annotated[
        Literal["warm", "stock"],
        typer.Option("--kernels", help="内核怎样启动：warm 从一个已导入的进程分出（仅 Linux），stock 逐个启动"),
    ] = "warm",
    timeout: Annotated[
        int | None,
        typer.Option("--timeout", help="一个单元格最多运行的秒数，默认 300", metavar="秒", parser=whole(least=1)),
    ] = None,
    memory: Annotated[
        int | None,
        typer.Option("--memory", help="一份报告最多占用的内存（MB）", metavar="兆", parser=whole(least=256)),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="不显示进度，只说最后的结果")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="给调度程序：标准输出逐行写 JSON 事件，其余的话写到标准错误")
    ] = False,
    school: SchoolOptions = None,
    scheduler: Scheduler = "",
) -> None:
    """运行全部笔记本并导出网页报告；一份失败不影响其余。"""
    from kaohe.batch.kernels import CELL_TIMEOUT, Kernels
    from kaohe.batch.order import Order
    from kaohe.cli.showing import shown

    show = shown(quiet=quiet, as_json=as_json)
    meant = schools(data, school)
    if unit or policy:
        meant, out = meant.alone(out)
    if many := meant.many or bool(scheduler):
        refuse_of_one({"--unit": bool(unit), "--policy": bool(policy)}, meant)
    order = Order(
        meant.data, _folder(out, trial=bool(policy)), tuple(sorted(set(years or ()))), provisional=provisional,
        again=again, quick=quick, inline=inline, pdf=pdf, png=png, packed=packed,
        kernels=Kernels(workers, kernels == "stock", timeout or CELL_TIMEOUT, memory and memory * 2**20),
    )  # fmt: skip
    if many:
        _report_many(order, meant, scheduler, show, as_json=as_json)
    else:
        _report(order, policies(policy), unit, show, as_json=as_json)


def _report_many(order: Order, meant: Schools, scheduler: str, show: Shown, *, as_json: bool) -> None:
    """The reports of each school in a folder of its name, here or by a cluster, and a page over them all."""
    from kaohe.batch.many.jobs import MakeReports

    found, jobs, out = meant.years(order.years), [], order.out.resolve()
    for name in filter(found.get, meant.chosen):
        keep_out(out / name, meant.folder(name))
        years = found[name] if order.years else ()  # none: all that there are when its job begins
        own = replace(order, data=meant.folder(name), out=out / name, years=years)
        jobs.append(MakeReports(name, own))
    print_idle(found)

    def overview(told: Mapping[str, SchoolTold]) -> Path:
        from kaohe.batch.many.overview import write_overview

        return write_overview(out, meant.all, told) if meant.many else out / "index.html"

    if meant.many:
        from kaohe.batch.many.overview import refuse_one_site

        with refusals():
            refuse_one_site(out)
    carry_out(jobs, scheduler, show, as_json=as_json, finish=overview)


def _report(order: Order, given: Mapping[str, Any], unit: list[str] | None, show: Shown, *, as_json: bool) -> None:
    """The reports of one school."""
    from kaohe.cli.showing import stopped_like_ctrl_c

    out, index = order.out, order.out / "index.html"
    if not (given or unit) and (stands := order.unchanged()):
        console(error=as_json).print(f"没有变化：{stands.pages} 份报告都照旧：{index}", markup=False)
        show.unchanged(stands.pages, index)
        for note in stands.notes:
            console(error=True).print(note, style="yellow", markup=False)
        return

    from kaohe.intake import list_years
    from kaohe.scheme.policies import PolicyError

    data = order.data
    wanted = list(order.years) or list_years(data / "raw")
    if not wanted:
        usage(f"{data / 'raw'} 中没有任何年度")
    if unit and len(wanted) != 1:
        usage(f"--unit 只用于一个年度，请写明是哪一个：{'、'.join(wanted)}")
    for year in wanted:
        raw_folder(data, year)
    keep_out(out, data)
    try:
        with refusals(), stopped_like_ctrl_c():
            outcome = order.run(policies=given, units=_units(unit), tell=show)
    except PolicyError as error:
        usage(str(error))
    except KeyboardInterrupt:
        console(error=True).print("已中断；算完的笔记本留着，下次运行接着做", style="yellow")
        raise typer.Exit(1) from None
    finally:
        show.close()
    with redirect_stdout(sys.stderr) if as_json else nullcontext():
        _print_outcome(outcome, given, out, wanted[0] if unit else "")
    show.finished(outcome, index)
    raise typer.Exit(0 if outcome.well else 1)


def _print_outcome(outcome: Outcome, given: Mapping[str, Any], out: Path, year_of_units: str) -> None:
    """How it ended, for people; `year_of_units`: the year of which some units' pages alone were asked for."""
    from kaohe.batch.many.outcome import notes
    from kaohe.cli.showing import state
    from kaohe.scoring.marks import NO_RESULT

    states = [state(done) for done in outcome.done]
    resumed, skipped = states.count("resumed"), states.count("kept")
    made = states.count("made") + resumed
    errors = console(error=True)
    told = f"（其中 {resumed} 份的笔记本由上次中断的运行算完）" if resumed else ""
    where = out / year_of_units / "units" if year_of_units else out / "index.html"
    console().print(f"生成 {made} 份报告{told}，{skipped} 份内容未变沿用：{where}", markup=False)
    if given:
        readings = "，".join(f"{name}={value}" for name, value in given.items())
        console().print(f"{NO_RESULT}（读法 {readings}）；没有公示页，也没有改动评分结果", markup=False)
    for each in outcome.years:
        if each.book is None or each.intake.has_errors:
            print_findings([finding for finding in each.intake.findings if finding.severity == "error"])
            if year_of_units and each.book is None:
                errors.print(f"{year_said(each.year)}数据有错误或未报齐，没有生成网页，原来的不动", style="red")
                continue
            only = "只生成了数据检查页" if each.book is None else "出错的行未采用"
            where = out / each.year / "check.html"
            errors.print(f"{year_said(each.year)}数据有错误或未报齐，{only}：{where}", style="red")
    for done in outcome.failed:
        often = f"试了 {done.executions} 次，都" if done.executions > 1 else ""
        told = f"{often}失败：{done.job.title}（{done.job.notebook}）：{done.error}"
        errors.print(told, style="red", markup=False)
    for note in notes(outcome):
        errors.print(note, style="yellow", markup=False)
    if outcome.no_pictures:
        errors.print(f"会议汇报的 Word 版没有附图：{outcome.no_pictures}", style="yellow", markup=False)
    _print_printed(outcome)
    _print_drawn(outcome)
    for year, count in outcome.handed.items():
        console().print(f"可邮寄的文件 {count} 个和发放清单：{out / year / 'deliver' / 'index.html'}", markup=False)


def _units(written: list[str] | None) -> Callable[[ScoreBook], list[str]] | None:
    """Finds the units that are meant in the scored year; None where all are."""
    from kaohe.cli.naming import unit_named

    return (lambda book: [unit_named(book, each) for each in written]) if written else None


def _folder(out: Path | None, *, trial: bool) -> Path:
    """Where the reports go; those of a trial never to the place of the real ones."""
    usual = Path("reports")
    if trial and (out is None or out.resolve() == usual.resolve()):
        usage(f"带 --policy 的是试算，不能写进 {usual}，请用 --out 另选一个文件夹，如 --out reports/试算")
    return out or usual


def _print_printed(outcome: Outcome) -> None:
    """What became of the PDFs."""
    errors = console(error=True)
    if outcome.not_printed:
        errors.print(outcome.not_printed, style="red", markup=False)
    if outcome.printed is None:
        return
    printed = outcome.printed
    console().print(f"打印 {len(printed.printed)} 份 PDF，{len(printed.kept)} 份内容未变沿用", markup=False)
    for page, error in printed.failed.items():
        errors.print(f"没有打印成 PDF：{page}：{error}", style="red", markup=False)


def _print_drawn(outcome: Outcome) -> None:
    """What became of the pictures."""
    errors = console(error=True)
    if outcome.not_drawn:
        errors.print(outcome.not_drawn, style="red", markup=False)
    if outcome.drawn is not None:
        made, kept = len(outcome.drawn.printed), len(outcome.drawn.kept)
        console().print(f"存了 {made} 张图片（pictures 文件夹），{kept} 张内容未变沿用", markup=False)
        for page, error in outcome.drawn.failed.items():
            errors.print(f"没有存成图片：{page}：{error}", style="red", markup=False)
