"""The notebooks as files: clean, documented, thin, and their parameters cells equal to the registry."""

import ast
import io
import json
import re
import tokenize
from pathlib import Path

import nbformat
import pytest

from kaohe.notebook import PARAMETERS

FOLDER = Path(__file__).parents[2] / "notebooks"
TYPES = {str: "str", bool: "bool", list: "list[str]", dict: "dict[str, str]"}


def read(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def code_cells(name):
    return [cell for cell in read(name).cells if cell.cell_type == "code"]


def test_every_notebook_is_registered():
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(PARAMETERS)


def test_the_readme_beside_them_lists_every_notebook():
    lines = (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    listed = [name for line in lines if line.startswith("| `") for name in re.findall(r"`(\w+)\.ipynb`", line)]
    assert sorted(listed) == sorted(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_notebook_is_valid_clean_and_stable(name):
    notebook = read(name)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    assert not any(id.isalnum() and len(id) == 8 and any(map(str.isdigit, id)) for id in ids)  # none made by a tool
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_notebook_is_written_as_nbformat_writes_it(name):
    """So that saving it in JupyterLab without a change changes nothing."""
    text = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    assert json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n" == text


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_notebook_opens_with_title_parameters_and_start(name):
    title, parameters, start, *rest = read(name).cells
    assert [title.id, parameters.id, start.id] == ["title", "parameters", "start"]
    assert title.source.startswith("# ")
    assert parameters.metadata.tags == ["parameters"]
    assert f'start(globals(), "{name}")' in start.source
    assert rest


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_parameters_cell_is_the_registry(name):
    source = read(name).cells[1].source
    comments = [
        token.string.removeprefix("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    found = [
        (node.target.id, ast.unparse(node.annotation), ast.literal_eval(node.value)) for node in ast.parse(source).body
    ]
    wanted = PARAMETERS[name]
    assert found == [(each.name, TYPES[type(each.default)], each.default) for each in wanted]
    assert comments == [each.meaning for each in wanted]


@pytest.mark.parametrize("name", PARAMETERS)
def test_papermill_reads_the_same_parameters(name):
    from papermill import inspect_notebook

    found = inspect_notebook(str(FOLDER / f"{name}.ipynb"))
    assert {key: each["help"] for key, each in found.items()} == {each.name: each.meaning for each in PARAMETERS[name]}


@pytest.mark.parametrize("name", PARAMETERS)
def test_cells_only_call_and_show(name):
    """No logic in a notebook: imports, one assignment of what it is about, shown calls, and a loop over groups."""
    for cell in code_cells(name)[1:]:
        for node in ast.parse(cell.source).body:
            assert isinstance(node, ast.ImportFrom | ast.Assign | ast.Expr | ast.For)
            if isinstance(node, ast.ImportFrom):
                assert node.module.startswith("kaohe.")
            if isinstance(node, ast.Assign):
                assert ast.unparse(node.value).startswith(("start(", "changes_from(", "goals("))
            for call in node.body if isinstance(node, ast.For) else [node]:
                if isinstance(call, ast.Expr):
                    assert call.value.func.id in ("show", "show_html", "start", "explore")


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_import_is_used(name):
    cells = [ast.parse(cell.source) for cell in code_cells(name)[1:]]
    imported = {
        alias.name
        for tree in cells
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    used = {node.id for tree in cells for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert imported <= used


@pytest.mark.parametrize("name", PARAMETERS)
def test_words_are_chinese_and_headed(name):
    for cell in read(name).cells:
        if cell.cell_type == "markdown":
            assert any("\u4e00" <= char <= "\u9fff" for char in cell.source)


@pytest.mark.parametrize("name", ["public", "public_unit"])
def test_public_notebooks_use_what_is_made_for_them_alone(name):
    imported = {
        node.module
        for cell in code_cells(name)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.ImportFrom)
    }
    assert imported == {"kaohe.charts.public", "kaohe.notebook"}
