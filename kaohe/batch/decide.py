"""The decision page: a meeting flips each open reading and sees everybody's results, which Python found; one file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kaohe.analysis.grades import grade_kinds
from kaohe.batch.assets import web
from kaohe.batch.export import Link, Page, marked, page_of_template
from kaohe.scoring.book import ScoreBook

NAME = "decide"


def decide_page(book: ScoreBook, tables: Mapping[str, Any], standing: str = "", trail: tuple[Link, ...] = ()) -> str:
    """The page with everything inside; `tables` as `kaohe.analysis.decide` makes them.

    Totals, ranks, grades and readings are all that is in it.
    """
    page = Page(
        title=f"{book.year} 学年读法审议",
        trail=trail,
        **marked([book]),
        provisional=book.provisional,
        trial=book.trial,
        standing=standing,
    )
    told = {"year": book.year, "kinds": grade_kinds(book), **tables}
    source = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return page_of_template(
        "decide.html.j2",
        page,
        book=book,
        policies=sorted(enumerate(tables["policies"]), key=lambda each: _order(each[1])),
        groups=tables["groups"],
        source=source,
        style=web("decide.css"),
        script=web("decide.js"),
    )


REACH = {"grade": 0, "rank": 1, "points": 2}


def _order(policy: Mapping[str, Any]) -> int:
    """What can change a grade first."""
    return REACH.get(policy["moves"], 3)
