"""The sentences behind a star: the band of the total, the contest for places, and what a body has to decide."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from domain.rulebook.model import Band, Rulebook
from domain.scoring.caps import Places
from domain.scoring.contest import Contest, Placing, Question
from domain.scoring.explain_total import incomplete_step, shortfall, total_step, year_notes, year_shortfalls
from domain.scoring.numbers import written
from domain.scoring.standing import Standing
from domain.scoring.step import Step, applied
from domain.scoring.total import Tally
from domain.scoring.year import Year
from domain.text import Text

_CAP_READINGS = ("AMB-A4", "AMB-A5", "AMB-A6")


def star_step(rulebook: Rulebook, standing: Standing, placing: Placing, places: Mapping[int, Places]) -> Step:
    """Return the whole explanation of a person's star, from the star down to the given values."""
    if standing.status == "incomplete":
        return incomplete_step(rulebook, standing)
    below: tuple[Step, ...] = () if standing.exact is None else (band_step(rulebook, standing),)
    if standing.status == "not_rated":
        return _unrated_step(rulebook, standing, below)
    contests = tuple(contest_step(rulebook, contest, places) for contest in placing.contests)
    star = placing.star
    if star is None:
        return _open_step(rulebook, placing, (*contests, *below))
    label = rulebook.label_of(star)
    said = Text(zh=f"核定星级：{label.zh}", en=f"star awarded: {label.en}")
    return Step(said, str(star), _star_clause(rulebook, standing, placing, places), (), (), (*contests, *below))


def _star_clause(rulebook: Rulebook, standing: Standing, placing: Placing, places: Mapping[int, Places]) -> str:
    """Return the clause that decided: the cap that a person exceeded last, or the band of the score."""
    missed = [contest for contest in placing.contests if contest.star != placing.star and contest.star in places]
    if missed:
        return places[missed[-1].star].cap.clause
    return rulebook.unrated_clause if standing.band is None else standing.band.clause


def _open_step(rulebook: Rulebook, placing: Placing, below: tuple[Step, ...]) -> Step:
    label = rulebook.label_of(placing.open_at or 0)
    said = Text(
        zh=f"星级待定：先由集体决定{label.zh}的名额", en=f"star open: a body first decides the places of {label.en}"
    )
    clause = rulebook.ties.clause if rulebook.overflow.mode == "cascade" else rulebook.overflow.clause
    return Step(said, "", clause, applied(rulebook, "AMB-A7", "AMB-A8"), (), below)


def band_step(rulebook: Rulebook, standing: Standing) -> Step:
    """Return the step from the total to the star that the score alone gives."""
    return replace(_band_alone(rulebook, standing), children=(total_step(rulebook, standing),))


def _band_alone(rulebook: Rulebook, standing: Standing) -> Step:
    band = standing.band
    if band is None:
        raise LookupError(standing.candidate.person)
    bounds, number = band_bounds(band), _compared(standing)
    published = rulebook.rounding.compare == "published"
    label = Text(
        zh=f"{'公布的' if published else '未舍入的'}总分{number}{bounds.zh}：按分数为{band.label.zh}",
        en=f"the {'published' if published else 'unrounded'} total {number} is {bounds.en}: by score {band.label.en}",
    )
    edge = band.edge if standing.compared is not None and standing.compared == band.low else ""
    named = "AMB-A1" if band.clause == "AMB-A1" else edge
    return Step(label, str(band.star), band.clause, applied(rulebook, named, "AMB-A3", "AMB-B2"))


def _compared(standing: Standing) -> str:
    if standing.total is not None and standing.compared == Fraction(standing.total):
        return str(standing.total)
    return "" if standing.compared is None else written(standing.compared)


def band_bounds(band: Band) -> Text:
    """Return the bounds of `band` in words, such as "≥ 88 and < 95"."""
    said = []
    if band.low is not None:
        said.append(f"{'≥' if band.low_inclusive else '>'} {band.low}")
    if band.high is not None:
        said.append(f"{'≤' if band.high_inclusive else '<'} {band.high}")
    return Text(zh="且".join(bound.replace(" ", "") for bound in said), en=" and ".join(said) or "any number")


def _unrated_step(rulebook: Rulebook, standing: Standing, below: tuple[Step, ...]) -> Step:
    return Step(unrated_label(rulebook, standing), "0", *_unrated_clause(rulebook, standing), (), below)


