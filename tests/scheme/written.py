"""Small schemes written out in a test."""

from pathlib import Path

from kaohe.scheme import Scheme, SchemeError, read_scheme

HEAD = """\
id: small
title: 小办法
authority: 某局
in_force_from: "2020-01-01"
categories:
  big: {name: 大单位, group: all}
  small: {name: 小单位, group: all, many: false}
groups: {all: {name: 全部, score: total}}
metrics:
  done: {name: 完成数, unit: 件, kind: count, office: 办公室, least: 0}
  rate: {name: 完成率, unit: 比率, kind: rate, office: 办公室, least: 0, most: 1}
  cash: {name: 收入, unit: 元, kind: money, office: 办公室, least: 0}
"""

LEAF = "{kind: steps, value: rate, bands: [{at_least: 50%, points: 5}, {at_least: 90%, points: 10}]}"

PLAIN = f"""\
items:
  - id: total
    name: 总分
    items:
      - {{id: a, name: 甲, full: 10, clause: 一, rule: {LEAF}}}
      - {{id: b, name: 乙, full: 10, clause: 二, rule: {{kind: judged}}}}
      - {{id: c, name: 丙, full: 10, clause: 三, rule: {{kind: per_unit, value: done, each: 1}},
         then: [{{at_most: full}}]}}
      - {{id: d, name: 丁, full: 5, clause: 四,
         rule: {{kind: per_unit, value: cash, each: 1, per: 1000, steps: whole, at_most: 5}}}}
"""


def written(folder: Path, text: str, head: str = HEAD) -> Path:
    (folder / "scheme.yaml").write_text(head + text, "utf-8")
    return folder


def read(folder: Path, text: str, head: str = HEAD) -> Scheme:
    return read_scheme(written(folder, text, head))


def problems(folder: Path, text: str, head: str = HEAD) -> list[tuple[int | None, str, str]]:
    """Line, field and what was expected of everything that is wrong."""
    try:
        read(folder, text, head)
    except SchemeError as error:
        return [(each.line, each.field, each.expected) for each in error.problems]
    return []
