"""Results of a unit with some of it changed: by the columns' names of the shipped scheme's results."""

from dataclasses import fields, replace

RESULT_COLUMNS = (
    "year", "unit_id", "name", "group", "category",
    "ballot_points", "base_raw", "base_points", "key_raw", "key_points", "target_points", "leader_points",
    "total", "rank", "declared", "vetoed", "grade", "bonus_eligible", "rectify", "last_two_years", "outstanding_award",
)  # fmt: skip
"""The contract's results table."""

ENDS = {"_points": "points", "_raw": "raw", "_status": "status", "_sentences": "sentences", "_trace": "trace"}


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
