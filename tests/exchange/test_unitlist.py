"""A college's own list of units: names and categories are enough; what is wrong is told where it stands."""

import pytest
from openpyxl import Workbook

from kaohe.exchange.unitlist import UnitListError, units_of_file, units_typed
from tests.intake.yearbook import scheme

YEAR = "2022-2023"
HEAD = ("单位名称", "类别")


def listed(path, *rows, sheets=("单位",)):
    """The units of a real workbook whose first of `sheets` has these rows."""
    book = Workbook()
    book.remove(book.active)
    for number, name in enumerate(sheets):
        page = book.create_sheet(name)
        for row in rows if not number else [("别的",)]:
            page.append(row)
    book.save(path / "名单.xlsx")
    found = units_of_file(path / "名单.xlsx", YEAR, scheme())
    return [(unit.unit_id, unit.name, unit.category, unit.traits.get("party_org")) for unit in found]


def test_ids_are_made_by_category_and_those_of_departments_are_the_schemes(tmp_path) -> None:
    found = listed(
        tmp_path,
        HEAD,
        ("机电学院", "二级学院"),
        ("商贸学院", "二级学院"),
        ("公共教学部", "基础课教学部"),
        ("教务处", "部门"),
        ("图书馆", None),
    )
    assert [(unit, category) for unit, _, category, _ in found] == [
        ("C01", "college"), ("C02", "college"), ("F01", "foundation"), ("D06", "department"), ("D13", "department"),
    ]  # fmt: skip


def test_ids_and_party_organisations_that_are_given_stay(tmp_path) -> None:
    head = ("编号", "名称", "类别", "党组织")
    found = listed(
        tmp_path,
        ("某学院单位名单", None, None, None),
        head,
        ("C01", "机电学院", "二级学院", "党总支"),
        (None, "商贸学院", "college", "直属支部"),
        ("X9", "医学院", "二级学院", None),
    )
    assert found == [
        ("C01", "机电学院", "college", "general_branch"),
        ("C02", "商贸学院", "college", "branch"),
        ("X9", "医学院", "college", None),
    ]


def test_a_text_list_and_a_sheet_of_another_name(tmp_path) -> None:
    path = tmp_path / "学院名单.csv"
    path.write_text("单位名称,类别\n机电学院,二级学院\n", encoding="gb18030")
    assert [unit.unit_id for unit in units_of_file(path, YEAR, scheme())] == ["C01"]
    assert listed(tmp_path, HEAD, ("机电学院", "二级学院"), sheets=("Sheet1",))[0][0] == "C01"
    assert listed(tmp_path, HEAD, ("机电学院", "二级学院"), sheets=("单位", "电话"))[0][0] == "C01"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([HEAD, ("机电学院", "学院")], "名单.xlsx，工作表“单位”，第 2 行，“类别”列：无法识别"),
        ([HEAD, ("机电学院", None)], "第 2 行，“类别”列：类别不能为空"),
        ([HEAD, ("后勤集团", "部门")], "方案中没有这个名称的部门"),
        ([HEAD, ("继续教育学院", "继续教育学院"), ("成人学院", "继续教育学院")], "只能有一个"),
        ([("编号", *HEAD), ("D06", "机电学院", "二级学院")], "不能用于院部"),
        ([("编号", *HEAD), ("a/b", "机电学院", "二级学院")], "不能用作文件名"),
        ([("学院", "种类"), ("机电学院", "二级学院")], "找不到表头"),
        ([HEAD], "没有单位"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, rows, says: str) -> None:
    with pytest.raises(UnitListError) as error:
        listed(tmp_path, *rows)
    assert says in str(error.value)


def test_files_that_are_no_list(tmp_path) -> None:
    for name, content, says in (
        ("a.xls", b"", "应为 .xlsx 或 .csv"),
        ("b.xlsx", b"PK", "无法打开"),
        ("c.csv", None, "无法读取"),
    ):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(UnitListError, match=says):
            units_of_file(tmp_path / name, YEAR, scheme())
    with pytest.raises(UnitListError, match="几张工作表（甲、乙）"):
        listed(tmp_path, HEAD, ("机电学院", "二级学院"), sheets=("甲", "乙"))


def test_units_that_are_typed() -> None:
    found = units_typed([["机电学院", "二级学院", "党总支"], ["财务处", "", ""]], YEAR, scheme())
    assert [(unit.unit_id, unit.traits.get("party_org")) for unit in found] == [
        ("C01", "general_branch"),
        ("D10", None),
    ]
    with pytest.raises(UnitListError, match="输入的单位"):
        units_typed([["机电学院", "学院", ""]], YEAR, scheme())
