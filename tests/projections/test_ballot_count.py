"""Ballots as counts: what went out and came back, what each group gave, and what is withheld."""

from datetime import date

from domain.ballots import NamedMark, OpenlyAppraised
from domain.decision import Fact
from ledger.engine import open_database
from projections.ballot_count import BALLOT_COUNT, BallotCount, Marked, ballot_counts, open_appraisals
from projections.columns import SCHEMA
from projections.dump import dump
from projections.engine import Reading
from projections.progress import create_tables
from projections.rows import Rows
from tests.controls import BRANCH, LI, MEMBERS, ROUND, SUN, WU, ZHANG, noon
from tests.projections.month_ledger import BEST, BOX, DISTURBED, EVERYBODY, MARCH, WITHHELD_MONTH, LivedMonths


def box(reading: Reading, key: str) -> BallotCount:
    """Return the count of a box."""
    return ballot_counts(reading, box=key)[0]


def test_a_box_tells_what_went_out_and_came_back(months_read: Reading) -> None:
    found = box(months_read, BOX)
    assert (found.state, found.issued, found.returned, found.valid, found.void, found.paper) == (
        "closed",
        13,
        13,
        13,
        0,
        1,
    )
    assert [(each.group, each.voices, each.issued, each.returned) for each in found.groups] == [
        ("members", 8, 8, 8),
        ("representatives", 5, 5, 5),
    ]
    assert (found.round, found.component, found.tellers) == (MARCH, "appraisal", ())


def test_counts_stand_by_person_and_group(months_read: Reading) -> None:
    found = box(months_read, BOX)
    assert len(found.people) == 2 * len(EVERYBODY)
    for one in found.people:
        given = {each.mark: each.voices for each in one.counts}
        assert sum(given.values()) == one.valid == (7 if one.group == "members" else 5)
        assert max(given, key=lambda mark: given[mark]) == ("优秀" if one.person in BEST else "合格")


def test_a_withheld_count_is_shown_as_such_and_holds_no_number(months_read: Reading) -> None:
    found = box(months_read, f"box-{WITHHELD_MONTH}")
    hidden = [one for one in found.people if one.person == WU]
    assert [(one.withheld, one.counts, one.valid, one.abstained, one.void) for one in hidden] == [
        (True, (), None, None, None)
    ] * 2
    assert not any(one.withheld for one in found.people if one.person != WU)


def test_no_count_below_the_least_that_may_be_shown(months_read: Reading) -> None:
    for found in ballot_counts(months_read):
        assert all(one.withheld or (one.valid or 0) >= found.shown_from for one in found.people)


def test_a_void_box_counts_nothing(months_read: Reading) -> None:
    found = box(months_read, DISTURBED)
    assert (found.state, found.cause, found.why, found.people) == ("void", "declared", "票箱受潮", ())
    assert (found.issued, found.returned, found.valid) == (1, 1, None)


def test_while_a_box_is_open_it_tells_sheets_and_nothing_else(lived: LivedMonths) -> None:
    follower = lived.year.follower()
    with follower.as_of(lived.marks["one vote"]) as reading:
        found = box(reading, BOX)
        assert (found.state, found.issued, found.returned, found.valid, found.people) == ("open", 7, 1, None, ())
    with follower.as_of(lived.marks["closing"]) as reading:
        found = box(reading, BOX)
        assert (found.state, found.issued, found.returned, found.people) == ("open", 13, 8, ())


def test_nothing_in_the_view_joins_a_voter_to_what_was_voted(lived: LivedMonths, months_read: Reading) -> None:
    rows = dump(months_read.connection, lived.year.ledger.ledger_id, [BALLOT_COUNT]).splitlines()
    sheets = [row for row in rows if row.startswith("ballot_box_sheets")]
    assert {person for person in MEMBERS if any(f"person='{person}'" in row for row in sheets)} == set(MEMBERS)
    assert not any(word in row for row in sheets for word in ("position", "at=", "number"))


def test_boxes_of_a_round_come_in_order(months_read: Reading) -> None:
    assert [each.box for each in ballot_counts(months_read, round_id=MARCH)] == [DISTURBED, BOX]
    assert ballot_counts(months_read, round_id="another") == []


def test_seed_a_s_box_of_points_is_counted_alike(reading: Reading) -> None:
    lost, found = ballot_counts(reading, round_id=ROUND)
    assert lost.state == "void"
    assert found.people[0].counts == (Marked("80", 2), Marked("90", 3))
    assert (found.issued, found.returned, found.people[0].abstained) == (7, 6, 1)


def test_an_open_appraisal_is_told_by_group_without_its_raters() -> None:
    raters = ((LI, "优秀"), (ZHANG, "合格"), (WU, "优秀"))
    marks = tuple(NamedMark(rater=rater, group="members", grade=grade) for rater, grade in raters)
    openly = OpenlyAppraised(
        round=MARCH, branch=BRANCH, component="appraisal", meeting=None, person=SUN, marks=marks, shown_from=5
    )
    engine = open_database("sqlite://", SCHEMA)
    with engine.begin() as connection:
        create_tables(connection, BALLOT_COUNT)
        rows = Rows(connection, "main")
        BALLOT_COUNT.apply(rows, Fact(1, noon(date(2025, 4, 25)), ZHANG, None, openly))
        rows.flush()
        found = open_appraisals(Reading(connection, "main", 1), MARCH)
        held = dump(connection, "main", [BALLOT_COUNT])
    engine.dispose()
    assert [(one.person, set(one.counts), one.valid, one.openly) for one in found] == [
        (SUN, {Marked("优秀", 2), Marked("合格", 1)}, 3, True)
    ]
    assert not any(f"'{rater}'" in held for rater, _ in raters)
