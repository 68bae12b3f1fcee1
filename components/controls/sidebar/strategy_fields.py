"""What the editor asks of a strategy: plain words, the term of art beside, one line of help, by layer."""

from __future__ import annotations

from typing import Literal, NamedTuple

from components.engine.scenario import Layer
from components.wording.vocabulary import WAYS_TO_BUY

Kind = Literal["model", "chip", "words", "switch", "percent", "whole", "money", "seller", "tier", "place"]


class Ask(NamedTuple):
    """One field of a strategy as the reader sees it."""

    field: str
    kind: Kind
    label: str
    help: str
    words: dict[str, str] = {}  # noqa: RUF012
    when: str = ""
    """Shown only for: "api", "chips", "owned", "static", "route", "edge", "spec"."""


ASKS: dict[Layer, tuple[Ask, ...]] = {
    "model": (
        Ask("model", "model", "Model", "The open-weight model that answers."),
        Ask("weights", "words", "Number format of the weights (quantization)", "Fewer bits: less memory to read.",
            {"native": "as published", "bf16": "16-bit (BF16)", "fp8": "8-bit (FP8)", "int8": "8-bit (INT8)",
             "int4": "4-bit weights only (INT4)", "fp4": "4-bit (FP4)"}, "chips"),
        Ask("kv", "words", "Memory of the conversation (KV cache)", "Fewer bits: more users on one server.",
            {"bf16": "16-bit", "fp8": "8-bit (FP8)", "int4": "4-bit"}, "chips"),
        Ask("student", "model", "Smaller model instead (distilled)", "A smaller model that answers in its place."),
        Ask("sparsity", "words", "Sparse weights (2:4)", "Half of the weights are zero and are skipped.",
            {"none": "no", "2:4": "yes, 2 of 4 are zero"}, "chips"),
        Ask("pruned", "percent", "Width removed (structured pruning)", "Share of the layers cut away.", {}, "chips"),
    ),
    "hardware": (
        Ask("buy", "words", "How it is bought", "Rented, owned, reserved on a platform, or paid per token.",
            {buy: way.choice for buy, way in WAYS_TO_BUY.items()}),
        Ask("hardware", "chip", "Chip (accelerator)", "What the model runs on.", {}, "chips"),
        Ask("provider", "seller", "Seller", "Empty takes the median of current list prices."),
        Ask("tier", "tier", "Price tier", "Sellers name tiers by speed.", {}, "api"),
        Ask("chips", "whole", "Chips per server (replica)", "0 picks the cheapest number that meets the targets.", {},
            "chips"),
        Ask("prefill", "chip", "Other chip for reading prompts (prefill pool)", "Empty: the same chip does both.", {},
            "chips"),
        Ask("place", "place", "Place", "Where the electricity comes from: power price and carbon.", {}, "chips"),
        Ask("price", "money", "Own price, USD per chip-hour", "Your negotiated price instead of the list.", {}, "rent"),
        Ask("price", "money", "Own price, USD per chip bought", "Your negotiated price instead of the list.", {},
            "owned"),
        Ask("price_in", "money", "Own price, USD per million input tokens", "Instead of the list price.", {}, "api"),
        Ask("price_cached", "money", "Own price, cached input", "USD per million cached input tokens.", {}, "api"),
        Ask("price_out", "money", "Own price, USD per million output tokens", "Instead of the list price.", {}, "api"),
    ),
    "stack": (
        Ask("stack", "words", "Server software", "The engine that runs the model.",
            {"vllm": "vLLM", "sglang": "SGLang", "trtllm": "TensorRT-LLM", "llama.cpp": "llama.cpp", "other": "other"}),
        Ask("batching", "words", "How requests share a chip (batching)", "Continuous: a request joins at once.",
            {"continuous": "continuous", "static": "static, in fixed groups"}),
        Ask("static_batch", "whole", "Requests in a fixed group", "Size of a static batch.", {}, "static"),
        Ask("prefix", "switch", "Remember shared prompt starts (prefix cache)", "Seen text is not read again."),
        Ask("chunked", "switch", "Long prompts in pieces (chunked prefill)", "Long prompts do not stall others."),
        Ask("spec", "words", "Guess ahead (speculative decoding)", "A small helper drafts, the model checks.",
            {"none": "no", "draft": "draft model", "eagle": "EAGLE", "mtp": "multi-token prediction (MTP)"}),
        Ask("depth", "whole", "Tokens guessed per step", "0 lets the engine choose.", {}, "spec"),
        Ask("disagg", "switch", "Separate reading and writing (disaggregation)", "Prompts and answers on own chips."),
        Ask("ep", "switch", "Spread the experts (expert parallel)", "For mixture-of-experts models on many chips."),
        Ask("offload", "switch", "Keep old conversations in host memory (KV offload)", "More reuse, slower start."),
    ),
    "workload": (
        Ask("cache", "percent", "Answered from memory (response cache)", "Share of requests never sent to a model."),
        Ask("route", "percent", "Sent to a smaller model (routing)", "Share of requests that a small model answers."),
        Ask("route_model", "model", "Smaller model for routing", "Answers the routed share.", {}, "route"),
        Ask("compress", "percent", "Prompt kept (compression)", "Share of the prompt that is still sent."),
        Ask("shorten", "percent", "Answer kept (shorter outputs)", "Share of the answer that is still written."),
        Ask("defer", "percent", "Can wait (batch window)", "Share moved to quiet hours or a batch price."),
        Ask("scale", "words", "Servers follow demand (autoscaling)", "Pay for fewer servers in quiet hours.",
            {"fixed": "no, sized for the peak", "hourly": "by the hour", "zero": "down to zero"}, "chips"),
        Ask("edge", "percent", "On users' own devices (edge)", "Share that needs no server at all."),
        Ask("edge_device", "chip", "Users' device", "Must be able to run the small model.", {}, "edge"),
        Ask("edge_model", "model", "Model on the device", "Small enough for the device.", {}, "edge"),
    ),
}  # fmt: skip
