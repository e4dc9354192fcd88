"""A second place that knows what the history says: a line a record, beside the raw data of the year.

A history that is deleted whole, or shortened together with its manifest, contradicts nothing that is left of it. This
file stands elsewhere, so that it does. It is no table, is hidden, and goes along in no copy of a year's tables. Raw
data may be scored for several folders of results: each line says which of them it is about. Like everything on a disk
it can be edited by the disk's owner: the pages that were printed or sent carry the last line, too.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kaohe.files import LITTER_END, WriteError, write_text
from kaohe.files.kept import DamagedError, KeptError, json_of, kept_text
from kaohe.files.names import is_sha256
from kaohe.scoring import history
from kaohe.scoring.sound import EVENTS

SHOWN = 8
"""Characters of a hash that pages and listings show."""

FEW = 3
_ADVICE = "请用备份恢复它，或把它移到别处留着再运行"
SAID = {"score": "评分", "freeze": "定稿", "unfreeze": "撤销定稿"}


@dataclass(frozen=True)
class Link:
    """One record of the history, as it was when it was written; `of`: where the results stand, from the raw data."""

    of: str
    number: int
    event: str
    id: str
    time: str
    sha256: str


def place_of(raw: Path, year: str) -> Path:
    return raw / f".kaohe-{year}.jsonl"


def links(folder: Path, raw: Path) -> list[Link]:
    """What the second place knows of the results in `folder`; KeptError where it cannot be read."""
    of = _where(folder, raw)
    return [each for each in _every(place_of(raw, folder.name)) if each.of == of]


def _where(folder: Path, raw: Path) -> str:
    """The same when both were moved together; on another drive of Windows than the raw data the whole path."""
    try:
        return Path(os.path.relpath(folder.resolve(), raw.resolve())).as_posix()
    except ValueError:
        return folder.resolve().as_posix()


def _every(path: Path) -> list[Link]:
    try:
        lines = kept_text(path, advice=_ADVICE).splitlines()
    except FileNotFoundError:
        return []
    return [_link(line, number, path) for number, line in enumerate(lines, start=1) if line.strip()]


def _link(line: str, number: int, path: Path) -> Link:
    try:
        return Link(**json_of(line.encode(), path, _problem, advice=_ADVICE))
    except DamagedError:
        raise DamagedError(path, f"第 {number} 行已损坏", _ADVICE) from None


def _problem(found: Any) -> str:
    kinds = {"of": str, "number": int, "event": str, "id": str, "time": str, "sha256": str}
    if not isinstance(found, dict) or {name: type(each) for name, each in found.items()} != kinds:
        return "不是历史的一行"
    return "" if found["event"] in EVENTS and is_sha256(found["sha256"]) else "不是历史的一行"


def shown(record: history.Record) -> str:
    """How a page or a listing names a record, to be held against another: `第 3 条 1a2b3c4d`."""
    return f"第 {record.number} 条 {record.sha256[:SHOWN]}"


def bear_witness(folder: Path, raw: Path) -> None:
    """Write down what the second place does not know yet; the caller holds `folder`.

    Raw data that are kept read-only stay without it: `behind` tells. WriteError for any other reason.
    """
    path = place_of(raw, folder.name)
    known = _every(path)
    there = set(known)
    new = [each for each in _there(folder, raw) if each not in there]
    if not new:
        return
    try:
        for left in path.parent.glob(f".{path.name}.*{LITTER_END}"):
            left.unlink(missing_ok=True)
        write_text(path, "".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in (*known, *new)))
    except WriteError as error:
        cause = error.__cause__
        if not isinstance(cause, OSError) or cause.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise


def _there(folder: Path, raw: Path) -> list[Link]:
    """The records of the history as links."""
    of = _where(folder, raw)
    found = history.records(folder)
    return [Link(of, each.number, each.event, each.id, each.time, each.sha256) for each in found]


def behind(folder: Path, raw: Path) -> str:
    """That the last records stand in no second place; empty where they do, or there is no record."""
    known = {each.sha256 for each in links(folder, raw)}
    left = [record for record in history.records(folder) if record.sha256 not in known]
    if not left:
        return ""
    return (
        f"历史从{shown(left[0])} 起没有在 {place_of(raw, folder.name)} 留下第二份记录（那里不可写，或是旧版本评的分）"
    )


def contradictions(folder: Path, raw: Path) -> Iterator[str]:
    """Records that the second place knows and the history has no more, one sentence each, then their number."""
    try:
        known = links(folder, raw)
    except KeptError as error:
        yield str(error)
        return
    there = set(_there(folder, raw))
    lost = [each for each in known if each not in there]
    for each in lost[:FEW]:
        yield (
            f"{folder / 'history'}：第 {each.number} 条历史记录（{SAID[each.event]} {each.id}，{each.time[:10]}）"
            f"被删除或改动过，{place_of(raw, folder.name)} 里记着它；请用备份恢复 history，"
            f"确要从头开始的，说明经过并把后者移到别处留存"
        )
    if lost[FEW:]:
        yield f"{folder / 'history'}：像这样的共 {len(lost)} 条"


def frozen(folder: Path, raw: Path) -> bool:
    """Whether the last decision that the second place knows of these results made the year final."""
    decisions = [each for each in links(folder, raw) if each.event != "score"]
    return bool(decisions) and decisions[-1].event == "freeze"
