"""Agreement of raters: published examples, and a second plain implementation of each coefficient."""

import math

import numpy as np
import pytest

from kaohe.analysis.agreement import icc, kendall_w

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Table 2 of Shrout and Fleiss (1979): six targets, four judges."""


def test_the_example_of_shrout_and_fleiss():
    found = icc(SHROUT_FLEISS)
    names = ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")
    assert [round(found[name], 2) for name in names] == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    assert set(found) == set(names)


def by_hand(table):
    """The same from mean squares added up one by one."""
    n, k = len(table), len(table[0])
    grand = sum(map(sum, table)) / (n * k)
    rows = [sum(row) / k for row in table]
    columns = [sum(row[j] for row in table) / n for j in range(k)]
    bms = sum(k * (row - grand) ** 2 for row in rows) / (n - 1)
    jms = sum(n * (column - grand) ** 2 for column in columns) / (k - 1)
    wms = sum((table[i][j] - rows[i]) ** 2 for i in range(n) for j in range(k)) / (n * (k - 1))
    left = sum((table[i][j] - rows[i] - columns[j] + grand) ** 2 for i in range(n) for j in range(k))
    ems = left / ((n - 1) * (k - 1))
    return {
        "icc1": (bms - wms) / (bms + (k - 1) * wms),
        "icc2": (bms - ems) / (bms + (k - 1) * ems + k * (jms - ems) / n),
        "icc3": (bms - ems) / (bms + (k - 1) * ems),
        "icc1k": (bms - wms) / bms,
        "icc2k": (bms - ems) / (bms + (jms - ems) / n),
        "icc3k": (bms - ems) / bms,
    }


def w_by_hand(table):
    """Kendall's W with ties, as it is printed in textbooks: 12 S / (m² (n³ − n) − m Σ T)."""
    n, m = len(table), len(table[0])

    def rank(column, value):
        return sum(other < value for other in column) + (sum(other == value for other in column) + 1) / 2

    columns = [[row[j] for row in table] for j in range(m)]
    sums = [sum(rank(column, column[i]) for column in columns) for i in range(n)]
    s = sum((each - sum(sums) / n) ** 2 for each in sums)
    ties = sum(column.count(value) ** 3 - column.count(value) for column in columns for value in set(column))
    return 12 * s / (m**2 * (n**3 - n) - m * ties)


@pytest.mark.parametrize("seed", range(8))
def test_any_table_agrees_with_the_plain_way(seed):
    random = np.random.default_rng(seed)
    table = random.integers(0, 6, size=(random.integers(3, 9), random.integers(2, 7))).astype(float)
    table[0, 0] += 0.5  # never all the same
    assert icc(table) == pytest.approx(by_hand(table.tolist()))
    assert kendall_w(table) == pytest.approx(w_by_hand(table.tolist()))


def test_raters_of_one_mind_agree_wholly_ties_or_not():
    for column in ([1, 2, 3, 4], [1, 1, 3, 4], [5, 5, 5, 9]):
        assert kendall_w(np.array([column] * 3).T) == pytest.approx(1)
    shifted = np.array([[1, 3], [2, 4], [5, 7]])  # one is strict, and orders alike
    assert icc(shifted)["icc3"] == pytest.approx(1)
    assert icc(shifted)["icc2"] < 1


def test_nothing_that_varies_is_no_agreement():
    same = np.full((4, 3), 2.0)
    assert math.isnan(kendall_w(same))
    assert all(map(math.isnan, icc(same).values()))


@pytest.mark.parametrize("table", [[[1, 2]], [[1], [2]], [[1, np.nan], [2, 3]], [1, 2, 3]])
def test_a_table_that_says_nothing_is_refused(table):
    for of in (icc, kendall_w):
        with pytest.raises(ValueError, match="a table"):
            of(table)
