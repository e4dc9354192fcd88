"""A wrong scheme file is refused with file, line, field and what was expected; the cases are in wrong-files.yaml."""

import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.scheme import SchemeError, read_scheme, reading, shipped, shipped_ids
from kaohe.scheme.reading import SHIPPED, Problem
from kaohe.scheme.yamlfile import (
    MOST_BYTES,
    NotYamlError,
    Parsed,
    UnusualError,
    load,
    parse,
    parse_ordinary,
)
from kaohe.scheme.yamlwhole import parse_whole

SOURCE = SHIPPED / "lygtc-2018"
WRONG = {case["name"]: case for case in load(Path(__file__).with_name("wrong-files.yaml")).content}


PARSED: dict[bytes, Parsed] = {}


def parsed_once(raw: bytes) -> Parsed:
    if raw not in PARSED:
        PARSED[raw] = parse(raw)
    return PARSED[raw]


@pytest.fixture(autouse=True)
def _files_that_did_not_change_are_parsed_once(monkeypatch):
    monkeypatch.setattr(reading, "parse", parsed_once)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the shipped scheme."""
    return Path(shutil.copytree(SOURCE, tmp_path / "scheme"))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} is not unique in {path}"
    path.write_text(text.replace(old, new), "utf-8")


def line_of(path: Path, mark: str) -> int:
    text = path.read_text("utf-8")
    assert text.count(mark) == 1, f"{mark!r} is not unique in {path}"
    return text[: text.index(mark)].count("\n") + 1


def problems_of(path: Path) -> list[Problem]:
    with pytest.raises(SchemeError) as caught:
        read_scheme(path)
    return caught.value.problems


def in_short(problems: list[Problem]) -> list[tuple[str, int | None, str]]:
    return [(each.file, each.line, each.field) for each in problems]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused(folder, name):
    case = WRONG[name]
    replace(folder / case["file"], case["old"], case["new"])
    found = problems_of(folder)
    expected = [(each.get("in", case["file"]), each["at"], each["field"]) for each in case["problems"]]
    assert in_short(found) == [
        (file, line_of(folder / file, mark) if mark else None, field) for file, mark, field in expected
    ], "\n".join(map(str, found))
    for problem, wanted in zip(found, case["problems"], strict=True):
        assert wanted["says"] in problem.expected


def test_a_problem_reads_as_one_line(folder):
    replace(folder / "scheme.yaml", "share: 10}", "share: zwei}")
    lines = (folder / "scheme.yaml").read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "zwei" in text)
    with pytest.raises(SchemeError, match="考核方案有误") as caught:
        read_scheme(folder)
    wrong = "votes.leaders.voters.deputy.share：应为数字（如 1.5）或百分数（如 70%），现为 zwei"
    assert f"  scheme.yaml 第 {line} 行，{wrong}" in str(caught.value)


def test_every_problem_is_named_at_once(folder):
    replace(folder / "scheme.yaml", "share: 10}", "share: zwei}")
    replace(folder / "policies.yaml", "default: proportional", "default: wrong")
    replace(folder / "annex1-key/4-admissions.yaml", "at_least: 70%", "at_least: 7O%")
    assert [problem.file for problem in problems_of(folder)] == [
        "scheme.yaml", "policies.yaml", "annex1-key/4-admissions.yaml"
    ]  # fmt: skip


def test_other_files_that_are_no_scheme(folder):
    part = folder / "annex2-departments/D02.yaml"
    shown = "annex2-departments/D02.yaml"
    for content, line, words in (
        (b"", 1, "应为“字段: 内容”的映射"),
        (b"- a\n- b\n", 1, "应为“字段: 内容”的映射"),
        ("# 说明\ndepartments:\n  - id: 监察室".encode("gb18030"), 1, "请另存为 UTF-8"),
        (b"departments:\n  - id: D02\n    name: " + "监察室".encode("gb18030"), 3, "请另存为 UTF-8"),
        (b"? {a: {}}\n: b\n", None, "写法过于特殊"),
        (b"a: " + b"[" * 600, None, "写法过于特殊"),
    ):
        part.write_bytes(content)
        (problem,) = problems_of(folder)
        assert (problem.file, problem.line) == (shown, line)
        assert words in problem.expected
    part.unlink()
    part.mkdir()
    (problem,) = problems_of(folder)
    assert (problem.file, problem.line) == (shown, None)
    assert "无法读取" in problem.expected


def test_a_missing_scheme(tmp_path):
    (problem,) = problems_of(tmp_path)
    assert (problem.file, problem.line) == ("scheme.yaml", None)
    assert "无法读取" in problem.expected


def test_a_byte_order_mark_and_windows_line_ends_are_read(folder):
    for path in folder.rglob("*.yaml"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_scheme(folder) == shipped("lygtc-2018")


# A year's own scheme


def overlay(tmp_path, text: str) -> Path:
    (tmp_path / "scheme.yaml").write_text(text, "utf-8")
    return tmp_path


def test_a_year_changes_one_figure(tmp_path):
    own = overlay(
        tmp_path,
        "based_on: lygtc-2018\nid: draft-2021\nsections:\n  - id: K-4\n    full: 15\n"
        "    indicators:\n      - id: K4.1\n        full: 5\n",
    )
    scheme, base = read_scheme(own), shipped("lygtc-2018")
    assert (scheme.id, scheme.indicators["K4.1"].full, scheme.section_of["K4.1"].full) == ("draft-2021", 5, 15)
    assert list(scheme.indicators) == list(base.indicators)
    unchanged = [name for name in base.indicators if scheme.indicators[name] == base.indicators[name]]
    assert unchanged == [name for name in base.indicators if name != "K4.1"]
    assert scheme.policies == base.policies
    assert scheme.metrics == base.metrics


def test_a_year_adds_an_indicator_and_a_policy_default(tmp_path):
    own = overlay(
        tmp_path,
        "based_on: lygtc-2018\npolicies: [{id: P13, default: stretch}]\nsections:\n  - id: K-4\n    indicators:\n"
        "      - {id: K4.4, name: 新增, clause: 补充·1, full: 1, applies: [college], rule: {kind: judged}}\n",
    )
    scheme = read_scheme(own)
    assert scheme.policy["ballot_scale"].default == "stretch"
    assert [each.id for each in scheme.section_of["K4.4"].indicators] == ["K4.1", "K4.2", "K4.3", "K4.4"]


OVERLAYS = {
    "a wrong figure": (
        "sections:\n  - id: K-4\n    indicators:\n      - id: K4.1\n        full: x\n",
        "full: x", "sections.K-4.indicators.K4.1.full", "现为 x",
    ),
    "an unknown field": (
        "sections:\n  - id: K-4\n    indicators:\n      - id: K4.1\n        ful: 3\n",
        "ful: 3", "sections.K-4.indicators.K4.1.ful", "没有这个字段",
    ),
    "an unknown metric in a new rule": (
        "sections:\n  - id: K-4\n    indicators:\n      - id: K4.1\n        rule:\n          kind: steps\n"
        "          value: {kind: metric, metric: x}\n          bands: [{above: 0, points: 4}]\n",
        "metric: x", "sections.K-4.indicators.K4.1.rule.value.metric", "没有 x",
    ),
    "a part of an unknown metric": (
        "metrics:\n  staff:\n    part_of: x\n",
        "part_of: x", "metrics.staff.part_of", "没有 x",
    ),
    "a part counted in another unit": (
        "metrics:\n  trainees:\n    part_of: training_income\n",
        "part_of: training_income", "metrics.trainees.part_of", "training_income 的单位是元，应与 trainees 相同（人）",
    ),
    "a part of its own part": (
        "metrics:\n  staff:\n    part_of: dual_qualified_teachers\n",
        "part_of: dual", "metrics.staff.part_of", "staff 成了自己的一部分",
    ),
    "a usual range upside down": (
        "metrics:\n  trainees:\n    usual: {from: 300, to: 20}\n",
        "to: 20", "metrics.trainees.usual.to", "to 应大于 from",
    ),
    "a usual range from nothing": (
        "metrics:\n  trainees:\n    usual: {from: 0, to: 20}\n",
        "from: 0", "metrics.trainees.usual.from", "应大于 0",
    ),
    "a usual range beyond what can be": (
        "metrics:\n  trainees:\n    most: 100\n    usual: {from: 10, to: 200}\n",
        "usual: {", "metrics.trainees.usual", "应在 least、most 之内",
    ),
    "a usual range of a rate": (
        "metrics:\n  survey_rate:\n    usual: {from: 50%, to: 90%}\n",
        "usual: {", "metrics.survey_rate.usual", "不写 usual",
    ),
    "a steady sum of money": (
        "metrics:\n  training_income:\n    steady: true\n",
        "steady: true", "metrics.training_income.steady", "只用于整数",
    ),
    "no id": (
        "sections:\n  - id: K-4\n    indicators:\n      - name: y\n        full: 3\n",
        "name: y", "sections.K-4.indicators", "应写 id，说明改的是哪一项",
    ),
    "an id that is no text": (
        "sections:\n  - id: K-4\n    indicators:\n      - {id: 4, full: 3}\n",
        "id: 4,", "sections.K-4.indicators", "应写 id",
    ),
    "an id twice": (
        "sections:\n  - id: K-4\n    indicators:\n      - {id: K4.1, full: 3}\n      - {id: K4.1, full: 2}\n",
        "full: 2", "sections.K-4.indicators", "K4.1 写了两次",
    ),
    "nothing of a new metric": (
        "metrics:\n  halls: {}\n", "halls", "metrics.halls.name", "缺少此项",
    ),
    "a default the policy does not offer": (
        "policies: [{id: P01, default: wrong}]\n", "P01", "policies.P01.default", "现为 wrong",
    ),
    "a policy nobody knows": (
        "results: {grades: [{id: excellent, ties: {policy: quota_tie}}]}\n",
        "quota_tie}", "results.grades.excellent.ties.policy", "是否应为 quota_ties",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_wrong_change_is_refused_in_the_years_own_file(tmp_path, name):
    text, mark, field, words = OVERLAYS[name]
    own = overlay(tmp_path, "based_on: lygtc-2018\n" + text)
    first = problems_of(own)[0]
    assert (first.file, first.line, first.field) == ("scheme.yaml", line_of(own / "scheme.yaml", mark), field)
    assert words in first.expected


def test_what_follows_in_the_shipped_scheme_is_named_there(tmp_path):
    own = overlay(tmp_path, "based_on: lygtc-2018\npolicies:\n  - id: P05c\n    options: {harmonic: {says: x}}\n")
    k41 = SOURCE / "annex1-key/4-admissions.yaml"
    field = "sections.K-4.indicators.K4.1.rule.against.reading.policy"
    assert in_short(problems_of(own)) == [
        ("lygtc-2018/annex1-key/4-admissions.yaml", line_of(k41, "policy: intake_ratio"), field)
    ]


def test_an_unknown_base_is_refused(tmp_path):
    own = overlay(tmp_path, "id: draft\nbased_on: lygtc-1918\n")
    (problem,) = problems_of(own)
    assert (problem.file, problem.line, problem.field) == ("scheme.yaml", 2, "based_on")
    assert all(name in problem.expected for name in shipped_ids())


# Two ways to read YAML, one result


def test_both_readers_agree_on_the_shipped_scheme():
    for path in sorted(SOURCE.rglob("*.yaml")):
        text = path.read_text("utf-8")
        quick, whole = parse_ordinary(text), parse_whole(text)
        assert quick.content == whole.content
        assert lines_in_order(quick) == lines_in_order(whole)


def lines_in_order(parsed) -> list[dict]:
    """Lines of every mapping and list, as they are met from the top."""

    def walk(node):
        if isinstance(node, dict | list):
            yield parsed.lines[id(node)]
            for child in node.values() if isinstance(node, dict) else node:
                yield from walk(child)

    return list(walk(parsed.content))


def test_decimals_are_exact_and_dates_stay_text():
    text = "a: 0.1\nb: 70%\nc: 2018-09-01\nd: 1.50\ne: .inf\nf: 1e-3\ng: -0.3\nh: yes\ni: '0.1'\nj: 1_000\n"
    assert parse_whole(text).content == {
        "a": Fraction(1, 10), "b": "70%", "c": "2018-09-01", "d": Fraction(3, 2), "e": ".inf", "f": Fraction(1, 1000),
        "g": Fraction(-3, 10), "h": "yes", "i": "0.1", "j": 1000,
    }  # fmt: skip


PIECES = st.sampled_from(
    ["a", "b: ", "- ", "\n", "\n  ", "\n    ", "1", "0.1", "-", "{", "}", "[", "]", ", ", ": ", "'", '"', "# x", "&a ",
     "*a", "!t ", "|", ">", "\t", "~", "null", "true", "no", "70%", "07", "1e3", "0x1", "2018-09-01", "<<", "=", "。",
     "甲", "?", "---", "...", ".5", "1:2", " ", "%", "@"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_the_quick_reader_reads_what_the_whole_one_reads_or_nothing(text):
    try:
        quick = parse_ordinary(text)
    except UnusualError:
        return
    try:
        whole = parse_whole(text)
    except NotYamlError as error:
        pytest.fail(f"{text!r} is refused by ruamel.yaml ({error}) and read as {quick.content!r}")
    assert quick.content == whole.content
    assert lines_in_order(quick) == lines_in_order(whole)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ("[../other.yaml]", "方案文件夹里"),
        ("[/etc/*.yaml]", "方案文件夹里"),
        ("[metrics.txt]", "方案文件夹里"),
        ("['']", "方案文件夹里"),
        ("[.hidden/a.yaml]", "没有文件符合"),
    ],
)
def test_parts_lie_beside_the_scheme(tmp_path: Path, parts: str, says: str) -> None:
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden/a.yaml").write_text("title: x\n")
    (tmp_path / "scheme.yaml").write_text(f"parts: {parts}\n")
    problem = problems_of(tmp_path / "scheme.yaml")[0]
    assert problem.field == "parts"
    assert says in problem.expected


@pytest.mark.parametrize(
    "number",
    [
        *("9" * 6000, "0." + "1" * 6000, "1e999999999", "1.5e-999999999", "1e999", "1e-100"),
        *("0x" + "f" * 9000, "0xe" + "f" * 6000, "-0xe" + "f" * 6000),
    ],
)
def test_a_number_too_long_to_be_a_figure_is_refused_before_it_is_made(tmp_path: Path, number: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"a: 1\nfail_line: {number}\n")
    with pytest.raises(NotYamlError) as caught:
        load(path)
    assert (caught.value.line, caught.value.message) == (2, "数字过长：不超过 40 位，指数不超过 2 位")


@pytest.mark.parametrize("number", ["9" * 40, "1e99", "-1.5e-99", "0xeeee"])
def test_a_number_that_is_not_too_long_is_read(tmp_path: Path, number: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"a: {number}\n")
    assert load(path).content == {"a": int(number, 16) if "x" in number else Fraction(number)}


def test_a_file_far_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(NotYamlError, match="文件过大"):
        load(path)
