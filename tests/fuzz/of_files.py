"""What befalls a file on its way: encodings, separators, cuts and damage."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from tests.fuzz.targets import (
    BASIC,
    Draw,
    a_number,
    case,
    numeric,
    targets,
    whole,
    written,
)
from tests.fuzz.writing import text_of
from tests.fuzz.year import Case, Year
from tests.intake.packages import packed, parts


def encodings(draw: Draw, year: Year) -> Case:
    made, target, _ = whole(year, draw, excel=False)
    text = (
        draw(st.sampled_from(["信息学院 ", "甲；乙", "Université", "學院 ", "カタカナ", ""]))
        if made.real == "metrics"
        else ""
    )
    if text and made.table == "metrics":
        made.rows[target.row - 1][made.rows[0].index("note")] = text
    encoding = draw(
        st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "big5", "shift_jis", "latin-1"])
    )
    made.content = text_of(made.rows).encode(encoding, errors="replace")
    made.doubtful = True
    return made


def separators(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=False)
    delimiter, end = draw(st.sampled_from(",;\t|")), draw(st.sampled_from(["\r\n", "\n", "\r"]))
    made.content = text_of(made.rows, delimiter, end).encode()
    return made


def other_separators(draw: Draw, year: Year) -> Case:
    """Full-width commas and the like, or a line `sep=` above: read, and said to be so; not where they contradict."""
    made, _, _ = whole(year, draw, excel=False)
    sign = draw(st.sampled_from(";\t|，；、,"))
    said = draw(st.sampled_from(["", sign, ";,"[sign == ";"]]))
    end = draw(st.sampled_from(["\r\n", "\n"]))
    line = draw(st.sampled_from(["sep={}", "SEP={}", "\ufeffsep={}"])).format(said) + end if said else ""
    made.content = (line + text_of(made.rows, sign, end)).encode()
    made.calm = said in ("", sign)
    made.meant = made.meant if made.calm else None
    return made


def mixed_separators(draw: Draw, year: Year) -> Case:
    """A header parted otherwise than the rows, or one row otherwise than the others."""
    made, target, _ = whole(year, draw, excel=False)
    one, other = draw(st.sampled_from([(",", ";"), (";", ","), (",", "，"), ("，", ","), ("\t", ","), (",", "\t")]))
    lines, parted = (text_of(made.rows, sign).splitlines(keepends=True) for sign in (one, other))
    at = 0 if draw(st.booleans()) else target.row - 1
    made.content, made.meant = "".join((*lines[:at], parted[at], *lines[at + 1 :])).encode(), None
    return made


TEXT_MARKS = ("'{}", "＇{}", "‘{}", '="{}"', ' ="{}"', '"{}"', "“{}”", "'{}'")


def text_marks(draw: Draw, year: Year) -> Case:
    """`'3` and `="3"`, in one cell or throughout: what is marked as text is read without the mark, and said once."""
    made, target, value = whole(year, draw)
    mark = draw(st.sampled_from(TEXT_MARKS))
    if draw(st.booleans()):
        made.rows = [[None if cell is None else mark.format(cell) for cell in row] for row in made.rows]
    else:
        made.rows[target.row - 1][target.at] = mark.format(written(value))
        made.row = target.row
    made.told, made.calm = True, True
    return made


def commas_in_numbers(draw: Draw, year: Year) -> Case:
    """`1,234` without quotes: all that follows moves to the right."""
    target, _ = numeric(draw, year, "count", "money")
    value = Fraction(draw(st.integers(1000, 999_999)))
    made = case(year, target, "★", None, excel=False)
    lines = text_of(made.rows).replace("★", f"{int(value):,}")
    made.content = lines.replace(",,,,\r\n", draw(st.sampled_from([",,,,\r\n", ",\r\n"]))).encode()
    made.columns = ()
    return made


def fields_too_many_or_few(draw: Draw, year: Year) -> Case:
    made, target, _ = whole(year, draw, excel=False)
    row = made.rows[target.row - 1]
    at = draw(st.integers(0, target.at))
    made.rows[target.row - 1] = [*row[:at], *row[at + 1 :]] if draw(st.booleans()) else [*row[:at], None, *row[at:]]
    made.row, made.meant, made.gone = target.row, None, True
    return made


def quotation_marks(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=False)
    lines = text_of(made.rows).splitlines(keepends=True)
    at = draw(st.integers(1, len(lines) - 1))
    fields = lines[at].split(",")
    place = draw(st.integers(0, len(fields) - 1))
    fields[place] = '"' + fields[place]
    lines[at] = ",".join(fields)
    made.content, made.told = "".join(lines).encode(), True
    return made


def cut_text(draw: Draw, year: Year) -> Case:
    """The last row of a file that has not come through whole; a number cut in two is one that must be asked about."""
    there = {target.table: None for target in targets(year, *BASIC, "date")}
    last = targets(year, *BASIC, "date", table=draw(st.sampled_from([*there])))[-1]
    value = last.value.isoformat() if last.kind == "date" else written(a_number(draw, last.kind))
    made = case(year, last, value, None, excel=False)
    text = text_of(made.rows)
    start = text.rstrip("\r\n").rindex("\n") + 1
    cut = draw(st.integers(start + 1, len(text) - 3))
    fields = text[start:cut].split(",")
    if last.at == len(fields) - 1 == len(made.rows[0]) - 1 and fields[-1].rstrip("."):
        made.meant = Fraction(fields[-1].rstrip("."))
    made.content, made.columns, made.told = text[:cut].encode(), (), True
    return made


def cut_workbooks(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=True)
    content = made.bytes()
    made.content, made.meant = content[: draw(st.integers(0, len(content) - 1))], None
    return made


def flipped_bits(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=True)
    content = bytearray(made.bytes())
    for at in draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=3)):
        content[at] ^= 1 << draw(st.integers(0, 7))
    made.content = bytes(content)
    made.doubtful = True
    return made


def other_files_of_the_name(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw)
    start = draw(st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<html>", b"%PDF-1.4", b"\xff\xfe"]))
    made.content = start + draw(st.binary(max_size=40))
    made.meant = None
    return made


def names_of_files(draw: Draw, year: Year) -> Case:
    made, _, _ = whole(year, draw, excel=True)
    kind = draw(st.sampled_from([".xls", ".xlsm", ".xlsb", ".et", ".ods", ".XLSM"]))
    name = draw(st.sampled_from(["表", "<b>", "=1+1", "a b", "表..", "表（1）"]))
    made.name, made.meant = f"交来/{made.real}{name}{kind}", None
    return made


STRICT = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006": "http://purl.oclc.org/ooxml/officeDocument",
}
SVG = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd"><svg/>'


def other_packages(draw: Draw, year: Year) -> Case:
    """The same workbook in another package: Strict, names in another case or with backslashes, pictures beside it."""
    made, _, _ = whole(year, draw, excel=True)
    found = parts(made.bytes())
    if draw(st.booleans()):
        for old, new in STRICT.items():
            found = {name: part.replace(old.encode(), new.encode()) for name, part in found.items()}
    change = draw(st.sampled_from([str, str.upper, str.title, lambda name: name.replace("/", "\\")]))
    found = {change(name): part for name, part in found.items()}
    if draw(st.booleans()):
        found["xl/media/图.svg"] = SVG
    outside = draw(st.sampled_from(["", "", "", "../x", "xl/../../x", "/x", "C:/x", "..\\x"]))
    made.content = packed({**found, **({outside: b"x"} if outside else {})})
    made.meant = None if outside else made.meant
    return made
