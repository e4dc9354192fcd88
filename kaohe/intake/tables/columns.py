"""Columns that several raw tables have, and what a scheme puts into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kaohe.intake.tables.vocabulary import Column, ColumnKind
from kaohe.scheme import Scheme


def unit(key: bool = True) -> Column:
    return Column("unit_id", "单位编号", "id", key=key)


def note(required: bool = False) -> Column:
    """Explains a row; where the contract asks for it, a blank one is only worth a warning."""
    return Column("note", "备注", "text", optional=not required, blank="warning" if required else "none", merge="note")


def indicator(key: bool = True) -> Column:
    return Column("indicator", "指标编号", "indicator", key=key, also=("指标",))


def day(name: str = "date", header: str = "日期") -> Column:
    """When it happened; those who do not know leave it out."""
    return Column(name, header, "date", optional=True, blank="none")


def said(name: str, header: str) -> Column:
    """Further words about a row that need not be there."""
    return Column(name, header, "text", optional=True, blank="none", merge="note")


DISPUTED = Column("disputed", "有争议", "yes_no", optional=True, blank="none", merge="note")
TITLE = Column("title", "项目名称", "text", blank="warning", also=("名称",))


def more(name: str, header: str, kind: ColumnKind, *, key: bool = False, also: tuple[str, ...] = ()) -> Column:
    """A column that may be left out: blank is what the table means without it."""
    return Column(name, header, kind, key=key, optional=True, blank="none", also=also)


def period(scheme: Scheme) -> tuple[Column, ...]:
    """Of which month or term a row is, where the scheme knows any."""
    if not scheme.dimensions:
        return ()
    names = tuple(each.name for each in scheme.dimensions.values())
    return (more("period", "期间", "code", key=True, also=names),)


def periods(scheme: Scheme) -> dict[str, str]:
    """Months and terms with their words."""
    return {
        member: each.members.get(member) or f"{member} {each.name}"
        for each in scheme.dimensions.values()
        for member in each.names
    }


def levels(scheme: Scheme) -> dict[str, str]:
    """Levels of achievements; those that a scheme only uses stand for themselves."""
    return declared(scheme.levels, used_worths(scheme)[0])


def declared(known: Mapping[str, str], used: Iterable[str]) -> dict[str, str]:
    """Codes with the words declared for them; those only used stand for themselves."""
    return {**known, **{name: name for name in used if name not in known}}


def used_worths(scheme: Scheme) -> tuple[dict[str, None], dict[str, None]]:
    """Levels and prizes in the weights of indicators."""
    levels: dict[str, None] = {}
    awards: dict[str, None] = {}
    for item in scheme.indicators.values():
        for by_level in item.weights.values():
            for level, by_award in by_level.items() if isinstance(by_level, Mapping) else ():
                levels[level] = None
                awards |= dict.fromkeys(by_award if isinstance(by_award, Mapping) else ())
    return levels, awards
