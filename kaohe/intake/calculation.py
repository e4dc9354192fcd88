"""The formulas of a workbook done again from its own cells: exact, and held against the results that were saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaohe.intake.arithmetic import COMPARE, OF_MANY, NoResultError, Value, compare, digits, value_of
from kaohe.intake.cells import LARGEST, Cell
from kaohe.intake.formula import (
    Between,
    Call,
    Formula,
    Hundredth,
    Negative,
    Node,
    Nothing,
    NotUnderstoodError,
    Number,
    Reference,
    Text,
    Truth,
)

MOST_VISITS = 3_000_000
"""Cells looked at in all of a workbook; its formulas reach over some thousands each."""
LARGEST_BITS = 4_000
_UNIT = Fraction(1, 2**52)
"""How far a program that calculates in doubles may be off in one step, of the largest number in it."""

Place = tuple[str, int, int]
"""Sheet (in small letters), row and column from 1."""


@dataclass(frozen=True)
class Written:
    """A formula of a cell, and how far from there it was written: those of a column share one."""

    formula: Formula
    text: str
    down: int = 0
    right: int = 0


@dataclass(frozen=True)
class Outcome:
    """What a formula gives. `is_known`: it was done again, from `is_sure` cells if no other formula had to be believed.

    `fails`: Excel would show an error; `slack`: how far a program that calculates in doubles may be off.
    """

    is_known: bool = False
    value: Value = None
    slack: Fraction = Fraction(0)
    fails: bool = False
    is_sure: bool = False
    is_volatile: bool = False

    def agrees(self, saved: Value) -> bool:
        """Whether the saved result is this one, at the digits that Excel keeps."""
        if self.fails:
            return False
        mine = Fraction(0) if self.value is None else self.value
        if isinstance(mine, Fraction) and isinstance(saved, Fraction):
            return abs(mine - saved) <= self.slack or digits(mine) == digits(saved)
        return type(mine) is type(saved) and mine == saved


@dataclass
class Cells:
    """One sheet as its formulas see it; columns of `values` count from 0."""

    values: Mapping[int, Mapping[int, Cell]]
    formulas: Mapping[tuple[int, int], Written]


class Calculation:
    """Does formulas again, each after those that it refers to."""

    def __init__(self, sheets: Mapping[str, Cells]) -> None:
        self.sheets = {name.casefold(): cells for name, cells in sheets.items()}
        self.done: dict[Place, Outcome] = {}
        self.visits = 0
        self._columns: dict[str, dict[int, list[int]]] = {}

    def outcome(self, sheet: str, row: int, column: int) -> Outcome:
        """Of the formula in a cell; of a sheet that is not among those looked at nothing is known."""
        place = (sheet.casefold(), row, column)
        self._settle([place])
        return self.done.get(place, Outcome())

    def _settle(self, places: list[Place]) -> None:
        """With a stack of its own: formulas may stand on thousands of others."""
        waiting = list(places)
        begun: dict[Place, list[Place]] = {}
        while waiting:
            place = waiting[-1]
            written = self.written(place)
            if place in self.done or written is None:
                waiting.pop()
            elif place in begun:
                self.done[place] = self._outcome(place[0], written, begun[place])
                waiting.pop()
            else:
                begun[place] = self._before(written, place[0])
                # One that is begun already stands in a circle: it is not known when this one is done.
                waiting += [each for each in begun[place] if each not in self.done and each not in begun]

    def evaluated(self, sheet: str, written: Written) -> Outcome:
        """Of a formula that stands in no cell, as a condition does."""
        before = self._before(written, sheet.casefold())
        self._settle(before)
        return self._outcome(sheet.casefold(), written, before)

    def is_exhausted(self) -> bool:
        """Whether the formulas reach over more cells than are looked at; the rest of them are not known."""
        return self.visits > MOST_VISITS

    def written(self, place: Place) -> Written | None:
        cells = self.sheets.get(place[0])
        return cells.formulas.get(place[1:]) if cells else None

    def value(self, place: Place) -> Value:
        """What a cell holds, without regard to formulas; NotUnderstoodError where it is no number, text or truth."""
        cells = self.sheets.get(place[0])
        if cells is None:
            raise NotUnderstoodError
        found = cells.values.get(place[1], {}).get(place[2] - 1)
        if found is None and place[1:] in cells.formulas:
            return ""
        return value_of(found)

    def _before(self, written: Written, sheet: str) -> list[Place]:
        """Formulas to which this one refers."""
        cells = (each for reference in written.formula.references for each in self.places(reference, written, sheet))
        return [each for each in cells if self.written(each)]

    def places(self, reference: Reference, written: Written, sheet: str) -> Iterator[Place]:
        """The cells of an area that hold something, and none of a sheet that was not read."""
        name = reference.sheet.casefold() or sheet
        top, bottom, left, right = reference.area(written.down, written.right)
        cells = self.sheets.get(name)
        if cells is None:
            return
        if (top, left) == (bottom, right):
            yield name, top, left
            return
        filled = self._filled(name)
        rows = range(top, bottom + 1) if bottom - top < len(filled) else filled
        for row in rows:
            if self.is_exhausted():
                return
            self.visits += 1
            if top <= row <= bottom and row in filled:
                self.visits += len(filled[row])
                yield from ((name, row, column) for column in filled[row] if left <= column <= right)

    def _filled(self, sheet: str) -> dict[int, list[int]]:
        """The columns of each row's cells, those whose formula gives nothing to see included."""
        if sheet not in self._columns:
            cells = self.sheets[sheet]
            found = {row: [at + 1 for at in line] for row, line in cells.values.items()}
            for row, column in cells.formulas:
                if column - 1 not in cells.values.get(row, {}):
                    found.setdefault(row, []).append(column)
            self._columns[sheet] = found
        return self._columns[sheet]

    def _outcome(self, sheet: str, written: Written, before: list[Place]) -> Outcome:
        is_volatile = written.formula.is_volatile or any(
            each in self.done and self.done[each].is_volatile for each in before
        )
        if written.formula.tree is None or is_volatile or self.is_exhausted():
            return Outcome(is_volatile=is_volatile)
        evaluation = _Evaluation(self, written, sheet)
        try:
            value = evaluation.scalar(written.formula.tree)
        except (NotUnderstoodError, RecursionError):  # thousands of terms in one formula
            return Outcome()
        except NoResultError:
            return Outcome(is_known=True, fails=True, is_sure=evaluation.is_sure)
        # An area may have been cut short.
        if self.is_exhausted() or (isinstance(value, Fraction) and abs(value) > LARGEST):
            return Outcome()
        return Outcome(True, value, evaluation.slack, is_sure=evaluation.is_sure)


