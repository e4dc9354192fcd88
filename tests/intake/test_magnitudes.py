"""Figures of another size than usual: the right question at the right cell, and none where a year is only unusual."""

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.intake import Finding, Intake, read_year
from kaohe.intake.checks import magnitudes
from kaohe.intake.checks.magnitudes import CLOSE, DIGIT, FAR, FEW, MYRIAD, Range, Sizes
from kaohe.intake.year.folder import SYNTHETIC
from kaohe.intake.year.lastyear import LastYear
from tests.intake.yearbook import YEAR, YearBook, achievement, csv_bytes, found, only, scheme

DEMO = Path(__file__).parents[2] / "data" / "raw"
LAST = "2017-2018"
FUNDED = ("C01", "C02", "F01", "I01")
"""The units of the year that have project funding."""

Figures = Mapping[str, Any]


def set_metric(year: YearBook, metric: str, figures: Figures) -> None:
    for unit, value in figures.items():
        year.set("metrics", unit, metric, value=value)


def set_last_year(year: YearBook, metric: str, figures: Figures, scheme: str = "based_on: lygtc-2018\n") -> None:
    """The year before, of which only this metric was kept."""
    folder = year.raw / LAST
    folder.mkdir(parents=True)
    (folder / "scheme.yaml").write_text(scheme, encoding="utf-8")
    rows = [["unit_id", "metric", "value"], *([unit, metric, value] for unit, value in figures.items())]
    (folder / "metrics.csv").write_bytes(csv_bytes(rows))


def without_usual_range(year: YearBook, metric: str) -> None:
    year.put("scheme.yaml", f"based_on: lygtc-2018\nmetrics: {{{metric}: {{usual: null}}}}\n")


def asked(intake: Intake) -> dict[str, str]:
    """What was asked about: the figure meant by the cell named first, and the others named with it."""
    told: dict[str, str] = {}
    for finding in found(intake, "magnitude"):
        assert finding.severity == "warning"
        told[unit_at(finding, intake)] = re.search("是否指 (.*)？", finding.expected)[1]
        told |= dict.fromkeys(re.findall(r"第 \d+ 行 (\w+) 的", finding.message), "too")
    return told


def unit_at(finding: Finding, intake: Intake) -> str:
    """Whose figure stands in the cell that a finding names."""
    places = {row.place: unit for (unit, _), row in intake.data.metrics.items()}
    return places[f"{finding.file} 第 {finding.row} 行"]


# One figure in 万元


def test_a_figure_in_myriads(year: YearBook) -> None:
    row = year.set("metrics", "C02", "project_funding", value=12.5)
    finding = only(year.read(), "magnitude")
    assert (finding.file, finding.row, finding.column) == ("metrics.csv", year.row_of("metrics", row), "value")
    assert (finding.value, finding.severity, finding.unit, finding.office) == ("12.5", "warning", "C02", "教务处")
    assert finding.message == "校级以上项目经费是否以万元填写？一般为 1000 元～1 亿元"
    assert finding.expected == "以元计的数，是否指 125000？"


def test_a_figure_multiplied_once_too_often(year: YearBook) -> None:
    year.set("metrics", "C02", "project_funding", value=1_250_000_000)
    finding = only(year.read(), "magnitude")
    assert finding.message.startswith("校级以上项目经费是否多乘了一万（把元当作万元换算）？")
    assert finding.expected == "以元计的数，是否指 125000？"


def test_figures_of_a_wide_sheet_are_named_by_row_and_column(year: YearBook) -> None:
    set_metric(year, "training_income", {"C01": 110, "C02": 95})
    year.write_csv()
    (year.folder / "metrics.csv").unlink()
    year.write_xlsx(chinese=True, wide=True)
    for path in year.folder.glob("*.csv"):
        path.unlink()
    finding = only(year.look(), "magnitude")
    assert (finding.file, finding.sheet, finding.row) == ("数据.xlsx", "指标数据", 2)
    assert (finding.column, finding.value) == ("培训与成人教育收入", "110")
    assert finding.message.endswith("；这张表里还有 1 处：第 3 行 C02 的 95")


