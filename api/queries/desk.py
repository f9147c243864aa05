"""One question over HTTP: who asks, about which moment, and how the answer goes out.

Every answer says up to which position it is true (`position`), how many facts are not in it yet (`behind`), and whether
the ledger runs on a simulated clock; it carries an `ETag`, and what concerns people is kept by no cache (I3, A3).
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Path, Query, Request, Response
from starlette.datastructures import URL

from api.doors import Reader
from api.moments import ViewBehind, position_asked
from api.principal import Principal
from api.problems import language_of
from api.viewing import curtain_before
from domain.decision import NotFound, NotPermitted
from domain.text import Language, Text
from ledger.ledger import Ledger
from projections.answers.auditing import facts_of
from projections.answers.reading import instant_at
from projections.disclosed_facts import FactReader
from projections.disclosed_rows import RowCurtain
from projections.engine import Follower, Reading
from projections.names import Names, names_in
from projections.told import encoded, told

CATCH_UP_SECONDS: Final = 5.0
"""How long an answer waits for the views unless the reader prefers otherwise; then it says how far behind it is."""
MOST_SECONDS: Final = 30.0
PRIVATE: Final = "private, no-store"
PUBLIC: Final = "public, no-cache"
"""May be kept by anybody who asks again whether it still holds."""
JSON: Final = "application/json"
AS_OF: Final = "a position, or an RFC 3339 time with its offset (in a URL + is written %2B)"


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, and about which moment; None: about now, after `least` at any rate."""

    principal: Principal | None
    as_of: str | None
    least: int | None
    seconds: float
    language: Language
    if_none_match: str
    url: URL


@dataclass(frozen=True, slots=True)
class Desk:
    """What a question is answered from: the views at a moment, and the curtain before whoever asks."""

    question: Question
    ledger: Ledger
    reading: Reading
    curtain: RowCurtain

    @property
    def upto(self) -> int:
        """Return the position that the answer is about."""
        return self.reading.position

    @property
    def now(self) -> datetime:
        """Return the instant it is; asked about the past, the instant of the last fact there."""
        return instant_at(self.ledger, None if self.question.as_of is None else self.upto)

    @property
    def names(self) -> Names:
        """Return the names that the ledger knew then."""
        return names_in(self.ledger, self.upto)

    @property
    def facts(self) -> FactReader | None:
        """Return what stands between single facts and the reader; None where nothing does."""
        return facts_of(self.curtain)

    def require_office(self) -> None:
        """Raise `NotPermitted` unless the reader is an office-holder or an auditor where he asks."""
        if not self.curtain.disclosures.viewer.holds_office:
            raise NotPermitted("for-office-holders", _FOR_OFFICES)

    def page(self, answer: object, following: Mapping[str, object]) -> Response:
        """Return one page in its frame; `following` are the parameters of the next one, none where there is none."""
        url = self.question.url.include_query_params(**following)
        return self.tell(answer, links={"next": f"{url.path}?{url.query}"} if following else None)

    def tell(self, answer: object, *, links: Mapping[str, str] | None = None, cache: str = PRIVATE) -> Response:
        """Return an answer in its frame; `links` are its neighbours by relation (RFC 8288)."""
        frame = {
            "ledger": self.ledger.ledger_id,
            "position": self.reading.position,
            "behind": self.reading.behind,
            "simulated_clock": self.ledger.clock.simulated,
        }
        return sent(self.question, encoded(frame | told(answer, self.curtain)), JSON, links=links, cache=cache)


