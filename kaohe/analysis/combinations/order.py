"""Exact numbers as whole ones in the same order, so that millions of comparisons need no fraction.

The filter is the nearest double: rounding to nearest never exchanges two numbers, so its error bound is proven – where
doubles differ, the numbers differ the same way. Where doubles are equal, the exact numbers decide.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np


class Sorted:
    """Distinct exact values by size: each has an even code, what lies between two has an odd one."""

    def __init__(self, values: Sequence[Any]) -> None:
        self._whole = all(isinstance(value, Fraction) for value in values)
        self._values: list[Any] = []
        self.codes = np.zeros(len(values), dtype=np.int32)
        for at in self._sorted(values):
            if not self._values or self._values[-1] != values[at]:
                self._values.append(values[at])
            self.codes[at] = 2 * (len(self._values) - 1)
        self._near = [value.numerator / value.denominator for value in self._values] if self._whole else []

    def _sorted(self, values: Sequence[Any]) -> list[int]:
        if not self._whole:
            return sorted(range(len(values)), key=values.__getitem__)
        near = np.array([value.numerator / value.denominator for value in values])  # correctly rounded by Python
        order: list[int] = np.argsort(near, kind="stable").tolist()
        start = 0
        for end in range(1, len(order) + 1):
            if end == len(order) or near[order[end]] != near[order[start]]:
                if end - start > 1:
                    order[start:end] = sorted(order[start:end], key=values.__getitem__)
                start = end
        return order

    def code(self, value: Any) -> int:
        """Of any number: even where it is one of the values, odd between them."""
        if self._whole and isinstance(value, Fraction):
            near = value.numerator / value.denominator
            low = bisect_left(self._near, near)
            while low < len(self._near) and self._near[low] == near and self._values[low] < value:
                low += 1
        else:
            low = bisect_left(self._values, value)
        equal = low < len(self._values) and self._values[low] == value
        return 2 * low if equal else 2 * low - 1
