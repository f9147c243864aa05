"""The sentences behind the places of stars: how many there are, the contest for them, the quota at the low end."""

from dataclasses import replace

from domain.rulebook.model import Rulebook
from domain.scoring.caps import Places, Room
from domain.scoring.contest import Contest
from domain.scoring.numbers import written
from domain.scoring.step import Step, applied
from domain.text import Text

_CAP_READINGS = ("AMB-A4", "AMB-A5", "AMB-A6")


def contest_step(rulebook: Rulebook, contest: Contest, room: Room) -> Step:
    """Return the step of one contest for the places of a star."""
    alone, known = contest_alone(rulebook, contest, room), room.caps.get(contest.star)
    caps = () if known is None else (cap_step(rulebook, known),)
    floors = tuple(floor_step(rulebook, each) for low, each in room.floors.items() if low < contest.star)
    return replace(alone, children=(*caps, *floors))


def contest_alone(rulebook: Rulebook, contest: Contest, room: Room) -> Step:
    """Return the step of one contest without what it is made of."""
    tied = contest.decider or contest.result in {"tie_down", "open", "chosen", "not_chosen"}
    readings = ("AMB-A7", "AMB-A8") if tied else ("AMB-A7",)
    clause = bounding_clause(rulebook, contest.star, room)
    return Step(_contest_label(rulebook, contest), "", clause, applied(rulebook, *readings))


def bounding_clause(rulebook: Rulebook, star: int, room: Room) -> str:
    """Return the clause that limits `star`: its cap, a quota at the low end, or the rule about overflow."""
    if star in room.caps:
        return room.caps[star].cap.clause
    if any(cap.nested and cap.star <= star for cap in rulebook.caps):
        return rulebook.overflow.clause
    return next((each.cap.clause for low, each in room.floors.items() if low < star), rulebook.overflow.clause)


def cap_step(rulebook: Rulebook, known: Places) -> Step:
    """Return the step that counts the places of a star."""
    label, cap, counted = rulebook.label_of(known.cap.star), known.cap, _counted(known)
    said = Text(zh=f"{label.zh}名额：{counted.zh}", en=f"places of {label.en}: {counted.en}")
    return Step(said, str(known.count), cap.clause, applied(rulebook, *_CAP_READINGS))


def floor_step(rulebook: Rulebook, known: Places) -> Step:
    """Return the step that counts how many have to stand at the low end."""
    label, cap, counted = rulebook.label_of(known.cap.star), known.cap, _counted(known)
    said = Text(zh=f"{label.zh}及以下至少：{counted.zh}", en=f"{label.en} and below, at least: {counted.en}")
    return Step(said, str(known.count), cap.clause, applied(rulebook, "AMB-A5"))


def _counted(known: Places) -> Text:
    ways = {
        "floor": Text(zh="舍去小数", en="rounded down"),
        "half_up": Text(zh="四舍五入", en="rounded half up"),
        "ceil": Text(zh="进一", en="rounded up"),
        "min_1": Text(zh="舍去小数，至少1名", en="rounded down, at least 1"),
        "pooled": Text(zh="全党委合计，舍去小数", en="over the whole committee, rounded down"),
    }
    way, share = ways[known.cap.round], written(known.share)
    return Text(
        zh=f"{known.base}人 × {known.percent}% = {share}，{way.zh}：{known.count}",
        en=f"{known.base} members × {known.percent} % = {share}, {way.en}: {known.count}",
    )


def _contest_label(rulebook: Rulebook, contest: Contest) -> Text:
    star, rank, room, size = rulebook.label_of(contest.star), contest.rank, contest.room, contest.contenders
    head = Text(
        zh=f"{star.zh}有{room}个名额，达到者{size}人，排名第{rank}",
        en=f"{star.en}: {room} places, rank {rank} of {size} who reach it",
    )
    tail = _contest_result(rulebook, contest)
    return Text(zh=f"{head.zh}：{tail.zh}", en=f"{head.en}: {tail.en}")


def _contest_result(rulebook: Rulebook, contest: Contest) -> Text:
    by, lower = _decider(rulebook, contest.decider), _lower(rulebook)
    return {
        "within": Text(zh="名额足够", en="there are places enough"),
        "ranked_in": Text(zh=f"列入{by.zh}", en=f"in{by.en}"),
        "ranked_out": Text(
            zh=f"超出名额{by.zh}，分数不变，顺延至{lower.zh}",
            en=f"above the cap{by.en}; the score stays, {lower.en} is taken",
        ),
        "tie_down": Text(zh="同分者跨越名额线，全体顺延", en="tied across the last place; the whole group goes down"),
        "chosen": Text(zh="由集体决定列入", en="in, as a body decided"),
        "not_chosen": Text(
            zh=f"由集体决定不列入，顺延至{lower.zh}", en=f"not in, as a body decided; {lower.en} is taken"
        ),
        "open": Text(zh="待集体决定", en="a body has to decide"),
    }[contest.result]


def _lower(rulebook: Rulebook) -> Text:
    if rulebook.result == "level":
        return Text(zh="下一星级", en="the next lower star")
    return Text(zh="下一等次", en="the next lower grade")


def _decider(rulebook: Rulebook, place: int) -> Text:
    if not place:
        return Text(zh="", en="")
    title = rulebook.nodes()[rulebook.ties.chain[place - 1]].title
    return Text(zh=f"（总分相同，以{title.zh}分先后）", en=f" (equal totals, decided by {title.en})")
