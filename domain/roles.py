"""The offices that people hold, and which of them may do what."""

from typing import Final

REGISTRAR: Final = "registrar"
"""登记员: keeps the organisation's register; the first one is named when the ledger is opened."""
SECRETARY: Final = "secretary"
"""支部书记 / 党委书记."""
DEPUTY_SECRETARY: Final = "deputy_secretary"
"""副书记."""
COMMITTEE_MEMBER: Final = "committee_member"
"""支部委员 / 党委委员."""
GROUP_LEADER: Final = "group_leader"
"""党小组长."""
RECORDER: Final = "recorder"
"""记录员: the person appointed to record (seed B: 指定专人)."""
LEADING_GROUP_HEAD: Final = "leading_group_head"
"""考核工作领导小组组长 (B-49: the secretary, and the deputy as his)."""
LEADING_GROUP_MEMBER: Final = "leading_group_member"
"""考核工作领导小组成员."""
DISCIPLINE: Final = "discipline_commissioner"
"""纪检委员: receives and inquires into objections."""
ADMINISTRATIVE_LEADER: Final = "administrative_leader"
"""行政领导: leads the work, comments on the staff (seed B); a branch has its own, or the committee has one."""
AUDITOR: Final = "auditor"
"""审计 / 监督员: reads everything he is entitled to, writes nothing."""
OPERATOR: Final = "operator"
"""系统管理员: runs the installation, sees no business data."""

ALL: Final = (
    REGISTRAR,
    SECRETARY,
    DEPUTY_SECRETARY,
    COMMITTEE_MEMBER,
    GROUP_LEADER,
    RECORDER,
    LEADING_GROUP_HEAD,
    LEADING_GROUP_MEMBER,
    DISCIPLINE,
    ADMINISTRATIVE_LEADER,
    AUDITOR,
    OPERATOR,
)
SECRETARIES: Final = (SECRETARY, DEPUTY_SECRETARY)
BRANCH_OFFICERS: Final = (SECRETARY, DEPUTY_SECRETARY, COMMITTEE_MEMBER)
RECORDERS: Final = (SECRETARY, DEPUTY_SECRETARY, RECORDER)
LEADING_GROUP: Final = (LEADING_GROUP_HEAD, LEADING_GROUP_MEMBER)
OBJECTION_OFFICERS: Final = (DISCIPLINE, SECRETARY, DEPUTY_SECRETARY)
REGISTER_KEEPERS: Final = (REGISTRAR, SECRETARY, DEPUTY_SECRETARY)
ADMINISTRATORS: Final = (OPERATOR, REGISTRAR, AUDITOR)
"""三员: who runs the system, who enters grants, who audits. Nobody holds two of them (but see `domain.separation`)."""
TWO_PROOFS: Final = (SECRETARY, DEPUTY_SECRETARY, LEADING_GROUP_HEAD, REGISTRAR, AUDITOR, OPERATOR)
"""Who holds one of these signs in with a one-time code beside the password."""
EN_ZH: Final = {
    REGISTRAR: "登记员",
    SECRETARY: "书记",
    DEPUTY_SECRETARY: "副书记",
    COMMITTEE_MEMBER: "委员",
    GROUP_LEADER: "党小组长",
    RECORDER: "记录员",
    LEADING_GROUP_HEAD: "领导小组组长",
    LEADING_GROUP_MEMBER: "领导小组成员",
    DISCIPLINE: "纪检委员",
    ADMINISTRATIVE_LEADER: "行政领导",
    AUDITOR: "监督员",
    OPERATOR: "系统管理员",
}


def office_called(words: str) -> tuple[str, ...]:
    """Return the office that a rulebook's words name, by its code or in Chinese; none where they name another body."""
    return tuple(role for role, title in EN_ZH.items() if words in (role, title))
