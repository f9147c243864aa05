"""Who reads: from the person who has signed in, what the ledger says of him today and whose matter it is, a viewer.

There is no second system of roles. Offices, memberships and declared relations are facts; what a viewer is then shown,
field by field, is the disclosure matrix's to say (`projections.withholding`). Who has no standing is shown nothing.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

from api.principal import Principal
from domain.appointments import Offices, Term
from domain.dates import civil_date
from domain.decision import NotFound, NotPermitted, Selector, State
from domain.ids import PersonId, RoundId, tag
from domain.membership import Membership
from domain.organisation import PersonRegistered
from domain.roles import ADMINISTRATIVE_LEADER, AUDITOR, OPERATOR
from domain.rounds import RoundOpened
from domain.stays import MEMBER_KINDS, Stay
from domain.text import Language, Text
from ledger.ledger import Ledger
from projections import withholding
from projections.disclosed_rows import RowCurtain
from projections.disclosure import MASSES
from projections.folding import folded
from projections.withholding import Disclosures, Viewer

ADMINISTRATION: Final = "administration"
PUBLIC: Final = Viewer(MASSES)
"""Whoever walks past the board."""
NOT_BY_OFFICE: Final = frozenset({AUDITOR, ADMINISTRATIVE_LEADER, OPERATOR})
"""Offices that do not read as the office-holder at the terminal does."""

S = TypeVar("S", bound=State)


@dataclass(frozen=True, slots=True)
class Standing:
    """Which offices somebody holds today, where he belongs, and in whose cases he keeps out (himself among them)."""

    person: PersonId
    terms: tuple[Term, ...]
    stay: Stay | None
    close: frozenset[str]

    @property
    def everywhere(self) -> bool:
        """Return whether he reads the matter of every branch by an office of the committee."""
        return self.viewer().holds_office

    def viewer(self, branch: str | None = None) -> Viewer:
        """Return who he is before the matter of a branch; None: of the committee as a whole."""
        offices = {term.role for term in self.terms if term.branch in (None, branch)}
        if offices - NOT_BY_OFFICE:
            return Viewer(None, self.person, self.close)
        if AUDITOR in offices:
            return Viewer(withholding.AUDITOR, self.person, self.close)
        if branch is not None and self._is_member(branch):
            return Viewer(None, self.person)
        return Viewer(ADMINISTRATION if ADMINISTRATIVE_LEADER in offices else MASSES, self.person)

    def _is_member(self, branch: str) -> bool:
        return self.stay is not None and self.stay.branch == branch and self.stay.kind in MEMBER_KINDS


class _Sights:
    """Who one reader is before the matter of each branch."""

    def __init__(self, ledger: Ledger, standing: Standing) -> None:
        """See as `standing` does; who belongs where is read once, when it is first asked."""
        self._ledger = ledger
        self._standing = standing

    def viewer_in(self, branch: str) -> Viewer:
        """Return who he is before the matter of a branch."""
        return self._standing.viewer(branch)

    def home_of(self, person: str) -> str | None:
        """Return the branch that a person belongs to, or last did; None where he never belonged to one."""
        stays = self._membership.stays.get(PersonId(person))
        return stays[-1].branch if stays else None

    @cached_property
    def _membership(self) -> Membership:
        return folded(self._ledger, Membership)


def standing_of(ledger: Ledger, person: PersonId) -> Standing:
    """Return what the whole ledger says of a person today.

    Raises `NotPermitted` for somebody it does not know, and for whoever only runs the installation.
    """
    day = civil_date(ledger.clock.now())
    offices, membership = _of(ledger, Offices(""), person), _of(ledger, Membership(""), person)
    terms = tuple(term for term in offices.terms if term.person == person and term.covers(day))
    roles = {term.role for term in terms}
    if not roles - {OPERATOR} and person not in membership.stays:
        if roles:
            raise NotPermitted("no-business-data", _OPERATOR_ALONE)
        if next(ledger.read((Selector((PersonRegistered.NAME,), (tag(PersonId, person),)),)), None) is None:
            raise NotPermitted("no-standing", _UNKNOWN)
    related = {other for pair in (*offices.relations, *offices.pairs.values()) if person in pair for other in pair}
    return Standing(person, terms, membership.stay_on(person, day), frozenset(map(str, {person, *related})))


def _of(ledger: Ledger, state: S, person: PersonId) -> S:
    """Fold the facts of a state that mention a person."""
    names = type(state).selector(state.key).types
    for fact in ledger.read((Selector(names, (tag(PersonId, person),)),)):
        state.evolve(fact)
    return state


def viewer_for(
    ledger: Ledger,
    principal: Principal | None,
    *,
    branch: str | None = None,
    round_id: str | None = None,
    person: str | None = None,
) -> Viewer:
    """Return who a principal is before a branch, the branch of a round, or the branch that a person belongs to.

    Nobody is the public. Raises `NotFound` for a round that is not there, `NotPermitted` for who has no standing.
    """
    where = branch_of(ledger, branch=branch, round_id=round_id, person=person)
    return PUBLIC if principal is None else standing_of(ledger, principal.person).viewer(where)


def branch_of(
    ledger: Ledger, *, branch: str | None = None, round_id: str | None = None, person: str | None = None
) -> str | None:
    """Return whose matter something is: the branch itself, that of a round, or where a person belongs (or last did)."""
    if round_id is not None:
        return _branch_of_round(ledger, round_id)
    if person is not None:
        stays = _of(ledger, Membership(""), PersonId(person)).stays.get(PersonId(person))
        return stays[-1].branch if stays else None
    return branch


def _branch_of_round(ledger: Ledger, round_id: str) -> str:
    opened = next(ledger.read((Selector((RoundOpened.NAME,), (tag(RoundId, round_id),)),)), None)
    if opened is None or not isinstance(opened.event, RoundOpened):
        raise NotFound("unknown-round", unknown_round(round_id))
    return opened.event.branch


def curtain_before(  # noqa: PLR0913 - the matter, and who asks for it
    ledger: Ledger,
    principal: Principal | None,
    upto: int | None,
    language: Language,
    *,
    branch: str | None = None,
    round_id: str | None = None,
    person: str | None = None,
) -> RowCurtain:
    """Return what stands between answers about something, up to a position, and a principal.

    What is of another branch than that something is shown as he is seen there.
    """
    where = branch_of(ledger, branch=branch, round_id=round_id, person=person)
    if principal is None:
        return RowCurtain(Disclosures(ledger, PUBLIC, upto), language)
    standing = standing_of(ledger, principal.person)
    sights = None if standing.everywhere else _Sights(ledger, standing)
    return RowCurtain(Disclosures(ledger, standing.viewer(where), upto, sights), language)


def unknown_round(round_id: str) -> Text:
    """Return that there is no such round."""
    return Text(f"没有评定周期 {round_id}；请核对编号。", f"There is no round {round_id}; check the id.")


_OPERATOR_ALONE = Text(
    "系统管理员只管运行，不看业务数据；请由支部或监督人员查看。",
    "Whoever runs the installation sees no business data; ask somebody of the branch, or an auditor.",
)
_UNKNOWN = Text(
    "登记册里没有您，没有可供您查看的内容；请找登记员核对账号所属人员。",
    "The register does not know you, so there is nothing for you to see; ask the registrar whose your account is.",
)
