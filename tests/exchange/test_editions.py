"""`kaohe import`, where a file is not what it seems: a new edition under another name, a blank one, nobody's."""

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kaohe.exchange.asking import context_of, offices
from kaohe.exchange.receipts import KEPT, receipts
from tests.exchange.filling import again, bring, fill_in, filled, kaohe, only_units, saved, sheet_file, snapshot
from tests.intake.yearbook import YEAR, YearBook, achievement, csv_bytes, scheme, sheet_rows

pytestmark = pytest.mark.slow

OFFICE = "教务处"
MANY = 12
"""Open cells of the office's template that are filled in."""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, Path]:
    """What two folders hold that every test begins with: a blank template, and that with a filled one taken."""
    before, after = (tmp_path_factory.mktemp(name) for name in ("before", "after"))
    units = YearBook(after / "data" / "raw")
    units.write_csv()
    only_units(units)
    (after / "空表").mkdir()
    file = after / "空表" / f"{OFFICE}.xlsx"
    assert kaohe("template", YEAR, file, "--office", OFFICE, "--data", units.raw.parent)[0] == 0
    shutil.copytree(after, before, dirs_exist_ok=True)
    code, out = bring(units, another(file, file.name))
    assert code == 0, out
    return before, after


@pytest.fixture
def blank(made: tuple[Path, Path], units: YearBook, tmp_path) -> Path:
    """The office's template."""
    shutil.copytree(made[0], tmp_path, dirs_exist_ok=True)
    return tmp_path / "空表" / f"{OFFICE}.xlsx"


@pytest.fixture
def taken(made: tuple[Path, Path], blank: Path, tmp_path) -> Path:
    """A filled one, taken."""
    shutil.copytree(made[1], tmp_path, dirs_exist_ok=True)
    return tmp_path / f"{OFFICE}.xlsx"


def another(template: Path, name: str, *, cells: int = MANY, **changed: int) -> Path:
    """A template filled in under another name, some cells otherwise: `B2=0`."""
    path = template.parents[1] / name
    book = load_workbook(template)
    fill_in(book, cells)
    for at, value in changed.items():
        assert book["指标数据"][at].value is not None, "the cell is not among those filled in"
        book["指标数据"][at] = value
    return saved(book, path)


def first_figure(path: Path) -> str:
    """Where the first filled figure stands."""
    page = load_workbook(path)["指标数据"]
    return next(cell.coordinate for row in page.iter_rows(min_row=2) for cell in row if not cell.protection.locked)


def csv_file(path: Path, name: str, rows: list) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    (path / f"{name}.csv").write_bytes(csv_bytes(sheet_rows(name, rows)))
    return path / f"{name}.csv"


def metrics_of(units: YearBook, office: str) -> list:
    return [row for row in units.tables["metrics"] if scheme().metrics[row["metric"]].office == office]


def test_a_renamed_copy_with_one_other_figure_leads_to_the_command(units: YearBook, blank: Path, taken: Path) -> None:
    before = snapshot(units)
    renamed = another(blank, f"{OFFICE}(1).xlsx", **{first_figure(blank): 0})
    code, out = bring(units, renamed)
    assert (code, snapshot(units)) == (1, before)
    assert f"像是已收的 {OFFICE}/{OFFICE}.xlsx 的新一版：{MANY - 1} 格相同，1 格不同" in out
    assert "出现了两次" not in out
    assert len(out.splitlines()) < 10
    assert sum("［指标数据］" in line for line in out.splitlines()) == 1
    code, out = kaohe(*again(out))
    assert code == 0, out
    assert "新增 0 格，改动 1 格，消失 0 格" in out
    first, second = receipts(units.folder)
    assert (second.file, second.replaces) == (f"{OFFICE}/{OFFICE}(1).xlsx", first.sha256)
    assert (second.new, second.changed, second.gone) == (0, 1, 0)
    assert (units.folder / KEPT / f"{first.sha256}.xlsx").read_bytes() == taken.read_bytes()
    assert not (units.folder / OFFICE / f"{OFFICE}.xlsx").exists()
    assert not [each for each in units.look().findings if each.code in ("conflict", "repeated-row")]


