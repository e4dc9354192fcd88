"""What a heavy page shows later than its first words, deflated inside the page: it stays one file and opens light.

A figure's JSON repeats itself, and so does the table behind it: an eighth of their length is left. `web/unpack.js` puts
them back where they stood, before tables and figures are prepared. Pages that are light stay as they are: their figures
are drawn in browsers, too, that cannot unpack.
"""

from __future__ import annotations

import base64
import gzip
import re

LIGHT = 140_000
"""Bytes of content up to which nothing is packed; with what stands around it a page is below 150 kB."""

_FOLD = re.compile(
    r'(?P<head><details class="kh kh-behind"><summary>[^<]*</summary>)(?P<held>(?:(?!</?details).)+)</details>',
    re.DOTALL,
)
_DATA = re.compile(r'<script type="application/json" (?:data-chart|data-looked)[^>]*>.*?</script>\n?', re.DOTALL)
_PACKED = re.compile(r'<script type="text/plain" id="packed">(.*?)</script>\n?', re.DOTALL)
_HELD = re.compile(r'<template data-behind="(\d+)">(.*?)</template>', re.DOTALL)


def packed(content: bytes) -> str:
    """Bytes as base64 of gzip."""
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()


def apart(body: str, figures: str) -> tuple[str, str]:
    """A page's body and the scripts of its figures: the body as it is to be written, and what is packed of both.

    Nothing is where they are light, and the figures are then to be written as they are.
    """
    if len(body.encode()) + len(figures.encode()) <= LIGHT:
        return body, ""
    held: list[str] = []

    def left(fold: re.Match[str]) -> str:
        held.append(f'<template data-behind="{len(held)}">{fold["held"]}</template>')
        return f'{fold["head"]}<div data-behind="{len(held) - 1}"></div></details>'

    data = _DATA.findall(body)
    body = _FOLD.sub(left, _DATA.sub("", body))
    return body, packed("".join([*data, figures, *held]).encode())


def whole(html: str) -> str:
    """A page with everything in its place again, for whoever does not run its scripts."""
    found = _PACKED.search(html)
    if found is None:
        return html
    content = gzip.decompress(base64.b64decode(found[1])).decode()
    for number, held in _HELD.findall(content):
        html = html.replace(f'<div data-behind="{number}"></div>', held, 1)
    return html.replace(found[0], _HELD.sub("", content), 1)
