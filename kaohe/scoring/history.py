"""Every scoring of a year that was written: what it rested on, what came out, and the decisions to make it final.

`history/` beside the results only grows. `records/000001-<id>.json` are what happened, in order; `files/ab/<sha256>.gz`
every raw file and every table of results by its content, so that the same file handed in twice is kept once. Each
record names the hash of the one before it, and the manifest that of the last: none goes or changes unnoticed.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from kaohe.files import sync, whole_file, write_errors
from kaohe.files.failpoints import failpoint
from kaohe.files.kept import DamagedError, KeptError, json_of, kept_bytes, unpacked
from kaohe.files.names import is_plain
from kaohe.files.plans import refuse_linked
from kaohe.scheme.years import year_kind
from kaohe.scoring import sound

Event = Literal["score", "freeze", "unfreeze"]
TABLES = sound.TABLES

KEPT = 4096
"""Records that are kept in mind: of many years, each scored some two hundred times."""
COMPRESSION = 6  # gzip's own default, named so that files stay the same bytes
ADVICE = "请用备份恢复整个 history 文件夹；没有备份时，把它移到别处留着再评分，历史从新开始"


class HistoryError(KeptError):
    """What was kept of the history cannot be used; says in Chinese what and why."""


@dataclass(frozen=True)
class Record:
    """One thing that happened to a year. `manifest` is that of the scoring, or of the one that became final."""

    number: int
    event: Event
    id: str
    time: str
    reason: str
    manifest: Mapping[str, Any]
    previous: str = ""
    sha256: str = ""
    """Of the record's own file; `previous` is that of the record before it."""

    @property
    def day(self) -> str:
        return self.time[:10]


