"""The figures' colours on a dark screen. Lightness turns over, so that what stood dark on light stands light on dark,
but for components: the darker of two is the darker by night, too, and carries the same words."""

from __future__ import annotations

from kaohe.charts.palette import COMPONENT_COLOURS, ON_DARK, ON_LIGHT
from kaohe.charts.style import (
    BLANK,
    CONVERSION_COLOUR,
    DOWN,
    FAINT,
    GRADE_COLOURS,
    GRID,
    INK,
    PAPER,
    PENDING_FILL,
    SOFT,
    STEP,
    STILL,
    UP,
)

_SCALES = {
    "#a63a00": "#c4581f",
    "#b3400a": "#ff9d66",
    "#d9722b": "#a34f20",
    "#f2b27c": "#7a4521",
    "#fbe3cc": "#46341f",
    "#f4f7fa": "#222b34",
    "#fafafa": "#2a323b",
    "#c9dff0": "#27455f",
    "#a9cbe6": "#3a6388",
    "#c3d7ea": "#4a6885",
    "#3f86c0": "#5f9fd4",
    "#1f5f99": "#8fc6f2",
    "#123a5e": "#c6e2f9",
}
_COMPONENTS = ("#774fc6", "#2b7546", "#a4427c", "#6d6a1c", "#d0c0f3", "#9ad9a8", "#f3c2df", "#dfd77a")
NIGHT = {
    **_SCALES,
    INK: "#e6ebf0",
    SOFT: "#a9b5c1",
    GRID: "#36414d",
    FAINT: "#242d36",
    BLANK: "#27303a",
    PAPER: "#14191f",
    STEP: "#7b8794",
    **dict(zip(COMPONENT_COLOURS, _COMPONENTS, strict=True)),
    ON_DARK: ON_DARK,
    ON_LIGHT: ON_LIGHT,
    CONVERSION_COLOUR: "#5f6b77",
    GRADE_COLOURS["best"]: "#5fcfa5",
    GRADE_COLOURS["fail"]: "#ff9d66",
    GRADE_COLOURS["pending"]: "#c3a6f4",
    PENDING_FILL: "rgba(195,166,244,0.16)",
    UP: "#8fc6f2",
    DOWN: "#f09a5e",
    STILL: "#5f6b77",
}
"""A light figure's colour to a dark one's. A figure uses no colour that is not here."""
