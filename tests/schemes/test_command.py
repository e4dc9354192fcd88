"""`kaohe scheme …`: a newcomer's way from nothing to a scheme that passes, and what is said where it does not."""

import html
import json
import re
import shutil
from fractions import Fraction
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from typer.testing import CliRunner

from kaohe.cli import app
from kaohe.scheme import read_scheme, shipped, shipped_ids
from kaohe.scheme.jsonschema import schema
from kaohe.scheme.reading import SHIPPED
from kaohe.scheme.reference import conditions, kinds, steps
from kaohe.scheme.starting import AnswerError, Wanted, files_of
from kaohe.scheme.yamlfile import load, parse
from tests.schemes.written import HEAD, METRICS, ONE_GROUP

ROOT = "scheme.yaml"


def scheme(*words):
    """Exit code, standard output and error of `kaohe scheme …`, run in this process."""
    result = CliRunner().invoke(app, ["scheme", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def replaced(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def made(tmp_path):
    folder = tmp_path / "xx-2025"
    assert scheme("new", "xx-2025", "--out", folder)[0] == 0
    return folder


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--year", "calendar", "--category", "学院:教学", "--category", "处室:机关", "--item", "教学:12.5",
         "--item", "科研:7.5:论文:篇:0.7", "--grade", "好:10", "--grade", "差"),
        ("--year", "event", "--title", '带"引号"：的 名称', "--item", "只有一项：5", "--grade", "通过:60%"),
    ],
)  # fmt: skip
def test_a_new_scheme_passes_its_check_and_its_cases(tmp_path, options):
    folder = tmp_path / "new"
    assert scheme("new", "xx-2025", "--out", folder, *options)[0] == 0
    assert scheme("check", folder)[0] == 0
    code, out, err = scheme("test", folder)
    assert (code, err) == (0, ""), err
    assert "全部相符" in out


def test_nothing_is_written_over(made):
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    code, _, err = scheme("new", "xx-2025", "--out", made)
    assert code == 2
    assert "已存在" in err
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("大写"), "方案编号"),
        (Wanted("a", items=["教学"]), "名称:满分"),
        (Wanted("a", items=["教学:0"]), "大于 0"),
        (Wanted("a", items=["教学:1/3"]), "整数或小数"),
        (Wanted("a", items=["教学:10:论文:篇"]), "每个几分"),
        (Wanted("a", grades=["好:60%", "中:90%", "差"]), "从最好到最差"),
        (Wanted("a", categories=["甲", "甲"]), "重复"),
        (Wanted("a", in_force_from="2025-13-01"), "年-月-日"),
        (Wanted("a", year="term"), "--year"),
    ],
)
def test_answers_that_cannot_be_used_are_told(wanted, said):
    with pytest.raises(AnswerError, match=re.escape(said)):
        files_of(wanted, "a")


def test_all_problems_are_told_at_once_with_file_and_line(made):
    replaced(made / "items" / "02-I2.yaml", "full: 30\n    indicators", "full: 多\n    indicators")
    replaced(made / "items" / "01-I1.yaml", "kind: judged", "kind: juged")
    code, out, _ = scheme("check", made, "--json")
    found = json.loads(out)
    assert (code, found["ok"]) == (1, False)
    assert {(each["file"], each["line"]) for each in found["problems"]} == {
        ("items/01-I1.yaml", 15), ("items/02-I2.yaml", 7),
    }  # fmt: skip
    assert all(each["expected"] for each in found["problems"])


def test_a_case_that_fails_says_what_came_out_and_why(made):
    path = made / "cases" / "first.yaml"
    replaced(path, "I2.1: 16", "I2.1: 17")
    code, _, err = scheme("test", made)
    assert code == 1
    assert "乙 的 I2.1 科学研究 应为 17，得到 16" in err
    assert "2 × 发表论文 8 篇 = 16" in err
    failed = json.loads(scheme("test", made, "--json")[1])["failed"]
    assert [(each["unit"], each["expected"], each["found"]) for each in failed] == [("乙", "17", "16")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("metric2: 15", "metric9: 15", "指标目录（metrics）里没有 metric9"),
        ("category: category1", "category: other", "没有 other"),
        ("total: 100", "sum: 100", "各项（items）和结果里没有 sum"),
        ("grade: grade1", "grade: best", "等次（grades）里没有 best"),
        ("arithmetic:", "arithmetics:", "没有 arithmetics，是否应为 arithmetic"),
        ("I1.1: 40", "I1.1: 四十", "应为数字"),
        ("ratings: {I1.1: [40]", "ratings: {I1.1: [很好]", "应为数字"),
        ("ratings: {I1.1: [40], I3.1: [30]}", "votes: 3", "应写成 {投票: {选项: 票数}}"),
        (
            "ratings: {I1.1: [40], I3.1: [30]}",
            "incidents: {I1.1: [{date: 昨天}]}\n      ratings: {I1.1: [40]}",
            "日期应为年-月-日",
        ),
    ],
)
def test_a_case_written_wrongly_is_told_with_its_line(made, old, new, said):
    replaced(made / "cases" / "first.yaml", old, new)
    code, _, err = scheme("check", made)
    assert code == 1
    assert said in err
    assert re.search(r"cases/first\.yaml 第 \d+ 行", err)


