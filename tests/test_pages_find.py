"""Find the best: an answer at once, limits that bite, a link that keeps them, one click to Compare."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from components.catalog.load import load_catalog
from components.engine.search.ask.requirements import Requirements
from components.share.question_link import fields_of, known_words, question_code, read_question_code
from tests.app import figures, open_app

_open = partial(open_app, "find")


def _said(at: AppTest) -> str:
    return " ".join(item.value for kind in (at.title, at.caption, at.markdown, at.warning) for item in kind)


def test_the_page_answers_at_once() -> None:
    at = _open()
    assert "a month" in at.title[0].value
    assert "than today" in at.title[0].value
    assert "grade B or better" in at.caption[0].value
    assert len(figures(at)) == 1
    assert len([button for button in at.button if str(button.key).startswith("find_add_")]) >= 5
    assert any("configurations" in metric.help for metric in at.metric if metric.help)


def test_a_limit_of_the_address_bites_and_is_said() -> None:
    at = _open(find="buys.owned~grade.A")
    assert "owned" in at.title[0].value
    assert "grade A or better" in at.caption[0].value
    assert at.multiselect(key="find_buys").value == ["owned"]


def test_a_changed_limit_is_in_the_code() -> None:
    at = _open()
    at.selectbox(key="find_objectives").select("energy").run()
    assert not at.exception
    assert at.session_state["find"] == "objectives.energy"
    assert at.caption[0].value.startswith("Least energy")


def test_nothing_fits_and_the_page_says_what_would() -> None:
    at = _open(find="budget_usd_per_month.1")
    assert "Nothing keeps every limit" in at.title[0].value
    assert "Raise the monthly budget" in _said(at)


def test_a_code_without_sense_is_left_out_with_a_sentence() -> None:
    at = _open(find="grade.Z~providers.Nobody~banana.1~budget_usd_per_month.-5")
    said = " ".join(warning.value for warning in at.warning)
    for word in ("Z", "Nobody", "banana", "below its limit"):
        assert word in said


def test_a_result_goes_to_compare_in_one_click() -> None:
    at = _open(s0="h100-default")
    before = len([slot for slot in range(6) if at.session_state[f"s{slot}"]])
    at.button(key="find_add_1").click().run()
    assert not at.exception
    after = [at.session_state[f"s{slot}"] for slot in range(6) if at.session_state[f"s{slot}"]]
    assert len(after) == before + 1
    assert "model" in after[-1] or "~" in after[-1]


@pytest.mark.parametrize("line", ["ttft", "tpot", "quality"])
def test_what_a_target_costs_is_a_line(line: str) -> None:
    at = _open()
    at.session_state["find_lines"] = line
    at.run()
    assert not at.exception
    assert len(figures(at)) == 2


QUESTIONS = st.builds(
    Requirements,
    objectives=st.sampled_from([("cost",), ("speed",), ("energy",)]),
    alternatives=st.sampled_from(["same", "family", "any"]),
    grade=st.sampled_from(["A", "B", "E"]),
    budget_usd_per_month=st.none() | st.floats(0, 1e9),
    accelerators=st.none() | st.integers(0, 10_000),
    buys=st.none() | st.lists(st.sampled_from(known_words("buys")), min_size=1, max_size=4, unique=True).map(tuple),
    providers=st.none()
    | st.lists(st.sampled_from(known_words("providers")), min_size=1, max_size=4, unique=True).map(tuple),
    places=st.lists(st.sampled_from(known_words("places")), max_size=3, unique=True).map(tuple),
    shipping_only=st.booleans(),
    lossy=st.booleans(),
)


@given(QUESTIONS)
def test_law_a_question_survives_its_code(asked: Requirements) -> None:
    fields, notices = read_question_code(question_code(asked))
    assert notices == ()
    assert Requirements(**fields) == asked


@given(st.text(max_size=200))
def test_any_code_is_read(code: str) -> None:
    fields, notices = read_question_code(code)
    Requirements(**fields)
    assert set(fields) <= set(fields_of())
    assert all(notice.endswith(".") for notice in notices)


def test_the_default_question_has_no_code() -> None:
    assert question_code(Requirements()) == ""
    assert read_question_code("") == ({}, ())
    assert set(known_words("vendors")) == {chip.vendor for chip in load_catalog().accelerators.values()}


def test_a_dearer_best_is_told_as_a_multiple() -> None:
    at = _open(s0="platform", find="objectives.speed")
    assert "today's cost" in at.title[0].value


def test_the_search_uses_the_readers_own_figures() -> None:
    """At a tenth of the market's price the chip wins; no people are in the bill."""
    asked = {"w": "support_chat~requests_per_day.3000000", "find": "vendors.NVIDIA"}
    listed, own = _open(**asked), _open(**asked, pr="staff.none~chip_hours.h200-sxm_0.3")
    assert listed.title[0].value != own.title[0].value
    assert "H200" in own.title[0].value


def test_a_platform_that_may_miss_a_target_in_the_slow_case_is_marked() -> None:
    at = _open(find="buys.api")
    assert "DeepInfra, per token" in at.title[0].value
    assert "in the slow case each word takes 67 to 136 ms against 100 ms" in at.title[0].value


def test_work_that_writes_nothing_is_told_without_words() -> None:
    at = _open(w="embeddings", s0="custom~model.bge-m3")
    told = _said(at) + " ".join(f"{metric.label} {metric.value}" for metric in at.metric)
    assert "result within 100 ms" in told
    assert "Result" in told
    assert " word" not in told
    assert "tok/s" not in told


def test_a_cheaper_service_that_may_be_late_is_named_with_the_reason() -> None:
    at = _open(w="content_generation", find="buys.on*2Ddemand.api")
    assert "DeepInfra" not in at.title[0].value
    assert "DeepInfra, per token costs" in at.caption[0].value
    assert "in the slow case each word takes 67 to 136 ms against 100 ms." in at.caption[0].value
    assert "cheaper, but in the slow case" in _said(at)
