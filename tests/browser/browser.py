"""A real browser and a real JupyterLab for the tests."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from kaohe.batch.chromium import FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@contextmanager
def chromium(executable: Path) -> Iterator[Browser]:
    """A headless browser with an empty profile.

    playwright's synchronous interface keeps an asyncio loop running in this thread, which papermill and nbclient do
    not bear: what executes notebooks in this process has to run before or after.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Traffic:
    """What a page did that an offline page must not do."""

    requests: list[str] = field(default_factory=list)
    """Every address asked for that is not a local file or made by the page itself."""
    files: list[str] = field(default_factory=list)
    """Every local file that was opened."""
    errors: list[str] = field(default_factory=list)
    """Errors on the console and uncaught exceptions."""

    def clear(self) -> None:
        for seen in (self.requests, self.files, self.errors):
            seen.clear()

    @classmethod
    def of(cls, page: Page) -> Traffic:
        traffic = cls()

        def ask(url: str) -> None:
            if url.startswith("file:"):
                traffic.files.append(url)
            elif not url.startswith(("about:", "data:", "blob:")):
                traffic.requests.append(url)

        # The context sees what the page's workers and pop-ups ask for, too.
        page.context.on("request", lambda request: ask(request.url))
        page.on("websocket", lambda socket: ask(socket.url))
        page.on("console", lambda message: traffic.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: traffic.errors.append(str(error)))
        return traffic


def draws_chinese(page: Page) -> bool:
    """Whether a Chinese font is there: without one, every character is drawn as the same empty box."""
    return page.evaluate(
        """() => {
            const drawn = character => {
                const canvas = document.createElement("canvas");
                const context = canvas.getContext("2d");
                context.font = "32px sans-serif";
                context.fillText(character, 0, 40);
                return canvas.toDataURL();
            };
            return new Set([..."综合目标考核 "].map(drawn)).size == 7;
        }"""
    )


@dataclass(frozen=True)
class JupyterLab:
    """A running server; notebooks put into `root` can be opened."""

    root: Path
    port: int
    token: str

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def api(self, path: str) -> object:
        request = urllib.request.Request(self.url(f"api/{path}"), headers={"Authorization": f"token {self.token}"})
        # An empty ProxyHandler: a machine's proxy knows nothing of this server.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=5) as answer:
            return json.load(answer)


@contextmanager
def jupyterlab(folder: Path, deadline: float = 180) -> Iterator[JupyterLab]:
    """JupyterLab of this environment on a free port, with nothing of the user's configuration; stopped at the end.

    It starts in some seconds, and where much else runs in a minute and more.
    """
    root = folder / "root"
    root.mkdir(parents=True)
    no_news = folder / "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    no_news.parent.mkdir(parents=True)
    no_news.write_text('{"fetchNews": "false"}', encoding="utf-8")
    lab = JupyterLab(root, _free_port(), token="kaohe-test")
    folders = {
        name: str(folder / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    folders |= {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTER_CONFIG_PATH": str(Path(__file__).parents[2] / "tools" / "jupyter"),  # as `make lab` does
    }
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
        *(f"--port={lab.port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={lab.token}"),
        *(f"--ServerApp.root_dir={root}", "--LabApp.expose_app_in_browser=True"),
        # Neither asks the network for extensions nor for updates.
        *("--LabApp.extension_manager=readonly", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"),
    ]
    log = folder / "jupyterlab.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=os.environ | folders, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_until_it_answers(lab, process, log, deadline)
        yield lab
    finally:
        # Asked politely the server stops its kernels; killed, they notice by themselves that it is gone.
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_it_answers(lab: JupyterLab, process: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            lab.api("status")
            return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-3000:]}") from None
            time.sleep(0.05)


def open_notebook(page: Page, lab: JupyterLab, notebook: str, seconds: float = 60) -> None:
    """Opens a notebook (its path below the server's root) in an empty workspace and waits for its idle kernel."""
    from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

    page.goto(lab.url(f"lab/tree/{quote(notebook)}?token={lab.token}&reset"))
    try:
        page.wait_for_function(
            """notebook => {
                const widget = window.jupyterapp?.shell.currentWidget;
                return widget?.context?.path == notebook && widget.sessionContext?.session?.kernel?.status == "idle";
            }""",
            arg=notebook,
            timeout=seconds * 1000,
        )
    except PlaywrightTimeoutError:
        # Mostly a question that nobody answers, such as which kernel a notebook without a kernelspec wants.
        dialogs = page.locator(".jp-Dialog").all_inner_texts()
        raise AssertionError(f"{notebook} has no idle kernel after {seconds} s; JupyterLab asks: {dialogs}") from None


def wait_until_idle(page: Page) -> None:
    """Until the kernel has answered: a widget keeps what is typed back while an answer to it is on its way."""
    page.wait_for_function("jupyterapp.shell.currentWidget.sessionContext.session.kernel.status == 'idle'")


def run_all_cells(page: Page, lab: JupyterLab, notebook: str, seconds: float = 60) -> None:
    """Opens the notebook, runs every cell and waits until all are done; a cell that fails is an AssertionError."""
    open_notebook(page, lab, notebook, seconds)
    page.set_default_timeout(seconds * 1000)
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    errors = page.evaluate(
        """() => jupyterapp.shell.currentWidget.content.model.toJSON().cells
            .flatMap(cell => cell.outputs ?? [])
            .filter(output => output.output_type == "error")
            .map(output => output.traceback.join("\\n"))"""
    )
    assert not errors, f"{notebook} failed:\n" + "\n".join(errors)
