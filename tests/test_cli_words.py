"""What the command line says of itself and of wrong words: in Chinese, in the terminal's width, nothing of typer's."""

import re

import pytest
import typer
from typer.testing import CliRunner

from kaohe.cli import app
from kaohe.cli.telling import by_cause, each_finding, finding_rows, missing_by_office, missing_rows, record
from kaohe.cli.wrapping import places, wrapped
from kaohe.intake.findings import Finding, Missing
from kaohe.intake.grouping import grouped

GROUP = typer.main.get_command(app)
ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b|Usage|Options?\b|Arguments?\b|Missing|Error|Invalid|default|required")


def said(*words, width="80"):
    result = CliRunner().invoke(app, list(words), prog_name="kaohe", env={"COLUMNS": width})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def of_typer(text):
    """What is left of English once the commands a line names are taken out."""
    return ENGLISH.findall(re.sub(r"(?m)kaohe [a-z-]+|^  [a-z-]+  ", "", text))


def every_command(group, before=""):
    """Name as it is typed, and command; those of a group of commands by both names."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def options(command, *, flag):
    return [param for param in command.params if param.param_type_name == "option" and param.is_flag == flag]


@pytest.mark.parametrize("width", ["80", "200"])
@pytest.mark.parametrize("name", [None, *dict(every_command(GROUP))])
def test_help_is_chinese_and_fits(name, width):
    code, text = said(*(name.split() if name else []), "-h", width=width)
    assert code == 0
    assert not of_typer(text)
    assert not re.findall(r"(?m)^  (?:--[a-z-]+ )?[A-Z]{2,}|^用法：.*[A-Z]{2,}", text), (
        "a placeholder that is not Chinese"
    )
    assert "显示这份说明" in text
    assert all(places(line) <= int(width) for line in text.splitlines())
    command = dict(every_command(GROUP))[name] if name else GROUP
    for param in command.params:
        assert param.help in "".join(line.strip() for line in text.splitlines()) or " " in param.help, param.name
        assert param.param_type_name != "option" or param.opts[0] in text


def wrong_calls():
    yield "frobnicate", "没有命令 frobnicate"
    yield "scor", "没有命令 scor；是否指 score？"
    yield "--frobnicate", "没有选项 --frobnicate"
    yield "report --workers 0", "--workers：应为整数，不小于 1，现为 0"
    yield "report --workers two", "--workers：应为整数，不小于 1，现为 two"
    yield "demo x --seed 1.5", "--seed：应为整数，现为 1.5"
    yield "history 2018-2019 --restore abc", "选项 --restore 后面要写 2 个值"
    yield "score 2018-2019 --polic x=y", "没有选项 --polic；是否指 --policy？"
    for name, command in every_command(GROUP):
        needed = [param for param in command.params if param.required]
        if needed:
            yield name, "缺少"
        yield f"{name} --frobnicate", "没有选项 --frobnicate"
        for param in options(command, flag=False)[:1]:
            yield f"{name} {param.opts[0]}", f"后面要写 {param.nargs} 个值"
        for param in options(command, flag=True)[:1]:
            yield f"{name} {param.opts[0]}=x", "后面不带值"
        asked = [param for param in needed if param.param_type_name == "option"]
        if all(param.nargs == 1 for param in command.params) and not asked:
            yield f"{name} a b c d e", "多出了"


@pytest.mark.parametrize(("words", "says"), list(wrong_calls()))
def test_wrong_words_are_told_in_chinese(words, says):
    code, text = said(*words.split())
    assert code == 2
    assert says in text
    assert not of_typer(text)


def test_nothing_at_all_is_the_help():
    code, text = said()
    assert (code, "命令：" in text) == (2, True)


@pytest.mark.parametrize("width", [20, 37, 80])
def test_lines_are_no_wider_than_asked_and_no_mark_begins_one(width):
    text = "把各部门交来的 Excel（.xlsx）或 CSV 放进 data/raw/2021-2022/，可以一个部门一个文件；“也可以”收。" * 3
    lines = wrapped(text, width, indent="  ")
    assert all(places(line) <= width for line in lines)
    assert not any(line.strip()[0] in "，。；：、）”" for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def percent(row, value, **more):
    known = {
        "file": "教务处/指标数据.xlsx",
        "sheet": "指标数据",
        "column": "数值",
        "unit": "C01",
        "office": "教务处",
        **more,
    }
    expected = f"0～1 之间的数，是否指 {value}%（填 0.{value}）？"
    return Finding("error", "percent-meant", "比率超出范围", row=row, value=str(value), expected=expected, **known)


MANY = [
    *(percent(row, value) for row, value in enumerate(range(50, 90), start=3)),
    Finding("warning", "twice", "甲学院报了两次", unit="C01", file="a.csv", row=2),
    Finding("warning", "twice", "乙学院报了两次", unit="C02", file="b.csv", row=9),
    Finding("advisory", "not-read", "不是数据表，未读取", file="通知.pdf"),
]


@pytest.mark.parametrize("width", [80, 200])
def test_findings_of_one_cause_are_one_entry(width):
    told = [line for line, _ in by_cause(MANY, {"C01": "甲学院", "C02": "乙学院"}, width)]
    assert len(told) < 15
    assert all(places(line) <= width for line in told)
    text = "".join(line.strip() for line in told)
    assert "比率超出范围（40 处）" in text
    assert "第 3 行（50）、第 4 行（51）、第 5 行（52）、第 6 行（53）等 40 处" in text
    assert "报了两次（2 处）" in text
    assert "b.csv：第 9 行" in text
    assert "通知.pdf" in text


def test_other_causes_stay_apart():
    other = percent(7, 66, column="占比")
    assert [group.times for group in grouped([*MANY[:40], other])] == [41]
    missing = Finding("error", "percent-meant", "缺数值", file="教务处/指标数据.xlsx", row=3)
    assert [group.message for group in grouped([*MANY, missing], {"C01": "甲学院", "C02": "乙学院"})] == [
        "比率超出范围", "缺数值", "甲学院报了两次", "不是数据表，未读取",
    ]  # fmt: skip


def test_one_by_one_every_finding_has_all_it_has():
    rows = finding_rows(MANY)
    assert len(rows) == len(MANY)
    expected = "0～1 之间的数，是否指 50%（填 0.50）？"
    assert rows[0] == ["错误", "教务处/指标数据.xlsx", "指标数据", "3", "数值", "50", "比率超出范围", expected]
    told = [line for line, _ in each_finding(MANY, 80)]
    assert all(places(line) <= 80 for line in told)
    assert sum(line.startswith("错误") for line in told) == 40


def test_what_is_lacking_is_told_by_office_or_line_by_line():
    lacking = [Missing(f"C{n:02}", "metric", "K2b", "training_income", "财务处") for n in range(1, 10)]
    names, metrics = {"C01": "甲学院"}, {"training_income": "培训收入"}
    told = "".join(line.strip() for line, _ in missing_by_office(lacking, names, metrics, 80))
    assert told.startswith("财务处培训收入：C01 甲学院、C02、")
    assert "等 9 个单位" in told
    assert missing_rows(lacking, names, metrics)[0] == ["财务处", "C01 甲学院", "K2b", "培训收入"]


def test_a_row_with_long_cells_is_a_paragraph():
    told = [line for line, _ in record(("类别", "条款", "发现", "后果"), ("矛盾", "附件1", "长" * 60, ""), 2, 80)]
    assert told[0] == "矛盾 附件1"
    assert told[1].startswith("  发现：长长")
    assert len(told) == 3
    assert all(places(line) <= 80 for line in told)
