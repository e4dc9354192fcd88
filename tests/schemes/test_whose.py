"""Whose a data folder is: the scheme that kaohe.yaml names, and no other."""

import json

import pytest
from typer.testing import CliRunner

from kaohe.cli import app
from kaohe.intake import read_year
from kaohe.scheme import SchemeError, scheme_in_force
from kaohe.scheme.starting import Wanted, files_of
from kaohe.scoring.score import UNDECIDED, score_intake, told_of_year_before, year_before
from tests.schemes.written import HEAD, METRICS, ONE_GROUP
from tests.small import small_year


def test_without_a_word_the_one_shipped_scheme_serves_and_no_newer_one():
    assert scheme_in_force("2018-2019").id == "lygtc-2018"
    assert scheme_in_force("2030-2031").id == "lygtc-2018"
    with pytest.raises(SchemeError, match="2017-2018"):
        scheme_in_force("2017-2018")


def test_a_data_folder_names_its_scheme_by_id_or_path(tmp_path):
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    about = raw.parent / "kaohe.yaml"
    about.write_text("scheme: undp-hdi-2021\n", encoding="utf-8")
    assert scheme_in_force("2021", raw).id == "undp-hdi-2021"
    assert scheme_in_force("2021", raw / ".being-made").id == "undp-hdi-2021"  # a year that is still being made
    for name, text in files_of(Wanted("own", in_force_from="2020-09-01"), "own").items():
        path = tmp_path / "data" / "schemes" / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    about.write_text("scheme: schemes/own\n", encoding="utf-8")
    assert scheme_in_force("2020-2021", raw).id == "own"
    with pytest.raises(SchemeError, match="自 2020-09-01 起施行"):
        scheme_in_force("2019-2020", raw)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scheme: nowhere", "没有方案 nowhere"),
        ("schema: own", "没有 schema，是否应为 scheme"),
        ("[a]", "应写 scheme"),
        ("scheme:", "应写方案的编号或路径"),
        ("scheme: [a", "没有配对"),
    ],
)
def test_what_is_wrong_with_it_is_a_finding_of_the_year(tmp_path, text, said):
    small_year(tmp_path)
    (tmp_path / "kaohe.yaml").write_text(text + "\n", encoding="utf-8")
    found = read_year(tmp_path / "raw", "2018-2019").findings
    assert [each.file for each in found] == ["kaohe.yaml"]
    assert said in str(found[0])


OWN = """
id: own
title: 自己的办法
authority: 某单位
in_force_from: "2020-01-01"
year: {kind: calendar}
window: {from: "01-01", to: "12-31"}
categories: {unit: {name: 单位, group: all}}
groups: {all: {name: 全部, score: total}}
metrics: {a: {name: 甲数, unit: 个, kind: number, office: 处}, b: {name: 乙数, unit: 个, kind: number, office: 处}}
items: [{id: total, name: 总分, then: [{plus: b}], items: [{id: x, name: 甲, rule: a}]}]
"""


def test_earlier_scorings_keep_the_scheme_named_beside_the_data(tmp_path):
    """Restored, or held against one another, they are scored by it, not by the one that ships."""

    def kaohe(*words):
        result = CliRunner().invoke(app, [str(word) for word in words])
        assert result.exit_code == 0, result.output
        return result.output

    data, year = tmp_path / "data", tmp_path / "data" / "raw" / "2021"
    year.mkdir(parents=True)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "scheme.yaml").write_text(OWN, encoding="utf-8")
    (data / "kaohe.yaml").write_text("scheme: ../own\n", encoding="utf-8")
    (year / "units.csv").write_text("单位编号,单位名称,类别\nA,甲单位,单位\n", encoding="utf-8")
    ids = []
    for value in (1, 5):
        (year / "metrics.csv").write_text(f"单位编号,指标名称,数值\nA,甲数,1\nA,乙数,{value}\n", encoding="utf-8")
        kaohe("score", "2021", "--data", data)
        ids.append(json.loads((data / "processed" / "2021" / "manifest.json").read_text(encoding="utf-8"))["id"])
    assert "2.00 → 6.00 分" in kaohe("diff", *ids, "--data", data)
    kaohe("history", "2021", "--restore", ids[0], tmp_path / "again", "--data", data)
    assert "2.00" in kaohe("score", "2021", "--data", tmp_path / "again")
    assert "2.00 → 6.00 分" in kaohe("diff", tmp_path / "again" / "raw" / "2021", "2021", "--data", data)


@pytest.mark.parametrize(
    ("year", "works"), [("2017-cup", False), ("2018-cup", True), ("2019-cup", True), ("cup", True)]
)
def test_an_event_may_be_of_the_year_in_which_its_rules_came_in_force(tmp_path, year, works):
    """Nothing says on which day of its year an event is."""
    folder, raw = tmp_path / "rules", tmp_path / "data" / "raw"
    folder.mkdir()
    raw.mkdir(parents=True)
    text = "items: [{id: total, name: 总分, rule: a}]\n"
    head = HEAD.replace("kind: calendar", "kind: event").replace("2025-01-01", "2018-07-01")
    (folder / "scheme.yaml").write_text(f"{head}{ONE_GROUP}{METRICS}{text}", encoding="utf-8")
    (tmp_path / "data" / "kaohe.yaml").write_text("scheme: ../rules\n", encoding="utf-8")
    if works:
        assert scheme_in_force(year, raw).id == "small"
        return
    with pytest.raises(SchemeError, match="自 2018-07-01 起施行"):
        scheme_in_force(year, raw)


def test_figures_of_a_year_before_the_regulation_are_written_into_its_first_year(tmp_path):
    """A folder of that year is under no scheme; what to do is not to mend it."""
    text = """
id: own
title: 办法
authority: 某县
in_force_from: "2023-01-01"
year: {kind: calendar}
categories: {unit: {name: 单位, group: all}}
groups: {all: {name: 全部, score: total}}
metrics: {tax: {name: 税收, unit: 元, kind: money, office: 税务局}}
items: [{id: total, name: 总分, rule: {kind: growth, new: tax, old: {kind: over, of: tax, years: [1], fold: last}}}]
"""
    files = {
        "办法/scheme.yaml": text,
        "kaohe.yaml": "scheme: 办法\n",
        "raw/2022/units.csv": "unit_id,name,category\n甲,甲局,单位\n",
        "raw/2022/metrics.csv": "unit_id,metric,value\n甲,tax,50\n",
        "raw/2023/units.csv": "unit_id,name,category\n甲,甲局,单位\n",
        "raw/2023/metrics.csv": "unit_id,metric,year,value\n甲,tax,,60\n甲,tax,2022,50\n",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    year = read_year(tmp_path / "raw", "2023")
    told = told_of_year_before(year, year_before(tmp_path / "raw", "2023")).findings
    assert [each.expected for each in told if each.code == UNDECIDED] == [
        "那一年不按这份方案评的，把要看的数写进本年的指标数据表，“年度”列写 2022"
    ]
    assert float(score_intake(year).units[0].total) == 0.2
