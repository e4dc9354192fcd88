"""Makes a scored year final, or takes that back; and holds what was written against its hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kaohe.files.kept import DamagedError, KeptError
from kaohe.files.sets import whole_set
from kaohe.intake.reading import Intake
from kaohe.intake.tables.vocabulary import TABLES
from kaohe.scheme.years import year_said
from kaohe.scoring import history, witness
from kaohe.scoring.marks import PENDING
from kaohe.scoring.parquet import rows_of
from kaohe.scoring.refusal import RefusedError
from kaohe.scoring.sound import tables_of
from kaohe.scoring.write import (
    FINAL,
    OPEN,
    check_frozen,
    is_trial,
    manifest_of,
    manifest_text,
    read_manifest,
    sha256_of,
)


def freeze(folder: Path, intake: Intake, raw: Path, reason: str, *, pending: bool = False) -> history.Record:
    """The results in `folder` are final. The caller holds `folder`.

    RefusedError where they are provisional, a trial, no longer those of the raw data, or were changed by hand; and,
    unless `pending`, where a grade waits for a decision.
    """
    about = read_manifest(folder)
    year = intake.year
    if "id" not in about:
        raise RefusedError(f"{year_said(year)}还没有评分结果，请先运行 kaohe score {year}")
    if final := history.frozen_by(folder):
        raise RefusedError(f"{year_said(year)}已于 {final.day} 定稿：{final.reason}")
    if about["provisional"]:
        raise RefusedError(f"{year_said(year)}的结果是缺项暂计的，报齐并重新评分后才能定稿")
    trial = [name for name, policy in about["policies"].items() if policy["origin"] == "run"]
    if trial:
        raise RefusedError(f"结果用了试算的读法（{'、'.join(trial)}），定稿前请写进 policies.yaml 并重新评分")
    if is_trial(about):
        raise RefusedError(f"{folder} 中是试算，不能定稿；请先运行 kaohe score {year}")
    if problems := list(verify(folder, raw, intake)):
        raise RefusedError("核对不符，不能定稿：\n" + "\n".join(problems))
    if not pending and intake.scheme is not None and intake.scheme.results.grades:
        check_decided(year, _waiting(folder), intake.scheme.deciders)
    _decide(folder, "freeze", {**about, "status": FINAL}, reason)
    witness.bear_witness(folder, raw)
    return history.records(folder)[-1]


def check_decided(year: str, waiting: Sequence[str], deciders: str) -> None:
    """RefusedError where units still wait for their grade."""
    if waiting:
        raise RefusedError(
            f"{year_said(year)}还有 {len(waiting)} 个单位{PENDING}：{'、'.join(waiting)}。"
            f"请把{deciders}的结论、理由和日期填进“{TABLES['decisions'].chinese}”表（decisions）并重新评分；"
            "确要不等审议，请加 --pending"
        )


def _waiting(folder: Path) -> list[str]:
    """Units of the results written whose grade is not decided: `C01 信息工程学院`."""
    table = folder / "results.parquet"
    try:
        found = rows_of(table.read_bytes(), ["unit_id", "name", "grade"])
    except (ValueError, OSError, KeyError) as error:  # written by somebody else, hash and all
        raise RefusedError(f"{table} 不是评分结果的表，请重新评分：{error}") from None
    return [f"{row['unit_id']} {row['name']}" for row in found if row["grade"] == PENDING]


def unfreeze(folder: Path, raw: Path, reason: str) -> None:
    """The year is open again; the caller holds `folder`. RefusedError where it was not final."""
    about = read_manifest(folder)
    check_frozen(folder, about, raw)
    if "id" not in about:
        raise RefusedError(f"{folder / 'manifest.json'} 读不出，请先重新评分：kaohe score --unfreeze --reason 写明理由")
    _decide(folder, "unfreeze", {**about, "status": OPEN}, reason)
    witness.bear_witness(folder, raw)


def _decide(folder: Path, event: history.Event, about: Mapping[str, Any], reason: str) -> None:
    """The decision and the manifest's status change together."""
    with whole_set(folder) as stage:
        (entry,) = history.entries(folder, [(event, about, reason)])
        stage.write(entry.name, entry.text)
        stage.write("manifest.json", manifest_text({**about, "record": entry.mark}))


