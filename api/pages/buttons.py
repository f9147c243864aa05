"""One button for each thing that is due: which form it opens, and what is filled in there already (S8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.commands.places import PLACES
from api.pages.doing.command_words import title_of
from domain.catalogue import CATALOGUE
from domain.decision import Command
from domain.text import Text
from projections.agenda import Due
from projections.disclosed_rows import Hidden
from projections.names import Names
from projections.round_row import RoundFrame


@dataclass(frozen=True, slots=True)
class Button:
    """A way into a form: its address, what is filled in, what stands on the button."""

    path: str
    title: Text
    filled: Mapping[str, str]


DUE_FORMS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "missing-score": ("record-score", ("person", "component")),
    "tie": ("decide-tie", ()),
    "calendar": ("publish-calendar", ()),
    "accept-objection": ("accept-objection", ("objection",)),
    "rule-on-objection": ("rule-on-objection", ("objection",)),
    "reply-to-objection": ("reply-to-objection", ("objection",)),
    "rule-on-veto": ("rule-on-veto", ("veto",)),
    "decide-correction": ("decide-correction", ("correction",)),
    "feedback": ("deliver-feedback", ("person",)),
    "hold-talk": ("hold-talk", ("person",)),
    "note-consequence": ("note-consequence", ("person", "code")),
    "open-improvement": ("open-improvement", ("person",)),
    "review-improvement": ("close-improvement", ("improvement",)),
    "decide-review": ("decide-review", ("review",)),
    "convene-session": ("convene-meeting", ("kind",)),
    "hold-session": ("record-attendance", ("", "meeting")),
    "close-meeting": ("close-meeting", ("", "meeting")),
    "invite-representatives": ("invite-representatives", ()),
    "ballot": ("close-box", ("box",)),
    "verify-entry": ("verify-entry", ("entry",)),
}
"""Which form settles what is due, and which of its fields the ids are that the thing is about, in their order."""
FOR_EACH: Final[Mapping[str, str]] = {"report": "give-report", "comment": "comment-on"}
"""What is due from several people: a button for each of them."""
STEP_FORMS: Final[Mapping[str, str]] = {
    "scores": "record-score",
    "tally": "tally",
    "proposal": "propose-list",
    "meeting": "hold-vote",
    "notice": "post-notice",
    "objections": "rule-on-objection",
    "confirmation": "confirm-stars",
    "feedback": "deliver-feedback",
    "verify": "verify-entry",
    "records": "draw-records",
    "appraisal": "open-box",
    "settle": "settle-month",
    "board": "post-board",
    "excellent_list": "post-board",
}
"""Which form takes a step of a round on."""
_KINDS: Final[Mapping[str, type[Command]]] = {kind.NAME: kind for kind in CATALOGUE.deciders}


def buttons_for(due: Due, round_: RoundFrame, meeting: str | None, names: Names) -> tuple[Button, ...]:
    """Return the buttons of one thing that is due; none where only time settles it, or its ids are withheld."""
    if any(isinstance(each, Hidden) for each in due.about):
        return ()
    if due.code in FOR_EACH:
        return tuple(_of_person(due.code, person, meeting, names) for person in due.about)
    if due.code not in DUE_FORMS:
        return ()
    command, fields = DUE_FORMS[due.code]
    known = {name: value for name, value in zip(fields, due.about, strict=False) if name}
    return (into(command, round_, meeting, known),)


def step_button(step: str, round_: RoundFrame) -> Button | None:
    """Return the button that takes a step of a round on; None for a step that no form is known for."""
    command = STEP_FORMS.get(step)
    return None if command is None else into(command, round_)


def into(
    command: str, round_: RoundFrame, meeting: str | None = None, known: Mapping[str, str] | None = None
) -> Button:
    """Return the way into the form of a command, with the round, its branch and what is known filled in."""
    kind = _KINDS[command]
    asked = {each.name for each in (*PLACES[kind].in_url, *PLACES[kind].in_body)}
    also = {"meeting": meeting or "", "judges": round_.period}
    place = {"round": round_.round, "branch": round_.branch, **{k: also[k] for k in also if k in asked and also[k]}}
    return Button(f"/do/{command}", title_of(kind), {**place, **(known or {})})


def _of_person(code: str, person: str, meeting: str | None, names: Names) -> Button:
    name = names.person(person)
    filled = {"person": person, **({"meeting": meeting} if meeting else {})}
    return Button(f"/do/{FOR_EACH[code]}", Text(name, name), filled)
