"""Opening a ballot box: its subjects, its list of voters, and the rules it is counted by (B-34, B-36, AMB-B10, B11)."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from domain.appointments import Offices
from domain.ballot_boxes import Box, Boxes, Voices
from domain.ballot_rules import BallotRules, ballot_rules, staff_aspects, staff_rules
from domain.ballots import STAFF, BoxOpened, GradeCap, Slips, StaffSheet, Voter, groups_of
from domain.comments import Comments
from domain.decision import Command, Context, Event, Refused, command, deciders, replace
from domain.ids import BoxId, MeetingId, PersonId, RoundId
from domain.lists import Lists
from domain.meetings import Meeting
from domain.membership import Membership
from domain.organisation import Organisation
from domain.raters import component_of
from domain.refusals import taken, unless_same
from domain.reports import require_staff
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.scores import Scores
from domain.text import Text

_SHA256 = re.compile(r"[0-9a-f]{64}")
MOST_VOICES = 400
"""What the fact of the opening has room for; larger bodies vote in several boxes of several meetings."""


@command("open-box", roles=RECORDERS, at="boxes")
class OpenBox(Command):
    """Open a ballot box on a component: who votes by name, how many without, and on whom (all evaluated, by default).

    With `staff` for a component the members vote on the staff, by default on those who attended the meeting (B-35).
    `keeper` is the digest of the pass that its keeper makes for it; the pass itself is recorded nowhere.
    """

    box: BoxId
    round: RoundId
    component: str
    keeper: str
    meeting: MeetingId | None = None
    subjects: tuple[PersonId, ...] = ()
    voters: tuple[Voter, ...] = ()
    slips: tuple[Slips, ...] = ()
    closes_by: datetime | None = None
    tellers: tuple[PersonId, ...] = ()


def open_box(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: OpenBox,
    context: Context,
    this: Round,
    box: Box,
    boxes: Boxes,
    lists: Lists,
    session: Meeting,
    scores: Scores,
    comments: Comments,
    membership: Membership,
    organisation: Organisation,
    offices: Offices,
) -> list[Event]:
    """Open a box whose every count can be shown; one for a component and meeting, unless the one before was void."""
    offices.require(asked, context, this.branch)
    about_staff = asked.component == STAFF
    rules = _rules(asked, this)
    opened = _about_staff(asked, context, this, session, rules) if about_staff else _opened(asked, this, rules)
    if box.opened is not None:
        return unless_same(box.opened == opened, taken(asked.box))
    if not about_staff:
        lists.require_open_scores()
        scores.require_held(asked.component)
    if asked.meeting is not None:
        _require_session(session, this)
    voices = Voices(frozenset(groups_of(opened)), frozenset(voter.person for voter in asked.voters))
    boxes.require_none(asked.component, asked.meeting, voices)
    boxes.require_not_open(asked.component, asked.meeting, voices)
    for person in opened.subjects:
        if about_staff:
            require_staff(person, session.require_open(), membership)
            comments.require_made(person)  # B-33 comes before B-35
        else:
            this.require_enrolled(person)
    for person in (*(voter.person for voter in asked.voters), *asked.tellers):
        organisation.require_person(person)
    _check_lists(opened, rules)
    _check_size(opened, rules)
    _check_own(opened, rules)
    if asked.closes_by is not None and asked.closes_by <= context.now:
        raise Refused("closes-in-the-past", _CLOSES_EARLY)
    if not _SHA256.fullmatch(asked.keeper):
        raise Refused("keeper-malformed", _KEEPER)
    return [opened]


def _require_session(session: Meeting, this: Round) -> None:
    """Raise `NotFound` or `Refused` unless the ballot is held in an open meeting of the branch that is evaluated."""
    convened = session.require_open()
    if convened.branch != this.branch:
        raise Refused("other-branch", _other_branch(convened.branch))


def _rules(asked: OpenBox, this: Round) -> BallotRules:
    if asked.component == STAFF:
        return staff_rules(this.rulebook)
    return ballot_rules(this.rulebook, component_of(this, asked.component))


def _about_staff(asked: OpenBox, context: Context, this: Round, session: Meeting, rules: BallotRules) -> BoxOpened:
    """Return a box about the staff: those who attended the meeting, by default (B-35)."""
    if asked.meeting is None:
        raise Refused("meeting-needed", _MEETING)
    convened, attended = session.require_convened(), session.require_attended(context)
    if convened.judges != this.period:
        raise Refused("other-period", _other_period(convened.judges, this.period))
    subjects = asked.subjects or attended.attending_staff
    if not subjects:
        raise Refused("nobody-appraised", _NO_STAFF)
    sheet = StaffSheet(aspects=staff_aspects(this.rulebook), period=convened.judges, on=convened.on)
    return replace(_opened(replace(asked, subjects=subjects), this, rules), staff=sheet)


def _opened(asked: OpenBox, this: Round, rules: BallotRules) -> BoxOpened:
    subjects = asked.subjects or tuple(this.evaluated)
    most = rules.most(len(subjects))
    return BoxOpened(
        box=asked.box,
        round=asked.round,
        branch=this.branch,
        component=asked.component,
        meeting=asked.meeting,
        subjects=subjects,
        voters=asked.voters,
        slips=asked.slips,
        kind=rules.kind,
        marks=rules.marks,
        abstentions=rules.abstentions,
        caps=() if most is None else (GradeCap(grade=rules.capped_grade, at_most=most),),
        shown_from=rules.shown_from,
        pooled=rules.pooled,
        clause=rules.clause,
        closes_by=asked.closes_by,
        tellers=asked.tellers,
        keeper=asked.keeper,
        own_left_out=rules.own_left_out,
    )


def _check_lists(opened: BoxOpened, rules: BallotRules) -> None:
    for names in (opened.subjects, [v.person for v in opened.voters], [s.group for s in opened.slips]):
        repeated = [name for name, times in Counter(names).items() if times > 1]
        if repeated:
            raise Refused("named-twice", _twice(repeated))
    strange = set(groups_of(opened)) - set(rules.groups)
    if strange:
        raise Refused("unknown-voter-group", _unknown_group(strange, rules.groups))
    if any(each.count < 1 for each in opened.slips):
        raise Refused("slips-not-counted", _SLIPS)
    if len(opened.voters) + sum(each.count for each in opened.slips) > MOST_VOICES:
        raise Refused("too-many-voters", _TOO_MANY)


def _check_size(opened: BoxOpened, rules: BallotRules) -> None:
    """Refuse a box that could never be shown: nobody votes on himself, so his count has one voice fewer."""
    voices = len(opened.voters) + sum(each.count for each in opened.slips)
    own = {voter.person for voter in opened.voters}
    if any(voices - (subject in own) < opened.shown_from for subject in opened.subjects):
        if rules.small_body == "open":
            raise Refused("small-body-votes-openly", _openly(opened.shown_from, opened.component))
        raise Refused("too-few-voters", _too_few(opened.shown_from))
    for group in groups_of(opened):
        least = rules.least.get(group, 0)
        if any(_voices_on(opened, subject, group) < least for subject in opened.subjects):
            raise Refused("too-few-in-group", _too_few_in(group, least))


def _voices_on(opened: BoxOpened, subject: PersonId, group: str) -> int:
    """Return how many of a group may vote on a person: nobody votes on himself."""
    named = sum(1 for voter in opened.voters if voter.group == group and voter.person != subject)
    return named + sum(each.count for each in opened.slips if each.group == group)


def _check_own(opened: BoxOpened, rules: BallotRules) -> None:
    """Refuse voices without a name to the members where nobody's judgement on himself may count (decision 23)."""
    if opened.own_left_out and any(each.group == rules.groups[0] for each in opened.slips):
        raise Refused("slips-could-be-ones-own", _own_slips(rules.groups[0]))


