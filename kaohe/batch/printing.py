"""Pages on paper: an installed Chromium prints each as A4, a PDF beside the page."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from kaohe.batch.assets import look, unpacked, unpacking_script
from kaohe.batch.chromium import FLAGS, find_chromium
from kaohe.files import whole_file, write_text

SECONDS = 120
"""What a page may take to print."""
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
    root: Path,
    *,
    workers: int | None = None,
    begun: Callable[[int], None] = lambda pages: None,
    progress: Callable[[Path], None] = lambda page: None,
) -> Printed:
    """Print every page below `root` whose PDF is not current. NoChromiumError where there is none."""
    chromium = find_chromium()
    if chromium is None:
        raise NoChromiumError(NO_CHROMIUM)
    known, outcome = _Known(root), Printed()
    wanted: list[Path] = []
    for page in pages:
        (outcome.kept if known.current(page) else wanted).append(page)
    begun(len(wanted))
    with ThreadPoolExecutor(workers or os.cpu_count() or 1, thread_name_prefix="print") as pool:
        waiting = {pool.submit(_print, chromium, page): page for page in wanted}
        for future in as_completed(waiting):
            page = waiting[future]
            try:
                future.result()
            except (OSError, subprocess.SubprocessError) as error:
                outcome.failed[page] = str(error)
            else:
                known.note(page)
                outcome.printed.append(page)
            progress(page)
    known.write()
    return outcome


def drop_outdated(root: Path) -> None:
    """Remove PDFs of pages that have changed since: on paper they would look current."""
    known = _Known(root)
    known.drop_outdated()
    known.write()


def pdf_of(page: Path) -> Path:
    return page.with_suffix(".pdf")


class _Known:
    """Which state of each page its PDF shows, kept beside the site."""

    def __init__(self, root: Path) -> None:
        self.root, self.file = root, root / ".printed.json"
        try:
            self.states: dict[str, str] = json.loads(self.file.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            self.states = {}
        self.before = dict(self.states)

    def current(self, page: Path) -> bool:
        return pdf_of(page).is_file() and self.states.get(self._name(page)) == _state(page)

    def note(self, page: Path) -> None:
        self.states[self._name(page)] = _state(page)

    def drop_outdated(self) -> None:
        for name in list(self.states):
            page = self.root / name
            if not (page.is_file() and self.current(page)):
                pdf_of(page).unlink(missing_ok=True)
                del self.states[name]

    def write(self) -> None:
        if self.states != self.before:
            write_text(self.file, json.dumps(self.states, indent=0, sort_keys=True) + "\n")

    def _name(self, page: Path) -> str:
        return page.relative_to(self.root).as_posix()


def _state(page: Path) -> str:
    """The page itself and the style and scripts it shares."""
    return hashlib.sha256(page.read_bytes() + look().encode()).hexdigest()[:20]


def _print(chromium: Path, page: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="kaohe-print-", ignore_cleanup_errors=True) as profile:
        made, source = Path(profile) / "page.pdf", page
        html = page.read_text(encoding="utf-8")
        if unpacking_script() in html:
            source = Path(profile) / "page.html"
            source.write_text(unpacked(html), encoding="utf-8")
        command = [
            str(chromium), *FLAGS, f"--user-data-dir={profile}/profile", "--no-pdf-header-footer",
            f"--print-to-pdf={made}", source.as_uri(),
        ]  # fmt: skip
        run = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        if run.returncode or not made.is_file() or not made.read_bytes().startswith(b"%PDF"):
            told = run.stderr.decode(errors="replace").strip().splitlines()
            raise OSError(f"{chromium} 没有打印出 {page}：{told[-1] if told else run.returncode}")
        with whole_file(pdf_of(page)) as part:
            part.write_bytes(made.read_bytes())
