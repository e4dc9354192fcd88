"""A package's front doors, each imported when first used: a command line and a kernel should start quickly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def opened_late(package: str, where: Mapping[str, str]) -> Callable[[str], Any]:
    """A package's `__getattr__`. `where`: name → the module that holds it."""

    def find(name: str) -> Any:
        if name in where:
            return getattr(import_module(where[name]), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return find
