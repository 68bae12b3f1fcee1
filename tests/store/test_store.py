"""The same laws on SQLite and PostgreSQL: nothing lost, nothing overwritten, nobody reads what is not theirs."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from components.store import (
    ANYBODY,
    Decision,
    Draft,
    Reader,
    Store,
    UnknownIdError,
    Version,
    Visibility,
    Watch,
    open_engine,
)
from components.store.ledger import ID_BYTES
from components.store.tables import METADATA
from tests.store.conftest import Clock

ANN, BEN, EVE = Reader("a" * 64, "acme.com", "Ann"), Reader("b" * 64, "acme.com", "Ben"), Reader("e" * 64, "", "")
DRAFT = Draft(
    "Support chat, spring",
    "v=1&w=support_chat&s0=plain",
    {"headline": "80 % less", "costs_usd_per_month": [145506.8763466824, 28763.3695359567]},
    "2026-11-28+abcdef01",
    "1.0.0",
    note="first look",
)


def saved(store: Store, reader: Reader = ANN, **changed: object) -> Version:
    return store.save(replace(DRAFT, **changed), reader)[0]  # type: ignore[arg-type]


def test_what_is_saved_comes_back_to_the_last_digit(store: Store) -> None:
    first = saved(store)
    assert store.open(first.id, ANN) == first
    assert first.answer == DRAFT.answer
    assert (first.number, first.name, first.author, first.base) == (1, DRAFT.name, "Ann", None)


def test_every_save_is_a_version_and_the_old_ones_stay(store: Store) -> None:
    first = saved(store)
    second, conflict = store.save(replace(DRAFT, name="Renamed", link="v=1&w=rag"), ANN, first.id, base=1)
    assert conflict is None
    assert second.number == 2
    assert store.open(first.id, ANN) == second
    assert store.open(first.id, ANN, 1) == first
    assert store.versions(first.id, ANN) == (second, first)
    assert [row.name for row in store.list(ANN).rows] == ["Renamed"]


def test_a_version_that_came_between_is_kept_and_said(store: Store) -> None:
    first = saved(store, visibility="team")
    theirs, _ = store.save(replace(DRAFT, note="Ben's"), BEN, first.id, base=1)
    mine, conflict = store.save(replace(DRAFT, note="Ann's"), ANN, first.id, base=1)
    assert conflict is not None
    assert (conflict.theirs, conflict.yours) == (2, 3)
    assert [v.note for v in store.versions(first.id, ANN)] == ["Ann's", "Ben's", "first look"]
    assert (theirs.base, mine.base) == (1, 1)


def test_twelve_writers_at_once_lose_nothing(store: Store) -> None:
    first = saved(store)
    faults: list[Exception] = []

    def write(number: int) -> None:
        try:
            store.save(replace(DRAFT, note=str(number)), ANN, first.id, base=1, tables=b"tables")
        except Exception as fault:
            faults.append(fault)

    writers = [threading.Thread(target=write, args=(i,)) for i in range(12)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert faults == []
    versions = store.versions(first.id, ANN)
    assert [v.number for v in versions] == list(range(13, 0, -1))
    assert {v.note for v in versions} == {"first look", *map(str, range(12))}


def test_ids_hold_at_least_96_bits_and_do_not_repeat(store: Store) -> None:
    assert ID_BYTES * 8 >= 96
    ids = {saved(store).id for _ in range(50)}
    assert len(ids) == 50
    assert all(len(i) == 22 for i in ids)


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [("private", {"Ann"}), ("team", {"Ann", "Ben"}), ("link", {"Ann", "Ben", "Eve", "nobody"})],
)
def test_who_may_open(store: Store, visibility: Visibility, readers: set[str]) -> None:
    key = saved(store, visibility=visibility).id
    everybody = {"Ann": ANN, "Ben": BEN, "Eve": EVE, "nobody": ANYBODY}
    for name, reader in everybody.items():
        if name in readers:
            assert store.open(key, reader).id == key
        else:
            with pytest.raises(UnknownIdError):
                store.open(key, reader)


@pytest.mark.parametrize("reader", [EVE, ANYBODY, BEN])
def test_only_those_who_may_change_it_do(store: Store, reader: Reader) -> None:
    key = saved(store).id
    assert not store.may_write(key, reader)
    for attempt in (
        lambda: store.save(DRAFT, reader, key, base=1),
        lambda: store.delete(key, reader),
        lambda: store.show_to(key, "team", reader),
        lambda: store.decide(key, 1, Decision("B", "cheaper"), reader),
        lambda: store.bring_back(key, reader),
    ):
        with pytest.raises(UnknownIdError):
            attempt()
    assert store.versions(key, ANN)[0].number == 1


def test_people_without_a_team_share_nothing_by_having_none(store: Store) -> None:
    key = saved(store, reader=EVE, visibility="team").id
    with pytest.raises(UnknownIdError):
        store.open(key, Reader("f" * 64, ""))
    with pytest.raises(UnknownIdError):
        store.open(key, ANYBODY)


def test_who_may_open_can_be_changed_by_the_owner(store: Store) -> None:
    key = saved(store, visibility="private").id
    store.show_to(key, "team", ANN)
    assert store.open(key, BEN).number == 1
    assert [row.mine for row in store.list(BEN).rows] == [False]
    store.show_to(key, "private", ANN)
    assert store.list(BEN).rows == ()


@pytest.mark.parametrize("id_", ["", "x", "a" * 22, "../../etc/passwd", "' OR 1=1 --", "\0" * 22, "a" * 5000, "é" * 22])
def test_an_unknown_id_is_one_sentence(store: Store, id_: str) -> None:
    saved(store)
    with pytest.raises(UnknownIdError, match="leads to no saved scenario"):
        store.open(id_, ANN)
    with pytest.raises(UnknownIdError):
        store.delete(id_, ANN)


def test_an_unknown_number_is_unknown(store: Store) -> None:
    key = saved(store).id
    with pytest.raises(UnknownIdError):
        store.open(key, ANN, 9)
    with pytest.raises(UnknownIdError):
        store.decide(key, 9, Decision("B", ""), ANN)


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "🧮🚀",
        "مرحبا بالعالم",
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "a\0b",
        "x" * 10_000,
        "\ud800",
        "",
    ],
)
def test_any_name_can_be_kept(store: Store, name: str) -> None:
    key = saved(store, name=name, note=name).id
    (row,) = store.list(ANN).rows
    assert row.id == key
    assert row.name == name.replace("\0", "").replace("\ud800", "?")[:120]


def test_deleting_can_be_undone_for_thirty_days(store: Store, clock: Clock) -> None:
    first = saved(store)
    store.delete(first.id, ANN)
    with pytest.raises(UnknownIdError):
        store.open(first.id, ANN)
    assert store.list(ANN).rows == ()
    assert [row.id for row in store.list(ANN, deleted=True).rows] == [first.id]
    clock.pass_days(29.9)
    store.bring_back(first.id, ANN)
    assert store.open(first.id, ANN) == first
    store.delete(first.id, ANN)
    clock.pass_days(30.1)
    with pytest.raises(UnknownIdError):
        store.bring_back(first.id, ANN)


def test_what_is_erased_takes_its_versions_decisions_and_data_along(store: Store, clock: Clock) -> None:
    old, _ = store.save(replace(DRAFT, data_version="old"), ANN, tables=b"old tables")
    kept, _ = store.save(replace(DRAFT, data_version="new"), ANN, tables=b"new tables")
    store.decide(old.id, 1, Decision("B", "cheaper"), ANN)
    store.delete(old.id, ANN)
    assert store.tables("old") == b"old tables"
    clock.pass_days(31)
    other = saved(store)
    store.delete(other.id, ANN)
    assert (store.tables("old"), store.tables("new")) == (b"", b"new tables")
    everything = store.everything_of(ANN)
    assert {row["id"] for row in everything["scenarios"]} == {kept.id, other.id}
    assert everything["decisions"] == []


def test_the_list_is_paged_last_saved_first_without_gap_or_repeat(store: Store) -> None:
    ids = [saved(store, name=str(i)).id for i in range(23)]
    saved(store, reader=EVE)
    seen: list[str] = []
    after = ""
    while True:
        page = store.list(ANN, after, size=5)
        seen += [row.id for row in page.rows]
        after = page.after
        if not after:
            break
    assert seen == ids[::-1]


def test_decisions_are_kept_with_what_they_watch(store: Store) -> None:
    key = saved(store, visibility="team").id
    watch = Watch("rental h100-sxm", "stays ahead unless an H100-hour costs more than 3.10 USD", 2.4, 3.1)
    taken = store.decide(key, 1, Decision("Owned B200", "cheapest over three years", "2027-03-01", (watch,)), BEN)
    assert store.decisions(ANN) == (taken,)
    assert store.decisions(BEN, key) == (taken,)
    assert store.decisions(BEN) == ()
    assert store.decisions(ANYBODY) == ()
    assert taken.decision.watches == (watch,)
    assert (taken.author, taken.number) == ("Ben", 1)


@pytest.mark.parametrize(
    ("at", "flips", "now", "crossed"),
    [(2, 3, 2.9, False), (2, 3, 3, True), (2, 3, 9, True), (3, 2, 2.1, False), (3, 2, 2, True), (2, 2, 2, False)],
)
def test_a_flip_is_crossed_from_either_side(at: float, flips: float, now: float, crossed: bool) -> None:
    assert Watch("x", "", at, flips).crossed(now) is crossed


def test_everything_of_a_reader_can_be_taken_away_and_erased(store: Store) -> None:
    mine, theirs = saved(store), saved(store, reader=BEN, visibility="team")
    store.save(replace(DRAFT, note="Ann's"), ANN, theirs.id, base=1)
    store.decide(theirs.id, 2, Decision("B", "mine"), ANN)
    store.delete(saved(store).id, ANN)
    found = store.everything_of(ANN)
    assert len(found["scenarios"]) == 2
    assert len(found["versions"]) == 3
    assert len(found["decisions"]) == 1
    assert all("owner" not in row for rows in found.values() for row in rows)
    assert store.forget(ANN) == 2
    assert store.everything_of(ANN) == {"scenarios": [], "versions": [], "decisions": []}
    with pytest.raises(UnknownIdError):
        store.open(mine.id, ANN)
    assert [(v.author, v.note) for v in store.versions(theirs.id, BEN)] == [("", "Ann's"), ("Ben", "first look")]
    assert store.forget(ANYBODY) == 0


def test_tables_are_those_of_the_latest_migration(engine: Engine) -> None:
    with engine.connect() as db:
        context = MigrationContext.configure(db)
        assert context.get_current_revision() == "0001"
        assert compare_metadata(context, METADATA) == []


def test_opening_again_changes_nothing(engine: Engine, store: Store) -> None:
    key = saved(store).id
    again = open_engine(engine.url.render_as_string(hide_password=False))
    assert Store(again).open(key, ANN).id == key
    again.dispose()
