"""The readings AMB-A1 … AMB-A18: what seed A leaves open, each a named switch with its default and its alternatives."""

from collections.abc import Mapping

from domain.rulebook.switches import Switch, switch

SEED_A: Mapping[str, Switch] = {
    "five_star_threshold": switch(
        "AMB-A1",
        complement=(
            "五星分数线由“不满95分为四星”推得：95分以上",
            "the five-star threshold follows by complement: 95 and above",
        ),
    ),
    "label_scope": switch(
        "AMB-A2",
        this_rulebook=(
            "星级只在本办法内有意义，不与其他办法比较",
            "stars belong to this rulebook and are compared with no other",
        ),
    ),
    "score_comparison": switch(
        "AMB-A3",
        published=("总分四舍五入一次，以公布的分数定星", "the total is rounded once and the published number decides"),
        exact=("以未舍入的分数定星", "the unrounded total decides"),
        one_decimal=("总分保留一位小数，以公布的分数定星", "the total is published to one decimal, which decides"),
        integer=("总分取整，以公布的分数定星", "the total is published as an integer, which decides"),
    ),
    "cap_rounding": switch(
        "AMB-A4",
        floor=("名额舍去小数", "places are rounded down"),
        half_up=("名额四舍五入", "places are rounded half up"),
        ceil=("名额有小数即进一", "places are rounded up"),
        min_1=("名额舍去小数，但至少一名", "places are rounded down, but at least one"),
        pooled=("名额在党委范围内合并计算", "places are counted over the whole committee"),
    ),
    "cap_base": switch(
        "AMB-A5",
        all=("党员总数含预备党员和免评党员", "the base is all members, probationary and exempt included"),
        formal=("名额只以正式党员为基数", "the base is the formal members only"),
        evaluated=("名额只以参评党员为基数", "the base is the members evaluated only"),
    ),
    "cap_nesting": switch(
        "AMB-A6",
        separate=("各星级名额分别计算", "each star has its own cap"),
        nested=("较高星级占用较低星级的名额", "a lower star's cap counts the higher stars as well"),
    ),
    "overflow": switch(
        "AMB-A7",
        cascade=(
            "按分数排序，超出者顺延至下一星级并占用其名额",
            "ranked by score; the overflow takes the next star's places",
        ),
        branch_vote=("超出名额时由支部表决", "above the cap the branch votes"),
        committee=("超出名额时由党委决定", "above the cap the committee decides"),
        leave_vacant=(
            "超出名额时先空缺，由集体决定是否授予，可少于名额",
            "above the cap the places stay vacant until a body fills them, wholly or in part",
        ),
    ),
    "ties_left": switch(
        "AMB-A8",
        decision=("仍同分的由集体决定", "who is still equal is decided by a body"),
        group_down=("仍同分的全体顺延至下一星级", "all who are still equal take the next lower star"),
        group_up=("经党委同意，仍同分的全体列入", "all who are still equal go in, if the committee approves"),
    ),
    "inner_party_activity": switch(
        "AMB-A9",
        organisation=("“党内活动”即组织评价", "“inner-Party activity” is the organisational evaluation"),
    ),
    "table_cells": switch(
        "AMB-A10",
        raw=("汇总表填原始分", "the summary table shows raw scores"),
        weighted=("汇总表填加权分", "the summary table shows weighted contributions"),
    ),
    "no_party_group": switch(
        "AMB-A11",
        branch_carries=("没有党小组的，支部评价占100%", "where there is no Party group the branch score carries 100 %"),
        refuse=("没有党小组的不予计算", "a sheet without a Party group is refused"),
    ),
    "component_range": switch(
        "AMB-A12",
        clamped=("各项限于0至100分", "each component lies between 0 and 100"),
        open_top=("各项可以超过100分", "a component may exceed 100"),
    ),
    "missing_component": switch(
        "AMB-A13",
        incomplete=("缺项即不完整，不按0分计", "a missing component makes the result incomplete, never 0"),
        renormalise=("缺项的权重按比例分给其余各项", "the weight of what is missing is spread over the rest"),
        carry_last_year=("缺项沿用上一年度分数", "what is missing is carried over from last year"),
    ),
    "masses_mean": switch(
        "AMB-A14",
        arithmetic=("群众评价取算术平均", "the masses' evaluation is the arithmetic mean"),
        trimmed=("群众评价去掉最高分和最低分后取平均", "the mean leaves out the highest and the lowest"),
        grades=("群众评价由等次换算为分数", "grades on ballots are turned into points"),
    ),
    "newcomers": switch(
        "AMB-A15",
        without_star=("加入时间不足的只测评、不评定星级", "who joined too late is evaluated without a star"),
        pro_rata=("年中加入的按整月折算总分", "the total of who joined in the year counts by whole months"),
    ),
    "democratic_evaluation": switch(
        "AMB-A16",
        masses=("“民主测评”即群众评价", "“democratic evaluation” is the evaluation by the masses"),
    ),
    "low_star_measures": switch(
        "AMB-A17",
        as_data=("二星以下的措施以数据列明", "measures for two stars and below are given as data"),
    ),
    "calendar_end": switch(
        "AMB-A18",
        as_data=("一月开始，公示与结束日期由办法规定", "January opens; publicity and closing follow the rulebook"),
    ),
}
