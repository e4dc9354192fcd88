"""Typed contract tables (as the reference takes them) as `YearData`, past the files."""

from collections import defaultdict

from kaohe.intake.tables.data import (
    Award,
    Declaration,
    Mark,
    MetricRow,
    Rating,
    Unit,
    Veto,
    Votes,
    YearData,
)
from kaohe.rules.evidence import Achievement, Incident

OPTIONS = ("excellent", "qualified", "unqualified")


def _traits(row):
    return {"party_org": row["party_org"]} if row.get("party_org") else {}


def year_data(tables, year="2018-2019", **more):
    """The tables of one year, as intake would hand them on."""
    ratings, leaders, declarations = defaultdict(list), defaultdict(list), defaultdict(dict)
    for row in tables["ratings"]:
        rating = Rating(row["rater"], row["points"], row.get("note"), bool(row.get("disputed")))
        ratings[row["unit_id"], row["indicator"]].append(rating)
    for row in tables["leader_ratings"]:
        leaders[row["unit_id"], "leaders", ""].append(Mark(row["leader"], row["role"], row["score"]))
    for row in tables["declarations"]:
        declarations[row["unit_id"]][row["kind"]] = Declaration(row.get("title"), row["accepted"])
    return YearData(
        year=year,
        units=tuple(
            Unit(row["unit_id"], row["name"], row["category"], _traits(row)) for row in tables["units"]
        ),
        metrics={
            (row["unit_id"], row["metric"]): MetricRow(
                row["value"], row.get("source"), row.get("note"), bool(row.get("disputed"))
            )
            for row in tables["metrics"]
        },
        achievements=tuple(
            Achievement(
                row["unit_id"], row["indicator"], row["kind"], row["level"], row["award"], row["title"],
                row["date"], row["first_author"], row["amount"],
            )
            for row in tables["achievements"]
        ),
        ratings={key: tuple(rows) for key, rows in ratings.items()},
        incidents=tuple(
            Incident(row["unit_id"], row["indicator"], row["date"], row["count"], row.get("points"), row.get("note"))
            for row in tables["incidents"]
        ),
        votes={
            (row["unit_id"], "ballot", ""): Votes({("", name): row[name] for name in OPTIONS})
            for row in tables["ballots"]
        },
        marks={key: tuple(rows) for key, rows in leaders.items()},
        declarations=dict(declarations),
        vetoes=tuple(Veto(row["unit_id"], row["kind"], row.get("note")) for row in tables["vetoes"]),
        awards=tuple(Award(row["unit_id"], row.get("title"), row["approved"]) for row in tables["awards"]),
        exemptions={(row["unit_id"], row["indicator"]): row.get("reason") for row in tables["exemptions"]},
        self_scores={(row["unit_id"], row["indicator"]): row["points"] for row in tables["self_scores"]},
        **more,
    )  # fmt: skip
