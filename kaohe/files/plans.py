"""What a set is about to change, written down beside its new files: how a killed run's work is completed or undone.

A folder of data comes from anywhere, and so may a plan in it. Only one is followed that this installation signed for
this folder, whose names lead nowhere else, whose files are still those it was signed with, and which finds in their
places what the run left there.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaohe.files import WriteError
from kaohe.files.kept import DamagedError, kept_json
from kaohe.files.names import is_plain, is_sha256, linked
from kaohe.files.signing import is_signed, signature

PLAN = "plan.json"


class ForeignPlanError(WriteError):
    """A plan that is not followed: nobody knows who wrote it, or it was damaged since. Nothing was changed."""


@dataclass(frozen=True)
class Plan:
    """`files` and `old`: name below the folder → hash, of the new files and of those they replace or that go;
    `drop`: names that go; `fresh`: new files where none stood."""

    files: Mapping[str, str]
    drop: tuple[str, ...]
    fresh: tuple[str, ...]
    old: Mapping[str, str]

    def text(self, folder: Path) -> str:
        """Signed for `folder`."""
        said = self._said(folder)
        return json.dumps({**said, "signed": signature(_signed(said))}, ensure_ascii=False)

    def _said(self, folder: Path) -> dict[str, Any]:
        files, old = dict(self.files), dict(self.old)
        return {"of": _of(folder), "files": files, "drop": [*self.drop], "fresh": [*self.fresh], "old": old}


def _of(folder: Path) -> str:
    """Which folder a plan is for: its disk may be another drive tomorrow."""
    return "/".join(folder.resolve().parts[-2:])


def _signed(said: Mapping[str, Any]) -> str:
    return json.dumps(said, sort_keys=True)


def hash_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_links(folder: Path, plan: Plan) -> None:
    """WriteError where a file of the plan would be written or removed through a link."""
    refuse_linked(folder, (*plan.files, *plan.drop))


def refuse_linked(folder: Path, names: Iterable[str]) -> None:
    """The same of files by their names below the folder."""
    if link := linked(folder, names):
        raise WriteError(f"{link} 是链接，kaohe 不经链接写文件；请换成真正的文件夹")


def own_plan(root: Path, folder: Path) -> Plan:
    """The plan that a run of this installation left in `root`; ForeignPlanError where it is none."""
    if os.path.islink(root) or not root.is_dir():
        raise _foreign(root)
    try:
        said = kept_json(root / PLAN, _wrong)
    except (FileNotFoundError, DamagedError):
        raise _foreign(root) from None
    if not is_signed(_signed({name: each for name, each in said.items() if name != "signed"}), said["signed"]):
        raise _foreign(root)
    plan = Plan(said["files"], tuple(said["drop"]), tuple(said["fresh"]), said["old"])
    if said["of"] != _of(folder) or not all(_as_signed(root / part, each) for part, each in _parts(plan)):
        raise _foreign(root)
    refuse_links(folder, plan)
    if not all(_as_left(folder / name, name, plan) for name in {*plan.files, *plan.drop}):
        raise _foreign(root)
    return plan


def _as_left(path: Path, name: str, plan: Plan) -> bool:
    """Whether the file in place is the old one or the new one: an old plan, laid here again, touches no later file."""
    if not os.path.lexists(path):
        return True
    known = {plan.files.get(name), plan.old.get(name)}
    return path.is_file() and hash_of(path) in known


def _parts(plan: Plan) -> tuple[tuple[str, Mapping[str, str]], ...]:
    return ("new", plan.files), ("old", plan.old)


def _as_signed(part: Path, files: Mapping[str, str]) -> bool:
    """Whether what is still there is what it was; the rest has gone to its place already."""
    if os.path.islink(part) or linked(part, files):
        return False
    there = [name for name in files if os.path.lexists(part / name)]
    return all(
        not os.path.islink(part / name) and (part / name).is_file() and hash_of(part / name) == files[name]
        for name in there
    )


def _wrong(said: Any) -> str:
    """What makes this no plan."""
    wanted = {"of": str, "files": dict, "drop": list, "fresh": list, "old": dict, "signed": str}
    if not isinstance(said, dict) or {name: type(each) for name, each in said.items()} != wanted:
        return "不是改动计划"
    names = (*said["files"], *said["drop"], *said["fresh"], *said["old"])
    hashes = (*said["files"].values(), *said["old"].values())
    return "" if all(map(is_plain, names)) and all(map(is_sha256, hashes)) else "其中的文件名不可用"


def _foreign(root: Path) -> ForeignPlanError:
    return ForeignPlanError(
        f"{root} 不是这台电脑上的 kaohe 写下的，或写下之后有改动（多半是随文件夹拷来、解压出来的），"
        "没有照它改动任何文件；请把它移走再运行。若是别的电脑或别的用户在这里写到一半中断，请先在那里再运行一次"
    )
