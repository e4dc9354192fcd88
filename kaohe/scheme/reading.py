"""Reads a scheme from YAML; whatever is wrong is named with file, line, field and what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from pydantic import ValidationError

from kaohe.rules.base import NO_NUMBER, exact_number
from kaohe.rules.spelling import naming
from kaohe.scheme.consistency import inconsistencies
from kaohe.scheme.declared import declared
from kaohe.scheme.messages import expected, first_causes
from kaohe.scheme.model import Scheme
from kaohe.scheme.yamlfile import KINDS, NotYamlError, Step, file_bytes, parse

SHIPPED = Path(__file__).parent / "schemes"
ROOT = "scheme.yaml"
Location = tuple[Step, ...]


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


class _Tree:
    """A scheme's root file, its parts and the scheme it is based on as one tree, with the origin of every part."""

    def __init__(self, root: Path, content_of: Callable[[Path], bytes]) -> None:
        self.root, self.content_of = root, content_of
        self._places: dict[int, dict[Step, tuple[Path, int]]] = {}  # by id() of a mapping or list
        self._kept: list[Any] = []  # they stay alive so that ids stay theirs
        self.content: dict[str, Any] = self._read(root)

    def refuse(self, path: Path, line: int | None, field: str, message: str) -> SchemeError:
        return SchemeError([Problem(self._shown(path), line, field, message)])

    def problem(self, location: Iterable[Step], message: str, *, absent: bool = False) -> Problem:
        """What is wrong at a place of the tree; `absent`: its last step names what is missing there."""
        file, line, field = self._locate(tuple(location), absent)
        return Problem(self._shown(file or self.root), line, field, message)

    def at(self, location: Iterable[Step]) -> tuple[Location, Any]:
        """The part of the tree a location leads to, and the way without steps that are not in the tree."""
        node, way = self.content, []
        for step in location:
            if _has(node, step):
                node = node[step]  # type: ignore[index]
                way.append(step)
        return tuple(way), node

    def _read(self, path: Path) -> dict[str, Any]:
        root = self._mapping(path)
        tree = dict(root)
        self._copy_places(tree, root)
        patterns, based_on = tree.pop("parts", []), tree.pop("based_on", None)
        if not isinstance(patterns, list):
            raise self.refuse(path, self._line(root, "parts"), "parts", "应为文件名的列表")
        for place, pattern in enumerate(patterns):
            line = self._line(patterns, place)
            found = self._parts(path, str(pattern), line)
            if not found:
                raise self.refuse(path, line, "parts", f"没有文件符合 {pattern}")
            for file in found:
                self._join(tree, self._mapping(file), file)
        drop = tree.pop("drop", [])
        if based_on is None:
            if drop:
                raise self.refuse(path, self._line(root, "drop"), "drop", "只有写了 based_on 才能去掉别处的项")
            return tree
        below = self._read(self._based_on(path, str(based_on), self._line(root, "based_on")))
        for place, name in enumerate(drop if isinstance(drop, list) else [drop]):
            if not self._dropped(below, str(name)):
                line = self._line(drop, place) or self._line(root, "drop")
                raise self.refuse(path, line, "drop", f"{based_on} 里没有 {name}，应为要去掉的项的编号，如 B10 或 metrics.编号")
        for key, value in tree.items():
            if value in ([], {}) and below.get(key):
                wrong = "空着不会去掉什么；要去掉哪些，写 drop: [编号]"
                raise self.refuse(path, self._line(root, key), key, wrong)
        merged: dict[str, Any] = self._merge(below, tree, ())
        return merged

    def _based_on(self, path: Path, which: str, line: int | None) -> Path:
        """The root file that another is based on: of a shipped scheme, or by its path."""
        beside = path.parent / which
        for found in (SHIPPED / which / ROOT, beside / ROOT, beside):
            if found.is_file():
                return found
        raise self.refuse(path, line, "based_on", f"应为另一份方案的路径，或随库方案之一：{'、'.join(shipped_ids())}")

    def _dropped(self, node: Any, name: str) -> bool:
        """Take what has this id (or, as `metrics.x`, this key) out of a tree; whether anything was there."""
        head, _, rest = name.partition(".")
        if isinstance(node, dict):
            if rest and head in node:
                inner = node[head]
                if isinstance(inner, dict) and rest in inner:
                    del inner[rest]
                    return True
                return self._dropped(inner, rest)
            return any([self._dropped(each, name) for each in node.values()])
        if not isinstance(node, list):
            return False
        kept = [place for place, each in enumerate(node) if not (isinstance(each, dict) and each.get("id") == name)]
        inside = [each for each in node if isinstance(each, dict) and rest and each.get("id") == head]
        if len(kept) == len(node):
            return any([self._dropped(each, rest if each in inside else name) for each in node])
        places = self._places.get(id(node), {})
        self._places[id(node)] = {now: places[was] for now, was in enumerate(kept) if was in places}
        node[:] = [node[place] for place in kept]
        return True

    def _parts(self, path: Path, pattern: str, line: int | None) -> list[Path]:
        """Files beside the root file or below it: what lies elsewhere would not be kept with the scheme."""
        if ".." in PurePath(pattern).parts or PurePath(pattern).anchor or not pattern.casefold().endswith(KINDS):
            raise self.refuse(path, line, "parts", f"应为方案文件夹里的 .yaml 文件，现为 {pattern}")
        try:
            found = sorted(path.parent.glob(pattern))
        except ValueError as error:
            raise self.refuse(path, line, "parts", f"应为文件名，可含 *，现为 {pattern}") from error
        names = [(file, file.relative_to(path.parent).parts) for file in found]
        return [file for file, parts in names if not any(part.startswith(".") for part in parts)]

    def _mapping(self, path: Path) -> dict[str, Any]:
        try:
            found = parse(self.content_of(path))
        except NotYamlError as error:
            raise self.refuse(path, error.line, error.field, error.message) from error
        except OSError as error:
            raise self.refuse(path, None, "", f"无法读取：{error.strerror}") from error
        if not isinstance(found.content, dict):
            raise self.refuse(path, 1, "", "应为“字段: 内容”的映射")
        self._kept.append(found)
        for node, lines in found.lines.items():
            self._places[node] = {step: (path, line) for step, line in lines.items()}
        return found.content

    def _join(self, tree: dict[str, Any], part: dict[str, Any], path: Path) -> None:
        """Add one part file: lists are continued, mappings joined, anything else is said once."""
        for key, value in part.items():
            known = tree.get(key)
            if key not in tree:
                tree[key] = value
                self._copy_places(tree, part, key)
            elif isinstance(known, list) and isinstance(value, list):
                tree[key] = [*known, *value]
                self._copy_places(tree[key], known)
                self._copy_places(tree[key], value, shift=len(known))
            elif isinstance(known, dict) and isinstance(value, dict):
                twice = next((name for name in value if name in known), None)
                if twice is not None:
                    raise self.refuse(path, self._line(value, twice), f"{key}.{twice}", _ONCE)
                tree[key] = {**known, **value}
                self._copy_places(tree[key], known)
                self._copy_places(tree[key], value)
            else:
                wrong = "应为列表" if isinstance(known, list) else "应为映射" if isinstance(known, dict) else _ONCE
                raise self.refuse(path, self._line(part, key), str(key), wrong)

    def _merge(self, base: Any, more: Any, at: Location) -> Any:
        """`more` over `base`: mappings key by key, lists of things with an id by id, others replaced."""
        if isinstance(base, dict) and isinstance(more, dict) and "kind" not in more:
            merged = {
                **base,
                **{
                    key: self._merge(base[key], value, (*at, key)) if key in base else value
                    for key, value in more.items()
                },
            }
            self._copy_places(merged, base)
            self._copy_places(merged, more)
            return merged
        if not (_all_have_ids(base) and isinstance(more, list)):
            return more
        changed: dict[Any, Any] = {}
        for place, item in enumerate(more):
            name = item.get("id") if isinstance(item, dict) else None
            if not isinstance(name, str) or name in changed:
                file, line = self._places.get(id(more), {}).get(place, (self.root, None))
                again = isinstance(name, str)
                wrong = f"{name} 写了两次，只能写一次" if again else "应写 id，说明改的是哪一项"
                raise self.refuse(file, line, ".".join(map(str, at)), wrong)
            changed[name] = (place, item)
        items = []
        for item in base:
            _, over = changed.get(item["id"], (0, None))
            items.append(item if over is None else self._merge(item, over, (*at, item["id"])))
        added = [(place, item) for name, (place, item) in changed.items() if name not in {each["id"] for each in base}]
        merged_list = [*items, *(item for _, item in added)]
        self._copy_places(merged_list, base)
        for number, (place, _) in enumerate(added, len(items)):
            self._copy_places(merged_list, more, place, shift=number - place)
        return merged_list

    def _copy_places(self, node: Any, origin: Any, only: Step | None = None, *, shift: int = 0) -> None:
        """`node` holds what `origin` held (at `only`), list positions moved by `shift`."""
        if id(node) not in self._places:
            self._kept.append(node)
        places = self._places.setdefault(id(node), {})
        for step, place in self._places.get(id(origin), {}).items():
            if only is None or step == only:
                places[step + shift if isinstance(step, int) and shift else step] = place

    def _line(self, node: Any, step: Step) -> int | None:
        place = self._places.get(id(node), {}).get(step)
        return place[1] if place else None

    def _locate(self, location: Location, absent: bool) -> tuple[Path | None, int | None, str]:
        """File, line and field name; steps that are not in the tree (a union's tags) are passed over."""
        node: Any = self.content
        file: Path | None = None
        line: int | None = None
        field: list[str] = []
        for step in location:
            if not _has(node, step):
                continue
            file, line = self._places.get(id(node), {}).get(step, (file, line))
            node = node[step]
            named = isinstance(node, dict) and "id" in node
            field.append(str(node["id"]) if named else f"第{step + 1}项" if isinstance(step, int) else str(step))
        if absent:
            field.append(str(location[-1]))
        return file, line, ".".join(field)

    def _shown(self, path: Path) -> str:
        """Relative to the scheme's folder; of a shipped scheme, from its id on."""
        for folder in (self.root.parent, SHIPPED):
            if path.is_relative_to(folder):
                return path.relative_to(folder).as_posix()
        return path.as_posix()


