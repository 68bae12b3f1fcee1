"""Records of accelerators and of models, in vendor units; properties give SI."""

from typing import Literal

from pydantic import Field

from components.catalog.base import Confidence, Record

Precision = Literal["bf16", "fp8", "int8", "fp4"]
DeviceClass = Literal[
    "ampere", "ada", "hopper", "blackwell-hbm", "blackwell-gddr", "rubin", "cdna3", "cdna4", "tpu", "trainium",
    "gaudi", "intel", "cpu", "cpu-amx", "edge-apple", "edge-jetson", "edge-soc", "edge-gpu", "lpu-v1", "lpu-3",
    "wafer", "asic",
]  # fmt: skip


class Accelerator(Record):
    """One chip or edge device, in vendor units; the properties give SI."""

    id: str
    vendor: str
    name: str
    family: Literal["gpu", "tpu", "asic", "lpu", "wafer", "edge-gpu", "edge-soc", "cpu"]
    device_class: DeviceClass
    """Key of the calibration offsets of the engine."""
    release: str = Field(pattern=r"^\d{4}-\d{2}$")
    status: Literal["shipping", "previous", "announced"]
    memory_gb: float = Field(gt=0)
    memory_type: str
    memory_bandwidth_gb_per_s: float = Field(gt=0)
    sram_mb: float | None = Field(default=None, gt=0)
    peak_bf16_tflop_per_s: float | None = Field(default=None, gt=0)
    """Dense, per chip; None where the vendor publishes no figure. The same holds for the other peaks."""
    peak_fp16_accumulate_tflop_per_s: float | None = Field(default=None, gt=0)
    """16-bit products summed in 16 bits, where that is faster than the figure above (gaming cards); else None."""
    peak_fp8_tflop_per_s: float | None = Field(default=None, gt=0)
    peak_int8_top_per_s: float | None = Field(default=None, gt=0)
    peak_fp4_tflop_per_s: float | None = Field(default=None, gt=0)
    link_name: str = ""
    link_gb_per_s: float | None = Field(default=None, gt=0)
    """One way, per chip: half of the bidirectional figure vendors print."""
    scale_up_domain_chips: int = Field(ge=1)
    tdp_w: float | None = Field(default=None, gt=0)
    all_in_kw: float | None = Field(default=None, gt=0)
    """Power per chip including its share of the host; None where unknown."""
    list_price_usd: float | None = Field(default=None, gt=0)
    list_price_basis: str = ""
    chips_per_system: int | None = Field(default=None, ge=1)
    system_name: str = ""
    system_power_kw: float | None = Field(default=None, gt=0)
    system_price_usd: float | None = Field(default=None, gt=0)
    source_id: str
    confidence: Confidence
    reread: bool
    """False when the figures are datasheet values that were not read again for this table."""
    notes: str = ""
    like: str = ""
    """Id of the listed chip that one of the reader's own stands for; empty for a listed one."""

    @property
    def memory_bytes(self) -> float:
        """Memory capacity. [bytes]"""
        return self.memory_gb * 1e9

    @property
    def memory_bytes_per_s(self) -> float:
        """Memory bandwidth. [bytes/s]"""
        return self.memory_bandwidth_gb_per_s * 1e9

    @property
    def link_bytes_per_s(self) -> float | None:
        """One-way link bandwidth, None where there is no link or none is published. [bytes/s]"""
        return None if self.link_gb_per_s is None else self.link_gb_per_s * 1e9

    def flop_per_s(self, fmt: Precision) -> float | None:
        """Dense peak rate of a number format, None where not published. [FLOP/s]"""
        peak = {
            "bf16": self.peak_bf16_tflop_per_s,
            "fp8": self.peak_fp8_tflop_per_s,
            "int8": self.peak_int8_top_per_s,
            "fp4": self.peak_fp4_tflop_per_s,
        }[fmt]
        return None if peak is None else peak * 1e12


