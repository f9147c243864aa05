"""The end of a month in a large organisation, as requests: people who have signed in look, report and set goals.

A data directory as `starledger` makes it, with a branch of as many people as have connections, an account and a session
for each. Three requests of five read, two record: what is recorded must be there afterwards.
"""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Final

from api.identity.accounts import accounts_of
from api.identity.keyring import keyring_in
from api.identity.tables import SCHEMA
from bench.open_loop import Request
from domain.activities import RecordActivity
from domain.activity_kinds import ACTIVITY_KINDS
from domain.appointments import Appoint, OpenLedger
from domain.catalogue import CATALOGUE
from domain.decision import Command
from domain.ids import BranchId, PersonId
from domain.membership import JoinBranch
from domain.organisation import FoundBranch, RegisterPerson
from domain.posts import SetGoal
from domain.sealed import Sealed
from ledger.clock import SystemClock
from ledger.engine import open_database
from ledger.ledger import Ledger
from ledger.whole_files import create

REGISTRAR, OPERATOR, RECORDER, BRANCH = PersonId("REG"), PersonId("OPS"), PersonId("P0000"), BranchId("B1")
FOUNDED: Final = date(2020, 7, 1)
MIX: Final = (("my record", 40), ("what I did", 25), ("my goal", 15), ("readiness", 20))
"""Kinds of requests and how many of a hundred are of each."""
RECORDING: Final = frozenset({"what I did", "my goal"})
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Town:
    """An installation with people in it: their ids, and the token of the session of each."""

    data: Path
    tokens: dict[PersonId, str]


def settled(data: Path, people: int, database_url: str | None = None) -> Town:
    """Make the installation and return who lives in it."""
    data.mkdir(mode=0o700)
    create(data / "fingerprint.key", secrets.token_bytes(KEY_BYTES))
    engine = open_database(database_url or f"sqlite:///{data / 'ledger.db'}")
    apart = open_database(database_url or f"sqlite:///{data / 'accounts.db'}", SCHEMA)
    try:
        key = (data / "fingerprint.key").read_bytes()
        ledger = Ledger(engine, "main", catalogue=CATALOGUE, clock=SystemClock(), fingerprint_key=key)
        members = [PersonId(f"P{number:04}") for number in range(people)]
        for actor, command in _organised(members):
            ledger.execute(command, actor=actor)
        accounts = accounts_of(ledger, apart, keyring_in(data))
        made = [(person, accounts.people.made_for(person).account) for person in members]
        return Town(data, {person: accounts.sessions.begin(account, "link") for person, account in made})
    finally:
        engine.dispose()
        apart.dispose()


def _organised(members: list[PersonId]) -> Iterator[tuple[PersonId, Command]]:
    yield OPERATOR, OpenLedger(committee="数控厂党委", registrar=REGISTRAR, operator=OPERATOR)
    yield REGISTRAR, FoundBranch(branch=BRANCH, title="第一党支部", on=FOUNDED)
    for person in members:
        yield REGISTRAR, RegisterPerson(person=person, full_name=Sealed(f"党员{person[1:]}"))
        yield REGISTRAR, JoinBranch(person=person, branch=BRANCH, kind="formal", on=FOUNDED)
    yield REGISTRAR, Appoint(person=RECORDER, role="recorder", branch=BRANCH, since=FOUNDED, decided_by="支部大会")


def requests(town: Town, number: int, lot: Random) -> list[Request]:
    """Return so many requests of the mix, each of somebody drawn by lot."""
    people = list(town.tokens)
    kinds = lot.choices([kind for kind, _ in MIX], [share for _, share in MIX], k=number)
    return [_request(town, kind, lot.choice(people), lot) for kind in kinds]


def bare(number: int) -> list[Request]:
    """Return so many requests of the plainest route there is: what the server can do at most."""
    return [Request("bare route", _octets("GET", "/healthz", "", None))] * number


def _request(town: Town, kind: str, person: PersonId, lot: Random) -> Request:
    token, drawn = town.tokens[person], lot.getrandbits(64)
    if kind == "my record":
        return Request(kind, _octets("GET", f"/api/v1/people/{person}/record", token, None))
    if kind == "readiness":
        return Request(kind, _octets("GET", "/readyz", token, None))
    if kind == "my goal":
        period = str(datetime.now(UTC).year)
        return _command(
            kind, SetGoal, f"people/{person}/goals", token, {"period": period, "goals": f"零返工 {drawn:x}"}
        )
    did = {
        "activity": f"A{drawn:x}",
        "person": person,
        "kind": next(iter(ACTIVITY_KINDS)),
        "dimension": "job",
        "occurred_on": datetime.now(UTC).date().isoformat(),
        "statement": "完成工艺改进一项",
    }
    return _command(kind, RecordActivity, "activities", token, did)


def _command(kind: str, command: type[Command], at: str, token: str, body: dict[str, str]) -> Request:
    assert command.AT.rpartition("/")[2] == at.rpartition("/")[2]  # noqa: S101 - the route is that of the command
    return Request(kind, _octets("POST", f"/api/v1/{at}", token, body))


def _octets(method: str, path: str, token: str, body: dict[str, str] | None) -> bytes:
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Sec-Fetch-Site: same-origin"]
    lines += [f"Cookie: starledger={token}"] if token else []
    lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"] if body is not None else []
    return "\r\n".join((*lines, "", "")).encode() + content
