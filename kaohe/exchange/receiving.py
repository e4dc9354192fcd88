"""`kaohe import`: what files from the offices would change in a year; taken whole, or not at all.

The year is read as if the files were in their places already; only a reading without new errors lets them in. What
looks like a new edition of a file under another name, and what would empty a filled one, waits to be told so.
"""

from __future__ import annotations

import datetime
import hashlib
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from kaohe.exchange.arrivals import Arrival, arrival, sources_of
from kaohe.exchange.editions import Edition, Loss, edition, first_names, is_loss, same
from kaohe.exchange.emptyforms import EmptyForms
from kaohe.exchange.guide import RATER_LABEL, office_label
from kaohe.exchange.nilreport import nil_report
from kaohe.exchange.receipts import KEPT, LEDGER, Receipt, as_text, current, receipts, tables_there
from kaohe.exchange.senders import DeliveryError, Senders, by_file
from kaohe.files.filenames import file_name
from kaohe.files.sets import whole_set
from kaohe.intake import Intake
from kaohe.intake.changes import Cells, Change, cells, changes
from kaohe.intake.findings import Finding
from kaohe.intake.reading import RawYear, read_rows
from kaohe.intake.tables.names import Names

__all__ = ["Delivery", "DeliveryError", "Plan", "Told", "plan", "take"]


@dataclass(frozen=True)
class Told:
    """What the analyst says of the files: whose they are, which they replace, and that so little is meant.

    `nothing_to_report`: an office has nothing to list, of `items` or all of its own, for `units` or all of them.
    """

    office: str | None = None
    replace: tuple[str, ...] = ()
    with_less: bool = False
    nothing_to_report: bool = False
    items: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Delivery:
    """A file and its place below the year's folder; `replaces`: name → hash of what goes when it comes.

    `idle` says why there is nothing to take, where that is so; `is_older`: it was received before, and replaced.
    """

    source: Path
    target: str
    content: bytes
    office: str
    replaces: Mapping[str, str]
    idle: str = ""
    is_older: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def passed_over(self, why: str) -> Delivery:
        return replace(self, idle=why, replaces={})


@dataclass(frozen=True)
class Plan:
    """What taking the files would do. `refusals` are errors that were not there before.

    `editions` and `losses` stop it too, until they are told to be meant. `passed`: what lay beside the tables.
    """

    year: str
    deliveries: tuple[Delivery, ...]
    changes: tuple[Change, ...]
    refusals: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    editions: tuple[Edition, ...]
    losses: tuple[Loss, ...]
    after: Intake
    passed: tuple[str, ...] = ()

    @property
    def new(self) -> list[Delivery]:
        return [each for each in self.deliveries if not each.idle]

    @property
    def stopped(self) -> bool:
        return bool(self.refusals or self.editions or self.losses)

    @property
    def contradicted(self) -> list[str]:
        """Files in the year that the new ones contradict."""
        mine = {each.target for each in self.new}
        conflicts = [(each.old, each.new) for each in self.changes if each.kind == "conflict"]
        files = dict.fromkeys(cell.file for pair in conflicts for cell in pair if cell)
        return [name for name in files if name not in mine]


class _Taken:
    """The files of the year as it is: their hashes, offices and cells."""

    def __init__(self, folder: Path, reading: RawYear, senders: Senders, names: Names) -> None:
        self.folder, self._rows, self._senders, self._names = folder, by_file(reading.rows), senders, names
        self._in_error = {each.file for each in reading.intake.findings if each.severity == "error"}
        self.hashes = tables_there(reading.intake)
        self.entries = receipts(folder)
        self._known = current(self.entries, self.hashes)

    def may_be_of(self, name: str, office: str) -> bool:
        """Whether rows of the file come from the office, or it did; whoever is none may speak for any."""
        entry = self._known.get(name)
        told = [entry.office] if entry else []
        return office not in self._senders.known or office in (*told, *self._senders.suppliers(self._rows[name]))

    def copied_by(self, arrival: Arrival, office: str) -> str:
        """A file of the office in which the same stands, cell by cell; empty where there is none.

        A row in error is no cell: what has one, or is to be rid of one, is no copy.
        """
        if arrival.in_error or arrival.is_blank:
            return ""
        theirs = ((name, each) for name, each in self.cells.items() if name not in self._in_error)
        found = (name for name, each in theirs if same(arrival.cells, each) and self.may_be_of(name, office))
        return next(found, "")

    def later(self, sha256: str) -> str:
        """The file that took the place of one received before, or of one that did; empty where none did."""
        name = ""
        for entry in self.entries:
            if sha256 in entry.replaces.split():
                name, sha256 = entry.file, entry.sha256
        return name

    @cached_property
    def cells(self) -> dict[str, Cells]:
        """By file."""
        return {name: cells(rows, self._names) for name, rows in self._rows.items()}

    def find(self, written: str) -> list[str]:
        """Files of a name: below the year's folder, from where one stands, or by its name alone."""
        path = written.replace("\\", "/").removeprefix(f"{self.folder.as_posix()}/").removeprefix("./")
        found = [name for name in self.hashes if name == path]
        return found or [name for name in self.hashes if PurePosixPath(name).name == path]

    def named(self, written: str) -> str:
        """The one file that `--replace` means."""
        found = self.find(written)
        if len(found) != 1:
            have = first_names(found or self.hashes, 30)
            raise DeliveryError(f"--replace {written}：{'不止一个' if found else '没有收过'}这个文件；有：{have}")
        return found[0]


