"""The raw tables and their words: columns, Chinese headers and coded values, as offices write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

ColumnKind = Literal[
    "id", "person", "text", "code", "open_code", "metric", "indicator", "figure", "number", "yes_no", "date", "year"
]
"""`figure`: a number in its metric's unit; `open_code`: a word that need not be among the codes."""

Blank = Literal["error", "warning", "none", "absent"]
"""What a blank cell is: `absent` means the whole row has not been handed in."""

Merge = Literal["value", "note"]
"""Rows of one key must agree on values; their notes are joined. A text that is a value is a name or a title."""


@dataclass(frozen=True)
class Column:
    """One column of a table: English name, Chinese header, and what may stand in it.

    `units`: words that may follow its numbers and change nothing: `30000元`.
    """

    name: str
    header: str
    kind: ColumnKind
    key: bool = False
    optional: bool = False
    blank: Blank = "error"
    merge: Merge = "value"
    also: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One raw table. `across`: the key column that may run across in the wide form.

    `given`: columns that a template fills in; a row that holds nothing else has not been handed in yet.
    """

    name: str
    chinese: str
    columns: tuple[Column, ...]
    required: bool = False
    across: str | None = None
    value: str | None = None
    given: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """Columns that each hold the votes for one option."""

    @cached_property
    def column(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.key)


def _unit(key: bool = True) -> Column:
    return Column("unit_id", "单位编号", "id", key=key)


def _note(required: bool = False) -> Column:
    """Explains a row; where the contract asks for it, a blank one is only worth a warning."""
    return Column("note", "备注", "text", optional=not required, blank="warning" if required else "none", merge="note")


def _indicator(key: bool = True) -> Column:
    return Column("indicator", "指标编号", "indicator", key=key, also=("指标",))


def _day(name: str = "date", header: str = "日期") -> Column:
    """When it happened; those who do not know leave it out."""
    return Column(name, header, "date", optional=True, blank="none")


def _said(name: str, header: str) -> Column:
    """Further words about a row that need not be there."""
    return Column(name, header, "text", optional=True, blank="none", merge="note")


_DISPUTED = Column("disputed", "有争议", "yes_no", optional=True, blank="none", merge="note")
_ACHIEVED = Column("title", "项目名称", "text", also=("名称",))
_TITLE = Column("title", "项目名称", "text", blank="warning", also=("名称",))

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "units",
            "单位",
            (
                _unit(),
                Column("name", "单位名称", "text", also=("名称",)),
                Column("category", "类别", "code"),
            ),
            required=True,
        ),
        Table(
            "metrics",
            "指标数据",
            (
                _unit(),
                Column("metric", "指标名称", "metric", key=True, also=("指标",)),
                Column("value", "数值", "figure", blank="absent"),
                Column("source", "数据来源", "text", optional=True, blank="none", merge="note"),
                _note(),
                _DISPUTED,
            ),
            required=True,
            across="metric",
            value="value",
        ),
        Table(
            "achievements",
            "成果",
            (
                _unit(key=False),
                _indicator(key=False),
                Column("kind", "类型", "open_code"),
                Column("level", "级别", "open_code", blank="none"),
                Column("award", "奖项", "open_code", blank="none"),
                _ACHIEVED,
                Column("date", "日期", "date"),
                Column("first_author", "第一完成人", "yes_no"),
                Column("amount", "金额", "number", blank="none", units=("元",)),
            ),
        ),
        Table(
            "ratings",
            "评分",
            (
                _unit(),
                _indicator(),
                Column("rater", "评分人", "person", key=True),
                Column("points", "分值", "number", blank="absent", units=("分",)),
                _note(),
                _DISPUTED,
            ),
            required=True,
            across="indicator",
            value="points",
        ),
        Table(
            "incidents",
            "扣分事件",
            (
                _unit(key=False),
                _indicator(key=False),
                Column("date", "日期", "date"),
                Column("count", "次数", "number", units=("次", "起")),
                Column("points", "分值", "number", optional=True, blank="none", units=("分",)),
                _note(required=True),
            ),
        ),
        Table(
            "ballots",
            "民主测评",
            (_unit(),),
            given=("unit_id",),
        ),
        Table(
            "leader_ratings",
            "领导评价",
            (
                _unit(),
                Column("leader", "评分人", "person", key=True, also=("voter",)),
                Column("role", "组别", "code", also=("group",)),
                Column("score", "分数", "number", also=("mark",), units=("分",)),
            ),
            given=("unit_id", "leader", "role"),
        ),
        Table(
            "declarations",
            "优秀申报",
            (
                _unit(),
                Column("kind", "类型", "code", key=True),
                _TITLE,
                Column("accepted", "认定通过", "yes_no"),
                _day(),
            ),
        ),
        Table("vetoes", "否决事项", (_unit(key=False), Column("kind", "类型", "code"), _note(required=True), _day())),
        Table(
            "awards",
            "突出贡献奖",
            (
                _unit(key=False),
                _TITLE,
                Column("approved", "批准", "yes_no", blank="none"),
                _said("basis", "依据"),
                Column("level", "级别", "open_code", optional=True, blank="none"),
                _said("review", "评审意见"),
                _day(),
            ),
        ),
        Table(
            "exemptions",
            "不适用",
            (_unit(), _indicator(), Column("reason", "理由", "text", blank="warning", merge="note")),
        ),
        Table(
            "nil_reports",
            "零报告",
            (
                Column("unit_id", "单位编号", "id", key=True, optional=True, blank="none"),
                Column("indicator", "指标编号", "indicator", key=True, optional=True, blank="none", also=("指标",)),
                Column("office", "部门", "id", key=True),
                _note(),
            ),
        ),
        Table(
            "predecessors",
            "沿革",
            (_unit(), Column("predecessor", "原单位编号", "id", key=True), _note()),
        ),
        Table(
            "self_scores",
            "自评",
            (_unit(), _indicator(), Column("points", "分值", "number", blank="absent", units=("分",))),
        ),
        Table(
            "self_reports",
            "自查报告",
            (_unit(), Column("received_on", "收到日期", "date", blank="absent"), _note()),
            given=("unit_id",),
        ),
        Table(
            "decisions",
            "审议决定",
            (
                _unit(),
                Column("grade", "结论", "code"),
                Column("matter", "事项", "open_code", optional=True, blank="none"),
                Column("reason", "理由", "text", merge="note"),
                Column("decided_on", "日期", "date"),
            ),
        ),
        Table(
            "rectifications",
            "整改",
            (
                _unit(),
                _said("responsible", "责任人"),
                _said("cause", "原因"),
                _said("measures", "措施"),
                _day("due", "期限"),
                _day("done_on", "完成日期"),
                _note(),
            ),
        ),
    )
}

NIL_REPORTS = "nil_reports"
LISTS = ("achievements", "incidents")
"""Tables without a key whose rows are about an indicator: nobody knows how many there should be, or whether any."""

UNIT_NAME = Column("name", "单位名称", "text", optional=True, blank="none")
"""May stand beside the unit's id in any table, for people to read; it must not be another unit's."""

MATTERS = {"tie": "并列", "grade": "等次"}
SIMPLE_CODES: Mapping[tuple[str, str], Mapping[str, str]] = {("decisions", "matter"): MATTERS}
"""Code → Chinese word, by table and column, whatever the scheme; the others are asked of it (`names`)."""

NO_TABLE = "说明"
"""The sheet that explains a workbook; it is never read."""
