"""The files of a new scheme, from a few answers: a root, its items, its metrics, and cases that already pass."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from kaohe.rules.written import exact_number
from kaohe.scheme.reading import ROOT, SHIPPED
from kaohe.scheme.yamlfile import load
from kaohe.scheme.yamltext import Raw, flow, quoted, written

TEMPLATES = SHIPPED / "newcomer"
KINDS = ("school", "calendar", "event")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


class AnswerError(ValueError):
    """An answer that cannot be used; says in Chinese which and what was expected."""


@dataclass(frozen=True)
class Wanted:
    """What a new scheme is to hold. `categories`: 名称[:分组]; `items`: 名称:满分[:数据:单位:每个几分];
    `grades` best to worst: 名称[:下限], the limit in points or as a share of the full mark."""

    id: str
    title: str = ""
    authority: str = ""
    year: str = "school"
    categories: Sequence[str] = ()
    items: Sequence[str] = ()
    grades: Sequence[str] = ()
    office: str = "考核办公室"
    in_force_from: str = ""


@dataclass(frozen=True)
class _Item:
    id: str
    name: str
    full: Fraction
    metric: str = ""
    metric_id: str = ""
    unit: str = ""
    worth: Fraction = field(default_factory=Fraction)


@cache
def defaults() -> Mapping[str, Any]:
    """What is taken where nothing is answered."""
    found: Mapping[str, Any] = load(TEMPLATES / "defaults.yaml").content
    return found


def files_of(wanted: Wanted, folder: str) -> dict[str, str]:
    """Name → text of every file; `folder` is named in the comments. AnswerError where an answer cannot be used."""
    if not _ID.fullmatch(wanted.id):
        raise AnswerError(f"方案编号应由小写字母、数字和连字符组成，如 xx-2025，现为 {wanted.id}")
    if wanted.year not in KINDS:
        raise AnswerError(f"--year 应为 {'、'.join(KINDS)} 之一，现为 {wanted.year}")
    categories, groups = _categories(wanted.categories or defaults()["categories"])
    items = [_item(place, text) for place, text in enumerate(wanted.items or defaults()["items"], 1)]
    full = sum((item.full for item in items), Fraction(0))
    grades = _grades(wanted.grades or defaults()["grades"], full)
    common = {
        "id": wanted.id,
        "title": _line(wanted.title) or defaults()["title"],
        "authority": _line(wanted.authority) or defaults()["authority"],
        "in_force_from": _day(wanted),
        "year": wanted.year,
        "office": _line(wanted.office),
        "folder": _line(folder),
        "full": written(full),
        "categories": categories,
        "groups": groups,
        "grades": grades,
        "metrics": [_shown(item) for item in items if item.metric],
    }
    out = {ROOT: _render(ROOT, common), "metrics.yaml": _render("metrics.yaml", common)}
    for place, item in enumerate(items, 1):
        own = {**common, **_shown(item), "clause": item.name}
        out[f"items/{place:02d}-{item.id}.yaml"] = _render("item.yaml", own)
    out["cases/first.yaml"] = _render("case.yaml", _case(items, categories, grades))
    return out


def _render(name: str, values: Mapping[str, Any]) -> str:
    import jinja2

    env = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False, keep_trailing_newline=True)
    env.filters |= {"q": quoted, "flow": flow}
    return env.from_string((TEMPLATES / f"{name}.j2").read_text(encoding="utf-8")).render(values)


def _day(wanted: Wanted) -> str:
    if not wanted.in_force_from:
        today = datetime.date.today()
        first = today.year - (wanted.year == "school" and today.month < 9)
        return f"{first}-09-01" if wanted.year == "school" else f"{first}-01-01"
    try:
        return datetime.date.fromisoformat(wanted.in_force_from).isoformat()
    except ValueError:
        raise AnswerError(f"--from 应为年-月-日，如 2025-09-01，现为 {wanted.in_force_from}") from None


def _line(text: str) -> str:
    """One line without doubled spaces."""
    return " ".join(text.split())


def _split(text: str, least: int, most: int, form: str) -> list[str]:
    parts = [_line(part) for part in text.replace("：", ":").split(":")]
    if not least <= len(parts) <= most or not all(parts):
        raise AnswerError(f"应写成 {form}，现为 {text}")
    return parts


def _categories(texts: Sequence[str]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    groups: dict[str, str] = {}
    out = []
    for place, text in enumerate(texts, 1):
        name, *group = _split(text, 1, 2, "名称 或 名称:分组")
        called = group[0] if group else "全部"
        key = groups.setdefault(called, f"group{len(groups) + 1}")
        out.append({"id": f"category{place}", "name": name, "group": key})
    if len({each["name"] for each in out}) < len(out):
        raise AnswerError(f"单位类别重复：{'、'.join(texts)}")
    return out, [{"id": key, "name": name} for name, key in groups.items()]


def _item(place: int, text: str) -> _Item:
    form = "名称:满分（评审小组评分）或 名称:满分:数据:单位:每个几分（按数据计分）"
    parts = _split(text, 2, 5, form)
    if len(parts) not in (2, 5):
        raise AnswerError(f"应写成 {form}，现为 {text}")
    full = _positive(parts[1], f"{parts[0]} 的满分")
    if len(parts) == 2:
        return _Item(f"I{place}", parts[0], full)
    worth = _positive(parts[4], f"{parts[0]} 每{parts[3]}的分数")
    return _Item(f"I{place}", parts[0], full, parts[2], f"metric{place}", parts[3], worth)


def _positive(text: str, what: str) -> Fraction:
    try:
        value = exact_number(text)
    except ValueError:
        value = Fraction(0)
    if value <= 0 or Fraction(written(value)) != value:
        raise AnswerError(f"{what}应为大于 0 的整数或小数，现为 {text}")
    return value


def _grades(texts: Sequence[str], full: Fraction) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for place, text in enumerate(texts, 1):
        name, *least = _split(text, 1, 2, "名称 或 名称:下限（分数或满分的百分数，如 90%）")
        bound = _positive(least[0], f"{name} 的下限") if least else None
        if bound is not None and least[0].endswith("%"):
            bound *= full
        out.append(
            {"id": f"grade{place}", "name": name, "least": None if bound is None else written(bound), "bound": bound}
        )
    bounds = [each["bound"] for each in out if each["bound"] is not None]
    if bounds != sorted(bounds, reverse=True) or any(each["bound"] is None for each in out[:-1]):
        raise AnswerError("等次应从最好到最差，下限一个比一个低，只有最后一等可以不写下限")
    return out


def _shown(item: _Item) -> dict[str, Any]:
    return {**vars(item), "full": written(item.full), "worth": written(item.worth)}


def _case(
    items: Sequence[_Item], categories: Sequence[Mapping[str, str]], grades: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Two units of the first category: one with everything, one with about half; totals added up here by hand."""
    units, sums = [], []
    for name, share in (("甲", Fraction(1)), ("乙", Fraction(1, 2))):
        ratings, metrics, expect = {}, {}, {}
        for item in items:
            if item.metric:
                many = -(-item.full * share // item.worth)  # so many as reach the share, rounded up
                metrics[item.metric_id] = Fraction(many)
                expect[f"{item.id}.1"] = min(item.full, many * item.worth)
            else:
                ratings[f"{item.id}.1"] = [item.full * share]
                expect[f"{item.id}.1"] = item.full * share
        total = sum(expect.values(), Fraction(0))
        sums.append(f"{' + '.join(map(_exact, expect.values()))} = {_exact(total)}")
        reached = next((each for each in grades if each["bound"] is None or total >= each["bound"]), grades[-1])
        shown: dict[str, Any] = {key: _exact(value) for key, value in expect.items()}
        rank = 1 if share == 1 or total == sum((item.full for item in items), Fraction(0)) else 2
        units.append(
            {
                "id": name,
                "category": categories[0]["id"],
                "ratings": {key: [_exact(mark) for mark in marks] for key, marks in ratings.items()},
                "metrics": {key: _exact(value) for key, value in metrics.items()},
                "expect": {**shown, "total": _exact(total), "rank": rank, "grade": reached["id"]},
            }
        )
    return {
        "units": units,
        "arithmetic": "；".join(f"{unit['id']}：{text}" for unit, text in zip(units, sums, strict=True)),
    }


def _exact(value: Fraction) -> Raw:
    """Exactly: as a decimal where it ends soon, else as a fraction."""
    decimal = written(value)
    return Raw(decimal if Fraction(decimal) == value else value)
