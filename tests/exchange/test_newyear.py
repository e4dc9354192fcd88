"""`kaohe new-year`: a folder that can be filled at once; comparisons follow a renamed unit."""

import errno
import shutil
from functools import partial

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from kaohe.analysis.movement import movement
from kaohe.cli import app
from kaohe.exchange.newyear import NewYearError, new_year, parse_successor
from kaohe.exchange.receipts import receipts
from kaohe.files.locks import holding
from kaohe.intake import read_year
from kaohe.intake.year.folder import SYNTHETIC
from kaohe.scoring.bookfile import frozen, thawed
from kaohe.scoring.lineage import followed, renamed, renames_of
from kaohe.scoring.score import score_year
from tests.exchange.filling import figures, kaohe, open_cells
from tests.faults import KILLED, REFUSED, content, places, run_with
from tests.small import change, small_year

pytestmark = pytest.mark.slow

LAST, YEAR = "2018-2019", "2019-2020"


@pytest.fixture
def data(tmp_path):
    small_year(tmp_path, units=("C01", "C02", "C03", "E01", "D10"))
    return tmp_path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The year after such a year, made by the command, and what that said: to be looked at, or copied and changed."""
    data = tmp_path_factory.mktemp("made")
    small_year(data, units=("C01", "C02", "C03", "E01", "D10"))
    code, out = kaohe("new-year", YEAR, "--data", data, "--due", "2020-07-10")
    assert code == 0, out
    return data, out


@pytest.fixture
def going_on(made, tmp_path):
    """One to be changed."""
    return shutil.copytree(made[0], tmp_path / "data")


def units(data, year=YEAR):
    return [
        (unit.unit_id, unit.name, unit.category, unit.traits.get("party_org"))
        for unit in read_year(data / "raw", year).data.units
    ]


def test_the_units_come_along_and_every_office_gets_a_template(made) -> None:
    data, _ = made
    assert units(data) == units(data, LAST)
    intake = read_year(data / "raw", YEAR)
    assert {each.code for each in intake.findings if each.severity == "error"} == {"missing-table"}
    assert intake.data.synthetic
    files = sorted((data / "templates" / YEAR).glob("*.xlsx"))
    assert len(files) > 10
    guide = [cell.value for cell in load_workbook(files[0])["说明"]["A"]]
    assert {"学年：2019-2020", "交表期限：2020-07-10（星期五）"} <= set(guide)
    notes = (data / "raw" / YEAR / "新学年说明.md").read_text(encoding="utf-8")
    assert "lygtc-2018" in notes
    assert "2019-09-01～2020-08-31" in notes
    assert "交表期限：2020-07-10" in notes


def test_a_year_after_invented_ones_says_how_to_be_real(made, going_on) -> None:
    (first, out), data = made, going_on
    new = data / "raw" / YEAR
    assert "仍标为演示数据" in out
    assert f"请先删去 {first / 'raw' / YEAR / SYNTHETIC}" in out
    assert f"请删去本文件夹的 {SYNTHETIC}" in (new / "新学年说明.md").read_text(encoding="utf-8")
    (new / SYNTHETIC).unlink()
    assert not read_year(data / "raw", YEAR).data.synthetic
    _, out = kaohe("new-year", "2020-2021", "--data", data)
    assert "仍标为演示数据" not in out
    assert "不会用作上一学年" in out
    assert SYNTHETIC not in (data / "raw" / "2020-2021" / "新学年说明.md").read_text(encoding="utf-8")


UNITS = "单位名称,类别\n机电学院,二级学院\n财务处,部门\n"


def test_a_first_year_from_a_list_beside_the_demonstration_years(data, tmp_path) -> None:
    """Nothing of the invented year comes along, and the output says how to be rid of it."""
    (tmp_path / "名单.csv").write_text(UNITS, encoding="utf-8")
    code, out = kaohe("new-year", YEAR, "--data", data, "--units", tmp_path / "名单.csv")
    assert code == 0, out
    assert "单位 2 个：C01 机电学院、D10 财务处" in out
    assert f"{LAST} 学年是演示数据（合成），不会用作上一学年；移去它们：kaohe demo {data / 'raw'} --remove" in out
    assert units(data) == [("C01", "机电学院", "college", None), ("D10", "财务处", "department", None)]
    assert not read_year(data / "raw", YEAR).data.synthetic
    notes = (data / "raw" / YEAR / "新学年说明.md").read_text(encoding="utf-8")
    assert "没有上一学年" in notes
    assert f"{LAST} 学年是" not in notes
    assert not load_workbook(data / "templates" / YEAR / "目标办.xlsx")["领导评价"]["C2"].value


@pytest.fixture(scope="module")
def first_year(tmp_path_factory):
    """A first year of two units where there was nothing, and what the command said."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "名单.csv").write_text(UNITS, encoding="utf-8")
    code, out = kaohe("new-year", YEAR, "--data", folder / "data", "--units", folder / "名单.csv")
    assert code == 0, out
    return folder / "data", out


