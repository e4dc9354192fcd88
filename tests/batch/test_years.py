"""Which years a site holds side by side, and what its pages say where some are invented."""

from dataclasses import replace

import pytest

from kaohe.batch.export import Page, marked, page_of_body
from kaohe.batch.jobs import Plan, add_compare, files_of_all
from kaohe.batch.layout import Processed
from kaohe.batch.prepare import Prepared
from kaohe.batch.site import Outcome, comparable
from kaohe.files.sets import Stage
from kaohe.intake import read_year
from kaohe.intake.year.folder import COMPARED, SYNTHETIC
from kaohe.notebook.fetching import FETCH
from kaohe.scoring.marks import INVENTED
from kaohe.scoring.score import score_intake
from tests.small import small_year

INVENTED_YEARS, REAL = ("2018-2019", "2019-2020"), ("2020-2021", "2021-2022")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    data = tmp_path_factory.mktemp("years")
    for year in (*INVENTED_YEARS, *REAL):
        folder = small_year(data, year, units=("C01", "C02", "D05"))
        if year in REAL:
            (folder / SYNTHETIC).unlink()
    return data


@pytest.fixture(scope="module")
def years(data):
    intakes = [read_year(data / "raw", year) for year in (*INVENTED_YEARS, *REAL)]
    return [Prepared(each.year, each, Processed(data, each.year), score_intake(each), {}) for each in intakes]


def test_real_years_are_held_side_by_side_without_the_invented_ones(data, years) -> None:
    outcome = Outcome()
    assert [each.year for each in comparable(years, data / "raw", outcome)] == [*REAL]
    assert set(outcome.left_out) == {*INVENTED_YEARS}
    assert all(INVENTED in why for why in outcome.left_out.values())
    given = {"years": [], "books": [], "data": str(data)}
    assert [book.year for book in FETCH["compare"](given)] == [*REAL]


def test_invented_ones_alone_or_where_a_real_year_asks_for_it(data, years) -> None:
    outcome = Outcome()
    assert comparable(years[:2], data / "raw", outcome) == years[:2]
    (data / "raw" / REAL[0] / COMPARED).touch()
    assert comparable(years, data / "raw", outcome) == years
    given = {"years": [], "books": [], "data": str(data)}
    assert [book.year for book in FETCH["trend"](given)] == [*INVENTED_YEARS, *REAL]
    (data / "raw" / REAL[0] / COMPARED).unlink()
    assert outcome.left_out == {}


def test_all_pages_above_the_years_go_where_no_years_are_held_side_by_side(data, years, tmp_path) -> None:
    plan = Plan(Stage(tmp_path, tmp_path / "stage"), True)
    add_compare(plan, years, set(), data, tmp_path, provisional=False)
    made = {path.relative_to(tmp_path).as_posix() for job in plan.jobs for path in (job.page, job.notebook)}
    assert made == {*files_of_all()}


def test_pages_say_which_years_are_invented(years) -> None:
    books = [each.book for each in years]
    assert marked(books[:2]) == {"synthetic": True, "partly": ""}
    assert marked(books[2:]) == {"synthetic": False, "partly": ""}
    text = page_of_body("", Page("各学年对比", **marked(books)))
    assert f"2018-2019、2019-2020 学年为{INVENTED}" in text
    assert "单位、人员和数字均为虚构" not in text
    followed = replace(books[2], before=books[1])
    assert marked([followed])["partly"] == f"2019-2020 学年为{INVENTED}"
