"""What the worst workbooks cost: processor seconds and peak memory of reading a year with one of them in it.

    .venv/bin/python benchmarks/hostile.py [--size 1.0] [NAME …]

Each stands for one way to make a small file large: cells far to the right, a text that thousands of cells show,
millions of elements, more mistakes than anybody reads; `--size` is the share of the full size. Each is read in a
process of its own.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
YEAR = "2018-2019"
HEADERS = {
    "民主测评": ("单位编号", "优秀", "合格", "不合格"),
    "评分": ("单位编号", "指标编号", "评分人", "分值"),
    "指标数据": ("单位编号", "社会培训人数"),
    "单位": ("单位编号", "单位名称", "类别", "党组织"),
    "成果": ("单位编号", "指标编号", "类型", "级别", "奖项", "项目名称", "日期", "第一完成人", "金额"),
}
OTHER = "机电工程学院"
UNITS = f"unit_id,name,category,party_org\nC01,信息工程学院,college,branch\nC02,{OTHER},college,branch\n"

READ = """
import json, resource, sys
from pathlib import Path
from kaohe.intake import read_year
found = read_year(Path(sys.argv[1]), sys.argv[2])
used = resource.getrusage(resource.RUSAGE_SELF)
status = Path("/proc/self/status")  # the other figure may be that of the process which started this one
peaks = [line.split()[1] for line in status.read_text().splitlines() if "VmHWM" in line] if status.exists() else []
own = [each for each in found.findings if each.file == "x.xlsx"]
peak = int([*peaks, used.ru_maxrss][0]) / 1024
print(json.dumps([used.ru_utime + used.ru_stime, peak, len(own), str(own[0]) if own else ""]))
"""


def book(sheets: dict[str, str], shared: str = "") -> bytes:
    """A workbook of the worksheets' inner XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        listed, relations = "", f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        for place, (name, inside) in enumerate(sheets.items(), start=1):
            listed += f'<sheet name="{name}" sheetId="{place}" r:id="s{place}"/>'
            part = f"worksheets/sheet{place}.xml"
            relations += f'<Relationship Id="s{place}" Type="{OFFICE}/worksheet" Target="{part}"/>'
            archive.writestr(f"xl/{part}", f'<worksheet xmlns="{SPACE}"{inside}</worksheet>')
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{SPACE}">{shared}</sst>')
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>')
        head = f'<workbook xmlns="{SPACE}" xmlns:r="{OFFICE}">'
        archive.writestr("xl/workbook.xml", f"{head}<sheets>{listed}</sheets></workbook>")
    return out.getvalue()


def table(name: str, rows: Iterable[str], after: str = "", more: str = "") -> dict[str, str]:
    header = "".join(map(words, HEADERS[name])) + more
    return {name: f"><sheetData><row>{header}</row>{''.join(f'<row>{row}</row>' for row in rows)}</sheetData>{after}"}


def words(written: str) -> str:
    return f'<c t="str"><v>{written}</v></c>'


def number(value: int = 1) -> str:
    return f"<c><v>{value}</v></c>"


