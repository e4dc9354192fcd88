"""How a year's results stand, in words: open or final, of which date, by which version."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaohe.scoring import history
from kaohe.scoring.write import FINAL, OPEN, differences, read_manifest


def standing(folder: Path) -> str:
    """One line for the head of every page; empty where nothing was scored. The date is that of the
    scoring that first came to these results."""
    about = read_manifest(folder)
    past = history.scorings(folder)
    if not about or not past:
        return ""
    final = history.frozen_by(folder)
    state = f"{FINAL}（{final.day}）" if final else f"{OPEN}（尚未定稿）"
    run = [name for name, policy in about["policies"].items() if policy["origin"] == "run"]
    trial = f"　试算读法：{'、'.join(run)}" if run else ""
    return f"{state}　数据截至 {past[-1].day}　kaohe {about['kaohe']}{trial}"


def standing_now(folder: Path, about: Mapping[str, Any]) -> str:
    """The same for figures that were scored here and now; `about`: what they rest on, as `manifest` says.

    Where they rest on the same as what was written, that line; else how they differ from it.
    """
    last = history.frozen_by(folder) or next(reversed(history.scorings(folder)), None)
    if last is None:
        return f"{OPEN}（尚未写入评分）　kaohe {about['kaohe']}"
    differs = differences(last.manifest, {**about, "results": last.manifest["results"]})
    if not differs:
        return standing(folder)
    against = f"{last.day} 的定稿" if last.event == "freeze" else f"{last.day} 的评分"
    return f"{OPEN}　与 {against}不同：{'；'.join(differs)}　kaohe {about['kaohe']}"


@dataclass(frozen=True)
class Standing:
    """How figures stand that leave the house: `differs` says how they are not those that were made final."""

    state: str
    id: str
    day: str
    version: str
    final: history.Record | None
    differs: tuple[str, ...]

    @property
    def line(self) -> str:
        """State, date, scoring and version, in one line."""
        return f"{self.state}　数据截至 {self.day}　评分编号 {self.id}　kaohe {self.version}"


def standing_of(folder: Path, about: Mapping[str, Any]) -> Standing:
    """How a scoring stands, written or not: `about` is its manifest with its id and the hashes of its tables.

    The date is that of the scoring that first came to these results, today where none did.
    """
    final = history.frozen_by(folder)
    differs = tuple(differences(final.manifest, about)) if final else ()
    if final and not differs:
        about = {**final.manifest, "id": final.id}
    past = [record.day for record in history.scorings(folder) if record.id == about["id"]]
    day = past[0] if past else datetime.date.today().isoformat()
    return Standing(_state(about, final, differs), about["id"], day, about["kaohe"], final, differs)


def _state(about: Mapping[str, Any], final: history.Record | None, differs: tuple[str, ...]) -> str:
    if final:
        return f"与 {final.day} 的定稿不同：{'；'.join(differs)}" if differs else f"{FINAL}（{final.day}）"
    if about["provisional"]:
        return f"{OPEN}：缺项按 0 分暂计"
    trial = [name for name, policy in about["policies"].items() if policy["origin"] == "run"]
    return f"试算读法：{'、'.join(trial)}，不是考核结果" if trial else f"{OPEN}（尚未定稿）"
