"""What the owner of a database can do to a ledger, at random: each attack is a function, and they are lists.

An attack returns what it touched: the positions at which a finding would locate it. None: there is no such place, as
the change hides itself from within, or is in the head alone. `NotHere`: this ledger has nothing to do it to.
"""
# ruff: noqa: S608 - statements put together from our own words, in order to tamper

import random
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from ledger import tree
from tests.ledger.small_ledgers import Desk, Template, grow

Touched = set[int] | None
HEX = "0123456789abcdef"
LATER = "2027-01-01 00:00:00.000000"


class NotHere(Exception):  # noqa: N818 - says what is the case
    """The ledger has nothing of the kind."""


class Owner:
    """Somebody with SQL, a ledger and dice."""

    def __init__(self, desk: Desk, template: Template, dice: random.Random) -> None:
        """Sit down at a desk where `template` lies."""
        self.desk, self.template, self.dice = desk, template, dice
        self.sql = desk.sql
        self.size = template.size

    def position(self, first: int = 1) -> int:
        """Return one of the positions from `first` on."""
        if first > self.size:
            raise NotHere
        return self.dice.randint(first, self.size)

    def value(self, column: str, position: int) -> Any:  # noqa: ANN401 - whatever lies there
        """Return what a column says of a fact."""
        return self.sql(f"SELECT {column} FROM facts WHERE position = ?", position)[0][0]

    def set(self, column: str, value: object, position: int) -> None:
        """Change a column of a fact."""
        self.sql(f"UPDATE facts SET {column} = ? WHERE position = ?", value, position)

    def one_of(self, table: str, columns: str, where: str = "1") -> tuple[Any, ...]:
        """Return one row of a table."""
        rows = self.sql(f"SELECT {columns} FROM {table} WHERE {where} ORDER BY 1")
        if not rows:
            raise NotHere
        row: tuple[Any, ...] = self.dice.choice(rows)
        return row

    def flip(self, raw: bytes) -> bytes:
        """Return the bytes with one bit changed."""
        place = self.dice.randrange(8 * len(raw))
        return (int.from_bytes(raw, "big") ^ 1 << place).to_bytes(len(raw), "big")

    def edit(self, position: int) -> None:
        """Change the entry of a fact so that it still is one: another actor, or one letter of its nonce."""
        entry = msgspec.json.decode(self.value("entry", position), type=dict[str, msgspec.Raw])
        if self.dice.random() < 0.5:
            entry["actor"] = msgspec.Raw(b'"P9"')
        else:
            nonce = msgspec.json.decode(entry["nonce"])
            entry["nonce"] = msgspec.Raw(msgspec.json.encode(HEX[(HEX.index(nonce[0]) + 5) % 16] + nonce[1:]))
        self.set("entry", msgspec.json.encode(entry).decode(), position)

    def entries(self) -> list[str]:
        """Return all entries in order."""
        return [entry for (entry,) in self.sql("SELECT entry FROM facts ORDER BY position")]

    def rehash(
        self, first: int, *, leaf: bool = True, chain: int = 10**9, links: bool = True, root: bool = True
    ) -> None:
        """Make hashes anew from a position on: leaves, `chain` links, the head's link, the head's frontier."""
        leaves = [tree.leaf_hash(entry.encode()) for entry in self.entries()]
        link = self.value("chain", first - 1) if first > 1 else tree.EMPTY_ROOT
        for position, hashed in enumerate(leaves[first - 1 :], first):
            if leaf and self.value("leaf", position) != hashed:
                self.set("leaf", hashed, position)
            if position < first + chain:
                link = tree.link(link, self.value("leaf", position))
                self.set("chain", link, position)
        if links:
            last = self.sql("SELECT chain FROM facts ORDER BY position DESC LIMIT 1")
            self.sql("UPDATE head SET chain = ?", last[0][0] if last else tree.EMPTY_ROOT)
        if root:
            self.sql("UPDATE head SET frontier = ?", tree.pack(tree.frontier_of(leaves)))

    def fit_head(self) -> None:
        """Let the head say what the facts say."""
        last = self.sql("SELECT position, recorded_at FROM facts ORDER BY position DESC LIMIT 1")
        size, at = last[0] if last else (0, None)
        self.sql("UPDATE head SET size = ?, last_time = ?", size, at)


Attack = Callable[[Owner], Touched]


# rows


