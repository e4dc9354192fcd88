"""Next year's regulation from this year's: taken away, changed, added, renamed; read, audited and scored."""

from fractions import Fraction
from pathlib import Path

import pytest

from kaohe.scheme import Scheme, read_scheme, shipped
from kaohe.scheme.audit import audit
from kaohe.scheme.reading import SHIPPED
from kaohe.scoring.score import score_year
from tests.scheme.written import HEAD, LEAF, PLAIN, problems, read, written
from tests.small import add, change, small_year
from tests.small import read as rows_of

REVISION = """\
based_on: lygtc-2018
id: lygtc-2018-revised
drop: [B02]
sections:
  - {id: B-01, full: 1}
  - {id: B-02, full: 10, indicators: [{id: B10, full: 2}]}
  - {id: K-4, name: 招生与生源}
departments:
  - id: D15
    name: 信息化办公室
    clause: 附件2·信息化办公室
    tasks:
      - {id: T05, name: 校园网扩容}
      - {id: T06, name: 数据治理, innovative: true}
"""


@pytest.fixture(scope="module")
def revised(tmp_path_factory) -> Scheme:
    folder = tmp_path_factory.mktemp("revised")
    (folder / "scheme.yaml").write_text(REVISION, "utf-8")
    return read_scheme(folder)


def test_a_revision_takes_away_changes_adds_and_renames(revised):
    base = shipped("lygtc-2018")
    gone = set(base.indicators) - set(revised.indicators)
    new = set(revised.indicators) - set(base.indicators)
    assert gone == {"B02"}
    assert new == {*(f"D15.W{number}" for number in range(1, 5)), "D15.T05", "D15.T06"}
    assert (revised.indicators["B10"].full, revised.indicators["D15.T05"].full) == (2, 30)
    assert revised.tree["K-4"].item.name == "招生与生源"
    assert len(revised.departments) == 15
    same = set(base.indicators) - {"B02", "B10"}
    assert all(base.indicators[name] == revised.indicators[name] for name in same)


def test_the_audit_finds_nothing_that_it_did_not_find_before(revised):
    before = {each.key for each in audit(shipped("lygtc-2018"))}
    assert {each.key for each in audit(revised)} == before


def test_a_revised_year_is_scored_with_the_demonstration_data_adapted(tmp_path):
    raw = tmp_path / "raw"
    units = ("C01", "C02", "C03", "E01", "D03", "D05")
    plain = small_year(tmp_path / "plain", units=units)
    folder = small_year(tmp_path, units=units)
    before = score_year("2018-2019", plain.parent)
    (folder / "scheme.yaml").write_text(REVISION, "utf-8")
    change(folder, "ratings", lambda row: None, where=lambda row: row["indicator"] == "B02")
    change(folder, "self_scores", lambda row: None, where=lambda row: row["indicator"] == "B02")
    doubled = change(folder, "ratings", _doubled, where=lambda row: row["indicator"] == "B10")
    change(folder, "self_scores", _doubled, where=lambda row: row["indicator"] == "B10")
    assert doubled
    _fifteenth(folder)
    after = score_year("2018-2019", raw)

    assert after.scheme_id == "lygtc-2018-revised"
    for unit in ("C01", "C02", "C03", "E01"):
        points = {name: before.points[unit, name] for name in ("B02", "B10")}
        raw_before, raw_after = before.unit(unit).nodes["base"].raw, after.unit(unit).nodes["base"].raw
        assert raw_after == raw_before - points["B02"] + points["B10"]
        assert after.points[unit, "B10"] == 2 * points["B10"]
    fifteenth = after.unit("D15")
    assert fifteenth.nodes["total"].points > 0
    assert fifteenth.rank in (1, 2, 3)
    own = {item for unit, item in after.points if unit == "D15"}
    assert own == {*(f"D15.W{number}" for number in range(1, 5)), "D15.T05", "D15.T06"}
    for unit in ("D03", "D05"):
        assert after.unit(unit).nodes["total"].points == before.unit(unit).nodes["total"].points


def _doubled(row: dict[str, str]) -> dict[str, str]:
    column = "points" if "points" in row else "score"
    return {**row, column: str(2 * float(row[column]))} if row.get(column) else row


def _fifteenth(folder: Path) -> None:
    """D15 is handed in what D05 is: its votes, marks and ratings, for the tasks it has."""
    for table in ("units", "ballots", "leader_ratings", "ratings"):
        for row in rows_of(folder / f"{table}.csv")[1]:
            if row["unit_id"] != "D05":
                continue
            mine = {**row, "unit_id": "D15"} | ({"name": "信息化办公室"} if table == "units" else {})
            item = row.get("indicator", "").removeprefix("D05.")
            if table == "ratings":
                mine["indicator"] = f"D15.{item}"
            if table != "ratings" or item in ("W1", "W2", "W3", "W4", "T05", "T06"):
                add(folder, table, **mine)


# drop, and what it is written over


