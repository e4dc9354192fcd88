"""Numbers as a scheme writes them: read exactly, never as rounded doubles."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

NO_NUMBER = "应为数字（如 1.5）或百分数（如 70%）"

MOST_DIGITS = 40
MOST_OF_EXPONENT = 2
"""More than any figure has; of numbers of thousands of digits Python does not even say which they are."""


def is_too_long(written: str) -> bool:
    """Asked before a number is made: it may have thousands of digits, or stand for billions (`1e999999999`)."""
    written = written.casefold()
    digits, _, exponent = (written, "", "") if "x" in written else written.partition("e")
    return len(digits) > MOST_DIGITS or len(exponent.lstrip("+-").replace("_", "")) > MOST_OF_EXPONENT


def exact_number(value: Any) -> Fraction:
    """A scheme's figure: an integer, a decimal or a percentage such as `70%`; never a rounded double."""
    if isinstance(value, bool) or not isinstance(value, int | str | Fraction):
        raise ValueError(NO_NUMBER)
    if isinstance(value, str):
        text = value.strip()
        written = text.removesuffix("%").strip()
        if is_too_long(written):
            raise ValueError(NO_NUMBER)
        try:
            return Fraction(written) / (100 if text.endswith("%") else 1)
        except (ValueError, ZeroDivisionError):
            raise ValueError(NO_NUMBER) from None
    return Fraction(value)


Exact = Annotated[Fraction, BeforeValidator(exact_number), PlainSerializer(str, when_used="json")]