def plan(raw: Path, year: str, sources: Sequence[Path], told: Told = Told()) -> Plan:
    """The year as it is and as it would be. DeliveryError where a file cannot be taken whatever is in it."""
    is_now = read_rows(raw, year)
    senders = Senders(is_now.intake)
    assert is_now.intake.scheme
    names, called = Names(is_now.intake.scheme), is_now.intake.scheme.offices_called
    taken = _Taken(raw / year, is_now, senders, names)
    units = [(unit.unit_id, unit.name) for unit in is_now.intake.data.units] if is_now.intake.data else []
    found = sources_of(sources)
    if told.nothing_to_report and (len(found.sources) > 1 or any(each.is_dir() for each in sources)):
        one_only = f"--nothing-to-report 一次只说一个{called}，不能带文件夹或几个文件"
        raise DeliveryError(f"{one_only}：请写 --office {called}（不带文件），或只带那一份空表")
    arrivals = [arrival(source, year, names, units) for source in found.sources]
    if told.replace and len(arrivals) > 1:
        raise DeliveryError("--replace 一次只配一个文件，请分别导入")
    deliveries = _once([_delivery(each, taken, senders, told) for each in arrivals])
    if not told.nothing_to_report:
        deliveries = _without_empty(arrivals, deliveries, EmptyForms(is_now.intake, senders))
    editions = [
        each
        for arrival, one in zip(arrivals, deliveries, strict=True)
        if not one.idle and not one.replaces
        for each in _editions(arrival, one, {name for other in deliveries for name in other.replaces}, taken)
    ]
    deliveries += list(_nil_reports(arrivals, deliveries, taken, senders, told))
    targets = Counter(each.target.casefold() for each in deliveries if not each.idle)
    twice = next((each for each in deliveries if targets[each.target.casefold()] > 1), None)
    if twice:
        raise DeliveryError(f"有两个文件都要放到 {twice.target}；请分别导入，或用 --office 写明{called}")
    gone = {name for each in deliveries if not each.idle for name in each.replaces} | {each.name for each in editions}
    exchanged = dict.fromkeys(gone) | {each.target: each.content for each in deliveries if not each.idle}
    would_be = read_rows(raw, year, exchanged=exchanged) if exchanged else is_now
    changed = changes(is_now, would_be, is_now.intake.scheme)
    mine = {each.target for each in deliveries if not each.idle}
    refusals, warnings = _new_findings(is_now.intake, would_be.intake, mine)
    losses = () if told.with_less else tuple(_losses(deliveries, editions, changed, taken))
    after = would_be.intake
    told_of = (tuple(changed), refusals, warnings, tuple(editions), losses, after)
    return Plan(year, tuple(deliveries), *told_of, found.passed)


def _without_empty(arrivals: Sequence[Arrival], deliveries: Sequence[Delivery], forms: EmptyForms) -> list[Delivery]:
    """Empty forms that need not come are passed over; DeliveryError where another one is there."""
    found, stopped = [], []
    for each, one in zip(arrivals, deliveries, strict=True):
        is_empty = each.is_blank and not one.idle
        why = forms.need_not_come(one.office) if is_empty else ""
        if is_empty and not why:
            stopped.append((one.source, one.office))
        found.append(one.passed_over(why) if why else one)
    if stopped:
        raise DeliveryError(forms.refusal(stopped))
    return found


