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


def _robust(intake: Intake, book: ScoreBook) -> Answer:
    from kaohe.analysis.robust import answer

    return answer(intake, book)


def _calibration(intake: Intake, book: ScoreBook) -> Answer:
    from kaohe.analysis.calibration import answer

    return answer(intake, book)


def _calibration_in_letters(intake: Intake, book: ScoreBook) -> Answer:
    from kaohe.analysis.calibration import answer_in_letters

    return answer_in_letters(intake, book)


ALL_READINGS = "policies"
"""The question whose answer holds the tables of the decision page, too."""


def _policies(intake: Intake, book: ScoreBook) -> Answer:
    from kaohe.analysis.policies import policies_answer

    return policies_answer(intake, book)


QUESTIONS: tuple[Question, ...] = (
    Question(ALL_READINGS, "读法的全部组合", "哪一处必须决定？哪些读法改变谁的等次？哪些怎样读都一样？", _policies),
    Question("robust", "名次有多稳", "换一批人来评，名次还一样吗？哪位评分人、哪一项左右等次？", _robust),
    Question("calibration", "评分校准", "定稿之前：谁偏严、谁偏宽、谁不加区分，哪些项分歧最大？", _calibration),
    Question(
        "calibration_letters", "评分校准（投影）", "同上，评分人以字母代替，可以在会上放映。", _calibration_in_letters
    ),
)


def question(name: str) -> Question:
    """KeyError for a question that nobody answers."""
    return {each.id: each for each in QUESTIONS}[name]
