"""Parts of a slide: title, text, key figures, tables, notes; sizes in inches and points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from components.exports.pack import Pack, clean

WIDE, TALL = 13.333, 7.5
"""Of a slide, 16:9. [in]"""
MARGIN = 0.55
BODY_TOP, BODY_END = 1.62, 6.92
"""Between title and foot. [in]"""
INK, SOFT, RULE, CARD = "1F2430", "4B5563", "D7DEE6", "F3F6F9"
LARGEST_TITLE, SMALLEST_TITLE, SMALLEST_CELL = 30, 15, 7
USUAL_LETTER, CAPITAL, WIDEST = 0.52, 0.68, 1.0
"""Widths over the size of the type: mean of prose at most, of capitals, of W and of scripts with square letters. [1]"""
LINE = 1.22
"""Height of a line over the size of the type. [1]"""


class Box(NamedTuple):
    """A place on a slide. [in]"""

    left: float
    top: float
    width: float
    height: float


TITLE = Box(MARGIN, 0.3, WIDE - 2 * MARGIN, 1.15)
BESIDE_LOGO = Box(MARGIN, 0.3, WIDE - 2 * MARGIN - 1.7, 1.15)
BODY = Box(MARGIN, BODY_TOP, WIDE - 2 * MARGIN, BODY_END - BODY_TOP)


def lines_of(text: str, width: float, points: float) -> int:
    """Lines that a text takes in a width, at most.    Args: width [in]; points, size of the type [pt]."""
    long = sum(map(_letter, text)) * points / 72
    return max(math.ceil(long / max(width, 0.1)), 1)


def _letter(letter: str) -> float:
    if letter in "MW@%" or ord(letter) > 0x2E80:
        return WIDEST
    return CAPITAL if letter.isupper() else USUAL_LETTER


def fitting(texts: Sequence[str], box: Box, largest: float, smallest: float, gap: float = 0.35) -> float:
    """The largest size at which paragraphs fit a box.    Args: gap, between them in lines.    Returns: [pt]"""
    size = largest
    while size > smallest:
        lines = sum(lines_of(text, box.width - 0.1, size) + gap for text in texts)
        if lines * size * LINE / 72 <= box.height:
            return size
        size -= 0.5
    return smallest


def on(colour: str) -> str:
    """The ink that is read on a ground: white, or near-black on a light one.    Args, returns: six hex digits."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return INK if (luminance + 0.05) ** 2 > 1.05 * 0.05 * 1.35 else "FFFFFF"


@dataclass
class Deck:
    """An open presentation."""

    file: Any
    """pptx.presentation.Presentation."""
    pack: Pack
    layout: Any

    @property
    def brand(self) -> str:
        """Six hex digits."""
        return self.pack.brand.lstrip("#")

    def slide(self, title: str, notes: Sequence[str]) -> Any:
        """A new slide with its title, foot, logo and what the speaker may be asked."""
        slide = self.file.slides.add_slide(self.layout)
        words = clean(title, 300).replace(" %", "\u00a0%")
        holder = slide.shapes.title
        if self.pack.logo:
            holder.left, holder.top, holder.width, holder.height = emu(BESIDE_LOGO)
        frame = holder.text_frame
        frame.text = words
        size = fitting([words], BESIDE_LOGO if self.pack.logo else TITLE, LARGEST_TITLE, SMALLEST_TITLE, 0)
        write(frame.paragraphs[0], size=size, bold=True, colour=INK)
        self._rule(slide)
        self._foot(slide)
        self._logo(slide)
        about = "; ".join(f"{label}: {words}" for label, words in self.pack.facts())
        slide.notes_slide.notes_text_frame.text = "\n".join([*map(clean, notes), "", clean(about)])
        return slide

    def _rule(self, slide: Any) -> None:
        bar = slide.shapes.add_shape(1, *emu(Box(0, 0, WIDE, 0.12)))
        bar.fill.solid()
        bar.fill.fore_color.rgb = rgb(self.brand)
        bar.line.fill.background()
        bar.name = "Brand"
        described(bar, "")

    def _foot(self, slide: Any) -> None:
        facts = dict(self.pack.facts())
        words = (
            f"{self.pack.title}  |  made {facts['Made on']}, figures as of {facts['Figures as of']}  |  "
            f"{facts['Engine'].partition(',')[0]}  |  {facts['Currency']}  |  {clean(facts['Prices'], 90)}"
        )
        place = Box(MARGIN, 7.02, WIDE - 2 * MARGIN - 0.9, 0.34)
        text(slide, place, [words], fitting([words], place, 10, 7, 0), colour=SOFT)
        number = slide.shapes.add_textbox(*emu(Box(WIDE - MARGIN - 0.8, 7.02, 0.8, 0.34)))
        paragraph = number.text_frame.paragraphs[0]
        paragraph.alignment = 3
        _slide_number(paragraph)

    def _logo(self, slide: Any) -> None:
        if self.pack.logo:
            import io

            picture = slide.shapes.add_picture(io.BytesIO(self.pack.logo), 0, 0)
            scale = min(1.5 / (picture.width / 914400), 0.55 / (picture.height / 914400))
            picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
            picture.left, picture.top = int((WIDE - MARGIN) * 914400) - picture.width, int(0.3 * 914400)
            described(picture, "Logo")


