"""Versions of things: each command that changes one gives it another version, and other people's facts do not."""

import pytest

from api.commands.places import PLACES
from api.commands.preconditions import version_of
from domain.decision import Command
from tests.controls import STORY
from tests.projections.year_ledger import Year, open_year

CHANGING = [kind for kind in PLACES if kind.CHANGES]


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> dict[type[Command], tuple[int | None, int | None]]:
    """Return the version of what each command of the story changes, before and after."""
    year: Year = open_year(f"sqlite:///{tmp_path_factory.mktemp('versions') / 'ledger.db'}")
    found = {}
    for step in STORY:
        before = version_of(year.ledger, step.asked)
        year.play([step])
        found[type(step.asked)] = (before, version_of(year.ledger, step.asked))
    year.close()
    return found


@pytest.mark.parametrize("kind", CHANGING, ids=lambda kind: kind.NAME)
def test_what_is_changed_has_another_version_afterwards(
    kind: type[Command], versions: dict[type[Command], tuple[int | None, int | None]]
) -> None:
    before, after = versions[kind]
    assert before is not None
    assert after is not None
    assert after > before > 0


def test_what_nothing_changes_has_no_version() -> None:
    assert {kind.NAME for kind, place in PLACES.items() if place.has_version} >= {kind.NAME for kind in CHANGING}
    assert {kind.NAME for kind, place in PLACES.items() if not place.thing and place.has_version} == set()
