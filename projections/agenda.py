"""What is due in a round at an instant: the next step, what is missing, whose clock runs, who can be confirmed (S8).

Computed from the domain's own states, so that what is announced here is what a decision would find.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.confirmation import StarConfirmed
from domain.consequences import IMPROVEMENT, TALK, follows, measures_of
from domain.dates import end_of_day
from domain.following_up import CARRIED_OUT_BY
from domain.objections import Case
from domain.rulebook.model import Consequence
from domain.scoring import PersonResult
from domain.text import Text
from domain.verdicts import called
from ledger.ledger import Ledger
from projections.names import Names
from projections.next_step import NextStep, next_step
from projections.round_frame import Frame, frame_of
from projections.sentences import star_words
from projections.sentences.telling import counted


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is waiting: `code` is stable, `about` names its ids, `due_at` is None where no term runs.

    Codes: missing-score, tie, window, calendar, accept-objection, rule-on-objection, reply-to-objection,
    decide-correction, feedback, hold-talk, note-consequence, open-improvement, review-improvement, decide-review.
    """

    code: str
    text: Text
    about: tuple[str, ...] = ()
    due_at: datetime | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A person who cannot be confirmed yet, and why."""

    person: str
    code: str
    why: Text


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is due in a round at `now`, as the ledger stood at `position`; `items` by due instant, then without one."""

    round: str
    position: int
    now: datetime
    next_step: NextStep | None
    items: tuple[Due, ...]
    confirmable: tuple[str, ...]
    held: tuple[Held, ...]


def agenda(
    ledger: Ledger, round_id: str, now: datetime, as_of: int | None = None, names: Names | None = None
) -> Agenda:
    """Return what is due in a round at `now`; `NotFound` where there is no such round.

    Whether this reader himself may confirm is not asked here: nobody confirms his own case.
    """
    size = ledger.head().size
    frame = frame_of(ledger, round_id, now, size if as_of is None else min(as_of, size))
    obstacles = frame.obstacles
    adopted = frame.lists.outcome == "adopted"
    pending = () if frame.this.is_part else frame.unconfirmed
    return Agenda(
        round=round_id,
        position=frame.position,
        now=now,
        next_step=next_step(frame),
        items=tuple(sorted(_items(frame, names or Names()), key=_urgency)),
        confirmable=tuple(person for person in pending if adopted and person not in obstacles),
        held=tuple(Held(p, obstacles[p].code, obstacles[p].why) for p in pending if p in obstacles),
    )


def _urgency(item: Due) -> tuple[bool, float]:
    return item.due_at is None, 0.0 if item.due_at is None else item.due_at.timestamp()


def _items(frame: Frame, names: Names) -> Iterator[Due]:
    yield from (_missing(result, names) for result in frame.incomplete)
    yield from _ties(frame, names)
    yield from _windows(frame)
    for case in frame.objections.cases.values():
        yield from _objection(case, frame, names)
    yield from _vetoes(frame, names)
    yield from _corrections(frame, names)
    yield from _feedback(frame, names)
    yield from _consequences(frame, names)
    yield from _improvements(frame, names)
    yield from _reviews(frame, names)


def _missing(result: PersonResult, names: Names) -> Due:
    leaves = [leaf for tally in result.standing.tallies for leaf in tally.leaves() if leaf.state == "missing"]
    missing = {leaf.component.code: leaf.component.title for leaf in leaves}
    beside = result.standing.beside
    missing |= {} if beside is None else {each.gate.measure: each.gate.title for each in beside.open_gates}
    titles_zh = "、".join(title.zh for title in missing.values())
    titles_en = ", ".join(title.en for title in missing.values())
    who = names.person(result.person)
    text = Text(f"{who}缺少：{titles_zh}。", f"{who} lacks: {titles_en}.")
    return Due("missing-score", text, (result.person, *missing))


def _ties(frame: Frame, names: Names) -> Iterator[Due]:
    tallied = frame.results.tallied
    for tie in () if tallied is None else tallied.undecided:
        said, people = called(frame.this.rulebook, tie.star), [names.person(person) for person in tie.people]
        label = star_words(tie.star, said.zh, said.en)
        places = counted(tie.places, "place", "places")
        yield Due(
            "tie",
            Text(
                f"{label.zh}尚有{tie.places}个名额，{'、'.join(people)}同分；请集体决定。",
                f"{', '.join(people)} are tied for {places} of {label.en}; a body decides.",
            ),
            tie.people,
        )


def _windows(frame: Frame) -> Iterator[Due]:
    current = {line.notice for line in frame.notices.lines.values()}
    for key, posting in frame.notices.postings.items():
        window = posting.window(frame.this.rulebook.publicity, frame.calendars) if key in current else None
        if window is None:
            continue
        if window.provisional:
            yield Due("calendar", _CALENDAR, (key,))
        if frame.now < window.ends_at:
            yield Due("window", Text(f"公示{key}到期。", f"The window of notice {key} ends."), (key,), window.ends_at)


