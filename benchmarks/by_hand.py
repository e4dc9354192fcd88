"""Ten of the rules as one would write them by hand in NumPy for one year: the measure for the engine.

Same inputs, same chunks, default readings; figures stand in the code as they would in a script of one's own.
"""

from __future__ import annotations

import numpy as np

from kaohe.scoring.bind import BoundYear
from kaohe.scoring.engine import Draws

TEN = ("K1.3", "K2a", "K2b", "K3.1", "K3.2", "K4.1", "K4.2", "K4.3", "K5.2c", "K7.1")


def by_hand(bound: BoundYear, draws: Draws, chunk: int = 500) -> dict[str, np.ndarray]:
    """Points by indicator (and the pool's first unit), arrays (scenarios, units of the pool)."""
    parts: dict[str, list[np.ndarray]] = {}
    for first in range(0, draws.size, chunk):
        some = draws.part(first, first + chunk)
        for pool in bound.pools:
            if pool.name in TEN:
                m = {name: values[:, pool.members] for name, values in some.metrics.items()}
                w = some.tallies.get(pool.name)
                points = _points(pool.name, m, None if w is None else w[:, pool.members])
                parts.setdefault(f"{pool.name}@{pool.members[0]}", []).append(points)
    return {name: np.concatenate(columns) for name, columns in parts.items()}


def _ranks(values: np.ndarray) -> np.ndarray:
    return 1 + (values[:, None, :] > values[:, :, None]).sum(axis=-1)


def _points(name: str, m: dict[str, np.ndarray], w: np.ndarray | None) -> np.ndarray:
    if name == "K1.3":
        companies, projects = m["partner_companies"], m["cooperation_projects"]
        steps = [
            (companies >= 3) & (projects >= 9),
            (companies >= 2) & (projects >= 4),
            (companies >= 1) & (projects >= 2),
        ]
        return np.select(steps, [2.0, 1.0, 0.5])
    if name == "K2a":
        share = m["trainees"] / m["enrolled_students"]
        return np.select([share >= 1.5, share >= 1, share >= 0.7], [3.0, 2.0, 1.0])
    if name == "K2b":
        income = m["training_income"]
        return np.select([income >= 1_500_000, income >= 1_000_000, income >= 500_000], [5.0, 4.0, 3.0])
    if name == "K3.1":
        students, teachers = m["students_taught"], m["major_teachers"]
        ratio = students / teachers
        share = ratio / (students.sum(axis=1, keepdims=True) / teachers.sum(axis=1, keepdims=True))
        return np.select([(share < 1) & (_ranks(-ratio) <= 3), share < 0.7, share < 1], [2.0, 1.5, 1.0])
    if name == "K3.2":
        mean = (m["training_persontimes"] / m["staff"] + m["practice_persontimes"] / m["staff"]) / 2
        share = mean / mean.mean(axis=1, keepdims=True)
        return np.select([(share > 1) & (_ranks(mean) <= 3), share >= 1, share >= 0.7], [2.0, 1.5, 1.0])
    if name == "K4.1":
        new, majors = m["new_students"], m["majors"]
        share = (new / majors) / (new.sum(axis=1, keepdims=True) / majors.sum(axis=1, keepdims=True))
        return np.select([share >= 1, share >= 0.7], [4.0, 2.0])
    if name == "K4.2":
        growth = (m["new_students"] - m["new_students_prev"]) / m["new_students_prev"]
        return np.select([growth >= 0.1, growth > 0], [4.0, 2.0])
    if name == "K4.3":
        plan = m["recruitment_plan"]
        short = np.maximum((plan - m["full_time_recruited"]) / plan, 0)
        return 6 - np.minimum(np.floor(short / 0.1) * 2, 6)
    if name == "K5.2c":
        return np.minimum(0.5 * m["affiliated_clubs"] + 0.5 * m["club_advisers"], 2)
    assert w is not None
    rank = _ranks(w)
    band = np.select([rank <= 2, rank <= 4, rank <= 6, rank <= 8], [2.0, 1.5, 1.0, 0.5])
    band[(rank == rank.max(axis=1, keepdims=True)) | (w == 0)] = 0
    share = w / w.mean(axis=1, keepdims=True)
    return band + np.select([share >= 1, share >= 0.7], [2.0, 1.0])
