"""A folder of schools: each for itself, here or by the workers of a cluster, one of which is killed in its work."""

import json
import logging
import os
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from distributed import KilledWorker, LocalCluster

from kaohe.batch.many import cluster as cluster_module
from kaohe.batch.many.jobs import ScoreYears, carried_out, seen_here
from kaohe.batch.many.told import told_of_json
from kaohe.files import failpoints
from kaohe.scheme.schools import schools_in
from tests.batch.test_other_schemes import ATHLETES, COUNTRIES, METRICS, year_of
from tests.crashing import shown
from tests.exchange.filling import kaohe
from tests.faults import content, timeless
from tests.reporting import WITHOUT_PICTURES, dead_links

GOOD, OTHER, WRONG, NEW = "田径 一校", "指数", "坏了", "新校"
EVENT, CALENDAR = "2004-athens", "2021"


@pytest.fixture(scope="module")
def schools(tmp_path_factory):
    """Four schools of two schemes: one whose data is wrong, one that has none yet."""
    base = tmp_path_factory.mktemp("many") / "schools"
    year_of(base / GOOD, "decathlon", EVENT, "athlete", {"S1": ATHLETES["S1"]})
    countries = {unit: (name, dict(zip(METRICS, given, strict=True))) for unit, (name, *given) in COUNTRIES.items()}
    year_of(base / OTHER, "undp-hdi-2021", CALENDAR, "country", countries)
    year_of(base / WRONG, "undp-hdi-2021", CALENDAR, "country", {"X": ("甲", dict.fromkeys(METRICS, "多"))})
    (base / NEW).mkdir()
    (base / NEW / "kaohe.yaml").write_text("scheme: decathlon\n", encoding="utf-8")
    return base


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in WITHOUT_PICTURES.items():
            patch.setenv(name, value)
        with LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=logging.CRITICAL,
            local_directory=str(tmp_path_factory.mktemp("workers")),
        ) as found:  # fmt: skip
            yield found


def results(schools):
    """What was scored, but for when: a manifest names the record of its scoring, which has its time."""
    found = {f"{school}/{name}": each for school in (GOOD, OTHER, WRONG) for name, each in _processed(schools / school)}
    return {name: timeless(each) if name.endswith(".json") else each for name, each in found.items()}


def _processed(school):
    for name, each in content(school / "processed").items():
        if "history/" not in name:
            yield name, each


def forgotten(schools):
    """As if no school had ever been scored."""
    for school in (GOOD, OTHER, WRONG):
        shutil.rmtree(schools / school / "processed", ignore_errors=True)
        for witness in (schools / school / "raw").glob(".kaohe-*"):
            witness.unlink()


def test_a_folder_is_one_of_schools_where_a_school_says_so(schools, tmp_path):
    assert schools_in(schools) == [WRONG, OTHER, NEW, GOOD]
    assert schools_in(schools / GOOD) is None
    assert schools_in(schools / GOOD / "raw") is None
    assert schools_in(tmp_path / "nowhere") is None
    (tmp_path / "data" / "raw").mkdir(parents=True)
    assert schools_in(tmp_path) is None  # above a college's own data


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["explain", CALENDAR, "CHN", "--school", OTHER], 0, "2021 年度 CHN 中国"),
        (["explain", CALENDAR, "CHN"], 2, f"请用 --school 写明是哪一所：{WRONG}、{OTHER}、{NEW}、{GOOD}"),
        (["check", CALENDAR, "--school", "指数一"], 2, "没有学校 指数一；是否指 指数？"),
        (["score", CALENDAR, "--school", "指数一"], 2, "没有学校 指数一；是否指 指数？"),
        (["score", CALENDAR, "--school", OTHER, "--policy", "x=y"], 2, "x"),
        (["score", CALENDAR, "--policy", "x=y"], 2, "--policy 只用于一所学校的一个年度"),
        (["score", "1999"], 2, f"没有一所学校有 1999；已有：{EVENT}、{CALENDAR}"),
        (["report", "--unit", "S1", "--scheduler", "tcp://127.0.0.1:1"], 2, "--unit 只用于一所学校"),
    ],
)
def test_which_school_is_meant(schools, words, code, said):
    assert kaohe(*words, "--data", schools)[0] == code
    assert said in kaohe(*words, "--data", schools)[1]


def test_no_school_is_named_where_there_is_one(schools):
    for command in ("check", "score"):
        assert kaohe(command, CALENDAR, "--data", schools / OTHER, "--school", OTHER)[0] == 2
    assert kaohe("score", "--data", schools / OTHER)[0] == 2  # a year is asked for


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"version": "0"}, "请装成同一版本"),
        ({"data": Path("nowhere")}, "以同一路径"),
        ({"years": ("1999",)}, "1999"),
        ({"out": Path(os.devnull)}, "无法写入"),
    ],
)
def test_what_is_wrong_with_a_job_is_told(schools, about, said):
    job = replace(ScoreYears(OTHER, schools / OTHER, (CALENDAR,)), **about)
    told = carried_out(job)
    assert not told.well
    assert said in told.failed + "".join(year.said for year in told.years)


