"""The Plan page opens with an answer, keeps its terms in the address, and says what cannot be beside its field."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from components.share import link
from components.share.starting_points import starts
from tests.app import figures, open_app, press

SECTIONS = ("What would change it", "What to check first", "When to move", "Quality in money", "Every strategy")


def _open(**query: str) -> AppTest:
    return open_app("plan", **query)


def _typed(at: AppTest, field: str, value: float | None) -> AppTest:
    at.number_input(key=f"plan_term_{field}").set_value(value).run()
    assert not at.exception
    return at


def _shown(at: AppTest) -> list[str]:
    return [str(m.value) for m in at.main.metric]


def _said(at: AppTest) -> str:
    return " ".join(str(m.value) for m in at.markdown)


def test_the_page_opens_with_a_decision_and_its_fan() -> None:
    at = _open()
    words = at.title[0].value
    assert words.startswith("Move to All four layers")
    assert "less over 3 years, cheaper in " in words
    assert "of 10,000 futures" in words
    assert len(at.main.metric) == 5
    fan = figures(at)[0]
    assert sum("fill" in trace for trace in fan["data"]) == 2
    assert "paid itself back" in fan["layout"]["title"]["text"].replace("<br>", " ")


def test_what_is_left_out_of_the_plan_is_said_with_its_reason() -> None:
    at = _open()
    (said,) = [c.value for c in at.main.caption if c.value.startswith("Left out of the plan.")]
    assert re.search(r"\*\*Edge and cloud split\*\*: quality is grade C, and grade B is asked for\.", said)
    limited = _open(s0="h100-tuned", s1="h200-owned", pl="power_kw.1")
    assert any("kW at full load from month" in str(c.value) for c in limited.main.caption)


@pytest.mark.parametrize("key", list(starts()))
def test_every_starting_point_has_a_plan(key: str) -> None:
    start = starts()[key]
    codes = {f"s{i}": code for i, code in enumerate(start.codes)}
    at = _open(w=start.workload_code, cur=start.scenario.currency, **codes)
    assert at.title[0].value.split()[0] in {"Move", "Stay", "Nothing"} or "only strategy" in at.title[0].value
    assert "nan" not in " ".join(_shown(at)).lower()


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens(section: str) -> None:
    at = _open()
    at.button_group(key="plan_section").set_value(section).run()
    assert not at.exception
    if section == "Every strategy":
        assert {"Worth today", "Cheapest in", "Worst regret"} <= set(at.dataframe[-1].value.columns)
        at.button(key="plan_why").click().run()
        assert not at.exception
    if section == "Quality in money":
        assert "is gone once a wrong answer costs" in _said(at)


@pytest.mark.parametrize(
    ("section", "opened", "said"),
    [
        ("What would change it", "why_saved", "staying - moving"),
        ("What would change it", "why_flip_0", "other - best"),
        ("What to check first", "why_worth_all", "decided - known"),
        ("Every strategy", "why_path_1", "lies below (P10)"),
    ],
)
def test_every_figure_opens_its_own_why(section: str, opened: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = _open()
    at.button_group(key="plan_section").set_value(section).run()
    assert said not in _said(at).replace("\\", "")
    press(opened, monkeypatch)
    at.run()
    assert not at.exception
    assert said in _said(at).replace("\\", "")


def test_terms_are_written_to_the_address_and_the_answer_follows() -> None:
    at = _open()
    before = at.title[0].value
    _typed(at, "months", 60)
    _typed(at, "growth", 2.5)
    _typed(at, "chips", 20)
    assert at.session_state["pl"] == "months.60~growth.2.5~chips.0.2"
    assert "over 5 years" in at.title[0].value
    assert at.title[0].value != before
    _typed(at, "chips", None)
    assert at.session_state["pl"] == "months.60~growth.2.5"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("months", 0, "Months of the plan"),
        ("months", -6, "Months of the plan"),
        ("discount", -100, "Discount rate"),
        ("refresh", 0, "Months until own machines are replaced"),
        ("growth", 90, "In 36 months requests would come to"),
        ("contract", 48, "Today's contract runs for 48 months"),
    ],
)
def test_a_bad_term_is_said_beside_its_field_and_the_last_picture_stays(field: str, value: float, said: str) -> None:
    at = _open(pl="months.36~growth.2")
    before = (at.title[0].value, _shown(at))
    _typed(at, field, value)
    assert said in _said(at).replace("\\", "")
    assert (at.title[0].value, _shown(at)) == before
    assert at.session_state["pl"] == "months.36~growth.2"
    assert at.number_input(key=f"plan_term_{field}").value == value
    _typed(at, field, 24 if field in {"months", "refresh", "contract"} else 3)
    assert said not in _said(at).replace("\\", "")
    assert at.session_state["pl"] != "months.36~growth.2"


def test_own_ends_are_written_marked_and_used_and_bad_ones_are_said_beside_them() -> None:
    at = _open()
    before = figures(at)[0]
    assert "plan_range_back" not in {button.key for button in at.button}
    at.selectbox(key="plan_range_of").set_value("growth").run()
    at.number_input(key="plan_range_low").set_value(1.6).run()
    assert not at.exception
    assert "The plan has 1.5 times a year, which must lie between the ends" in _said(at)
    assert (at.session_state["pl"] or "", figures(at)[0]) == ("", before)
    assert at.number_input(key="plan_range_low").value == 1.6
    at.number_input(key="plan_range_low").set_value(1.4).run()
    assert at.session_state["pl"] == "lows.growth_1.4"
    assert "which must lie between" not in _said(at)
    assert figures(at)[0] != before
    table = next(frame.value for frame in at.dataframe if "Range" in frame.value.columns)
    assert set(table[table["Range"] == "yours"]["Input"]) == {"Growth of requests"}
    at.number_input(key="plan_range_base").set_value(2.0).run()
    assert at.session_state["pl"] == "growth.2~lows.growth_1.4"
    at.number_input(key="plan_range_base").set_value(1.0).run()
    assert "The base must lie between the ends" in _said(at)
    assert at.session_state["pl"] == "growth.2~lows.growth_1.4"
    at.button(key="plan_range_back").click().run()
    assert at.session_state["pl"] == "growth.2"


def test_a_link_that_contradicts_itself_opens_with_the_usual_term_and_says_so() -> None:
    at = _open(pl="months.60~growth.90")
    assert "In 60 months requests would come to" in _said(at)
    assert "over 5 years" in at.title[0].value


def test_a_link_whose_range_contradicts_the_plan_opens_with_the_published_one_and_says_so() -> None:
    at = _open(pl="lows.growth_1.8_hit_0.99")
    assert at.selectbox(key="plan_range_of").value == "growth"
    assert "The plan has 1.5 times a year, which must lie between the ends" in _said(at)
    assert "The share of repeated prompts found in the cache: The plan has 98 %" in _said(at).replace("\\", "")
    assert figures(at)[0] == figures(_open())[0]


def test_garbage_in_the_plan_opens_and_is_said() -> None:
    at = _open(pl="months.0~seed.x~<script>")
    assert len(at.main.warning) == 1
    assert at.title[0].value


def test_a_copied_link_opens_the_same_futures() -> None:
    at = _open(pl="months.24~seed.9")
    scenario, notices = link.read_link(at.sidebar.code[0].value)
    assert notices == []
    assert (scenario.plan.months, scenario.plan.seed) == (24, 9)
    again = _open(pl="months.24~seed.9")
    assert figures(at)[0] == figures(again)[0]
    other = _open(pl="months.24~seed.10")
    assert figures(other)[0] != figures(at)[0]


def test_a_baseline_without_a_price_is_said() -> None:
    at = _open(s0="custom~name.Nobody~hardware.groq-3-lpu", s1="plain")
    assert at.title[0].value == "Nothing can be planned yet"
    assert "Nobody has no price" in at.main.warning[0].value


def test_stopped_draws_leave_the_plan_on_its_own_terms_until_they_are_asked_for() -> None:
    at = open_app(pl="seed.4711")
    at.session_state["plan_stopped"] = link.read_link(at.sidebar.code[0].value)[0]
    at.switch_page("pages/plan.py").run()
    assert not at.exception
    assert re.fullmatch(r"Move to All four layers\\: \\\$\d\.\d\dM less over 3 years", at.title[0].value)
    assert not any("fill" in trace for trace in figures(at)[0]["data"])
    at.button(key="plan_resume").click().run()
    assert "of 10,000 futures" in at.title[0].value
