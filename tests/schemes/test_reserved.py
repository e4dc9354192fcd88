"""Names that mean something else in rules are refused: a figure of that name would never be looked at."""

import pytest

from kaohe.rules.plain import SHORT_FORMS
from kaohe.scheme import SchemeError
from kaohe.scheme.consistency import RESERVED
from tests.schemes.written import HEAD, METRICS, ONE_GROUP, written

SCHEME = "items: [{id: total, name: 总分, rule: a}]\n"
CASES = "- name: 一\n  units: {甲: {a: 1}}\n  expect: {甲: {total: 1}}\n  arithmetic: 一\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  d: {", "  leave: {", "metrics.leave：leave 在规则里另有意思（不折算），请换一个名称"),
        ("  d: {", "  full: {", "metrics.full：full 在规则里另有意思（满分），请换一个名称"),
        ("metrics:", "figures: {a: {name: 甲, is: b}}\nmetrics:", "figures.a：指标目录（metrics）里也有 a"),
    ],
)
def test_a_name_that_means_something_else_in_rules_is_refused(tmp_path, old, new, said):
    with pytest.raises(SchemeError) as error:
        written(tmp_path / "办法", SCHEME, CASES, head=HEAD + ONE_GROUP + METRICS.replace(old, new))
    assert said in str(error.value)


def test_every_word_that_stands_for_a_figure_is_reserved():
    assert set(SHORT_FORMS) <= set(RESERVED)
