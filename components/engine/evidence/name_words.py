"""The words of a name that a source gives to a model or a chip, without those that mean nothing here."""

from __future__ import annotations

import re

_WORD = re.compile(r"a\d+(?:\.\d+)?[bm](?![a-z0-9])|(?<![a-z])v\d+(?:\.\d+)*|\d+(?:\.\d+)?(?:x(?=\d)|[a-z]*)|[a-z]+")
"""A count of active parameters, a version, a number with its unit, or letters."""
SIZE = re.compile(r"a?\d+(?:\.\d+)?[bmtx]")
NUMBER = re.compile(r"\d")

_STORED = re.compile(
    r"(?<![a-z0-9])(?:i?q\d(?:[_.-]?(?:k|0|1|xs|xxs|nl))?(?:[_.-]?(?:xl|xs|s|m|l))?"
    r"|[wa]\d{1,2}a?\d{0,2}|[248][ -]?bits?|(?:nv|mx)?fp\d{1,2}|bf16|u?int\d{1,2}|f16)(?![a-z0-9])"
)
"""Number formats in the name of a checkpoint."""
_PLAIN_MODEL = frozenset({
    "instruct", "chat", "it", "hf", "pt", "awq", "gptq", "gguf", "ggml", "exl", "bnb", "mlx", "onnx", "marlin",
    "dynamic", "static", "quantized", "quant", "per", "tensor", "channel", "block", "preview", "base", "qat",
    "unsloth", "ud", "model", "weights", "turbo", "sft", "dpo", "rlhf", "meta", "nvidia", "amd", "quark", "ptpc",
    "kv", "instruction", "tuned",
})  # fmt: skip
"""Words of a model's name that change neither its shape nor which one it is."""
TUNED = (
    re.compile(r"thinking|think|reasoning|non|alpha|beta|latest|text|only"),
    re.compile(r"thinking|think|reasoning|non|alpha|beta|latest|text|only|\d{4}|\d+k|1m"),
)
"""Words that tell two trainings of one shape apart: those about the kind of training; dates and contexts, too."""
VERSION = re.compile(r"v\d.*")
ANOTHER_SHAPE = frozenset({
    "eagle", "eagle3", "draft", "drafter", "speculator", "medusa", "lora", "adapter", "reward", "rm", "embedding",
    "embed", "embeddings", "reranker", "rerank", "guard", "nemotron", "minitron", "pruned", "prune", "vl", "vision",
    "omni", "audio", "moe", "mamba", "distill", "distilled", "merge", "merged", "mtp", "coder", "math", "x",
})  # fmt: skip
"""Words after which the shape is not that of the model named beside them."""
_PLAIN_CHIP = frozenset({
    "nvidia", "amd", "intel", "apple", "google", "aws", "huawei", "geforce", "radeon", "instinct", "tesla", "gpu",
    "gpus", "graphics", "card", "accelerator", "tpus", "generation", "processor", "platinum", "gold", "silver",
    "unified", "memory", "edition", "hbm", "lpddr", "gddr", "oem", "fe", "founders", "arm", "neoverse",
})  # fmt: skip
FORM = frozenset({
    "server", "workstation", "oam", "cpu", "soc", "hgx", "dgx", "module", "devkit", "developer", "kit", "superchip",
    "2s",
})  # fmt: skip
"""Words about the box around a chip."""
_BOXES = re.compile(
    r"macbook (?:pro|air)|mac (?:studio|mini|pro)|imac|ipad (?:pro|air)|\d+[ -]core cpu|xeon 6 (?=\d{4})"
)
_MEMORY = re.compile(r"(?<![a-z0-9.])(\d+) ?g(?:i?b)?(?![a-z0-9])")
_MANY = re.compile(r"^(?:\d+ ?[x\u00d7]|dual|quad) |(?: |(?<=\d))[x\u00d7] ?\d{1,3}$")
_SPELT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![a-z])(?:hbm|gddr|lpddr|ddr)\d[a-z]*"), " "),
    (re.compile(r"sxm ?\d?"), " sxm "),
    (re.compile(r"pci-?e|pci express"), " pcie "),
    (re.compile(r"tisuper"), "ti super"),
    (re.compile(r"(?<=\d)(nvl|pcie|ti|super|xtx|xt|gre|ada|pro|max|ultra)(?![a-z])"), r" \1 "),
    (re.compile(r"notebook|mobile|laptop gpu"), "laptop"),
    (re.compile(r"(\d+) ?(?:gpu )?cores?(?: gpu)?"), r" \1core "),
    (re.compile(r"two sockets?|dual[ -]sockets?|2 sockets?|2 ?s(?![a-z])|^(?:2 ?x|dual) (?=.*(?:xeon|epyc))"), " 2s "),
    (re.compile(r"(?<=\d)\+"), " plus "),
    (re.compile(r"(?<=[a-z])\+"), " "),
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text))


def model_words(text: str) -> tuple[str, ...]:
    """The words of a model's name, the maker and the format of the checkpoint left out."""
    low = re.sub(r"(?<=\d)[_p](?=\d)", ".", text.lower().strip().rsplit("/", 1)[-1]).replace("+", " plus ")
    low = re.sub(r"(?<=deepseek)(?=[vr]\d)|(?<=llama)[ -]?v(?=\d)", " ", _STORED.sub(" ", low))
    return tuple(word for word in _words(low) if word not in _PLAIN_MODEL)


def chip_words(text: str) -> tuple[tuple[str, ...], float | None]:
    """The words of a chip's name without its maker, and the memory that it prints. [GB]"""
    low = re.sub(r"[_/(),\u00ae\u2122-]+", " ", text.lower().strip())
    low = re.sub(r"\s+", " ", _BOXES.sub(" ", low)).strip()
    for pattern, spelt in _SPELT:
        low = pattern.sub(spelt, low)
    low = _MANY.sub("", re.sub(r"\s+", " ", low).strip())
    memory = _MEMORY.search(low)
    words = tuple(word for word in _words(_MEMORY.sub(" ", low)) if word not in _PLAIN_CHIP)
    return words, float(memory[1]) if memory else None
