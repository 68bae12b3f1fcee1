"""A calibration is stored as the tables that the loader reads."""

import os
import shutil
from pathlib import Path

import pytest

from components.catalog import write_calibration as writing
from components.catalog.base import Source
from components.catalog.load import DATA, read_catalog, read_rows
from components.catalog.parameters import AccuracyRow, OffsetRow, ParameterRow, RangeRow
from components.catalog.write_calibration import DATED, CalibrationTables, Constant, source_id_of, write_calibration

FILES = ("engine_parameters.csv", "engine_offsets.csv", "engine_accuracy.csv", "engine_ranges.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of data/ that may be written."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def _stored(**constants: Constant) -> CalibrationTables:
    """What data/ holds, with other values of some constants."""
    (source,) = [s for s in read_rows("sources.csv", Source) if DATED.fullmatch(s.id)]
    return CalibrationTables(
        constants=constants,
        offsets=read_rows("engine_offsets.csv", OffsetRow),
        accuracy=read_rows("engine_accuracy.csv", AccuracyRow),
        ranges=read_rows("engine_ranges.csv", RangeRow),
        source=source,
    )


def test_storing_what_is_stored_changes_no_byte_of_the_tables(folder: Path) -> None:
    write_calibration(_stored(), folder)
    for name in FILES:
        assert (folder / name).read_bytes() == (DATA / name).read_bytes(), name
    assert read_catalog(folder).sources == read_catalog(DATA).sources


def test_a_new_value_keeps_its_row_and_cites_the_new_source_in_place_of_the_old(folder: Path) -> None:
    old = _stored(mbu=Constant(0.712345678, 0.7, 0.72))
    source = Source(source_id=source_id_of("2027-01-31"), title="A calibration", published="2027-01-31")
    write_calibration(CalibrationTables(old.constants, old.offsets, old.accuracy, old.ranges, source), folder)
    rows = {row.name: row for row in read_rows("engine_parameters.csv", ParameterRow, folder=folder)}
    before = {row.name: row for row in read_rows("engine_parameters.csv", ParameterRow)}
    assert (rows["mbu"].value, rows["mbu"].source_id) == (0.7123, "four-layers-calibration-2027-01-31")
    assert rows["mbu"].value_date == "2027-01-31"
    assert {name: row for name, row in rows.items() if name != "mbu"} == {
        name: row for name, row in before.items() if name != "mbu"
    }
    dated = [s.id for s in read_rows("sources.csv", Source, folder=folder) if DATED.fullmatch(s.id)]
    assert dated == ["four-layers-calibration-2027-01-31"]


@pytest.mark.parametrize("after", range(5))
def test_a_kill_while_it_writes_changes_no_table(after: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends without clean-up, as by a kill, in the middle of each file in turn."""
    write, written = writing._write, []

    def killed(path: Path, *rest: object) -> None:
        write(path, *rest)  # type: ignore[arg-type]
        written.append(path)
        if len(written) > after:
            path.write_text(path.read_text()[:100])
            os._exit(9)

    monkeypatch.setattr(writing, "_write", killed)
    before = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    child = os.fork()
    if child == 0:
        write_calibration(_stored(mbu=Constant(0.5, 0.4, 0.6)), folder)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert {path.name: path.read_bytes() for path in folder.glob("*.csv")} == before
    monkeypatch.setattr(writing, "_write", write)
    write_calibration(_stored(), folder)
    assert not list(folder.glob(".calibration-*"))
