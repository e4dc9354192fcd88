"""The scheme.yaml of a new year: whose name stands on its pages, and what they say they rest on."""

from __future__ import annotations

import json
import re
from pathlib import Path

from kaohe.files import write_text
from kaohe.intake.year.listed import SCHEME
from kaohe.scheme import Scheme
from kaohe.scheme.years import spoken

_YEAR = re.compile(r"\d{4}-\d{4}(?=\s*学年)")


def titled(title: str, year: str) -> str:
    """`综合目标考核实施办法（2021-2022 学年）`: a title that names a year names this one."""
    return _YEAR.sub(year, title)


def sign_scheme(folder: Path, scheme: Scheme, year: str, authority: str) -> None:
    """With `authority` the year in `folder` has a scheme of its own that says so: made on `scheme`, or the one there.

    In one that came along from another year the title is of this year, whoever signs.
    """
    path = folder / SCHEME
    if path.is_file():
        text = path.read_text(encoding="utf-8-sig")
        changed = re.sub(r"^title:.*$", lambda found: titled(found[0], year), text, flags=re.MULTILINE)
        if authority:
            changed = _with(changed, "authority", authority)
        if changed != text:
            write_text(path, changed)
    elif authority:
        lines = (f"# {spoken(year).this}的方案：与随库方案不同的写在这里", *example(scheme, year, authority))
        write_text(path, "\n".join(lines) + "\n")


def example(scheme: Scheme, year: str, authority: str) -> tuple[str, ...]:
    """The lines of such a file."""
    title = titled(scheme.title, year)
    return f"based_on: {scheme.id}", f"authority: {_quoted(authority)}", f"title: {_quoted(title)}"


def _with(text: str, field: str, value: str) -> str:
    line = f"{field}: {_quoted(value)}"
    changed, found = re.subn(rf"^{field}:.*$", lambda _: line, text, count=1, flags=re.MULTILINE)
    return changed if found else f"{text.rstrip()}\n{line}\n"


def _quoted(text: str) -> str:
    """Plain where YAML reads it as that text whatever follows."""
    return text if re.fullmatch(r"[\u4e00-\u9fff][\w（）()·《》 -]*", text) else json.dumps(text, ensure_ascii=False)
