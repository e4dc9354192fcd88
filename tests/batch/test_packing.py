"""Heavy pages: what is packed comes back as it was, in Python as in a browser's hands; light and public ones stay."""

import random
import re

import pytest

from kaohe.batch import packing
from kaohe.batch.export import Page, page_of_body
from kaohe.batch.figures import chart
from kaohe.batch.packing import LIGHT, whole
from kaohe.batch.pictures import figures_of
from kaohe.batch.shortly import FIRST, MANY, MOST, SURROGATES, as_met, letters, steps
from kaohe.charts.html import behind, table

TABLE = table(["单位", "分"], [[f"单位 {number}", "一样的话反复出现"] for number in range(400)])
FIGURE = chart({"data": [{"type": "bar", "x": ["<b>甲"] * 900, "hovertext": ["说明" * 20] * 900}], "layout": {}}, 0)
BODY = f"<h1>页</h1>{FIGURE.division}{behind(TABLE)}<p>话</p>{behind(table(['a'], [['末']]))}"


def page(light, monkeypatch, **more):
    monkeypatch.setattr(packing, "LIGHT", light)
    return page_of_body(BODY, Page("页", assets="a/", **more), charts=[FIGURE])


def test_a_heavy_page_is_light_and_whole_again(monkeypatch):
    plain, heavy = page(10**9, monkeypatch), page(0, monkeypatch)
    assert "packed" not in plain
    assert len(heavy) < len(plain) / 5
    assert "一样的话" not in heavy
    assert heavy.count("<summary>数据表</summary>") == 2
    assert whole(heavy).split() == plain.split()
    assert whole(plain) == plain
    assert figures_of(heavy) == figures_of(plain) != []


def test_a_light_page_and_a_public_one_stay_as_they_are(monkeypatch):
    assert LIGHT <= 150_000
    assert "packed" not in page(LIGHT, monkeypatch)
    assert "packed" not in page(0, monkeypatch, public=True)


def numbers(text):
    """As the page's script reads them."""
    return [ord(each) - FIRST - (MANY if ord(each) >= SURROGATES + MANY else 0) for each in text]


def test_whole_numbers_are_letters_and_come_back():
    few = [0, 1, 127, 128, SURROGATES - FIRST - 1, SURROGATES - FIRST, SURROGATES, 70_000, MOST]
    assert numbers(letters(few)) == few
    assert letters(few).encode().decode() == letters(few)
    chance = random.Random(3)
    amounts = [chance.randrange(-250_000, 250_000) // 2 for _ in range(200)]
    far, told = 0, []
    for each in numbers(steps(amounts)):
        far += -(each + 1) // 2 if each % 2 else each // 2
        told.append(far)
    assert told == amounts
    assert steps([0, 10**9]) is None
    met, back = 0, []
    ids = [0, 0, 1, 2, 1, 3, 0, 3]
    for each in numbers(as_met(ids)):
        back.append(met - each if each else met)
        met += each == 0
    assert back == ids


@pytest.mark.parametrize("name", ["style", "script"])
def test_the_shared_files_lose_comments_and_spaces_alone(name):
    from kaohe.batch import assets

    text = getattr(assets, name)()
    assert "/*" not in text if name == "style" else not re.search(r"^\s*//", text, re.MULTILINE)
    assert not re.search(r"^[ \t]", text, re.MULTILINE)
