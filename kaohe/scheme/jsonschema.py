"""JSON Schema of a scheme's files, for editors: the models' own, with the short forms that the YAML may use.

Editors read decimals as doubles and percentages as text, so a number may be either. A figure may be a word, a number, a
reading's options or a mapping with a kind; its limits may stand beside it. What fits together across files is not said
here: `kaohe scheme check` says it.
"""

from __future__ import annotations

from typing import Any

from kaohe.rules.base import Figure
from kaohe.rules.conditions import COMPARED, FACTS
from kaohe.rules.kinds import CONDITIONS, FIGURES, json_schema
from kaohe.rules.limits import LIMITS
from kaohe.rules.spelling import BY, OF_UNITS, SHORT_FACTS
from kaohe.scheme.model import Scheme
from kaohe.scheme.reference import WRITTEN, classes_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FIGURE, CONDITION, NUMBER = "figure", "condition", "number"
_REF = "#/$defs/"
_FACTS = (*SHORT_FACTS, *FACTS, *OF_UNITS)


def schema() -> dict[str, Any]:
    """The JSON Schema of a root file; a part file is the same with every field optional, so none is required here."""
    whole = json_schema(Scheme)
    definitions: dict[str, Any] = whole.pop("$defs")
    kinds = {each.__name__: kind for kind, each in FIGURES.items()}
    conditions = {each.__name__ for each in CONDITIONS}
    for name, body in definitions.items():
        if name in kinds:
            _limits_beside(body)
            body.get("properties", {}).pop("definition", None)  # a vote's, found by its name
            body["required"] = [each for each in body.get("required", ()) if each not in ("kind", "definition")]
    out = {name: _opened(body, kinds, conditions) for name, body in definitions.items()}
    for name, body in out.items():
        _short(name, body)
    whole = _opened(whole, kinds, conditions)
    whole.pop("required", None)
    whole["properties"] |= {
        "parts": {"type": "array", "items": {"type": "string"}, "description": "本文件夹里的其他文件，可含 *"},
        "based_on": {"type": "string", "description": "以哪一份方案为底（编号或路径）"},
        "drop": {"type": "array", "items": {"type": "string"}, "description": "不再要的项的编号"},
    }
    if "year" in whole["properties"]:
        whole["properties"]["window"] = {"$ref": f"{_REF}Window"}
    out[NUMBER] = {"anyOf": [{"type": "number"}, {"type": "string"}]}
    out |= _generals(out, kinds)
    out[FIGURE] = _figure(kinds)
    out[CONDITION] = _condition()
    return {"$schema": DIALECT, "title": "kaohe 考核方案", **whole, "$defs": out}


def _limits_beside(body: dict[str, Any]) -> None:
    """`at_most`, `at_least`, `round` may stand beside the fields of any kind."""
    for name in LIMITS:
        body.get("properties", {}).setdefault(name, True)


def _opened(body: Any, kinds: dict[str, str], conditions: set[str]) -> Any:
    """The same with every choice among all figures or conditions named once, and exact numbers as they are written."""
    if isinstance(body, list):
        return [_opened(each, kinds, conditions) for each in body]
    if not isinstance(body, dict):
        return body
    options = body.get("oneOf") or body.get("anyOf")
    if isinstance(options, list):
        names = [str(each.get("$ref", "")).removeprefix(_REF) for each in options if isinstance(each, dict)]
        if any(name in kinds for name in names):
            others = [each for each, name in zip(options, names, strict=True) if name not in kinds]
            return _with(body, [{"$ref": _REF + FIGURE}, *others], kinds, conditions)
        if any(name in conditions for name in names):
            others = [each for each, name in zip(options, names, strict=True) if name not in conditions]
            return _with(body, [{"$ref": _REF + CONDITION}, *others], kinds, conditions)
    kept = {key: value for key, value in body.items() if key != "discriminator"}
    return {key: _opened(value, kinds, conditions) for key, value in kept.items()}


def _with(body: dict[str, Any], options: list[Any], kinds: dict[str, str], conditions: set[str]) -> dict[str, Any]:
    rest = {key: value for key, value in body.items() if key not in ("oneOf", "anyOf", "discriminator")}
    return {**rest, "anyOf": _opened(options, kinds, conditions)}


