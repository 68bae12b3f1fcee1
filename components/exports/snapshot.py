"""The comparison as one HTML file that works without a connection: charts, table, every step, sources."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from string import Template

from components.charts import theme
from components.engine.answer import Answer, WhyStep
from components.exports import over_time
from components.exports.compared import HEADS, compared
from components.exports.figures import Drawn, figures
from components.exports.findings import assumptions, choices, risks
from components.exports.pack import Pack, clean
from components.wording import numbers
from components.wording.money import DOLLARS

STATIC = Path(__file__).parents[2] / "static"
PLOTLY = STATIC / "plotly-basic.min.js"
PAGE = Path(__file__).with_name("snapshot.html")


@cache
def _page() -> Template:
    """The page with the drawing library in it."""
    script = PLOTLY.read_text(encoding="utf-8").replace("</script", "<\\/script").replace("$", "$$")
    return Template(PAGE.read_text(encoding="utf-8").replace("$plotly", script))


def said(text: str) -> str:
    """Text as HTML shows it."""
    return html.escape(clean(text))


def _rows(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{said(words)}</th>" for words in heads)
    body = "".join("<tr>" + "".join(f"<td>{said(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _figure(one: Drawn) -> str:
    marks = "".join(
        f"<span><i style='background:{html.escape(mark.colour)}'></i>{mark.name}</span>"
        for mark in theme.legend(one.figure)
    )
    return (
        f"<figure><div class='plot' role='img' aria-label='{said(one.alt)}' data-key='{one.key}' "
        f"style='height:{one.figure['layout']['height']}px'></div><div class='legend'>{marks}</div></figure>"
    )


def _step(pack: Pack, step: WhyStep) -> str:
    value = "" if step.value is None else f": {DOLLARS.quantity(step.value, step.unit)}"
    inputs = "; ".join(f"{name} {words}" for name, words in step.inputs)
    sources = "; ".join(pack.source(key) for key in dict.fromkeys(step.sources))
    parts = [f"<b>{said(theme.part_words(step.name))}</b>{said(value)} <span class='soft'>({said(step.basis)})</span>"]
    parts += [f"{said(step.formula)}"] if step.formula else []
    parts += [f"with {said(inputs)}"] if inputs else []
    parts += [f"<span class='soft'>{said(sources)}</span>"] if sources else []
    return "<p class='small'>" + "<br>".join(parts) + "</p>"


def _why(pack: Pack, index: int, answer: Answer) -> str:
    steps = "".join(_step(pack, step) for step in answer.ledger)
    return f"<details><summary>{said(pack.name(index))}: {said(pack.cost(index))} a month</summary>{steps}</details>"


def _risks(pack: Pack) -> str:
    needs = [f"{word}, {pack.name(pick.index)}: {'; '.join(pick.must_be_true)}" for word, pick in choices(pack)]
    return "<ul>" + "".join(f"<li>{said(words)}</li>" for words in (*needs, *risks(pack))) + "</ul>"


def _over_time(pack: Pack) -> str:
    """The plan in sentences, every strategy of it, and what would turn the decision."""
    found = pack.planned
    if found is None:
        return f"<p>{said(pack.unplanned)}</p>"
    lines = [*found.sentences(pack.money)[:4], over_time.nearest_turn(pack, found), over_time.worth_of_all(pack, found)]
    words = "".join(f"<li>{said(line)}</li>" for line in lines)
    tables = (
        _rows(over_time.STRATEGY_HEADS, over_time.strategies(pack, found)),
        _rows(over_time.TURN_HEADS, over_time.turns(pack, found)),
    )
    return (
        f"<ul>{words}</ul><div class='wide'>{'</div><br><div class=wide>'.join(tables)}</div>"
        f"<p class='soft small'>{said(over_time.basis(pack, found))}</p>"
    )


def snapshot(pack: Pack) -> bytes:
    """The file, UTF-8; nothing in it is asked from elsewhere."""
    drawn = figures(pack)
    data = json.dumps({one.key: theme.plain(one.figure) for one in drawn}, ensure_ascii=False)
    sources = pack.sources()
    urls = {key: pack.catalog.sources[key].url for key in sources if key in pack.catalog.sources}
    fields = {
        "title": said(pack.title),
        "brand": html.escape(pack.brand),
        "headline": said(pack.result.headline),
        "subtitle": said(
            f"{pack.result.workload_label}, {numbers.requests_per_day(pack.result.requests_per_day)}; "
            f"figures as of {pack.result.data_date}"
        ),
        "charts": "".join(map(_figure, drawn)),
        "table": _rows(HEADS, compared(pack)),
        "over_time": _over_time(pack),
        "risks": _risks(pack),
        "assumptions": _rows(("Strategy", "Assumption", "Value", "Basis", "Confidence", "Source"), assumptions(pack)),
        "why": "".join(_why(pack, i, answer) for i, answer in enumerate(pack.result.answers)),
        "sources": "".join(f"<li>{said(words)} {said(urls.get(key, ''))}</li>" for key, words in sources.items()),
        "facts": "".join(f"<dt>{said(label)}</dt><dd>{said(words)}</dd>" for label, words in pack.facts()),
        "figures": data.replace("</", "<\\/").replace("<!--", "<\\!--"),
    }
    return _page().substitute(fields).encode("utf-8")
