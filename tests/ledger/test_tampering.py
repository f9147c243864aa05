"""Ten thousand changes made as the database's owner: found, and located where they can be; untouched ledgers are not.

What hides itself from within is found with a checkpoint held outside, and only as far as that reaches.
"""

# ruff: noqa: S608 - statements put together from our own words, in order to tamper

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from ledger.schema import TABLES
from ledger.verdict import Finding
from ledger.verification import Checkpoint, verify
from tests.experiments import Notebook
from tests.ledger.owner import BESIDE, HIDDEN, PARTLY_REHASHED, ROWS, Attack, NotHere, Owner, Touched, a_fork
from tests.ledger.proving import SEED, soak
from tests.ledger.small_ledgers import Desk, Template, grow, template

PROMISE, ON = "changes are found", "SQLite in memory"
OUTSIDE = frozenset({"checkpoint-mismatch", "checkpoint-beyond"})
ORDER_GONE = "evidence-incomplete"
"""The one trace inside: where an order of erasure is taken away, the words that it erased are missing without one."""
CHECKS = {
    "hash": {"leaf-mismatch"},
    "chain": {"chain-mismatch"},
    "root": {"root-mismatch"},
    "head": {"head-mismatch", "head-missing"},
    "columns": {"type-mismatch", "time-mismatch"},
    "tags": {"tag-missing", "tag-surplus"},
    "commands": {"command-missing", "command-mismatch", "command-malformed"},
    "sealed words": {"sealed-altered", "sealed-surplus", "sealed-not-erased"},
    "missing sealed words": {ORDER_GONE},
    "attachments": {"attachment-altered", "attachment-missing", "attachment-surplus"},
    "checkpoint": set(OUTSIDE),
}


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Return a database in memory; lookups are in small parts, which is quicker where there is little to look up."""
    monkeypatch.setattr("ledger.evidence.AT_ONCE", 5)
    opened = Desk()
    yield opened
    opened.close()


@dataclass(frozen=True)
class Changed:
    """One attack, and what a verification found."""

    attack: str
    touched: Touched
    findings: tuple[Finding, ...]

    @property
    def kinds(self) -> set[str]:
        """Return the kinds of findings, notes left out."""
        return {finding.kind for finding in self.findings if finding.severity != "note"}

    @property
    def is_located(self) -> bool:
        """Return whether a finding names the place, by its position or by the command's id."""
        places = {finding.position for finding in self.findings}
        near = {at + step for at in self.touched or () for step in (0, 1)}
        return bool(places & near) or "command-malformed" in self.kinds


@dataclass
class Tally:
    """What became of all attacks."""

    seen: list[Changed] = field(default_factory=list)

    def figures(self) -> dict[str, int]:
        """Return the line for the notebook."""
        locatable = [each for each in self.seen if each.touched is not None]
        return {
            "found from inside": sum(bool(each.kinds - OUTSIDE) for each in self.seen),
            "found only with the checkpoint": sum(bool(each.kinds) and each.kinds <= OUTSIDE for each in self.seen),
            "missed": len(self.missed),
            "locatable": len(locatable),
            "located": sum(each.is_located for each in locatable),
        }

    @property
    def missed(self) -> list[str]:
        """Return the attacks that nothing was found of."""
        return [each.attack for each in self.seen if not each.kinds]

    @property
    def not_located(self) -> list[tuple[str, Touched, set[str]]]:
        """Return the attacks that should have been located and were not."""
        return [(e.attack, e.touched, e.kinds) for e in self.seen if e.touched is not None and not e.is_located]


def templates(dice: random.Random) -> list[Template]:
    return [template(dice, size) for size in (2, 4, 7, 9, 12, 14, 16, 18)]


def attack(desk: Desk, attacks: Sequence[Attack], runs: int, seed: int, *, blindly: bool = False) -> Tally:
    """Carry out `runs` attacks, each on a copy, and verify it with a checkpoint held outside, or `blindly`."""
    dice, tally = random.Random(seed), Tally()  # noqa: S311 - the same in every run
    made = templates(dice)
    while len(tally.seen) < runs:
        chosen, copied = dice.choice(attacks), dice.choice(made)
        desk.put(copied.database)
        outside = None if blindly else copied.checkpoint
        try:
            touched = chosen(Owner(desk, copied, dice))
        except NotHere:
            continue
        tally.seen.append(Changed(chosen.__name__, touched, verify(desk.ledger, outside).findings))
    return tally


# the experiments


@pytest.mark.slow
@pytest.mark.parametrize(
    ("attacks", "words", "runs"),
    [
        (ROWS, "rows changed, deleted, inserted, swapped, doubled, cut off", 3_500),
        (PARTLY_REHASHED, "facts changed and most hashes made anew", 1_500),
        (BESIDE, "tags, command ids, sealed words and attachments changed", 3_000),
    ],
    ids=["rows", "hashes", "beside"],
)
def test_every_change_is_found_from_inside_and_located(
    desk: Desk, notebook: Notebook, attacks: Sequence[Attack], words: str, runs: int
) -> None:
    tally = attack(desk, attacks, soak(runs), SEED)
    notebook.saw(PROMISE, words, on=ON, runs=soak(runs), figures=tally.figures(), seed=SEED)
    assert tally.missed == []
    assert tally.not_located == []
    assert tally.figures()["found only with the checkpoint"] == 0
    assert {each.attack for each in tally.seen} == {each.__name__ for each in attacks}


