"""What waits for a second person: what it would record, stood behind, withdrawn or declined."""

from collections.abc import Iterator
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from api.doors import Decider, DeciderAgain
from api.identity.pending_routes import carry_out
from api.identity.seconding import Pending, Seconding, seconded
from api.pages.doing.command_words import title_of
from api.pages.site import Site, Visit
from api.principal import Principal
from domain.decision import Refused
from domain.text import Text
from projections.sentences import tell

AT = "/waiting"


def waiting_router(site: Site, seconding: Seconding) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get(AT)
    def listed(request: Request, decider: Decider) -> Response:
        """List what somebody has asked for that waits, and what he may stand behind."""
        with site.visit(request, decider) as visit:
            found = [_shown(visit, decider, each) for each in seconding.listed(decider.person)]
            return visit.page("waiting/index.html", {"waiting": found})

    @router.get(f"{AT}/{{pending}}")
    def one(pending: str, request: Request, decider: DeciderAgain) -> Response:
        """Show one of them to somebody who has just proved that it is he."""
        with site.visit(request, decider) as visit:
            shown = _shown(visit, decider, seconding.of(pending, decider.person))
            return visit.page("waiting/one.html", {"one": shown})

    @router.post(f"{AT}/{{pending}}/second")
    async def second(pending: str, request: Request, decider: DeciderAgain) -> Response:
        """Stand behind it: it is recorded as the first one's, seconded by this one."""
        waiting = await run_in_threadpool(seconding.of, pending, decider.person)
        receipt = await carry_out(seconding, site.ledger, waiting, decider.person)
        with site.visit(request, decider) as visit:
            return visit.page("waiting/done.html", {"receipt": receipt}, status=HTTPStatus.CREATED)

    @router.post(f"{AT}/{{pending}}/withdraw")
    def withdraw(pending: str, decider: Decider) -> Response:
        """Withdraw what one asked for, or decline what one was to stand behind."""
        seconding.drop(seconding.of(pending, decider.person))
        return RedirectResponse(AT, HTTPStatus.SEE_OTHER)

    return router


def _shown(visit: Visit, decider: Principal, waiting: Pending) -> dict[str, object]:
    own = waiting.actor == decider.person
    return {
        "pending": waiting.pending,
        "title": title_of(type(waiting.order.command)),
        "asked_by": waiting.actor,
        "asked_at": waiting.asked_at,
        "expires_at": waiting.expires_at,
        "own": own,
        "sentences": list(_sentences(visit, waiting, None if own else decider)),
    }


def _sentences(visit: Visit, waiting: Pending, second: Principal | None) -> Iterator[Text]:
    """Yield what it would record; nothing where it would be refused by now, which whoever tries it is told."""
    order = waiting.order
    command = order.command if second is None else seconded(order.command, second.person)
    try:
        events = visit.ledger.preview(command, actor=waiting.actor, on_behalf_of=order.on_behalf_of)
    except Refused as refused:
        yield refused.why
        return
    for event in events:
        yield tell(event, visit.telling)