def _short(name: str, body: dict[str, Any]) -> None:
    """Short forms of parts: an effect as `fails`, a section's `component`, limits as a list, a rounding's step, a tie
    broken by a figure, limits that are alike on both sides."""
    properties = body.get("properties", {})
    if name == "Section":
        properties.setdefault("component", {"type": "string"})
        properties.setdefault("under", {"type": "string"})
        body["required"] = [each for each in body.get("required", ()) if each not in ("under", "component")]
    if name == "Results" and "limits" in properties:
        properties["limits"] = {
            "anyOf": [properties["limits"], {"type": "array", "items": {"$ref": f"{_REF}LimitRule"}}]
        }
    if name in ("NamedFigure", "NamedCondition"):
        properties["says"] = {"type": "string"}
        properties["name"] = {"type": "string"}
        body["required"] = ["is"]
    if name in ("Effect", "Rounding"):
        whole = dict(body)
        body.clear()
        body["anyOf"] = [whole, {"type": ["string", "number"]}]
    if name == "ZScore":
        properties["limits"] = {"anyOf": [properties["limits"], {"$ref": _REF + NUMBER}]}
    if name == "TieBreak":
        whole = dict(body)
        body.clear()
        body["anyOf"] = [whole, {"$ref": _REF + FIGURE}]


def _as_written(model: type[Figure], kind: str) -> str:
    """The definition of a class under the kind that the YAML writes: a general class stands under a plain one's."""
    own = model.model_fields["kind"].default == kind
    return model.__name__ if own else f"{model.__name__}As{kind.title().replace('_', '')}"


def _generals(definitions: dict[str, Any], kinds: dict[str, str]) -> dict[str, Any]:
    """Definitions of classes that are written under another's kind."""
    found = {}
    for kind in set(WRITTEN.values()):
        for each in classes_of(kind):
            body = definitions[each.__name__]
            fields = {**body["properties"], "kind": {"const": kind}}
            found[_as_written(each, kind)] = {**body, "properties": fields}
    return {name: body for name, body in found.items() if name not in kinds}


def _figure(kinds: dict[str, str]) -> dict[str, Any]:
    written = sorted({WRITTEN.get(kind, kind) for kind in kinds.values()})
    limits = dict.fromkeys(LIMITS, True)
    reading = {
        "type": "object",
        "required": ["policy"],
        "properties": {"policy": {"type": "string"}, **limits},
        "additionalProperties": {"$ref": _REF + FIGURE},
    }
    traits = {
        "type": "object",
        "patternProperties": {f"^{BY}": {"type": "object", "additionalProperties": {"$ref": _REF + FIGURE}}},
        "properties": limits,
        "additionalProperties": False,
        "not": {"propertyNames": {"not": {"pattern": f"^{BY}"}}},  # one of them at least
    }
    named = {"type": "object", "required": ["figure"], "properties": {"figure": {"type": "string"}, **limits}}
    general = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": written}},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}},
                "then": {"anyOf": [{"$ref": _REF + _as_written(each, kind)} for each in classes_of(kind)]},
            }
            for kind in written
        ],
    }
    return {"anyOf": [{"$ref": _REF + NUMBER}, general, reading, traits, named]}


def _condition() -> dict[str, Any]:
    it, many = {"$ref": _REF + CONDITION}, {"type": "array", "items": {"$ref": _REF + CONDITION}, "minItems": 1}
    compared = {
        "type": "object",
        "required": ["value"],
        "properties": {"value": {"$ref": _REF + FIGURE}, **{name: {"$ref": _REF + FIGURE} for name in COMPARED}},
        "additionalProperties": True,
    }
    joined = [{"type": "object", "required": [name], "properties": {name: many}} for name in ("all", "any")]
    reading = {
        "type": "object",
        "required": ["policy"],
        "properties": {"policy": {"type": "string"}},
        "additionalProperties": it,
    }
    facts = [{"type": "object", "required": [name]} for name in _FACTS]
    negated = {"type": "object", "required": ["not"], "properties": {"not": it}}
    explicit = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    return {"anyOf": [{"type": ["string", "boolean"]}, compared, *joined, negated, reading, *facts, explicit]}
