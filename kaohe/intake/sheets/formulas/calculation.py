"""The formulas of a workbook done again from its own cells: exact, and held against the results that were saved."""

from __future__ import annotations

from fractions import Fraction

from kaohe.intake.sheets.cells import LARGEST
from kaohe.intake.sheets.formulas.arithmetic import NoResultError
from kaohe.intake.sheets.formulas.contents import Contents, NotYetError, Outcome, Place, Written
from kaohe.intake.sheets.formulas.evaluation import Evaluation
from kaohe.intake.sheets.formulas.formula import NotUnderstoodError


class Calculation(Contents):
    """Does formulas again, each after those that it refers to."""

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
                try:
                    self.done[place] = self._outcome(place[0], written, begun[place])
                except NotYetError as error:
                    if error.place not in begun:
                        waiting.append(error.place)
                        continue
                    self.done[place] = Outcome()
                waiting.pop()
            else:
                begun[place] = self._before(written, place[0])
                # One that is begun already stands in a circle: it is not known when this one is done.
                waiting += [each for each in begun[place] if each not in self.done and each not in begun]

    def evaluated(self, sheet: str, written: Written) -> Outcome:
        """Of a formula that stands in no cell, as a condition does."""
        before = self._before(written, sheet.casefold())
        self._settle(before)
        while True:
            try:
                return self._outcome(sheet.casefold(), written, before)
            except NotYetError as error:
                self._settle([error.place])

    def _before(self, written: Written, sheet: str) -> list[Place]:
        """Formulas to which this one refers."""
        references = self.names.references(written.formula, sheet, written.row)
        cells = (each for reference in references for each in self.places(reference, written, sheet))
        return [each for each in cells if self.written(each)]

    def _outcome(self, sheet: str, written: Written, before: list[Place]) -> Outcome:
        is_volatile = self.names.is_volatile(written.formula, sheet) or any(
            each in self.done and self.done[each].is_volatile for each in before
        )
        if written.formula.tree is None or is_volatile or self.is_exhausted():
            return Outcome(is_volatile=is_volatile)
        evaluation = Evaluation(self, written, sheet)
        try:
            value = evaluation.whole(written.formula.tree)
        except (NotUnderstoodError, RecursionError):  # thousands of terms in one formula
            return Outcome()
        except NoResultError:
            return Outcome(is_known=True, fails=True, is_sure=evaluation.is_sure)
        if evaluation.is_volatile:
            return Outcome(is_volatile=True)
        # An area may have been cut short.
        if self.is_exhausted() or (isinstance(value, Fraction) and abs(value) > LARGEST):
            return Outcome()
        slack, is_sure, overlooks = evaluation.slack, evaluation.is_sure, evaluation.overlooks
        return Outcome(True, value, slack, is_sure=is_sure, overlooks=overlooks)
