"""Which fields may be written at a place of a scheme's files: found on the way there, class by class."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AliasChoices, BaseModel

from kaohe.rules.base import Figure
from kaohe.rules.kinds import FIGURES
from kaohe.scheme.model import Scheme
from kaohe.scheme.yamlfile import Step


def fields_at(content: Any, way: Iterable[Step]) -> tuple[str, ...]:
    """The fields of the part that `way` leads to; empty where nobody can say."""
    node, kinds = content, [Scheme]
    for step in way:
        kinds = [each for kind in kinds for each in _inside(kind, node, step)]
        node = node[step]
    models = [model for kind in kinds for model in _models(kind, node)]
    return tuple(dict.fromkeys(name for model in models for name in _written(model)))


def _inside(kind: Any, node: Any, step: Step) -> Iterator[Any]:
    """What a step of a part may hold, by what the part may be."""
    for each in _options(kind):
        origin = get_origin(each)
        if origin in (tuple, list) and isinstance(step, int):
            yield get_args(each)[0]
        elif origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
            yield get_args(each)[1]
    for model in _models(kind, node):
        for name, field in model.model_fields.items():
            if step in _names(name, field):
                yield field.annotation


def _models(kind: Any, node: Any) -> Iterator[type[BaseModel]]:
    for each in _options(kind):
        if isinstance(each, type) and issubclass(each, BaseModel) and isinstance(node, dict):
            if not issubclass(each, Figure):
                yield each
            elif node.get("kind") in FIGURES:
                yield FIGURES[node["kind"]]


def _options(kind: Any) -> Iterator[Any]:
    """What a field may be: the parts of a union, without what is only noted beside them."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _options(get_args(kind)[0])
    elif origin in (Union, types.UnionType):
        for each in get_args(kind):
            yield from _options(each)
    else:
        yield kind


def _names(name: str, field: Any) -> tuple[str, ...]:
    """How a field is written."""
    alias = field.validation_alias or field.alias
    if isinstance(alias, AliasChoices):
        return tuple(str(each) for each in alias.choices)
    return (str(alias),) if alias else (name,)


def _written(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if not field.exclude:
            yield _names(name, field)[0]
