"""The scenarios one has been through in a year: undo, redo, and what is saved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from kaohe.analysis.scenario import Scenario


@dataclass(frozen=True)
class History:
    """A scenario with the ones before it and those undone. `saved` is what the file `path` holds."""

    present: Scenario
    past: tuple[Scenario, ...] = ()
    future: tuple[Scenario, ...] = ()
    saved: Scenario | None = None
    path: Path | None = field(default=None, compare=False)

    def to(self, scenario: Scenario) -> History:
        """One step on; what was undone is given up. The same scenario is no step."""
        if scenario == self.present:
            return self
        return replace(self, present=scenario, past=(*self.past, self.present), future=())

    def back(self) -> History:
        if not self.past:
            return self
        *past, before = self.past
        return replace(self, present=before, past=tuple(past), future=(self.present, *self.future))

    def forth(self) -> History:
        if not self.future:
            return self
        after, *future = self.future
        return replace(self, present=after, past=(*self.past, self.present), future=tuple(future))

    @property
    def steps(self) -> tuple[Scenario, ...]:
        """Everything one can return to, the first step first; `present` is the one at `place`."""
        return (*self.past, self.present, *self.future)

    @property
    def place(self) -> int:
        return len(self.past)

    def at(self, place: int) -> History:
        """Back or forth to any step; none is given up. IndexError where there is none."""
        steps = self.steps
        present = steps[place]
        return replace(self, present=present, past=steps[:place], future=steps[place + 1 :])

    def kept(self, path: Path) -> History:
        """What is there now stands in the file."""
        return replace(self, saved=self.present, path=path)

    @property
    def unsaved(self) -> bool:
        return bool(self.present.size) and self.present != self.saved