def test_a_first_year_where_there_is_nothing(first_year) -> None:
    data, out = first_year
    assert "演示" not in out
    assert [name for name, *_ in units(data)] == ["C01", "D10"]


def test_a_first_year_that_cannot_be_leaves_nothing(tmp_path) -> None:
    data, path = tmp_path / "data", tmp_path / "名单.csv"
    for words, says in (((), "请用 --units 给出单位表"), (("--from-nothing",), "没有可以输入的终端")):
        code, out = kaohe("new-year", YEAR, "--data", data, *words)
        assert (code, says in out) == (2, True), out
    path.write_text("单位名称,类别\n机电学院,学院\n", encoding="utf-8")
    code, out = kaohe("new-year", YEAR, "--data", data, "--units", path)
    assert code == 2
    assert "名单.csv，第 2 行，“类别”列：无法识别，现为“学院”" in out
    assert "单位编号" not in out
    path.write_text(UNITS, encoding="utf-8")
    code, out = kaohe("new-year", YEAR, "--data", data, "--units", path, "--successor", "C02=C01")
    assert (code, "没有上一学年" in out) == (2, True)
    assert not data.exists()


def test_units_are_asked_for_in_a_terminal(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("kaohe.cli.beginning.has_terminal", lambda: True)
    typed = "某某学院\n机电学院，二级学院，党总支\n公共教学部，基础课教学部\n\nD06 d10\n"
    result = CliRunner().invoke(app, ["new-year", YEAR, "--data", str(tmp_path)], input=typed)
    assert result.exit_code == 0, result.output
    assert "D06 教务处" in result.output
    assert read_year(tmp_path / "raw", YEAR).scheme.authority == "某某学院"
    assert [(unit, org) for unit, _, _, org in units(tmp_path)] == [
        ("C01", "general_branch"), ("F01", None), ("D06", None), ("D10", None),
    ]  # fmt: skip


def test_the_school_that_signs_is_written_and_carried_on(tmp_path) -> None:
    data, path = tmp_path / "data", tmp_path / "名单.csv"
    path.write_text(UNITS, encoding="utf-8")
    command = ("new-year", "--data", data, "--units", path)
    code, out = kaohe(*command, YEAR, "--authority", " ")
    assert (code, "--authority 应写学校名称" in out) == (2, True)
    assert not data.exists()
    code, out = kaohe(*command, YEAR, "--authority", "某某学院: 东校区")
    assert code == 0, out
    scheme = read_year(data / "raw", YEAR).scheme
    assert (scheme.authority, scheme.title) == ("某某学院: 东校区", "综合目标考核实施办法（2019-2020 学年）")
    notes = (data / "raw" / YEAR / "新学年说明.md").read_text(encoding="utf-8")
    assert all("署名“某某学院: 东校区”" in " ".join(said.split()) for said in (out, notes))
    written = (data / "raw" / YEAR / "scheme.yaml").read_text(encoding="utf-8").splitlines()
    assert written[1:] == [
        "based_on: lygtc-2018", 'authority: "某某学院: 东校区"', "title: 综合目标考核实施办法（2019-2020 学年）",
    ]  # fmt: skip
    later, last = "2020-2021", "2021-2022"
    assert kaohe("new-year", later, "--data", data)[0] == 0
    scheme = read_year(data / "raw", later).scheme
    assert (scheme.authority, scheme.title) == ("某某学院: 东校区", "综合目标考核实施办法（2020-2021 学年）")
    assert kaohe("new-year", last, "--data", data, "--authority", "某某大学")[0] == 0
    assert read_year(data / "raw", last).scheme.authority == "某某大学"
    assert (data / "raw" / last / "scheme.yaml").read_text(encoding="utf-8").count("authority") == 1


def test_who_signs_otherwise_is_told_with_the_way_to_change_it(first_year, tmp_path) -> None:
    data, out = shutil.copytree(first_year[0], tmp_path / "data"), first_year[1]
    shipped = read_year(data / "raw", YEAR).scheme
    folder = data / "raw" / YEAR
    notes = (folder / "新学年说明.md").read_text(encoding="utf-8")
    for said in (out, notes):
        assert f"署名“{shipped.authority}”" in said
        assert "--authority 学校名" in said.replace("\n", "")
    assert not (folder / "scheme.yaml").exists()
    lines = [line.strip() for line in notes.splitlines() if line.startswith("      ")]
    (folder / "scheme.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    made = read_year(data / "raw", YEAR).scheme
    assert (made.authority, made.title) == ("某某职业技术学院", "综合目标考核实施办法（2019-2020 学年）")


def test_years_that_were_skipped_are_named_with_what_follows(data) -> None:
    (data / "raw" / LAST / SYNTHETIC).unlink()
    later = "2021-2022"
    code, out = kaohe("new-year", later, "--data", data)
    assert code == 0, out
    assert f"从 {LAST} 学年生成" in out
    for text in (out, (data / "raw" / later / "新学年说明.md").read_text(encoding="utf-8")):
        assert "跳过了 2019-2020、2020-2021 学年" in text
        assert "不认定要连看两年的结果" in text
    (finding,) = [each for each in read_year(data / "raw", later).findings if each.code == "no-predecessor"]
    assert "没有 2020-2021 学年的数据" in finding.message


def test_a_real_year_is_followed_rather_than_an_invented_one_and_own_units_may_follow_its(data, tmp_path) -> None:
    (data / "raw" / LAST / SYNTHETIC).unlink()
    small_year(data, YEAR)
    (tmp_path / "名单.csv").write_text("编号,单位名称,类别\nC11,机电学院,二级学院\n", encoding="utf-8")
    command = ("new-year", "2020-2021", "--data", data, "--units", tmp_path / "名单.csv", "--successor")
    code, out = kaohe(*command, "C12=C01")
    assert (code, "没有 --successor 写的新编号 C12" in out) == (2, True)
    made = new_year(data, "2020-2021")
    assert (made.source, made.synthetic) == (LAST, False)
    shutil.rmtree(made.folder)
    code, out = kaohe(*command, "C11=C01")
    assert code == 0, out
    assert read_year(data / "raw", "2020-2021").data.predecessors == (("C11", "C01"),)


def test_a_day_that_is_none(data) -> None:
    for command in (("new-year", YEAR), ("template", LAST, data / "x.xlsx")):
        code, out = kaohe(*command, "--data", data, "--due", "7月10日")
        assert code == 2
        assert "--due 应写成 2022-07-10 的样子" in out
    assert not (data / "raw" / YEAR).exists()


def test_a_unit_that_was_split_is_written_into_its_sheet(data, made) -> None:
    split = ("--successor", "C31=C03:甲学院", "--successor", "C32=C03:乙学院")
    code, out = kaohe("new-year", YEAR, "--data", data, *split)
    assert code == 2
    assert "拆成几个" in out
    assert "“沿革”表里每个新单位写一行" in out
    shutil.copytree(made[0] / "raw" / YEAR, data / "raw" / YEAR)
    path = data / "raw" / YEAR / "单位.xlsx"
    book = load_workbook(path)
    (row,) = [cell.row for cell in book["单位"]["A"] if cell.value == "C03"]
    category, organisation = book["单位"].cell(row, 3).value, book["单位"].cell(row, 4).value
    book["单位"].cell(row, 1).value, book["单位"].cell(row, 2).value = "C31", "甲学院"
    book["单位"].append(["C32", "乙学院", category, organisation])
    for unit in ("C31", "C32"):
        book["沿革"].append([unit, "C03"])
    book.save(path)
    found = read_year(data / "raw", YEAR)
    assert found.data.predecessors == (("C31", "C03"), ("C32", "C03"))
    assert {each.code for each in found.findings if each.severity == "error"} == {"missing-table"}


def test_an_existing_folder_is_refused(data) -> None:
    (data / "raw" / YEAR).mkdir()
    code, out = kaohe("new-year", YEAR, "--data", data)
    assert code == 2
    assert "已存在" in out
    assert list((data / "raw" / YEAR).iterdir()) == []
    assert not (data / "templates").exists()


@pytest.mark.parametrize("part", ["templates", "raw"])
def test_what_cannot_take_its_place_is_named(data, monkeypatch, part: str) -> None:
    place = data / part / YEAR

    def refuse(what, path) -> None:
        if (what, path) == ("rename", place):
            raise PermissionError(errno.EACCES, "", str(path))

    monkeypatch.setattr("kaohe.exchange.newyear.failpoint", refuse)
    code, out = kaohe("new-year", YEAR, "--data", data)
    assert code == 1
    assert out.strip() == f"无法写入 {place}：没有写入权限，或文件夹只读"
    assert not (data / "raw" / YEAR).exists()


@pytest.mark.parametrize(("year", "says"), [("2017-2018", "没有比 2017-2018 更早的学年"), ("2019", "学年应写成")])
def test_years_that_cannot_be_made(data, year: str, says: str) -> None:
    code, out = kaohe("new-year", year, "--data", data)
    assert code == 2
    assert says in out
    assert [path.name for path in data.rglob("20*")] == [LAST]
    assert not (data / "templates").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("C11", "应写成"),
        ("C11=", "应写成"),
        ("C11=C09", "没有单位 C09"),
        ("C02=C01", "请另选一个"),
        ("C11=C01+C01", "不止一个去向"),
        ("../x=D10", "单位或方案有错误"),
    ],
)
def test_successors_that_cannot_be(data, text: str, says: str) -> None:
    code, out = kaohe("new-year", YEAR, "--data", data, "--successor", text)
    assert code == 2
    assert says in out
    assert [path.name for path in (data / "raw").iterdir()] == [LAST]


