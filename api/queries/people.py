"""Queries about a person: his record over the years."""

from fastapi import APIRouter, Response

from api.queries.desk import Answering, Asked
from domain.decision import NotFound
from domain.text import Text
from projections.person_record import PERSON_RECORD, person_record
from projections.stars import STARS


def people_router(answering: Answering) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/v1/people", tags=["people"])

    @router.get("/{person}/record", operation_id="readRecord")
    def record(person: str, asked: Asked) -> Response:
        """Return one person's record over the years: branches, offices, stars, activities, awards, plans (A-44)."""
        with answering.desk(asked, (PERSON_RECORD.name, STARS.name), person=person) as desk:
            found = person_record(desk.reading, person)
            if not (found.stays or found.offices):
                raise NotFound("unknown-person", unknown_person(person))
            return desk.tell(desk.curtain.over(found, person))

    return router


def unknown_person(person: str) -> Text:
    """Return that nobody is registered under an id."""
    return Text(f"登记册中没有 {person}；请核对编号。", f"Nobody is registered as {person}; check the id.")
