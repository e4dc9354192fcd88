"""Which known name a wrong one may stand for: by its letters, its words or its Chinese name, never by chance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

LETTERS_A_SLIP = 5
"""One letter in so many may be a slip of the pen."""

SHORTEST_WORD = 3
"""Shorter words say too little to be taken for part of another."""

MOST_OF_A_WORD = 7 / 10
"""So much of two words' beginnings is the same where they are one word in two forms."""

_BETWEEN = re.compile(r"[\W_]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def meant(given: str, known: Iterable[str]) -> str | None:
    """The name of `known` that `given` seems to mean; `known` may be a mapping to what is called so in Chinese."""
    names = list(known)
    called = {name: _called(known[name]) for name in names} if isinstance(known, Mapping) else {}
    tests = (_same, _in_chinese(given, called), _slip, _same_words, _part)
    return next((name for test in tests for name in names if name != given and test(given, name)), None)


def _called(value: Any) -> str:
    return value if isinstance(value, str) else str(getattr(value, "name", ""))


def _plain(text: str) -> str:
    return _BETWEEN.sub("", text.casefold())


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _same(given: str, name: str) -> bool:
    """But for case and what stands between words."""
    return _plain(given) == _plain(name)


def _in_chinese(given: str, called: Mapping[str, str]) -> Any:
    """Whether it is the Chinese name of something, or a good part of it."""

    def test(_: str, name: str) -> bool:
        said = called.get(name, name)
        return bool(_CHINESE.search(given) and _CHINESE.search(said)) and (given in said or said in given)

    return test


def _slip(given: str, name: str) -> bool:
    """Whether both have the same letters but for a slip: letters left out, put in, changed or in another order.

    Numbers are never a slip: another number is another thing.
    """
    one, other = sorted((_plain(given), _plain(name)), key=len)
    if len(one) < SHORTEST_WORD or one[0] != other[0] or _digits(given) != _digits(name):
        return False
    few = max(1, len(one) // LETTERS_A_SLIP)
    if len(one) == len(other):
        return Counter(one) == Counter(other) or sum(a != b for a, b in zip(one, other, strict=True)) <= few
    rest = iter(other)
    return len(other) - len(one) <= few and all(letter in rest for letter in one)


def _words(text: str) -> frozenset[str]:
    return frozenset(_singular(word) for word in _BETWEEN.split(text.casefold()) if len(word) >= SHORTEST_WORD)


def _singular(word: str) -> str:
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def _same_words(given: str, name: str) -> bool:
    """The same words in another order or form, or one word of which the other has most of the beginning."""
    one, other = _plain(given), _plain(name)
    alike = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    stem = alike > SHORTEST_WORD and alike >= MOST_OF_A_WORD * max(len(one), len(other))
    return _digits(given) == _digits(name) and ((bool(_words(given)) and _words(given) == _words(name)) or stem)


def _part(given: str, name: str) -> bool:
    """All words of the one among the other's, or the one shortened."""
    one, other = _words(given), _words(name)
    short, whole = sorted((_plain(given), _plain(name)), key=len)
    if len(short) > SHORTEST_WORD and whole.startswith(short) and _digits(given) == _digits(name):
        return True
    return bool(one and other) and _digits(given) == _digits(name) and (one < other or other < one)
