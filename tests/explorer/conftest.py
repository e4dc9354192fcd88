import shutil

import pytest

from kaohe.explorer.wiring import Explorer
from kaohe.explorer.workbench import Workbench
from tests.small import small_year


@pytest.fixture(scope="package")
def raw(tmp_path_factory):
    """Two small years; they are copied, not written, for each test."""
    data = tmp_path_factory.mktemp("data")
    small_year(data, "2018-2019")
    small_year(data, "2019-2020")
    return data


@pytest.fixture
def data(raw, tmp_path):
    shutil.copytree(raw, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def explorer(data):
    return Explorer(Workbench(data, "2018-2019"), "C02")
