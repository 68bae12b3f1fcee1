"""What a plan does not know: every figure that a row names exists, with ends, and every source is known."""

from components.catalog.levers import load_levers
from components.catalog.load import load_catalog
from components.catalog.uncertain import load_uncertain


def test_every_row_leads_to_a_figure_with_ends_and_to_a_source() -> None:
    catalog, levers = load_catalog(), load_levers().levers
    rows = load_uncertain()
    assert {"growth", "volume", "chips", "tokens", "speed", "price", "use", "people"} <= set(rows)
    for row in rows.values():
        assert row.source_id in catalog.sources, row.input
        if not row.figure:
            continue
        lever, figure = levers.get(row.figure), catalog.economics.get(row.figure)
        ends = (
            (lever.low, lever.value, lever.high) if lever else (figure.low, figure.base, figure.high) if figure else ()
        )
        assert None not in ends, row.input
        assert len(ends) == 3, row.input
        assert sorted(ends) == list(ends), row.input  # type: ignore[type-var]


def test_the_figures_of_a_plan_are_low_confidence_and_cite_a_source() -> None:
    catalog = load_catalog()
    rows = [row for row in catalog.economics.values() if row.category == "plan"]
    assert len(rows) == 7
    for row in rows:
        assert row.confidence == "low"
        assert row.notes
        assert row.source_id in catalog.sources
