"""Two persons for grants and for confirmations: a second one stands behind what another asks for.

Where nobody is named there is nothing to check: that a second one must be named is said at the edge, over HTTP.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from domain.dates import civil_date
from domain.decision import Context, NotPermitted
from domain.ids import BranchId, PersonId
from domain.refusals import wrong_office
from domain.text import Text

if TYPE_CHECKING:
    from domain.appointments import Offices


class Seconded(Protocol):
    """A command that a second person may stand behind."""

    @property
    def ROLES(self) -> tuple[str, ...]:  # noqa: N802 - as commands have it
        """Who may issue it, and second it."""

    @property
    def seconded_by(self) -> PersonId | None:
        """Who stands behind it beside the one who asks."""


def require_second(
    offices: "Offices", asked: Seconded, context: Context, branch: BranchId | None, about: Iterable[PersonId] = ()
) -> None:
    """Raise `NotPermitted` where a second person is named who could not have asked for the same himself.

    He is another person with such an office, whose own case it is not, close neither to the one who asks nor to anybody
    concerned. Deciders ask this before they look at anything else: so it also says who may see what waits for a second.
    """
    second, concerned = asked.seconded_by, tuple(about)
    if second is None:
        return
    if second == context.actor or second in concerned:
        raise NotPermitted("second-is-concerned", _CONCERNED)
    if not offices.holds(second, asked.ROLES, branch, civil_date(context.now)):
        raise NotPermitted("second-without-office", wrong_office(asked.ROLES, branch))
    if any(offices.related(second, person) for person in (context.actor, *concerned)):
        raise NotPermitted("second-recused", _RECUSED)


_CONCERNED = Text(
    "复核人须是另一个人，且不能是当事人；请由他人复核。",
    "The second person is neither the one who asks nor the one concerned; somebody else must second this.",
)
_RECUSED = Text(
    "复核人与申请人或当事人有已申报的关系，须回避；请由他人复核。",
    "The second person is close to the one who asks or to one concerned, as declared; somebody else must second this.",
)
