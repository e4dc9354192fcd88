"""What a notebook is about: a frozen book, a filtered table, or the raw data read and scored here and now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from kaohe.analysis.questions import GOALS, QUESTIONS, Question
from kaohe.notebook.errors import DataError, ParameterError
from kaohe.notebook.parameters import shown
from kaohe.scheme.years import year_said, years_said

if TYPE_CHECKING:
    from kaohe.analysis.answered import Answered
    from kaohe.analysis.attribution import Difference
    from kaohe.analysis.checked import CheckedYear
    from kaohe.analysis.kept import Side
    from kaohe.analysis.public import PublicUnit, PublicYear
    from kaohe.intake import Intake
    from kaohe.scoring.book import ScoreBook


def _book(given: Mapping[str, Any], *, effects: bool = False, whole: bool = True) -> ScoreBook:
    if not given["book"]:
        return _score(given["year"], given["data"], given["policies"], given["provisional"], effects=effects)
    for name in ("policies", "provisional"):
        if given[name]:
            raise ParameterError(f"book 已是评好的评分册，参数 {name} 对它不起作用；要试算请把 book 留空")
    book = _read_book(given["book"], whole=whole)
    _same_year(given, book.year, "book", "评分册")
    return book


def _book_with_effects(given: Mapping[str, Any]) -> ScoreBook:
    """The book with what other readings would change; a frozen one holds it already."""
    return _book(given, effects=True)


def _method_book(given: Mapping[str, Any]) -> ScoreBook:
    return _book(given, effects=True, whole=False)


def _read_book(path: str, *, whole: bool = True) -> ScoreBook:
    """`whole`: all of a year is asked for, not the slice of one page."""
    from kaohe.scoring.bookfile import read_book

    book: ScoreBook = _read(path, read_book, "评分册")
    if whole and book.found is not None:
        raise DataError(f"{path} 只是一页所用的那一部分，这里要整本评分册（processed/年度/book.json）")
    return book


def _read(path: str, reader: Callable[[Path], Any], what: str) -> Any:
    """A file given as a parameter; ParameterError where there is none, DataError where it is another kind of file."""
    if not Path(path).is_file():
        raise ParameterError(f"找不到{what}文件：{path}")
    try:
        return reader(Path(path))
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise DataError(f"{path} 不是可用的{what}：{error}") from None


def _score(year: str, data: str, policies: Mapping[str, Any], provisional: bool, *, effects: bool = False) -> ScoreBook:
    from kaohe.analysis.readings import with_effects

    intake, book = _scored(year, data, policies, provisional)
    return with_effects(book, intake) if effects else book


def _scored(year: str, data: str, policies: Mapping[str, Any], provisional: bool) -> tuple[Intake, ScoreBook]:
    from kaohe.intake import read_year
    from kaohe.scheme.policies import PolicyError
    from kaohe.scoring.score import NotScorableError, score_intake, year_before
    from kaohe.scoring.write import manifest

    raw = _raw(data, year)
    try:
        intake, before = read_year(raw, year, policies or None), year_before(raw, year)
        book = score_intake(intake, before=before, provisional=provisional)
        if not book.trial:
            book = replace(book, final=_final(Path(data) / "processed" / year, manifest(book, intake, before)))
        return intake, book
    except PolicyError as error:
        raise ParameterError(f"参数 policies 有误：{error}") from None
    except NotScorableError as error:
        told = "；".join(str(finding) for finding in error.findings if finding.severity == "error")
        more = f"。{_cut(told)}" if told else ""
        hint = "" if provisional or told else "。要先看暂定结果，可设 provisional = True"
        raise DataError(f"{error}{more}。详见 check 笔记本{hint}") from None


def _final(results: Path, about: Mapping[str, Any]) -> str:
    """The decision that made the year final, where its results are the final ones."""
    from kaohe.scoring.finality import final_words, finality_of
    from kaohe.scoring.history import HistoryError

    try:
        stands = finality_of(results, about)
        return final_words(results) if stands.final and not stands.differs else ""
    except HistoryError:
        return ""  # `kaohe verify` says what is wrong with what was kept


def _cut(text: str, most: int = 400) -> str:
    return text if len(text) <= most else f"{text[:most]}……"


def _raw(data: str, year: str | None = None) -> Path:
    """The folder of raw data, in which `year` has to be."""
    raw = Path(data) / "raw"
    if not raw.is_dir():
        raise ParameterError(f"参数 data 应为含有 raw 文件夹的数据文件夹，{Path(data).resolve()} 中没有 raw")
    if year is not None and not (raw / year).is_dir():
        have = "、".join(_years(raw)) or "（没有任何年度）"
        raise ParameterError(f"{raw.resolve()} 中没有 {year_said(year)}的文件夹；已有：{have}")
    return raw


def _years(raw: Path) -> list[str]:
    from kaohe.intake import list_years

    return list_years(raw)


def _comparable(raw: Path) -> list[str]:
    """Every year, or the real ones alone, as the site holds them; invented ones beside them only where asked for."""
    from kaohe.intake.year.predecessor import side_by_side

    return side_by_side(raw, _years(raw))


def _unit_book(given: Mapping[str, Any]) -> ScoreBook:
    book = _book(given, whole=False)
    if not book.has_unit(given["unit"]):
        _refuse_unit(given["unit"], book.year, [f"{unit.unit_id} {unit.name}" for unit in book.units])
    return book


def _refuse_unit(unit: str, year: str, have: list[str]) -> NoReturn:
    raise ParameterError(f"{year_said(year)}没有编号为 {shown(unit)} 的单位；已有：{'、'.join(have)}")


def _compared(given: Mapping[str, Any]) -> list[ScoreBook]:
    from kaohe.scoring.lineage import followed

    years: list[str] = given["years"]
    if given["books"]:
        books = [_read_book(path) for path in given["books"]]
        lacking = [year for year in years if year not in {book.year for book in books}]
        if lacking:
            raise ParameterError(f"参数 books 中没有 {years_said(lacking)}的评分册")
        books = [book for book in books if not years or book.year in years]
    else:
        raw = _raw(given["data"])
        books = [_score(year, given["data"], {}, False) for year in years or _comparable(raw)]
    books = followed(sorted(books, key=lambda book: book.year))
    repeated = {book.year for book in books if sum(other.year == book.year for other in books) > 1}
    if repeated:
        raise ParameterError(f"{years_said(sorted(repeated))}给了不止一次")
    if not books:
        raise ParameterError(f"{given['data']} 中没有可以对比的年度")
    return books


def _checked(given: Mapping[str, Any]) -> CheckedYear:
    year = given["year"]
    if given["findings"]:
        found: CheckedYear = _read(given["findings"], _read_checked, "检查结果")
        _same_year(given, found.year, "findings", "检查结果")
        return found
    from kaohe.analysis.checked import checked
    from kaohe.intake import read_year

    return checked(read_year(_raw(given["data"], year), year))


def _read_checked(path: Path) -> CheckedYear:
    from kaohe.analysis.checked import read_checked

    return read_checked(path.read_text(encoding="utf-8"))


def _difference(given: Mapping[str, Any]) -> Difference:
    from kaohe.analysis.attribution import difference, read_difference

    if given["difference"]:
        found: Difference = _read(given["difference"], read_difference, "对照")
        return found
    _raw(given["data"])
    return difference(*_sides(given["data"], given["before"], given["after"]))


def _sides(data: str, before: str, after: str) -> tuple[Side, Side]:
    from kaohe.analysis.kept import SideError, side_of
    from kaohe.scoring.history import HistoryError

    try:
        return side_of(before, Path(data)), side_of(after, Path(data))
    except (SideError, HistoryError) as error:
        raise ParameterError(str(error)) from None


def _public(given: Mapping[str, Any]) -> PublicYear:
    from kaohe.analysis.public import public_year, read_public_year

    if not given["table"]:
        return public_year(_score(given["year"], given["data"], {}, False))
    published: PublicYear = _read(given["table"], read_public_year, "公示表")
    _same_year(given, published.year, "table", "公示表")
    return published


def _public_unit(given: Mapping[str, Any]) -> PublicUnit:
    from kaohe.analysis.public import public_unit, read_public_unit

    unit = given["unit"]
    if not given["table"]:
        book = _score(given["year"], given["data"], {}, False)
        if not book.has_unit(unit):
            _refuse_unit(unit, book.year, [f"{each.unit_id} {each.name}" for each in book.units])
        return public_unit(book, unit)
    published: PublicUnit = _read(given["table"], read_public_unit, "公示表")
    _same_year(given, published.year, "table", "公示表")
    if published.unit_id != unit:
        raise ParameterError(f"参数 unit 为 {shown(unit)}，而 table 是 {published.unit_id} 的公示表")
    return published


def _same_year(given: Mapping[str, Any], year: str, name: str, what: str) -> None:
    """ParameterError where the file given as `name` is of another year than the one asked for."""
    if year != given["year"]:
        raise ParameterError(f"参数 year 为 {given['year']}，而 {name} 是 {year_said(year)}的{what}")


def _explored(given: Mapping[str, Any]) -> Path:
    """The raw folder, once year and scenario are known to be there; the explorer reads for itself."""
    if given["scenario"] and not Path(given["scenario"]).is_file():
        raise ParameterError(f"找不到试算方案文件：{given['scenario']}")
    return _raw(given["data"], given["year"])


def _answered(asked: Question, given: Mapping[str, Any]) -> Answered:
    """What was found to a question; found here and now where no file is given."""
    from kaohe.analysis.answered import Answered

    if given["found"]:
        found = _read_answer(given, "found", asked.id)
        _same_year(given, found.year, "found", "答案")
        if found.problem:
            raise DataError(f"没有算出{asked.title}：{found.problem}")
        return found
    intake, book = _scored(given["year"], given["data"], {}, False)
    return Answered(asked.id, book.year, "", book.synthetic, book.provisional, asked.answer(intake, book))


def goals_of_unit(given: Mapping[str, Any], book: ScoreBook) -> list[dict[str, Any]] | None:
    """From the year's answer or the unit's slice; without any, and without a frozen book, found here and now."""
    if given["answers"]:
        answered = _read_answer(given, "answers", GOALS)
        _same_year(given, answered.year, "answers", "答案")
        found: list[dict[str, Any]] | None = None if answered.problem else answered.answer["units"].get(given["unit"])
        return found
    if book.found is not None:
        return book.found.get("goals", {}).get(given["unit"])
    if given["book"]:
        return None
    from kaohe.analysis.goal import unit_goals

    return unit_goals(*_scored(given["year"], given["data"], given["policies"], given["provisional"]), given["unit"])


def changes_of_years(given: Mapping[str, Any], books: list[ScoreBook]) -> list[dict[str, Any]]:
    """From the last year's answer; without one, and without frozen books, found here and now."""
    if given["changes"]:
        answered = _read_answer(given, "changes", "changed")
        if answered.year not in {book.year for book in books}:
            raise ParameterError(f"参数 changes 是 {year_said(answered.year)}的答案，不在所对比的之中")
        return [] if answered.problem else [dict(answered.answer)]
    if given["books"] or len(books) < 2:
        return []
    from kaohe.analysis.changed import changed, changed_json

    before, after = (book.year for book in books[-2:])
    return [changed_json(changed(*_sides(given["data"], before, after)))]


