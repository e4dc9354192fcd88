"""Printing without a browser: what is current, what is outdated, what is said where there is none."""

import os
import sys

import pytest

from kaohe.batch import printing
from kaohe.batch.printing import NoChromiumError, outdated, pdf_of, print_pages
from kaohe.files.sets import whole_set

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-in for a browser is a script")


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """Something that prints as Chromium does, from its own options; a page that says so, it refuses."""
    program = tmp_path / "chromium"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys, urllib.parse, urllib.request\n"
        "text = open(urllib.request.url2pathname(urllib.parse.urlparse(sys.argv[-1]).path)).read()\n"
        "target = next(word.partition('=')[2] for word in sys.argv if word.startswith('--print-to-pdf='))\n"
        "if 'broken' in text: sys.exit('no paper')\n"
        "open(target, 'w').write('%PDF ' + text)\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setattr(printing, "find_chromium", lambda: program)


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "out" / "2018-2019" / "annual.html"
    path.parent.mkdir(parents=True)
    path.write_text("one", encoding="utf-8")
    return path


def printed(page):
    """What a page's PDF says before the line that tells which state of the page it shows."""
    return pdf_of(page).read_text(encoding="utf-8").partition("\n")[0]


def drop_outdated(root):
    with whole_set(root) as stage:
        stage.drop(outdated(stage))


@pytest.mark.usefixtures("browser")
def test_a_page_is_printed_beside_it_and_again_only_when_it_changes(page):
    assert print_pages([page]).printed == [page]
    assert printed(page) == "%PDF one"
    assert print_pages([page]).kept == [page]
    page.write_text("two", encoding="utf-8")
    assert print_pages([page]).printed == [page]
    assert printed(page) == "%PDF two"


@pytest.mark.usefixtures("browser")
def test_new_style_is_printed_anew(page, monkeypatch):
    print_pages([page])
    monkeypatch.setattr(printing, "look", lambda: "another")
    assert print_pages([page]).printed == [page]


@pytest.mark.usefixtures("browser")
def test_one_page_that_fails_keeps_what_was_there_and_does_not_stop_the_rest(page, tmp_path):
    root, other = tmp_path / "out", page.with_name("check.html")
    print_pages([page])
    page.write_text("broken", encoding="utf-8")
    other.write_text("fine", encoding="utf-8")
    done = print_pages([page, other])
    assert done.printed == [other]
    assert "no paper" in done.failed[page]
    assert not [path for path in root.rglob("*") if path.name.endswith(".kaohe-part")]


@pytest.mark.usefixtures("browser")
def test_a_pdf_whose_page_has_changed_goes(page, tmp_path):
    root = tmp_path / "out"
    print_pages([page])
    drop_outdated(root)
    assert pdf_of(page).is_file()
    page.write_text("two", encoding="utf-8")
    drop_outdated(root)
    assert not pdf_of(page).exists()


@pytest.mark.usefixtures("browser")
def test_pdfs_go_with_the_set_that_changes_or_drops_their_pages_but_not_those_of_others(page, tmp_path):
    other, dropped = page.with_name("check.html"), page.with_name("diff.html")
    for each in (other, dropped):
        each.write_text("one", encoding="utf-8")
    print_pages([page, other, dropped])
    by_hand = page.with_name("会议.pdf")
    by_hand.write_text("%PDF", encoding="utf-8")
    with whole_set(tmp_path / "out") as stage:
        stage.write(stage.name(page), "two")
        stage.write(stage.name(other), "one")
        stage.drop([stage.name(dropped)])
        stage.drop(outdated(stage))
        assert pdf_of(page).is_file()
    assert {path.name for path in page.parent.glob("*.pdf")} == {"check.pdf", by_hand.name}


def test_without_a_browser_it_says_so_in_chinese(page, monkeypatch):
    monkeypatch.setattr(printing, "find_chromium", lambda: None)
    with pytest.raises(NoChromiumError, match="没有找到 Chromium"):
        print_pages([page])
