"""The explorer's own widgets: a field with its message underneath, and a line of the list of changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from kaohe.charts.html import Html
from kaohe.explorer.evidence import Field
from kaohe.explorer.panels import note


class FieldBox:
    """One field: a text box or a list, and under it what is to be said. Committed by Enter or by leaving it."""

    def __init__(self, enter: Callable[[FieldBox, str], None]) -> None:
        style = {"description_width": "13.5em"}
        self._text = widgets.Text(continuous_update=False, style=style)
        self._choice = widgets.Dropdown(options=[("", "")], style=style)
        self._says = widgets.HTML()
        self.box = widgets.VBox([self._text, self._says])
        self.box.add_class("kh-x-field")
        self.field: Field | None = None
        self._wrong = ""
        self._filling = False
        for control in (self._text, self._choice):
            control.observe(lambda change: None if self._filling else enter(self, str(change["new"])), "value")

    def show(self, field: Field) -> None:
        """The field as it is in force; an entry that was refused stays until another is made."""
        same = self.field is not None and self.field.change.address == field.change.address
        self.field = field
        if same and self._wrong:
            return
        self._wrong = ""
        self._filling = True
        control = self._choice if field.choices else self._text
        control.description, control.tooltip = field.label, field.hint or field.label
        if field.choices:
            if tuple(self._choice.options) != field.choices:
                self._choice.options = field.choices
            self._choice.value = field.text
        else:
            self._text.value = field.text
        if self.box.children[0] is not control:
            self.box.children = (control, self._says)
        self._filling = False
        self._tell(f"✎ 已改，真实数据为 {_shown(field)}" if field.changed else "", "changed" if field.changed else "")

    def refuse(self, message: str) -> None:
        """Say why the entry does not count; what was in force stays in force."""
        assert self.field
        self._wrong = message
        self._tell(f"✕ {message}；仍按 {self.field.text or '空'} 计算", "wrong")

    def accept(self) -> None:
        self._wrong = ""

    def _tell(self, words: str, kind: str) -> None:
        self._says.value = note(words, kind)
        self._says.layout.display = "" if words else "none"
        for name in ("changed", "wrong"):
            if name == kind:
                self.box.add_class(f"kh-x-is-{name}")
            else:
                self.box.remove_class(f"kh-x-is-{name}")


def _shown(field: Field) -> str:
    words = {value: label for label, value in field.choices}
    return words.get(field.real, field.real) or "空"


class Fields:
    """A column of fields; boxes are made once and used again."""

    def __init__(self, enter: Callable[[FieldBox, str], None]) -> None:
        self._enter = enter
        self._pool: list[FieldBox] = []
        self.box = widgets.VBox()
        self.box.add_class("kh-x-fields")

    def show(self, fields: Sequence[Field]) -> None:
        while len(self._pool) < len(fields):
            self._pool.append(FieldBox(self._enter))
        for box, field in zip(self._pool, fields, strict=False):
            box.show(field)
        children = tuple(box.box for box in self._pool[: len(fields)])
        if self.box.children != children:
            self.box.children = children


class Lines:
    """A list of lines, each with a button that takes it back."""

    def __init__(self, take_back: Callable[[int], None], most: int = 8) -> None:
        self._take_back, self._most = take_back, most
        self._pool: list[tuple[widgets.HBox, widgets.HTML, widgets.Button]] = []
        self._more = widgets.HTML()
        self.box = widgets.VBox()
        self.box.add_class("kh-x-lines")

    def show(self, lines: Sequence[Html]) -> None:
        """The last lines; the others are counted."""
        shown = list(enumerate(lines))[-self._most :]
        while len(self._pool) < len(shown):
            self._pool.append(self._line(len(self._pool)))
        self._places = [place for place, _ in shown]
        for (_, says, button), (place, line) in zip(self._pool, shown, strict=False):
            says.value, button.tooltip = line, f"撤回第 {place + 1} 处改动"
        self._more.value = note(f"前面还有 {len(lines) - len(shown)} 处改动" if len(lines) > len(shown) else "")
        children = (self._more, *(box for box, _, _ in self._pool[: len(shown)]))
        if self.box.children != children:
            self.box.children = children

    def _line(self, row: int) -> tuple[widgets.HBox, widgets.HTML, widgets.Button]:
        says = widgets.HTML(layout={"flex": "1 1 auto"})
        button = widgets.Button(description="撤回")
        button.on_click(lambda _: self._take_back(self._places[row]))
        return widgets.HBox([says, button]), says, button


def fill(control: widgets.Widget, options: Sequence[tuple[str, str]], value: str) -> None:
    """Options and the chosen one, together; what is the same is not sent again."""
    if tuple(control.options) != tuple(options):
        control.options = options
    if control.value != value:
        control.value = value
