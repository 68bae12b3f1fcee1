"""A typed volume is read as people mean it, or refused with a sentence that says what to write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.share.typed_volume import read_volume, volume_text

MONTH = 365.25 / 12


@pytest.mark.parametrize(
    ("text", "requests_per_day"),
    [
        ("2.3M", 2_300_000),
        ("2,3M", 2_300_000),
        ("2.345M", 2_345_000),
        ("1,234K", 1_234_000),
        ("250,000", 250_000),
        ("250.000", 250_000),
        ("250 000", 250_000),
        ("250\u202f000", 250_000),
        ("250'000", 250_000),
        ("1.234.567", 1_234_567),
        ("1.234,5", 1_234.5),
        ("1,234.5", 1_234.5),
        ("0.500", 0.5),
        ("12.5", 12.5),
        ("2 million per day", 2_000_000),
        ("2 million requests/day", 2_000_000),
        ("3M a month", 3_000_000 / MONTH),
        ("3M/month", 3_000_000 / MONTH),
        ("1.2 bn a month", 1.2e9 / MONTH),
        ("7K weekly", 1_000),
        ("365.25 thousand a year", 1_000),
        ("10 rps", 864_000),
        ("10 req/s", 864_000),
        ("100 an hour", 2_400),
        ("5 users", 20),
        ("5,000 users", 20_000),
        ("5.000 users", 20_000),
        ("20k employees a day", 80_000),
    ],
)
def test_it_is_read_as_people_mean_it(text: str, requests_per_day: float) -> None:
    assert read_volume(text, per_user=4).requests_per_day == pytest.approx(requests_per_day)


def test_users_are_kept_so_that_the_page_can_say_them() -> None:
    assert read_volume("5,000 users", 3.7).users == 5_000
    assert read_volume("5,000", 3.7).users is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "starts with no number"),
        ("many", "starts with no number"),
        ("-5", "starts with no number"),
        ("12.34.5", "is not one number"),
        ("12,34,567", "is not one number"),
        ("3 bananas", "“bananas” is not understood"),
        ("1e6", "“e” is not understood"),
        ("3M a day a month", "names two periods"),
        ("5,000 users a month", "Users are counted as they are on a day"),
        ("0", "Between 1 and 10B requests a day"),
        ("900 billion", "Between 1 and 10B requests a day"),
        ("9" * 400, "Between 1 and 10B requests a day"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as caught:
        read_volume(text, per_user=4)
    assert str(caught.value).endswith(".")


def test_work_without_users_asks_for_requests() -> None:
    with pytest.raises(ValueError, match="by feed, not by user: write requests"):
        read_volume("5,000 users", per_user=None)


@given(st.integers(1, 10**10))
def test_what_is_shown_is_read_back(volume: int) -> None:
    assert read_volume(volume_text(volume), None).requests_per_day == volume


@given(st.floats(1e-3, 1e10))
def test_a_broken_volume_is_read_back_as_shown(volume: float) -> None:
    assert read_volume(volume_text(volume), None).requests_per_day == pytest.approx(volume, rel=0.055)


@given(st.integers(1, 10**10), st.sampled_from([",", ".", " ", "'", "\u00a0", "\u202f"]))
def test_thousands_are_parted_by_any_mark(volume: int, mark: str) -> None:
    assert read_volume(f"{volume:,}".replace(",", mark), None).requests_per_day == volume


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        volume = read_volume(text, 4)
    except ValueError as reason:
        assert str(reason).endswith(".")
        assert "<" not in str(reason)
    else:
        assert 0 < volume.requests_per_day <= 1e10
