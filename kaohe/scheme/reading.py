"""Reads a scheme from YAML; whatever is wrong is named with file, line, field and what was expected."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from kaohe.scheme.consistency import inconsistencies
from kaohe.scheme.messages import expected
from kaohe.scheme.model import Scheme

SHIPPED = Path(__file__).parent / "schemes"
ROOT = "scheme.yaml"
Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a scheme file."""

    file: str
    line: int | None
    field: str
    expected: str

    def __str__(self) -> str:
        line = f" 第 {self.line} 行" if self.line else ""
        field = f"，{self.field}" if self.field else ""
        return f"{self.file}{line}{field}：{self.expected}"


class SchemeError(ValueError):
    """A scheme that cannot be used, with every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("考核方案有误：\n" + "\n".join(f"  {problem}" for problem in problems))


class _Constructor(RoundTripConstructor):
    """Decimal figures become exact fractions of their printed digits."""


def _exact_float(constructor: RoundTripConstructor, node: Any) -> Fraction | str:
    try:
        return Fraction(node.value.replace("_", ""))
    except ValueError:
        return str(node.value)  # .inf, .nan: refused later as no number


def _plain_date(constructor: RoundTripConstructor, node: Any) -> str:
    return str(node.value)


_Constructor.add_constructor("tag:yaml.org,2002:float", _exact_float)
_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _plain_date)


def load_yaml(path: Path) -> Any:
    """One YAML file with positions; SchemeError where it is not YAML."""
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = Problem(str(path), mark.line + 1 if mark else None, "", f"不是合法的 YAML：{error.problem}")
        raise SchemeError([problem]) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise SchemeError([Problem(str(path), None, "", f"不是合法的 UTF-8 YAML 文件：{error}")]) from error


class _Sources:
    """Which file and line each part of a merged tree came from."""

    def __init__(self) -> None:
        self._files: dict[int, Path] = {}
        self._kept: list[Any] = []  # parts stay alive so that ids stay theirs

    def add(self, node: Any, path: Path) -> None:
        if isinstance(node, dict | list):
            self._files[id(node)] = path
            self._kept.append(node)
            for child in node.values() if isinstance(node, dict) else node:
                self.add(child, path)

    def locate(self, root: Any, location: Location) -> tuple[Path | None, int | None, str]:
        """File, line and field name of a pydantic location; its union tags are passed over."""
        node, file, line, field = root, None, None, []
        for step in location:
            if (isinstance(node, dict) and step in node) or (
                isinstance(node, list) and isinstance(step, int) and step < len(node)
            ):
                found, child = True, node[step]
            else:
                found, child = False, None
            if found:
                file = self._files.get(id(node), file)
                line = _line(node, step) or line
                field.append(str(child["id"]) if isinstance(child, dict) and "id" in child else str(step))
                node = child
            if isinstance(node, dict | list) and found:
                file = self._files.get(id(node), file)
        last = location[-1] if location else ""
        if isinstance(last, str) and (not field or field[-1] != last) and isinstance(node, dict) and last not in node:
            field.append(last)
        return file, line, ".".join(field)


def _line(node: Any, step: str | int) -> int | None:
    data = getattr(getattr(node, "lc", None), "data", None)
    return data[step][0] + 1 if data and step in data else None


def _merge(base: Any, more: Any) -> Any:
    """`more` over `base`: mappings key by key, lists of things with an id by id, others replaced."""
    if isinstance(base, dict) and isinstance(more, dict) and "kind" not in more:
        return {**base, **{key: _merge(base[key], value) if key in base else value for key, value in more.items()}}
    if _has_ids(base) and _has_ids(more):
        changed = {item["id"]: item for item in more}
        known = {item["id"] for item in base}
        return [_merge(item, changed[item["id"]]) if item["id"] in changed else item for item in base] + [
            item for item in more if item["id"] not in known
        ]
    return more


def _has_ids(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) and "id" in item for item in value)


def _join(base: dict[str, Any], part: Any, path: Path) -> None:
    """Add one part file to the scheme: lists are continued, mappings joined."""
    if not isinstance(part, dict):
        raise SchemeError([Problem(str(path), 1, "", "应为“字段: 内容”的映射")])
    for key, value in part.items():
        if key not in base:
            base[key] = value
        elif isinstance(base[key], list) and isinstance(value, list):
            base[key] = [*base[key], *value]
        elif isinstance(base[key], dict) and isinstance(value, dict):
            repeated = [name for name in value if name in base[key]]
            if repeated:
                line = _line(value, repeated[0])
                raise SchemeError(
                    [Problem(str(path), line, f"{key}.{repeated[0]}", "此项在别的文件里已写过，只能写一次")]
                )
            base[key] = {**base[key], **value}
        else:
            raise SchemeError([Problem(str(path), _line(part, key), str(key), "此项在别的文件里已写过，只能写一次")])


def read_tree(path: Path, sources: _Sources) -> dict[str, Any]:
    """The merged tree of a scheme's root file, its parts, and the scheme it is based on."""
    root = load_yaml(path)
    sources.add(root, path)
    tree: dict[str, Any] = {}
    _join(tree, root, path)
    patterns, based_on = tree.pop("parts", []), tree.pop("based_on", None)
    for pattern in patterns:
        found = sorted(path.parent.glob(str(pattern)))
        if not found:
            raise SchemeError([Problem(str(path), _line(root, "parts"), "parts", f"没有文件符合 {pattern}")])
        for file in found:
            part = load_yaml(file)
            sources.add(part, file)
            _join(tree, part, file)
    if based_on is None:
        return tree
    base = SHIPPED / str(based_on) / ROOT
    if not base.is_file():
        known = "、".join(shipped_ids())
        raise SchemeError([Problem(str(path), _line(root, "based_on"), "based_on", f"应为随库方案之一：{known}")])
    merged: dict[str, Any] = _merge(read_tree(base, sources), tree)
    return merged


