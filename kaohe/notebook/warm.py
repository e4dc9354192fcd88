"""Imported before kernels are forked: whatever our notebooks import, with the first figure of every kind drawn.

Nothing of any year is read here: a kernel starts with modules alone.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

import plotly.graph_objects as go

import kaohe.charts

TRACES = (go.Bar, go.Scatter, go.Heatmap, go.Waterfall)


def warm() -> None:
    """Import the charts and build a figure of each trace, whose classes plotly makes when they are first used."""
    for module in pkgutil.iter_modules(kaohe.charts.__path__, "kaohe.charts."):
        import_module(module.name)
    import_module("kaohe.scoring.bookfile")
    go.Figure([trace() for trace in TRACES]).to_plotly_json()


warm()
