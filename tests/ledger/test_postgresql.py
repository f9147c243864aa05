"""What only PostgreSQL has: roles with few rights, several writers at once, notifications."""

import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from domain.appointments import OpenLedger
from domain.decision import Refused
from domain.ids import Evidence
from domain.keeping import EraseSealed
from domain.sealed import Sealed
from ledger import schema
from ledger.following import channel
from ledger.ledger import Attachment, Ledger
from ledger.verification import verify
from tests.ledger.conftest import Opener
from tests.ledger.toy import (
    FilePaper,
    Whisper,
    Whispered,
    a_confirmation,
    a_note,
    an_objection,
    person,
    toy_ledger,
)

pytestmark = pytest.mark.postgres
PAPER = Attachment.of(b"paper", "text/plain")


@pytest.fixture
def owner(postgres_url: str, opened: Opener) -> Engine:
    return opened(postgres_url)


@pytest.fixture
def application(owner: Engine, postgres_url: str, opened: Opener) -> Iterator[Ledger]:
    """Give a ledger as the application's role opens it, after its owner has created it."""
    toy_ledger(owner)
    role = f"app_{sa.make_url(postgres_url).database}"
    with owner.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'app'"))
        schema.grant(connection, role)
    url = sa.make_url(postgres_url).set(username=role, password="app")  # noqa: S106 - of a role that lives for one test
    engine = opened(url.render_as_string(hide_password=False))
    yield toy_ledger(engine)
    engine.dispose()
    with owner.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))


def test_the_applications_role_can_do_all_that_a_ledger_does(application: Ledger) -> None:
    application.execute(OpenLedger(committee="c", registrar=person("R"), operator=person("O")), actor="O")
    application.execute(Whisper(person=person("P1"), words=Sealed("x")), actor="P1", command_id="c2")
    assert application.execute(Whisper(person=person("P1"), words=Sealed("x")), actor="P1", command_id="c2").repeated
    (digest,) = [f.event.words.digest for f in application.read() if isinstance(f.event, Whispered)]
    application.execute(EraseSealed(digests=(digest,), ordered_by="P1", ground="asked"), actor="O")
    filing = FilePaper(person=person("P1"), paper=Evidence(PAPER.sha256))
    application.execute(filing, actor="P1", attachments=[PAPER])
    application.execute(an_objection(), actor="P1")
    with pytest.raises(Refused):
        application.execute(a_confirmation(), actor="P1")
    assert application.words([digest]) == {}
    assert verify(application).findings == ()


@pytest.mark.parametrize("table", ["facts", "tags", "commands", "attachments"])
@pytest.mark.parametrize(
    "change", ["UPDATE ledger.{} SET ledger_id = 'x'", "DELETE FROM ledger.{}", "TRUNCATE ledger.{}"]
)
def test_the_applications_role_can_change_nothing_that_was_recorded(
    application: Ledger, table: str, change: str
) -> None:
    assert_forbidden(application, change.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger.head",
        "TRUNCATE ledger.head",
        "UPDATE ledger.head SET ledger_id = 'x'",
        "INSERT INTO ledger.head SELECT 'x', size, frontier, chain, last_time FROM ledger.head",
        "UPDATE ledger.sealed SET value = 'x'",
        "TRUNCATE ledger.sealed",
        "DROP TABLE ledger.facts",
        "DROP TRIGGER append_only ON ledger.facts",
        "ALTER TABLE ledger.facts DISABLE TRIGGER ALL",
        "CREATE TABLE ledger.x (y int)",
        "CREATE OR REPLACE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "SET session_replication_role = replica",
    ],
)
def test_the_applications_role_can_do_nothing_else_either(application: Ledger, statement: str) -> None:
    assert_forbidden(application, statement)


def assert_forbidden(ledger: Ledger, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), ledger.engine.begin() as connection:
        connection.execute(text(statement))


