"""The site of a scheme that is not the college's: its own kind of year, totals that are no sums, no votes."""

import pytest

from tests.reporting import dead_links, run_report

pytestmark = [pytest.mark.slow, pytest.mark.notebook]

METRICS = ("life_expectancy", "expected_schooling", "mean_schooling", "national_income")
COUNTRIES = {
    "CHE": ("瑞士", "83.987", "16.5", "13.86", "66933"),
    "CHN": ("中国", "78.211", "14.235", "7.6", "17504.4"),
    "TCD": ("乍得", "52.525", "8.04", "2.57", "1364"),
}
"""The figures of 2021, as the report of 2021-22 prints them."""


def test_a_calendar_year_of_another_scheme_has_all_its_pages(tmp_path):
    raw = tmp_path / "data" / "raw" / "2021"
    raw.mkdir(parents=True)
    (tmp_path / "data" / "kaohe.yaml").write_text("scheme: undp-hdi-2021\n", encoding="utf-8")
    units = [f"{unit},{name},country" for unit, (name, *_) in COUNTRIES.items()]
    (raw / "units.csv").write_text("\n".join(["unit_id,name,category", *units]), encoding="utf-8")
    given = [
        f"{unit},{metric},{value}"
        for unit, (_, *values) in COUNTRIES.items()
        for metric, value in zip(METRICS, values, strict=True)
    ]
    (raw / "metrics.csv").write_text("\n".join(["unit_id,metric,value", *given]), encoding="utf-8")
    ran = run_report(tmp_path / "data", tmp_path / "out", "--unit", "CHN", pictures=False)
    assert ran.code == 0, ran.error
    page = (tmp_path / "out" / "2021" / "units" / "CHN.html").read_text(encoding="utf-8")
    assert "至少 0.7，未达到极高（至少 0.8）" in page
    assert "本次生成失败" not in page
    assert (tmp_path / "out" / "2021" / "public" / "units" / "CHN.html").is_file()
    assert not [link for link in dead_links(tmp_path / "out") if link[0] == "CHN.html" and "://" not in link[1]]
