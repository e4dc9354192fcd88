"""Wrong parameters stop a notebook with a message that says what is allowed."""

import json
from dataclasses import asdict, replace

import pytest

from kaohe.analysis.answered import Answered
from kaohe.analysis.public import public_unit, public_year, write_public
from kaohe.charts.ranking import ranking
from kaohe.charts.sentences import year_heading
from kaohe.notebook import (
    PARAMETERS,
    DataError,
    NotebookError,
    ParameterError,
    changes_from,
    check_parameters,
    goals,
    known_parameters,
    start,
)
from kaohe.scoring.bookfile import frozen
from kaohe.scoring.marks import NO_RESULT
from tests.charts.books import scored, two_years
from tests.charts.test_checking import CHECKED
from tests.small import change, small_year


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """What a batch writes for its notebooks."""
    folder = tmp_path_factory.mktemp("processed")
    book = two_years()
    table = {
        "book": frozen(book),
        "before": frozen(scored("2018-2019", 5)),
        "public": write_public(public_year(book)),
        "public_unit": write_public(public_unit(book, "C1")),
        "findings": json.dumps({**asdict(CHECKED), "missing": [asdict(each) for each in CHECKED.missing]}),
        "goal": Answered("goal", "2019-2020", "", answer={"units": {"C1": []}}).text(),
        "changed": Answered("changed", "2020-2021", "", problem="内存不足").text(),
        "broken": '{"format": 1, "book": {}}',
        "other": "[]",
    }
    for name, content in table.items():
        (folder / f"{name}.json").write_text(content, encoding="utf-8")
    return {name: str(folder / f"{name}.json") for name in table}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder with one small year."""
    folder = tmp_path_factory.mktemp("data")
    small_year(folder)
    return str(folder)


def namespace(notebook, **given):
    """A notebook's globals after its parameters cell and what papermill injected."""
    defaults = {each.name: each.default for each in PARAMETERS[notebook]}
    of_ipython = {"In": ["", "year = …"], "Out": {}, "exit": object(), "quit": object(), "get_ipython": lambda: None,
                  "open": open, "_": "", "__name__": "__main__", "_i1": "x"}  # fmt: skip
    return {**of_ipython, **defaults, **given}


def refused(notebook, error=ParameterError, **given):
    with pytest.raises(error) as caught:
        start(namespace(notebook, **given), notebook)
    return str(caught.value)


def test_known_parameters_are_those_of_the_registry():
    assert list(known_parameters("unit")) == ["year", "unit", "data", "book", "policies", "provisional", "answers"]
    with pytest.raises(KeyError):
        known_parameters("nothing")


@pytest.mark.parametrize("notebook", PARAMETERS)
def test_a_typo_is_refused_with_what_is_allowed(notebook):
    said = refused(notebook, dtaa="../data")
    assert f"笔记本 {notebook} 没有参数 dtaa" in said
    assert "是否想写 data？" in said
    assert all(name in said for name in known_parameters(notebook))


@pytest.mark.parametrize("value", [None, "x", 1, 1.5, True, [], {}, (), set()])
def test_any_plain_value_under_an_unknown_name_is_refused(value):
    assert "没有参数 wholly_other。" in refused("annual", wholly_other=value)


def test_functions_modules_and_classes_are_no_parameters(files):
    given = namespace("annual", year="2019-2020", book=files["book"], json=json, start=start, Path=type)
    assert start(given, "annual").year == "2019-2020"


def test_an_analysts_own_names_are_left_alone_once_started_but_near_misses_are_not(files):
    given = namespace("annual", year="2019-2020", book=files["book"])
    start(given, "annual")
    start({**given, "total": 3, "found": []}, "annual")
    with pytest.raises(ParameterError, match="是否想写 provisional"):
        start({**given, "provisonal": True}, "annual")


