"""Between which fractions a number that is none lies: its terms worked out to so many digits."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import cache
from typing import Any

Exponent = Fraction
Atom = tuple[str, Any]
"""`("root", 2)`, `("ln", 3/2)`, `("sum", terms)` (a Real that is a factor), `("normal", terms)`: all positive but ln's
argument above 1 makes it so, too."""
Monomial = tuple[tuple[Atom, Exponent], ...]
Terms = tuple[tuple[Monomial, Fraction], ...]


def enclosure(terms: Terms, digits: int) -> tuple[Fraction, Fraction]:
    """Two fractions that the sum of the terms lies between, the closer the more digits."""
    low, high = Fraction(0), Fraction(0)
    for monomial, times in terms:
        ends = times, times
        for atom, exponent in monomial:
            ends = _between_products(ends, _atom_ends(atom, exponent, digits))
        low, high = low + ends[0], high + ends[1]
    return _shortened(low, high, digits)


def _shortened(low: Fraction, high: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    """The same, a little wider, in numbers of about that many digits: exact ones would grow without end."""
    down, up = _contexts(digits + 10)
    return Fraction(_decimal(low, down)), Fraction(_decimal(high, up))


def _between_products(one: tuple[Fraction, Fraction], other: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    found = [left * right for left in one for right in other]
    return min(found), max(found)


@cache
def _atom_ends(atom: Atom, exponent: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    kind, inside = atom
    if kind == "ln":
        ends = _ln_ends(inside, inside, digits)
    elif kind == "root":
        ends = inside, inside
    else:
        ends = enclosure(inside, digits)
        if kind == "lnsum":
            ends = _ln_ends(*ends, digits)
        elif kind == "normal":
            ends = _normal_below(ends[0], digits)[0], _normal_below(ends[1], digits)[1]
    return ends if exponent == 1 else _power_ends(ends, exponent, digits)


def _power_ends(ends: tuple[Fraction, Fraction], exponent: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    low, high = ends
    if exponent.denominator == 1:
        if low <= 0 <= high:
            raise ArithmeticError("an enclosure that holds 0 has no inverse")
        found = sorted((low**exponent.numerator, high**exponent.numerator))
        return _shortened(found[0], found[1], digits)
    logs = _ln_ends(low, high, digits + 10)
    low, high = sorted((logs[0] * exponent, logs[1] * exponent))
    down, up = _contexts(digits + 10)
    return (
        Fraction(down.next_minus(down.exp(_decimal(low, down)))),
        Fraction(up.next_plus(up.exp(_decimal(high, up)))),
    )


def _ln_ends(low: Fraction, high: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    """`decimal` rounds a logarithm rightly to its last digit; one more to either side encloses it."""
    down, up = _contexts(digits + 10)
    return (
        Fraction(down.next_minus(down.ln(_decimal(low, down)))),
        Fraction(up.next_plus(up.ln(_decimal(high, up)))),
    )


def _normal_below(value: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    """The share below a value above 0: 1/2 + φ(x)(x + x³/3 + x⁵/15 + …); the terms left out are each below half of the
    one before."""
    square, term, total, number = value * value, value, value, 1
    least = Fraction(1, 10 ** (digits + 10))
    while term > least or 2 * square > number:
        number += 2
        term = _shortened(term * square / number, term, digits + 20)[0]
        total += term
    error = 2 * term + least * number
    half = _ends_of_density(square, digits)
    low, high = half[0] * (total - least * number), half[1] * (total + error)
    return _shortened(Fraction(1, 2) + low, min(Fraction(1), Fraction(1, 2) + high), digits)


def _ends_of_density(square: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    """`exp(-x²/2) / √(2π)`."""
    down, up = _contexts(digits + 20)
    low = Fraction(down.next_minus(down.exp(_decimal(-square / 2, down))))
    high = Fraction(up.next_plus(up.exp(_decimal(-square / 2, up))))
    least, most = _power_ends(_two_pi(digits + 20), Fraction(-1, 2), digits + 20)
    return low * least, high * most


@cache
def _two_pi(digits: int) -> tuple[Fraction, Fraction]:
    """By Machin: π/4 = 4 arctan(1/5) − arctan(1/239), each between two partial sums."""
    (low5, high5), (low239, high239) = _arctan_of_inverse(5, digits), _arctan_of_inverse(239, digits)
    return 8 * (4 * low5 - high239), 8 * (4 * high5 - low239)


def _arctan_of_inverse(of: int, digits: int) -> tuple[Fraction, Fraction]:
    total, number = Fraction(0), 0
    while True:
        term = Fraction((-1) ** number, (2 * number + 1) * of ** (2 * number + 1))
        total += term
        number += 1
        if abs(term) < Fraction(1, 10 ** (digits + 5)):
            return min(total, total - term), max(total, total - term)


def _decimal(value: Fraction, context: Context) -> Decimal:
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))


@cache
def _contexts(digits: int) -> tuple[Context, Context]:
    """Downwards and upwards; no exponent is too large."""
    down, up = (Context(digits, rounding, Emin=-(10**9), Emax=10**9) for rounding in (ROUND_FLOOR, ROUND_CEILING))
    return down, up
