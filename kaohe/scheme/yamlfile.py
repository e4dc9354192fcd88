"""YAML as the scheme needs it: decimals exact, dates as text, the line of every part.

ruamel.yaml is the authority, and slow: a second for a scheme. Ordinary files are read through libyaml's
events, ten times as fast; everything out of the ordinary, and every error, is left to ruamel.yaml.
"""

from __future__ import annotations

import errno
import hashlib
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.rules.written import MOST_DIGITS
from kaohe.scheme.yamlparsed import Lines, NotYamlError, Parsed, Step

try:
    import yaml as libyaml  # type: ignore[import-untyped]
    from yaml import CLoader
except ImportError:  # without PyYAML or its compiled part: only slower
    libyaml = None


__all__ = ["KINDS", "READ", "NotYamlError", "Parsed", "Step", "file_bytes", "load", "parse", "parse_ordinary"]

KINDS = (".yaml", ".yml")

MEGABYTE = 1024 * 1024
MOST_BYTES = MEGABYTE
"""The largest scheme has some thirty kilobytes."""

MOST_NODES = 100_000
"""Far more than a scheme has."""


def load(path: Path) -> Parsed:
    """A YAML file; NotYamlError where it is none, OSError where it cannot be read."""
    return parse(file_bytes(path))


READ: dict[Path, str] = {}
"""Every YAML file this process has read, with the hash of what stood in it: what its results rest on, wherever a
scheme's parts may lie."""


def file_bytes(path: Path) -> bytes:
    """What stands in a YAML file, as far as one can be so large; NotYamlError where it is not."""
    if path.exists() and not path.is_file():  # reading a pipe or a device might never end
        raise OSError(errno.EINVAL, "这不是普通文件")
    with open(path, "rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NotYamlError(None, "", f"文件过大，未读取：这样的文件不超过 {MOST_BYTES // MEGABYTE} MB")
    READ[path.resolve()] = hashlib.sha256(content).hexdigest()
    return content


def parse(raw: bytes) -> Parsed:
    """What a YAML file says; NotYamlError where it is none."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise NotYamlError(line, "", "不是 UTF-8 编码的文字，请另存为 UTF-8") from error
    try:
        return parse_ordinary(text)
    except UnusualError:
        from kaohe.scheme.yamlwhole import parse_whole  # ruamel.yaml, for what is out of the ordinary

        found = parse_whole(text)
    if _unfolded(found.content, {}) >= MOST_NODES:
        raise NotYamlError(None, "", "引用（*名称）展开后过大，或引用了自己，请直接写明内容")
    return found


def _unfolded(node: Any, sizes: dict[int, int]) -> int:
    """Parts of the tree once every reference is written out, up to `MOST_NODES`: a few lines can mean billions."""
    if not isinstance(node, dict | list):
        return 1
    if id(node) not in sizes:
        sizes[id(node)] = MOST_NODES  # for one that stands inside itself
        parts = node.values() if isinstance(node, dict) else node
        sizes[id(node)] = min(MOST_NODES, 1 + sum(_unfolded(part, sizes) for part in parts))
    return sizes[id(node)]


class UnusualError(Exception):
    """Something only ruamel.yaml is trusted with."""


_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_LIKE_A_NUMBER_OR_DATE = re.compile(r"[-+.0-9][-+.:_0-9a-zA-Z ]*")
_WORDS = {"": None, "null": None, "true": True, "false": False}
_LIKE_A_WORD = re.compile(r"~|null|true|false|=|<<", re.IGNORECASE)


def parse_ordinary(text: str) -> Parsed:
    """Mappings, lists, text, integers, decimals, true, false and null; UnusualError for anything else."""
    if libyaml is None or "\t" in text:
        raise UnusualError
    try:
        return _Events(text).document()
    except (libyaml.YAMLError, RecursionError) as error:
        raise UnusualError from error


class _Events:
    """libyaml's events of one document as plain data."""

    def __init__(self, text: str) -> None:
        self._next = libyaml.parse(text, Loader=CLoader).__next__
        self._lines: Lines = {}

    def document(self) -> Parsed:
        self._next()  # the stream begins
        if not isinstance(begin := self._next(), libyaml.DocumentStartEvent) or begin.version or begin.tags:
            raise UnusualError
        found = self._node(self._next())
        self._next()  # the document ends
        if not isinstance(self._next(), libyaml.StreamEndEvent):
            raise UnusualError
        return Parsed(found, self._lines)

    def _node(self, event: Any) -> Any:
        if isinstance(event, libyaml.AliasEvent) or event.anchor or event.tag:
            raise UnusualError
        if isinstance(event, libyaml.ScalarEvent):
            if event.style in ("|", ">"):  # the two parsers differ about comments behind the mark
                raise UnusualError
            return event.value if event.style else _plain(event.value)
        return self._list() if isinstance(event, libyaml.SequenceStartEvent) else self._mapping()

    def _list(self) -> list[Any]:
        items: list[Any] = []
        lines = self._lines[id(items)] = {}
        while not isinstance(event := self._next(), libyaml.SequenceEndEvent):
            lines[len(items)] = event.start_mark.line + 1
            items.append(self._node(event))
        return items

    def _mapping(self) -> dict[Any, Any]:
        mapping: dict[Any, Any] = {}
        lines = self._lines[id(mapping)] = {}
        while not isinstance(event := self._next(), libyaml.MappingEndEvent):
            key = self._node(event)
            if isinstance(key, dict | list) or key in mapping:
                raise UnusualError
            lines[key] = event.start_mark.line + 1
            mapping[key] = self._node(self._next())
        return mapping


def _plain(text: str) -> Any:
    """An unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > MOST_DIGITS and _LIKE_A_NUMBER_OR_DATE.fullmatch(text):
        raise UnusualError
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Fraction(text)
    if _LIKE_A_NUMBER_OR_DATE.fullmatch(text) or _LIKE_A_WORD.fullmatch(text) or ":" in text:
        raise UnusualError
    return text
