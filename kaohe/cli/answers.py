"""What commands that answer a question share: years read and scored, the answer as JSON, and as a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kaohe.cli.console import console, failed, html_only, read, refusals, scored, usage
from kaohe.cli.keeping import keep

if TYPE_CHECKING:
    from kaohe.analysis.answered import Answered
    from kaohe.charts.notation import Marked
    from kaohe.intake import Intake
    from kaohe.scoring.book import ScoreBook

Json = Annotated[Path | None, typer.Option("--json", help="另写成 JSON，供程序读取", metavar="文件")]
Html = Annotated[Path | None, typer.Option("--html", help="另写成网页和笔记本", metavar="文件.html")]
Years = Annotated[list[str], typer.Argument(help="一个或几个年度，如 2018-2019 2019-2020", metavar="年度…")]


def keep_answers(json_file: Path | None, html_file: Path | None = None, *, data: Path, overwrite: bool) -> None:
    """Ends with 2 where a file that is to be written is there already, or may not be written."""
    if html_file is not None:
        html_only(html_file, "--html")
        if json_file is not None and json_file.resolve() == html_file.with_suffix(".json").resolve():
            usage(f"--html 也写 {json_file}；--json 请用别的文件名")
        keep(*map(html_file.with_suffix, (html_file.suffix, ".ipynb", ".json")), data=data, overwrite=overwrite)
    if json_file is not None:
        keep(json_file, data=data, overwrite=overwrite)


def scored_years(data: Path, years: Sequence[str], *, provisional: bool) -> list[tuple[Intake, ScoreBook]]:
    """Each year once, read and scored; the first that cannot be ends the command with what is wrong."""
    return [scored_year(data, year, {}, provisional=provisional) for year in dict.fromkeys(years)]


def scored_year(data: Path, year: str, given: dict[str, str], *, provisional: bool) -> tuple[Intake, ScoreBook]:
    """A year read and scored under the readings `given` for this run; else the command ends with what is wrong."""
    intake = read(data, year, given)
    with refusals():
        return intake, scored(intake, data, provisional=provisional)[0]


def say_marks(*about: Marked) -> None:
    """What has to be said over every answer about these: invented, a trial, provisional."""
    from kaohe.charts.notation import marks

    for mark in marks(*about):
        console().print(mark, markup=False)


def write_answer(file: Path | None, found: Mapping[str, Any]) -> None:
    """The answer as JSON, whole or not at all."""
    from kaohe.files import write_text

    if file is None:
        return
    with refusals():
        write_text(file, json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    console().print(f"已写出：{file}", markup=False)


def write_page(
    out: Path | None, found: Answered, *, title: str = "", parameters: Mapping[str, Any] | None = None
) -> None:
    """The answer as a page of its own, with the notebook and the file behind it.

    Of a question about a year the title is the question's, and its notebook is told the year alone.
    """
    from kaohe.analysis.questions import question
    from kaohe.batch.apart import answer_page

    if out is None:
        return
    with refusals():
        wrong = answer_page(out, found, title or question(found.question).title, parameters or {"year": found.year})
    if wrong:
        failed(f"网页没有写成：{wrong}")
    console().print(f"已写出：{out}、{out.with_suffix('.ipynb').name}、{out.with_suffix('.json').name}", markup=False)


def answered(question: str, year: str, answer: Mapping[str, Any]) -> Answered:
    """An answer found just now, of the last `year` it is about."""
    from kaohe.analysis.answered import Answered

    return Answered(
        question, year, "", answer["synthetic"], answer["provisional"], answer, trial=answer.get("trial", False)
    )
