"""What the time slider says while it is moved: which fact, and when it was recorded."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from api.doors import Reader
from api.moments import position_asked
from api.pages.shown import minute
from api.pages.site import Site


def moments_router(site: Site) -> APIRouter:
    """Return the route that names a moment."""
    router = APIRouter(include_in_schema=False)

    @router.get("/moment")
    def moment(as_of: str, _reader: Reader) -> PlainTextResponse:
        """Return a position and when it was recorded; nothing of what was."""
        position = position_asked(site.ledger, as_of)
        at = next((fact.recorded_at for fact in site.ledger.read(after=position - 1, upto=position)), None)
        return PlainTextResponse(f"{position} · {minute(at)}")

    return router
