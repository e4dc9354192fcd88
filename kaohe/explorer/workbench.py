"""What the explorer knows and can do, without a widget: years, scenarios, selection, books."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe.analysis.difference import CellShift, cell_shifts
from kaohe.analysis.named import with_ids
from kaohe.analysis.scenario import Scenario, ScenarioError, words_of
from kaohe.analysis.scenariofile import read_scenario, write_scenario
from kaohe.analysis.whatif import STALE, apply
from kaohe.explorer.history import History
from kaohe.intake import Intake, list_years, read_year
from kaohe.intake.tables.names import Names
from kaohe.scheme import Scheme
from kaohe.scheme.years import year_said
from kaohe.scoring.assemble import score_data
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.lineage import traced
from kaohe.scoring.refusal import UncomputableError
from kaohe.scoring.score import NotScorableError, scored_before, year_before

if TYPE_CHECKING:
    from kaohe.analysis.stability import Stability

KEPT = 6
"""Scored scenarios kept, so that undo and redo need not score again."""


class CannotExploreError(ValueError):
    """A year that cannot be explored, or a file that must not be written; says why in Chinese."""


@dataclass(frozen=True)
class Base:
    """A year by the real data: what was read, its book, and the year before's."""

    intake: Intake
    book: ScoreBook
    before: ScoreBook | None

    @property
    def scheme(self) -> Scheme:
        assert self.intake.scheme
        return self.intake.scheme

    @cached_property
    def names(self) -> Names:
        return Names(self.scheme)

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Names of what changes name, by id."""
        return words_of(self.scheme)


@dataclass(frozen=True)
class Supposed:
    """A scenario in effect: the data it makes, the book, and the points it moves."""

    intake: Intake
    book: ScoreBook
    shifts: tuple[CellShift, ...]


@dataclass(frozen=True)
class Saved:
    """A scenario's file of the year; `name` as one chooses it from a list."""

    name: str
    path: Path


