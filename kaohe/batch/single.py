"""The pages of single units of a year: made beside those that stand, of the same scoring, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kaohe.batch.assets import share_assets
from kaohe.batch.deliver import outdated_packages
from kaohe.batch.job import Done
from kaohe.batch.jobs import Plan, add_year
from kaohe.batch.layout import YearFolder
from kaohe.batch.pictures import outdated_pictures
from kaohe.batch.prepare import Prepared
from kaohe.batch.printing import outdated
from kaohe.files.sets import Stage
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.refusal import RefusedError
from kaohe.scoring.write import manifest_text, read_manifest

SAME = ("inputs", "previous_inputs", "scheme", "policies", "provisional")
"""What two scorings share where their pages may stand beside each other."""


@dataclass
class Single:
    """Which units are asked for: `chosen` finds their ids in the scored year, and ends where one is unknown."""

    chosen: Callable[[ScoreBook], Collection[str]]
    out: Path
    units: tuple[str, ...] = field(default=())

    def agree(self, book: ScoreBook, about: Mapping[str, Any]) -> None:
        """RefusedError where the pages that stand were made from other data or readings."""
        self.units = tuple(dict.fromkeys(self.chosen(book)))
        stands = read_manifest(self.out / book.year)
        if stands and any(stands.get(name) != about[name] for name in SAME):
            raise RefusedError(
                f"{self.out / book.year} 中的网页是按另一批数据或读法做的，只换几个单位的页会新旧混杂；"
                f"请运行 kaohe report {book.year} 全部重做，或用 --out 另选一个文件夹只做这几页"
            )

    @property
    def names(self) -> set[str]:
        return {name for unit in self.units for name in (f"units/{unit}", f"public/units/{unit}")}


def plan_single(stage: Stage, single: Single, year: Prepared, data: Path, *, inline: bool, provisional: bool) -> Plan:
    """The jobs of the units' pages alone."""
    if not inline:
        share_assets(stage)
    plan = Plan(stage, inline)
    compare = stage.has("compare.html")
    add_year(plan, year, data, single.out, provisional=provisional, compare=compare, only=single.names)
    return plan


def finish_single(year: Prepared, done: Collection[Done], stage: Stage) -> None:
    """The year's manifest tells of these pages, too; everything else stands as it does."""
    place = YearFolder(stage.folder, year.year)
    mine = {each.job.name.partition("/")[2]: "failed" if each.error else "ok" for each in done}
    reports = read_manifest(place.folder).get("reports", {})
    stage.write(stage.name(place.manifest), manifest_text({**year.manifest, "reports": {**reports, **mine}}))
    stage.drop([*outdated(stage), *outdated_pictures(stage), *outdated_packages(stage)])
