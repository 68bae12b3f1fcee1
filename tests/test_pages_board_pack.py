"""The Board pack page opens, offers every file, and makes each when it is asked for."""

from __future__ import annotations

import io
from functools import partial

import pytest
from PIL import Image

from components.controls.board_pack.downloads import MORE, SHEETS, File, _first
from components.controls.board_pack.looks import usable
from tests.app import open_app
from tests.exports.packs import pack

_open = partial(open_app, "board_pack")


def test_the_page_recommends_and_offers_every_file() -> None:
    at = _open()
    assert at.title[0].value.startswith("Move to All four layers")
    offered = [button.key for button in at.get("download_button")]
    assert offered == [f"pack_{file.key}" for file in (*_first("a4"), *MORE)]
    facts = " ".join(m.value for m in at.main.markdown)
    assert "Figures as of" in facts
    assert "cur=USD" in facts


def test_a_title_stays_and_stands_on_every_file() -> None:
    at = _open()
    at.text_input(key="pack_title").set_value("For the board <b>of</b> March").run()
    assert not at.exception
    assert "For the board" in " ".join(m.value for m in at.main.markdown)
    assert "<b>" not in " ".join(m.value for m in at.main.markdown).replace("\\<b\\>", "")


@pytest.mark.parametrize("query", [{"s0": "nonsense", "cur": "DOGE"}, {"w": "support_chat~ttft_ms.1~tpot_ms.0.1"}])
def test_bad_links_and_hopeless_targets_open_too(query: dict[str, str]) -> None:
    at = _open(**query)
    assert at.title[0].value


@pytest.mark.parametrize("file", [file for sheet in SHEETS.values() for file in _first(sheet)] + list(MORE))
def test_every_file_is_made(file: File) -> None:
    made = file.make(pack("own figures"))
    assert len(made) > 1000


def test_a_logo_is_a_picture_or_nothing() -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "#123456").save(out, "JPEG")
    with Image.open(io.BytesIO(usable(out.getvalue()))) as image:
        assert (image.format, image.size) == ("PNG", (40, 20))
    for junk in (b"", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n" + b"0" * 50, out.getvalue()[:60]):
        assert usable(junk) == b""
