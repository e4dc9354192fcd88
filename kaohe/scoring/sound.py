"""What a manifest or a record of the history has to say for anybody to rely on it; each returns what is wrong with it.

Both are text on a disk that anybody may have edited: everything is asked for that some reader takes as given.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from kaohe.files.names import is_plain, is_sha256
from kaohe.scheme.years import year_kind

TABLES = ("scores.parquet", "results.parquet")
"""What a scoring comes down to."""

MORE_TABLES = ("nodes.parquet",)
"""Further tables of a scoring, which those written before lack."""


def tables_of(about: Mapping[str, Any]) -> tuple[str, ...]:
    """The tables of the scoring that a manifest tells of."""
    return (*TABLES, *(name for name in MORE_TABLES if name in about["results"]))


CORE = (
    "year", "kaohe", "scheme", "policies", "provisional", "synthetic", "inputs", "previous_year", "previous_inputs",
    "scenario",
)  # fmt: skip
"""What of a manifest makes it this scoring and no other, beside its tables."""

EVENTS = ("score", "freeze", "unfreeze")
_RECORD = {"number", "event", "id", "time", "reason", "previous", "manifest"}


def manifest_problem(about: Any) -> str:
    """Of a manifest: what it says must be of its kind, and where it names a scoring, all of it must be there."""
    if not isinstance(about, dict):
        return "不是评分说明"
    wrong = [name for name, sound in _SOUND.items() if name in about and not sound(about[name])]
    if not wrong and "id" in about:
        wrong = [name for name in (*CORE, "results") if name != "scenario" and name not in about]
        wrong += [] if wrong or all(name in about["results"] for name in TABLES) else ["results"]
    return f"其中没有完整的评分说明（{'、'.join(wrong)}）" if wrong else ""


def record_problem(found: Any) -> str:
    """Of a record of the history."""
    if not isinstance(found, dict) or not set(found) <= _RECORD or not _RECORD - {"previous"} <= set(found):
        return "不是历史记录"
    number, previous = found["number"], found.get("previous", "")
    wrong = [
        name
        for name, sound in (
            ("number", type(number) is int and number > 0),
            ("event", found["event"] in EVENTS),
            ("id", _is_text(found["id"])),
            ("time", _is_time(found["time"])),
            ("reason", isinstance(found["reason"], str)),
            ("previous", previous == "" or is_sha256(previous)),
        )
        if not sound
    ]
    if wrong:
        return f"不是历史记录（{'、'.join(wrong)}）"
    return manifest_problem(found["manifest"]) or ("" if "id" in found["manifest"] else "其中没有完整的评分说明（id）")


def _is_text(found: Any) -> bool:
    return isinstance(found, str) and bool(found) and found.isprintable()


def _is_time(found: Any) -> bool:
    try:
        return isinstance(found, str) and bool(datetime.datetime.fromisoformat(found))
    except ValueError:
        return False


def _is_files(found: Any) -> bool:
    return isinstance(found, dict) and all(map(is_plain, found)) and all(map(is_sha256, found.values()))


def _is_policies(found: Any) -> bool:
    return isinstance(found, dict) and all(
        isinstance(each, dict) and isinstance(each.get("value"), str | int | float) and _is_text(each.get("origin"))
        for each in found.values()
    )


def _is_scheme(found: Any) -> bool:
    return isinstance(found, dict) and all(_is_text(found.get(name)) for name in ("id", "title", "sha256"))


def _is_mark(found: Any) -> bool:
    return isinstance(found, dict) and type(found.get("number")) is int and is_sha256(found.get("sha256"))


def _is_flag(found: Any) -> bool:
    return isinstance(found, bool)


def _is_a_year(found: Any) -> bool:
    return isinstance(found, str) and year_kind(found) is not None


_SOUND: Mapping[str, Any] = {
    "id": _is_text,
    "year": _is_a_year,
    "kaohe": _is_text,
    "scheme": _is_scheme,
    "policies": _is_policies,
    "provisional": _is_flag,
    "synthetic": _is_flag,
    "trial": _is_flag,
    "inputs": _is_files,
    "previous_inputs": _is_files,
    "previous_year": lambda found: found is None or _is_a_year(found),
    "results": _is_files,
    "record": _is_mark,
    "status": _is_text,
    "scenario": lambda found: isinstance(found, dict),
}
