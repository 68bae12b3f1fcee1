"""Own chips and models in the link: there and back the same, and whatever is in the address a page opens."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.catalog.config_model import read_config
from components.catalog.load import load_catalog
from components.catalog.own_records import MOST_OWN, Own, OwnChip, OwnModel
from components.engine.scenario import Prices, Scenario, Strategy
from components.share import codec, link, own_code
from components.share.own_code import CHIP_WORDS, MODEL_WORDS, read_own
from tests.catalog.published_configs import CONFIGS
from tests.share.garbage import GARBAGE

CHIPS = sorted(load_catalog().accelerators)
NAMES = st.text(max_size=40).map(lambda text: codec.plain(text, 40))


def _figure(field: str) -> st.SearchStrategy[object]:
    if field == "name":
        return NAMES
    if field == "like":
        return st.sampled_from(CHIPS)
    low, high = codec.limits(OwnChip, field)
    assert low is not None and high is not None
    return st.none() | (st.integers(1, 4096) if field == "scale_up_domain_chips" else st.floats(low, high))


def _chips(key: str) -> st.SearchStrategy[OwnChip]:
    return st.fixed_dictionaries({}, optional={field: _figure(field) for field in CHIP_WORDS}).map(
        lambda fields: OwnChip.model_validate({"id": key, **fields})
    )


def _model(key: str, config: str, name: str) -> OwnModel:
    return read_config(json.dumps(CONFIGS[config]), key=key).model.model_copy(update={"name": name})


def _models(key: str) -> st.SearchStrategy[OwnModel]:
    return st.builds(_model, st.just(key), st.sampled_from(sorted(CONFIGS)), NAMES)


OWN = st.builds(
    Own,
    chips=st.tuples(*(_chips(f"own-chip-{n}") for n in (1, 3))) | st.just(()),
    models=st.tuples(*(_models(f"own-model-{n}") for n in (1, 4))) | st.just(()),
)


def test_every_figure_has_a_word_of_its_own() -> None:
    for kind, words in ((OwnChip, CHIP_WORDS), (OwnModel, MODEL_WORDS)):
        assert {"id", *words} == set(kind.model_fields)
        assert len(set(words.values())) == len(words)


@settings(max_examples=60)
@given(OWN)
def test_link_round_trip(own: Own) -> None:
    named = {"hardware": own.chips[0].id, "edge_device": own.chips[1].id} if own.chips else {}
    named |= {"model": own.models[0].id, "route_model": own.models[1].id} if own.models else {}
    prices = Prices(chip_hours=((own.chips[0].id, 2.0),)) if own.chips else Prices()
    scenario = Scenario(strategies=(Strategy(), Strategy.model_validate(named)), own=own, prices=prices)
    assert link.read_link("?" + link.canonical_query(scenario)) == (scenario, [])


def test_an_own_model_adds_little_to_a_link() -> None:
    for config in CONFIGS:
        assert len(own_code.own_code([_model("own-model-1", config, "")])) < 420


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("own-chip-1~gbs.0", "memory_bandwidth_gb_per_s was below its limit; 1 is used."),
        ("own-chip-1~gb.1e9", "memory_gb was above its limit; 100,000 is used."),
        ("own-chip-1~gb.nan", "memory_gb is not a number and was ignored."),
        ("own-chip-1~like.h900", "“own-chip-1” was left out: like 'h900' is not a listed chip."),
        ("own-chip-1~x.1", "“x.1” is not a figure of them and was ignored."),
        ("own-chip-9", "“own-chip-9” was left out: id String should match pattern"),
        ("own-chip-1~~own-chip-1", "own-chip-1 is given twice; the first is used."),
        ("~~".join(f"own-chip-{n}" for n in (1, 2, 3, 4, 1)), f"at most {MOST_OWN} fit; the others were left out."),
    ],
)
def test_what_is_not_taken_as_written_is_said(code: str, said: str) -> None:
    (notice,) = read_own(code, OwnChip)[1]
    assert notice.startswith("Your chips: ")
    assert said in notice


def test_a_model_without_a_figure_is_left_out_and_strategies_on_it_say_so() -> None:
    code = own_code.own_code([_model("own-model-1", "llama-3.1-8b", "")]).replace("~layers.32", "")
    scenario, notices = link.parse_query({"om": [code], "s0": ["custom~model.own-model-1"]})
    assert scenario.own.models == ()
    assert scenario.strategies[0].model == Strategy().model
    assert notices == [
        "Your models: “own-model-1” was left out: layers Field required.",
        "Strategy 1: model “own-model-1” is not in the catalog and was ignored.",
    ]


@pytest.mark.parametrize("changes", [
    {"active_params": 1e12}, {"full_attention_layers": 33}, {"kv_bytes_per_token_all_layers_bf16": 1.0},
    {"attention_kind": "mla"}, {"window_layers": 1, "full_attention_layers": 31}, {"experts": 8},
    {"experts": 8, "experts_per_token": 9, "ffn_expert": 1},
    {"experts": 8, "experts_per_token": 2, "ffn_expert": 10**6},
    {"experts": 8, "experts_per_token": 2, "ffn_expert": 64, "moe_layer_count": 40},
])  # fmt: skip
def test_figures_that_contradict_each_other_are_refused(changes: dict[str, Any]) -> None:
    model = _model("own-model-1", "llama-3.1-8b", "").model_copy(update=changes)
    found, notices = read_own(own_code.own_code([model]), OwnModel)
    assert found == ()
    assert len(notices) == 1


JUNK = st.text(max_size=60) | st.sampled_from(
    ["own-chip-1~like.", "own-chip-1~~~own-chip-2", "own-model-1~layers.1e400", "own-model-1~since.x", "~~~~",
     "own-chip-1~w.-1"]
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(JUNK, max_size=5).map("~".join), st.sampled_from(["oc", "om"]))
def test_any_code_gives_a_scenario(code: str, key: str) -> None:
    scenario, notices = link.parse_query({key: [code], "s0": ["custom~hardware.own-chip-1~model.own-model-1"]})
    assert Scenario.model_validate(scenario.model_dump()) == scenario
    assert all(n.endswith(".") and "<" not in n for n in notices)


@pytest.mark.parametrize("junk", GARBAGE)
def test_100_kilobytes_of_garbage_give_a_scenario(junk: str) -> None:
    scenario, notices = link.parse_query({"oc": [junk], "om": [junk]})
    assert scenario.own == Own()
    assert 0 < len(notices) <= link.MOST_NOTICES + 1
