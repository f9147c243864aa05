"""Names as people read them: of people, branches and groups, from what the ledger still holds of them.

People's names are sealed: whoever asks gets those that have not been erased, and otherwise the id.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.decision import Selector
from domain.ids import PersonId
from domain.keeping import SealedErased
from domain.organisation import BranchFounded, GroupFormed, PersonRegistered, PersonRenamed
from domain.text import Text
from ledger.ledger import Ledger

_PEOPLE = (PersonRegistered, PersonRenamed)
_PLACES = (BranchFounded, GroupFormed)


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id; where there is none, the id stands for itself. `components` are a rulebook's titles by code."""

    people: Mapping[str, str] = field(default_factory=dict)
    branches: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    components: Mapping[str, Text] = field(default_factory=dict)

    def person(self, person: str) -> str:
        """Return a person's name, or the id."""
        return self.people.get(person, person)

    def branch(self, branch: str) -> str:
        """Return a branch's title, or the id."""
        return self.branches.get(branch, branch)

    def group(self, group: str) -> str:
        """Return a group's title, or the id."""
        return self.groups.get(group, group)

    def component(self, code: str) -> Text:
        """Return a component's title, or the code."""
        return self.components.get(code, Text(code, code))


def person_names(ledger: Ledger, upto: int | None = None) -> dict[PersonId, str]:
    """Return everybody's newest name; who is missing here has none, or it was erased."""
    digests: dict[PersonId, str] = {}
    for fact in ledger.read((Selector(tuple(kind.NAME for kind in _PEOPLE)),), upto=upto):
        if isinstance(fact.event, _PEOPLE):
            digests[fact.event.person] = fact.event.full_name.digest
    words = ledger.words(tuple(digests.values()))
    return {person: words[digest] for person, digest in digests.items() if digest in words}


def names_in(ledger: Ledger, upto: int | None = None, components: Mapping[str, Text] | None = None) -> Names:
    """Return all names that the ledger knows."""
    branches: dict[str, str] = {}
    groups: dict[str, str] = {}
    for fact in ledger.read((Selector(tuple(kind.NAME for kind in _PLACES)),), upto=upto):
        match fact.event:
            case BranchFounded() as founded:
                branches[founded.branch] = founded.title
            case GroupFormed() as formed:
                groups[formed.group] = formed.title
            case _:
                pass
    people = person_names(ledger, upto)
    return Names(
        people={str(person): name for person, name in people.items()},
        branches=branches,
        groups=groups,
        components=components or {},
    )


def erased_digests(ledger: Ledger, upto: int | None = None) -> frozenset[str]:
    """Return the digests whose words were erased by order."""
    facts = ledger.read((Selector((SealedErased.NAME,)),), upto=upto)
    return frozenset(digest for fact in facts if isinstance(fact.event, SealedErased) for digest in fact.event.erased)
