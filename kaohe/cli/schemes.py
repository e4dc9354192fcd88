"""`kaohe audit`: the scheme held against itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.console import console, failed, print_records


def audit(
    scheme: Annotated[
        Path | None, typer.Option("--scheme", help="另一份方案：scheme.yaml、其文件夹或随库方案的编号", metavar="方案")
    ] = None,
) -> None:
    """审读考核方案本身：合计不符、冗余档次、得不到的满分、条文沉默之处。"""
    from kaohe.scheme import SchemeError, read_scheme, shipped
    from kaohe.scheme.audit import audit as audit_scheme
    from kaohe.scheme.reading import named_root
    from kaohe.scheme.whose import usual

    try:
        subject = read_scheme(named_root(str(scheme)) or scheme) if scheme else shipped(usual())
    except SchemeError as error:
        failed(str(error))
    findings = audit_scheme(subject)
    heads = ("类别", "条款", "对象", "发现", "后果", "决定它的读法")
    rows = [(each.kind, each.clause, each.subject, each.finding, each.consequence, each.policy) for each in findings]
    print_records(subject.title, heads, rows, named=3)
    console().print(f"共 {len(findings)} 处", markup=False)
