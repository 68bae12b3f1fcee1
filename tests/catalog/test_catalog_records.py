"""SI properties of accelerators and derived counts of models."""

import pytest
from pydantic import ValidationError

from components.catalog.load import load_catalog
from components.catalog.records import WORKLOAD_PARAMETERS, Source


def test_an_accelerator_gives_si() -> None:
    """H100 SXM datasheet: 80 GB, 3.35 TB/s, 989 TFLOP/s dense BF16, NVLink 900 GB/s both ways, so 450 one way."""
    h100 = load_catalog().accelerators["h100-sxm"]
    assert h100.memory_bytes == 80e9
    assert h100.memory_bytes_per_s == pytest.approx(3.35e12)
    assert h100.link_bytes_per_s == 450e9
    assert h100.flop_per_s("bf16") == pytest.approx(9.89e14)
    assert h100.flop_per_s("fp8") == pytest.approx(1.979e15)
    assert h100.flop_per_s("int8") == pytest.approx(1.979e15)
    assert h100.flop_per_s("fp4") is None
    assert (h100.system_power_kw, h100.chips_per_system) == (10.2, 8)


def test_what_is_not_published_stays_none() -> None:
    apple = load_catalog().accelerators["apple-m5"]
    assert apple.flop_per_s("bf16") is None
    assert load_catalog().accelerators["apple-m1-max"].tdp_w is None
    assert load_catalog().accelerators["h100-nvl"].system_power_kw is None
    assert load_catalog().accelerators["raspberry-pi-400"].link_bytes_per_s is None


def test_mixtral_counts_its_experts() -> None:
    """Mixtral 8x7B: 32 layers of 8 experts with 3 matrices of 4096 x 14336, two used per token."""
    mixtral = load_catalog().models["mixtral-8x7b"]
    assert mixtral.is_moe
    assert mixtral.expert_params == 32 * 8 * 3 * 4096 * 14336
    assert mixtral.active_expert_params == mixtral.expert_params / 4
    assert mixtral.embedding_params == 32000 * 4096


def test_a_dense_model_has_no_experts() -> None:
    llama = load_catalog().models["llama-3.1-8b"]
    assert (llama.is_moe, llama.moe_layers, llama.expert_params, llama.active_expert_params) == (False, 0, 0, 0)
    assert load_catalog().models["llama-3.2-1b"].embedding_params == 0


def test_attention_kinds() -> None:
    models = load_catalog().models
    assert models["deepseek-v3"].is_mla
    assert not models["deepseek-v3"].sparse_attention
    assert models["deepseek-v3.2"].sparse_attention
    assert models["minimax-m3"].sparse_attention
    assert not models["gpt-oss-120b"].is_mla


def test_layers_without_experts_are_not_counted_as_moe() -> None:
    """DeepSeek V3 has 3 dense layers of 61; Nemotron 3 Nano has 23 expert layers of 52 blocks."""
    models = load_catalog().models
    assert models["deepseek-v3"].moe_layers == 58
    assert models["nemotron-3-nano-30b-a3b"].moe_layers == 23


def test_records_are_frozen_and_closed() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Source.model_validate({"source_id": "a", "title": "A", "published": "2026", "surprise": 1})
    source = Source(source_id="a", title="A", published="2026")
    with pytest.raises(ValidationError, match="frozen"):
        source.title = "B"  # type: ignore[misc]


def test_the_parameters_of_a_preset() -> None:
    assert len(WORKLOAD_PARAMETERS) == 14
