"""Puts the top-level notebooks into the wheel as kaohe/notebooks.

A hook instead of `force-include`, which would also copy checkpoints, and would leave a stale copy of
every notebook in site-packages of an editable installation.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NotebooksHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        for notebook in sorted(Path(self.root, "notebooks").glob("*.ipynb")):
            build_data["force_include"][str(notebook)] = f"kaohe/notebooks/{notebook.name}"
