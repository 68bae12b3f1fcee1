"""The Compare page as a reader meets it. The first test must stay first: it needs a server nobody has visited."""

from __future__ import annotations

import re
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open
from tests.browser.server import Server
from tests.browser.watch import redrawn, watch

pytestmark = pytest.mark.browser

LINK = "?s0=naive~name.Today&s1=h100-tuned~name.Tuned&cur=EUR&w=support_chat~requests_per_day.200000"
CHARTS = 5
SLIDER = ".st-key-load_requests [role=slider]"


def _answer(page: Page) -> str:
    return page.locator(".st-key-answer h3").inner_text()


def _url(page: Page) -> str:
    return str(page.evaluate("location.href"))


def _all_drawn(page: Page) -> None:
    expect(page.locator(".js-plotly-plot .gtitle")).to_have_count(CHARTS)


def _no_traceback(page: Page) -> None:
    text = page.locator("body").inner_text()
    assert "Traceback" not in text
    assert "This app has encountered an error" not in text
    assert page.locator(".stException").count() == 0


def _move(page: Page, key: str = "ArrowRight") -> None:
    watch(page)
    page.locator(SLIDER).focus()
    page.keyboard.press(key)
    redrawn(page)


def test_a_cold_deep_link_opens_the_page_in_its_frame(browser: Browser, server: Server) -> None:
    hosts: list[str] = []
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.on("request", lambda request: hosts.append(urlparse(request.url).hostname or ""))
    page.goto(f"{server.url}/compare{LINK}")
    page.wait_for_selector(".st-key-answer h3", timeout=45_000)
    expect(page.locator("[data-testid=stSidebar] .st-key-load_requests")).to_be_visible()
    expect(page.locator("[data-testid=stSidebar]")).to_contain_text("Today")
    expect(page.locator("[data-testid=stSidebar]")).to_contain_text("Tuned")
    expect(page.locator(".st-key-metrics")).to_contain_text("€")
    _all_drawn(page)
    assert page.get_by_text("Page not found").count() == 0
    _no_traceback(page)
    assert set(hosts) <= {"localhost", ""}, "a request left this machine"
    context.close()


def test_the_answer_the_figures_and_the_first_chart_fit_one_screen(open_page: Open) -> None:
    page = open_page()
    _all_drawn(page)
    assert len(_answer(page)) > 30
    bottoms = [
        page.locator(where).first.evaluate("e => e.getBoundingClientRect().bottom")
        for where in (".st-key-answer", ".st-key-metrics", ".st-key-cost .js-plotly-plot")
    ]
    assert bottoms == sorted(bottoms)
    assert bottoms[-1] <= 900
    assert page.locator(".st-key-cost svg.main-svg").first.evaluate("e => e.getBoundingClientRect().height") > 100


@pytest.mark.parametrize(
    "query",
    [
        "?s0=%3Cscript%3Ewindow.__xss%3D1%3C%2Fscript%3E&s1=naive",
        "?s0=naive~name.%3Cimg%20src%3Dx%20onerror%3D%22window.__xss%3D1%22%3E&s1=nothing~a.b",
        "?w=nowhere~isl.-1&cur=DOGE&v=banana",
        "?s0=" + "A" * 5000,
    ],
)
def test_garbage_opens_with_a_notice_and_runs_nothing(open_page: Open, query: str) -> None:
    page = open_page("/" + query)
    expect(page.locator("[data-testid=stMain] [data-testid=stAlert]").first).to_be_visible()
    _all_drawn(page)
    _no_traceback(page)
    assert page.evaluate("window.__xss") is None


def test_a_name_in_the_link_is_text(open_page: Open) -> None:
    page = open_page("/?s0=naive&s1=h100-tuned~name.*3Cimg_src*3Dx_onerror*3D*22window.__xss*3D1*22*3E**b**")
    _all_drawn(page)
    _no_traceback(page)
    assert page.evaluate("window.__xss") is None
    assert page.locator("[data-testid=stMain] img[src=x]").count() == 0


def test_a_phone_scrolls_only_down(open_page: Open) -> None:
    page = open_page(width=390, height=844)
    _all_drawn(page)
    wide = "e => e.scrollWidth - e.clientWidth"
    assert page.locator("html").evaluate(wide) <= 0
    assert page.locator("[data-testid=stMain]").evaluate(wide) <= 0
    assert page.locator(".st-key-cost .js-plotly-plot").evaluate("e => e.getBoundingClientRect().right") <= 390


def test_dark_follows_the_reader(open_page: Open) -> None:
    page = open_page(scheme="dark")
    _all_drawn(page)
    colour = "e => getComputedStyle(e).{}.match(/\\d+/g).slice(0, 3).map(Number)"
    app = page.locator("[data-testid=stApp]")
    assert max(app.evaluate(colour.format("backgroundColor"))) < 60
    assert min(page.locator(".st-key-answer h3").evaluate(colour.format("color"))) > 180
    assert min(page.locator(".st-key-cost .gtitle").evaluate(colour.format("fill"))) > 150


def test_a_slider_move_redraws_changes_the_address_and_adds_no_history(open_page: Open) -> None:
    page = open_page()
    _all_drawn(page)
    entries, url = page.evaluate("history.length"), _url(page)
    drawn = page.locator(".st-key-cost .main-svg").first.inner_html()
    for _ in range(3):
        _move(page)
    page.wait_for_function("old => location.href !== old", arg=url)
    assert re.search(r"requests_per_day\.\d", _url(page))
    assert page.locator(".st-key-cost .main-svg").first.inner_html() != drawn
    assert page.evaluate("history.length") == entries
    _all_drawn(page)
    _no_traceback(page)


def test_reload_and_a_second_reader_see_the_same_answer(open_page: Open) -> None:
    page = open_page("/" + LINK)
    before = _answer(page)
    for _ in range(4):
        _move(page)
    page.wait_for_function("location.href.includes('requests_per_day.')")
    said, url = _answer(page), _url(page)
    assert said != before
    page.reload()
    expect(page.locator(".st-key-answer h3")).to_have_text(said)
    other = open_page(url[url.index("/", 8) :])
    expect(other.locator(".st-key-answer h3")).to_have_text(said)


def test_back_undoes_a_decision_then_leaves(open_page: Open, server: Server) -> None:
    page = open_page("/static-page-before")
    page.goto(server.url + "/_stcore/health")
    page.goto(server.url + "/" + LINK)
    page.wait_for_selector(".st-key-answer h3")
    _all_drawn(page)
    said = _answer(page)
    for _ in range(3):
        _move(page)
    page.wait_for_timeout(500)
    for _ in range(3):
        page.go_back()
        page.wait_for_timeout(700)
        if _url(page).endswith("/_stcore/health"):
            break
        expect(page.locator(".st-key-answer h3")).to_have_text(said)
    assert _url(page).endswith("/_stcore/health"), "Back does not leave the page"
