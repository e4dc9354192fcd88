"""Years of schemes that are not the college's, from check to pages: their own words, and nothing of the college's."""

import re

import pytest
from openpyxl import load_workbook

from tests.exchange.filling import kaohe
from tests.reporting import dead_links, report_here

pytestmark = pytest.mark.slow

OF_THE_COLLEGE = re.compile(
    "学年|学院|学校|院部|部门|基础指标|重点指标|目标办|领导小组|校领导|奖励性绩效|综合目标考核|优秀|合格|连续两年"
)

METRICS = ("life_expectancy", "expected_schooling", "mean_schooling", "national_income")
COUNTRIES = {
    "CHE": ("瑞士", "83.987", "16.5", "13.86", "66933"),
    "CHN": ("中国", "78.211", "14.235", "7.6", "17504.4"),
    "TCD": ("乍得", "52.525", "8.04", "2.57", "1364"),
}
"""The figures of 2021, as the report of 2021-22 prints them."""

AREAS = {"A01": ("甲市", {"o3_8h": "0.077", "pm25": "35.9", "co": "8.4"}), "A02": ("乙市", {"o3_8h": "0.087"})}
MARKS = {
    "run100": ("10.85", "10.5"), "long_jump": ("7.84", "7.81"), "shot": ("16.36", "15.93"),
    "high_jump": ("2.12", "2.09"), "run400": ("48.36", "46.81"), "hurdles": ("14.05", "13.97"),
    "discus": ("48.72", "51.65"), "pole_vault": ("5.0", "4.6"), "javelin": ("70.52", "55.54"),
    "run1500": ("280.01", "278.11"),
}  # fmt: skip
ATHLETES = {
    unit: (name, {event: marks[place] for event, marks in MARKS.items()})
    for place, (unit, name) in enumerate({"S1": "Sebrle", "S2": "Karpov"}.items())
}


def year_of(data, scheme, year, category, units):
    """A data folder with a year of a shipped scheme; unit → (name, its figures)."""
    raw = data / "raw" / year
    raw.mkdir(parents=True)
    (data / "kaohe.yaml").write_text(f"scheme: {scheme}\n", encoding="utf-8")
    listed = [f"{unit},{name},{category}" for unit, (name, _) in units.items()]
    given = [f"{unit},{metric},{value}" for unit, (_, values) in units.items() for metric, value in values.items()]
    (raw / "units.csv").write_text("\n".join(["unit_id,name,category", *listed]), encoding="utf-8")
    (raw / "metrics.csv").write_text("\n".join(["unit_id,metric,value", *given]), encoding="utf-8")


def words_of(path):
    """What a reader sees of a page or workbook, its figures' and comments' texts among it."""
    if path.suffix == ".xlsx":
        cells = [cell for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row]
        told = [str(cell.value) for cell in cells if cell.value is not None]
        return "\n".join(told + [cell.comment.text for cell in cells if cell.comment])
    html = re.sub(r"<(style|script)(?![^>]*json)[^>]*>.*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)


def of_the_college(text):
    return sorted({text[max(found.start() - 20, 0) : found.end() + 20] for found in OF_THE_COLLEGE.finditer(text)})


@pytest.mark.parametrize(
    ("scheme", "year", "category", "units", "item", "said"),
    [
        ("epa-aqi-2013", "2014", "area", AREAS, "o3_8h_index", "2014 年度"),
        ("decathlon", "2004-athens", "athlete", ATHLETES, "points_run100", "2004-athens 活动"),
    ],
)
def test_no_command_or_workbook_says_a_word_of_the_college(tmp_path, scheme, year, category, units, item, said):
    data = tmp_path / "data"
    year_of(data, scheme, year, category, units)
    unit = next(iter(units))
    assert kaohe("score", year, "--data", data)[0] == 0
    metrics = data / "raw" / year / "metrics.csv"
    metrics.write_text(metrics.read_text(encoding="utf-8").replace("0.077", "0.08").replace("10.85", "10.9"), "utf-8")
    told = []
    for words in (
        ["check", year], ["status", year], ["score", year], ["explain", year, unit], ["verify", year],
        ["history", year], ["appeal", year, unit, item, "--out", tmp_path / "答复.html"], ["check", "1999"],
        ["notice", year, unit], ["check", year, "--out", tmp_path / "问题.xlsx"],
        ["template", year, tmp_path / "填报.xlsx"], ["export", year, tmp_path / "结果.xlsx"],
        ["export", year, tmp_path / "公示.xlsx", "--public"], ["export", "--tidy", tmp_path / "长表.xlsx"],
        ["freeze", year, "--reason", "审定"], ["score", year, "--scenario", tmp_path / "没有.yaml"],
    ):  # fmt: skip
        code, out = kaohe(*words, "--data", data)
        assert "Traceback" not in out
        assert code == 0 or words[0] in ("notice",) or words[1] == "1999" or "--scenario" in words, (words, out)
        told.append(out)
    assert of_the_college("\n".join(told)) == []
    assert said in "".join(told)
    assert f"{unit} {units[unit][0]}：" in told[5]  # what the second scoring moved
    made = [path for path in tmp_path.glob("*.*") if path.suffix in (".xlsx", ".html")]
    assert {path.stem for path in made} == {"答复", "问题", "填报", "结果", "公示", "长表"}
    assert {path.name: of_the_college(words_of(path).replace("部门", "")) for path in made} == {
        path.name: [] for path in made
    }


@pytest.mark.notebook
@pytest.mark.usefixtures("without_pictures")
def test_a_calendar_year_of_another_scheme_has_all_its_pages(tmp_path):
    data, out = tmp_path / "data", tmp_path / "out"
    units = {unit: (name, dict(zip(METRICS, given, strict=True))) for unit, (name, *given) in COUNTRIES.items()}
    year_of(data, "undp-hdi-2021", "2021", "country", units)
    ran = report_here(data, out, questions=True)
    assert ran.code == 0, ran.error
    page = (out / "2021" / "units" / "CHN.html").read_text(encoding="utf-8")
    assert "至少 0.7，未达到极高（至少 0.8）" in page
    pages = sorted(out.rglob("*.html"))
    names = {path.relative_to(out).as_posix() for path in pages}
    assert {f"2021/{name}.html" for name in ("index", "annual", "method", "check", "brief", "public/index")} <= names
    assert {f"2021/public/units/{unit}.html" for unit in COUNTRIES} <= names
    for path in pages:
        text = words_of(path)
        assert "本次生成失败" not in text
        assert of_the_college(text) == [], path
    assert "<h1>人类发展指数总报告</h1>" in words_of(out / "2021" / "annual.html")
    assert "2021 年度人类发展指数" in words_of(out / "2021" / "index.html")
    assert [link for link in dead_links(out) if "://" not in link[1]] == []
