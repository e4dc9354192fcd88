"""What a new year is made from, and the notes on it that lie in its folder."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from kaohe.exchange.ownscheme import example
from kaohe.intake import Intake
from kaohe.intake.tables.data import Unit
from kaohe.intake.year.folder import POLICIES, SYNTHETIC
from kaohe.intake.year.listed import SCHEME
from kaohe.intake.year.predecessor import skipped, what_follows
from kaohe.scheme.root import Trait
from kaohe.scheme.years import spoken, year_said, years_said
from kaohe.scoring.marks import INVENTED

UNITS = "单位.xlsx"


def skipped_says(year: str) -> str:
    """What it means for a new year that the one before it was left out."""
    said = spoken(year)
    return (
        f"缺了的{said.one}没有数据，{said.next}就没有{said.last}：{what_follows(year)}；以后补上它的文件夹，对比就恢复"
    )


@dataclass(frozen=True)
class Successor:
    """A unit that takes the place of one (renamed) or of several (merged)."""

    unit: str
    predecessors: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Basis:
    """What a year is made from: the year it follows, if any, and its units; `own`: they were given, not carried.

    `authority`: the school that signs, where that was said.
    """

    year: str
    last: Intake | None
    units: tuple[Unit, ...]
    successors: tuple[Successor, ...]
    due: datetime.date | None
    own: bool
    authority: str = ""

    @property
    def source(self) -> str:
        """The year it follows; empty where it follows none."""
        return self.last.year if self.last else ""

    @property
    def skipped(self) -> list[str]:
        """Years between that one and this."""
        return skipped(self.source, self.year) if self.source else []

    @property
    def without_traits(self) -> list[str]:
        """Mergers of units of which something differs, in words: what the new unit has was left blank."""
        before = {unit.unit_id: unit for unit in self.last.data.units} if self.last and self.last.data else {}
        mergers = [] if self.own else [(each, [before[old] for old in each.predecessors]) for each in self.successors]
        traits = self.last.scheme.traits if self.last and self.last.scheme else {}
        return [
            f"{each.unit} 由 {'、'.join(_with_trait(unit, name, trait) for unit in merged)} 合并而成，"
            f"{trait.name}不同，留空未填"
            for each, merged in mergers
            for name, trait in traits.items()
            if len({unit.traits.get(name) for unit in merged}) > 1
        ]


def _with_trait(unit: Unit, name: str, trait: Trait) -> str:
    value = unit.traits.get(name, "")
    return f"{unit.unit_id} {unit.name}（{trait.values.get(value, value) or '没有写'}）"


@dataclass(frozen=True)
class Made:
    """What was made. `demonstration`: the invented years that lie beside it."""

    basis: Basis
    folder: Path
    templates: Path
    offices: tuple[str, ...]
    intake: Intake
    demonstration: tuple[str, ...]

    @property
    def source(self) -> str:
        return self.basis.source

    @property
    def scheme(self) -> str:
        return self.intake.scheme.title if self.intake.scheme else ""

    @property
    def signed(self) -> str:
        """Whose name will stand on the pages, and how that is changed."""
        scheme = self.intake.scheme
        assert scheme is not None
        says = f"各页和通知署名“{scheme.authority}”，依据写“{scheme.title}”"
        if self.basis.authority:
            return f"{says}（{SCHEME} 的 authority 和 title）"
        how = f"在{spoken(self.basis.year).this}文件夹的 {SCHEME} 里改 authority（单位名称）和 title（办法名称）"
        return f"{says}；不是的，{how}，或生成时写 --authority 学校名"

    @property
    def synthetic(self) -> bool:
        return bool(self.intake.data and self.intake.data.synthetic)


def notes(made: Made, *, decided: bool) -> str:
    """The file of notes, such as `新学年说明.md`."""
    basis, scheme = made.basis, made.intake.scheme
    assert scheme is not None
    first, last = scheme.window.days(basis.year)
    came_along = f"随{spoken(basis.year).last}带来" if not basis.authority or _carried(made) else "写明署名"
    own = f"本文件夹的 scheme.yaml（{came_along}）" if _own_scheme(made) else "随库方案"
    origin = "取自给出的单位表" if basis.own else f"从 {year_said(basis.source)}带来"
    came = "用给出的单位表" if basis.own else f"从 {year_said(basis.source)}"
    lines = [
        f"# {year_said(basis.year)}",
        "",
        f"由 kaohe new-year {came}生成。",
        "",
        f"- 考核方案：{scheme.title}（{scheme.id}，{own}）。办法修订了请放 scheme.yaml。",
        f"- 署名：{made.signed}。",
        *_how_to_sign(made),
        f"- 统计时段：{first}～{last}。",
        f"- 交表期限：{basis.due or '没有写明；可用 kaohe template … --all --due 日期 重出填报表'}。",
        f"- 单位：{UNITS} 的“单位”表，{origin}，请核对名称、类别和增减。",
        f"- 单位改过以后，用 kaohe template {basis.year} --all 重出填报表：填过的不动，改了什么逐份列出。",
        *_about_last(made),
    ]
    if decided:
        lines.append(
            f"- {spoken(basis.year).last}的 {POLICIES}（读法的决定）没有带过来；"
            f"如{scheme.deciders}决定沿用，请复制并改写理由和日期。"
        )
    return "\n".join(lines) + "\n"


def _how_to_sign(made: Made) -> list[str]:
    """The file to write where there is none."""
    scheme = made.intake.scheme
    if scheme is None or _own_scheme(made):
        return []
    lines = example(scheme, made.basis.year, "某某职业技术学院")
    return [f"  没有 {SCHEME} 的，新建一个，写：", "", *(f"      {line}" for line in lines), ""]


def _carried(made: Made) -> bool:
    """Whether the year before has a scheme of its own."""
    last = made.basis.last
    return bool(last and last.data and SCHEME in last.data.files)


def _about_last(made: Made) -> list[str]:
    basis, said = made.basis, spoken(made.basis.year)
    if not basis.source:
        return [f"- 没有{said.last}：不作对比。"]
    lines = [
        f"- 更名、合并：{UNITS} 的“沿革”表（单位编号、原单位编号）。",
        f"  与{said.last}的对比会跟过来：更名的比原单位，合并的比合并前各单位的平均；合并的没有{said.last}的名次可比。",
        "  一个单位拆成几个的，也在“沿革”表里写，每个新单位一行。",
        *(f"- {each}，请在“单位”表里核对填写，分开的数字以它为准。" for each in basis.without_traits),
        f"- 不适用的认定（exemptions）没有带过来，须按{said.this}重新登记，然后重出填报表。",
    ]
    if basis.skipped:
        lines.append(f"- 跳过了 {years_said(basis.skipped)}。{skipped_says(basis.year)}。")
    if made.synthetic:
        lines.append(
            f"- {year_said(basis.source)}是{INVENTED}，{SYNTHETIC} 也带了过来，各页都会标“{INVENTED}”。"
            f"录入真实数据前请删去本文件夹的 {SYNTHETIC}，把单位换成真实的单位。"
        )
    return lines


def _own_scheme(made: Made) -> bool:
    return made.intake.data is not None and SCHEME in made.intake.data.files
