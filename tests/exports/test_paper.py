"""Paper: one sheet whatever is compared, vector charts, a code that opens the link; pictures of every chart."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import typst
from lxml import etree
from PIL import Image
from pypdf import PageObject, PdfReader

from components.catalog.load import load_catalog
from components.engine.plan import plan_answer
from components.exports import glyphs, paper
from components.exports.figures import figures
from components.exports.pack import pack_of
from components.exports.paper import Sheet, one_page, pictures, report
from components.exports.svg import svg
from tests.exports.packs import DAY, DRAWS, LINK, NAMES, pack

SIZES: dict[Sheet, tuple[float, float]] = {"a4": (595.3, 841.9), "us-letter": (612.0, 792.0)}


def _text(page: PageObject) -> str:
    return " ".join(page.extract_text().replace("\u200b", "").split())


LETTERS = ("support-chat", "phone", "hard names", "nothing works", "own figures")


@pytest.mark.parametrize(
    ("name", "sheet"), [*((name, "a4") for name in NAMES), *((name, "us-letter") for name in LETTERS)]
)
def test_it_is_one_sheet_of_vectors(name: str, sheet: Sheet) -> None:
    made = pack(name)
    file = PdfReader(io.BytesIO(one_page(made, sheet)))
    (page,) = file.pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(SIZES[sheet], abs=0.5)
    assert not page.images
    text = _text(page)
    assert f"figures as of {made.result.data_date}" in text
    assert "https://four.example/compare" in text
    notes: Any = page["/Annots"]
    assert {note["/A"]["/URI"] for note in notes} == {made.link}


def test_fonts_are_its_own() -> None:
    (page,) = PdfReader(io.BytesIO(one_page(pack("support-chat")))).pages
    resources: Any = page["/Resources"]
    names = {str(font.get_object()["/BaseFont"]) for font in resources["/Font"].values()}
    assert names
    assert all("Inter" in name or "Libertinus" in name for name in names)


NAMED = (
    "\U0001f680\U0001f469\u200d\U0001f4bb \u0645\u0631\u062d\u0628\u0627 <b>\u05e9\u05dc\u05d5\u05dd</b> \u4f60\u597d"
)


def test_a_sign_stands_for_what_no_font_has_and_a_note_says_so() -> None:
    first = pack("support-chat").scenario
    named = first.strategies[1].model_copy(update={"name": NAMED})
    scenario = first.model_copy(update={"strategies": (first.strategies[0], named)})
    made = pack_of(scenario, load_catalog(), link=LINK, made=DAY, planner=partial(plan_answer, draws=DRAWS))
    (page,) = PdfReader(io.BytesIO(one_page(made))).pages
    text = _text(page)
    assert glyphs.NOTE in text
    assert "<b>" in text
    assert not glyphs.lacks(text)
    assert glyphs.NOTE not in _text(PdfReader(io.BytesIO(one_page(pack("support-chat")))).pages[0])
    assert glyphs.drawable(NAMED).count(glyphs.SIGN) == 2


def test_every_code_point_that_is_kept_is_drawn() -> None:
    """A page for each of a hundred: none is the empty box."""
    kept = [c for low, high in glyphs.RANGES for c in range(max(low, 0x21), high + 1)]
    letters = [c for c in kept if unicodedata.category(chr(c))[0] in "LNPS"][::42]
    codes = ", ".join(map(str, [0x1F680, *letters]))
    source = (
        "#set page(width: 20pt, height: 16pt, margin: 2pt)\n"
        '#set text(font: ("Inter", "Libertinus Serif", "DejaVu Sans Mono"), size: 8pt)\n'
        f"#for code in ({codes}) {{ page(str.from-unicode(code)) }}"
    )
    box, *drawn = typst.compile(  # type: ignore[call-overload]
        source.encode(), format="png", ppi=72, font_paths=[paper.FONTS], ignore_system_fonts=True
    )
    assert len(drawn) == len(letters) > 90
    assert [hex(code) for code, picture in zip(letters, drawn, strict=True) if picture == box] == []


def test_brand_and_logo_stand_on_it() -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 20), "#AA2200").save(out, "PNG")
    made = replace(pack("support-chat"), logo=out.getvalue(), brand="#AA2200")
    (page,) = PdfReader(io.BytesIO(one_page(made))).pages
    assert len(page.images) == 1


def test_a_link_beyond_what_a_code_holds_still_gives_a_page() -> None:
    made = replace(pack("support-chat"), link="https://four.example/?s0=" + "x" * 9000)
    assert len(PdfReader(io.BytesIO(one_page(made))).pages) == 1


@pytest.mark.parametrize("name", ["hard names", "nothing works"])
def test_the_report_has_every_step_and_source(name: str) -> None:
    made = pack(name)
    pages = [_text(page) for page in PdfReader(io.BytesIO(report(made))).pages]
    text = re.sub(r"\s", "", "".join(pages))
    assert text.count("Whythisnumber:") == len(made.result.answers)
    for title in made.sources().values():
        assert re.sub(r"\s", "", title)[:40] in text


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_becomes_a_drawing_within_its_frame(name: str) -> None:
    for one in figures(pack(name)):
        root = etree.fromstring(svg(one.figure, 640).encode())
        wide, tall = float(root.get("width")), float(root.get("height"))
        marks = [one for kind in ("rect", "circle", "polyline", "polygon") for one in root.findall(f".//{{*}}{kind}")]
        assert marks or name in {"nothing works", "no traffic"}, one.key
        for rect in root.findall(".//{*}rect"):
            assert 0 <= float(rect.get("x")) <= wide
            assert float(rect.get("x")) + float(rect.get("width")) <= wide + 0.5, one.key
            assert -0.5 <= float(rect.get("y")) <= tall
        for text in root.findall(".//{*}text"):
            assert -1 <= float(text.get("y")) <= tall + 1, (one.key, "".join(text.itertext()))


def test_bars_are_as_long_as_their_amounts() -> None:
    drawn = next(one for one in figures(pack("support-chat")) if one.key == "cost")
    root = etree.fromstring(svg(drawn.figure, 640).encode())
    bars = [rect for rect in root.findall(".//{*}rect") if rect.get("fill") != "url(#hatch)"]
    rows: dict[str, float] = {}
    for rect in bars[: -len({t["name"] for t in drawn.figure["data"] if t["type"] == "bar"})]:
        rows[str(rect.get("y"))] = rows.get(str(rect.get("y")), 0.0) + float(rect.get("width"))
    costs = [answer.cost_usd_per_month.base for answer in pack("support-chat").result.answers]
    lengths = [rows[key] for key in sorted(rows, key=float)]
    assert [long / lengths[0] for long in lengths] == pytest.approx([usd / costs[0] for usd in costs], rel=5e-3)


def test_pictures_come_as_vectors_and_dots() -> None:
    made = pack("support-chat")
    with zipfile.ZipFile(io.BytesIO(pictures(made))) as file:
        keys = [one.key for one in figures(made)]
        assert sorted(file.namelist()) == sorted([f"{k}.{e}" for k in keys for e in ("svg", "png")] + ["about.txt"])
        assert made.link in file.read("about.txt").decode()
        for key in keys:
            with Image.open(io.BytesIO(file.read(f"{key}.png"))) as image:
                assert image.width > 1200
                assert len(image.convert("L").getcolors() or []) > 20
