"""`kaohe scheme …`: begin, check, test, document, compare and migrate a regulation written as data."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kaohe.cli.chinese import Command, Group
from kaohe.cli.console import DEFAULT_DATA, console, failed, html_only, refusals, usage
from kaohe.cli.keeping import Overwrite, keep, keep_out

if TYPE_CHECKING:
    from kaohe.scheme import Scheme

app = typer.Typer(
    cls=Group,
    name="scheme",
    help="把考核办法写成数据：新建、检查、试算、成文、比较、迁移。",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Which = Annotated[str, typer.Argument(help="方案文件夹、scheme.yaml，或随库方案的编号", metavar="方案")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")]


def located(which: str) -> Path:
    """The root file that is meant: a path, or the id of a shipped scheme or draft; ends with 2 where there is none."""
    from kaohe.scheme import shipped_ids
    from kaohe.scheme.reading import ROOT, named_root

    root, path = named_root(which), Path(which)
    if root is not None:
        return root
    if path.is_dir():
        usage(f"{which} 里没有 {ROOT}")
    return usage(f"没有方案 {which}：应为方案文件夹，或随库方案之一：{'、'.join(shipped_ids())}")


def read_or_fail(which: str) -> tuple[Path, Scheme]:
    """The scheme and its folder; ends with 1, every problem told, where it cannot be used."""
    from kaohe.scheme import SchemeError, read_scheme

    root = located(which)
    try:
        return root.parent, read_scheme(root)
    except SchemeError as error:
        failed(str(error))


@app.command("new", cls=Command)
def new(
    id_: Annotated[str, typer.Argument(help="方案编号，如 xx-2025", metavar="编号")],
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个新文件夹；默认是编号", metavar="文件夹")] = None,
    title: Annotated[str | None, typer.Option("--title", help="办法的名称", metavar="名称")] = None,
    authority: Annotated[str | None, typer.Option("--authority", help="制定单位", metavar="名称")] = None,
    year: Annotated[
        str | None, typer.Option("--year", help="school 学年、calendar 日历年、event 一次活动", metavar="年度")
    ] = None,
    category: Annotated[
        list[str] | None, typer.Option("--category", help="单位类别：名称[:排名的分组]，可重复", metavar="类别")
    ] = None,
    item: Annotated[
        list[str] | None,
        typer.Option("--item", help="评分项：名称:满分，或 名称:满分:数据:单位:每个几分，可重复", metavar="项"),
    ] = None,
    grade: Annotated[
        list[str] | None,
        typer.Option("--grade", help="等次，从最好到最差：名称:下限（分数或 90%），最后一等只写名称", metavar="等次"),
    ] = None,
    in_force: Annotated[str, typer.Option("--from", help="自哪一天起施行", metavar="年-月-日")] = "",
) -> None:
    """新建一份方案：写出的文件夹已能通过 check 和 test，接着改成自己的办法。"""
    from kaohe.scheme.starting import AnswerError, Wanted, defaults, files_of

    folder = out or Path(id_)
    keep_out(folder, DEFAULT_DATA)
    if folder.exists():
        usage(f"{folder} 已存在，没有改动它；请用 --out 另选一个文件夹")
    ask = sys.stdin.isatty()
    known = defaults()
    wanted = Wanted(
        id=id_,
        title=_asked(title, "办法的名称", str(known["title"]), ask),
        authority=_asked(authority, "制定单位", str(known["authority"]), ask),
        year=_asked(year, "年度（school 学年、calendar 日历年、event 一次活动）", "school", ask),
        categories=_each(category, "单位类别（名称，或 名称:分组）", known["categories"], ask),
        items=_each(item, "评分项（名称:满分，或 名称:满分:数据:单位:每个几分）", known["items"], ask),
        grades=_each(grade, "等次，从最好到最差（名称:下限）", known["grades"], ask),
        in_force_from=in_force,
    )
    try:
        files = files_of(wanted, str(folder))
    except AnswerError as error:
        usage(str(error))
    _write_new(folder, {name: text.encode() for name, text in files.items()})
    say = console()
    say.print(f"已写出 {folder}：{'、'.join(files)}", markup=False)
    for line in (f"检查：kaohe scheme check {folder}", f"试算：kaohe scheme test {folder}"):
        say.print(line, markup=False)


def _asked(given: str | None, question: str, otherwise: str, ask: bool) -> str:
    if given is not None or not ask:
        return given or otherwise
    return str(typer.prompt(question, default=otherwise))


def _each(given: Sequence[str] | None, question: str, otherwise: Sequence[str], ask: bool) -> Sequence[str]:
    if given or not ask:
        return given or otherwise
    console().print(f"{question}：一行一个，空行结束；直接回车用：{'、'.join(otherwise)}", markup=False)
    found: list[str] = []
    while typed := str(typer.prompt(f"{len(found) + 1}", default="", show_default=False)).strip():
        found.append(typed)
    return found or otherwise


def _write_new(folder: Path, files: dict[str, bytes]) -> None:
    from kaohe.files.newfolder import write_new_folder

    with refusals():
        write_new_folder(folder, files)


@app.command("check", cls=Command)
def check(which: Which, as_json: Json = False) -> None:
    """检查方案：一次列出全部问题，写明文件、行、应当怎样。"""
    from kaohe.scheme import SchemeError, read_scheme
    from kaohe.scoring.casefile import read_cases

    root = located(which)
    try:
        scheme = read_scheme(root)
        problems = read_cases(root.parent, scheme)[1]
        title = scheme.title
    except SchemeError as error:
        problems, title = error.problems, ""
    if as_json:
        print(json.dumps({"scheme": str(root), "ok": not problems, "problems": [vars(each) for each in problems]},
                         ensure_ascii=False, indent=2))  # fmt: skip
        if problems:
            raise typer.Exit(1)
        return
    for each in problems:
        console(error=True).print(str(each), style="red", markup=False, soft_wrap=True)
    if problems:
        failed(f"共 {len(problems)} 处问题")
    console().print(f"{title}：没有问题", markup=False)
    _tell_audit(scheme, which)


def _tell_audit(scheme: Scheme, which: str) -> None:
    """That a scheme which can be scored contradicts itself, or has what cannot happen; nothing where neither is."""
    from kaohe.scheme.audit import audit

    found = Counter(each.kind for each in audit(scheme) if each.kind in ("矛盾", "不可达"))
    if found:
        told = "、".join(f"{kind} {count} 处" for kind, count in found.items())
        console().print(f"审读另有{told}：kaohe audit --scheme {which} 逐条列出", markup=False, soft_wrap=True)


@app.command("test", cls=Command)
def try_cases(which: Which, as_json: Json = False) -> None:
    """试算方案旁边 cases/ 里的算例，写明哪一例的哪一项与预期不同。"""
    from kaohe.scoring.casefile import read_cases
    from kaohe.scoring.cases import run_case

    folder, scheme = read_or_fail(which)
    cases, problems = read_cases(folder, scheme)
    wrong = [mismatch for case in cases for mismatch in run_case(scheme, case)]
    expected = sum(len(case.expect) for case in cases)
    if as_json:
        rows = [
            {"file": m.case.file, "line": m.case.line, "case": m.case.name, "unit": m.unit, "what": m.what,
             "expected": m.expected, "found": m.found, "why": m.why}
            for m in wrong
        ]  # fmt: skip
        said = {
            "cases": len(cases),
            "expected": expected,
            "problems": [vars(each) for each in problems],
            "failed": rows,
        }
        print(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        for each in (*problems, *wrong):
            console(error=True).print(str(each), style="red", markup=False, soft_wrap=True)
    if problems or wrong:
        _end(as_json, f"{len(cases)} 个算例、{expected} 处预期，{len(wrong)} 处不同，{len(problems)} 处写法有误")
    if not cases:
        _end(as_json, f"{folder} 里没有算例（cases/*.yaml）")
    if not as_json:
        console().print(f"{len(cases)} 个算例、{expected} 处预期，全部相符", markup=False)


def _end(as_json: bool, message: str) -> None:
    if as_json:
        raise typer.Exit(1)
    failed(message)


@app.command("schema", cls=Command)
def schema(
    out: Annotated[Path | None, typer.Option("--out", help="写到这个文件；不写则输出到屏幕", metavar="文件")] = None,
    overwrite: Overwrite = False,
) -> None:
    """方案文件的 JSON Schema，供编辑器提示和检查。"""
    from kaohe.files import write_text
    from kaohe.scheme.jsonschema import schema as made

    text = json.dumps(made(), ensure_ascii=False, indent=1)
    if out is None:
        print(text)
        return
    keep(out, data=DEFAULT_DATA, overwrite=overwrite)
    with refusals():
        write_text(out, text + "\n")
    console().print(f"已写出 {out}", markup=False)


@app.command("doc", cls=Command)
def doc(
    which: Which,
    out: Annotated[Path, typer.Option("--out", help="写到这个 .html 或 .xlsx 文件", metavar="文件")],
    overwrite: Overwrite = False,
) -> None:
    """把方案写成供讨论的文件：各项、满分、规则、读法、等次、数据，一看就懂。"""
    from kaohe.charts.schemedoc import page
    from kaohe.exchange.schemebook import write_book
    from kaohe.files import write_text
    from kaohe.scheme.outline import outline

    if out.suffix.casefold() not in (".html", ".htm", ".xlsx"):
        usage(f"--out 应为 .html 或 .xlsx 文件，现为 {out}")
    keep(out, data=DEFAULT_DATA, overwrite=overwrite)
    _, scheme = read_or_fail(which)
    with refusals():
        if out.suffix.casefold() == ".xlsx":
            write_book(out, outline(scheme))
        else:
            write_text(out, page(outline(scheme)))
    console().print(f"已写出 {out}", markup=False)


@app.command("diff", cls=Command)
def diff(
    before: Annotated[str, typer.Argument(help="原来的方案", metavar="原方案")],
    after: Annotated[str, typer.Argument(help="新的方案", metavar="新方案")],
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option("--out", help="写成 .html 对照表", metavar="文件")] = None,
    overwrite: Overwrite = False,
) -> None:
    """比较两份方案：各项、数、读法、等次和时间、用语的新增、取消和改动。"""
    from kaohe.scheme.differing import differences

    if out is not None:
        html_only(out)
        keep(out, data=DEFAULT_DATA, overwrite=overwrite)
    (_, old), (_, new_) = read_or_fail(before), read_or_fail(after)
    found = differences(old, new_)
    if out is not None:
        from kaohe.charts.schemedoc import comparison
        from kaohe.files import write_text

        with refusals():
            write_text(out, comparison(old, new_, found))
    if as_json:
        rows: list[dict[str, Any]] = [each.as_json() for each in found]
        print(json.dumps({"before": old.id, "after": new_.id, "changes": rows}, ensure_ascii=False, indent=2))
        return
    for each in found:
        console().print(str(each), markup=False, soft_wrap=True)
    console().print(f"共 {len(found)} 处不同" if found else "两份方案内容相同", markup=False)
    if out is not None:
        console().print(f"已写出 {out}", markup=False)


@app.command("migrate", cls=Command)
def migrate(
    path: Annotated[Path, typer.Argument(help="旧写法的方案文件夹，或其中的 scheme.yaml", metavar="方案")],
    out: Annotated[Path, typer.Option("--out", help="写到哪个新文件夹；原来的文件不动", metavar="文件夹")],
) -> None:
    """把旧写法的方案改成现在的写法，写到另一个文件夹，评分结果不变。"""
    from kaohe.scheme import SchemeError, read_scheme
    from kaohe.scheme.migrating import migrated

    keep_out(out, DEFAULT_DATA)
    if out.exists():
        usage(f"{out} 已存在，没有改动它；请另选一个新文件夹")
    try:
        files = migrated(path)
    except SchemeError as error:
        failed(str(error))
    _write_new(out, files)
    try:
        scheme = read_scheme(out)
    except SchemeError as error:
        failed(f"已写出 {out}，还要改正以下各处：\n{error}")
    console().print(
        f"已写出 {out}：{scheme.title}，{len(files)} 个文件；请运行 kaohe scheme check {out} 核对", markup=False
    )
