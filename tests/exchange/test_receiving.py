"""`kaohe import`: everything said before anything is taken; taken whole, or not at all; nothing lost."""

import json
import tempfile
from pathlib import Path

import pytest

from kaohe.exchange.receipts import KEPT, LEDGER, LedgerError, Receipt, as_text, receipts
from tests.exchange.filling import again, bring, filled, kaohe, saved, sheet_file, snapshot
from tests.intake.yearbook import YEAR, YearBook, csv_bytes, sheet_rows, workbook

pytestmark = pytest.mark.slow


def test_a_new_file_is_taken_with_date_and_hash(units: YearBook, tmp_path) -> None:
    file = sheet_file(tmp_path / "in" / "教务数据.xlsx", units, "metrics")
    code, out = bring(units, file, "--office", "教务处")
    assert code == 0, out
    assert "新增 指标数据" in out
    assert (units.folder / "教务处" / "教务数据.xlsx").read_bytes() == file.read_bytes()
    (entry,) = receipts(units.folder)
    assert (entry.file, entry.office, entry.replaces) == ("教务处/教务数据.xlsx", "教务处", "")
    assert entry.sha256 == units.look().data.files["教务处/教务数据.xlsx"]
    assert entry.new == len(units.tables["metrics"])
    assert not units.look().has_errors or {each.code for each in units.look().findings if each.severity == "error"} == {
        "missing-table"
    }


def test_a_dry_run_writes_nothing(units: YearBook, tmp_path) -> None:
    before = snapshot(units)
    code, out = bring(units, sheet_file(tmp_path / "a.xlsx", units, "ballots"), "--dry-run")
    assert (code, snapshot(units)) == (0, before)
    assert "可以收 1 个文件" in out


def test_no_copy_of_the_year_is_made_that_a_killed_run_would_leave(units: YearBook, tmp_path, monkeypatch) -> None:
    file = sheet_file(tmp_path / "a.xlsx", units, "ballots")
    monkeypatch.setattr(tempfile, "mkdtemp", lambda *_, **__: pytest.fail("a folder was made"))
    assert bring(units, file, "--dry-run")[0] == 0


def test_the_same_file_again_changes_nothing(units: YearBook, tmp_path) -> None:
    file = sheet_file(tmp_path / "a.xlsx", units, "ballots")
    bring(units, file)
    before = snapshot(units)
    code, out = bring(units, file)
    assert (code, snapshot(units)) == (0, before)
    assert "与已收的完全相同" in out
    assert "没有任何变化" in out


def test_a_corrected_file_shows_each_cell_and_keeps_the_old_one(units: YearBook, tmp_path) -> None:
    file = sheet_file(tmp_path / "票.xlsx", units, "ballots")
    bring(units, file)
    old = file.read_bytes()
    units.tables["ballots"][0]["excellent"] = 61
    sheet_file(file, units, "ballots")
    code, out = bring(units, file)
    assert code == 0
    line = next(line for line in out.splitlines() if "C01" in line)
    assert line.split()[:5] == ["民主测评", "C01", "优秀", "60", "61"]
    assert "目标办/票.xlsx［民主测评］第 2 行" in line
    assert sum("目标办/票.xlsx［" in line for line in out.splitlines()) == 1
    first, second = receipts(units.folder)
    assert (second.replaces, second.changed, second.new) == (first.sha256, 1, 0)
    assert (units.folder / KEPT / f"{first.sha256}.xlsx").read_bytes() == old
    assert units.look().data.votes["C01", "ballot", ""].counts["", "excellent"] == 61


def test_a_file_is_held_against_the_year_before(units: YearBook, tmp_path) -> None:
    last = units.raw / "2017-2018"
    last.mkdir()
    (last / "scheme.yaml").write_text("based_on: lygtc-2018\n", encoding="utf-8")
    (last / "metrics.csv").write_bytes(csv_bytes([["unit_id", "metric", "value"], ["C01", "staff", 52]]))
    units.set("metrics", "C01", "staff", value=530)
    code, out = bring(units, sheet_file(tmp_path / "人事.xlsx", units, "metrics"), "--dry-run")
    assert code == 0, out
    line = next(line for line in out.splitlines() if "教职工数是否多写了一位数？上一学年为 52 人" in line)
    assert "全部部门/人事.xlsx" in line
    assert "530" in line
    assert "是否指 53？" in line


