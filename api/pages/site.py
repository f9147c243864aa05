"""The site: from a request, and what a route found out, to a page in the reader's language or to the same as JSON."""

import gzip
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from api.pages.assets import packed
from api.pages.navigation import Section, offered
from api.pages.pen import pen
from api.principal import Principal
from api.problems import LANGUAGE_KEY, language_of
from api.queries.desk import Answering, Desk, question_of
from domain.text import Language
from ledger.ledger import Ledger
from projections.disclosed_facts import FactReader
from projections.disclosed_rows import RowCurtain
from projections.engine import Follower, Reading
from projections.names import Names, erased_digests, names_in
from projections.sentences import Telling
from projections.separation import SmallBranchMode, small_branch_mode
from projections.told import encoded

HTML, JSON = "text/html", "application/json"
AS_OF, FORMAT = "as_of", "format"
A_YEAR_SECONDS: Final = 365 * 24 * 3600
GZIP_LEVEL: Final = 6


@dataclass(frozen=True)
class Sheet:
    """One page for whoever asks, with nothing on it yet: in which language it is, how to get from it to others."""

    request: Request
    principal: Principal | None
    ledger: Ledger
    as_of: str | None

    @property
    def language(self) -> Language:
        """Return the reader's language."""
        return language_of(self.request)

    @property
    def sections(self) -> tuple[Section, ...]:
        """Return the parts of the site that this reader is offered."""
        return offered(self.principal)

    @cached_property
    def size(self) -> int:
        """Return how many facts there are."""
        return self.ledger.head().size

    @cached_property
    def small_branch(self) -> SmallBranchMode | None:
        """Return the small-branch mode that holds, which every page says."""
        return small_branch_mode(self.ledger)

    def to(self, path: str, **query: object) -> str:
        """Return an address on this site that stays at the moment being looked at."""
        return _address(path, {AS_OF: self.as_of, **query})

    def here(self, **query: object) -> str:
        """Return the address of this page with some of its query changed; None takes a part away."""
        return _address(self.request.url.path, {**self.request.query_params, **query})

    def page(self, template: str, content: Mapping[str, object], *, status: int = 200) -> Response:
        """Return a page, or its content as JSON where a program asks.

        `content` is all that the page says: there is nothing in it that this reader may not be shown.
        """
        if wants_json(self.request):
            return self._kept(Response(encoded(content), status, media_type=JSON))
        html = pen(self.language).get_template(template).render(**content, visit=self).encode()
        answer = packed(self.request, html, gzip.compress(html, GZIP_LEVEL, mtime=0), HTML, {"Vary": "Accept, Cookie"})
        answer.status_code = status
        return self._kept(answer)

    def _kept(self, answer: Response) -> Response:
        """Return an answer that shared machines forget; a language that was switched to is remembered."""
        answer.headers["Cache-Control"] = "public, no-cache" if self.principal is None else "private, no-store"
        answer.headers["Content-Language"] = self.language
        if LANGUAGE_KEY in self.request.query_params:
            answer.set_cookie(LANGUAGE_KEY, self.language, A_YEAR_SECONDS, samesite="lax", httponly=True)
        return answer


@dataclass(frozen=True)
class Visit(Sheet):
    """One page about a ledger at a moment: the views to read from, and the curtain before the one who asks."""

    desk: Desk

    @property
    def position(self) -> int:
        """Return the position that the page is about."""
        return self.reading.position

    @property
    def upto(self) -> int | None:
        """Return the position of the moment that was asked for; None: it is about now."""
        return None if self.as_of is None else self.position

    @property
    def reading(self) -> Reading:
        """Return the views."""
        return self.desk.reading

    @property
    def curtain(self) -> RowCurtain:
        """Return what takes out of answers what this reader is not shown."""
        return self.desk.curtain

    @property
    def facts(self) -> FactReader | None:
        """Return what stands between single facts and the reader; None where nothing does."""
        return self.desk.facts

    @cached_property
    def now(self) -> datetime:
        """Return the instant that the page is about: that of the last fact there, else what the clock shows."""
        facts = () if self.upto is None else self.ledger.read(after=self.upto - 1, upto=self.upto)
        return next((fact.recorded_at for fact in facts), None) or self.ledger.clock.now()

    @cached_property
    def names(self) -> Names:
        """Return names as they were at the moment."""
        return names_in(self.ledger, self.upto)

    @cached_property
    def telling(self) -> Telling:
        """Return what facts are told with before this reader."""
        return Telling(self.names, erased=erased_digests(self.ledger, self.upto), curtain=self.facts)

    def page(self, template: str, content: Mapping[str, object], *, status: int = 200) -> Response:
        """Return a page with what was withheld from it; for a program the same in the frame of every answer."""
        if wants_json(self.request):
            return self._kept(self.desk.tell(content))
        return super().page(template, {**content, "withheld": self.curtain.withheld}, status=status)


@dataclass(frozen=True, slots=True)
class Site:
    """What every page is made from: a ledger and its views."""

    ledger: Ledger
    follower: Follower

    def sheet(self, request: Request, principal: Principal | None = None) -> Sheet:
        """Return a page that needs nothing of the ledger."""
        return Sheet(request, principal, self.ledger, None)

    @contextmanager
    def visit(
        self,
        request: Request,
        principal: Principal | None,
        *views: str,
        branch: str | None = None,
        round_id: str | None = None,
        person: str | None = None,
    ) -> Iterator[Visit]:
        """Lend a page with the named views as of the moment asked, and what this reader may be shown of them.

        `branch`, `round_id` or `person` say whose matter it is; nobody (None) is shown what may hang outside now.
        """
        as_of = None if principal is None else request.query_params.get(AS_OF)
        question = question_of(request, principal, as_of or None)
        answering = Answering(self.ledger, self.follower)
        with answering.desk(question, views, branch=branch, round_id=round_id, person=person) as desk:
            yield Visit(request, principal, self.ledger, question.as_of, desk)


def wants_json(request: Request) -> bool:
    """Return whether a program asks: by `?format=json`, or by accepting JSON and no page."""
    accepted = request.headers.get("accept", "")
    return request.query_params.get(FORMAT) == "json" or (JSON in accepted and HTML not in accepted)


def wants_page(request: Request) -> bool:
    """Return whether a browser asks for a page."""
    return HTML in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def _address(path: str, query: Mapping[str, Any]) -> str:
    kept = [(name, value) for name, value in query.items() if value is not None and value != ""]
    return f"{path}?{urlencode(kept)}" if kept else path
