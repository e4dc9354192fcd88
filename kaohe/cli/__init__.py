"""The command line: `kaohe check | score | explain | report | …`; one module a family of commands.

Exit codes: 0 fine, 1 the data has errors or a report failed, 2 wrong usage.
"""

from __future__ import annotations

import typer

from kaohe.cli import (
    appealing,
    backtest,
    beginning,
    changed,
    check,
    delivering,
    demo,
    explaining,
    exporting,
    final,
    goal,
    health,
    noticing,
    past,
    policies,
    progress,
    reports,
    robust,
    scheme,
    schemes,
    scoring,
    templates,
)
from kaohe.cli.chinese import Command, Group
from kaohe.cli.last import collect_seldom, last_words, prepare_streams

app = typer.Typer(
    cls=Group,
    help="考核办法写成数据：检查数据、评分、逐分解释、生成报告。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS = (
    beginning.new_year,
    templates.template,
    delivering.import_,
    progress.status,
    check.check,
    scoring.score,
    exporting.export,
    final.verify,
    final.freeze,
    past.history,
    past.diff,
    changed.changed,
    explaining.explain,
    goal.goal,
    appealing.appeal,
    noticing.notice,
    robust.robust,
    robust.calibration,
    policies.policies,
    health.health,
    backtest.backtest,
    reports.report,
    schemes.audit,
    demo.demo,
)
"""In the order in which the help names them."""

for _command in COMMANDS:
    app.command(_command.__name__.rstrip("_").replace("_", "-"), cls=Command)(_command)

app.add_typer(scheme.app, name="scheme")


def main() -> None:
    """Entry point."""
    collect_seldom()
    prepare_streams()
    with last_words():
        app()
