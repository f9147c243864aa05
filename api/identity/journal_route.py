"""The access journal over HTTP, for the auditor."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.doors import Reader
from api.identity.accounts import Accounts
from api.identity.journal import MOST_AT_ONCE
from domain.decision import NotPermitted
from domain.refusals import wrong_office
from domain.roles import AUDITOR


class RefusalShown(BaseModel):
    """One refusal: which kind, by what means, whose account (none: of nobody known), at which route, to the minute."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    at: datetime
    code: str = Field(examples=["wrong-credentials"])
    means: str
    person: str | None
    route: str
    count: int = Field(description="how often within that minute")


def add_journal(router: APIRouter, accounts: Accounts) -> None:
    """Add the route of the access journal."""

    @router.get("/access-journal")
    def journal(
        reader: Reader,
        before: Annotated[
            int | None, Query(ge=1, le=2**31 - 1, description="the number of the oldest line seen")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE)] = 100,
    ) -> list[RefusalShown]:
        """List refused sign-ins and denied requests, the newest first."""
        if not accounts.offices.held_today(reader.person, (AUDITOR,)):
            raise NotPermitted("wrong-office", wrong_office((AUDITOR,), None))
        return [RefusalShown.model_validate(line) for line in accounts.journal.newest(before, limit)]
