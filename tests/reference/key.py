"""The arithmetic of every indicator: (raw, deducted, capped) of each unit of a pool.

A pool is the list of the units to which the indicator applies and whose input is complete.
"""

import math
from fractions import Fraction

from tests.reference.evidence import exact, funding_points, weighted_count
from tests.reference.figures import BASE_MAX, KEY, PER_INCIDENT

PER_CENT = Fraction(1, 100)


def mean(numbers):
    return sum(numbers, Fraction(0)) / len(numbers)


def panel(points, policy):
    """P10: several raters."""
    points = sorted(points)
    if policy == "median":
        middle = len(points) // 2
        return points[middle] if len(points) % 2 else (points[middle - 1] + points[middle]) / 2
    if policy == "trimmed" and len(points) >= 5:
        points = points[1:-1]
    return mean(points)


def rank_high(values):
    """Competition ranks 1, 2, 2, 4: the highest value is first."""
    return {unit: 1 + sum(other > value for other in values.values()) for unit, value in values.items()}


def places(values, policies):
    """P22: ranks, the highest value first; dense ranks are 1, 2, 2, 3."""
    if policies["rank_ties"] == "dense":
        order = sorted(set(values.values()), reverse=True)
        return {unit: 1 + order.index(value) for unit, value in values.items()}
    return rank_high(values)


def judged(indicator, unit, year, policies):
    raw = panel(year.ratings[unit, indicator], policies["panel"])
    if indicator == "K1.2" and raw < Fraction(1, 2):
        if policies["certificate_range"] == "down":
            raw = Fraction(0)
        elif policies["certificate_range"] == "up" and raw > 0:
            raw = Fraction(1, 2)
    if policies["deduction_start"] == "full" and indicator in ("B07", "B39", *PER_INCIDENT):
        raw = Fraction(BASE_MAX[indicator] if indicator in BASE_MAX else KEY[indicator][0])
    incidents = year.incidents[unit, indicator]

    def low(rate, line):
        return rate <= line if policies["yixia"] == "inclusive" else rate < line

    deduction = Fraction(0)
    if indicator == "B07":
        if low(year.metrics[unit, "invigilation_rate"], 70 * PER_CENT):
            deduction += Fraction(1, 2)
        deduction += sum(exact(row["points"]) for row in incidents)
    elif indicator == "B39":
        if low(year.metrics[unit, "party_day_rate"], 80 * PER_CENT):
            deduction += Fraction(1, 2)
    elif indicator in PER_INCIDENT:
        deduction += PER_INCIDENT[indicator] * sum(exact(row["count"]) for row in incidents)
    return raw, min(deduction, raw), Fraction(0)


def plain(points):
    return Fraction(points), Fraction(0), Fraction(0)


def up_to(cap, raw):
    raw = Fraction(raw)
    return raw, Fraction(0), max(raw - cap, Fraction(0))


