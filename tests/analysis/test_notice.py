"""Notices to units: made of what the data say, blank where they say nothing, for nobody to whom nothing follows."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.notice import notices
from kaohe.analysis.public import public_year, read_public_year, write_public
from kaohe.batch.notice import notice_page
from kaohe.charts.public import public_findings, public_notice
from kaohe.scoring.score import score_intake
from tests.charts.books import changed
from tests.exchange.filling import kaohe
from tests.intake.yearbook import YEAR, YearBook


@pytest.fixture
def year(tmp_path) -> YearBook:
    """C02 was decided to fail; the year says who signs and how long it is posted."""
    made = YearBook(tmp_path / "data" / "raw")
    made.tables["decisions"] = [
        {
            "unit_id": "C02",
            "grade": "unqualified",
            "matter": "grade",
            "reason": "<材料>不实",
            "decided_on": "2019-09-20",
        }
    ]
    made.tables["rectifications"] = [{"unit_id": "C02", "responsible": "张三", "due": "2019-12-31"}]
    made.put(
        "year.yaml",
        "letters: {number: 3 号, signature: 领导小组, signed_on: 2019-09-27}\n"
        "notice: {from: 2019-09-20, to: 2019-09-26, contact: 王老师, phone: '0518-1',\n"
        "  place: 301 室, signature: 目标办}\n",
    )
    return made


def test_a_failed_unit_gets_a_sheet_with_blanks(year: YearBook) -> None:
    intake = year.read()
    book = score_intake(intake)
    (found,) = notices(book, intake, "C02")
    assert (found.title, found.number, found.to) == ("整改通知书", "3 号", "机电工程学院")
    assert (found.signature, found.signed_on) == ("领导小组", "2019-09-27")
    assert "经领导小组审议（2019-09-20）定为不合格：<材料>不实" in found.paragraphs[0]
    assert "三·4" in found.paragraphs[1]
    assert dict(found.rows) == {"责任人": "张三", "原因": "", "措施": "", "期限": "2019-12-31", "完成日期": ""}
    page = notice_page(book, "C02", [found])
    assert "&lt;材料&gt;不实" in page
    assert re.search(r'<td class="blank">(</td>)?<', page)  # pages leave out what HTML lets them
    assert notices(book, intake, "C01") == []


def test_last_two_years_running_is_told_to_everybody(year: YearBook) -> None:
    intake = year.read()
    book = score_intake(intake)
    before = replace(book.slim(), year="2017-2018")
    book = replace(changed(book, {"C01": {"last_two_years": True}}), before=before)
    (found,) = notices(book, intake, "C01")
    assert (found.title, found.to) == ("通报批评", "各院部、各部门")
    assert "2017-2018 学年" in found.paragraphs[0]
    assert "三·5" in found.paragraphs[0]
    assert len(found.rows) > 1
    assert {said for _, said in found.rows} == {""}
    assert "演示数据" not in notice_page(book, "C01", [found])
    beside = replace(book, before=replace(before, synthetic=True))
    assert "2017-2018 学年为演示数据（合成），与真实的数据并列，不能由此得出结论" in notice_page(beside, "C01", [found])


def test_a_unit_below_the_line_is_told_the_line(year: YearBook) -> None:
    intake = year.read()
    book = changed(score_intake(intake), {"C01": {"rectify": True, "total": Fraction(70), "grade": "不合格"}})
    (found,) = notices(book, intake, "C01")
    assert "低于不合格线" in found.paragraphs[0]
    assert "失分最多的指标" in found.paragraphs[-1]
    judged = {book.indicators[cell.indicator].name for cell in book.cells_of("C01") if cell.raters is not None}
    assert not any(f"{name}（少" in found.paragraphs[-1] for name in judged)


def test_the_command_writes_refuses_and_never_overwrites(year: YearBook, tmp_path) -> None:
    year.write_csv()
    code, said = kaohe("notice", YEAR, "C02", "--data", year.raw.parent)
    assert code == 1
    assert "有的评分、测评不足三人，" in said
    year.tables["ratings"] += [{**row, "rater": "丙"} for row in year.tables["ratings"] if row["rater"] == "甲"]
    year.write_csv()
    out, data = tmp_path / "通知.html", ("--data", year.raw.parent)
    code, said = kaohe("notice", YEAR, "C02", "--out", out, *data)
    assert code == 0
    assert "留空待填的：原因、措施、完成日期" in said
    first = out.read_bytes()
    assert kaohe("notice", YEAR, "C02", "--out", out, *data)[0] == 2
    assert out.read_bytes() == first
    assert kaohe("notice", YEAR, "C02", "--out", out, "--overwrite", *data)[0] == 0
    code, said = kaohe("notice", YEAR, "C01", "--out", tmp_path / "x.html", *data)
    assert code == 1
    assert "没有要发的通知" in said
    assert not (tmp_path / "x.html").exists()
    assert kaohe("notice", YEAR, "X9", *data)[0] == 2


def test_the_public_page_says_how_long_whom_to_ask_and_who_signs(year: YearBook, tmp_path) -> None:
    book = score_intake(year.read())
    table = public_year(replace(book, final="2019-09-20 定稿：会议"))
    assert "不能用作公示" in public_findings(public_year(book))  # two rate there
    path = tmp_path / "table.json"
    path.write_text(write_public(table), encoding="utf-8")
    assert read_public_year(path) == table
    html = public_notice(table)
    assert "公示期：2019-09-20 至 2019-09-26。对结果有异议的，请在公示期内联系：王老师，电话 0518-1，301 室。" in html
    assert "目标办" in html
    unsaid = public_notice(replace(table, notice={}))
    assert "公示期：＿＿＿＿＿＿ 至 ＿＿＿＿＿＿。" in unsaid  # lines to write on
    assert "2019-09-20" not in unsaid
    assert "王老师" not in unsaid
    assert "不能用作公示" not in public_findings(table)
    waiting = replace(table, rows=tuple(replace(row, grade="待审议") for row in table.rows[:2]))
    assert "尚有 2 个单位待审议" in public_findings(waiting)