def overlay(folder: Path, text: str) -> Path:
    """A scheme in a folder beside its base."""
    base = folder / "base"
    base.mkdir()
    written(base, PLAIN + MORE)
    return written(folder, text, "based_on: base\nid: other\n")


MORE = """\
figures: {far: {name: 差距, is: {kind: difference, of: 1, less: rate}}}
conditions: {good: {name: 好, is: {value: rate, at_least: 90%}}}
votes: {staff: {name: 投票, paper: marks, out_of: 100}}
kinds: {topic: 课题, paper: 论文}
policies: [{id: P01, name: way, question: 怎样, clause: 一, default: one, options: {one: {says: 甲}, two: {says: 乙}}}]
process: [{id: vote, name: 投票, clause: 一, by: 全体}, {id: notice, name: 公示, clause: 二, by: 办公室}]
results:
  grades: [{id: top, name: 上, at_least: 30}, {id: mid, name: 中, at_least: 20}, {id: low, name: 下}]
  vetoes: {harm: {name: 事故, effect: fails}}
"""


@pytest.mark.parametrize(
    ("drop", "gone"),
    [
        ("a", lambda scheme: "a" not in scheme.tree),
        ("total.b", lambda scheme: "b" not in scheme.tree),
        ("far", lambda scheme: not scheme.figures),
        ("good", lambda scheme: not scheme.conditions),
        ("staff", lambda scheme: not scheme.votes),
        ("topic", lambda scheme: list(scheme.kinds) == ["paper"]),
        ("kinds.paper", lambda scheme: list(scheme.kinds) == ["topic"]),
        ("P01", lambda scheme: not scheme.policies),
        ("way", lambda scheme: not scheme.policies),
        ("P01.options.two", lambda scheme: list(scheme.policy["way"].options) == ["one"]),
        ("notice", lambda scheme: [step.id for step in scheme.process] == ["vote"]),
        ("mid", lambda scheme: [grade.key for grade in scheme.results.grades] == ["top", "low"]),
        ("harm", lambda scheme: not scheme.results.vetoes),
        ("metrics.cash", lambda scheme: None),
        ("process", lambda scheme: not scheme.process),
    ],
)
def test_what_is_dropped_is_gone(tmp_path, drop, gone):
    own = overlay(tmp_path, f"drop: [{drop}]\n" + ("items: [{id: total, items: [{id: d, rule: {kind: judged}}]}]\n"))
    scheme = read_scheme(own)
    assert scheme.id == "other"
    if drop == "metrics.cash":
        assert "cash" not in scheme.metrics
    else:
        assert gone(scheme)


def test_a_way_leads_to_what_has_no_id_of_its_own(tmp_path):
    names = "K4.3, window.longer.K4.3, D02.T06, D14, K1.1.weights.thesis, kinds.thesis, P04"
    written(tmp_path, f"drop: [{names}]\n", "based_on: lygtc-2018\nid: less\n")
    scheme, base = read_scheme(tmp_path), shipped("lygtc-2018")
    assert set(base.indicators) - set(scheme.indicators) == {
        "K4.3", "D02.T06", *(name for name in base.indicators if name.startswith("D14."))
    }  # fmt: skip
    assert scheme.window.longer == ("B28", "B29", "K4.1", "K4.2")
    assert "thesis" not in scheme.indicators["K1.1"].weights
    assert "thesis" not in scheme.kinds
    assert scheme.indicators["D02.T05"].full == Fraction(60, 10)


def test_what_is_dropped_may_be_written_anew(tmp_path):
    own = overlay(
        tmp_path, f"drop: [b]\nitems: [{{id: total, items: [{{id: b, name: 新乙, full: 3, rule: {LEAF}}}]}}]\n"
    )
    found = read_scheme(own).tree["b"].item
    assert (found.name, found.full, found.clause) == ("新乙", 3, "")
    assert read_scheme(own).tree["total"].children == ("a", "c", "d", "b")


def test_new_structures_merge_by_id(tmp_path):
    own = overlay(
        tmp_path,
        "results: {grades: [{id: mid, at_least: 15}], vetoes: {harm: {effect: {bars: [top]}}}}\n"
        "figures: {far: {is: rate}}\nvotes: {staff: {out_of: 50}}\n"
        "items: [{id: total, items: [{id: a, full: {by_category: {big: 10, small: 8}}}]}]\n",
    )
    scheme = read_scheme(own)
    assert [(grade.key, grade.name) for grade in scheme.results.grades] == [("top", "上"), ("mid", "中"), ("low", "下")]
    assert scheme.results.grades[1].at_least.value == 15
    assert scheme.results.vetoes["harm"].effect.bars == ("top",)
    assert (scheme.figures["far"].name, scheme.figures["far"].figure.kind) == ("差距", "metric")
    assert (scheme.votes["staff"].name, scheme.votes["staff"].out_of.value) == ("投票", 50)
    assert scheme.tree["a"].item.name == "甲"


