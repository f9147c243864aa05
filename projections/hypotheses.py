"""What could have been otherwise, as data: each hypothesis says which facts there would have been, or which rules.

Nothing of it is ever written. A hypothesis about a ballot, about the voice of a single rater, or about a body too small
for a secret ballot is refused: the answer would say what somebody voted (design §3, Ballots).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from domain.ballots import BallotEvent, OpenlyAppraised
from domain.boards import BoardLinePosted, BoardPosted
from domain.confirmation import CorrectionOpened, StarConfirmed
from domain.decision import Event, Fact, NotFound, Refused, members_of, replace
from domain.lists import VoteHeld
from domain.months import MonthSettled
from domain.notices import LinePosted, NoticePosted
from domain.objections import ObjectionFiled, ObjectionFiledLate
from domain.raters import component_of
from domain.rounds import Round, RoundOpened
from domain.rulebook import Rulebook, altered_rulebook
from domain.rulings import Amendment
from domain.scores import ScoreCorrected, ScoreRecorded
from domain.text import Text

Facts = Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Something that was otherwise; as it stands, nothing was."""

    def supposed(self, facts: Facts) -> list[Fact]:
        """Return the facts that there would have been; `NotFound` or `Refused` where nothing would be otherwise."""
        return list(facts)

    def rules(self, opened: RoundOpened, document: bytes) -> Rulebook | None:
        """Return by which other rulebook a round would have been evaluated; None: by its own."""
        del opened, document
        return None

    def concerns(self, event: Event) -> bool:
        """Return whether a fact is one that would be otherwise: its round is reached."""
        del event
        return False

    def require_permitted(self, facts: Facts) -> None:
        """Raise `Refused` where the answer would say what somebody voted."""

    def require_fit(self, this: Round) -> None:
        """Raise `NotFound` where a hypothesis speaks of somebody or something that a round does not have."""


@dataclass(frozen=True, slots=True)
class Ruled(Hypothesis):
    """An objection was upheld with these scores, or dismissed; of a late one, the correction it led to."""

    objection: str
    verdict: Literal["upheld", "dismissed"]
    amendments: tuple[Amendment, ...] = ()

    def supposed(self, facts: Facts) -> list[Fact]:
        """Return the facts with these corrections of scores in place of those that the objection led to."""
        filed = next((fact for fact in facts if self.concerns(fact.event)), None)
        if filed is None:
            raise NotFound("unknown-objection", _no_objection(self.objection))
        led_to = self._led_to(facts)
        if (self.verdict == "upheld") != bool(self.amendments) or not (led_to or self.amendments):
            raise Refused("nothing-otherwise", _POINTS if self.verdict == "upheld" else _DISMISSED)
        amended = [filed._replace(event=self._corrected(filed, each)) for each in self.amendments]
        return [*(fact for fact in facts if fact.position not in led_to), *amended]

    def concerns(self, event: Event) -> bool:
        """Return whether a fact is the filing of the objection."""
        return isinstance(event, ObjectionFiled | ObjectionFiledLate) and event.objection == self.objection

    def require_permitted(self, facts: Facts) -> None:
        """Refuse to put another score in the place of a single rater's, named or not."""
        cells = {(each.person, each.component) for each in self.amendments}
        if any(is_single_voice(fact.event) and _cell(fact.event) in cells for fact in facts):
            raise Refused("single-voice", _SINGLE_VOICE)

    def require_fit(self, this: Round) -> None:
        """Refuse scores of people who are not on the roster, or for components that the rulebook does not have."""
        for each in self.amendments:
            this.require_enrolled(each.person)
            component_of(this, each.component)

    def _led_to(self, facts: Facts) -> set[int]:
        opened = (fact.event for fact in facts if isinstance(fact.event, CorrectionOpened))
        corrections = {each.correction for each in opened if each.objection == self.objection}
        return {
            fact.position
            for fact in facts
            if isinstance(fact.event, ScoreCorrected)
            and (fact.event.objection == self.objection or fact.event.correction in corrections)
        }

    def _corrected(self, filed: Fact, each: Amendment) -> ScoreCorrected:
        round_id = filed.event.round if isinstance(filed.event, ObjectionFiled | ObjectionFiledLate) else None
        if round_id is None:
            raise TypeError(filed.event)
        return ScoreCorrected(
            round=round_id,
            person=each.person,
            component=each.component,
            was=None,
            points=each.points,
            rater=None,
            ballots=each.ballots,
            corrects=None,
            ground="objection",
            reason=None,
            objection=None,
            correction=None,
            period=each.period,
        )


@dataclass(frozen=True, slots=True)
class Under(Hypothesis):
    """Rounds under the rulebook `of` were evaluated by another one."""

    of: str
    rulebook: Rulebook

    def rules(self, opened: RoundOpened, document: bytes) -> Rulebook | None:
        """Return the other rulebook for rounds that were under `of`."""
        del document
        return self.rulebook if opened.rulebook == self.of else None

    def require_permitted(self, facts: Facts) -> None:
        """Refuse other weights over what a body too small for a secret ballot gave openly."""
        _require_no_small_body(facts)


