"""What kinds of activity of a member are recorded, each with the clause of seed A that names it.

A-2: every kind belongs to one of two domains, the member's job or Party work. A-49: three kinds are key.
"""

from dataclasses import dataclass
from typing import Literal

from domain.text import Text

Domain = Literal["job", "party_work"]


@dataclass(frozen=True, slots=True)
class ActivityKind:
    """A kind of activity: its names, its domain, the clause that names it, and whether that clause calls it key."""

    code: str
    title: Text
    domain: Domain
    clause: str
    key: bool = False


ACTIVITY_KINDS = {
    kind.code: kind
    for kind in (
        ActivityKind("resolution", Text("落实党组织决议", "Resolution implemented"), "party_work", "A-11"),
        ActivityKind("inspection", Text("履行义务检查（党费、会议）", "Inspection of duties"), "party_work", "A-12"),
        ActivityKind("party_spirit", Text("党性分析", "Analysis of Party spirit"), "party_work", "A-17"),
        ActivityKind("appraisal", Text("民主评议党员", "Democratic appraisal"), "party_work", "A-17"),
        ActivityKind("meetings_lesson", Text("三会一课", "Three meetings and one lesson"), "party_work", "A-17"),
        ActivityKind("demonstration_post", Text("党员示范岗", "Demonstration post"), "job", "A-47"),
        ActivityKind("member_more", Text("党员多一点", "'Party member more'"), "job", "A-47"),
        ActivityKind("five_one", Text("“五个一”活动", "'Five one' activities"), "party_work", "A-48"),
        ActivityKind(
            "close_contact",
            Text("领导干部密切联系职工", "Leading cadres in close contact with employees"),
            "party_work",
            "A-48",
        ),
        ActivityKind("serving", Text("服务普通职工", "Serving ordinary employees"), "party_work", "A-49", key=True),
        ActivityKind("one_plus_one", Text("“1+1”帮扶", "'1 + 1' assistance"), "party_work", "A-49", key=True),
        ActivityKind("public_welfare", Text("公益活动", "Public welfare"), "party_work", "A-49", key=True),
    )
}
