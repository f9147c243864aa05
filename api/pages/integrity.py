"""Whether the record can be trusted, under the four words of the archives, and how to check that without us."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.doors import Reader
from api.pages.site import Site
from api.principal import Principal
from api.viewing import standing_of
from domain.decision import NotPermitted
from domain.text import Text
from ledger.verification import verify

_FOR_OFFICES = Text(
    "重新核对全部哈希，请由任职人员或监督员办理；您可以带走归档包自行核验。",
    "Hashing everything again is for office-holders and auditors; anybody may check an archive by himself.",
)


def _require_any_office(site: Site, principal: Principal) -> None:
    """Raise `NotPermitted` for whoever holds no office: hashing everything again is work for the whole machine."""
    if not standing_of(site.ledger, principal.person).terms:
        raise NotPermitted("for-office-holders", _FOR_OFFICES)


def integrity_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/audit/integrity")
    def integrity(request: Request, reader: Reader, *, check: bool = False) -> Response:
        """Show head, root and what is checked; with `check`, hash every entry again now."""
        with site.visit(request, reader) as visit:
            if check:
                _require_any_office(site, reader)
            head = visit.ledger.head()
            content = {
                "top": {"size": head.size, "root": head.root.hex(), "last": head.last_time},
                "verdict": verify(visit.ledger).as_json(visit.language) if check else None,
                "behind": visit.reading.behind,
            }
            return visit.page("audit/integrity.html", content)

    @router.get("/audit/exports")
    def exports(request: Request, reader: Reader) -> Response:
        """Show what can be taken along: the archive with its verifier, tables, explanations."""
        with site.visit(request, reader) as visit:
            return visit.page("audit/exports.html", {})

    return router
