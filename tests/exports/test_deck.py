"""The deck: real titles, native charts and tables, alternative text, notes, nothing outside or overflowing."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from components.exports.deck import deck
from components.exports.pack import Pack, clean
from components.exports.slide_parts import LINE, TALL, WIDE, lines_of, on
from tests.exports.office import converted
from tests.exports.packs import NAMES, pack

EMU = 914400


def _opened(made: Pack) -> Any:
    return Presentation(io.BytesIO(deck(made)))


@cache
def _deck(name: str) -> Any:
    return _opened(pack(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_slide_has_a_title_a_foot_and_notes(name: str) -> None:
    made = pack(name)
    file = _deck(name)
    assert 6 <= len(file.slides) <= 10
    assert (file.slide_width, file.slide_height) == (round(WIDE * EMU), round(TALL * EMU))
    for slide in file.slides:
        assert slide.shapes.title.text_frame.text.strip()
        assert slide.shapes.title.is_placeholder
        words = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert f"figures as of {made.result.data_date}" in words
        assert "Link: https://four.example" in slide.notes_slide.notes_text_frame.text
    first = file.slides[0].shapes.title.text_frame.text.replace("\u00a0", " ")
    assert first == clean(made.result.headline, 300)


@pytest.mark.parametrize("name", NAMES)
def test_charts_are_native_and_described(name: str) -> None:
    shapes = [shape for slide in _deck(name).slides for shape in slide.shapes]
    charts = [shape for shape in shapes if shape.has_chart]
    assert len(charts) >= 2
    assert [s for s in charts if not s._element.xpath(".//p:cNvPr/@descr")[0]] == []
    assert [s for s in shapes if s.has_table]
    assert not [s for s in shapes if s.shape_type == 13]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_leaves_the_slide_or_its_box(name: str) -> None:
    for number, slide in enumerate(_deck(name).slides, start=1):
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= WIDE * EMU + 9
            bottom = shape.top + shape.height
            if shape.has_table:
                bottom = shape.top + sum(row.height for row in shape.table.rows)
            assert bottom <= 7.4 * EMU, (number, shape.name)
            if shape.has_text_frame and shape.text_frame.text:
                assert _tall(shape) <= shape.height / EMU + 0.08, (number, shape.text_frame.text)


def _tall(shape: Any) -> float:
    """Height that its text takes. [in]"""
    sizes = [(p.text, p.font.size) for p in shape.text_frame.paragraphs if p.text and p.font.size]
    return float(sum(lines_of(words, shape.width / EMU, size.pt) * size.pt * LINE / 72 for words, size in sizes))


def test_the_waterfall_ends_at_the_new_bill() -> None:
    made = pack("support-chat")
    told = made.attribution
    assert told is not None
    charts = [shape.chart for slide in _deck("support-chat").slides for shape in slide.shapes if shape.has_chart]
    chart = next(chart for chart in charts if chart.plots[0].series[0].name == "Base")
    base, bill, saves, adds = ([*series.values] for series in chart.plots[0].series)
    assert bill[0] == pytest.approx(told.baseline_usd_per_month, abs=0.01)
    assert bill[-1] == pytest.approx(told.strategy_usd_per_month, abs=0.01)
    assert bill[0] - sum(saves) + sum(adds) == pytest.approx(bill[-1], abs=0.1)
    assert base[-2] == pytest.approx(bill[-1], abs=0.1)


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 120), "#AA2200").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_brand_and_logo_are_the_readers(kind: str) -> None:
    file = _opened(replace(pack("support-chat"), brand="#FFD700", logo=_picture(kind)))
    for slide in file.slides:
        (logo,) = [shape for shape in slide.shapes if shape.shape_type == 13]
        assert logo._element.xpath(".//p:cNvPr/@descr") == ["Logo"]
        title = slide.shapes.title
        assert title.left + title.width <= logo.left
    bar = next(shape for shape in file.slides[0].shapes if shape.name == "Brand")
    assert str(bar.fill.fore_color.rgb) == "FFD700"


@pytest.mark.parametrize(("ground", "ink"), [("FFD700", "1F2430"), ("1F5FA8", "FFFFFF"), ("FFFFFF", "1F2430")])
def test_the_ink_is_read_on_any_ground(ground: str, ink: str) -> None:
    assert on(ground) == ink


def _pages(file: Path) -> Iterator[str]:
    for page in PdfReader(file).pages:
        yield " ".join((page.extract_text() or "").split())


@pytest.mark.slow
def test_an_office_opens_it_with_all_slides(tmp_path: Path) -> None:
    """Every slide becomes a page with its title on it."""
    names = ("support-chat", "phone", "hard names", "nothing works", "own figures")
    files = []
    for name in names:
        files.append(tmp_path / f"{name}.pptx")
        files[-1].write_bytes(deck(pack(name)))
    for name, file in zip(names, converted(files, "pdf", tmp_path / "out"), strict=True):
        pages, slides = list(_pages(file)), list(_deck(name).slides)
        assert len(pages) == len(slides)
        for page, slide in zip(pages, slides, strict=True):
            start = " ".join(slide.shapes.title.text_frame.text.split()).partition("\u20b9")[0][:12]
            assert name == "hard names" or start in page
        drawn = subprocess.run(["pdftoppm", "-r", "20", "-png", str(file), str(file.with_suffix(""))], check=True)
        assert drawn.returncode == 0
        for picture in sorted(file.parent.glob(f"{file.stem}-*.png")):
            with Image.open(picture) as image:
                assert len(image.convert("L").getcolors() or []) > 20, picture
