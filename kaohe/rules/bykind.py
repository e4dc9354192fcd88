"""A field that holds any figure or condition: read by the class its `kind` names, found when it is read.

Describing every class inside every other one, as a union of all of them would, costs a second at each start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

FIGURE, CONDITION = "figure", "condition"

HOLDS = "x-kaohe"
"""In a model's JSON Schema: that any figure or any condition stands here (see `kinds.json_schema`)."""


class Kinds(NamedTuple):
    """What a field may hold: each class by its kind; `spelled` turns short forms into a mapping with its kind."""

    classes: Mapping[str, type[BaseModel]]
    spelled: Callable[[Any], Any]


KNOWN: dict[str, Kinds] = {}
"""Of figures and of conditions; `kinds` writes them here once every family is imported."""


class ByKind:
    """`Annotated[Figure, ByKind(FIGURE)]`: any figure, whichever families there are."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {HOLDS: self.name}

    def read(self, value: Any) -> Any:
        """The figure; an error tells of the value itself or of what lies inside it."""
        classes, spelled = KNOWN[self.name]
        found = spelled(value)
        if isinstance(found, BaseModel):
            return found
        if not isinstance(found, Mapping):
            raise PydanticKnownError("model_attributes_type")
        if "kind" not in found:
            raise PydanticKnownError("union_tag_not_found", {"discriminator": "'kind'"})
        kind = found["kind"]
        if not isinstance(kind, str) or kind not in classes:
            known = ", ".join(f"'{name}'" for name in sorted(classes))
            raise PydanticKnownError(
                "union_tag_invalid", {"discriminator": "'kind'", "tag": str(kind), "expected_tags": known}
            )
        return classes[kind].__pydantic_validator__.validate_python(found)
