"""The table of every figure: each has its row, its source and the words by which it is found."""

from components.catalog.evidence import every_figure
from components.catalog.load import load_catalog
from components.catalog.search_figures import UNDATED, figure_table
from components.wording.numbers import NOT_PUBLISHED

TABLE = figure_table(every_figure(), load_catalog().sources)


def test_every_figure_has_its_row_with_date_and_source() -> None:
    figures = list(every_figure())
    assert len(TABLE.table) == len(figures)
    assert list(TABLE.table["Value"]) == [figure.value for figure in figures]
    undated = sum(figure.value_date in UNDATED for figure in figures)
    assert undated == (TABLE.table["Date"] == NOT_PUBLISHED).sum()
    assert TABLE.table["Source"].ne("").all()


def test_a_row_is_found_by_all_its_words_in_any_order_and_case() -> None:
    some = TABLE.search("memory h200-sxm")
    assert 0 < len(some) < 100
    assert TABLE.search("H200-SXM MEMORY").equals(some)
    assert set(some["Of"]) == {"h200-sxm"}
    assert len(TABLE.search("")) == len(TABLE.table)
    assert TABLE.search("nothing-like-this").empty
