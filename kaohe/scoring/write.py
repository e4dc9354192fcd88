"""Writes a scored year: tables and manifest together or not at all, and what they rested on into the history."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaohe.files import kaohe_version
from kaohe.files.kept import DamagedError, kept_json
from kaohe.files.sets import Stage, whole_set
from kaohe.intake import Intake
from kaohe.intake.year.files import inputs
from kaohe.intake.year.folder import YEAR_FILE
from kaohe.scheme.years import spoken, year_said
from kaohe.scoring import history, witness
from kaohe.scoring.arrowtable import arrow_table
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.marks import NO_RESULT, TRIAL
from kaohe.scoring.refusal import RefusedError
from kaohe.scoring.sound import manifest_problem, tables_of

if TYPE_CHECKING:
    import pandas as pd

OPEN, FINAL = "暂定", "定稿"
"""A manifest's `status`: final once the year is frozen; that of a trial is TRIAL."""


@dataclass(frozen=True)
class Keeping:
    """Where the raw files of a scoring stand, and the results whose freeze binds it."""

    raw: Path
    binding: Path


def manifest(book: ScoreBook, intake: Intake, before: Intake | None = None) -> dict[str, Any]:
    """What the results rest on: hashes of every input, the scheme, the policies, the version."""
    return {
        "year": book.year,
        "kaohe": kaohe_version(),
        "scheme": {
            "id": book.scheme_id,
            "title": book.scheme_title,
            "format": _scheme_format(intake),
            "sha256": _scheme_hash(intake),
        },
        "policies": {policy.name: {"value": policy.value, "origin": policy.origin} for policy in book.policies},
        "provisional": book.provisional,
        **({"trial": True} if book.trial else {}),
        "synthetic": book.synthetic,
        **_counted_until(intake),
        "inputs": dict(sorted(intake.data.files.items())) if intake.data else {},
        "previous_year": book.previous_year,
        "previous_inputs": dict(sorted(before.data.files.items())) if book.before and before and before.data else {},
    }


def _counted_until(intake: Intake) -> dict[str, str]:
    """The one thing of year.yaml that points rest on; the notice, letters and steps in it come after the freeze."""
    until = intake.data.words.admissions_until if intake.data else None
    return {"admissions_until": until.isoformat()} if until else {}


def is_trial(about: Mapping[str, Any]) -> bool:
    """Whether a manifest tells of a trial: other readings or data than the year's own; older ones lack `trial`."""
    readings = about.get("policies", {}).values()
    return bool(about.get("trial") or "scenario" in about or any(each["origin"] == "run" for each in readings))


def trials_folder(processed: Path) -> Path:
    """Where trials are written that are told no other place."""
    return processed / "trials"


def _scheme_hash(intake: Intake) -> str:
    assert intake.scheme is not None
    return hashlib.sha256(intake.scheme.model_dump_json().encode()).hexdigest()


