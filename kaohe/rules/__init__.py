"""What a rule can be: one module a family, each class with its arithmetic and its words.

A new rule is a new class with a `kind`; the scheme finds it by that name (`kinds`).
The names below are loaded when first asked for: a notebook that reads a frozen ScoreBook needs sentences,
not the families with pydantic and NumPy (0.5 s in each of a hundred kernels).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaohe.rules.late import opened_late

if TYPE_CHECKING:
    from kaohe.rules.base import Figure, Inputs, Rule
    from kaohe.rules.kinds import KINDS, AnyFigure
    from kaohe.rules.numbers import EXACT, FLOAT, Numbers
    from kaohe.rules.outcome import Outcome, Trace
    from kaohe.rules.wording import Sentence, Term, Terms

__all__ = [
    "EXACT",
    "FLOAT",
    "KINDS",
    "AnyFigure",
    "Figure",
    "Inputs",
    "Numbers",
    "Outcome",
    "Rule",
    "Sentence",
    "Term",
    "Terms",
    "Trace",
]

_HOMES = {
    "base": ("Figure", "Inputs", "Rule"),
    "kinds": ("KINDS", "AnyFigure"),
    "numbers": ("EXACT", "FLOAT", "Numbers"),
    "outcome": ("Outcome", "Trace"),
    "wording": ("Sentence", "Term", "Terms"),
}
__getattr__ = opened_late(__name__, _HOMES)