BY_CLASS, BY_SIZE = "by_category: {big: 10, small: 8}", "by_size: {large: 3, else: 2}"


@pytest.mark.parametrize(("first", "then"), [(BY_CLASS, BY_SIZE), (BY_SIZE, BY_CLASS)])
def test_a_figure_by_another_trait_takes_the_place_of_the_first(tmp_path, first, then):
    """Also by one of the scheme's own; the values of both would make no figure."""
    for name in ("base", "own", "plain"):
        (tmp_path / name).mkdir()
    head = f"{HEAD}traits: {{size: {{name: 大小, values: {{large: 大, little: 小}}}}}}\n"
    written(tmp_path / "base", f"figures: {{far: {{name: 差距, is: {{{first}}}}}}}\n{PLAIN}", head)
    own = written(tmp_path / "own", f"figures: {{far: {{is: {{{then}}}}}}}\n", "based_on: ../base\nid: own\n")
    plain = read(tmp_path / "plain", f"figures: {{far: {{name: 差距, is: {{{then}}}}}}}\n{PLAIN}", head)
    assert read_scheme(own).figures == plain.figures


WRONG = {
    "an unknown id": ("drop: [K9]\n", "drop", "所依据的方案里没有 K9"),
    "nearly an id": ("drop: [stafff]\n", "drop", "是否应为 staff"),
    "two of that name": ("drop: [vote]\n", "drop", "有 2 处叫 vote"),
    "no list": ("drop: K1\n", "drop", "应为编号的列表"),
    "an empty list of items": ("items: []\n", "items", "空的列表不改变所依据的方案；要去掉其中的项，写 drop: [编号]"),
    "an empty list below": ("items: [{id: total, items: []}]\n", "items.total.items", "空的列表"),
    "no policies": ("policies: []\n", "policies", "空的列表"),
    "no kinds": ("kinds: {}\n", "kinds", "空的映射"),
    "no vetoes": ("results: {vetoes: {}}\n", "results.vetoes", "空的映射"),
    "what is dropped is named elsewhere": (
        "drop: [total.a]\nitems: [{id: more, name: 另, rule: {kind: score, of: a}}]\n", "items.more.rule.of",
        "各项（items）里没有 a（a 已用 drop 去掉",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_would_be_ignored_is_told(tmp_path, name):
    text, field, words = WRONG[name]
    overlay(tmp_path, text)
    if name == "two of that name":
        base = tmp_path / "base" / "scheme.yaml"
        base.write_text(base.read_text("utf-8").replace("kinds: {topic: 课题,", "kinds: {vote: 课题,"), "utf-8")
    ((line, where, said),) = problems(tmp_path, text, "based_on: base\nid: other\n")
    assert (where, line) == (field, 3 if name != "what is dropped is named elsewhere" else 4)
    assert words in said


@pytest.mark.parametrize("empty", ["departments: []", "sections: []", "kinds: {}"])
def test_empty_lists_over_the_shipped_scheme(tmp_path, empty):
    found = problems(tmp_path, f"{empty}\n", "based_on: lygtc-2018\nid: other\n")
    assert [(line, field) for line, field, _ in found] == [(3, empty.split(":")[0])]


def test_empty_lists_of_a_scheme_of_its_own_say_that_there_are_none(tmp_path):
    assert read(tmp_path, PLAIN + "departments: []\nsections: []\nkinds: {}\npolicies: []\n").departments == ()


def test_a_base_is_a_shipped_scheme_or_a_folder_or_a_file(tmp_path):
    assert read_scheme(overlay(tmp_path, "")).title == "小办法"
    written(tmp_path, "", "based_on: base/scheme.yaml\nid: other\n")
    assert read_scheme(tmp_path).title == "小办法"


def test_a_base_that_rests_on_this_very_scheme_is_told(tmp_path):
    overlay(tmp_path, "")
    base = tmp_path / "base" / "scheme.yaml"
    base.write_text("based_on: ..\nid: round\n", "utf-8")
    ((_, field, said),) = problems(tmp_path, "", "based_on: base\nid: other\n")
    assert field == "based_on"
    assert "绕回到自己" in said


def test_the_older_form_over_a_base_is_told(tmp_path):
    found = problems(tmp_path, "groups: {yuanbu: {quota: 3}}\n", "based_on: lygtc-2018\nid: other\n")
    assert [field for _, field, _ in found] == ["groups.yuanbu.quota"]
    assert "kaohe scheme migrate" in found[0][2]


def test_a_base_elsewhere_is_not_kept_with_a_year(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    written(tmp_path / "elsewhere", PLAIN, HEAD)
    folder = small_year(tmp_path, units=("C01",))
    (folder / "scheme.yaml").write_text("based_on: ../../elsewhere\nid: other\n", "utf-8")
    with pytest.raises(ValueError, match="不能评分") as caught:
        score_year("2018-2019", folder.parent)
    assert any("不在年度文件夹里" in str(each) for each in caught.value.findings)
    assert SHIPPED.is_dir()
