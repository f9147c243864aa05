"""What is supposed otherwise, as somebody typed it: at the terminal, or in the address of a question."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from domain.decision import NotFound, Refused
from domain.ids import PersonId
from domain.rounds import Round
from domain.rulebook import Rulebook
from domain.rulings import Amendment
from domain.text import Text
from ledger.ledger import Ledger
from projections.folding import folded
from projections.hypotheses import Hypothesis, Inquorate, Ruled, Setting, Under, Without


class MalformedHypothesis(Refused):
    """What was typed supposes nothing, or several things at once."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """What was supposed: one thing at a time; `points` and `changes` are written PLACE=VALUE."""

    round_id: str | None = None
    objection: str | None = None
    ruled: str = "upheld"
    points: tuple[str, ...] = ()
    rulebook: str | None = None
    changes: tuple[str, ...] = ()
    cap_rounding: str | None = None
    without: int | None = None
    inquorate: str | None = None

    @property
    def altered(self) -> Mapping[str, str]:
        """Return what the rulebook is supposed to say, by place."""
        rounding = {} if self.cap_rounding is None else {"cap_rounding": self.cap_rounding}
        return pairs(self.changes) | rounding

    def require_one(self) -> None:
        """Raise `MalformedHypothesis` unless exactly one thing is supposed."""
        one_each = (self.objection, self.rulebook, self.without, self.inquorate)
        number = sum(each is not None for each in one_each) + bool(self.altered)
        if number != 1 or self.ruled not in ("upheld", "dismissed"):
            raise MalformedHypothesis("one-at-a-time", _ONE_AT_A_TIME)


def hypothesis(supposed: Supposed, ledger: Ledger, upto: int | None, read: Callable[[str], Rulebook]) -> Hypothesis:
    """Return the hypothesis; `read` finds a rulebook by the word for it.

    Raises `MalformedHypothesis` for what cannot be read, `NotFound` for a round or fact that is not there.
    """
    supposed.require_one()
    if supposed.objection is not None:
        verdict: Literal["upheld", "dismissed"] = "upheld" if supposed.ruled == "upheld" else "dismissed"
        return Ruled(supposed.objection, verdict, tuple(map(_amendment, supposed.points)))
    if supposed.inquorate is not None:
        return Inquorate(supposed.inquorate)
    if supposed.without is not None:
        fact = next(ledger.read(after=supposed.without - 1, upto=supposed.without), None)
        if fact is None:
            raise NotFound("unknown-fact", _no_fact(supposed.without))
        return Without(fact.position, fact.event)
    if supposed.round_id is None:
        raise MalformedHypothesis("which-round", _WHICH_ROUND)
    pinned = folded(ledger, Round, supposed.round_id, upto).require_open().rulebook
    if supposed.rulebook is not None:
        return Under(pinned, read(supposed.rulebook))
    return Setting(pinned, supposed.altered)


def pairs(words: Iterable[str]) -> dict[str, str]:
    """Return place → value of words that are PLACE=VALUE; raises `MalformedHypothesis` for others."""
    return dict(map(_pair, words))


def _pair(words: str) -> tuple[str, str]:
    place, given, value = words.partition("=")
    if not given or not place or not value:
        raise MalformedHypothesis("malformed-pair", _malformed(words))
    return place, value


def _amendment(words: str) -> Amendment:
    """Return the score that `PERSON.COMPONENT=POINTS` says, of a month `PERSON.COMPONENT@PERIOD=POINTS`."""
    cell, value = _pair(words)
    person, _, component = cell.rpartition(".")
    component, _, period = component.partition("@")
    try:
        points = Decimal(value)
    except InvalidOperation:
        raise MalformedHypothesis("malformed-pair", _malformed(words)) from None
    return Amendment(person=PersonId(person), component=component, points=points, period=period or None)


_ONE_AT_A_TIME = Text(
    "一次只设一个假设：--objection（--ruled 为 upheld 或 dismissed）、--rulebook、--set 与 --cap-rounding、"
    "--without 或 --inquorate。",
    "Suppose one thing at a time: --objection (--ruled upheld or dismissed), --rulebook, --set and --cap-rounding, "
    "--without or --inquorate.",
)
_WHICH_ROUND = Text("请用 --round 指明评定周期。", "Name the round with --round.")


def _malformed(words: str) -> Text:
    return Text(
        f"「{words}」应写成 PLACE=VALUE；分数写成 人员.项目=分数。",
        f"'{words}' is to be PLACE=VALUE; a score PERSON.COMPONENT=POINTS.",
    )


def _no_fact(position: int) -> Text:
    return Text(f"没有第 {position} 条事实；请核对。", f"There is no fact {position}; check.")
