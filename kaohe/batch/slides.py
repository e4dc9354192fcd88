"""The year for a meeting's projector: four slides – the verdict, the ranking, what moved, what to decide.

Charts are PowerPoint's own, so that a secretary can edit them, with the figures in a sheet behind them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kaohe.analysis.breakdown import by_component, name_of
from kaohe.analysis.movement import Movement, movement
from kaohe.analysis.verdict import edges
from kaohe.batch.brief import STILL, Brief
from kaohe.batch.office import office_bytes
from kaohe.charts import amounts
from kaohe.charts.notation import arrow, short
from kaohe.charts.palette import component_colour, on_component
from kaohe.charts.style import DOWN, INK, SOFT, UP
from kaohe.charts.verdict import group_stability, says_margin, says_passed
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.components import components

FONT = "Microsoft YaHei"
WIDE, HIGH = 13.333, 7.5
"""Inches of a 16:9 slide."""
LEFT, ACROSS = 0.6, 12.1
MOST_BARS = 20
"""Units a chart shows: more cannot be read from the back row."""
LONGEST_NAME = 9
"""Chinese characters of a unit's name beside its bar."""
BODY = 18
"""Points of running text; smaller nowhere but at bars."""
AT_BARS = 12


def slides_of(book: ScoreBook, brief: Brief) -> bytes:
    """The presentation's bytes; `brief` is the year's sheet, whose decisions and marks stand here, too."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    groups = [key for key in book.groups if book.rated(key)]
    _words(_slide(deck, brief.title, brief), [each for key in groups for each in _verdict(book, key)])
    _charts(_slide(deck, "名次与得分构成", brief), book, groups, _ranking)
    moved = [key for key in groups if (found := movement(book, key)) and found.moves]
    slide = _slide(deck, f"与{book.spoken.last}相比", brief)
    if moved:
        _charts(slide, book, moved, _movement)
    else:
        _words(slide, [f"没有{book.spoken.last}的结果可比。"])
    _words(_slide(deck, brief.heading, brief), brief.numbered)
    return office_bytes(deck, brief.title)


def _verdict(book: ScoreBook, key: str) -> list[str]:
    """Who has which grade and how narrowly, who has the points and not the grade, and what could still turn it."""
    found, name = [], book.groups[key].name
    for edge in edges(book, key):
        who = "、".join(f"{unit.name} {amounts.total(book, unit)}" for unit in edge.inside) or "无"
        told = "；".join(filter(None, [says_margin(book, edge), *says_passed(book, edge)]))
        found.append(f"{name}{edge.grade or '第一'}：{who}{f'。{told}' if told else ''}。")
    return [*found, *group_stability(book, key)]


def _slide(deck: Any, title: str, brief: Brief) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    _text(slide, [title], LEFT, 0.35, ACROSS, 0.8, size=30, bold=True)
    marks = "　".join(["内部资料", *brief.marks, brief.authority])
    _text(slide, [marks], LEFT, HIGH - 0.5, ACROSS, 0.4, size=AT_BARS, colour=SOFT)
    return slide


def _words(slide: Any, lines: Sequence[str]) -> None:
    """As large as they fit."""
    room = sum(-(-len(line) // 44) for line in lines)
    _text(slide, lines, LEFT, 1.25, ACROSS, 5.6, size=22 if room <= 9 else BODY if room <= 14 else 14)


def _text(
    slide: Any, lines: Sequence[str], left: float, top: float, wide: float, high: float, *, size: float,
    bold: bool = False, colour: str = INK,
) -> None:  # fmt: skip
    from pptx.util import Inches, Pt

    frame = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(wide), Inches(high)).text_frame
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(size * 0.45)
        run = paragraph.add_run()
        run.text = line
        _font(run.font, size, bold=bold, colour=colour)


def _font(font: Any, size: float, *, bold: bool = False, colour: str = INK) -> None:
    """Latin and Chinese letters alike: PowerPoint keeps their fonts apart."""
    from pptx.dml.color import RGBColor
    from pptx.oxml.ns import qn
    from pptx.util import Pt

    font.size, font.bold, font.name = Pt(size), bold, FONT
    font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
    chinese = font._rPr.find(qn("a:ea"))
    if chinese is None:
        chinese = font._rPr.makeelement(qn("a:ea"), {})
        font._rPr.find(qn("a:latin")).addnext(chinese)
    chinese.set("typeface", FONT)


def _charts(slide: Any, book: ScoreBook, groups: Sequence[str], draw: Callable[..., None]) -> None:
    """A chart a group, side by side; of more than three groups the first three."""
    shown = groups[:3]
    wide = ACROSS / len(shown)
    for number, key in enumerate(shown):
        left = LEFT + number * wide
        _text(slide, [book.groups[key].name], left, 1.15, wide, 0.4, size=BODY, bold=True)
        draw(slide, book, key, (left, 1.6, wide - 0.2, 5.3))


def _ranking(slide: Any, book: ScoreBook, key: str, place: tuple[float, float, float, float]) -> None:
    """Components stacked to the total, the best on top; the total stands with the name."""
    units = book.rated(key)[:MOST_BARS]
    points = [by_component(book, unit) for unit in units]
    names = [name for name in components(book, key) if any(name in each for each in points)]
    labels = [f"{unit.rank} {short(unit.name, LONGEST_NAME)} {amounts.total(book, unit)}" for unit in units]
    series = [(name_of(book, name), [float(each.get(name, 0)) for each in points]) for name in names]
    chart = _bars(slide, labels, series, place, stacked=True)
    for drawn, name in zip(chart.plots[0].series, names, strict=True):
        _fill(drawn.format, component_colour(book, key, name))
        labelled = drawn.data_labels
        labelled.show_value, labelled.number_format, labelled.number_format_is_linked = True, "0.0", False
        _font(labelled.font, AT_BARS - 2, colour=on_component(book, key, name))


def _movement(slide: Any, book: ScoreBook, key: str, place: tuple[float, float, float, float]) -> None:
    """By how much each total rose or fell; how many ranks stands with the name."""
    found = movement(book, key)
    assert isinstance(found, Movement)
    moves = sorted(found.moves, key=lambda move: -move.gained)[:MOST_BARS]
    labels = [f"{short(move.unit.name, LONGEST_NAME)} {arrow(move.climbed, STILL)}".strip() for move in moves]
    chart = _bars(slide, labels, [("总分增减", [float(move.gained) for move in moves])], place, stacked=False)
    (drawn,) = chart.plots[0].series
    for point, move in enumerate(moves):
        _fill(drawn.points[point].format, UP if move.gained >= 0 else DOWN)
    labelled = drawn.data_labels
    labelled.show_value, labelled.number_format, labelled.number_format_is_linked = True, "+0.00;-0.00;0", False
    _font(labelled.font, AT_BARS)
    gains = [float(move.gained) for move in moves]
    if (least := min(gains)) < 0:  # room for its figure between the longest fall and the names
        chart.value_axis.minimum_scale = least - (max(*gains, 0) - least) * 0.16


def _bars(
    slide: Any, labels: Sequence[str], series: Sequence[tuple[str, Sequence[float]]],
    place: tuple[float, float, float, float], *, stacked: bool,
) -> Any:  # fmt: skip
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Inches

    data = CategoryChartData(number_format="0.00")
    data.categories = labels
    for name, values in series:
        data.add_series(name, values)
    kind = XL_CHART_TYPE.BAR_STACKED if stacked else XL_CHART_TYPE.BAR_CLUSTERED
    chart = slide.shapes.add_chart(kind, *(Inches(each) for each in place), data).chart
    chart.font.size = None
    _font(chart.font, AT_BARS)
    chart.has_title = False
    chart.has_legend = stacked and len(series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.plots[0].gap_width, chart.plots[0].overlap = 40, 100
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.format.line.fill.background()
    chart.value_axis.visible, chart.value_axis.has_major_gridlines = False, False
    return chart


def _fill(form: Any, colour: str) -> None:
    from pptx.dml.color import RGBColor

    form.fill.solid()
    form.fill.fore_color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
