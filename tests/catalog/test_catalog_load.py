"""The loader reads the shipped tables, and a broken table says where it is broken."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from components.catalog.load import DATA, CatalogError, load_catalog, read_catalog, read_rows
from components.catalog.records import Source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of data/ that a test may damage."""
    target = tmp_path / "data"
    shutil.copytree(DATA, target)
    return target


def edit(folder: Path, file: str, change: Callable[[list[str]], list[str]]) -> None:
    """Rewrite the lines of a table."""
    path = folder / file
    path.write_text("\n".join(change(path.read_text(encoding="utf-8").splitlines())) + "\n", encoding="utf-8")


def test_the_shipped_catalog_loads_once_and_has_its_version() -> None:
    assert load_catalog() is load_catalog()
    catalog = read_catalog()
    assert catalog.version == load_catalog().version
    assert catalog.version.startswith(catalog.data_date + "+")


def test_the_catalog_is_read_only() -> None:
    catalog = load_catalog()
    with pytest.raises(TypeError):
        catalog.models["x"] = next(iter(catalog.models.values()))  # type: ignore[index]
    with pytest.raises(AttributeError):
        catalog.rentals = ()  # type: ignore[misc]


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "claims.csv").unlink()
    with pytest.raises(CatalogError, match=r"data/claims\.csv row 1: the file is missing"):
        read_catalog(folder)


def test_a_wrong_number_names_file_row_and_column(folder: Path) -> None:
    edit(folder, "sources.csv", lambda lines: [*lines, "new-id,,https://example.org,2026-01-01,2026-11-23"])
    rows = len((folder / "sources.csv").read_text(encoding="utf-8").splitlines())
    with pytest.raises(CatalogError, match=rf"data/sources\.csv row {rows}: title: Field required"):
        read_catalog(folder)


def test_an_extra_cell_is_refused(folder: Path) -> None:
    edit(folder, "sources.csv", lambda lines: [lines[0], lines[1] + ",surplus", *lines[2:]])
    with pytest.raises(CatalogError, match=r"row 2: expected 5 cells"):
        read_catalog(folder)


def test_an_unknown_column_is_refused(folder: Path) -> None:
    edit(folder, "claims.csv", lambda lines: [lines[0].replace("verdict", "judgement"), *lines[1:]])
    with pytest.raises(CatalogError, match=r"data/claims\.csv row 2: "):
        read_catalog(folder)


def test_a_source_twice_is_refused(folder: Path) -> None:
    edit(folder, "sources.csv", lambda lines: [*lines, lines[1]])
    with pytest.raises(CatalogError, match="appears twice"):
        read_catalog(folder)


ORPHANS = [
    ("economics.csv", "published,medium,", "published,medium,no-such-", "unknown source_id"),
    ("rental_prices.csv", "a100-40-sxm,", "a100-41-sxm,", "unknown accelerator_id 'a100-41-sxm'"),
    ("api_prices.csv", ",gpt-oss-120b,gpt-oss-120b,", ",gpt-oss-120b,gpt-oss-121b,", "unknown model_id 'gpt-oss-121b'"),
    ("workloads.csv", ",calls_per_task,", ",calls_per_job,", "unknown parameter 'calls_per_job'"),
    ("workloads.csv", "planning-estimate", "no-such-source", "unknown source_id 'no-such-source'"),
]


@pytest.mark.parametrize(("file", "old", "new", "rule"), ORPHANS)
def test_a_broken_reference_names_file_row_and_rule(folder: Path, file: str, old: str, new: str, rule: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError, match=rf"data/{file} row \d+: {rule}"):
        read_catalog(folder)


GONE = "translation,Translation,tpot_target_ms,"


def test_a_preset_with_a_parameter_missing_is_refused(folder: Path) -> None:
    edit(folder, "workloads.csv", lambda lines: [row for row in lines if not row.startswith(GONE)])
    with pytest.raises(CatalogError, match=r"data/workloads\.csv row \d+: tpot_target_ms: Field required"):
        read_catalog(folder)


def test_a_preset_parameter_twice_is_refused(folder: Path) -> None:
    edit(folder, "workloads.csv", lambda lines: [*lines, lines[1]])
    with pytest.raises(CatalogError, match="appears twice"):
        read_catalog(folder)


def test_a_range_that_descends_is_refused(folder: Path) -> None:
    edit(folder, "workloads.csv", lambda lines: [lines[0], lines[1].replace(",914,", ",9140,"), *lines[2:]])
    with pytest.raises(CatalogError, match=r"row 2: low, base and high must ascend"):
        read_catalog(folder)


def test_a_preset_figure_without_a_base_is_refused(folder: Path) -> None:
    """Absent is not zero tokens; only a target may be absent."""
    path = folder / "workloads.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    heads, cells = (next(csv.reader([line])) for line in lines[:2])
    cells = ["" if head in {"low", "base", "high"} else cell for head, cell in zip(heads, cells, strict=True)]
    lines[1] = ",".join(f'"{cell}"' for cell in cells)
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CatalogError, match="has no base: only a target may be absent"):
        read_catalog(folder)


def test_read_rows_serves_other_tables(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("source_id,title,published\na,A title,2026\n", encoding="utf-8")
    rows = read_rows("own.csv", Source, folder=tmp_path)
    assert rows == (Source(source_id="a", title="A title", published="2026"),)
    assert rows[0].id == "a"


def test_figures_list_every_number_with_unit_and_source() -> None:
    catalog = load_catalog()
    figures = catalog.figures()
    assert len(figures) > 7000
    assert all(figure.source_id in catalog.sources for figure in figures)
    assert all(figure.unit for figure in figures)
    [bandwidth] = [
        figure for figure in figures if figure.entity == "h100-sxm" and figure.quantity == "memory_bandwidth_gb_per_s"
    ]
    assert (bandwidth.value, bandwidth.unit, bandwidth.table) == (3350, "GB/s", "accelerators")
