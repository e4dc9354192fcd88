"""Before the notebooks: a year read, scored and written to data/processed, with what the public may see apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kaohe.analysis.attribution import difference, difference_text
from kaohe.analysis.checked import checked, checked_text
from kaohe.analysis.kept import SideError, of_record
from kaohe.analysis.public import public_units, public_year, write_public
from kaohe.analysis.questions import QUESTIONS, Question
from kaohe.analysis.readings import with_effects
from kaohe.analysis.settled import publish, published
from kaohe.batch.answers import differences_since, holds, write_answers
from kaohe.batch.explained import keep
from kaohe.batch.layout import Processed
from kaohe.batch.sources import rested_on
from kaohe.files import write_text
from kaohe.intake import Intake, read_year
from kaohe.scheme.policies import PolicyError
from kaohe.scheme.yamlfile import READ
from kaohe.scoring import history
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.bookfile import frozen
from kaohe.scoring.finality import final_words, finality, finality_of
from kaohe.scoring.score import NotScorableError, score_intake, told_of_year_before, year_before
from kaohe.scoring.write import Keeping, manifest, read_manifest, write_scores


@dataclass(frozen=True)
class Prepared:
    """A year ready for its notebooks; `book` None where it cannot be scored."""

    year: str
    intake: Intake
    processed: Processed
    book: ScoreBook | None
    manifest: Mapping[str, Any]
    corrected: bool = False
    """Whether there is an earlier scoring to hold beside this one."""
    status_line: str = ""
    """暂定 or 定稿, the data's date and the version, in words."""
    posted_line: str = ""
    """The same as it may be posted: without numbers that tell a scoring from another."""
    final: history.Record | None = None
    """What made the year final, if it still is."""
    untold: Mapping[str, str] = field(default_factory=dict)
    """Groups of whose totals the public page says nothing yet, and why."""
    unsaid: tuple[str, ...] = ()
    """What the notice to be posted leaves blank, for the year does not say it."""
    questions: tuple[Question, ...] = ()
    """Those whose answers are of this very scoring."""
    since: bool = False
    """Whether it is known what the differences from the year before come from."""

    @property
    def trial(self) -> bool:
        return self.book is not None and self.book.trial

    def answer(self, question: str) -> Path | None:
        """The file of a question's answer; None where there is none of this scoring."""
        there = any(each.id == question for each in self.questions)
        return self.processed.answer(question) if there else None


def prepare(
    year: str,
    raw: Path,
    processed: Path,
    policies: Mapping[str, Any] | None = None,
    *,
    provisional: bool = False,
    public: bool = True,
    questions: Sequence[Question] = QUESTIONS,
    read: Callable[[Path, str], Intake] = read_year,
    stood: bytes = b"",
    agree: Callable[[ScoreBook, Mapping[str, Any]], None] = lambda book, about: None,
) -> Prepared:
    """Read, score and write a year. PolicyError for wrong `policies`; `read` may remember what it has read.

    The caller holds `processed`/`year`; where its `read` remembers, `stood` is what `rested_on` said before `read` was
    first asked. RefusedError where the year is final and would come out otherwise.

    Provisionally a year with errors is scored too: rows in error are left out and their cells missing.

    With `policies` it is a trial: `processed` is where trials are kept, and nothing is made for the public. Where pages
    for the `public` are to follow, it is remembered of which marks their totals are.

    `questions` about the year are answered where what the answers rest on has changed; of the others, answers that
    still hold are kept.

    `agree` is given the book and its manifest before anything is written, and may refuse.
    """
    stood = stood or rested_on(raw.parent)
    intake = read_year(raw, year, policies) if policies else read(raw, year)
    place = Processed(processed, year)
    before = year_before(raw, year, read)
    findings = checked_text(checked(told_of_year_before(intake, before), provisional=provisional))
    try:
        book = score_intake(intake, before=before, provisional=provisional, despite_errors=provisional)
    except NotScorableError:
        write_text(place.findings, findings)
        return Prepared(year, intake, place, None, {})
    about = manifest(book, intake, before)
    agree(book, about)
    write_text(place.findings, findings)
    book = with_effects(book, intake)
    if book.trial:
        write_scores(place.folder, book, about, more={place.name(place.book): frozen(book)})
        return Prepared(
            year, intake, place, book, read_manifest(place.folder), status_line=finality_of(place.folder, about).line
        )
    book = replace(book, final=final_words(place.folder))  # refused below, if not the same
    told = published(place.folder)
    table = public_year(book, told)
    more = {place.name(place.book): frozen(book), place.name(place.public_year): write_public(table)}
    for unit, page in public_units(book, told).items():
        more[place.name(place.public_unit(unit))] = write_public(page)
    keeping = Keeping(raw, place.folder)
    write_scores(place.folder, book, about, more=more, keeping=keeping)
    if public:
        publish(place.folder, book)
    if place.folder == Processed(raw.parent / "processed", year).folder:
        keep(raw.parent, book, about, stood, READ)
    about = read_manifest(place.folder)
    final = history.frozen_by(place.folder)
    since = [] if before is None or not questions else list(differences_since(before, book))
    write_answers([*questions, *since], place, intake, book, about)
    answered = tuple(each for each in QUESTIONS if each in questions or holds(each.id, place, about))
    untold = {book.groups[group].name: why for group, why in table.open.items()} if public else {}
    known = bool(since) or holds(Processed.CHANGED, place, about)
    return Prepared(
        year,
        intake,
        place,
        book,
        about,
        corrected=_hold_beside(place),
        status_line=finality(place.folder),
        posted_line=finality_of(place.folder, about).posted,
        final=final,
        untold=untold,
        unsaid=table.unsaid if public else (),
        questions=answered,
        since=known,
    )


def _hold_beside(place: Processed) -> bool:
    """Write why the last scoring came out otherwise than the one before; False where there is none to be read."""
    try:
        past = history.scorings(place.folder)
        if len(past) < 2:
            return False
        found = difference(*(of_record(place.folder, record) for record in past[-2:]))
    except (history.HistoryError, SideError, PolicyError):
        return False  # `kaohe verify` says what is wrong with what was kept
    write_text(place.difference, difference_text(found))
    return True
