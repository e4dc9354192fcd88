"""Help and argument errors in Chinese: typer's own words are English, and differ from version to version.

Both are written here from what typer knows of a command (its parameters, and what was wrong), not from its sentences.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from kaohe.cli.console import console
from kaohe.cli.wrapping import places, wrapped
from kaohe.files.kept import KeptError

WIDEST = 100
"""Lines longer than this are hard to read, however wide the terminal."""

OPTIONS, COMMAND = "[选项]", "命令 …"


class Command(TyperCommand):
    """A command whose help is Chinese; one about a data folder also takes a school of a folder of many."""

    def __init__(self, name: str | None, **about: Any) -> None:
        super().__init__(name, **about)
        taken = {param.name for param in self.params}
        self._of_one = "data" in taken and "school" not in taken
        if self._of_one:
            self.params.append(_school())

    def invoke(self, ctx: Any) -> Any:
        if self._of_one:
            from kaohe.cli.many import data_of_one

            ctx.params["data"] = data_of_one(ctx.params["data"], ctx.params.pop("school"))
        return super().invoke(ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_help(self, ctx, ()))


@cache
def _school() -> Any:
    """`--school 学校`, as typer makes it of a command's parameter."""
    app = typer.Typer(add_completion=False)

    @app.command()
    def of_one(
        school: Annotated[
            str | None, typer.Option("--school", help="--data 是多所学校的文件夹时：哪一所", metavar="学校")
        ] = None,
    ) -> None:
        """Never run."""

    (option,) = typer.main.get_command(app).params
    return option


class Group(TyperGroup):
    """All commands; whatever is wrong with the words given is told in Chinese, and ends with 2."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_help(self, ctx, [self.commands[name] for name in self.list_commands(ctx)]))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            near = get_close_matches(name, self.commands, n=1)
            ctx.fail(f"没有命令 {name}" + (f"；是否指 {near[0]}？" if near else ""))
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        given = args, prog_name, complete_var, False, windows_expand_args
        if not standalone_mode:
            return super().main(*given, **extra)
        try:
            code = super().main(*given, **extra)
        except typer.Abort:
            console(error=True).print("已中断", style="yellow")
            sys.exit(1)
        except UsageError as error:
            _refuse(error)
        except KeptError as error:  # whichever command came upon it
            console(error=True).print(str(error), style="red", markup=False)
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


UsageError: type[Exception] = typer.BadParameter.__bases__[0]
"""Click's, which typer brings along under different names."""


def _refuse(error: Any) -> NoReturn:
    """What is wrong, and where to look it up."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        print(error.format_message())
        sys.exit(2)
    say, ctx = console(error=True), error.ctx
    say.print(_said(error, kind), style="red", markup=False)
    if ctx is not None:
        say.print(f"用法：{_usage(ctx.command, ctx)}", markup=False)
        say.print(f"说明：{ctx.command_path} -h", markup=False)
    sys.exit(2)


def _said(error: Any, kind: str) -> str:
    message = error.format_message()
    if kind == "MissingParameter":
        return f"缺少{'选项' if _is_option(error.param) else '参数'} {_name(error.param)}"
    if kind == "NoSuchOption":
        near = [name for name in error.possibilities or () if name.startswith("--")][:1]
        return f"没有选项 {error.option_name}" + (f"；是否指 {near[0]}？" if near else "")
    if kind == "BadOptionUsage":
        if "not take a value" in message:
            return f"选项 {error.option_name} 后面不带值"
        count = re.search(r"requires (\d+)", message)
        return f"选项 {error.option_name} 后面要写 {count[1] if count else 1} 个值"
    if found := re.search(r"unexpected extra arguments?\S* \((.+)\)", message):
        return f"多出了 {found[1]}"
    if kind == "BadParameter":
        value = error.message if _is_chinese(error.message) else "写法有误"
        return f"{_name(error.param)}：{value}" if error.param is not None else value
    return message if _is_chinese(message) else "命令的写法有误"


def whole(least: int | None = None) -> Callable[[str], int]:
    """Reads an option's whole number, not below `least`."""

    def read(value: str | int) -> int:
        text = str(value).strip()
        if not re.fullmatch(r"-?\d+", text, re.ASCII) or (least is not None and int(text) < least):
            bound = "" if least is None else f"，不小于 {least}"
            raise typer.BadParameter(f"应为整数{bound}，现为 {value}")
        return int(text)

    return read


def _is_chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text))


def _is_option(param: Any) -> bool:
    return bool(param.param_type_name == "option")


def _name(param: Any) -> str:
    """`--due` or `年度`."""
    return str(max(param.opts, key=len) if _is_option(param) else param.metavar or param.name.upper())


def _usage(command: Any, ctx: Any) -> str:
    words = [ctx.command_path, OPTIONS]
    words += [_argument(param) for param in command.get_params(ctx) if not _is_option(param)]
    return " ".join([*words, COMMAND] if isinstance(command, TyperGroup) else words)


def _argument(param: Any) -> str:
    name = _name(param)
    return name if param.required or name.startswith("[") else f"[{name}]"


def _help(command: Any, ctx: Any, commands: Sequence[Any]) -> str:
    """The whole help as text, as wide as the terminal."""
    from rich.console import Console

    written = io.StringIO()
    screen = Console(width=min(Console().width, WIDEST), highlight=False, file=written)
    screen.print(f"用法：{_usage(command, ctx)}", markup=False)
    screen.print()
    for line in wrapped(command.help or "", screen.width):
        screen.print(line, markup=False)
    params = command.get_params(ctx)
    sections = {
        "参数": [(_name(each), _about(each)) for each in params if not _is_option(each)],
        "选项": [_option(each) for each in params if _is_option(each)],
        "命令": [(each.name, each.help or "") for each in commands],
    }
    for title, rows in sections.items():
        if rows:
            screen.print()
            screen.print(f"{title}：")
            for line in _two_columns(rows, screen.width):
                screen.print(line, markup=False, soft_wrap=True)
    return written.getvalue()


def _two_columns(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    left = 4 + max(places(name) for name, _ in rows)
    for name, about in rows:
        first, *others = wrapped(about, width - left)
        yield f"  {name}".ljust(left - places(name) + len(name)) + first
        yield from (" " * left + line for line in others)


def _option(param: Any) -> tuple[str, str]:
    """`--data 文件夹`, and what it is for."""
    if "--help" in param.opts:
        return "、".join(sorted(param.opts, key=len)), "显示这份说明"
    value = "" if param.is_flag else f" {param.metavar or '值'}"
    return f"{'、'.join(param.opts)}{value}", _about(param)


def _about(param: Any) -> str:
    return "；".join(part for part in (param.help, *_more(param)) if part)


def _more(param: Any) -> Iterator[str]:
    if _is_option(param) and param.required:
        yield "必须写"
    if _is_option(param) and not param.is_flag and param.default not in (None, "", ()) and not param.multiple:
        yield f"默认 {param.default}"
