"""The HTML file stands alone and runs nothing of the reader's."""

from __future__ import annotations

import json
import re

import pytest

from components.exports.figures import figures
from components.exports.snapshot import snapshot
from tests.exports.packs import NAMES, pack

BODY = re.compile(r"<script>/\*.*?</script>|<script>\(\(\) =>.*?</script>", re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_it_carries_all_charts_answers_and_facts(name: str) -> None:
    made = pack(name)
    text = snapshot(made).decode()
    embedded = re.search(r'<script id="figures" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert embedded is not None
    assert set(json.loads(embedded[1].replace("<\\/", "</"))) == {one.key for one in figures(made)}
    assert text.count("<details>") == len(made.result.answers)
    for label, _ in made.facts():
        assert f"<dt>{label}</dt>" in text


def test_nothing_is_asked_from_elsewhere_and_nothing_of_a_name_runs() -> None:
    text = snapshot(pack("hard names")).decode()
    assert "default-src 'none'" in text
    assert not re.findall(r"<(?:link|img|iframe|script)[^>]+(?:src|href)=", text)
    assert text.count("<script") == text.count("</script>") == 3
    assert "alert(1)&lt;/script&gt;" in text
    assert "<b>bold</b>" not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
