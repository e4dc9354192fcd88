"""`kaohe health`: which items do their work, over one or several years."""

from __future__ import annotations

from kaohe.cli.answers import (
    Html,
    Json,
    Years,
    answered,
    keep_answers,
    say_marks,
    scored_years,
    write_answer,
    write_page,
)
from kaohe.cli.console import DEFAULT_DATA, Data, Provisional, console
from kaohe.cli.keeping import Overwrite

SHOWN = 15
"""Proposals that a terminal lists."""


def health(
    years: Years,
    data: Data = DEFAULT_DATA,
    provisional: Provisional = False,
    json_file: Json = None,
    html_file: Html = None,
    overwrite: Overwrite = False,
) -> None:
    """指标体检：哪些项人人满分、测的是同一件事、分量与分值不符、档次和条款没有用上；几个年度一起看更可靠。"""
    from kaohe.analysis.health import health as look
    from kaohe.analysis.healthjson import health_json
    from kaohe.charts.healthwords import (
        LIMITS,
        health_finding,
        lists_said,
        not_computed_said,
        proposals_said,
        unseen_said,
    )

    keep_answers(json_file, html_file, data=data, overwrite=overwrite)
    scored = scored_years(data, years, provisional=provisional)
    found = health_json(look(scored))
    say = console()
    say.print(health_finding(found), style="bold", markup=False)
    say_marks(*(book for _, book in scored))
    said = list(proposals_said(found))
    for text in said[:SHOWN]:
        say.print(text, markup=False)
    if len(said) > SHOWN:
        say.print(f"另有 {len(said) - SHOWN} 条，见 --json 或 --html 写出的文件", markup=False)
    left = (f"没有算：{why}" for why in not_computed_said(found))
    for text in filter(None, [*unseen_said(found), lists_said(found), *left]):
        say.print(text, markup=False)
    say.print(f"注意：{LIMITS[0]}", style="yellow", markup=False)
    write_answer(json_file, found)
    write_page(html_file, answered("health", found["years"][-1], found))
