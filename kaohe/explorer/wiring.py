"""The explorer at work: what an entry, a choice or a button does, and what is shown anew after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kaohe.analysis.scenario import ScenarioError
from kaohe.charts.html import Html, text
from kaohe.explorer import selection as lines
from kaohe.explorer.controls import FieldBox, fill
from kaohe.explorer.evidence import Evidence, evidence_of
from kaohe.explorer.looks import Looks
from kaohe.explorer.moved import moved
from kaohe.explorer.panels import change_line, explanation, headline, note, policy_line
from kaohe.explorer.selection import Selection, settled
from kaohe.explorer.steps import steps
from kaohe.explorer.view import View, display
from kaohe.explorer.workbench import CannotExploreError, Workbench
from kaohe.intake.tables.unitnames import UnitNames
from kaohe.scheme.policies import PolicyError
from kaohe.scheme.years import spoken, years_said

MOST_FOUND = 10
"""Units that are listed where a word is in the names of several."""


class Explorer:
    """A workbench on the screen."""

    def __init__(self, bench: Workbench, unit: str = "") -> None:
        self.bench = bench
        group = bench.book.unit(unit).group if unit and bench.book.has_unit(unit) else ""
        self.at = settled(bench.book, Selection(group, unit))
        self._filling = False
        self._overwrite: Path | None = None
        self._offered: Path | None = None
        self.view = View(self._enter, self._take_back, spoken(bench.year))
        self.looks = Looks(bench, self.view, lambda: self.at)
        self._connect()
        self.show_all()
        self._say(bench.restored)

    def _connect(self) -> None:
        view = self.view
        for control, name in (
            (view.group, "group"), (view.unit, "unit"), (view.component, "component"),
            (view.section, "section"), (view.indicator, "indicator"),
        ):  # fmt: skip
            control.observe(lambda change, name=name: self._choose(name, change["new"]), "value")
        view.find.observe(lambda change: self._find(change["new"]), "value")
        view.year.observe(lambda change: self._choose_year(change["new"]), "value")
        view.rows.observe(lambda _: self._unless_filling(self._show_row), "value")
        view.look.observe(lambda _: self._unless_filling(self._show_new_look), "value")
        for control in (view.other, view.against):
            control.observe(lambda _: self._unless_filling(self._show_chart), "value")
        view.only.observe(lambda change: self._narrow(change["new"]), "value")
        view.stable.on_click(lambda _: self._ask_stability())
        view.steps.observe(lambda change: self._step_to(change["new"]), "value")
        view.undo.on_click(lambda _: self._step("undo"))
        view.redo.on_click(lambda _: self._step("redo"))
        view.reset.on_click(lambda _: self._step("reset"))
        view.save.on_click(lambda _: self._save())
        view.load.on_click(lambda _: self._load())

    def _unless_filling(self, do: Callable[[], None]) -> None:
        if not self._filling:
            do()

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Controls are filled without being taken for somebody's choice."""
        before, self._filling = self._filling, True
        try:
            yield
        finally:
            self._filling = before

    # What a choice does.

    def _choose(self, name: str, value: str | None) -> None:
        if self._filling or value is None:
            return
        self.at = settled(self.bench.book, replace(self.at, **{name: value}))
        self._show_selection()
        if name in ("group", "unit"):
            self._show_chart(anew=True)

    def _find(self, written: str) -> None:
        """To the unit of whatever group that is called so; else to the item of the chosen unit."""
        if self._filling or not written.strip():
            return
        book = self.bench.book
        units = UnitNames((unit.unit_id, unit.name) for unit in book.units)
        found, several = units.meant(written), units.called(written)
        items = lines.items_like(book, self.at.unit, written) if found is None and not several else []
        if found is None and len(items) != 1:
            named = "、".join([*(f"{each} {book.unit(each).name}" for each in several), *(name for name, _ in items)]
                             [:MOST_FOUND])  # fmt: skip
            says = f"“{written}”可以指 {named}，请再写几个字" if named else f"没有叫“{written}”的单位或本单位的指标"
            self._say(says, "wrong")
            return
        with self._quietly():
            self.view.find.value = ""
        self._say("")
        if found is None:
            self.at = lines.at_item(book, self.at, items[0][1])
            self._show_selection()
            return
        self.at = settled(book, replace(self.at, group=book.unit(found).group, unit=found))
        self.show_all()

    def _narrow(self, written: str) -> None:
        """Only units called so in chart and tables; what fits nobody is told, and everybody stays."""
        if self._filling:
            return
        if not lines.with_names_like(self.bench.book, self.at.group, written):
            self._say(f"本组没有名称或编号含“{written.strip()}”的单位，仍列出全部", "wrong")
        elif self.view.message.value:
            self._say("")
        self._show_chart()

    def _ask_stability(self) -> None:
        """Some seconds of work, so only when asked; it is kept, and shown until the data is changed again."""
        if self.bench.known_stability is None:
            self._say("正在重抽样并逐一换读法，约需几秒……")
            self.bench.find_stability()
        self._say("")
        with self._quietly():
            self.view.look.value = "ranking"
        self._show_chart(anew=True)
        self._show_head()

    def _choose_year(self, year: str) -> None:
        if self._filling:
            return
        left = self.bench.year
        try:
            self.bench.go_to(year)
        except (CannotExploreError, ScenarioError, PolicyError) as error:
            with self._quietly():
                self.view.year.value = left
            self._say(str(error), "wrong")
            return
        self.at = settled(self.bench.book, replace(self.at, unit=self._same_unit(left, year)))
        self.show_all()
        unsaved = [each for each in self.bench.unsaved_years if each != year]
        kept = f"{years_said(unsaved)}没有保存的改动都保留着，换回去可以继续" if unsaved else ""
        self._say(self.bench.restored or kept)

    def _same_unit(self, left: str, year: str) -> str:
        """The chosen unit in another year, under whatever id it has there."""
        try:
            found = self.bench.traced(self.at.unit, left, year)
        except (CannotExploreError, ScenarioError):
            return self.at.unit
        return found[0].unit_id if found else self.at.unit

    # What an entry does.

    def _enter(self, box: FieldBox, entry: str) -> None:
        assert box.field
        try:
            self.bench.try_out(box.field.entered(self.bench.scenario, entry))
        except (ScenarioError, PolicyError) as error:
            box.refuse(str(error).splitlines()[0])
            return
        box.accept()
        self.show_all()
        self._say(self.bench.restored)

    def _take_back(self, place: int) -> None:
        scenario = self.bench.scenario
        names = list(scenario.policies)
        if place < len(names):
            fewer = scenario.with_policy(names[place], None)
        else:
            fewer = scenario.without(scenario.changes[place - len(names)])
        try:
            self.bench.try_out(fewer)
        except ScenarioError as error:
            self._say(f"不能单独撤回这一处：{error}", "wrong")
            return
        self.show_all()
        self._say("已撤回这一处改动")

    def _step(self, what: str) -> None:
        before = self.bench.scenario
        getattr(self.bench, what)()
        words = {"undo": "没有可以撤销的改动", "redo": "没有可以重做的改动", "reset": "没有改动，已是真实数据"}
        if self.bench.scenario == before:
            self._say(words[what])
            return
        self.show_all()
        self._say("已回到真实数据；按“撤销”可以取回改动" if what == "reset" else "")

    def _step_to(self, place: str | None) -> None:
        if self._filling or place is None or int(place) == self.bench.history.place:
            return
        self.bench.step_to(int(place))
        self.show_all()
        self._say("已回到这一步；后面的步骤还在，可以重做")

    def _save(self) -> None:
        path = self._path()
        if path is None:
            return
        try:
            self.bench.save(path, overwrite=self._overwrite == path)
        except FileExistsError:
            self._overwrite = path
            self._say(f"{path} 已存在，不是这次的方案；再按一次“保存”即覆盖它", "wrong")
            return
        except (CannotExploreError, OSError) as error:
            self._say(str(error), "wrong")
            return
        self._overwrite = None
        self._show_bar()
        self._show_steps()
        if self.view.look.value == "scenarios":
            self._show_chart(anew=True)
        self._say(f"已保存 {self.bench.scenario.size} 处改动到 {path}；也可用 kaohe score {self.bench.year} --scenario")

    def _load(self) -> None:
        path = self._path()
        if path is None:
            return
        if not path.is_file():
            self._say(f"找不到方案文件 {path}", "wrong")
            return
        try:
            stale = self.bench.load(path)
        except (ScenarioError, OSError) as error:
            self._say(str(error), "wrong")
            return
        self.show_all()
        self._say("；".join([f"已载入 {self.bench.scenario.size} 处改动；按“撤销”回到载入之前", *stale]))

    def _path(self) -> Path | None:
        written = self.view.path.value.strip()
        if not written:
            self._say("请先写明方案文件", "wrong")
            return None
        return Path(written)

    # What is shown.

    def show_all(self) -> None:
        """Everything anew, the chart first: it is what one looks at."""
        self._show_chart(anew=True)
        self.at = settled(self.bench.book, self.at)
        self._show_bar()
        self._show_selection()
        self._show_changes()

    def _say(self, words: str, kind: str = "") -> None:
        self.bench.restored = ""
        self.view.show_html(self.view.message, note(words, kind))

    def _show_bar(self) -> None:
        view, bench, history = self.view, self.bench, self.bench.history
        with self._quietly():
            fill(view.year, [(year, year) for year in bench.years], bench.year)
            groups = [(info.name, key) for key, info in bench.book.groups.items() if bench.book.ranking(key)]
            fill(view.group, groups, self.at.group)
            fill(view.unit, lines.units(bench.book, self.at.group), self.at.unit)
            view.undo.description = f"撤销（{len(history.past)}）" if history.past else "撤销"
            view.redo.description = f"重做（{len(history.future)}）" if history.future else "重做"
            view.save.button_style = "warning" if history.unsaved else ""
            if bench.default_path() != self._offered:  # what somebody has typed stays until then
                self._offered = bench.default_path()
                view.path.value = self._offered.as_posix()

    def _show_selection(self) -> None:
        view, at, book, real = self.view, self.at, self.bench.book, self.bench.base.book
        with self._quietly():
            fill(view.group, view.group.options, at.group)
            fill(view.unit, lines.units(book, at.group), at.unit)
            known = (*(f"{unit.unit_id} {unit.name}" for unit in book.units), *dict(lines.items(book, at.unit)))
            if view.find.options != known:
                view.find.options = known
            fill(view.component, lines.components(real, book, at.unit), at.component)
            sections = lines.sections(real, book, at.unit, at.component)
            display(view.drill, bool(sections))
            if sections:
                fill(view.section, sections, at.section)
                fill(view.indicator, lines.indicators(real, book, at.unit, at.section), at.indicator)
        self._show_head()
        self._show_evidence()
        view.show_html(view.why, explanation(self.bench, at))

    def _show_head(self) -> None:
        self.view.show_html(self.view.head, headline(self.bench, self.at))

    def _show_evidence(self) -> None:
        view, at = self.view, self.at
        self._found = evidence_of(
            self.bench.base, self.bench.scenario, at.unit, at.component, at.indicator or None
        )  # fmt: skip
        view.show_html(view.evidence, _evidence_title(self._found))
        view.fields.show(self._found.fields)
        display(view.policies_title, bool(self._found.policies))
        view.policies.show(self._found.policies)
        self._show_rows()

    def _show_rows(self) -> None:
        view, rows = self.view, self._found.rows
        display(view.rows, bool(rows))
        with self._quietly():
            if rows:
                options = [(f"{place}. {label}", str(place)) for place, (label, _) in enumerate(rows, 1)]
                same = self._rows_of == (self.at.unit, self.at.indicator) and view.rows.value in dict(options).values()
                fill(view.rows, options, view.rows.value if same else "1")
        self._rows_of = (self.at.unit, self.at.indicator)
        self._show_row()

    _rows_of: tuple[str, str] = ("", "")
    _found: Evidence

    def _show_row(self) -> None:
        rows = self._found.rows
        chosen = int(self.view.rows.value) - 1 if rows and self.view.rows.value else 0
        self.view.row_fields.show(rows[chosen][1] if rows else ())

    def _show_changes(self) -> None:
        bench, view = self.bench, self.view
        said = [policy_line(name, bench) for name in bench.scenario.policies]
        said += [change_line(change, bench) for change in bench.scenario.changes]
        view.changes.show(said)
        self._show_steps()
        shifts = bench.supposed.shifts
        if not said:
            view.show_html(view.moved, note("还没有改动。在右边选一项指标，改它的数据、评分或读法。"))
            return
        view.show_html(view.moved, moved(bench.base.book, bench.book, shifts, unit=self.at.unit))

    def _show_steps(self) -> None:
        view, history = self.view, self.bench.history
        for each in (view.steps_title, view.steps):
            display(each, len(history.steps) > 1)
        with self._quietly():
            fill(view.steps, steps(self.bench), str(history.place))

    def _show_chart(self, *, anew: bool = False) -> None:
        with self._quietly():
            self.looks.show(anew=anew)

    def _show_new_look(self) -> None:
        self._show_chart(anew=True)


def _evidence_title(found: Evidence) -> Html:
    empty_note = "" if found.fields or found.rows else note("没有可以改动的数据：本单位没有报来这一项的记录。")
    return Html(f'<h4 class="kh">{text(found.title)}</h4>{empty_note}') if found.title else Html("")
