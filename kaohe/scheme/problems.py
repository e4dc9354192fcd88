"""What is wrong in a scheme's files: each with file, line, field and what was expected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a scheme file."""

    file: str
    line: int | None
    field: str
    expected: str

    def __str__(self) -> str:
        line = f" 第 {self.line} 行" if self.line else ""
        field = f"，{self.field}" if self.field else ""
        return f"{self.file}{line}{field}：{self.expected}"


class SchemeError(ValueError):
    """A scheme that cannot be used, with every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("考核方案有误：\n" + "\n".join(f"  {problem}" for problem in problems))
