"""The readings AMB-B1 … AMB-B28: what seed B leaves open, each a named switch with its default and its alternatives.

Some drive the computation (B2, B7, B8, B9, B10, B26); the others are read by the procedure and cited by explanations.
"""

from collections.abc import Mapping

from domain.rulebook.switches import Switch, switch

SEED_B: Mapping[str, Switch] = {
    "five_star_edge": switch(
        "AMB-B1",
        five=("95分整为五星级：“以上”包括本数", "exactly 95 is five stars: “and above” includes the number"),
    ),
    "band_gaps": switch(
        "AMB-B2",
        two_places=(
            "总分保留两位小数，各段含下限不含上限：89.50为三星级",
            "the total has two decimals and a band reaches up to the next: 89.50 is three stars",
        ),
        integer_first=(
            "总分先四舍五入取整再定星：89.5为四星级",
            "the total is first rounded half up to an integer: 89.5 becomes 90, four stars",
        ),
    ),
    "one_star_edge": switch(
        "AMB-B3",
        one=("75分整为一星级：具体分数段优先", "exactly 75 is one star: the specific band wins over the general word"),
    ),
    "star_periods": switch(
        "AMB-B4",
        both=(
            "每月拟评星级、每年确定星级，只有年度星级有后果",
            "stars are proposed each month and settled for the year; only the year's have consequences",
        ),
    ),
    "month_judged": switch(
        "AMB-B5",
        previous=("会议评议上一个自然月", "a session judges the calendar month before"),
        to_date=("会议评议当月至会议日", "a session judges the month up to its day"),
    ),
    "last_week": switch(
        "AMB-B6",
        last_seven_days=(
            "“最后一个星期”为当月最后7天，之外召开仍有效但须注明",
            "the last week is the last seven calendar days; a session outside them is valid and flagged",
        ),
        iso_week=(
            "“最后一个星期”为当月最后一日所在的自然周（周一至周日）",
            "the last week is the Monday-to-Sunday week in which the month ends",
        ),
    ),
    "annual_formula": switch(
        "AMB-B7",
        R2=(
            "年度得分=各月记实考核得分的平均×70%+年度民主评议×30%；未进行年度评议的，以各月评议的平均代替",
            (
                "the year is 70 % of the mean of the monthly records and 30 % of the annual appraisal; "
                "where none is held, the mean of the monthly appraisals stands in"
            ),
        ),
        R1=("年度得分=各月综合得分的平均", "the year is the mean of the monthly totals"),
    ),
    "grade_points": switch(
        "AMB-B8",
        quarters=(
            "优秀100分、合格75分、基本合格50分、不合格0分",
            "excellent 100, qualified 75, basically qualified 50, unqualified 0 points",
        ),
        gentle=(
            "优秀100分、合格85分、基本合格70分、不合格50分",
            "excellent 100, qualified 85, basically qualified 70, unqualified 50 points",
        ),
        numeric=("选票直接打分（0至100）", "a ballot gives points from 0 to 100"),
    ),
    "records_base": switch(
        "AMB-B9",
        full=("记实考核由满分起计", "the record begins full"),
        base_80=("记实考核由80%起计", "the record begins at 80 %"),
        base_70=("记实考核由70%起计", "the record begins at 70 %"),
        base_60=("记实考核由60%起计", "the record begins at 60 %"),
        base_0=("记实考核由0分起计", "the record begins at 0"),
    ),
    "representatives": switch(
        "AMB-B10",
        one_voice=(
            "群众代表与党员的有效票同等计算，各组结果另列",
            "every valid ballot has one voice, representatives' and members' alike; each group is also shown apart",
        ),
        own_share=("群众代表作为单独的评议组按比例计入", "representatives are a rater group with a share of its own"),
        beside=("群众代表的评议另行记载，不计分", "representatives' ballots are recorded beside and count for nothing"),
    ),
    "representatives_list": switch(
        "AMB-B11",
        drawn_up=(
            "群众代表名单会前拟定并记录，不少于3人，轮换情况列明",
            "the list of representatives is drawn up beforehand, at least three; their rotation is reported",
        ),
    ),
    "quarterly_session": switch(
        "AMB-B12",
        separate=(
            "季度会议单独召开，也可明确声明代替相邻的月度会议",
            "the quarterly session is separate; it may be declared to replace the neighbouring monthly one",
        ),
    ),
    "excellent_list": switch(
        "AMB-B13",
        grade=("“评为优秀”指评议等次为优秀", "the excellent are those graded excellent"),
        five_stars=("“评为优秀”指五星级", "the excellent are those of five stars"),
        four_stars_up=("“评为优秀”指四星级以上", "the excellent are those of four stars and above"),
    ),
    "notice_days": switch(
        "AMB-B14",
        full_days=(
            "公示满自然日，张贴当日不计，末日遇法定休息日顺延",
            "full calendar days; the day of posting is not counted and a last day of rest moves on",
        ),
        start_counted=("公示天数含张贴当日", "the day of posting counts"),
        working_days=("公示天数按工作日计算", "working days are counted"),
    ),
    "notice_repair": switch(
        "AMB-B15",
        affected_lines=(
            "公示期为实际张贴时间之和；实质更正只对受影响人员重新起算",
            "the window is the union of the hours posted; a material correction restarts it for the lines affected",
        ),
        all_lines=("任何实质更正对全体重新起算", "a material correction restarts it for all"),
    ),
    "objection_terms": switch(
        "AMB-B16",
        three_ten_twenty=(
            "3个工作日内受理、10个工作日内作出结论、延长不超过20个工作日；匿名而有事实的也受理",
            "accepted within 3 working days, ruled on within 10, extended by at most 20; anonymous ones with facts too",
        ),
        five_fifteen_thirty=(
            "5个工作日内受理、15个工作日内作出结论、延长不超过30个工作日",
            "accepted within 5 working days, ruled on within 15, extended by at most 30",
        ),
        named_only=("期限为3、10、20个工作日，只受理实名异议", "3, 10 and 20 working days; only with a name"),
    ),
    "health_in_commitments": switch(
        "AMB-B17",
        private=(
            "身体状况只供领导小组掌握，公开时写“个人原因”",
            "health is shown to the leading group only; the public view says “personal reasons”",
        ),
    ),
    "held_while_open": switch(
        "AMB-B18",
        ripple=("异议未决时只暂缓本人及可能受影响的人员", "an open objection holds the person and whom it could touch"),
        all=("异议未决时全体暂缓", "an open objection holds everybody"),
    ),
    "list_rejected": switch(
        "AMB-B19",
        back_to_group=(
            "党员大会否决的，附理由退回领导小组；大会不得改分",
            "a list that is voted down returns to the leading group with reasons; the meeting edits no score",
        ),
    ),
    "meeting_majority": switch(
        "AMB-B20",
        branch_article_11=(
            "按支部工作条例第十一条；预备党员没有表决权",
            "as in article 11 of the branch regulations; probationary members do not vote",
        ),
    ),
    "secretary_rated": switch(
        "AMB-B21",
        deputy=(
            "评议书记时由副书记主持；任何人不得对自己计分、核查、裁定或确认",
            "the deputy chairs where the secretary is rated; nobody scores, inquires, rules or confirms on himself",
        ),
    ),
    "staff_result": switch(
        "AMB-B22",
        no_star=(
            "党外干部职工不评星：三个方面、点评、等次，单独公示并报送行政",
            "staff outside the Party get three aspects, a comment and a grade, no star; the administration is told",
        ),
    ),
    "talk": switch(
        "AMB-B23",
        both_forms=("“戒勉谈话”沿用原文，表单分提醒谈话和诫勉谈话", "the form offers the reminder and the admonition"),
    ),
    "monthly_vote": switch(
        "AMB-B24",
        allowed=(
            "党员大会可每月召开，到会人数符合时可作为月度会议的一项议程",
            "the members' meeting may be monthly, as one item of the monthly session where its quorum is met",
        ),
    ),
    "absent_member": switch(
        "AMB-B25",
        written_report=(
            "缺席的可书面讲述并照常评议；缺席本身不计分，条目另有规定的除外",
            "who is absent may report in writing and be rated; absence is no score unless an item says so",
        ),
    ),
    "unassessed_months": switch(
        "AMB-B26",
        left_out=(
            "未开会评议的月份不计入平均，但考核月数须达到规定的最少月数",
            "a month without a session is left out of the mean; a least number of assessed months is needed",
        ),
        zero=("未开会评议的月份按0分计入", "a month without a session counts as 0"),
    ),
    "audiences": switch(
        "AMB-B27",
        two_notices=(
            "支部内公示全体党员全年得分，对外只公示评为优秀的党员：两份公示",
            "everybody's scores inside the branch, only the excellent outside: two notices",
        ),
    ),
    "corrected_score": switch(
        "AMB-B28",
        new_decision=(
            "确认后更正分数的，原确认留存，重新决定、重新公示，两者均可见",
            "after a correction the confirmation stays and a new decision and notice follow, both visible",
        ),
    ),
}
