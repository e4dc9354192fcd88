"""Titles and key messages hold of exactly what their charts draw: read out of the words again and held against the
figure's own data, over random years."""

import re

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kaohe.charts.attainment import heatmap
from kaohe.charts.beside import beside_group
from kaohe.charts.change import rank_change, total_change
from kaohe.charts.headingchange import heading_change
from kaohe.charts.keymessages import key_messages
from kaohe.charts.losses import group_losses, losses
from kaohe.charts.ranking import ranking
from kaohe.charts.since import since_last_year
from kaohe.charts.tasks import task_strips
from kaohe.charts.unit import dearest
from kaohe.charts.years import rank_history, totals
from tests.charts.books import after
from tests.charts.test_anyscheme import SCHEMES

pytestmark = pytest.mark.slow

DRAWS = st.tuples(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 5))
NUMBER = r"([−+±]?\d+(?:\.\d+)?)"


def book_of(seed, colleges, then):
    return after(after(None, "2018-2019", seed + 1, then), "2019-2020", seed, colleges)


def value(text):
    return float(text.replace("−", "-").replace("±", ""))


def near(text, number, digits=2):
    """Whether a written number is that one, half up to its digits."""
    return abs(value(text) - float(number)) <= 0.5 * 10**-digits + 1e-9


def title_of(figure):
    return figure.layout.meta["title"]


def labels(figure):
    return list(figure.layout.yaxis.ticktext)


def bars(figure):
    """row → length, over all traces of bars."""
    found = {}
    for trace in figure.data:
        if trace.type == "bar":
            for row, length in zip(trace.y, trace.x, strict=True):
                found[row] = found.get(row, 0) + length
    return found


def named(text):
    """Names in a list, but for a cut one's end; and how many it stands for."""
    counted = re.search(r" 等 (\d+) \S*$", text)
    listed = re.sub(r" 等 \d+ \S*$", "", text).split("、")
    return [name.strip("“”") for name in listed], int(counted[1]) if counted else len(listed)


def holds_names(text, wanted, *, cut=False):
    """`cut`: further ones may not be drawn."""
    listed, count = named(text)
    assert set(listed) <= set(wanted)
    assert count == len(wanted) or (cut and count > len(wanted))


def ranking_holds(figure):
    (totals_of,) = [trace for trace in figure.data if trace.customdata is not None]
    names = [re.sub(r"^(并列 )?\d+\s", "", label) for label in labels(figure)]
    first, *grades = title_of(figure).split("；")
    who, many, total = re.fullmatch(rf".*?：(.*?)(居首|并列第一)（{NUMBER} 分）", first).groups()
    best = max(totals_of.customdata)
    holds_names(who, [name for name, each in zip(names, totals_of.customdata, strict=True) if each == best])
    assert near(total, best)
    assert (many == "并列第一") == (list(totals_of.customdata).count(best) > 1)
    for part in grades:
        grade, listed = part.split("：")
        has = [re.search(r"</b>\s+[★▼？]?(\S*?)(（|$)", text)[1] for text in totals_of.text]
        holds_names(listed, [name for name, each in zip(names, has, strict=True) if each == grade])
    for row, total in enumerate(totals_of.customdata):
        assert bars(figure)[row] == pytest.approx(total)


def heatmap_holds(figure):
    (grid,) = figure.data
    asked = r"适用的 (\d+) 个单位合计得到满分的 (\d+)%(?:，其中 (\d+) 个单位不到一半)?"
    said = re.fullmatch(rf".*?得分率最低的是(.*?)：{asked}", title_of(figure))
    if said is None:
        assert title_of(figure).endswith("各部分均得满分")
        assert min(grid.z[-1]) >= 1
        return
    who, applied, share, low = said.groups()
    together = grid.z[-1]
    least = [place for place, each in enumerate(together) if each == min(together)]
    headings = [list(figure.layout.xaxis.ticktext)[place].rstrip("…") for place in least]
    listed = re.findall("“(.*?)”", who)
    assert listed
    assert all(any(name.startswith(heading) for heading in headings) for name in listed)
    assert near(share, min(together) * 100, 0)
    units = grid.z if len(grid.z) == 1 else grid.z[:-1]
    assert int(applied) == sum(any(row[place] is not None for place in least) for row in units)
    half = sum(any(row[place] is not None and row[place] < 0.5 for place in least) for row in units)
    assert int(low or 0) == half


