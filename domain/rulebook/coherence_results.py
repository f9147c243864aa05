"""What contradicts itself in what a scheme makes of totals: sums, gates, named stars, quotas, probation, years."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from domain.findings import Finding
from domain.rulebook.model import Cap, Rulebook
from domain.rulebook.periods import kind_of
from domain.rulebook.results import NamedStar
from domain.text import Text

_FIX = Text(zh="改正后再试。", en="Correct it and try again.")
_KNOWN = Text(zh="改为本办法中已有的名称。", en="Name one that this rulebook has.")
_WHOLE = Decimal(100)
_TWO = 2


def result_incoherences(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield what contradicts itself in the total, vetoes, gates, named stars, quotas, probation and consequences."""
    yield from _total(rulebook)
    yield from _kind(rulebook)
    yield from _doubled("gates", [gate.code for gate in rulebook.gates])
    yield from _doubled("named_stars", [star.code for star in rulebook.named_stars])
    yield from _gates(rulebook)
    for star in rulebook.named_stars:
        yield from _named_star(rulebook, star)
    for number, floor in enumerate(rulebook.floors):
        yield from _floor(rulebook, number, floor)
    yield from _percents("caps", rulebook.caps)
    yield from _percents("floors", rulebook.floors)
    yield from _probation(rulebook)
    yield from _consecutive(rulebook)
    yield from _shares(rulebook)


def _total(rulebook: Rulebook) -> Iterator[Finding]:
    total = rulebook.total
    if total.low is not None and total.high is not None and total.low > total.high:
        message = Text(
            zh=f"下限{total.low}大于上限{total.high}", en=f"the lower bound {total.low} is above {total.high}"
        )
        yield Finding("range-unfit", "total.range", message, _FIX)
    if total.how != "sum":
        return
    for code, component in rulebook.leaves().items():
        if component.missing == "renormalise" and component in rulebook.components:
            message = Text(zh="各项相加，缺项的权重无处可分", en="in a plain sum there is no weight to spread")
            remedy = Text(
                zh="missing写incomplete或carry_last_year。", en="Write missing = incomplete or carry_last_year."
            )
            yield Finding("missing-unfit", f"components.{code}.missing", message, remedy)


def _kind(rulebook: Rulebook) -> Iterator[Finding]:
    if rulebook.result == "pass" and len(rulebook.bands) != _TWO:
        message = Text(zh="合格与不合格须恰好两段", en="passed or not takes exactly two bands")
        yield Finding("bands-unfit", "bands", message, Text(zh="写两段。", en="Write two bands."))
    if rulebook.result != "named_stars":
        return
    if not rulebook.named_stars:
        message = Text(zh="没有任何命名的星", en="there is no named star")
        yield Finding("named-stars-missing", "named_stars", message, Text(zh="至少写一种。", en="Write at least one."))
    ranked = {
        "bands": rulebook.bands, "caps": rulebook.caps, "floors": rulebook.floors, "gates": rulebook.gates,
        "vetoes": [veto for veto in rulebook.vetoes.values() if veto.effect in {"zero", "lowest"}],
    }  # fmt: skip
    for name, listed in ranked.items():
        if listed:
            message = Text(zh="命名的星没有高低，不能再分段或限额", en="named stars have no order to rank or bound")
            remedy = Text(zh="删去，或改用kind = “level”。", en='Remove it, or write kind = "level".')
            yield Finding("result-unfit", name, message, remedy)


def _doubled(place: str, codes: Iterable[str]) -> Iterator[Finding]:
    for code, count in Counter(codes).items():
        if count > 1:
            message = Text(zh=f"“{code}”出现{count}次", en=f"“{code}” stands {count} times")
            yield Finding("code-doubled", place, message, Text(zh="只保留一个。", en="Keep one of them."))


def _gates(rulebook: Rulebook) -> Iterator[Finding]:
    stars = {band.star for band in rulebook.bands}
    for number, gate in enumerate(rulebook.gates):
        place = f"gates[{number}]"
        for name, star in (("for_star_at_least", gate.for_star_at_least), ("otherwise", gate.otherwise)):
            if star not in stars | {0}:
                message = Text(zh=f"没有{star}星的分数段", en=f"there is no band for {star} stars")
                yield Finding("star-unknown", f"{place}.{name}", message, _KNOWN)
        if gate.otherwise >= gate.for_star_at_least:
            message = Text(
                zh=f"未通过者得{gate.otherwise}，不低于{gate.for_star_at_least}",
                en=f"who does not pass holds {gate.otherwise}, which is not below {gate.for_star_at_least}",
            )
            yield Finding("gate-unfit", f"{place}.otherwise", message, _FIX)
    kinds: dict[str, set[bool]] = {}
    for gate in rulebook.gates:
        kinds.setdefault(gate.measure, set()).add(gate.at_least is None)
    for measure, both in kinds.items():
        if len(both) > 1:
            message = Text(zh=f"“{measure}”既是数字又是是否", en=f"“{measure}” is a number here and a yes or no there")
            yield Finding("gate-unfit", "gates", message, _FIX)


