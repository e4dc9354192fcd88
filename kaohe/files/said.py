"""Whatever a run ends with, in one line that people can act on."""

from __future__ import annotations

import traceback
from pathlib import Path

from kaohe.files import said_of
from kaohe.files.kept import KeptError

LITTLE_MEMORY = "内存不足：请关闭其他程序，或放宽内存限制（ulimit -v）后再运行"
_NO_MEMORY = ("cannot allocate memory", "failed to map segment", "can't start new thread", "unable to allocate")


def said_of_any(error: BaseException) -> str:
    """What no command foresaw included: then with its place, for whoever mends it."""
    told = str(error)
    if isinstance(error, MemoryError) or any(words in told.casefold() for words in _NO_MEMORY):
        return LITTLE_MEMORY
    if isinstance(error, OSError):
        return said_of(error)
    if isinstance(error, KeptError):
        return told
    if isinstance(error, ImportError) and error.__cause__ is not None:
        return said_of_any(error.__cause__)
    frames = traceback.extract_tb(error.__traceback__)
    place = f"，{Path(frames[-1].filename).name} 第 {frames[-1].lineno} 行" if frames else ""
    return f"kaohe 内部出错（{type(error).__name__}：{told}{place}），没有做完；请把这一行报给维护者"
