"""What the reader chooses for all files: title, brand colour, logo; and the pack that they are made of."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from components.catalog.load import load_catalog
from components.controls import shared
from components.engine.comparison import Comparison
from components.engine.plan import PlanAnswer
from components.engine.scenario import Scenario
from components.exports.findings import recommendation
from components.exports.pack import LONGEST_TITLE, Pack, pack_of
from components.wording import numbers
from components.wording.money import known_locale
from components.wording.text import markdown

BRAND = "#1F5FA8"
LARGEST_LOGO_PX = 4000
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def pack(scenario: Scenario, result: Comparison, plan: Callable[[Scenario], PlanAnswer]) -> Pack:
    """The comparison with the reader's title, colour and logo, and the widgets that ask for them.

    Args: plan, the plan over time of a scenario, asked for by the first file that is made.
    """
    link = re.sub(r"/board_pack/?\?", "/compare?", shared.address(scenario), count=1)
    title, colour, picture = st.columns([3, 1, 3], vertical_alignment="bottom")
    usual = f"{result.workload_label}: ways to serve it"
    asked = title.text_input(
        "Title", max_chars=LONGEST_TITLE, key="pack_title", placeholder=usual, persist_state="session"
    )
    chosen = colour.color_picker("Brand colour", BRAND, key="pack_brand", persist_state="session")
    with picture.popover("Logo", icon=":material/add_photo_alternate:"):
        file = st.file_uploader("Logo, PNG or JPEG", type=["png", "jpg", "jpeg"], key="pack_logo", max_upload_size=1)
    made = pack_of(
        scenario,
        load_catalog(),
        link=link,
        made=datetime.datetime.now(datetime.UTC).date(),
        title=asked,
        locale=known_locale(st.context.locale),
        result=result,
        planner=lambda asked, _result, _catalog: plan(asked),
    )
    logo = usable(file.getvalue()) if file is not None else b""
    if file is not None and not logo:
        st.warning("The logo cannot be read: choose a PNG or JPEG picture of at most 4,000 pixels a side.")
    return replace(made, brand=chosen if _COLOUR.fullmatch(chosen or "") else BRAND, logo=logo)


def usable(data: bytes) -> bytes:
    """The picture, written anew so that nothing but the picture is kept; empty where it is none."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if max(image.size) > LARGEST_LOGO_PX:
                return b""
            out = io.BytesIO()
            image.convert("RGBA").save(out, "PNG")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return b""
    return out.getvalue()


def headline(made: Pack) -> None:
    """What the files recommend, and what they are."""
    st.html(shared.STYLE)
    st.title(markdown(recommendation(made)), anchor=False)
    volume = numbers.requests_per_day(made.result.requests_per_day)
    st.caption(
        f"{markdown(made.result.workload_label)}, {volume}; figures as of {made.result.data_date}. Every file is made "
        "when you click, from the figures on these pages, and says its date, prices, range and link."
    )
