"""A year's raw data: read, checked, typed; every finding with its place."""

from kaohe.intake.data import YearData
from kaohe.intake.findings import Finding, Missing
from kaohe.intake.folder import list_years
from kaohe.intake.reading import Intake, read_year

__all__ = ["Finding", "Intake", "Missing", "YearData", "list_years", "read_year"]
