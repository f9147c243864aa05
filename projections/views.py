"""All views that this program keeps."""

from projections.ballot_count import BALLOT_COUNT
from projections.boards import BOARDS
from projections.history import HISTORY
from projections.meeting_record import MEETING_RECORD
from projections.notice_board import NOTICE_BOARD
from projections.objection_register import OBJECTION_REGISTER
from projections.person_record import PERSON_RECORD
from projections.score_sheet import SCORE_SHEET
from projections.stars import STARS
from projections.view import View
from projections.year_table import YEAR_TABLE

VIEWS: tuple[View, ...] = (
    STARS,
    SCORE_SHEET,
    PERSON_RECORD,
    NOTICE_BOARD,
    OBJECTION_REGISTER,
    MEETING_RECORD,
    BALLOT_COUNT,
    BOARDS,
    YEAR_TABLE,
    HISTORY,
)
