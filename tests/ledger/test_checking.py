"""A ledger compared with checkpoints held outside: rewritten, cut short, restored, forked; and the window is stated."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import Engine

from ledger.checking import Held, Report, check
from ledger.checkpoint import TreeHead
from ledger.clock import SimulatedClock
from ledger.ledger import Ledger
from ledger.proofs import roots_at
from tests.ledger.owner import Attack, Owner, a_fork, a_rewritten_fact, a_tail_cut_off, an_older_copy
from tests.ledger.small_ledgers import Desk, Template, template
from tests.ledger.tampering import Tampered
from tests.ledger.toy import START, a_note, toy_ledger


@pytest.fixture
def desk() -> Iterator[Desk]:
    opened = Desk()
    yield opened
    opened.close()


@pytest.fixture
def copied(desk: Desk) -> Template:
    """Return a ledger of eighteen facts or so, which lies on the desk."""
    made = next(each for each in (template(Random(n), 18) for n in range(30)) if each.size > 15)  # noqa: S311
    desk.put(made.database)
    return made


def held(ledger: Ledger, *sizes: int) -> list[Held]:
    """Return checkpoints of a ledger at these sizes."""
    return [
        Held(f"{size}.txt", TreeHead("log", size, root), ("log",)) for size, root in roots_at(ledger, sizes).items()
    ]


def kinds(report: Report) -> list[str]:
    return [finding.kind for finding in report.verdict.findings if finding.severity != "note"]


def test_checkpoints_of_every_size_fit_an_untouched_ledger(engine: Engine) -> None:
    ledger = toy_ledger(engine)
    for number in range(9):
        ledger.execute(a_note(str(number)), actor="P1")
    report = check(ledger, held(ledger, *range(10)))
    assert (report.verdict.ok, kinds(report), report.window.facts) == (True, [], 0)
    assert all(fits for _, fits in report.held)


def test_a_whole_suffix_made_anew_does_not_fit(desk: Desk, copied: Template) -> None:
    outside = held(desk.ledger, copied.size)
    a_rewritten_fact(Owner(desk, copied, Random(1)))  # noqa: S311
    report = check(desk.ledger, outside)
    assert kinds(report) == ["checkpoint-mismatch"]
    assert (report.verdict.ok, report.window.checkpoint_size, report.window.facts) == (False, 0, copied.size)


def test_where_it_was_rewritten_is_narrowed_down_by_several_checkpoints(desk: Desk, copied: Template) -> None:
    outside = held(desk.ledger, 2, 5, 9, copied.size)
    owner = Owner(desk, copied, Random(1))  # noqa: S311
    owner.edit(7)
    owner.rehash(7)
    report = check(desk.ledger, outside)
    assert kinds(report) == ["checkpoint-mismatch", "checkpoint-mismatch", "rewritten-between"]
    assert report.verdict.findings[-1].message.en == "What was rewritten stands among facts 6 to 9."
    assert [fits for _, fits in report.held] == [True, True, False, False]
    assert (report.window.checkpoint_size, report.window.facts) == (5, copied.size - 5)


@pytest.mark.parametrize("attack", [a_tail_cut_off, an_older_copy])
def test_a_ledger_that_became_shorter_names_the_first_fact_that_is_gone(
    desk: Desk, copied: Template, attack: Attack
) -> None:
    outside = held(desk.ledger, 1, copied.size)
    attack(Owner(desk, copied, Random(1)))  # noqa: S311
    report = check(desk.ledger, outside)
    left = report.verdict.size
    beyond = [finding for finding in report.verdict.findings if finding.kind == "checkpoint-beyond"]
    assert [finding.position for finding in beyond] == [left + 1]
    assert f"covers {copied.size} facts, the ledger has {left}" in beyond[0].message.en
    assert not report.verdict.ok


def test_a_fork_fits_one_checkpoint_and_not_the_other(desk: Desk, copied: Template) -> None:
    outside = held(desk.ledger, 1, copied.size)
    a_fork(Owner(desk, copied, Random(1)))  # noqa: S311
    longer = desk.fresh()
    while longer.head().size <= copied.size:
        longer.execute(a_note("other"), actor="P1")
    report = check(longer, [*outside, *held(longer, copied.size)])
    assert {"checkpoint-fork", "checkpoint-mismatch"} <= set(kinds(report))
    assert [fits for _, fits in report.held] == [True, False, True]
    assert not report.verdict.ok


@pytest.mark.usefixtures("copied")
def test_two_checkpoints_of_one_size_that_contradict_each_other_are_a_fork(desk: Desk) -> None:
    (one,) = held(desk.ledger, 3)
    other = Held("other.txt", TreeHead("log", 3, bytes(32)))
    assert kinds(check(desk.ledger, [one, one])) == []
    report = check(desk.ledger, [one, other])
    assert "checkpoint-fork" in kinds(report)
    assert "3.txt, other.txt" in report.verdict.findings[-2].message.en


def test_the_window_is_what_is_younger_than_the_newest_checkpoint_that_fits(engine: Engine) -> None:
    clock = SimulatedClock(START)
    ledger = toy_ledger(engine, clock=clock)
    for number in range(6):
        ledger.execute(a_note(str(number)), actor="P1")
        clock.advance(timedelta(minutes=1))
    facts = list(ledger.read())
    report = check(ledger, held(ledger, 2, 4))
    assert (report.window.checkpoint_size, report.window.size, report.window.facts) == (4, 6, 2)
    assert report.window.since == facts[3].recorded_at
    assert report.as_json()["window"] == {
        "checkpoint_size": 4,
        "size": 6,
        "facts": 2,
        "since": facts[3].recorded_at.isoformat(),
    }


def test_what_is_rewritten_inside_the_window_is_not_found(desk: Desk, copied: Template) -> None:
    """The window is real: this is what docs/guarantees.md says cannot be promised."""
    outside = held(desk.ledger, 9)
    owner = Owner(desk, copied, Random(1))  # noqa: S311
    owner.edit(10)
    owner.rehash(10)
    report = check(desk.ledger, outside)
    assert (kinds(report), report.window.facts) == ([], copied.size - 9)


def test_without_a_checkpoint_everything_is_in_the_window(desk: Desk, copied: Template) -> None:
    report = check(desk.ledger, [])
    assert (report.window.checkpoint_size, report.window.facts, report.window.since) == (0, copied.size, None)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM facts WHERE position = 2",
        "DELETE FROM head",
        "DROP TABLE facts",
        "UPDATE facts SET entry = CAST(x'ff00' AS TEXT)",
        "UPDATE facts SET recorded_at = 'never'",
        "ALTER TABLE facts RENAME COLUMN recorded_at TO gone",
        "ALTER TABLE facts RENAME COLUMN entry TO gone",
        "UPDATE facts SET position = -position",
        "UPDATE head SET size = 2",
    ],
)
def test_whatever_lies_in_the_database_there_is_a_report(desk: Desk, copied: Template, change: str) -> None:
    outside = held(desk.ledger, 1, 3, copied.size)
    desk.sql(change)
    report = check(desk.ledger, outside)
    assert not report.verdict.ok
    assert len(report.as_json()["checkpoints"]) == 3


def test_a_checkpoint_finds_what_the_head_row_hides_on_both_engines(shared_engine: Engine) -> None:
    tampered = Tampered(shared_engine)
    outside = held(tampered.ledger, 12)
    tampered.rewrite(3, "note 3", "note X")
    report = check(tampered.ledger, outside)
    assert {"leaf-mismatch", "root-mismatch", "checkpoint-mismatch"} <= set(kinds(report))
