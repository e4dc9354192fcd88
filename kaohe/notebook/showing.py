"""Figures and tables as a notebook's outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import plotly.graph_objs as go

PLOTLY = "application/vnd.plotly.v1+json"


def show(figure: go.Figure) -> None:
    """A figure as plotly's MIME bundle, which JupyterLab draws and the export turns into a division."""
    from IPython.display import publish_display_data

    from kaohe.charts.style import CONFIG, text_of

    publish_display_data({PLOTLY: {**figure.to_plotly_json(), "config": CONFIG}, "text/plain": text_of(figure)})


def show_html(html: str) -> None:
    """Ready HTML: a table, sentences, a heading."""
    from IPython.display import publish_display_data

    if html:
        publish_display_data({"text/html": str(html), "text/plain": ""})
