"""Whose a data folder is: `data/kaohe.yaml: {scheme: …}` names its scheme; one shipped scheme otherwise."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from kaohe.scheme.messages import unknown
from kaohe.scheme.model import Scheme
from kaohe.scheme.problems import Problem, SchemeError
from kaohe.scheme.reading import ROOT, SHIPPED, read_scheme, shipped, shipped_ids
from kaohe.scheme.schools import WHOSE, whose_file
from kaohe.scheme.yamlfile import NotYamlError, load
from kaohe.scheme.years import year_said

FIELD = "scheme"


def scheme_in_force(year: str, raw: Path | None = None) -> Scheme:
    """The scheme of the data folder that `raw` (its folder of years) lies in, else the one that needs no naming.

    SchemeError where it cannot be used, or was not in force yet when the year began.
    """
    about = whose_file(raw) if raw is not None else None
    scheme = _named(about) if about is not None else shipped(usual())
    start = first_day(scheme, year)
    if start is not None and scheme.in_force_from > start.isoformat():
        who = f"方案 {scheme.id} " if about is not None else "随库方案"
        message = f"{year_said(year)}没有可用的考核方案：{who}自 {scheme.in_force_from} 起施行"
        raise SchemeError([Problem("" if about is None else WHOSE, None, "", message)])
    return scheme


def usual() -> str:
    """The shipped scheme of a data folder that says nothing."""
    return str(load(SHIPPED / WHOSE).content[FIELD])


def first_day(scheme: Scheme, year: str) -> datetime.date | None:
    """The day on which `2018-2019` or `2021` begins under a scheme; None of an event of another name.

    Of an event nothing but its year is known: it may be as late as that year's last day.
    """
    if not year[:4].isdigit():
        return None
    ways = {"school": scheme.year.starts, "event": "12-31"}
    month, day = map(int, ways.get(scheme.year.kind, "01-01").split("-"))
    return datetime.date(int(year[:4]), month, day)


def said_elsewhere(raw: Path) -> str | None:
    """What another data folder's file has to say for its years to have the same scheme; None where none says it."""
    about = whose_file(raw)
    if about is None or not about.is_file():
        return None
    try:
        content = load(about).content
    except (OSError, NotYamlError):
        return None
    name = content.get(FIELD) if isinstance(content, dict) else None
    if not isinstance(name, str):
        return None
    meant = name if name in shipped_ids() else str((about.parent / name).resolve())
    return f"{FIELD}: {json.dumps(meant, ensure_ascii=False)}\n"


def _named(about: Path) -> Scheme:
    """The scheme named in such a file: an id, or a path from where the file stands."""
    if not about.is_file():  # a pipe is never opened; a link that leads nowhere is no folder that says nothing
        raise SchemeError([Problem(WHOSE, None, "", "不是普通文件，没有读取；不用它就把它移走")])
    try:
        found = load(about)
    except NotYamlError as error:
        raise SchemeError([Problem(WHOSE, error.line, error.field, error.message)]) from error
    except OSError as error:
        raise SchemeError([Problem(WHOSE, None, "", f"无法读取：{error.strerror or error}")]) from error
    content: Any = found.content
    if not isinstance(content, dict):
        raise SchemeError([Problem(WHOSE, 1, "", f"应写 {FIELD}: 方案的编号或路径")])
    lines = found.lines.get(id(content), {})
    wrong = [
        Problem(WHOSE, lines.get(name), str(name), unknown("可写的字段里", str(name), [FIELD]))
        for name in content
        if name != FIELD
    ]
    if wrong:
        raise SchemeError(wrong)
    name = content.get(FIELD)
    if not isinstance(name, str) or not name.strip():
        raise SchemeError([Problem(WHOSE, lines.get(FIELD), FIELD, "应写方案的编号或路径")])
    if name in shipped_ids():
        return shipped(name)
    path = about.parent / name
    root = path / ROOT if path.is_dir() else path
    if not root.is_file():
        ids = "、".join(shipped_ids())
        raise SchemeError(
            [Problem(WHOSE, lines.get(FIELD), FIELD, f"没有方案 {name}：应为方案文件夹的路径，或随库方案之一：{ids}")]
        )
    return read_scheme(root)
