"""Before the notebooks: a year read, scored and written to data/processed, with what the public may see apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kaohe.analysis.answered import Answered, read_answered
from kaohe.analysis.attribution import difference, difference_text
from kaohe.analysis.changed import changed, changed_json
from kaohe.analysis.kept import Side, SideError, of_record
from kaohe.analysis.public import public_units, public_year, write_public
from kaohe.analysis.questions import QUESTIONS, Question
from kaohe.analysis.readings import with_effects
from kaohe.analysis.settled import publish, published
from kaohe.batch.layout import Processed
from kaohe.batch.run import code_hash
from kaohe.files import kaohe_version, write_text
from kaohe.intake import Intake, read_year
from kaohe.scheme.policies import PolicyError
from kaohe.scheme.years import year_said
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
    final: history.Record | None = None
    """What made the year final, if it still is."""
    untold: Mapping[str, str] = field(default_factory=dict)
    """Groups of whose totals the public page says nothing yet, and why."""

    questions: tuple[Question, ...] = ()
    """Those whose answers are of this very scoring."""
    since: bool = False
    """Whether it is known what the differences from the year before come from."""

    @property
    def trial(self) -> bool:
        return self.book is not None and self.book.trial


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
    agree: Callable[[ScoreBook, Mapping[str, Any]], None] = lambda book, about: None,
) -> Prepared:
    """Read, score and write a year. PolicyError for wrong `policies`; `read` may remember what it has read.

    The caller holds `processed`/`year`. RefusedError where the year is final and would come out otherwise.

    Provisionally a year with errors is scored too: rows in error are left out and their cells missing.

    With `policies` it is a trial: `processed` is where trials are kept, and nothing is made for the public. Where pages
    for the `public` are to follow, it is remembered of which marks their totals are.

    `questions` about the year are answered where what the answers rest on has changed; of the others, answers that
    still hold are kept.

    `agree` is given the book and its manifest before anything is written, and may refuse.
    """
    intake = read_year(raw, year, policies) if policies else read(raw, year)
    place = Processed(processed, year)
    before = year_before(raw, year, read)
    findings = findings_json(told_of_year_before(intake, before), provisional=provisional)
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
    about = read_manifest(place.folder)
    final = history.frozen_by(place.folder)
    since = list(_since(before, book, questions))
    _answer([*questions, *since], place, intake, book, about)
    answered = tuple(each for each in QUESTIONS if each in questions or _holds(each.id, place, about))
    untold = {book.groups[group].name: why for group, why in table.open.items()} if public else {}
    known = bool(since) or _holds(Processed.CHANGED, place, about)
    line = finality(place.folder)
    return Prepared(year, intake, place, book, about, _hold_beside(place), line, final, untold, answered, known)


def _answer(
    questions: Iterable[Question], place: Processed, intake: Intake, book: ScoreBook, about: Mapping[str, Any]
) -> None:
    """Write what is found to the questions. One that fails says so on its own page and stops nothing else."""
    for each in questions:
        path, rests_on = place.answer(each.id), _rests_on(each.id, about)
        if _holds(each.id, place, about):
            continue
        found = Answered(each.id, book.year, rests_on, book.synthetic, book.provisional)
        try:
            found = replace(found, answer=each.answer(intake, book))
        except Exception as error:  # as with notebooks: its page fails, the others are made
            found = replace(found, problem=f"{type(error).__name__}: {error}", rests_on="")
        write_text(path, found.text())


def _since(before: Intake | None, book: ScoreBook, asked: Sequence[Question]) -> Iterator[Question]:
    """What the year's differences from the year before come from: asked for the page of all years, where there is one
    that can be scored, and where questions are answered at all."""
    if before is None or book.before is None or not asked:
        return

    def answer(intake: Intake, book: ScoreBook) -> Mapping[str, Any]:
        earlier = Side(year_said(before.year), before, score_intake(before))
        return changed_json(changed(earlier, Side(year_said(book.year), intake, book)))

    yield Question(Processed.CHANGED, "变动由于什么", "总分和名次的变动由于什么？", answer)


def _rests_on(question: str, about: Mapping[str, Any]) -> str:
    """Changes with the data, the scheme, the readings and the code."""
    parts = {name: about[name] for name in ("inputs", "previous_inputs", "scheme", "policies", "provisional")}
    told = json.dumps([question, code_hash(), kaohe_version(), parts], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _holds(question: str, place: Processed, about: Mapping[str, Any]) -> bool:
    """Whether the answer that was written is of the same scoring."""
    try:
        return read_answered(place.answer(question)).rests_on == _rests_on(question, about)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return False  # it is found anew


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


def findings_json(intake: Intake, *, provisional: bool = False) -> str:
    """What intake found, as the check notebook reads it."""
    scheme = intake.scheme
    content = {
        "year": intake.year,
        "units": {unit.unit_id: unit.name for unit in intake.data.units} if intake.data else {},
        "metrics": {name: metric.name for name, metric in scheme.metrics.items()} if scheme else {},
        "indicators": {name: each.name for name, each in scheme.indicators.items()} if scheme else {},
        "synthetic": bool(intake.data and intake.data.synthetic),
        "provisional": provisional,
        "office": intake.offices_called,
        "findings": [asdict(finding) for finding in intake.findings],
        "missing": [asdict(missing) for missing in intake.missing],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
