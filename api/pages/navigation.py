"""The parts of the site, as they stand at the head of each page.

What is offered decides nothing: whoever opens a page is shown what he may see, and no more.
"""

from dataclasses import dataclass
from typing import Final

from api.principal import Principal
from domain.text import Text


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the site: where it begins, what it is called, whether it is for everybody or for who has signed in."""

    path: str
    title: Text
    for_everybody: bool = False

    def holds(self, path: str) -> bool:
        """Return whether an address lies in it."""
        return path == self.path or (self.path != "/" and path.startswith(f"{self.path}/"))


SECTIONS: Final = (
    Section("/", Text("首页", "Home")),
    Section("/me", Text("我的星级", "My star")),
    Section("/rounds", Text("评定与公示", "Rounds and notices")),
    Section("/work", Text("本月工作", "This month")),
    Section("/do", Text("办理", "Do")),
    Section("/ballots/vote", Text("投票", "Vote")),
    Section("/audit", Text("审核", "Audit")),
    Section("/board", Text("公示栏", "Public board"), for_everybody=True),
)


def offered(principal: Principal | None) -> tuple[Section, ...]:
    """Return the parts that somebody is offered; nobody (None) those for everybody."""
    return tuple(section for section in SECTIONS if section.for_everybody or principal is not None)
