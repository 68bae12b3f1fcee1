"""LibreOffice without a screen: several files converted in one call."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

SHEET = "xlsx:Calc MS Excel 2007 XML"
PATIENCE_S = 300


def converted(files: Sequence[Path], kind: str, folder: Path) -> list[Path]:
    """The files as another kind, in a folder that is made.    Args: kind, as soffice names it: "pdf"."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", kind, "--outdir", str(folder), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_S)
    return [folder / f"{file.stem}.{kind.partition(':')[0]}" for file in files]
