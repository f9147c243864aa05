"""A round as its table needs it: frame, scores, results and offices, all read at one position of the ledger."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar, cast

from domain.appointments import Offices
from domain.decision import Refused, State
from domain.ids import PersonId, RoundId
from domain.organisation import Organisation
from domain.round_sheet import sheet_of
from domain.rounds import Round
from domain.scores import Scores
from domain.scoring.numbers import published
from domain.scoring.tariff import Tariffs
from domain.scoring.total import tally
from domain.sheet.model import Candidate, given
from domain.tally import Results
from domain.text import Text
from domain.vetoes import Vetoes
from ledger.ledger import Ledger
from workbooks.score_labels import COMPONENTS
from workbooks.table_people import Borne, names_borne

S = TypeVar("S", bound=State)
_PLACES = 6


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What a ledger says about one round and its people, up to one position."""

    this: Round
    scores: Scores
    results: Results
    vetoes: Vetoes
    organisation: Organisation
    offices: Offices
    borne: dict[PersonId, Borne]

    @property
    def round(self) -> RoundId:
        """The round's id."""
        return self.this.require_open().round

    @property
    def simulated(self) -> bool:
        """Whether the ledger runs on a simulated clock, which every table must show."""
        return self.offices.opened is not None and self.offices.opened.simulated_clock

    def candidates(self) -> dict[PersonId, Candidate]:
        """Return everybody on the roster as the tally sees them, in its order."""
        return {PersonId(each.person): each for each in sheet_of(self.this, self.scores, self.results.vetoes).people}


def folded(ledger: Ledger, kind: type[S], key: str = "", upto: int | None = None) -> S:
    """Return a state of this kind as its facts up to a position make it."""
    return cast("S", ledger.fold(kind, key, upto))


def round_facts(ledger: Ledger, round_id: str) -> RoundFacts:
    """Return what the ledger says about a round now; `NotFound` where it was not opened.

    `Refused` where its rulebook has other components than the columns of Table 3-1 (A-27).
    """
    upto = ledger.head().size
    this = folded(ledger, Round, round_id, upto)
    this.require_open()
    if set(this.rulebook.leaves()) != set(COMPONENTS):
        raise Refused("another-table", _another(this.rulebook.title))
    return RoundFacts(
        this,
        folded(ledger, Scores, round_id, upto),
        folded(ledger, Results, round_id, upto),
        folded(ledger, Vetoes, upto=upto),
        folded(ledger, Organisation, upto=upto),
        folded(ledger, Offices, upto=upto),
        names_borne(ledger, upto),
    )


def _another(title: Text) -> Text:
    return Text(
        f"这一轮按《{title.zh}》评定，没有汇总表 3-1 的各栏；请用 month 或 year 查看。",
        f"This round is under “{title.en}”, which has no columns for Table 3-1; see it with month or year.",
    )


def counted(facts: RoundFacts) -> dict[tuple[str, str], Decimal]:
    """Return what each cell of the table holds now: the score, or the mean of several raters to six decimals."""
    leaves, tariffs = facts.this.rulebook.leaves(), Tariffs(facts.this.rulebook)
    shown: dict[tuple[str, str], Decimal] = {}
    for person, candidate in facts.candidates().items():
        for code, component in leaves.items():
            values = given(candidate.components.get(code))
            mean = tally(component, candidate, tariffs).value
            if len(values) == 1 and isinstance(points := values[0].points, Decimal):
                shown[person, code] = points
            elif mean is not None:
                shown[person, code] = published(mean, _PLACES)
    return shown