def test_a_fuller_edition_says_how_much_more_it_brings(units: YearBook, blank: Path, taken: Path) -> None:
    code, out = bring(units, another(blank, "全.xlsx", cells=MANY + 3), "--dry-run")
    assert code == 1
    assert f"{MANY} 格相同，0 格不同，多 3 格" in out
    code, out = bring(units, taken.with_name("全.xlsx"), "--replace", f"{OFFICE}.xlsx")
    assert code == 0, out
    assert "新增 3 格，改动 0 格，消失 0 格" in out


def saved_again(path: Path, name: str) -> Path:
    """The same cells, other bytes."""
    book = load_workbook(path)
    book.properties.title = "另存"
    again = saved(book, path.with_name(name))
    assert again.read_bytes() != path.read_bytes()
    return again


def test_a_copy_saved_again_is_passed_over_and_keeps_nothing_back(units: YearBook, taken: Path, tmp_path) -> None:
    copy = saved_again(taken, "另存.xlsx")
    votes = sheet_file(tmp_path / "票.xlsx", units, "ballots")
    code, out = bring(units, copy, votes)
    assert code == 0, out
    assert f"与已收的 {OFFICE}/{OFFICE}.xlsx 内容相同，不再收" in out
    assert [each.file for each in receipts(units.folder)] == [f"{OFFICE}/{OFFICE}.xlsx", "目标办/票.xlsx"]
    code, out = bring(units, copy, "--replace", f"{OFFICE}.xlsx")
    assert code == 0, out
    assert [path.name for path in (units.folder / OFFICE).iterdir()] == ["另存.xlsx"]


def test_what_lacks_only_a_row_in_error_is_no_copy(units: YearBook, tmp_path) -> None:
    wrong = {**units.tables["ballots"][0], "unit_id": "C02", "excellent": "很多"}
    units.tables["ballots"] = [units.tables["ballots"][0]]
    good = sheet_file(tmp_path / "改正.xlsx", units, "ballots")
    units.tables["ballots"].append(wrong)
    there = sheet_file(units.folder / "目标办" / "票.xlsx", units, "ballots")
    code, out = bring(units, good)
    assert code == 1
    assert "像是已收的 目标办/票.xlsx 的新一版：3 格相同，0 格不同" in out
    assert kaohe(*again(out))[0] == 0
    assert not there.exists()
    wrong["excellent"] = "很少"
    code, out = bring(units, sheet_file(tmp_path / "又错.xlsx", units, "ballots"))
    assert code == 1
    assert "很少" in out


def test_the_same_bytes_under_another_name_are_known(units: YearBook, taken: Path) -> None:
    before = snapshot(units)
    copy = taken.with_name("副本.xlsx")
    copy.write_bytes(taken.read_bytes())
    code, out = bring(units, copy)
    assert (code, snapshot(units)) == (0, before)
    assert f"与已收的 {OFFICE}/{OFFICE}.xlsx 完全相同" in out


def test_two_files_of_the_same_bytes_are_taken_once(units: YearBook, blank: Path) -> None:
    one = another(blank, "一.xlsx")
    two = one.with_name("二.xlsx")
    two.write_bytes(one.read_bytes())
    code, out = bring(units, one, two)
    assert code == 0, out
    assert f"与 {one} 完全相同" in out
    assert [each.file for each in receipts(units.folder)] == [f"{OFFICE}/一.xlsx"]


