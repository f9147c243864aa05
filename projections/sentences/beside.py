"""Sentences about what decides beside the score: vetoes declared and counted, and the conditions of gates."""

from decimal import Decimal
from typing import assert_never

from domain.measured import MeasureCorrected, MeasureEntered, MeasureEvent
from domain.text import Text
from domain.veto_rulings import VetoRuledOn
from domain.vetoes import VetoCounted, VetoDeclared, VetoEvent, VetoLifted
from projections.sentences.telling import GROUNDS, Telling, optional, points

BesideEvent = MeasureEvent | VetoEvent | VetoRuledOn


def tell_beside(event: BesideEvent, telling: Telling) -> Text:
    """Return the sentence of a fact about a veto or a condition beside the score."""
    match event:
        case VetoDeclared() | VetoLifted() | VetoRuledOn():
            return _tell_veto(event, telling)
        case MeasureEntered(person=person, measure=measure, source=source):
            who, value = telling.person(person), _value(event.value, event.met)
            return Text(
                f"登记{who}的条件“{measure}”：{value.zh}（{source}）。",
                f"'{measure}' of {who} is {value.en}, from {source}.",
            )
        case MeasureCorrected(person=person, measure=measure):
            who, value, ground = telling.person(person), _value(event.value, event.met), GROUNDS[event.ground]
            earlier = optional(event.corrects, f"，取代第{event.corrects}条", f", in place of fact {event.corrects}")
            why = telling.after("原因", "reason", event.reason)
            return Text(
                f"{ground.zh}，{who}的条件“{measure}”更正为{value.zh}{earlier.zh}{why.zh}。",
                f"'{measure}' of {who} is corrected to {value.en}, because {ground.en}{earlier.en}{why.en}.",
            )
        case _:
            assert_never(event)


def tell_counted(event: VetoCounted, telling: Telling) -> Text:
    """Return the sentence of a veto that counts in a round from a tally on, or no longer."""
    who = telling.person(event.person)
    said = Text("计入本次评定", "counts in this round") if event.counts else Text("不再计入", "counts no longer")
    return Text(
        f"对{who}的一票否决{event.veto}（{event.code}，{event.year}年，见第{event.source}条）{said.zh}。",
        f"The veto {event.veto} against {who} ('{event.code}' of {event.year}, fact {event.source}) {said.en}.",
    )


def _tell_veto(event: VetoDeclared | VetoLifted | VetoRuledOn, telling: Telling) -> Text:
    who = telling.person(event.person)
    match event:
        case VetoDeclared(code=code, occurred_on=on, decided_by=body):
            why = telling.sealed(event.reason)
            return Text(
                f"依{event.clause}，{body}认定{who}{on}的事项属一票否决“{code}”（{event.veto}），事由{why.zh}。",
                f"Under {event.clause} {body} declared the veto '{code}' ({event.veto}) against {who} for what "
                f"occurred on {on}; reason {why.en}.",
            )
        case VetoLifted(decided_by=body):
            why = telling.sealed(event.reason)
            return Text(
                f"{body}撤回对{who}的一票否决{event.veto}，原因{why.zh}。",
                f"{body} lifted the veto {event.veto} against {who}; reason {why.en}.",
            )
        case VetoRuledOn(body=body):
            touched = telling.people(event.touched)
            whom = optional(event.touched, f"；结果变动：{touched.zh}", f"; results changed: {touched.en}")
            return Text(
                f"{body}就名单提出后的一票否决{event.veto}（{who}）作出裁定{whom.zh}。",
                f"{body} ruled on the veto {event.veto} of {who}, which came after the list{whom.en}.",
            )
        case _:
            assert_never(event)


def _value(value: Decimal | None, met: bool | None) -> Text:  # noqa: FBT001 - what a fact says
    if value is not None:
        return Text(points(value), points(value))
    return Text("是", "met") if met else Text("否", "not met")
