"""A demonstration year as plain tables: English columns and codes, one dict a row."""

from kaohe.scheme.demo.achievements import achievement_rows
from kaohe.scheme.demo.decisions import award_rows, declaration_rows, exemption_rows, incident_rows, veto_rows
from kaohe.scheme.demo.metrics import metric_rows
from kaohe.scheme.demo.panel import rating_rows, self_score_rows
from kaohe.scheme.demo.profiles import all_units
from kaohe.scheme.demo.tie import tie
from kaohe.scheme.demo.voices import ballot_rows, leader_rows

Tables = dict[str, list[dict]]


LEFT_OUT = {
    "declarations": ("date",),
    "vetoes": ("date",),
    "awards": ("basis", "level", "review", "date"),
}
"""Optional columns that the demonstration offices do not have."""


def year_tables(seed: int, year: str) -> Tables:
    tables = {
        "units": _unit_rows(),
        "metrics": metric_rows(seed, year),
        "achievements": achievement_rows(seed, year),
        "ratings": rating_rows(seed, year),
        "incidents": incident_rows(seed, year),
        "ballots": ballot_rows(seed, year),
        "leader_ratings": leader_rows(seed, year),
        "declarations": declaration_rows(seed, year),
        "vetoes": veto_rows(year),
        "awards": award_rows(year),
        "exemptions": exemption_rows(year),
        "self_scores": self_score_rows(seed, year),
    }
    tie(year, tables)
    return tables


def _unit_rows() -> list[dict]:
    return [
        {"unit_id": unit, "name": facts["name"], "category": facts["category"], "party_org": facts.get("party_org")}
        for unit, facts in all_units().items()
    ]
