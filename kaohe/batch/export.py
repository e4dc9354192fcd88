"""From an executed notebook to a page that opens with no network and asks for nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kaohe.files import whole_file

PLOTLY = "application/vnd.plotly.v1+json"
_NO_URLS = dict.fromkeys(
    (
        "mathjax_url",
        "require_js_url",
        "jquery_url",
        "jupyter_widgets_base_url",
        "widget_renderer_url",
        "mermaid_js_url",
        "mermaid_layout_elk_js_url",
    ),
    "",
)


@dataclass(frozen=True)
class Link:
    """A way to another page; `here` marks the page it stands on."""

    text: str
    href: str
    here: bool = False


@dataclass(frozen=True)
class Page:
    """What the template is told besides the notebook's own content."""

    title: str
    links: tuple[Link, ...] = ()
    script: str | None = None  # where plotly.min.js lies, seen from the page; None: a page without charts
    synthetic: bool = False
    provisional: bool = False
    public: bool = False


@cache
def _templates() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("kaohe.batch", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _exporter() -> Any:
    from nbconvert.exporters import HTMLExporter

    return HTMLExporter(
        template_name="basic", exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True,
        embed_images=True, **_NO_URLS,
    )  # fmt: skip


def page_of_notebook(notebook: Any, page: Page) -> str:
    """The notebook's words, tables and figures as one page; code is left out."""
    charts = _figures_to_divisions(notebook)
    body, _ = _exporter().from_notebook_node(notebook)
    return page_of_body(body, page, charts=charts)


def page_of_body(body: str, page: Page, *, charts: Sequence[str] = ()) -> str:
    """A page around ready HTML; `charts` are the figures' JSON for its divisions chart-0, chart-1 …"""
    text: str = _templates().get_template("page.html.j2").render(page=page, body=body, charts=charts)
    return text


def page_of_template(name: str, page: Page, **content: Any) -> str:
    """A page whose body is a template of its own."""
    return page_of_body(_templates().get_template(name).render(**content), page)


def _figures_to_divisions(notebook: Any) -> list[str]:
    """Replace each plotly output by a division that the page's script draws into; the figures as JSON.

    The JSON stands beside the notebook's HTML, which nbconvert parses and writes anew.
    """
    figures: list[str] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if PLOTLY not in data:
                continue
            figure = data[PLOTLY]
            height = int(figure.get("layout", {}).get("height", 450))
            number = len(figures)
            content = {name: figure.get(name) for name in ("data", "layout", "config")}
            figures.append(json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))
            data.clear()
            data["text/html"] = f'<div class="chart" id="chart-{number}" style="height:{height}px"></div>'
    return figures


def plotly_script() -> Path:
    """plotly.py's own plotly.min.js, which knows every trace type of its figures."""
    return Path(str(files("plotly") / "package_data" / "plotly.min.js"))


def share_script(folder: Path) -> Path:
    """One copy of plotly.min.js for all pages of a site."""
    target = folder / "plotly.min.js"
    source = plotly_script()
    if not target.is_file() or target.stat().st_size != source.stat().st_size:
        with whole_file(target) as part:
            shutil.copyfile(source, part)
    return target
