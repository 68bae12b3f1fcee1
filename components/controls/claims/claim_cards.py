"""Claims heard in meetings, in the order in which they were made, each with its verdict and a scenario to open."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from components.catalog.evidence import claim_scenarios
from components.catalog.load import load_catalog
from components.catalog.records import Claim
from components.controls.shared.badges import badge
from components.controls.shared.chart import STYLE
from components.engine.comparison import CheckedClaim, check_claim
from components.share.link import read_link
from components.wording.numbers import NOT_PUBLISHED
from components.wording.text import markdown

VERDICTS = {
    "supported": ("green", "supported"),
    "supported-with-conditions": ("blue", "with conditions"),
    "contradicted": ("orange", "contradicted"),
    "unsupported": ("gray", "no evidence found"),
}
ARTICLE = "S"
"""Start of the ids of claims of the article that the product began with; the others were heard elsewhere."""


@st.cache_resource(show_spinner="Trying the claims")
def _checked(_version: str) -> dict[str, tuple[CheckedClaim, str]]:
    catalog, found = load_catalog(), {}
    for claim_id, row in claim_scenarios().items():
        claim = check_claim(row, {value: read_link(query)[0] for value, query in row.queries.items()}, catalog)
        found[claim_id] = claim, row.queries[claim.tried]
    return found


def checked_claims() -> dict[str, tuple[CheckedClaim, str]]:
    """What the engine reaches for each claim that has a scenario, and the link of that scenario."""
    return _checked(load_catalog().version)


def headline() -> None:
    """How many claims hold, in a sentence."""
    every = load_catalog().claims
    found = Counter(claim.verdict for claim in every)
    holds, conditions = found["supported"], found["supported-with-conditions"]
    st.html(STYLE)
    st.title(
        f"Of {len(every)} claims heard in meetings {holds} hold, {conditions} hold under conditions, "
        f"{len(every) - holds - conditions} do not",
        anchor=False,
    )
    st.caption(
        "Each beside its primary source. Where it has a number that the engine can try, what the engine reaches under "
        f"the friendliest conditions; factors are {badge('modelled')}. A scenario opens in a new tab, yours stays here."
    )


def claims() -> None:
    """All claims: those of the article in its order, then the others."""
    every = load_catalog().claims
    st.markdown("## Claims of the article on cutting the cost of inference, in its order")
    for claim in every:
        if claim.id.startswith(ARTICLE):
            _claim(claim)
    st.markdown("## Other claims")
    for claim in every:
        if not claim.id.startswith(ARTICLE):
            _claim(claim)


def _claim(claim: Claim) -> None:
    found, query = checked_claims().get(claim.id, (None, ""))
    colour, verdict = VERDICTS[claim.verdict]
    reached = markdown(found.words).replace(" ", "\u00a0") if found else ""
    engine = f"; engine reaches **{reached}**" if found else ""
    value = f" (claimed: {markdown(claim.claimed_value)}{engine})" if claim.claimed_value else ""
    with st.expander(f":{colour}-badge[{verdict}] {markdown(claim.claim)}{value}"):
        source = load_catalog().sources[claim.source_id]
        st.markdown(f"**The source says.** {markdown(claim.what_the_source_says)}")
        st.markdown(f"**Conditions.** {markdown(claim.conditions or NOT_PUBLISHED)}")
        title = f"[{markdown(source.title)}]({source.url})" if source.url else markdown(source.title)
        st.caption(f"{title}, {claim.value_date}, {claim.confidence} confidence")
        if found:
            st.markdown(f"**The engine reaches {markdown(found.words)}**: {markdown(found.means)}. {badge('modelled')}")
            for remark in found.remarks:
                st.caption(f":material/block: {markdown(remark)}")
            st.link_button("Open this scenario", f"./compare?{query}", key=f"claim_{claim.id}",
                           icon=":material/open_in_new:")  # fmt: skip