def test_the_applications_role_may_take_back_sealed_words(application: Ledger) -> None:
    application.execute(Whisper(person=person("P1"), words=Sealed("x")), actor="P1")
    with application.engine.begin() as connection:
        assert connection.execute(text("DELETE FROM ledger.sealed")).rowcount == 1


def test_the_applications_role_cannot_begin_another_ledger(application: Ledger) -> None:
    with pytest.raises(Exception, match="permission denied"):
        toy_ledger(application.engine, ledger_id="another")


# several writers


def test_a_ledger_does_not_wait_for_another_one(owner: Engine) -> None:
    held, other = toy_ledger(owner, ledger_id="held"), toy_ledger(owner, ledger_id="other")
    with owner.begin() as connection:
        connection.execute(text("SELECT size FROM ledger.head WHERE ledger_id = 'held' FOR UPDATE"))
        connection.execute(text("SET LOCAL lock_timeout = '1s'"))
        assert other.execute(a_note("x"), actor="P1").positions == (1,)
        waiting = threading.Thread(target=lambda: held.execute(a_note("x"), actor="P1"))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
    waiting.join(30)
    assert (held.head().size, other.head().size) == (1, 1)


def test_a_decision_sees_what_was_committed_while_it_waited_for_the_lock(owner: Engine) -> None:
    first, second = toy_ledger(owner), toy_ledger(owner)
    refused: list[str] = []

    def object_late() -> None:
        try:
            second.execute(an_objection(), actor="P1")
        except Refused as refusal:
            refused.append(refusal.code)

    waiting = threading.Thread(target=object_late)

    def hold(name: str) -> None:
        if name == "append:head-advanced":
            waiting.start()
            wait_for_a_lock(owner)

    first._deciding._appender._failpoint = hold  # noqa: SLF001 - armed only now, after both have been opened
    first.execute(a_confirmation(), actor="P1")
    waiting.join(30)
    assert refused == ["too-late"]
    assert second.head().size == 1


def wait_for_a_lock(engine: Engine) -> None:
    """Return once somebody waits for a lock."""
    give_up = time.monotonic() + 30
    with engine.connect() as connection:
        while not connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
            connection.rollback()
            assert time.monotonic() < give_up
            time.sleep(0.01)


def test_appends_run_under_read_committed(owner: Engine) -> None:
    ledger = toy_ledger(owner)
    shown: list[str] = []
    with ledger._deciding._appender.locked() as appending:  # noqa: SLF001 - there is no other way to look inside
        shown += appending.connection.execute("SHOW transaction_isolation").fetchone()
    assert shown == ["read committed"]


def test_processes_on_two_connections_keep_positions_dense(postgres_url: str, opened: Opener) -> None:
    ledgers = [toy_ledger(opened(postgres_url)) for _ in range(4)]

    def work(ledger: Ledger) -> None:
        for number in range(25):
            ledger.execute(a_note(str(number)), actor="P1")

    threads = [threading.Thread(target=work, args=(ledger,)) for ledger in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [fact.position for fact in ledgers[0].read()] == list(range(1, 101))
    assert verify(ledgers[0]).findings == ()


# notifications


def test_every_append_is_announced_on_the_ledgers_own_channel(owner: Engine) -> None:
    ledger, other = toy_ledger(owner), toy_ledger(owner, ledger_id="other")
    heard: list[str] = []
    with owner.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.autocommit = True
        for name in ("main", "other"):
            driver.execute(f"LISTEN {channel(name)}")
        ledger.execute(a_note("x"), actor="P1")
        ledger.execute(a_note(""), actor="P1")
        other.execute(a_note("x"), actor="P1")
        heard += [notice.channel for notice in driver.notifies(timeout=5, stop_after=2)]
        heard += [notice.channel for notice in driver.notifies(timeout=0.3)]
        driver.autocommit = False
        connection.invalidate()
    assert heard == [channel("main"), channel("other")]
