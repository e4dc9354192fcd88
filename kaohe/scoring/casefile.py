"""Cases of a scheme as its office writes them (`cases/*.yaml` beside it): what goes in, and what has to come out.

A file is a list of cases. Each has `units` (unit → what is handed in for it, `every` for all of them), `expect`
(unit → item, or column of the results → what it has to be), and the `arithmetic` that redoes it by hand.
Whatever is wrong with a file is told with its line; what is right is still tested.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.scheme import Problem, Scheme
from kaohe.scheme.messages import unknown
from kaohe.scheme.yamlfile import NotYamlError, Parsed, load
from kaohe.scoring.casedata import figure, past_of, usual_year, year_data
from kaohe.scoring.casegiven import wrongs

FOLDER = "cases"

FIELDS = (
    "name", "clause", "source", "year", "policies", "every", "units", "before", "expect", "decimals", "arithmetic",
)  # fmt: skip
RESULTS = ("total", "rank", "grade", "last", "declared", "vetoed", "attainable")
"""Columns of results that can be expected, beside the scheme's own consequences."""

STAGES = ("points", "raw", "full")
NOT_APPLICABLE, UNKNOWN = "n/a", "missing"
"""Expected of an item that does not apply to the unit, or that cannot be found."""


_SHAPE = (
    "写法不对：ratings 为 {项: [分数]}，votes 为 {投票: {选项: 票数}}，achievements、incidents 为 {项: [内容]}，"
    "日期为 2019-03-01，earlier 为 {1: {…}}"
)


@dataclass(frozen=True)
class Expected:
    """One figure that has to come out: of an item (at a stage), or a column of the results."""

    unit: str
    what: str
    stage: str  # one of STAGES, or `result`
    value: Any  # Fraction, str, bool
    line: int | None = None


@dataclass(frozen=True)
class Case:
    """One case; `units` as written, the shared part filled in."""

    file: str
    line: int | None
    name: str
    units: Mapping[str, Mapping[str, Any]]
    expect: tuple[Expected, ...]
    year: str
    policies: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Mapping[str, Any]] | None = None
    decimals: int | None = None
    clause: str = ""
    arithmetic: str = ""

    @property
    def where(self) -> str:
        """`cases/hdi.yaml 第 3 行“挪威”`."""
        line = f" 第 {self.line} 行" if self.line else ""
        return f"{self.file}{line}“{self.name}”"


def read_cases(folder: Path, scheme: Scheme) -> tuple[list[Case], list[Problem]]:
    """The cases in a scheme's folder, in the order of the files, and whatever is wrong with them."""
    cases: list[Case] = []
    problems: list[Problem] = []
    for path in sorted((folder / FOLDER).rglob("*.yaml")):
        shown = path.relative_to(folder).as_posix()
        try:
            found = load(path)
        except NotYamlError as error:
            problems.append(Problem(shown, error.line, error.field, error.message))
            continue
        except OSError as error:
            problems.append(Problem(shown, None, "", f"无法读取：{error.strerror or error}"))
            continue
        reader = _Reader(shown, found, scheme)
        cases += reader.cases()
        problems += reader.problems
    return cases, problems


