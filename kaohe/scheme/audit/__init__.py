"""The scheme held against itself: sums, limits, bands, pools, tasks, silences, catalogue.

Every finding is derived from the scheme; none is written down here.
"""

from __future__ import annotations

from functools import partial

from kaohe.scheme.audit import bands, catalogue, limits, outcomes, pools, silence, structure, tasks, totals
from kaohe.scheme.audit.finding import AuditFinding, audit_rows, numbered
from kaohe.scheme.model import Scheme

__all__ = ["AuditFinding", "audit", "audit_rows"]


def audit(scheme: Scheme, *, colleges: int | None = None) -> list[AuditFinding]:
    """Everything the audit finds, sums first; each (code, subject) once.

    `colleges` is the number of units in each category that may have any number; without it,
    findings about ranks say from which number on they hold no longer.
    """
    ranks = tuple(partial(check, colleges=colleges) for check in pools.CHECKS)
    families = (
        totals.CHECKS,
        limits.CHECKS,
        bands.CHECKS,
        ranks,
        outcomes.CHECKS,
        structure.CHECKS,
        tasks.CHECKS,
        silence.CHECKS,
        catalogue.CHECKS,
    )
    return numbered(finding for checks in families for check in checks for finding in check(scheme))
