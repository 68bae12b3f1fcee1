"""Chips and models of the reader's own: what a link or a file may state of them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from components.catalog.base import Record
from components.catalog.load import load_catalog

MOST_OWN = 4
"""Chips, and models, that one scenario may bring. [1]"""
Whole = Annotated[int, Field(ge=1, le=1_000_000)]


class OwnChip(Record):
    """A listed chip with figures of the reader's own; None takes the listed one's, a peak or link of 0 is none."""

    id: str = Field(pattern=r"^own-chip-[1-4]$")
    name: str = Field("", max_length=40)
    like: str = Field("h100-sxm", max_length=60)
    """The listed chip that gives all that is not stated, kind of machine, age and prices among it."""
    memory_gb: float | None = Field(None, ge=0.1, le=100_000)
    memory_bandwidth_gb_per_s: float | None = Field(None, ge=1, le=1_000_000)
    peak_bf16_tflop_per_s: float | None = Field(None, ge=0.01, le=1_000_000)
    """Dense, per chip, as the other peaks."""
    peak_fp8_tflop_per_s: float | None = Field(None, ge=0, le=1_000_000)
    peak_int8_top_per_s: float | None = Field(None, ge=0, le=1_000_000)
    peak_fp4_tflop_per_s: float | None = Field(None, ge=0, le=1_000_000)
    link_gb_per_s: float | None = Field(None, ge=0, le=100_000)
    """One way, per chip."""
    scale_up_domain_chips: int | None = Field(None, ge=1, le=4096)
    power_w: float | None = Field(None, ge=1, le=100_000)
    """With its share of the host."""
    usd_per_chip_hour: float | None = Field(None, ge=0.0001, le=1_000_000)
    """Rented, from anybody."""
    usd_per_chip: float | None = Field(None, ge=0.01, le=1e9)
    """Bought, with its share of the host."""

    @field_validator("like")
    @classmethod
    def _is_listed(cls, like: str) -> str:
        if like not in load_catalog().accelerators:
            raise ValueError(f"{like!r} is not a listed chip")
        return like

    @property
    def words(self) -> str:
        """Its name, or what it is like."""
        return self.name or load_catalog().accelerators[self.like].name.partition(" (")[0]

    @property
    def shown(self) -> str:
        """Its name with the mark that it is the reader's."""
        return f"Your {self.words}"


class OwnModel(Record):
    """The architecture of a model of the reader's own; fields as in `Model`."""

    id: str = Field(pattern=r"^own-model-[1-4]$")
    name: str = Field("", max_length=40)
    release: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-\d{2}$", max_length=10)
    """Since when servers know this shape."""
    total_params: float = Field(ge=1e6, le=1e14)
    active_params: float = Field(ge=1e6, le=1e14)
    layers: int = Field(ge=1, le=1000)
    hidden: Whole
    heads: int = Field(ge=1, le=10_000)
    kv_heads: int = Field(ge=1, le=10_000)
    head_dim: int = Field(ge=1, le=10_000)
    attention_kind: Literal["gqa", "mla", "mla+sparse", "gqa+sparse"] = "gqa"
    full_attention_layers: int = Field(ge=0, le=1000)
    window_layers: int = Field(0, ge=0, le=1000)
    window_tokens: int | None = Field(None, ge=1, le=100_000_000)
    linear_layers: int = Field(0, ge=0, le=1000)
    kv_bytes_per_token_bf16: float = Field(ge=0, le=1e9)
    kv_bytes_per_token_all_layers_bf16: float = Field(ge=0, le=1e9)
    kv_fixed_bytes_per_sequence_bf16: float = Field(0, ge=0, le=1e13)
    kv_lora_rank: int | None = Field(None, ge=1, le=1_000_000)
    qk_rope_head_dim: int | None = Field(None, ge=0, le=1_000_000)
    ffn_expert: int | None = Field(None, ge=1, le=10_000_000)
    experts: int | None = Field(None, ge=2, le=100_000)
    experts_per_token: int | None = Field(None, ge=1, le=100_000)
    dense_ffn_layers: int | None = Field(None, ge=0, le=1000)
    moe_layer_count: int | None = Field(None, ge=0, le=1000)
    expert_input_width: int | None = Field(None, ge=1, le=1_000_000)
    ffn_matrices: int = Field(3, ge=2, le=3)
    vocab: int = Field(ge=1, le=100_000_000)
    tied_embeddings: bool = False
    native_precision: Literal["bf16", "fp8", "mxfp4", "int4", "fp4"] = "bf16"
    mtp_layers: int = Field(0, ge=0, le=100)
    context_tokens: int = Field(ge=1, le=1_000_000_000)
    reads_images: bool = False

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.active_params > self.total_params:
            raise ValueError("active_params is above total_params")
        if self.full_attention_layers + self.window_layers + self.linear_layers > self.layers:
            raise ValueError("there are more attention and linear layers than layers")
        if self.kv_bytes_per_token_all_layers_bf16 < self.kv_bytes_per_token_bf16:
            raise ValueError("kv_bytes_per_token_all_layers_bf16 is below kv_bytes_per_token_bf16")
        if "mla" in self.attention_kind and self.kv_lora_rank is None:
            raise ValueError("kv_lora_rank is missing")
        if self.window_layers and self.window_tokens is None:
            raise ValueError("window_tokens is missing")
        self._experts_hold_together()
        return self

    def _experts_hold_together(self) -> None:
        if self.experts is None:
            return
        if self.ffn_expert is None or self.experts_per_token is None:
            raise ValueError("ffn_expert or experts_per_token is missing")
        if self.experts_per_token > self.experts:
            raise ValueError("experts_per_token is above experts")
        moe = self.moe_layer_count if self.moe_layer_count is not None else self.layers - (self.dense_ffn_layers or 0)
        if not 0 <= moe <= self.layers:
            raise ValueError("there are more layers with experts than layers")
        width = self.expert_input_width or self.hidden
        if moe * self.experts * self.ffn_matrices * width * self.ffn_expert > 1.001 * self.total_params:
            raise ValueError("the experts alone have more than total_params parameters")

    @property
    def words(self) -> str:
        """Its name, or that it has none."""
        return self.name or "without a name"

    @property
    def shown(self) -> str:
        """Its name with the mark that it is the reader's."""
        return f"Your {self.name or 'model'}"


class Own(Record):
    """Chips and models that a scenario brings beside the listed ones."""

    chips: tuple[OwnChip, ...] = Field((), max_length=MOST_OWN)
    models: tuple[OwnModel, ...] = Field((), max_length=MOST_OWN)

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        for kind in (self.chips, self.models):
            ids = [each.id for each in kind]
            if len(set(ids)) < len(ids):
                raise ValueError("an id appears twice")
        return self


NOTHING_OWN = Own()
"""Listed chips and models alone."""
