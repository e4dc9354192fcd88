"""A scored year as the next one may look at it, and what a scheme asks of years that nobody scored."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Sequence

from kaohe.scheme import Scheme
from kaohe.scoring.bind import Past
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.lineage import was_last

MOST_NAMED = 5


def past_of(before: ScoreBook | None, predecessors: Sequence[tuple[str, str]] = ()) -> dict[int, Past]:
    """The year before under the ids of the year at hand; empty where there is none. `predecessors`: see ScoreBook."""
    if before is None:
        return {}
    nodes = {(unit.unit_id, name): node for unit in before.units for name, node in unit.nodes.items()}
    above = {key: node.points for key, node in nodes.items() if node.points is not None}
    return {
        1: Past(
            points=ChainMap(above, dict(before.points)),
            raw={key: node.raw for key, node in nodes.items() if node.raw is not None},
            last=frozenset(unit.unit_id for unit in before.units if was_last(before, predecessors, unit.unit_id)),
            grades={unit.unit_id: unit.grade for unit in before.units},
        )
    }


def unseen(scheme: Scheme, scored: int) -> dict[int, tuple[str, ...]]:
    """Years ago → items (and 等次) that ask for results of a year beyond so many scored ones.

    Consequences are not among them: they stay undecided then.
    """
    return {ago: names for ago, names in scheme.asked_of_years.items() if ago > scored}


def says_unseen(scheme: Scheme, scored: int) -> Iterator[tuple[int, str]]:
    """(years ago, sentence) of what is looked up in years that are not scored: nothing is there, and it counts as 0."""
    for ago, names in unseen(scheme, scored).items():
        when = "上一年" if ago == 1 else f" {ago} 年前"
        asked = f"{'、'.join(names[:MOST_NAMED])}{'等' if len(names) > MOST_NAMED else ''}"
        told = f"要看{when}的得分、等次或名次，{when.strip()}没有可用的结果，得分按 0 计，等次、末位按不是计"
        yield ago, f"{asked}{told}"
