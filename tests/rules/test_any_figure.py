"""Random trees of figures: what they say can be worked out again, and they agree with themselves."""

from fractions import Fraction
from typing import get_args

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kaohe.rules import EXACT, FLOAT
from kaohe.rules.after import After, Step
from kaohe.rules.decimals import figure_decimals
from kaohe.rules.enclosed import Rounding
from kaohe.rules.kinds import AnyFigure
from kaohe.rules.wording import Term
from tests.rules.given import Given
from tests.rules.redone import checks

FIGURE = TypeAdapter(AnyFigure)
UNITS, FULL = 5, 10
TERMS = {name: Term(f"数{sign}", "个") for name, sign in zip("abc", "甲乙丙", strict=True)}
small = st.integers(-40, 80).map(lambda tenths: str(Fraction(tenths, 10)))
positive = st.integers(1, 80).map(lambda tenths: str(Fraction(tenths, 10)))
plain = st.sampled_from(["a", "b", "c", "full"]) | small


def bounds():
    return st.dictionaries(st.sampled_from(["at_least", "above", "at_most", "below"]), small, min_size=1, max_size=2)


def condition(figure):
    compared = st.builds(lambda value, bound: {"value": value, **bound}, figure, bounds())
    return compared | st.builds(lambda one, two: {"any": [one, {"not": two}]}, compared, compared)


def bands(figure):
    by_bounds = st.builds(lambda bound, points: {**bound, "points": points}, bounds(), small)
    shared = st.builds(lambda bound, share: {**bound, "share": f"{share}%"}, bounds(), st.integers(0, 120))
    when = st.builds(lambda held, points: {"when": held, "points": points}, condition(figure), small)
    return st.lists(by_bounds | shared | when, min_size=1, max_size=3)


corners = st.lists(st.integers(-40, 80), min_size=2, max_size=4, unique=True).flatmap(
    lambda xs: st.lists(small, min_size=len(xs), max_size=len(xs)).map(
        lambda ys: [[str(Fraction(x, 10)), y] for x, y in zip(sorted(xs), ys, strict=True)]
    )
)
logs = corners.map(lambda points: [[str(Fraction(x) + 5), y] for x, y in points])
ends = st.sampled_from(["hold", "extend"])


def deeper(figure):
    """One more figure around others."""
    several = st.lists(figure, min_size=1, max_size=3)
    order, ties = (
        st.sampled_from(["descending", "ascending"]),
        st.sampled_from(["competition", "dense", "mean", "last"]),
    )

    def made(kind, **fields):
        return st.fixed_dictionaries({"kind": st.just(kind), **fields})

    many = [made(kind, parts=several) for kind in ("product", "added", "best", "worst", "average")]
    steps = st.sampled_from(["whole", "started", "proportional"])
    sides = st.sampled_from(["above", "below", "both"])
    points = st.lists(small, min_size=1, max_size=4)
    split = st.lists(
        st.builds(lambda part, share: {"part": part, "share": f"{share}%"}, positive, st.integers(0, 100)),
        min_size=1,
        max_size=3,
    )
    axis = st.lists(small, min_size=1, max_size=2)
    return st.one_of(
        *many,
        made("geometric_mean", parts=st.lists(figure, min_size=2, max_size=2)),
        made("difference", of=figure, less=figure),
        made("quotient", of=figure, to=figure, form=st.just("number")),
        made("change", new=figure, old=figure),
        made("power", of=figure, to=st.sampled_from(["2", "1/2"])),
        made("normal", of=figure),
        made("line", value=figure, through=corners, beyond=ends),
        made("line", value=figure, through=logs, scale=st.just("log"), beyond=ends),
        made(
            "steps",
            value=figure,
            bands=bands(figure),
            take=st.sampled_from(["best", "first", "last"]),
            **{"else": small},
        ),
        made(
            "per_unit", start=plain, value=figure, each=small, per=positive, side=sides, steps=steps, **{"from": small}
        ),
        made("pool", of=figure, how=st.sampled_from(["mean", "max", "min", "median", "sum", "count"])),
        made("pool", of=figure, how=st.just("percentile"), at=st.sampled_from(["25%", "90%"])),
        made("rank", of=figure, order=order, ties=ties, **{"as": st.sampled_from(["place", "share"])}),
        made("z_score", of=figure, sd=st.sampled_from(["population", "sample"])),
        made("z_score", of=figure, sd=st.just("population"), limits=st.just(1)),
        made(
            "share",
            value=figure,
            of=st.sampled_from(["best", "mean"]) | small,
            top=plain,
            better=st.sampled_from(["higher", "lower"]),
        ),
        made("ladder", by=figure, points=points, ties=ties, order=order, **{"else": small}),
        made("split", by=figure, bands=split, ties=st.sampled_from(["better", "worse"]), order=order),
        made("when", then=figure, **{"if": condition(figure), "else": figure}),
        axis.flatmap(
            lambda rows: made(
                "table",
                rows=st.fixed_dictionaries({"value": figure, "at_least": st.just(rows)}),
                columns=st.fixed_dictionaries({"value": figure, "below": st.just(["0", "3"])}),
                cells=st.lists(st.lists(small, min_size=2, max_size=2), min_size=len(rows), max_size=len(rows)),
            )
        ),
        st.builds(
            lambda of, low, step: {"kind": "limit", "of": of, "at_least": low, "round": step},
            figure,
            small,
            st.sampled_from(["0.1", "1"]),
        ),
        st.builds(lambda of, high: {"kind": "limit", "of": of, "at_most": high}, figure, small),
    )


