"""Whom a command would change, in words."""

from collections.abc import Mapping
from decimal import Decimal

from domain.text import Language, Text
from projections.effects import Change, Through
from projections.effects_json import Name


def change_words(change: Change, name: Name, language: Language) -> str:
    """Return one sentence about whose total or star would change."""
    total, star = (arrow(pair, language) for pair in (change.total, change.star))
    said = Text(f"总分 {total}，星级 {star}", f"total {total}, star {star}").said_in(language)
    return f"{THROUGH[change.through].said_in(language)} {change.person} {name(change.person)}: {said}"


def arrow(pair: tuple[Decimal | int | None, Decimal | int | None], language: Language) -> str:
    """Return `from → to`, where None is still open."""
    return " → ".join(_NONE.said_in(language) if value is None else str(value) for value in pair)


THROUGH: Mapping[Through, Text] = {
    "own": Text("影响", "effect"),
    "quota": Text("经名额影响", "through the quota"),
}
INCOMPLETE = Text("成为缺分", "becomes incomplete")
_NONE = Text("未定", "open")