def far_cells(size: int) -> bytes:
    cells = "".join(f'<c r="XFD{row}"><v>1</v></c>' for row in range(2, size // 100))
    return book({"指标数据": f'><sheetData><row r="1">{cells}</row></sheetData>'})


def far_cells_in_sheets(size: int) -> bytes:
    rows = "".join(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(1, size // 10_000))
    return book({f"s{sheet}": f"><sheetData>{rows}</sheetData>" for sheet in range(60)})


def column_ranges(size: int) -> bytes:
    columns = '<col min="1" max="16384" hidden="1"/>' * (size // 150)
    return book({"指标数据": f"><cols>{columns}</cols><sheetData><row>{number()}</row></sheetData>"})


def blank_cells(size: int) -> bytes:
    return book(table("指标数据", ['<c t="n"/>' * (29 * size // 30)]))


def shared_escapes(size: int) -> bytes:
    rows = ['<c t="s"><v>0</v></c>'] * (size // 50)
    return book(table("指标数据", rows), f"<si><t>{'甲' * min(32_000, size)}_x0041_</t></si>")


def unfolding_letters(size: int) -> bytes:
    texts = "".join(f"<si><t>{place}{chr(0xFDFA) * 290}</t></si>" for place in range(size // 100))
    return book(table("指标数据", (f'<c t="s"><v>{at}</v></c>{number()}' for at in range(size // 100))), texts)


def foreign_elements(size: int) -> bytes:
    return book({"指标数据": "><sheetData/>" + '<a b="1" c="2"/>' * (29 * size // 30)})


def many_attributes(size: int) -> bytes:
    return book({"指标数据": " " + " ".join(f'a{place}=""' for place in range(5 * size // 3)) + ">"})


def unknown_units(size: int) -> bytes:
    return book(table("民主测评", (words(f"X{row}") + number() * 3 for row in range(size // 20))))


def wrong_numbers(size: int) -> bytes:
    return book(table("民主测评", [words("C01") + words("a") * 3] * (size // 25)))


def wrong_names(size: int) -> bytes:
    return book(table("民主测评", [words("C01") + number() * 3 + words(OTHER)] * (size // 80), more=words("单位名称")))


def many_units(size: int) -> bytes:
    names = [f"X{row}" for row in range(size // 2_000)]
    units = (words(name) + "".join(map(words, (f"{name}学院", "二级学院", "党总支"))) for name in names)
    figures = (words(name) + number(1_000 + row) for row, name in enumerate(names))
    return book({**table("单位", units), **table("指标数据", figures)})


def many_amounts(size: int) -> bytes:
    kind = "".join(map(words, ("K6", "课题", "省级", "", "题", "2019-03-05", "是")))
    return book(table("成果", (words("C01") + kind + number(50_000 + row % 999) for row in range(size // 80))))


def many_raters(size: int) -> bytes:
    return book(table("评分", (words("C01") + words("B01") + number(row) * 2 for row in range(size // 20))))


def rows_again(size: int) -> bytes:
    return book(table("指标数据", [words("C01") + number()] * (size // 12)))


def merged_columns(size: int) -> bytes:
    merged = '<mergeCell ref="A1:A1048576"/>' * 990
    return book(table("民主测评", [number()] * (size // 8), f"<mergeCells>{merged}</mergeCells>"))


def wide_headers(size: int) -> bytes:
    names = "".join(words(f"监考与讲座参与率{place}") for place in range(min(size // 100, 16_000)))
    return book({"指标数据": f"><sheetData><row>{words('单位编号')}{names}</row></sheetData>"})


WORKBOOKS: dict[str, Callable[[int], bytes]] = {
    each.__name__: each
    for each in (
        far_cells, far_cells_in_sheets, column_ranges, blank_cells, shared_escapes, unfolding_letters, foreign_elements,
        many_attributes, unknown_units, wrong_numbers, wrong_names, many_units, many_amounts, many_raters, rows_again,
        merged_columns, wide_headers,
    )
}  # fmt: skip
FULL = 3_000_000
"""About as many tags as are read of a workbook."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("names", nargs="*", metavar="NAME", help="、".join(WORKBOOKS))
    options.add_argument("--size", type=float, default=1.0)
    given = options.parse_args()
    print(f"{'workbook':20} {'KB':>6} {'CPU s':>6} {'MB':>5} findings")
    slowest = largest = 0.0
    for name in given.names or WORKBOOKS:
        content = WORKBOOKS[name](int(FULL * given.size))
        seconds, memory, count, first = measured(content)
        slowest, largest = max(slowest, seconds), max(largest, memory)
        print(f"{name:20} {len(content) // 1024:6} {seconds:6.1f} {memory:5.0f} {count:6}  {first[:60]}", flush=True)
    print(f"{'worst':20} {'':6} {slowest:6.1f} {largest:5.0f}")


def measured(content: bytes) -> tuple[float, float, int, str]:
    """Processor seconds, peak memory in MB, findings about the workbook, and the first of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, YEAR)
        folder.mkdir()
        (folder / "units.csv").write_text(UNITS, encoding="utf-8")
        (folder / "x.xlsx").write_bytes(content)
        command = [sys.executable, "-c", READ, name, YEAR]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    seconds, memory, count, first = json.loads(done.stdout)
    return seconds, memory, count, first


if __name__ == "__main__":
    main()
