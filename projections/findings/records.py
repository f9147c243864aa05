"""Checks of the record: one hand for all, verified by proxy or at once, entered late, entered after the meeting."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple

from domain.decision import Fact
from domain.ids import BranchId, EntryId
from domain.meetings import MeetingClosed
from domain.records import EntryCorrected, EntryProposed, EntryVerified
from domain.text import Text
from projections.findings.material import Material, grouped, newest, positions
from projections.findings.model import Check, Measured
from projections.history import is_late, occurred_on

AT_ONCE = timedelta(minutes=1)
"""What was verified no longer than this after it was entered is told."""

Entered = EntryProposed | EntryCorrected


class Verified(NamedTuple):
    """An entry that was verified: what was entered, and the verification."""

    entered: tuple[Fact, Entered]
    found: tuple[Fact, EntryVerified]

    @property
    def branch(self) -> BranchId:
        """Return whose entry it is."""
        return self.entered[1].branch

    @property
    def hands(self) -> tuple[str, str]:
        """Return who entered and who verified."""
        return self.entered[0].actor, self.found[0].actor


def _one_recorder(material: Material) -> Iterator[Measured]:
    """Yield of each branch how many of the entries made for others are by the one who made most of them."""
    for branch, pairs in grouped(material.of(EntryProposed), _for_others).items():
        (_, most), *_ = Counter(fact.actor for fact, _ in pairs).most_common(1)
        yield Measured(f"branch:{branch}", most, len(pairs))


def _for_others(fact: Fact, event: EntryProposed) -> BranchId | None:
    return None if event.reported or fact.actor == event.person else event.branch


def _one_pair(material: Material) -> Iterator[Measured]:
    """Yield of each branch how many verified entries were entered and verified by the same two people."""
    for branch, of in _by_branch(material):
        (_, most), *_ = Counter(each.hands for each in of).most_common(1)
        yield Measured(f"branch:{branch}", most, len(of))


def _each_others(material: Material) -> Iterator[Measured]:
    """Yield of each branch how many entries were verified by one whose own entries their subject verified."""
    for branch, of in _by_branch(material):
        sides = {(each.entered[1].person, each.hands[1]) for each in of}
        mutual = [each for each in of if (each.hands[1], each.entered[1].person) in sides]
        yield Measured(f"branch:{branch}", len(mutual), len(of), positions(*(each.found for each in mutual)))


def _verified_at_once(material: Material) -> Iterator[Measured]:
    """Yield of each branch how many entries were verified within a minute of being entered."""
    for branch, of in _by_branch(material):
        at_once = [each for each in of if each.found[0].recorded_at - each.entered[0].recorded_at <= AT_ONCE]
        yield Measured(f"branch:{branch}", len(at_once), len(of), positions(*(each.found for each in at_once)))


def _by_branch(material: Material) -> Iterator[tuple[BranchId, list[Verified]]]:
    """Yield the verified entries of each branch, each with what was entered last before it was verified."""
    entered = _entered(material)
    found: dict[BranchId, list[Verified]] = {}
    for fact, event in material.of(EntryVerified):
        before = [pair for pair in entered.get(event.entry, ()) if pair[0].position < fact.position]
        found.setdefault(event.branch, []).append(Verified(before[-1], (fact, event)))
    yield from found.items()


def _entered(material: Material) -> dict[EntryId, list[tuple[Fact, Entered]]]:
    return grouped(sorted(_entries(material), key=lambda pair: pair[0].position), lambda _, event: event.entry)


def _entries(material: Material) -> Iterator[tuple[Fact, Entered]]:
    yield from material.of(EntryProposed)
    yield from material.of(EntryCorrected)


def _late(material: Material) -> Iterator[Measured]:
    """Yield of each branch how many facts with a day of their own were entered more than seven days after it (A5)."""
    dated = ((fact, fact.event) for facts in material.facts.values() for fact in facts if occurred_on(fact.event))
    for branch, pairs in grouped(dated, lambda _, event: material.branch_of(event)).items():
        late = [pair for pair in pairs if is_late(occurred_on(pair[1]), pair[0].recorded_at)]
        yield Measured(f"branch:{branch}", len(late), len(pairs), positions(*late))


def _after_meeting(material: Material) -> Iterator[Measured]:
    """Yield of each meeting how many entries of its month and before its day were entered only after its close."""
    months = grouped(
        newest(_entries(material), lambda event: event.entry).values(), lambda _, event: (event.branch, _month(event))
    )
    for fact, closed in material.of(MeetingClosed):
        convened = material.meetings.get(closed.meeting)
        if convened is None:
            continue
        pairs = [
            pair for pair in months.get((closed.branch, convened.judges), ()) if pair[1].occurred_on <= convened.on
        ]
        after = [pair for pair in pairs if pair[0].recorded_at > fact.recorded_at]
        yield Measured(f"meeting:{closed.meeting}", len(after), len(pairs), positions(*after))


def _month(event: Entered) -> str:
    return f"{event.occurred_on:%Y-%m}"


ONE_RECORDER = Check(
    code="one-recorder",
    title=Text("记实集中于一人", "one hand for the record"),
    says=Text(
        "代他人记录的{base}条记实中有{count}条出自同一人。", "Of {base} entries made for others {count} are by one."
    ),
    harmless=Text("办法要求指定专人记录的，本应如此。", "Where the scheme appoints one recorder it is meant to be so."),
    clause="B-26",
    measure=_one_recorder,
    from_share=Fraction(9, 10),
    least_base=20,
)
ONE_PAIR = Check(
    code="one-pair",
    title=Text("总由同样两人记录和核实", "always the same two record and verify"),
    says=Text(
        "核实过的{base}条记实中有{count}条由同样两人录入和核实。",
        "Of {base} verified entries {count} were entered and verified by the same two people.",
    ),
    harmless=Text(
        "人手少的支部只有一名记录员和一名核实人。", "A small branch has one who records and one who verifies."
    ),
    clause="B-8",
    measure=_one_pair,
    from_share=Fraction(9, 10),
    least_base=20,
)
EACH_OTHERS = Check(
    code="each-others-entries",
    title=Text("互相核实", "verifying each other's entries"),
    says=Text(
        "核实过的{base}条记实中有{count}条由这样的人核实：其本人的记实又由对方核实。",
        "Of {base} verified entries {count} were verified by somebody whose own entries their subject verified.",
    ),
    harmless=Text("记录员自己的记实总要由他人核实。", "Somebody else must verify what concerns the recorder himself."),
    clause="B-8",
    measure=_each_others,
)
VERIFIED_AT_ONCE = Check(
    code="verified-at-once",
    title=Text("录入后一分钟内即核实", "verified within a minute"),
    says=Text(
        "核实过的{base}条记实中有{count}条在录入后一分钟内即被核实。",
        "Of {base} verified entries {count} were verified within a minute of being entered.",
    ),
    harmless=Text("集中补录时可能逐条当场核对。", "Entries typed in together may be checked on the spot."),
    clause="B-8",
    measure=_verified_at_once,
    from_share=Fraction(1, 2),
    least_base=5,
)
LATE = Check(
    code="entered-late",
    title=Text("七天以后才录入", "entered more than seven days after"),
    says=Text(
        "写明发生日期的{base}条事实中有{count}条在七天以后才录入。",
        "Of {base} facts with a day of their own {count} were entered more than seven days after it.",
    ),
    harmless=Text("开账时补录以前的事实均属此类。", "Facts from before the ledger was opened are all of this kind."),
    clause="B-1",
    measure=_late,
)
AFTER_MEETING = Check(
    code="entered-after-meeting",
    title=Text("会后补录当月记实", "entries of the month made after its meeting"),
    says=Text(
        "会议当日及以前发生的{base}条当月记实中有{count}条在会议结束后才录入或改动。",
        "Of {base} entries of the month up to the meeting's day {count} were entered or changed only after its close.",
    ),
    harmless=Text("会上提出的更正在会后录入。", "Corrections agreed on in the meeting are entered after it."),
    clause="B-27",
    measure=_after_meeting,
)
CHECKS = (ONE_RECORDER, ONE_PAIR, EACH_OTHERS, VERIFIED_AT_ONCE, LATE, AFTER_MEETING)
