"""How long an edit in the explorer takes until its chart is drawn, in a real JupyterLab, and how much of it is scoring.

    .venv/bin/python benchmarks/explorer.py [--year 2020-2021] [--edits 25]

From committing a field (its change event) to the frame after plotly has drawn the chart with the new total; the
share of the kernel is measured in the same edits, scoring on its own in the same process. Medians; compare the
ratios, and look at how long scoring waited for a processor: machines are noisy. Needs an installed Chromium and
playwright.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from kaohe.batch.chromium import find_chromium
from tests.browser.browser import chromium, jupyterlab, run_all_cells

GOAL = 300
"""Milliseconds an edit may take."""

NOTEBOOK = "bench/bench.ipynb"
CELL = """\
import time
from pathlib import Path
from IPython.display import display
from kaohe.explorer import wiring, workbench

spent = {{"handling": [], "scoring": [], "cpu": []}}

def timed(owner, name, into):
    plain = getattr(owner, name)
    def run(*given, **more):
        begun, used = time.perf_counter(), time.process_time()
        try:
            return plain(*given, **more)
        finally:
            spent[into].append(1000 * (time.perf_counter() - begun))
            if into == "scoring":
                spent["cpu"].append(1000 * (time.process_time() - used))
    setattr(owner, name, run)

timed(wiring.Explorer, "_enter", "handling")
timed(workbench, "_scored", "scoring")
explorer = wiring.Explorer(workbench.Workbench(Path("data"), {year!r}), "C01")
explorer.view.component.value = "ballot"
spent["scoring"].clear()
spent["cpu"].clear()
display(explorer.view.root)
"""
TELL = "import json; print(json.dumps(spent))"

# One edit as the browser sees it: the field changes, and some frame later the chart says the new total.
EDIT = """
value => new Promise(done => {
    const frame = document.querySelector(".kh-x-chart"), plotted = () => frame.querySelector(".js-plotly-plot");
    const inputs = [...document.querySelectorAll(".kh-x-field input")];
    const input = inputs.find(each => each.labels[0].textContent == "优秀（票）");
    const before = plotted();
    const look = new MutationObserver(() => {
        const plot = plotted();
        if (plot && plot !== before && plot.querySelector(".gtitle") && plot.querySelector(".textpoint")) {
            look.disconnect();
            const end = () => done([performance.now() - begun, plot.textContent]);
            requestAnimationFrame(() => requestAnimationFrame(end));
        }
    });
    look.observe(frame, {childList: true, subtree: true, characterData: true});
    input.focus();
    input.value = value;
    input.dispatchEvent(new Event("input", {bubbles: true}));
    const begun = performance.now();
    input.dispatchEvent(new Event("change", {bubbles: true}));
})
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--year", default="2020-2021")
    options.add_argument("--edits", type=int, default=25)
    given = options.parse_args()
    executable = find_chromium()
    if executable is None:
        raise SystemExit("no Chromium is installed (CHROMIUM=/path names one)")
    with tempfile.TemporaryDirectory() as folder, chromium(executable) as browser, jupyterlab(Path(folder)) as lab:
        shutil.copytree(ROOT / "data" / "raw", lab.root / "bench" / "data" / "raw")
        (lab.root / NOTEBOOK).write_text(json.dumps(notebook(given.year)), encoding="utf-8")
        with browser.new_context(viewport={"width": 1400, "height": 1000}) as context:
            page = context.new_page()
            run_all_cells(page, lab, NOTEBOOK)
            page.locator(".kh-x-chart .gtitle").first.wait_for()
            seen = [page.evaluate(EDIT, str(20 + place)) for place in range(given.edits + 3)][3:]
            totals = {text for _, text in seen}
            assert len(totals) == given.edits, "every edit draws another total"
            spent = kernel_times(page, given.edits)
    whole = [milliseconds for milliseconds, _ in seen]
    report("edit to chart, in the browser", whole, median(whole))
    report("of it in the kernel", spent["handling"], median(whole))
    report("of that scoring the year", spent["scoring"], median(whole))
    waited = median(spent["scoring"]) / median(spent["cpu"])
    print(f"scoring alone needs {median(spent['cpu']):.0f} ms of a processor and took {waited:.1f} times that")
    load = f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" if hasattr(os, "getloadavg") else "unknown"
    print(f"goal {GOAL} ms: {'met' if median(whole) <= GOAL else 'missed'}; load of the machine {load}")


def notebook(year: str) -> dict[str, object]:
    """Two cells: the explorer with its times taken, and a cell that tells them."""
    cells = [
        {"cell_type": "code", "id": name, "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for name, source in (("explorer", CELL.format(year=year)), ("times", TELL))
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def kernel_times(page: object, edits: int) -> dict[str, list[float]]:
    """What the kernel took for the last edits, told by the second cell."""
    page.evaluate(
        """async () => {
            const {content} = jupyterapp.shell.currentWidget;
            content.activeCellIndex = 1;
            await jupyterapp.commands.execute("notebook:run-cell");
        }"""
    )
    outputs = "jupyterapp.shell.currentWidget.content.model.toJSON().cells[1].outputs"
    told = page.evaluate(f"{outputs}.map(each => each.text).join('')")
    return {name: times[-edits:] for name, times in json.loads(told).items()}


def report(name: str, times: list[float], whole: float) -> None:
    ordered = sorted(times)
    share = f"{median(times) / whole:6.0%} of the whole"
    print(f"{name:32} median {median(times):6.0f} ms   least {ordered[0]:6.0f}   most {ordered[-1]:6.0f}   {share}")


if __name__ == "__main__":
    main()
