"""Numbers that are no fractions: logarithms, roots, the normal distribution; as narrow as a question asks.

A `Real` is a sum of products of such numbers with exact coefficients. What cancels is gone, and a root or a ratio of
logarithms that is a fraction becomes one, so equal constructions are equal without any digits. Otherwise a comparison
or a rounding narrows an enclosure until it is decided. What `MOST_DIGITS` digits do not separate is taken for equal and
told to whoever listens (`undecided`): never chosen silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any, Final, Literal, TypeVar

from kaohe.rules.enclosures import Atom, Monomial, Terms, enclosure

FIRST_DIGITS: Final = 25
MOST_DIGITS: Final = 400

Rounding = Literal["half_up", "half_even", "half_down", "half_ceil", "half_floor", "floor", "ceil", "truncate", "away"]
"""Halves away from 0, to the even, towards 0, up, down; or all down, up, towards 0, away from it."""

_listening: ContextVar[list[Real] | None] = ContextVar("undecided", default=None)


class undecided:  # noqa: N801 - a context manager is called like a function
    """The differences that no digits told from 0 while this was open; `then` is called where there were any."""

    __slots__ = ("_found", "_then", "_token")

    def __init__(self, then: Callable[[], object] | None = None) -> None:
        self._then = then

    def __enter__(self) -> list[Real]:
        self._found: list[Real] = []
        self._token = _listening.set(self._found)
        return self._found

    def __exit__(self, failed: object, *_: object) -> None:
        _listening.reset(self._token)
        if self._found and self._then is not None and failed is None:
            self._then()


class Real:
    """A number that is no fraction; made by `ln`, `power`, `normal` and arithmetic on them."""

    __slots__ = ("_ends", "terms")

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._ends: tuple[int, Fraction, Fraction] | None = None

    def __repr__(self) -> str:
        return f"Real({float(self)})"

    def __hash__(self) -> int:
        return hash(self.terms)

    def __add__(self, other: Any) -> Any:
        return _sum(self, other) if _is_number(other) else NotImplemented

    def __sub__(self, other: Any) -> Any:
        return _sum(self, -other) if _is_number(other) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return _sum(-self, other) if _is_number(other) else NotImplemented

    def __mul__(self, other: Any) -> Any:
        return _product(self, other) if _is_number(other) else NotImplemented

    def __truediv__(self, other: Any) -> Any:
        return _quotient(self, other) if _is_number(other) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        return _quotient(other, self) if _is_number(other) else NotImplemented

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Real:
        return Real(tuple((monomial, -times) for monomial, times in self.terms))

    def __pos__(self) -> Real:
        return self

    def __abs__(self) -> Any:
        return -self if sign(self) < 0 else self

    def __eq__(self, other: object) -> bool:
        return sign(self - other) == 0 if _is_number(other) else NotImplemented

    def __lt__(self, other: Any) -> bool:
        return sign(self - other) < 0 if _is_number(other) else NotImplemented

    def __le__(self, other: Any) -> bool:
        return sign(self - other) <= 0 if _is_number(other) else NotImplemented

    def __gt__(self, other: Any) -> bool:
        return sign(self - other) > 0 if _is_number(other) else NotImplemented

    def __ge__(self, other: Any) -> bool:
        return sign(self - other) >= 0 if _is_number(other) else NotImplemented

    def __bool__(self) -> bool:
        return sign(self) != 0

    def __float__(self) -> float:
        """The nearest double."""
        return narrowed(self, lambda low, high: float(low) if float(low) == float(high) else None, float)

    def near(self) -> Fraction:
        """A fraction that differs in no digit anybody writes."""
        low, high = self.ends(2 * FIRST_DIGITS)
        return (low + high) / 2

    def ends(self, digits: int) -> tuple[Fraction, Fraction]:
        """Two fractions it lies between, about `digits` digits apart."""
        if self._ends is None or self._ends[0] < digits:
            self._ends = (digits, *enclosure(self.terms, digits))
        return self._ends[1:]


Number = int | Fraction | Real
T = TypeVar("T")


def _is_number(value: object) -> bool:
    return isinstance(value, int | Fraction | Real) and not isinstance(value, bool)


def sign(value: Number) -> int:
    """-1, 0 or 1; 0 for what no digits tell from 0, which is noted."""
    if isinstance(value, Real):
        return narrowed(value, lambda low, high: 1 if low > 0 else -1 if high < 0 else None, lambda _: 0)
    return (value > 0) - (value < 0)


def narrowed(value: Real, decide: Callable[[Fraction, Fraction], T | None], otherwise: Callable[[Fraction], T]) -> T:
    """What an enclosure decides, narrow enough; where none does, `otherwise` of its middle, and that is noted."""
    digits = FIRST_DIGITS
    while True:
        low, high = value.ends(digits)
        found = decide(low, high)
        if found is not None:
            return found
        if digits >= MOST_DIGITS:
            noted = _listening.get()
            if noted is not None:
                noted.append(value)
            return otherwise((low + high) / 2)
        digits = min(2 * digits, MOST_DIGITS)


def ln(value: Number) -> Number:
    """The natural logarithm; ValueError unless the value is above 0. `ln(8)` is three times `ln(2)`."""
    if sign(value) <= 0:
        raise ValueError("a logarithm of what is not above 0")
    if isinstance(value, Real):
        return _atom("lnsum", value.terms)
    value = Fraction(value)
    if value == 1:
        return Fraction(0)
    base, times = primitive(max(value, 1 / value))
    return _product(_atom("ln", base), times if value > 1 else -times)


def power(value: Number, to: Fraction | int) -> Number:
    """`value ** to` for an exact exponent; a fraction where it is one, as of 0.512 to a third, which is 4/5.

    ValueError for a root of what is below 0, ZeroDivisionError for 0 to a power below 0.
    """
    to = Fraction(to)
    if to.denominator == 1:
        return _whole_power(value, int(to))
    if sign(value) < 0:
        raise ValueError("a root of what is below 0")
    if sign(value) == 0:
        if to < 0:
            raise ZeroDivisionError("0 to a power below 0")
        return Fraction(0)
    if not isinstance(value, Real):
        return _root(Fraction(value), to)
    if len(value.terms) == 1 and value.terms[0][1] > 0 and all(_is_positive(atom) for atom, _ in value.terms[0][0]):
        ((monomial, times),) = value.terms
        made: Number = _root(times, to)
        for atom, exponent in monomial:
            made = _product(made, _of_atom(atom, exponent * to))
        return made
    first = abs(value.terms[0][1])
    inside = _product(value, 1 / first)
    assert isinstance(inside, Real)
    return _product(_root(first, to), _of_atom(("sum", inside.terms), to))


def normal(value: Number) -> Number:
    """The share of a standard normal distribution that lies below the value."""
    if sign(value) == 0:
        return Fraction(1, 2)
    if sign(value) < 0:
        return Fraction(1) - normal(-value)
    return _atom("normal", value.terms if isinstance(value, Real) else (((), Fraction(value)),))


def rounded(value: Number, to: Fraction, how: Rounding = "half_up") -> Fraction:
    """The nearest multiple of `to`, halves as `how` says; or the one below, above, nearer to 0 or farther from it."""
    if how in ("truncate", "away", "half_down", "half_up"):
        toward, away = ("floor", "ceil") if how in ("truncate", "away") else ("half_floor", "half_ceil")
        how = toward if (sign(value) >= 0) == (how in ("truncate", "half_down")) else away  # type: ignore[assignment]
    steps = _product(value, 1 / to)
    if how == "ceil":
        return -_floor(-steps) * to
    if how == "floor":
        return _floor(steps) * to
    nearest = _floor(_sum(steps, Fraction(1, 2)))
    down = how == "half_floor" or (how == "half_even" and nearest % 2)
    if down and sign(_sum(steps, Fraction(1, 2) - nearest)) == 0:
        nearest -= 1
    return nearest * to


def _floor(value: Number) -> int:
    if not isinstance(value, Real):
        return floor(value)
    return narrowed(
        value, lambda low, high: floor(low) if floor(low) == floor(high) else None, lambda near: round(near)
    )


@cache
def primitive(value: Fraction) -> tuple[Fraction, int]:
    """`value` above 1 as the power of a base that is itself no power: `primitive(8) == (2, 3)`."""
    times, top, bottom = 1, value.numerator, value.denominator
    for prime in _primes(top.bit_length()):
        while (roots := (_whole_root(top, prime), _whole_root(bottom, prime))) and None not in roots:
            top, bottom = (root for root in roots if root is not None)
            times *= prime
    return Fraction(top, bottom), times


def _primes(most: int) -> Iterator[int]:
    return (number for number in range(2, most + 1) if all(number % other for other in range(2, number)))


def _whole_root(value: int, of: int) -> int | None:
    """The whole number whose power it is, if there is one."""
    if value < 2:
        return value
    low, high = 1, 1 << -(-value.bit_length() // of)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**of <= value else (low, middle - 1)
    return low if low**of == value else None


def _root(value: Fraction, to: Fraction) -> Number:
    """A positive fraction to a power: what is whole of it comes out."""
    if value == 1:
        return Fraction(1)
    base, times = primitive(max(value, 1 / value))
    to *= times if value > 1 else -times
    return _of_atom(("root", base), to)


def _of_atom(atom: Atom, exponent: Fraction) -> Number:
    """An atom to a power; the whole part of a root's exponent is a fraction again."""
    kind, inside = atom
    if kind == "root":
        whole = floor(exponent)
        rest = exponent - whole
        return inside**whole if rest == 0 else Real(((((atom, rest),), inside**whole),))
    if exponent == 0:
        return Fraction(1)
    if kind == "sum" and exponent.denominator == 1 and exponent > 0:
        return _whole_power(Real(inside), int(exponent))
    return Real(((((atom, exponent),), Fraction(1)),))


