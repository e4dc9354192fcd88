"""Names with markup, formulas and paths in them, through a whole report (see conftest.py): they stay names."""

import json
from html.parser import HTMLParser

import nbformat
import pytest

from tests.batch.conftest import IMAGE
from tests.small import UNITS

pytestmark = [pytest.mark.slow, pytest.mark.notebook]


class Elements(HTMLParser):
    """What a browser would act on, and the text of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.handlers: list[str] = []
        self.scripts: list[str] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.handlers += [str(value) for name, value in attrs if name.startswith("on") or (tag, name) == ("img", "src")]

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.scripts.append(data)


def test_the_report_is_whole(reported):
    assert reported.code == 0, reported.error
    pages = {path.stem for path in (reported.folder / "units").iterdir()}
    assert pages == set(UNITS)
    outside = [path for path in reported.out.parent.rglob("*") if "etc" in path.parts or "<" in path.name]
    assert {path.name for path in outside} == {"<b>处"}  # the raw folder itself


def test_no_name_acts_in_any_page(reported):
    pages = list(reported.out.rglob("*.html"))
    assert len(pages) > 2 * len(UNITS)
    for path in pages:
        found = Elements(path.read_text(encoding="utf-8"))
        assert not [handler for handler in found.handlers if "alert" in handler or handler == "x"], path
        assert not [script for script in found.scripts if script.strip() == "alert(2)"], path


def test_names_are_shown_as_they_are(reported):
    page = (reported.folder / "units" / "C01.html").read_text(encoding="utf-8")
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<b>处" not in page


def test_figures_and_notebooks_hold_names_as_text(reported):
    for path in reported.folder.rglob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                shown = output.get("data", {})
                assert IMAGE not in str(shown.get("text/html", "")), path
                figure = json.dumps(shown.get("application/vnd.plotly.v1+json", {}).get("layout", {}).get("title", {}))
                assert IMAGE not in figure, path
