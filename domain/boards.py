"""三公示: the indoor board of appraisals and stars, the outside list of the excellent (B-37, B-38, AMB-B13, AMB-B27).

What a board shows is a month's adopted list; the excellent are those whom most voices call so, within the rulebook's
share of the members. Whom a tie at that share would leave to chance stays off the list.
"""

import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, assert_never

from domain.appointments import Offices
from domain.ballots import BallotsCounted
from domain.decision import Command, Context, Event, Fact, Refused, State, command, deciders, event, members_of
from domain.ids import PersonId, RoundId
from domain.lists import Lists
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.rulebook.conduct import Excellent
from domain.scores import Scores
from domain.tally import ResultComputed, Results
from domain.text import Text

Kind = Literal["indoor", "outside"]


@command("post-board", roles=RECORDERS, at="rounds/{round}/boards")
class PostBoard(Command):
    """Enter that a month's board hangs: indoors everybody's appraisal and star, outside the list of the excellent."""

    round: RoundId
    board: Kind
    places: tuple[str, ...]


@event("board.Posted.v1")
class BoardPosted(Event):
    """A board hangs, showing so many people."""

    round: RoundId
    board: Kind
    places: tuple[str, ...]
    shown: int


@event("board.LinePosted.v1")
class BoardLinePosted(Event):
    """What a board shows of a member; the list outside shows that he stands on it, and no more (AMB-B27)."""

    round: RoundId
    board: Kind
    person: PersonId
    appraisal: str | None
    star: int | None
    label: str


BoardEvent = BoardPosted | BoardLinePosted


@dataclass(slots=True)
class Boards(State):
    """What hangs on each board of the round."""

    KIND = RoundId
    EVENTS = members_of(BoardEvent)
    posted: dict[str, BoardPosted] = field(default_factory=dict)
    lines: dict[str, list[BoardLinePosted]] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more board or line into account."""
        happened = typing.cast("BoardEvent", fact.event)
        match happened:
            case BoardPosted():
                self.posted[happened.board] = happened
                self.lines[happened.board] = []
            case BoardLinePosted():
                self.lines[happened.board].append(happened)
            case _:
                assert_never(happened)


def post_board(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: PostBoard,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    lists: Lists,
    boards: Boards,
    offices: Offices,
) -> list[Event]:
    """Post the board of an adopted list; the same board again is not posted twice."""
    offices.require(asked, context, this.branch)
    lists.require_adopted()
    if not asked.places:
        raise Refused("no-place", _NO_PLACE)
    lines = board_lines(asked.board, this, scores, results)
    posted = BoardPosted(round=asked.round, board=asked.board, places=asked.places, shown=len(lines))
    if boards.posted.get(asked.board) == posted and boards.lines[asked.board] == lines:
        return []
    return [posted, *lines]


def board_lines(board: Kind, this: Round, scores: Scores, results: Results) -> list[BoardLinePosted]:
    """Return what a board shows: indoors everybody with a result, outside the excellent (AMB-B13, AMB-B27)."""
    shown = [result for result in results.latest.values() if result.status != "incomplete"]
    if board == "outside":
        best = excellent(this.rulebook.conduct.excellent, len(this.roster), shown, voices_of(scores, shown))
        shown = [result for result in shown if result.person in best]
    return [_line(board, result) for result in shown]


def _line(board: Kind, result: ResultComputed) -> BoardLinePosted:
    if board == "outside":
        return BoardLinePosted(
            round=result.round, board=board, person=result.person, appraisal=None, star=None, label=""
        )
    appraisal = {each.component: each.points for each in result.components}.get("appraisal")
    return BoardLinePosted(
        round=result.round,
        board=board,
        person=result.person,
        appraisal=appraisal,
        star=result.star,
        label=result.label,
    )


Voices = Mapping[str, int]


def voices_of(scores: Scores, shown: Sequence[ResultComputed]) -> dict[PersonId, Voices]:
    """Return how many voices gave a person each grade, in all groups together."""
    found: dict[PersonId, dict[str, int]] = {}
    for result in shown:
        for counted, _ in scores.counted.get((result.person, "appraisal"), {}).values():
            _add(counted, found.setdefault(result.person, {}))
    return dict(found)


def _add(counted: BallotsCounted, voices: dict[str, int]) -> None:
    for count in counted.counts:
        if count.grade is not None:
            voices[count.grade] = voices.get(count.grade, 0) + count.voices


def excellent(
    rule: Excellent | None, members: int, shown: Sequence[ResultComputed], voices: Mapping[PersonId, Voices]
) -> frozenset[PersonId]:
    """Return who stands on the list of the excellent: by grade or star, within the share of members (AMB-B13)."""
    if rule is None:
        return frozenset()
    if rule.by != "grade":
        lowest = 5 if rule.by == "five_stars" else 4
        return frozenset(result.person for result in shown if (result.star or 0) >= lowest)
    shares = {person: _share(each, rule.grade) for person, each in voices.items() if _mostly(each, rule.grade)}
    ranked = sorted(shares, key=lambda person: shares[person], reverse=True)
    room = len(ranked) if rule.at_most is None else _whole(rule.at_most * members, rule)
    if len(ranked) <= room:
        return frozenset(ranked)
    cut = shares[ranked[room]]
    return frozenset(person for person in ranked[:room] if shares[person] > cut)


def _whole(share: Fraction, rule: Excellent) -> int:
    almost_one = Fraction(share.denominator - 1, share.denominator)
    return int(share + {"floor": Fraction(0), "half_up": Fraction(1, 2), "ceil": almost_one}[rule.round])


def _mostly(voices: Voices, grade: str) -> bool:
    """Return whether more voices gave this grade than any other one."""
    return voices.get(grade, 0) > max((count for other, count in voices.items() if other != grade), default=0)


def _share(voices: Voices, grade: str) -> Fraction:
    return Fraction(voices.get(grade, 0), sum(voices.values()))


DECIDERS = deciders(post_board)


_NO_PLACE = Text("请写明张贴地点。", "Say where the board hangs.")