def test_what_was_replaced_does_not_come_back_unasked(units: YearBook, blank: Path, taken: Path) -> None:
    newer = another(blank, "新.xlsx", **{first_figure(blank): 0})
    assert bring(units, newer, "--replace", f"{OFFICE}/{OFFICE}.xlsx")[0] == 0
    before = snapshot(units)
    code, out = bring(units, taken, newer)  # as one who imports the whole inbox every evening
    assert (code, snapshot(units)) == (0, before)
    assert f"后来被 {OFFICE}/新.xlsx 替换，不再收；要换回来请加 --replace {OFFICE}/新.xlsx" in out
    code, out = bring(units, taken, "--replace", "新.xlsx")
    assert code == 0, out
    assert (units.folder / OFFICE / f"{OFFICE}.xlsx").read_bytes() == taken.read_bytes()


def test_an_older_edition_of_the_same_name_does_not_come_back_unasked(
    units: YearBook, blank: Path, taken: Path
) -> None:
    """7-01, 7-05, and all of the inbox again."""
    old, place = taken.read_bytes(), f"{OFFICE}/{OFFICE}.xlsx"
    assert bring(units, another(blank, taken.name, **{first_figure(blank): 0}))[0] == 0
    taken.write_bytes(old)
    before = snapshot(units)
    code, out = bring(units, taken)
    assert (code, snapshot(units)) == (0, before)
    assert f"后来被 {place} 替换，不再收；要换回来请加 --replace {place}" in out
    newest = another(blank, "最新.xlsx", **{first_figure(blank): 5})
    code, out = bring(units, taken, newest)
    assert code == 1
    assert f"{newest} 像是已收的 {place} 的新一版" in out
    code, out = bring(units, taken, "--replace", place)
    assert code == 0, out
    assert "替换已收的同名文件；注意：这是早先收过、后来被替换的一版" in out
    assert (units.folder / place).read_bytes() == old
    assert "与已收的完全相同" in bring(units, taken)[1]


def test_an_edition_of_what_lies_in_the_folder_of_the_office_above(units: YearBook, tmp_path) -> None:
    office = "党委组织部（人事处）"
    rows = metrics_of(units, office)
    csv_file(units.folder / "党委组织部", "metrics", rows)
    rows[0]["value"] += 1
    code, out = bring(units, csv_file(tmp_path, "metrics", rows), "--office", office)
    assert code == 1
    assert "像是已收的 党委组织部/metrics.csv 的新一版" in out


def test_other_tables_of_the_same_office_are_no_edition(units: YearBook, tmp_path) -> None:
    assert bring(units, sheet_file(tmp_path / "票.xlsx", units, "ballots"))[0] == 0
    units.tables["declarations"] = [{"unit_id": "C01", "kind": "innovation", "title": "某项", "accepted": 1}]
    code, out = bring(units, sheet_file(tmp_path / "申报.xlsx", units, "declarations"))
    assert code == 0, out


@pytest.mark.parametrize(
    ("named", "says"),
    [("没有.xlsx", f"没有收过这个文件；有：units.csv、{OFFICE}/{OFFICE}.xlsx"), ("", "没有收过这个文件")],
)
def test_a_file_to_be_replaced_that_is_not_there(
    units: YearBook, blank: Path, taken: Path, named: str, says: str
) -> None:
    code, out = bring(units, another(blank, "新.xlsx"), "--replace", named)
    assert code == 1
    assert says in out


@pytest.mark.parametrize("named", ["{name}", "{folder}/{office}/{name}", "{office}/{name}"])
def test_a_file_to_be_replaced_may_be_named_as_one_sees_it(
    units: YearBook, blank: Path, taken: Path, named: str
) -> None:
    given = named.format(name=taken.name, office=OFFICE, folder=units.folder)
    assert bring(units, another(blank, "新.xlsx"), "--replace", given)[0] == 0
    assert [path.name for path in (units.folder / OFFICE).iterdir()] == ["新.xlsx"]


