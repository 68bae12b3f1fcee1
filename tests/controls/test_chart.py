"""The chart component: its library is the one that the charts' tests validate against, and its address is right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version
from streamlit import config

from tests.app import open_app
from tests.charts.make import DRAW

STATIC = Path(__file__).parents[2] / "static"


def test_the_library_is_the_one_that_figures_are_validated_for() -> None:
    with (STATIC / "plotly-basic.min.js").open(encoding="utf-8") as file:
        head = file.read(200)
    assert f"v{get_plotlyjs_version()}" in head


def test_the_library_draws_every_kind_of_trace_in_use() -> None:
    assert {trace["type"] for draw in DRAW.values() for trace in draw()["data"]} <= {"bar", "scatter"}


@pytest.mark.parametrize(("base", "address"), [("", "/app/static/"), ("team/inf", "/team/inf/app/static/")])
def test_the_library_is_asked_for_below_the_base_path(base: str, address: str) -> None:
    before = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", base)
    try:
        sent = json.loads(open_app().get("bidi_component")[0].proto.json)
    finally:
        config.set_option("server.baseUrlPath", before)
    assert sent["plotly"] == f"{address}plotly-basic.min.js"
    assert len(sent["alt"]) > 20
