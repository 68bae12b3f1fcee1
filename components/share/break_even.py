"""Rent, own or API: what the page asks as text and back, and its curves, crossovers and bill to take away."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from components.catalog.load import Catalog
from components.engine.plan import BreakEven
from components.engine.scenario import Prices
from components.share import codec
from components.share.table import safe
from components.wording import numbers

COLUMNS = (
    "section", "name", "requests_per_day", "usd_per_month", "idle_usd_per_month", "busy_share", "replicas",
    "usd_once", "may_win", "words", "confidence", "sources", "data_date",
)  # fmt: skip


NEAR = "near"
"""Word of the code for the volumes around today's alone."""


class Choice(NamedTuple):
    """What the page asks beside the scenario."""

    strategy: int | None = None
    """Position of the strategy; None takes the page's own choice."""
    near: bool = False


def choice_code(choice: Choice) -> str:
    """The choice as text, the strategy counted from 1: "2~near"."""
    number = "" if choice.strategy is None else str(choice.strategy + 1)
    return "~".join(filter(None, [number, NEAR if choice.near else ""]))


def read_choice(code: str, count: int) -> tuple[Choice, tuple[str, ...]]:
    """The choice of a code, and a sentence for each part that cannot be taken.    Args: count, of strategies."""
    index, near, notices = None, False, []
    for part in filter(None, code.split("~")[:4]):
        if part == NEAR:
            near = True
        elif part.isdecimal() and len(part) < 3 and 1 <= int(part) <= count:
            index = int(part) - 1
        else:
            notices.append(f"Strategy “{codec.plain(part, 20)}” is not on the page; another one is shown.")
    return Choice(index, near), tuple(notices)


def most_interest() -> float:
    """Largest cost of capital that can be typed. [1/year]"""
    return codec.limits(Prices, "interest")[1] or 1.0


def read_interest(text: str) -> float | None:
    """A cost of capital as typed, "10 %" or "10"; None of nothing takes the published one. [1/year]

    Raises: ValueError that says what to type.
    """
    plain = text.strip().rstrip("%").strip().replace(",", ".")
    if not plain:
        return None
    try:
        share = float(plain) / 100
    except ValueError:
        share = math.nan
    if not 0 <= share <= most_interest():
        most = numbers.percent(most_interest())
        raise ValueError(f"A cost of capital lies between 0 and {most} a year; type for instance 10 %.")
    return share


def _number(value: float) -> float | str:
    return "" if math.isnan(value) else value


def _rows(found: BreakEven, catalog: Catalog) -> Iterator[dict[str, Any]]:
    for line in found.lines:
        head = {"section": "curve", "name": line.label, "may_win": "yes" if line.may_win else "no", "words": line.doubt}
        for i, volume in enumerate(found.requests_per_day):
            yield head | {
                "requests_per_day": float(volume),
                "usd_per_month": _number(float(line.usd_per_month[i])),
                "idle_usd_per_month": _number(float(line.idle_usd_per_month[i])),
                "busy_share": _number(float(line.busy_share[i])),
                "replicas": _number(float(line.replicas[i])),
            }
    for name, reason in found.left_out:
        yield {"section": "left out", "name": name, "may_win": "no", "words": reason}
    for flip in found.crossovers:
        yield {
            "section": "crossover",
            "name": f"{found.lines[flip.below].label} to {found.lines[flip.above].label}",
            "requests_per_day": flip.requests_per_day,
            "usd_per_month": flip.usd_per_month,
            "busy_share": _number(flip.busy_share),
            "words": "both cost the same" if flip.equal else "one server more turns it",
        }
    for part in found.ownership.lines:
        titles = (catalog.sources[s] for s in part.sources if s in catalog.sources)
        yield {
            "section": "owning",
            "name": part.name,
            "usd_per_month": part.usd_per_month,
            "usd_once": "" if part.usd_once is None else part.usd_once,
            "words": part.how,
            "confidence": part.confidence,
            "sources": "; ".join(dict.fromkeys(f"{s.title} ({s.published}) {s.url}".strip() for s in titles)),
        }


def break_even_csv(found: BreakEven, catalog: Catalog) -> bytes:
    """Curves, ways left out, crossovers and the bill of owning, UTF-8 with a mark that spreadsheets know."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", extrasaction="ignore")
    writer.writeheader()
    for row in _rows(found, catalog):
        writer.writerow({key: safe(cell) for key, cell in row.items()} | {"data_date": found.data_date})
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
