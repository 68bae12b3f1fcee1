"""Of the scenarios tried, a claim is told with the one that comes closest to it."""

from components.catalog.evidence import claim_scenarios
from components.catalog.load import load_catalog
from components.engine.comparison.claims import closest, reached
from components.engine.comparison.claims_checked import NO_CHECK, check_claim
from components.engine.comparison.compare_strategies import compare
from components.share.link import read_link


def test_the_closest_of_several_is_told_with_how_many_were_tried() -> None:
    row = next(row for row in claim_scenarios().values() if row.tries and len(row.queries) > 1)
    scenarios = {value: read_link(query)[0] for value, query in row.queries.items()}
    found = check_claim(row, scenarios, load_catalog())
    results = {value: compare(scenario, load_catalog()) for value, scenario in scenarios.items()}
    assert found.tried == closest({v: (r, reached(r, row.factor)) for v, r in results.items()}, row.target)
    assert f"at {found.tried} {row.tried}, the closest of {len(scenarios)} tried" in found.means
    alone = check_claim(row, {found.tried: scenarios[found.tried]}, load_catalog())
    assert alone.words == found.words


def test_a_ratio_of_two_that_are_out_is_no_check() -> None:
    row = claim_scenarios()["S07"]
    found = check_claim(row, {value: read_link(query)[0] for value, query in row.queries.items()}, load_catalog())
    assert len(found.remarks) == 2
    assert found.words == NO_CHECK
