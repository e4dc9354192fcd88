"""What a year may be called: 2018-2019, 2021, or an event's name. Light, as kernels import it."""

from __future__ import annotations

import re
from typing import Literal

YEAR = re.compile(r"^(\d{4})-(\d{4})$")
CALENDAR_YEAR = re.compile(r"^[12]\d{3}$")
EVENT = re.compile(r"^[\w][\w.-]{0,63}$")


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
