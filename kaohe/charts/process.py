"""The year's procedure on its page: which steps are done, by whom and when; what was set apart for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaohe.analysis.process import StepState
from kaohe.charts.html import Html, badge, bullets, join, small, table


def steps_table(steps: Sequence[StepState]) -> Html:
    """A row a step."""
    rows = [
        [
            join([f"{place}. {step.name}", small(step.clause)], " "),
            badge("已完成", "best") if step.done else badge("未完成", "open"),
            step.by,
            step.on or "–",
            step.says,
        ]
        for place, step in enumerate(steps, start=1)
    ]
    return table(["步骤", "状态", "由谁", "日期", "情况"], rows, sortable=False, empty="方案没有写考核程序。")


def amounts_list(amounts: Mapping[str, str], names: Mapping[str, str]) -> Html:
    """The amounts the year sets, by what the scheme says they are for; empty where it sets none."""
    return bullets([f"{names.get(name, name)}：{said}" for name, said in amounts.items()])