@pytest.mark.slow
def test_what_hides_itself_from_inside_is_found_with_a_checkpoint_held_outside(desk: Desk, notebook: Notebook) -> None:
    runs = soak(2_000)
    tally = attack(desk, [*HIDDEN, *HIDDEN, *HIDDEN, a_fork], runs, SEED)
    words = "rewritten with all that follows, taken out, cut off, an older copy, a fork"
    notebook.saw(PROMISE, words, on=ON, runs=runs, figures=tally.figures(), seed=SEED)
    assert tally.missed == []
    assert set().union(*(each.kinds for each in tally.seen)) - OUTSIDE == {ORDER_GONE}


@pytest.mark.slow
def test_without_a_checkpoint_nobody_would_find_it(desk: Desk, notebook: Notebook) -> None:
    tally = attack(desk, HIDDEN, 300, SEED, blindly=True)
    words = "rewritten with all that follows, cut off, an older copy; no checkpoint held outside"
    notebook.saw(PROMISE, words, on=ON, runs=300, figures=tally.figures(), control=True, seed=SEED)
    assert {kind for each in tally.seen for kind in each.kinds} <= {ORDER_GONE}
    assert len(tally.missed) > 250


@pytest.mark.slow
@pytest.mark.parametrize("part", [1, 2])
def test_no_untouched_ledger_is_suspected(desk: Desk, notebook: Notebook, part: int) -> None:
    runs, dice, alarms, facts = soak(500), random.Random(SEED + part), [], 0  # noqa: S311 - the same in every run
    empty = desk.taken()
    for _ in range(runs):
        desk.put(empty)
        ledger, halfway = desk.fresh(), dice.randrange(12)
        grow(ledger, dice, halfway)
        outside = Checkpoint(ledger.head().size, ledger.head().root)
        grow(ledger, dice, ledger.head().size + dice.randrange(6))
        facts += ledger.head().size
        alarms += [finding for finding in verify(ledger, outside).findings if finding.severity != "note"]
    words = f"untouched ledgers of random contents, part {part}"
    notebook.saw(PROMISE, words, on=ON, runs=runs, figures={"facts": facts, "alarms": len(alarms)}, seed=SEED + part)
    assert alarms == []


@pytest.mark.slow
def test_each_check_is_needed(desk: Desk, notebook: Notebook) -> None:
    """A verifier with one check taken out misses changes that only this check finds."""
    tally = attack(desk, [*ROWS, *[*PARTLY_REHASHED] * 3, *BESIDE, *HIDDEN], 1_500, SEED)
    assert tally.missed == []
    missed = {name: sum(each.kinds <= kinds for each in tally.seen) for name, kinds in CHECKS.items()}
    figures = {f"missed without {name}": count for name, count in missed.items()}
    notebook.saw(PROMISE, "one check taken out at a time", on=ON, runs=1_500, figures=figures, control=True, seed=SEED)
    assert [name for name, count in missed.items() if not count] == []


# every column there is

NOT_COVERED = {("commands", "fingerprint"), ("attachments", "media_type")}
"""What belongs to no fact: docs/guarantees.md says so."""
COLUMNS = [(table.name, column.name) for table in TABLES for column in table.columns]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_change_in_any_column_of_any_table_is_found_but_for_those_that_belong_to_no_fact(
    desk: Desk, table: str, column: str
) -> None:
    dice = random.Random(SEED)  # noqa: S311 - the same in every run
    desk.put(whole(dice).database)
    kind = desk.sql(f"SELECT typeof(max({column})) FROM {table}")
    changed = {"blob": "zeroblob(7)", "integer": f"{column} + 1000", "text": "'2027-01-01 00:00:00.000000'"}[kind[0][0]]
    desk.sql(f"UPDATE {table} SET {column} = {changed} WHERE {column} = (SELECT max({column}) FROM {table})")
    found = [finding for finding in verify(desk.ledger).findings if finding.severity != "note"]
    assert bool(found) == ((table, column) not in NOT_COVERED)


def whole(dice: random.Random) -> Template:
    """Return a ledger that has something in every table."""
    for _ in range(100):
        made, desk = template(dice, 18), Desk()
        desk.put(made.database)
        full = all(desk.sql(f"SELECT count(*) FROM {table.name}")[0][0] for table in TABLES)
        desk.close()
        if full:
            return made
    pytest.fail("no ledger with something in every table")


@pytest.mark.parametrize(
    "answer",
    ["json_set(answer, '$.positions', json('[]'))", 'json_set(answer, \'$.refused\', json(\'["Refused","","",""]\'))'],
    ids=["recorded nothing", "says other words"],
)
def test_an_answer_that_speaks_of_no_fact_is_not_covered_either(desk: Desk, answer: str) -> None:
    dice = random.Random(SEED)  # noqa: S311 - the same in every run
    desk.put(template(dice, 16).database)
    if "positions" in answer:
        desk.sql(f"INSERT INTO commands SELECT ledger_id, 'asked', fingerprint, {answer} FROM commands LIMIT 1")
    else:
        desk.sql(f"UPDATE commands SET answer = {answer}")
    assert [finding for finding in verify(desk.ledger).findings if finding.severity != "note"] == []