@pytest.mark.parametrize(
    ("notebook", "name", "value", "said"),
    [
        ("annual", "year", 2019, "参数 year 应为文字（年度，如 2018-2019），现为 2019（整数）"),
        ("annual", "year", None, "现为 None（空值）"),
        ("annual", "provisional", "yes", "参数 provisional 应为是非值 True 或 False"),
        ("annual", "provisional", 1, "现为 1（整数）"),
        ("annual", "policies", ["fail_line"], "参数 policies 应为字典"),
        ("annual", "policies", {1: "x"}, "参数 policies 应为字典"),
        ("unit", "unit", True, "参数 unit 应为文字（单位编号），现为 True（是非值）"),
        ("compare", "years", "2018-2019", "参数 years 应为文字的列表"),
        ("compare", "books", [1], "参数 books 应为文字的列表"),
        ("check", "findings", {}, "现为 {}（字典）"),
    ],
)
def test_a_wrong_type_is_refused(notebook, name, value, said):
    assert said in refused(notebook, **{name: value})


@pytest.mark.parametrize("year", ["2019-2021", "2019-2018", "2019/2020", "", "20199", "2019-2020 ", "../2019"])
def test_a_malformed_year_is_refused(year):
    assert "年度写成 2018-2019" in refused("annual", year=year)
    assert "年度写成 2018-2019" in refused("compare", years=[year])


@pytest.mark.parametrize("year", ["2018-2019", "2021", "2004-decastar"])
def test_school_years_calendar_years_and_events_are_years(year):
    check_parameters("annual", {"year": year})
    check_parameters("compare", {"years": [year]})


@pytest.mark.parametrize("notebook", ["annual", "check", "public"])
def test_a_year_without_folder_is_refused_with_those_there_are(notebook, data):
    said = refused(notebook, year="2031-2032", data=data)
    assert "没有 2031-2032 学年的文件夹；已有：2018-2019" in said


def test_a_data_folder_without_raw_is_refused(tmp_path):
    assert "中没有 raw" in refused("annual", data=str(tmp_path))


def test_an_unknown_unit_is_refused_with_those_there_are(files, data):
    said = refused("unit", year="2019-2020", book=files["book"], unit="C99")
    assert "2019-2020 学年没有编号为 'C99' 的单位；已有：C1 单位C1" in said
    assert "没有编号为 'X'" in refused("public_unit", year="2018-2019", data=data, unit="X")


@pytest.mark.parametrize(
    ("policies", "said"),
    [
        ({"fial_line": "0.6"}, "没有名为 fial_line 的政策"),
        ({"panel": "best"}, "panel=best"),
        ({"full_marks": "stated", "teaching_depts": "included"}, "相互矛盾"),
    ],
)
def test_wrong_policies_are_refused(data, policies, said):
    found = refused("annual", year="2018-2019", data=data, policies=policies)
    assert "参数 policies 有误" in found
    assert said in found


def test_policies_and_provisional_do_not_go_with_a_book(files):
    given = {"year": "2019-2020", "book": files["book"]}
    assert "参数 policies 对它不起作用" in refused("annual", **given, policies={"fail_line": "0.7"})
    assert "参数 provisional 对它不起作用" in refused("annual", **given, provisional=True)


def test_a_file_of_another_year_or_unit_is_refused(files):
    assert "book 是 2019-2020 学年的评分册" in refused("annual", year="2018-2019", book=files["book"])
    assert "table 是 2019-2020 学年的公示表" in refused("public", year="2018-2019", table=files["public"])
    assert "findings 是 2018-2019 学年" in refused("check", year="2019-2020", findings=files["findings"])
    said = refused("public_unit", year="2019-2020", unit="C2", table=files["public_unit"])
    assert "table 是 C1 的公示表" in said


def test_an_answer_to_another_question_or_of_another_year_is_refused(files):
    for name in ("health", "backtest"):
        assert f"found 应为 {name} 的答案" in refused(name, found=files["goal"])
    assert "found 是 2019-2020 学年的答案" in refused("goal", year="2018-2019", found=files["goal"])
    given = namespace("unit", year="2018-2019", book=files["before"], answers=files["goal"])
    with pytest.raises(ParameterError, match="answers 是 2019-2020 学年的答案"):
        goals(given, two_years())
    with pytest.raises(ParameterError, match="answers 应为 goal 的答案"):
        goals({**given, "answers": files["changed"]}, two_years())
    with pytest.raises(ParameterError, match="changes 是 2020-2021 学年的答案"):
        changes_from(namespace("compare", changes=files["changed"]), [two_years()])


def test_an_answer_in_a_file_stands_for_what_it_says_nobody_found_out(files):
    assert goals(namespace("unit", year="2019-2020", unit="C1", answers=files["goal"]), two_years()) == []
    assert goals(namespace("unit", year="2019-2020", unit="C2", answers=files["goal"]), two_years()) is None
    assert changes_from(namespace("compare", changes=files["changed"]), [replace(two_years(), year="2020-2021")]) == []


