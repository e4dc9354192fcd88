"""Achievements: heavy-tailed counts that follow ability, invented titles, and a few rows that must not count."""

from datetime import date, timedelta

from kaohe.scheme.demo.ability import ability
from kaohe.scheme.demo.asked import scheme
from kaohe.scheme.demo.chance import Chance
from kaohe.scheme.demo.profiles import profile, yuanbu

AREAS = {"K1.1": "teaching", "K6": "research", "K7.1": "party"}
DAYS = 350


def achievement_rows(seed: int, year: str) -> list[dict]:
    rows = _that_do_not_count(year)
    for unit, facts in yuanbu().items():
        titles = Titles(Chance(seed, year, unit, "titles"), facts["fields"])
        for indicator, area in AREAS.items():
            if facts["category"] in scheme().indicators[indicator].applies:
                chance, strength = Chance(seed, year, unit, indicator), ability(seed, year, unit, area)
                usual = _expected(indicator, strength, facts["category"])
                many = chance.poisson(usual * _productivity(seed, unit, facts))
                rows += [_drawn(chance, year, unit, indicator, titles) for _ in range(many)]
                if indicator == "K6":
                    rows += _funding(chance, unit, year, titles, strength)
    return sorted(rows, key=lambda row: (row["unit_id"], row["indicator"], row["date"]))


class Titles:
    """Titles of one unit and year, never the same twice."""

    def __init__(self, chance: Chance, fields: list[str]) -> None:
        self._chance, self._fields, self._used = chance, fields, set[str]()

    def new(self, kind: str) -> str:
        """A title that fits the kind; numbered once chance keeps finding used ones."""
        for attempt in range(1, 1000):
            title = self._filled(self._chance.pick(profile("words")["titles"][kind]))
            if attempt > 50:
                title += f"之{attempt - 49}"
            if title not in self._used:
                self._used.add(title)
                return title
        raise RuntimeError(f"no title left for {kind}")

    def _filled(self, form: str) -> str:
        words, pick = profile("words"), self._chance.pick
        return form.format(
            f=pick(self._fields),
            t=pick(words["themes"]),
            d=pick(words["devices"]),
            s=pick(words["systems"]),
            n=self._chance.whole(1, 3),
        )


def _expected(indicator: str, strength: float, category: str) -> float:
    """How many achievements a unit of that strength has in an ordinary year."""
    if indicator == "K1.1":
        return (0.8 + 9 * strength**1.4) * (1 if category == "college" else 0.7)
    if indicator == "K6":
        return 3 + 27 * strength**1.3
    return 0.2 + 6.5 * strength


def _productivity(seed: int, unit: str, facts: dict) -> float:
    """Some units publish far more than others of the same ability, year after year."""
    return 2 ** Chance(seed, unit, "productivity").normal(0, 0.1 if facts.get("steady") else 0.35)


def _day(chance: Chance, year: str) -> date:
    return date(int(year[:4]), 9, 1) + timedelta(days=chance.whole(3, DAYS))


def _row(unit: str, indicator: str, kind: str, title: str, day: date, **more: object) -> dict:
    return {
        "unit_id": unit,
        "indicator": indicator,
        "kind": kind,
        "level": None,
        "award": None,
        "title": title,
        "date": day,
        "first_author": True,
        "amount": None,
    } | more


def _drawn(chance: Chance, year: str, unit: str, indicator: str, titles: Titles) -> dict:
    kinds = profile("achievements")[indicator]
    found = chance.pick(kinds, [kind["often"] for kind in kinds])
    return _row(
        unit,
        indicator,
        found["kind"],
        titles.new(found["kind"]),
        _day(chance, year),
        level=found.get("level"),
        award=found.get("award"),
    )


def _funding(chance: Chance, unit: str, year: str, titles: Titles, strength: float) -> list[dict]:
    """Projects with money of their own; amounts spread over two orders of magnitude."""
    rows = []
    for _ in range(chance.poisson(2.4 * strength)):
        kind = chance.pick(("funding_social", "funding_natural"))
        usual = 16_000 if kind == "funding_social" else 42_000
        amount = int(round(usual * 2.7 ** chance.normal(0, 0.7), -2))
        rows.append(_row(unit, "K6", kind, titles.new(kind), _day(chance, year), amount=amount))
    return rows


def _that_do_not_count(year: str) -> list[dict]:
    """The same slips every year: out of the window, not first author, one work twice, a level without weight."""
    start = int(year[:4])
    base = f"数控加工实训基地（{start}年立项建设）"
    return [
        _row("C03", "K6", "paper_core", "石化装备腐蚀监测研究综述", date(start, 6, 18)),
        _row(
            "C06",
            "K6",
            "topic",
            "沿海港口集疏运体系优化研究",
            date(start, 12, 5),
            level="provincial",
            first_author=False,
        ),
        _row("C01", "K1.1", "program", base, date(start, 11, 20), level="provincial"),
        _row("C01", "K1.1", "program", base, date(start + 1, 6, 25), level="provincial"),
        _row("C08", "K1.1", "contest", "市级护理技能竞赛", date(start + 1, 4, 16), level="municipal", award="second"),
    ]
