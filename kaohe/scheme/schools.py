"""Whose a folder is: one school's data, or a folder of schools (`<school>/kaohe.yaml`, `<school>/raw/<year>/`).

Light: the command line asks before it loads anything.
"""

from __future__ import annotations

import os
from pathlib import Path

WHOSE = "kaohe.yaml"
"""The file that says whose a data folder is."""

RAW = "raw"


def whose_file(raw: Path) -> Path | None:
    """The file that says whose the folder is; a year that is being made lies one folder deeper for the time being."""
    near = (raw.parent, *([raw.parent.parent] if raw.name.startswith(".") else []))
    return next((folder / WHOSE for folder in near if os.path.lexists(folder / WHOSE)), None)


def schools_in(data: Path) -> list[str] | None:
    """The schools below `data`, by the names of their folders; None where it is one school's data, or nobody's.

    A folder is one of schools if it is no school's itself and one below it says whose it is; then each folder below
    it that says so or has raw data is a school.
    """
    if (data / RAW).is_dir() or os.path.lexists(data / WHOSE) or not data.is_dir():
        return None
    folders = [Path(entry.path) for entry in os.scandir(data) if not entry.name.startswith(".") and entry.is_dir()]
    if not any((folder / WHOSE).is_file() for folder in folders):
        return None
    return sorted(each.name for each in folders if (each / WHOSE).is_file() or (each / RAW).is_dir())
