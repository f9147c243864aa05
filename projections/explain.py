"""Why this star: from the confirmation through notice, vote and tally down to every score, fact and clause (A-43, A4).

A computation, not a view: the round is folded again up to a position, its result computed again, and the tree that
scoring returns is completed above with the facts of the procedure and below with the facts its numbers stand in.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from domain.confirmation import CorrectionDecided, CorrectionOpened, StarConfirmed
from domain.decision import Fact
from domain.earlier import EarlierStars
from domain.ids import PersonId
from domain.lists import ListProposed, VoteHeld
from domain.notices import LinePosted
from domain.objections import ObjectionRuled
from domain.round_sheet import sheet_of
from domain.rounds import MemberEnrolled, MemberExempted, Round, RoundOpened
from domain.rulebook.model import Rulebook
from domain.scores import ComponentNotApplicable, Scores
from domain.scoring import Outcome, PersonResult, Step, score, written
from domain.tally import ResultComputed, Results, RoundTallied, TieDecided
from domain.text import Text
from domain.verdicts import label_of, named_in, star_of, verdict_of
from ledger.ledger import Ledger
from projections.citing import Citations, node_of
from projections.explanation import Cited, Explanation, Node
from projections.fact_notes import FactNote, notes_at
from projections.folding import folded
from projections.kept import kept
from projections.names import erased_digests, names_in
from projections.procedure_facts import ProcedureFacts, posting_of, procedure_facts
from projections.sentences import Telling, star_words
from projections.sentences.telling import Curtain, total_words


def explain(  # noqa: PLR0913 - whose star, as of when, and for whom
    ledger: Ledger,
    round_id: str,
    person: str,
    as_of: int | None = None,
    telling: Telling | None = None,
    curtain: Curtain | None = None,
) -> Explanation:
    """Return why a person's star in a round is what it is, at a position (None: now).

    Raises `NotFound` where there was no such round, or the person was not on its roster. Without a `telling`, names
    are those that the ledger holds, and sealed words stay sealed. A `curtain` keeps from an audience what facts say.
    """
    size = ledger.head().size
    position = size if as_of is None else min(as_of, size)
    this = _round(ledger, round_id, position)
    enrolled, opened = this.require_enrolled(PersonId(person)), this.require_open()
    result = next(each for each in _outcome(ledger, this, position).people if each.person == person)
    procedure = procedure_facts(ledger, round_id, person, opened.document, position)
    told = telling or replace(telling_of(ledger, this.rulebook, position), curtain=curtain)
    steps = result.explanation
    notes = notes_at(ledger, (*procedure.positions, *_sources(steps)), told)
    tree = _Builder(this.rulebook, Citations(this.rulebook), notes, procedure, result).tree(steps)
    return Explanation(
        ledger_id=ledger.ledger_id,
        round=opened.round,
        branch=told.names.branch(opened.branch),
        period=opened.period,
        person=enrolled.person,
        name=told.person(person),
        rulebook=opened.rulebook,
        version=opened.version,
        document=opened.document,
        position=position,
        status=result.status,
        total_exact=None if result.total_exact is None else written(result.total_exact),
        total=None if result.total is None else str(result.total),
        score_star=result.score_star,
        star=star_of(result),
        label=label_of(result) if star_of(result) is not None else None,
        confirmed=_confirmed_star(procedure),
        tree=tree,
        cited=_cited(tree),
    )


def _round(ledger: Ledger, round_id: str, position: int) -> Round:
    made = lambda: folded(ledger, Round, round_id, position)  # noqa: E731
    return kept(ledger, (Round, round_id), (Round.selector(round_id),), position, made)


def _outcome(ledger: Ledger, this: Round, position: int) -> Outcome:
    """Return the result of the whole round: one person's stands among the others'."""
    selectors = (*(kind.selector(this.key) for kind in (Round, Scores, Results)), EarlierStars.selector(""))
    return kept(ledger, (Outcome, this.key), selectors, position, lambda: _computed(ledger, this, position))


def _computed(ledger: Ledger, this: Round, position: int) -> Outcome:
    results = folded(ledger, Results, this.key, position)
    earlier = folded(ledger, EarlierStars, "", position)
    sheet = sheet_of(this, folded(ledger, Scores, this.key, position), results.vetoes, earlier)
    return score(this.rulebook, sheet, results.decisions)


def telling_of(ledger: Ledger, rulebook: Rulebook, upto: int) -> Telling:
    """Return the names that the ledger and the rulebook give, without sealed words."""
    titles = {code: component.title for code, component in rulebook.nodes().items()}
    return Telling(names_in(ledger, upto, titles), erased=erased_digests(ledger, upto))


def _sources(step: Step) -> Iterator[int]:
    yield from step.sources
    for child in step.children:
        yield from _sources(child)


def _confirmed_star(procedure: ProcedureFacts) -> int | None:
    events = [fact.event for fact in procedure.newest(StarConfirmed)]
    return next((event.star for event in events if isinstance(event, StarConfirmed)), None)


def _cited(tree: Node) -> tuple[Cited, ...]:
    """Return every clause and reading of a tree once, in the order in which they are met."""
    found = (each for node in tree.nodes() for each in (node.clause, *node.readings))
    return tuple({each.id: each for each in found}.values())


@dataclass(frozen=True, slots=True)
class _Builder:
    """Completes the tree of scoring with what the procedure recorded."""

    rulebook: Rulebook
    citations: Citations
    notes: Mapping[int, FactNote]
    procedure: ProcedureFacts
    result: PersonResult

    def tree(self, steps: Step) -> Node:
        """Return the whole tree, the confirmation on top."""
        tally = self._tally((node_of(steps, self.citations, self.notes), self._roster()))
        return self._confirmation(self._notice(self._vote(tally)))

    def _confirmation(self, below: Node) -> Node:
        confirmed = self.procedure.newest(StarConfirmed)
        star = _confirmed_star(self.procedure)
        label = Text("尚未确认", "not confirmed yet")
        if star is not None and isinstance(said := confirmed[0].event, StarConfirmed):
            title = self._confirmed_label(said)
            label = Text(f"确认星级：{title.zh}", f"star confirmed: {title.en}")
            if not self._confirms(confirmed[0]):
                now = self._now()
                label = Text(f"{label.zh}；现有结果为{now.zh}", f"{label.en}; the present result is {now.en}")
        facts = (*confirmed, *self.procedure.all_of(CorrectionOpened, CorrectionDecided))
        value = "" if star is None else str(star)
        clause = self.citations.clause(self.rulebook.confirmation.clause)
        return Node(label, value, clause, (), self._notes(facts), (below,))

    def _confirmed_label(self, said: StarConfirmed) -> Text:
        title = self.rulebook.label_of(said.star)
        return title if said.verdict is None else Text(said.label or title.zh, said.verdict.label or title.en)

    def _now(self) -> Text:
        number, star, label = total_words(self.result.total), star_of(self.result), label_of(self.result)
        plain = self.rulebook.result == "level" and not self.rulebook.named_stars
        called = star_words(star) if plain or star is None else label
        return Text(f"{number.zh}、{called.zh}", f"{number.en}, {called.en}")

    def _confirms(self, fact: Fact) -> bool:
        said = fact.event
        return isinstance(said, StarConfirmed) and self._same(said)

    def _same(self, said: ResultComputed | StarConfirmed) -> bool:
        """Return whether a fact says what the result says now."""
        now = (self.result.total, star_of(self.result), named_in(verdict_of(self.result)))
        return (said.total, said.star, named_in(said.verdict)) == now

    def _notice(self, below: Node) -> Node:
        line = self.procedure.newest(LinePosted)
        label = Text("公示", "publicity") if line else Text("尚未公示", "not posted yet")
        facts = (*posting_of(line, self.procedure), *line)
        clause = self.citations.clause(self.rulebook.publicity.clause)
        return Node(label, "", clause, (), self._notes(facts), (below,))

    def _vote(self, below: Node) -> Node:
        vote = self.procedure.newest(VoteHeld)
        label = Text("党员大会表决", "vote of the members' meeting") if vote else Text("尚未表决", "not voted on yet")
        facts = (*self.procedure.newest(ListProposed), *vote)
        clause = self.citations.clause(self.rulebook.meeting.clause)
        return Node(label, "", clause, (), self._notes(facts), (below,))

    def _tally(self, below: tuple[Node, ...]) -> Node:
        made, computed = self.procedure.newest(RoundTallied), self.procedure.newest(ResultComputed)
        label = Text("汇总计分", "tally") if made else Text("尚未汇总；以下按现有分数试算", "not tallied yet: a trial")
        if computed and not self._says(computed[0]):
            label = Text("汇总之后分数又有变动；以下按现有分数试算", "scores have changed since the tally: a trial")
        facts = (*made, *computed, *self.procedure.all_of(TieDecided, ObjectionRuled))
        clause = self.citations.step("tally", self.rulebook.rounding.clause)
        return Node(label, "", clause, (), self._notes(facts), below)

    def _says(self, fact: Fact) -> bool:
        recorded = fact.event
        return isinstance(recorded, ResultComputed) and self._same(recorded)

    def _roster(self) -> Node:
        label = Text("名册与适用办法", "roster and rulebook")
        kinds = (RoundOpened, MemberEnrolled, MemberExempted, ComponentNotApplicable)
        facts = (*self.procedure.adoption, *self.procedure.all_of(*kinds))
        return Node(label, "", self.citations.clause(self.rulebook.scope.roster_clause), (), self._notes(facts))

    def _notes(self, facts: Iterable[Fact]) -> tuple[FactNote, ...]:
        return tuple(self.notes[fact.position] for fact in sorted(facts, key=lambda fact: fact.position))
