"""Breaks each table of a copied data/ in turn and prints what the readers say: `python readers.py` beside it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from components.catalog import evidence
from components.catalog.load import CatalogError, load_catalog
from components.catalog.uncertain import load_uncertain
from components.engine.outcome import open_book
from components.share.presets import presets

DATA = Path.cwd() / "data"


def read_all() -> None:
    """Every table."""
    presets()
    open_book(load_catalog())
    evidence.measured_points()
    evidence.claim_scenarios()
    evidence.every_figure()
    load_uncertain()


def said() -> str:
    """What a fresh process says of the tables; empty when it takes them."""
    end, begin = os.pipe()
    if os.fork() == 0:
        try:
            read_all()
        except CatalogError as fault:
            os.write(begin, str(fault).encode()[:4000])
        except BaseException as fault:
            os.write(begin, f"! {fault!r}".encode()[:4000])
        os._exit(0)
    os.close(begin)
    with os.fdopen(end, encoding="utf-8") as words:
        answer = words.read()
    os.wait()
    return answer


def main() -> None:
    """One JSON object: what is said by file, with its second row cut short and with a word in each of its cells."""
    found: dict[str, list[str]] = {}
    for path in sorted(DATA.glob("*.csv")):
        whole = path.read_text(encoding="utf-8")
        head, row, *rest = whole.split("\n")
        columns = head.count(",") + 1
        faults = [row.partition(",")[0], ",".join(["banana?"] * columns)]
        found[path.name] = []
        for fault in faults:
            path.write_text("\n".join((head, fault, *rest)), encoding="utf-8")
            found[path.name].append(said())
        path.write_text(whole, encoding="utf-8")
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
