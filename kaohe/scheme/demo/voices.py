"""What people say of a unit as a whole: the ballots of about eighty voters and the leaders' scores."""

from kaohe.scheme.demo.ability import ability, level
from kaohe.scheme.demo.chance import Chance, clip, plain
from kaohe.scheme.demo.profiles import CHIEFS, DEPUTIES, all_units

VOTERS = 80


def ballot_rows(seed: int, year: str) -> list[dict]:
    rows = []
    for unit in all_units():
        chance = Chance(seed, year, unit, "ballots")
        reputation = level(year, unit) + chance.normal(0, 0.03)
        voters = VOTERS - chance.whole(0, 4)
        pleased = clip(0.22 + 0.62 * reputation, 0.05, 0.95)
        displeased = clip(0.13 - 0.13 * reputation + chance.normal(0, 0.01), 0, 0.3)
        excellent = round(voters * pleased)
        unqualified = min(voters - excellent, round(voters * displeased))
        qualified = voters - excellent - unqualified
        rows.append({"unit_id": unit, "excellent": excellent, "qualified": qualified, "unqualified": unqualified})
    return rows


def leader_rows(seed: int, year: str) -> list[dict]:
    """Scores between 70 and 97, in half points; every leader has a habit and now and then a view of one's own."""
    rows = []
    for unit in all_units():
        for leader in CHIEFS + DEPUTIES:
            chance = Chance(seed, year, unit, leader)
            habit = Chance(seed, leader, "habit").normal(0, 1.2)
            seen = 0.7 * level(year, unit) + 0.3 * ability(seed, year, unit, "management")
            score = round(clip(76 + 18 * seen + habit + chance.normal(0, 1.2), 70, 97) * 2) / 2
            role = "chief" if leader in CHIEFS else "deputy"
            rows.append({"unit_id": unit, "leader": leader, "role": role, "score": plain(score)})
    return rows
