"""The table of units: categories, ids, departments."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from kaohe.intake.checks.context import Context
from kaohe.intake.sheets.cells import word
from kaohe.intake.tables.data import Unit
from kaohe.intake.tables.unitnames import UnitNames
from kaohe.intake.tables.vocabulary import Record
from kaohe.intake.year.lastyear import LastYear
from kaohe.scheme.years import year_said

MOST_UNITS = 1_000
"""A college has some thirty; every one is asked for every input."""

# Reports are files named by unit: nothing in an id may lead elsewhere, and Windows keeps some names for devices.
_ID = re.compile(r"\w[\w-]{0,31}")
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)\d", re.IGNORECASE)


def check_units(records: list[Record], context: Context) -> None:
    """Fills `context.units` with the rows that can be used."""
    if len(records) > MOST_UNITS:
        message = f"单位表有 {len(records)} 行，只读前 {MOST_UNITS} 行"
        at = records[MOST_UNITS].spot("unit_id")
        context.log.error("too-large", message, at, expected=f"不超过 {MOST_UNITS} 个单位")
    for record in records[:MOST_UNITS]:
        if _id_is_usable(record, context) and _id_fits(record, context) and _category_is_free(record, context):
            context.units[record.unit] = Unit(
                record.unit,
                record["name"],
                record["category"],
                {name: record[name] for name in context.scheme.traits if record[name] is not None},
                record.place,
            )
        else:
            context.doubtful.add(record.unit)
    _tell_names(records, context)
    _tell_departments(context)


def tell_traits(records: list[Record], context: Context) -> None:
    """A unit of which a trait is not said, although some number is asked of one kind of them only."""
    trait = context.scheme.traits.get("party_org")
    for record in records:
        unit = context.units.get(record.unit)
        if unit is None or trait is None or "party_org" in unit.traits:
            continue
        asked = [
            indicator
            for indicator in context.applicable(unit)
            if any(
                check.party_org and check.concerns(unit.category, {"party_org": check.party_org})
                for check in indicator.checks
            )
        ]
        if asked:
            listed = "、".join(f"{each.id} {each.name}" for each in asked)
            message = f"{unit.name}没有写{trait.name}，{listed}写明的数字分{'和'.join(trait.values.values())}，无法核对"
            expected = " 或 ".join(trait.values.values())
            context.log.warning("party-org", message, record.spot("party_org"), expected=expected, unit=unit.unit_id)


def with_known_predecessors(records: list[Record], last: LastYear, context: Context) -> list[Record]:
    """Units of the year before by their ids, where a name was written that only one of them has; each pair once."""
    names = UnitNames(last.names.items()) if records else UnitNames()
    found: dict[tuple[str, str], Record] = {}
    for record in records:
        written, old = record["predecessor"], record["predecessor"]
        if names and not names.is_id(written) and (meant := names.meant(written)):
            old = meant
            message = f"“{written}”不是单位编号，按 {year_said(last.year)}的名称读作 {old}"
            tell = context.log.advisory if names.find(written) else context.log.warning
            tell("unit-by-name", message, record.spot("predecessor"), expected=f"单位编号 {old}", unit=record.unit)
        found.setdefault((record.unit, old), replace(record, values={**record.values, "predecessor": old}))
    return list(found.values())


def tell_predecessors(records: list[Record], last: LastYear, context: Context) -> None:
    """A unit is said to follow one that the year before does not know: nothing would be compared with it."""
    known = f"{year_said(last.year)}的单位编号之一：{'、'.join(sorted(last.units))}" if records else ""
    for record in records:
        near = UnitNames(last.names.items()).called(record["predecessor"])
        expected = f"是否指 {'、'.join(f'{each} {last.names[each]}' for each in near)}？" if near else known
        if last.units and record["predecessor"] not in last.units:
            message = f"{year_said(last.year)}没有单位 {record['predecessor']}，与它的对比接不上"
            at = record.spot("predecessor")
            context.log.warning("unknown-predecessor", message, at, expected=expected, unit=record.unit)


def _id_is_usable(record: Record, context: Context) -> bool:
    """An id that can name a file on every system, and no other unit's file where capitals do not count."""
    at = record.spot("unit_id")
    if not _ID.fullmatch(record.unit) or _DEVICE.fullmatch(record.unit):
        expected = "字母、数字、汉字、- 和 _，不超过 32 个字符，如 C01"
        context.log.error("unit-id", "这个单位编号不能用作文件名", at, expected=expected, unit=record.unit)
        return False
    same = next((name for name in context.units if word(name) == word(record.unit)), None)
    if same is not None:
        message = f"单位编号 {record.unit} 与 {same} 只有大小写不同"
        context.log.error("unit-id", message, at, expected="与其他单位不同的编号", unit=record.unit)
    return same is None


