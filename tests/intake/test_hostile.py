"""Broken and hostile files: the right value, or a finding that names the place; never a traceback or a hang."""

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from openpyxl.comments import Comment

from kaohe.intake import remembered
from kaohe.intake.sheets import package, stream
from kaohe.intake.sheets.cells import plain
from kaohe.intake.sheets.texts import MOST_LETTERS_IN_CELL
from kaohe.intake.tables import rows as reading_rows
from tests.intake.ballots import HEADER, ballots, put_ballots, refused
from tests.intake.packages import BOOK, SHEET, changed, computed, packed, parts, saved, sheet_xml, with_cell
from tests.intake.yearbook import YearBook, found, only, remarkable, workbook

pytestmark = pytest.mark.slow


# The archive


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_truncated_workbook(year: YearBook, kept: float) -> None:
    intake = put_ballots(year, lambda content: content[: int(len(content) * kept)])
    assert "没有传完" in refused(intake, "unreadable").message


@pytest.mark.parametrize("content", [b"<html><table><tr><td>C01</td></tr></table></html>", "单位编号,优秀\n".encode()])
def test_another_kind_of_file_named_xlsx(year: YearBook, content: bytes) -> None:
    assert "改了扩展名" in refused(put_ballots(year, lambda _: content), "unreadable").message


def test_an_archive_that_is_no_workbook(year: YearBook) -> None:
    refused(put_ballots(year, lambda _: packed({"word/document.xml": b"<document/>"})), "unreadable")


