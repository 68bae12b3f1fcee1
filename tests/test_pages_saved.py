"""Saved: a name and a short link, versions, decisions; the app works on where saving is off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.catalog.config_model import read_config
from components.controls.saved.asked import kept_of
from components.controls.saved.versions import moves
from components.controls.shared import saved_state
from components.controls.shared.scenario_state import BOUND
from components.engine.scenario import Scenario
from components.share.link import parse_query
from components.share.own_code import own_code
from components.store import Draft, Reader, Store, open_engine, where
from tests.app import open_app
from tests.catalog.published_configs import CONFIGS

NASTY = ["<script>alert(1)</script>", "🧮 مرحبا", "=1+1", "x" * 10_000, "**bold** $a$ [l](http://x)"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("FOUR_LAYERS_DATA", str(tmp_path))
    yield tmp_path
    saved_state._store(where())._engine.dispose()
    saved_state._store.clear()


def kept() -> Store:
    return saved_state.store()


def save(at: AppTest, name: str, note: str = "") -> AppTest:
    at.text_input(key="save_name").set_value(name)
    at.text_input(key="save_note").set_value(note)
    return at.button(key="save_version").click().run()


def test_a_scenario_is_saved_and_its_short_link_opens_it_elsewhere() -> None:
    at = open_app(s0="h100-tuned~spec.none", s1="groq~name.Fast", cur="EUR", w="support_chat~requests_per_day.1000000")
    costs = list(at.dataframe[0].value["Per month"])
    save(at, "Spring")
    assert any("Saved as version 1" in c.value for c in at.caption)
    key = at.session_state["s"]
    assert len(key) == 22
    other = open_app(s=key)
    assert not other.warning
    assert list(other.dataframe[0].value["Per month"]) == costs
    assert other.session_state["s1"] == "custom~name.Fast" or "Fast" in other.session_state["s1"]
    assert any("Spring" in m.value and "as saved" in m.value for m in other.sidebar.markdown)


OWN = {
    "oc": "own-chip-1~name.Ours~like.b200~gbs.9000~hour.0.5",
    "om": own_code([read_config(json.dumps(CONFIGS["llama-3.1-8b"]), key="own-model-1").model]),
    "col": "102",
    "pl": "months.24~growth.2",
    "s0": "h100-default",
    "s1": "h100-tuned~hardware.own-chip-1",
    "s2": "groq",
}


def test_own_parts_colours_and_plan_come_back_and_a_changed_chip_is_named() -> None:
    at = open_app(**OWN)
    before = scenario_of(at)
    assert before.own.chips
    assert before.own.models
    assert (before.colours, before.plan.months) == ((1, 0, 2), 24)
    save(at, "Ours")
    key = at.session_state["s"]
    assert scenario_of(open_app(s=key)) == before
    at.session_state["oc"] = OWN["oc"].replace("9000", "4000")
    save(at.run(), "Ours", "slower memory")
    older, newer = reversed(kept().versions(key, Reader("")))
    found = moves(older, newer)
    assert not isinstance(found, str)
    assert [move.words for move in found[0]] == ["your chip Ours"]


def scenario_of(at: AppTest) -> Scenario:
    """The scenario in the address of the page."""
    stated = {name: at.session_state[name] for name in BOUND if name in at.session_state}
    return parse_query({name: [code] for name, code in stated.items() if code})[0]


def test_what_is_in_the_address_beside_the_short_link_is_newer() -> None:
    at = open_app()
    save(at, "Spring")
    key = at.session_state["s"]
    other = open_app(s=key, s0="h100-tuned", s1="groq")
    assert other.session_state["s0"] == "h100-tuned"
    assert any("changed since" in m.value for m in other.sidebar.markdown)


def test_a_second_save_is_a_second_version() -> None:
    at = open_app()
    save(at, "Spring", "first")
    key = at.session_state["s"]
    at.sidebar.select_slider(key="load_requests").set_value(1_000_000).run()
    save(at, "Spring", "a third of the volume")
    assert any("Saved as version 2" in c.value for c in at.caption)
    assert [v.note for v in kept().versions(key, Reader(""))] == ["a third of the volume", "first"]
    at.button(key="save_anew").click().run()
    assert at.session_state["s"] != key


def test_without_a_name_nothing_is_saved() -> None:
    at = save(open_app(), "  ")
    assert any("Give it a name first" in c.value for c in at.caption)
    assert "saved_opened" not in at.session_state


@pytest.mark.parametrize("key", ["x", "a" * 22, "<b>", "A" * 5000])
def test_an_unknown_short_link_is_one_sentence_and_the_page_answers(key: str) -> None:
    at = open_app(s=key)
    assert [w.value for w in at.warning if "leads to no saved scenario" in w.value]
    assert len(at.title[0].value) > 30


@pytest.mark.parametrize("name", NASTY)
def test_any_name_is_shown_as_text(name: str) -> None:
    at = open_app()
    save(at, name)
    at.switch_page("pages/saved.py").run()
    assert not at.exception
    shown = " ".join(m.value for m in at.markdown)
    assert "<script>" not in shown
    assert "[l](" not in shown


def test_the_list_versions_and_moves() -> None:
    at = open_app()
    save(at, "Spring")
    at.sidebar.select_slider(key="load_requests").set_value(1_000_000).run()
    save(at, "Spring", "smaller")
    at.switch_page("pages/saved.py").run()
    assert not at.exception
    assert at.title[0].value == "1 saved scenario"
    assert any("a month" in m.value and "volume" in m.value for m in at.markdown)
    rows = at.dataframe[-1].value
    assert rows["Moved by"].iloc[0] == "volume"
    key = at.session_state["s"]
    at.button(key=f"delete_{key}").click().run()
    assert at.title[0].value == "Nothing is saved here yet"
    at.button(key=f"back_{key}").click().run()
    assert at.title[0].value == "1 saved scenario"


def test_a_decision_is_recorded_and_overturned_by_newer_data(monkeypatch: pytest.MonkeyPatch) -> None:
    at = open_app()
    save(at, "Spring")
    key = at.session_state["s"]
    at.switch_page("pages/saved.py").run()
    at.text_input(key=f"decide_{key}_1_reason").set_value("cheapest that keeps its targets")
    next(b for b in at.button if b.label == "Record").click().run()
    assert not at.exception
    (taken,) = kept().decisions(saved_state_reader(at))
    assert taken.decision.watches
    assert not at.error
    watch = taken.decision.watches[0]
    monkeypatch.setattr("components.controls.saved.asked.watched", lambda *_: watch.flips_at)
    from components.controls.saved.asked import _now

    _now.clear()
    at.run()
    assert "rests on figures that have changed" in at.title[0].value
    assert watch.words in at.error[0].value.replace("\\", "")
    _now.clear()


def saved_state_reader(at: AppTest) -> Reader:
    return Reader(saved_state._digest("browser", at.session_state["saved_secret"]))


def test_saving_off_is_said_and_nothing_else_stops(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").write_text("")
    monkeypatch.setenv("FOUR_LAYERS_DATA", str(folder / "file" / "below"))
    at = save(open_app(), "Spring")
    assert any("Saving is off" in c.value for c in at.caption)
    assert at.session_state["save_name"] == "Spring"
    at.switch_page("pages/saved.py").run()
    assert not at.exception
    assert at.title[0].value == "Saving is off; your scenario is safe in its link"
    assert len(at.warning) == 1
    monkeypatch.setenv("FOUR_LAYERS_DATA", str(folder))


def test_what_a_version_of_nothing_said_is_not_made_up(folder: Path) -> None:
    store = Store(open_engine(where({"FOUR_LAYERS_DATA": str(folder)})))
    draft = Draft("x", "s0=plain", {"chosen": 0, "costs_usd_per_month": [None]}, "d", "e")
    assert kept_of(store.save(draft, Reader(""))[0]) is None
    store._engine.dispose()


def test_my_data_goes_out_and_is_erased() -> None:
    at = open_app()
    save(at, "Spring")
    at.switch_page("pages/saved.py").run()
    everything = kept().everything_of(saved_state_reader(at))
    assert [row["name"] for row in json.loads(json.dumps(everything))["scenarios"]] == ["Spring"]
    at.button(key="erase_all").click().run()
    assert at.title[0].value == "1 saved scenario"
    at.text_input(key="erase_word").set_value("erase").run()
    at.button(key="erase_all").click().run()
    assert at.title[0].value == "Nothing is saved here yet"


def test_a_sign_in_is_offered_where_one_is_set_up_and_owns_what_is_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [button for button in open_app().button if button.key in {"sign_in", "sign_out"}]
    monkeypatch.setattr(saved_state, "account", lambda: {"is_logged_in": False})
    assert open_app().button(key="sign_in").label == "Sign in"
    known = {"is_logged_in": True, "sub": "1", "email": "ann@acme.example", "name": "Ann <b>"}
    monkeypatch.setattr(saved_state, "account", lambda: known)
    at = save(open_app(), "Ours")
    assert at.button(key="sign_out").label == "Sign out"
    assert any("Signed in as Ann" in c.value and "<b>" not in c.value.replace("\\<b\\>", "") for c in at.caption)
    ann = saved_state.reader()
    assert ann.team == "acme.example"
    assert [row.name for row in kept().list(ann).rows] == ["Ours"]
    monkeypatch.setattr(saved_state, "account", lambda: known | {"sub": "2", "email_verified": False})
    assert saved_state.reader().team == ""
    assert kept().list(saved_state.reader()).rows == ()
