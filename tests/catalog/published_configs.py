"""What the config.json of published models says of their shape, by the id of the model in data/models.csv."""

from typing import Any

Config = dict[str, Any]


def _dense(
    kind: str, layers: int, hidden: int, heads: int, kv: int | None, ffn: int, vocab: int, context: int, **more: Any
) -> Config:
    return {
        "model_type": kind, "num_hidden_layers": layers, "hidden_size": hidden, "num_attention_heads": heads,
        "num_key_value_heads": kv, "intermediate_size": ffn, "vocab_size": vocab, "max_position_embeddings": context,
        "torch_dtype": "bfloat16", **more,
    }  # fmt: skip


def _latent(
    kind: str, layers: int, heads: int, experts: int, dense: int, vocab: int, context: int, **more: Any
) -> Config:
    shape = {
        "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128,
        "moe_intermediate_size": 2048, "n_routed_experts": experts, "n_shared_experts": 1, "num_experts_per_tok": 8,
        "first_k_dense_replace": dense, "moe_layer_freq": 1, "tie_word_embeddings": False,
        "quantization_config": {"quant_method": "fp8", "fmt": "e4m3"},
    }  # fmt: skip
    return _dense(kind, layers, 7168, heads, heads, 18432, vocab, context, **shape | more)


UNTIED = {"tie_word_embeddings": False}
TIED = {"tie_word_embeddings": True}
DELTA = {
    "full_attention_interval": 4, "linear_conv_kernel_dim": 4, "linear_key_head_dim": 128, "linear_num_key_heads": 16,
    "linear_value_head_dim": 128,
}  # fmt: skip
CONFIGS: dict[str, Config] = {
    "llama-2-7b": _dense("llama", 32, 4096, 32, 32, 11008, 32000, 4096, **UNTIED),
    "llama-3.1-8b": _dense("llama", 32, 4096, 32, 8, 14336, 128256, 131072, **UNTIED),
    "llama-3.1-70b": _dense("llama", 80, 8192, 64, 8, 28672, 128256, 131072, **UNTIED),
    "llama-3.1-405b": _dense("llama", 126, 16384, 128, 8, 53248, 128256, 131072, **UNTIED),
    "llama-3.2-1b": _dense("llama", 16, 2048, 32, 8, 8192, 128256, 131072, head_dim=64, **TIED),
    "mistral-7b": _dense("mistral", 32, 4096, 32, 8, 14336, 32768, 32768, sliding_window=None, **UNTIED),
    "mistral-nemo-12b": _dense("mistral", 40, 5120, 32, 8, 14336, 131072, 131072, head_dim=128, **UNTIED),
    "mistral-large-2-123b": _dense("mistral", 88, 12288, 96, 8, 28672, 32768, 131072, head_dim=128, **UNTIED),
    "qwen2.5-0.5b": _dense("qwen2", 24, 896, 14, 2, 4864, 151936, 32768, use_sliding_window=False, **TIED),
    "qwen2.5-7b": _dense("qwen2", 28, 3584, 28, 4, 18944, 152064, 131072, use_sliding_window=False,
                         sliding_window=131072, max_window_layers=28, **UNTIED),
    "qwen2.5-72b": _dense("qwen2", 80, 8192, 64, 8, 29568, 152064, 131072, use_sliding_window=False,
                          sliding_window=131072, max_window_layers=80, **UNTIED),
    "qwen3-8b": _dense("qwen3", 36, 4096, 32, 8, 12288, 151936, 40960, head_dim=128, **UNTIED),
    "qwen3-32b": _dense("qwen3", 64, 5120, 64, 8, 25600, 151936, 40960, head_dim=128, **UNTIED),
    "phi-4": _dense("phi3", 40, 5120, 40, 10, 17920, 100352, 16384, sliding_window=None, **UNTIED),
    "gemma-2-9b": _dense("gemma2", 42, 3584, 16, 8, 14336, 256000, 8192, head_dim=256, sliding_window=4096),
    "gemma-2-27b": _dense("gemma2", 46, 4608, 32, 16, 36864, 256000, 8192, head_dim=128, sliding_window=4096),
    "gemma-3-1b": _dense("gemma3_text", 26, 1152, 4, 1, 6912, 262144, 32768, head_dim=256, sliding_window=512,
                         sliding_window_pattern=6),
    "gemma-3-27b": {
        "model_type": "gemma3", "vision_config": {"hidden_size": 1152}, "torch_dtype": "bfloat16",
        "text_config": {"model_type": "gemma3_text", "hidden_size": 5376, "intermediate_size": 21504,
                        "num_attention_heads": 32, "num_key_value_heads": 16, "head_dim": 128, "num_hidden_layers": 62,
                        "sliding_window": 1024},
    },
    "gemma-3-4b": {
        "model_type": "gemma3", "vision_config": {"hidden_size": 1152}, "torch_dtype": "bfloat16",
        "text_config": {"model_type": "gemma3_text", "hidden_size": 2560, "intermediate_size": 10240,
                        "num_hidden_layers": 34, "sliding_window": 1024},
    },
    "mixtral-8x7b": _dense("mixtral", 32, 4096, 32, 8, 14336, 32000, 32768, num_local_experts=8,
                           num_experts_per_tok=2, sliding_window=None, **UNTIED),
    "mixtral-8x22b": _dense("mixtral", 56, 6144, 48, 8, 16384, 32768, 65536, num_local_experts=8,
                            num_experts_per_tok=2, sliding_window=None, **UNTIED),
    "qwen3-30b-a3b": _dense("qwen3_moe", 48, 2048, 32, 4, 6144, 151936, 40960, head_dim=128, num_experts=128,
                            num_experts_per_tok=8, moe_intermediate_size=768, decoder_sparse_step=1,
                            mlp_only_layers=[], use_sliding_window=False, sliding_window=None, **UNTIED),
    "qwen3-235b-a22b": _dense("qwen3_moe", 94, 4096, 64, 4, 12288, 151936, 40960, head_dim=128, num_experts=128,
                              num_experts_per_tok=8, moe_intermediate_size=1536, decoder_sparse_step=1,
                              mlp_only_layers=[], **UNTIED),
    "deepseek-v3": _latent("deepseek_v3", 61, 128, 256, 3, 129280, 163840, num_nextn_predict_layers=1),
    "deepseek-v3.2": _latent("deepseek_v32", 61, 128, 256, 3, 129280, 163840, num_nextn_predict_layers=1,
                             index_n_heads=64, index_head_dim=128),
    "kimi-k2": _latent("kimi_k2", 61, 64, 384, 1, 163840, 131072, num_nextn_predict_layers=0),
    "glm-4.5": _dense("glm4_moe", 92, 5120, 96, 8, 12288, 151552, 131072, head_dim=128, n_routed_experts=160,
                      n_shared_experts=1, num_experts_per_tok=8, moe_intermediate_size=1536, first_k_dense_replace=3,
                      num_nextn_predict_layers=1, **UNTIED),
    "glm-4.5-air": _dense("glm4_moe", 46, 4096, 96, 8, 10944, 151552, 131072, head_dim=128, n_routed_experts=128,
                          n_shared_experts=1, num_experts_per_tok=8, moe_intermediate_size=1408,
                          first_k_dense_replace=1, num_nextn_predict_layers=1, **UNTIED),
    "gpt-oss-20b": _dense("gpt_oss", 24, 2880, 64, 8, 2880, 201088, 131072, head_dim=64, num_local_experts=32,
                          num_experts_per_tok=4, experts_per_token=4, sliding_window=128,
                          layer_types=["sliding_attention", "full_attention"] * 12,
                          quantization_config={"quant_method": "mxfp4"}, **UNTIED),
    "gpt-oss-120b": _dense("gpt_oss", 36, 2880, 64, 8, 2880, 201088, 131072, head_dim=64, num_local_experts=128,
                           num_experts_per_tok=4, experts_per_token=4, sliding_window=128,
                           layer_types=["sliding_attention", "full_attention"] * 18,
                           quantization_config={"quant_method": "mxfp4"}, **UNTIED),
    "minimax-m2.5": _dense("minimax_m2", 62, 3072, 48, 8, 1536, 200064, 196608, head_dim=128, num_local_experts=256,
                           num_experts_per_tok=8, quantization_config={"quant_method": "fp8"}, **UNTIED),
    "llama-4-scout-109b-a17b": {
        "model_type": "llama4", "vision_config": {"hidden_size": 1408}, "torch_dtype": "bfloat16",
        "text_config": _dense("llama4_text", 48, 5120, 40, 8, 8192, 202048, 10485760, head_dim=128,
                              num_local_experts=16, num_experts_per_tok=1, intermediate_size_mlp=16384,
                              interleave_moe_layer_step=1, attention_chunk_size=8192, **UNTIED),
    },
    "llama-4-maverick-400b-a17b": {
        "model_type": "llama4", "vision_config": {"hidden_size": 1408}, "torch_dtype": "bfloat16",
        "text_config": _dense("llama4_text", 48, 5120, 40, 8, 8192, 202048, 1048576, head_dim=128,
                              num_local_experts=128, num_experts_per_tok=1, intermediate_size_mlp=16384,
                              interleave_moe_layer_step=2, attention_chunk_size=8192, **UNTIED),
    },
    "qwen3-next-80b-a3b": _dense("qwen3_next", 48, 2048, 16, 2, 5120, 151936, 262144, head_dim=256, num_experts=512,
                                 num_experts_per_tok=10, moe_intermediate_size=512,
                                 shared_expert_intermediate_size=512, decoder_sparse_step=1, mlp_only_layers=[],
                                 linear_num_value_heads=32, **DELTA, **UNTIED),
    "qwen3.5-27b": {
        "model_type": "qwen3_5", "vision_config": {"depth": 27},
        "text_config": _dense("qwen3_5_text", 64, 5120, 24, 4, 17408, 248320, 262144, head_dim=256,
                              attn_output_gate=True, linear_num_value_heads=48, mtp_num_hidden_layers=1,
                              layer_types=([*["linear_attention"] * 3, "full_attention"]) * 16, **DELTA, **UNTIED),
    },
    "qwen3.5-35b-a3b": {
        "model_type": "qwen3_5_moe", "vision_config": {"depth": 27},
        "text_config": _dense("qwen3_5_moe_text", 40, 2048, 16, 2, 512, 248320, 262144, head_dim=256, num_experts=256,
                              num_experts_per_tok=8, moe_intermediate_size=512, shared_expert_intermediate_size=512,
                              attn_output_gate=True, linear_num_value_heads=32, mtp_num_hidden_layers=1,
                              layer_types=([*["linear_attention"] * 3, "full_attention"]) * 10, **DELTA, **UNTIED),
    },
    "gemma-4-31b": {
        "model_type": "gemma4", "vision_config": {"hidden_size": 1152}, "tie_word_embeddings": True,
        "text_config": _dense("gemma4_text", 60, 5376, 32, 16, 21504, 262144, 262144, head_dim=256,
                              global_head_dim=512, num_global_key_value_heads=4, attention_k_eq_v=True,
                              num_kv_shared_layers=0, hidden_size_per_layer_input=0, enable_moe_block=False,
                              num_experts=None, sliding_window=1024,
                              layer_types=([*["sliding_attention"] * 5, "full_attention"]) * 10),
    },
    "gemma-4-26b-a4b": {
        "model_type": "gemma4", "vision_config": {"hidden_size": 1152}, "tie_word_embeddings": True,
        "text_config": _dense("gemma4_text", 30, 2816, 16, 8, 2112, 262144, 262144, head_dim=256, global_head_dim=512,
                              num_global_key_value_heads=2, attention_k_eq_v=True, num_kv_shared_layers=0,
                              hidden_size_per_layer_input=0, enable_moe_block=True, num_experts=128, top_k_experts=8,
                              moe_intermediate_size=704, sliding_window=1024,
                              layer_types=([*["sliding_attention"] * 5, "full_attention"]) * 5),
    },
    "glm-5.1": {
        **_dense("glm_moe_dsa", 78, 6144, 64, 64, 12288, 154880, 202752, head_dim=64, q_lora_rank=2048,
                 kv_lora_rank=512, qk_nope_head_dim=192, qk_rope_head_dim=64, v_head_dim=256, n_routed_experts=256,
                 n_shared_experts=1, num_experts_per_tok=8, moe_intermediate_size=2048, index_n_heads=32,
                 index_head_dim=128, num_nextn_predict_layers=1,
                 mlp_layer_types=["dense"] * 3 + ["sparse"] * 75, **UNTIED),
    },
    "mistral-small-4-119b": {
        "model_type": "mistral3", "vision_config": {"model_type": "pixtral"},
        "text_config": _dense("mistral4", 36, 4096, 32, 32, 12288, 131072, 1048576, head_dim=128, q_lora_rank=1024,
                              kv_lora_rank=256, qk_nope_head_dim=64, qk_rope_head_dim=64, v_head_dim=128,
                              n_routed_experts=128, n_shared_experts=1, num_experts_per_tok=4,
                              moe_intermediate_size=2048, first_k_dense_replace=0, **UNTIED),
    },
    "minimax-m3": {
        "model_type": "minimax_m3_vl", "quantization_config": {"quant_method": "mxfp8"},
        "text_config": _dense("minimax_m3", 60, 6144, 64, 4, 3072, 200064, 1048576, head_dim=128,
                              dense_intermediate_size=12288, shared_intermediate_size=3072, num_local_experts=128,
                              num_experts_per_tok=4, n_shared_experts=1, moe_layer_freq=[0] * 3 + [1] * 57,
                              sparse_attention_config={"sparse_num_index_heads": 4}, num_nextn_predict_layers=1,
                              **UNTIED),
    },
    "step-3.7-flash": {
        "model_type": "step3p7", "vision_config": {"width": 1536},
        "text_config": _dense("step3p5", 45, 4096, 64, None, 11264, 128896, 65536, head_dim=128,
                              num_attention_groups=8, moe_num_experts=288, moe_top_k=8, moe_intermediate_size=1280,
                              share_expert_dim=1280, sliding_window=512, num_nextn_predict_layers=3,
                              moe_layers_enum=",".join(str(i) for i in range(3, 45)),
                              layer_types=["full_attention", *["sliding_attention"] * 3] * 12, **UNTIED),
    },
    "nemotron-3-super-120b-a12b": _dense(
        "nemotron_h", 88, 4096, 32, 2, 2688, 131072, 262144, head_dim=128, mamba_num_heads=128, mamba_head_dim=64,
        ssm_state_size=128, n_groups=8, conv_kernel=4, n_routed_experts=512, num_experts_per_tok=22,
        moe_intermediate_size=2688, moe_shared_expert_intermediate_size=5376, moe_latent_size=1024,
        num_nextn_predict_layers=1, layers_block_type=["mamba", "moe"] * 40 + ["attention"] * 8, **UNTIED),
    "nemotron-3-nano-30b-a3b": _dense("nemotron_h", 52, 2688, 32, 2, 1856, 131072, 262144, head_dim=128,
                                      hybrid_override_pattern="MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME",
                                      mamba_num_heads=64, mamba_head_dim=64, ssm_state_size=128, n_groups=8,
                                      conv_kernel=4, n_routed_experts=128, num_experts_per_tok=6,
                                      moe_intermediate_size=1856, moe_shared_expert_intermediate_size=3712, **UNTIED),
}  # fmt: skip
