"""The tables behind the Evidence page are refused by file, row and rule."""

import csv
import shutil
from pathlib import Path

import pytest

from components.catalog import evidence
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
