"""Who is shown what: the one place that decides, for facts and for rows, what an audience sees and why not (B-52).

The audiences of a rulebook's matrix see what its clauses open to them, and nothing that no clause names. A person
sees what the branch sees, and all about himself but who objected and single ballots. An auditor sees every field that
is kept in the open, the superior organisation all of them but who objected. Sealed words are shown to none of them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, Protocol, get_args

from domain.decision import Selector
from domain.ids import PersonId, tag
from domain.membership import MemberJoined, MemberTransferred
from domain.rounds import RoundOpened
from domain.rulebook import parse_rulebook
from domain.text import Language, Text
from ledger.ledger import Ledger
from projections.disclosure import BRANCH, FIELD_TITLES, Matrix, disclosure_matrix, only_for

Audience = Literal["branch", "member", "masses", "administration", "auditor", "superior"]
AUDIENCES: Final[tuple[str, ...]] = get_args(Audience)
MEMBER, AUDITOR, SUPERIOR = "member", "auditor", "superior"

OPEN, UNNAMED, NOTICE = "", "unnamed", "notice"
"""Codes beside those of the matrix: asked for anyway; opened by no clause; hanging in public."""
OBJECTOR, BALLOTS = "objector", "ballots"
OF_OTHERS: Final = frozenset({OBJECTOR, BALLOTS})
"""What a person is not shown though it stands in a fact about himself: it would betray somebody else."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who reads: an audience, a person (who sees what his audience sees, and his own), or else an office-holder.

    An office-holder or auditor who is known by name reads as a member does in the cases that his office is kept out
    of: `close` are he himself and those close to him (AMB-B21).
    """

    audience: str | None = None
    person: str | None = None
    close: frozenset[str] = frozenset()

    @property
    def holds_office(self) -> bool:
        """Return whether he reads by office: as an office-holder or an auditor."""
        return (self.person is None or bool(self.close)) and self.audience in (None, AUDITOR)

    @property
    def sees_everything(self) -> bool:
        """Return whether nothing that is kept in the open is withheld: from an office-holder, and from an auditor."""
        return self.holds_office and not self.close

    def reads_by_office(self, concerned: Collection[str]) -> bool:
        """Return whether his office lets him read what concerns these people."""
        return self.holds_office and self.close.isdisjoint(concerned)

    @property
    def column(self) -> str:
        """Return the audience of the matrix that the viewer belongs to."""
        return BRANCH if self.close or self.audience in (None, MEMBER) else str(self.audience)


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is not shown, under which clause, and why."""

    field: str
    title: Text
    clause: str
    why: Text

    def mark(self, language: Language) -> str:
        """Return what stands in the place of what is withheld."""
        return Text(f"〔不出示 {self.clause}〕", f"[withheld {self.clause}]").said_in(language)

    def line(self, language: Language) -> str:
        """Return what is withheld and why, in one line."""
        said = Text(
            f"不出示：{self.title.zh}〔{self.clause}〕{self.why.zh}",
            f"withheld: {self.title.en} [{self.clause}] {self.why.en}",
        )
        return said.said_in(language)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What a viewer is shown under one or several rulebooks: of several, only what all of them show."""

    viewer: Viewer
    matrices: tuple[Matrix, ...]

    def withheld(self, code: str, concerned: Collection[str] = ()) -> Withheld | None:
        """Return why a field is not shown, None where it is; `concerned` are the people whose own it is.

        `one|other` is shown where either is: the same number has two names in the seeds.
        """
        if code == OPEN or self.viewer.reads_by_office(concerned):
            return None
        own = self.viewer.person is not None and self.viewer.person in concerned
        if (own or self.viewer.audience == SUPERIOR) and code not in OF_OTHERS:
            return None
        if not self.matrices:
            return Withheld(code, _title(code, ()), NO_CLAUSE, _NO_RULES)
        return next((found for each in self.matrices if (found := self._under(each, code)) is not None), None)

    def first_withheld(self, codes: Iterable[str], concerned: Collection[str] = ()) -> Withheld | None:
        """Return why something that takes all of these fields is not shown; None where it is."""
        return next((found for code in codes if (found := self.withheld(code, concerned)) is not None), None)

    def _under(self, matrix: Matrix, code: str) -> Withheld | None:
        audience = BRANCH if self.viewer.audience == SUPERIOR else self.viewer.column
        title = _title(code, (matrix,))
        if code == NOTICE:
            hangs = audience in matrix.posted_to
            return None if hangs else Withheld(code, title, matrix.posted_clause, only_for(matrix.posted_to))
        names = code.split("|")
        answers = [found for name in names if (found := matrix.answer(audience, name)) is not None]
        if any(answer.shown for answer in answers):
            return None
        if not answers:
            return Withheld(code, title, matrix.clause, _UNNAMED)
        return Withheld(code, title, answers[0].clause, answers[0].why)


class Sights(Protocol):
    """Who somebody is before the matter of each branch, and which branch's matter a person is."""

    def viewer_in(self, branch: str) -> Viewer:
        """Return who he is before the matter of a branch."""
        ...

    def home_of(self, person: str) -> str | None:
        """Return the branch that a person belongs to, or last did; None where he never belonged to one."""
        ...


