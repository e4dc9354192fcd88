"""Imported before kernels are forked: whatever our notebooks import, with the first figure of every kind drawn.

Nothing of any year is read here: a kernel starts with modules alone.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

import plotly.graph_objects as go

import kaohe.charts
from kaohe.charts.style import TEMPLATE

TRACES = (go.Bar, go.Scatter, go.Heatmap, go.Waterfall)


def warm() -> None:
    """Import the charts and build a figure of each trace, whose classes plotly makes when they are first used."""
    for module in pkgutil.iter_modules(kaohe.charts.__path__, "kaohe.charts."):
        import_module(module.name)
    import_module("kaohe.scoring.bookfile")
    looks = {"marker": {"line": {"width": 1}}, "textfont": {"size": 12}, "hovertext": ["甲"]}
    traces = [trace() for trace in TRACES] + [go.Bar(looks), go.Scatter(looks, line={"width": 1})]
    line = {"type": "line", "x0": 0, "x1": 1, "line": {"width": 1}}
    figure = go.Figure(traces, {"template": TEMPLATE, "shapes": [line], "annotations": [{"text": "甲"}]})
    figure.update_layout(TEMPLATE["layout"], meta={"title": "甲"})
    figure.to_plotly_json()


warm()
