"""Reads a scheme from YAML; whatever is wrong is named with file, line, field and what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from kaohe.rules.spelling import BY
from kaohe.scheme.dropping import known_names, places
from kaohe.scheme.made import made
from kaohe.scheme.messages import unknown
from kaohe.scheme.model import Scheme
from kaohe.scheme.older import older_parts, says_older
from kaohe.scheme.problems import Problem, SchemeError
from kaohe.scheme.seen import Seen
from kaohe.scheme.yamlfile import KINDS, NotYamlError, Step, file_bytes, parse

__all__ = ["ROOT", "SHIPPED", "Problem", "SchemeError", "read_scheme", "shipped", "shipped_ids"]

SHIPPED = Path(__file__).parent / "schemes"
DRAFTS = SHIPPED / "drafts"
"""Examples of a draft: what differs from a shipped scheme, to be tried on past years."""
ROOT = "scheme.yaml"
Location = tuple[Step, ...]


class _Tree:
    """A scheme's root file, its parts and the scheme it is based on as one tree, with the origin of every part."""

    def __init__(self, root: Path, content_of: Callable[[Path], bytes]) -> None:
        self.root, self.content_of = root, content_of
        self.seen = Seen()
        self._places: dict[int, dict[Step, tuple[Path, int]]] = {}  # by id() of a mapping or list
        self._kept: list[Any] = []  # they stay alive so that ids stay theirs
        self.found: list[Problem] = []  # what is wrong and does not keep the rest from being read
        self.dropped: set[str] = set()  # ids that are taken away from the base
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

    def _read(self, path: Path, naming_it: tuple[Path, ...] = ()) -> dict[str, Any]:
        root = self._mapping(path)
        tree = dict(root)
        self._copy_places(tree, root)
        patterns, based_on, drop = tree.pop("parts", []), tree.pop("based_on", None), tree.pop("drop", [])
        if not isinstance(patterns, list):
            raise self.refuse(path, self._line(root, "parts"), "parts", "应为文件名的列表")
        for place, pattern in enumerate(patterns):
            line = self._line(patterns, place)
            found = self._parts(path, str(pattern), line)
            if not found:
                raise self.refuse(path, line, "parts", f"没有文件符合 {pattern}")
            for file in found:
                self._join(tree, self._mapping(file), file)
        if based_on is None:
            if "drop" in root:
                self._tell(path, self._line(root, "drop"), "drop", "只与 based_on 一起写：去掉所依据方案里的哪些部分")
            return tree
        line, base = self._line(root, "based_on"), self._base(path, str(based_on))
        if base is None:
            expected = f"应为随库方案之一（{'、'.join(shipped_ids())}），或另一份方案的文件夹（从本文件所在处算起）"
            raise self.refuse(path, line, "based_on", f"{expected}，现为 {based_on}")
        if base in (path, *naming_it):
            raise self.refuse(path, line, "based_on", "绕回到自己：这份方案又依据本方案")
        content = self._read(base, (*naming_it, path))
        if isinstance(drop, list):
            content = self._without(content, drop, path)
        else:
            self._tell(path, self._line(root, "drop"), "drop", "应为编号的列表，如 [K1.1, metrics.x]")
        merged: dict[str, Any] = self._merge(content, tree, ())
        return merged

    def _base(self, path: Path, based_on: str) -> Path | None:
        """The root file a scheme is based on: a shipped one, or one named from the file's own folder."""
        there = path.parent / based_on
        for file in (SHIPPED / based_on / ROOT, there / ROOT, there):
            if self.seen.looked(Path.is_file, file):
                return self.seen.looked(Path.resolve, file)
        return None

    def _tell(self, path: Path, line: int | None, field: str, message: str) -> None:
        self.found.append(Problem(self._shown(path), line, field, message))

    def _without(self, content: dict[str, Any], drop: list[Any], path: Path) -> dict[str, Any]:
        """The base without what is dropped, each named once and without a doubt."""
        gone: set[tuple[int, Step]] = set()
        for place, name in enumerate(drop):
            line, found = self._line(drop, place), places(content, str(name))
            if not found:
                self._tell(path, line, "drop", unknown("所依据的方案里", str(name), known_names(content)))
            elif len(found) > 1:
                ways = "、".join(each.way for each in found)
                self._tell(path, line, "drop", f"有 {len(found)} 处叫 {name}，请写明是哪一处：{ways}")
            else:
                gone.add(found[0].key)
                self.dropped.add(str(name).rsplit(".", 1)[-1] if "." in found[0].way else str(name))
                self.dropped.add(str(name))
        left: dict[str, Any] = self._pruned(content, gone) if gone else content
        return left

    def without(self, gone: set[tuple[int, Step]]) -> dict[str, Any]:
        """The content without some entries (by id() of what holds them), places kept."""
        left: dict[str, Any] = self._pruned(self.content, gone)
        return left

    def _pruned(self, node: Any, gone: set[tuple[int, Step]]) -> Any:
        if isinstance(node, dict):
            kept = {step: self._pruned(each, gone) for step, each in node.items() if (id(node), step) not in gone}
            self._copy_places(kept, node)
            return kept
        if not isinstance(node, list):
            return node
        steps = [step for step in range(len(node)) if (id(node), step) not in gone]
        listed = [self._pruned(node[step], gone) for step in steps]
        for place, step in enumerate(steps):
            self._copy_places(listed, node, step, shift=place - step)
        return listed

    def _parts(self, path: Path, pattern: str, line: int | None) -> list[Path]:
        """Files beside the root file or below it: what lies elsewhere would not be kept with the scheme."""
        if ".." in PurePath(pattern).parts or PurePath(pattern).anchor or not pattern.casefold().endswith(KINDS):
            raise self.refuse(path, line, "parts", f"应为方案文件夹里的 .yaml 文件，现为 {pattern}")
        try:
            found = self.seen.looked(_matching, path.parent, pattern)
        except ValueError as error:
            raise self.refuse(path, line, "parts", f"应为文件名，可含 *，现为 {pattern}") from error
        names = [(file, file.relative_to(path.parent).parts) for file in found]
        return [file for file, parts in names if not any(part.startswith(".") for part in parts)]

    def _mapping(self, path: Path) -> dict[str, Any]:
        try:
            found = parse(self.seen.read(self.content_of, path))
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
                for twice in (name for name in value if name in known):
                    self._tell(path, self._line(value, twice), f"{key}.{twice}", _ONCE)
                value = {name: each for name, each in value.items() if name not in known}
                self._copy_places(value, part[key])
                tree[key] = {**known, **value}
                self._copy_places(tree[key], known)
                self._copy_places(tree[key], value)
            else:
                wrong = "应为列表" if isinstance(known, list) else "应为映射" if isinstance(known, dict) else _ONCE
                self._tell(path, self._line(part, key), str(key), wrong)

    def _merge(self, base: Any, more: Any, at: Location) -> Any:
        """`more` over `base`: mappings key by key, lists of things with an id by id, others replaced."""
        if isinstance(base, dict) and isinstance(more, dict) and not _is_other(base, more):
            self._refuse_empty(base, more, at)
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
                self._tell(file, line, ".".join(map(str, at)), wrong)
                continue
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

    def _refuse_empty(self, base: dict[Step, Any], more: dict[Step, Any], at: Location) -> None:
        """An empty list or mapping would change nothing of what is merged by name: who writes it means to take away."""
        for key, value in more.items():
            ignored = (value == {} and isinstance(base.get(key), dict)) or (
                value == [] and _all_have_ids(base.get(key))
            )
            if ignored and base[key]:
                file, line = self._places.get(id(more), {}).get(key, (self.root, None))
                field = ".".join(map(str, (*at, key)))
                wrong = f"空的{'映射' if value == {} else '列表'}不改变所依据的方案；要去掉其中的项，写 drop: [编号]"
                self._tell(file, line, field, wrong)

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


