"""What a score says of itself: parts re-add to points, and every number in a sentence is in the trace behind it."""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from math import floor
from operator import ge, gt, le, lt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from kaohe.rules import EXACT, KINDS, Rule, Trace
from kaohe.rules.achievements import Tally
from kaohe.rules.evidence import Achievement, Incident
from kaohe.scheme import shipped
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from tests.reference.years import Shape, build, incomplete_years, policy_sets, years
from tests.scoring.cases import indicator_cases, outcomes
from tests.scoring.tables import year_data

pytestmark = pytest.mark.slow

SCHEME = shipped("lygtc-2018")
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def book_of(tables, policies, **more):
    return score_data(SCHEME, resolve(SCHEME, overrides=policies), year_data(tables), **more)


def rule_of(book, cell):
    """The rule of a cell's pool."""
    category = book.unit(cell.unit).category
    return next(pool.rule for pool in SCHEME.indicators[cell.indicator].pools if category in pool.applies)


def parts_of(trace):
    return sum((part.points for part in trace.parts), Fraction(0))


def of_band(trace, bands):
    """Points of the band a trace names, 0 for none."""
    return trace.rule[bands][trace["band"]].points if trace["band"] < len(trace.rule[bands]) else Fraction(0)


def taken_off(trace):
    """A cap takes what exceeds the limit of all, or of what was gained, no less and no more."""
    (first, *_), held = trace.parts, parts_of(trace)
    if trace.quantities.get("on") == "gains":
        held = first.awarded - first.capped
    assert trace["over"] == max(held - trace["limit"], 0)
    return parts_of(trace) - trace["over"]


def deducted(trace):
    start, called = trace.parts[0].points, parts_of(trace) - trace.parts[0].points
    assert trace["called"] == called
    start = trace["full"] if trace["off"] == "full" else start
    assert trace["taken"] == min(called, max(start, 0))
    return start - trace["taken"]


def floored(trace):
    assert trace["spared"] in (0, -trace.parts[0].points)
    return trace.parts[0].points + trace["spared"]


def scaled(trace):
    top = trace.rule["top"]
    if trace["reading"] == "capped":
        return min(trace["value"], top)
    return trace["value"] / trace["reference"] * top if trace["reference"] else Fraction(0)


def rated(trace):
    out_of, least = trace.rule.get("out_of"), trace.rule.get("nothing_or_from")
    assert trace["held"] == trace["value"] or (least and trace["value"] < least and trace["held"] in (0, least))
    return trace["held"] if out_of is None else trace["held"] / out_of * trace["full"]


