"""A report stopped at every one of its writes and renames, by a kill and by a full disk: old or new, never mixed.

What is written is written by the real code. Not real: a notebook is not executed by a kernel but told what it was
given, the browser prints a page's hash, what takes long and writes nothing (reading, scoring, comparing, making a page)
is remembered from the first run, as is the day, the code is not looked at, and nobody waits for the disk.
"""

import hashlib
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlparse
from urllib.request import url2pathname

import nbformat
import papermill.execute
import pytest

from kaohe.batch import explained, jobs, prepare, printing, site, sources, year
from kaohe.batch.kernels import Kernels
from kaohe.batch.site import report
from kaohe.files.failpoints import AFTERWARDS
from kaohe.files.locks import holding
from kaohe.files.sets import COMMITTED, WAITING, unfinished
from kaohe.scoring.final import verify
from kaohe.scoring.witness import place_of
from tests.faults import ALL_PLACES, DONE, KILLED, REFUSED, content, places, results, run_with, sampled, timeless
from tests.reporting import YEAR
from tests.small import metric, small_year

pytestmark = pytest.mark.slow

NOTEBOOKS = {"annual", "method", "diff", "public/index", "units/C01", "public/units/C01"}
"""Those that the correction changes; `check` finds what it found before."""
ANEW = ("findings", "diff", "method", "units/", "explained")
"""What every run writes anew for its notebooks and for `explain`: it says itself what it is of."""


class Site:
    """A year reported and printed once, and its correction ready to be reported; one that was stopped left its mark."""

    def __init__(self, base, patch):
        self.data, self.out, self.executed = base / "data", base / "out", base / "executed"
        self.processed = self.data / "processed"
        self._stand_in(patch)
        raw = small_year(self.data, units=("C01",))
        self.report()
        shutil.rmtree(self.out / "assets")  # as of another version
        stale = self.out / WAITING / YEAR / "notebooks" / "check.ipynb"
        stale.parent.mkdir(parents=True)
        stale.write_text('{"metadata": {}}', encoding="utf-8")
        self.old = self.pages(), self.scores()
        self.before = {folder: base / "before" / folder.name for folder in (self.processed, self.out)}
        for folder, kept in self.before.items():
            shutil.copytree(folder, kept)
        metric(raw, "C01", "survey_rate", "0.45")
        self.remembered.clear()
        self.report()
        self.restore()
        self.places = places(self.report, base / "places")
        self.new = self.pages(), self.scores()
        self.explained = self.kept()
        self.restore()

    def report(self):
        self.executed.write_text("", encoding="utf-8")
        outcome = report([YEAR], self.data, self.out, questions=(), pdf=True, kernels=Kernels(1))
        if outcome.printed.failed:
            raise OSError(str(outcome.printed.failed))
        assert outcome.well

    def restore(self):
        place_of(self.data / "raw", YEAR).unlink(missing_ok=True)  # which knows what is taken back here
        for folder, kept in self.before.items():
            shutil.rmtree(folder)
            shutil.copytree(kept, folder)

    def pages(self):
        """Pages, notebooks, brief, slides, manifest and what pages share; a PDF is looked at with its page."""
        found = {name: each for name, each in content(self.out).items() if ".pdf" not in name}
        return {name: timeless(each) if name.endswith(".json") else each for name, each in found.items()}

    def scores(self):
        """The results alone."""
        found = results(self.processed / YEAR).items()
        return {name: each for name, each in found if not name.startswith(ANEW)}

    def kept(self):
        """What `explain` would say without reading the year."""
        found = explained.kept(self.data, YEAR)
        return found and found.units

    def ran(self):
        """Which notebooks the last run executed."""
        return set(self.executed.read_text(encoding="utf-8").splitlines())

    def waiting(self):
        """The executed notebooks that wait for the next run."""
        root = self.out / WAITING / YEAR / "notebooks"
        whole = (path for path in root.rglob("[!.]*.ipynb") if "fingerprint" in path.read_text(encoding="utf-8"))
        return {path.relative_to(root).with_suffix("").as_posix() for path in whole}

    def problems(self):
        """What is wrong with the results, and PDFs that show another page than the one they stand beside."""
        found = [each for each in verify(self.processed / YEAR, self.data / "raw") if "原始文件在评分之后" not in each]
        pdfs = self.out.rglob("*.pdf")
        return found + [path.name for path in pdfs if not path.read_bytes().startswith(printed(page_of(path)))]

    def _stand_in(self, patch):
        self.remembered = {}

        def remember(module, name, key):
            real = getattr(module, name)

            def again(*given, **named):
                at = (name, key(*given))
                if at not in self.remembered:
                    self.remembered[at] = given, real(*given, **named)  # what is given lives on: it goes by its id
                return self.remembered[at][1]

            patch.setattr(module, name, again)

        remember(site, "read_year", lambda raw, year, *_: year)
        for name in ("score_intake", "with_effects", "frozen"):
            remember(prepare, name, lambda first, *_: id(first))
        remember(prepare, "of_record", lambda _, record: record.id)
        remember(prepare, "difference", lambda before, after: (id(before), id(after)))
        remember(jobs, "page_of_notebook", lambda notebook, page: (notebook.metadata["kaohe"]["fingerprint"], page))
        remember(year, "word_of", lambda brief, pictures: brief)
        patch.setattr(year, "staged", lambda stage, page, text: [])
        patch.setattr(sources, "code_files", lambda: [])
        patch.setattr(os, "fsync", lambda handle: None)
        patch.setattr(prepare, "finality", lambda folder: "暂定")
        patch.setattr(papermill.execute, "execute_notebook", self._executed)
        patch.setattr(printing, "find_chromium", lambda: Path("chromium"))
        patch.setattr(printing, "run_chromium", print_)
        patch.setattr(site, "print_pages", lambda pages, **told: printing.print_pages(pages, workers=1, **told))

    def _executed(self, source, target, parameters, **_):
        notebook, name = nbformat.read(source, as_version=4), Path(source).stem
        given = next(parameters[file] for file in ("book", "table", "findings", "difference") if file in parameters)
        told = hashlib.sha256(Path(given).read_bytes()).hexdigest()
        output = nbformat.v4.new_output("display_data", {"text/plain": told})
        next(cell for cell in notebook.cells if cell.cell_type == "code").outputs = [output]
        notebook.metadata["papermill"] = {"parameters": parameters}
        nbformat.write(notebook, target)
        with self.executed.open("a", encoding="utf-8") as file:
            place = {"unit": "units/", "public": "public/index", "public_unit": "public/units/"}.get(name, name)
            file.write(place + parameters.get("unit", "") + "\n")


