"""Errors a notebook shows as one Chinese sentence."""

from __future__ import annotations


class NotebookError(ValueError):
    """Says in Chinese what to do; the notebook shows the message, not a page of traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class ParameterError(NotebookError):
    """A parameter that is unknown, of the wrong type, or names what does not exist."""


class DataError(NotebookError):
    """The year's data cannot be scored, or a file given is not what it should be."""