def test_the_same_command_again_changes_nothing(units: YearBook, blank: Path, taken: Path) -> None:
    newer = another(blank, "新.xlsx", **{first_figure(blank): 0})
    assert bring(units, newer, "--replace", taken.name)[0] == 0
    before = snapshot(units)
    for named in (taken.name, newer.name):
        code, out = bring(units, newer, "--replace", named)
        assert (code, snapshot(units)) == (0, before)
        assert "与已收的完全相同" in out


def test_one_file_at_a_time_replaces_another(units: YearBook, blank: Path, taken: Path) -> None:
    files = another(blank, "新.xlsx"), another(blank, "又.xlsx")
    code, out = bring(units, *files, "--replace", taken.name)
    assert code == 1
    assert "--replace 一次只配一个文件" in out


def test_a_blank_form_is_refused_and_replaces_nothing(units: YearBook, blank: Path, taken: Path) -> None:
    before = snapshot(units)
    for words in ((), ("--dry-run",), ("--nothing-to-report",)):
        code, out = bring(units, blank, *words)
        assert (code, snapshot(units)) == (1, before)
        if "--nothing-to-report" in words:
            assert f"消失 {MANY} 格，新增只有 0 格" in out
        else:
            assert f"{blank}：这份表还没有填" in out


def test_nothing_to_report_is_received(units: YearBook, blank: Path) -> None:
    code, out = bring(units, blank, "--nothing-to-report")
    assert code == 0, out
    form, said = receipts(units.folder)
    assert (form.office, form.new, form.gone) == (OFFICE, 0, 0)
    assert (said.office, said.file) == (OFFICE, f"{OFFICE}/零报告.csv")


def test_a_form_that_was_received_as_blank_stops_nothing_later(units: YearBook, blank: Path, tmp_path) -> None:
    assert bring(units, blank, "--nothing-to-report")[0] == 0
    code, out = bring(units, blank, sheet_file(tmp_path / "票.xlsx", units, "ballots"))
    assert code == 0, out
    assert "与已收的完全相同" in out
    assert len(receipts(units.folder)) == 3  # the form, the nil report that it is, and the votes


def test_a_blank_form_over_a_filled_one_is_taken_by_the_printed_command(
    units: YearBook, blank: Path, taken: Path
) -> None:
    code, out = bring(units, blank, "--nothing-to-report")
    assert code == 1
    code, out = kaohe(*again(out))
    assert code == 0, out
    assert f"新增 2 格，改动 0 格，消失 {MANY} 格" in out  # nothing to say of K1.1 and B07


def test_the_printed_command_replaces_what_was_to_be_replaced(units: YearBook, blank: Path, taken: Path) -> None:
    code, out = bring(units, another(blank, "少.xlsx", cells=1), "--replace", taken.name)
    assert code == 1
    code, out = kaohe(*again(out))
    assert code == 0, out
    assert [path.name for path in (units.folder / OFFICE).iterdir()] == ["少.xlsx"]


def test_a_nearly_blank_form_is_refused_until_it_is_meant(units: YearBook, blank: Path, taken: Path) -> None:
    before, old = snapshot(units), taken.read_bytes()
    poor = another(blank, taken.name, cells=1)
    code, out = bring(units, poor)
    assert (code, snapshot(units)) == (1, before)
    assert f"会替换 {OFFICE}/{OFFICE}.xlsx：消失 {MANY - 1} 格，新增只有 0 格" in out
    assert again(out)[-1] == "--replace-with-less"
    code, out = kaohe(*again(out))
    assert code == 0, out
    assert f"新增 0 格，改动 0 格，消失 {MANY - 1} 格" in out
    first, second = receipts(units.folder)
    assert second.gone == MANY - 1
    assert (units.folder / KEPT / f"{first.sha256}.xlsx").read_bytes() == old


def test_cells_that_come_in_another_file_are_not_lost(units: YearBook, blank: Path, taken: Path) -> None:
    book = load_workbook(another(blank, "其余.xlsx"))
    at = first_figure(blank)
    book["指标数据"][at] = None
    one = another(blank, taken.name, cells=1)
    code, out = bring(units, one, saved(book, blank.parents[1] / "其余.xlsx"))
    assert code == 0, out
    assert "新增 0 格，改动 0 格，消失 0 格" in out


