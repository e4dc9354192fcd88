"""What a text foresees piece by piece: bands, and clauses such as a limit or a deduction; and which units each met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from kaohe.rules.numbers import Array


class Branch(NamedTuple):
    """One band or clause of a figure, in words; `used`: for each unit of the pool whether it applied to it."""

    kind: Literal["band", "clause"]
    says: str
    used: Array


def clause(says: str, used: Any) -> Branch:
    """A clause; `used` as compared, exact numbers among it."""
    return Branch("clause", says, np.asarray(used, dtype=bool))


def taken_bands(says: Sequence[str], band: Any) -> list[Branch]:
    """Bands in their order; `band`: the place of the one that each unit reached, beyond the last where none."""
    return [Branch("band", text, np.asarray(np.asarray(band) == place)) for place, text in enumerate(says)]
