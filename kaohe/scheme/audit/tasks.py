"""Units' own tasks: said twice, misnamed, or worth very different points."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaohe.rules.wording import number, points, quantity
from kaohe.scheme.audit.finding import AuditFinding, label, named, policy_of, shared_clause
from kaohe.scheme.items import Department, Task
from kaohe.scheme.model import Scheme

MANY_TIMES = 2
"""From which factor on a difference between units' shares is worth a remark."""


def said_twice(scheme: Scheme) -> Iterator[AuditFinding]:
    """Tasks that repeat or overlap an earlier one of the unit."""
    for department in scheme.departments:
        tasks = {task.id: task for task in department.tasks}
        for task in department.tasks:
            for code, other in (("task-repeats", task.repeats), ("task-overlaps", task.overlaps)):
                if other:
                    yield _twice(scheme, department, task, tasks[other], code)


def _twice(scheme: Scheme, department: Department, task: Task, other: Task, code: str) -> AuditFinding:
    repeats = code == "task-repeats"
    ours, theirs = f"{department.id}.{task.id}", f"{department.id}.{other.id}"
    common = scheme.department_common
    share = common.tasks_full / len(department.tasks) if common else Fraction(0)
    text = f"{department.name}的 {task.id} {task.name}与 {other.id} {other.name}"
    text += "说的是同一件事" if repeats else "内容有交叉"
    if task.innovative != other.innovative:
        text += f"，其中只有 {task.id if task.innovative else other.id} 标为创新性工作"
    twice = "同一件事占两项" if repeats else "同一成绩可能在两项里各计一次"
    return AuditFinding(
        code,
        "冗余",
        ours,
        f"{scheme.indicators[theirs].clause}；{scheme.indicators[ours].clause}",
        text,
        f"{twice}，均分时两项合计 {points(2 * share)}，其他每项工作 {points(share)}",
        label(policy_of(scheme, common.shares) if common else None),
    )


def misnamed(scheme: Scheme) -> Iterator[AuditFinding]:
    """Figures the text calls a rate although the catalogue counts something."""
    for indicator in scheme.indicators.values():
        for check in indicator.checks:
            metric = scheme.metrics[check.metric]
            if check.called == "rate" and metric.kind != "rate":
                sign, bound = check.bound
                yield AuditFinding(
                    "figure-misnamed",
                    "矛盾",
                    indicator.id,
                    indicator.clause,
                    f"{named(indicator)}把{metric.name}称作率，写的数字却是 {sign}{quantity(bound, metric.term)}",
                    f"按{metric.unit or '数'}核对时与规模大小有关，若本意是比率则没有写出应达到的比例",
                )


def uneven(scheme: Scheme) -> Iterator[AuditFinding]:
    """Equal shares that make one unit's task worth several times another's."""
    common = scheme.department_common
    if common is None:
        return
    policy = policy_of(scheme, common.shares)
    equal = "equal" in policy.options if policy else common.shares == "equal"
    counts = {department.name: len(department.tasks) for department in scheme.departments}
    fewest, most = min(counts.values(), default=1), max(counts.values(), default=1)
    if not equal or most < MANY_TIMES * fewest:
        return
    full, owners = common.tasks_full, scheme.categories.get(scheme.own_category)
    few = "、".join(name for name, count in counts.items() if count == fewest)
    many = "、".join(name for name, count in counts.items() if count == most)
    yield AuditFinding(
        "task-shares-uneven",
        "提示",
        scheme.own_category or common.under,
        f"{shared_clause(each.clause for each in scheme.departments)}·{common.tasks_clause}",
        f"均分 {points(full)}时，{few}只有 {fewest} 项工作，每项 {points(full / fewest)}；"
        f"{many}有 {most} 项，每项 {points(full / most)}",
        f"一项工作没有做好，前者的损失是后者的 {number(full / fewest / (full / most), 2)} 倍，"
        f"{owners.name if owners else '单位'}之间不好比较",
        label(policy),
    )


CHECKS = (said_twice, misnamed, uneven)