DECIDERS = deciders(open_box)


_MEETING = Text("党外干部职工在会议上评定；请写明会议编号。", "The staff are appraised in a meeting; name it.")
_NO_STAFF = Text("这次会议没有党外干部职工参加。", "Nobody of the staff attended that meeting.")
_CLOSES_EARLY = Text("截止时间已过；请另定。", "The closing time has passed already; set another.")
_KEEPER = Text(
    "保管凭证的摘要须为 64 位十六进制；请用 open-box 命令开箱，由程序生成。",
    "The keeper's digest has 64 hex digits; let open-box make it.",
)
_SLIPS = Text("一次性选票凭条的数量至少为 1。", "The number of slips is at least 1.")
_TOO_MANY = Text(
    f"一个票箱最多 {MOST_VOICES} 票；请按会议分箱。", f"A box takes at most {MOST_VOICES} voices; use one per meeting."
)


def _twice(names: Iterable[str]) -> Text:
    listed = list(names)
    return Text(f"名单重复：{'、'.join(listed)}；请更正。", f"Named twice: {', '.join(listed)}; correct the list.")


def _unknown_group(strange: Iterable[str], known: Iterable[str]) -> Text:
    wrong, right = sorted(strange), list(known)
    return Text(
        f"办法中没有评议组 {'、'.join(wrong)}；有：{'、'.join(right)}。",
        f"The rulebook has no group of voters {', '.join(wrong)}; it has {', '.join(right)}.",
    )


def _too_few(least: int) -> Text:
    return Text(
        f"对某人有权投票的不足 {least} 人，票数永远不能公开；请增加投票人，或按办法公开评议。",
        f"Fewer than {least} may vote on somebody, so no count could ever be shown; add voters.",
    )


def _too_few_in(group: str, least: int) -> Text:
    return Text(
        f"评议组 {group} 单独占比，对每人至少需 {least} 人有权投票；名单不足，请增加投票人。",
        f"The group {group} has a share of its own and needs {least} who may vote on each person; add voters.",
    )


def _own_slips(group: str) -> Text:
    return Text(
        f"按本办法本人对自己的评议不计，{group} 组不能使用不记名选票；请把投票人列入名单，由本人电子投票。",
        f"What people give themselves does not count, so the group {group} votes by name: put the voters on the list.",
    )


def _openly(least: int, component: str) -> Text:
    command = "appraise-staff" if component == STAFF else "hold-open-appraisal"
    return Text(
        f"对某人有权投票的不足 {least} 人，按办法不投票而公开评议；请用 {command} 登记。",
        f"Fewer than {least} may vote on somebody; under this rulebook they appraise openly: use {command}.",
    )


def _other_period(judged: str, period: str) -> Text:
    return Text(
        f"这次会议评议 {judged}，票箱属于 {period} 周期；请核对会议和周期。",
        f"The meeting judges {judged}, the round is of {period}; check both.",
    )


def _other_branch(branch: str) -> Text:
    return Text(f"这次会议是支部 {branch} 的；请核对会议编号。", f"That meeting is of branch {branch}; check its id.")
