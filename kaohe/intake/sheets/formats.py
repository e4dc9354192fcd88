"""What a number's cell shows: Excel's number formats, as far as they change what a person takes the number to be."""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

GENERAL = "General"

DATES = {*range(27, 37), *range(50, 59)}
"""Formats without a format string that are dates and times where Excel speaks Chinese."""

LONGEST = 255
"""Characters of a format; Excel takes no more."""

REPEATED = 3
"""How often a sign that fills the cell is taken to stand there."""

LEAST_LEFT = 20
"""Where words multiply what is shown, rounding may take one part in so many: 60 as `0万` is another number."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|(?P<room>[_*].)|\[(?P<bracket>[^\]]*)\]|(?P<exponent>[eE][+-])'
    r"|(?P<general>General|G/通用格式)|(?P<place>[0#?])|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*([+-]?\d+(?:\.\d+)?)")
_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_RED = {"red", "红色", "color3", "颜色3"}
_WHITE = {"white", "白色", "color2", "颜色2"}
_CURRENCY = "¥￥$€£"
_MAGNITUDES = {
    **dict.fromkeys("%％﹪", Fraction(1, 100)),
    "‰": Fraction(1, 1000),
    "‱": Fraction(1, 10_000),
    **dict.fromkeys("十拾", Fraction(10)),
    **dict.fromkeys("百佰", Fraction(100)),
    **dict.fromkeys("千仟", Fraction(1000)),
    **dict.fromkeys("万萬", Fraction(10**4)),
    **dict.fromkeys("亿億", Fraction(10**8)),
    "兆": Fraction(10**12),
}
_MAGNITUDE = re.compile(f"(?<![/每])[{''.join(_MAGNITUDES)}]+(?!分制|[克米瓦])")
_LATIN = {"k": 10**3, "K": 10**3, "w": 10**4, "W": 10**4, "M": 10**6, "mn": 10**6, "B": 10**9, "bn": 10**9}
_LATIN |= {"hundred": 100, "thousand": 10**3, "million": 10**6, "mln": 10**6, "billion": 10**9}
_LATIN_MAGNITUDE = re.compile(rf"({'|'.join(_LATIN)})(?![A-Za-z])")
_BETWEEN = dict.fromkeys(map(ord, [",", *_MAGNITUDES]))
_MINUS = "-−–—－‐‑‒﹣⁻₋△▲▽▼↓⬇负負减減亏欠(（"
_MINUS_BEFORE = re.compile(r"([-−–—－‐‑‒﹣⁻₋△▲▽▼↓⬇欠]|[负負]数?|[减減]少?|亏损?)")
_MINUS_BEHIND = re.compile(r"[-−–—－‐‑‒﹣⁻₋↓⬇]")
_NOUGHT = re.compile(r"[-–—−/0〇零无\s]+")
_DIGITS = r"\d零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖两廿卅半"
_DIGITS += "²³¹⁰⁴-⁹₀-₉①-⓿❶-➓㈠-㈩㊀-㊉㉑-㉟㊱-㊿½¼¾⅐-⅞Ⅰ-ↈ〡-〩"
"""In whatever form: full-width, raised, in circles, Roman, as words."""
_DOUBTFUL = re.compile(f"[{_DIGITS}成{''.join(_MAGNITUDES)}]")
_STEP_BEFORE = re.compile(rf".*[{_DIGITS}]\s*[×xX*·÷/^~～]")
_STEP_BEHIND = re.compile(rf"([×xX*·÷/^~～]|[eE][+-]?)\s*[{_DIGITS}]")
"""What calculates with the number: `35×10`, `35E3`, `1/35`."""
_DOUBTING = re.compile(
    r"[<>≤≥≈～~?？＜＞]|约|左右|上下|余(?!额)|不足|不到|不满|超过|以上|以下|多于|少于|待定|待核|暂[定估]|[预估]计"
    "|作废|取消|无效|不计|撤销|上一?年|去年|往年|应[为是]|误[填报写]?|[更订修]正|改[为成]|[删旧撤]|[(（]原|^原|→|⇒"
)
"""Words by which a number is another one than it says, or does not count: as a text, `约3` is refused, too."""
_LEADING, _TRAILING = re.compile(rf"[.,]?[{_DIGITS}][{_DIGITS}.,]*"), re.compile(rf"[{_DIGITS}][{_DIGITS}.,]*$")


@dataclass(frozen=True)
class Look:
    """How a number looks. `value`: what a person takes it for, None where that is anything but clear.

    `hidden`: nothing of it can be seen; `unit`: the words that multiply it where they alone make the difference.
    """

    text: str
    value: Fraction | None
    hidden: bool = False
    unit: str = ""


def look(code: str, value: Fraction) -> Look:
    """How a cell of that number format shows the number."""
    sections = _sections(code)
    if not sections:
        return Look("", None, hidden=True)
    place = _chosen(sections, value)
    if place is None:
        return Look("", None, hidden=True)
    section = sections[place]
    by_sign = place == 1 and value < 0 and not any(each.condition for each in sections[:2])
    return section.look(value, by_sign)


def shows(code: str, value: Fraction) -> Look | None:
    """The look where it is another number than the cell holds, rounding aside; None where it is the same."""
    if _is_harmless(code):
        return None
    found = look(code, value)
    return None if found.value == value else found


def is_white(code: str, value: Fraction) -> bool:
    """Whether the format itself writes the number in white."""
    sections = _sections(code) if "[" in code else []
    place = _chosen(sections, value) if sections else None
    return place is not None and sections[place].white


def is_percent(code: str) -> bool:
    """A `%` that Excel calculates with, not one that is only printed."""
    return "%" in code and any(section.percents for section in _sections(code))


@lru_cache(maxsize=1024)
def _is_harmless(code: str) -> bool:
    """Whether every number looks like itself."""
    sections = _sections(code)
    conditional = any(section.condition for section in sections)
    return code in ("", GENERAL) or (
        not conditional and all(each.is_harmless(at == 1, at == 2) for at, each in enumerate(sections))
    )


Piece = tuple[str, str]
"""Its kind and its text."""


@dataclass
class Section:
    """One of a format's parts, as its signs stand: literal text and places for digits."""

    condition: tuple[str, Fraction] | None = None
    red: bool = False
    white: bool = False
    pieces: list[Piece] = field(default_factory=list)

    @property
    def percents(self) -> int:
        return sum(kind == "percent" for kind, _ in self.pieces)

    def _parts(self) -> tuple[list[Piece], list[Piece], list[Piece]] | None:
        """What stands before the digits, from the first place of one to the last, and behind them."""
        kinds = [kind for kind, _ in self.pieces]
        numeric = [at for at, kind in enumerate(kinds) if kind in ("place", "general")]
        if not numeric:
            return None
        first, last = numeric[0], numeric[-1]
        while last + 1 < len(kinds) and kinds[last + 1] in ("comma", "point"):  # `0,` scales, `0.` ends with a point
            last += 1
        if first and kinds[first - 1] == "point":  # `.00`
            first -= 1
        return self.pieces[:first], self.pieces[first : last + 1], self.pieces[last + 1 :]

    def is_harmless(self, by_sign: bool, of_zero: bool) -> bool:
        """Whether it shows every number that it is for as what it is."""
        parts = self._parts()
        if parts is None:
            words = _words(self.pieces)
            return any(kind == "text" for kind, _ in self.pieces) or (of_zero and _NOUGHT.fullmatch(words) is not None)
        before, body, after = parts
        kinds = {kind for kind, text in body if kind != "words" or text.strip()}
        words, behind = (_words(each for each in pieces if each[0] != "percent") for pieces in (before + after, after))
        if kinds - {"place", "point", "comma", "general"} or len(kinds & {"place", "general"}) > 1:
            return False
        if (
            _places(body)[3]
            or _DOUBTING.search(words)
            or behind.startswith(("+", "＋"))
            or _DOUBTFUL.search(words)
            or _LATIN_MAGNITUDE.match(unicodedata.normalize("NFKC", behind).strip())
        ):
            return False
        signed = any(sign in words for sign in _MINUS)
        return (signed or self.red) if by_sign else (of_zero or not signed)

    def look(self, value: Fraction, by_sign: bool) -> Look:
        """`by_sign`: the section for negative numbers, which shows a sign only where it has one."""
        kinds = [kind for kind, _ in self.pieces]
        if "text" in kinds:
            return Look(_general(value), value)
        parts = self._parts()
        if parts is None:
            return self._without_digits(value)
        before, after = _words(parts[0]), _words(parts[2])
        body, plain, step = self._digits(parts[1], abs(value) if by_sign else value)
        if body is None:
            return Look(f"{before}{plain}{after}", None)
        return self._understood(value, (before, body, after), step, by_sign)

    def _without_digits(self, value: Fraction) -> Look:
        text = _words(self.pieces)
        if not text.strip():
            return Look("", None, hidden=True)
        return Look(text, value if value == 0 and _NOUGHT.fullmatch(text) else None)

    def _digits(self, pieces: list[Piece], value: Fraction) -> tuple[str | None, str, Fraction]:
        """The digits that are shown (None: they are not clear), how they look, and the last one's worth."""
        kinds = {kind for kind, _ in pieces}
        shown = value * 100**self.percents
        if kinds & {"general", "exponent", "slash"}:  # rounded, but nothing else
            text = _general(shown)
            return (None if {"general", "place"} <= kinds else text), text, abs(shown)
        whole, decimals, words, scale, grouped = _places(pieces)
        shown /= 1000**scale
        text = _rounded(shown, decimals, whole.count("0"))
        step = Fraction(1, 10**decimals)
        if words:
            spread = _spread(text, words)
            return (spread if _is_number(words) else None), spread, step / 10 ** words[0][0]
        if grouped:
            sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
            front, point, back = digits.partition(".")
            text = f"{sign}{int(front or 0):,}{point}{back}" if front else text
        return text, text, step

    def _understood(self, value: Fraction, parts: tuple[str, str, str], step: Fraction, by_sign: bool) -> Look:
        """The number that a person reads, with what stands before and after it."""
        before, body, after = parts
        seen = "".join(parts).strip()
        front, back = before.rstrip(), after.lstrip()
        glued_before, glued_after = _TRAILING.search(front), _LEADING.match(back)
        digits = f"{glued_before[0] if glued_before else ''}{body}{glued_after[0] if glued_after else ''}"
        number = _number(digits)
        is_doubted = _DOUBTING.search(before + after) or back.startswith(("+", "＋"))
        if is_doubted or number is None or _STEP_BEFORE.fullmatch(front) or _STEP_BEHIND.match(back):
            return Look(seen, None)
        unit, times = _magnitude(front, back)
        if by_sign:
            negative = self.red or any(sign in front for sign in _MINUS) or bool(_MINUS_BEHIND.match(back))
        else:
            bare = front.rstrip(f"{_CURRENCY}:： ")
            bracketed = bare.endswith(("(", "（")) and back.startswith((")", "）"))
            signed = any(_MINUS_BEFORE.fullmatch(bare[-length:]) for length in (1, 2) if length <= len(bare))
            negative = signed or bracketed or bool(_MINUS_BEHIND.match(back))
        number = -number if negative else number
        alone = abs(number - value) <= step / 2
        off = abs(number * times - value)
        same = off <= step * times / 2 and (times == 1 or off <= abs(value) / LEAST_LEFT)
        return Look(seen, value if same else number * times, unit=unit if alone and not same else "")


