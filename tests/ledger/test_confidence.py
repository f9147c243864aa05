"""Who asks in confidence stands nowhere in the database but as a one-time pseudonym (reliability.md, canary)."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from ledger.engine import open_database
from tests.ledger.toy import Object, an_objection, toy_ledger

CANARY = "canary-objector"


def bytes_after_objecting(url: str, name: str) -> tuple[bytes, list[str]]:
    """Let the canary object; return every byte the database keeps on disk, and the actors its facts name."""
    engine = open_database(url)
    ledger = toy_ledger(engine)
    for round_name in ("R1", "R2"):
        ledger.execute(an_objection(round_name, name), actor=CANARY)
    actors = [fact.actor for fact in ledger.read()]
    kept = Path(make_url(url).database or "")
    found = b"".join(path.read_bytes() for path in kept.parent.glob(f"{kept.name}*"))
    engine.dispose()
    return found, actors


def test_no_byte_of_the_database_names_who_objected_in_confidence(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Object, "in_confidence", True)
    kept, actors = bytes_after_objecting(sqlite_url, "O1")
    assert b"O1" in kept
    assert CANARY.encode() not in kept
    assert len(set(actors)) == 2, "a pseudonym serves once"
    assert all(actor.startswith("confidential-") for actor in actors)


def test_without_confidence_the_canary_is_found(sqlite_url: str) -> None:
    kept, actors = bytes_after_objecting(sqlite_url, "O1")
    assert CANARY.encode() in kept
    assert actors == [CANARY, CANARY]
