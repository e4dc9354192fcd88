"""A table of a book by its columns, before it is a data frame or a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class BookTable:
    """Columns by name, all of one length; `kinds`: the data frame's type of those that are no text. None is nothing."""

    columns: Mapping[str, Sequence[Any]]
    kinds: Mapping[str, str]

    @classmethod
    def of_rows(cls, rows: Iterable[Mapping[str, Any]], names: Iterable[str], kinds: Mapping[str, str]) -> BookTable:
        """What a row lacks is nothing."""
        columns: dict[str, list[Any]] = {name: [] for name in names}
        for row in rows:
            for name, column in columns.items():
                column.append(row.get(name))
        return cls(columns, kinds)

    def frame(self) -> pd.DataFrame:
        import pandas as pd

        held = dict(self.columns) if any(self.columns.values()) else []  # of no rows pandas would make numbers
        return pd.DataFrame(held, columns=list(self.columns)).astype(dict(self.kinds))