def distinct(listed):
    """The numbers of the places that are not like another: while files are made each has its own, but of notebooks,
    PDFs and the history's files, as while a set is moved, it is the first and the last."""
    moving, step, first, last = False, 0, {}, {}
    for number, place in enumerate(listed, 1):
        kind, name = place.split()
        suffix = Path(name).suffix
        like = (step, kind, "" if moving or kind == "sync" else suffix if suffix in (".ipynb", ".pdf", ".gz") else name)
        first.setdefault(like, number)
        if kind in ("replace", "replaced"):
            last[like] = number
        if place == f"replaced {COMMITTED}" or kind == "clear":
            moving, step = not moving, step + 1
    return sorted({*first.values(), *last.values()})


def page_of(pdf):
    return pdf.with_suffix(".html").read_bytes()


def printed(page):
    return b"%PDF " + hashlib.sha256(page).hexdigest().encode() + b"\n"


def print_(chromium, profile, *words, seconds):
    target = next(word.partition("=")[2] for word in words if word.startswith("--print-to-pdf="))
    Path(target).write_bytes(printed(Path(url2pathname(urlparse(words[-1]).path)).read_bytes()))
    return SimpleNamespace(returncode=0, stderr=b"")


def hidden(folder):
    return {path.name for path in folder.rglob(".*")}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield Site(tmp_path_factory.mktemp("site"), patch)


def test_what_is_kept_for_explain_is_of_the_data_as_they_are(made):
    assert made.explained
    made.restore()
    assert (made.processed / YEAR / explained.NAME).is_file()
    assert made.kept() is None


def test_every_file_of_a_report_is_among_the_places(made):
    files = {name.rpartition("/")[2] for name in (*made.new[0], *made.new[1])} - {
        "check.ipynb",
        "published.json",
    }  # which stand
    assert {f"replace {name}" for name in files | {"findings.json", "diff.json", "annual.pdf"}} <= set(made.places)
    assert {place.split()[0] for place in made.places} == {
        "lock", "stage", "create", "write", "sync", "replace", "replaced", "drop", "clear"
    }  # fmt: skip


@pytest.mark.parametrize(("fault", "every"), [("kill", 1), ("full", 4)])
def test_stopped_at_each_place_it_is_the_old_or_the_new_and_goes_on_from_there(made, fault, every):
    left = set()
    for number in sampled(distinct(made.places), every):
        place = made.places[number - 1]
        made.restore()
        ended = run_with(f"{fault}={number}", made.report)
        assert ended == (KILLED if fault == "kill" else DONE if place.split()[0] in AFTERWARDS else REFUSED), place
        if not unfinished(made.out):
            assert made.pages() in (made.old[0], made.new[0]), place
        with holding(made.processed / YEAR), holding(made.out):
            assert made.pages() in (made.old[0], made.new[0]), place
            assert made.scores() in (made.old[1], made.new[1]), place
            assert made.problems() == [], place
            assert made.kept() in (None, made.explained), place
            waiting, committed = made.waiting(), made.pages() == made.new[0]
        assert run_with("", made.report) == DONE, place
        assert (made.pages(), made.scores()) == made.new, place
        assert made.problems() == [], place
        assert made.kept() in (None, made.explained), place
        assert made.ran() == (set() if committed else NOTEBOOKS - waiting), place
        assert hidden(made.out) == {".kaohe.lock"}, place
        left.add(len(waiting))
    if ALL_PLACES:  # stopped before a notebook was finished, after the last and in between
        assert left >= {0, len(NOTEBOOKS)}
        assert len(left) > 2
