"""What leaves the page says unit, basis, date and source, and opens in a spreadsheet without running anything."""

import csv
import io
import json

import pytest

from components.catalog.load import load_catalog
from components.commands.parser import main
from components.engine.comparison.compare_strategies import compare
from components.engine.scenario import Scenario, Strategy
from components.share import link, table
from components.share.presets import first_screen

CATALOG = load_catalog()


def _rows(names: tuple[str, ...] = ()) -> list[dict[str, str]]:
    scenario = first_screen()
    renamed = [s.model_copy(update={"name": n}) for s, n in zip(scenario.strategies, names, strict=False)]
    scenario = scenario.model_copy(update={"strategies": (*renamed, *scenario.strategies[len(renamed) :])})
    content = table.comparison_csv(scenario, compare(scenario, CATALOG), CATALOG).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_every_figure_has_unit_basis_and_date() -> None:
    rows = _rows()
    assert {row["section"].partition(":")[0] for row in rows} == {"scenario", "answer", "saving", "ledger"}
    for row in rows:
        assert row["unit"], row
        assert row["data_date"] == CATALOG.data_date
        if row["section"] == "answer":
            assert row["basis"]
    assert {row["strategy"] for row in rows if row["section"] == "answer"} == {
        s.name for s in first_screen().strategies
    }


def test_cost_parts_sum_to_the_cost() -> None:
    rows = [row for row in _rows() if row["section"] == "answer"]
    for strategy in {row["strategy"] for row in rows}:
        mine = [row for row in rows if row["strategy"] == strategy]
        parts = [float(row["value"]) for row in mine if row["figure"].startswith("cost part: ")]
        assert sum(parts) == pytest.approx(float(next(row["value"] for row in mine if row["figure"] == "cost")))


def test_each_view_of_a_saving_sums_to_the_saving() -> None:
    rows = _rows()
    cost = {row["strategy"]: float(row["value"]) for row in rows if row["figure"] == "cost"}
    base, *others = (s.name for s in first_screen().strategies)
    for strategy in others:
        for view in ("in order", "fair share", "made of"):
            mine = [r for r in rows if r["section"] == f"saving: {view}" and r["strategy"] == strategy]
            assert sum(float(row["value"]) for row in mine) == pytest.approx(cost[base] - cost[strategy])


def test_a_name_is_never_run_as_a_formula() -> None:
    assert not any(cell.startswith(("=", "+", "@")) for row in _rows(("=1+1", "@x", "+1")) for cell in row.values())


def test_the_command_prints_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "?" + link.canonical_query(first_screen())]) == 0
    printed = json.loads(capsys.readouterr().out)
    answers = compare(first_screen(), CATALOG).answers
    assert [a["cost_usd_per_month"]["base"] for a in printed["comparison"]["answers"]] == [
        pytest.approx(a.cost_usd_per_month.base) for a in answers
    ]


@pytest.mark.parametrize("argument", ["/no/such/file.json", "?s0=nonsense", "?w=support_chat~isl.nan"])
def test_bad_input_is_one_sentence(argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", argument]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.endswith(".\n")


def test_an_own_measurement_goes_with_the_table() -> None:
    first = first_screen()
    own = {"own_tpot_ms": 30.0, "own_chips": 4, "own_concurrency": 32}
    strategies = (first.strategies[0].model_copy(update=own), *first.strategies[1:])
    scenario = first.model_copy(update={"strategies": strategies})
    result = compare(scenario, CATALOG)
    rows = list(csv.DictReader(io.StringIO(table.comparison_csv(scenario, result, CATALOG).decode("utf-8-sig"))))
    marked = [row for row in rows if row["figure"] == "calibrated to your measurement"]
    assert [row["strategy"] for row in marked] == [strategies[0].name]
    assert "you measured 30 ms" in marked[0]["value"]
    assert any("own_tpot_ms.30" in row["value"] for row in rows if row["figure"] == "link")
    json.loads(table.comparison_json(scenario, result))


def test_a_strategy_without_a_price_does_not_cost_nothing() -> None:
    """A Groq 3 LPU has no published price: not published in the table, null in JSON, never 0."""
    scenario = Scenario(strategies=(Strategy(name="today"), Strategy(name="unpriced", hardware="groq-3-lpu")))
    comparison = compare(scenario, CATALOG)
    rows = csv.DictReader(io.StringIO(table.comparison_csv(scenario, comparison, CATALOG).decode("utf-8-sig")))
    cost = {row["strategy"]: row["value"] for row in rows if row["section"] == "answer" and row["figure"] == "cost"}
    assert cost["unpriced"] == "not published"
    assert float(cost["today"]) > 0
    answers = json.loads(table.comparison_json(scenario, comparison))["comparison"]["answers"]
    assert answers[1]["cost_usd_per_month"] is None
    assert answers[0]["cost_usd_per_month"]["base"] > 0
