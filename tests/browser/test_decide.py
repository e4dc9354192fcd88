"""The decision page in a browser: each combination shows what the library scores; readings that exclude each other are
refused; what was decided is printed, and saved as the year's policies.yaml, which the year is read with."""

import random

import pytest

from kaohe.analysis.decide import decide_data
from kaohe.analysis.policies import all_readings
from kaohe.analysis.policiesjson import policies_json
from kaohe.batch import packing
from kaohe.batch.decide import decide_page
from kaohe.charts.notation import two
from kaohe.intake import read_year
from kaohe.scheme.policies import PolicyError, say_value
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from kaohe.scoring.results import results
from kaohe.scoring.score import score_intake
from tests.browser.looking import PHONE, violations
from tests.small import small_year

pytestmark = pytest.mark.slow

YEAR = "2018-2019"
MANY = 200
READ = """() => Object.fromEntries([...document.querySelectorAll("tr[data-unit]")].map(row => {
    const told = [...row.children].map(cell => cell.firstElementChild?.textContent ?? cell.textContent);
    const [rank, , total, grade] = told;
    return [row.dataset.unit, [rank, total, grade]];
}))"""
GO = """async (hash) => {
    const changed = new Promise(resolve => addEventListener("hashchange", resolve, {once: true}));
    if (location.hash === hash) return document.querySelector(".decide-refused").hidden;
    location.hash = hash;
    await changed;
    return document.querySelector(".decide-refused").hidden;
}"""


@pytest.fixture(scope="module")
def decide(tmp_path_factory):
    """A small year's page, and what it was made from."""
    folder = tmp_path_factory.mktemp("decide")
    small_year(folder)
    intake = read_year(folder / "raw", YEAR)
    book = score_intake(intake)
    found = all_readings(intake, book)
    page = folder / "decide.html"
    with pytest.MonkeyPatch.context() as small:  # a full year's is always packed
        small.setattr(packing, "LIGHT", 0)
        page.write_text(decide_page(book, decide_data(found)), encoding="utf-8")
    assert 'id="packed"' in page.read_text(encoding="utf-8")
    return page, folder, found


def shown(found, values):
    """What the page has to show under these readings; None where they exclude each other."""
    try:
        policies = found.choices.with_readings(values)
    except PolicyError:
        return None
    scored = results(run(bind(found.bound.scheme, policies, found.bound.data, found.bound.past)))
    return {
        unit.unit_id: [str(scored.rank[place]), two(scored.total[place]), str(scored.grade[place])]
        for place, unit in enumerate(found.bound.units)
    }


def test_two_hundred_combinations_show_what_the_library_scores(page, traffic, decide):
    file, _, found = decide
    page.goto(file.as_uri())
    chance = random.Random(7)
    refused = 0
    for _ in range(MANY):
        values = {name: chance.choice(each) for name, each in found.choices.values.items() if chance.random() < 0.7}
        values.pop("task_shares", None)
        wanted = shown(found, values)
        hash_ = "#" + "&".join(f"{name}={say_value(value)}" for name, value in values.items())
        assert page.evaluate(GO, hash_) == (wanted is not None)
        refused += wanted is None
        if wanted is not None:
            assert page.evaluate(READ) == wanted
    assert 0 < refused < MANY // 2
    assert not traffic.requests
    assert not traffic.errors


def test_keys_flip_a_reading_and_what_was_decided_is_read_as_the_years_policies(page, decide):
    file, folder, found = decide
    page.goto(file.as_uri())
    now = page.evaluate(READ)
    fieldset = page.locator("fieldset", has_text="优秀名额线上总分并列怎么办")
    radio = page.get_by_role("radio", name="满 10 万元才计 1 分")
    radio.focus()
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("radio", name="按比例计").is_checked()
    assert page.evaluate(READ) == shown(found, {"funding_steps": "proportional"})
    assert page.evaluate(READ) != now
    assert "改了 1 处读法" in page.locator(".decide-said").inner_text()
    assert fieldset.count() == 1
    page.get_by_label("P03 的理由").fill("零头也是经费: 按比例")
    page.locator(".decide-day").fill("2019-09-10")
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载 policies.yaml").click()
    assert saved.value.suggested_filename == "policies.yaml"
    saved.value.save_as(folder / "raw" / YEAR / "policies.yaml")
    intake = read_year(folder / "raw", YEAR)
    assert intake.ok
    (decision,) = intake.policies.decisions.values()
    assert intake.policies["funding_steps"] == "proportional"
    assert (decision.reason, decision.decided_on) == ("零头也是经费: 按比例", "2019-09-10")
    page.emulate_media(media="print")
    protocol = page.locator(".decide-protocol")
    assert "零头也是经费" in protocol.inner_text()
    assert not page.locator(".decide-readings").is_visible()
    assert page.locator(".decide-results").is_visible()


def test_axe_finds_nothing_serious_by_day_or_night(page, decide):
    file, _, _ = decide
    page.goto(file.as_uri() + "#quota_ties=all&funding_steps=proportional")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.locator("html[data-theme=dark]").wait_for(state="attached")
    assert violations(page, "color-contrast") == []


def test_on_a_phone_nothing_stands_out_of_the_page(page, decide):
    file, _, _ = decide
    page.set_viewport_size(PHONE)
    page.goto(file.as_uri() + "#funding_steps=proportional&rescale=none")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_contradiction_is_refused_with_its_reason_and_changes_nothing(page, decide):
    file, _, _ = decide
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.get_by_role("radio", name="条文注明的满分").check()
    before = page.evaluate(READ)
    page.get_by_role("radio", name="全部考核，满分 46 分").click()
    assert "P02“条文注明的满分”与 P09“全部考核，满分 46 分”相互矛盾" in page.get_by_role("alert").inner_text()
    assert page.evaluate(READ) == before
    assert not page.get_by_role("radio", name="全部考核，满分 46 分").is_checked()


def test_the_page_is_small_and_tells_nothing_confidential(decide):
    file, _, found = decide
    text = file.read_text(encoding="utf-8")
    assert len(text.encode()) < 2_000_000
    raters = {rating.rater for rows in found.bound.data.ratings.values() for rating in rows}
    assert raters
    assert not [rater for rater in raters if rater in text]
    assert policies_json(found)["idle"]
