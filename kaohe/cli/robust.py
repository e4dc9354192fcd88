"""`kaohe robust`, `kaohe calibration`: how sure a ranking is, and what a panel looks at before it is fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kaohe.cli.answers import Html, Json, answered, keep_answers, say_marks, scored_year, write_answer, write_page
from kaohe.cli.console import DEFAULT_DATA, Data, PolicyOptions, Provisional, Year, console, policies
from kaohe.cli.keeping import Overwrite
from kaohe.scheme.years import year_said

if TYPE_CHECKING:
    from kaohe.scoring.book import ScoreBook


def robust(
    year: Year,
    draws: Annotated[int, typer.Option("--draws", help="重抽多少次", min=100, max=200_000, metavar="次数")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help="随机数的种子；同一种子结果相同", min=0, metavar="整数")] = 1,
    level: Annotated[
        float, typer.Option("--level", help="名次区间一起有多大把握", min=0.5, max=0.999, metavar="0.95")
    ] = 0.95,
    weights: Annotated[
        float, typer.Option("--weights", help="各部分的权重上下扰动多少；0 为不扰动", min=0, max=0.9, metavar="0.1")
    ] = 0.1,
    json_file: Json = None,
    html_file: Html = None,
    policy: PolicyOptions = None,
    provisional: Provisional = False,
    overwrite: Overwrite = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """名次有多稳：重抽样敏感性，名次区间，去掉一位评分人或一项后怎样；含评分人姓名，只供内部。"""
    from kaohe.analysis.robust import robust as find
    from kaohe.analysis.robust import robust_json
    from kaohe.charts.robustwords import findings, limits, sources_said

    keep_answers(json_file, html_file, data=data, overwrite=overwrite)
    intake, book = scored_year(data, year, policies(policy), provisional=provisional)
    found = robust_json(find(intake, book, draws=draws, seed=seed, level=level, shaken=weights))
    _print(f"{year_said(year)}：名次有多稳", book, findings(found), [sources_said(found), *limits(found)])
    _print_intervals(found)
    write_answer(json_file, found)
    write_page(html_file, answered("robust", year, found))


def calibration(
    year: Year,
    letters: Annotated[bool, typer.Option("--letters", help="评分人以字母代替，可以投影")] = False,
    json_file: Json = None,
    html_file: Html = None,
    policy: PolicyOptions = None,
    provisional: Provisional = False,
    overwrite: Overwrite = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """评分校准：定稿之前谁偏严、谁偏宽、谁不加区分，哪些项分歧最大，去掉一位名次怎样变。"""
    from kaohe.analysis.calibration import calibration as find
    from kaohe.analysis.calibration import calibration_json
    from kaohe.charts.robustwords import raters_said

    keep_answers(json_file, html_file, data=data, overwrite=overwrite)
    intake, book = scored_year(data, year, policies(policy), provisional=provisional)
    found = calibration_json(find(intake, book), letters=letters)
    widest = [
        f"{each['id']} {each['name']}，评分人相差 {each['spread']:.1f} 分（百分制）" for each in found["items"][:5]
    ]
    said = [*raters_said(found), *(["分歧最大的项目："] if widest else []), *(f"  {each}" for each in widest)]
    limits = ["偏严、偏宽只说明与同处其他评分人的中位数相差多少，不等于评错"]
    limits += [f"没有计算：{each['what']}，{each['why']}" for each in found["not_computed"]]
    _print(f"{year_said(year)}：评分校准", book, said, limits)
    _print_raters(found)
    write_answer(json_file, found)
    write_page(html_file, answered("calibration_letters" if letters else "calibration", year, found))


def _print(title: str, book: ScoreBook, found: Sequence[str], limits: Sequence[str]) -> None:
    say = console()
    say.print(title, style="bold", markup=False)
    say_marks(book)
    for said in found:
        say.print(f"{'' if said.startswith('  ') else '· '}{said}", markup=False)
    say.print("限度", style="bold", markup=False)
    for said in filter(None, limits):
        say.print(f"  {said}", markup=False)


def _print_intervals(found: Mapping[str, Any]) -> None:
    from rich.table import Table

    from kaohe.charts.robustwords import share, span, units_of

    grade = found["quota_grade"]
    for group, about in found["groups"].items():
        table = Table(box=None, pad_edge=False, header_style="bold", title=about["name"], title_justify="left")
        heads = ["名次", "编号", "单位", "名次区间", *([f"在{grade}名额内的抽样"] if grade else [])]
        for head in heads:
            table.add_column(head, justify="left" if head in ("编号", "单位") else "right")
        for unit in units_of(found, group):
            inside = [share(unit["in_quota"])] if grade else []
            table.add_row(str(unit["rank"]), unit["id"], unit["name"], span(unit), *inside)
        console().print(table)


def _print_raters(found: Mapping[str, Any]) -> None:
    from rich.table import Table

    from kaohe.charts.robustwords import MARKS, signed_short

    if not found["raters"]:
        return
    table = Table(box=None, pad_edge=False, header_style="bold", title="评分人，从严到宽", title_justify="left")
    names = [] if found["letters"] else ["评分人"]
    for head in ("代号", *names, "评的是", "严（+）宽（−）", "拉开程度", "与他人一致", "标记"):
        table.add_column(head, justify="right" if head in ("严（+）宽（−）", "拉开程度", "与他人一致") else "left")
    for each in found["raters"]:
        called = [each["letter"]] + ([] if found["letters"] else [each["rater"]])
        severity = "–" if each["severity"] is None else signed_short(each["severity"])
        spread = "–" if each["spread"] is None else f"{each['spread']:.1f}"
        agree = "–" if each["agreement"] is None else f"{each['agreement']:.2f}".replace("-", "−")
        said = "、".join(MARKS[name] for name in each["marks"]) or each["why"]
        table.add_row(*called, each["name"], severity, spread, agree, said)
    console().print(table)
