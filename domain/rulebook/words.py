"""The words that rulebooks use for bodies, audiences, steps, fields and measures, as people say them."""

from collections.abc import Iterable, Mapping

from domain.roles import EN_ZH
from domain.text import Text

WORDS: Mapping[str, Text] = {
    **{role: Text(zh, role.replace("_", " ")) for role, zh in EN_ZH.items()},
    # kinds of people and bodies
    "formal": Text("正式党员", "formal members"),
    "probationary": Text("预备党员", "probationary members"),
    "member": Text("党员", "members"),
    "members": Text("党员", "the members"),
    "employee": Text("职工", "employees"),
    "staff": Text("党外干部职工", "staff outside the Party"),
    "representatives": Text("群众代表", "representatives of the masses"),
    "masses": Text("群众", "the masses"),
    "branch": Text("党支部", "the branch"),
    "leading_group": Text("考核工作领导小组", "the leading group"),
    "members_meeting": Text("党员大会", "the members' meeting"),
    # steps of a procedure
    "roster": Text("确定名册", "the roster"),
    "commitments": Text("公开承诺", "commitments"),
    "records": Text("记实", "records"),
    "report": Text("讲述汇报", "reports"),
    "comment": Text("点评", "comments"),
    "appraisal": Text("民主评议", "the appraisal"),
    "scores": Text("登记分数", "the scores"),
    "tally": Text("汇总计分", "the tally"),
    "proposal": Text("提出拟评名单", "the proposal"),
    "meeting": Text("大会表决", "the vote of the meeting"),
    "board": Text("张贴展示台", "the board"),
    "notice": Text("公示", "the notice"),
    "excellent_list": Text("公示优秀名单", "the list of the excellent"),
    "objections": Text("受理异议", "objections"),
    "confirmation": Text("确认", "the confirmation"),
    "feedback": Text("反馈", "feedback"),
    # what audiences may see
    "name": Text("姓名", "the name"),
    "components": Text("各项得分", "the components"),
    "grade": Text("等次", "the grade"),
    "total": Text("总分", "the total"),
    "star": Text("星级", "the star"),
    "reasons": Text("理由", "the reasons"),
    "health": Text("健康状况", "health"),
    "objector": Text("异议人", "the objector"),
    "ballots": Text("选票", "ballots"),
    "phone": Text("电话", "the phone"),
    "national_id": Text("身份证号", "the national id"),
    # kinds of records
    "ledger": Text("账本", "the ledger"),
    "results": Text("评定结果", "results"),
    "minutes": Text("会议记录", "minutes"),
    # measures
    "candidate_for_excellent_member": Text("优秀党员候选资格", "candidate for excellent member"),
    "recommendation_to_superior": Text("向上级推荐", "recommendation to the superior organisation"),
    "helper": Text("确定帮扶人", "a helper"),
    "improvement_plan": Text("制订提升计划", "a plan of improvement"),
    "review_date": Text("定期检查", "a day of review"),
    "talk": Text("谈话", "a talk"),
    "rectification_with_deadline": Text("限期整改", "rectification by a day"),
}


def word(code: str) -> Text:
    """Return a word as people say it; one that is a scheme's own stands as it is written."""
    return WORDS.get(code, Text(code, code))


def words(codes: Iterable[str]) -> Text:
    """Return words one after another."""
    found = [word(code) for code in codes]
    return Text("、".join(each.zh for each in found), ", ".join(each.en for each in found))
