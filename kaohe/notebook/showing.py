"""Figures and tables as a notebook's outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import plotly.graph_objs as go

PLOTLY = "application/vnd.plotly.v1+json"


def show(figure: go.Figure, *, open_table: bool = False) -> None:
    """A figure as plotly's MIME bundle, which JupyterLab draws and the export turns into a division.

    The table behind it follows, folded unless `open_table`.
    """
    from IPython.display import publish_display_data

    from kaohe.charts.html import Html, behind
    from kaohe.charts.style import CONFIG, picture_config, table_of, text_of

    drawn = figure.to_plotly_json()
    drawn["layout"]["meta"] = {name: value for name, value in drawn["layout"]["meta"].items() if name != "table"}
    config = {**CONFIG, **picture_config(str(drawn["layout"]["meta"].get("title", "")))}
    publish_display_data({PLOTLY: {**drawn, "config": config}, "text/plain": text_of(figure)})
    show_html(behind(Html(table_of(figure)), opened=open_table))


def show_html(html: str) -> None:
    """Ready HTML: a table, sentences, a heading."""
    from IPython.display import publish_display_data

    if html:
        publish_display_data({"text/html": str(html), "text/plain": ""})
