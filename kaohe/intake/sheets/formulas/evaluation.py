"""One formula done again: its signs, and the functions that look at their arguments one by one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaohe.intake.sheets.cells import is_figure
from kaohe.intake.sheets.formulas.areas import OF_AREAS, takes
from kaohe.intake.sheets.formulas.arithmetic import (
    COMPARE,
    OF_MANY,
    NoResultError,
    NotFoundError,
    Value,
    compare,
    number_of,
)
from kaohe.intake.sheets.formulas.blocks import Block, of_constants
from kaohe.intake.sheets.formulas.contents import Contents, NotYetError, Place, Written
from kaohe.intake.sheets.formulas.formula import (
    Between,
    Call,
    Constant,
    Hundredth,
    Name,
    Negative,
    Node,
    Nothing,
    NotUnderstoodError,
    Part,
    Reference,
    Rows,
)
from kaohe.intake.sheets.formulas.functions import OF_VALUES, STEPWISE, letters
from kaohe.intake.sheets.formulas.moving import MOVING, reached
from kaohe.intake.sheets.formulas.shapes import Shape, broadcast, picks_several, shape_of

LARGEST_BITS = 4_000
MOST_PIECES = 100_000
"""Of an area that is calculated with piece by piece."""
_UNIT = Fraction(1, 2**52)
"""How far a program that calculates in doubles may be off in one step, of the largest number in it."""


class Evaluation:
    """Of one formula; `is_sure` until a formula is met that could not be done again.

    `overlooks`: numbers that are kept as texts did not count where numbers do, or were found unlike them.
    """

    def __init__(self, book: Contents, written: Written, sheet: str) -> None:
        self.book, self.written, self.sheet = book, written, sheet
        self.is_sure = True
        self.is_volatile = self.overlooks = False
        self._is_whole = True
        self._steps = 1
        self._scale = Fraction(0)
        self._more = Fraction(0)
        self._piece: Shape | None = None
        self._by_pieces = written.piece is not None

    @property
    def slack(self) -> Fraction:
        exact = self._is_whole and self._scale < 2**53
        return self._more if exact else self._scale * self._steps * _UNIT + self._more

    def whole(self, tree: Node) -> Value:
        """What the cell shows: the one result, or its piece of several."""
        if self.written.piece is None:
            return self.scalar(tree)
        rows, columns = shape_of(self, tree)
        row, column = self.written.piece
        if (row >= rows > 1) or (column >= columns > 1):
            raise NotUnderstoodError
        return self._at(self.written.piece, tree)

    def scalar(self, node: Node) -> Value:
        self.book.visits += 1  # names may stand for names, over and over
        if self.book.is_exhausted():
            raise NotUnderstoodError
        match node:
            case Constant(value):
                return self._result(value)
            case Nothing():
                return None
            case Name() | Part():
                return self.scalar(self.meant(node))
            case Reference():
                return self._one(node)
            case Rows(rows):
                if self._piece is None and (len(rows), len(rows[0])) != (1, 1):
                    raise NotUnderstoodError
                row, column = self._piece or (0, 0)
                return self.scalar(broadcast(broadcast(rows, row), column))
            case Negative(of):
                return -self.number(of)
            case Hundredth(of):
                return self.number(of) / 100
            case Between(sign, left, right):
                return self._between(sign, left, right)
            case Call(name) if name in MOVING:
                return self.scalar(self.meant(node))
            case Call(name, arguments):
                return self._call(name, arguments)

    def number(self, node: Node) -> Fraction:
        return number_of(self.scalar(node))

    def meant(self, node: Node) -> Node:
        """What a name stands for, and the cells that `OFFSET` reaches; anything else as it is."""
        if isinstance(node, Call) and node.name in MOVING:
            return reached(self, node)
        return self.book.names.meant(node, self.sheet, self.written.row) if isinstance(node, Name | Part) else node

    def seen(self, value: Fraction) -> Fraction:
        """Every number counts in how far off doubles may be."""
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > LARGEST_BITS:
            raise NotUnderstoodError
        self._steps += 1
        self._scale = max(self._scale, abs(value))
        self._is_whole &= value.denominator == 1
        return value

    def overlook(self, value: Value) -> None:
        """A value of which no number was made."""
        self.overlooks |= isinstance(value, str) and is_figure(value)

    def _one(self, reference: Reference) -> Value:
        top, bottom, left, right = reference.area(self.written.down, self.written.right)
        if reference.until or top < 1 or left < 1:
            raise NotUnderstoodError
        row, column = top, left
        if (top, left) != (bottom, right):
            row, column = self._of_several(top, bottom, left, right)
        return self.held((reference.sheet.casefold() or self.sheet, row, column))

    def _of_several(self, top: int, bottom: int, left: int, right: int) -> Shape:
        """The piece that it is the turn of; otherwise the cell of a row or column beside which the formula stands."""
        if self._piece is not None:
            row = top + self._piece[0] if bottom > top else top
            column = left + self._piece[1] if right > left else left
        elif self._by_pieces:
            raise NotUnderstoodError
        else:
            row = self.written.row if bottom > top else top
            column = self.written.column if right > left else left
        if not (top <= row <= bottom and left <= column <= right):
            raise NotUnderstoodError
        return row, column

    def held(self, place: Place) -> Value:
        """A cell's value: of a formula the one that it has now, where that can be known."""
        if self.book.written(place):
            outcome = self.book.done.get(place)
            if outcome is None:
                raise NotYetError(place)
            if outcome.fails:
                raise NoResultError
            self.is_sure &= outcome.is_sure
            self.is_volatile |= outcome.is_volatile
            self.overlooks |= outcome.overlooks
            self._more += outcome.slack
            value = outcome.value if outcome.is_known else self.book.value(place)
        else:
            value = self.book.value(place)
        return self._result(value)

    def block(self, node: Node) -> Block:
        """An area whose cells are looked at one by one."""
        node = self.meant(node)
        if isinstance(node, Rows):
            return of_constants([[self.scalar(each) for each in row] for row in node.rows])
        if not isinstance(node, Reference) or node.until:
            raise NotUnderstoodError
        sheet = self.known(node)

        def places(bounds: tuple[int, int, int, int]) -> list[tuple[int, int]]:
            top, bottom, left, right = bounds
            area = Reference(sheet, (left, True, top, True), (right, True, bottom, True))
            return [(row, column) for _, row, column in self._places(area)]

        return Block(node.area(self.written.down, self.written.right), places, lambda spot: self.held((sheet, *spot)))

    def _places(self, reference: Reference) -> list[Place]:
        found = list(self.book.places(reference, self.written, self.sheet))
        if self.book.is_exhausted():
            raise NotUnderstoodError
        return found

    def known(self, reference: Reference) -> str:
        """The sheet in which an area lies, all of which must have been read."""
        through = self.book.names.through(reference)
        if not through or any((each.sheet or self.sheet).casefold() not in self.book.sheets for each in through):
            raise NotUnderstoodError
        return (reference.sheet or self.sheet).casefold()

    def is_filtered(self, node: Node) -> bool:
        """Whether rows of the area are hidden, or other subtotals stand in it."""
        node = self.meant(node)
        if not isinstance(node, Reference) or node.until:
            raise NotUnderstoodError
        cells = self.book.sheets[self.known(node)]
        formulas = [written for each in self._places(node) if (written := self.book.written(each))]
        return bool(cells.hidden_rows) or any("SUBTOTAL" in each.text.upper() for each in formulas)

    def is_exact(self, *nodes: Node) -> bool:
        """Whether doubles are none other than what is calculated here."""
        plain = all(isinstance(each, Constant | Reference | Negative | Name | Part) for each in nodes)
        return (self._is_whole or plain) and not self._more

    def must_differ(self, one: Fraction, other: Fraction) -> None:
        if abs(one - other) <= self.slack:  # doubles may fall on either side
            raise NotUnderstoodError

    def _between(self, sign: str, left: Node, right: Node) -> Value:
        if sign in COMPARE:
            return self._compared(sign, left, right)
        if sign == "&":
            return letters(self.scalar(left)) + letters(self.scalar(right))
        one, other = self.number(left), self.number(right)
        match sign:
            case "+":
                return self.seen(one + other)
            case "-":
                return self.seen(one - other)
            case "*":
                return self.seen(one * other)
            case "/":
                if other == 0:
                    raise NoResultError
                return self.seen(one / other)
        return self.seen(self._power(one, other))

    def _power(self, base: Fraction, exponent: Fraction) -> Fraction:
        if exponent.denominator != 1 or abs(exponent) > 64 or base == 0:
            raise NotUnderstoodError
        return Fraction(base**exponent.numerator)

    def _compared(self, sign: str, left: Node, right: Node) -> bool:
        one, other = self.scalar(left), self.scalar(right)
        if isinstance(one, Fraction) and isinstance(other, Fraction) and not self.is_exact(left, right):
            self.must_differ(one, other)
        if isinstance(one, Fraction) != isinstance(other, Fraction):
            self.overlook(one)
            self.overlook(other)
        return compare(sign, one, other)

    def _call(self, name: str, arguments: tuple[Node, ...]) -> Value:
        match name, len(arguments):
            case ("IF", 2 | 3):
                return self._if(*arguments)
            case ("IFS", count) if count and count % 2 == 0:
                return self._ifs(arguments)
            case ("IFERROR" | "IFNA", 2):
                try:
                    return self.scalar(arguments[0])
                except NoResultError as error:
                    if name == "IFNA" and not isinstance(error, NotFoundError):
                        raise
                    return self.scalar(arguments[1])
            case ("NA", 0):
                raise NotFoundError
            case ("NOT", 1):
                return not self._is_true(arguments[0])
            case (("ROUND" | "ROUNDUP" | "ROUNDDOWN"), 2):
                return self._rounded(name, self.number(arguments[0]), self.number(arguments[1]))
            case ("TRUNC", 1 | 2):
                places = self.number(arguments[1]) if len(arguments) > 1 else Fraction(0)
                return self._rounded("ROUNDDOWN", self.number(arguments[0]), places)
            case ("INT", 1):
                return self._rounded("INT", self.number(arguments[0]), Fraction(0))
            case ("POWER", 2):
                return self._between("^", *arguments)
            case (("AND" | "OR"), count) if count:
                return self._joined(name, arguments)
        if name in OF_VALUES:
            return self._of_values(name, arguments)
        if name in OF_AREAS and takes(name, len(arguments)):
            return self._result(OF_AREAS[name](self, *arguments))
        if name not in OF_MANY or not arguments:
            raise NotUnderstoodError
        return self.seen(OF_MANY[name](self.numbers(*arguments)))

    def _if(self, condition: Node, then: Node, otherwise: Node | None = None) -> Value:
        if self._is_true(condition):
            return self.scalar(then)
        return self.scalar(otherwise) if otherwise is not None else False

    def _ifs(self, arguments: tuple[Node, ...]) -> Value:
        for condition, then in zip(arguments[::2], arguments[1::2], strict=True):
            if self._is_true(condition):
                return self.scalar(then)
        raise NotFoundError

    def _joined(self, name: str, arguments: tuple[Node, ...]) -> bool:
        answers = [each != 0 for each in self.numbers(*arguments, with_truths=True)]
        if not answers:
            raise NoResultError
        return all(answers) if name == "AND" else any(answers)

    def _is_true(self, node: Node) -> bool:
        value = self.scalar(node)
        if isinstance(value, str):
            raise NotUnderstoodError
        return bool(value)

    def _of_values(self, name: str, arguments: tuple[Node, ...]) -> Value:
        least, most, function = OF_VALUES[name]
        if not least <= len(arguments) <= most:
            raise NotUnderstoodError
        values = [self._or_error(name, each) for each in arguments]
        if name in STEPWISE and any(isinstance(each, Fraction) for each in values) and not self.is_exact(*arguments):
            raise NotUnderstoodError
        return self._result(function(*values))

    def _or_error(self, name: str, node: Node) -> Value:
        """`ISNUMBER` of an error is no error."""
        try:
            return self.scalar(node)
        except NoResultError as error:
            if name.startswith("IS"):
                raise NotUnderstoodError from error
            raise

    def _result(self, value: Value) -> Value:
        return self.seen(value) if isinstance(value, Fraction) else value

    def numbers(self, *nodes: Node, with_truths: bool = False) -> list[Fraction]:
        """Of areas their numbers; truths and texts in them do not count."""
        found: list[Fraction] = []
        for node in nodes:
            for value, is_in_area in self.many(node):
                if not is_in_area:
                    found.append(number_of(value))
                elif isinstance(value, Fraction) or (with_truths and isinstance(value, bool)):
                    found.append(Fraction(value))
                self.overlook(value if is_in_area else None)
        return found

    def many(self, node: Node) -> Iterator[tuple[Value, bool]]:
        """The values of an argument, and whether they stand in an area."""
        node = self.meant(node)
        piece, self._piece = self._piece, None
        try:
            if isinstance(node, Reference):
                self.known(node)
                yield from ((self.held(place), True) for place in self._places(node))
            elif isinstance(node, Rows):
                yield from ((self.scalar(each), True) for row in node.rows for each in row)
            elif (self._by_pieces or picks_several(node)) and (shape := shape_of(self, node)) != (1, 1):
                yield from ((value, True) for value in self.pieces(shape, node))
            else:
                yield self.scalar(node), False
        finally:
            self._piece = piece

    def pieces(self, shape: Shape, node: Node) -> Iterator[Value]:
        if shape[0] * shape[1] > MOST_PIECES:
            raise NotUnderstoodError
        for row in range(shape[0]):
            for column in range(shape[1]):
                yield self._at((row, column), node)

    def by_pieces(self, *nodes: Node) -> list[list[Value]]:
        """Arguments of one shape, each with all that it gives."""
        before = self._piece, self._by_pieces
        self._piece, self._by_pieces = None, True
        try:
            shapes = {shape_of(self, each) for each in nodes}
            if len(shapes) != 1:
                raise NotUnderstoodError
            return [list(self.pieces(next(iter(shapes)), each)) for each in nodes]
        finally:
            self._piece, self._by_pieces = before

    def _at(self, piece: Shape, node: Node) -> Value:
        before, self._piece = self._piece, piece
        try:
            return self.scalar(node)
        finally:
            self._piece = before

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
        return self.seen((-1 if value < 0 else 1) * whole * step)
