"""Figures as pictures: an installed Chromium draws each under its title, a PNG in `pictures/` beside the pages."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from pathlib import Path
from typing import Any

from kaohe.batch.assets import plotly_script
from kaohe.batch.chromium import find_chromium, run_chromium
from kaohe.batch.figures import untold
from kaohe.batch.packing import whole
from kaohe.batch.printing import SECONDS, STATE, NoChromiumError, Printed, shown, told
from kaohe.batch.threads import threads
from kaohe.charts.style import TEMPLATE, head_of
from kaohe.files import whole_file
from kaohe.files.scratch import scratch
from kaohe.files.sets import Stage

FOLDER = "pictures"
WIDE, SCALE = 1000, 2
"""Pixels a figure is wide, and how many of the picture's there are to each: sharp in print."""
NO_CHROMIUM = (
    "没有找到 Chromium、Chrome 或 Edge，不能把图存成图片；网页上每张图都有“存为图片”按钮。"
    "装好浏览器后重新运行即可，也可用环境变量 CHROMIUM 指明它的位置"
)
Figure = Mapping[str, Any]

_SOURCE = re.compile(r'<script type="application/json" data-chart="(chart-\d+)">(.*?)</script>', re.DOTALL)
_CAPTION = re.compile(
    r"<figcaption><strong>(.*?)</strong>(?:<span>(.*?)</span>)?</figcaption>"
    r'<div class="chart" id="(chart-\d+)"',
    re.DOTALL,
)
_DRAWN = re.compile(rb'<img src="data:image/png;base64,([^"]+)"')
_PAGE = """<!DOCTYPE html><meta charset="utf-8"><script src="{plotly}"></script><body>
<script type="application/json" id="figures">{figures}</script><script>
(async function () {{
  for (const figure of JSON.parse(document.getElementById("figures").textContent)) {{
    const size = {{format: "png", width: {wide}, height: figure.layout.height, scale: {scale}}};
    const image = document.createElement("img");
    image.src = await Plotly.toImage(figure, size);
    document.body.append(image);
  }}
}})();
</script>"""


class DrawError(RuntimeError):
    """The browser did not draw; says in Chinese why."""


def figures_of(page: str) -> list[Figure]:
    """A page's figures as plotly takes them, each with its title drawn in."""
    page = whole(page)
    captions = {name: (title, under) for title, under, name in _CAPTION.findall(page)}
    return [_whole(json.loads(source), *captions.get(name, ("", ""))) for name, source in _SOURCE.findall(page)]


def _whole(source: Mapping[str, Any], title: str, under: str) -> Figure:
    layout = dict(source["layout"])
    if layout.get("template") == "kaohe":  # as the page's script has it
        layout["template"] = TEMPLATE
    drawn, above = head_of(html.unescape(title), html.unescape(under))
    margin = dict(layout.get("margin", {}))
    margin["t"] = margin.get("t", 0) + above
    return {
        "data": untold(source["data"], source["texts"]),
        "layout": {**layout, "title": drawn, "margin": margin, "height": layout["height"] + above},
    }


def drawn(figures: Sequence[Figure]) -> list[bytes]:
    """Each as a PNG. NoChromiumError where there is no browser, DrawError where it fails."""
    chromium = find_chromium()
    if chromium is None:
        raise NoChromiumError(NO_CHROMIUM)
    content = json.dumps(figures, ensure_ascii=False).replace("</", "<\\/").replace("<!", "\\u003c!")
    with scratch() as folder:
        page = folder / "figures.html"
        text = _PAGE.format(plotly=plotly_script().as_uri(), figures=content, wide=WIDE, scale=SCALE)
        page.write_text(text, encoding="utf-8")
        words = (f"--virtual-time-budget={SECONDS * 1000}", "--dump-dom", page.as_uri())
        try:
            run = run_chromium(chromium, folder, *words, seconds=SECONDS)
        except (OSError, subprocess.SubprocessError) as error:
            raise DrawError(f"{chromium} 没有画出图：{error}") from None
    found = [base64.b64decode(each) for each in _DRAWN.findall(run.stdout)]
    if len(found) != len(figures):
        said = run.stderr.decode(errors="replace").strip().splitlines()
        raise DrawError(f"{chromium} 没有画出全部 {len(figures)} 张图：{said[-1] if said else run.returncode}")
    return [png + told(_state(figure)) for png, figure in zip(found, figures, strict=True)]