def any_text_of_an_entry(owner: Owner) -> Touched:
    position = owner.position()
    entry = owner.value("entry", position)
    place = owner.dice.randrange(len(entry))
    letter = owner.dice.choice('aA0 "{}\\\n\x00é星')
    changed = owner.dice.choice([entry[:place] + letter + entry[place + 1 :], entry[:place] + entry[place + 1 :], ""])
    if changed == entry:
        raise NotHere
    owner.set("entry", changed, position)
    return {position}


def an_entry(owner: Owner) -> Touched:
    position = owner.position()
    owner.edit(position)
    return {position}


def a_column(owner: Owner) -> Touched:
    position = owner.position()
    column = owner.dice.choice(["type", "recorded_at", "leaf", "chain", "position", "ledger_id", "entry"])
    old = owner.value(column, position)
    others: dict[str, list[object]] = {
        "type": ["toy.Noted.v9", ""],
        "recorded_at": [LATER, "never"],
        "position": [position + 1000, -position],
        "ledger_id": ["other"],
        "entry": [b"", 5, old.encode() if isinstance(old, str) else None],
    }
    owner.set(column, owner.dice.choice(others[column]) if column in others else owner.flip(old), position)
    return {position}


def a_deleted_fact(owner: Owner) -> Touched:
    position = owner.position()
    owner.sql("DELETE FROM facts WHERE position = ?", position)
    return {position}


def a_deleted_fact_with_all_beside_it(owner: Owner) -> Touched:
    position = owner.position()
    for table in ("facts", "tags", "sealed", "attachments"):
        owner.sql(f"DELETE FROM {table} WHERE position = ?", position)
    return {position}


def an_inserted_fact(owner: Owner) -> Touched:
    copied, position = owner.position(), owner.dice.choice([owner.size + 1, owner.size + 7, 0, -1])
    owner.sql(
        "INSERT INTO facts (ledger_id, position, type, recorded_at, entry, leaf, chain) "
        "SELECT ledger_id, ?, type, recorded_at, replace(entry, ?, ?), leaf, chain FROM facts WHERE position = ?",
        position,
        *(f'"position":{number},' for number in (copied, position)),
        copied,
    )
    if owner.dice.random() < 0.3:
        owner.sql("UPDATE head SET size = max(size, ?)", position)
    return {position, owner.size + 1}


def a_doubled_fact(owner: Owner) -> Touched:
    copied = owner.position()
    owner.sql(
        "INSERT INTO facts (ledger_id, position, type, recorded_at, entry, leaf, chain) "
        "SELECT ledger_id, ?, type, recorded_at, entry, leaf, chain FROM facts WHERE position = ?",
        owner.size + 1,
        copied,
    )
    owner.sql("UPDATE head SET size = size + 1")
    return {owner.size + 1}


def swapped_entries(owner: Owner) -> Touched:
    one, two = owner.position(), owner.position()
    if one == two:
        raise NotHere
    columns = owner.dice.choice([("entry",), ("entry", "leaf"), ("entry", "leaf", "chain", "type", "recorded_at")])
    for column in columns:
        values = owner.value(column, one), owner.value(column, two)
        owner.set(column, values[1], one)
        owner.set(column, values[0], two)
    return {one, two}


def swapped_rows(owner: Owner) -> Touched:
    one, two = owner.position(), owner.position()
    if one == two:
        raise NotHere
    for at, to in ((one, 9999), (two, one), (9999, two)):
        owner.set("position", to, at)
    return {one, two}


def truncated(owner: Owner) -> Touched:
    first = owner.position()
    owner.sql("DELETE FROM facts WHERE position >= ?", first)
    if owner.dice.random() < 0.5:
        owner.sql("DELETE FROM tags WHERE position >= ?", first)
    return {first}


def the_head(owner: Owner) -> Touched:
    size, frontier, chain, _ = owner.sql("SELECT size, frontier, chain, last_time FROM head")[0]
    column, value = owner.dice.choice(
        [
            ("size", size + owner.dice.choice([-1, 1, 5])),
            ("frontier", owner.dice.choice([b"", owner.flip(frontier), frontier + bytes(32)])),
            ("chain", owner.flip(chain)),
            ("last_time", owner.dice.choice([None, LATER])),
            ("ledger_id", "other"),
        ]
    )
    owner.sql(f"UPDATE head SET {column} = ?", value)
    return None


def a_deleted_head(owner: Owner) -> Touched:
    owner.sql("DELETE FROM head")
    return None


ROWS: Sequence[Attack] = (
    any_text_of_an_entry,
    an_entry,
    a_column,
    a_column,
    a_deleted_fact,
    a_deleted_fact_with_all_beside_it,
    an_inserted_fact,
    a_doubled_fact,
    swapped_entries,
    swapped_rows,
    truncated,
    the_head,
    a_deleted_head,
)


