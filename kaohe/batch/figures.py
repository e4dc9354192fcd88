"""From plotly's bundle in a notebook to a figure of a page: words as HTML, the drawing as small JSON."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaohe.charts.html import Html, behind

PLOTLY = "application/vnd.plotly.v1+json"
DRAWN = frozenset({"scatter", "bar", "heatmap", "waterfall"})
"""Trace types that the pages' script knows; another takes a line of `tools/plotly/pages.js`."""
DIGITS = 6
"""Significant digits of a drawn number: a hundredth of a pixel on any screen."""


LONG, REFERENCE = 24, "␟"
"""Texts of so many characters are written once; elsewhere stands their number after this sign."""


@dataclass(frozen=True)
class Chart:
    """A figure of a page: the HTML it stands in, and the JSON the page's script draws from."""

    division: str
    source: str


def chart(
    figure: Mapping[str, Any], number: int, pages: Mapping[str, str] | None = None, *, with_table: bool = False
) -> Chart:
    """The page's `number`th figure. Its drawn title becomes HTML, which wraps as the window does.

    `pages`: unit → where its page lies, for the labels of rows. `with_table`: the figures behind the drawing follow,
    folded, as they do in a notebook.
    """
    layout = dict(figure.get("layout", {}))
    meta = layout.pop("meta", None) or {}
    words = ""
    if meta.get("title"):
        layout = _without_title(layout, int(meta.get("head", 0)))
        words = _caption(meta["title"], meta.get("says", ""), meta.get("marks", ()))
    layout.setdefault("height", 450)
    if layout.get("template") == _template():
        layout["template"] = "kaohe"  # the script knows it
    unknown = {trace.get("type", "scatter") for trace in figure.get("data", ())} - DRAWN
    if unknown:
        raise ValueError(f"网页的画图脚本不会画 {'、'.join(sorted(unknown))}；见 tools/plotly")
    traces = [{name: value for name, value in trace.items() if name != "meta"} for trace in figure.get("data", ())]
    data, texts = _told_once(traces)
    links = [(pages or {}).get(unit, "") for unit in meta.get("rows") or ()]
    content = {
        "data": data,
        "layout": layout,
        "narrow": meta.get("narrow") or {},
        "texts": texts,
        **({"links": links} if any(links) else {}),
    }
    about = html.escape(meta.get("text") or "图表")
    division = (
        f'<figure class="kh-figure">{words}<div class="chart" id="chart-{number}"'
        f' role="{"group" if any(links) else "img"}" aria-label="{about}"'
        f' style="height:{layout["height"]}px"></div></figure>'
    )
    if with_table and meta.get("table"):
        division += behind(Html(meta["table"]))
    return Chart(division, compact(content))


def scripts_of(charts: Sequence[Chart]) -> str:
    """The figures' JSON as a page holds it, each for the division of its number."""
    return "".join(
        f'<script type="application/json" data-chart="chart-{number}">{chart.source}</script>\n'
        for number, chart in enumerate(charts)
    )


def compact(content: Any) -> str:
    """JSON with no digit, space or repetition that a drawing needs not; it cannot end the script it stands in."""
    text = json.dumps(_rounded(content), ensure_ascii=False, separators=(",", ":"))
    return (
        text.replace("</", "<\\/").replace("<!", "\\u003c!").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )


def _told_once(traces: Any) -> tuple[Any, list[str]]:
    """The traces with each long text that returns replaced by its number among the texts: hovers mostly."""
    counts = Counter(text for text in _texts(traces) if len(text) >= LONG)
    texts = [text for text, count in counts.items() if count > 1]
    numbers = {text: f"{REFERENCE}{number}" for number, text in enumerate(texts)}
    return _replaced(traces, numbers), texts


def untold(content: Any, texts: Sequence[str]) -> Any:
    """The traces with each text back in its places."""
    if isinstance(content, str):
        return texts[int(content[1:])] if content.startswith(REFERENCE) else content
    if isinstance(content, Mapping):
        return {name: untold(value, texts) for name, value in content.items()}
    return [untold(value, texts) for value in content] if isinstance(content, list) else content


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _texts(value)


def _replaced(content: Any, numbers: Mapping[str, str]) -> Any:
    if isinstance(content, str):
        return numbers.get(content, content)
    if isinstance(content, Mapping):
        return {name: _replaced(value, numbers) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_replaced(value, numbers) for value in content]
    return content


def _without_title(layout: dict[str, Any], head: int) -> dict[str, Any]:
    margin = dict(layout.get("margin", {}))
    margin["t"] = max(8, margin.get("t", 84) - head)
    height = layout.get("height", 450) - head
    return {**{name: value for name, value in layout.items() if name != "title"}, "margin": margin, "height": height}


def _caption(title: str, says: str, marks: Sequence[str]) -> str:
    under = html.escape("　".join(part for part in (*marks, says) if part))
    return f"<figcaption><strong>{html.escape(title)}</strong>{f'<span>{under}</span>' if under else ''}</figcaption>"


def _template() -> Any:
    from kaohe.charts.style import TEMPLATE

    return TEMPLATE


def _rounded(content: Any) -> Any:
    if isinstance(content, float):
        short = float(f"{content:.{DIGITS}g}")
        return int(short) if short.is_integer() else short
    if isinstance(content, Mapping):
        return {name: _rounded(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_rounded(value) for value in content]
    return content
