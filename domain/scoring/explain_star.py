"""The sentences behind a star: the band of the total, the contest for places, and what a body has to decide."""

from dataclasses import replace

from domain.rulebook.model import Band, Rulebook
from domain.scoring.caps import Room
from domain.scoring.contest import Placing, Question
from domain.scoring.explain_beside import after_steps, compared_number, gate_steps, named_steps, veto_steps, zero_step
from domain.scoring.explain_caps import bounding_clause, contest_alone, contest_step
from domain.scoring.explain_total import incomplete_step, shortfall, total_step, year_notes, year_shortfalls
from domain.scoring.named import named_stars
from domain.scoring.standing import Standing
from domain.scoring.step import Step, applied
from domain.scoring.total import Tally
from domain.scoring.year import Year
from domain.text import Text

_WORDS = {
    "level": Text(zh="星级", en="star"),
    "grade": Text(zh="等次", en="grade"),
    "pass": Text(zh="结果", en="result"),
    "named_stars": Text(zh="星级", en="stars"),
}


def star_step(rulebook: Rulebook, standing: Standing, placing: Placing, room: Room) -> Step:
    """Return the whole explanation of a person's star, from the star down to the given values."""
    if standing.exact is None:
        missing = incomplete_step(rulebook, standing)
        return missing if standing.status == "incomplete" else _unrated_step(rulebook, standing, veto_steps(standing))
    counted = total_step(rulebook, standing) if standing.band is None else band_step(rulebook, standing)
    after = (*named_steps(rulebook, standing), *after_steps(rulebook, standing, placing.star))
    below = (*gate_steps(rulebook, standing), *veto_steps(standing), counted)
    if standing.status == "incomplete":
        return _gate_open_step(standing, below)
    if standing.status == "not_rated":
        return _unrated_step(rulebook, standing, (*after, *below))
    if standing.star is None:
        return _without_level(rulebook, standing, (*after, *below))
    contests = tuple(contest_step(rulebook, contest, room) for contest in placing.contests)
    star = placing.star
    if star is None:
        return _open_step(rulebook, placing, (*contests, *after, *below))
    label, word = rulebook.label_of(star), _WORDS[rulebook.result]
    said = Text(zh=f"核定{word.zh}：{label.zh}", en=f"{word.en} awarded: {label.en}")
    clause = _star_clause(rulebook, standing, placing, room)
    return Step(said, str(star), clause, (), (), (*contests, *after, *below))


def _gate_open_step(standing: Standing, below: tuple[Step, ...]) -> Step:
    """Return the step of a result that waits for the conditions of gates."""
    gates = () if standing.beside is None else standing.beside.open_gates
    names = Text(zh="、".join(each.gate.title.zh for each in gates), en=", ".join(each.gate.title.en for each in gates))
    label = Text(
        zh=f"缺少{names.zh}的数据：结果不完整，不按未通过计",
        en=f"{names.en} not known: the result is incomplete, not failed",
    )
    return Step(label, "", gates[0].gate.clause if gates else "", (), (), below)


def _without_level(rulebook: Rulebook, standing: Standing, below: tuple[Step, ...]) -> Step:
    """Return the step of a result that is a set of named stars, which may be empty."""
    held = [each.star for each in named_stars(rulebook, standing) if each.reached]
    names = Text(
        zh="、".join(star.title.zh for star in held) or "无", en=", ".join(star.title.en for star in held) or "none"
    )
    label = Text(zh=f"获得的星：{names.zh}", en=f"stars held: {names.en}")
    clause = held[0].clause if held else rulebook.unrated_clause
    return Step(label, " ".join(star.code for star in held), clause, (), (), below)


def _star_clause(rulebook: Rulebook, standing: Standing, placing: Placing, room: Room) -> str:
    """Return the clause that decided: the bound exceeded last, a veto or a gate, or the band of the score."""
    missed = [each.star for each in placing.contests if each.star != placing.star]
    bounded = [star for star in missed if star in room.caps or room.floors]
    if bounded:
        return bounding_clause(rulebook, bounded[-1], room)
    if standing.band is not None and standing.star != standing.band.star:
        return _beside_clause(standing)
    return rulebook.unrated_clause if standing.band is None else standing.band.clause