def _is_other(base: dict[Any, Any], more: dict[Any, Any]) -> bool:
    """Whether `more` is a figure or condition of its own, not some fields over those of `base`."""
    return (
        "kind" in more
        or ("policy" in more and more["policy"] != base.get("policy"))
        or (bool(base) and bool(_shapes(more)) and _shapes(base) != _shapes(more))
    )


def _shapes(mapping: dict[Any, Any]) -> set[str]:
    """Words that make a mapping without a kind a figure or a condition of its own."""
    return {name for name in map(str, mapping) if name in ("policy", "all", "any", "not") or name.startswith(BY)}


_ONCE = "此项在别的文件里已写过，只能写一次"


MOST_REMEMBERED = 8
_REMEMBERED: dict[Path, tuple[Seen, Scheme]] = {}
"""Root file → the scheme read last, and what it rests on: a year is read with its scheme, and so is the one before."""


def _matching(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern))


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
    root = path / ROOT if path.is_dir() else path
    there = _REMEMBERED.get(root.absolute())
    if there is not None and there[0].stands(content_of):
        return there[1]
    tree = _Tree(root, content_of)
    older = list(older_parts(tree.content))
    if older:
        raise SchemeError([tree.problem(way, says_older(way, tree.at(way)[1])) for way in older])
    scheme, found = made(tree)
    if found or tree.found or scheme is None:
        raise SchemeError([*tree.found, *found])
    while len(_REMEMBERED) >= MOST_REMEMBERED:
        _REMEMBERED.pop(next(iter(_REMEMBERED), root), None)
    _REMEMBERED[root.absolute()] = tree.seen, scheme
    return scheme


def shipped_ids(folder: Path = SHIPPED) -> list[str]:
    """Schemes that come with the library; those of DRAFTS are its examples of a draft."""
    return sorted(path.parent.name for path in folder.glob(f"*/{ROOT}"))


def named_root(which: str) -> Path | None:
    """The root file that a path, or the id of a shipped scheme or draft, means; None where there is none."""
    path = Path(which)
    if path.is_dir() and (path / ROOT).is_file():
        return path / ROOT
    if path.is_file():
        return path
    return next((folder / which / ROOT for folder in (SHIPPED, DRAFTS) if which in shipped_ids(folder)), None)


@cache
def shipped(scheme_id: str) -> Scheme:
    """A scheme that comes with the library."""
    return read_scheme(SHIPPED / scheme_id / ROOT)