def _new_findings(before: Intake, after: Intake, mine: set[str]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Errors and warnings that were not there before, or are in the new files."""
    known = set(before.findings)
    new = [each for each in after.findings if each.code != "missing-table" and (each not in known or each.file in mine)]
    return (
        tuple(each for each in new if each.severity == "error"),
        tuple(each for each in new if each.severity == "warning" and each.code != "missing"),
    )


def _delivery(arrival: Arrival, taken: _Taken, senders: Senders, told: Told) -> Delivery:
    """Finds the file's place – the folder of its office or rater – and what it replaces there."""
    source = arrival.source
    try:
        office = _office(arrival, senders, told)
    except DeliveryError as error:
        raise DeliveryError(f"{source}：{error}") from None
    name = f"{file_name(source.stem)}{source.suffix.casefold()}"
    target = PurePosixPath(file_name(office or source.stem), name).as_posix()
    found = Delivery(source, target, arrival.content, office, {})
    done = taken.hashes.get(target) == found.sha256  # the same command again: what it replaced is there no more
    replaced = [taken.named(each) for each in told.replace if not done or taken.find(each)]
    found = replace(found, replaces={each: taken.hashes[each] for each in replaced if each != target})
    there = taken.folder / target
    if there.is_file() and (known := hashlib.sha256(there.read_bytes()).hexdigest()) != found.sha256:
        found = replace(found, replaces={**found.replaces, target: known})
    found = replace(found, is_older=bool(taken.later(found.sha256)))
    why = "" if replaced and found.replaces else _idle(arrival, found, taken)
    return found.passed_over(why) if why else found


def _idle(arrival: Arrival, one: Delivery, taken: _Taken) -> str:
    """Why there is nothing to take."""
    if taken.hashes.get(one.target) == one.sha256:
        return "与已收的完全相同"
    twin = next((name for name, known in taken.hashes.items() if known == one.sha256), None)
    if twin:
        return f"与已收的 {twin} 完全相同，不再收"
    later = taken.later(one.sha256)
    if later in taken.hashes:
        return f"早先收过，后来被 {later} 替换，不再收；要换回来请加 --replace {later}"
    copied = taken.copied_by(arrival, one.office)
    return f"与已收的 {copied} 内容相同，不再收；要换成这一份请加 --replace {copied}" if copied else ""


def _once(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Of files that are the same to the byte the first."""
    first: dict[str, Delivery] = {}
    found = []
    for each in deliveries:
        other = each if each.idle else first.setdefault(each.sha256, each)
        found.append(each if other is each else each.passed_over(f"与 {other.source} 完全相同"))
    return found


def _office(arrival: Arrival, senders: Senders, told: Told) -> str:
    said = arrival.said
    if told.office is not None:
        return senders.named(told.office)
    label = office_label(senders.scheme)
    if label in said:
        return senders.named(said[label])
    return said.get(RATER_LABEL) or senders.who(arrival.names, arrival.rows)


def _nil_reports(
    arrivals: Sequence[Arrival], deliveries: Sequence[Delivery], taken: _Taken, senders: Senders, told: Told
) -> Iterator[Delivery]:
    """The table 零报告 of each office that has nothing to list; without items only where its file is blank, too."""
    if not told.nothing_to_report:
        return
    said = [each.office for arrival, each in zip(arrivals, deliveries, strict=True) if arrival.is_blank or told.items]
    for office in dict.fromkeys(said if arrivals else [senders.named(told.office or "")]):
        report = nil_report(office, told.items, told.units, senders, taken.folder, by_itself=not arrivals)
        if report is None:
            continue
        target, content = report
        found = Delivery(Path(PurePosixPath(target).name), target, content, office, {})
        known = taken.hashes.get(target)
        if known == found.sha256:
            yield found.passed_over("早已登记")
        else:
            yield replace(found, replaces={target: known} if known else {})


def _editions(arrival: Arrival, one: Delivery, replaced: Collection[str], taken: _Taken) -> Iterator[Edition]:
    """Taken files that the delivery says again under another name; another office's contradict it, or agree."""
    for name, theirs in taken.cells.items():
        if name not in replaced and taken.may_be_of(name, one.office):
            found = edition(one.source, arrival.cells, name, theirs)
            if found:
                yield found


def _losses(
    deliveries: Iterable[Delivery], editions: Iterable[Edition], found: Iterable[Change], taken: _Taken
) -> Iterator[Loss]:
    gone = Counter(each.old.file for each in found if each.kind == "gone" and each.old)
    new = Counter(each.new.file for each in found if each.kind == "new" and each.new)
    for one in deliveries:
        names = (*one.replaces, *(each.name for each in editions if each.source == one.source))
        lost, had = sum(gone[name] for name in names), sum(len(taken.cells.get(name, ())) for name in names)
        if is_loss(lost, new[one.target], had):
            yield Loss(one.source, names, lost, new[one.target])


def take(raw: Path, planned: Plan) -> list[Receipt]:
    """Puts the new files in their places, all or none, keeps those they replace, and writes the ledger.

    The caller holds the year's folder. WriteError where something cannot be written: nothing has changed then.
    """
    folder = raw / planned.year
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    entries = [_receipt(each, planned, now) for each in planned.new]
    with whole_set(folder) as stage:
        for each in planned.new:
            stage.path(each.target).write_bytes(each.content)
            for name, known in each.replaces.items():
                kept = f"{KEPT}/{known}{PurePosixPath(name).suffix}"
                stage.path(kept).write_bytes((folder / name).read_bytes())
                if os.path.normcase(name) != os.path.normcase(each.target):
                    stage.drop([name])
        stage.write(LEDGER, as_text([*receipts(folder), *entries]))
    return entries


def _receipt(each: Delivery, planned: Plan, now: str) -> Receipt:
    """Counts of cells are those of the file and of what it replaces."""
    files = {each.target, *each.replaces}
    touched = ((change.kind, change.new or change.old) for change in planned.changes)
    counts = Counter(kind for kind, cell in touched if cell and cell.file in files)
    new, changed, gone = counts["new"], counts["changed"], counts["gone"]
    replaced = " ".join(each.replaces.values())
    return Receipt(now, each.target, each.sha256, each.source.name, each.office, replaced, new, changed, gone)
