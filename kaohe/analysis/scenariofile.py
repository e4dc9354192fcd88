"""A scenario as a file: YAML that a person can read, write and hand on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.analysis.scenario import Change, Kind, Scenario, ScenarioError, said
from kaohe.files import write_text
from kaohe.intake.sheets.cells import word
from kaohe.intake.tables.sourcerows import decimal_text
from kaohe.intake.tables.vocabulary import TABLES, Table
from kaohe.intake.year.folder import table_named
from kaohe.scheme.yamlfile import NotYamlError, Parsed, load
from kaohe.scheme.years import year_kind

VERSION = 1
HEAD = """\
# kaohe 试算方案：只记与原始数据不同之处，不改动任何原始数据。
# 使用：kaohe score {year} --scenario 本文件，或在数据探索（explore.ipynb）中载入。
"""
FIELDS = ("version", "year", "title", "policies", "changes")
KINDS: Mapping[Kind, tuple[str, ...]] = {
    "set": ("table", "row", "which", "column", "was", "value"),
    "leave_out": ("table", "row", "which", "leave_out"),
    "add": ("table", "add"),
}


def write_scenario(path: Path, scenario: Scenario) -> None:
    """The scenario as a file, whole or not at all."""
    write_text(path, scenario_text(scenario))


def scenario_text(scenario: Scenario) -> str:
    """The same scenario always gives the same text."""
    lines = [HEAD.format(year=scenario.year) + f"version: {VERSION}", f"year: {_quoted(scenario.year)}"]
    lines += [f"title: {_quoted(scenario.title)}"]
    if scenario.policies:
        lines += ["policies:", *(f"  {name}: {_quoted(value)}" for name, value in scenario.policies.items())]
    if scenario.changes:
        lines += ["changes:"]
    for change in scenario.changes:
        lines += [f"- table: {change.table}  # {TABLES[change.table].chinese}", *_change_lines(change)]
    return "\n".join(lines) + "\n"


def _change_lines(change: Change) -> Iterator[str]:
    row = "{" + ", ".join(f"{name}: {_quoted(text)}" for name, text in change.row) + "}"
    yield f"  {'add' if change.kind == 'add' else 'row'}: {row}"
    if change.which > 1 and change.kind != "add":
        yield f"  which: {change.which}"
    if change.kind == "leave_out":
        yield "  leave_out: true"
    if change.kind == "set":
        known = TABLES[change.table].column.get(change.column)  # others are the scheme's: options of a vote, say
        yield f"  column: {change.column}{f'  # {known.header}' if known else ''}"
        yield f"  was: {_quoted(change.was)}"
        yield f"  value: {_quoted(change.value)}"


def _quoted(text: str) -> str:
    """Text that YAML reads as text, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)


def read_scenario(path: Path) -> Scenario:
    """A scenario's file; ScenarioError naming file, line, entry and field of whatever is wrong, OSError as ever."""
    try:
        parsed = load(path)
    except NotYamlError as error:
        where = f"第 {error.line} 行" if error.line else ""
        raise ScenarioError(f"{path}{where and f' {where}'}：{error.message}") from None
    reader = _Reader(path, parsed)
    found = reader.scenario()
    if reader.problems:
        raise ScenarioError(*reader.problems)
    return found


def scenario_entry(path: Path, scenario: Scenario, words: Mapping[str, str]) -> dict[str, Any]:
    """What the manifest of a scenario's results says of it."""
    return {
        "title": scenario.title,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "policies": dict(scenario.policies),
        "changes": [said(change, words) for change in scenario.changes],
    }


UNIT = ("单位", "单位名称", "unit")
"""What else names the unit of a row."""


