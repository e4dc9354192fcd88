"""Numbers that are no fractions and that no digits tell apart: a tie, said with its item, never a silent choice."""

import pytest

from kaohe.charts.decisions import decisions
from tests.scoring.anyscheme import scored

LOGS = "{kind: added, parts: [{kind: log, of: a}, {kind: log, of: b}]}"
OF_RANK = f"items: [{{id: total, name: 总分, items: [{{id: A, name: 名次, rule: {{kind: rank, of: {LOGS}}}}}]}}]"
OF_SUMS = f"items: [{{id: total, name: 总分, items: [{{id: A, name: 对数, rule: {LOGS}}}]}}]"
LEVEL = {"U": {"a": 2, "b": 3}, "V": {"a": 6, "b": 1}}
"""ln 2 + ln 3 and ln 6 are equal, and nothing in how they are made shows it."""


@pytest.mark.parametrize(("text", "named"), [(OF_RANK, ["A 名次"]), (OF_SUMS, ["名次与等次"])])
def test_what_no_digits_tell_apart_is_a_tie_and_said_where(text, named):
    book = scored(text, LEVEL)
    assert {unit.rank for unit in book.units} == {1}
    assert list(book.unseparated) == named
    (said,) = [each for each in decisions(book) if each.what == "数分不出大小"]
    assert said.open
    assert said.says.startswith(f"{named[0]}：有数算到 400 位仍分不出大小")


@pytest.mark.parametrize("text", [OF_RANK, OF_SUMS])
def test_nothing_is_said_where_digits_decide(text):
    book = scored(text, {"U": {"a": 2, "b": 3}, "V": {"a": 7, "b": 1}})
    assert not book.unseparated
    assert not [each for each in decisions(book) if each.what == "数分不出大小"]