def _id_fits(record: Record, context: Context) -> bool:
    """A department's id is its sheet's in the scheme, and nobody else's."""
    departments = context.scheme.department
    is_department = record["category"] == context.scheme.own_category
    if is_department == (record.unit in departments):
        return True
    called = own_called(context)
    if is_department:
        message, expected = f"方案中没有这个{called}的指标", f"{called}编号 {'、'.join(departments)}"
    else:
        name = departments[record.unit].name
        mine = context.scheme.groups[context.scheme.group_of(record["category"])].name
        message, expected = f"{record.unit} 是{name}的编号，不能用于{mine}", f"与{called}编号不同的编号"
    context.log.error("unit-id", message, record.spot("unit_id"), expected=expected, unit=record.unit)
    return False


def own_called(context: Context) -> str:
    """What units with items of their own are called."""
    category = context.scheme.categories.get(context.scheme.own_category)
    return category.name if category is not None else "单位"


def _category_is_free(record: Record, context: Context) -> bool:
    category = context.scheme.categories[record["category"]]
    same = next((unit for unit in context.units.values() if unit.category == record["category"]), None)
    if category.many or same is None:
        return True
    message = f"{category.name}只能有一个，已有 {same.unit_id}（{same.place}）"
    context.log.error("category-taken", message, record.spot("category"), expected="另一类别", unit=record.unit)
    return False


def _tell_names(records: list[Record], context: Context) -> None:
    first: dict[str, Record] = {}
    for record in records:
        known = first.setdefault(word(record["name"]), record)
        if known is not record:
            message = f"单位 {known.unit} 与 {record.unit} 同名"
            context.log.warning("same-name", message, record.spot("name"), expected="各单位名称不同", unit=record.unit)
        if record.unit in context.scheme.department and record["category"] == context.scheme.own_category:
            _tell_department(record, context)


def _tell_department(record: Record, context: Context) -> None:
    """Departments are what the scheme says they are: another name may be a new one, or the wrong code."""
    called = {name: word(department.name) for name, department in context.scheme.department.items()}
    mine, written = called[record.unit], word(record["name"])
    if written in mine or mine in written:
        return
    others = [name for name, known in called.items() if known in written or written == known]
    whose = f"，这是 {'、'.join(others)} 的名称" if others else ""
    known_as = context.scheme.department[record.unit].name
    message = f"方案里 {record.unit} 是{known_as}，这里的名称却是“{record['name']}”{whose}，请核对编号"
    expected = f"{known_as}，或改编号；{own_called(context)}改了名而编号不变的不必改"
    context.log.warning("department-name", message, record.spot("name"), expected=expected, unit=record.unit)


def tell_exchanged_names(records: list[Record], last: LastYear, context: Context) -> None:
    """A name that was another unit's in the year before: codes mixed up, or a new code that nobody has told of."""
    known: dict[str, set[str]] = defaultdict(set)
    for unit, name in last.names.items():
        known[word(name)].add(unit)
    for record in records:
        owners = known.get(word(str(record["name"])), set())
        if record.unit not in context.units or not owners or record.unit in owners:
            continue
        if any(last.is_predecessor(owner, record.unit) for owner in owners):
            continue
        whose = "、".join(sorted(owners))
        before = f"，{record.unit} 是{last.names[record.unit]}" if record.unit in last.names else ""
        then = f"{record['name']}在 {year_said(last.year)}是 {whose}{before}"
        message = f"{then}；这里却是 {record.unit}，编号与名称是否对得上？"
        expected = f"{whose}；确实换了编号的，在“沿革”（predecessors）表中写明"
        context.log.warning("exchanged-name", message, record.spot("name"), expected=expected, unit=record.unit)


def _tell_departments(context: Context) -> None:
    absent = [
        f"{name} {department.name}"
        for name, department in context.scheme.department.items()
        if name not in context.units and name not in context.doubtful
    ]
    if absent and context.units:
        context.log.advisory(
            "departments-absent",
            f"方案中的这些{own_called(context)}不在单位表里，不参加{context.scheme.year.spoken.this}考核：{'、'.join(absent)}",
        )
