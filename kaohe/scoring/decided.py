"""What was declared for a unit, what stands in its way, and what was decided of it; for internal pages only.

Light: books are read by kernels of public pages too.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Declared:
    """One declaration; `tasks` are the unit's tasks marked innovative that its title names, `marked` all it has where
    it names none."""

    kind: str
    name: str
    title: str
    accepted: bool
    tasks: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    date: str = ""


@dataclass(frozen=True)
class Ruling:
    """A grade that was decided: why and when; `by_points` is the one that comes of the points alone."""

    by_points: str
    matter: str
    reason: str
    decided_on: str

    def says(self, grade: str) -> str:
        """`审议定为 A（并列，2019-09-20）：理由`."""
        about = "，".join(filter(None, (self.matter, self.decided_on)))
        return f"审议定为{grade}（{about}）：{self.reason}"


@dataclass(frozen=True)
class AwardInfo:
    """An outstanding contribution that was declared; `about` are basis, level, review and date as `名称：内容`.

    `approved` is None where nobody has decided yet.
    """

    title: str
    approved: bool | None
    about: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        return "待评选" if self.approved is None else "已批准" if self.approved else "未批准"

    @property
    def says(self) -> str:
        about = f"（{'；'.join(self.about)}）" if self.about else ""
        return f"{self.title or '（未写名称）'}{about}"


def says_declared(each: Declared) -> str:
    """`创新性工作并取得成效：《…》（2019-05-06），已认定`."""
    title = f"：《{each.title}》" if each.title else ""
    date = f"（{each.date}）" if each.date else ""
    return f"{each.name}{title}{date}，{'已认定' if each.accepted else '未认定'}"