def read_scheme(path: Path) -> Scheme:
    """The scheme whose root file is `path` (or lies in that folder); SchemeError names every problem."""
    root = path / ROOT if path.is_dir() else path
    sources = _Sources()
    try:
        tree = read_tree(root, sources)
    except OSError as error:
        raise SchemeError([Problem(str(root), None, "", f"无法读取：{error.strerror}")]) from error

    def problem(location: Iterable[str | int], message: str) -> Problem:
        file, line, field = sources.locate(tree, tuple(location))
        shown = file or root
        return Problem(_relative(shown, root.parent), line, field, message)

    try:
        scheme = Scheme.model_validate(tree)
    except ValidationError as error:
        raise SchemeError([problem(item["loc"], expected(item)) for item in _first_causes(error)]) from error
    found = [problem(location, message) for location, message in inconsistencies(scheme)]
    if found:
        raise SchemeError(found)
    return scheme


def _first_causes(error: ValidationError) -> list[Any]:
    """Errors without those that only follow from another one deeper in the same part."""
    items = error.errors(include_url=False)
    deep = [item["loc"] for item in items]
    return [
        item
        for item in items
        if item["type"] != "too_short"
        or not any(len(loc) > len(item["loc"]) and loc[: len(item["loc"])] == item["loc"] for loc in deep)
    ]


def _relative(path: Path, folder: Path) -> str:
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return path.as_posix()


def shipped_ids() -> list[str]:
    """Schemes that come with the library."""
    return sorted(path.parent.name for path in SHIPPED.glob(f"*/{ROOT}"))


@cache
def shipped(scheme_id: str) -> Scheme:
    """A scheme that comes with the library."""
    return read_scheme(SHIPPED / scheme_id / ROOT)


def scheme_in_force(year: str) -> Scheme:
    """The shipped scheme in force when `2018-2019` began (1 September)."""
    start = datetime.date(int(year[:4]), 9, 1).isoformat()
    ready = [scheme for scheme in map(shipped, shipped_ids()) if scheme.in_force_from <= start]
    if not ready:
        first = min(shipped(each).in_force_from for each in shipped_ids())
        raise SchemeError([Problem("", None, "", f"{year} 学年没有可用的考核方案：随库方案自 {first} 起施行")])
    return max(ready, key=lambda scheme: scheme.in_force_from)


def scheme_files(scheme_root: Path) -> Mapping[str, Path]:
    """Every file below a scheme's folder by relative name, for the manifest."""
    return {path.relative_to(scheme_root).as_posix(): path for path in sorted(scheme_root.rglob("*.yaml"))}
