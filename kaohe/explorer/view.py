"""The explorer's widgets and how they are laid out; what they do is wired in `kaohe.explorer.wiring`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from kaohe.charts.html import Html, styles
from kaohe.explorer.controls import FieldBox, Fields, Lines
from kaohe.explorer.evidence import TOTAL
from kaohe.scheme.years import Spoken

PLOTLY = "application/vnd.plotly.v1+json"


class View:
    """Controls from the top left to the bottom right, which is also the order of the Tab key."""

    def __init__(self, enter: Callable[[FieldBox, str], None], take_back: Callable[[int], None], said: Spoken) -> None:
        looks = (
            ("试算后的名次", "ranking"), ("与另一单位对比", "unit"), (f"与另一{said.one}对比", "year"),
            ("两个方案对比", "scenarios"),
        )  # fmt: skip
        self.year = _dropdown(said.one, "4em")
        self.group = _dropdown("组别", "3.2em")
        self.unit = _dropdown("单位", "3.2em")
        self.find = widgets.Combobox(placeholder="找单位或指标：名称、简称或编号", continuous_update=False)
        self.undo = _button("撤销", "undo", "撤销上一处改动")
        self.redo = _button("重做", "repeat", "重做撤销的改动")
        self.reset = _button("全部还原", "times", "回到真实数据；可以撤销")
        self.path = widgets.Text(description="方案文件", continuous_update=False, style={"description_width": "5em"})
        self.save = _button("保存", "save", "把改动存成方案文件")
        self.load = _button("载入", "folder-open", "载入方案文件")
        self.message = widgets.HTML()
        self.head = widgets.HTML()
        self.look = widgets.ToggleButtons(options=looks, description="看什么", style={"description_width": "4em"})
        self.against = _dropdown("方案", "3.2em")
        self.other = _dropdown("对比对象", "5em")
        self.only = widgets.Text(
            description="只看", placeholder="名称或编号含…的单位", continuous_update=False,
            style={"description_width": "3.2em"},
        )  # fmt: skip
        self.stable = _button("名次有多稳", "balance-scale", "重抽样的名次区间和会改变它的读法，约需几秒")
        self.chart = widgets.Output()
        self.chart.add_class("kh-x-chart")
        self.beneath = widgets.HTML()
        self.behind = widgets.HTML()
        self.steps_title = widgets.HTML("<h4>步骤（选一步即回到那里）</h4>")
        self.steps = _select("步骤", 5)
        self.changes = Lines(take_back)
        self.moved = widgets.HTML()
        self.component = widgets.ToggleButtons(options=[("总分", TOTAL)], description="部分")
        self.section = _select("标题", 9)
        self.indicator = _select("指标", 9)
        self.evidence = widgets.HTML()
        self.fields, self.row_fields, self.policies = Fields(enter), Fields(enter), Fields(enter)
        self.rows = _select("成果与事件", 6)
        self.policies_title = widgets.HTML("<h4>采用的读法</h4>")
        self.why = widgets.HTML()
        self.root = self._laid_out()

    def _laid_out(self) -> widgets.VBox:
        where = _box(widgets.HBox, "kh-x-where", self.year, self.group, self.unit, self.find)
        steps = _box(widgets.HBox, "kh-x-steps", self.undo, self.redo, self.reset)
        file = _box(widgets.HBox, "kh-x-file", self.path, self.save, self.load)
        top = _box(widgets.HBox, "kh-x-top", where, steps, file)
        self.drill = _box(widgets.HBox, "kh-x-drill", self.section, self.indicator)
        detail = _box(
            widgets.VBox, "kh-x-detail", self.evidence, self.fields.box, self.rows, self.row_fields.box,
            self.why, self.policies_title, self.policies.box,
        )  # fmt: skip
        right = _box(widgets.VBox, "kh-x-right-side", self.component, self.drill, detail)
        look = _box(widgets.HBox, "kh-x-look", self.look, self.against, self.other, self.only, self.stable)
        steps = _box(widgets.VBox, "kh-x-history", self.steps_title, self.steps)
        left = _box(
            widgets.VBox, "kh-x-left-side", look, self.chart, self.beneath, self.behind,
            widgets.HTML("<h4>改动清单</h4>"), self.changes.box, self.moved, steps,
        )  # fmt: skip
        main = _box(widgets.HBox, "kh-x-main", left, right)
        css = Path(__file__).with_name("explorer.css").read_text(encoding="utf-8")
        look_of_it = widgets.HTML(f"{styles()}<style>\n{css}</style>")
        return _box(widgets.VBox, "kh-x", look_of_it, top, self.message, self.head, main)

    def draw(self, bundle: dict[str, Any]) -> None:
        """A figure in the place of the last: one message, no clearing in between, no jump of what is below."""
        height = f"{bundle[PLOTLY]['layout']['height'] + 2}px"
        if self.chart.layout.height != height:
            self.chart.layout.height = height
        self.chart.outputs = ({"output_type": "display_data", "data": bundle, "metadata": {}},)

    def show_html(self, where: widgets.HTML, html: Html | str) -> None:
        """What is the same is not sent again; what is empty takes no room."""
        if where.value != str(html):
            where.value = str(html)
        display(where, bool(html))


def display(widget: widgets.Widget, shown: bool) -> None:
    widget.layout.display = None if shown else "none"


def _dropdown(label: str, width: str) -> widgets.Dropdown:
    return widgets.Dropdown(options=[("", "")], description=label, style={"description_width": width})


def _select(label: str, rows: int) -> widgets.Select:
    found = widgets.Select(options=[("", "")], description=label, rows=rows)
    found.add_class("kh-x-select")
    return found


def _button(label: str, icon: str, tooltip: str) -> widgets.Button:
    return widgets.Button(description=label, icon=icon, tooltip=tooltip)


def _box(kind: type, name: str, *children: widgets.Widget) -> Any:
    box = kind(list(children))
    box.add_class(name)
    return box
