"""A year's raw data: read, checked, typed; every finding with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaohe.rules.late import opened_late

if TYPE_CHECKING:
    from kaohe.intake.findings import Finding, Missing
    from kaohe.intake.reading import Intake, read_year
    from kaohe.intake.tables.data import YearData
    from kaohe.intake.year.listed import list_years

_HOMES = {
    "findings": ("Finding", "Missing"),
    "reading": ("Intake", "read_year"),
    "tables.data": ("YearData",),
    "year.listed": ("list_years",),
}
__all__ = ["Finding", "Intake", "Missing", "YearData", "list_years", "read_year"]
__getattr__ = opened_late(__name__, _HOMES)
