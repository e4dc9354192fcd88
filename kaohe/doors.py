"""What is imported when first used: a package's front doors, and whatever is described in a module each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


def opened_late(package: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """A package's `__getattr__`. `homes`: module inside the package → the names it holds."""
    home = {name: f"{package}.{module}" for module, names in homes.items() for name in names}

    def find(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(home[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return find


def found_in(package: str, name: str) -> list[Any]:
    """What the modules of a package hold under `name`: whatever is described a module each, by being there."""
    home = import_module(package)
    modules = (import_module(f"{package}.{each.name}") for each in iter_modules(home.__path__))
    return [getattr(module, name) for module in modules if hasattr(module, name)]
