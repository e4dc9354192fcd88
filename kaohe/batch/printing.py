"""Pages on paper: an installed Chromium prints each as A4, a PDF beside the page."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import as_completed
from dataclasses import dataclass, field
from pathlib import Path

from kaohe.batch.assets import look, unpacked
from kaohe.batch.chromium import find_chromium, run_chromium
from kaohe.batch.threads import threads
from kaohe.files import whole_file
from kaohe.files.scratch import scratch
from kaohe.files.sets import Stage

SECONDS = 120
"""What a page may take to print."""
STATE = 20
"""Characters that tell one state of a page from another."""
NO_CHROMIUM = (
    "没有找到 Chromium、Chrome 或 Edge，不能生成 PDF；网页已经写好，可在浏览器中打开后打印。"
    "装好浏览器后重新运行即可，也可用环境变量 CHROMIUM 指明它的位置"
)


@dataclass
class Printed:
    """How printing ended: what was printed, what was current already, what failed and why."""

    printed: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    failed: dict[Path, str] = field(default_factory=dict)


class NoChromiumError(RuntimeError):
    """There is no browser that could print."""


def print_pages(
    pages: Iterable[Path],
    *,
    workers: int | None = None,
    begun: Callable[[int], None] = lambda pages: None,
    progress: Callable[[Path], None] = lambda page: None,
) -> Printed:
    """Print every page whose PDF is not current. NoChromiumError where there is none."""
    chromium = find_chromium()
    if chromium is None:
        raise NoChromiumError(NO_CHROMIUM)
    outcome = Printed()
    wanted: list[Path] = []
    for page in pages:
        (outcome.kept if shown(pdf_of(page)) == state_of(page) else wanted).append(page)
    begun(len(wanted))
    with threads(workers or os.cpu_count() or 1, "print") as pool:
        waiting = {pool.submit(_print, chromium, page): page for page in wanted}
        for future in as_completed(waiting):
            page = waiting[future]
            try:
                future.result()
            except (OSError, subprocess.SubprocessError) as error:
                outcome.failed[page] = str(error)
            else:
                outcome.printed.append(page)
            progress(page)
    return outcome


def outdated(stage: Stage) -> Iterator[str]:
    """Our PDFs of pages that the set changes or drops: on paper they would look current."""
    for pdf in stage.folder.rglob("*.pdf"):
        page, state = stage.coming(stage.name(pdf.with_suffix(".html"))), shown(pdf)
        if state and not (page and state_of(page) == state):
            yield stage.name(pdf)


def pdf_of(page: Path) -> Path:
    return page.with_suffix(".pdf")


def shown(pdf: Path) -> str | None:
    """Which state of its page (or figure) a PDF (or picture) shows, from its last line; None: it is none of ours."""
    if not pdf.is_file():
        return None
    with pdf.open("rb") as file:
        file.seek(max(0, pdf.stat().st_size - len(told("0" * STATE))))
        found = _TOLD.fullmatch(file.read())
    return found[1].decode() if found else None


def told(state: str) -> bytes:
    """A comment behind the end of a PDF or picture, which readers pass over."""
    return f"\n% kaohe {state}\n".encode()


_TOLD = re.compile(told("([0-9a-f]+)"))


def state_of(page: Path) -> str:
    """The page itself and the style and scripts it shares."""
    return hashlib.sha256(page.read_bytes() + look().encode()).hexdigest()[:STATE]


def _print(chromium: Path, page: Path) -> None:
    state = state_of(page)
    with scratch() as profile:
        made, source = profile / "page.pdf", page
        html = page.read_text(encoding="utf-8")
        if (plain := unpacked(html, page)) != html:
            source = profile / "page.html"
            source.write_text(plain, encoding="utf-8")
        words = ("--no-pdf-header-footer", f"--print-to-pdf={made}", source.as_uri())
        run = run_chromium(chromium, profile, *words, seconds=SECONDS)
        if run.returncode or not made.is_file() or not made.read_bytes().startswith(b"%PDF"):
            said = run.stderr.decode(errors="replace").strip().splitlines()
            raise OSError(f"{chromium} 没有打印出 {page}：{said[-1] if said else run.returncode}")
        with whole_file(pdf_of(page)) as part:
            part.write_bytes(made.read_bytes() + told(state))
