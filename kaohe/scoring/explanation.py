"""Why a unit has the points it has: from raw input to total, in sentences and as the trace behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from kaohe.rules import Trace
from kaohe.rules.achievements import Tally
from kaohe.rules.evidence import Achievement, Incident
from kaohe.rules.wording import number, points
from kaohe.scoring.book import COMPONENT_NAMES, CheckResult, ScoreBook, UnitResult
from kaohe.scoring.cells import STATUS_NAMES, ScoreCell
from kaohe.scoring.decided import says_declared, says_vetoes

ELIGIBILITY = "eligibility"
"""The policy that says what a declaration must have for the best grade."""


@dataclass(frozen=True)
class Paragraph:
    """A heading and the sentences under it."""

    title: str
    lines: tuple[str, ...]


def explain(book: ScoreBook, unit_id: str, indicator: str | None = None) -> list[Paragraph]:
    """The whole unit from inputs to grade, or one indicator. KeyError for an unknown unit or indicator."""
    if indicator is not None:
        return [_cell(book, book.cell(unit_id, indicator))]
    return [*(_cell(book, cell) for cell in book.cells_of(unit_id)), *explain_result(book, unit_id)]


def explain_result(book: ScoreBook, unit_id: str) -> list[Paragraph]:
    """From the components to the grade, without the indicators."""
    unit = book.unit(unit_id)
    return [*_components(book, unit), _total(book, unit), _grade(book, unit), *_policies(book, unit_id)]


def _cell(book: ScoreBook, cell: ScoreCell) -> Paragraph:
    info = book.indicators[cell.indicator]
    if cell.points is None or cell.max_points is None:
        return Paragraph(f"{info.id} {info.name}（{info.clause}）：{STATUS_NAMES[cell.status]}", (cell.reason,))
    head = f"{info.id} {info.name}（{info.clause}）：{points(cell.points)}，满分 {number(cell.max_points)}"
    lines = [sentence.text for sentence in cell.sentences]
    lines += [f"{'要求' if info.own_demand else '说明'}：{info.note}"] if info.note else []
    lines += [f"期限：{due.says}" for due in info.due]
    lines += [_held(check) for check in book.checks_of(cell.unit) if check.indicator == info.id]
    made = [each for each in book.unit(cell.unit).declarations if info.id in each.tasks] if info.innovative else []
    lines += [f"标为创新性工作，申报：{says_declared(each)}" for each in made]
    if cell.deducted or cell.capped:
        sums = f"得 {number(cell.raw or 0)} − 扣 {number(cell.deducted or 0)} − 超限 {number(cell.capped or 0)}"
        lines.append(f"{sums} = {points(cell.points)}")
    lines += [f"要再得分：{said}" for said in cell.ahead]
    by_name = {policy.name: policy for policy in book.policies}
    for name in cell.policies:
        policy = by_name[name]
        lines.append(f"读法 {policy.id} {policy.question}：{policy.says}（{policy.clause}）")
    return Paragraph(head, tuple(lines))


def _held(check: CheckResult) -> str:
    """A number the text names beside what was handed in; it costs no points."""
    if check.value is None:
        return f"条文写明的数字：{check.text}，未上报"
    percent = check.text.endswith("%")
    value = f"{number(check.value * 100)}%" if percent else number(check.value)
    return f"条文写明的数字：{check.text}，实际 {value}，{'达到' if check.met else '未达到'}（不直接计分）"


def _components(book: ScoreBook, unit: UnitResult) -> Iterator[Paragraph]:
    group = book.groups[unit.group]
    yield Paragraph(
        f"民主测评：{points(unit.ballot_points)}，满分 {number(group.ballot_full)}",
        tuple(sentence.text for sentence in unit.ballot_sentences),
    )
    raws = {"base": unit.base_raw, "key": unit.key_raw}
    converted = {"base": unit.base_points, "key": unit.key_points}
    for name, raw in raws.items():
        shown = converted[name]
        if raw is not None and shown is not None:
            own, full = unit.own_full[name], group.parts[name]
            text = f"各项原始分合计 {number(raw)}，本单位满分 {number(own)}，条文满分 {number(full)}"
            yield Paragraph(f"{COMPONENT_NAMES[name]}：{points(shown)}", (text,))
    yield Paragraph(f"目标考核：{points(unit.target_points)}，满分 {number(group.target_full)}", ())
    yield Paragraph(
        f"领导班子评价：{points(unit.leader_points)}，满分 {number(group.leader_full)}",
        tuple(sentence.text for sentence in unit.leader_sentences),
    )


def _total(book: ScoreBook, unit: UnitResult) -> Paragraph:
    parts = f"{number(unit.ballot_points)} + {number(unit.target_points)} + {number(unit.leader_points)}"
    group = book.groups[unit.group]
    lines = [f"民主测评 + 目标考核 + 领导班子评价：{parts} = {number(unit.total)}（条文满分 {number(group.full)}）"]
    count = len(book.ranking(unit.group))
    level = [other.name for other in book.ranking(unit.group) if other.rank == unit.rank and other is not unit]
    tie = f"，与{'、'.join(level)}并列" if level else ""
    lines.append(f"在{group.name} {count} 个单位中排第 {unit.rank}{tie}")
    return Paragraph(f"总分：{points(unit.total)}", tuple(lines))


def _grade(book: ScoreBook, unit: UnitResult) -> Paragraph:
    lines = [f"纸面可得 {points(unit.attainable)}，低于 {points(unit.fail_below)}的为不合格"]
    lines.append("优秀申报已认定通过" if unit.declared else _not_declared(book, unit))
    lines += [f"申报：{says_declared(each)}" for each in unit.declarations]
    if unit.vetoed:
        lines.append(f"{says_vetoes(unit)}，不得评为优秀")
    if unit.ruling:
        lines.append(f"领导小组{unit.ruling.says(unit.grade)}")
        lines.append(f"审议之前，按得分和条件为{unit.by_points}")
    if unit.bonus_eligible:
        lines.append("发放奖励性绩效工资（2）")
    if unit.rectify:
        lines.append("限期整改，不发放奖励性绩效工资（2）")
    if unit.last_two_years:
        lines.append("连续两年排在末位：通报批评")
    if unit.last and book.uncompared:
        lines.append(f"排在末位，是否连续两年未能认定：{book.uncompared}")
    if unit.outstanding_award:
        lines.append("获突出贡献奖")
    lines += [f"申报突出贡献奖（{each.state}）：{each.says}" for each in unit.awards]
    return Paragraph(f"等次：{unit.grade}", tuple(lines))


def _not_declared(book: ScoreBook, unit: UnitResult) -> str:
    """What was accepted, and what is asked as the text is read."""
    if not unit.declarations:
        return "没有申报优秀"
    accepted = "、".join(each.name for each in unit.declarations if each.accepted)
    said = f"优秀申报未具备所需条件：{f'认定通过的只有 {accepted}' if accepted else '没有一项认定通过'}"
    asked = [f"{each.id} {each.question}：{each.says}" for each in book.policies if each.name == ELIGIBILITY]
    return f"{said}（{'；'.join(asked)}）" if asked else said


def _policies(book: ScoreBook, unit_id: str) -> Iterator[Paragraph]:
    decided = [policy for policy in book.policies if policy.origin != "default"]
    if decided:
        yield Paragraph(
            "与默认不同的读法",
            tuple(
                f"{policy.id} {policy.question}：{policy.says}"
                + (f"（{policy.decided_on} 决定：{policy.reason}）" if policy.origin == "year" else "（本次试算）")
                for policy in decided
            ),
        )


def trace_json(book: ScoreBook, unit_id: str, indicator: str | None = None) -> dict[str, Any]:
    """The traces as plain data: every quantity a sentence used. KeyError as in `explain`."""
    cells = [book.cell(unit_id, indicator)] if indicator else book.cells_of(unit_id)
    out: dict[str, Any] = {
        "year": book.year,
        "unit_id": unit_id,
        "scheme": book.scheme_id,
        "policies": {policy.name: policy.value for policy in book.policies},
        **({"trial": True} if book.trial else {}),
        "indicators": [_cell_json(book, cell) for cell in cells],
    }
    if indicator is None:
        unit = book.unit(unit_id)
        out["ballot"] = plain_trace(unit.ballot_trace) if unit.ballot_trace else None
        out["leaders"] = plain_trace(unit.leader_trace) if unit.leader_trace else None
        names = "ballot_points base_raw base_points key_raw key_points target_points leader_points total attainable"
        out["result"] = {
            **{name: _plain(getattr(unit, name)) for name in names.split()},
            "own_full": _plain(unit.own_full),
            **{name: getattr(unit, name) for name in ("rank", "grade", "declared", "vetoed", "last_two_years")},
        }
    return out


def _cell_json(book: ScoreBook, cell: ScoreCell) -> dict[str, Any]:
    info = book.indicators[cell.indicator]
    return {
        "indicator": cell.indicator,
        "name": info.name,
        "clause": cell.clause,
        "status": cell.status,
        **{name: _plain(getattr(cell, name)) for name in ("max_points", "points", "raw", "deducted", "capped")},
        "policies": list(cell.policies),
        "sentences": [sentence.text for sentence in cell.sentences],
        "ahead": list(cell.ahead),
        "due": [due.says for due in info.due],
        "trace": plain_trace(cell.trace) if cell.trace else None,
    }


def plain_trace(trace: Trace) -> dict[str, Any]:
    """A trace and its parts as JSON data; numbers as nearest doubles, points also exactly."""
    return {
        "kind": trace.kind,
        "points": _plain(trace.points),
        "points_exact": str(trace.points),
        "awarded": _plain(trace.awarded),
        "deducted": _plain(trace.deducted),
        "capped": _plain(trace.capped),
        "quantities": {name: _plain(value) for name, value in trace.quantities.items()},
        "rule": {name: _plain(value) for name, value in trace.rule.items()},
        "parts": [plain_trace(part) for part in trace.parts],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, BaseModel):
        return {name: _plain(child) for name, child in value if child is not None}
    if isinstance(value, Tally):
        return {
            "sum": _plain(value.sum),
            "counted": [{**_plain(row), "weight": _plain(weight)} for row, weight in value.counted],
            "repeated": _plain(value.repeated),
            "weightless": _plain(value.weightless),
        }
    if isinstance(value, Achievement | Incident):
        return {name: _plain(child) for name, child in vars(value).items()}
    if isinstance(value, Mapping):
        return {str(key): _plain(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(child) for child in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
