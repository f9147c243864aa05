"""Followers are told at once within a process, and can look again whenever they like."""

import threading

from sqlalchemy import Engine

from ledger.engine import writing
from ledger.following import Bell, bell, channel, listen
from tests.ledger.toy import a_note, toy_ledger


def test_a_bell_rings_for_those_who_follow() -> None:
    here, gone = threading.Event(), threading.Event()
    ring = Bell()
    ring.follow(here)
    ring.follow(gone)
    ring.leave(gone)
    ring.leave(gone)
    ring.ring()
    assert (here.is_set(), gone.is_set()) == (True, False)


def test_every_append_rings_the_bell_of_its_ledger_and_nothing_else_does(engine: Engine) -> None:
    ledger, other = toy_ledger(engine), toy_ledger(engine, ledger_id="other")
    follower = threading.Event()
    bell(writing(engine), "main").follow(follower)
    other.execute(a_note("x"), actor="P1")
    ledger.execute(a_note(""), actor="P1")
    assert not follower.is_set()
    ledger.execute(a_note("x"), actor="P1")
    assert follower.is_set()


def test_a_channel_can_be_named_whatever_the_ledger_is_called() -> None:
    names = {channel(name) for name in ("main", "MAIN", "x" * 64, "a.b-c")}
    assert len(names) == 4
    assert all(len(name) <= 63 and name.isidentifier() for name in names)


def test_who_listens_wakes_until_it_is_stopped(shared_engine: Engine) -> None:
    toy_ledger(shared_engine)
    woken, stopped = threading.Event(), threading.Event()
    listener = threading.Thread(target=listen, args=(shared_engine, "main", woken.set, stopped))
    listener.start()
    assert woken.wait(30)
    stopped.set()
    listener.join(30)
    assert not listener.is_alive()
