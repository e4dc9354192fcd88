"""Pages beside no site: an answer, or two scorings held side by side; each with its notebook and the file it reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kaohe.analysis.answered import Answered
from kaohe.analysis.attribution import Difference, difference_text
from kaohe.batch.export import Page, page_of_notebook
from kaohe.batch.job import Job
from kaohe.batch.layout import notebooks_folder
from kaohe.batch.run import given_others, run_jobs
from kaohe.files import write_text
from kaohe.files.locks import holding
from kaohe.files.scratch import scratch
from kaohe.files.sets import whole_set


def answer_page(out: Path, found: Answered, title: str, parameters: Mapping[str, Any]) -> str | None:
    """Write `out` as the question's own page; what went wrong, else None.

    `parameters` of the question's notebook beside `found`. BusyError where another run writes into the same folder.
    """
    page = Page(title=title, synthetic=found.synthetic, provisional=found.provisional)
    return _write(out, found.question, page, parameters, "found", found.text())


def difference_page(found: Difference, out: Path) -> str | None:
    """Write `out` as the page of a difference; what went wrong, else None.

    BusyError where another run writes into the same folder.
    """
    page = Page(title=f"{found.before} → {found.after}", synthetic=found.synthetic, provisional=found.provisional)
    return _write(out, "diff", page, {}, "difference", difference_text(found))


def _write(out: Path, notebook: str, page: Page, parameters: Mapping[str, Any], field: str, text: str) -> str | None:
    """`out` and, under the same name, its executed notebook and the file that it reads: together or not at all.

    `field` is the parameter that names the file, which says `text`.
    """
    file = out.with_suffix(".json").resolve()
    texts = {file.name: text}
    with scratch() as place:
        given = place / "given.json"
        write_text(given, text)

        def export(job: Job, content: Any) -> None:
            texts[out.name] = page_of_notebook(content, page)
            texts[out.with_suffix(".ipynb").name] = given_others(content, {field: str(file)})

        job = Job(
            name=notebook,
            title=page.title,
            source=notebooks_folder() / f"{notebook}.ipynb",
            parameters={**parameters, field: str(given)},
            notebook=place / "none.ipynb",
            waiting=place / "executed.ipynb",
            page=place / "page.html",
            inputs=(given,),
        )
        (done,) = run_jobs([job], export, stands=lambda job, fingerprint: False, again=True)
    if done.error is None:
        with holding(file.parent, deep=False), whole_set(file.parent) as stage:
            for name, said in texts.items():
                stage.write(name, said)
    return done.error
