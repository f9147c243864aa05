"""Laws of the cascade, against an oracle that tries every answer a body could give."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from domain.rulebook import Rulebook
from domain.scoring import Outcome
from domain.sheet import Candidate

Person = Callable[..., Candidate]
Scored = Callable[..., Outcome]
Reread = Callable[..., Rulebook]

# Few different totals and two values of work (with self-evaluation making up for it), so that ties are common.
lines = st.tuples(st.sampled_from([70, 82, 90, 92, 96, 98]), st.booleans())
branches = st.lists(lines, max_size=7)
rosters = st.integers(7, 60)
readings = st.fixed_dictionaries(
    {
        "overflow": st.sampled_from(["cascade", "branch_vote", "leave_vacant"]),
        "ties_left": st.sampled_from(["decision", "group_down", "group_up"]),
        "cap_nesting": st.sampled_from(["separate", "nested"]),
    }
)

Line = tuple[int, bool]


def candidates(person: Person, drawn: Sequence[Line]) -> list[Candidate]:
    return [
        person(f"P{number}", flat, **({"work": str(flat + 0.25), "self": str(flat - 1.75)} if more else {}))
        for number, (flat, more) in enumerate(drawn)
    ]


def possible(drawn: Sequence[Line], room: dict[int, int], rules: dict[str, str]) -> Iterator[dict[int, int]]:
    """Yield every outcome that some answers of the deciding body lead to, person by star."""
    by_score = {number: 1 + sum(flat >= low for low in (75, 80, 88, 95)) for number, (flat, _) in enumerate(drawn)}
    yield from falling(drawn, by_score, 5, room, rules)


def falling(
    drawn: Sequence[Line], held: dict[int, int], star: int, room: dict[int, int], rules: dict[str, str]
) -> Iterator[dict[int, int]]:
    if star == 3:
        yield held
        return
    higher = sum(1 for each in held.values() if each > star)
    places = room[star] - (higher if star == 4 and rules["cap_nesting"] == "nested" else 0)
    if star == 5 and rules["cap_nesting"] == "nested":
        places = min(places, room[4])
    pool = [number for number, each in held.items() if each == star]
    for winners in choices(drawn, pool, max(places, 0), rules):
        after = {n: star - 1 if n in pool and n not in winners else each for n, each in held.items()}
        yield from falling(drawn, after, star - 1, room, rules)


def choices(drawn: Sequence[Line], pool: list[int], places: int, rules: dict[str, str]) -> Iterator[set[int]]:
    if len(pool) <= places:
        yield set(pool)
    elif places and rules["overflow"] != "cascade":
        fewest = 0 if rules["overflow"] == "leave_vacant" else places
        for size in range(fewest, places + 1):
            yield from map(set, combinations(pool, size))
    else:
        sure = {n for n in pool if sum(drawn[other] >= drawn[n] for other in pool) <= places}
        tied = [n for n in pool if n not in sure and sum(drawn[other] > drawn[n] for other in pool) < places]
        left = {"group_down": [0], "group_up": [0, len(tied)]}.get(rules["ties_left"], [places - len(sure)])
        for size in left:
            for chosen in combinations(tied, size):
                yield sure | set(chosen)


@given(branches, rosters, readings)
def test_a_star_is_said_exactly_where_every_answer_leads_to_it(
    reread: Reread, person: Person, scored: Scored, drawn: list[Line], roster: int, rules: dict[str, str]
) -> None:
    outcome = scored(reread(**rules), candidates(person, drawn), roster_size=roster)
    worlds = list(possible(drawn, {5: roster * 5 // 100, 4: roster * 30 // 100}, rules))
    for number, result in enumerate(outcome.people):
        ends = {world[number] for world in worlds}
        assert result.star == (ends.pop() if len(ends) == 1 else None)
        assert (result.star is None) <= bool(outcome.decisions_needed)


@given(branches, rosters, readings, st.randoms(use_true_random=False))
def test_the_order_of_people_never_matters(
    reread: Reread,
    person: Person,
    scored: Scored,
    drawn: list[Line],
    roster: int,
    rules: dict[str, str],
    random: object,
) -> None:
    rulebook, people = reread(**rules), candidates(person, drawn)
    mixed = list(people)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    before, after = scored(rulebook, people, roster_size=roster), scored(rulebook, mixed, roster_size=roster)
    assert {each.person: each.star for each in before.people} == {each.person: each.star for each in after.people}
    assert {each.person: each.reasons for each in before.people} == {each.person: each.reasons for each in after.people}
    questions = [
        [(each.star, each.places, sorted(each.people)) for each in outcome.decisions_needed]
        for outcome in (before, after)
    ]
    assert questions[0] == questions[1]


@given(branches, rosters, readings)
def test_a_cap_is_never_exceeded_unless_a_committee_approves(
    reread: Reread, person: Person, scored: Scored, drawn: list[Line], roster: int, rules: dict[str, str]
) -> None:
    outcome = scored(reread(**rules), candidates(person, drawn), roster_size=roster)
    for cap in outcome.caps:
        asked = sum(needed.places for needed in outcome.decisions_needed if needed.star == cap.star)
        assert cap.used + asked <= cap.cap
        higher = cap.star + (1 if rules["cap_nesting"] == "nested" else 0)
        held = [each.star for each in outcome.people if each.star and cap.star <= each.star <= max(higher, cap.star)]
        assert cap.used == len(held)


@given(branches, rosters)
def test_nobody_is_placed_above_a_better_ranked_person(
    annual: Rulebook, person: Person, scored: Scored, drawn: list[Line], roster: int
) -> None:
    outcome = scored(annual, candidates(person, drawn), roster_size=roster)
    settled = [(drawn[number], each.star) for number, each in enumerate(outcome.people) if each.star is not None]
    for mine, star in settled:
        assert all(star >= other for theirs, other in settled if mine >= theirs)


def test_the_oracle_itself_leaves_a_plain_tie_open() -> None:
    rules = {"overflow": "cascade", "ties_left": "decision", "cap_nesting": "separate"}
    worlds = list(possible([(96, False), (96, False)], {5: 1, 4: 6}, rules))
    assert worlds == [{0: 5, 1: 4}, {0: 4, 1: 5}]
