"""The comparison on paper: one page, and a report with every step behind it, as PDF; charts as pictures."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any, Literal

from components.engine.answer import Answer
from components.exports import glyphs, over_time
from components.exports.compared import HEADS, compared
from components.exports.figures import Drawn, figures
from components.exports.findings import assumptions, choices, key_figures, next_checks, risks
from components.exports.pack import Pack, clean
from components.exports.svg import svg
from components.wording.money import DOLLARS
from components.wording.text import shorten

Sheet = Literal["a4", "us-letter"]
FONTS = Path(__file__).parents[2] / "static"
"""Inter in two weights; nothing of the machine is used, so a page is the same everywhere."""
PAGE = Path(__file__).with_name("paper.typ")
ON_PAGE = ("saving", "cost", "latency", "volume")
"""Charts of the one page."""
NARROW, BROAD = 420, 640
"""Widths that charts are drawn for: half a sheet, a whole one. [px]"""
LOWER = 130
"""What is taken off the height of a tall chart on half a sheet. [px]"""
MOST_RISKS = 3
LONGEST_PRINTED_LINK = 170
DOTS_PER_INCH = 200
AS_IS = frozenset({"svg", "qr", "link", "logo", "brand", "sheet"})
"""Parts of a page that are no prose."""
_LONG_WORD = re.compile(r"\S{14}(?=\S{3})")
LONGEST_LINK = 7000
"""Characters of a link that a PDF may hold. [1]"""
LONGEST_CODE = 2300
"""Characters of a link that a code holds and a telephone still reads. [1]"""


def one_page(pack: Pack, sheet: Sheet = "a4") -> bytes:
    """One sheet: answer, key figures, four charts, what must be true, where it comes from, a code that opens it."""
    return _compiled(_content(pack, sheet) | {"report": False})


def report(pack: Pack, sheet: Sheet = "a4") -> bytes:
    """The page, then table, charts, assumptions and every step of every strategy."""
    drawn = {one.key: _drawn(one, BROAD) for one in figures(pack)}
    more = {
        "report": True,
        "report_charts": [drawn[key] for key in drawn if not key.startswith("plan")],
        "plan": _plan(pack, [drawn[key] for key in drawn if key.startswith("plan")]),
        "compared": {"heads": HEADS, "rows": [list(line) for line in compared(pack)]},
        "all_risks": risks(pack),
        "checks": next_checks(pack),
        "assumptions": [list(one) for one in assumptions(pack)],
        "why": [{"name": pack.name(i), "steps": _steps(pack, a)} for i, a in enumerate(pack.result.answers)],
        "sources": list(pack.sources().values()),
    }
    return _compiled(_content(pack, sheet) | more)


def _plan(pack: Pack, drawn: list[dict[str, str]]) -> dict[str, Any]:
    """The chapter of the plan over time; a sentence where there is none."""
    found = pack.planned
    if found is None:
        return {"said": [pack.unplanned], "charts": [], "strategies": None, "turns": None, "after": []}
    turns, lines = over_time.turns(pack, found), over_time.strategies(pack, found)
    return {
        "said": [clean(words) for words in found.sentences(pack.money)[:4]],
        "charts": drawn,
        "strategies": {"heads": over_time.STRATEGY_HEADS, "rows": [list(line) for line in lines]},
        "turns": {"heads": over_time.TURN_HEADS, "rows": [list(turn) for turn in turns]},
        "after": [over_time.worth_of_all(pack, found), over_time.basis(pack, found)],
    }


def pictures(pack: Pack) -> bytes:
    """Every chart as SVG and as PNG, in a ZIP with a text that says where they come from."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for one in figures(pack):
            drawing = svg(one.figure, BROAD)
            file.writestr(f"{one.key}.svg", drawing)
            file.writestr(f"{one.key}.png", _png(drawing))
        said = "\n".join(f"{label}: {words}" for label, words in pack.facts())
        alts = "\n".join(f"{one.key}: {clean(one.alt)}" for one in figures(pack))
        file.writestr("about.txt", f"{said}\n\n{alts}\n")
    return out.getvalue()


