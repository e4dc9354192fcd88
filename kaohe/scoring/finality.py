"""How figures stand, in words: final or open, of which date and scoring, by which version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaohe.scoring import history, witness
from kaohe.scoring.marks import NO_RESULT
from kaohe.scoring.write import FINAL, OPEN, differences, is_trial, read_manifest


@dataclass(frozen=True)
class Finality:
    """`scoring`: the one that came to these figures; None where none was written that did. `final`: the decision that
    made the year final. `differs`: how the figures are not those of the final scoring or, in an open year, of the last.
    """

    state: str
    scoring: history.Record | None
    final: history.Record | None
    differs: tuple[str, ...]
    version: str

    @property
    def line(self) -> str:
        """State, date, scoring and version; nothing that may not leave the house."""
        written = self.scoring
        of = f"数据截至 {written.day}　评分编号 {written.id}" if written else "尚无评分编号"
        return f"{self.state}　{of}　kaohe {self.version}"

    @property
    def posted(self) -> str:
        """State and date alone, for pages that everyone sees."""
        return f"{self.state}　数据截至 {self.scoring.day}" if self.scoring else self.state

    @property
    def inside(self) -> str:
        """The same for internal eyes: with the files and readings that are others."""
        return f"{self.line}　不同之处：{'；'.join(self.differs)}" if self.differs else self.line


def finality(folder: Path) -> str:
    """Of the results in `folder`, for the head of every page; empty where nothing was scored.

    With the last record of the history: a page that was printed or sent bears witness to it.
    """
    about = read_manifest(folder)
    if "id" not in about or not history.scorings(folder):
        return ""
    return f"{finality_of(folder, about).line}　历史{witness.shown(history.records(folder)[-1])}"


def final_words(folder: Path) -> str:
    """Day and reason of the decision that made the year final; empty where it is open."""
    final = history.frozen_by(folder)
    return f"{final.day} 定稿：{final.reason}" if final else ""


def finality_of(folder: Path, about: Mapping[str, Any]) -> Finality:
    """Of figures that rest on what `about` says, be they written or scored here and now.

    `about` is a manifest, which may lack the tables: the same data under the same rules give the same ones.
    """
    past, final = history.scorings(folder), history.frozen_by(folder)
    last = final or (past[-1] if past else None)
    differs = tuple(differences(last.manifest, {"results": last.manifest["results"], **about})) if last else ()
    ours = last if not differs and not is_trial(about) else None  # a trial is no scoring, whatever it comes to
    same = (each for each in reversed(past) if ours and each.id == ours.id)
    return Finality(_state(about, final, last, differs), next(same, None), final, differs, about["kaohe"])


def _state(
    about: Mapping[str, Any], final: history.Record | None, last: history.Record | None, differs: tuple[str, ...]
) -> str:
    trial = [name for name, policy in about["policies"].items() if policy["origin"] == "run"]
    if trial:
        return f"试算读法：{'、'.join(trial)}，不是考核结果"
    if is_trial(about):
        return NO_RESULT
    if final:
        return f"与 {final.day} 的定稿不同" if differs else f"{FINAL}（{final.day}）"
    if about["provisional"]:
        return f"{OPEN}：缺项按 0 分暂计"
    return f"{OPEN}（{'尚未评分' if last is None else '与上次评分不同' if differs else '尚未定稿'}）"