def key_points(indicator, pool, year, policies):
    """{unit: (raw, deducted, capped)} of a computed key indicator over its pool."""

    def m(unit, name):
        return year.metrics[unit, name]

    def ratios(numerator, denominator):
        return {u: m(u, numerator) / m(u, denominator) for u in pool}

    def pooled(numerator, denominator, units=pool):
        return sum(m(u, numerator) for u in units) / sum(m(u, denominator) for u in units)

    def above(value, figure):
        return value > figure if policies["yishang"] == "strict" else value >= figure

    result = {}
    if not pool:
        return result

    if indicator in ("K1.1", "K6"):
        scale, cap = (8, 10) if indicator == "K1.1" else (6, 8)
        w = {u: weighted_count(year.achievements[u, indicator]) for u in pool}
        best = max(w.values())
        for u in pool:
            if indicator == "K1.1":
                extra = m(u, "project_funding") / 100_000
                if policies["funding_steps"] == "whole":
                    extra = math.floor(extra)
            else:
                extra = funding_points(year.achievements[u, indicator], policies["funding_count"])
            if policies["weight_points"] == "capped":
                raw, points = w[u] + extra, min(cap, min(scale, w[u]) + extra)
                result[u] = (Fraction(raw), Fraction(0), Fraction(raw - points))
            else:
                result[u] = up_to(cap, (w[u] / best * scale if best > 0 else 0) + extra)

    elif indicator == "K1.3":
        for u in pool:
            companies, projects = m(u, "partner_companies"), m(u, "cooperation_projects")
            if companies >= 3 and projects >= 9:
                result[u] = plain(2)
            elif companies >= 2 and projects >= 4:
                result[u] = plain(1)
            elif companies >= 1 and projects >= 2:
                result[u] = plain(Fraction(1, 2))
            else:
                result[u] = plain(0)

    elif indicator == "K2a":
        colleges = [m(u, "enrolled_students") for u in pool if year.category(u) == "college"]
        for u in pool:
            students = m(u, "enrolled_students")
            if policies["training_base"] == "mean_of_others" and year.category(u) == "continuing" and colleges:
                students = mean(colleges)
            ratio = m(u, "trainees") / students
            if ratio >= 150 * PER_CENT:
                result[u] = plain(3)
            elif ratio >= 100 * PER_CENT:
                result[u] = plain(2)
            elif ratio >= 70 * PER_CENT:
                result[u] = plain(1)
            else:
                result[u] = plain(0)

    elif indicator == "K2b":
        for u in pool:
            income = m(u, "training_income")
            if above(income, 1_500_000):
                result[u] = plain(5)
            elif income >= 1_000_000:
                result[u] = plain(4)
            elif income >= 500_000:
                result[u] = plain(3)
            else:
                result[u] = plain(0)

    elif indicator == "K3.1":
        r = ratios("students_taught", "major_teachers")
        counted = list(pool)
        if policies["students_whole"] == "without":
            counted = [u for u in pool if year.category(u) not in ("foundation", "ideology")] or counted
        school = pooled("students_taught", "major_teachers", counted)
        if policies["students_ratio"] == "mean_of_units":
            school = mean([r[u] for u in counted])
        ranks = places({u: -r[u] for u in pool}, policies)
        for u in pool:
            if r[u] < school and ranks[u] <= 3:
                result[u] = plain(2)
            elif r[u] < 70 * PER_CENT * school:
                result[u] = plain(Fraction(3, 2))
            elif r[u] < school:
                result[u] = plain(1)
            else:
                result[u] = plain(0)

    elif indicator == "K3.2":
        training, practice = ratios("training_persontimes", "staff"), ratios("practice_persontimes", "staff")
        t = {u: (training[u] + practice[u]) / 2 for u in pool}
        school = mean(list(t.values()))
        if policies["training_ratio"] == "pooled":
            school = (pooled("training_persontimes", "staff") + pooled("practice_persontimes", "staff")) / 2
        ranks = places(t, policies)
        for u in pool:
            if school == 0:
                result[u] = plain(0)
            elif t[u] > school and ranks[u] <= 3:
                result[u] = plain(2)
            elif t[u] >= school:
                result[u] = plain(Fraction(3, 2))
            elif t[u] >= 70 * PER_CENT * school:
                result[u] = plain(1)
            else:
                result[u] = plain(0)

    elif indicator == "K3.3":
        q = ratios("dual_qualified_teachers", "full_time_teachers")
        ranks = places({u: q[u] for u in pool if year.category(u) == "college"}, policies)
        for u in pool:
            if year.category(u) == "college":
                one, one_and_half, two = 80 * PER_CENT, 90 * PER_CENT, above(q[u], 90 * PER_CENT) and ranks[u] <= 3
            else:
                one, one_and_half, two = 30 * PER_CENT, 40 * PER_CENT, q[u] >= 50 * PER_CENT
            if two:
                result[u] = plain(2)
            elif q[u] >= one_and_half:
                result[u] = plain(Fraction(3, 2))
            elif q[u] >= one:
                result[u] = plain(1)
            else:
                result[u] = plain(0)

    elif indicator == "K3.4b":
        share = ratios("part_time_teachers", "full_time_teachers")
        ranks = places(share, policies)
        for u in pool:
            if share[u] > 25 * PER_CENT and ranks[u] <= 3:
                result[u] = plain(2)
            elif share[u] >= 25 * PER_CENT:
                result[u] = plain(Fraction(3, 2))
            elif share[u] >= 15 * PER_CENT:
                result[u] = plain(1)
            else:
                result[u] = plain(0)

    elif indicator == "K4.1":
        e = ratios("new_students", "majors")
        school = pooled("new_students", "majors")
        if policies["intake_ratio"] == "mean_of_units":
            school = mean(list(e.values()))
        for u in pool:
            if school == 0:
                result[u] = plain(0)
            elif e[u] >= school:  # above it and in the top three earns the same 4
                result[u] = plain(4)
            elif e[u] >= 70 * PER_CENT * school:
                result[u] = plain(2)
            else:
                result[u] = plain(0)

    elif indicator == "K4.2":
        for u in pool:
            growth = (m(u, "new_students") - m(u, "new_students_prev")) / m(u, "new_students_prev")
            if growth >= 10 * PER_CENT:  # from 20 % on it is 4 as well
                result[u] = plain(4)
            elif growth > 0:
                result[u] = plain(2)
            else:
                result[u] = plain(0)

    elif indicator == "K4.3":
        for u in pool:
            plan = m(u, "recruitment_plan")
            tenths = max(Fraction(0), (plan - m(u, "full_time_recruited")) / plan) * 10
            if policies["shortfall_steps"] == "whole":
                tenths = math.floor(tenths)
            elif policies["shortfall_steps"] == "started":
                tenths = math.ceil(tenths)
            result[u] = (Fraction(6), min(Fraction(6), Fraction(2 * tenths)), Fraction(0))

    elif indicator == "K5.1a":
        for u in pool:
            lost = m(u, "classes_without_adviser") * Fraction(2, 10) + m(u, "leaders_not_advising") * Fraction(5, 10)
            result[u] = (Fraction(2), min(Fraction(2), lost), Fraction(0))

    elif indicator == "K5.2c":
        for u in pool:
            result[u] = up_to(2, (m(u, "affiliated_clubs") + m(u, "club_advisers")) * Fraction(5, 10))

    elif indicator == "K5.3":
        for u in pool:
            result[u] = employment(
                m(u, "initial_employment_rate"), m(u, "yearend_employment_rate"),
                m(u, "agreement_failure_rate"), m(u, "survey_rate"), policies,
            )  # fmt: skip

    elif indicator == "K5.4a":
        for u in pool:
            result[u] = up_to(1, m(u, "startup_textbooks") * Fraction(5, 10))

    elif indicator == "K5.4b":
        for u in pool:
            result[u] = up_to(2, m(u, "incubated_projects") * Fraction(5, 10))

    elif indicator == "K5.4c":
        for u in pool:
            lower = m(u, "contest_school_finals") * Fraction(2, 10)
            lower += m(u, "contest_municipal_awards") * Fraction(3, 10)
            provincial = m(u, "contest_provincial_awards") * Fraction(5, 10)
            raw = lower + provincial
            if policies["cap_break"] == "provincial_on_top":
                points = min(2, lower) + provincial
            elif policies["cap_break"] == "provincial_alone":
                points = min(raw, max(2, provincial))
            else:
                points = min(2, raw)
            result[u] = (raw, Fraction(0), Fraction(raw - points))

    elif indicator == "K7.1":
        w = {u: weighted_count(year.achievements[u, indicator]) for u in pool}
        ranks, lowest, average = places(w, policies), min(w.values()), mean(list(w.values()))
        for u in pool:
            points = Fraction(0)
            if w[u] > lowest and w[u] > 0:
                if ranks[u] <= 2:
                    points += 2
                elif ranks[u] <= 4:
                    points += Fraction(3, 2)
                elif ranks[u] <= 6:
                    points += 1
                elif ranks[u] <= 8:
                    points += Fraction(1, 2)
            if average > 0:
                if w[u] >= average:
                    points += 2
                elif w[u] >= 70 * PER_CENT * average:
                    points += 1
            result[u] = plain(points)

    else:
        raise ValueError(indicator)
    return result


def employment(initial, yearend, failures, survey, policies):
    """K5.3: what its four parts give and take."""
    given, taken = Fraction(0), Fraction(0)
    if initial >= 85 * PER_CENT:
        given += 2
    elif initial >= 80 * PER_CENT:
        given += 1
    else:
        taken += 2
    if yearend >= 95 * PER_CENT:
        given += 1
    elif yearend >= 90 * PER_CENT:
        given += Fraction(1, 2)
    else:
        taken += 2
    if failures >= 10 * PER_CENT:
        taken += 2
    if survey >= 80 * PER_CENT:
        given += 1
    elif survey > 70 * PER_CENT or (survey == 70 * PER_CENT and policies["survey_edge"] == "inclusive"):
        given += Fraction(1, 2)
    elif survey < 60 * PER_CENT:
        taken += 1
    cap = 3 if policies["employment_cap"] == "stated" else 4
    held = given if policies["employment_cap_on"] == "gains" else given - taken
    capped = max(Fraction(0), held - cap)
    if policies["employment_floor"] == "zero":
        taken = min(taken, given - capped)
    return given, taken, capped