def _png(drawing: str) -> bytes:
    source = (
        '#set page(width: auto, height: auto, margin: 8pt)\n#set text(font: "Inter")\n'
        '#image(bytes(sys.inputs.svg), format: "svg")'
    )
    return _typeset(source.encode(), {"svg": glyphs.drawable(drawing)}, "png")


def _compiled(content: dict[str, Any]) -> bytes:
    data = json.dumps(_breakable(content), ensure_ascii=False)
    note = glyphs.NOTE if glyphs.lacks(data) else ""
    return _typeset(PAGE.read_bytes(), {"data": glyphs.drawable(data), "lacking": note}, "pdf")


def _breakable(value: Any) -> Any:
    """Long words with places where they may break; drawings, colours and links as they are."""
    if isinstance(value, dict):
        return {key: part if key in AS_IS else _breakable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(part) for part in value]
    return _LONG_WORD.sub("\\g<0>\u200b", value) if isinstance(value, str) else value


def _typeset(source: bytes, inputs: dict[str, str], kind: Literal["pdf", "png"]) -> bytes:
    import typst

    found: object = typst.compile(  # type: ignore[misc]
        source, format=kind, ppi=DOTS_PER_INCH, font_paths=[FONTS], ignore_system_fonts=True, sys_inputs=inputs
    )
    assert isinstance(found, bytes)
    return found


def _drawn(one: Drawn, width: int) -> dict[str, str]:
    lower = LOWER if width == NARROW and one.key == "volume" else 0
    return {"svg": svg(one.figure, width, lower=lower), "alt": clean(one.alt)}


def _content(pack: Pack, sheet: Sheet) -> dict[str, Any]:
    facts = dict(pack.facts())
    link = facts.pop("Link")
    charts = {one.key: one for one in figures(pack)}
    told = ("Made on", "Figures as of", "Engine", "Currency", "Prices", "Basis", "Range")
    return {
        "sheet": sheet,
        "brand": pack.brand,
        "logo": list(pack.logo) or None,
        "title": pack.title,
        "headline": clean(pack.result.headline, 420),
        "subtitle": f"{facts['Workload']}; figures as of {pack.result.data_date}",
        "foot": f"{pack.title}, made {facts['Made on']}, figures as of {facts['Figures as of']}, {facts['Currency']}",
        "keys": [key._asdict() for key in key_figures(pack)],
        "page_charts": [_drawn(charts[key], NARROW) for key in ON_PAGE if key in charts],
        "over_time": over_time.in_short(pack),
        "choices": [
            [word, shorten(pack.name(pick.index), 40), pack.cost(pick.index),
             clean("; ".join(pick.must_be_true), 190) or "nothing more"]
            for word, pick in choices(pack)
        ],
        "risks": risks(pack)[:MOST_RISKS],
        "facts": [[label, clean(facts[label], 200)] for label in told],
        "link": link if len(link) <= LONGEST_LINK else link.partition("?")[0],
        "link_words": shorten(link, LONGEST_PRINTED_LINK),
        "qr": _code(link),
    }  # fmt: skip


def _code(link: str) -> str:
    """A code that opens the link, as SVG; of its page alone where the whole is too long to be read."""
    import segno

    whole = link if len(link) <= LONGEST_CODE else link.partition("?")[0]
    out = io.BytesIO()
    segno.make(whole or " ", error="l", micro=False).save(out, kind="svg", border=1, xmldecl=False)
    return out.getvalue().decode()


def _steps(pack: Pack, answer: Answer) -> list[list[str]]:
    return [
        [
            step.name.replace("_", " "),
            DOLLARS.quantity(step.value, step.unit) if step.value is not None else "",
            step.formula,
            "; ".join(f"{name} {value}" for name, value in step.inputs),
            "; ".join(shorten(pack.source(key), 70) for key in dict.fromkeys(step.sources[:2])),
        ]
        for step in answer.ledger
    ]
