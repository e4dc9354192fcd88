"""Questions about a year answered and written down, each once for a scoring; an answer of another is none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from kaohe.analysis.answered import Answered, read_answered
from kaohe.analysis.changed import changed, changed_json
from kaohe.analysis.kept import Side
from kaohe.analysis.questions import Question
from kaohe.batch.job import code_hash
from kaohe.batch.layout import Processed
from kaohe.files import kaohe_version, write_text
from kaohe.intake import Intake
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.score import score_intake


def write_answers(
    questions: Iterable[Question], place: Processed, intake: Intake, book: ScoreBook, about: Mapping[str, Any]
) -> None:
    """Write what is found to the questions; `about` is the scoring's manifest.

    One that fails says so on its own page and stops nothing else.
    """
    for each in questions:
        if holds(each.id, place, about):
            continue
        found = Answered(each.id, book.year, _rests_on(each.id, about), book.synthetic, book.provisional)
        try:
            found = replace(found, answer=each.answer(intake, book))
        except Exception as error:  # as with notebooks: its page fails, the others are made
            found = replace(found, problem=f"{type(error).__name__}: {error}", rests_on="")
        write_text(place.answer(each.id), found.text())


def holds(question: str, place: Processed, about: Mapping[str, Any]) -> bool:
    """Whether the answer that was written is of this very scoring."""
    try:
        return read_answered(place.answer(question)).rests_on == _rests_on(question, about)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return False  # it is found anew


def differences_since(before: Intake, book: ScoreBook) -> Iterator[Question]:
    """What the year's differences from the year before come from, where that one was scored: for the page of all
    years."""
    if book.before is None:
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
