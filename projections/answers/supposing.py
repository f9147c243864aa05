"""What would be otherwise, what another rulebook would have made of a round, and what stands before a star, as told."""

from collections.abc import Callable, Sequence

import msgspec

from domain.ids import PersonId
from domain.scoring import written
from domain.text import Text
from projections.ripple import Ripple, Tried, Verdict
from projections.rulebook_trial import Trial
from projections.what_if import Otherwise, RoundOtherwise
from projections.why_not import WhyNot

Name = Callable[[PersonId], str]
FROM_TO = {"before": "from", "after": "to"}


class VerdictTold(msgspec.Struct, frozen=True):
    """What one side comes to for a person; totals are exact numbers in text."""

    status: str
    total: str | None
    score_star: int | None
    star: int | None
    labels: tuple[Text, ...]
    probation: Text | None


class PartingTold(msgspec.Struct, frozen=True, rename=FROM_TO):
    """One step of an explanation that is not the same on both sides."""

    clause: str
    before: Text | None
    after: Text | None


class ChangeTold(msgspec.Struct, frozen=True, rename=FROM_TO):
    """One person whose result is another, and the steps at which the two part."""

    person: str
    name: str
    before: VerdictTold
    after: VerdictTold
    why: tuple[PartingTold, ...]


class PlacesTold(msgspec.Struct, frozen=True, rename=FROM_TO):
    """The places of one star on either side; none where there is no cap."""

    star: int
    before: int | None
    after: int | None


class AdoptedTold(msgspec.Struct, frozen=True, rename=FROM_TO):
    """Whether the list was adopted, and whether it would have been."""

    before: bool
    after: bool


class RoundOtherwiseTold(msgspec.Struct, frozen=True):
    """One round that a hypothesis reaches."""

    round: str
    branch: str
    period: str
    people: int
    changes: list[ChangeTold]
    caps: list[PlacesTold]
    undecided: tuple[int, ...]
    adopted: AdoptedTold
    unconfirmed: tuple[str, ...]


class OtherwiseTold(msgspec.Struct, frozen=True):
    """Every round that a hypothesis reaches, and the facts that there would not have been."""

    rounds: list[RoundOtherwiseTold]
    gone: tuple[int, ...]


class TrialTold(msgspec.Struct, frozen=True):
    """A past round under another rulebook."""

    round: str
    branch: str
    period: str
    people: int
    changes: list[ChangeTold]
    caps: list[PlacesTold]
    undecided: tuple[int, ...]
    unused: tuple[str, ...]
    differences: int


class BetweenTold(msgspec.Struct, frozen=True):
    """One thing that stands between a person and a star."""

    kind: str
    text: Text
    clause: str
    facts: Sequence[int]


class SufficientTold(msgspec.Struct, frozen=True):
    """The least that one component would have to be, all else unchanged."""

    component: str
    clause: str
    now: str | None
    least: str
    more: str | None


class WhyNotTold(msgspec.Struct, frozen=True):
    """What stands between a person and a star, and what would suffice."""

    round: str
    person: str
    star: int
    holds: int | None
    between: list[BetweenTold]
    suffices: list[SufficientTold]
    places_counted: bool


def why_not_told(found: WhyNot) -> WhyNotTold:
    """Return the answer to `why not this star`; scores are strings."""
    return WhyNotTold(
        round=found.round,
        person=found.person,
        star=found.star,
        holds=found.holds,
        between=[BetweenTold(each.kind, each.text, each.clause, each.facts) for each in found.between],
        suffices=[
            SufficientTold(
                component=each.component.code,
                clause=each.component.clause,
                now=None if each.now is None else written(each.now),
                least=str(each.least),
                more=None if each.more is None else written(each.more),
            )
            for each in found.suffices
        ],
        places_counted=not found.alone,
    )


def otherwise_told(found: Otherwise, name: Name) -> OtherwiseTold:
    """Return what a hypothesis comes to; scores are strings."""
    return OtherwiseTold([_round(each, name) for each in found.rounds], found.gone)


def _round(each: RoundOtherwise, name: Name) -> RoundOtherwiseTold:
    return RoundOtherwiseTold(
        round=each.round,
        branch=each.branch,
        period=each.period,
        people=each.people,
        changes=_changes(each.ripple, name),
        caps=_caps(each.ripple),
        undecided=each.ripple.undecided,
        adopted=AdoptedTold(*each.adopted),
        unconfirmed=each.unconfirmed,
    )


def trial_told(found: Trial, name: Name) -> TrialTold:
    """Return what another rulebook would have made of a round; scores are strings."""
    return TrialTold(
        round=found.round,
        branch=found.branch,
        period=found.period,
        people=found.people,
        changes=_changes(found.ripple, name),
        caps=_caps(found.ripple),
        undecided=found.ripple.undecided,
        unused=found.unused,
        differences=len(found.differing),
    )


def _caps(found: Ripple) -> list[PlacesTold]:
    return [PlacesTold(cap.star, cap.before, cap.after) for cap in found.caps]


def _changes(found: Ripple, name: Name) -> list[ChangeTold]:
    return [_change(tried, name) for tried in found.changes]


def _change(tried: Tried, name: Name) -> ChangeTold:
    why = tuple(PartingTold(each.clause, each.before, each.after) for each in tried.why)
    return ChangeTold(tried.person, name(tried.person), _verdict(tried.before), _verdict(tried.after), why)


def _verdict(verdict: Verdict) -> VerdictTold:
    return VerdictTold(
        status=verdict.status,
        total=None if verdict.total is None else str(verdict.total),
        score_star=verdict.score_star,
        star=verdict.star,
        labels=verdict.labels,
        probation=verdict.probation,
    )
