import pytest

from tests.charts.books import scored, two_years


@pytest.fixture(scope="package")
def book():
    """2019-2020 knowing 2018-2019."""
    return two_years()


@pytest.fixture(scope="package")
def alone():
    """A year that knows no other."""
    return scored("2019-2020")


@pytest.fixture(scope="package")
def books(book):
    """Two years side by side."""
    return [scored("2018-2019", 5), book]
