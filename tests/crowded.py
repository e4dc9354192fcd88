"""A year that has too much of everything: names of a line, forty units a group, all of it disputed or to be decided."""

from dataclasses import replace

from kaohe.scoring.book import OptionEffect, PolicyEffect, Shift
from tests.units import unit_with

LONG = "国际交流与合作处（港澳台事务办公室）暨创新创业教育学院（筹）"
COPIES = 4


def crowded(book):
    """The book grown beyond any page."""
    busy = {"declared": True, "last_two_years": True, "rectify": True}
    units = tuple(
        unit_with(
            unit,
            unit_id=f"{unit.unit_id}-{copy}" if copy else unit.unit_id,
            name=f"{LONG}{unit.name}",
            vetoed=copy == 1,
            grade="待审议" if unit.rank < 3 else "不合格",
            **busy,
        )
        for unit in book.units
        for copy in range(COPIES)
    )
    place = f"{LONG * 2} 1092200 元（财务处.xlsx［指标数据］第 11 行）"
    cells = tuple(
        replace(cell, status="disputed", disputed=(place,)) if cell.applicable else cell for cell in book.cells
    )
    shift = Shift(book.units[0].unit_id, 1, 2, "优秀", "合格")
    effects = tuple(PolicyEffect(policy.name, (OptionEffect("other", LONG, (shift,)),)) for policy in book.policies)
    return replace(book, units=units, cells=cells, effects=effects, provisional=True)