def _beside_clause(standing: Standing) -> str:
    """Return the clause by which a star is another than the score's: the gate that let nobody through, or the veto."""
    failed = [] if standing.beside is None else [each.gate for each in standing.beside.gates if each.state == "failed"]
    lowest = [gate.clause for gate in failed if gate.otherwise == standing.star]
    vetoes = [] if standing.beside is None else [each.veto.clause for each in standing.beside.vetoes]
    return next(iter([*lowest, *vetoes]), "")


def _open_step(rulebook: Rulebook, placing: Placing, below: tuple[Step, ...]) -> Step:
    label = rulebook.label_of(placing.open_at or 0)
    said = Text(
        zh=f"星级待定：先由集体决定{label.zh}的名额", en=f"star open: a body first decides the places of {label.en}"
    )
    clause = rulebook.ties.clause if rulebook.overflow.mode == "cascade" else rulebook.overflow.clause
    return Step(said, "", clause, applied(rulebook, "AMB-A7", "AMB-A8"), (), below)


def band_step(rulebook: Rulebook, standing: Standing) -> Step:
    """Return the step from the total to the star that the score alone gives."""
    if standing.by_score is not None:
        by_score = total_step(rulebook, standing.by_score)
        return replace(_band_alone(rulebook, standing), children=(zero_step(standing, (by_score,)),))
    return replace(_band_alone(rulebook, standing), children=(total_step(rulebook, standing),))


def _band_alone(rulebook: Rulebook, standing: Standing) -> Step:
    band = standing.band
    if band is None:
        raise LookupError(standing.candidate.person)
    bounds, number = band_bounds(band), compared_number(standing)
    published = rulebook.rounding.compare == "published"
    label = Text(
        zh=f"{'公布的' if published else '未舍入的'}总分{number}{bounds.zh}：按分数为{band.label.zh}",
        en=f"the {'published' if published else 'unrounded'} total {number} is {bounds.en}: by score {band.label.en}",
    )
    edge = band.edge if standing.compared is not None and standing.compared == band.low else ""
    named = "AMB-A1" if band.clause == "AMB-A1" else edge
    return Step(label, str(band.star), band.clause, applied(rulebook, named, "AMB-A3", "AMB-B2"))


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
    if standing.why_unrated in {"veto", "gate"}:
        return _beside_clause(standing) or rulebook.unrated_clause, ()
    return rulebook.scope.newcomers_clause, applied(rulebook, "AMB-A15")


def reason_steps(rulebook: Rulebook, standing: Standing, placing: Placing, room: Room) -> tuple[Step, ...]:
    """Return the steps that a short list of reasons names: what is missing, the band, each contest, what is unusual."""
    band = () if standing.band is None else (_band_alone(rulebook, standing),)
    beside = (*veto_steps(standing), *gate_steps(rulebook, standing))
    unusual = (*_unusual_steps(rulebook, standing), *after_steps(rulebook, standing, placing.star))
    if standing.status == "incomplete":
        return (
            (*band, *beside, *unusual)
            if standing.exact is not None
            else unusual or (incomplete_step(rulebook, standing),)
        )
    if standing.why_unrated == "veto" and standing.exact is None:
        return (_unrated_step(rulebook, standing, ()), *beside)
    if standing.status == "not_rated":
        return (_unrated_step(rulebook, standing, ()), *band, *beside, *unusual)
    named = named_steps(rulebook, standing)
    contests = tuple(contest_alone(rulebook, contest, room) for contest in placing.contests)
    decided = placing.star is not None or standing.star is None
    still_open = () if decided else (_open_step(rulebook, placing, ()),)
    return (*band, *named, *beside, *contests, *still_open, *unusual)


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
