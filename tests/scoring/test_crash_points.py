"""A scoring stopped at every one of its writes and renames, by a kill and by a full disk: old or new, never mixed."""

import shutil

import pytest

from kaohe.files.failpoints import AFTERWARDS
from kaohe.files.locks import holding
from kaohe.files.sets import unfinished
from kaohe.scoring import history
from kaohe.scoring.final import verify
from kaohe.scoring.score import score_intake
from kaohe.scoring.write import Keeping, manifest, write_scores
from tests.faults import DONE, KILLED, REFUSED, places, results, run_here, run_with, sampled
from tests.scoring.test_final import Office
from tests.small import small_year


class Corrected:
    """A year scored once, and its correction ready to be written into a copy of the results."""

    def __init__(self, base):
        small_year(base, units=("C01", "C02", "D03"))
        self.base, self.office = base, Office(base)
        self.office.score(csv=True)
        self.office.correct()
        intake = self.office.read()
        self.book = score_intake(intake)
        self.about = manifest(self.book, intake)
        assert len(self.book.scores)  # assembled once, not in every child
        assert len(self.book.results)
        self.old = self.results(self.office.folder)
        self.places = places(lambda: self.write(self.copy("new")), base / "places")
        self.new = self.results(base / "new")

    def copy(self, name):
        shutil.copytree(self.office.folder, self.base / name)
        return self.base / name

    def write(self, folder):
        keeping = Keeping(self.office.raw, folder)
        with holding(folder):
            write_scores(folder, self.book, self.about, csv=True, keeping=keeping)

    def results(self, folder):
        """The results and which scorings the history knows; when they were made is another every time."""
        return results(folder), [record.id for record in history.scorings(folder)]

    def problems(self, folder):
        """What `verify` finds but for the corrected raw file, which is newer than the old results."""
        return [each for each in verify(folder, self.office.raw) if "原始文件在评分之后有改动" not in each]


@pytest.fixture(scope="module")
def corrected(tmp_path_factory):
    return Corrected(tmp_path_factory.mktemp("corrected"))


def test_every_file_of_a_scoring_is_among_the_places(corrected):
    tables = [f"{name}.{kind}" for name in ("scores", "results", "nodes") for kind in ("parquet", "csv")]
    for name in (*tables, "manifest.json"):
        assert f"replace {name}" in corrected.places
    assert sum(place.startswith("replace ") and place.endswith(".gz") for place in corrected.places) == 4
    assert corrected.new[1][0] == corrected.old[1][0]
    assert len(corrected.new[1]) == 2


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "every"), [("kill", 1), ("full", 3)])
def test_stopped_at_each_place_it_is_the_old_or_the_new(corrected, fault, every):
    for number, place in sampled(list(enumerate(corrected.places, 1)), every):
        folder = corrected.copy(f"{fault}-{number}")
        run = run_with if fault == "kill" else run_here
        ended = run(f"{fault}={number}", lambda folder=folder: corrected.write(folder))
        assert ended == (KILLED if fault == "kill" else DONE if place.split()[0] in AFTERWARDS else REFUSED), place
        if not unfinished(folder):
            assert corrected.results(folder) in (corrected.old, corrected.new), place
        with holding(folder):
            assert corrected.results(folder) in (corrected.old, corrected.new), place
            assert corrected.problems(folder) == [], place
        assert run_here("", lambda folder=folder: corrected.write(folder)) == DONE, place
        assert corrected.results(folder) == corrected.new, place
        assert corrected.problems(folder) == [], place
        shutil.rmtree(folder)
