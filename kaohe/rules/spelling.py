"""From what the YAML says for short to kinds: `full`, a number, a metric's name, a reading's options, limits.

Names of figures, conditions and votes mean what the scheme declares under them: `naming` holds these while it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from kaohe.rules.base import Figure
from kaohe.rules.conditions import COMPARED, FACTS, Condition
from kaohe.rules.limits import LIMITS
from kaohe.rules.meant import meant
from kaohe.rules.plain import SHORT_FORMS
from kaohe.rules.written import exact_number


@dataclass(frozen=True)
class Names:
    """What the scheme at hand declares: figures and conditions already read, votes, and what dimensions have."""

    figures: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    votes: Mapping[str, Any] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of each dimension


NO_NAMES = Names()
_names: ContextVar[Names] = ContextVar("names", default=NO_NAMES)


@contextmanager
def naming(names: Names) -> Iterator[None]:
    """While it is open, names are those of `names`."""
    token = _names.set(names)
    try:
        yield
    finally:
        _names.reset(token)


BY = "by_"
"""`by_class`, `by_group`, `by_category`, or a trait of the scheme's own: a figure for each of its values."""


def figure_spelled(value: Any, fields_of: Callable[[str], frozenset[str]]) -> Any:
    """A figure as a mapping with its kind; `fields_of` a kind tells which limits are fields of its own."""
    if isinstance(value, Figure | bool) or value is None:
        return value
    if isinstance(value, int | Fraction):
        return {"kind": "number", "value": value}
    if isinstance(value, str):
        return _word(value)
    if isinstance(value, Mapping):
        return _mapping(value, fields_of)
    return value


DAY = re.compile(r"(\d{4}-)?\d\d-\d\d")


def stands_for_figure(word: str) -> bool:
    """Whether a word stands for a figure that is no metric: a short form, or one the scheme declares."""
    return word in SHORT_FORMS or word in _names.get().figures


def _word(word: str) -> Any:
    if word in SHORT_FORMS:
        return SHORT_FORMS[word]
    if DAY.fullmatch(word):
        return {"kind": "day", "day": word}
    known = _names.get().figures.get(word)
    if known is not None:
        return known
    try:
        return {"kind": "number", "value": exact_number(word)}
    except ValueError:
        return {"kind": "metric", "metric": word}


def _mapping(value: Mapping[str, Any], fields_of: Callable[[str], frozenset[str]]) -> Any:
    value = _one_band(value)
    limits = {name: value[name] for name in LIMITS if name in value}
    kind = value.get("kind")
    if limits and kind != "limit":
        limits = {name: limit for name, limit in limits.items() if not (kind and name in fields_of(str(kind)))}
    if limits and kind != "limit":
        rest = {name: each for name, each in value.items() if name not in limits}
        return {"kind": "limit", "of": rest, **limits}
    if kind is None:
        return _without_kind(value)
    if kind == "vote" and "definition" not in value:
        named, votes = str(value.get("vote")), _names.get().votes
        if named not in votes:
            raise ValueError(f"vote：投票（votes）里没有 {named}{_near(named, votes)}")
        return {**value, "definition": votes[named]}
    if kind in ("over", "among_tied") and "each" in value:
        return {"members": _names.get().members.get(str(value["each"]), ()), **value}
    return _general(value, str(kind))


def _without_kind(value: Mapping[str, Any]) -> Any:
    if "policy" in value:
        return {
            "kind": "by_policy",
            "policy": value["policy"],
            "options": {name: each for name, each in value.items() if name != "policy"},
        }
    by = next((name for name in value if str(name).startswith(BY)), None)
    if by is not None and isinstance(value[by], Mapping):
        of = {str(name): each for name, each in value[by].items() if name != "else"}
        otherwise = {"otherwise": value[by]["else"]} if "else" in value[by] else {}
        extra = {name: each for name, each in value.items() if name != by}
        return {"kind": "by_trait", "trait": by.removeprefix(BY), "of": of, **otherwise, **extra}
    if "figure" in value and len(value) == 1:
        return _word(str(value["figure"]))
    return value


def _general(value: Mapping[str, Any], kind: str) -> Any:
    """Kinds that take plain metrics in words of their own, where they take any figures."""
    general = {"ratio": ("quotient", ("of", "to")), "growth": ("change", ("new", "old"))}
    if kind in general:
        other, names = general[kind]
        if any(not _plain(value[name]) for name in names if name in value):
            return {**value, "kind": other}
    if kind == "mean":
        parts = value.get("parts")
        if "weights" in value or (isinstance(parts, list) and not all(_is_ratio(part) for part in parts)):
            return {**value, "kind": "average"}
    if kind == "tally" and "worth" in value:
        return {**value, "kind": "tally_by_amount"}
    if kind == "steps" and not _plain_steps(value):
        return {**value, "kind": "stepped"}
    plain = set(value) <= PLAIN_PER_UNIT and all(_is_number(value.get(name, 1)) for name in ("each", "per"))
    if kind == "per_unit" and not plain:
        return {**value, "kind": "measured"}
    return value