@dataclass(frozen=True, slots=True)
class Setting(Hypothesis):
    """The rulebook `of` said something else at some places, such as `cap_rounding` or `caps.0.percent`."""

    of: str
    changes: Mapping[str, str]

    def rules(self, opened: RoundOpened, document: bytes) -> Rulebook | None:
        """Return the rulebook with other values; raises `Invalid` where it cannot be used."""
        return altered_rulebook(document, self.changes) if opened.rulebook == self.of else None

    def require_permitted(self, facts: Facts) -> None:
        """Refuse other weights over what a body too small for a secret ballot gave openly."""
        _require_no_small_body(facts)


@dataclass(frozen=True, slots=True)
class Without(Hypothesis):
    """A fact had not been recorded."""

    position: int
    event: Event

    def supposed(self, facts: Facts) -> list[Fact]:
        """Return all facts but this one."""
        return [fact for fact in facts if fact.position != self.position]

    def concerns(self, event: Event) -> bool:
        """Return whether a fact is this one."""
        return event is self.event

    def require_permitted(self, facts: Facts) -> None:
        """Refuse to leave out a ballot's fact, or the voice of a single rater."""
        del facts
        if isinstance(self.event, _BALLOTS):
            raise Refused("ballot-level", _BALLOT_LEVEL)
        if is_single_voice(self.event):
            raise Refused("single-voice", _SINGLE_VOICE)


@dataclass(frozen=True, slots=True)
class Inquorate(Hypothesis):
    """Too few came to a meeting: no list was adopted at it, and what was done on the strength of it was not."""

    meeting: str

    def supposed(self, facts: Facts) -> list[Fact]:
        """Return the facts without what an adopted list made possible, until another meeting adopts one."""
        if not any(self.concerns(fact.event) for fact in facts):
            raise NotFound("unknown-meeting", _no_vote(self.meeting))
        adopted: dict[str, bool] = {}
        found = []
        for fact in facts:
            event = fact.event
            if isinstance(event, VoteHeld):
                fact = fact._replace(event=replace(event, outcome="inquorate")) if self.concerns(event) else fact  # noqa: PLW2901
                adopted[event.round] = not self.concerns(event) and event.outcome == "adopted"
            if not isinstance(event, _AFTER_ADOPTION) or adopted.get(event.round, True):
                found.append(fact)
        return found

    def concerns(self, event: Event) -> bool:
        """Return whether a fact is a vote held there; a vote at no meeting on record is named by its round."""
        return isinstance(event, VoteHeld) and self.meeting == (event.meeting or event.round)


def is_single_voice(event: Event) -> bool:
    """Return whether a fact holds what one named person thought of another."""
    if not isinstance(event, ScoreRecorded | ScoreCorrected):
        return False
    return event.rater not in (None, event.person)


def _cell(event: Event) -> tuple[object, object]:
    return (getattr(event, "person", None), getattr(event, "component", None))


def _require_no_small_body(facts: Facts) -> None:
    if any(isinstance(fact.event, OpenlyAppraised) for fact in facts):
        raise Refused("group-too-small", _SMALL_BODY)


_BALLOTS: Final = members_of(BallotEvent)
_AFTER_ADOPTION: Final = (MonthSettled, NoticePosted, LinePosted, StarConfirmed, BoardPosted, BoardLinePosted)

_BALLOT_LEVEL = Text(
    "关于选票的假设会透露投票内容，不予推演；请换一个假设。",
    "Supposing something else about a ballot would say what was voted; suppose something else.",
)
_SINGLE_VOICE = Text(
    "该分数出自某一位评分人；推演会透露其个人打分，不予推演。",
    "That score is one rater's voice; the answer would say what he gave, so this is not computed.",
)
_SMALL_BODY = Text(
    "本轮有人数不足秘密投票下限的评议；改变办法推演会透露个人打分，不予推演。",
    "A body too small for a secret ballot took part; under other rules the answer would say what single people gave.",
)
_POINTS = Text(
    "假设异议成立须写明应得的分数（--points 人员.项目=分数）。",
    "Say what the scores would have been: --points PERSON.COMPONENT=POINTS.",
)
_DISMISSED = Text(
    "该异议没有改变任何分数，假设不成立不会有不同。", "The objection changed no score: dismissed, all is as it is."
)


def _no_objection(objection: str) -> Text:
    return Text(f"没有异议 {objection}；请核对编号。", f"There is no objection {objection}; check the id.")


def _no_vote(meeting: str) -> Text:
    return Text(
        f"会议 {meeting} 没有对名单表决；请核对编号（不在会议上的表决用评定周期编号）。",
        f"No list was voted on at {meeting}; check the id (of a vote without a meeting on record, name the round).",
    )
