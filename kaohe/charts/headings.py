"""The head of every page: what it is about, and whether its data is synthetic or provisional."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.charts.html import Html, join, styles, text
from kaohe.charts.notation import PROVISIONAL, Marked, marks
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.marks import NO_RESULT


def banner(*about: Marked) -> Html:
    """演示数据（合成）, 试算 and 暂定, where they hold; empty otherwise."""
    return join((_badge(mark) for mark in marks(*about)), " ")


def _badge(mark: str) -> Html:
    alarm = " kh-provisional" if mark in (PROVISIONAL, NO_RESULT) else ""
    return Html(f'<span class="kh-badge kh-mark{alarm}">{text(mark)}</span>')


def heading(subject: str, about: Iterable[str], *marked: Marked) -> Html:
    """The head of a page: subject, what it is about, the banner; with the style the page's tables need."""
    line = "　".join(part for part in about if part)
    warning = banner(*marked)
    more = f'<p class="kh-about">{warning}</p>' if warning else ""
    return Html(
        f'{styles()}<div class="kh kh-lead"><p class="kh-subject">{text(subject)}</p>'
        f'<p class="kh-about">{text(line)}</p>{more}</div>'
    )


def year_section(book: ScoreBook, title: str) -> Html:
    """A section's heading that speaks of years as the book's are called: `与{last}相比`."""
    return section_heading(title.format(**vars(book.spoken)))


def section_heading(title: str, words: str = "") -> Html:
    """A section's heading on a page, as its notebook's own, where only some schemes have the section."""
    more = f"<p>{text(words)}</p>" if words else ""
    return Html(f'<h2 id="{text(title.replace(" ", "-"))}">{text(title)}</h2>{more}')
