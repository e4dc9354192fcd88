"""Schemes of another shape than the shipped one, small enough to be counted through, and years of them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.intake import Intake
from kaohe.scoring.score import score_year

HEAD = """
id: toy
title: 玩具办法
authority: 某单位
in_force_from: "2010-01-01"
year: {kind: calendar}
window: {from: "01-01", to: "12-31"}
categories: {team: {name: 团队, group: all}}
groups: {all: {name: 全体, score: total}}
"""
INDEX = """
metrics:
  life: {name: 预期寿命, unit: 岁, kind: number, office: 统计部, least: 0}
  income: {name: 人均收入, unit: 美元, kind: money, office: 银行, least: 0}
items:
  - id: total
    name: 指数
    combine: geometric_mean
    then: [{round: 0.001}]
    items:
      - {id: health, name: 健康, full: 1, rule: {kind: line, value: life, through: [[20, 0], [85, 1]]}}
      - {id: money, name: 收入, full: 1, rule: {kind: line, scale: log, value: income, through: [[100, 0], [75000, 1]]}}
"""


UNITS = [("A1", "甲队", "团队"), ("A2", "乙队", "team")]


def put(raw: Path, year: str, scheme: str = "", **tables: Sequence[Sequence[Any]]) -> Path:
    """A year of these tables below `raw`, with a scheme of its own."""
    folder = raw / year
    folder.mkdir(parents=True, exist_ok=True)
    if scheme:
        (folder / "scheme.yaml").write_text(scheme, encoding="utf-8")
    for name, rows in {"units": [("单位编号", "单位名称", "类别"), *UNITS], **tables}.items():
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return raw


def errors(intake: Intake) -> list[str]:
    return [f"{each.code}: {each}" for each in intake.findings if each.severity != "advisory"]


def totals(raw: Path, year: str) -> dict[str, Fraction | None]:
    return {unit.unit_id: unit.total for unit in score_year(year, raw).units}


MONTHS = """
dimensions: {quarter: {name: 季度, of: 2}}
metrics:
  output: {name: 产量, unit: 吨, kind: number, office: 生产部}
  plan: {name: 计划, unit: 吨, kind: number, office: 计划部}
items:
  - id: total
    name: 总分
    items:
      - id: q
        name: 季度完成
        full: 10
        each: quarter
        fold: sum
        rule: {kind: product, parts: [10, {kind: ratio, of: output, to: plan}]}
"""


BACK = """
metrics: {profit: {name: 利润, unit: 万元, kind: number, office: 财务处}}
items:
  - {id: total, name: 总分, rule: {kind: over, of: profit, years: [0, 1, 2], fold: mean}}
"""


VOTES = """
votes:
  staff:
    name: 职工测评
    paper: counts
    options: {good: {name: 好, worth: 100}, fair: {name: 中, worth: 60}}
    voters: {inside: {name: 本单位, share: 1}, outside: {name: 外单位, share: 3}}
    out_of: 100
  service:
    name: 服务评价
    paper: counts
    options: {yes: {name: 满意, worth: 10}, no: {name: 不满意, worth: 0}}
    out_of: 10
  peers:
    name: 互评
    paper: marks
    voter: 评委
    facets: {work: 工作, conduct: 作风}
    combine: {how: trimmed, from: 3}
    out_of: 10
    valid: [{not_all_same: true}]
items:
  - id: total
    name: 总分
    items:
      - {id: s, name: 职工, full: 40, rule: {kind: vote, vote: staff}}
      - {id: v, name: 服务, full: 20, rule: {kind: vote, vote: service}}
      - {id: w, name: 工作, full: 30, rule: {kind: vote, vote: peers, facet: work}}
      - {id: c, name: 作风, full: 10, rule: {kind: vote, vote: peers, facet: conduct}}
"""
TALL = [
    ("unit_id", "vote", "group", "option", "votes"),
    *(
        ("A1", "staff", "inside", "good", 1),
        ("A1", "staff", "inside", "fair", 1),
        ("A1", "职工测评", "外单位", "好", 4),
    ),
    *(("A2", "staff", "inside", "fair", 2), ("A2", "staff", "outside", "fair", 5)),
    *(("A1", "service", "", "满意", 3), ("A1", "service", "", "不满意", 1), ("A2", "service", "", "yes", 2)),
]
WIDE = [
    ("单位编号", "评议", "投票人", "好", "中", "满意", "不满意"),
    *(("A1", "职工测评", "本单位", 1, 1, "", ""), ("A1", "职工测评", "外单位", 4, 0, "", "")),
    *(("A2", "职工测评", "本单位", 0, 2, "", ""), ("A2", "职工测评", "外单位", 0, 5, "", "")),
    *(("A1", "", "", "", "", 3, 1), ("A2", "", "", "", "", 2, 0)),
]
MARKS = [
    ("unit_id", "facet", "voter", "mark"),
    *(("A1", facet, who, mark) for facet in ("work", "作风") for who, mark in (("甲", 9), ("乙", 6), ("丙", 10))),
    *(("A2", facet, who, mark) for facet in ("work", "作风") for who, mark in (("甲", 5), ("乙", 7), ("丙", 1))),
]