def _atom(kind: str, inside: Any) -> Real:
    return Real((((((kind, inside), Fraction(1)),), Fraction(1)),))


def _is_positive(atom: Atom) -> bool:
    return atom[0] != "lnsum"


def _whole_power(value: Number, to: int) -> Number:
    if not isinstance(value, Real):
        return Fraction(value) ** to
    if to < 0:
        return _quotient(Fraction(1), _whole_power(value, -to))
    made: Number = Fraction(1)
    for _ in range(to):
        made = _product(made, value)
    return made


def _terms(value: Number) -> Terms:
    if isinstance(value, Real):
        return value.terms
    return (((), Fraction(value)),) if value else ()


def _made(found: dict[Monomial, Fraction]) -> Number:
    """A fraction where nothing else is left."""
    kept = {monomial: times for monomial, times in found.items() if times}
    if not set(kept) - {()}:
        return kept.get((), Fraction(0))
    return Real(tuple(sorted(kept.items(), key=lambda term: repr(term[0]))))


def _sum(one: Number, other: Number) -> Number:
    found: dict[Monomial, Fraction] = {}
    for monomial, times in (*_terms(one), *_terms(other)):
        found[monomial] = found.get(monomial, Fraction(0)) + times
    return _made(found)


def _product(one: Number, other: Number) -> Number:
    found: dict[Monomial, Fraction] = {}
    opened: Number = Fraction(0)
    for left, times in _terms(one):
        for right, more in _terms(other):
            monomial, factor, inside = _joined(left, right)
            if inside is None:
                found[monomial] = found.get(monomial, Fraction(0)) + times * more * factor
            else:
                opened = _sum(opened, _product(_made({monomial: times * more * factor}), inside))
    return _sum(_made(found), opened)


