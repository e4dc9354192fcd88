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

    def kept(self, path: Path) -> History:
        """What is there now stands in the file."""
        return replace(self, saved=self.present, path=path)

    @property
    def unsaved(self) -> bool:
        return bool(self.present.size) and self.present != self.saved
