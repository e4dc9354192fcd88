"""`kaohe goal`: what a unit could have done otherwise to reach a rank or a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kaohe.cli.answers import Json, keep_answers, say_marks, scored_year, write_answer
from kaohe.cli.console import DEFAULT_DATA, Data, PolicyOptions, Provisional, Year, console, policies, usage
from kaohe.cli.keeping import Overwrite
from kaohe.cli.naming import unit_named

if TYPE_CHECKING:
    from kaohe.scoring.book import ScoreBook


def goal(
    year: Year,
    unit: Annotated[str, typer.Argument(help="单位编号或名称，如 C01", metavar="单位")],
    grade: Annotated[str | None, typer.Option("--grade", help="想要的等次（达到或更好）", metavar="等次")] = None,
    rank: Annotated[int | None, typer.Option("--rank", help="想要的组内名次（达到或更前）", metavar="名次")] = None,
    far: Annotated[
        bool, typer.Option("--far", help="数据可改到指标目录允许的任何值，不限于各单位中的最大、最小值")
    ] = False,
    json_file: Json = None,
    overwrite: Overwrite = False,
    data: Data = DEFAULT_DATA,
    policy: PolicyOptions = None,
    provisional: Provisional = False,
) -> None:
    """差在哪里：本单位至多改三处数据，能否到某一名次或等次；都不写时看前进一名和上一等次。"""
    from kaohe.analysis.goal import Goal, GoalError, goal_json, goals_of

    keep_answers(json_file, data=data, overwrite=overwrite)
    if grade is not None and rank is not None:
        usage("--grade 和 --rank 只能写一个")
    intake, book = scored_year(data, year, policies(policy), provisional=provisional)
    mine = goals_of(intake, book, unbounded=far).of(unit_named(book, unit))
    asked = Goal("rank", rank) if rank is not None else Goal("grade", grade) if grade is not None else None
    try:
        found = [goal_json(mine.answer(each)) for each in ([asked] if asked else mine.next_goals())]
    except GoalError as error:
        usage(str(error))
    _print(found, book)
    write_answer(json_file, found[0] if asked else {"year": year, "unit": mine.unit, "answers": found})


def _print(found: list[dict[str, Any]], book: ScoreBook) -> None:
    from kaohe.charts.goal import goal_lines, standing_said

    say = console()
    say_marks(book)
    if not found:
        say.print("本单位没有更前的名次和更好的等次可到，或没有总分", markup=False)
    for number, each in enumerate(found):
        if not number:
            say.print(standing_said(each), style="bold", markup=False)
        head, *lines = goal_lines(each, full=number == len(found) - 1)
        say.print(head, style="bold", markup=False)
        for line in lines:
            say.print(f"  {line}", markup=False)