def _joined(left: Monomial, right: Monomial) -> tuple[Monomial, Fraction, Number | None]:
    """The product of two monomials, the fraction that comes out of their roots, and a sum that comes out of its."""
    exponents: dict[Atom, Fraction] = {}
    for atom, exponent in (*left, *right):
        exponents[atom] = exponents.get(atom, Fraction(0)) + exponent
    factor, inside = Fraction(1), None
    for atom, exponent in list(exponents.items()):
        kind, of = atom
        if kind == "root":
            whole = floor(exponent)
            factor *= of**whole
            exponents[atom] = exponent - whole
        elif kind == "sum" and exponent >= 1:
            whole = floor(exponent)
            inside = _product(inside if inside is not None else Fraction(1), _whole_power(Real(of), whole))
            exponents[atom] = exponent - whole
    kept = tuple(sorted(((atom, each) for atom, each in exponents.items() if each), key=repr))
    return kept, factor, inside


def _quotient(one: Number, other: Number) -> Number:
    if sign(other) == 0:
        raise ZeroDivisionError("division by 0")
    if not isinstance(other, Real):
        return _product(one, 1 / Fraction(other))
    whole = _proportion(_terms(one), other.terms)
    if whole is not None:
        return whole
    if len(other.terms) == 1:
        ((monomial, times),) = other.terms
        inverse: Number = 1 / times
        for atom, exponent in monomial:
            inverse = _product(inverse, _of_atom(atom, -exponent))
        return _product(one, inverse)
    first = other.terms[0][1]
    inside = _product(other, 1 / first)
    assert isinstance(inside, Real)
    return _product(_product(one, 1 / first), _of_atom(("sum", inside.terms), Fraction(-1)))


def _proportion(one: Terms, other: Terms) -> Fraction | None:
    """How many times the other it is, where the two differ by a factor alone."""
    if len(one) != len(other) or any(left[0] != right[0] for left, right in zip(one, other, strict=True)):
        return None
    ratios = {left[1] / right[1] for left, right in zip(one, other, strict=True)}
    return ratios.pop() if len(ratios) == 1 else None