def test_a_value_that_is_no_more_is_named(units: YearBook, tmp_path) -> None:
    file = sheet_file(tmp_path / "数据.xlsx", units, "metrics")
    bring(units, file, "--office", "教务处")
    gone = units.tables["metrics"].pop()
    sheet_file(file, units, "metrics")
    _, out = bring(units, file, "--office", "教务处")
    assert "新增 0 格，改动 0 格，消失 1 格" in out
    assert any(gone["unit_id"] in line and "（没有了）" in line for line in out.splitlines())
    assert receipts(units.folder)[-1].gone == 1


def test_a_conflict_between_offices_names_both_cells_and_nothing_is_taken(units: YearBook, tmp_path) -> None:
    bring(units, sheet_file(tmp_path / "甲.xlsx", units, "ballots"), "--office", "教务处")
    before = snapshot(units)
    units.tables["ballots"][0]["excellent"] = 61
    good = sheet_file(tmp_path / "好.xlsx", units, "metrics")
    code, out = bring(units, sheet_file(tmp_path / "乙.xlsx", units, "ballots"), good, "--office", "财务处")
    assert code == 1
    assert "财务处/乙.xlsx［民主测评］第 2 行" in out
    assert "教务处/甲.xlsx［民主测评］第 2 行" in out
    line = next(line for line in out.splitlines() if "冲突：" in line)
    assert line.split()[:5] == ["民主测评", "C01", "优秀", "60", "冲突：61"]
    assert "教务处/甲.xlsx［民主测评］第 2 行 → 财务处/乙.xlsx［民主测评］第 2 行" in line
    assert "（没有了）" not in out
    assert "一个文件也没有收" in out
    assert "请用原来的文件名，或加 --replace 教务处/甲.xlsx" in out
    assert "冲突 1 格" in out
    assert snapshot(units) == before


def test_an_error_in_the_file_is_told_with_its_cell(units: YearBook, tmp_path) -> None:
    units.tables["ballots"][0]["excellent"] = "很多"
    before = snapshot(units)
    code, out = bring(units, sheet_file(tmp_path / "票.xlsx", units, "ballots"))
    assert (code, snapshot(units)) == (1, before)
    line = next(line for line in out.splitlines() if "很多" in line)
    assert "（没有了）" not in out
    assert line.split()[:5] == ["错误", "目标办/票.xlsx", "民主测评", "2", "优秀"]


def test_errors_that_were_there_before_do_not_stop_a_good_file(units: YearBook, tmp_path) -> None:
    units.put("坏.csv", "a,b\n1,2\n")
    code, out = bring(units, sheet_file(tmp_path / "票.xlsx", units, "ballots"))
    assert code == 0, out


def test_a_file_put_there_by_hand_is_replaced_where_that_is_told(units: YearBook, tmp_path) -> None:
    sheet_file(units.folder / "票.xlsx", units, "ballots")
    before = snapshot(units)
    units.tables["ballots"][0]["excellent"] = 61
    code, out = bring(units, sheet_file(tmp_path / "票.xlsx", units, "ballots"))
    assert (code, snapshot(units)) == (1, before)
    assert again(out)[-2:] == ["--replace", "票.xlsx"]
    code, out = kaohe(*again(out))
    assert code == 0, out
    assert not (units.folder / "票.xlsx").exists()
    assert (units.folder / "目标办" / "票.xlsx").is_file()
    assert units.look().data.votes["C01", "ballot", ""].counts["", "excellent"] == 61


def test_a_file_put_there_by_hand_is_not_replaced_for_its_name_alone(units: YearBook, tmp_path) -> None:
    there = sheet_file(units.folder / "数据.xlsx", units, "metrics")
    content = there.read_bytes()
    code, out = bring(units, sheet_file(tmp_path / "数据.xlsx", units, "ballots"))
    assert code == 0, out
    assert there.read_bytes() == content
    assert (units.folder / "目标办" / "数据.xlsx").is_file()


