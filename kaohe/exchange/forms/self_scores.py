"""自评: the points that a unit gives itself, between the bounds of each indicator."""

from __future__ import annotations

from fractions import Fraction

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form, applying
from kaohe.exchange.lists import Lists
from kaohe.exchange.rowchecks import Condition, Fitting, Line, apply, keep_pairs, once
from kaohe.intake.sheets.cells import LARGEST
from kaohe.intake.tables.asked import Facts
from kaohe.scheme import Item


def _offered(asked: Asked) -> bool:
    """No office's: in the workbook of everything."""
    return asked.office is None


def _fitting(asked: Asked, line: Line, lists: Lists) -> Fitting:
    pairs = applying(asked)
    keep_pairs(pairs, lists, "自评配对")
    bounds = [_self_score_bounds(each, facts) for _, each, facts in pairs]
    lists.keep("自评最低", [least for least, _ in bounds])
    lists.keep("自评最高", [most for _, most in bounds])
    key, points = line.key("unit_id", "indicator"), line.cell("points")
    least, most = (f"SUMIF(自评配对,{key},{name})" for name in ("自评最低", "自评最高"))
    pair = ("unit_id", "indicator")
    between = Condition(
        f"{points}>={least},{points}<={most}", "在该指标的分值范围内", (*pair, "points"), ("points",), ("points",)
    )
    once_each = once(line, pair, "同一单位同一指标只填一行", ("points",))
    return Fitting((apply(line, "自评配对", ("points",)), between, once_each))


def _self_score_bounds(indicator: Item, facts: Facts) -> tuple[Fraction, Fraction]:
    """A number in either place: what has no bound is bounded by what is read."""
    least, most = facts.self_score(indicator.printed_full)
    return -Fraction(LARGEST) if least is None else least, Fraction(LARGEST) if most is None else most


FORM = Form(
    "self_scores",
    offered=_offered,
    says={
        "unit_id": "给自己打分的单位",
        "indicator": "给哪项指标打分；同一单位同一指标只填一行",
        "points": "单位：分；单位的自评分，由评分人评分的用评分的分制，按数据计算的用该指标的分值",
    },
    fitting=_fitting,
)
