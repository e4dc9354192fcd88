"""What the notebooks call: parameters checked before anything runs, data fetched, figures and tables shown.

    scorebook = start(globals(), "annual")
    show(ranking(scorebook, group))

Nothing heavy is imported here: a hundred kernels start with it.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, Literal, overload

from kaohe.notebook.errors import DataError, NotebookError, ParameterError
from kaohe.notebook.fetching import FETCH, changes_of_years, goals_of_unit
from kaohe.notebook.limits import limit_memory
from kaohe.notebook.parameters import (
    PARAMETERS,
    STARTED,
    Parameter,
    check_names,
    check_parameters,
    known_parameters,
)
from kaohe.notebook.showing import show, show_html

if TYPE_CHECKING:
    from pathlib import Path

    from kaohe.analysis.answered import Answered
    from kaohe.analysis.attribution import Difference
    from kaohe.analysis.checked import CheckedYear
    from kaohe.analysis.public import PublicUnit, PublicYear
    from kaohe.scoring.book import ScoreBook

__all__ = [
    "PARAMETERS",
    "DataError",
    "NotebookError",
    "Parameter",
    "ParameterError",
    "changes_from",
    "check_parameters",
    "goals",
    "known_parameters",
    "show",
    "show_html",
    "start",
]


@overload
def start(namespace: MutableMapping[str, Any], notebook: Literal["annual", "method", "unit"]) -> ScoreBook: ...
@overload
def start(namespace: MutableMapping[str, Any], notebook: Literal["compare", "trend"]) -> list[ScoreBook]: ...
@overload
def start(namespace: MutableMapping[str, Any], notebook: Literal["check"]) -> CheckedYear: ...
@overload
def start(namespace: MutableMapping[str, Any], notebook: Literal["diff"]) -> Difference: ...
@overload
def start(namespace: MutableMapping[str, Any], notebook: Literal["public"]) -> PublicYear: ...
@overload
def start(namespace: MutableMapping[str, Any], notebook: Literal["public_unit"]) -> PublicUnit: ...
@overload
def start(namespace: MutableMapping[str, Any], notebook: Literal["explore"]) -> Path: ...
@overload
def start(
    namespace: MutableMapping[str, Any],
    notebook: Literal["policies", "robust", "calibration", "calibration_letters", "health", "goal", "backtest"],
) -> Answered: ...
def start(namespace: MutableMapping[str, Any], notebook: str) -> Any:
    """Check the parameters in the notebook's `globals()` and fetch what it is about.

    ParameterError where one is wrong, DataError where the data cannot be used.
    """
    limit_memory()
    check_names(namespace, notebook)
    given = _given(namespace, notebook)
    check_parameters(notebook, given)
    about = FETCH[notebook](given)
    namespace[STARTED] = True
    return about


def goals(namespace: MutableMapping[str, Any], scorebook: ScoreBook) -> list[dict[str, Any]] | None:
    """What the unit of the notebook would have needed for the next rank and grade; None where nobody found out."""
    return goals_of_unit(_given(namespace, "unit"), scorebook)


def changes_from(namespace: MutableMapping[str, Any], scorebooks: list[ScoreBook]) -> list[dict[str, Any]]:
    """What the last year's differences from the one before come from; empty where nobody found out."""
    return changes_of_years(_given(namespace, "compare"), scorebooks)


def _given(namespace: MutableMapping[str, Any], notebook: str) -> dict[str, Any]:
    """The notebook's parameters as they stand in its `globals()`."""
    return {name: namespace.get(name, parameter.default) for name, parameter in known_parameters(notebook).items()}
