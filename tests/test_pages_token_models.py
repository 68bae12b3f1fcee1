"""A closed model on the page: as the baseline, as a candidate, refused on machines, and bought in one click."""

from components.catalog.load import load_catalog
from components.share import link
from tests.app import open_app

CLOSED = "custom~name.GPT~model.gpt-4o~buy.api~provider.OpenAI"
OPEN = "custom~name.Maverick~model.llama-4-maverick-400b-a17b~hardware.b200"
RENTED = "custom~name.Rented~model.gpt-5.4"
CLAUDE = "custom~name.Claude~model.claude-sonnet-4-5~buy.api~provider.Anthropic"


def test_a_closed_baseline_is_compared_with_own_servers() -> None:
    at = open_app(s0=CLOSED, s1=OPEN, s2=CLAUDE)
    assert "no time is published for GPT" in at.title[0].value
    assert len(at.dataframe[0].value) == 3


def test_a_closed_candidate_never_wins_unseen() -> None:
    at = open_app(s0="h100-default", s1="custom~name.Nano~model.gpt-5-nano~buy.api~provider.OpenAI")
    assert "Nano would cost" not in at.title[0].value
    assert any("GPT-5 nano" in c.value or "Nano" in c.value for c in at.main.caption)


def test_a_closed_model_on_machines_is_refused_and_bought_in_one_click() -> None:
    at = open_app(s0="h100-default", s1=RENTED)
    at.sidebar.radio(key="edit_slot").set_value(1).run()
    assert any("GPT-5.4 is sold per token only; its weights are not published" in e.value for e in at.sidebar.error)
    at.button(key="buy_per_token").click().run()
    assert not at.exception
    strategy, notices = link.read_strategy(at.session_state["s1"])
    assert strategy is not None
    assert not notices
    assert (strategy.buy, strategy.provider, strategy.tier) == ("api", "OpenAI", "standard")
    assert not at.sidebar.error
    assert not [b for b in at.button if b.key == "buy_per_token"]


def test_the_list_of_models_says_which_are_sold_per_token_only() -> None:
    at = open_app(s0="h100-default", s1=RENTED)
    at.sidebar.radio(key="edit_slot").set_value(1).run()
    options = at.sidebar.selectbox(key="edit_model").options
    assert "GPT-5.4 (OpenAI, per token only)" in options
    assert "Llama 3.3 70B" in options
    assert len(options) >= len(load_catalog().token_models)
    at.sidebar.selectbox(key="edit_model").set_value("claude-opus-5").run()
    assert not at.exception
    assert "model.claude-opus-5" in at.session_state["s1"]


def test_the_pages_open_with_closed_models_alone() -> None:
    for page in ("find", "hardware", "evidence", "claims"):
        at = open_app(page, s0=CLOSED, s1=CLAUDE)
        assert at.title[0].value
        if page == "hardware":
            assert "run on no chip that is for rent" in at.info[0].value


def test_every_token_model_survives_a_link() -> None:
    for key in load_catalog().token_models:
        code = f"custom~model.{key}~student.{key}~route_model.{key}~buy.api"
        strategy, notices = link.read_strategy(code)
        assert not notices
        assert strategy is not None
        assert link.read_strategy(link.strategy_code(strategy, "custom")) == (strategy, [])
