"""What a result is beside a number of stars: a grade, passed or not, a set of named stars, the end of a probation.

§3.13, §3.17. A fact about a result carries a verdict where a number and a Chinese label do not say all of it.
"""

from dataclasses import dataclass, replace

from domain.rulebook import Rulebook
from domain.scoring import PersonResult
from domain.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbationEnd:
    """What the total means for a probationary member, in the rulebook's words."""

    outcome: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The label in English (empty where the number of stars says it), the codes of named stars, why there is no star.

    `unrated` is `exempt`, `newcomer`, `band`, `veto` or `gate`, empty for whoever has a result.
    """

    label: str = ""
    named: tuple[str, ...] = ()
    unrated: str = ""
    probation: ProbationEnd | None = None


_PLAIN = Verdict()


def verdict_of(result: PersonResult) -> Verdict | None:
    """Return what a result says beside its stars; None where they say all of it."""
    named = tuple(each.star.code for each in result.named if each.reached)
    found = Verdict(
        label="" if _plain(result.rulebook) or not _complete(result) else label_of(result).en,
        named=named,
        unrated=result.standing.why_unrated,
        probation=_probation(result),
    )
    return None if found == _PLAIN else found


def label_of(result: PersonResult) -> Text:
    """Return how a result is called: its level or grade and the named stars; empty while it cannot be said."""
    if result.labels:
        return Text("、".join(each.zh for each in result.labels), ", ".join(each.en for each in result.labels))
    return _NO_NAMED_STAR if _complete(result) and result.rulebook.named_stars else Text("", "")


def called(rulebook: Rulebook, star: int) -> Text:
    """Return how a rulebook calls a star whose results are grades or the like; empty where they are plain levels.

    A level is told by its number, as everywhere; grade 3 of a scheme that says 良好 is no star.
    """
    return Text("", "") if _plain(rulebook) else rulebook.label_of(star)


def star_of(result: PersonResult) -> int | None:
    """Return the number of stars as facts hold it: 0 where a complete result is no level, None where it is open."""
    levelless = result.rulebook.result == "named_stars" and _complete(result)
    return 0 if levelless else result.star


def posted(verdict: Verdict | None) -> Verdict | None:
    """Return what hangs in public of a verdict: the label and the named stars, not what became of a probation."""
    shown = _PLAIN if verdict is None else replace(verdict, unrated="", probation=None)
    return None if shown == _PLAIN else shown


def named_in(verdict: Verdict | None) -> tuple[str, ...]:
    """Return the named stars that a fact says; where they differ, results differ though total and star do not."""
    return () if verdict is None else verdict.named


def _plain(rulebook: Rulebook) -> bool:
    """Return whether a number of stars says all that there is to say."""
    return rulebook.result == "level" and not rulebook.named_stars


def _complete(result: PersonResult) -> bool:
    return result.status == "complete"


def _probation(result: PersonResult) -> ProbationEnd | None:
    found = result.probation
    return None if found is None else ProbationEnd(outcome=found.outcome, zh=found.title.zh, en=found.title.en)


_NO_NAMED_STAR = Text("未获命名星", "no named star")