def _scheme_format(intake: Intake) -> int:
    assert intake.scheme is not None
    return intake.scheme.format


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the results in `folder`; empty where there is none that can be read and is whole."""
    try:
        return manifest_of(folder)
    except (OSError, DamagedError):
        return {}


def manifest_of(folder: Path) -> dict[str, Any]:
    """The same; DamagedError saying what is wrong with it, FileNotFoundError where there is none."""
    advice = "请用备份恢复它，或重新评分"
    found: dict[str, Any] = kept_json(folder / "manifest.json", manifest_problem, advice=advice)
    return found


def manifest_text(about: Mapping[str, Any]) -> str:
    return json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_scores(
    folder: Path,
    book: ScoreBook,
    about: dict[str, Any],
    *,
    csv: bool = False,
    more: Mapping[str, str] | None = None,
    keeping: Keeping | None = None,
    unfreeze: str = "",
) -> list[Path]:
    """`scores`, `results`, `nodes` as Parquet (and CSV), files of `more`, and `manifest.json` with the hashes of all.

    A CSV that is there already is written anew: it must not stay behind. With `keeping` the scoring enters the
    history; RefusedError then where the year is final, or a raw file is no longer the one that was read. `unfreeze`:
    the reason why it is no longer final, which is taken back together with the new results or not at all.

    A trial is marked in every file, enters no history, and is refused where results stand.
    """
    there = read_manifest(folder)
    if trial := is_trial(about):
        if keeping is not None:
            raise RefusedError(f"试算不能写进 {folder}：那里是结果和历史")
        _refuse_results(folder, there)
    if unfreeze:
        check_frozen(folder, there, keeping.raw if keeping else None)
    with whole_set(folder) as stage:
        _tables(stage, book, csv=csv or (folder / _csv("scores", trial)).is_file(), trial=trial)
        for name, text in (more or {}).items():
            stage.write(name, text)
        results = {name: sha256_of(stage.new / name) for name in stage.names()}
        if all(name in results for name in history.TABLES) and "year" in about:
            about = {**about, "id": history.scoring_id({**about, "results": results})}
        if "id" in about and there.get("id") == about["id"]:  # the same scoring: what was made of it still holds
            results = {**_written(folder, there), **results}
        stage.drop(set(there.get("results", {})) - set(results))
        about = {**about, "results": results, "status": TRIAL if trial else OPEN}
        if keeping is not None:
            about["status"] = OPEN if unfreeze else _check_final(keeping.binding, about, keeping.raw)
            if not unfreeze and not _is_binding(folder, keeping):
                _check_final(folder, about)  # elsewhere, too, what is final stays
            about |= _keep(stage, about, keeping.raw, there, unfreeze)
        written = [*stage.names(), "manifest.json"]
        stage.write("manifest.json", manifest_text(about))
    if keeping is not None and _is_binding(folder, keeping):
        witness.bear_witness(folder, keeping.raw)
    return [folder / name for name in written if not name.startswith("history/")]


def _refuse_results(folder: Path, there: Mapping[str, Any]) -> None:
    if history.is_kept(folder) or ((folder / "manifest.json").is_file() and not is_trial(there)):
        raise RefusedError(
            f"{folder} 中是按真实数据评出的结果（或 manifest.json 读不出），试算不能覆盖它；请用 --out 另选一个文件夹"
        )


def _csv(name: str, trial: bool) -> str:
    return f"{name}-{TRIAL}.csv" if trial else f"{name}.csv"


def _tables(stage: Stage, book: ScoreBook, *, csv: bool, trial: bool) -> None:
    import pyarrow.parquet as pq

    for name, table in book.tables.items():
        made = arrow_table(table)
        if trial:  # a file that is handed on alone still says what it is
            made = made.replace_schema_metadata({**made.schema.metadata, b"kaohe": NO_RESULT.encode()})
        pq.write_table(made, stage.path(f"{name}.parquet"), compression="zstd")
        if csv:
            path = stage.path(_csv(name, trial))
            neutralised(table.frame()).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _written(folder: Path, there: Mapping[str, Any]) -> dict[str, str]:
    """Files of the set that are there, as they were written."""
    return {name: sha for name, sha in there["results"].items() if (folder / name).is_file()}


def _is_binding(folder: Path, keeping: Keeping) -> bool:
    return folder.resolve() == keeping.binding.resolve()


def check_frozen(folder: Path, about: Mapping[str, Any], raw: Path | None = None) -> None:
    """RefusedError where the results in `folder` are not final, neither by the history nor by their manifest, nor by
    what stands beside the data in `raw`."""
    by_witness = raw is not None and witness.frozen(folder, raw)
    if history.frozen_by(folder) is None and about.get("status") != FINAL and not by_witness:
        raise RefusedError(f"{year_said(folder.name)}没有定稿，不需要撤销")


def _check_final(binding: Path, about: Mapping[str, Any], raw: Path | None = None) -> str:
    """The status of a scoring; RefusedError where the year is final with another."""
    final = history.frozen_by(binding)
    if final is None:
        says = [binding / "manifest.json"] if read_manifest(binding).get("status") == FINAL else []
        says += [witness.place_of(raw, binding.name)] if raw is not None and witness.frozen(binding, raw) else []
        if says:
            raise RefusedError(
                f"{says[0]} 写明 {year_said(about['year'])}已定稿，历史中却没有定稿的记录，"
                f"记录被删除或改动过。"
                f"请先运行 kaohe verify {about['year']}；确要重评，请加 --unfreeze --reason 写明理由"
            )
        return OPEN
    differs = list(differences(final.manifest, about))
    if differs:
        raise RefusedError(
            f"{year_said(about['year'])}已于 {final.day} 定稿（{final.reason}），"
            f"这次评分与定稿不同：{'；'.join(differs)}。"
            f"确要重评，请加 --unfreeze --reason 写明理由"
        )
    return FINAL


def differences(final: Mapping[str, Any], about: Mapping[str, Any]) -> list[str]:
    """How a scoring differs from the final one; another version of kaohe that finds the same is no difference."""
    found = []
    for key, what in (("inputs", "原始数据"), ("previous_inputs", f"{spoken(about['year']).last}原始数据")):
        then, now = final[key], about[key]
        names = [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
        if key == "inputs" and final.get("admissions_until") == about.get("admissions_until"):
            names = [name for name in names if name != YEAR_FILE]
        if names:
            found.append(
                f"{what}有改动（{'、'.join(names[:5])}{f' 等 {len(names)} 个文件' if len(names) > 5 else ''}）"
            )
    readings = [
        name
        for name in sorted({*final["policies"], *about["policies"]})
        if final["policies"].get(name, {}).get("value") != about["policies"].get(name, {}).get("value")
    ]
    if readings:
        found.append(f"读法不同（{'、'.join(readings)}）")
    if final["scheme"]["sha256"] != about["scheme"]["sha256"]:
        found.append("考核方案不同")
    if final["provisional"] != about["provisional"]:
        found.append("一为缺项暂计，一为正式")
    both = set(tables_of(final)) & set(tables_of(about))
    if not found and any(final["results"][name] != about["results"][name] for name in both):
        found.append(f"同样的数据评出了不同的结果（定稿用 kaohe {final['kaohe']}，现为 {about['kaohe']}）")
    return found


def _keep(stage: Stage, about: Mapping[str, Any], raw: Path, there: Mapping[str, Any], unfreeze: str) -> dict[str, Any]:
    """What the scoring rested on and what came out into the history, unless it is the last one there.

    Returns what the manifest says of the last record.
    """
    contents = list(_contents(about, raw))
    past = history.scorings(stage.folder)
    events: list[tuple[history.Event, Mapping[str, Any], str]] = (
        [("unfreeze", there if "id" in there else about, unfreeze)] if unfreeze else []
    )
    if not past or past[-1].id != about["id"]:
        for content in (*contents, *((stage.new / name).read_bytes() for name in tables_of(about))):
            history.keep(stage.folder, content)
        events.append(("score", about, ""))
    entries = history.entries(stage.folder, events)
    for entry in entries:
        stage.write(entry.name, entry.text)
    if entries:
        return {"record": entries[-1].mark}
    last = history.records(stage.folder)[-1]  # the manifest there may have been lost, not what it said
    return {"record": there.get("record", {"number": last.number, "sha256": last.sha256})}


def _contents(about: Mapping[str, Any], raw: Path) -> list[bytes]:
    """The raw files as they were read; RefusedError where one was changed meanwhile, is new or gone."""
    for year, read in ((about["year"], about["inputs"]), (about["previous_year"], about["previous_inputs"])):
        now = inputs(raw / year) if read else {}
        changed = [name for name in sorted({*read, *now}) if read.get(name) != now.get(name)]
        if changed:
            raise RefusedError(f"评分期间 {raw / year / changed[0]} 有改动，结果没有写出，请重新运行")
    found = []
    for year, name, sha256 in history.inputs_of(about):
        content = (raw / year / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise RefusedError(f"评分期间 {raw / year / name} 有改动，结果没有写出，请重新运行")
        found.append(content)
    return found


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def neutralised(table: pd.DataFrame) -> pd.DataFrame:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""

    def safe(value: Any) -> Any:
        return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value

    texts = table.select_dtypes(exclude=["number", "bool", "boolean"]).columns
    return table.assign(**{name: table[name].map(safe) for name in texts})
