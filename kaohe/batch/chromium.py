"""An installed Chromium, Chrome or Edge: the only thing that prints as a browser does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# The last one lets no name be looked up: a page that reaches for the network fails at once, on every machine alike.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
MACOS = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
LINUX = ("/usr/bin/chromium", "/snap/bin/chromium", "/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge")
PLAYWRIGHT = ("chrome-linux*/chrome", "chrome-mac*/*.app/Contents/MacOS/*", "chrome-win*/chrome.exe")


def find_chromium() -> Path | None:
    """An installed Chromium, Chrome or Edge: from CHROMIUM, PATH, the usual places, playwright's own downloads."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return Path(found)
    return next((path for path in _usual_places() if path.is_file()), None)


def run_chromium(chromium: Path, folder: Path, *words: str, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """The browser, its profile and all it leaves lying in `folder`, for whoever made that to clear: one that is killed
    clears nothing. OSError, SubprocessError where it does not start or does not end."""
    command = [str(chromium), *FLAGS, f"--user-data-dir={folder}/profile", *words]
    places = dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(folder))
    return subprocess.run(command, capture_output=True, timeout=seconds, check=False, env={**os.environ, **places})


def _usual_places() -> Iterator[Path]:
    if sys.platform == "darwin":
        roots = [Path("/Applications"), Path.home() / "Applications"]
        downloads = Path.home() / "Library/Caches/ms-playwright"
        yield from (root / name for root in roots for name in MACOS)
    elif sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        roots = [Path(os.environ.get(name, "")) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        downloads = Path(local) / "ms-playwright"
        yield from (root / name for root in roots for name in WINDOWS)
    else:
        downloads = Path.home() / ".cache/ms-playwright"
        yield from map(Path, LINUX)
    downloads = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or downloads)
    yield from (
        path for pattern in PLAYWRIGHT for path in sorted(downloads.glob(f"chromium-*/{pattern}"), reverse=True)
    )
