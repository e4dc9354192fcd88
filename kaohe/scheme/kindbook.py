"""The part of the document for newcomers that lists every kind, condition and step: `reference` as Markdown.

`python -m kaohe.scheme.kindbook docs/办法怎样写成数据.md` writes it anew.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from kaohe.scheme.reference import FieldEntry, KindEntry, ShortEntry, conditions, kinds, steps

BEGIN, END = "<!-- 种类一览：由程序生成 -->", "<!-- 种类一览完 -->"


def reference() -> str:
    """The part of the document between its marks."""
    return "\n".join([BEGIN, *_lines(), END])


def renewed(document: str) -> str:
    """The document with the reference made anew; ValueError where it has no marks."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(document):
        raise ValueError(f"没有 {BEGIN}")
    return pattern.sub(lambda _: reference(), document)


def _lines() -> Iterator[str]:
    for section, entries in groupby(kinds(), key=lambda each: each.section):
        yield from ("", f"### {section}")
        for entry in entries:
            yield from _old(entry) if entry.old else _kind(entry)
    yield from ("", "### 条件的写法", "")
    yield from _short(conditions())
    yield from ("", "### `then` 各步的写法", "")
    yield from _short(steps())


def _old(entry: KindEntry) -> Iterator[str]:
    yield from ("", f"- `{entry.name}`：{entry.purpose}")


def _kind(entry: KindEntry) -> Iterator[str]:
    yield from ("", f"**`{entry.name}`** {entry.purpose}", "", "```yaml", *entry.example.rstrip().splitlines(), "```")
    if entry.fields:
        yield ""
        yield from map(_field, entry.fields)


def _field(field: FieldEntry) -> str:
    default = "，必写" if field.required else f"，不写为 {field.default}" if field.default else ""
    meaning = f"：{field.meaning}" if field.meaning else ""
    return f"- `{field.name}`（{field.type}{default}）{meaning}"


def _short(entries: Iterable[ShortEntry]) -> Iterator[str]:
    for each in entries:
        example = " ".join(each.example.split())
        yield f"- `{example}` {each.purpose}"


if __name__ == "__main__":
    for document in map(Path, sys.argv[1:]):
        document.write_text(renewed(document.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