def _objection(case: Case, frame: Frame, names: Names) -> Iterator[Due]:
    key, about = case.filed.objection, names.person(case.filed.about)
    if case.stage == "filed":
        text = Text(f"决定是否受理关于{about}的异议{key}。", f"Accept or reject objection {key} about {about}.")
        yield _with_term("accept-objection", text, key, case.filed.accept_by, frame.now)
    elif case.stage == "accepted":
        text = Text(f"对关于{about}的异议{key}作出结论。", f"Rule on objection {key} about {about}.")
        yield _with_term("rule-on-objection", text, key, case.rule_by or case.filed.rule_by, frame.now)
    elif case.stage in ("rejected", "ruled") and not case.replied:
        yield Due("reply-to-objection", Text(f"答复异议{key}的提出人。", f"Answer the objector of {key}."), (key,))


def _with_term(code: str, text: Text, key: str, due_at: datetime, now: datetime) -> Due:
    return Due(code, text, (key,), due_at, overdue=now > due_at)


def _vetoes(frame: Frame, names: Names) -> Iterator[Due]:
    for each in frame.turned:
        who, veto = names.person(each.person), each.veto
        text = Text(f"就{who}的一票否决{veto}是否计入作出裁定。", f"Rule on whether the veto {veto} of {who} counts.")
        yield Due("rule-on-veto", text, (veto, each.person))


def _corrections(frame: Frame, names: Names) -> Iterator[Due]:
    for key, opened in frame.confirmations.corrections.items():
        if key in frame.confirmations.undecided:
            who = names.person(opened.person)
            yield Due(
                "decide-correction",
                Text(f"对{who}的更正{key}作出决定。", f"Decide on correction {key} of {who}."),
                (key, opened.person),
            )


def _feedback(frame: Frame, names: Names) -> Iterator[Due]:
    for star in frame.without_feedback:
        who = names.person(star.person)
        yield Due("feedback", Text(f"向{who}反馈结果。", f"Tell {who} the result."), (star.person,))


def _consequences(frame: Frame, names: Names) -> Iterator[Due]:
    """Return talks that nobody held yet, and consequences of the scheme's own codes of which nothing is noted."""
    for star in frame.confirmations.stars.values():
        drawn = frame.following.get(star.person, ())
        due = {each.consequence.code: each.consequence for each in reversed(drawn) if each.state == "follows"}
        if TALK in due and star.person not in frame.disposals.talked:
            yield _talk(star, due[TALK], names)
        for code in sorted(due.keys() - CARRIED_OUT_BY.keys()):
            if (star.person, code) not in frame.noted.noted:
                yield _to_decide(star, due[code], names)


def _talk(star: StarConfirmed, wanted: Consequence, names: Names) -> Due:
    who = names.person(star.person)
    text = Text(f"依{wanted.clause}由支部书记与{who}谈话。", f"The secretary talks with {who} under {wanted.clause}.")
    return Due("hold-talk", text, (star.person,))


def _to_decide(star: StarConfirmed, wanted: Consequence, names: Names) -> Due:
    who, said, body = names.person(star.person), measures_of(wanted), star.body
    text = Text(
        f"依{wanted.clause}对{who}办理“{wanted.code}”：{said.zh}；由确认结果的{body}决定或报有权的组织决定，办后登记。",
        f"'{wanted.code}' of {who} is due under {wanted.clause}: {said.en}; {body}, which confirmed the result, "
        "decides or lays it before the body that may; then it is noted.",
    )
    return Due("note-consequence", text, (star.person, wanted.code))


def _improvements(frame: Frame, names: Names) -> Iterator[Due]:
    plans = frame.improvements.opened.values()
    in_hand = {plan.person for plan in plans if plan.round == frame.this.key}
    for star in frame.confirmations.stars.values():
        found = follows(frame.following.get(star.person, ()), IMPROVEMENT)
        if found is not None and found.state == "follows" and star.person not in in_hand:
            who, wanted = names.person(star.person), found.consequence
            said = measures_of(wanted)
            text = Text(
                f"依{wanted.clause}为{who}安排帮扶整改：{said.zh}。",
                f"Open a plan for {who} under {wanted.clause}: {said.en}.",
            )
            yield Due("open-improvement", text, (star.person,))
    for plan in frame.improvements.open_plans():
        if plan.round == frame.this.key:
            who, key = names.person(plan.person), plan.improvement
            text = Text(f"复查{who}的帮扶整改{key}。", f"Review plan {key} of {who}.")
            yield _with_term("review-improvement", text, key, end_of_day(plan.review_on), frame.now)


def _reviews(frame: Frame, names: Names) -> Iterator[Due]:
    for key, asked in frame.reviews.requested.items():
        if asked.round == frame.this.key and key not in frame.reviews.decided:
            who = names.person(asked.person)
            text = Text(f"党委对{who}的复核申请{key}作出决定。", f"The committee decides on review {key} of {who}.")
            yield Due("decide-review", text, (key, asked.person))


_CALENDAR = Text(
    "缺少公示期所涉年份的放假安排；请登记当年日历，否则不能确认。",
    "The calendar of a year in the window is missing; publish it, or nobody can be confirmed.",
)
