"""What the pages' search finds in a year: units, items, readings, clauses by name, pinyin initials and id."""

from __future__ import annotations

import json

from kaohe.batch.pinyin import initials
from kaohe.batch.places import Places

NAME = "search.js"


def lookup(places: Places) -> str:
    """A JSON list of [id, name, initials, page, kind]; it cannot end the script it stands in."""
    rows = [
        [place.word if place.word != place.name else "", place.name, initials(place.name), place.href, place.kind]
        for place in places.every
        if place.name
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def lookup_script(places: Places) -> str:
    """The list as a script: a page opened as a file may load nothing else."""
    return f"window.kaoheFound = {lookup(places)};\n"
