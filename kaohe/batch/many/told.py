"""What is told of a school when its job has ended: some kilobytes, which is all that comes back from a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

State = Literal["scored", "refused", "failed"]
"""`refused`: the data has errors or gaps, or the year is final with another result; `failed`: it could not be done."""


@dataclass(frozen=True)
class YearTold:
    """How a year stands; `said`: why not, or what is wrong all the same; `id`: of its scoring, as its pages name it.

    `lines`: who has the best grade, what is open, as on the school's own first page.
    """

    year: str
    state: State
    said: str = ""
    id: str = ""
    marks: tuple[str, ...] = ()
    units: int = 0
    lines: tuple[str, ...] = ()
    well: bool = True


@dataclass(frozen=True)
class SchoolTold:
    """How a school's job ended: year by year, or why as a whole it `failed`. `kept`: nothing was to be done.

    `reports`: how many pages were made of notebooks now.
    """

    school: str
    years: tuple[YearTold, ...] = ()
    failed: str = ""
    title: str = ""
    authority: str = ""
    notes: tuple[str, ...] = ()
    reports: int = 0
    kept: bool = False

    @property
    def well(self) -> bool:
        return not self.failed and all(each.well and each.state == "scored" for each in self.years)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def told_of_json(found: Mapping[str, Any]) -> SchoolTold | None:
    """What `as_json` wrote; None where it is something else."""
    try:
        years = [YearTold(**{**each, **_tuples(each, "marks", "lines")}) for each in found["years"]]
        return SchoolTold(**{**found, **_tuples(found, "notes"), "years": tuple(years)})
    except (KeyError, TypeError):
        return None


def _tuples(found: Mapping[str, Any], *names: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(found[name]) for name in names}
