"""What differs between two rulebooks by meaning: how their documents are written and laid out is no matter."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from domain.rulebook.items import Value
from domain.rulebook.model import Rulebook
from domain.rulebook.parts import ORDER, Part, parts
from domain.text import Text

Change = Literal["added", "removed", "changed", "reordered"]
_IN_NO_ORDER = {f"bands{ORDER}", f"caps{ORDER}"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One number, word or table that is not the same: its place, from what to what, and the clause it stands under.

    Before or after is None where there was or is nothing. The clause is the new rulebook's, where it has the place.
    """

    place: str
    change: Change
    before: Text | None
    after: Text | None
    clause: str


def differences(old: Rulebook, new: Rulebook) -> tuple[Difference, ...]:
    """Return everything in which `new` means something else than `old`, in the order of the places."""
    before, after = _by_place(old), _by_place(new)
    return tuple(_differences(before, after))


def _by_place(rulebook: Rulebook) -> dict[str, Part]:
    return {part.place: part for part in parts(rulebook)}


def _differences(before: Mapping[str, Part], after: Mapping[str, Part]) -> Iterator[Difference]:
    one_sided: list[str] = []
    for place in dict.fromkeys([*after, *before]):
        old, new = before.get(place), after.get(place)
        if _inside(place, one_sided):
            continue
        if old is None or new is None:
            one_sided += [place] if (old or new or _NOTHING).whole else []
            if ORDER not in place:
                yield _one_sided(place, before, after)
        elif place in _IN_NO_ORDER:
            continue
        elif ORDER in place:
            yield from _order(place, old, new)
        elif old.value != new.value:
            yield Difference(place, "changed", old.said, new.said, new.clause)


_NOTHING = Part("", None, Text("", ""), "")


def _inside(place: str, wholes: list[str]) -> bool:
    return any(place.startswith((f"{whole}.", f"{whole}[", f"{whole}{ORDER}")) for whole in wholes)


def _one_sided(place: str, before: Mapping[str, Part], after: Mapping[str, Part]) -> Difference:
    """Return what only one side has, with the numbers in it."""
    side = after if place in after else before
    said = _with_numbers(side[place], side)
    if side is after:
        return Difference(place, "added", None, said, side[place].clause)
    return Difference(place, "removed", said, None, side[place].clause)


def _with_numbers(part: Part, side: Mapping[str, Part]) -> Text:
    """Return a table's name with the numbers in it, each under the name that the document gives it."""
    numbers = [
        f"{inner.place.removeprefix(part.place)[1:]} {inner.said.en}"
        for inner in side.values()
        if _inside(inner.place, [part.place]) and _is_number(inner.value)
    ]
    if not part.whole or not numbers:
        return part.said
    return Text(f"{part.said.zh}（{'，'.join(numbers)}）", f"{part.said.en} ({', '.join(numbers)})")


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal | Fraction | Value) and not isinstance(value, bool)


def _order(place: str, old: Part, new: Part) -> Iterator[Difference]:
    """Yield a list whose common tables stand in another order, as the steps of a procedure may."""
    was, now = _names(old), _names(new)
    if [name for name in was if name in now] != [name for name in now if name in was]:
        where = place.removesuffix(ORDER)
        yield Difference(where, "reordered", old.said, new.said, new.clause)


def _names(part: Part) -> list[str]:
    return [str(name) for name in part.value] if isinstance(part.value, tuple) else []
