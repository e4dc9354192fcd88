"""What a YAML file is read into, whichever parser reads it: its content with the lines, or what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class NotYamlError(ValueError):
    """A file that is not YAML: line (from 1), field where known, and what is wrong, in Chinese."""

    def __init__(self, line: int | None, field: str, message: str) -> None:
        self.line, self.field, self.message = line, field, message
        super().__init__(message)


Step = str | int
Lines = dict[int, dict[Step, int]]


@dataclass(frozen=True)
class Parsed:
    """A file's content, and by id() of each mapping and list in it the line (from 1) of every entry."""

    content: Any
    lines: Lines = field(default_factory=dict)
