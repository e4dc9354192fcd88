"""Two scorings or years held side by side: a page of its own, the executed notebook, and the table it reads."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from kaohe.analysis.attribution import Difference, difference_text
from kaohe.batch.export import Page, page_of_notebook
from kaohe.batch.layout import notebooks_folder
from kaohe.batch.run import Job, run_jobs
from kaohe.files import whole_file, write_text
from kaohe.files.scratch import scratch


def difference_page(found: Difference, out: Path) -> str | None:
    """Write `out` and, under the same name, its notebook and table; what went wrong, else None.

    Each is whole; the page comes last, so that what is behind it is there.
    """
    title = f"{found.before} → {found.after}"
    page = Page(title=title, synthetic=found.synthetic, provisional=found.provisional)
    table, notebook = (out.with_suffix(kind).resolve() for kind in (".json", ".ipynb"))
    write_text(table, difference_text(found))
    with scratch() as place:
        executed = place / "diff.ipynb"

        def export(job: Job, content: Any) -> None:
            with whole_file(notebook) as part:
                shutil.copyfile(executed, part)
            write_text(job.page, page_of_notebook(content, page))

        job = Job(
            name="diff",
            title=title,
            source=notebooks_folder() / "diff.ipynb",
            parameters={"difference": str(table)},
            notebook=notebook,
            waiting=executed,
            page=out,
            inputs=(table,),
        )
        (done,) = run_jobs([job], export, stands=lambda job, fingerprint: False, again=True)
    return done.error
