"""What contradicts itself in how a scheme is carried out: a year of months that cannot be, steps and months unknown."""

from collections.abc import Iterator
from decimal import Decimal

from domain.findings import Finding
from domain.rulebook.conduct import Annual
from domain.rulebook.model import Rulebook
from domain.rulebook.periods import MONTHS_IN
from domain.text import Text

_FIX = Text(zh="改正后再试。", en="Correct it and try again.")
_WHOLE = Decimal(100)
_MONTHS = 12
_ASPECTS = {"attitude", "duties", "tasks"}


def conduct_incoherences(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield what contradicts itself in months and years, ballot groups, stages and sessions."""
    yield from _annual(rulebook)
    yield from _ballot_groups(rulebook)
    stages = {stage.code for stage in rulebook.conduct.stages}
    for number, step in enumerate(rulebook.procedure):
        if step.stage and step.stage not in stages:
            message = Text(zh=f"没有环节“{step.stage}”", en=f"there is no stage “{step.stage}”")
            yield Finding("stage-unknown", f"procedure[{number}].stage", message, _FIX)
    yield from _forms(rulebook)
    yield from _staff(rulebook)
    for session in rulebook.conduct.sessions:
        if not session.months or not all(1 <= month <= _MONTHS for month in session.months):
            message = Text(zh="月份应为1至12", en="the months are not 1 to 12")
            yield Finding("months-unfit", f"sessions.{session.code}.months", message, _FIX)


def _forms(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield a part of a form that there is no place for."""
    forms = rulebook.conduct.forms
    for name, (written, known) in {
        "report_heads": (forms.report_heads, ("duties", "commitments", "style")),
        "staff_report_heads": (forms.staff_report_heads, ("duties",)),
        "comment_parts": (forms.comment_parts, ("shortcomings", "causes", "demands")),
        "staff_aspects": (forms.staff_aspects, ("attitude", "duties", "tasks")),
        "talk_kinds": (forms.talk_kinds, ("reminder", "admonition")),
    }.items():
        for unknown in [each.code for each in written if each.code not in known]:
            message = Text(zh=f"表单没有“{unknown}”一项", en=f"the form has no place for “{unknown}”")
            listed = " · ".join(known)
            yield Finding(
                "form-part-unknown", f"forms.{name}", message, Text(f"可用：{listed}。", f"There are {listed}.")
            )


def _staff(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield what a ballot on the staff lacks: its three aspects, or grades to give (B-35)."""
    appraisal, codes = rulebook.conduct.staff_appraisal, rulebook.nodes()
    if "staff" in codes:
        message = Text(zh="“staff”专指党外干部职工的评定", en="“staff” stands for the appraisal of the staff")
        yield Finding("component-unfit", "components.staff", message, _FIX)
    if appraisal is None or appraisal.by == "open":
        return
    if {each.code for each in rulebook.conduct.forms.staff_aspects} != _ASPECTS:
        message = Text(zh="投票评定党外干部职工须列三个方面", en="a ballot on the staff needs its three aspects")
        remedy = Text(zh="在forms.staff_aspects写全。", en="Give them in forms.staff_aspects.")
        yield Finding("staff-aspects-missing", "staff_appraisal.by", message, remedy)
    if not any(component.takes_ballots for component in codes.values()):
        message = Text(zh="没有以等次投票的评价项目", en="no component is voted on with grades")
        remedy = Text(zh="为某一项目写明grades。", en="Give the grades of a component.")
        yield Finding("grades-missing", "staff_appraisal.by", message, remedy)


def _annual(rulebook: Rulebook) -> Iterator[Finding]:
    annual = rulebook.annual
    if annual is None:
        return
    codes = {component.code for component in rulebook.components}
    if rulebook.period == "year" or any(component.parts for component in rulebook.components):
        message = Text(
            zh="只有按月、季度或半年评定且各项不再分项的办法才能合成年度结果",
            en="only a scheme of months, quarters or half-years whose components have no parts makes a year of them",
        )
        yield Finding("annual-unfit", "annual", message, _FIX)
    yield from _summed(rulebook, annual)
    weighted = rulebook.total.how == "weighted"
    if weighted and (set(annual.weights) != codes or sum(annual.weights.values()) != _WHOLE):
        message = Text(
            zh="年度权重应覆盖各评价项目，合计100%", en="the weights of the year name every component and add up to 100"
        )
        yield Finding("weights-not-100", "annual.weights", message, _FIX)
    for code in annual.once:
        if code not in codes:
            message = Text(zh=f"没有评价项目“{code}”", en=f"there is no component “{code}”")
            yield Finding("component-unknown", "annual.once", message, _FIX)
    most = _MONTHS // MONTHS_IN[rulebook.period]
    if annual.minimum_months > most:
        message = Text(zh=f"一年只有{most}期", en=f"a year has {most} such periods")
        yield Finding("months-unfit", "annual.minimum_months", message, _FIX)


def _summed(rulebook: Rulebook, annual: Annual) -> Iterator[Finding]:
    """Yield what does not go together where the year is a sum: weights, bands of single periods, an open `carry`."""
    if rulebook.total.how == "sum" and annual.weights:
        message = Text(zh="总分为各项之和，不写权重", en="the total is a sum: components have no weight")
        yield Finding("weight-unfit", "annual.weights", message, Text(zh="删去weights。", en="Remove the weights."))
    if annual.how == "sum" and rulebook.bands and not rulebook.year_bands and not annual.carry:
        message = Text(
            zh="各期相加的年度总分没有自己的分数段", en="the year is a sum of periods, but has no bands of its own"
        )
        remedy = Text(zh="写[[annual.bands]]。", en="Write [[annual.bands]].")
        yield Finding("annual-bands-missing", "annual.bands", message, remedy)
    if annual.carry and (annual.how != "sum" or rulebook.year_bands):
        message = Text(
            zh="逐期累计须how = “sum”，且各期与年度用同一分数段",
            en='a running sum takes how = "sum" and the same bands for every period and the year',
        )
        yield Finding("annual-unfit", "annual.carry", message, _FIX)


def _ballot_groups(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield a share for a group of its own that leaves the members nothing, or the other group nothing."""
    for code, component in rulebook.leaves().items():
        shared = component.representatives == "own_share" and len(component.ballot_groups) > 1
        if shared and not 0 < component.share < _WHOLE:
            message = Text(
                zh="单独评议组的比例应在0至100之间", en="the share of a group of its own is not between 0 and 100"
            )
            remedy = Text(zh="在ballots中写明share。", en="Give `share` among the ballots.")
            yield Finding("share-unfit", f"components.{code}.ballots.share", message, remedy)
