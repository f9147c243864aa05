"""What is declared beside a form: its place in requirements §5, code, title, clauses, ids it needs, who may have it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from domain.text import Text
from paper.document import Sheet
from paper.source import Asked, Source
from projections.view import View

Whose = Literal["posted", "disclosed", "own", "offices"]
WHOSE: Final[dict[Whose, Text]] = {
    "posted": Text("张贴给谁看，谁可打印", "whoever it is posted for"),
    "disclosed": Text("按四公开，不公开的以标记代替", "as disclosed; what is withheld leaves a mark"),
    "own": Text("经办机构和本人", "offices, and the person himself"),
    "offices": Text("经办机构和审计", "offices and auditors"),
}
Maker = Callable[[Source | None, Asked], Sheet]


@dataclass(frozen=True, slots=True)
class Form:
    """A form: `name` on the terminal, number in requirements §5, ids it `needs`, the views it reads, what makes it.

    Filled in for others than `whose`, it is refused or has marks for what is withheld; blank, everybody may have it.
    """

    name: str
    number: int
    code: str
    title: Text
    clauses: tuple[str, ...]
    needs: tuple[str, ...]
    whose: Whose
    views: tuple[View, ...]
    make: Maker


def form(  # noqa: PLR0913 - all that is said of a form is said in one place
    number: int,
    name: str,
    code: str,
    title: Text,
    *,
    clauses: str,
    whose: Whose,
    needs: str = "",
    views: tuple[View, ...] = (),
) -> Callable[[Maker], Form]:
    """Make a function that makes a sheet (blank without a source) a form; clauses and needs are words in one string."""

    def declare(make: Maker) -> Form:
        return Form(name, number, code, title, tuple(clauses.split()), tuple(needs.split()), whose, views, make)

    return declare