class _Reader:
    """Reads on after every problem, so that all are told at once."""

    def __init__(self, path: Path, parsed: Parsed) -> None:
        self.path, self.parsed = path, parsed
        self.problems: list[str] = []

    def scenario(self) -> Scenario:
        tree = self.parsed.content
        if not isinstance(tree, dict):
            self._tell(None, None, "试算方案应为映射，含有字段 " + "、".join(FIELDS))
            return Scenario("")
        self._unknown(tree, FIELDS, "方案")
        if tree.get("version") != VERSION:
            self._tell(tree, "version", f"version 应为 {VERSION}，现为 {_said(tree.get('version'))}")
        year = str(tree.get("year") or "")
        if year_kind(year) is None:
            self._tell(tree, "year", f"year 应写成 2018-2019 的样子，现为 {_said(tree.get('year'))}")
        policies = self._texts(tree, "policies", "读法名称: 取值")
        changes = tree.get("changes")
        if changes is not None and not isinstance(changes, list):
            self._tell(tree, "changes", "changes 应为列表，每项一处改动")
            changes = []
        found = [self._change(entry, place, changes) for place, entry in enumerate(changes or [], 1)]
        return Scenario(year, str(tree.get("title") or ""), policies, tuple(each for each in found if each))

    def _change(self, entry: Any, place: int, within: Any) -> Change | None:
        what = f"changes 第 {place} 项"
        before = len(self.problems)
        if not isinstance(entry, dict):
            self._tell(within, place - 1, f"{what}应为映射，如 table、row、column、value")
            return None
        kind: Kind = "add" if "add" in entry else "leave_out" if "leave_out" in entry else "set"
        self._unknown(entry, KINDS[kind], what)
        called = table_named(str(entry.get("table") or ""))
        table = called.name if called else str(entry.get("table") or "")
        if table not in TABLES:
            self._tell(entry, "table", f"{what}：没有表 {_said(entry.get('table'))}，应为 {'、'.join(TABLES)} 之一")
        texts = self._texts(entry, "add" if kind == "add" else "row", "列名: 内容", what)
        row = {_column(called, name): text for name, text in texts.items()}
        if not row:
            self._tell(entry, "row", f"{what}：没有写 {'add' if kind == 'add' else 'row'}（是哪个单位、哪一行）")
        if kind == "leave_out" and entry["leave_out"] is not True:
            self._tell(entry, "leave_out", f"{what}：leave_out 只能写 true，现为 {_said(entry['leave_out'])}")
        column = _column(called, str(entry.get("column") or ""))
        if kind == "set" and table in TABLES and not TABLES[table].is_shaped and column not in TABLES[table].column:
            known = "、".join(TABLES[table].column)
            self._tell(entry, "column", f"{what}：表 {table} 没有列 {_said(entry.get('column'))}，应为 {known} 之一")
        if kind == "set" and "value" not in entry:
            self._tell(entry, "column", f"{what}：没有写 value（改为什么）")
        which = entry.get("which", 1)
        if not isinstance(which, int) or isinstance(which, bool) or which < 1:
            self._tell(entry, "which", f"{what}：which 应为从 1 起的整数，现为 {_said(which)}")
        if len(self.problems) > before:
            return None
        was, value = _text(entry.get("was")), _text(entry.get("value"))
        return Change(kind, table, tuple(row.items()), column, was, value, which)

    def _texts(self, tree: dict[Any, Any], name: str, example: str, what: str = "") -> dict[str, str]:
        """A mapping of texts."""
        found = tree.get(name)
        if found is None:
            return {}
        if not isinstance(found, dict) or any(isinstance(each, dict | list) for each in found.values()):
            self._tell(tree, name, f"{f'{what}：' if what else ''}{name} 应写成“{example}”")
            return {}
        return {str(key): _text(each) for key, each in found.items()}

    def _unknown(self, tree: dict[Any, Any], known: tuple[str, ...], what: str) -> None:
        for name in tree:
            if name not in known:
                self._tell(tree, name, f"{what}：没有字段 {name}，可以写的有：{'、'.join(known)}")

    def _tell(self, tree: Any, step: Any, message: str) -> None:
        line = self.parsed.lines.get(id(tree), {}).get(step)
        self.problems.append(f"{self.path}{f' 第 {line} 行' if line else ''}：{message}")


def _column(table: Table | None, written: str) -> str:
    """A column by its name or its Chinese header; one that is none stays as written, and is told."""
    if table is None or written in table.column:
        return written
    if word(written) in UNIT and "unit_id" in table.column:
        return "unit_id"
    same = (each.name for each in table.columns if word(written) in map(word, (each.name, each.header, *each.also)))
    return next(same, written)


def _text(value: Any) -> str:
    """A scalar as one would type it into a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return decimal_text(value) if isinstance(value, Fraction) else str(value)


def _said(value: Any) -> str:
    return "（没有写）" if value is None else f"“{_text(value) if not isinstance(value, dict | list) else '…'}”"
