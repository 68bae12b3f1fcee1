"""Names as sources write them: read as the chip or model they mean, or refused with the closest known ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.catalog.aliases import load_aliases
from components.catalog.evidence import Point, benchmark_traits
from components.catalog.load import load_catalog
from components.engine.evidence.name_words import SIZE, model_words
from components.engine.evidence.names import find_chip, find_model
from components.engine.evidence.setup import request_of

CATALOG = load_catalog()

CHIPS = {
    "NVIDIA GeForce RTX 3060 12GB": "rtx-3060", "RTX 2080 Ti": "rtx-2080-ti", "GeForce RTX 2080Ti": "rtx-2080-ti",
    "2080ti": "rtx-2080-ti", "RTX 3070": "rtx-3070", "RTX 4070": "rtx-4070", "rtx4070tisuper": "rtx-4070-ti-super",
    "RTX 4070 Ti SUPER 16GB": "rtx-4070-ti-super", "RTX 4080": "rtx-4080",
    "NVIDIA RTX 4000 Ada Generation": "rtx-4000-ada", "RTX4090": "rtx-4090",
    "NVIDIA GeForce RTX 4090 Laptop GPU": "rtx-4090-laptop", "RTX 4090 Mobile": "rtx-4090-laptop",
    "RTX 4060 Ti 8GB": "rtx-4060-ti-8gb", "RTX 4060 Ti": "rtx-4060-ti-16gb", "rtx 3080 12gb": "rtx-3080-12gb",
    "RTX 3080": "rtx-3080", "RTX 3090 x2": "rtx-3090", "RTX 5090": "rtx-5090", "RTX 5070 Ti": "rtx-5070-ti",
    "RTX A6000": "rtx-a6000", "A6000": "rtx-a6000", "RTX 6000 Ada": "rtx-6000-ada",
    "Quadro RTX 8000": "quadro-rtx-8000", "RTX PRO 6000 Blackwell Workstation Edition": "rtx-pro-6000-blackwell",
    "TITAN RTX": "titan-rtx", "NVIDIA A100-SXM4-80GB": "a100-80-sxm", "NVIDIA A100-PCIE-40GB": "a100-40-pcie",
    "A100 40GB": "a100-40-sxm", "A100 80GB PCIe": "a100-80-pcie", "NVIDIA H100 80GB HBM3": "h100-sxm",
    "8x H100": "h100-sxm", "H100 PCIe": "h100-pcie", "NVIDIA H200": "h200-sxm", "H200 NVL": "h200-nvl",
    "GH200 480GB": "gh200", "GB200": "gb200-nvl72", "H20 96GB": "h20", "Tesla T4": "t4",
    "Tesla V100-SXM2-16GB": "v100-16-sxm", "Tesla P40": "p40", "NVIDIA A10G": "a10g", "L40S": "l40s",
    "NVIDIA GB10": "dgx-spark-gb10", "Jetson AGX Orin 64GB": "jetson-agx-orin-64",
    "Jetson Orin NX 16GB": "jetson-orin-nx-16", "AMD Instinct MI300X OAM": "mi300x", "MI250X": "mi250x",
    "Radeon RX 7900 XTX": "rx-7900-xtx", "RX9070XT": "rx-9070-xt", "Radeon PRO W7900 48GB": "radeon-pro-w7900",
    "AMD Ryzen AI Max+ 395 128GB": "ryzen-ai-max-395", "Strix Halo": "ryzen-ai-max-395", "2x EPYC 9654": "epyc-9654",
    "AMD EPYC 9755 128-core": "epyc-9755", "Intel Arc B580 12GB": "arc-b580", "Arc Pro B50": "arc-pro-b50",
    "Intel Xeon 6980P": "xeon-6980p", "2x Xeon 6980P": "xeon-6980p-2s",
    "Intel Xeon Platinum 8592+ (2 sockets)": "xeon-8592-plus-2s", "Gaudi 3": "gaudi3",
    "Core i9-14900K": "core-i9-14900k", "Apple M1": "apple-m1", "M1 7-core GPU": "apple-m1-7",
    "M1 Max 24-core GPU 32GB": "apple-m1-max-24", "M1 Max 32-core GPU": "apple-m1-max",
    "M2 Ultra 60-core": "apple-m2-ultra-60", "apple m3 pro 18 gpu cores": "apple-m3-pro",
    "MacBook Pro M4 Max 128GB": "apple-m4-max", "iPhone 15 Pro": "apple-a17-pro",
    "Mac Studio M3 Ultra 512GB": "apple-m3-ultra", "TPU v5e": "tpu-v5e", "Trillium": "tpu-v6e",
    "TPU7x": "tpu-v7-ironwood", "trn2": "trainium2", "Cerebras WSE-3": "cerebras-wse-3", "SN40L": "sambanova-sn40l",
    "Tenstorrent n300": "tenstorrent-n300", "RNGD": "furiosa-rngd", "Corsair": "d-matrix-corsair",
    "Ascend 910B": "ascend-910b", "Graviton4": "graviton4", "Raspberry Pi 5 8GB": "raspberry-pi-5",
    "Snapdragon 8 Gen 3": "snapdragon-8-gen-3",
}  # fmt: skip

MODELS = {
    "Meta-Llama-3-8B-Instruct": "llama-3-8b", "meta-llama/Llama-3.1-8B-Instruct": "llama-3.1-8b",
    "llama3.1:8b": "llama-3.1-8b", "Llama-3_1-8B": "llama-3.1-8b",
    "accounts/fireworks/models/llama-v3p3-70b-instruct": "llama-3.3-70b",
    "RedHatAI/Meta-Llama-3.1-70B-Instruct-FP8-dynamic": "llama-3.1-70b", "llama-2-7b.Q4_0.gguf": "llama-2-7b",
    "amd/Llama-3.1-405B-Instruct-FP8-KV": "llama-3.1-405b", "TheBloke/Llama-2-13B-chat-GGUF": "llama-2-13b",
    "Llama-3.2-11B-Vision-Instruct": "llama-3.2-11b-vision", "llama4-scout": "llama-4-scout-109b-a17b",
    "Llama-4-Maverick-17B-128E-Instruct-FP8": "llama-4-maverick-400b-a17b", "lmsys/vicuna-7b-v1.5": "vicuna-7b",
    "codellama/CodeLlama-34b-Instruct-hf": "codellama-34b", "TinyLlama/TinyLlama-1.1B-Chat-v1.0": "tinyllama-1.1b",
    "Qwen2.5-7B-Instruct-AWQ": "qwen2.5-7b", "qwen2.5:7b": "qwen2.5-7b",
    "Qwen2.5-Coder-32B-Instruct": "qwen2.5-coder-32b", "Qwen2-72B-Instruct-GPTQ-Int4": "qwen2-72b",
    "Qwen/Qwen3-30B-A3B-Instruct-2507": "qwen3-30b-a3b-2507",
    "Qwen/Qwen3-235B-A22B-Thinking-2507-FP8": "qwen3-235b-a22b-2507", "Qwen3 235B": "qwen3-235b-a22b",
    "Qwen3-Coder-480B-A35B-Instruct": "qwen3-coder-480b-a35b",
    "Qwen/Qwen3-Next-80B-A3B-Instruct": "qwen3-next-80b-a3b", "QwQ-32B-Preview": "qwq-32b",
    "Qwen2.5-VL-7B-Instruct": "qwen2.5-vl-7b", "Qwen/Qwen1.5-MoE-A2.7B-Chat": "qwen1.5-moe-a2.7b",
    "Qwen/Qwen3-Embedding-0.6B": "qwen3-embedding-0.6b", "Qwen3-4B-Base": "qwen3-4b",
    "Qwen/Qwen3.5-35B-A3B": "qwen3.5-35b-a3b", "deepseek-ai/DeepSeek-V3-0324": "deepseek-v3-0324",
    "DeepSeekV3": "deepseek-v3", "deepseek-ai/DeepSeek-R1": "deepseek-r1",
    "nvidia/DeepSeek-R1-0528-FP4": "deepseek-r1-0528", "deepseek-r1:14b": "deepseek-r1-distill-qwen-14b",
    "DeepSeek-R1-Distill-Llama-70B": "deepseek-r1-distill-llama-70b", "DeepSeek-V2-Lite-Chat": "deepseek-v2-lite",
    "deepseek-ai/deepseek-coder-6.7b-instruct": "deepseek-coder-6.7b", "openai/gpt-oss-20b": "gpt-oss-20b",
    "gpt-oss-120b-mxfp4": "gpt-oss-120b", "google/gemma-3-27b-it": "gemma-3-27b", "gemma2:9b": "gemma-2-9b",
    "gemma-3-4b-it-qat-q4_0-gguf": "gemma-3-4b", "google/gemma-3n-E4B-it": "gemma-3n-e4b",
    "mistralai/Mistral-7B-Instruct-v0.3": "mistral-7b", "Mistral-7B-v0.1": "mistral-7b-v0.1",
    "mixtral:8x7b": "mixtral-8x7b", "mistralai/Mixtral-8x7B-Instruct-v0.1": "mixtral-8x7b",
    "Mistral-Small-24B-Instruct-2501": "mistral-small-3-24b",
    "mistralai/Mistral-Small-3.2-24B-Instruct-2506": "mistral-small-3.2-24b",
    "Mistral-Nemo-Instruct-2407": "mistral-nemo-12b", "Mistral-Large-Instruct-2411": "mistral-large-2-123b",
    "Mistral-Large-Instruct-2407": "mistral-large-2407-123b", "microsoft/Phi-3-mini-4k-instruct": "phi-3-mini",
    "Phi-3-medium-128k-instruct": "phi-3-medium", "microsoft/phi-4": "phi-4",
    "zai-org/GLM-4.5-Air-FP8": "glm-4.5-air", "THUDM/glm-4-9b-chat": "glm-4-9b",
    "moonshotai/Kimi-K2-Instruct-0905": "kimi-k2-0905", "MiniMaxAI/MiniMax-M2": "minimax-m2",
    "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16": "nemotron-3-nano-30b-a3b",
    "ibm-granite/granite-3.3-8b-instruct": "granite-3.3-8b", "tiiuae/Falcon3-7B-Instruct": "falcon3-7b",
    "01-ai/Yi-1.5-34B-Chat": "yi-1.5-34b", "CohereForAI/c4ai-command-r-plus": "command-r-plus",
    "command-r": "command-r", "bigcode/starcoder2-15b": "starcoder2-15b",
    "HuggingFaceTB/SmolLM2-1.7B-Instruct": "smollm2-1.7b", "gpt2": "gpt2", "EleutherAI/gpt-j-6b": "gpt-j-6b",
    "bigscience/bloom": "bloom-176b", "BAAI/bge-large-en-v1.5": "bge-large-en-v1.5",
    "intfloat/multilingual-e5-large": "multilingual-e5-large", "dolphin-2.9-llama3-8b": "llama-3-8b",
    "NousResearch/Nous-Hermes-2-Mixtral-8x7B-DPO": "mixtral-8x7b", "stabilityai/stablelm-2-1_6b": "stablelm-2-1.6b",
}  # fmt: skip


@pytest.mark.parametrize(("text", "key"), CHIPS.items())
def test_a_chip_as_sources_write_it(text: str, key: str) -> None:
    found = find_chip(CATALOG, text)
    assert found.thing is not None and found.thing.id == key, found.reason


@pytest.mark.parametrize(("text", "key"), MODELS.items())
def test_a_model_as_sources_write_it(text: str, key: str) -> None:
    found = find_model(CATALOG, text)
    assert found.thing is not None and found.thing.id == key, found.reason


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("RTX 4095", "GeForce RTX 4090"), ("RTX 6000", "RTX 6000 Ada Generation"), ("A100 60GB", "A100 80GB"),
        ("RTX 3060 24GB", "RTX 3060"), ("M9 Max", "M4 Max"), ("H300", "H"), ("abacus", "data/accelerators.csv"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_chip_that_is_not_known_is_refused_with_the_closest(text: str, offers: str) -> None:
    found = find_chip(CATALOG, text)
    assert found.thing is None and repr(text) in found.reason and offers in found.reason


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("Llama-3.1-9B", "Llama 3.1 8B"), ("qwen3-16b", "Qwen3 14B"), ("Llama-5-7B", "Llama"),
        ("llama-70b", "say which"), ("GPT-4o", "GPT-2"), ("grok-4", "Grok-1"), ("gemma-4-12b", "Gemma"),
        ("Qwen3-8B-EAGLE3", "Qwen3 8B"), ("mistral", "Mistral"), ("DeepSeek-V9-16B", "DeepSeek"),
        ("deepseek-v9-lite", "DeepSeek"), ("Llama-3.1-Nemotron-51B", "Nemotron"), ("", ""),
        ("Qwen3-8B-speculator", "Qwen3 8B"), ("gemma-3", "say which"), ("gpt-9", "data/models.csv"),
    ],
)  # fmt: skip
def test_a_model_that_is_not_known_is_refused_with_the_closest(text: str, offers: str) -> None:
    found = find_model(CATALOG, text)
    assert found.thing is None and repr(text) in found.reason and offers in found.reason


def test_every_name_of_data_is_read_as_itself() -> None:
    for chip in CATALOG.accelerators.values():
        for text in (chip.id, chip.name):
            found = find_chip(CATALOG, text)
            assert found.thing is chip, (text, found)
    for model in CATALOG.models.values():
        for text in (model.id, model.name):
            known = find_model(CATALOG, text)
            assert known.thing is not None, (text, known.reason)
            assert known.thing.total_params == model.total_params, (text, known.thing.id)
            assert text != model.id or known.thing is model


def test_every_further_name_means_its_row_and_says_what_is_taken() -> None:
    for alias in load_aliases():
        found = find_chip(CATALOG, alias.name) if alias.kind == "chip" else find_model(CATALOG, alias.name)
        assert found.thing is not None and found.thing.id == alias.id, (alias.name, found)
        assert not alias.assumes or found.taken, alias.name


def test_what_a_name_leaves_open_is_said() -> None:
    assert find_chip(CATALOG, "H100").taken == "the SXM module taken"
    assert find_chip(CATALOG, "NVIDIA A100-SXM4-80GB").taken == ""
    assert find_chip(CATALOG, "RTX 3080").taken == "GeForce RTX 3080 10GB taken"
    assert find_model(CATALOG, "dolphin-2.9-llama3-8b").taken == "read as a fine-tune of Llama 3 8B"
    assert find_model(CATALOG, "vicuna-7b-v1.5").taken == "read as Vicuna 7B"


def test_a_format_that_only_the_name_states_is_kept() -> None:
    point = Point(benchmark="vllm", model="Qwen2.5-7B-Instruct-AWQ", accelerator_id="RTX 3060", accelerators=1)
    request = request_of(point, CATALOG, benchmark_traits())
    assert {setup.decode.spec.weights for setup in request.candidates} == {"int4"}
    assert "number format as in the model's name" in request.assumed
    stated = request_of(point.model_copy(update={"model_precision": "fp16"}), CATALOG, benchmark_traits())
    assert {setup.decode.spec.weights for setup in stated.candidates} == {"bf16"}


@settings(max_examples=200, deadline=None)
@given(model=st.sampled_from(sorted(CATALOG.models)), size=st.integers(1, 999))
def test_another_size_is_never_taken_for_this_one(model: str, size: int) -> None:
    """Whatever number stands where the size stands, what is found says that number."""
    words = model_words(model)
    own = [word for word in words if SIZE.fullmatch(word) and word.endswith("b") and not word.startswith("a")]
    text = "-".join(f"{size}b" if word in own else word for word in words)
    found = find_model(CATALOG, text)
    if own and found.thing is not None:
        said = {*model_words(found.thing.id), *model_words(found.thing.name)}
        said |= {w for a in load_aliases() if a.id == found.thing.id for w in model_words(a.name)}
        assert f"{size}b" in said, (text, found.thing.id)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for found in (find_chip(CATALOG, text), find_model(CATALOG, text)):
        assert (found.thing is None) == bool(found.reason)