_ONCE = "此项在别的文件里已写过，只能写一次"


OLDER = "这是旧写法的方案（groups 里直接写 ballot、target、leaders），请运行 kaohe scheme migrate 文件夹 --out 新文件夹"


def is_older(content: Any) -> bool:
    """Whether a root file is of the older form: its groups are ranked by fixed parts, not by an item."""
    groups = content.get("groups") if isinstance(content, dict) else None
    if not isinstance(groups, dict) or "items" in content:
        return False
    return any(isinstance(group, dict) and "score" not in group and "target" in group for group in groups.values())


def _has(node: Any, step: Step) -> bool:
    if isinstance(node, dict):
        return step in node
    return isinstance(node, list) and isinstance(step, int) and step < len(node)


def _all_have_ids(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) and "id" in item for item in value)


def read_scheme(path: Path, content_of: Callable[[Path], bytes] = file_bytes) -> Scheme:
    """The scheme whose root file is `path` (or lies in that folder); SchemeError names every problem.

    `content_of` reads a file, raising OSError or NotYamlError.
    """
    tree = _Tree(path / ROOT if path.is_dir() else path, content_of)
    if is_older(tree.content):
        raise SchemeError([tree.problem(("groups",), OLDER)])
    names = declared(tree.content)
    try:
        with naming(names):
            scheme = Scheme.model_validate(tree.content)
    except ValidationError as error:
        raise SchemeError([_explained(tree, item) for item in first_causes(error)]) from error
    circles = [
        (kind, circle)
        for kind, known in (("figures", names.figures), ("conditions", names.conditions))
        for circle in getattr(known, "circles", ())
    ]
    found = [
        tree.problem((kind, circle[0]), f"绕回到自己：{' → '.join(circle)}") for kind, circle in dict.fromkeys(circles)
    ]
    found += [tree.problem(location, message) for location, message in inconsistencies(scheme)]
    if found:
        raise SchemeError(found)
    return scheme


