"""From an executed notebook to a page that opens with no network and asks for nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypedDict

from kaohe.batch import assets
from kaohe.batch.contents import FEWEST, name_parts, with_parts
from kaohe.batch.figures import PLOTLY, Chart, chart, scripts_of
from kaohe.batch.packing import apart
from kaohe.batch.places import NOWHERE, UNIT, Places, led
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.marks import INVENTED, invented

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

_HEAD = re.compile(r"<h1[^>]*>.*?</h1>", re.DOTALL)
_NEEDLESS = re.compile(r"</td>(?=<td|</tr>)|</tr>(?=<tr|</tbody>)")
"""Ends of cells and rows that HTML does without: a fifteenth of a unit's page."""
_FOLD = re.compile(r'<details class="kh kh-behind">.*?(<table.*?</table>).*?</details>', re.DOTALL)


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
    head: str = ""  # over the page, where the notebook's own head is more general
    trail: tuple[Link, ...] = ()  # the way down to this page, itself last
    links: tuple[Link, ...] = ()  # the pages beside it
    beside: tuple[Link, ...] = ()  # of a unit's page: the units before and after it
    others: tuple[Link, ...] = ()  # the same of other years
    search: str = ""  # the script of all that can be found, seen from the page
    found: str = ""  # the same inside the page
    here: str = ""  # this page, seen from the year's folder
    places: Places = NOWHERE  # where what it names has its row
    contents: bool = False  # whether its parts are listed beside it
    mailed: bool = False  # whether it stands alone, without the pages it could lead to
    assets: str | None = None  # the folder of shared style and scripts, seen from the page; None: all inside the page
    synthetic: bool = False
    partly: str = ""  # which of its years are invented, where others are not
    provisional: bool = False
    trial: bool = False
    status_line: str = ""  # open or final, the data's date, the version
    public: bool = False

    @property
    def unit_pages(self) -> dict[str, str]:
        """Unit → its page, as this page leads there."""
        found = () if self.mailed else self.places.every
        return {each.word: self.up + each.href for each in found if each.kind == UNIT}

    def inside(self) -> Page:
        """The same page with style and scripts inside: an index, which needs the pages it leads to."""
        return replace(self, assets=None)

    def alone(self) -> Page:
        """The same page to be mailed: everything inside, no way to pages that will not be there."""
        return replace(self.inside(), trail=(), links=(), beside=(), others=(), search="", found="", mailed=True)

    @property
    def up(self) -> str:
        """From the page to the year's folder."""
        return "../" * self.here.count("/")

    @property
    def standing(self) -> str:
        """The status line as HTML; its ids stay away where room is scarce."""
        first, ids = (escape("　".join(some)) for some in state_and_ids(self.status_line))
        return f'{first}<span class="ids">　{ids}</span>' if ids else first

    def stamp(self, content: str) -> str:
        """Changes when the page's content, its surroundings or the look of all pages does; not with the scoring it
        names (`restated`)."""
        around = replace(self, status_line="")
        return hashlib.sha256(f"{content}\n{around!r}\n{assets.look()}".encode()).hexdigest()[:20]


def state_and_ids(status_line: str) -> tuple[list[str], list[str]]:
    """What a status line says, and the ids that are only of use where somebody can look them up."""
    said = status_line.split("　") if status_line else []
    return said[:2], said[2:]


class Marking(TypedDict):
    """What a page says of the years it is about."""

    synthetic: bool
    partly: str


def marked(books: Iterable[ScoreBook]) -> Marking:
    """The mark of a page on these years: all invented, or which of them are."""
    said = invented(*books)
    return {"synthetic": said == INVENTED, "partly": "" if said == INVENTED else said}


@cache
def _templates() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("kaohe.batch", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["year_said"] = year_said
    return found


@cache
def _exporter() -> Any:
    from nbconvert.exporters import HTMLExporter
    from nbconvert.exporters.templateexporter import TemplateExporter
    from nbconvert.filters import Highlight2HTML

    class AsItIs(HTMLExporter):
        """Without the exporter's last step, which parses its own HTML and writes it anew for frames that our template
        has not: half of the time a page takes."""

        def from_notebook_node(  # type: ignore[override]
            self, nb: Any, resources: Any = None, **kw: Any
        ) -> tuple[str, dict[str, Any]]:
            self.register_filter("highlight_code", Highlight2HTML(pygments_lexer="python", parent=self))
            return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)

    return AsItIs(
        template_name="basic", exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True,
        exclude_anchor_links=True, embed_images=True, optimistic_validation=True, **_NO_URLS,
    )  # fmt: skip


def page_of_notebook(notebook: Any, page: Page) -> str:
    """The notebook's words, tables and figures as one page; code is left out."""
    charts = _figures_to_divisions(notebook, page.unit_pages)
    name_parts(notebook)
    _drop_styles(notebook)
    _drop_second_tables(notebook)
    body = _light(_exporter().from_notebook_node(notebook)[0])
    if page.head:
        body = _HEAD.sub(lambda _: f"<h1>{escape(page.head)}</h1>", body, count=1)
    content = notebook.metadata.get("kaohe", {}).get("fingerprint", "")
    return page_of_body(body, page, charts=charts, stamp=page.stamp(content))


