"""A scheme made of its files' content, and all that is wrong with it at once: in single fields, and between parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Protocol

from pydantic import ValidationError

from kaohe.rules.meant import meant
from kaohe.rules.spelling import naming
from kaohe.rules.written import NO_NUMBER, exact_number
from kaohe.scheme.consistency import inconsistencies
from kaohe.scheme.declared import declared
from kaohe.scheme.fields import fields_at
from kaohe.scheme.messages import expected, first_causes, no_field
from kaohe.scheme.model import Scheme
from kaohe.scheme.problems import Problem
from kaohe.scheme.yamlfile import Step

Location = tuple[Step, ...]


class Content(Protocol):
    """A scheme's files as one tree that knows where everything stands."""

    content: dict[str, Any]
    dropped: set[str]

    def problem(self, location: Iterable[Step], message: str, *, absent: bool = False) -> Problem: ...

    def at(self, location: Iterable[Step]) -> tuple[Location, Any]: ...

    def without(self, gone: set[tuple[int, Step]]) -> dict[str, Any]: ...


def made(tree: Content) -> tuple[Scheme | None, list[Problem]]:
    """The scheme of a tree, and all that is wrong: in its fields, then between its parts.

    Where a field is wrong there is no scheme; what is wrong between the parts without a wrong field is told even so.
    """
    scheme, found, wrong = _validated(tree)
    if scheme is not None:
        return scheme, found
    gone, names, above = _broken(tree, wrong)
    whole, tree.content = tree.content, tree.without(gone) if gone else {}
    try:
        left, more, _ = _validated(tree) if gone else (None, [], [])
    finally:
        tree.content = whole
    follows = re.compile("|".join(rf"(?<![\w.]){re.escape(name)}(?![\w.])" for name in names) or r"(?!)")
    own = [each for each in more if each.field not in above and not follows.search(each.expected)]
    return None, [*found, *(own if left is not None else [])]


def _validated(tree: Content) -> tuple[Scheme | None, list[Problem], list[Location]]:
    """The scheme, what is wrong, and where single fields are."""
    names = declared(tree.content)
    try:
        with naming(names):
            scheme = Scheme.model_validate(tree.content)
    except ValidationError as error:
        causes = first_causes(error)
        return None, [_explained(tree, item) for item in causes], [item["loc"] for item in causes]
    circles = [
        (kind, circle)
        for kind, known in (("figures", names.figures), ("conditions", names.conditions))
        for circle in getattr(known, "circles", ())
    ]
    found = [
        tree.problem((kind, circle[0]), f"绕回到自己：{' → '.join(circle)}") for kind, circle in dict.fromkeys(circles)
    ]
    found += [tree.problem(location, _hinted(tree, message)) for location, message in inconsistencies(scheme)]
    return scheme, found, []


def _broken(tree: Content, wrong: Iterable[Location]) -> tuple[set[tuple[int, Step]], list[str], set[str]]:
    """The smallest named parts that hold wrong fields, to be left out: their names, and the fields they stand in.

    Nothing where a field of the whole is wrong.
    """
    above: set[str] = set()
    gone: set[tuple[int, Step]] = set()
    names: list[str] = []
    for location in wrong:
        way, _ = tree.at(location)
        found = None
        for depth in range(1, len(way) + 1):
            holder, node = tree.at(way[: depth - 1])[1], tree.at(way[:depth])[1]
            called = node.get("id") if isinstance(node, dict) and isinstance(holder, list) else None
            if called is None and depth == 2 and isinstance(holder, dict) and way[0] != "results":
                called = way[1]
            if called is not None:
                found = ((id(holder), way[depth - 1]), str(called), node)
        if found is None:
            return set(), [], set()
        gone.add(found[0])
        above |= {tree.problem(way[:depth], "").field for depth in range(1, len(way))}
        names += [found[1], *([str(found[2]["name"])] if isinstance(found[2], dict) and "name" in found[2] else [])]
    return gone, names, above


def _hinted(tree: Content, message: str) -> str:
    """With a word on what was dropped, where that is what is missing now."""
    gone = next((name for name in tree.dropped if re.search(rf"没有 {re.escape(name)}(?![\w.])", message)), None)
    if gone is None:
        return message
    return f"{message}（{gone} 已用 drop 去掉，这一处也要改写，或把它的位置写进 drop）"


def _explained(tree: Content, item: Any) -> Problem:
    """A pydantic error as a problem, at the most telling place inside the part it is about."""
    location, node = tree.at(item["loc"])
    if item["type"] == "missing":
        return tree.problem((*location, item["loc"][-1]), expected(item), absent=True)
    if item["type"] == "extra_forbidden":
        fields = fields_at(tree.content, location[:-1])
        near = item["ctx"].get("meant") or meant(str(location[-1]), fields)
        return tree.problem(location, no_field(near, fields))
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
