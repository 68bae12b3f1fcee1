"""The tables behind the Evidence page are refused by file, row and rule."""

import csv
import shutil
from pathlib import Path

import pytest

from components.catalog import evidence
from components.catalog.evidence import ClaimScenario, every_figure
from components.catalog.load import DATA, CatalogError, load_catalog


def _edited(folder: Path, file: str, column: str, value: str) -> Path:
    shutil.copy(DATA / file, folder / file)
    path = folder / file
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))[:4]
    rows[1][column] = value
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_every_point_has_a_source_and_a_known_chip() -> None:
    points = evidence.measured_points()
    catalog = load_catalog()
    assert len(points) > 1900
    assert {point.accelerator_id for point in points} <= set(catalog.accelerators)
    assert {point.source_id for point in points} <= set(catalog.sources)


def test_peers_say_who_measured() -> None:
    assert {peer.measured_by for peer in evidence.peer_errors()} == {"this project", "its authors", "its users"}


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("output_tokens_per_s_per_accelerator", "-3", r"output_tokens_per_s_per_accelerator: Input should be greater"),
        ("ttft_s", "soon", "ttft_s: Input should be a valid number"),
        ("source_id", "nobody", "unknown source_id 'nobody'"),
        ("point_id", "cbrs-0003", "'cbrs-0003' appears twice"),
        ("model_kind", "large", "model_kind: Input should be 'dense' or 'moe'"),
    ],
)
def test_a_bad_point_is_named(tmp_path: Path, column: str, value: str, rule: str) -> None:
    folder = _edited(tmp_path, evidence.MEASURED_FILE, column, value)
    with pytest.raises(CatalogError, match=rf"{evidence.MEASURED_FILE} row 3: {rule}"):
        evidence.read_measured(folder)


def test_a_bad_peer_is_named(tmp_path: Path) -> None:
    folder = _edited(tmp_path, evidence.PEERS_FILE, "measured_by", "a friend")
    with pytest.raises(CatalogError, match=rf"{evidence.PEERS_FILE} row 3: measured_by"):
        evidence.read_peers(folder)


def test_a_scenario_of_no_claim_is_named(tmp_path: Path) -> None:
    folder = _edited(tmp_path, evidence.CLAIMS_FILE, "claim_id", "Z99")
    with pytest.raises(CatalogError, match=rf"{evidence.CLAIMS_FILE} row 3: unknown claim_id 'Z99'"):
        evidence.read_claim_scenarios(folder)


WITHOUT_FIGURES = {"sources", "places", "claims", "claim_scenarios", "strategy_presets", "api_price_disagreements",
                   "device_classes", "platform_formats", "workload_needs", "model_inputs", "licence_limits",
                   "user_devices", "platforms", "sellers", "uncertain_inputs"}  # fmt: skip
"""Tables of words, of keys, and of what a check writes."""


def test_every_figure_of_every_table_has_a_name_and_a_known_source() -> None:
    figures = every_figure()
    assert {figure.table for figure in figures} == {path.stem for path in DATA.glob("*.csv")} - WITHOUT_FIGURES
    assert all(figure.entity for figure in figures)
    assert {figure.source_id for figure in figures} <= set(load_catalog().sources)


def test_measured_figures_have_units() -> None:
    units = {figure.quantity: figure.unit for figure in every_figure() if figure.table == "measured_points"}
    assert units["output_tokens_per_s_per_accelerator"] == "tokens/s"
    assert (units["ttft_s"], units["tpot_ms"], units["input_tokens"]) == ("s", "ms", "tokens")


@pytest.mark.parametrize(
    "wrong", [{"tries": "1;2"}, {"query": "w=a~tpot_ms.{}"}, {"query": "w={}", "tries": "1", "tried": "ms"}]
)
def test_what_a_claim_tries_needs_its_place_and_its_target(wrong: dict[str, str]) -> None:
    row = {"claim_id": "a", "query": "w=a", "factor": "cost", "means": "cost"}
    with pytest.raises(ValueError, match="tries"):
        ClaimScenario.model_validate({**row, **wrong})
    right = {**row, "query": "w=a~tpot_ms.{}", "tries": "2;3", "tried": "ms", "target": "5"}
    assert ClaimScenario.model_validate(right).queries == {"2": "w=a~tpot_ms.2", "3": "w=a~tpot_ms.3"}
