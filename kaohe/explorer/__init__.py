"""The explorer: a year's points down to the raw figures, and what if they were others; in JupyterLab.

`workbench` and what it uses know no widget; `view` knows no data; `wiring` joins them.
"""

from __future__ import annotations

from pathlib import Path


def explore(year: str | None = None, data: Path | str = "../data", unit: str = "", scenario: str = "") -> None:
    """Open the explorer on a year (the last one) below `data`/raw, at a unit, with a scenario's file if one is named.

    CannotExploreError where there is no such year or it has errors; ScenarioError for an unusable scenario.
    """
    from IPython.display import Javascript, display

    from kaohe.explorer.wiring import Explorer
    from kaohe.explorer.workbench import Workbench

    bench = Workbench(Path(data), year)
    if scenario:
        bench.restored = "；".join(bench.load(Path(scenario)))
    display(Javascript(Path(__file__).with_name("keys.js").read_text(encoding="utf-8")))
    display(Explorer(bench, unit).view.root)
