"""The rows of questions to a ledger of real facts: why this star, as it was then, what if, and every round anew."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import msgspec

from bench.evaluated import RULEBOOK, Shape, evaluated, people_of, round_id, same_ledger
from bench.measuring import LARGEST, Sample, each_us
from bench.raw import CREATE_ON_SQLITE, INSERT_ON_SQLITE, sqlite_connection
from bench.reads import Damaged, consume, per_second
from bench.workshop import Workshop
from domain.decision import Selector
from domain.ids import PersonId
from domain.rounds import RoundOpened
from ledger.ledger import Ledger
from projections.asof import Timeline
from projections.explain import explain
from projections.hypotheses import Setting
from projections.replay import replay
from projections.replay.walk import needed_for
from projections.stars import STARS
from projections.view import View
from projections.views import VIEWS
from projections.what_if import what_if

PEOPLE = 100
MICROSECONDS_IN_A_MILLISECOND = 1_000
STEP_FACTS = 500
"""How far apart the moments are between which one steps: about a branch's evaluation."""
STEPS = 40
FIRST_ONES = 20
PERCENTS = range(6, 30)


def shape_of(workshop: Workshop) -> Shape:
    """Return how many rounds the ledger holds that questions are asked of."""
    return Shape.of(workshop.size.judged, PEOPLE)


def ledger_of(workshop: Workshop, facts: int) -> Ledger:
    """Return a ledger of about so many facts of real rounds."""
    return workshop.kept(f"evaluated {facts}", lambda: evaluated(workshop.file(), Shape.of(facts, PEOPLE)))


def _asked(workshop: Workshop) -> Ledger:
    return ledger_of(workshop, workshop.size.judged)


def _lines(workshop: Workshop) -> sqlite3.Connection:
    return workshop.kept("evaluated lines", lambda: _copied(workshop.file(), _asked(workshop)))


@contextmanager
def _copied(path: Path, ledger: Ledger) -> Iterator[sqlite3.Connection]:
    """Lend a bare table of a ledger's lines."""
    connection = sqlite_connection(path)
    try:
        connection.execute(CREATE_ON_SQLITE)
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT_ON_SQLITE, ((row.position, row.entry.decode()) for row in ledger.rows()))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        yield connection
    finally:
        connection.close()


def _decoded(connection: sqlite3.Connection, where: str, values: Iterable[int]) -> None:
    query = f"SELECT entry FROM facts WHERE {where}"  # noqa: S608 - our own words
    for (line,) in connection.execute(query, tuple(values)):
        msgspec.json.decode(line)


def _at(positions: Iterable[int]) -> tuple[str, list[int]]:
    known = sorted(positions)
    return f"position IN ({','.join('?' * len(known))})", known


def _ms(workshop: Workshop, work: Callable[[object], object], things: Iterable[object]) -> Sample:
    return Sample(each_us(work, things, workshop.size.seconds) / MICROSECONDS_IN_A_MILLISECOND)


# why this star


def _whose(workshop: Workshop) -> tuple[str, list[PersonId]]:
    """Return the newest round of the first branch, and its people in another order than that of the roster."""
    people = people_of(0, PEOPLE)
    Random(1).shuffle(people)  # noqa: S311 - an order, not a secret
    return round_id(0, shape_of(workshop).all_years[-1]), people


def explain_raw(workshop: Workshop) -> Sample:
    """Select the lines that each explanation cites by their positions and decode them."""
    ledger, connection, (round_asked, people) = _asked(workshop), _lines(workshop), _whose(workshop)
    told = [explain(ledger, round_asked, person) for person in people]
    cited = [_at({fact.position for node in each.tree.nodes() for fact in node.facts}) for each in told]
    return _ms(workshop, lambda each: _decoded(connection, *each), cited)  # type: ignore[misc]


def explain_ours(workshop: Workshop) -> Sample:
    """Ask `explain` about one person after the other: what the round comes to is computed for the first of them."""
    ledger, (round_asked, people) = _asked(workshop), _whose(workshop)
    explain(ledger, round_asked, people[0])
    return _ms(workshop, lambda person: explain(ledger, round_asked, str(person)), people)


