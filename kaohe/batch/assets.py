"""The style and scripts of all pages: one copy beside a site's pages, or inside a page that stands alone."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from functools import cache
from pathlib import Path

from kaohe.batch.packing import packed, whole
from kaohe.files.sets import Stage

WEB = Path(__file__).with_name("web")
TEMPLATES = Path(__file__).with_name("templates")
PAPER = {"width": 900, "row": 0.64, "least": 150, "height": 860}
"""A figure on an A4 sheet: drawn so wide, its rows so much lower than on a screen (not below `least` pixels together,
nor higher than `height`), and set at three quarters of its size by print.css: two or three find room on a sheet."""


@cache
def style() -> str:
    """The classes of tables and sentences, the shell, and what is otherwise on paper."""
    from kaohe.charts.html import STYLE

    sheets = ("page.css", "index.css", "way.css", "print.css", "brief.css")
    return bare_style(_in_letters("\n".join([STYLE.read_text(encoding="utf-8"), *map(web, sheets)])))


def bare_style(css: str) -> str:
    """Without comments and the spaces that are for whoever writes it."""
    css = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(": ", ":").replace("}", "}\n").strip()


def bare_script(js: str) -> str:
    """Without lines of comment and the spaces before the others."""
    return "".join(f"{said}\n" for line in js.splitlines() if (said := line.strip()) and not said.startswith("//"))


_LENGTH = re.compile(r"(@media[^{]*\{)|(?<![\w.#-])(\d+(?:\.\d+)?)px")
THINNEST = 3
"""Pixels; a line below it stays as thin whatever the letters are."""


def _in_letters(css: str) -> str:
    """Lengths in px as parts of the root's letter (16 px), so that the switch for a projector and a reader's own size
    of letters enlarge everything together; where a page breaks (`@media`) stays in px."""

    def said(found: re.Match[str]) -> str:
        if found[1] or float(found[2]) < THINNEST:
            return found[0]
        return f"{float(found[2]) / 16:.5g}rem"

    return _LENGTH.sub(said, css)


@cache
def script(*, charts: bool = True) -> str:
    """What pages do; `charts` False: a page without figures."""
    parts = [web(f"{name}.js") for name in ("unpack", "theme", "way", "jump", "tables", "paper")]
    if charts:
        from kaohe.charts.locale import LOCALE
        from kaohe.charts.night import NIGHT
        from kaohe.charts.style import CONFIG, TEMPLATE

        known = {"night": NIGHT, "template": TEMPLATE, "config": CONFIG, "paper": PAPER, "locale": LOCALE}
        parts += [f"const KAOHE = {json.dumps(known, ensure_ascii=False)};\n", web("figures.js")]
    return bare_script("".join(parts))


def first_script() -> str:
    """What has to run before the page is painted."""
    return web("first.js")


@cache
def web(name: str) -> str:
    return (WEB / name).read_text(encoding="utf-8")


def plotly_script() -> Path:
    """plotly.js with the trace types of the pages alone: a quarter of plotly.py's own, which knows fifty and maps.

    `tools/plotly` makes it.
    """
    return WEB / "plotly.min.js"


@cache
def packed_plotly() -> str:
    """plotly.min.js for a page that carries its own, half a megabyte; unpack.js unpacks it."""
    return packed(plotly_script().read_bytes())


def unpacked(html: str, page: Path) -> str:
    """A page with all it holds packed in its place, and plotly as a plain script: it is drawn when it is loaded, which
    a printer waits for. What it shares is found where `page` lies."""
    within = f'<script type="text/plain" id="plotly">{packed_plotly()}</script>'
    plain = f'<script src="{plotly_script().as_uri()}"></script>'
    found = whole(html).replace(within, plain)
    return html if found == html else found.replace("<head>", f'<head>\n<base href="{page.as_uri()}">', 1)


def share_assets(stage: Stage) -> None:
    """One copy of style, scripts and plotly.min.js for all pages of a site; what is current stays untouched."""
    for name, text in (("assets/kaohe.css", style()), ("assets/kaohe.js", script())):
        target = stage.folder / name
        if not target.is_file() or target.read_text(encoding="utf-8", errors="replace") != text:
            stage.write(name, text)
    source, target = plotly_script(), stage.folder / "assets" / "plotly.min.js"
    if not target.is_file() or target.read_bytes() != source.read_bytes():
        shutil.copyfile(source, stage.path("assets/plotly.min.js"))


@cache
def look() -> str:
    """A hash over everything that turns an executed notebook into a page and is no Python."""
    digest = hashlib.sha256(script().encode() + style().encode())
    for path in sorted([*TEMPLATES.iterdir(), *WEB.iterdir()]):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
