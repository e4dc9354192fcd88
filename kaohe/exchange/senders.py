"""Whose file it is: the office as it was told, as the file says of itself, or as what is in it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from kaohe.exchange.asking import Asked, AskError, context_of, offices
from kaohe.exchange.forms.form import forms
from kaohe.exchange.guide import everybody
from kaohe.files.filenames import file_name
from kaohe.intake import Intake
from kaohe.intake.changes import Rows
from kaohe.intake.checks.context import Context
from kaohe.intake.checks.lists import Listed, is_part, items_of, list_items
from kaohe.intake.places import Log
from kaohe.intake.sheets.cells import plain
from kaohe.intake.tables.vocabulary import Record
from kaohe.scheme.years import year_said


def by_file(rows: Rows) -> dict[str, Rows]:
    """The rows of each file of the year."""
    found: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for table, records in rows.items():
        for record in records:
            found[record.at.file][table].append(record)
    return dict(found)


class DeliveryError(ValueError):
    """A file that cannot be taken; says in Chinese which and why."""


class Senders:
    """The offices of a year. DeliveryError where its scheme cannot be used."""

    def __init__(self, intake: Intake) -> None:
        if intake.scheme is None or intake.policies is None:
            why = next((f"：{each.message}" for each in intake.findings if each.severity == "error"), "")
            raise DeliveryError(f"{year_said(intake.year)}读不了，不能收表{why}；请先运行 kaohe check {intake.year}")
        self.scheme = intake.scheme
        self.everybody = everybody(intake.scheme)
        self._context: Context | None = None
        self._collector = Context(intake.year, intake.scheme, intake.policies, Log(), set()).office
        try:
            self._context = context_of(intake)
            self.known = offices(self._context)
        except AskError:  # no units yet: whoever the scheme names
            named = {each.office for each in self.scheme.metrics.values()}
            named |= {each.office for each in self.scheme.indicators.values() if each.office}
            self.known = [*sorted(named - {self._collector}), self._collector]
        self._by_name = {plain(each): each for each in (*self.known, self.everybody)}

    def named(self, written: str) -> str:
        """The office as it is called here, or the one above several; DeliveryError where there is none."""
        found = self._by_name.get(plain(written))
        if found is None and self._context is not None and plain(written):
            try:
                found = Asked(self._context, plain(written)).office
            except AskError:
                found = None
        if found is None:
            raise DeliveryError(f"没有名为“{_visible(written)}”的{self.scheme.offices_called}；{self._choices()}")
        return found

    def who(self, names: Iterable[str], rows: Rows) -> str:
        """Of a file that does not say: the office of its name or folder, or of all that is in it; all offices where
        several supply what is in it; empty where nothing is."""
        for name in map(plain, names):
            if name in self._by_name:
                return self._by_name[name]
        found = self.suppliers(rows)
        return self.everybody if len(found) > 1 else found[0] if found else ""

    def suppliers(self, rows: Rows) -> list[str]:
        """Every office that one of the rows comes from."""
        return list(dict.fromkeys(self._of(record) for records in rows.values() for record in records))

    def whose(self, name: str, rows: Rows, told: str) -> list[str]:
        """The offices that hand in a file of the year: those its rows come from. One without rows is of the office
        from which it was received (`told`), or in whose folder it lies; of one above several, all of them."""
        found = self.suppliers({table: records for table, records in rows.items() if table in forms()})
        folders = [plain(each) for each in reversed(PurePosixPath(name).parts)]
        if found:
            return found
        for whole in [plain(told)] if told else folders:  # the nearest that is an office
            if whole == plain(self.everybody):
                return self.known
            same = [each for each in self.known if whole in (plain(each), plain(file_name(each)))]
            same = same or [each for each in self.known if is_part(plain(each), whole)]
            if same:
                return same
        return []

    def _of(self, record: Record) -> str:
        """Who supplies a row."""
        form = forms().get(record.table.name)
        found = form.supplier(record, self.scheme) if form else None
        return self._by_name.get(plain(found), found) if found else self._collector

    def list_items(self, office: str) -> list[Listed]:
        """What the office, or the parts of one that supplies nothing itself, lists rows about; all of them for
        everybody, empty where nobody knows the units yet."""
        items = list_items(self._context) if self._context and office else []
        if office == self.everybody:
            return items
        is_known = plain(office) in self._by_name
        return [each for each in items_of(office, items) if not is_known or plain(each.office) == plain(office)]

    def _choices(self) -> str:
        return f"有：{'、'.join(self.known)}；几个{self.scheme.offices_called}合成一份的写 {self.everybody}"


def _visible(written: str) -> str:
    """What would steer a terminal, made visible."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in written)
