"""The reader's own chips and models in use, as sentences that name what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.catalog.own import changed_figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from components.catalog.own_records import OwnChip, OwnModel
    from components.catalog.records import Accelerator
    from components.engine.facts.book import Book
    from components.engine.strategy.records import Deployment

FIGURES = {
    "memory_gb": ("memory", "GB"),
    "memory_bandwidth_gb_per_s": ("memory bandwidth", "GB/s"),
    "peak_bf16_tflop_per_s": ("16-bit peak", "TFLOP/s"),
    "peak_fp8_tflop_per_s": ("FP8 peak", "TFLOP/s"),
    "peak_int8_top_per_s": ("INT8 peak", "TOP/s"),
    "peak_fp4_tflop_per_s": ("FP4 peak", "TFLOP/s"),
    "link_gb_per_s": ("link one way", "GB/s"),
    "scale_up_domain_chips": ("chips in one fast domain", ""),
}
"""Words and unit of each figure of a chip."""


def own_parts(book: Book, deployments: Sequence[Deployment]) -> Iterator[str]:
    """A sentence for every chip and model of the reader's own that the deployments use."""
    chips, models = {chip.id: chip for chip in book.own.chips}, {model.id: model for model in book.own.models}
    if not chips and not models:
        return
    used = [chip for d in deployments for chip in (d.chip, d.pool_chip, d.sram_chip) if chip is not None]
    for key in dict.fromkeys(chip.id for chip in used):
        if key in chips:
            yield _chip(chips[key], book.catalog.accelerators[chips[key].like])
    for key in dict.fromkeys(d.model.id for d in deployments):
        if key in models:
            yield _model(models[key])


def _chip(own: OwnChip, listed: Accelerator) -> str:
    changed = [_instead(name, *pair) for name, pair in changed_figures(own, listed).items()]
    changed += [f"{own.power_w:,.10g} W with its host"] if own.power_w is not None else []
    changed += [f"{own.usd_per_chip_hour:,.10g} USD an hour"] if own.usd_per_chip_hour is not None else []
    changed += [f"{own.usd_per_chip:,.10g} USD a chip"] if own.usd_per_chip is not None else []
    return f"your own chip {own.words}: as {listed.name}" + (f", but {', '.join(changed)}" if changed else "")


def _instead(name: str, stated: float | None, published: float | None) -> str:
    words, unit = FIGURES[name]
    value, listed = ("none" if v is None else f"{v:,.10g} {unit}".strip() for v in (stated, published))
    return f"{words} {value} instead of {listed}"


def _model(own: OwnModel) -> str:
    active = "" if own.active_params == own.total_params else f", {own.active_params / 1e9:,.4g} billion of them active"
    return f"your own model {own.words}: {own.total_params / 1e9:,.4g} billion parameters{active}"
