"""config.json as a model: sizes of published models, every kind of layer, one sentence for whatever is wrong."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.catalog import config_fields
from components.catalog.config_families import FAMILIES, REFUSED
from components.catalog.config_fields import ConfigError
from components.catalog.config_model import read_config
from components.catalog.load import load_catalog
from components.catalog.own_records import OwnModel
from tests.catalog.published_configs import CONFIGS

CATALOG = load_catalog()
ROUNDED = {"nemotron-3-nano-30b-a3b": 31.58e9, "gemma-4-26b-a4b": 25.2e9, "gemma-4-31b": 30.7e9}
"""By the checkpoint's safetensors or its model card, where the table has the round figure of its name."""
SHAPE = (
    "layers", "hidden", "heads", "kv_heads", "head_dim", "full_attention_layers", "window_layers", "window_tokens",
    "linear_layers", "kv_bytes_per_token_bf16", "kv_bytes_per_token_all_layers_bf16",
    "kv_fixed_bytes_per_sequence_bf16", "kv_lora_rank", "qk_rope_head_dim", "ffn_expert", "experts",
    "experts_per_token", "dense_ffn_layers", "moe_layer_count", "expert_input_width", "ffn_matrices",
    "tied_embeddings", "native_precision", "context_tokens",
)  # fmt: skip


def _model(config: dict[str, Any], **changes: Any) -> OwnModel:
    return read_config(json.dumps({**config, **changes})).model


def _counted(config: dict[str, Any]) -> OwnModel:
    """A model by its shapes alone: with a few more tokens it is none of the listed ones to the last digit."""
    inner = config.get("text_config", config)
    vocab = inner.get("vocab_size", 262208)
    more = {**inner, "vocab_size": vocab + 64}
    return _model({**config, "text_config": more} if "text_config" in config else more)


@pytest.mark.parametrize("key", CONFIGS)
def test_the_parameters_counted_are_those_published(key: str) -> None:
    assert len(CONFIGS) >= 20
    published = ROUNDED.get(key) or CATALOG.models[key].total_params
    assert _counted(CONFIGS[key]).total_params == pytest.approx(published, rel=0.012)


@pytest.mark.parametrize("key", CONFIGS)
def test_layers_heads_experts_and_cache_are_those_of_the_table(key: str) -> None:
    model, listed = _model(CONFIGS[key]), CATALOG.models[key]
    assert {name: getattr(model, name) for name in SHAPE} == {name: getattr(listed, name) for name in SHAPE}
    assert "mla" in model.attention_kind if listed.is_mla else "mla" not in model.attention_kind


def test_a_shape_that_is_listed_has_its_age_and_its_published_size() -> None:
    found = read_config(json.dumps(CONFIGS["qwen3-32b"]))
    listed = CATALOG.models["qwen3-32b"]
    assert (found.model.total_params, found.model.release) == (listed.total_params, listed.release)
    assert found.notes == ("same shape as Qwen3 32B: servers know it since 2025-04-29",)
    assert _model(CONFIGS["qwen3-32b"], num_hidden_layers=63).release == CATALOG.data_date


def test_the_index_gives_the_size() -> None:
    text = json.dumps(CONFIGS["llama-3.1-8b"])
    found = read_config(text, '{"metadata": {"total_size": 16060522496}, "weight_map": {}}').model
    assert found.total_params == 16060522496 / 2
    assert read_config(text, '{"metadata": {"total_parameters": 8030261248, "total_size": 1}}').model.total_params == (
        8030261248
    )
    far = read_config(text, '"total_size": 20000000000')
    assert far.model.total_params == 1e10
    assert far.notes[0].startswith("the index has 10 billion parameters, the shapes in config.json 8.03 billion")
    assert read_config(json.dumps(CONFIGS["deepseek-v3"]), '"total_size": 688586727424').model.total_params == 671e9
    with pytest.raises(ConfigError, match=r"lacks metadata\.total_size"):
        read_config(text, "{}")


@pytest.mark.parametrize(
    ("quantization", "native"),
    [
        (None, "bf16"),
        ({"quant_method": "fp8"}, "fp8"),
        ({"quant_method": "awq", "bits": 4}, "int4"),
        ({"quant_method": "gptq", "bits": 4}, "int4"),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, "int4"),
        ({"quant_method": "mxfp4"}, "mxfp4"),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4"}, "fp4"),
        ({"quant_method": "modelopt", "quant_algo": "FP8"}, "fp8"),
        ({"quant_method": "compressed-tensors",
          "config_groups": {"group_0": {"weights": {"num_bits": 4, "type": "int"}}}}, "int4"),
        ({"quant_method": "compressed-tensors",
          "config_groups": {"group_0": {"weights": {"num_bits": 8, "type": "float"}}}}, "fp8"),
    ],
)  # fmt: skip
def test_the_format_of_the_weights_is_read(quantization: object, native: str) -> None:
    assert _model(CONFIGS["llama-3.1-8b"], quantization_config=quantization).native_precision == native


