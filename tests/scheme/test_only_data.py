"""What the regulation says stands in its files alone: none of its figures and no item by its id stands in Python."""

import ast
from pathlib import Path

import kaohe
from kaohe.scheme import shipped

WHERE = Path(kaohe.__file__).parent
NEUTRAL = {0, 0.5, 1, 2, 100}  # nothing, an axis, a half, per cent
COUNTING = {
    "wording.py",  # digits after the point
    "enclosed.py",  # bounds of the search for them
    "enclosures.py",  # digits to which irrational numbers are enclosed
    "starting.py",  # parts of an option as it is typed, and the month in which most school years begin
}


def figures(source: str) -> list[float]:
    """Numbers that could be the regulation's: none of a slice, a length, a parameter's default, a named constant."""
    parsed = ast.parse(source)
    technical = {id(node) for part in ast.walk(parsed) if _is_technical(part) for node in ast.walk(part)}
    return [
        node.value
        for node in ast.walk(parsed)
        if isinstance(node, ast.Constant) and id(node) not in technical
        if type(node.value) in (int, float) and node.value not in NEUTRAL
    ]


def _is_technical(node: ast.AST) -> bool:
    if isinstance(node, ast.Slice | ast.arguments):
        return True
    if isinstance(node, ast.Assign):
        names = [name for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)]
        return bool(names) and all(name.id.isupper() for name in names)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return True
    if isinstance(node, ast.Compare | ast.BinOp):
        return any(isinstance(part, ast.Call) and getattr(part.func, "id", "") == "len" for part in ast.walk(node))
    return isinstance(node, ast.Call) and (
        getattr(node.func, "attr", "") == "date" or getattr(node.func, "id", "") in ("Field", "number")
    )


def test_figures_are_told_from_technical_numbers():
    assert figures("points = full * 30") == [30]
    assert figures("if rate >= 0.7:\n    give(1.5)") == [0.7, 1.5]
    assert figures("SHOWN = 6\ndef f(x, digits=4):\n    return x[:6], len(x) > 6, x / 2 * 100") == []


def general_code():
    """Of rules, scheme and scoring; the invented years belong to one scheme."""
    found = (path for folder in ("rules", "scoring", "scheme") for path in sorted((WHERE / folder).rglob("*.py")))
    return [path for path in found if not path.is_relative_to(WHERE / "scheme/demo")]


def test_no_figure_of_the_regulation_stands_in_python():
    found = {
        path.relative_to(WHERE).as_posix(): numbers
        for path in general_code()
        if path.name not in COUNTING
        if (numbers := figures(path.read_text("utf-8")))
    }
    assert found == {}


def test_no_indicator_is_named_in_python():
    """Rules, scheme and scoring know no part of the regulation by its id."""
    scheme = shipped("lygtc-2018")
    names = {*scheme.indicators, *scheme.metrics, *(each.id for each in scheme.sections)}
    for path in general_code():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not (isinstance(node, ast.Constant) and node.value in names), f"{path}: {node.value}"