# hashes made anew, but not all of them


def an_entry_and_some_hashes(owner: Owner) -> Touched:
    """All hashes but one kind, so that the last check left is the one that finds it."""
    position = owner.position()
    owner.edit(position)
    left_out = owner.dice.choice(["leaf", "chain", "links", "root", "chain and links"])
    owner.rehash(
        position,
        leaf=left_out != "leaf",
        chain=owner.dice.randint(0, int(position < owner.size)) if "chain" in left_out else 10**9,
        links="links" not in left_out,
        root=left_out != "root",
    )
    return None if left_out in {"root", "links"} else {position, position + 1}


def a_leaf_and_its_links(owner: Owner) -> Touched:
    """Another leaf under an entry that stays: its proofs would be about something else."""
    position = owner.position()
    owner.set("leaf", owner.flip(owner.value("leaf", position)), position)
    owner.rehash(position, leaf=False, root=False)
    return {position}


def a_link_and_those_that_follow(owner: Owner) -> Touched:
    position = owner.position()
    chain = owner.flip(owner.value("chain", position))
    owner.set("chain", chain, position)
    if position < owner.size:
        owner.rehash(position + 1, leaf=False, root=False)
    else:
        owner.sql("UPDATE head SET chain = ?", chain)
    return {position}


PARTLY_REHASHED: Sequence[Attack] = (an_entry_and_some_hashes, a_leaf_and_its_links, a_link_and_those_that_follow)


# nothing left to see from inside


def a_rewritten_fact(owner: Owner) -> Touched:
    """Change the entry, its leaf, every link after it and the head."""
    position = owner.position()
    owner.edit(position)
    owner.rehash(position)
    return None


def a_fact_taken_out(owner: Owner) -> Touched:
    """All that follows moves up by one, in every table and every entry."""
    position = owner.position()
    commands = [command for (command,) in owner.sql("SELECT command_id FROM commands")]
    for table in ("facts", "tags", "sealed", "attachments"):
        owner.sql(f"DELETE FROM {table} WHERE position = ?", position)
    for later in range(position + 1, owner.size + 1):
        for table in ("facts", "tags", "sealed", "attachments"):
            owner.sql(f"UPDATE {table} SET position = ? WHERE position = ?", later - 1, later)
        _renumber(owner, later)
    for command in commands:
        _answer_without(owner, command, position)
    owner.rehash(1)
    owner.fit_head()
    return None


def _renumber(owner: Owner, later: int) -> None:
    entry = owner.value("entry", later - 1)
    owner.set("entry", entry.replace(f'"position":{later},', f'"position":{later - 1},', 1), later - 1)


def _answer_without(owner: Owner, command: str, position: int) -> None:
    (stored,) = owner.sql("SELECT answer FROM commands WHERE command_id = ?", command)[0]
    answer = msgspec.json.decode(stored)
    kept = [at - (at > position) for at in answer["positions"] if at != position]
    if answer["positions"] and not kept:
        owner.sql("DELETE FROM commands WHERE command_id = ?", command)
    else:
        changed = msgspec.json.encode({**answer, "positions": kept}).decode()
        owner.sql("UPDATE commands SET answer = ? WHERE command_id = ?", changed, command)


def a_tail_cut_off(owner: Owner) -> Touched:
    """Take the newest facts away, with all that stands beside them, and put the head back."""
    first = owner.position(2)
    for position in range(owner.size, first - 1, -1):
        owner.size = position
        for table in ("facts", "tags", "sealed", "attachments"):
            owner.sql(f"DELETE FROM {table} WHERE position = ?", position)
        for (command,) in owner.sql("SELECT command_id FROM commands"):
            _answer_without(owner, command, position)
    owner.rehash(1)
    owner.fit_head()
    return None


def an_older_copy(owner: Owner) -> Touched:
    owner.desk.put(owner.template.earlier)
    return None


def a_fork(owner: Owner) -> Touched:
    """Put an older copy back, into which the program itself records other facts."""
    owner.desk.put(owner.template.earlier)
    grow(owner.desk.fresh(), owner.dice, owner.template.size + owner.dice.randint(-1, 3))
    return None


HIDDEN: Sequence[Attack] = (a_rewritten_fact, a_fact_taken_out, a_tail_cut_off, an_older_copy)


# beside the facts


