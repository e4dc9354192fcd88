"""A folder that is there whole or not at all, and never in place of another."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kaohe.files import WriteError, sync, write_errors
from kaohe.files.failpoints import failpoint
from kaohe.files.names import is_plain


def write_new_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by name into a folder made beside and renamed once it is complete; WriteError where one is there."""
    unusable = next((name for name in files if not is_plain(name)), None)
    if unusable is not None:
        raise WriteError(f"文件名 {unusable!r} 不可用：应是文件夹之内的文件")
    with write_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        failpoint("stage", folder)
        aside = Path(tempfile.mkdtemp(prefix=".kaohe-staged-", dir=folder.parent))
    try:
        new = aside / "new"
        with write_errors(folder):
            for name, content in files.items():
                path = new / name
                path.parent.mkdir(parents=True, exist_ok=True)
                failpoint("write", path)
                path.write_bytes(content)
                sync(path)
            if folder.exists():
                raise WriteError(f"{folder} 已存在，没有改动它")
            failpoint("replace", folder)
            os.rename(new, folder)
            sync(folder.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
