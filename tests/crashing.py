"""Kills a command at random moments, as a power failure would, and looks at what is left.

After every kill: each set of files is the old one or the new one, `verify` completes what was committed and finds
nothing wrong, and the next run ends well with the new results.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kaohe.files.sets import unfinished
from tests.faults import content, results
from tests.small import change, small_year

YEAR = "2018-2019"
UNITS = ("C01", "D03")
DAY = "数据截至 [0-9-]+".encode()


@dataclass
class World:
    """A data folder whose metrics file switches between two versions; `step` is the command that is killed."""

    base: Path
    words: tuple[str, ...]
    prepare: Callable[["World", int], None]
    watched: Callable[["World"], dict[str, bytes]]

    @property
    def data(self) -> Path:
        return self.base / "data"

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "kaohe", *words, "--data", str(self.data)]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        run = subprocess.run(self.command(*words), capture_output=True, text=True, encoding="utf-8", check=False)
        assert run.returncode == 0, (words, run.stdout[-2000:], run.stderr[-2000:])
        return run

    def step(self, version: int) -> None:
        self.prepare(self, version)
        self.run(*self.words)


def version_of(folder: Path, version: int) -> None:
    value = ("0.82", "0.45")[version]
    change(folder, "metrics", lambda row: {**row, "value": value}, where=lambda row: row["metric"] == "survey_rate")


def scoring(base: Path) -> World:
    small_year(base / "data", units=UNITS)

    def watched(world: World) -> dict[str, bytes]:
        return results(world.data / "processed" / YEAR)

    return World(base, ("score", YEAR, "--csv"), lambda world, it: version_of(world.data / "raw" / YEAR, it), watched)


def importing(base: Path) -> World:
    folder = small_year(base / "data", units=UNITS)
    for version in (0, 1):
        shutil.copytree(folder, base / str(version))
        version_of(base / str(version), version)
    (folder / "metrics.csv").unlink()
    inbox = base / "metrics.csv"

    def prepare(world: World, version: int) -> None:
        shutil.copy(base / str(version) / "metrics.csv", inbox)

    def watched(world: World) -> dict[str, bytes]:
        return {name: each for name, each in content(world.data / "raw" / YEAR).items() if name.endswith("metrics.csv")}

    return World(base, ("import", str(inbox), "--year", YEAR, "--office", "教务处"), prepare, watched)


def reporting(base: Path) -> World:
    small_year(base / "data", units=UNITS[:1])
    out = base / "reports"

    def watched(world: World) -> dict[str, bytes]:
        """Pages but for the day of their scoring, which midnight may change between two runs; the one of corrections
        tells when each was made, so it is another every time."""
        found = content(out).items()
        pages = {name: re.sub(DAY, b"", each) for name, each in found if name.endswith(".html")}
        return {name: each for name, each in pages.items() if not name.endswith("diff.html")}

    words = ("report", YEAR, "--out", str(out))
    return World(base, words, lambda world, it: version_of(world.data / "raw" / YEAR, it), watched)


WORLDS = {"score": scoring, "import": importing, "report": reporting}


def killed_at_random(name: str, base: Path, times: int, seed: int = 0) -> Counter[str]:
    """Kill the command `times` times; how often the old results stood, the new ones, or a set to be completed."""
    chance, world = random.Random(seed), WORLDS[name](base)
    for version in (1, 0):  # pages tell of corrections from the second scoring on
        world.step(version)
    seen = {0: world.watched(world)}
    began = time.monotonic()
    world.step(1)
    lasts = time.monotonic() - began
    seen[1] = world.watched(world)
    assert seen[0] != seen[1]
    counts: Counter[str] = Counter()
    now = 1
    for _ in range(times):
        old, now = now, 1 - now
        world.prepare(world, now)
        counts[_one_kill(world, chance.uniform(0, 1.05 * lasts), seen[old], seen[now])] += 1
        world.run(*world.words)
        assert world.watched(world) == seen[now], "the next run did not complete"
    return counts


def _one_kill(world: World, moment: float, old: dict[str, bytes], new: dict[str, bytes]) -> str:
    process = subprocess.Popen(
        world.command(*world.words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # its kernels, too
        process.wait()
    folders = [world.data / "raw" / YEAR, world.data / "processed" / YEAR, world.base / "reports"]
    left = any(unfinished(folder) for folder in folders)
    if not left:
        assert world.watched(world) in (old, new), "mixed or broken"
    return "to be completed" if left else "new" if world.watched(world) == new else "old"