@pytest.mark.parametrize(
    ("notebook", "name"),
    [("annual", "book"), ("public", "table"), ("check", "findings"), ("goal", "found"), ("backtest", "found")],
)
def test_a_file_that_is_not_there_or_another_is_told(files, notebook, name):
    assert "找不到" in refused(notebook, **{name: "/nowhere/x.json"})
    assert "不是可用的" in refused(notebook, DataError, **{name: files["other"]})
    assert "不是可用的" in refused(notebook, DataError, **{name: files["broken"]})


def test_compare_takes_the_years_asked_for(files):
    given = {"books": [files["book"], files["before"]]}
    both = start(namespace("compare", **given), "compare")
    assert [book.year for book in both] == ["2018-2019", "2019-2020"]
    one = start(namespace("compare", **given, years=["2019-2020"]), "compare")
    assert [book.year for book in one] == ["2019-2020"]
    assert "没有 2020-2021 学年的评分册" in refused("compare", **given, years=["2020-2021"])
    assert "给了不止一次" in refused("compare", books=[files["book"]] * 2)


def test_compare_without_any_year_is_refused(tmp_path):
    (tmp_path / "raw").mkdir()
    assert "没有可以对比的年度" in refused("compare", data=str(tmp_path))


def test_the_raw_data_is_scored_where_no_book_is_given(data):
    assert start(namespace("annual", year="2018-2019", data=data), "annual").year == "2018-2019"
    assert start(namespace("public_unit", year="2018-2019", data=data), "public_unit").unit_id == "C01"
    assert start(namespace("public", year="2018-2019", data=data), "public").rows
    assert [book.year for book in start(namespace("compare", data=data), "compare")] == ["2018-2019"]
    checked = start(namespace("check", year="2018-2019", data=data), "check")
    assert checked.units["C01"]
    assert checked.metrics["trainees"] == "社会培训人数"
    assert checked.synthetic


def test_a_policy_reaches_the_scoring(data):
    book = start(namespace("annual", year="2018-2019", data=data, policies={"fail_line": "0.9"}), "annual")
    policy = next(policy for policy in book.policies if policy.name == "fail_line")
    assert (policy.value, policy.origin) == ("0.9", "run")
    assert NO_RESULT in year_heading(book)
    assert NO_RESULT in ranking(book, "yuanbu").layout.title.text


def test_data_that_cannot_be_scored_is_told_shortly(tmp_path):
    folder = small_year(tmp_path)
    where = {"where": lambda row: row["metric"] == "invigilation_rate"}
    change(folder, "metrics", lambda row: {**row, "value": "85"}, **where)
    said = refused("annual", DataError, year="2018-2019", data=str(tmp_path))
    assert "2018-2019 学年不能评分" in said
    assert "metrics.csv" in said
    assert "详见 check 笔记本" in said
    assert len(said) < 700


def test_missing_inputs_hint_at_provisional(tmp_path):
    change(small_year(tmp_path), "ballots", lambda row: None, where=lambda row: row["unit_id"] == "C01")
    said = refused("annual", DataError, year="2018-2019", data=str(tmp_path))
    assert "1 项适用的数据尚未上报" in said
    assert "provisional = True" in said
    book = start(namespace("annual", year="2018-2019", data=str(tmp_path), provisional=True), "annual")
    assert book.provisional


def test_the_batch_can_ask_before_it_runs():
    check_parameters("unit", {"year": "2018-2019", "unit": "C01", "book": "book.json"})
    with pytest.raises(ParameterError, match="没有参数 units，是否想写 unit"):
        check_parameters("unit", {"units": ["C01"]})
    with pytest.raises(ParameterError, match="年度写成 2018-2019"):
        check_parameters("unit", {"year": "2018-2020"})
    with pytest.raises(ParameterError, match="应为文字"):
        check_parameters("unit", {"unit": 1})


def test_an_error_shows_its_message_alone():
    for kind in (NotebookError, ParameterError, DataError):
        assert kind("学年应写成 2018-2019 的样子")._render_traceback_() == [
            f"{kind.__name__}: 学年应写成 2018-2019 的样子"
        ]
