"""Sentences about the register: the ledger itself, offices, branches, people and where they belong."""

from typing import assert_never

from domain.anchoring import AnchoringEvent, AnchorRecorded, KeyAnnounced, KeyRetired
from domain.appointments import Appointed, AppointmentEvent, LedgerOpened, RelationDeclared, Relieved
from domain.archiving import SealedExported
from domain.keeping import ClockAccepted, KeepingEvent, SealedErased
from domain.membership import (
    GroupAssigned,
    MemberJoined,
    MemberLeft,
    MemberMadeFormal,
    MembershipEvent,
    MemberTransferred,
)
from domain.organisation import (
    UNIT_KINDS,
    BranchFounded,
    GroupFormed,
    OrganisationEvent,
    PersonRegistered,
    PersonRenamed,
    UnitKindEntered,
)
from domain.private_reading import SealedRead, SealedReadingRefused
from domain.readers import ReaderNamed, ReaderWithdrawn
from domain.roster_import import RosterImported
from domain.separation import SeparationEvent, SeparationRelaxed, SeparationRestored
from domain.text import Text
from projections.sentences.anchoring import tell_anchoring
from projections.sentences.privacy import PrivacyEvent, tell_privacy
from projections.sentences.telling import Telling, counted, optional, role_words

OfficeEvent = AppointmentEvent | SeparationEvent
RegisterEvent = (
    OfficeEvent | OrganisationEvent | MembershipEvent | RosterImported | KeepingEvent | PrivacyEvent | AnchoringEvent
)

KINDS = {
    "formal": Text("正式党员", "a formal member"),
    "probationary": Text("预备党员", "a probationary member"),
    "staff": Text("职工", "staff"),
}
_CAUSES = {
    "transferred_out": Text("转出", "transferred out"),
    "died": Text("去世", "died"),
    "expelled": Text("开除党籍", "expelled"),
    "withdrew": Text("退党", "withdrew"),
    "removed": Text("除名", "removed"),
}
_RELATIONS = {
    "spouse": Text("配偶", "spouses"),
    "parent_child": Text("父母子女", "parent and child"),
    "sibling": Text("兄弟姐妹", "siblings"),
    "close_relative": Text("近亲属", "close relatives"),
    "helper": Text("帮扶关系", "helper and helped"),
    "other": Text("其他密切关系", "close in another way"),
}


def tell_register(event: RegisterEvent, telling: Telling) -> Text:
    """Return the sentence of a fact about the register."""
    match event:
        case (
            LedgerOpened() | Appointed() | Relieved() | RelationDeclared() | SeparationRelaxed() | SeparationRestored()
        ):
            return _tell_office(event, telling)
        case (
            BranchFounded()
            | UnitKindEntered()
            | GroupFormed()
            | PersonRegistered()
            | PersonRenamed()
            | RosterImported()
        ):
            return _tell_organisation(event, telling)
        case MemberJoined() | MemberMadeFormal() | MemberTransferred() | MemberLeft() | GroupAssigned():
            return _tell_membership(event, telling)
        case ReaderNamed() | ReaderWithdrawn() | SealedRead() | SealedReadingRefused() | SealedExported():
            return tell_privacy(event, telling)
        case SealedErased() | ClockAccepted() | KeyAnnounced() | KeyRetired() | AnchorRecorded():
            return _tell_keeping(event)
        case _:
            assert_never(event)


def _tell_keeping(event: KeepingEvent | AnchoringEvent) -> Text:
    match event:
        case SealedErased(erased=erased, ordered_by=body, ground=ground):
            fields = counted(len(erased), "sealed field", "sealed fields")
            return Text(
                f"依{body}的决定（{ground}），删除了{len(erased)}处封存内容；记录本身保留。",
                f"By order of {body} ({ground}) the words of {fields} were erased; the facts stay.",
            )
        case ClockAccepted(why=why):
            return Text(f"核对并认可了系统时钟：{why}。", f"The machine's clock was checked and accepted: {why}.")
        case KeyAnnounced() | KeyRetired() | AnchorRecorded():
            return tell_anchoring(event)
        case _:
            assert_never(event)


