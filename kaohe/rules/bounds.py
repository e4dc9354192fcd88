"""Between what a figure can lie on paper, reckoned from its parts; None where there is no limit."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

Bound = Fraction | None


def lowest(values: Iterable[Bound]) -> Bound:
    """The least of several lower bounds; None as soon as one is missing."""
    known = list(values)
    return None if None in known or not known else min(each for each in known if each is not None)


def highest(values: Iterable[Bound]) -> Bound:
    """The most of several upper bounds; None as soon as one is missing."""
    known = list(values)
    return None if None in known or not known else max(each for each in known if each is not None)


def added(values: Iterable[Bound]) -> Bound:
    """The sum; None as soon as one is missing."""
    known = list(values)
    return None if None in known else sum((each for each in known if each is not None), Fraction(0))


class Range(NamedTuple):
    """From the least to the most."""

    least: Bound
    most: Bound

    def under(self, other: Range) -> Range:
        """Held to at most the other."""
        mosts = [each for each in (self.most, other.most) if each is not None]
        return Range(lowest([self.least, other.least]), min(mosts) if mosts else None)

    def over(self, other: Range) -> Range:
        """Held to at least the other."""
        leasts = [each for each in (self.least, other.least) if each is not None]
        return Range(max(leasts) if leasts else None, highest([self.most, other.most]))

    def times(self, other: Range) -> Range:
        """Multiplied; unknown unless all four ends are known, or nothing is below 0."""
        ends = (self.least, self.most, other.least, other.most)
        known = [each for each in ends if each is not None]
        if len(known) == len(ends):
            found = [one * two for one in known[:2] for two in known[2:]]
            return Range(min(found), max(found))
        if self.least is not None and other.least is not None and min(self.least, other.least) >= 0:
            return Range(self.least * other.least, None)
        return Range(None, None)

    def plus(self, other: Range) -> Range:
        return Range(added([self.least, other.least]), added([self.most, other.most]))

    def minus(self, other: Range) -> Range:
        most, least = (None if each is None else -each for each in (other.most, other.least))
        return self.plus(Range(most, least))

    def either(self, other: Range) -> Range:
        """One or the other."""
        return Range(lowest([self.least, other.least]), highest([self.most, other.most]))
