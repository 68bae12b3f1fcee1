"""A model of the reader's own: the config.json of a checkpoint, dropped or pasted."""

from __future__ import annotations

import streamlit as st

from components.catalog.config_fields import ConfigError
from components.catalog.config_model import read_config
from components.catalog.own_records import MOST_OWN, Own, OwnModel
from components.controls.shared import scenario_state
from components.controls.shared.badges import own_figures_badge
from components.engine.scenario import Strategy
from components.share import codec
from components.wording import numbers
from components.wording.text import capital, markdown

HELP = (
    "A fine-tune, or a model that is not listed: give its config.json from Hugging Face. Its architecture alone is "
    "kept, in the link; nothing is stored here. No grade of its quality is known, so a question mark stands there."
)
FAULT, NOTES, FILES, TEXT, SIZE = (f"own_model_{name}" for name in ("fault", "notes", "files", "text", "size"))
FIELDS = ("model", "student", "route_model", "edge_model")


def own_models() -> dict[str, OwnModel]:
    """The reader's own models by id."""
    return {model.id: model for model in scenario_state.scenario().own.models}


def _keep(models: dict[str, OwnModel]) -> None:
    own = scenario_state.scenario().own
    scenario_state.change_own(Own(chips=own.chips, models=tuple(models.values())))


def _given() -> tuple[str, str]:
    """The config.json and the safetensors index that were dropped or pasted."""
    config, index = str(st.session_state.get(TEXT) or ""), ""
    for file in st.session_state.get(FILES) or ():
        text = file.getvalue().decode("utf-8", "replace")
        if "total_size" in text and "num_hidden_layers" not in text:
            index = text
        else:
            config = text
    if size_gb := st.session_state.get(SIZE):
        index = f'"total_size": {round(size_gb * 1e9)}'
    return config, index


def _read(index: int) -> None:
    """Read what was given into a record, and let the strategy use it; for callbacks only."""
    config, weights = _given()
    st.session_state[FAULT] = st.session_state[NOTES] = ""
    if not config.strip():
        return
    models, strategy = own_models(), scenario_state.strategy(index)
    free = next((key for n in range(1, MOST_OWN + 1) if (key := f"own-model-{n}") not in models), "")
    key = strategy.model if strategy.model in models else free
    if not key:
        st.session_state[FAULT] = f"At most {MOST_OWN} models of your own: remove one"
        return
    try:
        found = read_config(config, weights, key=key)
    except ConfigError as reason:
        st.session_state[FAULT] = str(reason)
        return
    st.session_state[NOTES] = "; ".join(found.notes)
    _keep({**models, key: found.model})
    scenario_state.change_strategy(index, model=key, student="")


def _rename(key: str) -> None:
    models = own_models()
    models[key] = models[key].model_copy(update={"name": codec.plain(st.session_state["own_model_name"], 40)})
    _keep(models)


def _remove(key: str) -> None:
    """Take a model away; strategies that used it go back to their usual one."""
    for i, strategy in enumerate(scenario_state.scenario().strategies):
        usual = {name: Strategy.model_fields[name].default for name in FIELDS if getattr(strategy, name) == key}
        if usual:
            scenario_state.change_strategy(i, **usual)
    models = own_models()
    del models[key]
    _keep(models)
    st.session_state[NOTES] = ""


def own_model(index: int, strategy: Strategy) -> None:
    """Ask for a config.json; say what was read of it, or the one thing that is wrong."""
    sheet = st.expander("Your own model", icon=":material/schema:", key="own_model", on_change="rerun")
    model = own_models().get(strategy.model)
    if model is not None:
        st.markdown(own_figures_badge())
    if not sheet.open:
        return
    with sheet:
        if model is None:
            st.caption(HELP)
        else:
            _read_model(model)
        st.file_uploader("config.json, and the safetensors index if you have it", type="json", key=FILES,
                         accept_multiple_files=True, on_change=_read, args=(index,))  # fmt: skip
        st.text_area("Or paste config.json", key=TEXT, height=120, on_change=_read, args=(index,),
                     placeholder='{"model_type": "llama", …}')  # fmt: skip
        st.number_input("Size of the weights, GB", 0.001, 100_000.0, value=None, format="%g", key=SIZE,
                        placeholder="from config.json", on_change=_read, args=(index,),
                        help="metadata.total_size of the safetensors index, over 1e9.")  # fmt: skip
        if fault := st.session_state.get(FAULT):
            st.error(markdown(fault) + ".", icon=":material/block:")


def _read_model(model: OwnModel) -> None:
    scenario_state.put("own_model_name", model.name, model.id)
    st.text_input("Name", max_chars=40, key="own_model_name", on_change=_rename, args=(model.id,))
    st.caption(markdown(capital(described(model)) + "."))
    if notes := st.session_state.get(NOTES):
        st.caption(markdown(capital(notes) + "."))
    st.button("Remove this model", key="own_model_remove", icon=":material/delete:", on_click=_remove, args=(model.id,))


def described(model: OwnModel) -> str:
    """What was read, in a line: size, layers, experts, cache."""
    said = [f"{model.total_params / 1e9:,.4g} billion parameters"]
    if model.experts:
        said += [
            f"{model.active_params / 1e9:,.4g} billion active, {model.experts_per_token} of {model.experts} experts"
        ]
    kinds = ((model.full_attention_layers, "with full attention"), (model.window_layers, "with a window"),
             (model.linear_layers, "without a growing cache"))  # fmt: skip
    said += [f"{model.layers} layers: " + ", ".join(f"{count} {words}" for count, words in kinds if count)]
    cache = numbers.number(model.kv_bytes_per_token_all_layers_bf16 / 1e3, "kB")
    return ", ".join([*said, f"{cache} of cache a token", f"weights in {model.native_precision.upper()}"])
