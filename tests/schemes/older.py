"""The root of the shipped scheme in the form that files had before items were a tree, with its fixed parts."""

OLDER_ROOT = """
# 连云港职业技术学院 2018-2019 学年综合目标考核实施办法：总则部分
# 其余文件：policies（读法）、metrics（指标数据目录）、annex1-base、annex1-key（附件1）、annex2-departments（附件2）
id: lygtc-2018
title: 综合目标考核实施办法（2018-2019 学年）
authority: 连云港职业技术学院
in_force_from: "2018-09-01"
parts:
  - policies.yaml
  - metrics.yaml
  - annex1-base/*.yaml
  - annex1-key/*.yaml
  - annex2-departments/*.yaml

window:                       # 六·（一）：材料统计的起止
  from: "09-01"
  to: "08-31"
  clause: 六·（一）
  longer: [B28, B29, K4.1, K4.2, K4.3]
  longer_until: 当年新生录取工作结束

deadlines:                    # 条文写的期限，落在学年的哪一天：of 写 first 为学年的前一个日历年，last 为后一个
  year_end:
    {name: 年底前, day: "12-31", of: first, question: 年底是哪一年的年底, taken: 学年之内的年底}
  first_half: {name: 上半年, day: "06-30", of: last}
  summer: {name: 暑假, day: "08-31", of: last}
  school_year: {name: 学年度内, day: "08-31", of: last}
  year:
    {name: 年度内, day: "08-31", of: last, question: 年度是学年度还是日历年, taken: 学年度}

kinds:                        # 成果的类型
  program: 专业基地类
  course: 课程教材类
  contest: 教学与技能竞赛
  thesis: 优秀毕业设计（论文）
  student_project: 大学生创新训练项目
  paper_indexed: 检索论文
  paper_core: 核心论文
  paper_other: 其他论文
  topic: 课题
  research_award: 科研奖励
  patent_invention: 发明专利
  patent_utility: 实用新型
  software_copyright: 软件著作权
  patent_design: 外观专利
  funding_social: 社科项目经费
  funding_natural: 自科项目经费
  honour: 先进典型
  media: 媒体宣传

categories:                   # stated：附件1 两处“注”里注明的满分
  college: {name: 二级学院, group: yuanbu, stated: {base: 55, key: 95}}
  continuing: {name: 继续教育学院, group: yuanbu, many: false, stated: {base: 55, key: 61}}
  foundation: {name: 基础课教学部, group: yuanbu, many: false, stated: {base: 48, key: 41}}
  ideology: {name: 思想政治教学部, group: yuanbu, many: false, stated: {base: 48, key: 41}}
  department: {name: 部门, group: department, stated: {target: 100}}

process:                      # 五：七步；shown_by 是看得出这一步是否完成的数据
  - {id: self_review, name: 自查自评, clause: 五·1, by: 各院部、各部门, shown_by: self_reports}
  - {id: ballot, name: 民主测评, clause: 五·2, by: 中层以上干部和教职工代表, shown_by: ballots}
  - {id: targets, name: 目标考核评分, clause: 五·3, by: 目标办, shown_by: ratings}
  - {id: leaders, name: 领导班子评价, clause: 五·4, by: 校领导, shown_by: leader_ratings}
  - {id: awards, name: 突出贡献奖评选, clause: 五·5, by: 领导小组, shown_by: awards}
  - {id: decision, name: 审议结果, clause: 五·6, by: 领导小组, shown_by: decisions}
  - {id: notice, name: 公示, clause: 五·7, by: 目标办, shown_by: notice}

groups:
  yuanbu:
    name: 院部
    quota: 2
    quota_clause: 三·1
    ballot:
      name: 民主测评
      full: 20
      clause: 二·（一）·1
      rule: {kind: ballots, weights: {excellent: 90, qualified: 70, unqualified: 50}, scale: {policy: ballot_scale}}
      open:
        - {question: 空白票、弃权票计不计入票数, taken: 不计入，只按三种票的加权平均}
        - {question: 中层以上干部与教职工代表的票是否分别加权, taken: 合在一起，每票同等}
    target: {full: 150, clause: 二·（一）·2, parts: {base: 55, key: 95}}
    leaders:
      name: 领导班子评价
      full: 30
      clause: 二·（一）·3
      rule: {kind: leaders, shares: {chief: 20, deputy: 10}, panel: {policy: leader_panel}}
  department:
    name: 部门
    quota: 3
    quota_clause: 三·1
    ballot:
      name: 民主测评
      full: 70
      clause: 二·（一）·1
      rule: {kind: ballots, weights: {excellent: 90, qualified: 70, unqualified: 50}, scale: {policy: ballot_scale}}
      open:
        - {question: 空白票、弃权票计不计入票数, taken: 不计入，只按三种票的加权平均}
        - {question: 中层以上干部与教职工代表的票是否分别加权, taken: 合在一起，每票同等}
    target: {full: 100, clause: 二·（一）·2, parts: {target: 100}}
    leaders:
      name: 领导班子评价
      full: 30
      clause: 二·（一）·3
      rule: {kind: leaders, shares: {chief: 20, deputy: 10}, panel: {policy: leader_panel}}

results:
  conversion: {policy: rescale}
  full_marks: {policy: full_marks}
  component_cap: {policy: component_cap}
  fail_line: {policy: fail_line}
  quota_ties: {policy: quota_ties}
  eligibility: {policy: eligibility}
  quota_fill: {policy: quota_fill}
  exemptions: {policy: teaching_depts}
  declarations: {innovation: 创新性工作并取得成效, breakthrough: 年度重点工作有突破性进展或作出突出成绩}
  innovation: innovation        # 标为创新性工作的任务，申报的是这一类
  vetoes:
    decision: 未执行或未正确执行党委部署和交办
    safety: 较严重安全责任事故
    discipline: 违纪违法造成较严重后果
    other: 学校认定的其他责任事项
  open:
    - {question: 末位并列时谁算排在末位, taken: 并列最低的单位都算末位}
  clauses:
    grade: 三·1
    bonus: 三·2
    award: 二·（二）；三·3
    rectify: 三·4
    last_two_years: 三·5
    declare: 六·（二）
    veto: 六·（三）

lasting:                      # 同一名称在两个学年出现时要核对的类型
  [program, course, student_project, topic, paper_indexed, paper_core, paper_other,
   patent_invention, patent_utility, software_copyright, patent_design]
"""