_TEXT_CELL = re.compile(r' class="cell [^"]*\btext_cell\b[^"]*"')
_UNNAMED = re.compile(
    r' class="(?:cell [^"]*|output|output_wrapper|output_area|output_html [^"]*|text_cell_render[^"]*|inner_cell)"'
)


def _light(body: str) -> str:
    """Without the names that the exporter's template gives its frames and no style of ours asks for."""
    return _UNNAMED.sub("", _TEXT_CELL.sub(' class="text_cell"', body))


def page_of_body(body: str, page: Page, *, charts: Sequence[Chart] = (), stamp: str = "") -> str:
    """A page around ready HTML, in which each of `charts` has its division."""
    body, parts = with_parts(body)
    if page.places.every:
        body = led(body, page.places, page.up, page.here, inside=page.mailed)
    body, figures, packed = _NEEDLESS.sub("", body), scripts_of(charts), ""
    if not page.public:  # whose every word can be read in the file
        body, packed = apart(body, figures)
    text: str = (
        _templates()
        .get_template("page.html.j2")
        .render(
            page=page,
            body=body,
            parts=parts if page.contents and len(parts) >= FEWEST else (),
            charts=charts,
            figures=figures,
            packed=packed,
            stamp=stamp,
            assets=SimpleNamespace(
                first=assets.first_script(),
                style=assets.style if page.assets is None else None,
                script=(lambda: assets.script(charts=bool(charts))) if page.assets is None else None,
                plotly=assets.packed_plotly,
            ),
        )
    )
    return text


_STATUS = re.compile(r'(?<=<p class="mark standing" role="note">).*?(?=</p>)')


def restated(html: Path, page: Page, content: str) -> tuple[str, bool]:
    """The file's text where it is this page, of the same content, as it would be written now, and whether it has been
    so before: another scoring may have given the page the same content, and is named in its place. Empty where it has
    to be exported anew.
    """
    try:
        text = html.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return "", False
    if f'<meta name="kaohe" content="{page.stamp(content)}">' not in text[:1000]:
        return "", False
    said = _STATUS.search(text)
    if bool(said) != bool(page.status_line):
        return "", False
    now = _STATUS.sub(lambda _: page.standing, text, count=1)
    return now, now == text


def page_of_template(name: str, page: Page, *, charts: Sequence[Chart] = (), **content: Any) -> str:
    """A page whose body is a template of its own, which puts each chart's `division` where it stands."""
    return page_of_body(_templates().get_template(name).render(charts=charts, **content), page, charts=charts)


def charts_of(figures: Sequence[Any], page: Page) -> list[Chart]:
    """Figures, and the tables behind them, for a page that is made of a template, not of a notebook."""
    pages = page.unit_pages
    return [chart(figure.to_plotly_json(), number, pages, with_table=True) for number, figure in enumerate(figures)]


def _figures_to_divisions(notebook: Any, pages: Mapping[str, str]) -> list[Chart]:
    """Replace each plotly output by the figure the page's script draws into.

    The JSON stands beside the notebook's HTML, which nbconvert parses and writes anew.
    """
    found: list[Chart] = []
    for data in _outputs(notebook):
        if PLOTLY in data:
            found.append(chart(data[PLOTLY], len(found), pages))
            data.clear()
            data["text/html"] = found[-1].division
    return found


def _drop_styles(notebook: Any) -> None:
    """A notebook carries the style of its tables; a page has it already."""
    from kaohe.charts.html import styles

    for data in _outputs(notebook):
        if "text/html" in data:
            data["text/html"] = "".join(data["text/html"]).replace(styles(), "")


def _drop_second_tables(notebook: Any) -> None:
    """The table folded behind a figure goes where the very same stands open on the page; its place names that one."""
    outputs = [data for data in _outputs(notebook) if "text/html" in data]
    folded = {fold for data in outputs for fold in _FOLD.findall(data["text/html"])}
    opened = [_FOLD.sub("", data["text/html"]) for data in outputs]
    twice = [table for table in folded if any(table in html for html in opened)]
    names = {table: f"table-{number}" for number, table in enumerate(sorted(twice))}

    def shorter(fold: re.Match[str]) -> str:
        return f'<span class="kh-behind" data-table="{names[fold[1]]}"></span>' if fold[1] in names else fold[0]

    waiting = dict(names)
    for data in outputs:
        html = _FOLD.sub(shorter, data["text/html"])
        for table in [each for each in waiting if each in html]:
            html = html.replace(table, table.replace("<table", f'<table id="{waiting.pop(table)}"', 1), 1)
        data["text/html"] = html


def _outputs(notebook: Any) -> list[Any]:
    return [output["data"] for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output]
