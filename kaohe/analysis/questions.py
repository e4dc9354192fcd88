"""Questions about a year that analyses answer: each with its command, its notebook and its page, all of one name.

An answer is plain JSON, so that what is asked once is read by the command, by a kernel without the engine, and by
checks from outside. Adding an analysis adds an entry here, a notebook, and a command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kaohe.intake import Intake
    from kaohe.scoring.book import ScoreBook

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """What is asked, and what finds the answer.

    `id` names the command, the notebook, the page and the file; `asks` is the question as a reader would put it.
    `answer` imports what it needs when it is called: kernels that show an answer load no engine.
    """

    id: str
    title: str
    asks: str
    answer: Callable[[Intake, ScoreBook], Answer]


def _health(intake: Intake, book: ScoreBook) -> Answer:
    from kaohe.analysis.health import health
    from kaohe.analysis.healthjson import health_json

    return health_json(health([(intake, book)]))


QUESTIONS: tuple[Question, ...] = (
    Question("health", "指标体检", "哪些项没有区分谁好谁差，哪些重复计了，哪些档次和条款没有用上？", _health),
)


def question(name: str) -> Question:
    """KeyError for a question that nobody answers."""
    return {each.id: each for each in QUESTIONS}[name]
