"""Own chips and models without a browser: read from config.json, compared, searched and predicted."""

import json
from pathlib import Path
from typing import Any

import pytest

from components.commands.parser import main
from tests.catalog.published_configs import CONFIGS

CHIP = {"id": "own-chip-1", "like": "h100-sxm", "name": "Ours", "usd_per_chip_hour": 1.5}


def _file(folder: Path, content: object, name: str = "file.json") -> str:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(list(arguments)) == 0
    return json.loads(capsys.readouterr().out)


def _model(capsys: pytest.CaptureFixture[str], folder: Path, key: str) -> Any:
    return _json(capsys, "model", _file(folder, CONFIGS[key], "config.json"), "--name", "Ours")


def test_a_config_becomes_a_record_that_a_scenario_and_a_link_take(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read = _model(capsys, tmp_path, "llama-3.1-8b")
    own = {**read["own"], "chips": [CHIP]}
    strategy = {"model": "own-model-1", "hardware": "own-chip-1"}
    told = _json(capsys, "evaluate", _file(tmp_path, {"strategies": [strategy], "own": own}))
    (answer,) = told["comparison"]["answers"]
    assert answer["overrides"][0].startswith("your own chip Ours: as H100 80GB SXM5, but 1.5 USD an hour")
    assert "oc=own-chip-1~name.Ours~like.h100-sxm" not in told["link"]
    assert "oc=own-chip-1~name.Ours~hour.1.5" in told["link"]
    again = _json(capsys, "evaluate", told["link"])
    assert again["comparison"] == told["comparison"]
    linked = _json(capsys, "evaluate", f"?{read['link']}&s0=custom~model.own-model-1")
    assert linked["scenario"]["own"]["models"] == read["own"]["models"]


def test_the_search_takes_own_chips(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = {"chips": [CHIP | {"usd_per_chip_hour": 0.01}]}
    asked = {"baseline": {}, "own": own, "hardware": ["h100-sxm", "own-chip-1"], "breadth": "narrow",
             "buys": ["on-demand"], "alternatives": "same"}  # fmt: skip
    found = _json(capsys, "search", _file(tmp_path, asked))
    assert "hardware.own-chip-1" in found["ranked"][0]["code"]


def test_predict_takes_own_chips_and_models(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read = _model(capsys, tmp_path, "llama-3.1-70b")
    own = _file(tmp_path, {**read["own"], "chips": [{"id": "own-chip-1", "like": "h100-sxm"}]}, "own.json")
    points = tmp_path / "points.csv"
    points.write_text(
        "model,accelerator_id,accelerators,input_tokens,output_tokens,concurrency\n"
        "llama-3-70b,h100-sxm,8,1024,256,16\nown-model-1,own-chip-1,8,1024,256,16\n",
        encoding="utf-8",
    )
    assert main(["predict", str(points), "--own", own]) == 0
    out = capsys.readouterr()
    _, listed, mine = out.out.splitlines()
    assert listed.split(",")[6:9] == mine.split(",")[6:9]
    assert "2 of 2 rows answered" in out.err
    assert main(["predict", str(points)]) == 0
    assert "1 of 2 rows answered" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "content", "said"),
    [
        (["model"], {"model_type": "llama"}, "config.json lacks num_hidden_layers"),
        (["model"], [], "config.json is not a JSON object"),
        (["evaluate"], {"strategies": [{}], "own": {"chips": [CHIP | {"memory_bandwidth_gb_per_s": 0}]}},
         "own.chips.0.memory_bandwidth_gb_per_s: Input should be greater than or equal to 1"),
        (["evaluate"], {"strategies": [{}], "own": {"chips": [CHIP | {"memory_gb": 1e9}]}},
         "own.chips.0.memory_gb: Input should be less than or equal to 100000"),
        (["evaluate"], {"strategies": [{}], "own": {"chips": [CHIP | {"like": "h900"}]}},
         "'h900' is not a listed chip"),
        (["evaluate"], {"strategies": [{}], "own": {"chips": [CHIP, CHIP]}}, "an id appears twice"),
        (["predict", "-", "--own"], {"chips": [{"id": "x"}]}, "chips.0.id"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_one_sentence(
    arguments: list[str], content: object, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, _file(tmp_path, content)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert "Traceback" not in told
