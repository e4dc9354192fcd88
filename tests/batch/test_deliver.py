"""What is handed to one unit alone is one file of its own, and nobody is left with one that is out of date."""

import re
import zipfile

import pytest

from kaohe.analysis.public import BLANK
from kaohe.batch import site
from kaohe.batch.deliver import EVERYONE
from kaohe.batch.printing import Printed
from tests.reporting import YEAR, report_here
from tests.small import change, small_year

UNITS = ("C01", "C02", "D03")


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    base = tmp_path_factory.mktemp("handed")
    folder = small_year(base / "data", units=UNITS)
    notice = "notice: {from: 2019-07-18, to: 2019-07-24, contact: 王老师, phone: '0518-1', signature: 考核办}\n"
    (folder / "year.yaml").write_text(notice, encoding="utf-8")
    result = report_here(base / "data", base / "out", YEAR, "--zip", pictures=False)
    assert result.code == 0, result.error
    return result


def packages(result):
    found = {}
    for path in sorted((result.folder / "deliver").glob("*.zip")):
        with zipfile.ZipFile(path) as package:
            found[path.name] = {name: package.read(name).decode() for name in package.namelist()}
    return found


def test_each_unit_has_one_file_with_its_own_page_alone(handed):
    found = packages(handed)
    assert len(found) == len(UNITS) + 1
    for unit in UNITS:
        (name,) = (name for name in found if name.startswith(unit))
        ((inner, page),) = found[name].items()
        assert inner.endswith("考核得分.html")
        assert page == (handed.folder / f"public/units/{unit}.html").read_text(encoding="utf-8")
        assert not re.findall(r'(?:href|src)="(?!#)', page)
    ((_, posted),) = found[EVERYONE].items()
    assert posted == (handed.folder / "public/index.html").read_text(encoding="utf-8")


def test_the_list_says_who_gets_which(handed):
    said = (handed.folder / "deliver/index.html").read_text(encoding="utf-8")
    for name in packages(handed):
        assert f">{name}</a>" in said
    assert said.count("<tr>") == len(UNITS) + 2
    assert 'href="deliver/index.html"' in (handed.folder / "index.html").read_text(encoding="utf-8")


def test_the_posted_page_has_period_contact_and_signature_and_tells_no_scoring(handed):
    page = (handed.folder / "public/index.html").read_text(encoding="utf-8")
    for said in ("公示期：2019-07-18 至 2019-07-24", "王老师，电话 0518-1", "考核办", "　　年　　月　　日", "数据截至"):
        assert said in page
    assert BLANK not in page
    for public in (handed.folder / "public").rglob("*.html"):
        text = public.read_text(encoding="utf-8")
        assert "评分编号" not in text
        assert "kaohe 0." not in text
        assert "历史第" not in text


def test_a_list_is_not_printed_before_it_is_written_anew(handed, monkeypatch):
    printed = []
    monkeypatch.setattr(site, "print_pages", lambda pages, **told: printed.extend(pages) or Printed())
    outcome = site.report([YEAR], handed.data, handed.out, questions=(), pdf=True, packed=True)
    assert outcome.handed == {YEAR: len(UNITS) + 1}
    assert handed.folder / "index.html" in printed
    assert handed.folder / "deliver/index.html" not in printed


def test_files_that_are_out_of_date_go(handed, tmp_path):
    """Other data, and no `--zip`: the pages are new, and a file to be mailed would show the old ones."""
    before = set(packages(handed))
    change(handed.data / "raw" / YEAR, "units", lambda row: {**row, "name": f"新{row['name']}"},
           where=lambda row: row["unit_id"] == "C01")  # fmt: skip
    again = report_here(handed.data, handed.out, YEAR, pictures=False)
    assert again.code == 0, again.error
    left = set(packages(handed))
    assert not [name for name in left if name.startswith("C01")]
    assert EVERYONE not in left  # it names C01
    assert left < before
    assert not (handed.folder / "deliver/index.html").exists()
    assert "deliver/" not in (handed.folder / "index.html").read_text(encoding="utf-8")
