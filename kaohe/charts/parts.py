"""How parts of a total are called beside each other: short, and told apart where two have the same name."""

from __future__ import annotations

from collections import Counter

from kaohe.scoring.book import ScoreBook
from kaohe.scoring.components import all_components, component_of, item_name
from kaohe.scoring.slicing import of_the_year

SHORT = 2
"""Characters by which a component is called before a heading's name."""


def component_prefix(book: ScoreBook, component: str) -> str:
    """The name of a component that is itself part of one: its headings go by it. Empty of any other."""
    if component not in book.tree:
        return ""
    parent = book.tree[component].parent
    scores = {group.score for group in book.groups.values()}
    return item_name(book, component) if parent is not None and parent not in scores else ""


def short_prefix(book: ScoreBook, component: str) -> str:
    """The same, as short as tells it from the others."""
    name = component_prefix(book, component)
    others = [component_prefix(book, other) for other in all_components(book) if other != component]
    return name if any(other[:SHORT] == name[:SHORT] for other in others if other) else name[:SHORT]


def heading_name(book: ScoreBook, component: str, name: str) -> str:
    """A heading with its component before it where that is itself a part, or where another heading has its name."""
    if component in book.tree and item_name(book, component) == name:
        return name
    before = short_prefix(book, component)
    same = [section.id for section in book.sections if section.name == name]
    if not before and len(same) > 1 and component in book.tree and component not in same:
        before = item_name(book, component)
    return f"{before}·{name}" if before else name


@of_the_year
def task_heading(book: ScoreBook, group: str) -> str:
    """What units' own tasks are called together, without the year before it; empty where units have none."""
    mine = {unit.unit_id for unit in book.units if unit.group == group}
    several = Counter(
        (node.unit, book.indicators[node.id].section)
        for node in book.tree.values()
        if node.unit in mine and node.id in book.indicators
    )
    section = next((section for (_, section), count in several.items() if count > 1), "")
    return item_name(book, section).removeprefix("年度") if section else ""


def component_in(book: ScoreBook, item: str) -> str:
    """The component an item belongs to in some group; empty where it is in none but a total."""
    scores = {group.score for group in book.groups.values()}
    return next((name for group in book.groups if (name := component_of(book, item, group)) not in scores), "")
