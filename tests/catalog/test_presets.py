"""Presets come through the loader: a broken row names file, row and rule."""

import shutil
from pathlib import Path

import pytest

from components.catalog.load import DATA, CatalogError
from components.catalog.presets import PRESETS, load_presets, read_presets
from components.share.presets import FIRST_SCREEN, decoded, presets


def _with(folder: Path, line: str) -> tuple[Path, int]:
    """A data folder with one more preset, and its row."""
    shutil.copy(DATA / PRESETS, folder / PRESETS)
    with (folder / PRESETS).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    return folder, len((folder / PRESETS).read_text(encoding="utf-8").splitlines())


def test_every_preset_is_read_and_the_first_screen_is_among_them() -> None:
    assert list(presets()) == list(load_presets())
    assert set(FIRST_SCREEN) <= set(presets())
    assert all(preset.strategy.name == preset.label for preset in presets().values())


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Bad Id,Label,Words,weights.fp8", "id: String should match"),
        ("new,,Words,weights.fp8", "label: Field required"),
        ("naive,Again,Words,weights.fp8", "id 'naive' appears twice"),
        ("new,Label,Words,weights.fp8,surplus", "expected 4 cells"),
    ],
)
def test_a_broken_row_is_named(line: str, rule: str, tmp_path: Path) -> None:
    folder, row = _with(tmp_path, line)
    with pytest.raises(CatalogError, match=rf"{PRESETS} row {row}: {rule}"):
        read_presets(folder)


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("weights.fp3", "code?.*fp3.* is unknown"),
        ("wheels.4", "code: 'wheels' is not a setting"),
        ("cache.7", "code: cache was above its limit"),
    ],
)
def test_a_code_that_cannot_be_read_is_named(code: str, rule: str, tmp_path: Path) -> None:
    folder, row = _with(tmp_path, f"new,Label,Words,{code}")
    with pytest.raises(CatalogError, match=rf"{PRESETS} row {row}: .*{rule.removeprefix('code?.*')}"):
        decoded(read_presets(folder), folder)