def emu(box: Box) -> tuple[int, int, int, int]:
    """A place in the file's units."""
    return tuple(round(inches * 914400) for inches in box)  # type: ignore[return-value]


def rgb(colour: str) -> Any:
    """A colour of six hex digits."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.lstrip("#").upper())


def described(shape: Any, words: str) -> None:
    """Alternative text; empty marks a decoration."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", clean(words))


def write(paragraph: Any, *, size: float, bold: bool = False, colour: str = INK) -> None:
    """The type of a paragraph that has its text."""
    from pptx.util import Pt

    paragraph.font.size = Pt(size)
    paragraph.font.bold = bold
    paragraph.font.color.rgb = rgb(colour)


def text(slide: Any, box: Box, paragraphs: Sequence[str], size: float, *, bold: bool = False, colour: str = INK,
         bullets: bool = False) -> Any:  # fmt: skip
    """A box of text."""
    from pptx.util import Pt

    shape = slide.shapes.add_textbox(*emu(box))
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for i, words in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        paragraph.text = clean(words)
        if bullets:
            _bullet(paragraph)
        write(paragraph, size=size, bold=bold, colour=colour)
        paragraph.space_after = Pt(size * 0.35)
    return shape


def _bullet(paragraph: Any) -> None:
    from lxml import etree

    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "228600")
    properties.set("indent", "-228600")
    name = "{http://schemas.openxmlformats.org/drawingml/2006/main}buChar"
    etree.SubElement(properties, name).set("char", "\u2022")


def _slide_number(paragraph: Any) -> None:
    """A field that counts slides."""
    from lxml import etree

    space = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    field = etree.SubElement(paragraph._p, f"{space}fld", id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", type="slidenum")
    etree.SubElement(field, f"{space}rPr", lang="en-US", sz="1000")
    etree.SubElement(field, f"{space}t").text = "\u2039#\u203a"


def card(slide: Any, box: Box, value: str, what: str, detail: str, colour: str) -> None:
    """One figure large, what it is and how sure, on a quiet ground."""
    shape = slide.shapes.add_shape(1, *emu(box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(CARD)
    shape.line.fill.background()
    shape.shadow.inherit = False
    described(shape, "")
    inner = box.width - 0.4
    big = fitting([value + "00"], Box(0, 0, inner, 0.75), 34, 16, 0)
    text(slide, Box(box.left + 0.2, box.top + 0.2, inner, 0.75), [value], big, bold=True, colour=colour)
    under = Box(box.left + 0.2, box.top + 0.95, inner, 0.35)
    text(slide, under, [what], fitting([what], under, 14, 10, 0), colour=INK)
    rest = Box(box.left + 0.2, box.top + 1.35, inner, box.height - 1.45)
    text(slide, rest, [detail], fitting([detail], rest, 12, 9, 0), colour=SOFT)


def table(slide: Any, box: Box, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], *,
          brand: str, largest: float = 12, strong: int | None = None) -> Any:  # fmt: skip
    """A native table.

    Args:
        widths: of the columns, in any unit.
        brand: ground of the heads, six hex digits.
        largest: size of the type where all fits. [pt]
        strong: index of the row that is set bold.
    """
    columns = [width / sum(widths) * box.width for width in widths]
    size, talls = largest, _heights([heads, *rows], columns, largest)
    while size > SMALLEST_CELL and sum(talls) > box.height:
        size -= 0.5
        talls = _heights([heads, *rows], columns, size)
    shape = slide.shapes.add_table(len(rows) + 1, len(heads), *emu(box))
    grid = shape.table
    grid.horz_banding = False
    for column, width in zip(grid.columns, columns, strict=True):
        column.width = round(width * 914400)
    for at, (cells, tall) in enumerate(zip([heads, *rows], talls, strict=True)):
        grid.rows[at].height = round(tall * 914400)
        for column, words in enumerate(cells):
            _cell(grid.cell(at, column), words, size, brand if at == 0 else "", bold=at == 0 or at - 1 == strong)
    return shape


def _heights(rows: Sequence[Sequence[str]], columns: Sequence[float], size: float) -> list[float]:
    """Of each row, by its longest cell. [in]"""
    lines = [max(lines_of(words, wide - 0.16, size) for words, wide in zip(row, columns, strict=True)) for row in rows]
    return [count * size * LINE / 72 + 0.1 for count in lines]


def _cell(cell: Any, words: str, size: float, ground: str, *, bold: bool) -> None:
    cell.text = clean(words)
    cell.margin_left = cell.margin_right = round(0.08 * 914400)
    cell.margin_top = cell.margin_bottom = round(0.04 * 914400)
    write(cell.text_frame.paragraphs[0], size=size, bold=bold, colour=on(ground) if ground else INK)
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(ground or "FFFFFF")
