"""Every threshold of a scheme's rules, found by walking their fields; and whether a unit really stands at one.

A case names a threshold as "SIDE [OF] FIGURE" (see `tests.scoring.cases`): "below 70%", "at cap 10", "tie rank 3".
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from kaohe.rules import KINDS, Rule, Trace
from kaohe.rules.bands import Steps
from kaohe.rules.base import PolicyReference
from kaohe.rules.combine import Cap, CapBreak, Deductions, Floor, Sum
from kaohe.rules.counting import CountedAmounts, PerUnit, ScaledToBest
from kaohe.rules.judged import Full, Incidents, Judged
from kaohe.rules.tiers import RankBands, Tiers
from kaohe.rules.values import MetricValue, Ratio
from kaohe.rules.votes import VoteRule
from kaohe.rules.worth import TallyByAmount
from kaohe.scheme import Indicator, Scheme
from tests.scoring.cases import Case, number, policies_of

AROUND = ("below", "at", "above")
CENT = Fraction(1, 100)
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Threshold:
    """A figure at which points change; `reading` the policy option under which it is meant.

    `stands(trace, pool, side)` says whether a unit with that trace stands on that side of it, and close to it.
    """

    indicator: str
    of: str  # what is held against it: a metric, rank, cap, floor …
    figure: str
    sides: tuple[str, ...]
    stands: Callable[[Trace, list[Trace], str], bool] = field(compare=False)
    place: int = field(compare=False)  # of the rule among the indicator's, depth first
    applies: tuple[str, ...] = field(compare=False)  # the pool's categories
    reading: tuple[str, str] | None = None

    def says(self, side: str) -> str:
        reading = " ({}={})".format(*self.reading) if self.reading else ""
        return f"{self.indicator}: {side} {self.of} {self.figure}{reading}"


def near(value: Any, figure: Fraction, side: str, closeness: Fraction) -> bool:
    """Whether `value` is at the figure, or on that side of it and as close as asked."""
    apart = Fraction(value) - figure
    return {"at": apart == 0, "below": -closeness <= apart < 0, "above": 0 < apart <= closeness}[side]


def said(figure: Fraction) -> str:
    return str(float(figure)) if figure.denominator > 1 else str(figure)


def thresholds(scheme: Scheme, indicator: Indicator) -> list[Threshold]:
    """All thresholds of an indicator's rules, each once."""
    found: dict[Threshold, None] = {}
    for variant in indicator.pools:
        for place, rule in enumerate(variant.rule.walk()):
            for of, figure, sides, stands, reading in WALKS[type(rule)](scheme, rule):
                threshold = Threshold(indicator.id, of, figure, sides, stands, place, variant.applies, reading)
                found.setdefault(threshold)
    return list(found)


def readings(scheme: Scheme, choice: Any) -> list[tuple[str, tuple[str, str] | None]]:
    """(option, (policy, option)) for each reading of a rule's field, the default first."""
    if not isinstance(choice, PolicyReference):
        return [(choice, None)]
    policy = scheme.policy[choice.policy]
    options = sorted(policy.options, key=lambda option: option != policy.default)
    return [(option, (policy.name, option)) for option in options]


def measure(rule: Steps | PerUnit) -> str:
    """What a rule's value is called in the cases."""
    value = rule.value
    if isinstance(value, MetricValue):
        return value.metric
    return f"{value.of}/{value.to}" if isinstance(value, Ratio) else value.kind


def _steps(scheme, rule: Steps):
    measured = "ratio" if rule.against else "value"
    for band in rule.bands:
        of = f"top-{band.among}" if band.among else measure(rule)
        for name, bound in band.bounds().items():

            def stands(trace, pool, side, band=band, name=name, bound=bound):
                others = [kind for kind in band.bounds() if kind != name]
                inside = all(_meets(kind, trace[measured], getattr(band, kind)) for kind in others)
                ranked = not band.among or trace["rank"] <= band.among
                return inside and ranked and near(trace[measured], bound, side, CENT)

            for choice, otherwise in _read(rule, name):
                for place, (_, reading) in enumerate(readings(scheme, choice)):
                    yield of, said(bound), otherwise if place else AROUND, stands, reading
        if band.among:
            for _, reading in readings(scheme, rule.ties):
                yield "rank", str(band.among), ("at", "below", "tie"), _ranked(band.among), reading