def test_no_cases_are_no_passed_test(made):
    shutil.rmtree(made / "cases")
    code, _, err = scheme("test", made)
    assert code == 1
    assert "没有算例" in err


def plain(value):
    """As a JSON reader would hold it."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return float(value) if isinstance(value, Fraction) else value


def test_shipped_schemes_and_a_new_one_are_valid_by_the_schema(made):
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(validator.schema)
    folders = [made, *(SHIPPED / each for each in shipped_ids())]
    for path in (each for folder in folders for each in folder.rglob("*.yaml") if each.parent.name != "cases"):
        errors = [
            f"{list(error.absolute_path)}: {error.message}"
            for error in validator.iter_errors(plain(load(path).content))
        ]
        assert not errors, path


SHORT = """
groups:
  all: {name: 全部, score: total, then_by: [a, {of: b, order: ascending}, {kind: score, of: x}]}
items:
  - id: total
    name: 总分
    then: [{times: {by_size: {big: 2, else: 1}, at_most: 1}}]
    items: [{id: x, name: 甲, full: {by_group: {all: 9}}, rule: {kind: rank, of: a, then_by: [b]}}]
"""


def test_what_the_reference_and_short_forms_write_is_valid_by_the_schema():
    validator = jsonschema.Draft202012Validator(schema())

    def refused(entries, fields_of):
        written = [(each.example, plain(parse(each.example.encode()).content)) for each in entries]
        items = [(text, {"id": "a", "name": "甲", **fields_of(content)}) for text, content in written]
        return [text for text, item in items if not validator.is_valid({"items": [item]})]

    assert validator.is_valid(plain(parse(SHORT.encode()).content))
    assert refused(kinds(), lambda rule: {"rule": rule}) == []
    assert refused(conditions(), lambda held: {"then": [{"plus": 1, "if": held}]}) == []
    assert refused(steps(), lambda step: {"then": [step]}) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("items", [{"id": "a", "name": "甲", "rule": {"by": {"big": 1}}}]),
        ("items", [{"id": "a", "name": "甲", "rule": {"kind": "steps", "bounds": 3}}]),
        ("items", [{"id": "a", "name": "甲", "rule": {"kind": "nothing"}}]),
        ("metrics", {"a": {"name": "甲"}}),
        ("results", {"grades": [{"nmae": "甲"}]}),
        ("unknown", 1),
    ],
)
def test_the_schema_refuses_what_no_scheme_may_say(field, value):
    assert not jsonschema.Draft202012Validator(schema()).is_valid({field: value})


@pytest.mark.parametrize("which", shipped_ids())
def test_a_scheme_is_documented_item_by_item(tmp_path, which):
    page, book = tmp_path / "a.html", tmp_path / "a.xlsx"
    assert scheme("doc", which, "--out", page)[0] == 0
    assert scheme("doc", which, "--out", book)[0] == 0
    said = page.read_text(encoding="utf-8")
    cells = {cell.value for row in openpyxl.load_workbook(book)["评分项"] for cell in row}
    for node in shipped(which).tree.nodes.values():
        assert html.escape(node.item.name) in said
        assert node.item.name in cells
    assert not re.search(r"(?:src|href)=\"(?!#)", said)  # nothing is fetched
    assert "data_type" not in said


def test_texts_like_formulas_stay_texts(made, tmp_path):
    replaced(made / "items" / "01-I1.yaml", "name: 教学工作\n        clause", 'name: "=1+1"\n        clause')
    assert scheme("doc", made, "--out", tmp_path / "a.xlsx")[0] == 0
    cells = [
        cell for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["评分项"] for cell in row if cell.value == "=1+1"
    ]
    assert [cell.data_type for cell in cells] == ["s"]


def test_differences_name_what_was_added_removed_renamed_and_changed(made, tmp_path):
    other = tmp_path / "next"
    shutil.copytree(made, other)
    replaced(other / "items" / "02-I2.yaml", "parts: [2, metric2]", "parts: [3, metric2]")
    replaced(other / "items" / "03-I3.yaml", "name: 管理服务\n    clause", "name: 管理与服务\n    clause")
    replaced(other / ROOT, "at_least: 90", "at_least: 85")
    text = (other / "items" / "01-I1.yaml").read_text(encoding="utf-8")
    (other / "items" / "04-I4.yaml").write_text(text.replace("I1", "I4").replace("教学工作", "党建"), encoding="utf-8")
    code, out, _ = scheme("diff", made, other, "--json", "--out", tmp_path / "d.html")
    changes = {(each["family"], each["how"], each["id"], each["field"]) for each in json.loads(out)["changes"]}
    assert code == 0
    assert changes == {
        ("items", "changed", "I2.1", "rules"),
        ("items", "renamed", "I3", "name"),
        ("items", "added", "I4", ""),
        ("items", "added", "I4.1", ""),
        ("grades", "changed", "grade1", "says"),
    }
    page = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert "2 × 发表论文" in page
    assert "3 × 发表论文" in page
    assert "内容相同" in scheme("diff", made, made)[1]


def test_other_days_and_terms_are_a_difference(made, tmp_path):
    """With the same items and grades: nothing would be said of a year that counts from another day on."""
    other = tmp_path / "next"
    shutil.copytree(made, other)
    days = 'window: {from: "09-01", to: "08-31"}'
    replaced(other / ROOT, days, f"dimensions: {{month: {{name: 月, of: 12}}}}\n{days.replace('09-01', '10-01')}")
    changes = json.loads(scheme("diff", made, other, "--json")[1])["changes"]
    found = {(each["how"], each["id"], each["field"]) for each in changes if each["family"] == "frame"}
    assert found == {("changed", "window", "says"), ("added", "dimensions.month", "")}


def test_a_file_that_is_there_stays(made, tmp_path):
    there = tmp_path / "a.html"
    there.write_text("mine", encoding="utf-8")
    commands = (("doc", made, "--out", there), ("diff", made, made, "--out", there), ("schema", "--out", there))
    for words in commands:
        code, _, err = scheme(*words)
        assert code == 2
        assert "--overwrite" in err
        assert there.read_text(encoding="utf-8") == "mine"
    assert scheme(*commands[0], "--overwrite")[0] == 0
    assert "教学工作" in there.read_text(encoding="utf-8")


def test_what_is_asked_for_has_to_be_there(tmp_path):
    assert scheme("check", "nonsense")[0] == 2
    assert scheme("check", tmp_path)[0] == 2
    assert scheme("doc", "decathlon", "--out", tmp_path / "a.pdf")[0] == 2


def test_a_revision_drops_changes_and_adds(made, tmp_path):
    folder = tmp_path / "next"
    folder.mkdir()
    (folder / ROOT).write_text(
        f"based_on: {made}\nid: xx-2026\ntitle: 修订\ndrop: [I3, metrics.metric2, I2]\n"
        "sections:\n  - {id: I1, indicators: [{id: I1.1, full: 35}]}\n",
        encoding="utf-8",
    )
    revised = read_scheme(folder)
    assert revised.id == "xx-2026"
    assert list(revised.tree.nodes) == ["total", "I1", "I1.1"]
    assert revised.indicators["I1.1"].full == 35
    assert not revised.metrics


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("drop: [I9]", "没有 I9"),
        ("sections: []", "drop: [编号]"),
        ("metrics: {}", "drop: [编号]"),
    ],
)
def test_what_would_drop_nothing_is_an_error(made, tmp_path, line, said):
    folder = tmp_path / "next"
    folder.mkdir()
    (folder / ROOT).write_text(f"based_on: {made}\n{line}\n", encoding="utf-8")
    code, _, err = scheme("check", folder)
    assert code == 1
    assert said in err
    assert "第 2 行" in err
    assert Path(folder / ROOT).is_file()


def test_check_says_that_a_scheme_which_can_be_scored_has_a_grade_nobody_gets(tmp_path):
    text = "items: [{id: total, name: 总分, rule: a}]\nresults: {grades: [{id: up, name: 升}, {id: down, name: 降}]}\n"
    (tmp_path / "scheme.yaml").write_text(f"{HEAD}{ONE_GROUP}{METRICS}{text}", encoding="utf-8")
    code, out, _ = scheme("check", tmp_path)
    assert code == 0
    assert "没有问题" in out
    assert "审读另有不可达 1 处：kaohe audit" in out.replace("\n", "")