def _named_star(rulebook: Rulebook, star: NamedStar) -> Iterator[Finding]:
    place = f"named_stars.{star.code}.of"
    known: dict[str, Iterable[str]] = {
        "component": rulebook.nodes(),
        "group": [group.code for group in rulebook.groups],
        "item": rulebook.items,
    }
    if star.of not in known[star.measured]:
        message = Text(zh=f"没有“{star.of}”", en=f"there is no {star.measured} “{star.of}”")
        yield Finding("part-unknown", place, message, _KNOWN)
    if rulebook.annual is not None and star.measured != "component":
        message = Text(
            zh="年度由各期的结果合成，起点分和上下限每期另算，分组和条目没有全年的分数，只能按评价项目授星",
            en="a year is made of what its periods came to, each with starts and bounds of its own: a group or an item "
            "has no points of the year, so named stars go by component",
        )
        yield Finding("named-star-unfit", place, message, Text(zh="写component。", en="Name a component."))


def _floor(rulebook: Rulebook, number: int, floor: Cap) -> Iterator[Finding]:
    """Yield a quota that cannot be filled: its star unknown, or no way down to it from every star above."""
    order, stars = rulebook.overflow.order, sorted({band.star for band in rulebook.bands}, reverse=True)
    if floor.star not in stars:
        message = Text(zh=f"没有{floor.star}星的分数段", en=f"there is no band for {floor.star} stars")
        yield Finding("star-unknown", f"floors[{number}].star", message, _KNOWN)
        return
    needed = tuple(star for star in stars if star >= floor.star)
    if order[: len(needed)] != needed:
        message = Text(
            zh=f"低档名额要求逐级顺延至{floor.star}星，{list(order)}没有做到",
            en=f"a quota at {floor.star} stars needs everybody to fall star by star, which {list(order)} does not say",
        )
        remedy = Text(zh=f"写明order = {list(needed)}。", en=f"Write order = {list(needed)}.")
        yield Finding("overflow-unfit", "overflow.order", message, remedy)
    if any(cap.star <= floor.star for cap in rulebook.caps):
        message = Text(zh="同一档既有上限又有下限", en="a star has to be taken and is bounded as well")
        yield Finding("floor-unfit", f"floors[{number}].star", message, _FIX)


def _percents(place: str, caps: Sequence[Cap]) -> Iterator[Finding]:
    for number, cap in enumerate(caps):
        at = f"{place}[{number}]"
        percents = {"percent": cap.percent} if place == "floors" else {}
        percents |= {f"percent_by_period.{period}": percent for period, percent in cap.by_period.items()}
        for name, percent in percents.items():
            if not 0 <= percent <= _WHOLE:
                message = Text(zh=f"比例{percent}不在0至100之间", en=f"{percent} per cent is not between 0 and 100")
                yield Finding("percent-unfit", f"{at}.{name}", message, _FIX)
        for period in cap.by_period:
            if kind_of(period) is None:
                message = Text(zh=f"“{period}”不是周期", en=f"“{period}” is no period")
                remedy = Text(zh="如“2025”。", en='Write it such as "2025".')
                yield Finding("period-unfit", f"{at}.percent_by_period", message, remedy)


def _probation(rulebook: Rulebook) -> Iterator[Finding]:
    if rulebook.probation and "probationary" not in rulebook.scope.kinds:
        message = Text(
            zh="预备党员不参加测评，却有转正结果", en="outcomes of probation, but nobody on probation is evaluated"
        )
        remedy = Text(zh="在scope.kinds写probationary。", en="Write probationary among scope.kinds.")
        yield Finding("kind-unknown", "probation", message, remedy)


def _consecutive(rulebook: Rulebook) -> Iterator[Finding]:
    years = rulebook.period == "year" or rulebook.annual is not None
    for number, consequence in enumerate(rulebook.consequences):
        if consequence.consecutive > 1 and (not years or rulebook.result == "named_stars"):
            message = Text(zh="没有年度等次，无从连续多年", en="there is no level of a year to follow upon another")
            yield Finding("consecutive-unfit", f"consequences[{number}].consecutive", message, _FIX)


def _shares(rulebook: Rulebook) -> Iterator[Finding]:
    for code, component in rulebook.leaves().items():
        shares = component.shares
        place = f"components.{code}.ballots.voices"
        if shares and sum(each.share for each in shares) != _WHOLE:
            message = Text(zh="各评议组比例之和不是100%", en="the shares of the groups do not add up to 100 %")
            yield Finding("share-unfit", place, message, _FIX)
        if len({each.group for each in shares}) != len(shares) or any(each.share <= 0 for each in shares):
            message = Text(zh="评议组重复，或比例不大于0", en="a group stands twice, or a share is not above 0")
            yield Finding("share-unfit", place, message, _FIX)
        if shares and tuple(each.group for each in shares) != component.ballot_groups:
            message = Text(zh="groups与voices所列不同", en="`groups` and `voices` name different groups")
            yield Finding("share-unfit", place, message, Text(zh="删去groups。", en="Remove `groups`."))
