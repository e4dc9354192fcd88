"""Imports run one way, from files and rules through scheme, intake, scoring, analysis and charts to batch and cli."""

import ast
from pathlib import Path

import pytest

import kaohe

PACKAGE = Path(kaohe.__file__).parent
LAYERS = [
    "files", "rules", "scheme", "intake", "demo", "scoring", "analysis",
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
