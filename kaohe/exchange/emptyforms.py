"""Forms that come back empty: those that need not be filled in are passed over, of others it is said what to do.

That nobody has filled in a form does not say that there is nothing to report: an office says that by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kaohe.exchange.asking import Asked, AskError, context_of
from kaohe.exchange.senders import Senders
from kaohe.intake import Intake
from kaohe.intake.checks.lists import is_answered


class EmptyForms:
    """What an empty form of an office means in a year."""

    def __init__(self, intake: Intake, senders: Senders) -> None:
        self._intake, self._senders = intake, senders

    def need_not_come(self, office: str) -> str:
        """Why an empty form of the office stops nothing: all of its cells are optional, or there is a nil report."""
        if self._requires(office):
            return ""
        items = self._senders.list_items(office)
        reports = self._intake.data.nil_reports if self._intake.data else ()
        if not all(is_answered(item, None, reports) for item in items):
            return ""
        return "空表，已登记零报告，没有收" if items else "空表，里面只有选报的格，没有收"

    def refusal(self, empty: Iterable[tuple[Path, str]]) -> str:
        """What is wrong with each file, and what its office can do."""
        return "；".join(f"{source}：这份表还没有填，没有收{self._advice(office)}" for source, office in empty)

    def _advice(self, office: str) -> str:
        if not office or not self._senders.list_items(office):
            return "，请填好再交，或先移走这一份"
        command = f"kaohe import --year {self._intake.year} --office {_quoted(office)} --nothing-to-report"
        rest = "；其中必填的数仍要填好再交，或先移走这一份" if self._requires(office) else ""
        return f"。{office}确实没有可逐条报的，请单独登记：{command}{rest}"

    def _requires(self, office: str) -> bool:
        """Whether a form of the office has more than lists and optional cells; whoever is no office may want all."""
        try:
            asked = Asked(context_of(self._intake), office)
        except AskError:
            return True
        needed = any(asked.needs(unit, metric) for metric, units in asked.metrics.items() for unit in units)
        return needed or bool(asked.judged) or asked.is_collector


def _quoted(office: str) -> str:
    return f'"{office}"' if set(office) & set(" ()&;") else office
