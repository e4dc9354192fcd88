"""`kaohe audit`: the scheme held against itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.console import console, failed


def audit(
    scheme: Annotated[
        Path | None, typer.Option("--scheme", help="另一份方案（scheme.yaml 或其文件夹）", metavar="FILE")
    ] = None,
) -> None:
    """审读考核方案本身：合计不符、冗余档次、得不到的满分、条文沉默之处。"""
    from rich.table import Table
    from rich.text import Text

    from kaohe.scheme import SchemeError, read_scheme, shipped, shipped_ids
    from kaohe.scheme.audit import audit as audit_scheme

    try:
        subject = read_scheme(scheme) if scheme else shipped(shipped_ids()[-1])
    except SchemeError as error:
        failed(str(error))
    findings = audit_scheme(subject)
    table = Table(box=None, pad_edge=False, header_style="bold", title=subject.title, title_justify="left")
    for head in ("类别", "条款", "对象", "发现", "后果", "决定它的读法"):
        table.add_column(head, overflow="fold")
    for each in findings:
        cells = (each.kind, each.clause, each.subject, each.finding, each.consequence, each.policy)
        table.add_row(*(Text(cell) for cell in cells))
    console().print(table)
    console().print(f"共 {len(findings)} 处", markup=False)
