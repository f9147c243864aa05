"""In his own case, and in that of somebody close to him, an officer reads as a member does; filters tell no more."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.viewing import Standing
from domain.appointments import Appoint, DeclareRelation
from domain.dates import civil_date
from domain.roles import AUDITOR
from projections.withholding import Viewer
from tests.api.identities import PERSON, ByHeader
from tests.controls import CHAIR, LI, REGISTRAR, ROUND, STAFF, SUN, WANG, WU
from tests.projections.year_ledger import Year

Read = Callable[[str, str], Any]
OBJECTIONS = f"/rounds/{ROUND}/objections"


@pytest.fixture
def read(fresh: Year) -> Iterator[Read]:
    """Give a way to read the answer to a URL as somebody, from a ledger that the test adds to."""
    served = create_app(ledger=fresh.ledger, follower=fresh.follower(), identities=ByHeader())
    with TestClient(served) as client:
        yield lambda url, person: client.get(f"/api/v1{url}", headers={PERSON: person}).json()["answer"]


def objectors(read: Read, reader: str) -> dict[str, str | None]:
    """Return who objected about whom, as a reader is shown it."""
    return {each["about"]: each["objector"] for each in read(OBJECTIONS, reader)}


def test_whoever_is_close_to_the_person_objected_to_does_not_learn_who_objected(read: Read, fresh: Year) -> None:
    before = objectors(read, LI)
    about = next(person for person, objector in before.items() if objector in (STAFF, SUN, WU) and person != LI)
    fresh.ledger.execute(DeclareRelation(person=LI, other=about, relation="spouse"), actor=LI)  # type: ignore[arg-type]
    after = objectors(read, LI)
    assert about not in after or str(after[about]).startswith("〔")
    assert objectors(read, CHAIR) != after


def test_that_somebody_close_objected_hides_nothing_more(read: Read, fresh: Year) -> None:
    before = objectors(read, LI)
    objector = next(name for about, name in before.items() if name and about != LI and not name.startswith("〔"))
    fresh.ledger.execute(DeclareRelation(person=LI, other=objector, relation="sibling"), actor=LI)  # type: ignore[arg-type]
    assert {about: name for about, name in objectors(read, LI).items() if about != objector} == {
        about: name for about, name in before.items() if about != objector
    }


def test_an_office_opens_at_once_and_an_auditor_sees_what_is_kept_in_the_open(read: Read, fresh: Year) -> None:
    hidden = sum(each["entry"] is None for each in read("/facts?limit=1000", STAFF))
    today = civil_date(fresh.clock.now())
    office = Appoint(person=STAFF, role=AUDITOR, since=today, decided_by="党委")
    fresh.ledger.execute(office, actor=REGISTRAR)
    after = read("/facts?limit=1000", STAFF)
    assert hidden > sum(each["entry"] is None for each in after)


def test_a_filter_by_actor_finds_no_act_whose_actor_is_withheld(read: Read) -> None:
    everything = read("/history?limit=1000", SUN)
    for actor in (STAFF, WANG, LI):
        found = read(f"/history?limit=1000&actor={actor}", SUN)
        assert found == [each for each in everything if each["actor"] == actor]
    assert len(read(f"/history?limit=1000&actor={STAFF}", CHAIR)) > len(read(f"/history?limit=1000&actor={STAFF}", SUN))


def test_the_history_is_filtered_by_action_lateness_revision_and_moment(read: Read) -> None:
    everything = read("/history?limit=1000", CHAIR)
    assert {each["type"].split(".")[0] for each in read("/history?limit=1000&action=score.", CHAIR)} == {"score"}
    assert all(each["late"] for each in read("/history?limit=1000&late=true", CHAIR))
    revised = read("/history?limit=1000&revised=true", CHAIR)
    assert revised
    assert len(revised) < len(everything)
    assert [each["position"] for each in read("/history?since=20&until=25", CHAIR)] == [21, 22, 23, 24, 25]


def test_control_with_everybody_an_officer_the_withheld_is_shown(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read(OBJECTIONS, SUN)
    monkeypatch.setattr(Standing, "viewer", lambda self, _branch=None: Viewer(None, self.person, self.close))
    assert read(OBJECTIONS, SUN) != before
