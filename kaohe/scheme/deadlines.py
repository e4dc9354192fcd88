"""Words of time: by when the text wants something done, and texts that name a calendar year; both follow the year."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from kaohe.rules.base import Strict

_PLACE = re.compile(r"\{[^{}]*\}")
_YEARS = ("{first}", "{last}")


def _known_places(text: str) -> str:
    """Only the two calendar years can be filled in."""
    wrong = next((place for place in _PLACE.findall(text) if place not in _YEARS), None)
    if wrong is not None:
        raise ValueError(f"{wrong} 无法替换，只能写 {'、'.join(_YEARS)}（跨年的年度的前、后一个日历年）")
    return text


YearText = Annotated[str, AfterValidator(_known_places)]
"""A text in which {first} and {last} stand for the calendar years of the school year."""


def in_year(text: str, year: str) -> str:
    """`{last} 年技能大赛` in 2018-2019: `2019 年技能大赛`."""
    first, _, last = year.partition("-")
    last = last or first
    return text.replace("{first}", first).replace("{last}", last)


class Deadline(Strict):
    """A word of the text for a time limit, and its last day in a school year: of the first or the last calendar year.

    `question` and `taken`: what the word leaves open, and how it is read here.
    """

    name: str
    day: str = Field(pattern=r"^\d\d-\d\d$")
    of: Literal["first", "last"]
    question: str = ""
    taken: str = ""

    @model_validator(mode="after")
    def _answered(self) -> Deadline:
        if bool(self.question) != bool(self.taken):
            raise ValueError("question 与 taken 应一起写")
        return self

    def date(self, year: str) -> datetime.date:
        """The last day in `2018-2019`."""
        return datetime.date.fromisoformat(in_year(f"{{{self.of}}}-{self.day}", year))


class Due(Strict):
    """Something due by one of the scheme's deadlines; `what`, where it is not the whole task."""

    by: str
    what: str = ""