ONE_BAND = (*COMPARED, "when", "points", "share")
"""What a band may say: written beside `value`, it is the only one."""


def _one_band(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """`{kind: steps, value: v, at_most: 5, points: 4}`, even without its kind, as steps of one band."""
    if value.get("kind", "steps") != "steps" or "bands" in value or not {"points", "share"} & set(value):
        return value
    band = {name: value[name] for name in ONE_BAND if name in value}
    return {"kind": "steps", **{name: each for name, each in value.items() if name not in band}, "bands": [band]}


PLAIN_BAND = frozenset(("points", *COMPARED, "or_less", "or_more", "among")) - {"equals"}
PLAIN_STEPS = frozenset(("kind", "value", "bands", "against", "better", "or_less", "or_more", "ties"))
PLAIN_PER_UNIT = frozenset(("kind", "value", "each", "per", "steps"))


def _plain_steps(value: Mapping[str, Any]) -> bool:
    """Whether the words of plain bands fit: numbers for bounds and points, the best band counts."""
    against, bands = value.get("against"), value.get("bands")
    pool = isinstance(against, Mapping) and "reading" in against
    if not set(value) <= PLAIN_STEPS or "value" not in value or not (against is None or pool):
        return False
    return not isinstance(bands, list) or all(_plain_band(band) for band in bands)


def _plain_band(band: Any) -> bool:
    if not isinstance(band, Mapping):
        return True
    numbers = all(_is_number(each) for name, each in band.items() if name in PLAIN_BAND)
    return not set(band) & {"when", "share", "equals"} and numbers


def _is_number(value: Any) -> bool:
    """Whether it can only be meant as a number; a name is a figure."""
    if isinstance(value, str) and not re.match(r"[-+.\d]", value.strip()):
        return False
    return not isinstance(value, Mapping | Figure) and not (isinstance(value, str) and DAY.fullmatch(value))


def _plain(value: Any) -> bool:
    return isinstance(value, str) and value not in _names.get().figures and _word(value)["kind"] == "metric"


def _is_ratio(part: Any) -> bool:
    if isinstance(part, Figure):
        return bool(part.kind == "ratio")
    if not isinstance(part, Mapping) or part.get("kind", "ratio") != "ratio" or set(part) & set(LIMITS):
        return False
    return all(_plain(part.get(name)) for name in ("of", "to"))


def _near(given: str, known: Mapping[str, Any]) -> str:
    near = meant(given, list(known))
    return f"，是否应为 {near}" if near else f"，声明过的有：{'、'.join(known) or '（无）'}"


def condition_spelled(value: Any) -> Any:
    """A condition as a mapping with its kind."""
    if isinstance(value, Condition) or value is None:
        return value
    if isinstance(value, bool):
        return {"kind": "always" if value else "never"}
    if isinstance(value, str):
        conditions = _names.get().conditions
        if value not in conditions:
            raise ValueError(f"条件（conditions）里没有这个名称{_near(value, conditions)}")
        return conditions[value]
    if not isinstance(value, Mapping) or "kind" in value:
        return value
    return _condition(value)


SHORT_FACTS = {"veto": "vetoed", "award": "awarded"}
"""Facts as conditions may name them, beside their own names."""


def _said(value: Any) -> Any:
    """A value as it stands in data: a month may be written as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


OF_UNITS = ("category", "group", "class", "trait")


def _condition(value: Mapping[str, Any]) -> Any:
    if "policy" in value:
        options = {name: each for name, each in value.items() if name != "policy"}
        return {"kind": "policy_condition", "policy": value["policy"], "options": options}
    for name in ("all", "any"):
        if set(value) == {name}:
            return {"kind": name, "of": value[name]}
    if set(value) == {"not"}:
        return {"kind": "not", "of": value["not"]}
    for name in (*SHORT_FACTS, *FACTS):
        if name in value and set(value) <= {name, "ago"}:
            given = value[name]
            return {
                "kind": "fact",
                "fact": SHORT_FACTS.get(name, name),
                "name": "" if given in (True, "any", "true") else str(given),
                **({"ago": value["ago"]} if "ago" in value else {}),
            }
    for name in OF_UNITS:
        if name in value and not set(value) & set(COMPARED):
            given = value[name] if name != "trait" else value.get("is")
            trait = name if name != "trait" else value[name]
            return {
                "kind": "of_trait",
                "trait": trait,
                "among": [_said(each) for each in (given if isinstance(given, list) else [given])],
            }
    return {"kind": "compared", **value}
