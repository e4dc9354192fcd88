"""Whose a data folder is: the scheme that kaohe.yaml names, and no other."""

import pytest

from kaohe.intake import read_year
from kaohe.scheme import SchemeError, scheme_in_force
from kaohe.scheme.starting import Wanted, files_of
from tests.small import small_year


def test_without_a_word_the_one_shipped_scheme_serves_and_no_newer_one():
    assert scheme_in_force("2018-2019").id == "lygtc-2018"
    assert scheme_in_force("2030-2031").id == "lygtc-2018"
    with pytest.raises(SchemeError, match="2017-2018"):
        scheme_in_force("2017-2018")


def test_a_data_folder_names_its_scheme_by_id_or_path(tmp_path):
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    about = raw.parent / "kaohe.yaml"
    about.write_text("scheme: undp-hdi-2021\n", encoding="utf-8")
    assert scheme_in_force("2021", raw).id == "undp-hdi-2021"
    assert scheme_in_force("2021", raw / ".being-made").id == "undp-hdi-2021"  # a year that is still being made
    for name, text in files_of(Wanted("own", in_force_from="2020-09-01"), "own").items():
        path = tmp_path / "data" / "schemes" / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    about.write_text("scheme: schemes/own\n", encoding="utf-8")
    assert scheme_in_force("2020-2021", raw).id == "own"
    with pytest.raises(SchemeError, match="自 2020-09-01 起施行"):
        scheme_in_force("2019-2020", raw)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scheme: nowhere", "没有方案 nowhere"),
        ("schema: own", "没有 schema，是否应为 scheme"),
        ("[a]", "应写 scheme"),
        ("scheme:", "应写方案的编号或路径"),
        ("scheme: [a", "没有配对"),
    ],
)
def test_what_is_wrong_with_it_is_a_finding_of_the_year(tmp_path, text, said):
    small_year(tmp_path)
    (tmp_path / "kaohe.yaml").write_text(text + "\n", encoding="utf-8")
    found = read_year(tmp_path / "raw", "2018-2019").findings
    assert [each.file for each in found] == ["kaohe.yaml"]
    assert said in str(found[0])
