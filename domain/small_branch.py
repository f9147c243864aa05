"""Declaring small-branch mode, and taking it back: by whom that was decided and why stands in the fact."""

from domain.appointments import Offices
from domain.dates import civil_date
from domain.decision import Command, Conflict, Context, Event, Refused, command, deciders
from domain.ids import PersonId
from domain.roles import REGISTRAR, SECRETARY
from domain.separation import SeparationRelaxed, SeparationRestored, several_administrators
from domain.text import Text


@command(
    "declare-small-branch-mode",
    roles=(REGISTRAR, SECRETARY),
    at="ledger/small-branch-mode/declarations",
    reach="decide",
    grave=True,
)
class DeclareSmallBranchMode(Command):
    """Declare that there are too few people to keep the three administrators apart; every page says so from then on."""

    decided_by: str
    reason: str


@command(
    "take-back-small-branch-mode",
    roles=(REGISTRAR, SECRETARY),
    at="ledger/small-branch-mode/returns",
    reach="decide",
    grave=True,
)
class TakeBackSmallBranchMode(Command):
    """End small-branch mode; whoever holds two of the administrators' offices gives one up first."""

    decided_by: str
    reason: str


def declare_small_branch_mode(asked: DeclareSmallBranchMode, context: Context, offices: Offices) -> list[Event]:
    """Declare it once; it is for the committee's registrar or secretary."""
    offices.require(asked, context)
    _require_reason(asked)
    if offices.relaxed:
        return []
    return [SeparationRelaxed(decided_by=asked.decided_by, reason=asked.reason)]


def take_back_small_branch_mode(asked: TakeBackSmallBranchMode, context: Context, offices: Offices) -> list[Event]:
    """Take it back where nobody holds two of the administrators' offices any more."""
    offices.require(asked, context)
    _require_reason(asked)
    if not offices.relaxed:
        return []
    several = several_administrators(offices.terms, civil_date(context.now))
    if several:
        raise Conflict("administrators-not-apart", _not_apart(several))
    return [SeparationRestored(decided_by=asked.decided_by, reason=asked.reason)]


def _require_reason(asked: DeclareSmallBranchMode | TakeBackSmallBranchMode) -> None:
    if not asked.reason.strip() or not asked.decided_by.strip():
        raise Refused("reason-missing", _NO_REASON)


DECIDERS = deciders(declare_small_branch_mode, take_back_small_branch_mode)


_NO_REASON = Text("须写明由谁决定和理由；请补充后再办理。", "Say who decided it, and why; then ask again.")


def _not_apart(people: list[PersonId]) -> Text:
    zh, en = "、".join(people), ", ".join(people)
    return Text(
        f"{zh} 仍兼任系统管理员、登记员、监督员中的两项以上；请先免去其一，再取消小支部模式。",
        f"{en} still hold two or more of the offices operator, registrar, auditor; relieve them of one first.",
    )
