"""The decision page: a meeting flips each open reading and sees everybody's results, which Python found; one file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kaohe.analysis.grades import grade_kinds
from kaohe.batch.assets import bare_script, bare_style, web
from kaohe.batch.export import Link, Page, marked, page_of_template
from kaohe.batch.shortly import as_met, steps
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ScoreBook

NAME = "decide"


def decide_page(book: ScoreBook, tables: Mapping[str, Any], status_line: str = "", trail: tuple[Link, ...] = ()) -> str:
    """The page with everything inside; `tables` as `kaohe.analysis.decide` makes them.

    Totals, ranks, grades and readings are all that is in it.
    """
    page = Page(
        title=f"{year_said(book.year)}读法审议",
        trail=trail,
        **marked([book]),
        provisional=book.provisional,
        trial=book.trial,
        status_line=status_line,
    )
    told = {"year": book.year, "called": year_said(book.year), "kinds": grade_kinds(book), **tables}
    told["groups"] = [_shortly(group) for group in tables["groups"]]
    source = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return page_of_template(
        "decide.html.j2",
        page,
        book=book,
        parts=_parts(tables["policies"]),
        groups=tables["groups"],
        source=source,
        style=bare_style(web("decide.css")),
        script=bare_script(web("decide.js")),
    )


def _shortly(group: Mapping[str, Any]) -> dict[str, Any]:
    """A group's tables as the page's script reads them."""
    return {
        **group,
        "outcomes": _levels(group["outcomes"]),
        "totals": [
            {**each, "levels": _levels(each["levels"]), "says": _amounts(each["says"])} for each in group["totals"]
        ],
    }


def _levels(levels: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**level, "to": as_met(level["to"])} for level in levels]


def _amounts(says: Sequence[str]) -> dict[str, Any] | Sequence[str]:
    """Amounts of as many decimals each, as whole numbers of the last one."""
    digits = {len(each.partition(".")[2]) for each in says}
    if len(digits) > 1 or "-0" in "".join(says):  # a zero with a sign is no number
        return says
    told = steps([int(each.replace(".", "")) for each in says])
    return says if told is None else {"digits": digits.pop(), "steps": told}


PARTS = ("单独改选就改变等次的", "与别处一起可能改变等次的", "只可能改变名次的", "只改变得分的")


def _parts(policies: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[tuple[int, Mapping[str, Any]]]]]:
    """The readings with their places: what changes a grade by itself first; last, unnamed, what changes nothing."""
    reach = {"grade": 1, "rank": 2, "points": 3}
    parts: list[list[tuple[int, Mapping[str, Any]]]] = [[] for _ in (*PARTS, "")]
    for at, each in enumerate(policies):
        parts[0 if each["alone"] else reach.get(each["moves"], len(PARTS))].append((at, each))
    return list(zip((*PARTS, ""), parts, strict=True))
