"""The answers of all presets on all workloads stay as accepted in tests/golden/presets.csv."""

from pathlib import Path

import pytest

from components.catalog.load import load_catalog
from components.share.presets import FIRST_SCREEN, presets
from tests.golden.presets import COLUMNS, COMMAND, EMPTY, Rows, computed, differences, side_by_side, stored, write

KEY = ("h100-tuned", "support_chat")
MEANT = f"If the change is meant, `{COMMAND} --write` accepts it; say in the commit why the answers moved."


@pytest.fixture(scope="module")
def now() -> Rows:
    return computed()


def changed(rows: Rows, column: str, text: str) -> Rows:
    return {**rows, KEY: {**rows[KEY], column: text}}


def test_answers_are_as_accepted(now: Rows) -> None:
    found = differences(stored(), now)
    if found:
        pytest.fail(f"{side_by_side(found)}\n{MEANT}", pytrace=False)


def test_file_holds_every_preset_on_every_workload_in_order() -> None:
    keys = list(stored())
    assert keys == sorted((p, w) for p in presets() for w in load_catalog().workloads)


def test_savings_by_layer_add_up_to_the_difference_in_cost(now: Rows) -> None:
    for (_, workload), row in now.items():
        if row["saving_model_usd"]:
            baseline = float(now[FIRST_SCREEN[0], workload]["usd_per_month"])
            saved = sum(float(row[c] or 0) for c in COLUMNS if c.startswith("saving_"))
            largest = max(abs(float(row[c] or 0)) for c in COLUMNS if c.startswith("saving_"))
            wanted = baseline - float(row["usd_per_month"])
            assert saved == pytest.approx(wanted, abs=0.05 + 2e-5 * max(baseline, largest)), row


@pytest.mark.parametrize(
    ("column", "old", "new", "change"),
    [
        ("usd_per_month", "123456", "123458", "+0.00162 %"),
        ("ttft_p95_s", "0.5", "0.25", "-50 %"),
        ("tpot_p95_s", "", "0.25", ""),
        ("chips", "8", "16", "+100 %"),
        ("ttft_p50_s", "0.5", "inf", "+inf %"),
        ("feasible", "yes", "no", ""),
        ("reason", "", "no published price", ""),
        ("saving_model_usd", "-100", "100", "+200 %"),
        ("saving_stack_usd", "0", "0.5", ""),
    ],
)
def test_a_cell_that_differs_is_shown_old_and_new(column: str, old: str, new: str, change: str) -> None:
    rows = {KEY: dict.fromkeys(COLUMNS, "")}
    found = differences(changed(rows, column, old), changed(rows, column, new))
    assert found == [(*KEY, column, old or EMPTY, new or EMPTY, change)]
    line = side_by_side(found).splitlines()[1].split()
    assert line[:3] == [*KEY, column]


@pytest.mark.parametrize(
    ("column", "old", "new"),
    [
        ("usd_per_month", "123456", "123457"),
        ("ttft_p95_s", "0.123456", "0.123455"),
        ("usd_per_month", "99999.9", "100000"),
        ("saving_stack_usd", "0", "0.01"),
    ],
)
def test_one_unit_of_the_last_digit_is_rounding(column: str, old: str, new: str) -> None:
    rows = {KEY: dict.fromkeys(COLUMNS, "")}
    assert differences(changed(rows, column, old), changed(rows, column, new)) == []


def test_rows_that_come_or_go_are_shown() -> None:
    rows = {KEY: dict.fromkeys(COLUMNS, "")}
    assert differences(rows, {}) == [(*KEY, "row", "present", "absent", "")]
    assert differences({}, rows) == [(*KEY, "row", "absent", "present", "")]


def test_what_is_written_is_read_back(now: Rows, tmp_path: Path) -> None:
    path = tmp_path / "presets.csv"
    assert stored(path) == {}
    write(now, path)
    assert stored(path) == now
