"""`score_year`: from a year's raw tables to its ScoreBook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kaohe.intake import Intake, read_year
from kaohe.intake.findings import Finding, Missing, by_input, tally
from kaohe.intake.predecessor import predecessor
from kaohe.scoring.assemble import score_data, with_previous
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.lineage import renamed, renames_of


class NotScorableError(ValueError):
    """A year whose data has errors, or lacks inputs; carries what was found."""

    def __init__(self, year: str, findings: tuple[Finding, ...], missing: tuple[Missing, ...]) -> None:
        self.year, self.findings, self.missing = year, findings, missing
        errors = tally(findings)["error"]
        parts = [f"{errors} 处错误"] if errors else []
        parts += [f"{len(by_input(missing))} 项适用的数据尚未上报"] if missing else []
        super().__init__(f"{year} 学年不能评分：{'，'.join(parts)}")


def score_year(
    year: str,
    raw: Path | str = Path("data/raw"),
    policies: Mapping[str, Any] | None = None,
    *,
    provisional: bool = False,
) -> ScoreBook:
    """Read and score a year below `raw`, its predecessor too where there is one.

    NotScorableError where the data has errors or, unless `provisional`, lacks applicable inputs;
    PolicyError where `policies` (name → value, over the year's own) are unknown or contradict.
    """
    raw = Path(raw)
    return score_intake(read_year(raw, year, policies), before=year_before(raw, year), provisional=provisional)


def year_before(raw: Path, year: str, read: Callable[[Path, str], Intake] = read_year) -> Intake | None:
    """Last year's data under its own decisions, where it can be scored and may be held beside; `read` reads a year."""
    last = predecessor(raw, year)
    if last.folder is None:
        return None
    found = read(raw, last.year)
    return found if not found.has_errors and not found.missing else None


def score_intake(
    intake: Intake, *, before: Intake | None = None, provisional: bool = False, despite_errors: bool = False
) -> ScoreBook:
    """Score what was read; `before` is the year before, also read.

    NotScorableError as in `score_year`; `despite_errors` scores what is left when rows in error are dropped.
    """
    unusable = intake.data is None or not intake.data.units or intake.scheme is None or intake.policies is None
    if unusable or (intake.has_errors and not despite_errors) or (intake.missing and not provisional):
        raise NotScorableError(intake.year, intake.findings, () if provisional else intake.missing)
    assert intake.scheme
    assert intake.policies
    assert intake.data
    book = score_data(intake.scheme, intake.policies, intake.data, provisional=provisional)
    if before is None:
        return book
    assert before.scheme
    assert before.policies
    assert before.data
    last = score_data(before.scheme, before.policies, before.data)
    return with_previous(book, renamed(last, renames_of(book)))
