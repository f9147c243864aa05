"""A star that was confirmed before it could be is named by a replay, with what stood in the way; honest ones not."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest

from domain.calendars import PublishCalendar
from domain.confirmation import Confirmations, StarConfirmed
from domain.confirming import ConfirmStars
from domain.corrections import OpenCorrection
from domain.decision import Event, replace
from domain.ids import PersonId
from domain.inquiries import RuleOnObjection
from domain.lists import HoldVote, Lists
from domain.notices import InterruptNotice, Notices, PostNotice
from domain.objections import FileObjection, ObjectionFiledLate, Objections
from domain.tally import Results
from ledger.verification import verify
from projections.folding import folded
from projections.replay import Difference, replay
from projections.replay import moments as judging
from tests.controls import ANNUAL, CHEN, REGISTRAR, ROUND, SUN, UPHELD, ZHAO, ZHOU, noon
from tests.experiments import Notebook
from tests.projections.forging import forge
from tests.projections.year_ledger import Year, open_year

PROMISE = "published numbers follow from facts"
FORGED = "stars confirmed before they could be, forged behind an intact tree; then replayed"
CONFIRMED_ON = next(step.at for step in ANNUAL if isinstance(step.asked, ConfirmStars))


def first(kind: type) -> int:
    return next(number for number, step in enumerate(ANNUAL) if isinstance(step.asked, kind))


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Callable[..., Year]]:
    """Return how to tell the story up to a step, leaving some steps out."""
    opened: list[Year] = []

    def tell(upto: int, *without: type) -> Year:
        opened.append(open_year(f"sqlite:///{tmp_path / f'{len(opened)}.db'}"))
        opened[-1].play(step for step in islice(ANNUAL, upto) if not isinstance(step.asked, without))
        return opened[-1]

    yield tell
    for year in opened:
        year.close()


def confirmation(year: Year, person: PersonId) -> StarConfirmed:
    """Return what a body would confirm of a person, by the numbers as they stand."""
    result, line = folded(year.ledger, Results, ROUND).latest[person], folded(year.ledger, Notices, ROUND).lines
    return StarConfirmed(
        round=ROUND,
        person=person,
        star=result.star or 0,
        label=result.label,
        total=result.total,
        notice=next(iter(line.values())).notice,
        tally=result.tally,
        body="考核工作领导小组",
        supersedes=folded(year.ledger, Confirmations, ROUND).positions.get(person),
        verdict=result.verdict,
    )


def judged(year: Year, *lies: Event) -> list[Difference]:
    """Forge what no decider would have recorded, behind an intact tree, and return what a replay says of it."""
    before = year.ledger.head().size
    for number, lie in enumerate(lies, 1):
        forge(year.ledger, lie, actor=CHEN, number=number)
    assert verify(year.ledger).ok
    return [each for each in replay(year.ledger).differences if each.position > before]


def in_the_window(tell: Callable[..., Year]) -> Year:
    """Let two days pass of a window of five."""
    year = tell(first(PostNotice) + 1)
    year.clock.advance(timedelta(days=2))
    return year


def before_the_vote(tell: Callable[..., Year]) -> Year:
    """Post a list that no meeting adopted: its vote is left out, and its notice is forged."""
    year, whole = tell(first(HoldVote)), tell(first(PostNotice) + 1)
    posted = [fact.event for fact in whole.ledger.read() if type(fact.event).__name__ in {"NoticePosted", "LinePosted"}]
    forge(year.ledger, *posted, number=9)
    year.clock.set(CONFIRMED_ON)
    assert folded(year.ledger, Lists, ROUND).outcome is None
    return year


def while_an_objection_is_open(tell: Callable[..., Year]) -> Year:
    """Let the window pass with an objection that nobody ruled on."""
    year = tell(first(InterruptNotice))
    year.clock.set(CONFIRMED_ON)
    assert folded(year.ledger, Objections, ROUND).open_about
    return year


def while_it_does_not_hang(tell: Callable[..., Year]) -> Year:
    """Let the window pass though the notice came down and was not hung again."""
    year = tell(first(PostNotice) + 1)
    year.play([ANNUAL[first(InterruptNotice)]])
    year.clock.set(CONFIRMED_ON)
    return year


def without_the_calendar(tell: Callable[..., Year]) -> Year:
    """Let the window pass in a year whose rest days nobody published."""
    year = tell(first(PostNotice) + 1, PublishCalendar)
    year.clock.set(CONFIRMED_ON)
    return year


def with_a_correction_undecided(tell: Callable[..., Year]) -> Year:
    """Question a confirmed star and leave it undecided."""
    return tell(first(OpenCorrection) + 1)


EARLY = [
    (in_the_window, "window-open"),
    (before_the_vote, "list-not-adopted"),
    (while_an_objection_is_open, "objection-open"),
    (while_it_does_not_hang, "notice-interrupted"),
    (without_the_calendar, "calendar-missing"),
    (with_a_correction_undecided, "objection-open"),
]


def whom(year: Year) -> PersonId:
    """Return about whom a confirmation is forged: whose star is questioned, where one is."""
    questioned = {
        *folded(year.ledger, Objections, ROUND).open_about,
        *folded(year.ledger, Confirmations, ROUND).in_question,
    }
    return min(questioned, default=SUN)


@pytest.mark.parametrize(("story", "code"), EARLY, ids=[story.__name__ for story, _ in EARLY])
def test_a_confirmation_that_came_too_early_is_named_with_what_stood_in_the_way(
    told: Callable[..., Year], story: Callable[[Callable[..., Year]], Year], code: str
) -> None:
    year = story(told)
    (found,) = judged(year, confirmation(year, whom(year)))
    assert (found.type, found.number, found.replayed) == (StarConfirmed.NAME, "moment", code)
    assert found.clause


def ready(tell: Callable[..., Year]) -> Year:
    """Let the window pass, all objections ruled on: everybody can be confirmed, and nobody has been."""
    year = tell(first(ConfirmStars))
    year.clock.set(CONFIRMED_ON)
    return year


def test_a_confirmation_at_its_time_is_innocent_whoever_recorded_it(told: Callable[..., Year]) -> None:
    year = ready(told)
    assert judged(year, *(confirmation(year, person) for person in (SUN, ZHOU))) == []


def test_what_is_recorded_afterwards_makes_no_confirmation_wrong(told: Callable[..., Year]) -> None:
    """Two clocks: a calendar that would have made the window longer, an objection said to be of long ago."""
    year = ready(told)
    assert judged(year, confirmation(year, SUN)) == []
    longer = tuple(date(2026, 1, day) for day in range(1, 31))
    later = PublishCalendar(year=2026, rest_days=longer, worked_weekends=(), source="补发")
    year.ledger.execute(later, actor=REGISTRAR)
    filed = next(s.asked for s in ANNUAL if isinstance(s.asked, FileObjection) and s.asked.objection == UPHELD)
    late = ObjectionFiledLate(
        round=ROUND,
        objection=filed.objection,
        about=SUN,
        statement=filed.statement,
        objector=ZHAO,
        confidential_name=None,
    )
    forge(year.ledger, late, number=5)
    assert replay(year.ledger).differences == []


def test_a_calendar_that_was_in_force_counts_though_it_was_replaced_since(told: Callable[..., Year]) -> None:
    year = told(first(PostNotice) + 1)
    shorter = PublishCalendar(year=2026, rest_days=(date(2026, 1, 1),), worked_weekends=(), source="更正")
    longer = PublishCalendar(
        year=2026, rest_days=tuple(date(2026, 1, day) for day in range(1, 31)), worked_weekends=(), source="通知"
    )
    year.ledger.execute(longer, actor=REGISTRAR)
    year.clock.set(noon(date(2026, 1, 28)))
    (found,) = judged(year, confirmation(year, SUN))
    assert found.replayed == "window-open"
    year.ledger.execute(shorter, actor=REGISTRAR)
    assert [each.replayed for each in replay(year.ledger).differences] == ["window-open"]


def test_one_lie_is_named_once_a_wrong_number_before_a_wrong_moment(told: Callable[..., Year]) -> None:
    year = in_the_window(told)
    lie = confirmation(year, SUN)
    (found,) = judged(year, replace(lie, star=lie.star % 5 + 1))
    assert found.number == "star"


def test_a_replay_that_compares_numbers_only_lets_every_wrong_moment_pass(
    told: Callable[..., Year], notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the numbers of these confirmations are right; only their moment is wrong."""
    forged = [story(told) for story, _ in EARLY]
    caught = sum(len(judged(year, confirmation(year, whom(year)))) for year in forged)
    false_alarms = len(replay(told(len(ANNUAL)).ledger).differences)
    figures = {"caught": caught, "false_alarms": false_alarms}
    notebook.saw(PROMISE, FORGED, on="sqlite", runs=len(forged), figures=figures)
    monkeypatch.setattr(judging.Moments, "obstacle", lambda *_: None)
    missed = sum(not _at_the_end(year) for year in forged)
    notebook.saw(PROMISE, FORGED, on="sqlite", runs=len(forged), figures={"missed": missed}, control=True)
    assert (caught, false_alarms, missed) == (len(EARLY), 0, len(EARLY))


def _at_the_end(year: Year) -> list[Difference]:
    return [each for each in replay(year.ledger).differences if each.position == year.ledger.head().size]


def test_the_story_has_what_these_tests_take_from_it() -> None:
    assert first(PostNotice) < first(FileObjection) < first(RuleOnObjection) < first(ConfirmStars)