def unit_losses_hold(figure):
    if not bars(figure):
        return
    found = bars(figure)
    head = rf"(距满分|总分高出满分|总分等于满分)(?: {NUMBER} 分)?"
    said = re.fullmatch(rf".*?{head}，(?:其中)?失分最多的是(.*?)，[为各] {NUMBER} 分", title_of(figure))
    which, lost, who, most = said.groups()
    assert near(most, max(found.values()))
    most_of = [labels(figure)[row] for row, length in found.items() if length == max(found.values())]
    holds_names(who, most_of, cut="另外" in figure.layout.meta["says"])
    if "另外" not in figure.layout.meta["says"]:  # every bar is drawn: they add up to what lacks to the full mark
        assert near(lost or "0", sum(found.values()) * (-1 if "高出" in which else 1))
    assert [found[row] for row in sorted(found)] == sorted(found.values(), reverse=True)


def group_losses_hold(figure):
    if not bars(figure):
        return
    found = bars(figure)
    said = re.fullmatch(
        rf".*? (\d+) 个单位平均失分 {NUMBER} 分，失分最多的是(.*?)，平均各? ?{NUMBER} 分", title_of(figure)
    )
    count, lost, who, most = said.groups()
    assert f"条形为 {count} 个单位" in figure.layout.meta["says"]
    assert near(most, max(found.values()))
    most_of = [labels(figure)[row] for row, length in found.items() if length == max(found.values())]
    holds_names(who, most_of, cut="另外" in figure.layout.meta["says"])
    if "另外" not in figure.layout.meta["says"]:
        assert near(lost, sum(found.values()))


def dearest_holds(figure):
    if not bars(figure):
        return
    found, title = bars(figure), title_of(figure)
    who, most = re.search(rf"最多的是(.*?)，[为各] {NUMBER} 分$", title).groups()
    assert near(most, max(found.values()))
    top = [labels(figure)[row].partition(" ")[2] for row, length in found.items() if length == max(found.values())]
    listed, count = named(who)
    assert all(
        any(name.startswith(each.rstrip("…")) or each.startswith(name.rstrip("…")) for each in top) for name in listed
    )
    assert count >= len(top) if len(found) == 15 else count == len(top)
    if said := re.search(rf"合计 {NUMBER} 分", title):
        assert near(said[1], sum(found.values()))
    assert int(re.match(r"(\d+) 项", title)[1]) >= len(found)


def total_change_holds(figure):
    (ends,) = [trace for trace in figure.data if trace.meta and trace.meta["component"] == "total"]
    gains = dict(zip(labels(figure), ends.customdata, strict=True))
    title = title_of(figure)
    far_holds(title, gains)
    if said := re.search(r"(\d+) 个单位总分上升、(\d+) 个下降", title):
        assert (int(said[1]), int(said[2])) == (sum(x > 0 for x in gains.values()), sum(x < 0 for x in gains.values()))
    for row, gained in enumerate(ends.customdata):
        assert bars(figure).get(row, 0) == pytest.approx(gained)


def far_holds(text, gains):
    """What is said of the largest changes of totals; both ends are, where there are two."""
    for word, most in (("升", max(gains.values())), ("降", min(gains.values()))):
        said = re.search(rf"总分{word}得最多的是(.*?)（{NUMBER}）", text)
        if said is None:
            assert most * (1 if word == "升" else -1) <= 0 or len(set(gains.values())) == 1
            continue
        assert near(said[2], most)
        holds_names(said[1], [name.removesuffix("（合并）") for name, gained in gains.items() if gained == most])