class _Reader:
    """One file of cases."""

    def __init__(self, file: str, found: Parsed, scheme: Scheme) -> None:
        self.file, self.found, self.scheme = file, found, scheme
        self.problems: list[Problem] = []

    def cases(self) -> Iterator[Case]:
        content = self.found.content
        if not isinstance(content, list):
            self._tell(1, "", "应为列表：每个算例以“- name: …”开头")
            return
        for place, raw in enumerate(content):
            line = self._line(content, place)
            if not isinstance(raw, dict):
                self._tell(line, f"第{place + 1}个算例", "应为“字段: 内容”的映射")
            elif (case := self._case(raw, line, place)) is not None:
                yield case

    def _case(self, raw: dict[str, Any], line: int | None, place: int) -> Case | None:
        name = str(raw.get("name") or f"第{place + 1}个算例")
        told = len(self.problems)
        for each in raw:
            if each not in FIELDS:
                self._tell(self._line(raw, each), f"{name}.{each}", f"算例{unknown('的字段里', str(each), FIELDS)}")
        for needed in ("units", "expect"):
            if not isinstance(raw.get(needed), dict) or not raw[needed]:
                self._tell(self._line(raw, needed) or line, f"{name}.{needed}", "应为“单位: 内容”的映射")
        if not str(raw.get("arithmetic") or raw.get("source") or "").strip():
            self._tell(line, f"{name}.arithmetic", "每个算例应写一行算式（arithmetic），或公布的出处（source）")
        if len(self.problems) > told:
            return None
        every = raw.get("every") or {}
        units = {str(unit): {**every, **(given or {})} for unit, given in raw["units"].items()}
        for unit, given in units.items():
            self._check_unit(f"{name}.units.{unit}", given, (raw["units"], every), unit, line)
        before = raw.get("before")
        for unit, given in (before or {}).items():
            self._check_unit(f"{name}.before.{unit}", {**every, **(given or {})}, (before, every), unit, line)
        expected = tuple(self._expected(name, raw["expect"], units))
        year = str(raw.get("year") or usual_year(self.scheme))
        if len(self.problems) == told:
            self._build(name, year, units, line)
        policies = {str(key): str(value) for key, value in (raw.get("policies") or {}).items()}
        if len(self.problems) > told:
            return None
        return Case(
            file=self.file,
            line=line,
            name=name,
            units=units,
            expect=expected,
            year=year,
            policies=policies,
            before={str(unit): {**every, **(given or {})} for unit, given in before.items()} if before else None,
            decimals=int(raw["decimals"]) if "decimals" in raw else None,
            clause=str(raw.get("clause") or ""),
            arithmetic=str(raw.get("arithmetic") or raw.get("source") or ""),
        )

    def _build(self, name: str, year: str, units: Mapping[str, Mapping[str, Any]], line: int | None) -> None:
        """Tell of a unit whose data cannot be made of what is written."""
        for unit, given in units.items():
            try:
                year_data(self.scheme, year, {unit: given})
                past_of(self.scheme, {unit: given})
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                own = isinstance(error, ValueError) and any("一" <= letter <= "鿿" for letter in str(error))
                self._tell(line, f"{name}.units.{unit}", str(error) if own else _SHAPE)

    def _check_unit(
        self, field: str, given: Mapping[str, Any], written: tuple[Any, Any], unit: str, line: int | None
    ) -> None:
        """Tell what is wrong with what is handed in for a unit, at the line of the field: its own, or that of all."""
        units, every = written
        own = next((each for name, each in units.items() if str(name) == unit), None)
        for below, message in wrongs(self.scheme, given):
            first = below.partition(".")[0]
            at = self._line(own, first) or (self._line(every, first) if own is None or first not in own else None)
            self._tell(at or self._line(units, unit) or line, f"{field}.{below}", message)

    def _number(self, value: Any, line: int | None, field: str) -> Fraction:
        try:
            return figure(value)
        except ValueError as error:
            self._tell(line, field, f"{error}，现为 {value}")
            return Fraction(0)

    def _expected(self, name: str, raw: Mapping[Any, Any], units: Mapping[str, Any]) -> Iterator[Expected]:
        for unit, columns in raw.items():
            line = self._line(raw, unit)
            if str(unit) not in units:
                self._tell(line, f"{name}.expect.{unit}", unknown("units 里", str(unit), units))
            elif not isinstance(columns, dict) or not columns:
                self._tell(line, f"{name}.expect.{unit}", "应为“项或结果: 数”的映射")
            else:
                for what, value in columns.items():
                    yield from self._one(name, str(unit), str(what), value, self._line(columns, what) or line)

    def _one(self, name: str, unit: str, what: str, value: Any, line: int | None) -> Iterator[Expected]:
        field = f"{name}.expect.{unit}.{what}"
        results = {*RESULTS, *self.scheme.results.consequences}
        if what in self.scheme.tree:
            stages = value if isinstance(value, dict) else {"points": value}
            for stage, expected in stages.items():
                if stage not in STAGES:
                    self._tell(line, f"{field}.{stage}", unknown("points、raw、full 里", str(stage), STAGES))
                elif expected in (NOT_APPLICABLE, UNKNOWN):
                    yield Expected(unit, what, str(stage), expected, line)
                else:
                    yield Expected(unit, what, str(stage), self._number(expected, line, field), line)
        elif what == "grade":
            grades = {each.key: each.name for each in self.scheme.results.grades}
            known = {*grades, *grades.values(), "待审议", "", UNKNOWN}
            if str(value or "") not in known:
                self._tell(line, field, unknown("等次（grades）里", str(value), known))
            yield Expected(unit, what, "result", grades.get(str(value), str(value or "")), line)
        elif what in results:
            said = value if isinstance(value, bool) else {"yes": True, "no": False}.get(str(value))
            number = what in ("total", "rank", "attainable")
            if number:
                yield Expected(
                    unit, what, "result", value if value == UNKNOWN else self._number(value, line, field), line
                )
            elif value == UNKNOWN:
                yield Expected(unit, what, "result", UNKNOWN, line)
            elif said is None:
                self._tell(line, field, f"应为 yes 或 no，现为 {value}")
            else:
                yield Expected(unit, what, "result", said, line)
        else:
            known_names = (*self.scheme.tree.nodes, *results)
            self._tell(line, field, unknown("各项（items）和结果里", what, known_names))

    def _line(self, node: Any, step: Any) -> int | None:
        return self.found.lines.get(id(node), {}).get(step)

    def _tell(self, line: int | None, field: str, message: str) -> None:
        self.problems.append(Problem(self.file, line, field, message))
