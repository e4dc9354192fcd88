"""A ScoreBook as a file and back: JSON with exact numbers, without the traces behind the sentences.

Notebooks of a batch read the frozen book, so a hundred kernels need not read the raw tables again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from kaohe.rules import Sentence, Trace
from kaohe.rules.enclosed import Real
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.exactly import plain_real, real_of

T = TypeVar("T")
FORMAT = 13


def frozen(book: ScoreBook) -> str:
    """The book as JSON text; the same book gives the same text."""
    return json.dumps({"format": FORMAT, "book": plain(book)}, ensure_ascii=False, separators=(",", ":"))


def thawed(text: str) -> ScoreBook:
    """The book of a JSON text made by `frozen`; ValueError for any other."""
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise ValueError(f"评分册格式为 {content['format']}，本版本只认 {FORMAT}，请重新评分")
        return thaw(ScoreBook, content["book"])
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError("不是 kaohe 写出的评分册文件") from error


def read_book(path: Path | str) -> ScoreBook:
    return thawed(Path(path).read_text(encoding="utf-8"))


def plain(value: Any) -> Any:
    """Dataclasses as dictionaries, fractions as `n/d`, other numbers by their terms, traces left out."""
    kind: Any = type(value)
    write = _writer(kind)
    return value if write is None else write(value)


@cache
def _writer(kind: Any) -> Callable[[Any], Any] | None:
    """Makes values of one type plain, None where they are; found once a type, as they are read."""
    if issubclass(kind, Fraction):
        return str
    if issubclass(kind, Real):
        return plain_real
    if issubclass(kind, Trace):
        return lambda value: None
    if issubclass(kind, Sentence):
        return lambda value: [value.text, value.confidential]
    if is_dataclass(kind):
        names = [field.name for field in fields(kind)]
        return lambda value: {name: plain(getattr(value, name)) for name in names}
    if issubclass(kind, Mapping):
        return lambda value: {key: plain(child) for key, child in value.items()}
    if issubclass(kind, Set):
        return lambda value: sorted(plain(child) for child in value)
    if issubclass(kind, Sequence) and not issubclass(kind, str):
        return lambda value: [plain(child) for child in value]
    return None


def thaw(kind: Any, value: Any) -> Any:
    """The value of that type which `plain` turned into `value`."""
    return _reader(kind)(value)


_same_fraction = cache(Fraction)
"""Most points are one of a few hundred figures; reading a fraction from text is what costs."""


def _number(found: Any) -> Any:
    return real_of(found) if isinstance(found, dict) else _same_fraction(found)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Reads values of one type; found once a type, for a book holds tens of thousands of values.

    A dataclass asks for its fields' readers when it first reads: a book may hold a book.
    """
    if kind is Fraction:
        return _or_none(_number)
    if kind is Trace:
        return lambda value: None
    if kind is Sentence:
        return _or_none(lambda value: Sentence(*value))
    if isinstance(kind, type) and is_dataclass(kind):
        children = cache(lambda: [(name, _reader(hint)) for name, hint in get_type_hints(kind).items()])
        return _or_none(lambda value: kind(**{name: read(value[name]) for name, read in children()}))
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _reader(next(each for each in inner if each is not type(None)))
    if isinstance(origin, type) and issubclass(origin, Set):
        member = _reader(inner[0])
        return _or_none(lambda value: frozenset(member(child) for child in value))
    if origin is tuple and Ellipsis not in inner:
        each = [_reader(part) for part in inner]
        return _or_none(lambda value: tuple([read(child) for read, child in zip(each, value, strict=True)]))
    if isinstance(origin, type) and issubclass(origin, Sequence):
        item = _reader(inner[0])
        return _or_none(lambda value: tuple([item(child) for child in value]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        entry = _reader(inner[1])
        return _or_none(lambda value: {key: entry(child) for key, child in value.items()})
    return lambda value: value


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)
