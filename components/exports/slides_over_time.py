"""Two slides of the plan: cost over time with its range, and what would turn the decision; none without a plan."""

from __future__ import annotations

from components.charts import plan as charts
from components.exports import over_time, slide_charts
from components.exports.slide_parts import BODY, BODY_END, BODY_TOP, MARGIN, Box, Deck, fitting, table, text


def cost_over_time(deck: Deck) -> None:
    """Payments to the end of each month, of the choice and of today's, and every strategy's worth today."""
    pack, found = deck.pack, deck.pack.planned
    if found is None:
        return
    slide = deck.slide(over_time.sentence(pack).removesuffix("."), found.sentences(pack.money))
    alt = charts.paid_alt(found.base, found.futures.fans, pack.money)
    slide_charts.paid_so_far(slide, Box(MARGIN, BODY_TOP, 5.9, BODY.height), pack, found, alt)
    place = Box(MARGIN + 6.1, BODY_TOP + 0.1, BODY.width - 6.1, 3.2)
    rows = [tuple(line) for line in over_time.strategies(pack, found)]
    widths = (1.9, 0.9, 1.5, 0.9, 1.0)
    strong = found.base.best
    table(slide, place, over_time.STRATEGY_HEADS, rows, widths, brand=deck.brand, largest=11, strong=strong)
    lines = [
        f"Eight of ten futures save {over_time.between(pack, found)}. Solid: the middle future (P50). Dashed: one in "
        "ten pays less (P10), one in ten more (P90).",
        f"Best order: {found.switches.words}.",
        over_time.basis(pack, found),
    ]
    box = Box(place.left, BODY_TOP + 3.5, place.width, BODY_END - BODY_TOP - 3.5)
    text(slide, box, lines, fitting(lines, box, 12, 8), colour="4B5563")


def turns(deck: Deck) -> None:
    """What each input would have to be for another strategy to win, and what knowing it is worth."""
    pack, found = deck.pack, deck.pack.planned
    if found is None:
        return
    slide = deck.slide(over_time.finding(pack, found), found.sentences(pack.money))
    place = Box(MARGIN, BODY_TOP, BODY.width, 4.3)
    rows = [tuple(turn) for turn in over_time.turns(pack, found)]
    table(slide, place, over_time.TURN_HEADS, rows, (3.6, 1.3, 1.8, 2.0, 2.3, 1.3), brand=deck.brand, largest=13)
    lines = [
        over_time.worth_of_all(pack, found),
        "Each input alone, the others as planned. Worth: what knowing it before deciding saves on average, an upper "
        "limit of what a check may cost.",
    ]
    box = Box(MARGIN, BODY_TOP + 4.45, BODY.width, BODY_END - BODY_TOP - 4.45)
    text(slide, box, lines, fitting(lines, box, 14, 9), colour="4B5563")