@pytest.mark.parametrize("field", ["num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size"])
@pytest.mark.parametrize("key", ["llama-3.1-8b", "deepseek-v3", "gpt-oss-20b", "qwen3-next-80b-a3b"])
def test_a_missing_field_is_named(key: str, field: str) -> None:
    config = {name: value for name, value in CONFIGS[key].items() if name != field}
    with pytest.raises(ConfigError, match=rf"^config.json lacks {field} \(.*\), which a \w+ model needs$"):
        _model(config)


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("deepseek-v3", "kv_lora_rank"), ("deepseek-v3", "v_head_dim"), ("deepseek-v3.2", "index_n_heads"),
        ("mixtral-8x7b", "num_experts_per_tok"), ("qwen3-next-80b-a3b", "linear_num_value_heads"),
        ("nemotron-3-nano-30b-a3b", "ssm_state_size"), ("gpt-oss-20b", "sliding_window"),
    ],
)  # fmt: skip
def test_a_missing_field_of_a_kind_of_layer_is_named(key: str, field: str) -> None:
    with pytest.raises(ConfigError, match=rf"config.json lacks {field}"):
        _model({name: value for name, value in CONFIGS[key].items() if name not in {field, "experts_per_token"}})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"num_hidden_layers": 0}, "num_hidden_layers must be at least 1"),
        ({"num_hidden_layers": -3}, "must be a whole number from 0"),
        ({"num_hidden_layers": math.nan}, "is not a finite number"),
        ({"hidden_size": 1e300}, "must be a whole number from 0"),
        ({"hidden_size": "4096"}, "not “4096”"),
        ({"hidden_size": True}, "not “True”"),
        ({"num_key_value_heads": 64}, "no model: compare num_hidden_layers"),
        ({"num_hidden_layers": 10**6}, "no model: compare num_hidden_layers"),
        ({"layer_types": ["full_attention"]}, "layer_types must be a list with an entry for each of the 32 layers"),
        ({"layer_types": ["conv"] * 32}, "layer_types names “conv”, a kind of layer that is not known here"),
        ({"tie_word_embeddings": "yes"}, "tie_word_embeddings must be true or false"),
        ({"quantization_config": {"quant_method": "hqq", "bits": 3}}, "quantization_config “hqq” is not known"),
        ({"hidden_size": 10**7}, "describes no model: total_params: input should be less than"),
        ({"model_type": "bert"}, "makes vectors and writes no answers"),
        ({"model_type": "falcon_h1"}, "attention and Mamba share each layer"),
        ({"model_type": "new", "kv_lora_rank": 8}, "“new” is not known, and what its kv_lora_rank means"),
        ({"model_type": "new", "is_encoder_decoder": True}, "it has an encoder beside the decoder"),
        ({"model_type": "jamba"}, "lacks attn_layer_period"),
        ({"model_type": "granitemoehybrid"}, "lacks layer_types"),
        ({"model_type": "kimi_linear"}, "lacks linear_attn_config"),
        ({"model_type": "gemma4_text", "num_kv_shared_layers": 18}, "with num_kv_shared_layers cannot be described"),
        ({"model_type": "nemotron_h", "hybrid_override_pattern": "MX"}, "must have 32 letters of M"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_one_sentence(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as reason:
        _model(CONFIGS["llama-3.1-8b"], **changes)
    assert said in str(reason.value)
    assert "\n" not in str(reason.value)


@pytest.mark.parametrize("text", ["", "llama", "[]", "null", "{", "[" * 100_000, "{}" * 600_000, '{"a": NaN'])
def test_a_text_that_is_no_config_is_one_sentence(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^config.json (is|lacks) "):
        read_config(text)


def test_an_unknown_plain_decoder_is_read_and_said() -> None:
    found = read_config(json.dumps({**CONFIGS["llama-3.1-8b"], "model_type": "acme"}))
    assert found.notes[0] == (
        "model_type “acme” is not known: read as a plain decoder like Llama, so compare the number of parameters"
    )


@pytest.mark.parametrize(
    ("config", "billion"),
    [
        # sizes by the safetensors of each on Hugging Face
        ({"model_type": "gpt2", "n_layer": 12, "n_embd": 768, "n_head": 12, "n_positions": 1024,
          "vocab_size": 50257}, 0.124),
        ({"model_type": "falcon", "num_hidden_layers": 32, "hidden_size": 4544, "num_attention_heads": 71,
          "multi_query": True, "new_decoder_architecture": False, "vocab_size": 65024}, 6.92),
        ({"model_type": "gpt_neox", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32,
          "intermediate_size": 16384, "vocab_size": 50432, "max_position_embeddings": 2048,
          "tie_word_embeddings": False}, 6.86),
        ({"model_type": "jamba", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32,
          "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 65536, "num_experts": 16,
          "num_experts_per_tok": 2, "attn_layer_period": 8, "attn_layer_offset": 4, "expert_layer_period": 2,
          "expert_layer_offset": 1, "mamba_d_state": 16, "mamba_d_conv": 4, "mamba_expand": 2, "mamba_dt_rank": 256,
          "max_position_embeddings": 262144, "tie_word_embeddings": False}, 51.6),
        ({"model_type": "minimax_text_01", "num_hidden_layers": 80, "hidden_size": 6144, "num_attention_heads": 64,
          "num_key_value_heads": 8, "head_dim": 128, "intermediate_size": 9216, "vocab_size": 200064,
          "num_local_experts": 32, "num_experts_per_tok": 2, "attn_type_list": ([0] * 7 + [1]) * 10,
          "max_position_embeddings": 10240000, "tie_word_embeddings": False}, 456),
        ({"model_type": "kimi_linear", "num_hidden_layers": 27, "hidden_size": 2304, "num_attention_heads": 32,
          "intermediate_size": 9216, "vocab_size": 163840, "max_position_embeddings": 1048576, "kv_lora_rank": 512,
          "q_lora_rank": None, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "num_experts": 256,
          "num_experts_per_token": 8, "num_shared_experts": 1, "moe_intermediate_size": 1024,
          "first_k_dense_replace": 1, "tie_word_embeddings": False,
          "linear_attn_config": {"full_attn_layers": [4, 8, 12, 16, 20, 24, 27], "head_dim": 128, "num_heads": 32}},
         49.1),
        ({"model_type": "granitemoehybrid", "num_hidden_layers": 40, "hidden_size": 1536, "num_attention_heads": 12,
          "num_key_value_heads": 4, "intermediate_size": 512, "shared_intermediate_size": 1024, "vocab_size": 100352,
          "num_local_experts": 64, "num_experts_per_tok": 6, "mamba_n_heads": 48, "mamba_d_head": 64,
          "mamba_d_state": 128, "mamba_n_groups": 1, "max_position_embeddings": 131072,
          "layer_types": (["mamba"] * 9 + ["attention"]) * 4}, 6.94),
        ({"model_type": "mimo_v2_flash", "num_hidden_layers": 48, "hidden_size": 4096, "num_attention_heads": 64,
          "num_key_value_heads": 4, "head_dim": 192, "v_head_dim": 128, "intermediate_size": 16384,
          "vocab_size": 152576, "n_routed_experts": 256, "num_experts_per_tok": 8, "moe_intermediate_size": 2048,
          "moe_layer_freq": [0] + [1] * 47, "sliding_window": 128, "max_position_embeddings": 262144,
          "hybrid_layer_pattern": ([0] + [1] * 5) * 8, "tie_word_embeddings": False}, 309),
    ],
)  # fmt: skip
def test_sizes_of_families_that_are_not_in_the_table(config: dict[str, Any], billion: float) -> None:
    assert _model(config).total_params / 1e9 == pytest.approx(billion, rel=0.02)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.integers(0, 128),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = sorted({name for config in CONFIGS.values() for name in config} | {"text_config", "n_layer", "mamba_expand"})


@settings(max_examples=600)
@given(
    st.sampled_from(sorted(CONFIGS)),
    st.sampled_from([None, "?", *FAMILIES, *REFUSED]),
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6),
)
def test_any_config_is_a_model_or_one_sentence(key: str, kind: str | None, changes: dict[str, Any]) -> None:
    config = {**CONFIGS[key], **({} if kind is None else {"model_type": kind}), **changes}
    try:
        model = _model(config)
    except ConfigError as reason:
        assert 10 < len(str(reason)) < 400
        assert "\n" not in str(reason)
        return
    assert OwnModel.model_validate(model.model_dump()) == model


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_is_refused_in_a_sentence(text: str, index: str) -> None:
    with pytest.raises(ConfigError):
        read_config(text, index)


def test_a_sentence_repeats_little_of_the_file() -> None:
    assert len(config_fields.said("x" * 10_000)) <= 41
    assert config_fields.said("a\nb<script>") == "abscript"
