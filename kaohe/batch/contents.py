"""The parts of a page: an anchor that can be read and quoted for each, and the list of them beside the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any, NamedTuple

from kaohe.batch.pinyin import spelled

FEWEST = 3
"""A page of fewer parts needs no list of them."""
LONGEST = 40
"""Letters of an anchor that is made of a heading."""

_PART = re.compile(r"<h2\b([^>]*)>(.*?)</h2>", re.DOTALL)
_ID = re.compile(r'\sid="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_ASIDE = re.compile(r"（[^（）]*）$")
_MARKDOWN = re.compile(r"^## +(.+)$", re.MULTILINE)


class Part(NamedTuple):
    """A heading of a page; `#anchor` leads to it."""

    anchor: str
    text: str


def with_parts(body: str) -> tuple[str, tuple[Part, ...]]:
    """The body with an anchor at each heading, and the headings. A name that was given stays; of others it is their
    words in pinyin, so that it stays the same from year to year."""
    found: list[Part] = []

    def anchored(heading: re.Match[str]) -> str:
        words = unescape(_TAG.sub("", heading[2])).strip()
        given = _ID.search(heading[1])
        name = given[1] if given and given[1].isascii() else _anchor(words)
        anchor = next(each for each in _numbered(name) if each not in {part.anchor for part in found})
        found.append(Part(anchor, _ASIDE.sub("", words)))
        return f'<h2 id="{escape(anchor)}"{_ID.sub("", heading[1])}>{heading[2]}</h2>'

    return _PART.sub(anchored, body), tuple(found)


def _anchor(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", spelled(words))[:LONGEST].strip("-") or "part"


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def name_parts(notebook: Any) -> None:
    """Give each heading the name of its cell, where the notebook names it (`metadata.name`)."""
    for cell in notebook.cells:
        name = cell.metadata.get("name")
        if not name:
            continue
        if cell.cell_type == "markdown":
            cell.source = _MARKDOWN.sub(rf'<h2 id="{name}">\1</h2>', cell.source, count=1)
            continue
        for output in cell.get("outputs", ()):
            html = output.get("data", {}).get("text/html")
            if html is not None and (heading := _PART.search(text := "".join(html))):
                new = f'<h2 id="{name}"{_ID.sub("", heading[1])}>{heading[2]}</h2>'
                output["data"]["text/html"] = text[: heading.start()] + new + text[heading.end() :]
                break
