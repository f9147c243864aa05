"""The table: which work is measured, against which limit, beside whom, and what we want to reach."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

from bench import archives, asking, loads, reads, scoring, taken_apart
from bench.measuring import Contender, Role, Row, Sample, Store, writing, writing_from_coroutines
from bench.ours import Ours, our_recorder, ours
from bench.peer_eventsourcing import postgres_application, postgres_dcb, sqlite_application
from bench.peer_message_db import message_db
from bench.peer_umadb import umadb
from bench.postgres import url_of
from bench.raw import raw_postgres, raw_sqlite
from bench.workshop import Workshop, url_of_file
from domain.text import Text

SQLITE_WRITERS = 8
POSTGRES_WRITERS = 32
LIST = 100
MANY_PERSONS = 5_000
PER_SECOND = "facts/s"
Open = Callable[[], AbstractContextManager[Any]]
Measures = tuple[tuple[str, Role, Callable[[Workshop], Sample]], ...]


def rows(workshop: Workshop, *, largest: bool = False) -> tuple[Row, ...]:
    """Return every row, in the order of the table; with that of the `largest` ledger, which takes minutes to make."""
    on_disk = (*_reads(workshop), *_verifies(workshop), _disk(workshop))
    asked = _questions(workshop, largest=largest)
    return (*_appends(workshop), *_at_once(workshop), *on_disk, _scores(workshop), *asked)


# writing


class _Writers:
    """The contenders of a row that writes."""

    def __init__(self, workshop: Workshop, writers: int, facts_each: int) -> None:
        """Measure `writers` at once, `facts_each` per transaction."""
        self._workshop = workshop
        self._writers = writers
        self._each = facts_each

    def on_sqlite(self, name: str, role: Role, does: str, opened: Open) -> Contender:
        """Return a contender that writes to an SQLite file."""
        return self._contender(name, role, does, opened, "sqlite")

    def on_postgres(
        self, name: str, role: Role, does: str, opened: Callable[[str], AbstractContextManager[Any]]
    ) -> Contender:
        """Return a contender that writes to a new PostgreSQL database."""

        @contextmanager
        def in_a_database() -> Iterator[Any]:
            with self._workshop.database() as conninfo, opened(conninfo) as store:
                yield store

        return self._contender(name, role, does, in_a_database, "postgresql")

    def submitting(self, opened: Open, engine: str) -> Contender:
        """Return our ledger, written to from coroutines."""
        measure = writing_from_coroutines(opened, self._workshop.size, self._writers)
        return Contender("ours", "ours", _COROUTINES, measure, engine, writes=True)

    def submitting_on_postgres(self) -> Contender:
        """Return our ledger in a new PostgreSQL database, written to from coroutines."""

        @contextmanager
        def in_a_database() -> Iterator[Ours]:
            with self._workshop.database() as conninfo, ours(url_of(conninfo)) as store:
                yield store

        return self.submitting(in_a_database, "postgresql")

    def message_db(self) -> Contender:
        """Return message-db in a new PostgreSQL database."""
        checkout, writers, each = self._workshop.message_db, self._writers, self._each
        does = "its function write_message under an expected version; the line as jsonb"
        return self.on_postgres("message-db", "peer", does, lambda said: message_db(said, checkout, writers, each))

    def umadb(self) -> Contender:
        """Return UmaDB, which is an engine of its own."""
        does = "conditional appends to its own server, a client for each writer"
        opened = lambda: umadb(self._workshop.file().with_suffix(".umadb"), self._each)  # noqa: E731
        return self._contender("umadb", "peer", does, opened, "umadb")

    def _contender(self, name: str, role: Role, does: str, opened: Open, engine: str) -> Contender:
        store: Callable[[], AbstractContextManager[Store]] = opened
        measure = writing(store, self._workshop.size, writers=self._writers, facts_each=self._each)
        return Contender(name, role, does, measure, engine, writes=True)


def _appends(workshop: Workshop) -> tuple[Row, ...]:
    return (
        _append_on_sqlite(
            workshop,
            1,
            Text("每事务追加一条，一个写者，SQLite", "append 1 fact per transaction, 1 writer, SQLite"),
            0.6,
            0.75,
        ),
        _append_on_postgres(
            workshop,
            1,
            Text("每事务追加一条，一个写者，PostgreSQL", "append 1 fact per transaction, 1 writer, PostgreSQL"),
            0.4,
            0.6,
        ),
        _append_on_sqlite(
            workshop, LIST, Text("每事务追加一百条，SQLite", "append 100 facts per transaction, SQLite"), 0.5, None
        ),
        _append_on_postgres(
            workshop,
            LIST,
            Text("每事务追加一百条，PostgreSQL", "append 100 facts per transaction, PostgreSQL"),
            0.7,
            None,
        ),
    )


def _append_on_sqlite(workshop: Workshop, each: int, work: Text, target: float, then: float | None) -> Row:
    make, new = _Writers(workshop, 1, each), workshop.file
    found = [
        make.on_sqlite("raw", "raw", _RAW[each > 1], lambda: raw_sqlite(new(), 1, each)),
        make.on_sqlite("ours", "ours", _OURS[each > 1], lambda: ours(url_of_file(new()), each)),
        make.on_sqlite("our recorder", "variant", _RECORDER, lambda: our_recorder(url_of_file(new()), each)),
        make.on_sqlite("eventsourcing", "peer", _APPLICATION, lambda: sqlite_application(new(), each)),
        make.umadb(),
    ]
    if each == 1:
        cold = lambda: ours(url_of_file(new()), persons=MANY_PERSONS)  # noqa: E731
        found.append(make.on_sqlite("ours, 5,000 members", "variant", _COLD, cold))
    return Row(f"append-{each}-sqlite", work, PER_SECOND, tuple(found), target, then)


def _append_on_postgres(workshop: Workshop, each: int, work: Text, target: float, then: float | None) -> Row:
    make = _Writers(workshop, 1, each)
    found = [
        make.on_postgres("raw", "raw", _RAW[2 * (each > 1)], lambda said: raw_postgres(said, 1, each)),
        make.on_postgres("ours", "ours", _OURS[each > 1], lambda said: ours(url_of(said), each)),
        make.on_postgres("our recorder", "variant", _RECORDER, lambda said: our_recorder(url_of(said), each)),
        make.on_postgres("eventsourcing", "peer", _APPLICATION, lambda said: postgres_application(said, 1, each)),
        make.on_postgres("eventsourcing dcb", "peer", _DCB, lambda said: postgres_dcb(said, 1, each)),
        make.message_db(),
        make.umadb(),
    ]
    if each > 1:
        unnest = lambda said: raw_postgres(said, 1, each, unnest=True)  # noqa: E731
        found.append(make.on_postgres("raw, unnest", "strict", "one prepared INSERT … SELECT FROM unnest", unnest))
    return Row(f"append-{each}-postgresql", work, PER_SECOND, tuple(found), target, then)


def _at_once(workshop: Workshop) -> tuple[Row, ...]:
    lite, large, new = _Writers(workshop, SQLITE_WRITERS, 1), _Writers(workshop, POSTGRES_WRITERS, 1), workshop.file
    few, many = SQLITE_WRITERS, POSTGRES_WRITERS
    on_sqlite = (
        lite.on_sqlite("raw", "raw", "a connection for each writer", lambda: raw_sqlite(new(), few)),
        lite.on_sqlite("raw, one connection", "strict", _LOCKED, lambda: raw_sqlite(new(), few, shared=True)),
        lite.submitting(lambda: ours(url_of_file(new())), "sqlite"),
        lite.on_sqlite("ours, threads", "variant", _THREADS, lambda: ours(url_of_file(new()))),
        lite.on_sqlite("our recorder", "variant", _RECORDER, lambda: our_recorder(url_of_file(new()))),
        lite.on_sqlite("eventsourcing", "peer", _APPLICATION, lambda: sqlite_application(new())),
        lite.umadb(),
    )
    on_postgres = (
        large.on_postgres("raw", "raw", "a connection for each writer", lambda said: raw_postgres(said, many)),
        large.submitting_on_postgres(),
        large.on_postgres("ours, threads", "variant", _THREADS, lambda said: ours(url_of(said))),
        large.on_postgres("eventsourcing", "peer", _APPLICATION, lambda said: postgres_application(said, many)),
        large.on_postgres("eventsourcing dcb", "peer", _DCB, lambda said: postgres_dcb(said, many)),
        large.message_db(),
        large.umadb(),
    )
    return (
        Row("writers-8-sqlite", Text("八个写者同时，SQLite", "8 writers at once, SQLite"), PER_SECOND, on_sqlite, 3.0),
        Row(
            "writers-32-postgresql",
            Text("三十二个写者同时，PostgreSQL", "32 writers at once, PostgreSQL"),
            PER_SECOND,
            on_postgres,
            2.0,
        ),
    )


_RAW = (
    "one prepared INSERT, which commits itself",
    "one prepared INSERT for each fact between BEGIN and COMMIT",
    "one prepared INSERT for each fact, sent as a pipeline, in one transaction",
)
_OURS = (
    "`Ledger.execute`: a decider on a folded state, tags, leaf, link, command id, head",
    "`Ledger.execute` of a list of 100: one decision, one transaction",
)
_COROUTINES = "`Ledger.submit` from as many coroutines: those that wait share one commit"
_THREADS = "`Ledger.execute` from as many threads"
_COLD = "the same about 5,000 members: most states are folded anew"
_RECORDER = "`LedgerRecorder.append` under a condition"
_APPLICATION = "its application recorder: a version per aggregate as condition, no tags"
_DCB = "its DCB recorder under the same condition"
_LOCKED = "all writers share one connection behind a lock: the harder limit where writers are threads"


# reading


def _row(  # noqa: PLR0913 - a row has so many columns
    workshop: Workshop, key: str, work: Text, measures: Measures, unit: str = PER_SECOND,
    explain: Callable[[Workshop], Mapping[str, float]] | None = None,
    **targets: Any,  # noqa: ANN401 - the row's own fields
) -> Row:  # fmt: skip
    explained = None if explain is None else partial(explain, workshop)
    found = tuple(
        Contender(name, role, (measure.__doc__ or "").rstrip("."), partial(measure, workshop), explain=explained)
        for name, role, measure in measures
    )
    return Row(key, work, unit, found, **targets)


def _reads(workshop: Workshop) -> tuple[Row, ...]:
    replays: Measures = (
        ("raw", "raw", reads.replay_raw),
        ("raw, streamed", "strict", reads.replay_streamed),
        ("ours", "ours", reads.replay_ours),
        ("eventsourcing", "peer", reads.replay_eventsourcing),
        ("umadb", "peer", reads.replay_umadb),
    )
    folds: Measures = (
        ("raw", "raw", reads.view_raw),
        ("ours", "ours", reads.view_ours),
        ("eventsourcing", "peer", reads.view_eventsourcing),
    )
    in_sql: Measures = (("raw", "raw", reads.view_raw), ("ours", "ours", reads.view_in_sql))
    some: Measures = (
        ("raw", "raw", loads.on_bare_sqlite),
        ("ours", "ours", loads.on_our_sqlite),
        ("eventsourcing", "peer", loads.on_eventsourcing),
    )
    number = f"{workshop.size.facts:,}"
    replayed = Text(f"重放 {number} 条为对象，SQLite", f"replay {number} facts into objects, SQLite")
    folded = Text("重建每人每月积分视图（Python）", "rebuild a view of points by person and month (Python fold)")
    summed = Text("以 SQL 合计每人每月积分", "fold a view of points by person and month in SQL")
    loaded = Text("取五十条并作决定，SQLite", "load 50 facts and decide, SQLite")
    from_postgres = Text("取五十条并作决定，PostgreSQL", "load 50 facts and decide, PostgreSQL")
    others: Measures = (("raw", "raw", loads.on_bare_postgres), ("ours", "ours", loads.on_our_postgres))
    return (
        _row(workshop, "replay", replayed, replays, target=0.35, then=0.6),
        _row(workshop, "view", folded, folds, target=0.5),
        _row(workshop, "view-sql", summed, in_sql, explain=taken_apart.fold_in_sql, target=2.0),
        _row(workshop, "load", loaded, some, "µs", target=3.0, lower_is_better=True),
        _row(workshop, "load-postgresql", from_postgres, others, "µs", target=3.0, lower_is_better=True),
    )


def _verifies(workshop: Workshop) -> tuple[Row, ...]:
    rooted = Text("核验：读取、散列、重建树根，一核", "verify: read, hash, rebuild the root, one core")
    shared = Text("核验：读取、散列、重建树根，两核", "verify: read, hash, rebuild the root, two cores")
    whole = Text("全面核验", "verify everything that the ledger says")
    hashed: Measures = (("raw", "raw", reads.hash_raw), ("ours", "ours", reads.hashes_ours))
    by_two: Measures = (("raw", "raw", reads.hash_raw), ("ours", "ours", reads.hashes_by_two))
    complete: Measures = (("raw", "raw", reads.hash_raw), ("ours", "ours", reads.verify_ours))
    apart = Text("独立核验程序：档案的散列与树根", "the stand-alone verifier: hashes and root of an archive")
    all_of_it = Text("独立核验程序：档案的全部", "the stand-alone verifier: all that an archive says")
    alone: Measures = (("raw", "raw", reads.hash_raw), ("ours", "ours", archives.tree_alone))
    everything: Measures = (("raw", "raw", reads.hash_raw), ("ours", "ours", archives.all_alone))
    return (
        _row(workshop, "verify-hashes", rooted, hashed, target=0.5, least=600_000),
        _row(workshop, "verify-hashes-two", shared, by_two, target=0.8, least=600_000),
        _row(workshop, "verify", whole, complete),
        _row(workshop, "verify-alone", apart, alone, target=0.5),
        _row(workshop, "verify-alone-all", all_of_it, everything),
    )


def _disk(workshop: Workshop) -> Row:
    sizes: Measures = (
        ("the line", "raw", reads.disk_raw),
        ("ours", "ours", reads.disk_ours),
        ("eventsourcing", "peer", reads.disk_eventsourcing),
    )
    work = Text("每条占磁盘字节，SQLite", "bytes on disk per fact, SQLite")
    return _row(
        workshop, "disk", work, sizes, "bytes", taken_apart.bytes_on_disk, target=2.5, then=1.8, lower_is_better=True
    )


# computing


def _scores(workshop: Workshop) -> Row:
    measures: Measures = (
        ("raw", "raw", scoring.bare_sums),
        ("ours", "ours", scoring.scored),
        ("ours, hardly two alike", "variant", scoring.scored_fine),
        ("ours, read first", "variant", scoring.read_and_scored),
    )
    people, each = f"{scoring.people_of(workshop):,}", scoring.ENTRIES_EACH
    work = Text(
        f"计算 {people} 人、每人 {each} 条记录的一期结果", f"score a round of {people} people with {each} entries each"
    )
    return _row(workshop, "score", work, measures, "people/s", target=0.1)


# asking


def _questions(workshop: Workshop, *, largest: bool) -> tuple[Row, ...]:
    number, people = f"{workshop.size.judged:,}", asking.PEOPLE
    why = Text(f"说明一人的星级（{people}人的一轮）", f"explain one star of a round of {people} people")
    then = Text(f"回看约 {number} 条的账本，初次", f"a ledger of about {number} facts as of a moment, cold")
    stepping = Text(f"在约 {number} 条的账本中逐步回看", f"from one moment to another among about {number} facts")
    what_if = Text(f"假设推演（{people}人的一轮）", f"a what-if over a round of {people} people")
    anew = Text(f"重算约 {number} 条中的每一轮", f"replay every round of about {number} facts")
    every = Text("重算约一百万条中的每一轮", "replay every round of about 1,000,000 facts")
    explained: Measures = (
        ("raw", "raw", asking.explain_raw),
        ("ours", "ours", asking.explain_ours),
        ("ours, the first of a round", "variant", asking.explain_first),
    )
    cold: Measures = (
        ("raw", "raw", asking.cold_raw),
        ("ours", "ours", asking.cold_ours),
        ("ours, every view", "variant", asking.cold_everything),
    )
    steps: Measures = (("raw", "raw", asking.steps_raw), ("ours", "ours", asking.steps_ours))
    supposed: Measures = (("raw", "raw", asking.what_if_raw), ("ours", "ours", asking.what_if_ours))
    replayed: Measures = (("the bare fold", "raw", asking.fold_raw), ("ours", "ours", asking.replay_ours))
    million: Measures = (("the bare fold", "raw", asking.fold_million), ("ours", "ours", asking.replay_million))
    return (
        _row(workshop, "explain", why, explained, "ms", most=10, lower_is_better=True),
        _row(workshop, "as-of", then, cold, "ms", most=500, lower_is_better=True),
        _row(workshop, "as-of-steps", stepping, steps, "ms", most=20, lower_is_better=True),
        _row(workshop, "what-if", what_if, supposed, "ms", most=200, lower_is_better=True),
        _row(workshop, "replay-rounds", anew, replayed),
        *((_row(workshop, "replay-rounds-million", every, million),) if largest else ()),
    )
