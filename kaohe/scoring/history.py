"""Every scoring of a year that was written: what it rested on, what came out, and the decisions to make it final.

`history/` beside the results only grows. `records/000001-<id>.json` are what happened, in order; `files/ab/<sha256>.gz`
every raw file and every table of results by its content, so that the same file handed in twice is kept once.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from kaohe.files import whole_file

Event = Literal["score", "freeze", "unfreeze"]
TABLES = ("scores.parquet", "results.parquet")
"""What a scoring comes down to."""

COMPRESSION = 6  # gzip's own default, named so that files stay the same bytes

CORE = (
    "year", "kaohe", "scheme", "policies", "provisional", "synthetic", "inputs", "previous_year", "previous_inputs",
    "scenario",
)  # fmt: skip
"""What of a manifest makes it this scoring and no other, beside its tables."""


class HistoryError(ValueError):
    """What was kept cannot be used; says in Chinese what and why."""


@dataclass(frozen=True)
class Record:
    """One thing that happened to a year. `manifest` is that of the scoring, or of the one that became final."""

    number: int
    event: Event
    id: str
    time: str
    reason: str
    manifest: Mapping[str, Any]

    @property
    def day(self) -> str:
        return self.time[:10]


def scoring_id(about: Mapping[str, Any]) -> str:
    """Twelve characters: the same for the same inputs, scheme, readings, version and tables."""
    core = {name: about[name] for name in CORE if name in about}
    core["tables"] = {name: about["results"][name] for name in TABLES}
    text = json.dumps(core, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def records(folder: Path) -> list[Record]:
    """Everything that happened, first to last; `folder` holds the year's results."""
    return [_record(path) for path in sorted((folder / "history" / "records").glob("*.json"))]


def _record(path: Path) -> Record:
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise HistoryError(f"历史记录 {path} 已损坏：{error}") from None


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


def entry(folder: Path, event: Event, about: Mapping[str, Any], reason: str = "") -> tuple[str, str]:
    """Name (below `folder`) and text of the next record."""
    number = max((record.number for record in records(folder)), default=0) + 1
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    content = {
        "number": number,
        "event": event,
        "id": about["id"],
        "time": now,
        "reason": reason,
        "manifest": {name: value for name, value in about.items() if name != "status"},
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return f"history/records/{number:06}-{about['id']}.json", text


def place_of(folder: Path, sha256: str) -> Path:
    return folder / "history" / "files" / sha256[:2] / f"{sha256}.gz"


def keep(folder: Path, content: bytes) -> None:
    """Keep a file by its content; what is kept already stays untouched."""
    path = place_of(folder, hashlib.sha256(content).hexdigest())
    if not path.is_file():
        with whole_file(path) as part:
            part.write_bytes(gzip.compress(content, COMPRESSION, mtime=0))


def kept(folder: Path, sha256: str) -> bytes:
    """The content kept by this hash; HistoryError where it is gone or spoiled."""
    path = place_of(folder, sha256)
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, ValueError) as error:
        raise HistoryError(f"历史中保存的文件 {path} 读不出：{error}") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise HistoryError(f"历史中保存的文件 {path} 与它的校验值不符，已被改动")
    return content


def inputs_of(about: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(year, path below the year's folder, hash) of every raw file a scoring rested on."""
    for year, files in ((about["year"], about["inputs"]), (about["previous_year"], about["previous_inputs"])):
        for name, sha256 in files.items():
            yield str(year), name, sha256


def restore(folder: Path, record: Record, raw: Path) -> list[Path]:
    """Write the raw files of a scoring below `raw`; scored with the same readings they give the same tables."""
    written = []
    for year, name, sha256 in inputs_of(record.manifest):
        parts = PurePosixPath(name).parts
        if ".." in parts or PurePosixPath(name).is_absolute():
            raise HistoryError(f"历史记录中的文件名 {name} 不可用")
        path = raw / year / Path(*parts)
        content = kept(folder, sha256)
        with whole_file(path) as part:
            part.write_bytes(content)
        written.append(path)
    return written
