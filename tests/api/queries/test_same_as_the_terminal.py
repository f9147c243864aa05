"""HTTP and the terminal's `--json` say the same to the same reader, over the whole story and over a year of months."""

import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.queries.beside import Beside
from cli.main import main
from cli.wiring import installation, keeping_open
from tests.api.identities import PERSON, ByHeader
from tests.cli.canary_house import House, annual_house, monthly_house
from tests.cli.conftest import settings
from tests.controls import BRANCH, CHAIR, ROUND, SUN, UPHELD
from tests.projections.month_ledger import MARCH, MEETING, YEAR_ROUND

Both = Callable[[str, str, str], tuple[Any, Any]]
"""Returns what a reader is answered by HTTP and by the terminal, the answer beside what was withheld."""
AS_OF = "170"
"""A moment in both stories, so that both ask about the same instant."""
STORY = [
    (f"/rounds/{ROUND}/stars?", f"stars --round {ROUND}"),
    (f"/people/{SUN}/stars?", f"stars --person {SUN}"),
    (f"/branches/{BRANCH}/stars?", f"stars --branch {BRANCH}"),
    (f"/rounds/{ROUND}/sheet?", f"sheet --round {ROUND}"),
    (f"/rounds/{ROUND}/notices?", f"notices --round {ROUND}"),
    (f"/rounds/{ROUND}/objections?", f"objections --round {ROUND}"),
    (f"/rounds/{ROUND}/agenda?", f"due --round {ROUND}"),
    (f"/rounds/{ROUND}/ballots?", f"ballots --round {ROUND}"),
    (f"/people/{SUN}/record?", f"record --person {SUN}"),
    (f"/history?limit=1000&round={ROUND}", f"history --round {ROUND}"),
    (f"/history?limit=1000&person={SUN}", f"history --person {SUN}"),
    (f"/history?limit=1000&objection={UPHELD}", f"history --objection {UPHELD}"),
    (f"/history?limit=1000&branch={BRANCH}", f"history --branch {BRANCH}"),
    (f"/rounds/{ROUND}/people/{SUN}/explanation?", f"explain --round {ROUND} --person {SUN}"),
    (f"/rounds/{ROUND}/people/{SUN}/why-not?star=5", f"why-not --round {ROUND} --person {SUN} --star 5"),
    (f"/rounds/{ROUND}/replay?", f"replay --round {ROUND}"),
]
MONTHS = [
    (f"/rounds/{MARCH}/month?", f"month --round {MARCH}"),
    (f"/rounds/{MARCH}/boards?", f"boards --round {MARCH}"),
    (f"/rounds/{MARCH}/ballots?", f"ballots --round {MARCH}"),
    (f"/rounds/{YEAR_ROUND}/year?", f"year --round {YEAR_ROUND}"),
    (f"/branches/{BRANCH}/meetings?", f"meeting --branch {BRANCH}"),
    (f"/branches/{BRANCH}/meetings/{MEETING}?", f"meeting --meeting {MEETING}"),
    (f"/people/{SUN}/record?", f"record --person {SUN}"),
]


def beside_each_other(house: House) -> Iterator[Both]:
    with installation(settings(house.data)) as installed:
        beside = Beside(stream_seconds=0)
        served = create_app(ledger=installed.ledger, follower=installed.follower, identities=ByHeader(), beside=beside)
        with TestClient(served) as client, keeping_open():

            def both(url: str, words: str, reader: str) -> tuple[Any, Any]:
                answer = client.get(f"/api/v1{url}", headers={PERSON: reader, "Accept-Language": "zh"})
                said = StringIO()
                whose = () if reader == CHAIR else ("--reader", reader)
                with redirect_stdout(said), redirect_stderr(StringIO()):
                    main(["--data", str(house.data), "--lang", "zh", *words.split(), *whose, "--json"])
                return of_http(answer.json()), of_terminal(json.loads(said.getvalue() or "null"))

            yield both


def of_http(body: Any) -> Any:  # noqa: ANN401
    return (body["answer"], body["withheld"]) if "answer" in body else body["code"]


def of_terminal(body: Any) -> Any:  # noqa: ANN401
    if isinstance(body, dict) and "withheld" in body:
        return body["answer"], body["withheld"]
    return body["refused"] if isinstance(body, dict) and "refused" in body else (body, [])


@pytest.fixture(scope="module")
def annual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    yield from beside_each_other(annual_house(tmp_path_factory.mktemp("same-annual") / "data"))


@pytest.fixture(scope="module")
def monthly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    yield from beside_each_other(monthly_house(tmp_path_factory.mktemp("same-monthly") / "data"))


@pytest.mark.parametrize("reader", [CHAIR, SUN])
@pytest.mark.parametrize(("url", "words"), STORY, ids=[url.strip("?/") for url, _ in STORY])
def test_a_year_is_told_alike(annual: Both, url: str, words: str, reader: str) -> None:
    served, printed = annual(f"{url}&as_of={AS_OF}", f"{words} --as-of {AS_OF}", reader)
    assert served == printed
    assert served[0] not in ([], None)


@pytest.mark.parametrize("reader", [CHAIR, SUN])
@pytest.mark.parametrize(("url", "words"), MONTHS, ids=[url.strip("?/") for url, _ in MONTHS])
def test_a_month_is_told_alike(monthly: Both, url: str, words: str, reader: str) -> None:
    served, printed = monthly(url, words, reader)
    assert served == printed
    assert served[0] not in ([], None)


@pytest.mark.parametrize("reader", [CHAIR, SUN])
def test_two_moments_are_compared_alike(annual: Both, reader: str) -> None:
    served, printed = annual("/compare?from=90&to=170", "compare --from 90 --to 170", reader)
    assert served == printed
    assert served[0]["lines"]


def test_what_would_be_otherwise_is_told_alike(annual: Both) -> None:
    asked = f"/what-if?round={ROUND}&cap_rounding=ceil", f"what-if --round {ROUND} --cap-rounding ceil"
    for reader in (CHAIR, SUN):
        served, printed = annual(*asked, reader)
        assert served == printed


def test_findings_and_rulebooks_are_told_alike(annual: Both) -> None:
    for url, words in (
        ("/findings", "findings --all"),
        (f"/rounds/{ROUND}/trial?rulebook=annual-360", f"rulebook try annual-360 --round {ROUND}"),
        ("/rulebooks/annual-360/check", "rulebook check annual-360"),
        ("/rulebooks/diff?old=annual-360&new=monthly-points", "rulebook diff annual-360 monthly-points"),
        ("/rulebooks/monthly-points/explanation", "rulebook explain monthly-points"),
    ):
        served, printed = annual(url, words, CHAIR)
        assert served[0] == (printed[0]["trial"] if "trial" in printed[0] else printed[0]), url
