"""零报告: not in the workbook; `kaohe import --nothing-to-report` writes it for an office."""

from __future__ import annotations

from kaohe.exchange.forms.form import Form, never
from kaohe.intake.tables.vocabulary import Record
from kaohe.scheme import Scheme


def _supplier(record: Record, scheme: Scheme) -> str | None:
    """The office of the indicator that it names, or the one that says so."""
    named = scheme.indicators[record["indicator"]].office if record["indicator"] else None
    return named or str(record["office"])


FORM = Form("nil_reports", offered=never, supplier=_supplier)