step = st.one_of(
    *(
        st.builds(lambda name, by: {name: by}, st.just(name), plain)
        for name in ("at_most", "at_least", "times", "plus", "minus")
    ),
    st.builds(
        lambda to, how: {"round": {"to": to, "how": how}},
        st.sampled_from(["0.5", "1"]),
        st.sampled_from(get_args(Rounding)),
    ),
    st.builds(lambda to, of: {"rescale": to, "of": of}, plain, positive),
)
trees = st.recursive(plain, deeper, max_leaves=6)
tables = st.fixed_dictionaries(
    {
        name: st.lists(st.integers(-30, 90).map(lambda tenths: Fraction(tenths, 10)), min_size=UNITS, max_size=UNITS)
        for name in "abc"
    }
)


def figure_of(tree, steps):
    figure = FIGURE.validate_python(tree)
    return After(of=figure, steps=tuple(Step.model_validate(each) for each in steps)) if steps else figure


def near(one, other):
    return abs(float(one) - float(other)) <= 1e-9 * max(1, abs(float(one)))


@settings(max_examples=60, deadline=None)
@given(trees, st.lists(step, max_size=2), tables)
def test_any_figure(tree, steps, metrics):
    figure = figure_of(tree, steps)
    outcome = figure.points(Given(UNITS, metrics, full_mark=FULL))
    exact = np.broadcast_to(outcome.points, UNITS)
    least, most = figure.range(Fraction(FULL))
    many = figure_decimals(figure, lambda metric: 1, lambda item: None)
    for unit, value in enumerate(exact):
        assert many is None or (value * 10**many).denominator == 1
        assert least is None or least <= value
        assert most is None or value <= most
        for sentence, secret in figure.words(outcome.trace(figure, unit), TERMS):
            assert sentence
            assert not secret
            for (low, high), (down, up), text in checks(sentence):
                assert max(low, down) <= min(up, high), (text, sentence)
    assert figure.describe(TERMS)
    alone = figure.of_units(Given(UNITS, metrics, full_mark=FULL))
    assert list(np.broadcast_to(alone, UNITS)) == list(exact)


def continuous(figure):
    """Whether no comparison decides it: doubles may fall on the other side of one.

    Standard scores add up to 0 exactly, in doubles nearly: a share of their mean is nothing there, or anything.
    """
    kinds = {each.kind for each in figure.walk()}
    return not {"share", "z_score"} <= kinds and not kinds & {
        "stepped",
        "measured",
        "rank",
        "ladder",
        "split",
        "when",
        "table",
        "limit",
    }


@settings(max_examples=60, deadline=None)
@given(trees, tables)
def test_doubles_agree(tree, metrics):
    """To 1e-9, unless it is a comparison or a rounding of figures that are not exact in doubles."""
    figure = figure_of(tree, [])
    exact = np.broadcast_to(figure.points(Given(UNITS, metrics, full_mark=FULL)).points, UNITS)
    axes = {name: np.array([values, values[::-1]], dtype=float) for name, values in metrics.items()}
    doubles = figure.points(Given(UNITS, axes, numbers=FLOAT, full_mark=FULL)).points
    both = np.broadcast_to(doubles, (2, UNITS))
    if continuous(figure):
        assert all(near(one, other) for one, other in zip(exact, both[0], strict=True))
        assert all(near(one, other) for one, other in zip(exact[::-1], both[1], strict=True))
    assert both.dtype == np.float64


@settings(max_examples=60, deadline=None)
@given(trees, tables, st.permutations(range(UNITS)))
def test_order_of_units_does_not_matter(tree, metrics, order):
    figure = figure_of(tree, [])
    plain_order = np.broadcast_to(figure.points(Given(UNITS, metrics, full_mark=FULL)).points, UNITS)
    moved = {name: [values[place] for place in order] for name, values in metrics.items()}
    found = np.broadcast_to(figure.points(Given(UNITS, moved, numbers=EXACT, full_mark=FULL)).points, UNITS)
    assert [plain_order[place] for place in order] == list(found)
