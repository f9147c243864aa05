"""Controls for what decides beside the score: vetoes, conditions of gates, and one example of every event of theirs.

The story goes on with the other branch under a scheme of gates to which vetoes and grounds of exemption were added.
"""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from domain.adoption import AdoptRulebook
from domain.decision import Command, Event
from domain.ids import BranchId, Document, Evidence, PersonId, RoundId, RulebookId, VetoId
from domain.measured import MeasureCorrected, MeasureEntered
from domain.measures import CorrectMeasure, EnterMeasure
from domain.proposing import ProposeList
from domain.rounds import OpenRound
from domain.scores import RecordScore
from domain.sealed import Sealed
from domain.tally import Tally, TieDecided
from domain.veto_rulings import RuleOnVeto, VetoRuledOn
from domain.vetoes import DeclareVeto, LiftVeto, VetoCounted, VetoDeclared, VetoLifted

Part = tuple[PersonId, date, tuple[Command, ...]]

BESIDE, BESIDE_ROUND = RulebookId("shuangfeng-county"), RoundId("workshop-2.gates")
VETO, LIFTED_VETO = VetoId("veto-1"), VetoId("veto-2")
VETOES = """
[[exemptions]]
code = "seconded"
title = { zh = "长期借调", en = "seconded for long" }
decided_by = "members_meeting"
clause = "1"

[[exemptions]]
code = "sick"
title = { zh = "长期病假", en = "long illness" }
clause = "1"

[[vetoes]]
code = "accident"
title = { zh = "责任事故", en = "an accident one answers for" }
effect = "no_award"
years = 2
declared_by = "安全部门"
clause = "4"

[[vetoes]]
code = "case"
title = { zh = "受党纪处分", en = "a disciplinary penalty" }
effect = "lowest"
declared_by = "纪检委员"
clause = "4"

[rounding]
"""
BESIDE_RULES = (
    (Path(__file__).parent / "domain/schemes/gates-and-probation.toml")
    .read_bytes()
    .replace(b"\n[rounding]\n", VETOES.encode(), 1)
)
BESIDE_DOCUMENT = Document(sha256(BESIDE_RULES).hexdigest())
_BRANCH, _CHAIR, _INSPECTOR = BranchId("workshop-2"), PersonId("committee-secretary"), PersonId("committee-discipline")
_ZHANG, _LI, _CHEN, _QIAN = PersonId("zhang"), PersonId("li"), PersonId("chen"), PersonId("qian")
_PAPER = Evidence(sha256(b"a paper").hexdigest())


def _score(component: str, points: str) -> RecordScore:
    return RecordScore(round=BESIDE_ROUND, person=_QIAN, component=component, points=Decimal(points))


def _measure(measure: str, value: str | None = None, *, met: bool | None = None) -> EnterMeasure:
    number = None if value is None else Decimal(value)
    return EnterMeasure(
        round=BESIDE_ROUND, person=_QIAN, measure=measure, value=number, met=met, source="考勤系统", evidence=_PAPER
    )


def _veto(veto: VetoId, code: str, month: int) -> DeclareVeto:
    return DeclareVeto(
        veto=veto,
        branch=_BRANCH,
        person=_QIAN,
        rulebook=BESIDE,
        code=code,
        occurred_on=date(2025, month, 12),
        decided_by="安全生产委员会",
        reason=Sealed("未按规程停机"),
        evidence=(_PAPER,),
    )


DECLARE, DECLARE_CASE = _veto(LIFTED_VETO, "accident", 5), _veto(VETO, "case", 10)
RULE = RuleOnVeto(round=BESIDE_ROUND, veto=VETO, body="考核工作领导小组")
LIFT = LiftVeto(veto=LIFTED_VETO, branch=_BRANCH, decided_by="安全生产委员会", reason=Sealed("复查不属实"))
ENTER = _measure("attendance", "90")
CORRECT = CorrectMeasure(
    round=BESIDE_ROUND, person=_QIAN, measure="attendance", value=Decimal("90.5"), reason=Sealed("漏计一次到会")
)

BESIDE_PARTS: tuple[Part, ...] = (
    (
        _CHAIR,
        date(2027, 3, 1),
        (
            AdoptRulebook(
                rulebook=BESIDE,
                document=BESIDE_DOCUMENT,
                meeting="党委会 2027 年第 2 次会议",
                adopted_on=date(2027, 3, 1),
                effective_from=date(2025, 1, 1),
            ),
        ),
    ),
    (_LI, date(2027, 3, 2), (DECLARE,)),
    (
        _ZHANG,
        date(2027, 3, 2),
        (
            OpenRound(round=BESIDE_ROUND, branch=_BRANCH, period="2025", rulebook=BESIDE),
            _score("tasks", "95"),
            _score("appraisal", "80"),
            _measure("tasks_done", "100"),
            _measure("tasks_exceeded", "30"),
            ENTER,
            _measure("clean", met=True),
            CORRECT,
            Tally(round=BESIDE_ROUND),
        ),
    ),
    (_CHEN, date(2027, 3, 3), (ProposeList(round=BESIDE_ROUND, body="考核工作领导小组"),)),
    (_INSPECTOR, date(2027, 3, 4), (DECLARE_CASE,)),
    (_CHEN, date(2027, 3, 5), (RULE,)),
    (
        _LI,
        date(2027, 3, 5),
        (LIFT,),
    ),
)

BESIDE_EVENTS: tuple[Event, ...] = (
    TieDecided(
        round=BESIDE_ROUND,
        star=4,
        winners=(_QIAN,),
        among=(_QIAN, _LI),
        body="考核工作领导小组",
        reason=Sealed("实绩突出"),
        label="优秀",
        label_en="excellent",
    ),
    VetoDeclared(
        veto=VETO,
        branch=_BRANCH,
        person=_QIAN,
        rulebook=BESIDE,
        version=1,
        clause="4",
        code="case",
        occurred_on=date(2025, 10, 12),
        decided_by="厂纪委",
        reason=Sealed("警告处分"),
        evidence=(_PAPER,),
    ),
    VetoLifted(veto=VETO, branch=_BRANCH, person=_QIAN, decided_by="厂纪委", reason=Sealed("处分撤销")),
    VetoCounted(round=BESIDE_ROUND, person=_QIAN, veto=VETO, code="case", year="2025", source=310, counts=True),
    VetoRuledOn(round=BESIDE_ROUND, veto=VETO, person=_QIAN, body="考核工作领导小组", touched=(_QIAN,)),
    MeasureEntered(
        round=BESIDE_ROUND,
        person=_QIAN,
        measure="attendance",
        value=Decimal("90.5"),
        met=None,
        source="考勤系统",
        evidence=_PAPER,
    ),
    MeasureCorrected(
        round=BESIDE_ROUND,
        person=_QIAN,
        measure="clean",
        value=None,
        met=False,
        corrects=312,
        ground="correction",
        reason=Sealed("漏登处分"),
        objection=None,
        correction=None,
    ),
)