def test_a_template_says_whose_it_is(units: YearBook, tmp_path) -> None:
    data = units.raw.parent
    file = tmp_path / "随便.xlsx"
    assert kaohe("template", YEAR, file, "--office", "财务处", "--data", data)[0] == 0
    filled(file)
    assert bring(units, file)[0] == 0
    assert (units.folder / "财务处" / "随便.xlsx").is_file()
    assert receipts(units.folder)[0].office == "财务处"


def test_a_template_of_another_year_is_refused(units: YearBook, tmp_path) -> None:
    file = tmp_path / "表.xlsx"
    kaohe("template", YEAR, file, "--data", units.raw.parent)
    later = units.raw / "2019-2020"
    later.mkdir()
    code, out = kaohe("import", file, "--year", "2019-2020", "--data", units.raw.parent)
    assert code == 1
    assert "这份表是 2018-2019 学年的，不是 2019-2020" in out
    assert not any(later.rglob("*.xlsx"))


@pytest.mark.parametrize("rater", ["../../外面", "/etc", "a/b\\c", "CON", "...", "", "~$表", "\u202e反"])
def test_names_never_become_paths(units: YearBook, tmp_path, rater: str) -> None:
    book = workbook({"说明": [[f"评分人：{rater}"]], "民主测评": sheet_rows("ballots", units.tables["ballots"])})
    code, out = bring(units, saved(book, tmp_path / "票.xlsx"))
    assert code == 0, out
    (entry,) = receipts(units.folder)
    assert (units.folder / entry.file).resolve().is_relative_to(units.folder.resolve())
    assert entry.file.count("/") == 1
    assert units.look().data.votes["C01", "ballot", ""]  # a folder or file that the reader passes over would lose it


def test_a_sheet_a_unit_is_taken_like_any_table(units: YearBook, tmp_path) -> None:
    header = ["metric", "value"]
    sheets = {
        unit: [header, *([row["metric"], row["value"]] for row in units.tables["metrics"] if row["unit_id"] == unit)]
        for unit in ("C01", "C02")
    }
    code, out = bring(units, saved(workbook(sheets), tmp_path / "分表.xlsx"), "--office", "教务处")
    assert code == 0, out
    assert f"新增 指标数据：{sum(map(len, sheets.values())) - 2} 格，2 个单位" in out


def test_a_csv_of_an_office(units: YearBook, tmp_path) -> None:
    file = tmp_path / "ballots.csv"
    file.write_bytes(csv_bytes(sheet_rows("ballots", units.tables["ballots"])))
    assert bring(units, file, "--office", "目标办")[0] == 0
    assert (units.folder / "目标办" / "ballots.csv").is_file()


@pytest.mark.parametrize(
    ("name", "says"), [("旧.xls", "另存为 .xlsx"), ("文.docx", "只收 .xlsx 和 .csv"), ("无.xlsx", "")]
)
def test_files_that_cannot_be_taken(units: YearBook, tmp_path, name: str, says: str) -> None:
    if name != "无.xlsx":
        (tmp_path / name).write_bytes(b"x")
    before = snapshot(units)
    code, out = bring(units, tmp_path / name)
    assert (code, snapshot(units)) == (1, before)
    assert name in out
    assert says in out


def test_two_files_for_one_place(units: YearBook, tmp_path) -> None:
    one = sheet_file(tmp_path / "1" / "表.xlsx", units, "ballots")
    two = sheet_file(tmp_path / "2" / "表.xlsx", units, "metrics")
    code, out = bring(units, one, two, "--office", "教务处")
    assert code == 1
    assert "有两个文件都要放到 教务处/表.xlsx" in out