class Workbench:
    """Years read once, a history each; every edit is checked and scored before it counts.

    The raw tables are only read. `drafts` holds unsaved scenarios year by year, so that closing a
    notebook loses nothing.
    """

    def __init__(self, data: Path, year: str | None = None) -> None:
        self.raw, self.folder = data / "raw", data / "processed" / "scenarios"
        self.years = list_years(self.raw)
        if not self.years:
            raise CannotExploreError(f"{self.raw.resolve()} 中没有任何年度的数据")
        if year is not None and year not in self.years:
            raise CannotExploreError(f"{self.raw.resolve()} 中没有 {year_said(year)}；已有：{'、'.join(self.years)}")
        self._bases: dict[str, Base] = {}
        self._histories: dict[str, History] = {}
        self._scored: OrderedDict[str, tuple[Scenario, Supposed]] = OrderedDict()
        self._steady: OrderedDict[int, tuple[ScoreBook, Stability]] = OrderedDict()
        self.restored = ""
        self.go_to(year or self.years[-1])

    def go_to(self, year: str) -> None:
        """Another year, with the scenario left there; CannotExploreError, and the old year stays, if it cannot."""
        self.base_of(year)
        self.year = year
        if year not in self._histories:
            self._histories[year] = self._with_draft(History(Scenario(year)))

    def base_of(self, year: str) -> Base:
        if year not in self._bases:
            self._bases[year] = _base(self.raw, year)
        return self._bases[year]

    @property
    def base(self) -> Base:
        return self._bases[self.year]

    @property
    def history(self) -> History:
        return self._histories[self.year]

    @property
    def scenario(self) -> Scenario:
        return self.history.present

    @property
    def supposed(self) -> Supposed:
        return self._suppose(self.scenario)

    @property
    def book(self) -> ScoreBook:
        return self.supposed.book

    def book_of(self, year: str) -> ScoreBook:
        """A year's book, with what one has changed there."""
        self.base_of(year)
        found = self._histories.get(year)
        return self._suppose(found.present if found else Scenario(year)).book

    def traced(self, unit: str, start: str, end: str) -> tuple[UnitResult, ...]:
        """Who a unit of `start` is in `end`, by what each year in between says of renamed and merged units.

        A year in between that cannot be scored is passed over.
        """
        low, high = sorted((start, end))
        way = [year for year in self.years if low <= year <= high]
        books = []
        for year in way if start == low else reversed(way):
            try:
                books.append(self.book_of(year))
            except (CannotExploreError, ScenarioError):
                if year in (start, end):
                    raise
        return traced(books, unit) if books[0].has_unit(unit) else ()

    def changed(self, year: str) -> bool:
        """Whether a year has changes at present."""
        return bool(year in self._histories and self._histories[year].present.size)

    @property
    def unsaved_years(self) -> list[str]:
        return [year for year, history in self._histories.items() if history.unsaved]

    def _suppose(self, scenario: Scenario) -> Supposed:
        """The scenario scored; ScenarioError where it cannot be."""
        base = self.base_of(scenario.year)
        if not scenario.size:
            return Supposed(base.intake, base.book, ())
        for key, (known, found) in self._scored.items():
            if (known.year, known.policies, known.changes) == (scenario.year, scenario.policies, scenario.changes):
                self._scored.move_to_end(key)
                return found
        intake = apply(base.intake, scenario)
        try:
            book = _scored(intake, base.before)
        except UncomputableError as error:
            raise ScenarioError(str(error)) from error
        found = Supposed(intake, book, tuple(cell_shifts(base.book, book)))
        self._scored[f"{scenario.year} {id(found)}"] = (scenario, found)
        while len(self._scored) > KEPT:
            self._scored.popitem(last=False)
        return found

    @property
    def known_stability(self) -> Stability | None:
        """How steady the ranks in force are, where that was asked before."""
        kept = self._steady.get(id(self.book))
        return kept[1] if kept else None

    def find_stability(self) -> Stability:
        """How steady the ranks in force are: some seconds of work, done when asked and kept for undo and redo."""
        if (known := self.known_stability) is not None:
            return known
        from kaohe.analysis.stability import stability  # the explorer opens without it

        supposed = self.supposed
        found = stability(supposed.intake, supposed.book)
        self._steady[id(supposed.book)] = supposed.book, found  # the book is held, so that its id stays its own
        while len(self._steady) > KEPT:
            self._steady.popitem(last=False)
        return found

    def try_out(self, scenario: Scenario) -> None:
        """Take the scenario; ScenarioError, and the old one stays in force, where it cannot be."""
        self._suppose(scenario)
        self._step(self.history.to(scenario))

    def undo(self) -> None:
        self._step(self.history.back())

    def redo(self) -> None:
        self._step(self.history.forth())

    def step_to(self, place: int) -> None:
        """To any step of the year's history; those behind it can be redone."""
        self._step(self.history.at(place))

    def reset(self) -> None:
        """Back to the real data; itself a step that can be undone."""
        self._step(self.history.to(Scenario(self.year, self.scenario.title)))

    def _step(self, history: History) -> None:
        self._histories[self.year] = history
        self._keep_draft()

    def default_path(self) -> Path:
        return self.history.path or self.folder / f"{self.year}.yaml"

    def save(self, path: Path, *, overwrite: bool = False) -> None:
        """The scenario as a file; CannotExploreError for one below data/raw, FileExistsError for somebody else's."""
        if self.raw.resolve() in path.resolve().parents:
            raise CannotExploreError("原始数据文件夹 data/raw 中不能保存试算方案，请另选一处")
        if path.suffix.lower() not in (".yaml", ".yml"):
            raise CannotExploreError(f"方案文件的扩展名应为 .yaml，现为 {path.name}")
        if path.exists() and path != self.history.path and not overwrite:
            raise FileExistsError(str(path))
        before = self.history.path
        named_by_file = not self.scenario.title or (before is not None and self.scenario.title == before.stem)
        named = replace(self.scenario, title=path.stem) if named_by_file else self.scenario
        write_scenario(path, named)
        self._histories[self.year] = replace(self.history, present=named).kept(path)
        self._keep_draft()

    def saved(self) -> list[Saved]:
        """The year's scenarios that lie where the explorer saves them, and where one was loaded from or saved to.

        Files that are no scenario of the year are passed over: they are not what one chooses from.
        """
        paths = sorted(each for kind in ("*.yaml", "*.yml") for each in self.folder.glob(kind) if each.name[0] != ".")
        elsewhere = self.history.path
        if elsewhere is not None and elsewhere.is_file() and elsewhere.resolve() not in {p.resolve() for p in paths}:
            paths.append(elsewhere)
        found = []
        for path in paths:
            try:
                scenario = read_scenario(path)
            except (ScenarioError, OSError):
                continue
            if scenario.year == self.year:
                titled = scenario.title and scenario.title != path.stem
                found.append(Saved(f"{path.stem}{f'（{scenario.title}）' if titled else ''}", path))
        return found

    def of_file(self, path: Path) -> tuple[Scenario, Supposed]:
        """A file's scenario in effect, beside the one in force; ScenarioError where it cannot be used."""
        scenario = read_scenario(path)
        if scenario.year != self.year:
            raise ScenarioError(
                f"{path} 是 {year_said(scenario.year)}的方案，现在是 {year_said(self.year)}；请先换过去"
            )
        scenario = with_ids(scenario, self.base.intake)
        return scenario, self._suppose(scenario)

    def load(self, path: Path) -> list[str]:
        """A file's scenario as the next step; ScenarioError where it cannot be used. Returns what is to be said."""
        scenario, found = self.of_file(path)
        self._step(self.history.to(scenario).kept(path))
        return [finding.message for finding in found.intake.findings if finding.code == STALE]

    def _draft(self) -> Path:
        return self.folder / f".草稿-{self.year}.yaml"

    def _keep_draft(self) -> None:
        """What is not in a file yet survives a closed notebook; a disk that refuses is no reason to stop."""
        path = self._draft()
        try:
            if self.history.unsaved:
                write_scenario(path, self.scenario)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            self.restored = f"草稿没有写成（{error.strerror or error}）：请及时保存方案"

    def _with_draft(self, history: History) -> History:
        """The unsaved changes of last time, as a step that can be undone."""
        path = self.folder / f".草稿-{history.present.year}.yaml"
        if not path.is_file():
            return history
        try:
            scenario = read_scenario(path)
            self._suppose(scenario)
        except (ScenarioError, OSError) as error:
            self.restored = f"上次没有保存的改动已不能使用：{error}"
            return history
        self.restored = f"已接着上次没有保存的 {scenario.size} 处改动；可以撤销"
        return history.to(scenario)


def _base(raw: Path, year: str) -> Base:
    intake = read_year(raw, year)
    if intake.has_errors or intake.data is None:
        errors = [str(finding) for finding in intake.findings if finding.severity == "error"]
        more = f"等 {len(errors)} 处" if len(errors) > 3 else ""
        raise CannotExploreError(
            f"{year_said(year)}的数据有错误，不能评分：{'；'.join(errors[:3])}{more}。请先运行 check"
        )
    before, why = scored_before(year_before(raw, year))
    if why:
        intake = replace(intake, data=replace(intake.data, uncompared=why))
    try:
        return Base(intake, _scored(intake, before), before)
    except UncomputableError as error:
        raise CannotExploreError(f"{year_said(year)}不能评分：{error}") from error


def _scored(intake: Intake, before: ScoreBook | None) -> ScoreBook:
    if intake.data is None or intake.scheme is None or intake.policies is None:
        raise NotScorableError(intake.year, intake.findings, intake.missing)
    return score_data(intake.scheme, intake.policies, intake.data, provisional=bool(intake.missing), before=before)