def verify(folder: Path, raw: Path, intake: Intake | None = None) -> Iterator[str]:
    """What is not as the manifest says, one sentence each: results, manifest, raw files, history.

    With `intake`, the year as it is read now, raw files that came later are told, too.
    """
    try:
        about = manifest_of(folder)
    except FileNotFoundError:
        yield f"{folder}：没有 manifest.json，无法核对；请重新评分"
        return
    except DamagedError as error:
        yield f"{error}；现在无法核对"
        return
    if "id" not in about:
        yield f"{folder}：manifest.json 是旧版本写的，没有结果的校验值，无法核对；请重新评分"
        return
    if is_trial(about):
        yield f"{folder}：其中是试算，不是考核结果；请重新评分"
    for name, sha256 in about["results"].items():
        path = folder / name
        if not path.is_file():
            yield f"{path}：结果文件不见了"
        elif sha256_of(path) != sha256:
            yield f"{path}：与写出时的校验值不符，写出之后被改动过"
    if history.scoring_id(about) != about["id"]:
        yield f"{folder / 'manifest.json'}：内容与它的评分编号 {about['id']} 不符，写出之后被改动过"
    yield from _raw_changed(about, raw, intake)
    yield from _history_spoiled(folder, raw, about)


def _raw_changed(about: Mapping[str, Any], raw: Path, intake: Intake | None) -> Iterator[str]:
    for year, name, sha256 in history.inputs_of(about):
        path = raw / year / name
        if not path.is_file():
            yield f"{path}：评分所用的原始文件不见了"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            yield f"{path}：原始文件在评分之后有改动，结果已不是按现在的数据评出的"
    if intake is not None and intake.data is None:
        yield f"{raw / about['year']}：现在的原始数据读不成一个年度，请看 kaohe check {about['year']}"
    later = set(intake.data.files) - set(about["inputs"]) if intake and intake.data else set()
    for name in sorted(later):
        yield f"{raw / about['year'] / name}：原始文件是评分之后才有的，结果没有用到它；请先重新评分"


def _unmarked(folder: Path, raw: Path, about: Mapping[str, Any]) -> Iterator[str]:
    """What the manifest no longer says of the history, though it did: manifests of old versions never said it."""
    try:
        said = any(record.previous for record in history.records(folder)) or bool(witness.links(folder, raw))
    except KeptError:
        return  # told already
    for name in ("record", "status"):
        if said and name not in about:
            yield f"{folder / 'manifest.json'}：没有 {name} 一项，写出之后被改动过"


def _history_spoiled(folder: Path, raw: Path, about: Mapping[str, Any]) -> Iterator[str]:
    try:
        past = history.scorings(folder)
    except history.HistoryError as error:
        yield str(error)
        return
    yield from history.broken(folder, about)
    yield from witness.contradictions(folder, raw)
    yield from _unmarked(folder, raw, about)
    final = FINAL if history.frozen_by(folder) else OPEN
    if past and about.get("status", final) != final:
        yield f"{folder / 'manifest.json'}：写明“{about['status']}”，而按历史应为“{final}”"
    if past and past[-1].id != about["id"]:
        yield f"{folder / 'manifest.json'}：评分编号 {about['id']} 不是历史中最近一次评分 {past[-1].id}"
    hashes = {sha for record in past for _, _, sha in history.inputs_of(record.manifest)}
    hashes |= {record.manifest["results"][name] for record in past for name in tables_of(record.manifest)}
    for sha256 in sorted(hashes):
        try:
            history.kept(folder, sha256)
        except history.HistoryError as error:
            yield str(error)
