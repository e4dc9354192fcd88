"""Kills a command at random moments, as a power failure would, and looks at what is left.

After every kill: each set of files is the old one or the new one, and the next run ends well with the new results. It
does nothing again that the killed one had finished, and clears what that left lying.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from typer.testing import CliRunner

from kaohe.cli import app
from kaohe.files.scratch import INSIDE, LOCK, PREFIX
from kaohe.files.sets import WAITING, unfinished
from tests.faults import content, results, timeless
from tests.small import change, small_year

YEAR = "2018-2019"
UNITS = ("C01", "D03")
DAY = re.compile(b'<meta name="kaohe" content="[0-9a-f]+">|' + "数据截至 [0-9-]+|历史第 [0-9]+ 条 [0-9a-f]+".encode())
"""What midnight may change between two runs of the same data: the day of their scoring, and a page's stamp with it."""


@dataclass
class World:
    """A data folder whose metrics file switches between two versions; `words` are the command that is killed."""

    base: Path
    words: tuple[str, ...]
    prepare: Callable[["World", int], None]
    watched: Callable[["World"], dict[str, bytes]]
    first: tuple[str, ...] = ()
    """What is run before anything else, where it is not the command itself."""

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def reports(self) -> Path:
        return self.base / "reports"

    @property
    def temporary(self) -> Path:
        return self.base / "tmp"

    def environment(self) -> dict[str, str]:
        """A folder of its own for temporary files, so that what is left there is this world's."""
        self.temporary.mkdir(exist_ok=True)
        return {"TMPDIR": str(self.temporary)}

    def left(self) -> list[Path]:
        """Temporary folders of runs that did not end, and whatever else lies there."""
        stray = [path for path in self.temporary.iterdir() if not path.name.startswith(PREFIX)]
        return stray + [lock for lock in self.temporary.glob(f"{PREFIX}*/{LOCK}") if lock.with_name(INSIDE).is_dir()]

    def finished(self) -> dict[str, bytes]:
        """What a killed run had finished, by its name, though its set did not take its place."""
        root = self.reports / WAITING
        found = (path for path in root.rglob("[!.]*") if path.is_file())
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}

    def run(self, *words: str) -> None:
        """In this process, whose imports are there: only what is killed needs one of its own."""
        with mock.patch.object(tempfile, "tempdir", None):
            ended = CliRunner().invoke(app, [*words, "--data", str(self.data)], env=self.environment())
        assert ended.exit_code == 0, (words, ended.output[-2000:], ended.exception)

    def started(self, *more: str, said: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """The command that is killed, in a process of its own; `said`: where its output goes."""
        command = [sys.executable, "-m", "kaohe", *self.words, *more, "--data", str(self.data)]
        return subprocess.Popen(
            command, stdout=said, stderr=said, start_new_session=True, env=os.environ | self.environment()
        )


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

    taken = ("import", str(inbox), "--year", YEAR, "--office", "教务处")
    again = (*taken, "--replace", "教务处/metrics.csv")  # unasked, an edition that was replaced is not taken back
    return World(base, again, prepare, watched, first=taken)


def reporting(base: Path) -> World:
    small_year(base / "data", units=UNITS[:1])

    def watched(world: World) -> dict[str, bytes]:
        """Pages, notebooks and manifest; what shows corrections tells when each was made, so it is another every
        time."""
        found = {name: each for name, each in content(world.reports).items() if Path(name).stem != "diff"}
        seen = {".html": lambda page: re.sub(DAY, b"", page), ".ipynb": shown, ".json": timeless}
        return {name: seen[kind](each) for name, each in found.items() if (kind := Path(name).suffix) in seen}

    words = ("report", YEAR, "--quick", "--out", str(base / "reports"))
    first = ("score", YEAR)  # pages tell of corrections from the second scoring on
    return World(base, words, lambda world, it: version_of(world.data / "raw" / YEAR, it), watched, first)


def shown(notebook: bytes) -> bytes:
    """What an executed notebook rests on and shows, not when and how fast."""
    found = json.loads(notebook)
    outputs = [cell.get("outputs") for cell in found["cells"]]
    return json.dumps([found["metadata"]["kaohe"], outputs], sort_keys=True).encode()


WORLDS = {"score": scoring, "import": importing, "report": reporting}


def killed_at_random(name: str, base: Path, times: int, seed: int = 0) -> Counter[str]:
    """Kill the command `times` times; how often the old results stood, the new ones, or a set to be completed, and how
    often something finished could be taken over."""
    chance, world = random.Random(seed), WORLDS[name](base)
    world.prepare(world, 1)
    world.run(*(world.first or world.words))
    world.prepare(world, 0)
    world.run(*world.words)
    seen = {0: world.watched(world)}
    world.prepare(world, 1)
    began = time.monotonic()
    assert world.started().wait() == 0
    lasts = time.monotonic() - began
    seen[1] = world.watched(world)
    assert seen[0] != seen[1]
    counts: Counter[str] = Counter()
    now = 1
    for _ in range(times):
        old, now = now, 1 - now
        world.prepare(world, now)
        counts[_one_kill(world, chance.uniform(0, 1.05 * lasts), seen[old], seen[now])] += 1
        finished = world.finished()
        world.run(*world.words)
        assert world.watched(world) == seen[now], "the next run did not complete"
        assert {name: (world.reports / name).read_bytes() for name in finished} == finished, "made again"
        assert not world.finished()
        assert not world.left(), "temporary folders"
        counts["taken over"] += bool(finished)
    return counts


def _one_kill(world: World, moment: float, old: dict[str, bytes], new: dict[str, bytes]) -> str:
    process = world.started()
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    folders = [world.data / "raw" / YEAR, world.data / "processed" / YEAR, world.reports]
    left = any(unfinished(folder) for folder in folders)
    if not left:
        assert world.watched(world) in (old, new), "mixed or broken"
    return "to be completed" if left else "new" if world.watched(world) == new else "old"
