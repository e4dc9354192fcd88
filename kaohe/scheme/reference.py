"""A reference of every kind of figure: what it is for, its fields with types and defaults, an example that is read.

Names, types and defaults come from the classes; purposes and meanings from reference.yaml, held complete by a test.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kaohe.rules.base import Figure, Options, PolicyReference
from kaohe.rules.conditions import Condition
from kaohe.rules.kinds import FIGURES
from kaohe.rules.wording import number
from kaohe.scheme.yamlfile import parse

WRITTEN = {
    "quotient": "ratio",
    "change": "growth",
    "average": "mean",
    **{kind: written for kind, each in FIGURES.items() if (written := getattr(each, "written", None))},
}
"""Classes that a scheme writes under another kind's name: its general form."""

MADE_OTHERWISE = ("after", "each_member")
"""Classes that no scheme writes: what `then` and `each` of an item make."""


def written_kinds(names: list[str]) -> list[str]:
    """Those of the kinds that a scheme writes: none that is made otherwise, or only still read."""
    old = {name for name, about in _texts()["kinds"].items() if "old" in about}
    return [name for name in names if name not in {*WRITTEN, *MADE_OTHERWISE, *old}]


@dataclass(frozen=True)
class FieldEntry:
    """One field: dotted where it lies inside a part (`bands.points`); its type, default and meaning in Chinese."""

    name: str
    type: str
    default: str  # empty where it must be written
    required: bool
    meaning: str


@dataclass(frozen=True)
class KindEntry:
    """One kind as a scheme writes it. `old`: what to write instead, of a spelling that is only still read."""

    name: str
    section: str
    purpose: str
    fields: tuple[FieldEntry, ...]
    example: str  # YAML
    old: str = ""


@dataclass(frozen=True)
class ShortEntry:
    """A condition, or a step of `then`: what it is for, and an example in YAML."""

    purpose: str
    example: str


@cache
def _texts() -> dict[str, Any]:
    found: dict[str, Any] = parse(Path(__file__).with_suffix(".yaml").read_bytes()).content
    return found


def kinds() -> tuple[KindEntry, ...]:
    """Every kind, by section in the order of the text; old spellings last."""
    return tuple(_kind(str(name), text) for name, text in _texts()["kinds"].items())


def conditions() -> tuple[ShortEntry, ...]:
    """Every way to write a condition."""
    return tuple(ShortEntry(each["purpose"], each["example"]) for each in _texts()["conditions"])


def steps() -> tuple[ShortEntry, ...]:
    """Every step that may follow in `then`."""
    return tuple(ShortEntry(each["purpose"], each["example"]) for each in _texts()["steps"])


def classes_of(kind: str) -> tuple[type[Figure], ...]:
    """The classes a kind stands for: its plain form first, then its general one."""
    general = [each for name, each in FIGURES.items() if WRITTEN.get(name) == kind]
    return (*([FIGURES[kind]] if kind in FIGURES else []), *general)


def _kind(name: str, text: dict[str, Any]) -> KindEntry:
    meanings = {**_texts()["common"], **text["fields"]}
    found: dict[str, FieldEntry] = {}
    for place, each in enumerate(classes_of(name)):
        fields = {field.name: field for field in _fields(each, "", meanings)}
        for field in fields.values():
            known = found.get(field.name)
            found[field.name] = _wider(known, field) if known else replace(field, required=field.required and not place)
        found |= {one: replace(field, required=False) for one, field in found.items() if one not in fields}
    old = text.get("old", "")
    section, purpose = ("旧写法", f"旧写法：{old}") if old else (text["section"], text["purpose"])
    fields_told = tuple(field for field in found.values() if field.name not in text.get("found", ()))
    return KindEntry(name, section, purpose, fields_told, text["example"], old)


def _wider(plain: FieldEntry, general: FieldEntry) -> FieldEntry:
    """A field as the general form of a kind takes it, too."""
    if plain.type == general.type or plain.type in PLAIN.values():
        said = general.type
    else:
        said = f"{general.type} 或 {plain.type}"
    return replace(plain, type=said, required=plain.required and general.required)


def _fields(model: type[BaseModel], inside: str, meanings: dict[str, str]) -> Iterator[FieldEntry]:
    for name, info in model.model_fields.items():
        if name == "kind" or info.exclude:
            continue
        written = f"{inside}{info.alias or name}"
        said, parts = _type(info.annotation, tuple(info.metadata))
        default = _default(info)
        yield FieldEntry(written, said, default, info.is_required(), meanings.get(written, ""))
        for part in parts:
            yield from _fields(part, f"{written}.", meanings)


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return ""
    value = info.get_default(call_default_factory=True)
    if value is None or value in ((), "", {}):
        return "不写"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction | int):
        return number(value)
    if isinstance(value, Figure):
        return number(value.value) if value.kind == "number" else str(value.kind)  # type: ignore[attr-defined]
    return value if isinstance(value, str) else "见下"


PLAIN = {str: "文字", int: "整数", bool: "是或否", Fraction: "数或百分数"}


def _type(annotation: Any, metadata: tuple[Any, ...] = ()) -> tuple[str, list[type[BaseModel]]]:
    """A type in Chinese, and the parts of the scheme that stand in it."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return _type(inner, tuple(more))
    if origin is Literal:
        return "｜".join(map(str, get_args(annotation))), []
    if origin in (Union, types.UnionType):
        return _either(annotation, metadata)
    if origin is tuple:
        inner = [each for each in get_args(annotation) if each is not ...]
        said, parts = _type(inner[0])
        listed = f"[{said}, …]" if ... in get_args(annotation) else f"[{', '.join(_type(each)[0] for each in inner)}]"
        return listed, parts
    if origin is dict:
        said, parts = _type(get_args(annotation)[1])
        return f"{{名称: {said}, …}}", parts
    if isinstance(annotation, type) and issubclass(annotation, Figure):
        return "数", []
    if isinstance(annotation, type) and issubclass(annotation, Condition):
        return "条件", []
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "{…}", [annotation]
    return PLAIN.get(annotation, "名称"), []


def _either(annotation: Any, metadata: tuple[Any, ...]) -> tuple[str, list[type[BaseModel]]]:
    options = next((each for each in metadata if isinstance(each, Options)), None)
    if options is not None:
        return "｜".join((*options.values, "{policy: 政策名}")), []
    said, parts = [], []
    for each in get_args(annotation):
        if each in (type(None), PolicyReference):
            continue
        text, inside = _type(each)
        said.append(text)
        parts += inside
    return " 或 ".join(dict.fromkeys(said)), parts
