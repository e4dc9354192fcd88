"""Results of a unit with some of it changed: by the columns' names of the shipped scheme's results."""

from dataclasses import fields, replace

RESULT_COLUMNS = (
    "year", "unit_id", "name", "group", "category",
    "ballot_points", "base_raw", "base_points", "key_raw", "key_points", "target_points", "leader_points",
    "total", "rank", "declared", "vetoed", "grade", "bonus_eligible", "rectify", "last_two_years", "outstanding_award",
)  # fmt: skip
"""The contract's results table."""

ENDS = {"_points": "points", "_raw": "raw", "_status": "status", "_sentences": "sentences", "_trace": "trace"}


def column_of(unit, name):
    """What a unit's results say under a column: points or raw points of an item, a consequence, a field."""
    item, field = next(((name.removesuffix(end), field) for end, field in ENDS.items() if name.endswith(end)), ("", ""))
    if field:
        return getattr(unit.nodes[item], field) if item in unit.nodes else None
    return unit.consequences[name] if name in unit.consequences else getattr(unit, name)


def own_fulls(unit):
    """The full marks by which the unit's components are converted; a department's are those of its tasks."""
    names = {"base": "base", "key": "key"} if "base" in unit.nodes else {"target": "tasks"}
    return {name: unit.nodes[node].own_full or 0 for name, node in names.items() if node in unit.nodes}


def unit_with(unit, **changes):
    """`ballot_points=5` changes the item's points, `rectify=True` the consequence, anything else the field itself."""
    own = {field.name for field in fields(unit)}
    nodes, consequences, plain = dict(changes.pop("nodes", unit.nodes)), dict(unit.consequences), {}
    for name, value in changes.items():
        item, field = next(
            ((name.removesuffix(end), field) for end, field in ENDS.items() if name.endswith(end)), ("", "")
        )
        if name in own:
            plain[name] = value
        elif item in nodes:
            nodes[item] = replace(nodes[item], **{field: value})
        else:
            assert name in consequences, name
            consequences[name] = value
    return replace(unit, nodes=nodes, consequences=consequences, **plain)