def _words(pieces: Iterable[Piece]) -> str:
    return "".join(text for _, text in pieces)


def _places(pieces: list[Piece]) -> tuple[str, int, list[tuple[int, str]], int, bool]:
    """Places before the point, number of those behind, words among them (by places that follow), thousands, groups."""
    whole, decimals, scale, grouped, seen_point = "", 0, 0, False, False
    words: list[tuple[int, str]] = []
    places = [at for at, (kind, _) in enumerate(pieces) if kind == "place"]
    for at, (kind, text) in enumerate(pieces):
        if kind == "place":
            decimals, whole = (decimals + 1, whole) if seen_point else (decimals, whole + text)
        elif kind == "point" and not seen_point:
            seen_point = True
        elif kind == "comma":
            following = next((kind for kind, _ in pieces[at + 1 :] if kind in ("place", "point")), "")
            grouped, scale = (True, scale) if following == "place" and not seen_point else (grouped, scale + 1)
        elif text.strip():
            words.append((sum(place > at for place in places), text.strip().replace("．", ".")))
    # Places count from the end of the whole part; a word behind the point is put there.
    return whole, decimals, [(max(follow - decimals, 0), text) for follow, text in words], scale, grouped


def _spread(text: str, words: list[tuple[int, str]]) -> str:
    """The digits with the words among them."""
    whole, point, rest = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    for follow, word in words:
        digits = digits.rjust(follow + 1, "0") if word == "." else digits
        digits = f"{digits[: len(digits) - follow]}{word}{digits[len(digits) - follow :]}"
    return f"{sign}{digits}{point}{rest}"


