"""Every notebook's parameters, and how a wrong one is refused before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from kaohe.analysis.questions import QUESTIONS
from kaohe.notebook.errors import ParameterError


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook. The type is that of the default; `meaning` is its comment in the notebook."""

    name: str
    default: Any
    meaning: str

    @property
    def kind(self) -> str:
        return _KINDS[type(self.default)]

    def check(self, value: Any) -> None:
        """ParameterError where the value is of another type."""
        wanted = type(self.default)
        fits = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
        if wanted is list:
            fits = fits and all(isinstance(item, str) for item in value)
        if wanted is dict:
            fits = fits and all(isinstance(key, str) for key in value)
        if not fits:
            raise ParameterError(
                f"参数 {self.name} 应为{self.kind}（{self.meaning}），现为 {shown(value)}（{_type_name(value)}）"
            )


_KINDS: dict[type, str] = {
    str: "文字",
    bool: "是非值 True 或 False",
    list: '文字的列表，如 ["2018-2019"]',
    dict: '字典，如 {"fail_line": "0.6"}',
}

_YEAR = Parameter("year", "2020-2021", "年度，如 2018-2019")
_DATA = Parameter("data", "../data", "数据文件夹，其中有 raw/年度")
_BOOK = Parameter("book", "", "已评好的评分册（book.json）；留空则读取 data 中的原始数据现场评分")
_POLICIES = Parameter("policies", {}, "试算的读法，名称到取值；留空则用年度已定的读法")
_PROVISIONAL = Parameter("provisional", False, "缺项是否暂按 0 分计（结果标明“暂定”）")
_UNIT = Parameter("unit", "C01", "单位编号")
_TABLE = Parameter("table", "", "已筛去不公开内容的公示表（JSON）；留空则读取 data 现场评分后筛选")
_FOUND = Parameter("found", "", "已算好的答案（processed/年度/analyses 中的 JSON）；留空则读取 data 现场评分后计算")
_YEARS = Parameter("years", [], "要对比的年度；留空则为全部（有真实的年度时，不含演示年度）")
_BOOKS = Parameter("books", [], "已评好的评分册（book.json）；留空则读取 data 中的原始数据现场评分")

PARAMETERS: dict[str, tuple[Parameter, ...]] = {
    "check": (_YEAR, _DATA, Parameter("findings", "", "已写出的检查结果（findings.json）；留空则现场检查")),
    "annual": (_YEAR, _DATA, _BOOK, _POLICIES, _PROVISIONAL),
    "method": (_YEAR, _DATA, _BOOK, _POLICIES, _PROVISIONAL),
    "unit": (
        _YEAR,
        _UNIT,
        _DATA,
        _BOOK,
        _POLICIES,
        _PROVISIONAL,
        Parameter("answers", "", "已算好的“差在哪里”（processed/年度/analyses/goal.json）；book 也留空时现场计算"),
    ),
    "compare": (
        _YEARS,
        _DATA,
        _BOOKS,
        Parameter(
            "changes", "", "已算好的变动由来（processed/最后一个年度/analyses/changed.json）；books 也留空时现场计算"
        ),
    ),
    "trend": (_YEARS, _DATA, _BOOKS),
    "diff": (
        Parameter("before", "2019-2020", "先前的一方：年度、评分编号、manifest.json 或原始数据文件夹"),
        Parameter("after", "2020-2021", "后来的一方，写法同上"),
        _DATA,
        Parameter("difference", "", "已写出的对照（diff.json）；留空则现场对照"),
    ),
    "public": (_YEAR, _DATA, _TABLE),
    "public_unit": (_YEAR, _UNIT, _DATA, _TABLE),
    "explore": (
        _YEAR,
        _UNIT,
        _DATA,
        Parameter("scenario", "", "开始时载入的试算方案（YAML）；留空则从真实数据开始"),
    ),
}
PARAMETERS["backtest"] = (
    Parameter("scheme", "lygtc-2018-revised", "草案的文件夹、scheme.yaml，或随库方案、草案的编号"),
    Parameter("years", ["2018-2019"], "拿哪几个年度的数据来试"),
    _DATA,
    Parameter("found", "", "已算好的回测（kaohe backtest --html 写出的 JSON）；留空则读取 data 现场计算"),
)
PARAMETERS |= {each.id: (_YEAR, _DATA, _FOUND) for each in QUESTIONS}
"""Every notebook's parameters, in the order of its parameters cell; the tests hold the cells equal to this."""


def known_parameters(notebook: str) -> dict[str, Parameter]:
    """The notebook's parameters by name. KeyError for a notebook that does not exist."""
    return {parameter.name: parameter for parameter in PARAMETERS[notebook]}


def check_parameters(notebook: str, values: Mapping[str, Any]) -> None:
    """ParameterError where a name or type is wrong or a year malformed. Needs no data: the batch asks first."""
    known = known_parameters(notebook)
    for name in values:
        if name not in known:
            _refuse_unknown(name, notebook)
    for name, value in values.items():
        known[name].check(value)
        if name in ("year", "years"):
            for year in [value] if name == "year" else value:
                _check_year(year)


STARTED = "_kaohe_started"
_OF_IPYTHON = {"In", "Out", "exit", "quit", "open", "get_ipython"}


def check_names(namespace: Mapping[str, Any], notebook: str) -> None:
    """Refuse what looks like a parameter and is none: papermill would inject a typo without a word.

    Once the notebook has started, an analyst's own variables may stand there; only near misses are refused then.
    """
    known = known_parameters(notebook)
    for name, value in namespace.items():
        if name.startswith("_") or name in _OF_IPYTHON or name in known or not _is_plain(value):
            continue
        if STARTED not in namespace or get_close_matches(name, known, cutoff=0.75):
            _refuse_unknown(name, notebook)


def _is_plain(value: Any) -> bool:
    """Whether a value could be a parameter at all; functions, modules and books could not."""
    return value is None or isinstance(value, str | int | float | list | tuple | dict | set)


def _refuse_unknown(name: str, notebook: str) -> NoReturn:
    known = known_parameters(notebook)
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"，是否想写 {near[0]}？" if near else "。"
    allowed = "；".join(f"{each.name}：{each.meaning}" for each in known.values())
    raise ParameterError(f"笔记本 {notebook} 没有参数 {name}{hint}可用的参数：{allowed}")


def _check_year(year: str) -> None:
    """A school year, a calendar year or an event; whose year it is, the data folder says."""
    from kaohe.scheme.years import FORMS, year_kind

    if year_kind(year) is None:
        raise ParameterError(f"{FORMS}，现为 {shown(year)}")


def shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _type_name(value: Any) -> str:
    names: dict[type, str] = {
        str: "文字", bool: "是非值", int: "整数", float: "小数", list: "列表", dict: "字典", type(None): "空值",
    }  # fmt: skip
    return names.get(type(value), type(value).__name__)