def explain_first(workshop: Workshop) -> Sample:
    """Ask about the first person of all, each time of a ledger that was just opened: the whole round is computed."""
    ledger, (round_asked, people) = _asked(workshop), _whose(workshop)
    fresh = [(same_ledger(ledger), person) for person in people[:FIRST_ONES]]
    return _ms(workshop, lambda asked: explain(asked[0], round_asked, asked[1]), fresh)  # type: ignore[index]


# as it was then


def cold_raw(workshop: Workshop) -> Sample:
    """Read every line up to the moment and decode it."""
    size, connection = _asked(workshop).head().size, _lines(workshop)
    return _ms(workshop, lambda _: _decoded(connection, "position <= ?", (size,)), [None])


def cold_ours(workshop: Workshop) -> Sample:
    """Fold the view of stars from the first fact into a database in memory, remembering what each fact changed."""
    return _cold(workshop, (STARS,))


def cold_everything(workshop: Workshop) -> Sample:
    """Fold every view that there is."""
    return _cold(workshop, VIEWS)


def _cold(workshop: Workshop, views: tuple[View, ...]) -> Sample:
    ledger = _asked(workshop)

    def then(_: object) -> None:
        with Timeline(ledger, views) as timeline:
            timeline.at(ledger.head().size)

    return _ms(workshop, then, [None])


def _moments(workshop: Workshop) -> list[int]:
    size = _asked(workshop).head().size
    return [max(1, size - STEP_FACTS * number) for number in range(1, STEPS)]


def steps_raw(workshop: Workshop) -> Sample:
    """Read the lines between two moments and decode them."""
    connection, where = _lines(workshop), "position > ? AND position <= ?"
    between = [(moment, moment + STEP_FACTS) for moment in _moments(workshop)]
    return _ms(workshop, lambda each: _decoded(connection, where, each), between)  # type: ignore[arg-type]


def steps_ours(workshop: Workshop) -> Sample:
    """Go back with every view there is, 500 facts at a time: only the rows that differ are written."""
    ledger = _asked(workshop)
    with Timeline(ledger, VIEWS) as timeline:
        timeline.at(ledger.head().size)
        return _ms(workshop, lambda moment: timeline.at(int(str(moment))), _moments(workshop))


# what if


def what_if_raw(workshop: Workshop) -> Sample:
    """Select the lines that the answer is made of by their positions and decode them."""
    ledger, connection, (round_asked, _) = _asked(workshop), _lines(workshop), _whose(workshop)
    opened = list(ledger.read((Selector((RoundOpened.NAME,)),)))
    needed = [fact.position for fact in ledger.read(needed_for(opened, {round_asked}))]
    least, most = needed[0], needed[-1]
    wanted = f"position BETWEEN ? AND ? AND position IN ({','.join(map(str, needed))})"
    return _ms(workshop, lambda _: _decoded(connection, wanted, (least, most)), range(FIRST_ONES))


def what_if_ours(workshop: Workshop) -> Sample:
    """Ask `what_if` about one round of 100 people: had the first cap been another, each time of another size."""
    ledger, (round_asked, _) = _asked(workshop), _whose(workshop)
    supposed = [Setting(RULEBOOK, {"caps.0.percent": str(percent)}) for percent in PERCENTS]
    return _ms(workshop, lambda each: what_if(ledger, each, (round_asked,)), supposed)  # type: ignore[arg-type]


# every round anew


def fold_raw(workshop: Workshop) -> Sample:
    """Read every fact as an object with its event; nothing is computed."""
    return _bare_fold(_asked(workshop))


def replay_ours(workshop: Workshop) -> Sample:
    """Compute every number that was published anew and compare it."""
    return _replayed(_asked(workshop))


def fold_million(workshop: Workshop) -> Sample:
    """Read every fact as an object with its event; nothing is computed."""
    return _bare_fold(ledger_of(workshop, LARGEST))


def replay_million(workshop: Workshop) -> Sample:
    """Compute every number that was published anew and compare it."""
    return _replayed(ledger_of(workshop, LARGEST))


def _bare_fold(ledger: Ledger) -> Sample:
    return per_second(ledger.head().size, lambda: consume(ledger.read()))


def _replayed(ledger: Ledger) -> Sample:
    found = []
    sample = per_second(ledger.head().size, lambda: found.append(replay(ledger)))
    if found[0].differences or found[0].facts != ledger.head().size:
        message = "what the benchmark published is not what its facts come to"
        raise Damaged(message)
    return sample