class AnsweringModel(Record):
    """What is known of any model that can answer, with a published architecture or without."""

    id: str
    name: str
    family: str
    task: Literal["generate", "embed"] = "generate"
    quality_metric: str = ""
    quality_value: float | None = None
    quality_confidence: Confidence | None = None
    source_id: str
    confidence: Confidence
    notes: str = ""


class TokenModel(AnsweringModel):
    """A model that price lists name and whose architecture is not in the tables: it can be bought per token only."""

    maker: str
    open_weight: bool
    """False where the weights themselves are not published."""


class Model(AnsweringModel):
    """Architecture of one open-weight model."""

    release: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    total_params: float | None = Field(default=None, gt=0)
    active_params: float | None = Field(default=None, gt=0)
    layers: int = Field(ge=1)
    hidden: int = Field(ge=1)
    heads: int = Field(ge=1)
    kv_heads: int = Field(ge=1)
    head_dim: int = Field(ge=1)
    attention_kind: str
    full_attention_layers: int = Field(ge=0)
    window_layers: int = Field(ge=0)
    window_tokens: int | None = Field(default=None, ge=1)
    linear_layers: int = Field(ge=0)
    kv_bytes_per_token_bf16: float = Field(ge=0)
    """Bytes that every further token adds, for all layers that keep the whole context."""
    kv_bytes_per_token_all_layers_bf16: float = Field(ge=0)
    kv_fixed_bytes_per_sequence_bf16: float = Field(ge=0)
    """Bytes of one sequence that do not grow: full windows and recurrent states."""
    kv_lora_rank: int | None = None
    qk_rope_head_dim: int | None = None
    q_lora_rank: int | None = None
    ffn_dense: int | None = None
    ffn_expert: int | None = None
    experts: int | None = None
    experts_per_token: int | None = None
    shared_experts: int | None = None
    shared_expert_ffn: int | None = None
    dense_ffn_layers: int | None = None
    moe_layer_count: int | None = None
    """Set where the layers without experts are more than the dense feed-forward ones (Mamba hybrids)."""
    expert_input_width: int | None = None
    """Set where experts work in a latent narrower than `hidden`."""
    ffn_matrices: int = Field(default=3, ge=2, le=3)
    """3 for gated feed-forward layers, 2 for plain ones."""
    vocab: int = Field(ge=1)
    tied_embeddings: bool
    native_precision: Literal["bf16", "fp8", "mxfp4", "int4", "fp4"]
    """What the main published checkpoint stores its (expert) weights in."""
    native_precision_note: str = ""
    mtp_layers: int = 0
    context_tokens: int = Field(ge=1)
    license: str = ""
    usable: bool
    unusable_reason: str = ""
    reread: bool

    @property
    def is_moe(self) -> bool:
        """Whether the model routes tokens to experts."""
        return self.experts is not None

    @property
    def is_mla(self) -> bool:
        """Whether the cache holds latents shared by all heads (multi-head latent attention)."""
        return "mla" in self.attention_kind

    @property
    def sparse_attention(self) -> bool:
        """Whether a decode step reads only a selected part of the context (DSA, MSA, CSA/HCA)."""
        return "sparse" in self.attention_kind

    @property
    def moe_layers(self) -> int:
        """Layers with experts, 0 for a dense model."""
        if not self.is_moe:
            return 0
        return self.moe_layer_count if self.moe_layer_count is not None else self.layers - (self.dense_ffn_layers or 0)

    @property
    def params_per_expert(self) -> int:
        """Parameters of one routed expert, 0 for a dense model."""
        return self.ffn_matrices * (self.expert_input_width or self.hidden) * (self.ffn_expert or 0)

    @property
    def expert_params(self) -> int:
        """Parameters of all routed experts."""
        return self.moe_layers * (self.experts or 0) * self.params_per_expert

    @property
    def active_expert_params(self) -> int:
        """Routed-expert parameters that one token uses."""
        return self.moe_layers * (self.experts_per_token or 0) * self.params_per_expert

    @property
    def embedding_params(self) -> int:
        """Input-embedding parameters, looked up and not multiplied; 0 where the output layer shares them."""
        return 0 if self.tied_embeddings else self.vocab * self.hidden
