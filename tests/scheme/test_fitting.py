"""What used to be accepted and ignored, or ended in a traceback, is told: where it stands and what was expected."""

import pytest

from kaohe.rules.meant import meant
from kaohe.scheme.audit import audit
from tests.scheme.written import HEAD, LEAF, PLAIN, problems, read

ROOT = "items:\n  - id: total\n    name: 总分\n    items:\n      - {id: a, name: 甲, full: 10, rule: %s}\n"
TWO = ROOT + "      - {id: b, name: 乙, full: 10, rule: %s}\n"
VOTE = "votes: {staff: {name: 职工投票, paper: marks, out_of: 100, facets: {work: 工作}}}\n"
RESULTS = "results: {grades: [{id: top, name: 上, at_least: 10, %s}, {name: 下}]}\n"

# a small scheme → field and words of everything that is wrong in it
WRONG: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a vote that is a rule": (
        "votes: {staff: {kind: judged}}\n" + PLAIN,
        [("votes.staff.name", "缺少此项"), ("votes.staff.paper", "缺少此项"), ("votes.staff.out_of", "缺少此项"),
         ("votes.staff.kind", "没有这个字段")],
    ),
    "a vote that is a full mark": (
        "votes: {staff: {name: 职工投票, kind: full}}\n" + PLAIN,
        [("votes.staff.paper", "缺少此项"), ("votes.staff.out_of", "缺少此项"), ("votes.staff.kind", "没有这个字段")],
    ),
    "a vote nobody declared": (VOTE + ROOT % "{kind: vote, vote: goalposts}",
                               [("items.total.items.a.rule.vote", "没有 goalposts，声明过的有：staff")]),
    "a vote by nearly its name": (VOTE + ROOT % "{kind: vote, vote: staf}",
                                  [("items.total.items.a.rule.vote", "是否应为 staff")]),
    "a facet the paper does not ask about": (VOTE + ROOT % "{kind: vote, vote: staff, facet: style}",
                                             [("items.total.items.a.rule.facet", "投票 staff 的 facets 里没有 style")]),
    "a vote inside another figure": (VOTE + ROOT % "{kind: product, parts: [0.5, {kind: vote, vote: staff}]}",
                                     [("items.total.items.a.rule", "投票（staff）应单独是一项的 rule；别处要用它")]),
    "a rating that nobody would be asked for": (
        ROOT % "{kind: when, if: {value: {kind: judged}, at_least: 7}, then: rate}",
        [("items.total.items.a.rule", "评审小组打分（judged）应写在一项的得分里")],
    ),
    "grades by ratings of nothing": (
        ROOT % "{kind: judged}"
        + RESULTS % "if: {any: [{value: {kind: judged}, above: 7}, {value: own_full, above: 1}]}",
        [("results.grades", "judged 是某一项的，这里没有哪一项可言"), ("results.grades", "own_full 是某一项的")],
    ),
    "limits and consequences by what was voted or happened nowhere": (
        VOTE + ROOT % "{kind: judged}"
        + "results: {limits: {x: {if: {value: {kind: events, each: 1}, above: 2}, effect: fails}},\n"
        + "  consequences: {y: {name: 谈话, if: {value: {kind: vote, vote: staff}, below: 60}}}}\n",
        [("results.limits", "events 是某一项的"), ("results.consequences", "vote 是某一项的")],
    ),
    "a full mark, which is published, made of ratings": (
        TWO.replace("full: 10, rule: %s}\n", "full: %s, rule: rate}\n").replace("full: %s", "full: 10", 1)
        .replace("rule: rate", "rule: {kind: judged}", 1) % "{kind: product, parts: [2, {kind: score, of: a}]}",
        [("items.total.items.b.full", "满分要公布，不能取自有评分、投票的 a")],
    ),
    "a full mark made of how many ratings are low": (
        ROOT.replace("full: 10, rule: %s", "items: [{id: c, name: 丙, full: 10, rule: {kind: judged}}]")
        + "      - {id: b, name: 乙, full: {kind: count_items, of: a, below: 60%}, rule: rate}\n",
        [("items.total.items.b.full", "满分要公布，不能取自有评分、投票的 a")],
    ),
    "a full mark by who is last in ratings": (
        ROOT.replace("full: 10, rule: %s", "items: [{id: c, name: 丙, full: 10, rule: {kind: judged}}]")
        + "      - {id: b, name: 乙, full: {kind: when, if: {last: a}, then: 5, else: 10}, rule: rate}\n",
        [("items.total.items.b.full", "满分要公布，不能取自有评分、投票的 a")],
    ),
    "an open point of a vote without an answer": (
        VOTE.replace("out_of: 100", "out_of: 100, open: [{question: 弃权}]") + ROOT % "{kind: vote, vote: staff}",
        [("votes.staff.open.第1项", "taken（本方案怎样取）")],
    ),
    "a level of achievements nobody declared": (
        "kinds: {topic: 课题}\n" + ROOT.replace("full: 10,", "full: 10, weights: {topic: {ministerial: 8}},")
        % "{kind: per_unit, value: {kind: tally}, each: 1, at_most: 10}",
        [("items.total.items.a.weights.topic.ministerial", "级别（levels）里没有 ministerial；本方案另有的，在 levels 里写明")],  # noqa: E501
    ),
    "an award nobody declared": (
        "kinds: {topic: 课题}\n" + ROOT.replace("full: 10,", "full: 10, weights: {topic: {national: {grand: 8}}},")
        % "{kind: per_unit, value: {kind: tally}, each: 1, at_most: 10}",
        [("items.total.items.a.weights.topic.national.grand", "奖项（awards）里没有 grand")],
    ),
    "a word that is neither a metric nor a figure": (
        "figures: {share: {name: 份额, is: rate}}\n" + ROOT % "{kind: product, parts: [2, shar]}",
        [("items.total.items.a.rule.parts.第2项", "指标目录（metrics）、数（figures）里没有 shar，是否应为 share")],
    ),
    "a metric by its Chinese name": (ROOT % "{kind: product, parts: [2, 完成率]}",
                                     [("items.total.items.a.rule.parts.第2项", "没有 完成率，是否应为 rate")]),
    "a rule without its kind": (ROOT % "judged", [("items.total.items.a.rule", "judged 是一种规则，应写成 {kind: judged}")]),  # noqa: E501
    "an item in place of a metric": (TWO % ("{kind: judged}", "{kind: product, parts: [2, total]}"),
                                     [("items.total.items.b.rule.parts.第2项", "total 是各项（items）里的名称")]),
    "a metric in place of an item": (ROOT % "{kind: score, of: rate}",
                                     [("items.total.items.a.rule.of", "rate 是指标目录（metrics）里的名称")]),
    "an item that is not there": (ROOT % "{kind: attainable, of: totals}",
                                  [("items.total.items.a.rule.of", "各项（items）里没有 totals，是否应为 total")]),
    "a condition nobody declared": (
        "conditions: {good: {name: 好, is: {value: rate, at_least: 90%}}}\n" + PLAIN + RESULTS % "if: goood",
        [("results.grades.top.if", "条件（conditions）里没有这个名称，是否应为 good，现为 goood")],
    ),
    "a declaration, a veto, a grade, an item": (
        PLAIN + "results:\n  declarations: {new: 创新}\n  vetoes: {harm: {name: 事故, effect: {bars: [best]}}}\n"
        "  grades: [{id: top, name: 上, if: {declared: news}}, {name: 中, unless: {veto: harms}}, {name: 下}]\n"
        "  consequences: {pay: {name: 奖励, unless: {any: [{grade: 差}, {last: totals}]}}}\n",
        [("results.grades.top.if.declared", "是否应为 new"),
         ("results.grades.第2项.unless.veto", "是否应为 harm"),
         ("results.consequences.pay.unless.any.第1项.grade", "等次（results.grades）里没有 差"),
         ("results.consequences.pay.unless.any.第2项.last", "是否应为 total"),
         ("results.vetoes.harm.effect", "等次（grades）里没有 best")],
    ),
    "a limit that allows an unknown grade": (
        PLAIN + "results: {grades: [{id: top, name: 上}], limits: [{effect: {at_best: tops}, if: {veto: any}}]}\n",
        [("results.limits", "等次（grades）里没有 tops，是否应为 top")],
    ),
    "a dimension nobody declared": (ROOT.replace("full: 10,", "full: 10, each: months,") % "{kind: judged}"
                                    + "dimensions: {month: {name: 月, of: 12}}\n",
                                    [("items.total.items.a.each", "维度（dimensions）里没有 months，是否应为 month")]),
    "a group nobody declared": (ROOT.replace("full: 10", "full: {by_group: {every: 10}}") % "{kind: judged}",
                                [("items.total.items.a.full.by_group.every", "分组（groups）里没有 every")]),
    "a category nobody declared": (ROOT.replace("full: 10", "full: {by_category: {bigg: 10, else: 5}}") % "{kind: judged}",  # noqa: E501
                                   [("items.total.items.a.full.by_category.bigg", "是否应为 big")]),
    "a class nobody declared": ("classes: {first: 一等}\n" + ROOT.replace("full: 10", "full: {by_class: {second: 10}}")
                                % "{kind: judged}", [("items.total.items.a.full.by_class.second", "没有 second")]),
    "a trait nobody declared": (
        "traits: {place: {name: 地点, values: {north: 北}}}\n" + PLAIN + RESULTS % "if: {trait: plaace, is: north}",
        [("results.grades.top.if.trait", "单位的特征（traits）里没有 plaace，是否应为 place")],
    ),
    "a value a trait does not have": (
        "traits: {place: {name: 地点, values: {north: 北}}}\n" + PLAIN + RESULTS % "if: {trait: place, is: south}",
        [("results.grades.top.if.is", "地点（traits.place.values）里没有 south")],
    ),
    "a pool by a trait nobody declared": (
        ROOT % "{kind: rank, of: rate, among: place}",
        [("items.total.items.a.rule.among", "单位的特征（traits）里没有 place")],
    ),
    "an item that waits for itself by a waiver": (
        ROOT % "{kind: when, if: {value: {kind: score, of: total}, below: 5}, then: 1}", [("items.total", "total → a → total")]  # noqa: E501
    ),
    "two items that wait for one another": (TWO % ("{kind: score, of: b}", "{kind: score, of: a}"),
                                            [("items.total.items.a", "a → b → a")]),
    "an item that waits for its own total": (
        ROOT % "{kind: product, parts: [2, {kind: score, of: total}]}", [("items.total", "total → a → total")]
    ),
    "an item that waits for its own grade": (
        ROOT.replace("full: 10,", "full: 10, then: [{plus: 1, unless: {grade: 下}}],") % "{kind: judged}"
        + RESULTS % "above: 1", [("items.total", "total → a → total")],
    ),
    "a figure that waits for itself": ("figures: {x: {name: 甲, is: {kind: product, parts: [2, x]}}}\n" + PLAIN,
                                       [("figures.x", "绕回到自己：x → x")]),
    "a heading without anything below": (PLAIN + "      - {id: e, name: 戊}\n", [("items.total.items.e", "没有 rule（规则），也没有下级各项")]),  # noqa: E501
    "the same id twice in the tree": (TWO.replace("id: b", "id: a") % (LEAF, LEAF),
                                      [("items.total.items.a.id", "a 出现了 2 次")] * 2),
    "the id of a section again": (
        PLAIN + "sections:\n  - {id: a, name: 部分, clause: 五, under: total, full: 5, indicators: "
        "[{id: s1, name: 子, clause: 五·1, full: 5, applies: [big], rule: {kind: judged}}]}\n",
        [("items.total.items.a.id", "a 出现了 2 次"), ("sections.a.id", "a 出现了 2 次")],
    ),
    "the id of a unit's own item": (
        PLAIN + "      - {id: own, name: 任务, applies: [small]}\n      - {id: U1.T01, name: 己, rule: {kind: judged}}\n"  # noqa: E501
        "department_common: {under: own, work: [], work_rule: {kind: judged}, tasks_full: 10, tasks_clause: 六, "
        "tasks_rule: {kind: judged}}\ndepartments: [{id: U1, name: 一科, clause: 六, tasks: [{id: T01, name: 事}]}]\n",
        [("items.total.items.U1.T01.id", "U1.T01 出现了 2 次"), ("departments.U1.tasks.T01.id", "U1.T01 出现了 2 次")],
    ),
    "a month, and a rating nobody gives, in rules of units' own items": (
        PLAIN + "      - {id: own, name: 任务, applies: [small]}\ndimensions: {month: {name: 月, of: 4}}\n"
        "department_common: {under: own, work: [], work_rule: {by_month: {1: 2, else: 3}}, tasks_full: 10, "
        "tasks_clause: 六, tasks_rule: {kind: when, if: {value: {kind: judged}, above: 7}, then: 1}}\n"
        "departments: [{id: U1, name: 一科, clause: 六, tasks: [{id: T01, name: 事}]}]\n",
        [("department_common.work_rule", "只能写在 each: month 的各期里"),
         ("department_common.tasks_rule", "评审小组打分（judged）应写在一项的得分里")],
    ),
    "a year that begins on no day of every year": (
        'year: {starts: "02-29"}\n' + PLAIN, [("year.starts", "没有这一天（须每年都有）")],
    ),
    "a form to come": ("format: 2\n" + PLAIN, [("format", "应为 1，现为 2")]),
    "drop without a base": ("drop: [a]\n" + PLAIN, [("drop", "只与 based_on 一起写")]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_told(tmp_path, name):
    text, expected = WRONG[name]
    found = problems(tmp_path, text)
    assert [field for _, field, _ in found] == [field for field, _ in expected], found
    for (line, _, said), (_, words) in zip(found, expected, strict=True):
        assert words in said
        assert line


@pytest.mark.parametrize("rule", ["{kind: score, of: total, ago: 1}", "{kind: over, of: {kind: score, of: total}, "
                                  "years: [1, 2], fold: mean}"])  # fmt: skip
def test_years_before_may_be_looked_at(tmp_path, rule):
    assert problems(tmp_path, ROOT % rule) == []


def test_a_level_and_an_award_of_the_schemes_own(tmp_path):
    text = (
        "kinds: {topic: 课题}\nlevels: {ministerial: 部级}\nawards: {grand: 特等奖}\n"
        + ROOT.replace("full: 10,", "full: 10, weights: {topic: {ministerial: {grand: 8}}},")
        % "{kind: per_unit, value: {kind: tally}, each: 1, at_most: 10}"
    )
    scheme = read(tmp_path, text)
    assert (scheme.terms["level:ministerial"].name, scheme.terms["award:grand"].name) == ("部级", "特等奖")
    assert {each.code for each in audit(scheme)} == {"metric-unused"}


def test_all_that_is_wrong_is_told_at_once_and_nothing_that_only_follows(tmp_path):
    text = PLAIN.replace("id: b, name: 乙, full: 10", "id: b, name: [乙], full: 10") + (
        "  - {id: other, name: 另一项, rule: {kind: score, of: b}}\n"
        "  - {id: more, name: 又一项, rule: {kind: score, of: nothing}}\n"
    )
    assert [(field, said) for _, field, said in problems(tmp_path, text)] == [
        ("items.total.items.b.name", "应为文字"),
        ("items.more.rule.of", "各项（items）里没有 nothing"),
    ]


OLD = """\
groups:
  all:
    {name: 全部, quota: 2, ballot: {name: 测评, full: 20}, target: {full: 80}, leaders: {rule: {kind: full}}}
results: {conversion: {policy: rescale}}
"""


def test_a_scheme_of_the_older_form_is_told_how_to_migrate(tmp_path):
    head = HEAD.replace("groups: {all: {name: 全部, score: total}}\n", "")
    found = problems(tmp_path, OLD, head)
    assert [field for _, field, _ in found] == [
        "groups.all.ballot", "groups.all.target", "groups.all.leaders", "groups.all.quota", "results.conversion"
    ]  # fmt: skip
    assert all("kaohe scheme migrate" in said for _, _, said in found)


@pytest.mark.parametrize(
    ("given", "known", "name"),
    [
        ("goalposts", ["ballots", "votes"], None),
        ("plan", ["ballot", "panel"], None),
        ("B88", ["B28", "B08"], None),
        ("new_studnets", ["students", "new_students"], "new_students"),
        ("intake", ["panel", "intake_ratio"], "intake_ratio"),
        ("partner_company", ["partner_companies"], "partner_companies"),
        ("yearend", ["year_end"], "year_end"),
        ("incl", ["excluded", "included"], "included"),
        ("民主测评", {"ballot": "民主测评", "leaders": "领导评价"}, "ballot"),
        ("领导", {"ballot": "民主测评", "leaders": "领导评价"}, "leaders"),
        ("测评人", {"ballot": "民主测评"}, None),
    ],
)
def test_a_name_is_meant_by_letters_words_or_chinese(given, known, name):
    assert meant(given, known) == name