def rank_change_holds(figure):
    climbed = {}
    for trace in figure.data:
        if trace.meta and "ranks" in trace.meta:
            was, now = trace.meta["ranks"]
            climbed[trace.hovertext[0].partition("<br>")[0].removeprefix("<b>").removesuffix("</b>")] = was - now
    for word, most in (("升", max(climbed.values())), ("降", min(climbed.values()))):
        said = re.search(rf"[：；]([^；]*?){word} (\d+) 位", title_of(figure))
        if said is None:
            assert most * (1 if word == "升" else -1) <= 0
            continue
        assert int(said[2]) == abs(most)
        holds_names(said[1], [name for name, ranks in climbed.items() if ranks == most])


def since_holds(figure):
    (waterfall,) = figure.data
    steps = dict(zip(waterfall.meta["steps"], waterfall.x[1:-1], strict=True))
    gained = sum(waterfall.x[1:-1])
    said = re.search(rf"总分 {NUMBER} 分，主要来自(.*?) {NUMBER} 分", title_of(figure))
    if said is None:
        assert gained == pytest.approx(0)
        return
    assert near(said[1], gained)
    sign = 1 if gained > 0 else -1
    own = {name: each for name, each in steps.items() if not name.startswith("其余")}
    assert near(said[3], sign * max(sign * each for each in own.values()))
    heading = said[2].rpartition("的")[2]
    assert any(name.rpartition("·")[2] == heading for name, each in own.items() if near(said[3], each))


def beside_holds(figure):
    _, middles, bests, own = figure.data
    shares = list(zip(own.x, middles.x, bests.x, labels(figure), strict=True))
    below = [each for each in shares if each[0] < each[1]]
    if said := re.search(rf"有 (\d+) 部分低于.*?差距最大的是(.*?)（低 {NUMBER} 个百分点）", title_of(figure)):
        assert int(said[1]) == len(below)
        mine, middle, *_ = max(below, key=lambda each: each[1] - each[0])
        assert near(said[3], (middle - mine) * 100, 1)
        gap = {each[3]: each[1] - each[0] for each in below}
        assert gap[said[2]] == pytest.approx(middle - mine)
    elif "都不低于" in title_of(figure):
        assert not below


def strips_hold(figure):
    rest, worst, *_ = figure.data
    dots = [*zip(rest.x, rest.hovertext, strict=True), *zip(worst.x, worst.hovertext, strict=True)]
    title = title_of(figure)
    assert int(re.search(r"各自的 (\d+) 项", title)[1]) == len(dots)
    share = min(each for each, _ in dots)
    said = re.search(r"得分率最低的是(.*)（(\d+(?:\.\d+)?)%）$", title)
    if said is None:
        assert max(each for each, _ in dots) == share
        return
    assert near(said[2], share * 100, 0)
    who = re.match(r"(.*?)的“(\S+)", said[1])
    assert any(f"<b>{who[1]}：{who[2]} " in text.replace("<br>", "") for each, text in dots if each == share)


def heading_change_holds(figure):
    (grid,) = figure.data
    names = [re.sub(r"^(并列 )?\d+\s", "", label) for label in labels(figure)]
    cells = [(each, name) for row, name in zip(grid.z, names, strict=True) for each in row if each]
    for word, far in (("升幅最大", max), ("降幅最大", min)):
        said = re.search(rf"{word}的是(.*?)的[^“；]*“(.*?)”.*?（{NUMBER} 个百分点）", title_of(figure))
        most = far((each for each, _ in cells), default=0)
        if said is None:
            assert most * (1 if far is max else -1) <= 0
            continue
        assert near(said[3], most * 100, 0 if abs(most) >= 0.01 else 1)
        assert any(name == said[1] for each, name in cells if each == most)