def test_renamed_and_merged_units(data) -> None:
    new_year(data, YEAR, [parse_successor("C11=C01:智造学院"), parse_successor("C12=C02+C03:信息化工学院")])
    assert [(unit, name) for unit, name, *_ in units(data)][:2] == [("C11", "智造学院"), ("C12", "信息化工学院")]
    found = read_year(data / "raw", YEAR).data
    assert found.predecessors == (("C11", "C01"), ("C12", "C02"), ("C12", "C03"))
    pages = load_workbook(data / "raw" / YEAR / "单位.xlsx")
    assert pages.sheetnames == ["单位", "沿革"]
    assert [cell.value for cell in pages["沿革"][1]] == ["单位编号", "原单位编号", "备注"]


def test_a_scheme_of_its_own_comes_along_but_not_the_decisions(data) -> None:
    folder = data / "raw" / LAST
    (folder / "scheme.yaml").write_text("based_on: lygtc-2018\ntitle: 修订的办法\n", encoding="utf-8")
    (folder / "policies.yaml").write_text("fail_line: {value: 0.5, reason: 会议}\n", encoding="utf-8")
    change(folder, "units", lambda row: {**row, "name": "=1+1"}, where=lambda row: row["unit_id"] == "C01")
    assert new_year(data, YEAR).scheme == "修订的办法"
    assert units(data)[0][1] == "=1+1"  # as text: a formula would have no saved result
    new = data / "raw" / YEAR
    assert (new / "scheme.yaml").is_file()
    assert not (new / "policies.yaml").exists()
    assert "policies.yaml" in (new / "新学年说明.md").read_text(encoding="utf-8")


