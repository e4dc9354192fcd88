"""The shipped scheme as a tree that a test may change and audit, and finding one's way in it."""

from typing import Any

from kaohe.rules.spelling import naming
from kaohe.scheme import Scheme
from kaohe.scheme.audit import AuditFinding, audit
from kaohe.scheme.consistency import inconsistencies
from kaohe.scheme.declared import declared

Tree = dict[str, Any]
Key = tuple[str, str]


def thaw(part: Any) -> Any:
    """Mappings and lists that a test may change."""
    if isinstance(part, dict):
        return {key: thaw(value) for key, value in part.items()}
    return [thaw(value) for value in part] if isinstance(part, tuple | list) else part


def audited(tree: Tree, **options: Any) -> dict[Key, AuditFinding]:
    with naming(declared(tree)):
        scheme = Scheme.model_validate(tree)
    assert inconsistencies(scheme) == []
    found = audit(scheme, **options)
    assert len({each.key for each in found}) == len(found)
    return {each.key: each for each in found}


# Finding one's way in the tree


def section(tree: Tree, name: str) -> Tree:
    return next(each for each in tree["sections"] if each["id"] == name)


def indicator(tree: Tree, name: str) -> Tree:
    return next(each for part in tree["sections"] for each in part["indicators"] if each["id"] == name)


def item(tree: Tree, name: str, among: list[Tree] | None = None) -> Tree:
    """An item of the root file."""
    for each in tree["items"] if among is None else among:
        if each["id"] == name:
            return each
        if any(found["id"] == name for found in flat(each["items"])):
            return item(tree, name, each["items"])
    raise KeyError(name)


def flat(items: list[Tree]) -> list[Tree]:
    return [found for each in items for found in (each, *flat(each["items"]))]


def bands(tree: Tree, name: str) -> list[Tree]:
    return indicator(tree, name)["rule"]["bands"]


def policy(tree: Tree, name: str) -> Tree:
    return next(each for each in tree["policies"] if each["id"] == name)


def department(tree: Tree, name: str) -> Tree:
    return next(each for each in tree["departments"] if each["id"] == name)


def task(tree: Tree, name: str) -> Tree:
    own, task = name.split(".")
    return next(each for each in department(tree, own)["tasks"] if each["id"] == task)


def employment(tree: Tree) -> list[Tree]:
    """The parts of K5.3: initial rate, year-end rate, failed checks, survey."""
    return indicator(tree, "K5.3")["rule"]["of"]["of"]["parts"]