def _explained(tree: _Tree, item: Any) -> Problem:
    """A pydantic error as a problem, at the most telling place inside the part it is about."""
    location, node = tree.at(item["loc"])
    if item["type"] == "missing":
        return tree.problem((*location, item["loc"][-1]), expected(item), absent=True)
    if item["type"] == "union_tag_invalid":
        location = (*location, "kind")
    elif item["type"] == "value_error" and isinstance(node, dict):
        message = str(item["ctx"]["error"])
        if message == NO_NUMBER and "default" not in node:
            location = (*location, *_no_number(node))
        else:
            location = (*location, *_mentioned(node, message))
            if location[-1:] != ("default",):
                return tree.problem(location, message)
    if item["loc"][-1] != "[key]":  # what the file says, not what was made of it
        item = {**item, "input": tree.at(location)[1]}
    return tree.problem(location, expected(item))


def _no_number(node: dict[Step, Any]) -> Location:
    """The way to the first leaf that is no number, in a mapping where all should be (weights)."""
    for step, value in node.items():
        if isinstance(value, dict):
            deeper = _no_number(value)
            if deeper:
                return (step, *deeper)
        else:
            try:
                exact_number(value)
            except ValueError:
                return (step,)
    return ()


def _mentioned(node: dict[Step, Any], message: str) -> Location:
    """The field of the part that the message names first; a policy checks its default without naming it."""
    words = [*re.findall(r"[A-Za-z_]+", message), "default"]
    return next(((word,) for word in words if word in node), ())


def shipped_ids() -> list[str]:
    """Schemes that come with the library."""
    return sorted(path.parent.name for path in SHIPPED.glob(f"*/{ROOT}"))


@cache
def shipped(scheme_id: str) -> Scheme:
    """A scheme that comes with the library."""
    return read_scheme(SHIPPED / scheme_id / ROOT)
