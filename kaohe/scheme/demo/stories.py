"""The stories told by the demonstration years. Each is built on purpose, not left to the seed."""

from dataclasses import dataclass

FIRST, SECOND, THIRD = "2018-2019", "2019-2020", "2020-2021"


@dataclass(frozen=True)
class Story:
    """What a reader can find, in Chinese: `what` happens, `where` in the raw tables and reports it shows."""

    key: str
    years: tuple[str, ...]
    units: tuple[str, ...]
    what: str
    where: str


STORIES = (
    Story(
        "last_twice",
        (SECOND, THIRD),
        ("C07",),
        what="建筑工程学院连续两年在院部中排名末位；第二年低于领导小组确定的及格线，为不合格",
        where="results 的 rank、last_two_years、grade",
    ),
    Story(
        "quota_tie",
        (FIRST,),
        ("D10", "D11"),
        what="财务处与科技与产业处总分完全相同，并列部门第3名，跨越优秀名额线",
        where="ballots、ratings、leader_ratings 逐格不同而折算相等；results 的 grade 为待审议",
    ),
    Story(
        "vetoed_front_runner",
        (SECOND,),
        ("C02",),
        what="信息工程学院为院部第1名，因安全责任事故不能评优，名额依次递补",
        where="vetoes、declarations；results 的 grade 为合格",
    ),
    Story(
        "missed_target_full_marks",
        (THIRD,),
        ("D03",),
        what="参加培训教师62人，低于70人的目标，全体评委仍给满分100分",
        where="metrics 的 teachers_trained；ratings 的 D03.T12",
    ),
    Story(
        "missed_check_full_marks",
        (FIRST,),
        ("C05",),
        what="艺术设计学院全年没有发表党建思政论文，全体评委仍给满分1分",
        where="metrics 的 party_research_papers；ratings 的 B41",
    ),
    Story(
        "climber",
        (FIRST, SECOND, THIRD),
        ("C04",),
        what="商学院三年间由后三分之一升入前三名",
        where="results 的 rank",
    ),
    Story(
        "harsh_rater",
        (SECOND,),
        (),
        what="评委4对所有单位都明显偏低",
        where="ratings 中评委4的均值；比较 panel 的 median 与 trimmed",
    ),
    Story(
        "flat_rater",
        (THIRD,),
        (),
        what="评委3对所有院部的每一项都给满分的九成，不加区分",
        where="院部 ratings 中的评委3",
    ),
    Story(
        "exemption",
        (FIRST,),
        ("C10",),
        what="食品与生物学院为新设学院，没有上年招生数，招生增长一项经领导小组同意不适用",
        where="exemptions 的 K4.2；该院满分相应减少",
    ),
    Story(
        "disputed",
        (THIRD,),
        ("C05",),
        what="艺术设计学院的培训收入有争议，待审计核实",
        where="metrics 的 training_income；scores 的 status 为 disputed",
    ),
    Story(
        "outstanding_award",
        (SECOND,),
        ("D08",),
        what="党委学生工作部获批突出贡献奖，与考核等次无关",
        where="awards；results 的 outstanding_award",
    ),
    Story(
        "not_accepted",
        (THIRD,),
        ("D12",),
        what="质量监督处为部门第1名，但重点工作突破未获认定，不能评优，名额依次递补",
        where="declarations；results 的 declared",
    ),
    Story(
        "no_row_for_hours",
        (SECOND,),
        ("C07",),
        what="建筑工程学院人均调停课2.3学时，却没有相应的扣分事件",
        where="metrics 的 substituted_hours_per_teacher；incidents 的 B07",
    ),
    Story(
        "boastful_self_score",
        (THIRD,),
        ("C07",),
        what="建筑工程学院校园安全稳定各项自评都是满分，与评委评分相差两成以上",
        where="self_scores 的 K8.1～K8.4b",
    ),
    Story(
        "decided_policies",
        (THIRD,),
        (),
        what="领导小组确定：项目经费按比例计分，总分低于可得分62%的为不合格",
        where="policies.yaml",
    ),
)
STORY = {story.key: story for story in STORIES}


def tells(key: str, year: str, unit: str | None = None) -> bool:
    """Whether the story plays in that year (and, if given, at that unit)."""
    story = STORY[key]
    return year in story.years and (unit is None or unit in story.units)
