"""`kaohe policies`: every combination of readings, and the page on which a meeting decides them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kaohe.cli.answers import Html, Json, answered, keep_answers, say_marks, write_answer, write_page
from kaohe.cli.console import (
    DEFAULT_DATA,
    Data,
    PolicyOptions,
    Provisional,
    Year,
    console,
    failed,
    html_only,
    read,
    refusals,
    scored,
)
from kaohe.cli.console import policies as readings
from kaohe.cli.keeping import Overwrite, keep
from kaohe.scheme.years import year_said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaohe.scoring.book import ScoreBook


def policies(
    year: Year,
    json_file: Json = None,
    html_file: Html = None,
    decide: Annotated[
        Path | None, typer.Option("--decide", help="另写审议页：一个网页，逐处改选看各单位结果", metavar="文件.html")
    ] = None,
    policy: PolicyOptions = None,
    provisional: Provisional = False,
    overwrite: Overwrite = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """全部读法的全部组合：哪一处必须决定，哪些读法改变谁的等次，哪些今年怎样读都一样。"""
    from kaohe.analysis.policiesjson import policies_answer
    from kaohe.files import write_text
    from kaohe.scoring.finality import finality_of
    from kaohe.scoring.write import manifest

    keep_answers(json_file, html_file, data=data, overwrite=overwrite)
    if decide is not None:
        html_only(decide, "--decide")
        keep(decide, data=data, overwrite=overwrite)
    given = readings(policy)
    intake = read(data, year, given)
    with refusals():
        book, before = scored(intake, data, provisional=provisional)
    found = policies_answer(intake, book)
    told = {name: each for name, each in found.items() if name != "decide"}
    _print(book, told)
    write_answer(json_file, told)
    write_page(html_file, answered("policies", year, told))
    if decide is not None:
        from kaohe.batch.decide import decide_page

        if not found["decide"]:
            failed("没有可以逐一列举的读法组合，没有写审议页")
        with refusals():
            state = "" if given else finality_of(data / "processed" / year, manifest(book, intake, before)).inside
            write_text(decide, decide_page(book, found["decide"], state))
        console().print(f"已写出：{decide}（用浏览器打开，不需要网络）", markup=False)


def _print(book: ScoreBook, found: Mapping[str, Any]) -> None:
    from rich.table import Table

    from kaohe.charts.readingwords import findings, limits, set_said, span

    say = console()
    say.print(f"{year_said(book.year)}：全部读法的全部组合", style="bold", markup=False)
    say_marks(book)
    for line in findings(found):
        say.print(f"· {line}", markup=False)
    flips = sorted(found["flips"], key=lambda flip: len(flip["sets"][0]))
    for flip in flips:
        more = f"（同样少的改法共 {len(flip['sets'])} 种）" if len(flip["sets"]) > 1 else ""
        name = found["units"][flip["unit"]]["name"]
        first = set_said(found, flip["sets"][0])
        say.print(f"  {name} {flip['from']} → {flip['to']}：{first}{more}", markup=False)
    for key, group in found["groups"].items():
        units = sorted((each for each in found["units"].items() if each[1]["group"] == key), key=lambda u: u[1]["rank"])
        if not units:
            continue
        table = Table(box=None, pad_edge=False, header_style="bold", title=group, title_justify="left")
        for head in ("名次", "编号", "单位", "所有组合的名次", "所有组合的等次"):
            table.add_column(head, justify="right" if head == "名次" else "left")
        for unit, each in units:
            rank = str(each["rank"]) if each["rank"] else "–"
            table.add_row(rank, unit, each["name"], span(each), "、".join(each["grades"]) or "–")
        say.print(table)
    for line in limits(found):
        say.print(line, markup=False)