def test_a_damaged_part(year: YearBook) -> None:
    def damage(content: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            at = archive.getinfo(SHEET).header_offset + 120
        return content[:at] + bytes(byte ^ 0x55 for byte in content[at : at + 40]) + content[at + 40 :]

    refused(put_ballots(year, damage), "unreadable")


def test_a_zip_bomb_is_not_unpacked(year: YearBook) -> None:
    bomb = {"xl/worksheets/sheet1.xml": b" " * (package.MOST_UNPACKED + 1)}
    started = time.process_time()
    intake = put_ballots(year, lambda content: packed({**parts(content), **bomb}))
    finding = refused(intake, "too-large")
    assert "展开后过大" in finding.message
    assert time.process_time() - started < 20
    assert (year.folder / "票.xlsx").stat().st_size < 2**20


def test_an_archive_that_lies_about_its_size(year: YearBook) -> None:
    def lie(content: bytes) -> bytes:
        size = len(parts(content)[SHEET]).to_bytes(4, "little")
        assert size in content
        return content.replace(size, (100).to_bytes(4, "little"))

    refused(put_ballots(year, lie), "unreadable")


def test_thousands_of_parts(year: YearBook) -> None:
    many = {f"xl/media/{number}.png": b"" for number in range(package.MOST_PARTS)}
    refused(put_ballots(year, lambda content: packed({**parts(content), **many})), "too-large")


def test_more_cells_than_any_college_has(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_CELL_TAGS", 10_000)
    rows = [f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(1, 5000)]
    intake = put_ballots(year, lambda content: packed({**parts(content), SHEET: sheet_xml(rows)}))
    assert "删去" in refused(intake, "too-large").expected


def test_more_styles_than_a_workbook_has(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_OTHER_TAGS", 1000)
    styles = ("</cellXfs>", "<xf/>" * 1000 + "</cellXfs>")
    refused(put_ballots(year, lambda content: changed(content, "xl/styles.xml", styles)), "too-large")


def test_the_limits_are_far_above_a_real_workbook(year: YearBook) -> None:
    rows = [HEADER, *([f"X{number}", 1, 2, 3] for number in range(20_000))]
    content = saved(workbook({"ballots": rows}))
    assert package.refusal(content) is None


def test_one_part_twice(year: YearBook) -> None:
    def twice(content: bytes) -> bytes:
        file = io.BytesIO(content)
        with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(SHEET, parts(content)[SHEET].replace(b"60", b"99"))
        return file.getvalue()

    refused(put_ballots(year, twice), "unreadable")


def test_a_way_of_packing_that_no_office_program_uses(year: YearBook) -> None:
    refused(put_ballots(year, lambda content: packed(parts(content), zipfile.ZIP_BZIP2)), "unreadable")


@pytest.mark.parametrize("name", ["../../x", "xl/../../y.xml", "..\\..\\x", "/etc/passwd", "C:\\x.xml"])
def test_names_that_lead_out_of_the_archive(year: YearBook, name: str) -> None:
    finding = refused(put_ballots(year, lambda content: packed({**parts(content), name: b"x"})), "unsafe")
    assert f"“{package.part_name(name)}”" in finding.message


def test_two_parts_whose_names_differ_in_capitals(year: YearBook) -> None:
    twice = {SHEET.upper(): b"<worksheet/>"}
    assert (
        "两份" in refused(put_ballots(year, lambda content: packed({**parts(content), **twice})), "unreadable").message
    )


@pytest.mark.parametrize(
    "change", [str.upper, lambda name: name.replace("/", "\\"), str.title, lambda name: f"/{name}"]
)
def test_part_names_as_other_programs_write_them(year: YearBook, change: Callable[[str], str]) -> None:
    def renamed(content: bytes) -> bytes:
        return packed({change(name): part for name, part in parts(content).items()})

    intake = put_ballots(year, renamed)
    assert remarkable(intake) == []
    assert intake.data.votes["C01", "ballot", ""].counts["", "excellent"] == 60


@pytest.mark.parametrize(
    "name", ["xl/media/image1.svg", "xl/media/IMAGE2.SVG", "xl\\media\\image3.svg", "xl/embeddings/a.html"]
)
def test_a_picture_that_declares_its_type(year: YearBook, name: str) -> None:
    svg = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd"><svg/>'
    assert remarkable(put_ballots(year, lambda content: packed({**parts(content), name: svg}))) == []


def test_a_sheet_among_the_pictures_unfolds_no_entities(year: YearBook) -> None:
    def moved(content: bytes) -> bytes:
        found = parts(content)
        sheet = found.pop(SHEET).replace(b"<worksheet", f"{LAUGHS}<worksheet".encode(), 1)
        relations = found["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", b"media/a.svg")
        return packed({**found, "xl/_rels/workbook.xml.rels": relations, "xl/media/a.svg": sheet})

    refused(put_ballots(year, moved), "unreadable")


def strict(content: bytes) -> bytes:
    """The workbook as Excel's “Strict Open XML” writes it."""
    old, new = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"
    spaces = {
        f"{old}/spreadsheetml/2006/main": f"{new}/spreadsheetml/main",
        f"{old}/officeDocument/2006/relationships": f"{new}/officeDocument/relationships",
    }
    found = parts(content)
    for name, part in found.items():
        for usual, other in spaces.items():
            part = part.replace(usual.encode(), other.encode())
        found[name] = part
    return packed(found)


def test_a_workbook_of_strict_open_xml(year: YearBook) -> None:
    book = workbook({"ballots": ballots(year)})
    book["ballots"]["B2"].comment = Comment("待核实", "x")
    year.put("票.xlsx", strict(saved(book)))
    intake = year.read()
    assert remarkable(intake) == ["comment"]
    assert intake.data.votes["C01", "ballot", ""].counts["", "excellent"] == 60


# What is in it


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("part", [SHEET, BOOK, "xl/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("entities", [LAUGHS, OUTSIDE])
def test_entities_are_refused(year: YearBook, part: str, entities: str) -> None:
    def add(content: bytes) -> bytes:
        found = parts(content)
        text = found[part].decode()
        head, _, rest = text.partition("?>") if text.startswith("<?") else ("", "", text)
        return packed({**found, part: f"{head}{'?>' if head else ''}{entities}{rest}".encode()})

    assert "实体" in refused(put_ballots(year, add), "unsafe").message


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_entities_in_another_encoding(year: YearBook, encoding: str) -> None:
    xml = ("\ufeff" + LAUGHS + "<worksheet/>").encode(encoding)
    refused(put_ballots(year, lambda content: packed({**parts(content), SHEET: xml})), "unsafe")


def test_macros_are_told_and_never_run(year: YearBook) -> None:
    intake = put_ballots(year, lambda content: packed({**parts(content), "xl/vbaProject.bin": b"x"}))
    finding = only(intake, "macros")
    assert (finding.severity, finding.file) == ("warning", "票.xlsx")
    assert "不会运行" in finding.message
    assert intake.data.votes["C01", "ballot", ""].counts["", "excellent"] == 60


def test_external_links_are_not_followed(year: YearBook) -> None:
    intake = put_ballots(year, lambda content: computed(content, "[1]Sheet1!A1", 60))
    finding = only(intake, "external-link")
    assert (finding.severity, finding.sheet) == ("warning", "ballots")
    assert "（B2）" in finding.message
    assert intake.data.votes["C01", "ballot", ""].counts["", "excellent"] == 60


def test_a_declared_range_of_the_whole_sheet_costs_nothing(year: YearBook) -> None:
    started = time.process_time()
    dimension = ('<dimension ref="A1:D8"', '<dimension ref="A1:XFD1048576"')
    assert remarkable(put_ballots(year, lambda content: changed(content, SHEET, dimension))) == []
    assert time.process_time() - started < 10


def test_merged_cells_of_the_whole_sheet_cost_nothing(year: YearBook) -> None:
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    started = time.process_time()
    intake = put_ballots(year, lambda content: changed(content, SHEET, ("</sheetData>", merged)))
    assert only(intake, "merged-cells").sheet == "ballots"
    assert time.process_time() - started < 10


def test_thousands_of_merged_cells(year: YearBook) -> None:
    merged = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(100, 2200))
    new = f"</sheetData><mergeCells>{merged}</mergeCells>"
    intake = put_ballots(year, lambda content: changed(content, SHEET, ("</sheetData>", new)))
    assert "有 2100 处合并单元格" in found(intake, "merged-cells")[0].message


def test_cells_far_to_the_right_do_not_fill_the_memory(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_SLOTS", 100_000)
    rows = [f'<row r="{number}"><c r="XFD{number}"><v>1</v></c></row>' for number in range(1, 50)]
    intake = put_ballots(year, lambda content: packed({**parts(content), SHEET: sheet_xml(rows)}))
    finding = refused(intake, "too-large")
    assert (finding.sheet, "第 7 行" in finding.message) == ("ballots", True)


def test_cells_that_stand_in_the_row_of_others_take_as_much(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_SLOTS", 100_000)
    cells = "".join(f'<c r="XFD{number}"><v>1</v></c>' for number in range(1, 50))
    xml = sheet_xml([f'<row r="1">{cells}</row>'])
    finding = refused(put_ballots(year, lambda content: packed({**parts(content), SHEET: xml})), "too-large")
    assert "第 7 行" in finding.message


def test_all_sheets_of_a_workbook_share_the_room(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_SLOTS", 20_000)
    year.save("票.xlsx", workbook({"说明": [[None] * 11_000 + [1]], "ballots": [[None] * 11_000 + [1]]}))
    assert refused(year.read(), "too-large").sheet == "ballots"


def test_thousands_of_column_ranges_are_as_many_hidden_columns_as_there_are(year: YearBook) -> None:
    columns = "<cols>" + '<col min="1" max="16384" hidden="1"/>' * 2_000 + "</cols><sheetData>"
    intake = put_ballots(year, lambda content: changed(content, SHEET, ("<sheetData>", columns)))
    assert "（A、B、C、D）" in only(intake, "hidden-columns").message


def test_a_row_of_blank_cells_beyond_the_last_column(year: YearBook) -> None:
    intake = put_ballots(year, lambda content: changed(content, SHEET, ("</row>", "<c/>" * 20_000 + "</row>")))
    assert remarkable(intake) == []


def with_shared(content: bytes, inside: str, cells: int) -> bytes:
    found = parts(content)
    relations = found["xl/_rels/workbook.xml.rels"].decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    if kind not in relations:
        more = f'<Relationship Id="x" Type="{kind}" Target="/xl/sharedStrings.xml"/></Relationships>'
        relations = relations.replace("</Relationships>", more)
    texts = f'<sst xmlns="{stream.MAIN}"><si>{inside}</si></sst>'.encode()
    rows = ['<row><c t="s"><v>0</v></c></row>' for _ in range(cells)]
    return packed(
        {
            **found,
            "xl/_rels/workbook.xml.rels": relations.encode(),
            "xl/sharedStrings.xml": texts,
            SHEET: sheet_xml(rows),
        }
    )


STRUCK_RUN = "<r><rPr><strike/></rPr><t>{}</t></r><r><t>乙</t></r>"


@pytest.mark.parametrize("text", [f"<t>{'甲' * 1000}</t>", f"<t>{'_x0041_' * 1000}</t>", STRUCK_RUN.format("甲" * 999)])
def test_a_text_counts_for_each_cell_that_shows_it(year: YearBook, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(stream, "MOST_LETTERS", 20_000)
    finding = refused(put_ballots(year, lambda content: with_shared(content, text, 100)), "too-large")
    assert "第 20 行" in finding.message


@pytest.mark.parametrize(("letters", "is_read"), [(MOST_LETTERS_IN_CELL - 1, True), (MOST_LETTERS_IN_CELL, False)])
def test_struck_letters_count_in_a_cell(year: YearBook, letters: int, is_read: bool) -> None:
    text = STRUCK_RUN.format("甲" * letters)
    intake = put_ballots(year, lambda content: with_shared(content, text, 1))
    assert bool(found(intake, "unreadable")) is not is_read


def test_texts_that_no_cell_shows_count_once(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_LETTERS", 20_000)
    refused(put_ballots(year, lambda content: with_shared(content, f"<t>{'甲' * 30_000}</t>", 0)), "too-large")


def test_letters_that_unfold_into_many_do_so_in_words_alone() -> None:
    assert plain("\ufdfa") != "\ufdfa"
    assert plain("\ufdfa" * 1000) == "\ufdfa" * 1000


@pytest.mark.parametrize(
    ("limit", "value", "xml"),
    [
        ("MOST_DEPTH", 50, "<a>" * 60 + "</a>" * 60),
        ("MOST_NAMES", 100, "".join(f"<a{number}/>" for number in range(200))),
        ("LONGEST_TAG", 50_000, "<a " + " ".join(f"b{number}='1'" for number in range(10_000)) + "/>"),
    ],
)
def test_elements_that_no_program_writes(
    year: YearBook, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, xml: str
) -> None:
    intake = put_ballots(year, lambda content: changed(content, SHEET, ("</sheetData>", f"</sheetData>{xml}")))
    assert remarkable(intake) == []
    monkeypatch.setattr(stream, limit, value)
    remembered.forget()
    refused(year.look(), "too-large")


def test_elements_of_others_are_passed_over(year: YearBook) -> None:
    inside = '<row r="2"><c r="B2"><v>7</v></c></row>'
    other = f'<x:sheetData xmlns:x="urn:x">{inside}</x:sheetData><ext>{inside}</ext>'
    intake = put_ballots(year, lambda content: changed(content, SHEET, ("</sheetData>", f"</sheetData>{other}")))
    assert (remarkable(intake), intake.data.votes["C01", "ballot", ""].counts["", "excellent"]) == ([], 60)


def test_one_part_for_two_sheets_is_read_once(year: YearBook) -> None:
    content = saved(workbook({"说明": [["x"]], "ballots": ballots(year)}))
    year.put("票.xlsx", changed(content, "xl/_rels/workbook.xml.rels", ("sheet1.xml", "sheet2.xml")))
    assert refused(year.read(), "unreadable").sheet == "ballots"


def test_a_table_with_more_rows_than_anybody_reads(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_rows, "MOST_RECORDS", 3)
    year.save("票.xlsx", workbook({"ballots": [HEADER, *ballots(year)[1:]]}))
    assert "第 6 行" in next(each for each in found(year.read(), "too-large") if each.file == "票.xlsx").message


def test_a_header_of_thousands_of_columns(year: YearBook) -> None:
    year.save("票.xlsx", workbook({"ballots": [[None], HEADER + ["备注"] * 2000, *ballots(year)[1:]]}))
    assert refused(year.read(), "too-large").message == "第 2 行有 2004 格，不是表头"


@pytest.mark.parametrize(
    ("cell", "xml"),
    [
        ("B3", '<c r="B3"><v>abc</v></c>'),
        ("B3", '<c r="B3" t="s"><v>99999</v></c>'),
        ("C4", '<c r="C4" t="d"><v>no date</v></c>'),
        ("C4", '<c r="C4"><v>3</v></c><c r="C4"><v>4</v></c>'),
        ("D2", f'<c r="D2" t="inlineStr"><is><t>{"x" * 40_000}</t></is></c>'),
    ],
)
def test_a_cell_that_no_program_writes_is_named(year: YearBook, cell: str, xml: str) -> None:
    finding = refused(put_ballots(year, lambda content: with_cell(content, cell, xml)), "unreadable")
    assert (finding.sheet, finding.row, finding.column) == ("ballots", int(cell[1]), cell[0])


@pytest.mark.parametrize("written", ["1E999", "-1e400"])
def test_a_number_without_end(year: YearBook, written: str) -> None:
    intake = put_ballots(year, lambda content: with_cell(content, "B2", f'<c r="B2"><v>{written}</v></c>'))
    finding = refused(intake, "bad-number")
    assert (finding.row, finding.column, finding.message) == (2, "excellent", "数字过大")


def test_a_percentage_without_end(year: YearBook) -> None:
    book = workbook({"metrics": [["unit_id", "metric", "value"], ["C01", "invigilation_rate", 0.5]]})
    book["metrics"]["C2"].number_format = "0%"
    style = '<c r="C2" s="1"><v>1e999</v></c>'
    year.tables["metrics"] = [row for row in year.tables["metrics"] if row["metric"] != "invigilation_rate"]
    year.put("票.xlsx", with_cell(saved(book), "C2", style))
    assert refused(year.read(), "bad-figure").row == 2


def test_a_sheet_whose_part_is_gone(year: YearBook) -> None:
    def without(content: bytes) -> bytes:
        return packed({name: part for name, part in parts(content).items() if name != SHEET})

    assert refused(put_ballots(year, without), "unreadable").sheet == "ballots"


def test_one_broken_sheet_does_not_hide_the_others(year: YearBook) -> None:
    rows = ballots(year)
    content = saved(workbook({"说明": [["x"]], "ballots": rows}))
    year.put("票.xlsx", with_cell(content, "A1", '<c r="A1"><v>abc</v></c>'))
    intake = year.read()
    assert refused(intake, "unreadable").sheet == "说明"
    assert len(intake.data.votes) == len(rows) - 1
