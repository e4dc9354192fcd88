"""A year's own words: year.yaml, what stands in no table – amounts set apart, the public notice, steps taken."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from kaohe.intake.places import Log, Spot
from kaohe.intake.sheets import cells, days
from kaohe.intake.sheets.cells import CellError
from kaohe.intake.tables.data import Letter, PublicNotice, StepTaken, YearWords
from kaohe.intake.year.files import YearFiles
from kaohe.intake.year.folder import YEAR_FILE
from kaohe.rules.wording import number as say
from kaohe.scheme import Scheme
from kaohe.scheme.yamlfile import NotYamlError, Parsed, parse

NOTICE = {"from": "day", "to": "day", "contact": "text", "phone": "text", "place": "text", "signature": "text",
          "signed_on": "day"}  # fmt: skip
LETTERS = {"number": "text", "signature": "text", "signed_on": "day"}
STEP = {"done": "yes_no", "by": "text", "on": "day", "note": "text"}
FIELDS = ("amounts", "notice", "letters", "admissions_until", "steps")


def year_words_of(files: YearFiles, scheme: Scheme, year: str, log: Log) -> YearWords:
    """What year.yaml says, as far as it can be used; nothing where there is none."""
    if not files.has(YEAR_FILE):
        return YearWords()
    try:
        found = parse(files.decided(files.folder / YEAR_FILE))
    except NotYamlError as error:
        log.error(
            "year-file",
            f"{scheme.year.spoken.one}说明有误：{error.message}",
            Spot(YEAR_FILE, "", error.line, error.field),
        )
        return YearWords()
    except OSError as error:
        log.error("unreadable", f"文件无法读取：{error.strerror or error}", Spot(YEAR_FILE))
        return YearWords()
    return _Reader(found, scheme, year, log).words() if found.content is not None else YearWords()


class _Reader:
    """Reads field by field; whatever is wrong is told with its line and left out."""

    def __init__(self, found: Parsed, scheme: Scheme, year: str, log: Log) -> None:
        self.found, self.scheme, self.year, self.log = found, scheme, year, log
        self.said = scheme.year.spoken.one
        self._alive: list[Any] = []

    def words(self) -> YearWords:
        top = self._mapping(self.found.content, {}, "", FIELDS)
        amounts = self._part(top, "amounts", tuple(self.scheme.amounts))
        notice, letters = self._values(top, "notice", NOTICE), self._values(top, "letters", LETTERS)
        since, until = notice.get("from"), notice.get("to")
        if since and until and until < since:
            self._error(top["notice"], "to", "notice.to", "公示的截止日期早于起始日期", f"{since} 以后的日期")
            notice = {name: value for name, value in notice.items() if name not in ("from", "to")}
        return YearWords(
            amounts={name: said for name in amounts if (said := self._amount(amounts, name))},
            notice=PublicNotice(since=notice.pop("from", None), until=notice.pop("to", None), **notice),
            letters=Letter(**letters),
            admissions_until=self._admissions(top),
            steps=self._steps(top),
        )

    def _part(self, top: Mapping[str, Any], name: str, known: tuple[str, ...]) -> Mapping[str, Any]:
        return self._mapping(top[name], top, name, known) if top.get(name) is not None else {}

    def _values(self, top: Mapping[str, Any], name: str, kinds: Mapping[str, str]) -> dict[str, Any]:
        return self._read(self._part(top, name, tuple(kinds)), name, kinds)

    def _read(self, part: Mapping[str, Any], name: str, kinds: Mapping[str, str]) -> dict[str, Any]:
        read = {field: self._value(part, field, f"{name}.{field}", kinds[field]) for field in part}
        return {field: value for field, value in read.items() if value is not None}

    def _mapping(self, node: Any, above: Mapping[str, Any], name: str, known: tuple[str, ...]) -> dict[str, Any]:
        """The fields that are known; of the others it tells."""
        if not isinstance(node, dict):
            self._error(
                above, name, name, f"{name or f'{self.said}说明'}应为“字段: 内容”", "、".join(known), shown(node)
            )
            return {}
        for field in node:
            if field not in known:
                where = f"的 {name} " if name else ""
                self._error(
                    node, field, str(field), f"{self.said}说明{where}没有字段 {field}", "、".join(known), str(field)
                )
        kept = {field: value for field, value in node.items() if field in known}
        self.found.lines[id(kept)] = self.found.lines.get(id(node), {})
        self._alive.append(kept)  # so that ids stay theirs
        return kept

    def _value(self, part: Mapping[str, Any], field: str, name: str, kind: str) -> Any:
        written = part[field]
        if written is None:
            return None
        try:
            return _KINDS[kind](written)
        except CellError as error:
            self._error(part, field, name, f"{self.said}说明的 {name}{error.problem}", error.expected, shown(written))
            return None

    def _amount(self, part: Mapping[str, Any], field: str) -> str:
        """A number is yuan; words stand as they are."""
        written = part[field]
        if isinstance(written, int | Fraction) and not isinstance(written, bool):
            if written >= 0:
                return f"{say(Fraction(written))} 元"
            self._error(part, field, f"amounts.{field}", "金额为负", "≥ 0 的数（元），或文字", shown(written))
            return ""
        return self._value(part, field, f"amounts.{field}", "text") or ""

    def _admissions(self, top: Mapping[str, Any]) -> datetime.date | None:
        if "admissions_until" not in top:
            return None
        found: datetime.date | None = self._value(top, "admissions_until", "admissions_until", "day")
        first, _ = self.scheme.window.days(self.year)
        if found is not None and found <= first:
            problem, name = f"招生材料的截止日期早于{self.scheme.year.spoken.this}", "admissions_until"
            self._error(top, name, name, problem, f"{first} 以后的日期", found.isoformat())
            return None
        return found

    def _steps(self, top: Mapping[str, Any]) -> dict[str, StepTaken]:
        known = tuple(step.id for step in self.scheme.process)
        part, found = self._part(top, "steps", known), {}
        for step, said in part.items():
            if isinstance(said, dict):
                fields = self._mapping(said, part, f"steps.{step}", tuple(STEP))
                values = self._read(fields, f"steps.{step}", STEP)
                found[step] = StepTaken(values.pop("done", True), **values)
            elif (day := self._value(part, step, f"steps.{step}", "day")) is not None:
                found[step] = StepTaken(True, on=day)
        return found

    def _error(
        self, node: Mapping[str, Any], field: Any, name: str, message: str, expected: str, value: str = ""
    ) -> None:
        line = self.found.lines.get(id(node), {}).get(field, 1)
        self.log.error("year-file", message, Spot(YEAR_FILE, "", line, name, value), expected=expected)


def shown(written: Any) -> str:
    return say(written) if isinstance(written, Fraction) else str(written)


def _text(written: Any) -> str:
    if not isinstance(written, str) or not written.strip():
        raise CellError("文字（数字请加引号）", "不是文字")
    return cells.text(written)


def _day(written: Any) -> datetime.date:
    return days.day(shown(written))


def _yes_no(written: Any) -> bool:
    return cells.yes_no(written if isinstance(written, bool) else shown(written))


_KINDS: Mapping[str, Callable[[Any], Any]] = {"text": _text, "day": _day, "yes_no": _yes_no}
