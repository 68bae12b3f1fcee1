"""Data that are kept beside an answer give the same answer again."""

from __future__ import annotations

import io
import tomllib
import zipfile
from pathlib import Path

from components import VERSION
from components.catalog.load import load_catalog
from components.engine.comparison import compare
from components.share.data_tables import catalog_of, packed_tables
from components.share.engine_version import engine_version
from components.share.presets import first_screen


def test_the_catalog_comes_back_as_it_was() -> None:
    again = catalog_of(packed_tables())
    assert again is not None
    catalog = load_catalog()
    assert (again.rentals, again.api_prices, again.economics) == (
        catalog.rentals,
        catalog.api_prices,
        catalog.economics,
    )
    costs = [[a.cost_usd_per_month for a in compare(first_screen(), c).answers] for c in (again, catalog)]
    assert costs[0] == costs[1]


def test_what_cannot_be_read_any_more_is_none() -> None:
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    for packed in (b"", b"nonsense", packed_tables()[:-100], empty.getvalue()):
        assert catalog_of(packed) is None


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION
    assert engine_version().startswith(f"{VERSION}+")
