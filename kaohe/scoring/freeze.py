"""A ScoreBook as a file and back: JSON with exact fractions, without the traces behind the sentences.

Notebooks of a batch read the frozen book, so a hundred kernels need not read the raw tables again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from kaohe.rules import Sentence, Trace
from kaohe.scoring.book import ScoreBook

T = TypeVar("T")
FORMAT = 1


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
    """Dataclasses as dictionaries, fractions as `n/d`, traces left out."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Trace):
        return None
    if isinstance(value, Sentence):
        return [value.text, value.confidential]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(child) for key, child in value.items()}
    if isinstance(value, tuple | list):
        return [plain(child) for child in value]
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def thaw(kind: Any, value: Any) -> Any:
    """`plain` undone for a value of type `kind`."""
    if value is None or kind is Any:
        return value
    if kind is Fraction:
        return Fraction(value)
    if kind is Trace:
        return None
    if kind is Sentence:
        return Sentence(*value)
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{name: thaw(hint, value[name]) for name, hint in _hints(kind).items()})
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return thaw(next(each for each in get_args(kind) if each is not type(None)), value)
    if origin is tuple:
        inner = get_args(kind)[0]
        return tuple(thaw(inner, child) for child in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        inner = get_args(kind)[1]
        return {key: thaw(inner, child) for key, child in value.items()}
    return value