def _state(figure: Figure) -> str:
    about = json.dumps([figure, WIDE, SCALE, plotly_script().stat().st_size], sort_keys=True)
    return hashlib.sha256(about.encode()).hexdigest()[:STATE]


def picture_of(page: Path, number: int) -> Path:
    """Where a page's `number`th figure is kept, from 1: `2018-2019/pictures/units/C01-1.png`."""
    root = page.parent.parent if page.parent.name == "units" else page.parent
    return root / FOLDER / page.relative_to(root).with_name(f"{page.stem}-{number}.png")


def _page_of(picture: Path) -> Path:
    root = next(parent for parent in picture.parents if parent.name == FOLDER)
    return root.parent / picture.relative_to(root).with_name(f"{picture.stem.rpartition('-')[0]}.html")


def staged(stage: Stage, page: Path, text: str) -> list[bytes]:
    """A page's figures as pictures of the set that is being made; what is current stays. Raises as `drawn`."""
    figures = figures_of(text)
    places = [picture_of(page, number) for number in range(1, len(figures) + 1)]
    if not all(shown(place) == _state(figure) for place, figure in zip(places, figures, strict=True)):
        for place, png in zip(places, drawn(figures), strict=True):
            stage.path(stage.name(place)).write_bytes(png)
    return [(stage.coming(stage.name(place)) or place).read_bytes() for place in places]


def save_pictures(
    pages: Iterable[Path],
    *,
    workers: int | None = None,
    begun: Callable[[int], None] = lambda pages: None,
    progress: Callable[[Path], None] = lambda page: None,
) -> Printed:
    """Every figure of the pages that is not kept as it is; a page's together. NoChromiumError where there is none."""
    if find_chromium() is None:
        raise NoChromiumError(NO_CHROMIUM)
    outcome = Printed()
    wanted: dict[Path, list[Figure]] = {}
    for page in pages:
        figures = figures_of(page.read_text(encoding="utf-8", errors="replace"))
        for number, figure in enumerate(figures, start=1):
            place = picture_of(page, number)
            if shown(place) == _state(figure):
                outcome.kept.append(place)
            else:
                wanted[page] = figures
    outcome.kept = [place for place in outcome.kept if _page_of(place) not in wanted]
    begun(len(wanted))
    with threads(workers or os.cpu_count() or 1, "draw") as pool:
        waiting = {pool.submit(drawn, figures): page for page, figures in wanted.items()}
        for future in as_completed(waiting):
            page = waiting[future]
            try:
                pictures = future.result()
            except DrawError as error:
                outcome.failed[page] = str(error)
            else:
                outcome.printed += _saved(page, pictures)
            progress(page)
    return outcome


def _saved(page: Path, pictures: Sequence[bytes]) -> Iterator[Path]:
    for number, png in enumerate(pictures, start=1):
        place = picture_of(page, number)
        place.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(place) as part:
            part.write_bytes(png)
        yield place


def outdated_pictures(stage: Stage) -> Iterator[str]:
    """Our pictures of figures that the set changes or drops."""
    states: dict[Path, list[str]] = {}
    for picture in stage.folder.rglob(f"{FOLDER}/**/*.png"):
        state = shown(picture)
        if not state or stage.new in picture.parents:
            continue
        page = _page_of(picture)
        if page not in states:
            coming = stage.coming(stage.name(page))
            states[page] = (
                [_state(each) for each in figures_of(coming.read_text(encoding="utf-8", errors="replace"))]
                if coming
                else []
            )
        number = int(picture.stem.rpartition("-")[2])
        if not 1 <= number <= len(states[page]) or (
            states[page][number - 1] != state and not (stage.new / stage.name(picture)).is_file()
        ):
            yield stage.name(picture)
