"""`backup` copies what is saved, and says what it cannot do."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.commands.parser import main
from components.store import Store, open_engine, where
from tests.store.test_store import ANN, DRAFT


def test_a_backup_holds_what_was_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOUR_LAYERS_DATA", str(tmp_path / "kept"))
    copy = tmp_path / "copy" / "four-layers.db"
    copy.parent.mkdir()
    assert main(["backup", str(copy)]) == 2
    assert "nothing has been saved yet" in capsys.readouterr().err
    store = Store(open_engine(where()))
    key = store.save(DRAFT, ANN)[0].id
    assert main(["backup", str(copy)]) == 0
    assert "1 saved scenario." in capsys.readouterr().out
    other = Store(open_engine(where({"FOUR_LAYERS_DATA": str(copy.parent)})))
    assert other.open(key, ANN) == store.open(key, ANN)
    assert main(["backup", str(copy)]) == 2
    assert "exists" in capsys.readouterr().err
    assert main(["backup", str(tmp_path / "no" / "folder.db")]) == 2
    assert "could not be made" in capsys.readouterr().err
    for one in (store, other):
        one._engine.dispose()


def test_postgresql_is_backed_up_by_its_own_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u@h/d")
    assert main(["backup", "x.db"]) == 2
    assert "pg_dump" in capsys.readouterr().err
