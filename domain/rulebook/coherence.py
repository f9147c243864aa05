"""What makes a rulebook impossible to compute with: parts that contradict or miss one another."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from domain.findings import Finding
from domain.rulebook.coherence_bands import uncovered
from domain.rulebook.coherence_conduct import conduct_incoherences
from domain.rulebook.coherence_items import item_incoherences
from domain.rulebook.coherence_results import result_incoherences
from domain.rulebook.model import Cap, Component, Rulebook
from domain.text import Text

_WHOLE = Decimal(100)


def incoherences(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield what contradicts itself in the document: doubled codes and stars, references to what is not there."""
    yield from _doubled(
        "component-doubled", "components", [node.code for c in rulebook.components for node in c.nodes()]
    )
    yield from _doubled("star-doubled", "bands", [band.star for band in rulebook.bands])
    yield from _doubled("star-doubled", "annual.bands", [band.star for band in rulebook.year_bands])
    yield from _doubled("star-doubled", "caps", [cap.star for cap in rulebook.caps])
    yield from _doubled("star-doubled", "floors", [floor.star for floor in rulebook.floors])
    yield from _unknown_references(rulebook)
    yield from _bands_apart(rulebook)
    for component in rulebook.components:
        yield from _component_faults(component)
    for number, cap in enumerate(rulebook.caps):
        yield from _cap_faults(rulebook, number, cap)
    yield from item_incoherences(rulebook)
    yield from conduct_incoherences(rulebook)
    yield from result_incoherences(rulebook)


def faults(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield what leaves a score or a star undefined: weights that are not 100 %, bands with gaps or overlaps."""
    if rulebook.total.how == "weighted":
        yield from _weights("components", rulebook.components)
    for component in rulebook.components if rulebook.total.how == "sum" else ():
        if component.parts:
            yield from _weights(f"components.{component.code}.parts", component.parts)
    yield from uncovered(rulebook)


def _doubled(code: str, place: str, names: list[str] | list[int]) -> Iterator[Finding]:
    for name, count in Counter(names).items():
        if count > 1:
            message = Text(zh=f"“{name}”出现{count}次", en=f"“{name}” stands {count} times")
            yield Finding(code, place, message, Text(zh="只保留一个。", en="Keep one of them."))


def _unknown_references(rulebook: Rulebook) -> Iterator[Finding]:
    remedy = Text(zh="改为本办法中已有的名称。", en="Name one that this rulebook has.")
    nodes = rulebook.nodes()
    for number, code in enumerate(rulebook.ties.chain):
        if code not in nodes:
            message = Text(zh=f"没有评价项目“{code}”", en=f"there is no component “{code}”")
            yield Finding("component-unknown", f"ties.chain[{number}]", message, remedy)
    stars = {band.star for band in rulebook.bands}
    for place, star in [
        *((f"overflow.order[{number}]", star) for number, star in enumerate(rulebook.overflow.order)),
        *((f"caps[{number}].star", cap.star) for number, cap in enumerate(rulebook.caps)),
    ]:
        if star not in stars:
            message = Text(zh=f"没有{star}星的分数段", en=f"there is no band for {star} stars")
            yield Finding("star-unknown", place, message, remedy)


def _bands_apart(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield an unrated band that carries a star, a rated band without one, and a scheme without any band."""
    if not rulebook.bands and rulebook.result != "named_stars":
        message = Text(zh="没有任何分数段", en="there is no band")
        yield Finding("bands-missing", "bands", message, Text(zh="至少写一个分数段。", en="Write at least one band."))
    for number, band in enumerate(rulebook.bands):
        if band.unrated != (band.star == 0):
            message = Text(
                zh="不评定星级的分数段应为0星，其他应为1星以上", en="an unrated band has star 0, any other at least 1"
            )
            remedy = Text(zh="改正star或unrated。", en="Correct `star` or `unrated`.")
            yield Finding("band-star-unfit", f"bands[{number}].star", message, remedy)


def _component_faults(component: Component) -> Iterator[Finding]:
    place = f"components.{component.code}"
    if not 0 < component.weight <= _WHOLE:
        message = Text(
            zh=f"权重{component.weight}不在0至100之间", en=f"the weight {component.weight} is not between 0 and 100"
        )
        yield Finding("weight-unfit", f"{place}.weight", message, Text(zh="改正权重。", en="Correct the weight."))
    if component.mean == "grades" and component.grades is None and not component.parts:
        message = Text(zh="按等次计分但没有等次分值", en="grades are to be turned into points, but no points are given")
        yield Finding("grades-missing", f"{place}.grades", message, Text(zh="补上grades。", en="Give `grades`."))
    for part in component.parts:
        yield from _component_faults(part)


def _cap_faults(rulebook: Rulebook, number: int, cap: Cap) -> Iterator[Finding]:
    if not 0 <= cap.percent <= _WHOLE:
        message = Text(zh=f"比例{cap.percent}不在0至100之间", en=f"{cap.percent} per cent is not between 0 and 100")
        yield Finding("percent-unfit", f"caps[{number}].percent", message, Text(zh="改正比例。", en="Correct it."))
    order = rulebook.overflow.order
    capped = {each.star for each in rulebook.caps}
    stars = sorted({band.star for band in rulebook.bands}, reverse=True)
    unbroken = tuple(star for star in stars if order and order[0] >= star >= order[-1])
    if cap.star not in order or order != unbroken or order[-1] in capped:
        message = Text(
            zh=f"{cap.star}星有名额限制，但{list(order)}没有逐级止于无名额限制的星级",
            en=f"{cap.star} stars are capped, but {list(order)} does not lead star by star to one without a cap",
        )
        remedy = Text(zh="写明如order = [5, 4, 3]。", en="Write, for example, order = [5, 4, 3].")
        yield Finding("overflow-unfit", "overflow.order", message, remedy)


def _weights(place: str, components: tuple[Component, ...]) -> Iterator[Finding]:
    total = sum((component.weight for component in components), Decimal(0))
    if total != _WHOLE:
        message = Text(zh=f"权重合计{total}%，不是100%", en=f"the weights add up to {total} %, not 100 %")
        yield Finding("weights-not-100", place, message, Text(zh="调整权重。", en="Adjust the weights."))
    for component in components:
        if component.parts:
            yield from _weights(f"{place}.{component.code}.parts", component.parts)
