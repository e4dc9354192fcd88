"""`kaohe new-year`: the folder of a coming year."""

from __future__ import annotations

from typing import Annotated

import typer

from kaohe.cli.console import DEFAULT_DATA, Data, Year, console, refusals, usage
from kaohe.cli.templates import Due, due_day


def new_year(
    year: Year,
    data: Data = DEFAULT_DATA,
    successor: Annotated[
        list[str] | None,
        typer.Option(
            "--successor", help="更名或合并的单位：新编号=原编号[+原编号…][:新名称]，可重复", metavar="NEW=OLD"
        ),
    ] = None,
    due: Due = None,
) -> None:
    """新学年：从上一学年带来单位和方案，给每个部门一份空白填报表。"""
    from kaohe.exchange.newyear import NOTES, UNITS, NewYearError, Successor
    from kaohe.exchange.newyear import new_year as make
    from kaohe.intake.folder import SYNTHETIC

    day = due_day(due)
    try:
        with refusals():
            made = make(data, year, [Successor.parse(each) for each in successor or ()], day)
    except NewYearError as error:
        usage(str(error))
    say = console()
    say.print(f"已从 {made.source} 学年生成 {made.folder}（方案：{made.scheme}）", markup=False)
    say.print(f"空白填报表 {len(made.offices)} 份：{made.templates}", markup=False)
    if made.synthetic:
        say.print(f"{made.source} 学年是演示数据（合成），单位随之带来，新学年仍标为演示数据。", markup=False)
        say.print(f"要录入真实数据，请先删去 {made.folder / SYNTHETIC}，单位换成真实的单位。", markup=False)
    say.print(f"请先核对 {made.folder / UNITS} 和 {made.folder / NOTES}", markup=False)
