"""Families of architectures by the `model_type` of their config.json: how their layers are built.

What a field means while it is left out is that of the family's class in Hugging Face Transformers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Attention = Literal["heads", "gated heads", "sparse heads", "latent", "latent sparse"]
"""Queries, keys and values by heads, or from a latent; gated by as many outputs as queries; of a selected part."""
Linear = Literal["", "gated delta", "mamba2", "mamba", "kimi delta", "lightning"]
"""What stands in the place of attention in a layer without a growing cache."""


class Family(NamedTuple):
    """How a family's layers are built."""

    attention: Attention = "heads"
    linear: Linear = ""
    matrices: int = 3
    """Of a feed-forward layer: 3 where it is gated, 2 where it is plain. [1]"""
    usual: Mapping[str, Any] = {}
    """Fields that its published files leave out."""
    dense_beside: bool = False
    """Whether a dense feed-forward layer stands beside the experts of each layer."""
    shared_as_routed: bool = False
    """Whether one expert as wide as the routed ones always answers, without a field that says so."""
    learned_positions: bool = False


UNTIED = {"tie_word_embeddings": False}
TIED = {"tie_word_embeddings": True}
PLAIN = Family(usual=UNTIED)
"""Gated feed-forward layers and attention by heads: what most decoders are."""
_GEMMA = {"head_dim": 256, **TIED}
_MOE = Family(usual=UNTIED)
_LATENT = Family("latent", usual=UNTIED)
_NEXT = Family("gated heads", "gated delta", usual={"full_attention_interval": 4, **UNTIED})
_GEMMA3 = {
    **_GEMMA, "num_attention_heads": 8, "num_key_value_heads": 4, "vocab_size": 262_208, "sliding_window": 4096,
    "sliding_window_pattern": 6, "max_position_embeddings": 131_072,
}  # fmt: skip
_FALCON = {"max_position_embeddings": 2048, **TIED}

FAMILIES: Mapping[str, Family] = {
    **dict.fromkeys(
        ("llama", "mistral", "ministral", "ministral3", "qwen2", "qwen2_vl", "qwen2_5_vl", "qwen2_vl_text",
         "qwen2_5_vl_text", "phi3", "granite", "olmo", "olmo2", "olmo3", "smollm3", "exaone4", "internlm2", "internlm3",
         "glm", "glm4", "stablelm", "seed_oss", "ernie4_5", "hunyuan_v1_dense", "mistral3", "pixtral", "llava"),
        PLAIN,
    ),
    **dict.fromkeys(("qwen3", "qwen3_vl", "qwen3_vl_text"), Family(usual={"head_dim": 128, **UNTIED})),
    "gemma": Family(usual=_GEMMA),
    "gemma2": Family(usual={**_GEMMA, "sliding_window_pattern": 2}),
    **dict.fromkeys(("gemma3", "gemma3_text"), Family(usual=_GEMMA3)),
    **dict.fromkeys(
        ("gemma4", "gemma4_text"),
        Family(usual={**_GEMMA, "global_head_dim": 512, "sliding_window_pattern": 6, "vocab_size": 262_144},
               dense_beside=True),
    ),
    "cohere": Family(usual=TIED),
    "cohere2": Family(usual={"sliding_window_pattern": 4, **TIED}),
    "gpt2": Family(matrices=2, usual=TIED, learned_positions=True),
    "opt": Family(matrices=2, usual=TIED, learned_positions=True),
    "gpt_neox": Family(matrices=2, usual=UNTIED),
    "gptj": Family(matrices=2, usual=UNTIED),
    "phi": Family(matrices=2, usual=UNTIED),
    "bloom": Family(matrices=2, usual={"max_position_embeddings": 2048, **TIED}),
    "falcon": Family(matrices=2, usual=_FALCON),
    "starcoder2": Family(matrices=2, usual=TIED),
    **dict.fromkeys(("nemotron", "arcee", "apertus"), Family(matrices=2, usual=UNTIED)),
    **dict.fromkeys(
        ("mixtral", "qwen2_moe", "olmoe", "phimoe", "granitemoe", "glm4_moe", "minimax_m2", "ernie4_5_moe", "dots1",
         "mimo_v2_flash", "step3p5"),
        _MOE,
    ),
    **dict.fromkeys(("qwen3_moe", "qwen3_vl_moe", "qwen3_vl_moe_text"), Family(usual={"head_dim": 128, **UNTIED})),
    "gpt_oss": Family(usual={"head_dim": 64, "sliding_window_pattern": 2, **UNTIED}),
    **dict.fromkeys(
        ("llama4", "llama4_text"),
        Family(usual={"sliding_window_pattern": 4, "attention_chunk_size": 8192, "interleave_moe_layer_step": 1,
                      **UNTIED}, shared_as_routed=True),
    ),
    **dict.fromkeys(("minimax_m3", "minimax_m3_vl"), Family("sparse heads", usual=UNTIED)),
    **dict.fromkeys(("deepseek_v2", "deepseek_v3", "kimi_k2", "kimi_k25", "glm4_moe_lite", "mistral4"), _LATENT),
    **dict.fromkeys(("deepseek_v32", "glm_moe_dsa"), Family("latent sparse", usual=UNTIED)),
    **dict.fromkeys(
        ("qwen3_next", "qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text"), _NEXT,
    ),
    "kimi_linear": Family("latent", "kimi delta", usual=UNTIED),
    **dict.fromkeys(("minimax", "minimax_text_01", "minimax_m1"), Family(linear="lightning", usual=UNTIED)),
    "jamba": Family(linear="mamba", usual={"mamba_d_state": 16, "mamba_d_conv": 4, "mamba_expand": 2, **UNTIED}),
    "nemotron_h": Family(linear="mamba2", matrices=2, usual=UNTIED),
    "granitemoehybrid": Family(linear="mamba2", usual=TIED),
}  # fmt: skip
"""Known families by `model_type`."""

REFUSED: Mapping[str, str] = {
    **dict.fromkeys(
        ("bert", "roberta", "xlm-roberta", "deberta-v2", "modernbert", "nomic_bert", "clip", "siglip", "vit"),
        "it makes vectors and writes no answers",
    ),
    **dict.fromkeys(("t5", "mt5", "bart", "mbart", "whisper", "marian"), "it has an encoder beside the decoder"),
    **dict.fromkeys(
        ("mamba", "mamba2", "falcon_mamba", "rwkv", "rwkv7"), "it has no num_attention_heads: no layer has attention"
    ),
    **dict.fromkeys(("falcon_h1", "hymba"), "attention and Mamba share each layer"),
    "nemotron-nas": "its block_configs give each layer another width",
    "zamba2": "its layers share one attention block",
    "deepseek_v4": "its caches are compressed by layer (compress_ratios)",
    "longcat_flash": "its experts are of zero or full size by token (zero_expert_num)",
    "gemma3n": "parts of it are chosen at run time (altup_num_inputs)",
}  # fmt: skip
"""Types that cannot be described here, with the reason."""

FOREIGN = (
    "kv_lora_rank", "num_experts", "num_local_experts", "n_routed_experts", "layer_types", "block_configs",
    "hybrid_override_pattern", "linear_attn_config", "full_attention_interval", "attn_layer_period", "ssm_cfg",
    "mamba_d_state", "mamba_num_heads", "compress_ratios", "attn_type_list", "is_encoder_decoder",
)  # fmt: skip
"""Fields that a plain decoder does not have: with one of them an unknown type is not read as one."""
