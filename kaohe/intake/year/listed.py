"""Which folders below `raw` are years, by their names alone: light, no table is described and nothing checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kaohe.scheme.schools import whose_file
from kaohe.scheme.yamlfile import NotYamlError, load
from kaohe.scheme.years import is_year, year_kind

SCHEME = "scheme.yaml"
"""The scheme that a year may bring along."""


def list_years(raw: Path) -> list[str]:
    """Folders of `raw` that are named like a year: a school year, a calendar year, or an event of a scheme of such."""
    if not raw.is_dir():
        return []
    return sorted(path.name for path in raw.iterdir() if path.is_dir() and is_year_of(raw, path.name))


def is_year_of(raw: Path, name: str) -> bool:
    """Whether a name is one of a year below `raw`; of an event only where the folder's scheme is about events."""
    return is_year(name) or (year_kind(name) == "event" and _is_of_events(raw, name))


def _is_of_events(raw: Path, name: str) -> bool:
    """What the scheme says that a folder brings along, or the one that the data folder names; nothing is checked."""
    own, about = raw / name / SCHEME, whose_file(raw)
    if own.is_file():
        return _year_form(own) == "event"
    named = _content(about).get("scheme") if about is not None else None
    if about is None or not isinstance(named, str):
        return False
    return _year_form(_root_of(named, about.parent)) == "event"


def _root_of(named: str, folder: Path) -> Path:
    """The root file that is meant by a shipped scheme's id, or by a path from a folder."""
    from kaohe.scheme.reading import SHIPPED

    places = (SHIPPED / named / SCHEME, folder / named / SCHEME, folder / named)
    return next((path for path in places if path.is_file()), folder / named)


def _year_form(root: Path, deep: int = 8) -> str:
    """What a year is under a scheme: said in its root file, or in one that it is based on."""
    content = _content(root)
    form, based = content.get("year"), content.get("based_on")
    if isinstance(form, dict) and "kind" in form:
        return str(form["kind"])
    return _year_form(_root_of(based, root.parent), deep - 1) if isinstance(based, str) and deep else ""


def _content(path: Path) -> dict[str, Any]:
    """What a YAML file says, where it says fields; what is wrong with it is told by who reads it."""
    if not path.is_file():
        return {}
    try:
        content = load(path).content
    except (OSError, NotYamlError):
        return {}
    return content if isinstance(content, dict) else {}
