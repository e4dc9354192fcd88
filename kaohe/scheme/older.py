"""Schemes of an older form: told as what they are, not by what no longer fits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

FORMAT = 1
"""The form of scheme files that is read."""

OLDER = "这是旧写法的方案（groups 里直接写 ballot、target、leaders），请运行 kaohe scheme migrate 文件夹 --out 新文件夹"

_OF_GROUPS = ("ballot", "target", "leaders", "quota", "quota_clause")
_OF_RESULTS = (
    "conversion", "full_marks", "component_cap", "fail_line", "quota_ties", "eligibility", "quota_fill"
)  # fmt: skip

Location = tuple[str | int, ...]


def is_older(content: Any) -> bool:
    """Whether a root file is of the older form: its groups are ranked by fixed parts, not by an item."""
    return next(older_parts(content), None) is not None


def older_parts(content: Any) -> Iterator[Location]:
    """Where a root file says what only the older form says, or names another form."""
    if not isinstance(content, dict):
        return
    if content.get("format", FORMAT) != FORMAT:
        yield ("format",)
    groups, results = content.get("groups"), content.get("results")
    for name, group in groups.items() if isinstance(groups, dict) else ():
        yield from (("groups", name, field) for field in _OF_GROUPS if isinstance(group, dict) and field in group)
    if isinstance(results, dict):
        yield from (("results", field) for field in _OF_RESULTS if field in results)


def says_older(location: Location, given: Any) -> str:
    """What is told of such a place."""
    if location == ("format",):
        return f"应为 {FORMAT}，现为 {given}；别的写法请用 kaohe scheme migrate 转换"
    return (
        OLDER
        if location[0] == "groups"
        else f"这是旧写法的字段，请运行 kaohe scheme migrate 转换整个方案（{location[-1]}）"
    )