def totals_hold(figure, books):
    title = title_of(figure)
    written = re.findall(rf"(\d{{4}}-\d{{4}}) 学年 {NUMBER} 分", title)
    for trace in figure.data:
        for year, mean in written:
            if trace.meta and trace.meta["year"] == year == books[-1].year:
                assert near(mean, sum(trace.x) / len(trace.x))


def history_holds(figure, books):
    """The largest climb from the first year to the last, of those drawn in both."""
    ends = {}
    for trace in figure.data:
        if trace.meta and "ranks" in trace.meta and len(trace.x) == len(books):
            name = trace.hovertext[0].partition("：")[0].removeprefix("<b>")
            ends[name] = trace.meta["ranks"][0] - trace.meta["ranks"][-1]
    for word, sign in (("升", 1), ("降", -1)):
        said = re.search(rf"[：；]([^；：]*?){word} (\d+) 位", title_of(figure))
        most = max((sign * each for each in ends.values()), default=0)
        assert (int(said[2]) if said else 0) == max(most, 0)
        if said:
            holds_names(said[1], [name for name, each in ends.items() if sign * each == most])


UNIT_FIGURES = {
    losses: unit_losses_hold,
    dearest: dearest_holds,
    beside_group: beside_holds,
    since_last_year: since_holds,
}
GROUP_FIGURES = {
    ranking: ranking_holds,
    heatmap: heatmap_holds,
    group_losses: group_losses_hold,
    total_change: total_change_holds,
    rank_change: rank_change_holds,
}


@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(drawn=DRAWS)
def test_titles_and_key_messages_say_what_is_drawn(drawn):
    book = book_of(*drawn)
    books = [book.before, book]
    said = key_messages(book, 99)
    for group in book.groups:
        if not book.rated(group):
            continue
        for draw, holds in GROUP_FIGURES.items():
            figure = draw(book, group)
            if figure.data:
                holds(figure)
        for figure in task_strips(book, group):
            strips_hold(figure)
        changes = total_change(book, group)
        if changes.data:
            messages_hold(book, group, changes, said)
        for draw, holds in ((rank_history, history_holds), (totals, totals_hold)):
            figure = draw(books, group)
            if figure.data:
                holds(figure, books)
        figure = heading_change(books, group)
        if figure.data:
            heading_change_holds(figure)
        for unit in (book.ranking(group)[0], book.ranking(group)[-1]):
            for draw, holds in UNIT_FIGURES.items():
                figure = draw(book, unit.unit_id)
                if figure.data:
                    holds(figure)


def messages_hold(book, group, changes, said):
    """The message on a group's moves tells both ends of what the chart of totals draws, and their mean."""
    name = book.groups[group].name
    (ends,) = [trace for trace in changes.data if trace.meta and trace.meta["component"] == "total"]
    gains = dict(zip(labels(changes), ends.customdata, strict=True))
    mine = [each for each in said if each.startswith(f"{name}与 ")]
    if any(gains.values()):
        (message,) = mine
        far_holds(message, gains)
        mean = re.search(rf"平均总分 {NUMBER} 分", message)
        assert near(mean[1], sum(gains.values()) / len(gains)) if mean else sum(gains.values()) == pytest.approx(0)
    lost = [each for each in said if each.startswith(name) and "平均失分" in each]
    if len(book.rated(group)) >= 3 and bars(group_losses(book, group)):
        assert lost == [f"{title_of(group_losses(book, group))}。"]
    assert not any("得分率" in each or "普遍失分" in each for each in said)


@pytest.mark.parametrize("name", SCHEMES)
def test_titles_of_any_scheme_say_what_is_drawn(name):
    book = SCHEMES[name]()
    for draw, holds in GROUP_FIGURES.items():
        figure = draw(book, "all")
        if figure.data:
            holds(figure)
    for unit in book.units:
        for draw in (losses, dearest, beside_group):
            figure = draw(book, unit.unit_id)
            if figure.data:
                UNIT_FIGURES[draw](figure)
