"""The tables of a year, looked up: what counts, and how much it weighs."""

import math
import re
import unicodedata
from collections import defaultdict
from datetime import date
from fractions import Fraction

from tests.reference.figures import weight


class Year:
    """The tables of a year, looked up."""

    def __init__(self, tables, year):
        self.year = year
        first = int(year[:4])
        self.window = (date(first, 9, 1), date(first + 1, 8, 31))
        self.tables = tables
        self.units = {row["unit_id"]: row for row in self.table("units")}
        self.metrics, self.ratings, self.disputed = {}, defaultdict(list), set()
        for row in self.table("metrics"):
            if row["value"] is not None:
                self.metrics[row["unit_id"], row["metric"]] = exact(row["value"])
                if row.get("disputed"):
                    self.disputed.add((row["unit_id"], row["metric"]))
        for row in self.table("ratings"):
            if row["points"] is not None:
                self.ratings[row["unit_id"], row["indicator"]].append(exact(row["points"]))
                if row.get("disputed"):
                    self.disputed.add((row["unit_id"], row["indicator"]))
        self.exempt = {(row["unit_id"], row["indicator"]) for row in self.table("exemptions")}
        self.achievements, self.incidents = defaultdict(list), defaultdict(list)
        for row in self.table("achievements"):
            if self.inside(row["date"]) and row["first_author"] is True:
                self.achievements[row["unit_id"], row["indicator"]].append(row)
        for row in self.table("incidents"):
            if self.inside(row["date"]):
                self.incidents[row["unit_id"], row["indicator"]].append(row)

    def table(self, name):
        return self.tables.get(name) or []

    def inside(self, day):
        return self.window[0] <= day <= self.window[1]

    def category(self, unit):
        return self.units[unit]["category"]


def exact(number):
    assert not isinstance(number, float), "the reference computes with exact numbers only"
    return Fraction(number)


def title_key(title):
    """No matter the case, width, spaces, punctuation and brackets; `C++` is not `C`, and 1-5 is not 15 or 1.5."""
    text = unicodedata.normalize("NFKC", title).casefold()
    text = re.sub(r"(?<=\d)[^\w+#%&@=]+(?=\d)", lambda between: "点" if between[0] == "." else "隔", text)
    return re.sub(r"[^\w+#%&@=]|_", "", text) or " ".join(text.split())


def weighted_count(rows):
    """Each title once, with its highest weight."""
    best = {}
    for row in rows:
        w = weight(row)
        if w is not None:
            key = title_key(row["title"])
            best[key] = max(best.get(key, 0), w)
    return Fraction(sum(best.values()))


def funding_points(rows, policy):
    """K6: social science projects from 20 000 yuan, natural science projects from 50 000, each title once (P25)."""
    kinds, times = {}, {}
    for row in rows:
        enough = {"funding_social": 20_000, "funding_natural": 50_000}.get(row["kind"])
        if enough is not None and row["amount"] is not None and exact(row["amount"]) >= enough:
            title = title_key(row["title"])
            kinds.setdefault(title, row["kind"])  # a title entered as both kinds is what it was entered as first
            times[title] = max(times.get(title, 0), math.floor(exact(row["amount"]) / enough))
    if policy == "kind":
        return len(set(kinds.values()))
    return sum(times.values()) if policy == "multiple" else len(kinds)
