"""A question's answer as a file: what it rests on, and the answer as the command writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Answered:
    """An answer and the year it is about, as a kernel shows it.

    `rests_on`: changes when the scoring or kaohe's code does; `problem`: why there is no answer; `trial`: found under
    readings given for this run alone.
    """

    question: str
    year: str
    rests_on: str
    synthetic: bool = False
    provisional: bool = False
    answer: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    trial: bool = False

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


def shown_of(path: Path) -> bytes:
    """What a page can show of an answer: all but what it rests on, which another scoring may share."""
    return replace(read_answered(path), rests_on="").text().encode()


def read_answered(path: Path) -> Answered:
    """ValueError, KeyError or TypeError where it is no answer."""
    return Answered(**json.loads(path.read_text(encoding="utf-8")))
