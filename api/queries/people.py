"""Queries about people and branches: a record over the years, stars, meetings."""

from fastapi import APIRouter, Response

from api.queries.desk import Answering, Asked, Id
from api.queries.schemas import shows
from domain.decision import NotFound
from domain.text import Text
from projections.answers.reading import StarsTold
from projections.meeting_record import MEETING_RECORD, MeetingHead, MeetingRecord, meeting_record, meetings_of
from projections.person_record import PERSON_RECORD, PersonRecord, person_record
from projections.stars import STARS, current_stars


def people_router(answering: Answering) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/v1", tags=["people"])

    @router.get("/people/{person}/record", **shows("readRecord", PersonRecord))
    def record(person: Id, asked: Asked) -> Response:
        """Return one person's record over the years: branches, offices, stars, activities, awards, plans (A-44)."""
        with answering.desk(asked, (PERSON_RECORD.name, STARS.name), person=person) as desk:
            found = person_record(desk.reading, person)
            if not (found.stays or found.offices):
                raise NotFound("unknown-person", unknown_person(person))
            return desk.tell(desk.curtain.over(found, person))

    @router.get("/people/{person}/stars", **shows("readPersonStars", StarsTold))
    def stars_of_person(person: Id, asked: Asked) -> Response:
        """Return the stars of one person in every round."""
        with answering.desk(asked, (STARS.name,), person=person) as desk:
            found = current_stars(desk.reading, person=person)
            return desk.tell(StarsTold(desk.upto, desk.curtain.over(found, person)))

    @router.get("/branches/{branch}/stars", **shows("readBranchStars", StarsTold))
    def stars_of_branch(branch: Id, asked: Asked) -> Response:
        """Return the stars of a branch in every round."""
        with answering.desk(asked, (STARS.name,), branch=branch) as desk:
            return desk.tell(StarsTold(desk.upto, desk.curtain.over(current_stars(desk.reading, branch=branch))))

    @router.get("/branches/{branch}/meetings", **shows("listMeetings", list[MeetingHead]))
    def meetings(branch: Id, asked: Asked) -> Response:
        """Return the meetings of a branch."""
        with answering.desk(asked, (MEETING_RECORD.name,), branch=branch) as desk:
            return desk.tell(desk.curtain.over(meetings_of(desk.reading, branch)))

    @router.get("/branches/{branch}/meetings/{meeting}", **shows("readMeeting", MeetingRecord))
    def meeting_of(branch: Id, meeting: Id, asked: Asked) -> Response:
        """Return a meeting's record: attendance, reports, comments (B-27 to B-36)."""
        with answering.desk(asked, (MEETING_RECORD.name,), branch=branch) as desk:
            found = meeting_record(desk.reading, meeting)
            if found is None or found.head.branch != branch:
                raise NotFound("unknown-meeting", _no_meeting(meeting))
            return desk.tell(desk.curtain.over(found))

    return router


def unknown_person(person: str) -> Text:
    """Return that nobody is registered under an id."""
    return Text(f"登记册中没有 {person}；请核对编号。", f"Nobody is registered as {person}; check the id.")


def _no_meeting(meeting: str) -> Text:
    return Text(f"没有会议 {meeting}；请核对编号。", f"There is no meeting {meeting}; check the id.")