@dataclass(slots=True)
class Disclosures:
    """The rulebooks of a ledger's rounds, and what a viewer is shown of each round, branch and person."""

    ledger: Ledger
    viewer: Viewer
    upto: int | None = None
    sights: Sights | None = None
    """Who the reader is in each branch, where he is not the same everywhere; `viewer` is he where none is known."""
    _of_round: dict[str, Matrix] = field(default_factory=dict)
    _branches: dict[str, str] = field(default_factory=dict)
    _of_branch: dict[str, dict[str, Matrix]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read which rulebook each round goes by, unless nothing is withheld anyway."""
        if self.sees_everything:
            return
        for fact in self.ledger.read((Selector((RoundOpened.NAME,)),), upto=self.upto):
            if isinstance(opened := fact.event, RoundOpened):
                matrix = _matrix(fact.document(opened.document))
                self._of_round[opened.round] = matrix
                self._branches[opened.round] = opened.branch
                self._of_branch.setdefault(opened.branch, {})[opened.document] = matrix

    @property
    def sees_everything(self) -> bool:
        """Return whether nothing that is kept in the open is withheld, wherever it belongs."""
        return self.viewer.sees_everything and self.sights is None

    def everywhere(self) -> Disclosed:
        """Return what is shown under every rulebook there is."""
        return Disclosed(self.viewer, _once(self._of_round.values()))

    def scope(self, record: object, otherwise: Disclosed) -> Disclosed:
        """Return what is shown of a record: by its round, else by its branch, else as its surroundings are."""
        round_id = _word(record, "round")
        branch = self._branches.get(round_id) or _word(record, "branch")
        matrix = self._of_round.get(round_id)
        if matrix is not None:
            return Disclosed(self._viewer_in(branch), (matrix,))
        return self._of(branch, otherwise) if branch else otherwise

    def at_home(self, person: str | None) -> Disclosed:
        """Return what is shown of what says no more than whose it is: where he belongs, else under every rulebook."""
        home = None if self.sights is None or person is None else self.sights.home_of(person)
        return self.everywhere() if home is None else self._of(home, self.everywhere())

    def _of(self, branch: str, otherwise: Disclosed) -> Disclosed:
        matrices = self._of_branch.get(branch)
        viewer = otherwise.viewer if self.sights is None else self.sights.viewer_in(branch)
        return Disclosed(viewer, otherwise.matrices if matrices is None else _once(matrices.values()))

    def _viewer_in(self, branch: str) -> Viewer:
        return self.viewer if self.sights is None else self.sights.viewer_in(branch)

    def of_person(self, person: str) -> Disclosed:
        """Return what is shown of a person under the rulebooks of every branch he belonged to."""
        types = (MemberJoined.NAME, MemberTransferred.NAME)
        selector = Selector(types, (tag(PersonId, person),))
        events = [] if self.sees_everything else [f.event for f in self.ledger.read((selector,), upto=self.upto)]
        branches = {_word(event, name) for event in events for name in ("branch", "from_branch", "to_branch")}
        found = (each for branch in sorted(branches) for each in self._of_branch.get(branch, {}).values())
        return Disclosed(self.viewer, _once(found))


@lru_cache(maxsize=32)
def _matrix(document: bytes) -> Matrix:
    return disclosure_matrix(parse_rulebook(document))


def _word(record: object, name: str) -> str:
    return str(getattr(record, name, ""))


def _once(matrices: Iterable[Matrix]) -> tuple[Matrix, ...]:
    return tuple({(each.rulebook, each.version): each for each in matrices}.values())


def _title(code: str, matrices: Iterable[Matrix]) -> Text:
    name = code.split("|", maxsplit=1)[0]
    named = {each.code: each.title for matrix in matrices for each in matrix.fields}
    known = _TITLES.get(name) or named.get(name) or FIELD_TITLES.get(name)
    return known or _OTHERWISE.get(name) or Text(name, name)


NO_CLAUSE = "–"
_TITLES: Mapping[str, Text] = {
    UNNAMED: Text("其他内容", "everything else"),
    NOTICE: Text("公示", "notices"),
}
_OTHERWISE: Mapping[str, Text] = {
    "rules": Text("办法、程序与任职", "rules, procedure and offices"),
    "appraisal": Text("评议结果", "results of appraisals"),
}
"""Titles of topics that a rulebook does not have."""
_UNNAMED = Text("没有条款规定向其公开。", "No clause opens it to this audience.")
_NO_RULES = Text("还没有适用的评星办法，不对外公开。", "No rulebook applies yet, so nothing is shown outside.")