def unrated_label(rulebook: Rulebook, standing: Standing) -> Text:
    """Return why a person is evaluated without a star."""
    if standing.why_unrated == "exempt":
        return Text(zh="免评：不评定星级", en="exempt from evaluation: no star")
    if standing.why_unrated == "newcomer":
        least = rulebook.scope.minimum_months
        return Text(
            zh=f"{standing.candidate.joined}加入，至周期结束满{standing.months}个月，不足{least}个月：只测评、不评定星级",
            en=f"joined on {standing.candidate.joined}, {standing.months} whole months before the end of the period, "
            f"fewer than {least}: evaluated without a star",
        )
    return Text(zh=rulebook.unrated_label.zh, en=rulebook.unrated_label.en)


def _unrated_clause(rulebook: Rulebook, standing: Standing) -> tuple[str, tuple[str, ...]]:
    if standing.why_unrated == "band" and standing.band is not None:
        return standing.band.clause, ()
    if standing.why_unrated == "exempt":
        return rulebook.unrated_clause, applied(rulebook, "AMB-A5")
    return rulebook.scope.newcomers_clause, applied(rulebook, "AMB-A15")


def contest_step(rulebook: Rulebook, contest: Contest, places: Mapping[int, Places]) -> Step:
    """Return the step of one contest for the places of a star."""
    alone, known = _contest_alone(rulebook, contest, places), places.get(contest.star)
    return alone if known is None else replace(alone, children=(cap_step(rulebook, known),))


def _contest_alone(rulebook: Rulebook, contest: Contest, places: Mapping[int, Places]) -> Step:
    tied = contest.decider or contest.result in {"tie_down", "open", "chosen", "not_chosen"}
    readings = ("AMB-A7", "AMB-A8") if tied else ("AMB-A7",)
    clause = _cap_clause(rulebook, contest.star, places)
    return Step(_contest_label(rulebook, contest), "", clause, applied(rulebook, *readings))


def _cap_clause(rulebook: Rulebook, star: int, places: Mapping[int, Places]) -> str:
    """Return the clause that limits `star`: its cap, or the rule about overflow where a nested cap below limits it."""
    return places[star].cap.clause if star in places else rulebook.overflow.clause


def cap_step(rulebook: Rulebook, known: Places) -> Step:
    """Return the step that counts the places of a star."""
    label, cap = rulebook.label_of(known.cap.star), known.cap
    ways = {
        "floor": Text(zh="舍去小数", en="rounded down"),
        "half_up": Text(zh="四舍五入", en="rounded half up"),
        "ceil": Text(zh="进一", en="rounded up"),
        "min_1": Text(zh="舍去小数，至少1名", en="rounded down, at least 1"),
        "pooled": Text(zh="全党委合计，舍去小数", en="over the whole committee, rounded down"),
    }
    way = ways[cap.round]
    sum_zh, sum_en = f"{known.base}人 × {cap.percent}%", f"{known.base} members × {cap.percent} %"
    said = Text(
        zh=f"{label.zh}名额：{sum_zh} = {written(known.share)}，{way.zh}：{known.count}",
        en=f"places of {label.en}: {sum_en} = {written(known.share)}, {way.en}: {known.count}",
    )
    return Step(said, str(known.count), cap.clause, applied(rulebook, *_CAP_READINGS))


def _contest_label(rulebook: Rulebook, contest: Contest) -> Text:
    star, rank, room, size = rulebook.label_of(contest.star), contest.rank, contest.room, contest.contenders
    head = Text(
        zh=f"{star.zh}有{room}个名额，达到者{size}人，排名第{rank}",
        en=f"{star.en}: {room} places, rank {rank} of {size} who reach it",
    )
    tail = _contest_result(rulebook, contest)
    return Text(zh=f"{head.zh}：{tail.zh}", en=f"{head.en}: {tail.en}")


def _contest_result(rulebook: Rulebook, contest: Contest) -> Text:
    by = _decider(rulebook, contest.decider)
    return {
        "within": Text(zh="名额足够", en="there are places enough"),
        "ranked_in": Text(zh=f"列入{by.zh}", en=f"in{by.en}"),
        "ranked_out": Text(
            zh=f"超出名额{by.zh}，分数不变，顺延至下一星级",
            en=f"above the cap{by.en}; the score stays, the next lower star is taken",
        ),
        "tie_down": Text(zh="同分者跨越名额线，全体顺延", en="tied across the last place; the whole group goes down"),
        "chosen": Text(zh="由集体决定列入", en="in, as a body decided"),
        "not_chosen": Text(
            zh="由集体决定不列入，顺延至下一星级", en="not in, as a body decided; the next lower star is taken"
        ),
        "open": Text(zh="待集体决定", en="a body has to decide"),
    }[contest.result]