# Who says what is usual: the scheme, last year, the others. In all of them the figures of four units.

NONE: Figures = {}
CASES = {
    # name: (this year, last year, whether the scheme has a range, who is asked about)
    "all is well": ([125000, 90000, 1500, 160000], [150000] * 4, True, NONE),
    "nothing at all": ([0, 0, 0, 0], [150000] * 4, True, NONE),
    "a whole column": ([12.5, 9, 0.5, 16], [], True, {"C01": "125000", "C02": "too", "F01": "too", "I01": "too"}),
    "most of a column": ([12.5, 90000, 8, 16], [], True, {"C01": "125000", "F01": "too", "I01": "too"}),
    "below the range": ([125000, 999.99, 90000, 160000], [], True, {"C02": "9999900"}),
    "on its lower end": ([99000, 1000, 90000, 100000], [], True, NONE),
    "on its upper end": ([99999999, 100000000, 99999999, 99999999], [], True, NONE),
    "both may be, the others decide": ([150000, 1400, 150000, 160000], [], True, {"C02": "14000000"}),
    "both may be, last year decides": ([150000, 1400, 150000, 160000], [0, 1700, 0, 0], True, NONE),
    "both may be, last year asks": ([150000, 1400, 1500, 1600], [0, 900000, 0, 0], True, {"C02": "14000000"}),
    "a leap within the range": ([150000, 150000, 1, 1], [0, 1000, 0, 0], True, {"F01": "10000", "I01": "too"}),
    # without a range
    "a column like last year's": ([12.5, 9, 0.5, 16], [14, 8, 0.7, 15], False, NONE),
    "a column unlike last year's": (
        [12.5, 9, 0.5, 16], [140000, 80000, 7000, 150000], False,
        {"C01": "125000", "C02": "too", "F01": "too", "I01": "too"},
    ),
    "a new unit in such a column": (
        [12.5, 9, 0.5, 16], [140000, 80000, 7000], False, {"C01": "125000", "C02": "too", "F01": "too", "I01": "too"},
    ),
    "one of many": ([125000, 9, 140000, 160000], [], False, {"C02": "90000"}),
    "one that was always small": ([125000, 900, 140000, 160000], [0, 800, 0, 0], False, NONE),
    "a hundredth of the others": ([125000, 1250, 125000, 125000], [], False, NONE),
    "less than a hundredth": ([125000, 1249, 125000, 125000], [], False, {"C02": "12490000"}),
    "a millionth, which 万元 does not mend": ([125000, 0.1, 125000, 125000], [], False, NONE),
    "a hundredfold": ([125000, 12500000, 125000, 125000], [], False, NONE),
    "more than that": ([125000, 12510000, 125000, 125000], [], False, {"C02": "1251"}),
    "too few to say": ([125000, 9, 140000, 0], [], False, NONE),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_who_is_asked_about(year: YearBook, name: str) -> None:
    now, last, has_range, expected = CASES[name]
    set_metric(year, "project_funding", dict(zip(FUNDED, now, strict=True)))
    if last:
        set_last_year(year, "project_funding", dict(zip(FUNDED, last, strict=False)))
    if not has_range:
        without_usual_range(year, "project_funding")
    assert asked(year.read()) == expected


def test_each_sheet_has_its_own_question(year: YearBook) -> None:
    set_metric(year, "project_funding", {"C01": 12, "C02": 13, "F01": 14, "I01": 1_500_000_000})
    rows = [row for row in year.tables["metrics"] if row["metric"] == "project_funding"]
    year.tables["metrics"] = [row for row in year.tables["metrics"] if row not in rows[1:2]]
    year.put("又交/metrics.csv", csv_bytes([["unit_id", "metric", "value"], ["C02", "project_funding", 13]]))
    findings = found(year.read(), "magnitude")
    assert [(each.file, each.value, each.unit) for each in findings] == [
        ("metrics.csv", "12", ""),
        ("metrics.csv", "1500000000", "I01"),
        ("又交/metrics.csv", "13", "C02"),
    ]


def test_books_in_myriads(year: YearBook) -> None:
    year.tables["units"].append({"unit_id": "D13", "name": "图书馆", "category": "department"})
    year.set("metrics", "D13", "books_shelved", value=1.8)
    finding = only(year.read(), "magnitude")
    assert finding.message == "新书上架册数是否以万册填写？一般为 100 册～100 万册"
    assert finding.expected == "以册计的数，是否指 18000？"


# Amounts of achievements


def funding(kind: str, *amounts: Any) -> list[dict[str, Any]]:
    return [achievement(kind=kind, title=f"{kind} {place}", amount=amount) for place, amount in enumerate(amounts)]


@pytest.mark.parametrize(
    ("kind", "amounts", "expected"),
    [
        ("funding_social", [2.1], {2: "21000"}),
        ("funding_social", [199.99], {2: "1999900"}),
        ("funding_social", [200], {}),
        ("funding_social", [15000, 83000], {}),
        ("funding_social", [0], {}),
        ("funding_natural", [5, 60000, 0.5], {2: "50000"}),
        ("funding_natural", [60000, 50000, 600000000, 70000], {4: "60000"}),
        ("funding_natural", [60000, 50000, 5500000, 70000], {}),
        ("topic", [60000, 50000, 3, 70000], {4: "30000"}),  # not scored by its amount, but among its kind
        ("topic", [60000, 3], {}),
    ],
)
def test_amounts(year: YearBook, kind: str, amounts: list[Any], expected: dict[int, str]) -> None:
    year.tables["achievements"] = funding(kind, *amounts)
    for row in year.tables["achievements"] if kind == "topic" else ():
        row["level"] = "provincial"
    findings = found(year.read(), "magnitude")
    assert {each.row: re.search("是否指 (.*)？", each.expected)[1] for each in findings} == expected
    for finding in findings:
        assert (finding.file, finding.column, finding.indicator) == ("achievements.csv", "amount", "K6")
        assert finding.office == "科技与产业处"


def test_amounts_of_a_sheet_are_asked_about_once(year: YearBook) -> None:
    year.tables["achievements"] = funding("funding_natural", 5, 60000, 0.5) + funding("funding_social", 2.4)
    natural, social = found(year.read(), "magnitude")
    assert natural.message == (
        "自科项目经费的金额是否以万元填写？达到 50000 元的才计分；这张表里还有 1 处：第 4 行 C01 的 0.5"
    )
    assert (natural.value, social.value, social.row) == ("5", "2.4", 5)


def test_of_many_cells_the_first_are_named(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(magnitudes, "MOST_LISTED", 2)
    year.tables["achievements"] = funding("funding_natural", 5, 6, 7)
    assert only(year.read(), "magnitude").message.endswith("还有 2 处：第 3 行 C01 的 6、第 4 行 C01 的 7")
    year.tables["achievements"] = funding("funding_natural", 5, 6, 7, 8)
    assert only(year.read(), "magnitude").message.endswith("还有 3 处：第 3 行 C01 的 6、第 4 行 C01 的 7 等")


# Head counts


HEADS = {
    # name: (metric, this year, last year, who is asked about)
    "as last year": ("staff", [52, 60, 40, 30], [50, 61, 40, 30], NONE),
    "a digit too many": ("staff", [520, 60, 40, 30], [50, 61, 40, 30], {"C01": "52"}),
    "a digit too few": ("staff", [5, 60, 40, 30], [50, 61, 40, 30], {"C01": "50"}),
    "five times": ("staff", [250, 60, 40, 30], [50, 61, 40, 30], {"C01": "25"}),
    "hardly five times": ("staff", [249, 60, 40, 30], [50, 61, 40, 30], NONE),
    "twenty times": ("staff", [1000, 60, 40, 30], [50, 61, 40, 30], {"C01": "100"}),
    "five times everybody else": ("staff", [300, 60, 40, 30], [], {"C01": "30"}),
    "hardly five times everybody else": ("staff", [299, 60, 40, 30], [], NONE),
    "ten times, as ever": ("staff", [600, 60, 40, 30], [610, 0, 0, 0], NONE),
    "not steady, grown tenfold": ("training_persontimes", [20, 16, 14, 30], [2, 10, 10, 3], NONE),
    "not steady, hardly ten times": ("training_persontimes", [299, 16, 14, 30], [20, 10, 10, 3], NONE),
    "not steady, ten times everybody": ("training_persontimes", [300, 16, 14, 30], [20, 10, 10, 3], {"C01": "30"}),
    "not steady, ten times as ever": ("training_persontimes", [300, 16, 14, 30], [290, 10, 10, 3], NONE),
    "few to compare": ("staff", [600, 60, 0, 0], [], NONE),
}


@pytest.mark.parametrize("name", HEADS)
def test_head_counts(year: YearBook, name: str) -> None:
    metric, now, last, expected = HEADS[name]
    set_metric(year, metric, dict(zip(FUNDED, now, strict=True)))
    year.tables["metrics"] = [
        row for row in year.tables["metrics"] if row["metric"] != metric or row["unit_id"] in FUNDED
    ]
    set_metric(year, "full_time_teachers", dict.fromkeys((*FUNDED, "E01"), 5))
    set_metric(year, "dual_qualified_teachers", dict.fromkeys((*FUNDED, "E01"), 4))
    if last:
        set_last_year(year, metric, dict(zip(FUNDED, last, strict=True)))
    assert asked(year.read()) == expected


def test_a_head_count_is_asked_about_at_its_cell(year: YearBook) -> None:
    row = year.set("metrics", "C01", "enrolled_students", value=8005)
    set_last_year(year, "enrolled_students", {"C01": 790})
    finding = only(year.read(), "magnitude")
    assert (finding.row, finding.value, finding.unit) == (year.row_of("metrics", row), "8005", "C01")
    assert finding.message == "在校生数是否多写了一位数？上一学年为 790 人"
    assert finding.expected == "核对过的数"  # 800.5 are no students


@given(st.lists(st.fractions(Fraction(1, 10**4), 10**6), min_size=1, max_size=9), st.data())
def test_sizes_are_those_of_the_others(figures: list[Fraction], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(figures) - 1))
    others = [*figures[:place], *figures[place + 1 :]]
    for but, rest in ((figures[place], others), (None, figures)):
        expected = (median(rest), max(rest)) if len(rest) >= FEW else (None, None)
        assert (Sizes(figures).median(but), Sizes(figures).largest(but)) == expected


@pytest.mark.parametrize("what", ["amounts", "staff", "project_funding"])
def test_figures_are_sorted_once_not_anew_for_each(year: YearBook, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    sizes = {f"X{place}": 50_000 + place * 7919 % 1000 for place in range(80)}
    if what == "amounts":
        year.tables["achievements"] = [row | {"level": "provincial"} for row in funding("topic", *sizes.values())]
    else:
        unit = {"category": "college", "party_org": "branch"}
        year.tables["units"] += [{"unit_id": name, "name": f"{name}学院"} | unit for name in sizes]
        without_usual_range(year, "project_funding")
        set_metric(year, what, sizes)
        set_last_year(year, what, {f"Y{name}": size for name, size in sizes.items()})
    year.write_csv()
    compared: list[Fraction] = []
    for name in ("__lt__", "__gt__"):
        plainly = getattr(Fraction, name)
        monkeypatch.setattr(Fraction, name, lambda one, other, by=plainly: compared.append(one) or by(one, other))
    assert not found(year.look(), "magnitude")
    assert 10 < len(compared) / len(sizes) < 60


# The year before


def test_a_merged_unit_is_held_against_those_it_was_made_of(year: YearBook) -> None:
    year.set("metrics", "C01", "enrolled_students", value=5400)
    set_last_year(year, "enrolled_students", {"C01": 700, "C08": 2000, "C09": 2500})
    assert set(asked(year.read())) == {"C01"}
    year.tables["predecessors"] = [{"unit_id": "C01", "predecessor": unit} for unit in ("C08", "C09")]
    assert not asked(year.read())


def test_last_years_metric_in_another_unit_is_no_measure(year: YearBook) -> None:
    year.set("metrics", "C01", "enrolled_students", value=5400)
    counted = "based_on: lygtc-2018\nmetrics: {enrolled_students: {unit: 百人}}\n"
    set_last_year(year, "enrolled_students", {"C01": 540}, counted)
    assert not asked(year.read())


@pytest.mark.parametrize("broken", ["metrics.csv", "scheme.yaml"])
def test_what_is_wrong_with_last_year_is_not_told_this_year(year: YearBook, broken: str) -> None:
    year.set("metrics", "C01", "enrolled_students", value=5400)
    set_last_year(year, "enrolled_students", {"C01": 540})
    (year.raw / LAST / broken).write_bytes(b"\x00\xff: [")
    found = {finding.code for finding in year.read().findings}
    assert found - {"no-achievements", "no-incidents"} == {"departments-absent"}


def test_of_last_year_only_the_metrics_are_looked_into(year: YearBook, tmp_path) -> None:
    set_last_year(year, "staff", {"C01": 50})
    (year.raw / LAST / "metrics.csv").rename(year.raw / LAST / "指标数据.csv")
    (year.raw / LAST / "ratings.csv").write_bytes(b"not read")
    last = LastYear(year.raw, YEAR, scheme())
    assert (last.figure("C01", "staff"), last.figure("C02", "staff")) == (50, None)
    for place in (DEMO / "2019-2020", DEMO / "2020-2021"):  # one workbook, many workbooks
        following = f"{int(place.name[:4]) + 1}-{int(place.name[5:]) + 1}"
        whole = {key: row.value for key, row in read_year(DEMO, place.name).data.metrics.items()}
        raw = tmp_path / following
        (raw / following).mkdir(parents=True)
        (raw / following / SYNTHETIC).touch()
        (raw / place.name).symlink_to(place, target_is_directory=True)
        last = LastYear(raw, following, scheme())
        assert {key: last.figure(*key) for key in whole} == whole


# No question without need


@pytest.mark.parametrize("year_name", ["2018-2019", "2019-2020", "2020-2021"])
def test_the_demonstration_years_raise_no_such_question(year_name: str) -> None:
    codes = {finding.code for finding in read_year(DEMO, year_name).findings}
    assert not codes & {"magnitude", "larger-part"}


def spread(least: float, most: float) -> st.SearchStrategy[float]:
    return st.floats(least, most, allow_nan=False).map(lambda value: round(value, 2))


@given(
    st.data(),
    spread(2_000, 900_000),
    st.lists(st.integers(25, 120), min_size=8, max_size=8),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_plausible_years_raise_no_question(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, size: float, staff: list[int]
) -> None:
    """Money within a factor of a hundred, people of less than five times any other and their own of last year."""
    year = YearBook(tmp_path_factory.mktemp("plausible"))
    money = data.draw(st.lists(spread(size, size * FAR), min_size=8, max_size=8))
    set_metric(year, "project_funding", dict(zip(FUNDED, money[:4], strict=True)))
    set_metric(year, "staff", dict(zip(FUNDED, staff[:4], strict=True)))
    amounts = data.draw(st.lists(spread(5_000, 500_000), max_size=5))
    year.tables["achievements"] = funding("funding_social", *amounts[:1]) + funding("funding_natural", *amounts[1:])
    set_last_year(year, "project_funding", dict(zip(FUNDED, money[4:], strict=True)))
    with (year.raw / LAST / "metrics.csv").open("ab") as file:
        for unit, now in zip(FUNDED, staff, strict=False):
            file.write(f"{unit},staff,{now * data.draw(st.floats(0.25, 4))}\n".encode())
    intake = year.read()
    assert not found(intake, "magnitude"), [str(each) for each in found(intake, "magnitude")]


@given(st.fractions(Fraction(1, 10**6), 10**9), st.fractions(Fraction(1, 10**4), 10**6))
def test_a_range_around_a_figure_is_sure_of_one_meaning_at_most(value: Fraction, usual: Fraction) -> None:
    for factor, step in ((FAR, MYRIAD), (CLOSE, DIGIT)):
        meant = Range(usual / factor, usual * factor, "").meant(value, step)
        if usual / factor < value < usual * factor:
            assert meant == value
        elif meant is not None:
            assert usual / factor <= meant <= usual * factor
            assert meant in (value * step, value / step)
