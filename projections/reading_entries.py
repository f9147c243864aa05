"""What of a person's record comes from readings of his private matter: who read it, or asked to; not what (A7)."""

from domain.dates import civil_date
from domain.decision import Fact
from domain.private_reading import SealedRead, SealedReadingRefused
from projections.person_facts import enter
from projections.rows import Rows


def sealed_read(rows: Rows, fact: Fact, happened: SealedRead) -> None:
    """Enter that somebody read what is kept private about a person."""
    _enter(rows, fact, happened, state=happened.basis)


def reading_refused(rows: Rows, fact: Fact, happened: SealedReadingRefused) -> None:
    """Enter that somebody asked for it and was refused."""
    _enter(rows, fact, happened, state="refused")


def _enter(rows: Rows, fact: Fact, happened: SealedRead | SealedReadingRefused, state: str) -> None:
    if happened.person is not None:
        enter(
            rows,
            fact,
            happened.person,
            "reading",
            on=civil_date(fact.recorded_at),
            what=happened.purpose,
            state=state,
            other=happened.reader,
        )