def test_an_unknown_office_is_refused_with_those_there_are(units: YearBook, taken: Path) -> None:
    before = snapshot(units)
    code, out = bring(units, taken, "--office", "不存在处\x1b[2J")
    assert (code, snapshot(units)) == (1, before)
    assert "没有名为“不存在处\ufffd[2J”的部门" in out
    assert all(each in out for each in offices(context_of(units.look())))


def test_an_office_is_the_same_however_it_is_typed(units: YearBook, tmp_path) -> None:
    office = "党委组织部（人事处）"
    file = csv_file(tmp_path / "in", "metrics", metrics_of(units, office))
    assert bring(units, file, "--office", " 党委组织部(人事处)")[0] == 0
    assert [each.office for each in receipts(units.folder)] == [office]
    assert bring(units, file, "--office", office)[0] == 0
    assert len(receipts(units.folder)) == 1


def test_an_office_above_several_may_hand_in_for_them(units: YearBook, tmp_path) -> None:
    file = csv_file(tmp_path / "in", "metrics", metrics_of(units, "党委学生工作部（招生就业办）"))
    code, out = bring(units, file, "--office", "党委学生工作部")
    assert code == 0, out
    assert (units.folder / "党委学生工作部" / "metrics.csv").is_file()


def test_the_office_of_a_csv_is_that_of_all_its_figures(units: YearBook, tmp_path) -> None:
    file = csv_file(tmp_path / "in", "metrics", metrics_of(units, OFFICE))
    assert bring(units, file)[0] == 0
    assert (units.folder / OFFICE / "metrics.csv").is_file()
    works = csv_file(tmp_path / "in", "achievements", [achievement()])
    assert bring(units, works)[0] == 0
    assert receipts(units.folder)[-1].office == scheme().indicators["K6"].office


def test_a_csv_of_several_offices_is_of_all(units: YearBook, tmp_path) -> None:
    file = csv_file(tmp_path / "in", "metrics", units.tables["metrics"])
    assert bring(units, file)[0] == 0
    assert (units.folder / "全部部门" / "metrics.csv").is_file()
    assert [each.office for each in receipts(units.folder)] == ["全部部门"]


def test_a_form_of_all_offices_is_of_all(units: YearBook, tmp_path) -> None:
    file = tmp_path / "全.xlsx"
    kaohe("template", YEAR, file, "--data", units.raw.parent)
    code, out = bring(units, filled(file))
    assert code == 0, out
    assert [each.office for each in receipts(units.folder)] == ["全部部门"]


def test_the_first_file_of_a_year_may_be_its_units(units: YearBook, tmp_path) -> None:
    for path in units.folder.glob("*.csv"):
        path.unlink()
    file = csv_file(tmp_path / "in", "units", units.tables["units"])
    code, out = bring(units, file, "--office", "不存在处")
    assert code == 1
    assert OFFICE in out
    code, out = bring(units, file)
    assert code == 0, out
    assert (units.folder / "目标办" / "units.csv").is_file()


def test_nothing_is_taken_into_a_year_whose_scheme_cannot_be_used(units: YearBook, taken: Path) -> None:
    units.put("scheme.yaml", "based_on: nothing\n")
    code, out = bring(units, taken)
    assert code == 1
    assert f"{YEAR} 学年读不了，不能收表：" in out
    assert "考核方案有误" in out


def test_a_file_that_is_too_large_is_refused_unread(units: YearBook, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("kaohe.exchange.arrivals.MOST_BYTES", 10)
    code, out = bring(units, sheet_file(tmp_path / "票.xlsx", units, "ballots"))
    assert code == 1
    assert "票.xlsx：文件过大" in out
