"""A league whose tied teams are parted by their own matches alone: the European championship of 2004, group C.

Matches: Wikipedia, "UEFA Euro 2004 Group C". Three teams had five points each; every match among them was drawn, so
the goals scored in these matches decided: Sweden 3, Denmark 2, Italy 1.
"""

from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.casedata import year_data
from kaohe.scoring.cases import run_case
from tests.schemes.written import written

LEAGUE = """
id: league
title: 小组赛
authority: 足联
in_force_from: "2004-01-01"
year: {kind: event}
categories: {team: {name: 球队, group: teams}}
dimensions: {against: {name: 对手, members: {SWE: 瑞典, DEN: 丹麦, ITA: 意大利, BUL: 保加利亚}}}
metrics:
  scored: {name: 进球, unit: 个, kind: count, office: 组委会}
  conceded: {name: 失球, unit: 个, kind: count, office: 组委会}
figures:
  difference: {name: 净胜球, is: {kind: difference, of: scored, less: conceded}}
  won:
    name: 积分
    is: {kind: steps, value: difference, bands: [{above: 0, points: 3}, {equals: 0, points: 1}], else: 0}
  points: {name: 总积分, is: {kind: over, of: won, each: against, fold: {how: sum, missing: zero}}}
  between: {name: 相互积分, is: {kind: among_tied, of: won, level: [points], each: against}}
  goals_between: {name: 相互进球, is: {kind: among_tied, of: scored, level: [points, between], each: against}}
groups:
  teams: {name: 小组, score: total, then_by: [between, goals_between]}
items:
  - id: total
    name: 总积分
    items:
      - {id: P, name: 积分, each: against, fold: {how: sum, missing: zero}, rule: won}
      - {id: place, name: 名次, counts: false, rule: {kind: rank, of: points, then_by: [between, goals_between]}}
"""
MATCHES = """
- name: 三队同积 5 分，只看三队之间的进球
  units:
    SWE: {periods: {scored: {DEN: 2, ITA: 1, BUL: 5}, conceded: {DEN: 2, ITA: 1, BUL: 0}}}
    DEN: {periods: {scored: {SWE: 2, ITA: 0, BUL: 2}, conceded: {SWE: 2, ITA: 0, BUL: 0}}}
    ITA: {periods: {scored: {SWE: 1, DEN: 0, BUL: 2}, conceded: {SWE: 1, DEN: 0, BUL: 1}}}
    BUL: {periods: {scored: {SWE: 0, DEN: 0, ITA: 1}, conceded: {SWE: 5, DEN: 2, ITA: 2}}}
  expect:
    SWE: {P: 5, total: 5, rank: 1, place: 1}
    DEN: {total: 5, rank: 2, place: 2}
    ITA: {total: 5, rank: 3, place: 3}
    BUL: {total: 0, rank: 4, place: 4}
  source: UEFA Euro 2004 Group C
"""


def test_tied_teams_are_parted_by_their_own_matches(tmp_path):
    scheme, (case,), problems = written(tmp_path / "办法", LEAGUE, MATCHES, head="")
    assert problems == []
    assert [str(wrong) for wrong in run_case(scheme, case)] == []
    data = year_data(scheme, "2004-euro", case.units)
    book = score_data(scheme, resolve(scheme), data)
    told = [sentence.text for unit in ("SWE", "BUL") for sentence in book.cell(unit, "place").sentences]
    assert "相互进球：只看总积分、相互积分相同的单位之间，进球对丹麦 2、对意大利 1；合计 3 个" in told
    assert "相互进球：没有总积分、相互积分相同的单位，进球计 0 个" in told


def test_who_is_level_and_was_not_met_is_said_to_be_so(tmp_path):
    """Sweden and Denmark have a point each and have not met; Italy and Bulgaria have met both."""
    matches = """
- name: 两队同积 1 分，尚未交手
  units:
    SWE: {periods: {scored: {ITA: 1}, conceded: {ITA: 1}}}
    DEN: {periods: {scored: {BUL: 1}, conceded: {BUL: 1}}}
    ITA: {periods: {scored: {SWE: 1, BUL: 1}, conceded: {SWE: 1, BUL: 0}}}
    BUL: {periods: {scored: {DEN: 1, ITA: 0}, conceded: {DEN: 1, ITA: 1}}}
  expect: {SWE: {total: 1}, DEN: {total: 1}, ITA: {total: 4, rank: 1}, BUL: {total: 1}}
  arithmetic: 平 1 分、胜 3 分
"""
    scheme, (case,), problems = written(tmp_path / "办法", LEAGUE, matches, head="")
    assert problems == []
    assert [str(wrong) for wrong in run_case(scheme, case)] == []
    book = score_data(scheme, resolve(scheme), year_data(scheme, "2004-euro", case.units))
    told = [sentence.text for sentence in book.cell("SWE", "place").sentences]
    assert any("积分对丹麦 没有数据，计 0、对保加利亚 没有数据，计 0；合计 0" in each for each in told), told
