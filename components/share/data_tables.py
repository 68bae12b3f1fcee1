"""The tables that an answer rests on, packed to be kept beside it, and the catalog read from them again."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from components.catalog.load import DATA, Catalog, CatalogError, read_catalog

LEFT_OUT = frozenset({"measured_points.csv", "api_price_disagreements.csv", "peer_errors.csv"})
"""Tables that no answer reads: evidence, and what was compared."""
LARGEST_BYTES = 64_000_000
"""Of packed tables, unpacked."""


@cache
def packed_tables(folder: Path = DATA) -> bytes:
    """The tables of a folder as one file, the same bytes for the same tables."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob("*.csv")):
            if path.name not in LEFT_OUT:
                archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def catalog_of(packed: bytes) -> Catalog | None:
    """The catalog of packed tables; None where today's program cannot read them any more, or there are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive, tempfile.TemporaryDirectory() as folder:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_BYTES:
                return None
            for entry in archive.infolist():
                (Path(folder) / Path(entry.filename).name).write_bytes(archive.read(entry))
            return read_catalog(Path(folder))
    except (CatalogError, zipfile.BadZipFile, OSError, UnicodeDecodeError, KeyError):
        return None