def _read(rule: Steps, bound: str):
    """Fields that read the bound or what is held against it, and the sides asked for under options but the default.

    Another way to average moves the pool's figure itself: there it is enough to hit it.
    """
    found = [(getattr(rule, bound), AROUND)] if bound in ("or_less", "or_more") else []
    if rule.against:
        found += [(rule.against.reading, ("at",)), (rule.against.whole, ("at",))]
    borrowed = getattr(rule.value, "borrowed", None)
    if borrowed:
        found.append((borrowed.reading, AROUND))
    return found or [("", ())]


def _meets(kind, value, bound):
    return {
        "at_least": value >= bound, "above": value > bound, "at_most": value <= bound, "below": value < bound,
        "or_less": value <= bound, "or_more": value >= bound,
    }[kind]  # fmt: skip


def _ranked(cut: int):
    def stands(trace, pool, side):
        rank = trace["rank"]
        tied = sum(other["rank"] == rank for other in pool)
        if side == "tie":
            return rank <= cut < rank + tied - 1 or (rank == cut and tied > 1)
        return tied == 1 and rank == {"at": cut, "below": cut + 1}[side]

    return stands


def _tiers(scheme, rule: Tiers):
    for tier in rule.tiers:
        for name, least in tier.at_least.items():

            def stands(trace, pool, side, tier=tier, name=name, least=least):
                others = all(trace[other] >= bound for other, bound in tier.at_least.items() if other != name)
                return others and near(trace[name], least, side, Fraction(1))

            yield name, said(least), AROUND, stands, None


def _rank_bands(scheme, rule: RankBands):
    for band in rule.bands:
        for _, reading in readings(scheme, rule.ties):
            yield "rank", str(band.first), ("at",), _ranked(band.first), reading
            yield "rank", str(band.last), ("at", "below", "tie"), _ranked(band.last), reading
    if rule.last_excluded:
        yield "rank", "last", ("at", "above", "tie"), _last, None
    if rule.zero_excluded:
        yield "zero", "0", ("at", "above"), lambda trace, pool, side: near(trace["value"], Fraction(0), side, 1), None


def _last(trace, pool, side):
    lowest = max(other["rank"] for other in pool)
    tied = sum(other["rank"] == trace["rank"] for other in pool)
    if side == "above":
        return trace["rank"] == max(other["rank"] for other in pool if other["rank"] < lowest)
    return trace["rank"] == lowest and (tied > 1) == (side == "tie")


def _per_unit(scheme, rule: PerUnit):
    for option, reading in readings(scheme, rule.steps):
        if reading or option != "proportional":
            yield (
                measure(rule),
                said(rule.per),
                AROUND,
                lambda trace, pool, side: near(trace["value"] / rule.per, Fraction(1), side, CENT),
                reading,
            )


def _scaled(scheme, rule: ScaledToBest):
    for option, reading in readings(scheme, rule.reading):
        if option == "capped":
            yield "top", said(rule.top), AROUND, lambda t, pool, side: near(t["value"], rule.top, side, 1), reading
        else:
            yield "top", said(rule.top), ("at", "below"), _best, reading


def _best(trace, pool, side):
    return trace["reference"] > 0 and (trace["value"] == trace["reference"]) == (side == "at")


def _amounts(scheme, rule: CountedAmounts):
    for kind, least in rule.at_least.items():
        for option, reading in readings(scheme, rule.count):
            for figure in (least, 2 * least) if option == "multiple" else (least,):

                def stands(trace, pool, side, kind=kind, figure=figure):
                    rows = [*trace["tally"].weightless, *(row for row, _ in trace["tally"].counted)]
                    return any(row.kind == kind and near(row.amount, figure, side, CENT) for row in rows)

                yield kind, said(figure), AROUND, stands, reading


def _cap(scheme, rule: Cap):
    for option, reading in readings(scheme, rule.reading):
        # read as `parts`, nothing can exceed it
        limit, sides = (rule.at, AROUND) if option == "stated" else (rule.of.best(rule.at), ("below", "at"))
        yield "cap", said(limit), sides, _against_limit(limit), reading
    for _, reading in readings(scheme, rule.on):
        yield "cap", said(rule.at), AROUND, _against_limit(rule.at), reading


def _against_limit(limit):
    return lambda trace, pool, side: near(trace["held"], limit, side, 1)


