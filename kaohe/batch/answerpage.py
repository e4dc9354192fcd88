"""An answer to a question as a page of its own, beside the site: the executed notebook and the answer it reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kaohe.analysis.answered import Answered
from kaohe.batch.export import Page, page_of_notebook
from kaohe.batch.layout import notebooks_folder
from kaohe.batch.run import Job, given_others, run_jobs
from kaohe.files import write_text
from kaohe.files.locks import holding
from kaohe.files.scratch import scratch
from kaohe.files.sets import whole_set


def answer_page(out: Path, found: Answered, title: str, parameters: Mapping[str, Any]) -> str | None:
    """Write `out` and, under the same name, its notebook and answer, together or not at all; else what went wrong.

    `parameters` of the question's notebook beside `found`. BusyError where another run writes into the same folder.
    """
    page = Page(title=title, synthetic=found.synthetic, provisional=found.provisional)
    file = out.with_suffix(".json").resolve()
    texts = {file.name: found.text()}
    with scratch() as place:
        given, executed = place / "answer.json", place / "answer.ipynb"
        write_text(given, found.text())

        def export(job: Job, content: Any) -> None:
            texts[out.name] = page_of_notebook(content, page)
            texts[out.with_suffix(".ipynb").name] = given_others(content, {"found": str(file)})

        job = Job(
            name=found.question,
            title=title,
            source=notebooks_folder() / f"{found.question}.ipynb",
            parameters={**parameters, "found": str(given)},
            notebook=place / "none.ipynb",
            waiting=executed,
            page=place / "answer.html",
            inputs=(given,),
        )
        (done,) = run_jobs([job], export, stands=lambda job, fingerprint: False, again=True)
    if done.error is None:
        with holding(file.parent, deep=False), whole_set(file.parent) as stage:
            for name, text in texts.items():
                stage.write(name, text)
    return done.error
