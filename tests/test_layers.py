"""Imports run one way, from files and rules through scheme, intake, scoring, analysis and charts to batch and cli.

And general code names nothing of one regulation: its words stand in its scheme and in the demonstration years.
"""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import kaohe

PACKAGE = Path(kaohe.__file__).parent
LAYERS = [
    "files", "kernels", "rules", "scheme", "intake", "scoring", "analysis",
    "exchange", "charts", "notebook", "explorer", "batch", "cli",
]  # fmt: skip


def modules():
    """Every module of the package; the package's own doors and `-m` may look anywhere."""
    outside = {PACKAGE / "__init__.py", PACKAGE / "__main__.py"}
    return sorted(path for path in PACKAGE.rglob("*.py") if path not in outside)


def layer_of(name):
    part = name.split(".")[1] if "." in name else ""
    return LAYERS.index(part) if part in LAYERS else None


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_is_left_of_it(path):
    mine = layer_of("kaohe." + path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", "."))
    wrong = [name for name in imports(path) if name.startswith("kaohe.") and (layer_of(name) or 0) > mine]
    assert not wrong


def files_taken(path):
    """Modules that a module takes something from, be it late or for its types alone; a package's doors are no file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            home = PACKAGE.parent.joinpath(*node.module.split("."))
            yield home.with_suffix(".py")
            yield from (home / f"{alias.name}.py" for alias in node.names)


def test_no_files_import_each_other_in_a_circle():
    files = set(modules())
    taken = {path: {each for each in files_taken(path) if each in files} for path in files}
    try:
        TopologicalSorter(taken).prepare()
    except CycleError as error:
        raise AssertionError([path.relative_to(PACKAGE).as_posix() for path in error.args[1]]) from None


def test_the_house_on_one_page_knows_every_room_in_its_order():
    text = (PACKAGE.parent / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    (chain,) = (line.split(" ← ") for line in text.splitlines() if line.strip().startswith("files ←"))
    assert [name.strip() for name in chain] == LAYERS
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    rows = "".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))
    assert rooms == set(LAYERS)
    assert rooms <= set(re.findall(r"`(\w+)`", rows))


INTAKE = [
    *("findings", "places", "remembered", "grouping", "sheets", "tables", "year", "checks", "raw", "build", "reading"),
    "changes",
]


@pytest.mark.parametrize("path", sorted((PACKAGE / "intake").rglob("*.py")), ids=lambda path: path.stem)
def test_inside_intake_imports_run_one_way_too(path):
    def room(name):
        part = name.split(".")[2] if name.startswith("kaohe.intake.") else ""
        return INTAKE.index(part) if part in INTAKE else -1

    mine = path.relative_to(PACKAGE / "intake").with_suffix("").parts[0]
    assert mine in (*INTAKE, "__init__")
    wrong = [name for name in imports(path) if mine in INTAKE and room(name) > INTAKE.index(mine)]
    assert not wrong


OF_ONE_REGULATION = re.compile(
    '院部|部门|基础指标|重点指标|目标办|领导小组|校领导|奖励性绩效|yuanbu|"base"|"key"|优秀|不合格|合格'
)
READ = {".py", ".j2", ".js", ".css", ".yaml", ".json"}
AT_HOME = {"scheme/demo", "scheme/schemes"}
NAMES_OF_ITS_OWN = {"files/signing.py": {'"key"'}, "rules/__init__.py": {'"base"'}}
"""A file and a module that happen to be called so."""

OWED: dict[str, set[str]] = {}
"""Rooms that still name something of it; a word leaves the list with its last use, and none is added."""


@pytest.mark.parametrize("room", LAYERS)
def test_general_code_names_nothing_of_one_regulation(room):
    found = {}
    for path in sorted((PACKAGE / room).rglob("*")):
        name = path.relative_to(PACKAGE).as_posix()
        ours = not path.name.endswith(".min.js")  # plotly.js, see tools/plotly
        if ours and path.suffix in READ and not any(name.startswith(f"{home}/") for home in AT_HOME):
            words = set(OF_ONE_REGULATION.findall(path.read_text(encoding="utf-8")))
            if words := words - OWED.get(room, set()) - NAMES_OF_ITS_OWN.get(name, set()):
                found[name] = words
    assert not found


def test_what_is_tried_would_be_found():
    """The demonstration years are full of it."""
    text = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "scheme" / "demo").rglob("*.py"))
    assert {"院部", "yuanbu", "优秀", "领导小组"} <= set(OF_ONE_REGULATION.findall(text))
