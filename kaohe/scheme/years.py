"""What a year may be called: 2018-2019, 2021, or an event's name, and how sentences speak of it.

Light, as kernels import it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

YEAR = re.compile(r"^(\d{4})-(\d{4})$")
CALENDAR_YEAR = re.compile(r"^[12]\d{3}$")
EVENT = re.compile(r"^[\w][\w.-]{0,63}$")

FORMS = "年度写成 2018-2019 或 2021 的样子，活动写它的名称"
"""How a year is to be written, where it is not known of which kind it has to be."""


@dataclass(frozen=True)
class Spoken:
    """How sentences speak of years of one kind: one, several, this one, its neighbours, all."""

    one: str
    many: str
    this: str
    last: str
    next: str
    latest: str
    every: str

    def of(self, year: str) -> str:
        """`2018-2019 学年`, `2021 年度`, `2004-decastar 活动`."""
        return f"{year} {self.one}"

    def count(self, many: int | str) -> str:
        """`3 个学年`, `两个年度`, `一次活动`."""
        return f"{many} {self.many}" if isinstance(many, int) else f"{many}{self.many}"


SPOKEN = {
    "school": Spoken("学年", "个学年", "本学年", "上一学年", "新学年", "最近学年", "各学年"),
    "calendar": Spoken("年度", "个年度", "本年度", "上一年度", "新年度", "最近年度", "各年度"),
    "event": Spoken("活动", "次活动", "本次活动", "上一次活动", "新的活动", "最近一次活动", "各次活动"),
}  # fmt: skip
"""By the kind of year. Where a text speaks of years of whatever kind, they are 年度."""


def spoken(year: str) -> Spoken:
    """How sentences speak of a year of that name."""
    return SPOKEN[year_kind(year) or "calendar"]


def year_said(year: str) -> str:
    """`2018-2019 学年`, `2021 年度`, `2004-decastar 活动`."""
    return spoken(year).of(year)


def years_said(years: Iterable[str]) -> str:
    """`2018-2019、2019-2020 学年`."""
    listed = list(years)
    return spoken(listed[-1]).of("、".join(listed)) if listed else ""


def year_kind(text: str) -> Literal["school", "calendar", "event"] | None:
    """What kind of year a name can be: 2018-2019, 2021, or an event's; None where it is no name of a year."""
    found = YEAR.match(text)
    if found is not None:
        return "school" if int(found[2]) == int(found[1]) + 1 else None
    if CALENDAR_YEAR.match(text):
        return "calendar"
    return "event" if EVENT.match(text) and not text.isdigit() else None


def is_year(text: str) -> bool:
    """Whether `text` names a school year such as 2018-2019 or a calendar year such as 2021: by itself, anywhere."""
    return year_kind(text) in ("school", "calendar")


def previous_year(year: str) -> str:
    """2018-2019 → 2017-2018; 2021 → 2020. Of an event only its scheme knows the one before: then itself is none."""
    if year_kind(year) == "event":
        return ""
    first = int(year[:4])
    return f"{first - 1}-{first}" if "-" in year else str(first - 1)
