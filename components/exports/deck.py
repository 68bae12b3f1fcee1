"""A deck that can be forwarded: answer, comparison, where the saving comes from, speed, volume, risks, what next."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np

from components.charts import cost, latency, steps, volume
from components.engine.answer import WhyStep
from components.engine.comparison import cheaper_but
from components.exports import over_time, slide_charts
from components.exports.compared import HEADS, compared
from components.exports.findings import assumptions, choices, key_figures, next_checks, recommendation, risks
from components.exports.pack import Pack, clean
from components.exports.slide_parts import (
    BODY,
    BODY_END,
    BODY_TOP,
    MARGIN,
    TALL,
    TITLE,
    WIDE,
    Box,
    Deck,
    card,
    fitting,
    table,
    text,
)
from components.exports.slides_over_time import cost_over_time, turns
from components.wording import numbers
from components.wording.money import DOLLARS
from components.wording.text import capital, shorten

MOST_ASSUMPTIONS = 10
MOST_STEPS = 14


def answer(deck: Deck) -> None:
    """The answer in one sentence and the figures under it."""
    pack = deck.pack
    slide = deck.slide(pack.result.headline, _why(pack, {"cost"}))
    keys = key_figures(pack)
    gap, each = 0.25, (BODY.width - 0.25 * (len(keys) - 1)) / len(keys)
    for i, key in enumerate(keys):
        card(slide, Box(MARGIN + i * (each + gap), BODY_TOP + 0.3, each, 2.3), *key, deck.brand)
    facts = dict(pack.facts())
    lines = [f"{label}: {clean(facts[label], 260)}" for label in ("Workload", "Prices", "Basis", "Currency", "Link")]
    box = Box(MARGIN, BODY_TOP + 2.95, BODY.width, BODY_END - BODY_TOP - 3.0)
    text(slide, box, lines, fitting(lines, box, 14, 9), colour="4B5563")


def comparison(deck: Deck) -> None:
    """All strategies as a chart and a table."""
    pack = deck.pack
    answers = pack.result.answers
    slide = deck.slide(cost.finding(answers, pack.money), _why(pack, {"cost", "price"}))
    box = Box(MARGIN, BODY_TOP - 0.1, BODY.width, 2.65)
    slide_charts.monthly_cost(slide, box, pack, cost.alt_text(answers, pack.money))
    rows = [(shorten(line.name, 44), *line[1:8], shorten(line.qualifies, 60)) for line in compared(pack)]
    place = Box(MARGIN, BODY_TOP + 2.65, BODY.width, BODY_END - BODY_TOP - 2.65)
    table(
        slide, place, HEADS, rows, (2.6, 1.1, 1.0, 0.95, 0.95, 1.05, 0.85, 2.3, 1.3), brand=deck.brand, strong=pack.best
    )


def saving(deck: Deck) -> None:
    """Where the saving comes from, layer by layer."""
    pack, told = deck.pack, deck.pack.attribution
    if told is None:
        return
    notes = ["Each step takes one layer's changes more; the order is that of the table.", *told.notes]
    slide = deck.slide(f"{pack.name(told.index)}: {steps.finding(told, pack.money)}", notes)
    slide_charts.waterfall(
        slide, Box(MARGIN, BODY_TOP, 7.2, BODY.height), told, pack, steps.alt_text(told, pack.money)
    )  # fmt: skip
    rows = [
        (clean(shorten(step.label, 40)), clean(", ".join(step.levers), 140) or "as today",
         pack.money.compact(step.waterfall), pack.money.compact(step.shapley))
        for step in told.steps
    ]  # fmt: skip
    heads = ("Layer", "What is done", "Saves a month", "Fair share")
    place = Box(MARGIN + 7.4, BODY_TOP + 0.15, BODY.width - 7.4, 4.2)
    table(slide, place, heads, rows, (1.2, 1.9, 1.25, 1.2), brand=deck.brand)
    note = ["Fair share: the mean over all orders of the steps (Shapley).", f"Saves {pack.saving()} of today's bill."]
    text(slide, Box(place.left, BODY_END - 0.75, place.width, 0.7), note, 11, colour="4B5563")


def speed(deck: Deck) -> None:
    """Each time against its target."""
    pack = deck.pack
    answers, ttft, tpot = pack.result.answers, pack.result.ttft_target_s, pack.result.tpot_target_s
    slide = deck.slide(latency.finding(answers, ttft, tpot), _why(pack, {"speed"}))
    alt = latency.alt_text(answers, ttft, tpot)
    first = [a.ttft_p95_s.base if a.ttft_p95_s else None for a in answers]
    each = [a.tpot_p95_s.base if a.tpot_p95_s else None for a in answers]
    writes = any(a.writes for a in answers)
    panels = [("Wait for the first word" if writes else "Wait for a result", first, ttft)]
    panels += [("Time for each further word", each, tpot)] if writes else []
    wide = (BODY.width - 0.3 * (len(panels) - 1)) / len(panels)
    for i, (words, values, target) in enumerate(panels):
        left = MARGIN + i * (wide + 0.3)
        said = f", target {numbers.seconds(target)}" if target else ", no target"
        text(slide, Box(left, BODY_TOP, wide, 0.4), [f"{words}, slow case (p95){said}"], 14, bold=True)
        slide_charts.times(slide, Box(left, BODY_TOP + 0.4, wide, BODY.height - 0.8), pack, values, target, alt)
    note = "Slow case: 19 in 20 are faster. Late ones are amber."
    text(slide, Box(MARGIN, BODY_END - 0.3, BODY.width, 0.3), [note], 11, colour="4B5563")


def by_volume(deck: Deck) -> None:
    """Cost over volume, with the range of today."""
    pack, curves = deck.pack, deck.pack.result.curves
    if not np.isfinite(curves.cost_usd_per_month).any():
        return
    near = volume.marked(volume.among(curves, pack.out))
    words = [f"{capital(volume.flip_words(c))}: {c.cheaper_below} below, {c.cheaper_above} above" for c in near]
    slide = deck.slide(volume.finding(curves, pack.out), words or ["The cheapest does not change with the volume."])
    alt = volume.alt_text(curves, pack.money, out=pack.out)
    slide_charts.against_volume(slide, Box(MARGIN, BODY_TOP, 8.0, BODY.height), pack, alt)
    rows = [(shorten(pack.name(i), 36), pack.cost(i), pack.cost_range(i)) for i in range(len(pack.result.answers))]
    heads = ("Strategy", "Today, a month", "Range")
    place = Box(MARGIN + 8.2, BODY_TOP + 0.1, BODY.width - 8.2, 3.1)
    table(slide, place, heads, rows, (1.7, 1.1, 1.5), brand=deck.brand, largest=11, strong=pack.best)
    lines = [clean(line, 170) for line in words] or ["The cheapest does not change with the volume."]
    lines += [words for words in [cheaper_but(pack.result.answers, pack.money, pack.result.floor)] if words]
    today = numbers.requests_per_day(curves.today_requests_per_day)
    lines.append(f"Today: {today}. Upright strokes: the range there of the baseline and of {pack.name(pack.shown)}.")
    box = Box(place.left, BODY_TOP + 3.4, place.width, BODY_END - BODY_TOP - 3.4)
    text(slide, box, lines, fitting(lines, box, 13, 9), colour="4B5563")


def conditions(deck: Deck) -> None:
    """What must be true for each way, and what may turn out otherwise."""
    pack = deck.pack
    three = choices(pack)
    needs = next((pick.must_be_true for _, pick in three if pick.index == pack.shown), ())
    title = (
        f"{pack.name(pack.shown)} holds if {needs[0]}"
        if needs
        else "What must be true, and what may turn out otherwise"
    )
    slide = deck.slide(title, _why(pack, {"quality"}))
    rows = [
        (
            word,
            shorten(pack.name(pick.index), 44),
            pack.cost(pick.index),
            clean("; ".join(pick.must_be_true), 260) or "nothing more",
        )
        for word, pick in three
    ]
    if rows:
        place = Box(MARGIN, BODY_TOP, BODY.width, 2.5)
        table(
            slide,
            place,
            ("Choice", "Strategy", "Cost a month", "Must be true"),
            rows,
            (1, 2.2, 1.2, 6.5),
            brand=deck.brand,
        )
    top = BODY_TOP + (2.7 if rows else 0)
    text(slide, Box(MARGIN, top, BODY.width, 0.35), ["What may turn out otherwise"], 16, bold=True)
    lines = risks(pack) or ("Nothing beyond the ranges shown.",)
    box = Box(MARGIN, top + 0.42, BODY.width, BODY_END - top - 0.42)
    text(slide, box, lines, fitting(lines, box, 14, 9), bullets=True)


def what_next(deck: Deck) -> None:
    """What to do, and what to find out first."""
    pack = deck.pack
    slide = deck.slide(recommendation(pack), _why(pack, {"capacity"}))
    saved = pack.saving()
    lead = f"Saving: {saved} of today's bill. {pack.name(pack.shown)}: {pack.result.answers[pack.shown].known_how}."
    lines = [lead if pack.shown else pack.result.headline, over_time.sentence(pack)]
    box = Box(MARGIN, BODY_TOP, BODY.width, 1.1)
    text(slide, box, lines, fitting(lines, box, 15, 9), colour="4B5563")
    text(slide, Box(MARGIN, BODY_TOP + 1.25, BODY.width, 0.4), ["Next checks"], 18, bold=True, colour=deck.brand)
    checks = next_checks(pack) or ("Open the link and change what differs from your own case.",)
    box = Box(MARGIN, BODY_TOP + 1.75, BODY.width, BODY_END - BODY_TOP - 1.75)
    text(slide, box, checks, fitting(checks, box, 18, 10), bullets=True)


def basis(deck: Deck) -> None:
    """Assumptions with how they are known, source and date."""
    pack = deck.pack
    found = sorted((one for one in assumptions(pack) if one.what != "Quality"), key=lambda one: one.strategy != "all")
    rows = [
        (shorten(one.strategy, 32), one.what, shorten(one.value, 90), one.basis, shorten(one.source, 80))
        for one in found[:MOST_ASSUMPTIONS]
    ]
    title = f"It rests on {len(pack.sources())} sources, figures as of {pack.result.data_date}"
    slide = deck.slide(title, [f"{words}" for words in pack.sources().values()])
    heads = ("Strategy", "Assumption", "Value", "Basis", "Source and date")
    place = Box(MARGIN, BODY_TOP - 0.15, BODY.width, BODY_END - BODY_TOP - 0.2)
    table(slide, place, heads, rows, (1.9, 1.9, 3.6, 0.8, 3.4), brand=deck.brand, largest=11)
    if len(found) > MOST_ASSUMPTIONS:
        more = (
            f"{len(found) - MOST_ASSUMPTIONS} more, with sources and formulas, are in the workbook and behind the link."
        )
        text(slide, Box(MARGIN, BODY_END - 0.25, BODY.width, 0.25), [more], 10, colour="4B5563")


SLIDES: tuple[Callable[[Deck], None], ...] = (
    answer, comparison, saving, speed, by_volume, cost_over_time, conditions, turns, what_next, basis,
)  # fmt: skip
"""In their order; one that does not apply adds nothing."""


def _why(pack: Pack, topics: set[str]) -> list[str]:
    """Why this number, for the notes: steps of the baseline and of the shown strategy."""
    lines: list[str] = []
    for index in dict.fromkeys((0, pack.shown)):
        told = [step for step in pack.result.answers[index].ledger if step.topic in topics]
        lines.append(f"Why this number, {pack.name(index)}:")
        lines += [_step(pack, step) for step in told[:MOST_STEPS]]
    return lines


def _step(pack: Pack, step: WhyStep) -> str:
    inputs = "; ".join(f"{name} {value}" for name, value in step.inputs)
    value = "" if step.value is None else DOLLARS.quantity(step.value, step.unit)
    source = f" Source: {pack.source(step.sources[0])}" if step.sources else ""
    return f"{step.name.replace('_', ' ')}: {value} = {step.formula} ({inputs}), {step.basis}.{source}"


def _layout(file: Any) -> Any:
    """The layout of titles alone, in 16:9; pictures, dates and feet of the template are not used."""
    file.slide_width, file.slide_height = round(WIDE * 914400), round(TALL * 914400)
    layout = next(one for one in file.slide_layouts if one.name == "Title Only")
    for holder in list(layout.placeholders):
        if holder.placeholder_format.type != 1:
            holder._element.getparent().remove(holder._element)
            continue
        holder.left, holder.top, holder.width, holder.height = (round(inches * 914400) for inches in TITLE)
        frame = holder.text_frame
        frame.word_wrap = True
        frame.vertical_anchor = 1
        properties = holder._element.txBody.bodyPr
        for side in ("lIns", "rIns", "tIns", "bIns"):
            properties.set(side, "0")
    return layout


def _typeface(file: Any) -> None:
    """One that every office has; sizes are estimated for it."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    theme = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = theme.blob.replace(b'<a:latin typeface="Calibri"', b'<a:latin typeface="Arial"')


def deck(pack: Pack) -> bytes:
    """The presentation as a file."""
    from pptx import Presentation

    file = Presentation()
    opened = Deck(file, pack, _layout(file))
    for make in SLIDES:
        make(opened)
    for slide in file.slides:
        slide.shapes.title.text_frame.paragraphs[0].alignment = 1
    _typeface(file)
    told = file.core_properties
    told.title, told.author, told.comments, told.subject = (
        pack.title,
        "Four Layers",
        clean(pack.link, 250),
        "Board pack",
    )
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()