def test_a_department_keeps_its_id(data) -> None:
    with pytest.raises(NewYearError, match="D99"):
        new_year(data, YEAR, [parse_successor("D99=D10")])
    assert not (data / "raw" / YEAR).exists()


@pytest.fixture(scope="module")
def two_years(tmp_path_factory):
    """The same data two years running; C01 is C11 in the second."""
    data = tmp_path_factory.mktemp("two")
    small_year(data)
    folder = small_year(data, YEAR)
    for path in folder.glob("*.csv"):
        change(folder, path.stem, lambda row: {**row, "unit_id": "C11"}, where=lambda row: row["unit_id"] == "C01")
    (folder / "predecessors.csv").write_text("单位编号,原单位编号\nC11,C01\n", encoding="utf-8-sig")
    return data


@pytest.fixture(scope="module")
def two_books(two_years):
    return [score_year(year, two_years / "raw") for year in (LAST, YEAR)]


def test_comparisons_follow_a_renamed_unit(two_books) -> None:
    then, book = two_books
    moved = movement(book, "yuanbu")
    assert (moved.new, moved.gone) == ((), ())
    (move,) = [move for move in moved.moves if move.unit.unit_id == "C11"]
    assert move.total_before == then.unit("C01").total
    assert sum(step.gained for step in move.steps) == move.gained
    assert book.unit("C11").consequences["last_two_years"] == (book.unit("C11").last and then.unit("C01").last)
    assert renames_of(thawed(frozen(book))) == {"C01": "C11"}


