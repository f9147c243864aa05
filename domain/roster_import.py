"""A whole roster at once: people, membership, groups and posts, every line or none."""

from dataclasses import dataclass
from datetime import date

from domain.appointments import Offices
from domain.decision import Command, Context, Event, Refused, command, deciders, event
from domain.ids import BranchId, Evidence, GroupId, PersonId
from domain.membership import JoinBranch, Kind, Membership, joined
from domain.organisation import Organisation, PersonRegistered
from domain.posts import PostAssigned
from domain.roles import REGISTER_KEEPERS
from domain.sealed import Sealed
from domain.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLine:
    """One line of a roster; `cell` is where it stands in the workbook."""

    person: PersonId
    full_name: Sealed
    kind: Kind
    joined: date
    cell: str
    group: GroupId | None = None
    post: str | None = None


@command("import-roster", roles=REGISTER_KEEPERS, at="branches/{branch}/roster-imports")
class ImportRoster(Command):
    """Enter a branch's roster at once, or nothing of it; the workbook is kept as an attachment."""

    branch: BranchId
    workbook: Evidence
    lines: tuple[RosterLine, ...]


@event("organisation.RosterImported.v1")
class RosterImported(Event):
    """A roster was taken in as a whole."""

    branch: BranchId
    workbook: Evidence
    new: int
    unchanged: int


RosterImportEvent = RosterImported


def import_roster(
    asked: ImportRoster, context: Context, organisation: Organisation, membership: Membership, offices: Offices
) -> list[Event]:
    """Enter everybody of the roster who is not in the register yet; a line that cannot be entered refuses all."""
    organisation.require_branch(asked.branch)
    offices.require(asked, context, asked.branch)
    _require_distinct(asked)
    entered: list[Event] = []
    new = 0
    for line in asked.lines:
        try:
            events = _entered(asked.branch, line, context, organisation, membership, offices)
        except Refused as refused:
            why = Text(f"{line.cell}：{refused.why.zh}", f"{line.cell}: {refused.why.en}")
            raise type(refused)(refused.code, why) from refused
        new += bool(events)
        entered += events
    if not entered:
        return []
    summary = RosterImported(branch=asked.branch, workbook=asked.workbook, new=new, unchanged=len(asked.lines) - new)
    return [summary, *entered]


def _entered(  # noqa: PLR0913 - the states that its commands read
    branch: BranchId,
    line: RosterLine,
    context: Context,
    organisation: Organisation,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    joining = JoinBranch(person=line.person, branch=branch, kind=line.kind, on=line.joined, group=line.group)
    events = joined(joining, context, organisation, membership, offices)
    if line.person not in organisation.people:
        events = [PersonRegistered(person=line.person, full_name=line.full_name), *events]
    if line.post and events:
        events.append(PostAssigned(person=line.person, post=line.post, on=line.joined))
    return events


def _require_distinct(asked: ImportRoster) -> None:
    seen: dict[PersonId, RosterLine] = {}
    for line in asked.lines:
        if line.person in seen:
            raise Refused("person-twice", _twice(line, seen[line.person]))
        seen[line.person] = line


DECIDERS = deciders(import_roster)


def _twice(line: RosterLine, earlier: RosterLine) -> Text:
    return Text(
        f"{line.cell}：编号 {line.person} 与 {earlier.cell} 重复；请改正其一。",
        f"{line.cell}: the id {line.person} stands at {earlier.cell} as well; correct one of them.",
    )
