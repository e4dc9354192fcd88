"""The document for newcomers: its example passes as it is written there."""

import re
import shutil
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from typer.testing import CliRunner

from kaohe.cli import app
from kaohe.rules.kinds import AnyFigure
from kaohe.scheme import read_scheme
from kaohe.scheme.kindbook import renewed
from kaohe.scheme.reference import conditions, kinds, steps
from kaohe.scheme.yamlfile import parse

DOCUMENT = Path(__file__).parents[2] / "docs" / "办法怎样写成数据.md"
FILE = re.compile(r"^文件 `([^`]+)`：\n\n```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files that the document writes, by their names."""
    root = tmp_path_factory.mktemp("document") / "办法"
    found = dict(FILE.findall(DOCUMENT.read_text(encoding="utf-8")))
    assert set(found) >= {"scheme.yaml", "metrics.yaml", "items/parts.yaml", "cases/parts.yaml", "data/kaohe.yaml"}
    for name, text in found.items():
        path = root.parent / name if name.startswith("data/") else root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def kaohe(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize("command", ["check", "test"])
def test_the_example_passes(folder, command):
    code, output = kaohe("scheme", command, folder)
    assert code == 0, output


def test_a_failing_case_says_what_the_document_says(folder, tmp_path):
    other = shutil.copytree(folder, tmp_path / "办法")
    path = other / "cases" / "parts.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("S1: 15", "S1: 14"), encoding="utf-8")
    said = " ".join(kaohe("scheme", "test", other)[1].split())
    line = next(line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if "应为 14，得到 15" in line)
    assert line.strip() in said


def test_the_revision_is_what_it_says(folder):
    revised = read_scheme(folder / "next")
    assert revised.id == "xx-2026"
    assert "V1" not in revised.tree
    assert revised.tree["quality"].item.name == "教育教学质量"
    assert revised.indicators["Q1"].full == 50
    assert not revised.votes


def test_the_example_scores_a_year(folder):
    raw = folder.parent / "data" / "raw" / "2025-2026"
    raw.mkdir(parents=True)
    (raw / "units.csv").write_text("unit_id,name,category\nA1,机械系,系部\nA2,电子系,department\n", encoding="utf-8")
    figures = {
        "evaluation": (88, 92),
        "papers": (20, 10),
        "teachers": (20, 20),
        "accidents": (0, 1),
        "national_awards": (0, 1),
    }
    rows = [f"A{n},{name},{value}" for name, both in figures.items() for n, value in enumerate(both, 1)]
    (raw / "metrics.csv").write_text("\n".join(["unit_id,metric,value", *rows]) + "\n", encoding="utf-8")
    ballots = "unit_id,excellent,qualified,unqualified\nA1,8,2,0\nA2,5,5,0\n"
    (raw / "ballots.csv").write_text(ballots, encoding="utf-8")
    code, output = kaohe("score", "2025-2026", "--data", folder.parent / "data")
    assert code == 0, output
    assert re.search(r"A1\s+机械系\s+96\.73", output), output
    assert re.search(r"A2\s+电子系\s+91\.50", output), output


def test_the_reference_of_kinds_is_current():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert renewed(text) == text, "python -m kaohe.scheme.kindbook docs/办法怎样写成数据.md"


def test_every_kind_condition_and_step_stands_in_the_document():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert all(f"`{each.name}`" in text for each in kinds())
    assert all(each.purpose in text for each in (*conditions(), *steps()))


def test_every_wording_of_the_table_is_a_figure():
    text = DOCUMENT.read_text(encoding="utf-8")
    table = text[text.index("### 常见的条文") :].split("\n\n")[1]
    written = re.findall(r"\| `(\{.*\})` \|$", table, re.MULTILINE)
    assert len(written) == table.count("\n") - 1
    for each in written:
        assert TypeAdapter(AnyFigure).validate_python(parse(each.encode()).content).kind
