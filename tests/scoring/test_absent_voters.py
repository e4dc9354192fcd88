"""A group of voters of whom nobody voted on a unit: the unit's points are not known, or the others decide alone."""

from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.intake.tables.data import Mark, Votes
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from tests.scoring.anyscheme import scheme_of, year_of

TEXT = """
votes:
  v: {{name: 评, paper: {paper}, {options} out_of: 10, absent: {absent},
      voters: {{a: {{name: 甲, share: 60}}, b: {{name: 乙, share: 40}}}}}}
items:
  - id: total
    name: 总分
    items: [{{id: A, name: 测评, full: 10, missing: zero, rule: {{kind: vote, vote: v}}}}]
"""
OPTIONS = "options: {y: {name: 是, worth: 10}, n: {name: 否, worth: 0}},"


def counts(**cast):
    return Votes({(group, option): Fraction(cast.get(group + option, 0)) for group in "ab" for option in "yn"})


HANDED_IN = {
    "marks": {
        "marks": {
            ("U", "v", ""): (Mark("x", "a", Fraction(8)), Mark("y", "b", Fraction(5))),
            ("V", "v", ""): (Mark("x", "a", Fraction(8)),),
        }
    },
    "counts": {
        "votes": {
            ("U", "v", ""): counts(ay=8, an=2, by=1, bn=1),
            ("V", "v", ""): counts(ay=8, an=2),
            ("W", "v", ""): counts(),
        }
    },
}


@pytest.mark.parametrize("paper", HANDED_IN)
@pytest.mark.parametrize(("absent", "of_one_group"), [("others", 8), ("refuse", 0)])
def test_whoever_is_left_decides_or_nothing_is_known(paper, absent, of_one_group):
    """甲 8, 乙 5: 8 × 60% + 5 × 40% = 6.8; V was voted on by 甲 alone, W by nobody: papers without a vote, or none."""
    scheme = scheme_of(TEXT.format(paper=paper, absent=absent, options=OPTIONS if paper == "counts" else ""))
    data = replace(year_of({"U": {}, "V": {}, "W": {}}), **HANDED_IN[paper])
    book = score_data(scheme, resolve(scheme), data, provisional=True)
    assert [unit.total for unit in book.units] == [Fraction("6.8"), of_one_group, 0]