def _is_number(words: list[tuple[int, str]]) -> bool:
    """Whether the digits are still those of a number: `123456` as `12.3456` or as `12万3456`."""
    (follow, word), *others = words
    return not others and (word == "." or (word, follow) == (",", 3) or _magnitude("", word)[1] == 10**follow)


def _magnitude(before: str, after: str) -> tuple[str, Fraction]:
    """The words that multiply a number, and by how much."""
    times, unit = Fraction(1), ""
    latin = _latin(after)
    if latin:
        times, unit = Fraction(_LATIN[latin[1]]), after
    if after == "成":
        return after, Fraction(1, 10)
    for words in (before, after):
        for found in _MAGNITUDE.finditer(words):
            unit = words.strip()
            for sign in found[0]:
                times *= _MAGNITUDES[sign]
    return unit, times


def _latin(after: str) -> re.Match[str] | None:
    return _LATIN_MAGNITUDE.match(unicodedata.normalize("NFKC", after))


def _number(digits: str) -> Fraction | None:
    plain = digits.translate(_BETWEEN)
    return Fraction(plain) if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", plain, re.ASCII) else None


def _general(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else format(float(value), ".15g")


def _rounded(value: Fraction, decimals: int, least: int) -> str:
    with localcontext() as context:
        context.prec = 1000
        number = Decimal(value.numerator) / Decimal(value.denominator)
        text = f"{number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    return f"{sign}{whole.rjust(least, '0')}{point}{rest}"


def _chosen(sections: list[Section], value: Fraction) -> int | None:
    """Which section shows the number; None where none does."""
    last = len(sections) - 1
    for at, section in enumerate(sections):
        if section.condition:
            sign, bound = section.condition
            if _COMPARE[sign](value, bound):
                return at
        elif at == last or _by_default(at, len(sections), value):
            return at
    return None


def _by_default(at: int, count: int, value: Fraction) -> bool:
    if at == 0:
        return value > 0 or (count < 3 and value == 0)
    return value < 0


@lru_cache(maxsize=1024)
def parsed(code: str) -> tuple[Section, ...]:
    """All of a format's parts, that for texts included."""
    sections = [Section()]
    for kind, text in _tokens(code):
        section = sections[-1]
        if kind == "end":
            sections.append(Section())
        elif kind == "bracket":
            condition = _CONDITION.fullmatch(text.strip())
            if condition:
                section.condition = (condition[1], Fraction(condition[2]))
            elif text.startswith("$"):
                section.pieces.append(("words", text[1:].partition("-")[0]))
            section.red |= text.strip().casefold() in _RED
            section.white |= text.strip().casefold() in _WHITE
        else:
            section.pieces.append((kind, text))
    return tuple(sections)


def _sections(code: str) -> list[Section]:
    """Those for numbers; the fourth is for texts, as is the last that holds an `@` beside others."""
    found = list(parsed(code))
    if len(found) > 1 and any(kind == "text" for kind, _ in found[-1].pieces):
        found.pop()
    return found[:3]


_SIGNS = {";": "end", ".": "point", ",": "comma", "%": "percent", "/": "slash", "@": "text"}


def _tokens(code: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(code):
        kind, text = str(match.lastgroup), match[str(match.lastgroup)]
        if kind == "other":
            yield _SIGNS.get(text, "words"), text
        elif kind in ("quoted", "escaped"):
            yield "words", text
        elif kind == "room":
            # `*1` fills the cell with ones, `*-` with what looks like a minus.
            yield "words", " " if text.startswith("_") else text[1:].strip() * REPEATED
        else:
            yield kind, text
