"""Rent, own or API: an answer at once for every scenario, a bill of owning, choices in the link, bad input said."""

from __future__ import annotations

from functools import partial

import pytest

from components.catalog.load import load_catalog
from components.share.starting_points import starts
from tests.app import figures, open_app, press

_open = partial(open_app, "break_even")


def _said(at) -> str:  # type: ignore[no-untyped-def]
    kinds = (at.title, at.caption, at.markdown, at.warning, at.error)
    return " ".join(item.value for kind in kinds for item in kind).replace("\\", "")


def test_the_page_answers_at_once_and_shows_every_way() -> None:
    at = _open()
    assert "wins above" in at.title[0].value
    assert "you are at 3M" in at.title[0].value
    assert len(figures(at)) == 1
    ways = at.dataframe[0].value
    assert {"Rented on demand", "Owned, in a rented hall", "Users' own devices"} <= set(ways["Way to buy"])
    assert all(why != "-" for may, why in zip(ways["May win"], ways["Why not, or what must hold"], strict=True)
               if may == "no")  # fmt: skip
    assert "Deloitte: study owning" in _said(at)


@pytest.mark.parametrize("workload", sorted(load_catalog().workloads))
def test_it_answers_for_every_workload(workload: str) -> None:
    at = _open(w=workload)
    assert len(at.title[0].value) > 30
    assert len(figures(at)) == 1


@pytest.mark.parametrize("start", sorted(starts()))
def test_it_answers_for_every_starting_point(start: str) -> None:
    point = starts()[start]
    query = {f"s{i}": code for i, code in enumerate(point.codes)} | {"w": point.workload_code}
    at = _open(**query)
    assert len(at.title[0].value) > 30
    assert len(figures(at)) == 1


def test_the_bill_of_owning_is_compares() -> None:
    at = _open(s0="h200-owned", s1="h100-tuned", even="1")
    bill = at.dataframe[-1].value
    total = bill[bill["Line"] == "Total"]["A month"].iloc[0]
    compared = open_app(s0="h200-owned", s1="h100-tuned")
    assert compared.dataframe[0].value["Per month"].iloc[0] == total
    assert all(bill["Source"][:-1].str.len() > 3)


def test_years_of_use_are_the_readers_figure_in_the_link() -> None:
    at = _open()
    before = at.dataframe[-1].value
    at.slider(key="even_life").set_value(2.0).run()
    assert not at.exception
    assert at.session_state["pr"] == "life.2"
    assert "over 2 years" in _said(at)
    assert before["A month"].iloc[-1] != at.dataframe[-1].value["A month"].iloc[-1]


@pytest.mark.parametrize("text", ["-100 %", "-100", "a lot", "101", "inf", "nan"])
def test_a_cost_of_capital_that_cannot_be_is_said_and_the_picture_stays(text: str) -> None:
    at = _open()
    title, drawn = at.title[0].value, figures(at)
    at.text_input(key="even_interest").input(text).run()
    assert not at.exception
    assert [error.value for error in at.error] == [
        "A cost of capital lies between 0 and 100 % a year; type for instance 10 %."
    ]
    assert at.title[0].value == title
    assert figures(at) == drawn
    at.text_input(key="even_interest").input("7,5 %").run()
    assert not at.error
    assert at.session_state["pr"] == "interest.0.075"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"pr": "life.0"}, "life was below its limit"),
        ({"pr": "interest.-1"}, "interest was below its limit"),
        ({"even": "9"}, "is not on the page"),
        ({"even": "<b>~near~x"}, "is not on the page"),
    ],
)
def test_a_link_that_cannot_be_taken_is_said(query: dict[str, str], said: str) -> None:
    at = _open(**query)
    assert said in " ".join(warning.value for warning in at.warning)
    assert "wins" in at.title[0].value


def test_no_requests_at_all_have_a_sentence() -> None:
    at = _open(w="support_chat~requests_per_day.0")
    assert at.title[0].value.startswith("Nobody asks anything")
    assert len(figures(at)) == 1


def test_the_strategy_and_the_decade_around_today_are_in_the_link() -> None:
    at = _open(even="1~near")
    assert at.selectbox(key="even_pick").value == 0
    wide = _open(even="1")
    near, every = (figures(page)[0]["layout"]["xaxis"]["range"] for page in (at, wide))
    assert near[1] - near[0] == pytest.approx(2)
    assert every[1] - every[0] == pytest.approx(6)
    at.selectbox(key="even_pick").select_index(1).run()
    assert at.session_state["even"] == "2~near"
    assert "even=2~near" in "".join(code.value for code in at.code).replace("%7E", "~")


def test_every_way_opens_its_why() -> None:
    at = _open()
    labels = [button.label for button in at.button if str(button.key).startswith("why_")]
    assert "Base held, peak bought" in labels
    next(button for button in at.button if button.label == "Base held, peak bought").click().run()
    assert not at.exception


def test_a_change_of_the_cheapest_way_opens_both_bills_there(monkeypatch: pytest.MonkeyPatch) -> None:
    press("why_turn", monkeypatch)
    said = _said(_open())
    assert "cheapest below - cheapest above" in said
    assert "base + beyond + people + beside" in said
    assert "busy hours" in said
