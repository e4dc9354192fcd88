"""A year's own decisions: policies.yaml, and the scheme of its own or the one in force."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.intake.places import Log, Spot
from kaohe.intake.year.files import YearFiles
from kaohe.intake.year.folder import POLICIES
from kaohe.intake.year.listed import SCHEME
from kaohe.scheme import Policy, Problem, Scheme, SchemeError, read_scheme, scheme_in_force
from kaohe.scheme.policies import Decision, Policies, PolicyError, resolve, say_value
from kaohe.scheme.yamlfile import NotYamlError, Parsed, parse

FIELDS = ("value", "reason", "decided_on")
EXAMPLE = "“政策名: {value: …, reason: …, decided_on: …}”或“政策名: 值”"


def scheme_of(files: YearFiles, year: str, log: Log) -> Scheme | None:
    """The year's own scheme.yaml, else the data folder's; None, with findings, where it cannot be used."""
    try:
        if files.has(SCHEME):
            return read_scheme(files.folder / SCHEME, files.decided)
        return scheme_in_force(year, files.folder.parent)
    except SchemeError as error:
        for problem in error.problems:
            _tell(problem, log)
        return None


def _tell(problem: Problem, log: Log) -> None:
    """Problems say what is wrong and what was expected in one sentence."""
    where = Path(problem.file).name if Path(problem.file).is_absolute() else problem.file
    log.error("scheme", f"考核方案有误：{problem.expected}", Spot(where or SCHEME, "", problem.line, problem.field))


def decisions_of(files: YearFiles, scheme: Scheme, log: Log) -> dict[str, Decision]:
    """What the leading group decided, as far as it can be used."""
    if not files.has(POLICIES):
        return {}
    try:
        found = parse(files.decided(files.folder / POLICIES))
    except NotYamlError as error:
        log.error("policies", f"政策文件有误：{error.message}", Spot(POLICIES, "", error.line, error.field))
        return {}
    except OSError as error:
        log.error("unreadable", f"文件无法读取：{error.strerror or error}", Spot(POLICIES))
        return {}
    if found.content is None:
        return {}
    if not isinstance(found.content, dict):
        log.error("policies", "政策文件应为映射", Spot(POLICIES, "", 1), expected=EXAMPLE)
        return {}
    reader = _Reader(found, scheme, log)
    decided = {str(name): each for name in found.content if (each := reader.decision(name)) is not None}
    return reader.without_contradictions(decided)


class _Reader:
    def __init__(self, found: Parsed, scheme: Scheme, log: Log) -> None:
        self.tree, self.lines = found.content, found.lines.get(id(found.content), {})
        self.scheme, self.log = scheme, log

    def decision(self, name: Any) -> Decision | None:
        policy = self.scheme.policy.get(str(name))
        if policy is None:
            self._error(name, f"没有名为 {name} 的政策", str(name), f"以下之一：{'、'.join(self.scheme.policy)}")
            return None
        entry = self.tree[name]
        if not isinstance(entry, dict):
            return self._decided(policy, entry, {})
        unknown = [str(field) for field in entry if field not in FIELDS]
        for field in unknown:
            self._error(name, f"政策 {name} 没有字段 {field}", field, f"字段 {'、'.join(FIELDS)}")
        if "value" not in entry:
            self._error(name, f"政策 {name} 没有写 value", "", EXAMPLE)
        if unknown or "value" not in entry:
            return None
        return self._decided(policy, entry["value"], entry)

    def _decided(self, policy: Policy, value: Any, entry: Mapping[str, Any]) -> Decision | None:
        try:
            parsed = policy.parse(value)
        except ValueError as error:
            shown = say_value(value) if isinstance(value, Fraction) else str(value)
            self._error(policy.name, f"政策 {policy.name} 的取值不对", shown, str(error).removeprefix("应为 "))
            return None
        return Decision(say_value(parsed), str(entry.get("reason") or ""), str(entry.get("decided_on") or ""))

    def without_contradictions(self, decided: dict[str, Decision]) -> dict[str, Decision]:
        """All of them, or none where two exclude each other."""
        try:
            resolve(self.scheme, decided)
        except PolicyError as error:
            named = [name for name in decided if name in str(error)]
            self._error(named[-1] if named else next(iter(decided)), str(error), "、".join(named), "不相矛盾的取值")
            return {}
        return decided

    def _error(self, name: Any, message: str, value: str, expected: str) -> None:
        at = Spot(POLICIES, "", self.lines.get(name), str(name), value)
        self.log.error("policies", message, at, expected=expected)


def policies_of(scheme: Scheme, decided: Mapping[str, Decision], overrides: Mapping[str, Any] | None) -> Policies:
    """The readings in force; PolicyError where this run's `overrides` cannot be used."""
    return resolve(scheme, decided, overrides)
