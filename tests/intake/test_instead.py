"""A column of other figures beside those that are read."""

import pytest

from tests.intake.ballots import ballots
from tests.intake.yearbook import YearBook, incident, only, remarkable, sheet_rows, workbook


@pytest.mark.parametrize(("header", "is_told"), [("核定票数", True), ("总票数", False)])
def test_other_figures_beside_those_that_are_read(year: YearBook, header: str, is_told: bool) -> None:
    rows = ballots(year, chinese=True)
    year.save("票.xlsx", workbook({"民主测评": [[*rows[0], header], *([*row, row[1] + 1] for row in rows[1:])]}))
    intake = year.read()
    assert remarkable(intake) == ["other-figures" if is_told else "unknown-column"]
    assert intake.has_errors is is_told


@pytest.mark.parametrize(("points", "is_told"), [(0.5, False), (0.6, True)])
def test_other_figures_are_held_against_the_column_that_they_name(year: YearBook, points: float, is_told: bool) -> None:
    rows = sheet_rows("incidents", [incident(indicator="B07", points=0.5)], chinese=True)
    year.without("incidents")
    year.save("扣.xlsx", workbook({"扣分事件": [[*rows[0], "核定分值"], [*rows[1], points]]}))
    intake = year.read()
    assert remarkable(intake) == ["other-figures" if is_told else "unknown-column"]
    if is_told:
        assert "“核定分值”列有 1 行的数与“分值”列不同" in only(intake, "other-figures").message
