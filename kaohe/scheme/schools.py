"""A folder of schools: `<school>/kaohe.yaml` and `<school>/raw/<year>/`, each a data folder with a scheme of its own.

Light: the command line asks before it loads anything.
"""

from __future__ import annotations

import os
from pathlib import Path

WHOSE = "kaohe.yaml"
"""The file that says whose a data folder is."""

RAW = "raw"


def schools_in(data: Path) -> list[str] | None:
    """The schools below `data`, by the names of their folders; None where it is one school's data, or nobody's.

    A folder is one of schools if it is no school's itself and one below it says whose it is; then each folder below
    it that says so or has raw data is a school.
    """
    if (data / RAW).is_dir() or (data / WHOSE).is_file() or not data.is_dir():
        return None
    folders = [Path(entry.path) for entry in os.scandir(data) if not entry.name.startswith(".") and entry.is_dir()]
    if not any((folder / WHOSE).is_file() for folder in folders):
        return None
    return sorted(each.name for each in folders if (each / WHOSE).is_file() or (each / RAW).is_dir())
