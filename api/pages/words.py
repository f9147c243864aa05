"""Words for the codes that views use: states, kinds of entries, offices. What a rulebook names is in the rulebook."""

from collections.abc import Mapping
from typing import Final

from domain.text import Text

STATUSES: Final[Mapping[str, Text]] = {
    "not_computed": Text("尚未计分", "not computed yet"),
    "complete": Text("完整", "complete"),
    "incomplete": Text("缺少评分", "scores are missing"),
    "not_rated": Text("不评星", "not rated"),
    "exempt": Text("不参评", "exempt"),
}
"""Where somebody stands in a round."""
ENTRIES: Final[Mapping[str, Text]] = {
    "post": Text("岗位", "post"),
    "group": Text("党小组", "Party group"),
    "goal": Text("目标", "goal"),
    "activity": Text("活动", "activity"),
    "task": Text("任务", "task"),
    "recommendation": Text("推荐", "recommendation"),
    "award": Text("表彰", "award"),
    "consequence": Text("结果运用事项", "consequence of a result"),
    "improvement": Text("帮扶整改", "improvement plan"),
    "feedback": Text("结果反馈", "feedback"),
    "review": Text("复核", "review"),
    "commitment": Text("承诺", "commitment"),
    "fulfilment": Text("践诺报告", "fulfilment"),
    "appraisal": Text("评诺", "appraisal of a commitment"),
    "entry": Text("记实", "record entry"),
    "talk": Text("谈话", "talk"),
    "report": Text("汇报", "report"),
    "comment": Text("点评", "comment"),
    "remark": Text("互评", "remark of a peer"),
    "staff_appraisal": Text("党外职工评议", "staff appraisal"),
    "reading": Text("阅看记录", "private matter read"),
}
"""What stands in a person's record."""
STATES: Final[Mapping[str, Text]] = {
    "made": Text("已作出", "made"),
    "approved": Text("已审定", "approved"),
    "returned": Text("已退回", "returned"),
    "revoked": Text("已撤销", "revoked"),
    "proposed": Text("待核实", "to be verified"),
    "recorded": Text("已记录", "recorded"),
    "verified": Text("已核实", "verified"),
    "rejected": Text("未采纳", "rejected"),
    "reversed": Text("已撤回", "taken back"),
    "corrected": Text("已更正", "corrected"),
    "spoken": Text("口头", "spoken"),
    "written": Text("书面", "written"),
    "signed": Text("已签收", "signed"),
    "kept": Text("已兑现", "kept"),
    "filed": Text("已提出", "filed"),
    "accepted": Text("已受理", "accepted"),
    "ruled": Text("已作结论", "ruled on"),
    "withdrawn": Text("已撤回", "withdrawn"),
    "upheld": Text("成立", "upheld"),
    "dismissed": Text("不成立", "dismissed"),
}
"""How far something has come."""
MEANS: Final[Mapping[str, Text]] = {
    "password": Text("密码", "password"),
    "link": Text("一次性链接", "one-time link"),
    "slip": Text("纸条", "printed slip"),
    "key": Text("接口密钥", "API key"),
    "demo": Text("演示名单", "the demonstration's list"),
}
"""How somebody signed in."""
STEPS: Final[Mapping[str, Text]] = {
    "scores": Text("评分", "scores"),
    "tally": Text("汇总计分", "tally"),
    "proposal": Text("提出名单", "list proposed"),
    "meeting": Text("党员大会表决", "vote of the meeting"),
    "notice": Text("公示", "notice"),
    "objections": Text("异议办理", "objections"),
    "confirmation": Text("确认星级", "confirmation"),
    "feedback": Text("反馈本人", "results told"),
    "verify": Text("审核记实", "entries verified"),
    "records": Text("提取记实积分", "records drawn"),
    "appraisal": Text("民主评议", "democratic appraisal"),
    "settle": Text("结转年度", "settled for the year"),
    "board": Text("室内展示台公示", "board indoors"),
    "excellent_list": Text("对外公示优秀名单", "list of the excellent outside"),
}
"""The steps of a round."""
GROUPS: Final[Mapping[str, Text]] = {
    "members": Text("党员", "members"),
    "representatives": Text("群众代表", "representatives"),
    "masses": Text("群众", "masses"),
}
"""Who votes together."""
ASPECTS: Final[Mapping[str, Text]] = {
    "attitude": Text("思想表现", "attitude"),
    "duties": Text("履职尽责", "duties"),
    "tasks": Text("完成任务", "tasks"),
    "overall": Text("综合", "overall"),
}
"""In what the staff outside the Party are appraised (B-35)."""


def worded(words: Mapping[str, Text], code: str | None) -> Text:
    """Return the words for a code; a code that has none stands for itself."""
    return words.get(code or "", Text(code or "", code or ""))
