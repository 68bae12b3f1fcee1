"""Measurements that data/ marks as left out: exactly those that the stated rules name."""

from collections import defaultdict
from collections.abc import Iterator

from components.catalog.evidence import MeasuredPoint, measured_points
from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters
from components.engine.evidence.calibration.figures import left_out
from components.engine.replica.formats import peak_16

LITTLE_FACTOR = 1.4
"""Between tokens/s and C o / (TTFT + o TPOT): from here on the three cannot be of one run; 98 % of all lie below."""
QUEUE_S, QUEUE_FACTOR = 10.0, 10.0
"""TTFT above which, and factor over reading every prompt in flight at the 16-bit peak above which, a client queued."""


def marked(start: str) -> set[str]:
    return {p.point_id for p in measured_points() if p.left_out.startswith(start)}


def served() -> Iterator[MeasuredPoint]:
    """Runs of more than one request whose load and time to first token are published."""
    for p in measured_points():
        if p.concurrency and p.concurrency > 1 and p.accelerators and p.ttft_s:
            yield p


def test_a_run_exported_twice_counts_once() -> None:
    """The same conditions and the same times to the last digit: the row with more chips multiplied its layout."""
    runs = defaultdict(list)
    for p in served():
        if p.tpot_ms:
            same = (p.model, p.accelerator_id, p.input_tokens, p.output_tokens, p.concurrency, p.ttft_s, p.tpot_ms)
            runs[same].append(p)
    twice = [sorted(rows, key=lambda p: p.accelerators or 0) for rows in runs.values() if len(rows) > 1]
    assert marked("copy of ") == {p.point_id for rows in twice for p in rows[1:]}
    assert {p.left_out.split()[2] for p in measured_points() if p.left_out.startswith("copy of ")} == {
        rows[0].point_id for rows in twice
    }


def test_a_run_that_contradicts_the_law_of_little_is_not_used() -> None:
    broken = set()
    for p in served():
        rate, osl = p.output_tokens_per_s_per_accelerator, p.output_tokens
        if rate and osl and p.tpot_ms and p.concurrency and p.accelerators and p.ttft_s:
            by_law = p.concurrency * osl / (p.ttft_s + osl * p.tpot_ms / 1e3) / p.accelerators
            if not 1 / LITTLE_FACTOR <= by_law / rate <= LITTLE_FACTOR:
                broken.add(p.point_id)
    assert marked("tokens/s, TTFT and TPOT contradict") == broken


def test_a_first_token_that_waited_for_the_client_is_not_used() -> None:
    """One replica without separate prefill: even if all prompts came at once, a tenth of the peak would read them."""
    catalog, waited = load_catalog(), set()
    for p in served():
        model, chip = catalog.models.get(p.model), catalog.accelerators.get(p.accelerator_id)
        if model is None or chip is None or p.disaggregated or not (p.input_tokens and p.concurrency and p.ttft_s):
            continue
        if left_out(p.model_copy(update={"left_out": ""}), "ttft"):
            continue
        flop = 2 * (model.active_params or model.total_params or 0) * p.input_tokens * p.concurrency
        read_s = flop / ((p.accelerators or 1) * peak_16(chip, load_parameters())[0])
        if p.ttft_s > max(QUEUE_S, QUEUE_FACTOR * read_s):
            waited.add(p.point_id)
    assert marked("waits for the client") == waited - marked("tokens/s") - marked("copy")


def test_a_run_whose_load_nobody_published_is_not_used() -> None:
    """Batch benchmarks have a load by rule (data/benchmarks.csv); another report without one may be any."""
    unknown = {p.point_id for p in measured_points() if p.benchmark == "other" and p.concurrency is None}
    assert marked("requests in flight not published") == unknown


def test_nothing_else_is_marked_and_it_is_little() -> None:
    reasons = ("copy of ", "tokens/s, TTFT and TPOT contradict", "waits for the client", "requests in flight not")
    assert sum(len(marked(start)) for start in reasons) == len(marked("")) - sum(
        p.left_out == "" for p in measured_points()
    )
    assert 0 < sum(bool(p.left_out) for p in measured_points()) < 0.02 * len(measured_points())
