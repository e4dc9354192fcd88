"""What a scheme takes away from the one it is based on: `drop`, by id or by the way to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

Step = str | int


class Place(NamedTuple):
    """A part of the base: the mapping or list that holds it, at which step, and the way to it in words."""

    holder: Any
    step: Step
    way: str

    @property
    def key(self) -> tuple[int, Step]:
        return id(self.holder), self.step


def places(content: Any, name: str) -> list[Place]:
    """Everything a name may mean, each once: a way from the root, or an id or declared name and on from there."""
    found: dict[tuple[int, Step], Place] = {}
    for holder, way in _holders(content, ""):
        for place in _walk(holder, name, way):
            found.setdefault(place.key, place)
    return list(found.values())


def _holders(node: Any, way: str) -> Iterator[tuple[Any, str]]:
    """The root, what is declared by name at its top, and every list of things with ids."""
    yield node, way
    for name, child in node.items() if isinstance(node, dict) else ():
        if isinstance(child, dict) and name in _BY_NAME:
            yield child, str(name)
        for more, inner in child.items() if isinstance(child, dict) and name == "results" else ():
            if isinstance(inner, dict) and more in _BY_NAME:
                yield inner, f"{name}.{more}"
    yield from _lists(node, way)


_BY_NAME = (
    "metrics", "kinds", "levels", "awards", "categories", "classes", "traits", "groups", "dimensions", "votes",
    "figures", "conditions", "deadlines", "vetoes", "limits", "consequences", "declarations",
)  # fmt: skip


def _lists(node: Any, way: str) -> Iterator[tuple[list[Any], str]]:
    if isinstance(node, dict):
        for name, child in node.items():
            yield from _lists(child, _way(way, str(name)))
    elif isinstance(node, list) and any(_id(each) for each in node):
        yield node, way
        for each in node:
            yield from _lists(each, _way(way, _id(each) or ""))


def _way(way: str, more: str) -> str:
    return f"{way}.{more}" if way and more else way or more


def _id(value: Any) -> str | None:
    found = value.get("id", value.get("name")) if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def _names(value: Any) -> list[str]:
    """By which names an element of a list may be called."""
    if isinstance(value, dict):
        said = [value.get("id")] if "options" not in value else [value.get("id"), value.get("name")]
        return [each for each in said if isinstance(each, str)] or [each for each in [value.get("name")] if each]
    return [value] if isinstance(value, str) else []


def _walk(node: Any, rest: str, way: str) -> Iterator[Place]:
    """Where `rest` leads to from a mapping or list."""
    if isinstance(node, dict):
        entries: list[tuple[str, Step]] = [(str(name), name) for name in node]
        for child in node.values():
            if isinstance(child, list) and way:
                yield from _walk(child, rest, way)
    elif isinstance(node, list):
        entries = [(name, place) for place, each in enumerate(node) for name in _names(each)]
    else:
        return
    for name, step in entries:
        here = _way(way, name)
        if rest == name:
            yield Place(node, step, here)
        elif rest.startswith(f"{name}."):
            yield from _walk(node[step], rest[len(name) + 1 :], here)


def known_names(content: Any) -> list[str]:
    """Ids and declared names of the base, to tell which one may be meant."""
    out: list[str] = []
    for holder, way in _holders(content, ""):
        if way:
            out += map(str, holder) if isinstance(holder, dict) else (name for each in holder for name in _names(each))
    return list(dict.fromkeys(out))