def test_a_folder_is_taken_with_all_that_lies_in_it(units: YearBook, tmp_path) -> None:
    """Files that do not say whose they are go by the folder they lie in; what is no table is named."""
    ballots, metrics = (csv_bytes(sheet_rows(name, units.tables[name])) for name in ("ballots", "metrics"))
    for name, content in (("目标办/民主测评.csv", ballots), ("教务处/一/指标数据.csv", metrics), ("通知.pdf", b"%PDF")):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(content)
    code, out = bring(units, tmp_path / "in")
    assert code == 0, out
    assert {each.file for each in receipts(units.folder)} == {"目标办/民主测评.csv", "教务处/指标数据.csv"}
    assert f"没有收 {tmp_path / 'in' / '通知.pdf'}：不是数据表" in out.replace("\n", "")
    before = snapshot(units)
    assert "没有任何变化" in bring(units, tmp_path / "in")[1]
    assert snapshot(units) == before


@pytest.mark.parametrize(("name", "content"), [("旧.xls", b"x"), ("表.xlsx", b"x"), ("表.ods", b"x"), ("空.csv", None)])
def test_a_folder_is_taken_whole_or_not_at_all(units: YearBook, tmp_path, name: str, content: bytes | None) -> None:
    folder = tmp_path / "in"
    (folder / "深").mkdir(parents=True)
    if content:
        sheet_file(folder / "票.xlsx", units, "ballots")
        (folder / "深" / name).write_bytes(content)
    before = snapshot(units)
    code, out = bring(units, folder)
    assert (code, snapshot(units)) == (1, before)
    assert (name if content else "文件夹里没有 .xlsx 或 .csv 文件") in out.replace("\n", "")


def test_one_file_in_two_folders_is_taken_once(units: YearBook, tmp_path) -> None:
    one = sheet_file(tmp_path / "1" / "票.xlsx", units, "ballots")
    two = tmp_path / "2" / "票.xlsx"
    two.parent.mkdir()
    two.write_bytes(one.read_bytes())
    code, out = bring(units, one, two)
    assert code == 0, out
    assert f"{two} → 目标办/票.xlsx：与 {one} 完全相同" in out
    assert len(receipts(units.folder)) == 1


def test_what_was_taken_is_said_to_be_though_the_history_is_damaged(units: YearBook, tmp_path) -> None:
    records = units.raw.parent / "processed" / YEAR / "history" / "records"
    records.mkdir(parents=True)
    (records / "000001-0123456789ab.json").write_text("{", encoding="utf-8")
    code, out = bring(units, sheet_file(tmp_path / "票.xlsx", units, "ballots"))
    assert code == 0, out
    assert "已收 1 个文件" in out
    assert "000001-0123456789ab.json 已损坏" in out
    assert len(receipts(units.folder)) == 1


def test_a_spoiled_ledger_is_not_overwritten(units: YearBook, tmp_path) -> None:
    (units.folder / LEDGER).write_text('{"不是": 1}\n', encoding="utf-8")
    before = snapshot(units)
    code, out = bring(units, sheet_file(tmp_path / "票.xlsx", units, "ballots"))
    assert (code, snapshot(units)) == (1, before)
    assert f"{LEDGER} 第 1 行不是收件记录" in out


def test_a_ledger_that_is_no_text_is_told_and_a_name_may_hold_any_letter(tmp_path) -> None:
    entry = Receipt("2019-07-01", "甲\u2028乙.xlsx", "0" * 64, "甲\u2028乙.xlsx", "教务处", "", 1, 0, 0)
    (tmp_path / LEDGER).write_text(as_text([entry, entry]), encoding="utf-8")
    assert receipts(tmp_path) == [entry, entry]
    (tmp_path / LEDGER).write_bytes("收件".encode("gb18030"))
    with pytest.raises(LedgerError, match="不是 UTF-8"):
        receipts(tmp_path)


def test_a_ledger_is_one_line_a_file(units: YearBook, tmp_path) -> None:
    for name in ("ballots", "metrics"):
        bring(units, sheet_file(tmp_path / f"{name}.xlsx", units, name), "--office", "教务处")
    lines = (units.folder / LEDGER).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["file"] for line in lines] == ["教务处/ballots.xlsx", "教务处/metrics.xlsx"]
    assert "收件登记" not in {Path(each.file).stem for each in units.look().findings}