def sent(
    question: Question, body: bytes, media_type: str, *, links: Mapping[str, str] | None = None, cache: str = PRIVATE
) -> Response:
    """Return a body with its ETag, or 304 where the reader has it already."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": cache, "Vary": "Authorization, Cookie, Accept-Language"}
    if links:
        headers["Link"] = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links.items())
    known = {each.strip().removeprefix("W/") for each in question.if_none_match.split(",")}
    if known & {tag, "*"}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def question_of(
    request: Request, principal: Principal | None, as_of: str | None = None, min_position: int | None = None
) -> Question:
    """Return the question of a request; `Prefer: wait=SECONDS` says how long it may wait for the views (RFC 7240)."""
    return Question(
        principal,
        as_of,
        min_position,
        _seconds(request.headers.get("prefer", "")),
        language_of(request),
        request.headers.get("if-none-match", ""),
        request.url,
    )


def _seconds(prefer: str) -> float:
    wishes = dict(part.strip().lower().partition("=")[::2] for part in prefer.replace(";", ",").split(","))
    try:
        return min(MOST_SECONDS, max(0.0, float(int(wishes["wait"]))))
    except (KeyError, ValueError):
        return CATCH_UP_SECONDS


AsOf = Annotated[str | None, Query(description=AS_OF, examples=["120"])]
Least = Annotated[
    int | None,
    Query(ge=0, lt=10**15, description="the answer is at least as new as this position, else 503 after a while"),
]


def _asked_in_person(request: Request, reader: Reader, as_of: AsOf = None, min_position: Least = None) -> Question:
    return question_of(request, reader, as_of, min_position)


def _asked_by_anybody(request: Request, min_position: Least = None) -> Question:
    return question_of(request, None, None, min_position)


Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.\-]{1,64}$", examples=["workshop-1"])]
"""The id of a thing in a path."""
AskedId = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")]
"""The id of a thing in a query."""
After = Annotated[int, Query(ge=0, lt=10**15, description="begin after this position", examples=[0])]
Limit = Annotated[int, Query(ge=1, le=1000, description="at most so many", examples=[100])]

Asked = Annotated[Question, Depends(_asked_in_person)]
"""A question of somebody who has signed in."""
AskedByAnybody = Annotated[Question, Depends(_asked_by_anybody)]
"""A question of the public, about now; its route stands behind the open door."""


@dataclass(frozen=True, slots=True)
class Answering:
    """What questions are answered from: one ledger with its views."""

    ledger: Ledger
    follower: Follower

    @contextmanager
    def desk(
        self,
        question: Question,
        views: Collection[str] = (),
        *,
        branch: str | None = None,
        round_id: str | None = None,
        person: str | None = None,
    ) -> Iterator[Desk]:
        """Lend the named views as of the moment asked, with the curtain before whoever asks about something."""
        with self._reading(question, views) as reading:
            curtain = curtain_before(
                self.ledger,
                question.principal,
                reading.position,
                question.language,
                branch=branch,
                round_id=round_id,
                person=person,
            )
            yield Desk(question, self.ledger, reading, curtain)

    @contextmanager
    def _reading(self, question: Question, views: Collection[str]) -> Iterator[Reading]:
        if question.as_of is not None:
            with self.follower.as_of(position_asked(self.ledger, question.as_of), only=views) as then:
                yield then
            return
        self._require_recorded(question.least)
        with self.follower.reading(only=views, seconds=question.seconds) as now:
            # Of no view at all, the answer is as new as the ledger.
            reading = now if views else Reading(now.connection, now.ledger_id, self.ledger.head().size)
            if question.least is not None and reading.position < question.least:
                raise ViewBehind("view-behind", _behind(reading.position, question.least))
            yield reading

    def _require_recorded(self, least: int | None) -> None:
        size = self.ledger.head().size
        if least is not None and least > size:
            raise NotFound("position-not-reached", _not_recorded(least, size))


_FOR_OFFICES = Text(
    "这些只提供给任职人员和监督员；请由他们查看。",
    "This is for office-holders and auditors; ask one of them.",
)


def _behind(position: int, least: int) -> Text:
    return Text(
        f"视图才更新到第{position}条，还没到第{least}条；请稍候再查。",
        f"The views have reached fact {position}, not yet {least}; ask again in a moment.",
    )


def _not_recorded(least: int, size: int) -> Text:
    return Text(f"账本只到第{size}条，没有第{least}条。", f"The ledger ends at fact {size}; there is no {least}.")
