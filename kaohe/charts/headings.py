"""The head of every page: what it is about, and whether its data is synthetic or provisional."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.charts.html import Html, join, styles, text
from kaohe.charts.saying import PROVISIONAL, Marked, marks


def banner(*about: Marked) -> Html:
    """演示数据（合成） and 暂定, where they hold; empty otherwise."""
    return join(
        (
            Html(
                f'<span class="kh-badge kh-mark{" kh-provisional" if mark == PROVISIONAL else ""}">{text(mark)}</span>'
            )
            for mark in marks(*about)
        ),
        " ",
    )


def heading(subject: str, about: Iterable[str], *marked: Marked) -> Html:
    """The head of a page: subject, what it is about, the banner; with the style the page's tables need."""
    line = "　".join(part for part in about if part)
    warning = banner(*marked)
    more = f'<p class="kh-about">{warning}</p>' if warning else ""
    return Html(
        f'{styles()}<div class="kh kh-lead"><p class="kh-subject">{text(subject)}</p>'
        f'<p class="kh-about">{text(line)}</p>{more}</div>'
    )
