"""What a linter says about clamps that contradict each other: one bound undoes what the other one keeps."""

from collections.abc import Iterator
from decimal import Decimal

from domain.findings import Finding
from domain.rulebook.model import Component, Rulebook
from domain.rulebook.order import AtLeast, AtMost, Bounds, Turn
from domain.text import Text

_REMEDY = Text(zh="改正其中一个界限，或删去多余的一步。", en="Correct one of the two bounds, or take a step out.")


def clamp_findings(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield bounds of the whole scheme that leave no room, then those of each order of counting."""
    reach, annual = rulebook.component_range, rulebook.annual
    if reach.low >= reach.high:
        yield _contradicted("component_range", reach.high, reach.low)
    if annual is not None and annual.low is not None and annual.high is not None and annual.low > annual.high:
        yield _contradicted("annual.range", annual.high, annual.low)
    for component in rulebook.nodes().values():
        yield from _of_order(component, rulebook.range_of(component))


def _of_order(component: Component, reach: Bounds) -> Iterator[Finding]:
    """Yield each clamp that the one before it, with nothing counted in between, or the component's range undoes."""
    most: Decimal | None = None
    least: Decimal | None = None
    for number, turn in enumerate(component.order):
        place = f"components.{component.code}.order[{number}]"
        if isinstance(turn, AtLeast) and most is not None and turn.bound > most:
            yield _contradicted(place, most, turn.bound)
        if isinstance(turn, AtMost) and least is not None and turn.bound < least:
            yield _contradicted(place, turn.bound, least)
        most, least = _since(turn, most, least)
    place = f"components.{component.code}.order[{len(component.order) - 1}]"
    if most is not None and most < reach.low:
        yield _contradicted(place, most, reach.low)
    if least is not None and reach.high is not None and least > reach.high:
        yield _contradicted(place, reach.high, least)


def _since(turn: Turn, most: Decimal | None, least: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """Return the bounds that hold after `turn`; whatever is counted moves the number away from both."""
    if isinstance(turn, AtMost):
        return turn.bound, least
    if isinstance(turn, AtLeast):
        return most, turn.bound
    return None, None


def _contradicted(place: str, most: Decimal, least: Decimal) -> Finding:
    message = Text(
        zh=f"不超过{most}又不低于{least}：前面算出多少都没有意义",
        en=f"at most {most} and at least {least}: whatever was counted before makes no difference",
    )
    return Finding("clamps-contradicted", place, message, _REMEDY)
