"""What a panel gave, told so coarsely that no single mark follows from what is told of it, in any editions.

The total, which everyone sees with two decimals, is another matter (`settled`): where one item alone changes between
two editions, its change is that of the item's mean.

A mean says what a late rater gave as soon as it is published before and after. So of a rating only the half of the
full mark is published that it lies in, and never how many rated: whoever moves a mean over the middle may have given
two marks of a scale in quarters at least, however many rate; a cut nearer to either end may leave one.
A rating that can take few values only has no such cut, nor has a median: four editions of it may leave one mark.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from kaohe.rules import Trace

FEWEST = 3
"""A mean over fewer people than this is withheld."""

HALVES = "不到满分的一半", "不低于满分的一半"

PANEL = "评审小组评分"
LOWER_HALF = f"{PANEL}{HALVES[0]}"

WITHHELD = "评分人不足三人，不公开"
FEW_VALUES = "评分只有几种可能，不公开"
OF_MEDIANS = "评分取中位数，不公开"


def rating_of(trace: Trace | None) -> Trace | None:
    """The panel's rating the points rest on, the first of several; None where they rest on none."""
    return next(iter(ratings_of(trace)), None)


def ratings_of(trace: Trace | None) -> list[Trace]:
    """Every rating the points rest on, each month's where it is done monthly."""
    if trace is None or trace.kind == "judged":
        return [] if trace is None else [trace]
    off_full = trace.kind == "deductions" and trace["off"] == "full"
    return [found for part in (trace.parts[1:] if off_full else trace.parts) for found in ratings_of(part)]


def holds_vote(trace: Trace | None) -> bool:
    """Whether votes are among what the points rest on."""
    return trace is not None and any(each.kind == "vote" for each in trace.walk())


def step_of(rating: Trace) -> str:
    """In which half of the full mark it lies; or that it is not published."""
    if rating.rule.get("nothing_or_from") is not None:
        return FEW_VALUES
    if rating["panel"] == "median":
        return OF_MEDIANS
    return f"{PANEL}{_step([rating])}"


def step_of_all(ratings: list[Trace]) -> str:
    """The same of several ratings together; nothing of fewer than `FEWEST`, which say it one by one."""
    plain = [each for each in ratings if each.rule.get("nothing_or_from") is None and each["panel"] != "median"]
    if len(plain) < FEWEST:
        return ""
    return f"评审的 {len(plain)} 项合计{_step(plain)}"


def _step(ratings: Iterable[Trace]) -> str:
    ratings = list(ratings)
    full = sum((Fraction(each["full"]) for each in ratings), Fraction(0))
    points = sum((Fraction(each.points) for each in ratings), Fraction(0))
    return HALVES[2 * points >= full]
