"""Published systems that ship as schemes: their published results come out, exactly."""

import pytest

from kaohe.scheme import shipped, shipped_ids
from kaohe.scheme.reading import SHIPPED
from kaohe.scoring.casefile import FOLDER, read_cases
from kaohe.scoring.cases import run_case

WITH_CASES = [each for each in shipped_ids() if (SHIPPED / each / FOLDER).is_dir()]


@pytest.mark.parametrize("which", WITH_CASES)
def test_published_results_come_out(which):
    scheme = shipped(which)
    cases, problems = read_cases(SHIPPED / which, scheme)
    assert not problems
    assert [str(wrong) for case in cases for wrong in run_case(scheme, case)] == []
    assert sum(len(case.expect) for case in cases) >= 8


def test_the_published_systems_are_there():
    assert set(WITH_CASES) >= {
        "undp-hdi-2021", "decathlon", "epa-aqi-2013", "arwu-2005", "heritage-ief-2019", "fina-diving-2000",
    }  # fmt: skip