def a_tag(owner: Owner) -> Touched:
    tag, position = owner.one_of("tags", "tag, position")
    here = "tag = ? AND position = ?"
    match owner.dice.randrange(5):
        case 0:
            owner.sql(f"DELETE FROM tags WHERE {here}", tag, position)
        case 1:
            owner.sql(f"UPDATE tags SET tag = 'round:R9' WHERE {here}", tag, position)
        case 2:
            owner.sql(f"UPDATE tags SET position = ? WHERE {here}", owner.size + 5, tag, position)
        case 3:
            owner.sql(f"UPDATE tags SET ledger_id = 'other' WHERE {here}", tag, position)
        case _:
            position = owner.dice.choice([position, 0, -4, owner.size + 1])
            owner.sql("INSERT INTO tags (ledger_id, tag, position) VALUES ('main', 'person:P77', ?)", position)
    return {position}


def a_command(owner: Owner) -> Touched:
    command, stored = owner.one_of("commands", "command_id, answer", "answer NOT LIKE '%\"positions\":[]%'")
    answer = msgspec.json.decode(stored)
    positions: list[int] = answer["positions"]
    changes: list[dict[str, object]] = [
        {"positions": [*positions, owner.size + 3]},
        {"positions": positions[1:]},
        {"positions": [at + 1 for at in positions]},
        {"recorded_at": "2025-01-01T00:00:00Z"},
    ]
    match owner.dice.randrange(5):
        case 0:
            owner.sql("DELETE FROM commands WHERE command_id = ?", command)
        case 1:
            owner.sql("UPDATE commands SET command_id = 'another' WHERE command_id = ?", command)
        case 2:
            owner.sql("UPDATE commands SET ledger_id = 'other' WHERE command_id = ?", command)
        case 3:
            changed = msgspec.json.encode({**answer, **owner.dice.choice(changes)}).decode()
            owner.sql("UPDATE commands SET answer = ? WHERE command_id = ?", changed, command)
        case _:
            claim = "INSERT INTO commands SELECT ledger_id, 'another', fingerprint, answer FROM commands"
            owner.sql(f"{claim} WHERE command_id = ?", command)
    return {*positions, *(at + 1 for at in positions), owner.size + 3}


def a_sealed_value(owner: Owner) -> Touched:
    digest, position = owner.one_of("sealed", "digest, position")
    column, value = owner.dice.choice(
        [
            ("value", "other"),
            ("salt", "00" * 16),
            ("digest", "ab" * 32),
            ("position", owner.size + 1),
            ("ledger_id", "x"),
        ]
    )
    owner.sql(f"UPDATE sealed SET {column} = ? WHERE digest = ?", value, digest)
    return {position, owner.size + 1}


def a_sealed_value_more_or_less(owner: Owner) -> Touched:
    digest, position = owner.one_of("sealed", "digest, position")
    if owner.dice.random() < 0.5:
        owner.sql("DELETE FROM sealed WHERE digest = ?", digest)
    else:
        more = "INSERT INTO sealed (ledger_id, digest, position, salt, value) VALUES ('main', ?, ?, '00', 'x')"
        owner.sql(more, "cd" * 32, position)
    return {position}


def swapped_sealed_values(owner: Owner) -> Touched:
    one, two = (owner.one_of("sealed", "digest, position, salt, value") for _ in range(2))
    if one[3] == two[3] and one[2] == two[2]:
        raise NotHere
    for here, there in ((one, two), (two, one)):
        owner.sql("UPDATE sealed SET salt = ?, value = ? WHERE digest = ?", *there[2:], here[0])
    return {one[1], two[1]}


def an_attachment(owner: Owner) -> Touched:
    name, position, content = owner.one_of("attachments", "sha256, position, content")
    column, value = owner.dice.choice(
        [
            ("content", owner.flip(content)),
            ("content", b""),
            ("sha256", "ab" * 32),
            ("position", owner.size + 1),
            ("ledger_id", "other"),
        ]
    )
    owner.sql(f"UPDATE attachments SET {column} = ? WHERE sha256 = ?", value, name)
    return {position, owner.size + 1}


def an_attachment_more_or_less(owner: Owner) -> Touched:
    name, position = owner.one_of("attachments", "sha256, position")
    if owner.dice.random() < 0.5:
        owner.sql("DELETE FROM attachments WHERE sha256 = ?", name)
    else:
        more = "INSERT INTO attachments (ledger_id, sha256, position, media_type, content) VALUES ('main', ?, ?, '', ?)"
        owner.sql(more, "cd" * 32, position, b"x")
    return {position}


BESIDE: Sequence[Attack] = (
    a_tag,
    a_tag,
    a_command,
    a_command,
    a_sealed_value,
    a_sealed_value_more_or_less,
    swapped_sealed_values,
    an_attachment,
    an_attachment_more_or_less,
)