def test_what_was_written_elsewhere_is_noticed(schools, tmp_path):
    job = ScoreYears(OTHER, schools / OTHER, (CALENDAR,))
    told = carried_out(job)
    assert seen_here(job, told) is told
    assert "不是各台机器共用的" in seen_here(replace(job, data=tmp_path), told).failed
    assert told_of_json(json.loads(json.dumps(told.as_json()))) == told


def test_a_job_that_ends_its_workers_is_given_up_and_a_scheduler_that_is_gone_ends_the_run(schools):
    job = ScoreYears(OTHER, schools / OTHER, (CALENDAR,))

    def future(status, error):
        return SimpleNamespace(status=status, exception=lambda: error)

    killed = cluster_module._told(future("error", KilledWorker("job", SimpleNamespace(address="tcp://x"), 3)), job, "x")
    assert "已放弃" in killed.failed
    assert "OSError：坏" in cluster_module._told(future("error", OSError("坏")), job, "x").failed
    with pytest.raises(cluster_module.ClusterError, match="连接断了"):
        cluster_module._told(future("lost", None), job, "x")


def test_a_cluster_that_is_not_there_is_told(schools, monkeypatch):
    monkeypatch.setattr(cluster_module, "CONNECTED_WITHIN", 0.1)
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        code, said = kaohe("score", CALENDAR, "--data", schools, "--scheduler", address)
        assert code == 1
        assert f"连不上调度程序 {address}" in said
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "pip install 'kaohe[cluster]'" in kaohe("score", CALENDAR, "--data", schools, "--scheduler", address)[1]


def test_a_cluster_comes_to_the_same_bytes_though_a_worker_is_killed(schools, cluster):
    forgotten(schools)
    code, here = kaohe("score", "--data", schools)
    assert code == 1
    found = results(schools)
    assert len([name for name in found if name.endswith("results.parquet")]) == 2
    forgotten(schools)
    with cluster.get_client() as client:
        before = client.run(os.getpid)
        first = next(iter(before))
        client.run(failpoints.arm, "kill=8", workers=[first])  # in the midst of writing what belongs together
        code, there = kaohe("score", "--data", schools, "--scheduler", cluster.scheduler_address)
        client.wait_for_workers(2)
        assert before[first] not in client.run(os.getpid).values(), "no worker was killed"
    assert (code, results(schools)) == (1, found)
    words = [[line for line in said.splitlines() if not line.startswith("3/3")] for said in (here, there)]
    assert words[0] == words[1]  # but for how fast it went


@pytest.mark.slow
@pytest.mark.notebook
def test_reports_of_a_cluster_are_the_same_bytes(schools, cluster):
    out = schools.parent / "out"
    words = ("report", "--quick", "--data", schools, "--out", out, "--school", GOOD)
    assert kaohe(*words)[0] == 0
    here = pages(out)
    assert f"{GOOD}/{EVENT}/units/S1.html" in here
    shutil.rmtree(out)
    assert kaohe(*words, "--scheduler", cluster.scheduler_address)[0] == 0
    there = pages(out)
    one = ("score", EVENT, "--data", schools / GOOD, "--scheduler", cluster.scheduler_address)
    code, said = kaohe(*one)  # a school's own folder is one job
    assert (code, said.splitlines()[-1]) == (0, "1 个年度中 1 个有结果")
    assert [name for name in {*here, *there} if here.get(name) != there.get(name)] == []


@pytest.mark.slow
@pytest.mark.notebook
def test_the_page_over_the_sites_of_all_schools(schools):
    out = schools.parent / "out"
    words = ("report", "--quick", "--data", schools, "--out", out, "--json")
    code, said = kaohe(*words, "--school", GOOD, "--school", WRONG)
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert code == 1
    assert [each["event"] for each in events] == ["begun", "school", "school", "finished"]
    assert [each["well"] for each in events[1:3]] == [True, False]
    page = (out / "index.html").read_text(encoding="utf-8")
    links = {unquote(link) for link in re.findall('href="([^"]+)"', page)}
    assert {f"{GOOD}/index.html", f"{GOOD}/{EVENT}/index.html", f"{WRONG}/{CALENDAR}/check.html"} <= links
    assert [each for each in dead_links(out) if each[0] == "index.html"] == []
    for told in (OTHER, NEW, "还没有数据", "没有做成的", "4 处错误", "男子十项全能评分表", "世界田径联合会"):
        assert told in page
    assert kaohe("report", "--data", schools / GOOD, "--out", out)[0] == 1
    assert (out / "index.html").read_text(encoding="utf-8") == page, "the page over all schools stays"


def pages(out):
    seen = {".ipynb": shown, ".json": timeless}
    found = {name: each for name, each in content(out).items() if name.rsplit("/", 1)[-1] != ".unchanged.json"}
    return {name: seen.get(os.path.splitext(name)[1], bytes)(each) for name, each in found.items()}
