"""Tables of results read back, row by row: no pandas, which takes longer to start than they take to read."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any


def rows_of(content: bytes, columns: Sequence[str]) -> list[dict[str, Any]]:
    """These columns of a Parquet table; ValueError or OSError where it is none, KeyError where it lacks one."""
    from pyarrow.parquet import ParquetFile

    found = ParquetFile(io.BytesIO(content)).read(columns=list(columns), use_threads=False).to_pylist()
    return [{name: row[name] for name in columns} for row in found]
