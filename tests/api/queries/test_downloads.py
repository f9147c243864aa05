"""Archives over HTTP: whoever takes one away proves who he is, gets what he is shown, and can check it elsewhere."""

from io import BytesIO
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from api.commands.recording import Recording
from ledger.archive.checking import Trusted, check_archive
from ledger.ballot_files import BoxFiles
from projections.engine import Follower
from tests.api.identities import PERSON, ByHeader
from tests.api.queries.conftest import Ask
from tests.controls import BOX, CHAIR, QIAN, ROUND, STAFF, SUN
from tests.projections.year_ledger import Year

NOW = {"x_test_stepped_up": "now"}


def test_an_archive_needs_a_fresh_proof_of_who_asks(ask: Ask) -> None:
    answer = ask("/archive", CHAIR)
    assert (answer.status_code, answer.json()["code"]) == (403, "step-up-needed")
    assert ask("/archive", **NOW).status_code == 401


def test_an_archive_is_checked_without_us_and_holds_no_more_than_its_reader_is_shown(ask: Ask) -> None:
    sizes = {}
    for reader in (CHAIR, SUN, STAFF):
        answer = ask("/archive", reader, **NOW)
        assert answer.headers["content-type"] == "application/zip"
        checked = check_archive(BytesIO(answer.content), Trusted((), (), None, None))
        assert checked.verdict.ok
        assert checked.sealed == "left-out"
        sizes[reader] = len(answer.content)
    assert sizes[CHAIR] > sizes[SUN] > sizes[STAFF]


def test_extracts_are_for_offices_of_the_committee(ask: Ask) -> None:
    assert ask(f"/archive?round={ROUND}", CHAIR, **NOW).status_code == 200
    assert ask(f"/archive?person={SUN}", CHAIR, **NOW).status_code == 200
    assert ask(f"/archive?person={QIAN}", SUN, **NOW).json()["code"] == "for-office-holders"
    assert ask(f"/archive?person={SUN}&round={ROUND}", CHAIR, **NOW).json()["code"] == "one-of-two"


def test_how_far_a_box_has_got_is_told_to_whom_its_counts_are_shown(
    story: Year, follower: Follower, tmp_path: Path
) -> None:
    recording = Recording(story.ledger, follower, boxes=BoxFiles(tmp_path))
    served = create_app(ledger=story.ledger, follower=follower, identities=ByHeader(), recording=recording)
    url = f"/api/v1/rounds/{ROUND}/boxes/{BOX}"
    with TestClient(served) as client:
        member, staff, nobody = (client.get(url, headers=said) for said in ({PERSON: SUN}, {PERSON: STAFF}, {}))
        elsewhere = client.get(f"/api/v1/rounds/{ROUND}/boxes/nowhere", headers={PERSON: SUN})
    assert (member.json()["answer"]["box"], member.json()["answer"]["over"]) == (BOX, True)
    assert set(member.json()["answer"]) == {"box", "entitled", "issued", "returned", "closes_by", "over"}
    assert (staff.status_code, staff.json()["code"]) == (403, "withheld")
    assert (nobody.status_code, elsewhere.status_code) == (401, 404)
