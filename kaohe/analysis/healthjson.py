"""The health of items as plain data: a row an item, the proposals, what could not be computed, all limits."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from kaohe.analysis.correlation import Estimate, never_seen
from kaohe.analysis.health import SAME, Health, ItemHealth, health
from kaohe.analysis.itemstats import ALPHA, FEWEST
from kaohe.analysis.proposals import DOUBT, HEAVIER, KINDS, LEVEL, MOSTLY, RARE, SELF_SHARE, proposals
from kaohe.intake import Intake
from kaohe.scoring.book import ScoreBook

DIGITS = 6


def health_json(found: Health) -> dict[str, Any]:
    """Everything a page or a program needs; shares and correlations are floats, counts and means exact."""
    last = found.years.last
    return {
        "analysis": "health",
        "years": [book.year for book in found.years.books],
        "scheme": last.scheme_id,
        "title": last.scheme_title,
        "synthetic": any(book.synthetic for book in found.years.books),
        "provisional": any(book.provisional for book in found.years.books),
        "trial": any(book.trial for book in found.years.books),
        "groups": {
            name: {"name": group.name, "units": len({s.unit for s in found.years.seen.values() if s.group == name})}
            for name, group in last.groups.items()
        },
        "names": {seen.unit: seen.name for seen in found.years.seen.values()},
        "parameters": {
            "level": LEVEL, "pairs": found.pairs, "items": len(found.items), "alpha": ALPHA, "fewest_units": FEWEST,
            "same_above": SAME, "mostly": MOSTLY, "doubt": DOUBT, "heavier": HEAVIER, "rare": RARE,
            "self_share": str(SELF_SHARE),
        },
        "items": [_item(item, found) for item in found.items],
        "proposals": [
            {"id": each.id, "name": each.name, "kind": each.kind, "called": KINDS[each.kind], "why": each.why,
             "evidence": list(each.evidence)}
            for each in proposals(found)
        ],
        "kinds": dict(KINDS),
        "lists": dict(found.lists),
        "not_computed": [{"why": why, "items": list(items)} for why, items in found.silent.items()],
    }  # fmt: skip


def answer(intake: Intake, book: ScoreBook) -> dict[str, Any]:
    """Of one year."""
    return health_json(health([(intake, book)]))


def _item(item: ItemHealth, found: Health) -> dict[str, Any]:
    one = item.groups[0] if len(item.groups) == 1 else ""
    info = found.years.last.tree[item.id]
    mean = item.self_minus_panel
    return {
        "id": item.id,
        "name": item.item.name,
        "clause": info.clause,
        "groups": list(item.groups),
        "own": info.unit,
        "vote": info.vote,
        "n": item.n,
        "units": item.item.units,
        "full_marks": item.full,
        "zeros": item.zero,
        "ceiling": _rounded(item.full / item.of_full) if item.of_full else None,
        "floor": _rounded(item.zero / item.n),
        "distinct": item.distinct,
        "commonest": item.commonest,
        "discrimination": _value(item.discrimination),
        "discrimination_interval": _interval(item.discrimination),
        "effective_weight": _value(item.effective.get(one)),
        "effective_interval": _interval(item.effective.get(one)),
        "nominal_weight": _share(item.nominal.get(one)),
        "by_group": {
            name: {"effective_weight": _value(item.effective.get(name)),
                   "effective_interval": _interval(item.effective.get(name)),
                   "nominal_weight": _share(item.nominal.get(name)),
                   "nominal": None if name not in item.nominal else str(item.nominal[name])}
            for name in item.groups
        },
        "redundant_with": [
            {"id": twin.id, "rho": _rounded(twin.rho), "low": _rounded(twin.low), "high": _rounded(twin.high),
             "units": twin.units}
            for twin in item.twins
        ],
        "bands": sum(use.kind == "band" for use in item.uses),
        "bands_unused": [use.says for use in item.unused if use.kind == "band"],
        "clauses": sum(use.kind == "clause" for use in item.uses),
        "clauses_unused": [use.says for use in item.unused if use.kind == "clause"],
        "unused_at_most": _unused_at_most(item),
        "self_minus_panel": None if mean is None else _rounded(float(mean)),
        "self_minus_panel_exact": None if mean is None else str(mean),
        "self_above": [
            {"year": each.year, "unit": each.unit, "self": str(each.given), "panel": str(each.panel),
             "full": str(each.full), "share": _rounded(float(each.above / each.full))}
            for each in item.selves
            if each.above >= SELF_SHARE * each.full
        ],
        "decided_by_one_rater": item.by_one,
        "raters": _raters(item),
    }  # fmt: skip


def _raters(item: ItemHealth) -> Mapping[str, int] | None:
    """The fewest and the most raters of a unit."""
    counts = [count for panel in item.panels for count in panel.raters.values()]
    return {"fewest": min(counts), "most": max(counts)} if counts else None


def _unused_at_most(item: ItemHealth) -> float | None:
    """What was never met may all the same meet up to this share of unit-years (the least sure of them)."""
    shares = [never_seen(use.of, LEVEL) for use in item.unused]
    return _rounded(max(shares)) if shares else None


def _value(found: Estimate | None) -> float | None:
    return None if found is None else _rounded(found.value)


def _interval(found: Estimate | None) -> list[float] | None:
    return None if found is None else [_rounded(found.low), _rounded(found.high)]


def _share(found: Fraction | None) -> float | None:
    return None if found is None else _rounded(float(found))


def _rounded(value: float) -> float:
    return round(value, DIGITS)
