"""Files that belong together (scores, results, their manifest): all of them change, or none.

No system renames several files at once. So the new ones are written into a folder beside the old, which then takes
the name `COMMITTED` – from that moment the new set holds – and are moved to their places, the manifest last. A run
that is killed on the way leaves the folder, and whoever holds the place next moves the rest (`recover`). Where a move
is refused, because Excel holds a file, the old ones, kept as links, return to their places (`UNDONE`).

What takes long to make waits in `WAITING`, whole, for the set to be complete: a run that is stopped leaves it to the
next.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from kaohe.files import WriteError, leave_place, sync, take_place, write_errors
from kaohe.files.failpoints import failpoint
from kaohe.files.names import is_plain
from kaohe.files.plans import PLAN, Plan, hash_of, own_plan, refuse_links

STAGED, COMMITTED, UNDONE = ".kaohe-staged-", ".kaohe-commit", ".kaohe-undo"
WAITING = ".kaohe-waiting"
LAST = "manifest.json"
LITTER = ".*.kaohe-part"
"""What whole_file leaves when it is killed."""


class Stage:
    """Where a set is written: `path(name)` for a new file of it, `drop(names)` for those that are to go.

    A name is a path below `folder`, where the set will stand.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.root = folder, root
        self.dropped: set[str] = set()

    @property
    def new(self) -> Path:
        """The folder that becomes part of the real one."""
        return self.root / "new"

    def name(self, place: Path) -> str:
        return place.relative_to(self.folder).as_posix()

    def path(self, name: str) -> Path:
        path = self.new / _plain(name)
        with write_errors(self.folder / name):
            path.parent.mkdir(parents=True, exist_ok=True)
            failpoint("write", path)
        return path

    def write(self, name: str, text: str) -> None:
        """A text file, UTF-8."""
        path = self.path(name)
        with write_errors(self.folder / name):
            path.write_text(text, encoding="utf-8", newline="\n")

    def waiting(self, name: str) -> Path:
        """Where a file that takes long to make is to wait until `take`; an earlier run may have left it there."""
        return self.folder / WAITING / _plain(name)

    def take(self, name: str) -> None:
        """The file that waits becomes part of the set; it waits on for the next run should this one not end well."""
        path = self.path(name)
        with write_errors(self.folder / name):
            _twin(self.waiting(name), path)

    def coming(self, name: str) -> Path | None:
        """Where the file that will have this name once the set has taken its place stands now; None: there is none."""
        if (self.new / name).is_file():
            return self.new / name
        return self.folder / name if (self.folder / name).is_file() and name not in self.dropped else None

    def has(self, name: str) -> bool:
        return self.coming(name) is not None

    def drop(self, names: Iterable[str]) -> None:
        self.dropped |= {_plain(name) for name in names}

    def names(self) -> list[str]:
        """The new files, the manifest last: whoever finds it finds what it is about."""
        found = [path.relative_to(self.new).as_posix() for path in self.new.rglob("*") if path.is_file()]
        return sorted(found, key=lambda name: (name.rpartition("/")[2] == LAST, name))


def _plain(name: str) -> str:
    """The name, which may come out of a file, as long as it does not lead out of the set's folder."""
    if not is_plain(name):
        raise WriteError(f"文件名 {name!r} 不可用：应是文件夹之内的文件")
    return name


@contextmanager
def whole_set(folder: Path) -> Iterator[Stage]:
    """A stage whose files take their places in `folder` together when the block ends well; the caller holds `folder`.

    WriteError where that cannot be done; the old files are all in place then.
    """
    with write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        failpoint("stage", folder)
        root = Path(tempfile.mkdtemp(prefix=STAGED, dir=folder))
    try:
        with write_errors(folder):
            stage = Stage(folder, root)
            stage.new.mkdir()
            yield stage
            plan = _commit(stage)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    with write_errors(folder):
        _move(folder, plan)


def _commit(stage: Stage) -> Plan:
    """Everything on the disk, the old files kept beside the new; then the one rename that decides."""
    names = stage.names()
    dropped = sorted(stage.dropped - set(names))
    folder, old = stage.folder, stage.root / "old"
    replaced = [name for name in (*names, *dropped) if (folder / name).is_file()]
    for name in replaced:
        _twin(folder / name, old / name)
    plan = Plan(
        {name: hash_of(stage.new / name) for name in names},
        tuple(dropped),
        tuple(name for name in names if not os.path.lexists(folder / name)),
        {name: hash_of(old / name) for name in replaced},
    )
    refuse_links(folder, plan)
    failpoint("write", stage.root / PLAN)
    (stage.root / PLAN).write_text(plan.text(folder), encoding="utf-8")
    for path in stage.new.rglob("*"):
        sync(path)
    sync(stage.root / PLAN)
    take_place(stage.root, folder / COMMITTED)
    return plan


def _twin(path: Path, twin: Path) -> None:
    twin.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, twin)
    except OSError:  # a file system without links
        shutil.copy2(path, twin)


def _move(folder: Path, plan: Plan) -> None:
    """The committed files to their places; may be taken up again wherever it stopped."""
    root = folder / COMMITTED
    try:
        sync(folder)
        for name in plan.files:
            if (root / "new" / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                take_place(root / "new" / name, folder / name)
        for name in plan.drop:
            leave_place(folder / name)
    except OSError as error:
        failpoint("undo", root)
        os.rename(root, folder / UNDONE)
        _undo(folder, plan)
        raise error if isinstance(error, WriteError) else WriteError(f"无法写入 {folder}：{error}") from error
    for parent in sorted({(folder / name).parent for name in plan.files}):
        sync(parent)
    shutil.rmtree(folder / WAITING, ignore_errors=True)
    _clear(root)


def _undo(folder: Path, plan: Plan) -> None:
    """The old files back in their places."""
    root = folder / UNDONE
    for name in (*plan.files, *plan.drop):
        failpoint("undo", folder / name)
        moved = not (root / "new" / name).is_file()
        if moved and (root / "old" / name).is_file():
            os.replace(root / "old" / name, folder / name)
        elif moved and name in plan.fresh:
            (folder / name).unlink(missing_ok=True)
    _clear(root)


def _clear(root: Path) -> None:
    """Away under a name that means nothing, so that half a folder is not taken for a whole one."""
    gone = root.with_name(f"{STAGED}{uuid4().hex}")
    os.rename(root, gone)
    failpoint("clear", root)
    shutil.rmtree(gone, ignore_errors=True)


def recover(folder: Path, *, deep: bool = True) -> None:
    """Complete or undo what a killed run left half-done, and clear what it left lying; the caller holds `folder`.

    ForeignPlanError where something claims to be that and is not known to be: nothing is changed then.
    """
    if not folder.is_dir():
        return
    if os.path.islink(folder / WAITING):
        raise WriteError(f"{folder / WAITING} 是链接，kaohe 不经链接写文件；请把它移走再运行")
    if os.path.lexists(folder / UNDONE):
        _undo(folder, own_plan(folder / UNDONE, folder))
    if os.path.lexists(folder / COMMITTED):
        _move(folder, own_plan(folder / COMMITTED, folder))
    for left in folder.glob(f"{STAGED}*"):
        shutil.rmtree(left, ignore_errors=True)
    for file in folder.rglob(LITTER) if deep else folder.glob(LITTER):
        file.unlink(missing_ok=True)


def unfinished(folder: Path) -> bool:
    """Whether a killed run left a set that the next one has to complete, or something stands there in its place."""
    return os.path.lexists(folder / COMMITTED) or os.path.lexists(folder / UNDONE)
