"""Tables of results read back, row by row: no pandas, which takes longer to start than they take to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def rows_of(content: bytes, columns: Sequence[str], perhaps: Sequence[str] = ()) -> list[dict[str, Any]]:
    """These columns of a Parquet table, and those of `perhaps` that it has.

    ValueError or OSError where it is none, KeyError where it lacks one of `columns`.
    """
    from pyarrow import BufferReader
    from pyarrow.parquet import ParquetFile

    file = ParquetFile(BufferReader(content))
    wanted = [*columns, *(name for name in perhaps if name in file.schema_arrow.names)]
    found = file.read(columns=wanted, use_threads=False).to_pydict()
    return [dict(zip(wanted, row, strict=True)) for row in zip(*(found[name] for name in wanted), strict=True)]