def test_several_years_are_followed_to_the_latest_id(two_books) -> None:
    plain, _ = two_books
    books = followed(two_books)
    assert [book.has_unit("C11") for book in books] == [True, True]
    assert not books[0].has_unit("C01")
    assert books[0].points["C11", "B01"] == plain.points["C01", "B01"]
    assert [cell.unit for cell in books[0].cells_of("C11")][:1] == ["C11"]
    assert renamed(plain, {"C01": "C02"}) is plain  # C02 is somebody else


def test_an_unknown_successor_is_an_error_at_its_cell(data) -> None:
    folder = data / "raw" / LAST
    (folder / "predecessors.csv").write_text("unit_id,predecessor\nC77,C01\n", encoding="utf-8")
    (finding,) = [each for each in read_year(data / "raw", LAST).findings if each.code == "unknown-unit"]
    assert (finding.file, finding.row, finding.value) == ("predecessors.csv", 2, "C77")


def test_a_predecessor_that_the_year_before_does_not_know_is_asked_about(two_years) -> None:
    def asked():
        found = read_year(two_years / "raw", YEAR).findings
        return [each for each in found if each.code == "unknown-predecessor"]

    path = two_years / "raw" / YEAR / "predecessors.csv"
    before = path.read_text(encoding="utf-8-sig")
    assert asked() == []
    path.write_text(before + "C02,C98\n", encoding="utf-8-sig")
    (finding,) = asked()
    path.write_text(before, encoding="utf-8-sig")
    assert (finding.severity, finding.row, finding.value) == ("warning", 3, "C98")
    assert "C01" in finding.expected


def test_a_predecessor_may_be_named(two_years) -> None:
    path = two_years / "raw" / YEAR / "predecessors.csv"
    before = path.read_text(encoding="utf-8-sig")
    names = dict(zip(("unit_id", "predecessor"), before.splitlines()[1].split(","), strict=True))
    old = names["predecessor"]
    name = next(each.name for each in read_year(two_years / "raw", LAST).data.units if each.unit_id == old)
    path.write_text(f"unit_id,predecessor\n{names['unit_id']},{name}\n", encoding="utf-8-sig")
    intake = read_year(two_years / "raw", YEAR)
    path.write_text(f"{before}C02,学院\n", encoding="utf-8-sig")
    asked = [each for each in read_year(two_years / "raw", YEAR).findings if each.code == "unknown-predecessor"]
    path.write_text(before, encoding="utf-8-sig")
    assert intake.data.predecessors == ((names["unit_id"], old),)
    assert [each.row for each in intake.findings if each.code == "unit-by-name" and each.value == name] == [2]
    assert [f"是否指 {old} {name}" in each.expected for each in asked] == [True]


