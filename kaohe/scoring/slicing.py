"""Questions about one unit whose answers rest on the others, too: found in the whole year, kept with a slice of it.

A slice is a book cut down to one unit (`batch.slices`). It holds nothing of the others but these answers, so it changes
when what its page can show does, and at no other time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import TypeVar, get_type_hints

from kaohe.scoring.book import ScoreBook
from kaohe.scoring.bookfile import plain, thaw

Answer = TypeVar("Answer")
Question = Callable[..., Answer]


def of_the_year(find: Callable[[ScoreBook, str], Answer]) -> Callable[..., Answer]:
    """Lets a slice remember what `find(book, key)` says of the whole year; `key`: a unit, a group, or nothing.

    KeyError where a slice is asked what was not found for it. The answer's type says how it is written down.
    """
    kind = cache(lambda: get_type_hints(find)["return"])

    @wraps(find)
    def ask(book: ScoreBook, key: str = "") -> Answer:
        if book.found is None:
            return find(book, key)
        found: Answer = thaw(kind(), book.found[find.__name__][key])
        return found

    return ask


def answers(book: ScoreBook, asked: dict[str, list[Question[object]]]) -> dict[str, dict[str, object]]:
    """Key → the questions to be answered for it, as question → key → answer, ready to be written."""
    found: dict[str, dict[str, object]] = {}
    for key, questions in asked.items():
        for each in questions:
            found.setdefault(each.__name__, {})[key] = plain(each(book, key))
    return found
