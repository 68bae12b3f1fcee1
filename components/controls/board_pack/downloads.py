"""The files: each made when it is clicked, from the same answers as the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from components.exports import deck, focus, paper, snapshot, tables, workbook
from components.exports.pack import Pack
from components.share.scenario_file import SCHEMA_FILE, scenario_json, schema_text
from components.share.table import comparison_csv
from components.wording.text import markdown

SHEETS: dict[str, paper.Sheet] = {"A4": "a4", "Letter": "us-letter"}
LETTER_LOCALES = ("en_US", "en_CA", "fr_CA", "es_MX")


class File(NamedTuple):
    """One file to take away."""

    key: str
    label: str
    what: str
    name: str
    """The end of its name."""
    mime: str
    make: Callable[[Pack], bytes | str]
    icon: str


PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _first(sheet: paper.Sheet) -> tuple[File, ...]:
    """What a board asks for."""
    return (
        File("deck", "Deck", "Up to ten slides with charts and tables that can be edited, and notes for the speaker.",
             "deck.pptx", PRESENTATION, deck.deck, ":material/co_present:"),
        File("page", "One page", "The answer, four charts, the plan and what must be true, with a code that opens it.",
             "page.pdf", "application/pdf", lambda made: paper.one_page(made, sheet), ":material/picture_as_pdf:"),
        File("workbook", "Workbook", "Bills and plan with live formulas: change a price or volume, and savings follow.",
             "workbook.xlsx", SPREADSHEET, workbook.workbook, ":material/table_view:"),
        File("report", "Full report", "The page, all charts, the plan, assumptions and every step behind every figure.",
             "report.pdf", "application/pdf", lambda made: paper.report(made, sheet), ":material/menu_book:"),
    )  # fmt: skip


MORE = (
    File("html", "Web page", "One HTML file that works without a connection.",
         "snapshot.html", "text/html", snapshot.snapshot, ":material/language:"),
    File("pictures", "Charts", "Every chart as SVG and PNG.",
         "charts.zip", "application/zip", paper.pictures, ":material/image:"),
    File("tables", "Tables", "Every table as CSV and Parquet.",
         "tables.zip", "application/zip", tables.tables, ":material/table:"),
    File("csv", "All figures", "One CSV with formulas and sources.", "figures.csv", "text/csv",
         lambda made: comparison_csv(made.scenario, made.result, made.catalog), ":material/csv:"),
    File("focus", "Planned spend", "Twelve months in the columns of FOCUS, for tools of FinOps.",
         "planned-spend.csv", "text/csv", focus.focus, ":material/payments:"),
    File("scenario", "Scenario", "JSON that `python -m components evaluate` reads.",
         "scenario.json", "application/json",
         lambda made: scenario_json(made.scenario, dict(made.facts())), ":material/data_object:"),
    File("schema", "JSON Schema", "What a scenario file may hold.", SCHEMA_FILE, "application/schema+json",
         lambda _: schema_text(), ":material/schema:"),
)  # fmt: skip


def downloads(made: Pack) -> None:
    """A card for each file of a board, then the rest in a row."""
    letter = made.money.locale in LETTER_LOCALES
    chosen = st.segmented_control("Paper", list(SHEETS), default="Letter" if letter else "A4", key="pack_sheet",
                                  required=True, persist_state="session")  # fmt: skip
    with st.grid(4, min_column_width=230, key="pack_files"):
        for file in _first(SHEETS[chosen or "A4"]):
            with st.container(border=True, height="stretch", key=f"pack_card_{file.key}"):
                st.markdown(f"{file.icon} **{file.label}**")
                st.caption(file.what)
                _button(file, made, "Download", strong=True)
    st.markdown("## For other tools")
    with st.grid(4, min_column_width=230, key="pack_more"):
        for file in MORE:
            with st.container(key=f"pack_card_{file.key}", gap="xsmall"):
                _button(file, made, file.label, strong=False)
                st.caption(file.what)
    st.markdown("## On every file")
    with st.container(key="pack_facts"):
        st.markdown("  \n".join(f"**{label}:** {markdown(shown(words))}" for label, words in made.facts()))


def shown(words: str) -> str:
    """A fact as the page shows it; a link may be as long as it likes in a file."""
    return words if len(words) <= 160 else f"{words[:159]}\u2026"


def _button(file: File, made: Pack, label: str, *, strong: bool) -> None:
    name = file.name if file.key == "schema" else f"four-layers-{made.made.isoformat()}-{file.name}"
    st.download_button(
        label, lambda: file.make(made), file_name=name, mime=file.mime, key=f"pack_{file.key}", on_click="ignore",
        icon=":material/download:" if strong else file.icon, width="stretch",
    )  # fmt: skip
