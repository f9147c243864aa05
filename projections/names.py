"""Names as people read them: of people, branches and groups, from what the ledger still holds of them.

People's names are sealed: whoever asks gets those that have not been erased, and otherwise the id.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from domain.decision import Event, Fact, Selector
from domain.ids import PersonId
from domain.keeping import SealedErased
from domain.organisation import BranchFounded, GroupFormed, PersonRegistered, PersonRenamed
from domain.text import Text
from ledger.ledger import Ledger
from projections.kept import kept

Made = TypeVar("Made")
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
    digests = _kept(ledger, _PEOPLE, upto, _digests)
    words = ledger.words(tuple(digests.values()))
    return {person: words[digest] for person, digest in digests.items() if digest in words}


def _kept(
    ledger: Ledger, kinds: tuple[type[Event], ...], upto: int | None, make: Callable[[Iterator[Fact]], Made]
) -> Made:
    """Return what is made of all facts of these kinds; names themselves are not kept, they may be erased."""
    position = ledger.head().size if upto is None else upto
    selectors = (Selector(tuple(kind.NAME for kind in kinds)),)
    return kept(ledger, make, selectors, position, lambda: make(ledger.read(selectors, upto=position)))


def _digests(facts: Iterator[Fact]) -> dict[PersonId, str]:
    return {fact.event.person: fact.event.full_name.digest for fact in facts if isinstance(fact.event, _PEOPLE)}


def _titles(facts: Iterator[Fact]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the titles of branches and of groups."""
    branches: dict[str, str] = {}
    groups: dict[str, str] = {}
    for fact in facts:
        match fact.event:
            case BranchFounded() as founded:
                branches[founded.branch] = founded.title
            case GroupFormed() as formed:
                groups[formed.group] = formed.title
            case _:
                pass
    return branches, groups


def _erased(facts: Iterator[Fact]) -> frozenset[str]:
    return frozenset(digest for fact in facts if isinstance(fact.event, SealedErased) for digest in fact.event.erased)


def names_in(ledger: Ledger, upto: int | None = None, components: Mapping[str, Text] | None = None) -> Names:
    """Return all names that the ledger knows."""
    branches, groups = _kept(ledger, _PLACES, upto, _titles)
    people = person_names(ledger, upto)
    return Names(
        people={str(person): name for person, name in people.items()},
        branches=branches,
        groups=groups,
        components=components or {},
    )


def erased_digests(ledger: Ledger, upto: int | None = None) -> frozenset[str]:
    """Return the digests whose words were erased by order."""
    return _kept(ledger, (SealedErased,), upto, _erased)
