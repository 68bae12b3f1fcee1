"""The levers, one record each: to add one, add a field to `Strategy` and a record here.

Nothing else in the engine, the search or the editor names a lever whose record says all there is to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.strategy import lever_edits as edit
from components.engine.strategy import lever_losses as loss
from components.engine.strategy.lever_record import Lever, SearchAxis, Setting, Settings, Words

if TYPE_CHECKING:
    from components.engine.scenario import Strategy


SIDE_EFFECTS = frozenset({"coding_agent", "agentic_research"})
"""Presets whose calls act on the world: neither cached answers nor waiting suit them."""


def _each(*values: Setting) -> tuple[Settings, ...]:
    """Settings of a lever of one field."""
    return tuple((value,) for value in values)


def _cached_acts(strategy: Strategy, preset: str) -> str:
    acts = preset in SIDE_EFFECTS and strategy.cache
    return "cached answers do not suit agents whose calls have side effects" if acts else ""


def _waiting_agent(strategy: Strategy, preset: str) -> str:
    waits = preset in SIDE_EFFECTS and strategy.defer
    return "a batch window does not suit an agent that waits for each answer" if waits else ""


def _routed_to_itself(strategy: Strategy, _preset: str) -> str:
    same = strategy.student and strategy.route and strategy.student == strategy.route_model
    return "routing to the model that answers anyway saves nothing: leave one of them out" if same else ""


_MODEL = (
    Lever(
        "weights",
        Words(
            "Number format of the weights", "Fewer bits: less memory to read.", "quantization",
            (("native", "as published"), ("bf16", "16-bit (BF16)"), ("fp8", "8-bit (FP8)"), ("int8", "8-bit (INT8)"),
             ("int4", "4-bit weights only (INT4)"), ("fp4", "4-bit (FP4)")),
            in_use="weights {}",
        ),
        "format", edit=edit.weights, loss=loss.weights, lossless=_each("bf16"), without="narrower weights",
        axis=SearchAxis(
            _each("native", "fp8"),
            _each("native", "bf16", "fp8", "int8", "int4", "fp4"),
            _each("native", "bf16", "fp8", "int8", "int4", "fp4"),
        ),
    ),
    Lever(
        "kv",
        Words(
            "Memory of the conversation", "Fewer bits: more users on one server.", "KV cache",
            (("bf16", "16-bit"), ("fp8", "8-bit (FP8)"), ("int4", "4-bit")), in_use="conversations {}",
        ),
        "format", edit=edit.kv, loss=loss.kv, without="a narrower cache",
        axis=SearchAxis(_each("bf16"), _each("bf16", "fp8"), _each("bf16", "fp8", "int4")),
    ),
    Lever(
        "student",
        Words(
            "Smaller model instead", "A smaller model that answers in its place.", "distilled", list_of="model",
            in_use="{} answers instead",
        ),
        "request", on_device=True,
    ),
    Lever(
        "sparsity",
        Words(
            "Sparse weights", "Half of the weights are zero and are skipped.", "2:4",
            (("none", "no"), ("2:4", "yes, 2 of 4 are zero")), in_use="half of the weights skipped",
        ),
        "format", edit=edit.sparsity, loss=loss.sparsity, without="2:4 sparsity",
        axis=SearchAxis(_each("none"), _each("none"), _each("none", "2:4")),
    ),
    Lever(
        "pruned",
        Words("Width removed", "Share of the layers cut away.", "structured pruning", in_use="{} of the width removed"),
        "serving", edit=edit.pruned, loss=loss.pruned, without="pruning",
        axis=SearchAxis(_each(0.0), _each(0.0), _each(0.0, 0.25)),
    ),
)  # fmt: skip


_STACK = (
    Lever(
        "batching",
        Words(
            "How requests share a chip", "Continuous: a request joins at once.", "batching",
            (("continuous", "continuous"), ("static", "static, in fixed groups")), in_use="batches {}",
        ),
        "serving", (("static_batch", Words("Requests in a fixed group", "Size of a static batch.")),),
        edit=edit.batching,
        axis=SearchAxis(
            (("continuous", 8),), (("continuous", 8),), (("continuous", 8), ("static", 8), ("static", 32)),
        ),
    ),
    Lever(
        "prefix",
        Words("Remember shared prompt starts", "Seen text is not read again.", "prefix cache",
              in_use="shared prompt starts remembered"),
        "serving", edit=edit.prefix, on_device=True,
        axis=SearchAxis(_each(True), _each(True), _each(True, False)),
    ),
    Lever(
        "chunked",
        Words("Long prompts in pieces", "Long prompts do not stall others.", "chunked prefill",
              in_use="long prompts in pieces"),
        "serving", edit=edit.chunked, on_device=True,
        axis=SearchAxis(_each(True), _each(True), _each(True, False)),
    ),
    Lever(
        "admission",
        Words("Steps before a request joins", "1: at the next token. Some benchmarks let requests in every 20 to 35.",
              "admission wait", in_use="steps before a request joins: {}"),
        "serving", edit=edit.admission,
    ),
    Lever(
        "spec",
        Words(
            "Guess ahead", "A small helper drafts, the model checks.", "speculative decoding",
            (("none", "no"), ("draft", "draft model"), ("eagle", "EAGLE"), ("mtp", "multi-token prediction (MTP)")),
            in_use="guessing ahead: {}",
        ),
        "serving", (("depth", Words("Tokens guessed per step", "0 lets the engine choose.")),),
        edit=edit.spec, without="speculative decoding",
        axis=SearchAxis(
            (("none", 0),),
            (("none", 0), ("eagle", 0), ("mtp", 0)),
            (("none", 0), ("draft", 0), ("eagle", 0), ("mtp", 0), ("eagle", 1), ("eagle", 3), ("eagle", 5)),
        ),
    ),
    Lever(
        "disagg",
        Words("Separate reading and writing", "Prompts and answers on own chips.", "disaggregation",
              in_use="reading and writing apart"),
        "layout", edit=edit.disagg, without="separate pools for prompts and answers",
        axis=SearchAxis(_each(False), _each(False, True), _each(False, True)),
    ),
    Lever(
        "ep",
        Words("Spread the experts", "For mixture-of-experts models on many chips.", "expert parallel",
              in_use="experts spread over chips"),
        "layout", edit=edit.ep, without="expert parallelism",
        axis=SearchAxis(_each(False, True), _each(False, True), _each(False, True)),
    ),
    Lever(
        "offload",
        Words("Keep old conversations in host memory", "More reuse, slower start.", "KV offload",
              in_use="old conversations kept"),
        "serving", edit=edit.offload, without="caches kept in host memory",
        axis=SearchAxis(_each(False), _each(False), _each(False, True)),
    ),
)  # fmt: skip


_WORKLOAD = (
    Lever(
        "cache",
        Words("Answered from memory", "Share of requests never sent to a model.", "response cache",
              in_use="{} answered from memory"),
        "request", loss=loss.cache, asked=True, on_device=True, unsuited=_cached_acts,
        needs="{} of the questions come again and may be answered from memory",
        without="the response cache",
    ),
    Lever(
        "route",
        Words("Sent to a smaller model", "Share of requests that a small model answers.", "routing",
              in_use="{} sent to a smaller model"),
        "request",
        (("route_model", Words("Smaller model for routing", "Answers the routed share.", list_of="model")),),
        edit=edit.route, loss=loss.route, unsuited=_routed_to_itself,
        needs="{} of the questions are easy enough for a smaller model",
        without="routing to a smaller model",
    ),
    Lever(
        "compress",
        Words("Prompt kept", "Share of the prompt that is still sent.", "compression",
              in_use="prompts cut to {}"),
        "request", edit=edit.compress, loss=loss.compress, asked=True, on_device=True,
        needs="{} of each prompt is enough",
        without="shorter prompts",
    ),
    Lever(
        "shorten",
        Words("Answer kept", "Share of the answer that is still written.", "shorter outputs",
              in_use="answers cut to {}"),
        "request", edit=edit.shorten, loss=loss.shorten, asked=True, on_device=True,
        needs="{} of each answer is enough",
        without="shorter answers",
    ),
    Lever(
        "defer",
        Words("Can wait", "Share moved to quiet hours or a batch price.", "batch window",
              in_use="{} waits for quiet hours"),
        "request", asked=True, on_device=True, unsuited=_waiting_agent, needs="{} of the work can wait",
        without="the batch window",
    ),
    Lever(
        "scale",
        Words(
            "Servers follow demand", "Pay for fewer servers in quiet hours.", "autoscaling",
            (("fixed", "no, sized for the peak"), ("hourly", "by the hour"), ("zero", "down to zero")),
            in_use="servers follow demand: {}",
        ),
        "fleet", on_device=True, needs="servers can be given back when demand falls",
        without="scaling with the load",
    ),
    Lever(
        "edge",
        Words("On users' own devices", "Share that needs no server at all.", "edge", in_use="{} on users' devices"),
        "request",
        (
            ("edge_device", Words("Users' device", "Must be able to run the small model.", list_of="chip")),
            ("edge_model", Words("Model on the device", "Small enough for the device.", list_of="model")),
        ),
        loss=loss.edge, on_device=True, needs="{} of the questions can be answered on users' own devices",
        without="users' own devices",
    ),
)  # fmt: skip


LEVERS: tuple[Lever, ...] = (*_MODEL, *_STACK, *_WORKLOAD)
"""By layer, in the order in which a reader is asked."""


def every_lever() -> tuple[Lever, ...]:
    """All levers."""
    return LEVERS


def lever(field: str) -> Lever:
    """The lever of a field.    Raises: KeyError for a field that is none."""
    found = next((each for each in every_lever() if each.field == field), None)
    if found is None:
        raise KeyError(field)
    return found
