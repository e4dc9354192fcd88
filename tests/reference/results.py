"""Ranks, grades and consequences, decided on exact totals."""

from tests.reference.figures import EXCELLENT_QUOTA


def group_of(category):
    return "department" if category == "department" else "yuanbu"


def ranks(results):
    """Competition ranks within each group."""
    for row in results.values():
        rivals = [other["total"] for other in results.values() if other["group"] == row["group"]]
        row["rank"] = 1 + sum(total > row["total"] for total in rivals)


def grades(results, fail_lines, data, policies):
    """Adds declared, vetoed, grade, bonus_eligible, rectify and outstanding_award to every row."""
    for unit, row in results.items():
        accepted = {d["kind"] for d in data.table("declarations") if d["unit_id"] == unit and d["accepted"] is True}
        if policies["eligibility"] == "both":
            row["declared"] = accepted == {"innovation", "breakthrough"}
        else:
            row["declared"] = bool(accepted)
        row["vetoed"] = any(v["unit_id"] == unit for v in data.table("vetoes"))
        row["outstanding_award"] = any(a["unit_id"] == unit and a["approved"] is True for a in data.table("awards"))
        row["grade"] = "不合格" if row["total"] < fail_lines[unit] else "合格"

    for group, quota in EXCELLENT_QUOTA.items():
        candidates = [
            row for row in results.values()
            if row["group"] == group and row["declared"] and not row["vetoed"] and row["grade"] != "不合格"
            and (policies["quota_fill"] == "pass_down" or row["rank"] <= quota)
        ]  # fmt: skip
        if len(candidates) <= quota:
            for row in candidates:
                row["grade"] = "优秀"
            continue
        cut = sorted((row["total"] for row in candidates), reverse=True)[quota - 1]
        above = [row for row in candidates if row["total"] > cut]
        at_cut = [row for row in candidates if row["total"] == cut]
        for row in above:
            row["grade"] = "优秀"
        for row in at_cut:
            if len(above) + len(at_cut) <= quota:
                row["grade"] = "优秀"
            else:
                row["grade"] = {"pending": "待审议", "all": "优秀", "none": "合格"}[policies["quota_ties"]]

    for row in results.values():
        row["bonus_eligible"] = row["grade"] != "不合格"
        row["rectify"] = row["grade"] == "不合格"


def last_of_groups(results):
    """The units with the lowest total of their group, ties included."""
    last = set()
    for unit, row in results.items():
        if row["total"] == min(other["total"] for other in results.values() if other["group"] == row["group"]):
            last.add(unit)
    return last