def _read_answer(given: Mapping[str, Any], name: str, question: str) -> Answered:
    """The answer in the file given as `name`; ParameterError where it answers another question."""
    from kaohe.analysis.answered import read_answered

    found: Answered = _read(given[name], read_answered, "答案")
    if found.question != question:
        raise ParameterError(f"参数 {name} 应为 {question} 的答案，而 {given[name]} 是 {found.question} 的")
    return found


def _backtested(given: Mapping[str, Any]) -> Answered:
    """A draft on past years: read from a file, or found here and now."""
    from kaohe.analysis.answered import Answered
    from kaohe.analysis.backtest import backtest
    from kaohe.analysis.backtestjson import backtest_json
    from kaohe.scheme import SchemeError, read_scheme
    from kaohe.scheme.reading import named_root

    if given["found"]:
        return _read_answer(given, "found", "backtest")
    if not given["years"]:
        raise ParameterError("参数 years 应至少写一个年度")
    root = named_root(given["scheme"])
    if root is None:
        raise ParameterError(f"参数 scheme：没有草案 {shown(given['scheme'])}")
    try:
        draft = read_scheme(root)
    except SchemeError as error:
        raise ParameterError(f"参数 scheme：{error}") from None
    for year in given["years"]:
        raw = _raw(given["data"], year)
    answer = backtest_json(backtest(draft, given["years"], raw))
    return Answered("backtest", given["years"][-1], "", answer["synthetic"], answer["provisional"], answer)


FETCH: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "check": _checked,
    "annual": _book_with_effects,
    "method": _method_book,
    "unit": _unit_book,
    "compare": _compared,
    "trend": _compared,
    "diff": _difference,
    "public": _public,
    "public_unit": _public_unit,
    "explore": _explored,
    "backtest": _backtested,
    **{each.id: partial(_answered, each) for each in QUESTIONS},
}
