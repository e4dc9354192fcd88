"""`score_year`: from a year's raw tables to its ScoreBook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kaohe.intake import Intake, read_year
from kaohe.intake.findings import Finding, Missing, by_input, tally
from kaohe.intake.tables.wanted import looks_back
from kaohe.intake.year.predecessor import predecessor, what_follows
from kaohe.scheme import Scheme
from kaohe.scheme.years import year_said
from kaohe.scoring.assemble import score_data
from kaohe.scoring.bind import BoundYear, bind
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.past import past_of, says_unseen
from kaohe.scoring.refusal import UncomputableError

UNDECIDED = "year-before-not-scorable"
"""Code of the finding that nothing is concluded from last year's data."""

UNSEEN = "years-before-not-scored"
"""Code of the finding that the scheme asks for results of years that are not there."""


class NotScorableError(ValueError):
    """A year whose data has errors, or lacks inputs; carries what was found."""

    def __init__(self, year: str, findings: tuple[Finding, ...], missing: tuple[Missing, ...]) -> None:
        self.year, self.findings, self.missing = year, findings, missing
        errors = tally(findings)["error"]
        parts = [f"{errors} 处错误"] if errors else []
        parts += [f"{len(by_input(missing))} 项适用的数据尚未上报"] if missing else []
        super().__init__(f"{year_said(year)}不能评分：{'，'.join(parts)}")


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


def bound_of(intake: Intake, book: ScoreBook) -> BoundYear:
    """The year as it was bound when it was scored to `book`: for analyses that score it once more, in other ways."""
    assert intake.scheme
    assert intake.policies
    assert intake.data
    return bind(intake.scheme, intake.policies, intake.data, past_of(book.before, book.predecessors))


def year_before(raw: Path, year: str, read: Callable[[Path, str], Intake] = read_year) -> Intake | None:
    """Last year's data under its own decisions, where it may be held beside; `read` reads a year.

    It may have errors or gaps: then nothing is concluded from it, and `undecided` says why.
    """
    last = predecessor(raw, year)
    return read(raw, last.year) if last.folder is not None else None


def undecided(before: Intake | None) -> str:
    """Why nothing can be concluded from last year's data, with the first thing that is wrong; empty where it can."""
    if before is None or before.ok:
        return ""
    errors = [each for each in before.findings if each.severity == "error"]
    lacking = by_input(before.missing)
    many = "、".join(
        text
        for text, count in ((f"{tally(errors)['error']} 处错误", errors), (f"{len(lacking)} 项没有报齐", lacking))
        if count
    )
    first = f"（{'如' if len(errors) > 1 else ''}{errors[0]}）" if errors else ""
    if not errors and before.missing:
        first = f"（{'如' if len(lacking) > 1 else ''}{_lacking(before.missing[0], before)}）"
    return f"{year_said(before.year)}的数据有 {many}{first}，不能评分：{what_follows(before.year)}；改正后重新评分"


def _lacking(missing: Missing, of: Intake) -> str:
    """What is not handed in, and of whom."""
    metrics = of.scheme.metrics if of.scheme else {}
    what = metrics[missing.what].name if missing.kind == "metric" and missing.what in metrics else missing.what
    item = f" {missing.indicator}" if missing.indicator and missing.kind != "metric" else ""
    return f"{missing.unit}{item} 的{what}"


def told_of_year_before(intake: Intake, before: Intake | None) -> Intake:
    """The year with findings about years before that cannot be scored, or that nobody scores though they are asked."""
    why = undecided(before)
    found = []
    if why:
        expected = f"先运行 kaohe check {before.year if before else ''}，改正它的数据"
        if before is not None and before.scheme is None and intake.scheme is not None and looks_back(intake.scheme):
            expected = f"那一年不按这份方案评的，把要看的数写进本年的指标数据表，“年度”列写 {before.year}"
        found.append(Finding("warning", UNDECIDED, why, expected=expected))
    if intake.scheme is not None:
        found += _unseen(intake.scheme, 0 if before is None or why else 1)
    return replace(intake, findings=(*intake.findings, *found)) if found else intake


def _unseen(scheme: Scheme, scored: int) -> Iterator[Finding]:
    """What the scheme looks up in years that are not scored."""
    for ago, told in says_unseen(scheme, scored):
        expected = (
            "补上那一年的数据" if ago == 1 else "只有上一年会一起评分：办法改为只看上一年，或把那年的数作指标报送"
        )
        yield Finding("warning", UNSEEN, told, expected=expected)


def score_intake(
    intake: Intake, *, before: Intake | None = None, provisional: bool = False, despite_errors: bool = False
) -> ScoreBook:
    """Score what was read; `before` is the year before, also read: with errors or gaps, the book says what follows.

    NotScorableError as in `score_year`; `despite_errors` scores what is left when rows in error are dropped.
    """
    unusable = intake.data is None or not intake.data.units or intake.scheme is None or intake.policies is None
    if unusable or (intake.has_errors and not despite_errors) or (intake.missing and not provisional):
        raise NotScorableError(intake.year, intake.findings, () if provisional else intake.missing)
    assert intake.scheme
    assert intake.policies
    assert intake.data
    last, why = scored_before(before)
    book = score_data(intake.scheme, intake.policies, intake.data, provisional=provisional, before=last)
    return replace(book, uncompared=why) if why else book


def scored_before(before: Intake | None) -> tuple[ScoreBook | None, str]:
    """The year before by itself, under its own decisions; or why nothing can be concluded from it."""
    why = undecided(before)
    if before is None or why:
        return None, why
    assert before.scheme
    assert before.policies
    assert before.data
    try:
        return score_data(before.scheme, before.policies, before.data), ""
    except UncomputableError as error:
        return None, f"{year_said(before.year)}不能评分（{error}）：{what_follows(before.year)}"
