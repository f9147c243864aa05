"""Who the people of a table are: the names that each bears now and bore before, as the ledger keeps them sealed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from domain.decision import Selector
from domain.ids import PersonId
from domain.organisation import PersonRegistered, PersonRenamed
from ledger.ledger import Ledger
from workbooks.grid import Cell, Grid
from workbooks.header import Classify, find_header
from workbooks.matching import KnownPerson
from workbooks.roster_labels import roster_code
from workbooks.score_labels import path_code
from workbooks.table_rows import people_rows

_NAMING = (PersonRegistered, PersonRenamed)


@dataclass(frozen=True, slots=True)
class Borne:
    """The name a person bears (None: erased) and the names borne before, oldest first."""

    present: str | None
    former: tuple[str, ...] = ()


def names_borne(ledger: Ledger, upto: int | None = None) -> dict[PersonId, Borne]:
    """Return the names of everybody registered up to a position; erased ones are left out."""
    selector = Selector(types=tuple(kind.NAME for kind in _NAMING))
    named = [cast("PersonRegistered | PersonRenamed", fact.event) for fact in ledger.read((selector,), upto=upto)]
    words = ledger.words([each.full_name.digest for each in named])
    borne: dict[PersonId, list[str | None]] = {}
    for each in named:
        borne.setdefault(each.person, []).append(words.get(each.full_name.digest))
    return {person: _borne(names) for person, names in borne.items()}


def _borne(names: list[str | None]) -> Borne:
    return Borne(names[-1], tuple(dict.fromkeys(name for name in names[:-1] if name is not None)))


def shown_name(person: PersonId, borne: Mapping[PersonId, Borne]) -> str:
    """Return the name as a table can hold it: 人员 and the id for one that is erased or would not be read back."""
    present = borne.get(person, Borne(None)).present
    return present if present is not None and is_readable(present) else f"人员{person}"


def is_readable(name: str) -> bool:
    """Return whether a score table and a roster that hold this name read it back: =1+1 is none, and 合计 a total."""
    texts: dict[tuple[int, int], str | int] = {(1, 1): "序号", (1, 2): "姓名", (2, 1): 1, (2, 2): name}
    cells = {place: Cell(*place, text) for place, text in texts.items()}
    grid = Grid("", 2, 2, cells, (), {}, (), counts_from_1904=False, notes=())
    return all(_reads_a_person(grid, classify) for classify in (path_code, roster_code))


def _reads_a_person(grid: Grid, classify: Classify) -> bool:
    header = find_header(grid, classify)
    return header is not None and len(people_rows(grid, header, classify)[0]) == 1


def known_people(people: Iterable[PersonId], borne: Mapping[PersonId, Borne]) -> list[KnownPerson]:
    """Return the people a table may name, as the matching of names wants them."""
    return [
        KnownPerson(person, shown_name(person, borne), tuple(filter(is_readable, borne[person].former)))
        if person in borne
        else KnownPerson(person, shown_name(person, borne))
        for person in people
    ]
