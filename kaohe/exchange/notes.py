"""The note on each column of a tall table: what is expected, in which unit, by which clause, and when it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kaohe.exchange.asking import Asked
from kaohe.exchange.guide import beyond_says
from kaohe.exchange.rowchecks import longer_ones
from kaohe.exchange.validation import Entry
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.vocabulary import UNIT_NAME, Column, Table
from kaohe.rules.votes import VoteRule
from kaohe.rules.wording import number as say
from kaohe.scheme import Item

FEW = 15
"""So many indicators or units are named in a note; more stand on the sheet 说明."""

UNIT = "考核哪个单位"
WITHIN = ("achievements", "incidents", "declarations", "vetoes", "awards")
"""Tables whose dates lie in the year; those of the others may follow it."""
COUNTED = ("achievements", "incidents")
"""Those of them of which nothing outside the year counts."""

WORDS = {
    ("achievements", "unit_id"): "哪个单位的成果",
    ("achievements", "indicator"): "计入哪项指标",
    ("achievements", "kind"): "成果属于哪一类，类型、级别和奖项一起决定权重",
    ("achievements", "level"): "成果的级别",
    ("achievements", "award"): "获奖的等级",
    ("achievements", "title"): "成果的全称；同一成果只填一行，重复的只计最高的一次",
    ("achievements", "date"): "取得成果的日期",
    ("achievements", "first_author"): "本单位人员是否第一完成人；不是的不计",
    ("achievements", "amount"): "单位：元，不是万元",
    ("incidents", "unit_id"): "哪个单位的事件",
    ("incidents", "indicator"): "在哪项指标上扣分",
    ("incidents", "date"): "事件发生的日期",
    ("incidents", "count"): "单位：起",
    ("incidents", "points"): "单位：分，填正数",
    ("incidents", "note"): "事件经过和依据，公布得分时作为理由",
    ("leader_ratings", "leader"): "{voter}的称呼，各单位写法一致；同一单位同一{voter}只填一行",
    ("leader_ratings", "role"): "这位{voter}的{grouping}，决定所占分值；各单位写法一致",
    ("leader_ratings", "score"): "单位：分；这位{voter}给这个单位的评分",
    ("declarations", "kind"): "申报哪一类；同一单位同一类只填一行",
    ("declarations", "title"): "申报的工作或项目的全称",
    ("declarations", "accepted"): "{deciders}是否认定通过",
    ("vetoes", "kind"): "否决事项属于哪一类",
    ("vetoes", "note"): "事项经过和依据；只供内部，不公开",
    ("awards", "title"): "突出贡献的工作或项目的全称",
    ("awards", "approved"): "{deciders}是否批准；还没有评选的先空着",
    ("declarations", "date"): "工作取得成效或突破的日期",
    ("vetoes", "date"): "事项发生的日期",
    ("awards", "basis"): "成绩的依据，如获奖文件、证书",
    ("awards", "level"): "成绩的级别",
    ("awards", "review"): "{deciders}评审时的意见",
    ("awards", "date"): "取得成绩的日期",
    ("self_reports", "received_on"): "收到自查报告的日期，没有收到的空着",
    ("decisions", "unit_id"): "审议的是哪个单位，一个单位一行",
    ("decisions", "grade"): "{deciders}审议定下的等次",
    ("decisions", "matter"): "审议的事项：名额线上并列的填“并列”，其他的填“等次”或写明",
    ("decisions", "reason"): "理由，显示在各页上",
    ("decisions", "decided_on"): "审议决定的日期",
    ("rectifications", "unit_id"): "须整改的单位",
    ("rectifications", "responsible"): "整改的责任人",
    ("rectifications", "cause"): "查出的原因",
    ("rectifications", "measures"): "整改措施",
    ("rectifications", "due"): "整改的期限",
    ("rectifications", "done_on"): "完成整改的日期，没有完成的空着",
    ("exemptions", "indicator"): "哪项指标不考核这个单位",
    ("exemptions", "reason"): "{deciders}认定不适用的理由",
    ("self_scores", "unit_id"): "给自己打分的单位",
    ("self_scores", "indicator"): "给哪项指标打分；同一单位同一指标只填一行",
    ("self_scores", "points"): "单位：分；单位的自评分，由评分人评分的用评分的分制，按数据计算的用该指标的分值",
}


def note_of(asked: Asked, table: Table, column: Column, entry: Entry) -> str:
    """The note of a column."""
    words = _words(asked, table, column)
    if column is UNIT_NAME:
        return _lines(column.header, "单位的名称，供查看", "已填好", _clauses(asked, table))
    listed = _listed(asked, table, column)
    return _lines(
        column.header, words, f"{entry.says}；{_needed(table, column)}", *_more(asked, table, column), *listed
    )


def _words(asked: Asked, table: Table, column: Column) -> str:
    """What the column is for, in the scheme's own words for people and committees."""
    if column.name in table.options:
        return f"单位：票；投“{column.header}”的票数"
    scheme, tables = asked.context.scheme, tables_of(asked.context.scheme)["leader_ratings"].column
    said = {"voter": tables["leader"].header, "grouping": tables["role"].header if "role" in tables else ""}
    words = WORDS.get((table.name, column.name), UNIT if column.name == "unit_id" else "")
    return words.format(**said, deciders=scheme.deciders)


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))