def funded(trace):
    counted = trace["tally"].counted
    if trace["count"] == "kind":
        return len({row.kind for row, _ in counted}) * trace.rule["each"]
    if trace["count"] == "multiple":
        return sum(row.amount // trace.rule["at_least"][row.kind] for row, _ in counted) * trace.rule["each"]
    return trace["projects"] * trace.rule["each"]


def voted(trace):
    if "votes" in trace.quantities:
        return trace["value"] / trace["divisor"] * trace["full"]
    return sum(value for name, value in trace.quantities.items() if name.endswith("_points"))


# How each kind of rule finds its points again from what its trace holds.
AGAIN = {
    "sum": parts_of,
    "deductions": deducted,
    "cap": taken_off,
    "cap_break": taken_off,
    "floor": floored,
    "full": lambda trace: trace.awarded,
    "judged": rated,
    "incidents": lambda trace: trace["count"] * trace.rule["each"] if "each" in trace.rule else trace["cost"],
    "steps": lambda trace: of_band(trace, "bands"),
    "rank_bands": lambda trace: of_band(trace, "bands"),
    "tiers": lambda trace: of_band(trace, "tiers"),
    "per_unit": lambda trace: trace["steps"] * trace.rule["each"],
    "scaled_to_best": scaled,
    "counted_amounts": funded,
    "vote": voted,
    "by_policy": lambda trace: trace.rule["options"][trace["reading"]].value,
    "number": lambda trace: trace["value"],
}


def test_every_kind_of_the_scheme_is_re_added():
    rules = [variant.rule for indicator in SCHEME.indicators.values() for variant in indicator.pools]
    kinds = {part.kind for rule in rules for part in rule.walk() if part.kind in KINDS and isinstance(part, Rule)}
    assert kinds | {"vote"} <= set(AGAIN)


def assert_re_adds(trace):
    for part in trace.walk():
        assert part.points == part.awarded - part.deducted - part.capped
        assert part.points == AGAIN[part.kind](part), (part.kind, part.quantities)
        assert part.deducted >= 0
        assert part.capped >= 0


@few
@given(tables=years(), policies=policy_sets())
def test_points_re_add_from_their_parts(tables, policies):
    book = book_of(tables, policies)
    for cell in book.cells:
        if cell.trace is None:
            continue
        assert (cell.points, cell.raw, cell.deducted, cell.capped) == (
            cell.trace.points, cell.trace.awarded, cell.trace.deducted, cell.trace.capped,
        )  # fmt: skip
        assert_re_adds(cell.trace)
    for unit in book.units:
        for vote in (unit.nodes["ballot"], unit.nodes["leader"]):
            assert vote.trace.points == vote.points
            assert_re_adds(vote.trace)
        assert unit.total == unit.points("ballot") + unit.points("target") + unit.points("leader")
        sums = dict.fromkeys(("base", "key", "target"), Fraction(0))
        for cell in book.cells_of(unit.unit_id):
            if cell.applicable:
                sums[book.indicators[cell.indicator].component] += cell.points
        if unit.group == "yuanbu":
            assert (unit.nodes["base"].raw, unit.nodes["key"].raw) == (sums["base"], sums["key"])


NUMBER = re.compile(r"(?<![\d.])-?\d+(?:\.\d+)?%?")


def numbers_in(text):
    """The numbers a sentence says, as they stand there; titles in 《》 are no numbers of ours."""
    return NUMBER.findall(re.sub("《.*?》", "《》", text))


def shown(value, digits):
    """A number with at most so many decimals, half up, as Chinese text shows it."""
    scaled_up = floor(abs(value) * 10**digits + Fraction(1, 2))
    text = f"{scaled_up // 10**digits}.{scaled_up % 10**digits:0{digits}d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and scaled_up else text


@cache
def forms(value):
    """How a sentence may say a value: a number with four decimals, a percentage with two; more where needed."""
    numbers = {shown(value, digits) for digits in range(4, 31, 2)}
    return numbers | {shown(value * 100, digits) + "%" for digits in range(2, 31, 2)}


def says(text, value):
    """Whether `text` is `value` as a sentence may say it."""
    return text in forms(Fraction(value))


def figures(part):
    """Every number a trace holds: quantities, points, and the regulation's own figures."""
    if isinstance(part, Trace):
        for trace in part.walk():
            yield from (trace.points, trace.awarded, trace.deducted, trace.capped)
            yield from figures(trace.quantities)
            yield from figures(trace.rule)
    elif isinstance(part, bool) or part is None or isinstance(part, str):
        return
    elif isinstance(part, int | Fraction):
        yield Fraction(part)
    elif isinstance(part, Tally):
        yield from (part.sum, Fraction(len(part.counted)))
        for row, weight in part.counted:
            yield weight
            yield from figures(row)
    elif isinstance(part, Achievement):
        yield from figures(part.amount)
    elif isinstance(part, Incident):
        yield from figures((part.count, part.points))
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from figures(getattr(part, name))
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from figures(value)
    elif isinstance(part, tuple | list):
        for value in part:
            yield from figures(value)
    else:
        raise TypeError(f"a trace holds a {type(part).__name__}")


def unfounded(sentences, trace, without=()):
    """(number, sentence) for every number that the trace does not hold; texts `without` are taken out first."""
    known = set(figures(trace))
    found = []
    for sentence in sentences:
        text = sentence.text
        for note in without:
            text = text.replace(note, "")
        found += [(number, text) for number in numbers_in(text) if not any(says(number, value) for value in known)]
    return found


def notes_of(trace):
    """What people wrote about the incidents counted."""
    rows = [row for part in trace.walk() for row in part.quantities.get("incidents", ())]
    return [row.note for row in rows if row.note]


def assert_founded(book, tables):
    evidence = {(row["unit_id"], row["metric"]): row["value"] for row in tables["metrics"]}
    for cell in book.cells:
        if cell.trace is None:
            continue
        rule = rule_of(book, cell)
        words = rule.words(cell.trace, SCHEME.terms)
        assert list(cell.sentences[: len(words)]) == words
        assert unfounded(words, cell.trace, notes_of(cell.trace)) == []
        for sentence in cell.sentences[len(words) :]:
            if sentence.text.startswith("佐证："):
                beside = [evidence.get((cell.unit, name)) for name in SCHEME.indicators[cell.indicator].evidence]
                known = [value for value in beside if value is not None]
                assert all(any(says(number, value) for value in known) for number in numbers_in(sentence.text))
            else:
                assert numbers_in(sentence.text) == []
    for unit in book.units:
        for node in unit.nodes.values():
            if node.trace:
                assert unfounded(node.sentences, node.trace) == []


@few
@given(tables=years(), policies=policy_sets())
def test_numbers_in_sentences_are_in_the_trace(tables, policies):
    assert_founded(book_of(tables, policies), tables)


@settings(few, max_examples=5)
@given(tables=incomplete_years(), policies=policy_sets())
def test_numbers_in_sentences_of_a_provisional_year_are_in_the_trace(tables, policies):
    assert_founded(book_of(tables, policies, provisional=True), tables)


@settings(few, max_examples=8)
@given(tables=years(), policies=policy_sets())
def test_every_scored_cell_says_its_points(tables, policies):
    """A reader finds the points of a cell in its sentences, unless they come of several that are said each."""
    book = book_of(tables, policies)
    for cell in book.cells:
        if cell.trace is None or cell.trace.parts:
            continue
        said = [number for sentence in cell.sentences for number in numbers_in(sentence.text)]
        assert cell.points == 0 or any(says(number, cell.points) for number in said), cell.reason


CONDITION = re.compile(r"(≥|>|≤|<)(-?[\d.]+%?)|前 (\d+) 名")
HOLDS = {"≥": ge, ">": gt, "≤": le, "<": lt}


def holds(condition, value, rank):
    """Whether a band's condition as a sentence says it (`≥70% 且前 3 名`) is true of a value."""
    return all(
        rank <= int(cut) if cut else HOLDS[sign](value, as_number(bound))
        for sign, bound, cut in CONDITION.findall(condition)
    )


def as_number(text):
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def assert_bands_said_are_true(trace, rule):
    """The band a sentence names holds for the unit's exact value; where it says none, none of those offered does."""
    text = rule.words(trace, SCHEME.terms)[0].text
    value, rank = trace.quantities.get("ratio", trace["value"]), trace.quantities.get("rank")
    if met := re.search("符合“(.*?)”", text):
        assert holds(met[1], value, rank), text
    elif offered := re.search("未进入任何一档（(.*)）", text):
        assert not any(holds(band, value, rank) for band in offered[1].split("，")), text


@few
@given(tables=years(), policies=policy_sets())
def test_bands_in_sentences_are_true(tables, policies):
    book = book_of(tables, policies)
    for cell in book.cells:
        if cell.trace is None:
            continue
        for part, rule in zip(cell.trace.walk(), rule_of(book, cell).walk(), strict=True):
            if part.kind == "steps":
                assert_bands_said_are_true(part, rule)


@pytest.mark.parametrize("case", [case for case in indicator_cases() if case.at], ids=lambda case: case.name)
def test_bands_in_sentences_are_true_at_the_thresholds(case):
    for pool, outcome, place in outcomes(case, EXACT).values():
        trace = outcome.trace(pool.rule, place)
        assert_re_adds(trace)
        assert unfounded(pool.rule.words(trace, SCHEME.terms), trace, notes_of(trace)) == []
        for part, rule in zip(trace.walk(), pool.rule.walk(), strict=True):
            if part.kind == "steps":
                assert_bands_said_are_true(part, rule)


@pytest.mark.parametrize(
    ("text", "value", "same"),
    [
        ("0.6667", Fraction(2, 3), True),
        ("0.666667", Fraction(2, 3), True),
        ("0.667", Fraction(2, 3), False),
        ("0.6666", Fraction(2, 3), False),
        ("66.67%", Fraction(2, 3), True),
        ("66.67", Fraction(2, 3), False),
        ("70%", Fraction(7, 10), True),
        ("70%", Fraction(70), False),
        ("70", Fraction(70), True),
        ("-0.5", Fraction(-1, 2), True),
        ("0.5", Fraction(-1, 2), False),
        ("0", Fraction(0), True),
        ("3", Fraction(30001, 10000), False),
        ("99999.99", Fraction("99999.99"), True),
        ("99999.9", Fraction("99999.99"), False),
    ],
)
def test_matcher(text, value, same):
    assert says(text, value) is same


def test_numbers_are_found():
    assert numbers_in("新生 700 人 ÷ 专业 10 个，在 9 个单位中排第 3；对应 -2 分（第 5～6 名，99.99%）") == [
        "700", "10", "9", "3", "-2", "5", "6", "99.99%",
    ]  # fmt: skip
    assert numbers_in("计入成果：《2019 年第 3 届》4、《b》1.5 等共 12 项") == ["4", "1.5", "12"]


@given(st.fractions(-1000, 1000, max_denominator=10**6), st.integers(0, 8))
def test_shown_is_nearest(value, digits):
    apart = abs(Fraction(shown(value, digits)) - value)
    assert apart <= Fraction(1, 2 * 10**digits)


def test_a_wrong_number_is_noticed():
    """Every number of every sentence of a year, changed in its last digit: nearly all are noticed.

    Nearly: a trace holds several numbers, and a changed one may happen to be another of them.
    """
    book = book_of(build(Shape(seed=7)), {})
    noticed = changed = 0
    for cell in book.cells:
        if cell.trace is None:
            continue
        known = set(figures(cell.trace))
        for sentence in rule_of(book, cell).words(cell.trace, SCHEME.terms):
            for number in numbers_in(sentence.text):
                digit = number.rstrip("%")[-1]
                wrong = number.rstrip("%")[:-1] + str((int(digit) + 3) % 10) + "%" * number.endswith("%")
                changed += 1
                noticed += not any(says(wrong, value) for value in known)
    assert changed > 500
    assert noticed / changed > 0.9
