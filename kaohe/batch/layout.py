"""Where everything a run writes stands, and where its notebooks come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import kaohe


def notebooks_folder() -> Path:
    """The parameterised notebooks: inside an installed package, or beside it in a checkout."""
    package = Path(kaohe.__file__).parent
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if (folder / "annual.ipynb").is_file():
            return folder
    raise FileNotFoundError(f"找不到随库的笔记本（notebooks/annual.ipynb），请重新安装 kaohe：{package}")


@dataclass(frozen=True)
class _OfYear:
    """A folder named by a year below `root`."""

    root: Path
    year: str

    @property
    def folder(self) -> Path:
        return self.root / self.year

    def name(self, path: Path) -> str:
        """A file of the folder by its name below it."""
        return path.relative_to(self.folder).as_posix()


class YearFolder(_OfYear):
    """One year's reports; pages by what they show, the executed notebooks behind them."""

    @property
    def index(self) -> Path:
        return self.folder / "index.html"

    @property
    def manifest(self) -> Path:
        return self.folder / "manifest.json"

    @property
    def search(self) -> Path:
        """All that can be found, as a script of the pages."""
        return self.folder / "search.js"

    @property
    def deliver(self) -> Path:
        """A file for each unit, to be mailed to it alone."""
        return self.folder / "deliver"

    @property
    def handed(self) -> Path:
        """Who gets which of them."""
        return self.deliver / "index.html"

    @property
    def brief_word(self) -> Path:
        return self.folder / "brief.docx"

    @property
    def slides(self) -> Path:
        return self.folder / "brief.pptx"

    def page(self, name: str) -> Path:
        """`annual`, `units/C01`, `public/index` … as a page."""
        return self.folder / f"{name}.html"

    def notebook(self, name: str) -> Path:
        """The executed notebook behind a page."""
        return self.folder / "notebooks" / f"{name}.ipynb"


class Processed(_OfYear):
    """One year's processed data: what the notebooks of a run are given."""

    CHANGED = "changed"
    """The answer for the page of all years: what a year's differences from the year before come from."""

    @property
    def book(self) -> Path:
        return self.folder / "book.json"

    @property
    def findings(self) -> Path:
        return self.folder / "findings.json"

    @property
    def difference(self) -> Path:
        """Between the last scoring and the one before."""
        return self.folder / "diff.json"

    def answer(self, question: str) -> Path:
        """What was found to a question about the year."""
        return self.folder / "analyses" / f"{question}.json"

    @property
    def slices(self) -> Path:
        return self.folder / "units"

    def slice(self, unit: str) -> Path:
        """What the page of a unit can show."""
        return self.slices / f"{unit}.json"

    @property
    def method(self) -> Path:
        """What the page of the regulation can show."""
        return self.folder / "method.json"

    @property
    def public_year(self) -> Path:
        return self.folder / "public" / "index.json"

    def public_unit(self, unit: str) -> Path:
        return self.folder / "public" / "units" / f"{unit}.json"
