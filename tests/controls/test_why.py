"""Every step of an answer is shown with how it is known, and its sources as links."""

from streamlit.testing.v1 import AppTest


def _script(index: int) -> None:
    from components.controls.shared import comparison
    from components.controls.shared.ledger import ledger
    from components.share.presets import first_screen

    ledger(comparison(first_screen()).answers[index])


def test_the_ledger_shows_every_step() -> None:
    for index in (0, 3):
        at = AppTest.from_function(_script, args=(index,), default_timeout=30).run()
        assert not at.exception
        words = [m.value for m in at.markdown]
        assert len(words) > 5
        assert all("-badge[" in w for w in words)
        assert any("](https://" in w for w in words)
        assert not any("None" in w for w in words)
