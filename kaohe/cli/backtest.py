"""`kaohe backtest`: what a draft scheme would have done to past years."""

from __future__ import annotations

from typing import Annotated

import typer

from kaohe.cli.answers import Html, Json, Years, answered, keep_answers, say_marks, write_answer, write_page
from kaohe.cli.console import DEFAULT_DATA, Data, Provisional, console, failed, raw_folder, refusals
from kaohe.cli.keeping import Overwrite
from kaohe.cli.scheme import read_or_fail

SHOWN = 12
"""Units, and changed items, that a terminal lists for each year."""

Draft = Annotated[str, typer.Argument(help="草案的文件夹、scheme.yaml，或随库方案、草案的编号", metavar="草案")]


def backtest(
    scheme: Draft,
    years: Years,
    data: Data = DEFAULT_DATA,
    provisional: Provisional = False,
    json_file: Json = None,
    html_file: Html = None,
    overwrite: Overwrite = False,
) -> None:
    """回测：把修订草案用在往年的数据上，谁的名次、等次会变，缺哪些数据，哪些项改了。"""
    from kaohe.analysis.answersays import (
        LIMITS_OF_BACKTEST,
        backtest_finding,
        missing_said,
        move_said,
        notes_said,
        shifts,
        year_finding,
    )
    from kaohe.analysis.backtest import backtest as test
    from kaohe.analysis.backtestjson import backtest_json

    keep_answers(json_file, html_file, data=data, overwrite=overwrite)
    folder, draft = read_or_fail(scheme)
    wanted = list(dict.fromkeys(years))
    for year in wanted:
        raw_folder(data, year)
    with refusals():
        found = backtest_json(test(draft, wanted, data / "raw", provisional=provisional))
    say = console()
    say.print(backtest_finding(found), style="bold", markup=False)
    answer = answered("backtest", wanted[-1], found)
    say_marks(answer)
    for year, each in found["years"].items():
        if each["problem"]:
            continue
        say.print(year_finding(year, each), style="bold", markup=False)
        moved = list(filter(shifts, each["moved"]))
        for one in moved[:SHOWN]:
            say.print(f"  {move_said(one)}", markup=False)
        if len(moved) > SHOWN:
            say.print(f"  另有 {len(moved) - SHOWN} 个单位", markup=False)
        for one in each["missing"]:
            say.print(f"  {missing_said(one)}", markup=False)
        for note in notes_said(each):
            say.print(f"  {note}", markup=False)
    say.print(f"注意：{LIMITS_OF_BACKTEST[0]}", style="yellow", markup=False)
    write_answer(json_file, found)
    given = {"scheme": str(folder), "years": wanted}
    write_page(html_file, answer, title="草案回测", parameters=given)
    if unscored := [year for year, each in found["years"].items() if each["problem"]]:
        failed(f"{'、'.join(unscored)} 没有算；先运行 kaohe check {unscored[0]}")
