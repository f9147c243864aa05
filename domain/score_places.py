"""Where a score stands beside others of the same person and component: a rater's, a group's, or one for all of them."""

from collections.abc import Mapping
from typing import Protocol

from domain.ids import PersonId

Place = tuple[PersonId | None, str]
"""Where a score stands in its cell: that of a named rater, that of a whole group, or one value for everybody."""
WHOLE: Place = (None, "")


class Placed(Protocol):
    """Whatever names the place of a score: person, component, and the rater or the group where it is theirs."""

    @property
    def person(self) -> PersonId:
        """Return who was rated."""

    @property
    def component(self) -> str:
        """Return in what."""

    @property
    def rater(self) -> PersonId | None:
        """Return who rated, None where several did."""

    @property
    def group(self) -> str | None:
        """Return the group of raters, None where groups have no shares of their own."""


def place_of(score: Placed) -> Place:
    """Return where a score stands among those of its cell: one's own has one place, whether or not he is named."""
    if score.rater is None or score.rater == score.person:
        return (None, score.group or "")
    return (score.rater, "")


def overlaps(score: Placed, groups: Mapping[Place, str]) -> bool:
    """Return whether a score would stand beside one with the same voices: of everybody, or of all of one group.

    `groups` says for each place that is taken which group its score is of.
    """
    place, group = place_of(score), score.group or ""
    others = [(other, of) for other, of in groups.items() if other != place]
    if any(WHOLE in (place, other) for other, _ in others):
        return True
    return any(of == group and None in (place[0], other[0]) for other, of in others)
