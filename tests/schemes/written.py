"""A scheme and its cases from a few lines, checked and scored as `kaohe scheme test` does."""

from kaohe.scheme import read_scheme
from kaohe.scoring.casefile import read_cases
from kaohe.scoring.cases import run_case
from tests.scoring.anyscheme import METRICS, ONE_GROUP

HEAD = """
id: small
format: 1
title: 小办法
authority: 某单位
in_force_from: "2025-01-01"
year: {kind: calendar}
window: {from: "01-01", to: "12-31"}
"""


def written(folder, scheme, cases, *, head=HEAD + ONE_GROUP + METRICS):
    """The scheme in a folder of its own; its cases; what is wrong with how they are written."""
    (folder / "cases").mkdir(parents=True)
    (folder / "scheme.yaml").write_text(head + scheme, encoding="utf-8")
    (folder / "cases" / "a.yaml").write_text(cases, encoding="utf-8")
    found = read_scheme(folder)
    return found, *read_cases(folder, found)


def differing(folder, scheme, cases, **more):
    """What differs from the cases, or is wrong with them, in words; empty where all is as expected."""
    found, read, problems = written(folder, scheme, cases, **more)
    return [str(each) for each in (*problems, *(wrong for case in read for wrong in run_case(found, case)))]
