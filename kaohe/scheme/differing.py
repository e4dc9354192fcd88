"""Two schemes side by side: what one has and the other has not, and what both have and say otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from kaohe.scheme.model import Scheme
from kaohe.scheme.outline import ItemRow, NamedRow, Outline, outline

How = Literal["added", "removed", "changed", "renamed", "moved"]
HOW: Mapping[How, str] = {
    "added": "新增", "removed": "取消", "changed": "改动", "renamed": "改名", "moved": "改编号",
}  # fmt: skip

FAMILIES: Mapping[str, str] = {
    "items": "评分项",
    "figures": "命名的数和条件",
    "votes": "投票",
    "grades": "等次",
    "effects": "否决与限制",
    "consequences": "后果",
    "policies": "读法",
    "metrics": "指标数据",
    "units": "单位类别",
    "frame": "施行、时间与用语",
}
FIELDS: Mapping[str, str] = {
    "name": "名称", "full": "满分", "clause": "条款", "applies": "适用", "rules": "规则", "says": "内容",
    "office": "由谁负责", "counts": "计入上级", "parent": "上级",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One difference; `before` and `after` are what either says of `field`, a sentence each."""

    family: str
    how: How
    id: str
    name: str
    field: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def __str__(self) -> str:
        head = f"{FAMILIES[self.family]} {HOW[self.how]} {self.id} {self.name}"
        if not self.field:
            return head
        return (
            f"{head}，{FIELDS[self.field]}：{'；'.join(self.before) or '（无）'} → {'；'.join(self.after) or '（无）'}"
        )

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def differences(before: Scheme, after: Scheme) -> list[Change]:
    """Every difference, by family in the order of the schemes."""
    return list(_all(outline(before), outline(after), _parents(before), _parents(after)))


def _parents(scheme: Scheme) -> dict[str, str]:
    return {name: node.parent or "" for name, node in scheme.tree.nodes.items()}


def _all(
    old: Outline, new: Outline, old_parents: Mapping[str, str], new_parents: Mapping[str, str]
) -> Iterator[Change]:
    for family in FAMILIES:
        yield from _family(family, getattr(old, family), getattr(new, family), old_parents, new_parents)


def _family(
    family: str,
    old: Sequence[Any],
    new: Sequence[Any],
    old_parents: Mapping[str, str],
    new_parents: Mapping[str, str],
) -> Iterator[Change]:
    before, after = {row.id: row for row in old}, {row.id: row for row in new}
    moved = _moved(before, after)
    for name, row in before.items():
        if name in moved:
            yield Change(family, "moved", moved[name], row.name, "name", (name,), (moved[name],))
            yield from _changed(family, row, after[moved[name]])
        elif name not in after:
            yield Change(family, "removed", name, row.name)
        else:
            yield from _changed(family, row, after[name])
            if family == "items" and old_parents[name] != new_parents[name]:
                was, now = old_parents[name] or "（根）", new_parents[name] or "（根）"
                yield Change(family, "changed", name, row.name, "parent", (was,), (now,))
    for name, row in after.items():
        if name not in before and name not in moved.values():
            yield Change(family, "added", name, row.name)


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """Old id → new id of what has the same name under another id, where only one on either side has that name."""
    gone = [row for name, row in before.items() if name not in after]
    come = [row for name, row in after.items() if name not in before]
    names = [row.name for row in gone]
    found = {}
    for row in come:
        if names.count(row.name) == 1 and sum(each.name == row.name for each in come) == 1:
            found[next(each.id for each in gone if each.name == row.name)] = row.id
    return found


def _changed(family: str, before: ItemRow | NamedRow, after: ItemRow | NamedRow) -> Iterator[Change]:
    for field in FIELDS:
        was, now = getattr(before, field, None), getattr(after, field, None)
        if was == now:
            continue
        how: How = "renamed" if field == "name" else "changed"
        yield Change(family, how, after.id, after.name, field, _texts(was), _texts(now))


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, bool):
        return ("是" if value else "否",)
    return (str(value),) if value else ()
