"""Checks of who decides and how: uniform ballots, offices that change around a decision, rules that change inside."""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import chain

from domain.adoption import RulebookAdopted
from domain.appointments import Appointed, Relieved
from domain.ballots import BallotsCounted
from domain.confirmation import StarConfirmed
from domain.dates import civil_date
from domain.decision import Fact
from domain.ids import RulebookId
from domain.lists import VoteHeld
from domain.objections import ObjectionRuled
from domain.private_reading import SealedRead, SealedReadingRefused
from domain.rounds import RoundOpened
from domain.tally import TieDecided
from domain.text import Text
from projections.findings.material import Evaluation, Material, grouped, newest, positions
from projections.findings.model import Check, Measured

AROUND = timedelta(days=14)
"""Offices that change no longer than this before or after a decision are told."""

Decision = VoteHeld | ObjectionRuled | TieDecided | StarConfirmed
Office = Appointed | Relieved


def _ballots_alike(material: Material) -> Iterator[Measured]:
    """Yield of each round of how many people every valid voice was the same, where enough voices are shown."""
    for this in material.evaluations():
        counted = [pair for pair in this.of(BallotsCounted) if _told(pair[1], this.shown_from)]
        alike = [pair for pair in counted if sum(count.voices > 0 for count in pair[1].counts) == 1]
        yield Measured(this.where, len(alike), len(counted), positions(*alike))


def _told(event: BallotsCounted, shown_from: int) -> bool:
    return not event.withheld and not event.aspect and (event.valid or 0) >= shown_from


def _offices_around(material: Material) -> Iterator[Measured]:
    """Yield of each branch how many changes of its offices were entered within fourteen days of a decision in it."""
    decisions = [*_decisions(material)]
    of_branch = grouped(decisions, lambda _, event: material.branch_of(event))
    offices: Iterator[tuple[Fact, Office]] = chain(material.of(Appointed), material.of(Relieved))
    for branch, pairs in grouped(offices, lambda _, event: event.branch).items():
        instants = [fact.recorded_at for fact, _ in of_branch.get(branch, ())]
        near = [pair for pair in pairs if any(abs(pair[0].recorded_at - at) <= AROUND for at in instants)]
        yield Measured(f"branch:{branch}", len(near), len(pairs), positions(*near))


def _decisions(material: Material) -> Iterator[tuple[Fact, Decision]]:
    yield from material.of(VoteHeld)
    yield from material.of(ObjectionRuled)
    yield from material.of(TieDecided)
    yield from material.of(StarConfirmed)


def _rules_inside(material: Material) -> Iterator[Measured]:
    """Yield of each rulebook how many rounds were opened under a version entered after their period had begun."""
    adopted = {(event.rulebook, event.version): fact for fact, event in material.of(RulebookAdopted)}
    for rulebook, pairs in grouped(material.of(RoundOpened), lambda _, event: event.rulebook).items():
        inside = [pair for pair in pairs if _entered_inside(material, pair[1], adopted)]
        yield Measured(f"rulebook:{rulebook}", len(inside), len(pairs), positions(*inside))


def _entered_inside(material: Material, opened: RoundOpened, adopted: dict[tuple[RulebookId, int], Fact]) -> bool:
    entered = adopted.get((opened.rulebook, opened.version))
    first = material.rounds[opened.round].frame.rulebook.year.start(opened.period)
    return entered is not None and first is not None and civil_date(entered.recorded_at) > first


def _officers_stars(material: Material) -> Iterator[Measured]:
    """Yield of each round how many holders of its two highest stars led the branch when they were confirmed."""
    for this in material.evaluations():
        top = _two_highest(this)
        holders = [
            pair for pair in newest(this.of(StarConfirmed), lambda event: event.person).values() if pair[1].star in top
        ]
        leaders = [pair for pair in holders if material.leads(pair[1].person, this.frame.branch, pair[0])]
        yield Measured(this.where, len(leaders), len(holders), positions(*leaders))


def _two_highest(this: Evaluation) -> set[int]:
    stars = sorted({band.star for band in this.frame.rulebook.bands if not band.unrated})
    return set(stars[-2:])


def _readings_refused(material: Material) -> Iterator[Measured]:
    """Yield of each branch how many attempts to read private matter were refused."""
    attempts: Iterator[tuple[Fact, SealedRead | SealedReadingRefused]]
    attempts = chain(material.of(SealedRead), material.of(SealedReadingRefused))
    for branch, pairs in grouped(attempts, lambda _, event: event.branch).items():
        refused = [pair for pair in pairs if isinstance(pair[1], SealedReadingRefused)]
        yield Measured(f"branch:{branch}", len(refused), len(pairs), positions(*refused))


BALLOTS_ALIKE = Check(
    code="ballots-alike",
    title=Text("选票完全一致", "ballots all alike"),
    says=Text(
        "{base}份计票结果中有{count}份的有效票全部相同。", "Of {base} counts all valid voices are the same in {count}."
    ),
    harmless=Text("众望所归者可能得到全票。", "Somebody whom all esteem may get every voice."),
    clause="B-34",
    measure=_ballots_alike,
    from_share=Fraction(1, 2),
    least_base=3,
)
OFFICES_AROUND = Check(
    code="offices-around-decisions",
    title=Text("决定前后职务变动", "offices changed around a decision"),
    says=Text(
        "{base}次职务变动中有{count}次在本支部作出决定前后十四天内录入。",
        "Of {base} changes of office {count} were entered within fourteen days of a decision in the branch.",
    ),
    harmless=Text("换届与年度评定常在同一时候。", "Terms of office and the year's evaluation often end together."),
    clause="B-49",
    measure=_offices_around,
)
RULES_INSIDE = Check(
    code="rules-inside-period",
    title=Text("周期开始后才登记的办法", "rules entered after the period began"),
    says=Text(
        "{base}次评定中有{count}次所用的办法版本在周期开始以后才登记。",
        "Of {base} rounds {count} go by a version that was entered after their period had begun.",
    ),
    harmless=Text(
        "第一年启用本系统时，办法必然在周期中登记。", "In the first year the ledger is kept it cannot be otherwise."
    ),
    clause="A-14",
    measure=_rules_inside,
)
OFFICERS_STARS = Check(
    code="officers-stars",
    title=Text("高星级中班子成员所占比例", "leaders among the highest stars"),
    says=Text(
        "最高两档星级的{base}人中有{count}人是本支部班子成员。",
        "Of {base} holders of the two highest stars {count} led the branch.",
    ),
    harmless=Text("骨干往往被选进班子。", "Those who do most are often elected."),
    clause="A-33",
    measure=_officers_stars,
    from_share=Fraction(1, 2),
    least_base=3,
)
READINGS_REFUSED = Check(
    code="private-readings-refused",
    title=Text("被拒绝的私密内容查阅", "refused readings of private matter"),
    says=Text(
        "{base}次查阅私密内容中有{count}次被拒绝。", "Of {base} attempts to read private matter {count} were refused."
    ),
    harmless=Text("可能不知道须先指定查阅人。", "Somebody may not have known that readers are named first."),
    clause="AMB-B17",
    measure=_readings_refused,
)
CHECKS = (BALLOTS_ALIKE, OFFICES_AROUND, RULES_INSIDE, OFFICERS_STARS, READINGS_REFUSED)
