"""A search's answer as JSON and CSV, and from the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from components.catalog.load import load_catalog
from components.commands.parser import main
from components.engine.outcome.evaluation import open_book
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import search
from components.engine.search.tell.found import Found
from components.share.found import found_csv, found_json

Q = Requirements(hardware=("h100-sxm", "mi300x"), alternatives="same", places=("usa",))


@pytest.fixture(scope="module")
def found() -> Found:
    """The answer to the question."""
    return search(Q, open_book(load_catalog()))


def test_csv_holds_every_line_with_its_reason(found: Found) -> None:
    rows = list(csv.DictReader(io.StringIO(found_csv(found, "2026-11-24").decode("utf-8-sig"))))
    assert len(rows) == len(found.ranked)
    assert [float(r["cost_usd_per_month [USD/month]"]) for r in rows] == [
        r.option.cost_usd_per_month for r in found.ranked
    ]
    assert all(r["reason"] and r["code"] and r["misses"] and r["data_date"] for r in rows)


def test_the_command_gives_the_same_answer(found: Found, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "question.json"
    file.write_text(Q.model_dump_json(), encoding="utf-8")
    assert main(["search", str(file)]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(found_json(Q, found))


def test_a_scenario_or_a_link_is_a_question_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "scenario.json"
    file.write_text(
        '{"strategies": [{"model": "llama-3.1-8b"}], "workload": {"preset": "translation"}}', encoding="utf-8"
    )
    assert main(["search", str(file)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["requirements"]["baseline"]["model"] == "llama-3.1-8b"
    assert printed["ranked"]


@pytest.mark.parametrize("text", ["", "[]", '{"budget_usd_per_month": "x"}', '{"vendors": []}', '{"strategies": 1}'])
def test_bad_input_is_one_sentence(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "question.json"
    file.write_text(text, encoding="utf-8")
    assert main(["search", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.endswith(".\n")


@pytest.mark.parametrize("argument", ["/no/such/file.json", "?s0=nonsense"])
def test_an_unreadable_question_is_one_sentence(argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", argument]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_link_is_a_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "?w=embeddings~isl.400&s0=custom~model.bge-m3"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["requirements"]["workload"]["preset"] == "embeddings"