class _Evaluation:
    """Of one formula; `is_sure` until a formula is met that could not be done again."""

    def __init__(self, book: Calculation, written: Written, sheet: str) -> None:
        self.book, self.written, self.sheet = book, written, sheet
        self.is_sure = True
        self._is_whole = True
        self._steps = 1
        self._scale = Fraction(0)
        self._more = Fraction(0)

    @property
    def slack(self) -> Fraction:
        return self._scale * self._steps * _UNIT + self._more

    def scalar(self, node: Node) -> Value:
        match node:
            case Number(value):
                return self._seen(value)
            case Text(value) | Truth(value):
                return value
            case Nothing():
                return None
            case Reference():
                return self._one(node)
            case Negative(of):
                return -self.number(of)
            case Hundredth(of):
                return self.number(of) / 100
            case Between(sign, left, right):
                return self._between(sign, left, right)
            case Call(name, arguments):
                return self._call(name, arguments)

    def number(self, node: Node) -> Fraction:
        value = self.scalar(node)
        if isinstance(value, str):  # Excel may make a number of it, or an error
            raise NotUnderstoodError
        return Fraction(value or 0)

    def _seen(self, value: Fraction) -> Fraction:
        """Every number counts in how far off doubles may be."""
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > LARGEST_BITS:
            raise NotUnderstoodError
        self._steps += 1
        self._scale = max(self._scale, abs(value))
        self._is_whole &= value.denominator == 1
        return value

    def _one(self, reference: Reference) -> Value:
        top, bottom, left, right = reference.area(self.written.down, self.written.right)
        if (top, left) != (bottom, right) or top < 1 or left < 1:
            raise NotUnderstoodError
        return self._held((reference.sheet.casefold() or self.sheet, top, left))

    def _held(self, place: Place) -> Value:
        """A cell's value: of a formula the one that it has now, where that can be known."""
        if self.book.written(place):
            outcome = self.book.done.get(place)
            if outcome is None:  # a circle
                raise NotUnderstoodError
            if outcome.fails:
                raise NoResultError
            self.is_sure &= outcome.is_sure
            self._more += outcome.slack
            value = outcome.value if outcome.is_known else self.book.value(place)
        else:
            value = self.book.value(place)
        return self._seen(value) if isinstance(value, Fraction) else value

    def _between(self, sign: str, left: Node, right: Node) -> Value:
        if sign in COMPARE:
            return self._compared(sign, left, right)
        if sign == "&":
            return self._letters(left) + self._letters(right)
        one, other = self.number(left), self.number(right)
        match sign:
            case "+":
                return self._seen(one + other)
            case "-":
                return self._seen(one - other)
            case "*":
                return self._seen(one * other)
            case "/":
                if other == 0:
                    raise NoResultError
                return self._seen(one / other)
        return self._seen(self._power(one, other))

    def _power(self, base: Fraction, exponent: Fraction) -> Fraction:
        if exponent.denominator != 1 or abs(exponent) > 64 or base == 0:
            raise NotUnderstoodError
        return Fraction(base**exponent.numerator)

    def _letters(self, node: Node) -> str:
        value = self.scalar(node)
        if isinstance(value, Fraction) and value.denominator == 1 and abs(value) < 10**11:
            return str(value.numerator)
        if isinstance(value, str) or value is None:
            return value or ""
        raise NotUnderstoodError

    def _compared(self, sign: str, left: Node, right: Node) -> bool:
        one, other = self.scalar(left), self.scalar(right)
        is_plain = all(isinstance(each, Number | Text | Reference | Negative) for each in (left, right))
        is_exact = self._is_whole or (is_plain and not self._more)
        if isinstance(one, Fraction) and isinstance(other, Fraction) and not is_exact:
            self._must_differ(one, other)
        return compare(sign, one, other)

    def _must_differ(self, one: Fraction, other: Fraction) -> None:
        if abs(one - other) <= self.slack:  # doubles may fall on either side
            raise NotUnderstoodError

    def _call(self, name: str, arguments: tuple[Node, ...]) -> Value:
        match name, len(arguments):
            case ("IF", 2 | 3):
                return self._if(*arguments)
            case ("IFERROR", 2):
                try:
                    return self.scalar(arguments[0])
                except NoResultError:
                    return self.scalar(arguments[1])
            case ("AND" | "OR", count) if count:
                answers = [self._is_true(each) for each in arguments]
                return all(answers) if name == "AND" else any(answers)
            case ("NOT", 1):
                return not self._is_true(arguments[0])
            case ("ROUND" | "ROUNDUP" | "ROUNDDOWN", 2):
                return self._rounded(name, self.number(arguments[0]), self.number(arguments[1]))
            case ("INT", 1):
                return self._rounded("INT", self.number(arguments[0]), Fraction(0))
            case ("ABS", 1):
                return abs(self.number(arguments[0]))
        if name not in OF_MANY or not arguments:
            raise NotUnderstoodError
        return self._seen(OF_MANY[name]([each for node in arguments for each in self._numbers(node)]))

    def _if(self, condition: Node, then: Node, otherwise: Node | None = None) -> Value:
        if self._is_true(condition):
            return self.scalar(then)
        return self.scalar(otherwise) if otherwise is not None else False

    def _is_true(self, node: Node) -> bool:
        return self.number(node) != 0

    def _numbers(self, node: Node) -> Iterator[Fraction]:
        """Of an area its numbers; truths and texts in it do not count."""
        if not isinstance(node, Reference):
            yield self.number(node)
            return
        if (node.sheet or self.sheet).casefold() not in self.book.sheets:
            raise NotUnderstoodError
        for place in self.book.places(node, self.written, self.sheet):
            value = self._held(place)
            if isinstance(value, Fraction):
                yield value

    def _rounded(self, how: str, value: Fraction, digits: Fraction) -> Fraction:
        if digits.denominator != 1 or abs(digits) > 15:
            raise NotUnderstoodError
        step = Fraction(10) ** -digits.numerator
        count = abs(value) / step
        whole = count.numerator // count.denominator
        rest = count - whole
        # Where doubles calculated before, they may lie on the other side of what decides.
        decides = Fraction(1, 2) if how == "ROUND" else Fraction(round(rest))
        if abs(rest - decides) * step <= self.slack and not self._is_whole and self._steps > 3:
            self._more += step
        if how == "INT" and value < 0:
            whole += rest > 0
        elif how == "ROUND":
            whole += rest >= Fraction(1, 2)
        elif how == "ROUNDUP":
            whole += rest > 0
        return self._seen((-1 if value < 0 else 1) * whole * step)
