"""The steps one has gone through in a year, in words, and what two scenarios have apart, as HTML."""

from __future__ import annotations

from kaohe.analysis.scenario import Scenario, apart, said
from kaohe.charts.html import Html, bullets, join, text
from kaohe.explorer.workbench import Base, Workbench

MOST = 60
"""Characters of a step in the list: one line."""


def steps(bench: Workbench) -> list[tuple[str, str]]:
    """A line a step, (words, place), the first first; ▶ before the one in force, ○ before those undone."""
    history = bench.history
    lines = []
    for place, scenario in enumerate(history.steps):
        sign = "▶" if place == history.place else "○" if place > history.place else "　"
        before = history.steps[place - 1] if place else None
        kept = "（已保存）" if scenario.size and scenario == history.saved else ""
        lines.append((_short(f"{sign} {place} {step_said(bench.base, before, scenario)}{kept}"), str(place)))
    return lines


def _short(words: str) -> str:
    return words if len(words) <= MOST else f"{words[: MOST - 1]}…"


def step_said(base: Base, before: Scenario | None, after: Scenario) -> str:
    """What a step did to the scenario before it."""
    if before is None or not after.size:
        return "真实数据" if not after.size else f"{after.size} 处改动"
    came, went = _lines(base, before, after), _lines(base, after, before)
    if len(came) == 1 and len(went) <= 1:
        return came[0]
    if not came and len(went) == 1:
        return f"撤回：{went[0]}"
    return f"共 {after.size} 处改动（新 {len(came)} 处，撤去 {len(went)} 处）"


def _lines(base: Base, one: Scenario, other: Scenario) -> list[str]:
    """What `other` has that `one` has not, in words."""
    policies, changes = apart(one, other)
    return [*(reading_said(base, name, other.policies[name]) for name in policies),
            *(f"{_unit(base, change.unit)}{said(change, base.words)}" for change in changes)]  # fmt: skip


def _unit(base: Base, unit: str) -> str:
    return f"{base.book.unit(unit).name} " if base.book.has_unit(unit) else ""


def reading_said(base: Base, name: str, value: str) -> str:
    """A reading by the policy's number, its question and what was chosen."""
    policy = base.scheme.policy[name]
    option = policy.options.get(value)
    return f"读法 {policy.id} {policy.question}：{option.says if option else value}"


def differences(base: Base, one: Scenario, other: Scenario, called: tuple[str, str]) -> Html:
    """What only either of two scenarios changes; the same change in both is not listed."""
    parts = []
    for name, lines in zip(called, (_lines(base, other, one), _lines(base, one, other)), strict=True):
        head = Html(f'<p class="kh kh-x-both">只在{text(name)}中：{f"{len(lines)} 处" if lines else "没有"}</p>')
        parts.append(join([head, bullets(lines) if lines else ""]))
    return join(parts)