def test_the_whole_way_of_a_year(going_on, tmp_path) -> None:
    """new-year → template → import → status: what was asked of an office is what arrives."""
    data = going_on
    file = tmp_path / "财务处.xlsx"
    book = load_workbook(data / "templates" / YEAR / "财务处.xlsx")
    needed, optional = (open_cells(book, "指标数据", optional=each) for each in (False, True))
    asked = [next(iter(sorted(needed))), next(iter(sorted(optional - needed)))]
    for unit, name, cell in figures(book["指标数据"]):
        if (unit, name) in asked:
            cell.value = 1
    book.save(file)
    code, out = kaohe("import", file, "--year", YEAR, "--data", data)
    assert code == 0, out
    assert "新增 指标数据：2 格" in out
    assert (data / "raw" / YEAR / "财务处" / "财务处.xlsx").is_file()
    code, out = kaohe("status", YEAR, "--data", data)
    assert code == 0
    line = next(line for line in out.splitlines() if line.startswith("财务处 "))
    due = len(needed) + len(open_cells(book, "评分", optional=True))
    assert line.split()[1:4] == [str(due), "1", str(due - 1)]
    assert f"选报 {len(optional - needed)} 项已报 1 项" in line
    (entry,) = receipts(data / "raw" / YEAR)
    assert line.rstrip().endswith(f"{entry.time[:10]}（1 份）")


def test_two_runs_at_once_do_not_move_each_others_year(data, monkeypatch) -> None:
    monkeypatch.setattr("kaohe.files.locks.PATIENCE", 0)
    with holding(data / "templates"):
        code, out = kaohe("new-year", YEAR, "--data", data)
    assert (code, "另一个 kaohe 正在写入" in out) == (1, True)
    assert not (data / "raw" / YEAR).exists()
    assert kaohe("new-year", YEAR, "--data", data)[0] == 0


def test_stopped_on_the_way_there_is_no_half_a_year_and_the_next_run_completes(tmp_path_factory) -> None:
    base = tmp_path_factory.mktemp("stopped")
    small_year(base, units=("D10",))  # of few offices: what is stopped is the same, six times over

    def copy(name):
        shutil.copytree(base / "raw", base / name / "raw")
        return base / name

    passed = places(lambda: new_year(copy("whole"), YEAR), base / "places")
    whole = set(content(base / "whole" / "raw"))
    assert [place for place in passed if place.startswith("rename")] == [f"rename {YEAR}", f"rename {YEAR}"]
    first, second = (number for number, place in enumerate(passed, start=1) if place.startswith("rename"))
    for fault, number, ended in (("kill", first // 2, KILLED), ("kill", second, KILLED), ("full", first, REFUSED)):
        data = copy(f"{fault}-{number}")
        assert run_with(f"{fault}={number}", partial(new_year, data, YEAR)) == ended
        assert not (data / "raw" / YEAR).exists()
        assert new_year(data, YEAR).offices
        assert set(content(data / "raw")) == whole
        assert not [path for path in (data / "raw").iterdir() if path.name.startswith(".")]


def test_a_merger_of_units_with_different_party_organisations_leaves_theirs_to_be_said(data) -> None:
    words = ("--successor", "C12=C01+E01:智造学院", "--successor", "C13=C02+C03:信息化工学院")
    code, out = kaohe("new-year", YEAR, "--data", data, *words)
    assert code == 0, out
    orgs = {unit: org for unit, _, _, org in units(data)}
    assert (orgs["C12"], orgs["C13"]) == (None, "general_branch")
    said = "C12 由 C01 智能制造学院（党总支）、E01 继续教育学院（直属支部） 合并而成，党组织不同，留空未填"
    assert said in out
    assert said in (data / "raw" / YEAR / "新学年说明.md").read_text(encoding="utf-8")
    assert "C13 由" not in out
    assert [each.unit for each in read_year(data / "raw", YEAR).findings if each.code == "party-org"] == ["C12"]
