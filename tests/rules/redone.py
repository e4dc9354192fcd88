"""A calculator over Chinese sentences: what stands before `=` is worked out again from the numbers that are said.

Every number said stands for all that are rounded to it, so results are intervals: (least, most).
"""

import math
import re
from fractions import Fraction

HALF = Fraction(1, 20_000)  # four decimals, or two of a percentage
NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?%?")
TOKEN = re.compile(
    r"\d+(?:\.\d+)?%?|[（）()|×÷+、，−-]|"
    r"的 [\d.]+ 次方根|的 [\d.]+ 次方|的自然对数|中最大的|中最小的|标准正态分布中低于|ln"
)


def said(text):
    """The interval of one number."""
    text = text.replace("−", "-")
    value = Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    return value - HALF, value + HALF


def checks(sentence):
    """(what the words before `=` come to, the number after it) of each calculation in a sentence."""
    for place, end in enumerate(re.finditer("=", sentence)):
        del place
        after = re.match(r"\s*([-−]?[\d.]+%?)", sentence[end.end() :])
        before = re.split(
            r"[；：=]", re.sub("「.*」", lambda name: re.sub("[；：=]", "", name[0]), sentence[: end.start()])
        )[-1]
        if after and re.search(r"\d", before):
            yield Calculation(before).result(), said(after[1]), before


class Calculation:
    """A small reader: names, units and remarks between numbers and signs mean nothing."""

    def __init__(self, text):
        while (bare := re.sub("「[^「」]*」", "", text)) != text:  # names that are calculations themselves
            text = bare
        text = re.sub(r"（[^（）\d]*）", "", text)  # remarks
        self.tokens = TOKEN.findall(text)
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def result(self):
        found = self.listed()
        assert self.at == len(self.tokens), (self.tokens, self.at)
        return found

    def last_said(self):
        depth, found = 0, "0"
        while depth or self.peek() not in ("）", ")"):
            token = self.take()
            depth += (token in ("（", "(")) - (token in ("）", ")"))
            if NUMBER.fullmatch(token):
                found = "-" * (self.tokens[self.at - 2] in ("-", "−")) + token
        return said(found)

    def listed(self):
        values = [self.added()]
        while self.peek() == "、":
            self.take()
            values.append(self.added())
        if self.peek() in ("中最大的", "中最小的"):
            pick = max if self.take() == "中最大的" else min
            return pick(low for low, _ in values), pick(high for _, high in values)
        return values[-1]

    def added(self):
        out = self.multiplied()
        while self.peek() in ("+", "−", "-"):
            sign, other = self.take(), self.multiplied()
            out = plus(out, other) if sign == "+" else plus(out, (-other[1], -other[0]))
        return out

    def multiplied(self):
        out = self.single()
        while self.peek() in ("×", "÷") or self.peek().startswith("的 ") or self.peek() == "的自然对数":
            sign = self.take()
            if sign == "×":
                out = times(out, self.single())
            elif sign == "÷":
                out = times(out, inverse(self.single()))
            elif sign == "的自然对数":
                out = each(out, math.log)
            else:
                to = float(NUMBER.search(sign)[0])
                power = 1 / to if sign.endswith("根") else to
                out = raised(out, power)
        return out

    def single(self):
        token = self.take()
        if token in "（(":
            out = self.listed()
            if self.peek() == "，":  # held or rounded: what it is in the end stands last
                out = self.last_said()
            assert self.take() in "）)"
            return out
        if token == "|":
            low, high = self.added()
            assert self.take() == "|"
            return (Fraction(0) if low <= 0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))
        if token in "−-":
            low, high = self.single()
            return -high, -low
        if token == "标准正态分布中低于":
            return each(self.single(), lambda end: (1 + math.erf(end / math.sqrt(2))) / 2)
        return each(self.single(), math.log) if token == "ln" else said(token)


def plus(one, other):
    return one[0] + other[0], one[1] + other[1]


def times(one, other):
    if math.inf in (*map(abs, one), *map(abs, other)):
        return (-math.inf, math.inf)
    ends = [left * right for left in one for right in other]
    return min(ends), max(ends)


def inverse(of):
    """Of what may be 0 nothing can be said."""
    low, high = of
    return (-math.inf, math.inf) if low <= 0 <= high else tuple(sorted((1 / low, 1 / high)))


def raised(of, power):
    """A whole power, or of what is below 0 nothing."""
    low, high = of
    if power % 2 == 0 and low < 0:
        low, high = (0, max(-low, high)) if high >= 0 else (-high, -low)
    elif power % 1:
        low, high = max(low, 0), max(high, 0)
    return each((low, high), lambda end: float(end) ** power)


def each(ends, of):
    low, high = ends
    try:
        return Fraction(of(low)) - Fraction(1, 10**9), Fraction(of(high)) + Fraction(1, 10**9)
    except (ValueError, OverflowError):  # of what may be 0, or anything
        return (-math.inf, math.inf)
