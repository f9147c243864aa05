"""Going through a ledger chunk by chunk finds what going through it fact by fact finds, and only that is quicker."""
# ruff: noqa: S608 - statements put together from our own words, in order to tamper

import random

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from ledger import tree
from ledger.chunkwise import Chunkwise
from ledger.indexed_tags import IndexedTags
from ledger.rowwise import Rowwise
from ledger.verdict import Verdict
from ledger.verification import Checkpoint, hashes, verify
from tests.ledger.conftest import Opener
from tests.ledger.proving import SEED
from tests.ledger.tampering import TABLES, Tampered
from tests.ledger.toy import a_note, an_objection, toy_ledger

LEDGERS = 60
COLUMNS = {
    "head": ("size", "frontier", "chain", "last_time"),
    "facts": ("position", "type", "recorded_at", "entry", "leaf", "chain"),
    "tags": ("tag", "position"),
    "commands": ("command_id", "answer"),
    "sealed": ("digest", "position", "salt", "value"),
    "attachments": ("sha256", "position", "content"),
}
VALUES = (
    *("NULL", "-1", "3", "7.5", "''", "'x'", "x'00ff'", "CAST(x'ff' AS TEXT)", "char(0)", "'toy.Noted.v1'"),
    *("'person:P1'", "'2026-01-05 08:30:00'", "'2026-01-05 08:30:00.000000'", "'2026-01-05 08:30:00.000000+00:00'"),
)
REWRITTEN = (
    *(("note", "nota"), ('"position":', '"position": '), ('"P1"', '"P2"'), ("2026-", "2025-"), ("2026-", "2027-")),
    *(('Z"', '+01:00"'), ('Z"', '"'), ('"nonce":"', '"nonce":"G'), ('"tags":["person:P1"]', '"tags":[]')),
    *(('"data":{', '"data":{"x":1,'), ("toy.", "dcb:"), ("Noted.v1", "Noted.v9"), ("}", "}\n"), ("note", "n\\u006fte")),
    *(('"command":"c', '"command":"d'), ('"on_behalf_of":null', '"on_behalf_of":"B"')),
)


class Damage:
    """Random changes to a ledger of twelve facts."""

    def __init__(self, tampered: Tampered, chance: random.Random) -> None:
        """Change `tampered` as `chance` will have it."""
        self._tampered, self._chance = tampered, chance
        self._entries = [row.entry.decode() for row in tampered.ledger.rows()]
        self._kinds = (self._value, self._deleted, self._rewritten, self._tag, self._copied, self._doubled)

    def do(self) -> str:
        """Make one change; return the statement."""
        statement = self._chance.choice(self._kinds)()
        try:
            self._tampered.sql(statement.replace("{", "{{").replace("}", "}}").replace(":", "\\:"))
        except DBAPIError:
            return "refused"
        return statement

    def _position(self) -> int:
        return self._chance.randrange(1, 13)

    def _value(self) -> str:
        table = self._chance.choice(TABLES)
        column, value = self._chance.choice(COLUMNS[table]), self._chance.choice(VALUES)
        place = f"command_id = 'c{self._position()}'" if table == "commands" else f"position = {self._position()}"
        return f"UPDATE {table} SET {column} = {value} WHERE {'1' if table == 'head' else place}"

    def _deleted(self) -> str:
        table = self._chance.choice(("facts", "tags", "sealed", "attachments"))
        return f"DELETE FROM {table} WHERE position = {self._position()}"

    def _rewritten(self) -> str:
        position, (old, new) = self._position(), self._chance.choice(REWRITTEN)
        changed = self._entries[position - 1].replace(old, new, 1)
        leaf = f", leaf = x'{tree.leaf_hash(changed.encode()).hex()}'" if self._chance.random() < 0.6 else ""
        return f"UPDATE facts SET entry = '{changed}'{leaf} WHERE position = {position}"

    def _tag(self) -> str:
        tag, position = self._chance.choice(("round:R9", "person:P1")), self._chance.choice((-1, 0, 7, 12, 13, 99))
        return f"INSERT INTO tags VALUES ('main', '{tag}', {position})"

    def _copied(self) -> str:
        column = self._chance.choice(COLUMNS["facts"][1:])
        other = f"(SELECT {column} FROM facts AS other WHERE other.position = {self._position()})"
        return f"UPDATE facts SET {column} = {other} WHERE position = {self._position()}"

    def _doubled(self) -> str:
        columns = "type, recorded_at, entry, leaf, chain"
        place = self._chance.choice((-3, 0, 13, 99))
        return f"INSERT INTO facts SELECT ledger_id, {place}, {columns} FROM facts WHERE position = {self._position()}"


