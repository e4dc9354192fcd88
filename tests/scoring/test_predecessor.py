"""What stands as the year before: never an invented year beside a real one unasked, and a missing one is told."""

import pytest

from kaohe.analysis.attribution import difference
from kaohe.analysis.kept import side_of
from kaohe.analysis.movement import last_two_years, movement
from kaohe.charts.change import rank_change, total_change
from kaohe.charts.notation import marks
from kaohe.charts.since import since_last_year
from kaohe.charts.style import table_of
from kaohe.charts.years import rank_history
from kaohe.exchange.export import export
from kaohe.explorer.workbench import Workbench
from kaohe.intake import read_year
from kaohe.intake.year.folder import COMPARED, SYNTHETIC
from kaohe.intake.year.predecessor import predecessor, skipped
from kaohe.scoring.bookfile import frozen, thawed
from kaohe.scoring.finality import finality_of
from kaohe.scoring.marks import INVENTED, invented
from kaohe.scoring.score import score_year
from kaohe.scoring.write import manifest
from tests.exchange.filling import kaohe
from tests.small import metric, small_year

pytestmark = pytest.mark.slow

BEFORE, YEAR, LATER = "2018-2019", "2019-2020", "2021-2022"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """An invented year, the same figures as a real year after it, and a real year that has no year before."""
    data = tmp_path_factory.mktemp("mixed")
    small_year(data, BEFORE)
    for year in (YEAR, LATER):
        (small_year(data, year) / SYNTHETIC).unlink()
    return data


@pytest.fixture(scope="module")
def book(data):
    return score_year(YEAR, data / "raw")


@pytest.fixture(scope="module")
def asked(data):
    """The same year, which asks to be held beside the invented one."""
    mark = data / "raw" / YEAR / COMPARED
    mark.touch()
    found = score_year(YEAR, data / "raw"), read_year(data / "raw", YEAR)
    mark.unlink()
    return found


def test_nothing_is_concluded_about_a_real_year_from_an_invented_one(data, book) -> None:
    assert book.before is None
    assert {unit.consequences["last_two_years"] for unit in book.units} == {None}
    assert f"{BEFORE} 学年是{INVENTED}" in book.uncompared
    assert thawed(frozen(book)).uncompared == book.uncompared
    assert movement(book, "yuanbu") is None
    last = next(unit.unit_id for unit in book.units if unit.last)
    for figure in (rank_change(book, "yuanbu"), total_change(book, "yuanbu"), since_last_year(book, last)):
        assert not figure.data
        assert book.uncompared in table_of(figure)
        assert figure.layout.meta["marks"] == []
    assert last_two_years([score_year(BEFORE, data / "raw"), book]) == {}
    assert Workbench(data, YEAR).base.before is None


def test_neither_the_other_way_round(tmp_path) -> None:
    for year in (BEFORE, YEAR):
        (tmp_path / year).mkdir()
    (tmp_path / YEAR / SYNTHETIC).touch()
    found = predecessor(tmp_path, YEAR)
    assert found.folder is None
    assert f"{BEFORE} 学年是真实数据" in found.why_not


def test_figures_are_not_questioned_by_those_of_an_invented_year(data) -> None:
    ten_times = read_year(data / "raw", BEFORE).data.metrics["C01", "enrolled_students"].value * 10
    folder = data / "raw" / BEFORE
    metric(folder, "C01", "enrolled_students", str(int(ten_times)))
    try:
        told = {each.code for each in read_year(data / "raw", YEAR).findings}
    finally:
        metric(folder, "C01", "enrolled_students", str(int(ten_times / 10)))
    assert "magnitude" not in told
    assert "no-predecessor" in told


def test_among_themselves_invented_years_and_real_ones_are_compared(data, tmp_path) -> None:
    for synthetic in (True, False):
        raw = tmp_path / str(synthetic) / "raw"
        for year in (BEFORE, YEAR):
            folder = small_year(raw.parent, year)
            if not synthetic:
                (folder / SYNTHETIC).unlink()
        found = score_year(YEAR, raw)
        assert (found.before.year, found.uncompared) == (BEFORE, "")
        assert {unit.consequences["last_two_years"] for unit in found.units} == {True, False}
        assert marks(found) == ([INVENTED] if synthetic else [])


def test_a_year_that_asks_for_it_is_compared_and_every_figure_says_so(data, asked) -> None:
    book, intake = asked
    assert book.before.year == BEFORE
    assert COMPARED in intake.data.files  # what the result rests on
    assert not [each for each in intake.findings if each.file == COMPARED]
    says = f"{BEFORE} 学年为{INVENTED}"
    assert invented(book) == says
    assert rank_change(book, "yuanbu").layout.meta["marks"] == [says]
    page = export(book, finality_of(data / "processed" / YEAR, manifest(book, intake)))["说明"]
    assert any(says in str(cell.value) for cell in page["A"])


def test_years_side_by_side_say_which_are_invented(data, book) -> None:
    figure = rank_history([score_year(BEFORE, data / "raw"), book], "yuanbu")
    assert figure.layout.meta["marks"] == [f"{BEFORE} 学年为{INVENTED}"]
    assert list(figure.layout.xaxis.ticktext) == [f"<b>{BEFORE}</b>（演示）", f"<b>{YEAR}</b>"]
    assert "连续两年末位" not in figure.layout.meta["title"]
    found = difference(side_of(BEFORE, data), side_of(YEAR, data))
    assert found.synthetic
    assert found.before.endswith("（演示数据）")
    assert not found.after.endswith("（演示数据）")


def test_score_and_check_say_that_there_is_no_year_before(data) -> None:
    for year, why in ((YEAR, f"{BEFORE} 学年是{INVENTED}"), (LATER, "没有 2020-2021 学年的数据")):
        for command in ("score", "check"):
            code, out = kaohe(command, year, "--data", data)
            assert code == 0, out
            assert why in out.replace("\n", "")
            assert "不认定要连看两年的结果" in out


def test_a_first_year_has_nothing_to_say(data, tmp_path) -> None:
    (small_year(tmp_path, LATER) / SYNTHETIC).unlink()
    assert predecessor(tmp_path / "raw", LATER).why_not == ""
    assert predecessor(data / "raw", BEFORE).why_not == ""


def test_the_years_between() -> None:
    assert skipped("2018-2019", "2021-2022") == ["2019-2020", "2020-2021"]
    assert skipped("2020-2021", "2021-2022") == []