def _decider(rulebook: Rulebook, place: int) -> Text:
    if not place:
        return Text(zh="", en="")
    title = rulebook.nodes()[rulebook.ties.chain[place - 1]].title
    return Text(zh=f"（总分相同，以{title.zh}分先后）", en=f" (equal totals, decided by {title.en})")


def reason_steps(
    rulebook: Rulebook, standing: Standing, placing: Placing, places: Mapping[int, Places]
) -> tuple[Step, ...]:
    """Return the steps that a short list of reasons names: what is missing, the band, each contest, what is unusual."""
    unusual = _unusual_steps(rulebook, standing)
    if standing.status == "incomplete":
        return unusual or (incomplete_step(rulebook, standing),)
    band = () if standing.band is None else (_band_alone(rulebook, standing),)
    if standing.status == "not_rated":
        return (_unrated_step(rulebook, standing, ()), *band, *unusual)
    contests = tuple(_contest_alone(rulebook, contest, places) for contest in placing.contests)
    still_open = () if placing.star is not None else (_open_step(rulebook, placing, ()),)
    return (*band, *contests, *still_open, *unusual)


def _unusual_steps(rulebook: Rulebook, standing: Standing) -> tuple[Step, ...]:
    leaves = tuple(each for tally in standing.tallies for each in tally.leaves() if _is_unusual(each))
    year = standing.year
    if year is None:
        return tuple(_unusual(each) for each in leaves)
    of_year = year_shortfalls(rulebook, year) if year.mean is None else year_notes(rulebook, year)
    return (*(_unusual(each) for each in leaves if not each.months or _stood_in(each, year)), *of_year)


def _stood_in(each: Tally, year: Year) -> bool:
    return each.stands_in and year.mean is not None


def _is_unusual(each: Tally) -> bool:
    return each.state != "valued" or each.carried or each.stands_in


def _unusual(each: Tally) -> Step:
    title = each.component.title
    if each.state == "absent":
        return Step(
            Text(zh=f"没有{title.zh}，由同组其他项目承担权重", en=f"no {title.en}; the others carry its weight"),
            "",
            "AMB-A11",
        )
    if each.stands_in:
        stands = Text(
            zh=f"没有进行年度{title.zh}，以各月的平均代替",
            en=f"{title.en} was not held for the year; the months stand in for it",
        )
        return Step(stands, "", each.component.clause)
    if each.carried:
        return Step(Text(zh=f"{title.zh}沿用上一年度", en=f"{title.en} is carried over from last year"), "", "AMB-A13")
    return Step(shortfall(each), "", (each.component.ballots_clause or "AMB-A14") if each.insufficient else "AMB-A13")


def question_text(rulebook: Rulebook, question: Question) -> Text:
    """Return what a body is asked to decide, with the names and the number of places."""
    star, many = rulebook.label_of(question.star), len(question.people)
    names = Text(zh="、".join(question.people), en=", ".join(question.people))
    if question.kind == "tie_approval":
        return Text(
            zh=f"{star.zh}剩{question.places}个名额，{names.zh}完全同分：请党委决定是否全体列入，否则全体顺延",
            en=f"{question.places} places of {star.en} are left and {names.en} are equal in everything: "
            "the committee decides whether all go in, else all go down",
        )
    ways = {
        "tie": Text(
            zh="完全同分：请记录机构集体决定由谁列入，当事人回避",
            en="equal in everything: the recording body decides who takes them, those concerned withdrawing",
        ),
        "branch_vote": Text(zh="均达到分数：由支部表决", en="reach the score: the branch votes who takes them"),
        "committee": Text(zh="均达到分数：由党委决定", en="reach the score: the committee decides who takes them"),
        "vacant": Text(
            zh="均达到分数：名额空缺，由集体决定是否授予",
            en="reach the score: the places stay vacant until a body fills them, wholly or in part",
        ),
    }
    way = ways[question.kind]
    return Text(
        zh=f"{star.zh}有{question.places}个名额，{names.zh}共{many}人{way.zh}",
        en=f"{question.places} places of {star.en}, {many} people ({names.en}) {way.en}",
    )
