"""What all questions have in common: the frame, moments, tags, pages, waiting, caches, and who may ask at all."""

import json

import pytest
from fastapi import FastAPI

from projections.engine import Follower
from tests.api.every_route import questions
from tests.api.queries.conftest import Ask
from tests.controls import BRANCH, CHAIR, LI, OPERATOR, ROUND, SUN
from tests.projections.year_ledger import Year

ASKED = {"round_id": (ROUND,), "person": (SUN,), "branch": (BRANCH,)}
STARS = f"/rounds/{ROUND}/stars"
OPEN = ("/api/v1/public/", "/api/v1/log/", "/healthz", "/readyz")
"""What may be asked without signing in."""


def test_nobody_reads_anything_but_what_hangs_and_proofs(served: FastAPI, ask: Ask) -> None:
    asked = [(route, url) for route, url in questions(served, ASKED) if url.startswith("/api/v1/")]
    assert len(asked) > 30
    for route, url in asked:
        answer = ask(url.removeprefix("/api/v1"))
        assert (answer.status_code == 401) != route.startswith(OPEN), url


def test_whoever_only_runs_the_installation_reads_no_business_data(served: FastAPI, ask: Ask) -> None:
    for route, url in questions(served, ASKED):
        if url.startswith("/api/v1/") and not route.startswith(OPEN):
            answer = ask(url.removeprefix("/api/v1"), OPERATOR, x_test_stepped_up="now")
            assert (answer.status_code, answer.json()["code"]) == (403, "no-business-data"), url


def test_every_answer_stands_in_its_frame_and_no_number_is_a_float(served: FastAPI, ask: Ask, story: Year) -> None:
    framed = 0
    for _route, url in questions(served, ASKED):
        answer = ask(url.removeprefix("/api/v1"), CHAIR) if url.startswith("/api/v1/") else None
        if answer is None or answer.status_code != 200 or answer.headers["content-type"] != "application/json":
            continue
        body = json.loads(answer.content, parse_float=pytest.fail)
        assert (body["ledger"], body["position"], body["behind"]) == ("main", story.ledger.head().size, 0), url
        assert body["simulated_clock"] is True
        assert answer.headers["etag"]
        framed += 1
    assert framed > 25


def test_what_concerns_people_is_kept_by_no_cache_and_what_is_public_may_be(ask: Ask) -> None:
    assert ask(STARS, SUN).headers["cache-control"] == "private, no-store"
    assert ask(f"/public/boards/{BRANCH}").headers["cache-control"].startswith("public")
    assert "immutable" in ask("/log/tile/0/000.p/9").headers["cache-control"]


def test_an_answer_that_the_reader_has_is_not_sent_again(ask: Ask) -> None:
    tag = ask(STARS, SUN).headers["etag"]
    again = ask(STARS, SUN, if_none_match=f'"other", {tag}')
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert ask(STARS, LI, if_none_match=tag).status_code == 200  # what he is shown is another answer


@pytest.mark.parametrize("url", ["/history", "/facts"])
def test_pages_follow_one_another_without_a_gap(ask: Ask, url: str, story: Year) -> None:
    positions, asked = [], f"{url}?limit=40"
    while asked:
        answer = ask(asked, CHAIR)
        positions += [each["position"] for each in answer.json()["answer"]]
        link = answer.headers.get("link", "")
        assert not link or link.endswith('rel="next"')
        asked = link.partition(">")[0].removeprefix("</api/v1")
    assert positions == list(range(1, story.ledger.head().size + 1))


def test_rounds_are_paged_by_their_ids(ask: Ask) -> None:
    assert [each["round"] for each in ask("/rounds", SUN).json()["answer"]] == [ROUND]
    assert ask(f"/rounds?after={ROUND}", SUN).json()["answer"] == []


def test_every_question_can_be_put_to_the_past(ask: Ask) -> None:
    then = ask(f"{STARS}?as_of=120", CHAIR).json()
    assert then["position"] == 120
    assert then != ask(STARS, CHAIR).json()
    assert ask("/facts?as_of=50&limit=1000", CHAIR).json()["answer"][-1]["position"] == 50


def test_an_answer_is_at_least_as_new_as_the_position_that_is_asked_for(ask: Ask, story: Year) -> None:
    size = story.ledger.head().size
    assert ask(f"{STARS}?min_position={size}", SUN).json()["position"] == size
    answer = ask(f"{STARS}?min_position={size + 1}", SUN)
    assert (answer.status_code, answer.json()["code"]) == (404, "position-not-reached")


def test_a_view_that_is_behind_says_so_and_when_to_come_back(
    ask: Ask, story: Year, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower.rebuild()
    size = story.ledger.head().size
    with monkeypatch.context() as patched:
        patched.setattr(follower, "catch_up", lambda **_named: 0)
        assert ask(f"{STARS}?min_position={size}", SUN).status_code == 200
        patched.setattr("projections.engine.places.place_of", lambda *_: None)
        answer = ask(f"{STARS}?min_position={size}", SUN, prefer="wait=0")
        behind = ask(STARS, SUN, prefer="wait=0").json()["behind"]
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "view-behind", "1")
    assert behind == size
