"""Every rule by its `kind`. A new rule is a new class in a family below; the scheme finds it by that name."""

from __future__ import annotations

from typing import Annotated, Any, Union

from pydantic import Field

from kaohe.rules import bands, combine, components, counting, judged
from kaohe.rules.base import Rule

FAMILIES = (bands, combine, components, counting, judged)
KINDS: dict[str, type[Rule]] = {
    rule.model_fields["kind"].default: rule for rule in Rule.__subclasses__() if "kind" in rule.model_fields
}

# A rule may hold any other: the union is known only now that every family is imported.
AnyRule: Any = Annotated[Union[tuple(KINDS.values())], Field(discriminator="kind")]  # noqa: UP007
for _rule in KINDS.values():
    _rule.model_rebuild(force=True, _types_namespace={"AnyRule": AnyRule})
