"""A scenario as a file: out and in again, by its published schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from components.commands.parser import main
from components.engine.scenario import Scenario
from components.exports.snapshot import STATIC
from components.share.scenario_file import SCHEMA_FILE, read_scenario, scenario_json, schema, schema_text
from tests.exports.packs import NAMES, pack


@pytest.mark.parametrize("name", NAMES)
def test_a_file_reads_back_as_the_same_scenario(name: str) -> None:
    made = pack(name)
    text = scenario_json(made.scenario, dict(made.facts()))
    assert read_scenario(text) == made.scenario
    jsonschema.Draft202012Validator(schema()).validate(json.loads(text))
    assert read_scenario(made.scenario.model_dump_json()) == made.scenario


def test_the_published_schema_is_the_one_in_use() -> None:
    """When it fails: `python -m components schema > static/scenario.schema.json`."""
    assert (STATIC / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text()


def test_the_command_evaluates_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = pack("own figures")
    file = tmp_path / "scenario.json"
    file.write_text(scenario_json(made.scenario, dict(made.facts())), encoding="utf-8")
    assert main(["evaluate", str(file)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["comparison"]["headline"] == made.result.headline
    assert Scenario.model_validate(told["scenario"]) == made.scenario


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"scenario": 1}', '{"scenario": {"strategies": []}}', "[" * 5000, '{"scenario": {}, "x": 1}'],
)
def test_a_bad_file_is_one_sentence(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "scenario.json"
    file.write_text(text, encoding="utf-8")
    assert main(["evaluate", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