def fact_by_fact(tampered: Tampered, checkpoint: Checkpoint | None = None) -> Verdict:
    """Return the verdict of whoever leaves no chunk to be taken at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Chunkwise, "take", lambda *_: None)
        return verify(tampered.ledger, checkpoint)


@pytest.fixture(params=[3, 500])
def chunk_rows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("ledger.evidence.CHUNK_ROWS", request.param)
    rows: int = request.param
    return rows


@pytest.mark.usefixtures("chunk_rows")
def test_chunk_by_chunk_is_found_what_is_found_fact_by_fact(opened: Opener) -> None:
    print(f"STARLEDGER_SEED={SEED}")  # noqa: T201 - shown by pytest where it fails
    chance, verdicts = random.Random(SEED), []  # noqa: S311 - the same in every run
    for number in range(LEDGERS):
        tampered = Tampered(opened("sqlite://"))
        rows = list(tampered.ledger.rows())
        size = chance.randrange(14)
        right = tree.root(tree.frontier_of(row.leaf for row in rows[:size]))
        checkpoint = chance.choice((None, Checkpoint(size, right), Checkpoint(size, bytes(32))))
        if number % 3 == 0:
            without_constraints(tampered)
        damage = Damage(tampered, chance)
        done = [damage.do() for _ in range(chance.choice((0, 1, 1, 2, 3)))]
        verdicts.append(verify(tampered.ledger, checkpoint))
        assert verdicts[-1] == fact_by_fact(tampered, checkpoint), done
    assert 0 < sum(verdict.ok for verdict in verdicts) < LEDGERS


def without_constraints(tampered: Tampered) -> None:
    for table in TABLES:
        copied = f"CREATE TABLE copy AS SELECT * FROM {table}"
        tampered.sql(copied, f"DROP TABLE {table}", f"ALTER TABLE copy RENAME TO {table}")


@pytest.mark.parametrize("skipped", ["_are_linked", "_are_as_columns_say"])
def test_control_a_chunk_that_is_not_compared_hides_a_change(
    tampered: Tampered, monkeypatch: pytest.MonkeyPatch, skipped: str
) -> None:
    change = {"_are_linked": "chain = :b", "_are_as_columns_say": "recorded_at = '2020-01-01 00:00:00'"}[skipped]
    tampered.sql(f"UPDATE {{facts}} SET {change} WHERE position = 3", **({"b": bytes(32)} if ":b" in change else {}))
    assert tampered.found() != set()
    monkeypatch.setattr(Chunkwise, skipped, lambda *_: True)
    assert tampered.found() == set()


@pytest.mark.usefixtures("chunk_rows")
def test_a_ledger_in_order_is_never_gone_through_fact_by_fact(
    tampered: Tampered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rowwise, "check", None)
    monkeypatch.setattr(IndexedTags, "compare", None)
    assert verify(tampered.ledger).findings == ()


def test_only_the_chunk_with_the_change_is_gone_through_fact_by_fact(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.evidence.CHUNK_ROWS", 8)
    ledger, slow, checked = toy_ledger(engine), Rowwise.check, list[int]()
    for number in range(40):
        ledger.execute(a_note(str(number)) if number % 2 else an_objection(name=f"O{number}"), actor="P1")
    with engine.begin() as connection:
        tags = "tags" if engine.dialect.name == "sqlite" else "ledger.tags"
        connection.exec_driver_sql(f"INSERT INTO {tags} VALUES ('main', 'person:X', 21)")

    def check(rowwise: Rowwise, row: tuple[int], tags: IndexedTags) -> object:
        checked.append(row[0])
        return slow(rowwise, row, tags)

    monkeypatch.setattr(Rowwise, "check", check)
    assert [(found.position, found.kind) for found in verify(ledger).findings] == [(21, "tag-surplus")]
    assert checked == list(range(17, 25))


# hashes alone


@pytest.fixture
def tampered(shared_engine: Engine) -> Tampered:
    return Tampered(shared_engine)


def hashed(tampered: Tampered, checkpoint: Checkpoint | None = None) -> set[tuple[int | None, str]]:
    verdict = hashes(tampered.ledger, checkpoint)
    assert verdict.ok == (verdict.findings == ())
    return {(finding.position, finding.kind) for finding in verdict.findings}


@pytest.mark.usefixtures("chunk_rows")
def test_hashes_alone_come_to_the_same_size_and_root(tampered: Tampered) -> None:
    everything, alone = verify(tampered.ledger), hashes(tampered.ledger)
    assert (alone.size, alone.root, alone.ok) == (everything.size, everything.root, True) == (12, alone.root, True)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("DELETE FROM {facts} WHERE position = 3", {(3, "position-missing"), (None, "root-mismatch")}),
        ("DELETE FROM {facts} WHERE position = 12", None),
        ("UPDATE {facts} SET leaf = chain WHERE position = 3", {(3, "leaf-mismatch"), (3, "chain-mismatch")}),
        ("UPDATE {facts} SET entry = 'x' WHERE position = 3", {(3, "leaf-mismatch"), (None, "root-mismatch")}),
        ("UPDATE {facts} SET position = 13 WHERE position = 3", None),
        ("UPDATE {head} SET size = 11", {(12, "beyond-head"), (None, "head-mismatch")}),
        ("UPDATE {head} SET frontier = chain", {(None, "root-mismatch")}),
        ("DELETE FROM {head}", {(None, "head-missing")}),
    ],
)
def test_hashes_alone_name_what_changes_the_tree(
    tampered: Tampered, change: str, expected: set[tuple[int | None, str]] | None
) -> None:
    tampered.sql(change)
    found = hashed(tampered)
    assert found == expected if expected is not None else len(found) > 2


def test_hashes_alone_name_an_entry_changed_with_its_leaf_by_its_link(tampered: Tampered) -> None:
    leaf = tampered.rewrite(3, "note 3", "note X")
    tampered.sql("UPDATE {facts} SET leaf = :leaf WHERE position = 3", leaf=leaf)
    assert hashed(tampered) == {(3, "chain-mismatch"), (None, "root-mismatch")}


@pytest.mark.parametrize("change", ["{tags} SET tag = 'x'", "{facts} SET type = 'x'", "{commands} SET answer = 'x'"])
def test_hashes_alone_say_nothing_of_what_stands_beside_the_entries(tampered: Tampered, change: str) -> None:
    tampered.sql(f"UPDATE {change}" + (" WHERE position = 3" if "commands" not in change else ""))
    assert hashed(tampered) == set()
    assert tampered.found() != set()


@pytest.mark.parametrize("size", [0, 5, 12, 13])
def test_hashes_alone_are_compared_with_a_checkpoint(tampered: Tampered, size: int) -> None:
    root = tree.root(tree.frontier_of(row.leaf for row in tampered.ledger.rows(upto=size)))
    expected = set() if size <= 12 else {(None, "checkpoint-mismatch")}
    assert hashed(tampered, Checkpoint(size, root)) == expected
    assert hashed(tampered, Checkpoint(size, bytes(32))) == {(None, "checkpoint-mismatch")}


def test_hashes_alone_end_with_a_verdict_where_the_table_is_gone(tampered: Tampered) -> None:
    tampered.sql("DROP TABLE {facts}")
    assert {(None, "table-unreadable"), (1, "position-missing")} <= hashed(tampered)
