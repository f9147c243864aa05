"""What commands are called on pages, and how they stand together: Chinese here, English from their own names."""

from typing import Final

from domain.decision import Command
from domain.text import Text

GROUPS: Final[tuple[tuple[Text, tuple[tuple[str, str], ...]], ...]] = (
    (
        Text("记实与承诺", "Records and commitments"),
        (
            ("make-commitment", "登记公开承诺"),
            ("approve-commitment", "审定承诺"),
            ("return-commitment", "退回承诺"),
            ("revoke-commitment", "撤销承诺"),
            ("report-fulfilment", "登记践诺情况"),
            ("appraise-commitment", "评诺"),
            ("propose-entry", "申报记实"),
            ("verify-entry", "核实记实"),
            ("reject-entry", "不采纳记实"),
            ("correct-entry", "更正记实"),
            ("reverse-entry", "撤回记实"),
            ("record-activity", "登记活动"),
            ("verify-activity", "核实活动"),
            ("reverse-activity", "撤回活动"),
            ("assign-task", "交办任务"),
            ("complete-task", "登记任务结果"),
            ("set-goal", "登记目标"),
        ),
    ),
    (
        Text("会议", "Meetings"),
        (
            ("convene-meeting", "召集会议"),
            ("call-off-meeting", "取消会议"),
            ("replace-meeting", "季度会议代替月度会议"),
            ("invite-representatives", "邀请群众代表"),
            ("record-attendance", "登记到会情况"),
            ("give-report", "一讲：登记汇报"),
            ("give-staff-report", "登记党外职工汇报"),
            ("comment-on", "二评：登记点评"),
            ("peer-comment", "登记互评"),
            ("appraise-staff", "评议党外职工"),
            ("close-meeting", "结束会议"),
            ("hold-vote", "登记党员大会表决"),
        ),
    ),
    (
        Text("评分与票决", "Scores and ballots"),
        (
            ("open-round", "开启评定周期"),
            ("exempt-member", "登记不参评"),
            ("invite-raters", "登记评分人员"),
            ("record-score", "登记评分"),
            ("correct-score", "更正评分"),
            ("mark-not-applicable", "登记评分项不适用"),
            ("enter-measure", "登记条件"),
            ("correct-measure", "更正条件"),
            ("declare-veto", "提出一票否决"),
            ("lift-veto", "撤回一票否决"),
            ("rule-on-veto", "认定一票否决"),
            ("open-box", "开启票箱"),
            ("print-slips", "印制一次性票"),
            ("hand-out-sheets", "登记发出纸质票"),
            ("record-returns", "登记收回纸质票"),
            ("close-box", "收箱计票"),
            ("void-box", "宣布票箱作废"),
            ("hold-open-appraisal", "登记公开评议"),
            ("draw-records", "提取本期记实"),
            ("draw-months", "提取各月结果"),
            ("declare-no-appraisal", "登记未开展评议"),
            ("take-back-no-appraisal", "撤回未开展评议"),
            ("tally", "计分"),
            ("decide-tie", "登记并列的研究决定"),
            ("propose-list", "提出星级建议名单"),
            ("settle-month", "确定月度结果"),
        ),
    ),
    (
        Text("公示、异议与确认", "Publicity, objections, confirmation"),
        (
            ("post-notice", "张贴公示"),
            ("interrupt-notice", "登记公示中断"),
            ("resume-notice", "登记恢复公示"),
            ("correct-notice", "更正公示"),
            ("take-down-notice", "登记取下公示"),
            ("post-board", "张贴月度公示栏"),
            ("file-objection", "提出异议"),
            ("withdraw-objection", "撤回异议"),
            ("accept-objection", "受理异议"),
            ("reject-objection", "不受理异议"),
            ("extend-objection", "延长异议办理期限"),
            ("rule-on-objection", "作出异议结论"),
            ("reply-to-objection", "答复异议人"),
            ("confirm-stars", "确认星级"),
            ("open-correction", "提出更正"),
            ("decide-correction", "决定更正"),
            ("request-review", "申请上级复核"),
            ("decide-review", "作出复核决定"),
        ),
    ),
    (
        Text("结果运用", "Use of results"),
        (
            ("deliver-feedback", "反馈结果"),
            ("recommend-member", "推荐表彰"),
            ("grant-award", "登记表彰"),
            ("open-improvement", "建立帮扶整改"),
            ("check-improvement", "登记整改进展"),
            ("close-improvement", "结束帮扶整改"),
            ("hold-talk", "登记谈话"),
            ("check-rectification", "检查整改"),
            ("post-staff-results", "张贴职工评议结果"),
            ("send-staff-results", "移送职工评议结果"),
        ),
    ),
    (
        Text("组织与人员", "Organisation and people"),
        (
            ("found-branch", "登记党支部"),
            ("enter-unit-kind", "登记单位类别"),
            ("form-group", "登记党小组"),
            ("register-person", "登记人员"),
            ("rename-person", "登记更名"),
            ("join-branch", "登记编入支部"),
            ("make-formal", "登记转正"),
            ("transfer-member", "登记组织关系转移"),
            ("leave-branch", "登记离开支部"),
            ("assign-group", "编入党小组"),
            ("assign-post", "登记岗位"),
            ("appoint", "登记任职"),
            ("relieve", "登记免职"),
            ("declare-relation", "申报回避关系"),
            ("name-reader", "指定阅看人"),
            ("withdraw-reader", "撤销阅看人"),
            ("read-sealed", "阅看封存内容"),
        ),
    ),
    (
        Text("办法与运行", "Scheme and installation"),
        (
            ("adopt-rulebook", "登记评星办法"),
            ("publish-calendar", "登记工作日历"),
            ("erase-sealed", "依令删除封存内容"),
            ("accept-clock", "接受系统时钟"),
            ("export", "导出（含封存内容）"),
        ),
    ),
)
"""Commands that people ask for in a form, in the order in which they come up. The others have pages of their own."""
_CHINESE: Final = {name: zh for _, commands in GROUPS for name, zh in commands}


def title_of(kind: type[Command]) -> Text:
    """Return what a command is called; one without Chinese words is called by its name."""
    words = kind.NAME.replace("-", " ")
    return Text(_CHINESE.get(kind.NAME, kind.NAME), words[:1].upper() + words[1:])
