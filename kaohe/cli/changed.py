"""`kaohe changed`: through what a unit's total and rank are others: own data, others' data, scheme or readings."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kaohe.cli.answers import Json, keep_answers, write_answer
from kaohe.cli.console import DEFAULT_DATA, Data, console, failed, refusals
from kaohe.cli.keeping import Overwrite
from kaohe.cli.naming import unit_among


def changed(
    before: Annotated[str, typer.Argument(help="年度、评分编号、manifest.json 或原始数据文件夹", metavar="A")],
    after: Annotated[str, typer.Argument(help="同上", metavar="B")],
    unit: Annotated[str, typer.Option("--unit", help="只看一个单位（编号或名称），逐项列出", metavar="单位")] = "",
    year: Annotated[str, typer.Option("--year", help="文件夹名不是年度时，是哪一年度的数据", metavar="年度")] = "",
    json_file: Json = None,
    overwrite: Overwrite = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """变动由于什么：从 A 到 B，总分和名次的变动精确地分给本单位的数据、其他单位的数据、考核方案、读法。"""
    from kaohe.analysis.changed import changed as changed_between
    from kaohe.analysis.changed import changed_json
    from kaohe.analysis.kept import SideError, side_of
    from kaohe.scheme.policies import PolicyError

    keep_answers(json_file, data=data, overwrite=overwrite)
    with refusals():
        try:
            found = changed_json(changed_between(side_of(before, data, year), side_of(after, data, year)))
        except (SideError, PolicyError) as error:
            failed(str(error))
    known = {each: about["name"] for each, about in found["units"].items()}
    known |= {each["unit"]: each["name"] for each in found["not_computable"]}
    _print(found, unit_among(known, unit) if unit else "")
    write_answer(json_file, found)


def _print(found: dict[str, Any], unit: str) -> None:
    from kaohe.charts.changed import changed_lines, changed_marks

    say = console()
    say.print(f"{found['before']} → {found['after']}", style="bold", markup=False)
    for line in [*changed_marks(found), *changed_lines(found, unit)]:
        say.print(line, markup=False)