def scoring_id(about: Mapping[str, Any]) -> str:
    """Twelve characters: the same for the same inputs, scheme, readings, version and tables."""
    core = {name: about[name] for name in sound.CORE if name in about}
    core["tables"] = {name: about["results"][name] for name in sound.tables_of(about)}
    text = json.dumps(core, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def is_kept(folder: Path) -> bool:
    """Whether a year's results stand here, or stood: their history does."""
    return (folder / "history" / "records").is_dir()


def records(folder: Path) -> list[Record]:
    """Everything that happened, first to last; `folder` holds the year's results. HistoryError where one is damaged."""
    return [_record(path) for path in sorted((folder / "history" / "records").glob("*.json"))]


def _record(path: Path) -> Record:
    try:
        return _read(path, kept_bytes(path, advice=ADVICE))
    except DamagedError as error:
        raise HistoryError(f"历史记录 {error}") from None


@lru_cache(maxsize=KEPT)  # a command asks for the records several times; what stands in each file is read each time
def _read(path: Path, content: bytes) -> Record:
    found = json_of(content, path, sound.record_problem, advice=ADVICE)
    return Record(**{**found, "sha256": hashlib.sha256(content).hexdigest()})


def scorings(folder: Path) -> list[Record]:
    return [record for record in records(folder) if record.event == "score"]


def frozen_by(folder: Path) -> Record | None:
    """The decision that made the year final, if it still is."""
    decisions = [record for record in records(folder) if record.event != "score"]
    return decisions[-1] if decisions and decisions[-1].event == "freeze" else None


def find(folder: Path, id: str) -> Record:
    """The latest scoring whose id begins so; HistoryError where there is none, or where several do."""
    found = {record.id: record for record in scorings(folder) if record.id.startswith(id)}
    if len(found) == 1:
        return next(iter(found.values()))
    known = "、".join(dict.fromkeys(record.id for record in scorings(folder))) or "（没有）"
    problem = "不止一次评分的编号以此开头" if found else "没有这个编号的评分"
    raise HistoryError(f"{id}：{problem}；有：{known}")


@dataclass(frozen=True)
class Entry:
    """A record about to be written: its name below the results, its text."""

    number: int
    name: str
    text: str

    @property
    def mark(self) -> dict[str, Any]:
        """What the manifest says of the last record."""
        return {"number": self.number, "sha256": hashlib.sha256(self.text.encode()).hexdigest()}


def entries(folder: Path, events: Sequence[tuple[Event, Mapping[str, Any], str]]) -> list[Entry]:
    """The next records, in order: what happened, the manifest it is about, the reason."""
    past = records(folder)
    number, previous = (past[-1].number, past[-1].sha256) if past else (0, "")
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    found = []
    for event, about, reason in events:
        number += 1
        content = {
            "number": number,
            "event": event,
            "id": about["id"],
            "time": now,
            "reason": reason,
            "previous": previous,
            "manifest": {name: value for name, value in about.items() if name not in ("status", "record")},
        }
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        found.append(Entry(number, f"history/records/{number:06}-{about['id']}.json", text))
        previous = found[-1].mark["sha256"]
    return found


def broken(folder: Path, about: Mapping[str, Any]) -> Iterator[str]:
    """Where the chain of records is broken, one sentence each; `about`: the manifest of the results."""
    past, place = records(folder), folder / "history" / "records"
    for number, record in enumerate(past, start=1):
        if record.number != number:
            yield f"{place}：缺第 {number} 条历史记录"
            return
        if record.previous and number > 1 and record.previous != past[number - 2].sha256:
            yield f"{place}：第 {number - 1} 条历史记录写出之后被改动过"
    mark = about.get("record")
    last = {"number": past[-1].number, "sha256": past[-1].sha256} if past else None
    if mark and mark != last:
        changed = last is not None and last["number"] == mark["number"]
        what = "被改动过" if changed else f"应有 {mark['number']} 条，现有 {len(past)} 条"
        yield f"{place}：最后的历史记录与 manifest.json 所记的不符（{what}）"


def place_of(folder: Path, sha256: str) -> Path:
    return folder / "history" / "files" / sha256[:2] / f"{sha256}.gz"


def keep(folder: Path, content: bytes) -> None:
    """Keep a file by its content; what is kept already stays untouched."""
    path = place_of(folder, hashlib.sha256(content).hexdigest())
    refuse_linked(folder, [path.relative_to(folder).as_posix()])
    if not path.is_file():
        with whole_file(path) as part:
            part.write_bytes(gzip.compress(content, COMPRESSION, mtime=0))


def kept(folder: Path, sha256: str) -> bytes:
    """The content kept by this hash; HistoryError where it is gone or spoiled."""
    path = place_of(folder, sha256)
    try:
        content = unpacked(kept_bytes(path, advice=ADVICE), path, advice=ADVICE)
    except FileNotFoundError:
        raise HistoryError(f"历史中保存的文件 {path} 不见了；{ADVICE}") from None
    except DamagedError as error:
        raise HistoryError(f"历史中保存的文件 {error}") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise HistoryError(f"历史中保存的文件 {path} 与它的校验值不符，已被改动；{ADVICE}")
    return content


def inputs_of(about: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(year, path below the year's folder, hash) of every raw file a scoring rested on."""
    for year, files in ((about["year"], about["inputs"]), (about["previous_year"], about["previous_inputs"])):
        for name, sha256 in files.items():
            yield str(year), name, sha256


ASIDE = ".kaohe-restore-"
"""Where files are written back before they take their name; what a run that was stopped left goes with the next."""


def restore(folder: Path, record: Record, raw: Path) -> list[Path]:
    """Write the raw files of a scoring to `raw`, which is not there yet or empty: all of them or none.

    Scored with the same readings they give the same tables.
    """
    contents = {_safe(year, name): kept(folder, sha256) for year, name, sha256 in inputs_of(record.manifest)}
    with write_errors(raw):
        raw.parent.mkdir(parents=True, exist_ok=True)
        for left in raw.parent.glob(f"{ASIDE}*"):
            shutil.rmtree(left)
        failpoint("aside", raw)
        aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=raw.parent))
    try:
        with write_errors(raw):
            for name, content in contents.items():
                path = aside / "raw" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                failpoint("write", path)
                path.write_bytes(content)
                sync(path)
            if raw.is_dir():
                raw.rmdir()
            failpoint("rename", raw)
            os.rename(aside / "raw", raw)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return [raw / name for name in contents]


def _safe(year: str, name: str) -> PurePosixPath:
    if not is_plain(name) or year_kind(year) is None:
        raise HistoryError(f"历史记录中的文件名 {year}/{name} 不可用")
    return PurePosixPath(year, name)
