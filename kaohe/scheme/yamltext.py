"""Values as YAML text, for files that people go on writing by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any


class Raw(str):
    """YAML already."""


_PLAIN = re.compile(r"[\w\u4e00-\u9fff·（）；、，。～＋－.%-]+")
_OTHERWISE = re.compile(r"[-+.%].*|\d[\d._eE+-]*|true|false|yes|no|null|on|off", re.IGNORECASE)


def quoted(text: Any) -> str:
    """A text, quoted where it would mean something else."""
    plain = str(text)
    if _PLAIN.fullmatch(plain) and not _OTHERWISE.fullmatch(plain):
        return plain
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(value: Any) -> str:
    """A number as it is written."""
    if isinstance(value, Fraction):
        return str(int(value)) if value.denominator == 1 else format(float(value), ".12g")
    return str(value)


def flow(value: Any) -> str:
    """A mapping or list in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, Raw):
        return value
    return quoted(value) if isinstance(value, str) else written(value)
