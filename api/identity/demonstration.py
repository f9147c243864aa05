"""Being somebody in a demonstration: on a ledger with a simulated clock one chooses a person, and on no other.

Nothing there is anybody's: no password is asked for, and no authenticator.
"""

from dataclasses import dataclass

from api.identity.accounts import Accounts
from api.identity.signing_in import Entered, entered_by
from domain.appointments import Offices, Term
from domain.dates import civil_date
from domain.decision import NotFound, NotPermitted
from domain.ids import PersonId
from domain.organisation import Organisation
from domain.text import Text
from ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Offered:
    """Whom one can be, and which offices he holds."""

    person: PersonId
    terms: tuple[Term, ...]


def people_to_be(ledger: Ledger) -> list[Offered]:
    """Return everybody whom a demonstration knows, who holds an office first; `NotPermitted` on any other ledger."""
    _require_demonstration(ledger)
    day = civil_date(ledger.clock.now())
    organisation, offices = ledger.fold(Organisation), ledger.fold(Offices)
    terms = [term for term in offices.terms if term.covers(day)] if isinstance(offices, Offices) else []
    people = organisation.people if isinstance(organisation, Organisation) else set()
    known = {*people, *(term.person for term in terms)}
    offered = [Offered(each, tuple(term for term in terms if term.person == each)) for each in known]
    return sorted(offered, key=lambda each: (not each.terms, each.person))


def to_be(ledger: Ledger, accounts: Accounts, person: str, device: str) -> Entered:
    """Return a session of somebody in a demonstration; raises `NotPermitted` elsewhere, `NotFound` for nobody."""
    if person not in {each.person for each in people_to_be(ledger)}:
        raise NotFound("unknown-person", _nobody(person))
    account = accounts.people.made_for(PersonId(person))
    return entered_by(accounts, accounts.sessions.begin(account.account, "demo", device))


def _require_demonstration(ledger: Ledger) -> None:
    if not ledger.clock.simulated:
        raise NotPermitted("no-demonstration", _NO_DEMONSTRATION)


_NO_DEMONSTRATION = Text(
    "这不是演示账本，须用密码或一次性链接登录。", "This is no demonstration: sign in with a password or a link."
)


def _nobody(person: str) -> Text:
    return Text(f"登记册中没有 {person}；请从名单中选择。", f"Nobody is registered as {person}; choose from the list.")
