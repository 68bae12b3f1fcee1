"""Number formats on a chip: bytes of a weight or cached element, and its rate of arithmetic."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.catalog.records import Accelerator, Model, Precision


FORMATS: tuple[Precision, ...] = ("bf16", "fp8", "int8", "fp4")


LOCAL_STACKS = ("llama.cpp", "llama.cpp-2024")
"""llama.cpp as it is, and before it captured launches in graphs (mid 2024)."""


PROCESSORS = ("cpu", "cpu-amx", "edge-soc")
"""Classes of devices that multiply on processor cores."""


class Format(NamedTuple):
    """How one group of weights is stored and multiplied on one chip."""

    bytes_per_weight: float
    """With its scales. [B]"""
    flop_per_s: float
    """Dense peak with the format's efficiency. [FLOP/s]"""
    mbu_factor: float
    """Of the bandwidth that other formats reach. [1]"""
    tile_factor: float = 1.0
    """Of the tokens that an expert is padded to in decode. [1]"""


def stored_formats(model: Model, weights: str, stack: str = "") -> tuple[str, str]:
    """Formats of the experts (or all weights, if dense) and of the rest.

    A 4-bit mixture of experts keeps what is not an expert in 8 bits (NVFP4; MXFP4 files of llama.cpp) or 16 (MXFP4,
    INT4 checkpoints).
    """
    if weights in {"native", model.native_precision}:
        rest = {"mxfp4": "bf16", "int4": "bf16", "fp4": "fp8"}.get(model.native_precision, model.native_precision)
        if stack in LOCAL_STACKS and model.native_precision == "mxfp4":
            rest = "int8"
        return model.native_precision, rest if model.is_moe else model.native_precision
    return weights, "fp8" if weights == "fp4" and model.is_moe else weights


@lru_cache(maxsize=4096)
def _peak_16(published: tuple[float | None, ...], estimate: float) -> tuple[float, bool]:
    bf16, fp8, int8, fp4 = published
    for peak, share in ((bf16, 1.0), (fp8, 0.5), (int8, 0.5), (fp4, 0.25)):
        if peak is not None:
            return peak * share, share < 1
    return estimate, True


def peak_16(chip: Accelerator, g: Parameters) -> tuple[float, bool]:
    """Dense 16-bit peak and whether it is an estimate: half of an 8-bit peak, else bandwidth x ratio. [FLOP/s]"""
    published = tuple(chip.flop_per_s(f) for f in FORMATS)
    return _peak_16(published, g.flop_per_byte_unpublished * chip.memory_bytes_per_s)


def weight_format(chip: Accelerator, fmt: str, g: Parameters) -> Format:
    """Bytes, peak and bandwidth factor of a format on a chip; without units for it, arithmetic does not speed up.

    Source: docs/engine.md#number-formats.
    """
    base, _ = peak_16(chip, g)
    if fmt == "bf16":
        return Format(2.0, base, 1.0)
    if fmt in {"fp8", "int8"}:
        native = chip.flop_per_s("fp8" if fmt == "fp8" else "int8")
        return Format(1.0, base if native is None else native * g.fp8_efficiency, 1.0)
    if fmt in {"int4", "q4_k_m"}:
        return Format(g.bytes_int4 if fmt == "int4" else g.bytes_q4_k_m, *_weight_only(base, g))
    return _four_bit_float(chip, fmt, base, g)


def _four_bit_float(chip: Accelerator, fmt: str, base: float, g: Parameters) -> Format:
    """NVFP4 at the chip's FP4 rate, MXFP4 at its FP8 rate, either as weight-only INT4 where it has no FP4 units."""
    size = g.bytes_fp4 if fmt == "fp4" else g.bytes_mxfp4
    native, fp8 = chip.flop_per_s("fp4"), chip.flop_per_s("fp8")
    if native is None:
        return Format(size, *_weight_only(base, g))
    peak = fp8 * g.fp8_efficiency if fmt == "mxfp4" and fp8 is not None else native * g.fp4_efficiency
    return Format(size, peak, 1.0)


def _weight_only(base: float, g: Parameters) -> tuple[float, float, float]:
    """Rate, bandwidth factor and tile factor of kernels that unpack 4-bit weights to 16 bits before they multiply."""
    return base * g.int4_compute, g.int4_bandwidth, g.expert_tile_unpacked


def kv_bytes(kv: str, g: Parameters) -> float:
    """Bytes of one cached element. [B]"""
    return {"bf16": 2.0, "fp8": 1.0, "int4": g.bytes_kv4}[kv]


def bytes_with_head(bytes_per_weight: float, fmt: str, stack: str, head_share: float) -> float:
    """Mean bytes of a weight that is not an expert: but for GGUF, the output projection stays in 16 bits.

    Args: head_share, of the output projection in those weights. [1]
    """
    if fmt == "bf16" or stack in LOCAL_STACKS:
        return bytes_per_weight
    return bytes_per_weight + head_share * (2.0 - bytes_per_weight)
