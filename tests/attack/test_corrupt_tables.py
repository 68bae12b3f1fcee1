"""A corrupt row of data/ is refused in a sentence with file, row and column; the app shows that sentence."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.catalog.load import DATA, CatalogError
from components.controls.shared import page_frame

ROOT = DATA.parent
FILES = sorted(path.name for path in DATA.glob("*.csv"))
NOT_READ_BY_THE_APP = {"api_price_disagreements.csv"}
"""Written by `price_check` for people to read."""
ID_OF_ITS_OWN = {"sources.csv": "unknown source_id", "places.csv": ""}
"""A row of words alone is a row: what cites the one it replaced is refused, if anything does."""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the readers say of each table, with a row cut short and with a word in every cell."""
    folder = tmp_path_factory.mktemp("corrupt")
    shutil.copytree(DATA, folder / "data")
    (folder / "components").symlink_to(ROOT / "components")
    run = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("readers.py"))],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(run.stdout))


@pytest.mark.slow
@pytest.mark.parametrize("file", [name for name in FILES if name not in NOT_READ_BY_THE_APP])
def test_a_corrupt_row_is_named(file: str, said: dict[str, list[str]]) -> None:
    short, words = said[file]
    assert re.fullmatch(rf"data/{file} row 2: expected \d+ cells", short)
    if file in ID_OF_ITS_OWN:
        assert ID_OF_ITS_OWN[file] in words
        return
    columns = next(csv.reader((DATA / file).read_text(encoding="utf-8").splitlines()))
    found = re.match(rf"data/{file} row 2: (?:unknown )?(\w+)", words)
    assert found, words
    assert found[1] in columns


def test_the_page_shows_the_sentence_and_nothing_else() -> None:
    def page() -> None:
        from components.catalog.load import DATA, CatalogError
        from components.controls.shared import page_frame

        with page_frame.faults_said():
            raise CatalogError(DATA / "models.csv", 7, "layers: Input should be a valid number")

    at = AppTest.from_function(page).run()
    assert not at.exception
    assert [error.value.replace("\\", "") for error in at.error] == [
        "The data cannot be read: data/models.csv row 7: layers: Input should be a valid number"
    ]


def test_other_faults_are_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), page_frame.faults_said():
        raise ZeroDivisionError
    assert issubclass(CatalogError, ValueError)