def _tell_office(event: OfficeEvent, telling: Telling) -> Text:
    match event:
        case LedgerOpened(committee=committee):
            keeper, operator = telling.person(event.registrar), telling.person(event.operator)
            clock = optional(event.simulated_clock, "；本账本使用模拟时钟，仅供演示", "; it runs on a simulated clock")
            return Text(
                f"{committee}的账本开立，{keeper}任登记员，{operator}任系统管理员{clock.zh}。",
                f"The ledger of {committee} is opened; {keeper} keeps the register, {operator} operates it{clock.en}.",
            )
        case Appointed(person=person, since=since):
            by = telling.second(event.seconded_by)
            role, where = role_words(event.role), telling.where(event.branch)
            until = optional(event.until, f"至{event.until}", f" until {event.until}")
            return Text(
                f"{telling.person(person)}自{since}起{until.zh}任{where.zh}{role.zh}（{event.decided_by}决定{by.zh}）。",
                f"{telling.person(person)} is {role.en} of {where.en} from {since}{until.en}, "
                f"as {event.decided_by} decided{by.en}.",
            )
        case Relieved(person=person, on=on):
            by = telling.second(event.seconded_by)
            role, where = role_words(event.role), telling.where(event.branch)
            return Text(
                f"{telling.person(person)}自{on}起不再任{where.zh}{role.zh}（{event.decided_by}决定{by.zh}）。",
                f"{telling.person(person)} is no longer {role.en} of {where.en} from {on}, "
                f"as {event.decided_by} decided{by.en}.",
            )
        case RelationDeclared(person=person, other=other, relation=relation):
            one, two, kind = telling.person(person), telling.person(other), _RELATIONS[relation]
            return Text(
                f"申报：{one}与{two}为{kind.zh}，相互回避。",
                f"{one} and {two} are declared close ({kind.en}); neither acts in the other's case.",
            )
        case SeparationRelaxed(decided_by=body, reason=reason):
            return Text(
                f"登记小支部模式：系统管理员、登记员、监督员可以兼任，一人即可办理（{body}决定，理由：{reason}）。",
                f"Small-branch mode is declared: operator, registrar and auditor may be one person, and no second one "
                f"is needed, as {body} decided; reason: {reason}.",
            )
        case SeparationRestored(decided_by=body, reason=reason):
            return Text(
                f"取消小支部模式（{body}决定，理由：{reason}）。",
                f"Small-branch mode is taken back, as {body} decided; reason: {reason}.",
            )
        case _:
            assert_never(event)


def _tell_organisation(event: OrganisationEvent | RosterImported, telling: Telling) -> Text:
    match event:
        case BranchFounded(title=title, on=on):
            return Text(f"{title}自{on}起设立。", f"The branch {title} exists from {on}.")
        case UnitKindEntered(kind=kind):
            where, unit = telling.where(event.branch), UNIT_KINDS[kind]
            return Text(f"{where.zh}的单位类型为{unit.zh}。", f"The unit of {where.en} is {unit.en}.")
        case GroupFormed(title=title, on=on):
            where = telling.where(event.branch)
            return Text(f"{where.zh}自{on}起设{title}。", f"The Party group {title} of {where.en} exists from {on}.")
        case PersonRegistered(person=person, full_name=name):
            said = telling.sealed(name)
            return Text(f"登记人员{person}，姓名{said.zh}。", f"{person} is entered in the register, named {said.en}.")
        case PersonRenamed(person=person, full_name=name):
            said = telling.sealed(name)
            return Text(f"人员{person}更名为{said.zh}。", f"{person} bears the new name {said.en}.")
        case RosterImported(new=new, unchanged=unchanged):
            where = telling.where(event.branch)
            return Text(
                f"导入{where.zh}名册：新登记{new}人，未变{unchanged}人。",
                f"A roster of {where.en} was imported: {counted(new, 'person', 'people')} new, {unchanged} unchanged.",
            )
        case _:
            assert_never(event)


def _tell_membership(event: MembershipEvent, telling: Telling) -> Text:
    who = telling.person(event.person)
    match event:
        case MemberJoined(on=on):
            where, kind = telling.where(event.branch), KINDS[event.kind]
            group = "" if event.group is None else telling.names.group(event.group)
            into = optional(group, f"（{group}）", f", in {group}")
            return Text(
                f"{who}自{on}起编入{where.zh}{into.zh}，为{kind.zh}。",
                f"{who} belongs to {where.en} from {on}{into.en}, as {kind.en}.",
            )
        case MemberMadeFormal(on=on):
            return Text(f"{who}自{on}起转为正式党员。", f"{who} is a formal member from {on}.")
        case MemberTransferred(on=on):
            old, new = telling.where(event.from_branch), telling.where(event.to_branch)
            return Text(
                f"{who}自{on}起由{old.zh}转入{new.zh}，附证明材料。",
                f"{who} moves from {old.en} to {new.en} from {on}, with a certified extract.",
            )
        case MemberLeft(on=on):
            where, cause = telling.where(event.branch), _CAUSES[event.cause]
            reason = telling.after("原因", "reason", event.reason)
            return Text(
                f"{who}自{on}起不再属于{where.zh}：{cause.zh}{reason.zh}。",
                f"{who} no longer belongs to {where.en} from {on}: {cause.en}{reason.en}.",
            )
        case GroupAssigned(on=on):
            group = telling.names.group(event.group)
            return Text(f"{who}自{on}起编入{group}。", f"{who} belongs to {group} from {on}.")
        case _:
            assert_never(event)
