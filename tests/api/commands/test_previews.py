"""Dry runs: whom a command would change is told to whoever may see it, and to everybody of himself."""

from pathlib import Path

from api.commands.previews import preview_of
from api.principal import Principal
from domain.decision import Event
from domain.ids import PersonId
from domain.tally import Tally
from tests.controls import ANNUAL, LI, STAFF, SUN
from tests.projections.year_ledger import Year, open_year


def tallied(tmp_path: Path) -> tuple[Year, list[Event]]:
    """Return a ledger before its first tally, and what that would be recorded as."""
    year = open_year(f"sqlite:///{tmp_path / 'ledger.db'}")
    first = next(number for number, step in enumerate(ANNUAL) if isinstance(step.asked, Tally))
    year.play(ANNUAL[:first])
    return year, year.ledger.preview(ANNUAL[first].asked, actor=ANNUAL[first].actor)


def told(year: Year, events: list[Event], person: PersonId) -> set[str]:
    preview = preview_of(year.ledger, events, Principal("account", person, "password"))
    return {change["person"] for each in preview.effects for change in each["changes"]}


def test_a_dry_run_tells_of_others_only_whoever_reads_by_office(tmp_path: Path) -> None:
    year, events = tallied(tmp_path)
    try:
        assert len(told(year, events, LI)) > 2
        assert told(year, events, SUN) == {SUN}
        assert told(year, events, STAFF) == set()
    finally:
        year.close()
