"""`kaohe new-year`: the folder of a coming year."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaohe.cli.console import DEFAULT_DATA, Data, Year, console, refusals, usage
from kaohe.cli.templates import Due, due_day
from kaohe.scheme.years import spoken, year_said, years_said

if TYPE_CHECKING:
    from kaohe.exchange.newyear import UnitsWanted
    from kaohe.exchange.yearnotes import Made
    from kaohe.intake.tables.data import Unit
    from kaohe.scheme import Scheme


def new_year(
    year: Year,
    data: Data = DEFAULT_DATA,
    successor: Annotated[
        list[str] | None,
        typer.Option(
            "--successor", help="更名或合并的单位：新编号=原编号[+原编号…][:新名称]，可重复", metavar="新编号=原编号"
        ),
    ] = None,
    due: Due = None,
    units: Annotated[
        Path | None,
        typer.Option("--units", help="单位表（.xlsx 或 .csv）：单位名称、类别，可另有编号和党组织", metavar="文件"),
    ] = None,
    from_nothing: Annotated[
        bool, typer.Option("--from-nothing", help="不从更早的年度带来单位和方案；没有 --units 时逐个输入单位")
    ] = False,
    authority: Annotated[
        str | None, typer.Option("--authority", help="学校名称，各页和通知以它署名；写进 scheme.yaml", metavar="名称")
    ] = None,
) -> None:
    """新年度：带来上一年度的单位和方案（或用自己的单位表），给每个填报单位一份空白填报表。"""
    from kaohe.exchange.newyear import NewYearError, parse_successor
    from kaohe.exchange.newyear import new_year as make
    from kaohe.exchange.unitlist import UnitListError

    day = due_day(due)
    if authority is not None and not authority.strip():
        usage("--authority 应写学校名称，如 --authority 某某职业技术学院")
    wanted = _wanted(year, data, units, from_nothing=from_nothing)
    signs = _authority(authority, begins=wanted is not None)
    try:
        with refusals():
            given = [parse_successor(each) for each in successor or ()]
            made = make(data, year, given, day, units=wanted, from_nothing=from_nothing, authority=signs)
    except (NewYearError, UnitListError) as error:
        usage(str(error))
    _say(made, data)


def _wanted(year: str, data: Path, units: Path | None, *, from_nothing: bool) -> UnitsWanted | None:
    """Where the units come from: the list, the terminal where no year can give them, else (None) the year before."""
    from kaohe.exchange.unitlist import units_of_file
    from kaohe.intake import list_years

    if units is not None:
        return lambda scheme: units_of_file(units, year, scheme)
    if not from_nothing and any(each < year for each in list_years(data / "raw")):
        return None
    if not has_terminal():
        if from_nothing:
            usage("没有可以输入的终端；请用 --units 给出单位表（.xlsx 或 .csv：单位名称、类别）")
        return None
    return lambda scheme: _asked(year, scheme)


def _authority(given: str | None, *, begins: bool) -> str:
    """The school's name; asked for where a year begins with its own units and somebody can be asked."""
    if given is None and begins and has_terminal():
        given = typer.prompt("学校名称（各页署名；回车为方案所写的）", default="", show_default=False)
    return " ".join((given or "").split())


def has_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty()


def _asked(year: str, scheme: Scheme) -> Sequence[Unit]:
    """The units, typed one a line, and which of the scheme's departments take part."""
    from kaohe.exchange.unitlist import departments_listed, units_typed

    say = console()
    words = "、".join(each.name for name, each in scheme.categories.items() if name != scheme.own_category)
    more = "".join(f"，{each.name}（可不写）" for each in scheme.traits.values())
    say.print(f"请逐行输入单位：名称，类别{more}。类别为：{words}。空行结束。", markup=False)
    lines = _lines()
    listed = departments_listed(scheme)
    if listed:
        kind = scheme.categories[scheme.own_category].name
        say.print(f"方案中的{kind}：" + "、".join(f"{name} {called}" for name, called in listed), markup=False)
        known = {name.casefold(): called for name, called in listed}
        chosen = typer.prompt(f"参加考核的{kind}编号，用空格隔开（回车为全部，0 为没有）", default="全部")
        wanted = list(known) if chosen.strip() == "全部" else chosen.replace("，", " ").replace("、", " ").split()
        wanted = [each.casefold() for each in wanted if each != "0"]
        unknown = [each for each in wanted if each not in known]
        if unknown:
            usage(f"方案中没有{kind} {'、'.join(unknown)}；有：{'、'.join(name for name, _ in listed)}")
        lines += [[known[each], kind, ""] for each in wanted]
    return units_typed(lines, year, scheme)


def _lines() -> list[list[str]]:
    """Until a blank line."""
    found: list[list[str]] = []
    while True:
        typed = typer.prompt(f"{len(found) + 1}", default="", show_default=False).strip()
        if not typed:
            return found
        parts = typed.replace("，", ",").replace("、", ",").split(",")
        found.append([part.strip() for part in (*parts, "", "")][:3])


def _say(made: Made, data: Path) -> None:
    """What was made, and what has to be known of it."""
    from kaohe.exchange.yearnotes import UNITS, skipped_says
    from kaohe.intake.year.folder import SYNTHETIC, notes_name

    say, year = console(), made.basis.year
    origin = "用给出的单位" if made.basis.own else f"从 {year_said(made.source)}"
    say.print(f"已{origin}生成 {made.folder}（方案：{made.scheme}）", markup=False)
    if made.basis.own:
        listed = "、".join(f"{unit.unit_id} {unit.name}" for unit in made.basis.units)
        say.print(f"单位 {len(made.basis.units)} 个：{listed}", markup=False)
    say.print(f"{made.signed}。", markup=False)
    for each in made.basis.without_traits:
        say.print(f"注意：{each}，请在 {made.folder / UNITS} 里核对填写", markup=False)
    say.print(f"空白填报表 {len(made.offices)} 份：{made.templates}", markup=False)
    if made.basis.skipped:
        say.print(f"注意：跳过了 {years_said(made.basis.skipped)}。{skipped_says(year)}。", markup=False)
    remove = f"kaohe demo {data / 'raw'} --remove"
    if made.synthetic:
        say.print(
            f"{year_said(made.source)}是演示数据（合成），单位随之带来，{spoken(year).next}仍标为演示数据。",
            markup=False,
        )
        say.print(f"要录入真实数据，请先删去 {made.folder / SYNTHETIC}，单位换成真实的单位。", markup=False)
        again = f"{remove}，再运行 kaohe new-year {year} --units 单位表.xlsx"
        say.print(f"有自己的单位表的，更好的办法是：删去 {made.folder}，移去演示数据（{again}）。", markup=False)
    elif made.demonstration:
        say.print(
            f"{years_said(made.demonstration)}是演示数据（合成），不会用作{spoken(year).last}；移去它们：{remove}",
            markup=False,
        )
    say.print(f"请先核对 {made.folder / UNITS} 和 {made.folder / notes_name(spoken(year))}", markup=False)
