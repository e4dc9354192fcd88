"""Questions about a year that analyses answer: each with its command, its notebook and its page, all of one name.

An answer is plain JSON, so that what is asked once is read by the command, by a kernel without the engine, and by
checks from outside. Adding an analysis adds an entry here, a notebook, and a command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kaohe.intake import Intake
    from kaohe.scoring.book import ScoreBook

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """What is asked, and what finds the answer.

    `id` names the command, the notebook, the page and the file; `asks` is the question as a reader would put it,
    `brief` the same in a few words, as a link on the way in (without them it has none there).
    `answer` imports what it needs when it is called: kernels that show an answer load no engine.
    """

    id: str
    title: str
    asks: str
    answer: Callable[[Intake, ScoreBook], Answer]
    brief: str = ""


def _later(module: str, name: str) -> Callable[[Intake, ScoreBook], Answer]:
    def answer(intake: Intake, book: ScoreBook) -> Answer:
        found: Answer = getattr(import_module(f"kaohe.analysis.{module}"), name)(intake, book)
        return found

    return answer


ALL_READINGS = "policies"
"""The question whose answer holds the tables of the decision page, too."""
GOALS = "goal"
"""The one whose answer is told on each unit's page, too."""

QUESTIONS: tuple[Question, ...] = (
    Question(
        ALL_READINGS,
        "读法的全部组合",
        "哪一处必须决定？哪些读法改变谁的等次？哪些怎样读都一样？",
        _later("policiesjson", "policies_answer"),
        brief="哪一处必须决定",
    ),
    Question(
        "robust",
        "名次有多稳",
        "换一批人来评，名次还一样吗？哪位评分人、哪一项左右等次？",
        _later("robust", "answer"),
        brief="名次有多稳",
    ),
    Question(
        "calibration",
        "评分校准",
        "定稿之前：谁偏严、谁偏宽、谁不加区分，哪些项分歧最大？",
        _later("calibration", "answer"),
        brief="谁偏严、偏宽",
    ),
    Question(
        "calibration_letters",
        "评分校准（投影）",
        "同上，评分人以字母代替，可以在会上放映。",
        _later("calibration", "answer_in_letters"),
    ),
    Question(
        GOALS,
        "差在哪里",
        "每个单位前进一名、到上一等次，最少要改几处数据？",
        _later("goal", "year_goals"),
        brief="还差什么",
    ),
    Question(
        "health",
        "指标体检",
        "哪些项没有区分谁好谁差，哪些重复计了，哪些档次和条款没有用上？",
        _later("healthjson", "answer"),
        brief="哪项没用、重复计",
    ),
)


def question(name: str) -> Question:
    """KeyError for a question that nobody answers."""
    return {each.id: each for each in QUESTIONS}[name]
