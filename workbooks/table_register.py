"""A branch's register as its roster needs it: who belongs to it now, as what, in which group, at which post."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from domain.appointments import Offices
from domain.dates import civil_date
from domain.decision import Selector
from domain.ids import BranchId, GroupId, PersonId
from domain.membership import Membership
from domain.organisation import Organisation
from domain.posts import PostAssigned, Posts
from domain.stays import Stay
from ledger.ledger import Ledger
from workbooks.cells import half_width, name_key
from workbooks.table_people import Borne, names_borne
from workbooks.table_round import folded


@dataclass(frozen=True, slots=True)
class Register:
    """What a ledger says about one branch and everybody registered; `position` is that of the last such fact."""

    branch: BranchId
    today: date
    position: int
    organisation: Organisation
    membership: Membership
    offices: Offices
    borne: dict[PersonId, Borne]
    posts: dict[PersonId, Posts]

    @property
    def title(self) -> str:
        """The branch's title."""
        return self.organisation.branches[self.branch]

    @property
    def simulated(self) -> bool:
        """Whether the ledger runs on a simulated clock, which every table must show."""
        return self.offices.opened is not None and self.offices.opened.simulated_clock

    def stays(self) -> dict[PersonId, Stay]:
        """Return who belongs to the branch today, staff included, in the order they were entered."""
        now = {person: self.membership.stay_on(person, self.today) for person in self.membership.stays}
        return {person: stay for person, stay in now.items() if stay is not None and stay.branch == self.branch}

    def elsewhere(self, person: PersonId) -> BranchId | None:
        """Return the other branch that a person belongs to today, None where there is none."""
        stay = self.membership.stay_on(person, self.today)
        return None if stay is None or stay.branch == self.branch else stay.branch

    def groups_called(self, words: str) -> list[GroupId]:
        """Return the groups of the branch with this id, or else with this title."""
        ours = [group for group, branch in self.organisation.groups.items() if branch == self.branch]
        titles = self.organisation.group_titles
        return [g for g in ours if g == words] or [g for g in ours if _bare(titles[g]) == _bare(words)]

    def group_words(self, group: GroupId | None) -> str:
        """Return the title of a group, its id where two groups of the branch bear one title."""
        if group is None:
            return ""
        title = self.organisation.group_titles[group]
        return title if self.groups_called(title) == [group] else group

    def post_of(self, person: PersonId) -> str:
        """Return the post held today, empty without one."""
        posts = self.posts.get(person)
        return (posts.post_on(self.today) if posts is not None else None) or ""


def _bare(title: str) -> str:
    return name_key(half_width(title))


def register(ledger: Ledger, branch: str) -> Register:
    """Return what the ledger says about a branch now; `NotFound` where it has none of that id."""
    upto = ledger.head().size
    organisation = folded(ledger, Organisation, upto=upto)
    organisation.require_branch(BranchId(branch))
    changes = tuple(kind.NAME for state in (Organisation, Membership) for kind in state.EVENTS)
    return Register(
        BranchId(branch),
        civil_date(ledger.clock.now()),
        max((fact.position for fact in ledger.read((Selector(types=changes),), upto=upto)), default=0),
        organisation,
        folded(ledger, Membership, upto=upto),
        folded(ledger, Offices, upto=upto),
        names_borne(ledger, upto),
        _posts(ledger, upto),
    )


def _posts(ledger: Ledger, upto: int) -> dict[PersonId, Posts]:
    posts: dict[PersonId, Posts] = {}
    for fact in ledger.read((Selector(types=(PostAssigned.NAME,)),), upto=upto):
        person = cast("PostAssigned", fact.event).person
        posts.setdefault(person, Posts(person)).evolve(fact)
    return posts