def _cap_break(scheme, rule: CapBreak):
    def stands(option):
        def on(trace, pool, side):
            within, beyond = (part.points for part in trace.parts)
            value = within if option == "provincial_on_top" else within + beyond
            return beyond <= rule.at and near(value, rule.at, side, Fraction(1, 2))

        return on

    for option, reading in readings(scheme, rule.reading):
        yield "cap", said(rule.at), AROUND, stands(option), reading


def _floor(scheme, rule: Floor):
    for _, reading in readings(scheme, rule.reading):
        yield (
            "floor", "0", AROUND,
            lambda trace, pool, side: near(trace.parts[0].points, Fraction(0), side, Fraction(1, 2)), reading,
        )  # fmt: skip


def _deductions(scheme, rule: Deductions):
    def stands(trace, pool, side):
        off = trace["full"] if trace["off"] == "full" else trace.parts[0].points
        return near(off - trace["called"], Fraction(0), side, 2)

    endless = any(isinstance(each, Incidents) for each in rule.less)  # others may not take a full mark
    for option, reading in readings(scheme, rule.off):
        yield "floor", "0", AROUND if endless or option == "start" else ("above",), stands, reading


def _judged(scheme, rule: Judged):
    if rule.nothing_or_from is not None:
        figure = rule.nothing_or_from

        def stands(trace, pool, side):
            return trace["ratings"] == (0,) if side == "nothing" else near(trace["ratings"][0], figure, side, CENT)

        yield "rating", said(figure), ("nothing", "at", "above"), stands, None
        for _, reading in readings(scheme, rule.held)[1:]:
            yield "panel", said(figure), AROUND, lambda t, pool, side: near(t["value"], figure, side, HALF), reading


def _incidents(scheme, rule: Incidents):
    for figure in (rule.least, rule.most):
        if figure is not None:
            yield "incident", said(figure), ("at",), _cost(figure), None


def _cost(figure):
    return lambda trace, pool, side: [row.points for row in trace["incidents"]] == [figure]


def _none(scheme, rule: Rule):
    return ()


WALKS = {
    Steps: _steps,
    Tiers: _tiers,
    RankBands: _rank_bands,
    PerUnit: _per_unit,
    ScaledToBest: _scaled,
    CountedAmounts: _amounts,
    Cap: _cap,
    CapBreak: _cap_break,
    Floor: _floor,
    Deductions: _deductions,
    Judged: _judged,
    Incidents: _incidents,
    Full: _none,
    Sum: _none,
    VoteRule: _none,
    TallyByAmount: _none,  # no shipped rule has it; held by tests/cases/kinds
}
assert set(WALKS) == set(KINDS.values()), "a new kind of rule says here where its thresholds are"


def labels(case: Case) -> list[tuple[str, str, str, str]]:
    """(unit, side, of, figure) of every threshold a case says it stands at; `of` may be empty."""
    found = []
    for unit, texts in case.at.items():
        for text in texts:
            side, *of, figure = text.split()
            plain = figure if figure == "last" else said(number(figure))
            found.append((unit, side, " ".join(of), plain))
    return found


def meant(case: Case, label: tuple[str, str, str, str], among: list[Threshold]) -> list[Threshold]:
    """The thresholds a case's label means under the case's policies."""
    _, side, of, figure = label
    plain = {threshold.of for threshold in among if threshold.figure == figure and not _special(threshold.of)}
    if not of and len(plain) > 1:
        raise ValueError(f"{case.name}: {figure} stands for {sorted(plain)}; say which")
    wanted = of or next(iter(plain), None)
    in_force = policies_of(case)
    return [
        threshold
        for threshold in among
        if (threshold.of, threshold.figure) == (wanted, figure)
        and side in threshold.sides
        and (threshold.reading is None or in_force[threshold.reading[0]] == threshold.reading[1])
    ]


def _special(of: str) -> bool:
    return of in {"rank", "zero", "top", "cap", "floor", "rating", "panel", "incident"} or of.startswith("top-")


def uncovered(scheme: Scheme, cases: list[Case]) -> list[str]:
    """Every threshold and side that no case stands at: indicator, side, threshold, reading."""
    out = []
    for indicator in scheme.indicators.values():
        among = thresholds(scheme, indicator)
        covered = {
            (threshold, label[1])
            for case in cases
            if case.indicator == indicator.id
            for label in labels(case)
            for threshold in meant(case, label, among)
        }
        out += [t.says(side) for t in among for side in t.sides if (t, side) not in covered]
    return out