NEEDED = {
    ("achievements", "level"): "下面列出的类型必填，否则计 0 分",
    ("achievements", "award"): "下面列出的类型和级别必填，否则计 0 分",
    ("achievements", "amount"): "按经费计分的类型必填，其他类型不填",
    ("incidents", "points"): "酌情扣分的必填，其他可不填",
}


def _needed(table: Table, column: Column) -> str:
    found = NEEDED.get((table.name, column.name))
    if found:
        return found
    if column.blank == "absent":
        return "空着表示尚未上报"
    if column.blank == "warning":
        return "应填，空着会提醒"
    return "可不填" if column.optional or column.blank == "none" else "必填"


def _more(asked: Asked, table: Table, column: Column) -> Iterable[str]:
    """What follows from the scheme: prices of incidents, the window, the table's clause."""
    scheme = asked.context.scheme
    if table.name == "incidents" and column.name in ("count", "points"):
        yield from _prices(asked)
    if table.name == "achievements" and column.name in ("level", "award"):
        yield from _weighted(asked, column.name)
    if column.name == "amount":
        for each in asked.counting.values():
            for kind, rule in each.amounts.items():
                yield f"{each.id} {scheme.kinds.get(kind, kind)}：必填，不足 {say(rule.at_least[kind])} 元不计"
    if column.kind == "date" and table.name in WITHIN:
        if table.name not in COUNTED:
            yield f"应在{scheme.year.spoken.this}统计时段内，否则会提醒"
            yield f"条款：{scheme.window.clause}"
            return
        longer = longer_ones(asked, dict.fromkeys(each.id for _, each, _ in asked.pairs(table.name)))
        yield (
            f"统计时段外的不计；{beyond_says(scheme, longer, asked.context.admissions_until)}"
            if longer
            else "统计时段外的不计"
        )
        yield f"条款：{scheme.window.clause}"
    elif column.kind != "indicator":
        yield _clauses(asked, table)


def _prices(asked: Asked) -> Iterable[str]:
    for each in asked.costing.values():
        rule = each.incidents
        if rule is not None and rule.each is not None:
            yield f"{each.id}：每起扣 {say(rule.each)} 分，次数填起数，分值可不填"
        elif rule is not None:
            yield f"{each.id}：酌情扣 {say(rule.least or 0)}～{say(rule.most or 0)} 分，每行一起"


def _weighted(asked: Asked, column: str) -> Iterable[str]:
    """Which levels, or awards, have a weight."""
    names = Names(asked.context.scheme)
    levels, awards = (names.chinese(("achievements", each)) for each in ("level", "award"))
    for indicator in asked.counting.values():
        for kind, by_level in indicator.weights.items():
            head = f"{indicator.id} {asked.context.scheme.kinds.get(kind, kind)}"
            if column == "level" and isinstance(by_level, Mapping):
                yield f"{head}：{'、'.join(levels.get(each, each) for each in by_level)}"
            for level, by_award in by_level.items() if column == "award" and isinstance(by_level, Mapping) else ():
                if isinstance(by_award, Mapping):
                    listed = "、".join(awards.get(each, each) for each in by_award)
                    yield f"{head}{levels.get(level, level)}：{listed}"


def _listed(asked: Asked, table: Table, column: Column) -> Iterable[str]:
    """The indicators with their clauses, the units with their names: as many as a note can hold."""
    if column.kind == "indicator":
        indicators = {each.id: each for _, each, _ in asked.pairs(table.name)}.values()
        few = len(indicators) <= FEW
        yield from (f"{each.id} {each.name}（条款：{each.clause}）" for each in (indicators if few else ()))
        if not few:
            yield "名称和条款见“说明”表"
    elif column.name == "unit_id":
        units = {unit.unit_id: unit for unit, _, _ in asked.pairs(table.name)}.values()
        names = "、".join(f"{unit.unit_id} {unit.name}" for unit in units)
        yield f"可选：{names}" if len(units) <= FEW and not table.given else "名称见“说明”表"


def _clauses(asked: Asked, table: Table) -> str:
    """By which clause the table is asked for."""
    found = [each for each in _clause_list(asked, table) if each]
    return f"条款：{'；'.join(dict.fromkeys(found))}" if found else ""


def _clause_list(asked: Asked, table: Table) -> Iterable[str]:
    scheme = asked.context.scheme
    results = {"declarations": "declare", "vetoes": "veto", "awards": "award", "rectifications": "rectify"}
    if table.name in results:
        yield scheme.results.clauses.get(results[table.name], "")
    elif table.name in ("self_reports", "decisions"):
        yield from (step.clause for step in scheme.process if step.shown_by == table.name)
    elif table.name in ("ballots", "leader_ratings"):
        paper = "counts" if table.name == "ballots" else "marks"
        votes = ((node.item, node.item.rule) for node in scheme.tree.leaves)
        yield from (
            item.clause for item, rule in votes if isinstance(rule, VoteRule) and rule.definition.paper == paper
        )
    elif table.name == "exemptions":
        yield from (policy.clause for policy in scheme.exempting)
    else:
        yield from _of_indicators({each.id: each for _, each, _ in asked.pairs(table.name)}.values())


def _of_indicators(indicators: Iterable[Item]) -> Iterable[str]:
    clauses = [each.clause for each in indicators]
    yield from clauses if len(clauses) <= FEW else ("各指标的条款见“说明”表",)
