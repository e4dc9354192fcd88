"""policies.yaml and scheme.yaml of a year: what is decided, and findings with file and line."""

from fractions import Fraction

import pytest

from kaohe.scheme.policies import Decision
from tests.intake.yearbook import YearBook, found, only, remarkable


def decided(year: YearBook, text: str):
    year.put("policies.yaml", text)
    return year.read()


def test_decisions_of_the_leading_group(year: YearBook) -> None:
    intake = decided(
        year,
        "# 领导小组决定\n"
        "funding_steps: {value: proportional, reason: 避免临界差异, decided_on: 2019-07-01}\n"
        "fail_line: 0.62\n"
        "cap_break: none\n",
    )
    assert remarkable(intake) == []
    assert intake.policies["funding_steps"] == "proportional"
    assert intake.policies["fail_line"] == Fraction(31, 50)
    assert intake.policies.origin["cap_break"] == "year"
    assert intake.data.decisions["funding_steps"] == Decision("proportional", "避免临界差异", "2019-07-01")
    assert intake.data.decisions["fail_line"].value == "0.62"


def test_an_empty_file_decides_nothing(year: YearBook) -> None:
    intake = decided(year, "# 尚未决定\n")
    assert remarkable(intake) == []
    assert intake.data.decisions == {}


@pytest.mark.parametrize(
    ("text", "line", "value", "says", "expected"),
    [
        ("\nfunding_step: whole\n", 2, "funding_step", "没有名为 funding_step 的政策", "funding_steps"),
        ("funding_steps: sometimes\n", 1, "sometimes", "取值不对", "whole、proportional"),
        ("fail_line: 1.5\n", 1, "1.5", "取值不对", "0～1 之间的数"),
        ("fail_line: abc\n", 1, "abc", "取值不对", "数字"),
        ("a:\n", 1, "a", "没有名为 a 的政策", "rescale"),
        ("funding_steps:\n", 1, "None", "取值不对", "whole"),
        ("funding_steps: [whole]\n", 1, "['whole']", "取值不对", "whole"),
        ("panel: mean\nfunding_steps: {value: whole, why: x}\n", 2, "why", "没有字段 why", "value、reason、decided_on"),
        ("funding_steps: {reason: x}\n", 1, "", "没有写 value", "value: …"),
        ("- funding_steps\n", 1, "", "应为映射", "政策名"),
        (
            "panel: mean\nfull_marks: stated\nteaching_depts: included\n",
            3,
            "full_marks、teaching_depts",
            "相互矛盾",
            "不相矛盾",
        ),
    ],
)
def test_wrong_policies(year: YearBook, text: str, line: int, value: str, says: str, expected: str) -> None:
    intake = decided(year, text)
    finding = only(intake, "policies")
    assert (finding.severity, finding.file, finding.row, finding.value) == ("error", "policies.yaml", line, value)
    assert says in finding.message
    assert expected in finding.expected
    assert intake.data  # reading goes on


@pytest.mark.parametrize(
    ("text", "line"),
    [("panel: mean\npanel: median\n", 2), ("panel: [mean\nx: 1\n", None), ("panel: mean\n\tx: 1\n", 2)],
)
def test_what_is_no_yaml(year: YearBook, text: str, line: int | None) -> None:
    finding = only(decided(year, text), "policies")
    assert (finding.severity, finding.file) == ("error", "policies.yaml")
    assert line is None or finding.row == line


def test_every_wrong_policy_is_told(year: YearBook) -> None:
    intake = decided(year, "x: 1\nfunding_steps: y\npanel: median\n")
    assert [finding.row for finding in found(intake, "policies")] == [1, 2]
    assert intake.policies["panel"] == "median"


def test_this_run_overrides_the_year(year: YearBook) -> None:
    year.put("policies.yaml", "panel: median\n")
    year.write_csv()
    assert year.look({"panel": "trimmed"}).policies["panel"] == "trimmed"


def test_a_year_with_a_scheme_of_its_own(year: YearBook) -> None:
    year.put("scheme.yaml", "based_on: lygtc-2018\nid: own\nsections: []\n".replace("sections: []\n", ""))
    intake = year.read()
    assert intake.scheme.id == "own"
    assert "scheme.yaml" in intake.data.files
    assert remarkable(intake) == []


def test_a_wrong_scheme_is_told_with_file_and_line(year: YearBook) -> None:
    year.put("scheme.yaml", "based_on: lygtc-2018\nid: own\nnonsense: 1\n")
    intake = year.read()
    finding = only(intake, "scheme")
    assert (finding.severity, finding.file, finding.row, finding.column) == ("error", "scheme.yaml", 3, "nonsense")
    assert intake.scheme is None
    assert intake.data is None


def test_a_scheme_that_is_no_yaml(year: YearBook) -> None:
    year.put("scheme.yaml", "id: [\n")
    assert only(year.read(), "scheme").file == "scheme.yaml"


@pytest.mark.parametrize("text", ["#" * 2_000_000, "fail_line: " + "9" * 6000, "fail_line: 1e999999999"])
def test_what_no_decision_needs_is_told_in_time(year: YearBook, text: str) -> None:
    finding = only(decided(year, text), "policies")
    assert finding.severity == "error"
    assert "过大" in finding.message or "过长" in finding.message


def test_a_scheme_far_too_large_is_told(year: YearBook) -> None:
    year.put("scheme.yaml", "#" * 2_000_000)
    assert "文件过大" in only(year.read(), "scheme").message
