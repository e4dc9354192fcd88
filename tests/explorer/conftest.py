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


@pytest.fixture(scope="package")
def base(raw):
    """The first of them as it was read and scored; nothing changes it."""
    return Workbench(raw, "2018-2019").base


@pytest.fixture
def bench(data, base, monkeypatch):
    """A workbench that has just opened it."""
    with monkeypatch.context() as patched:
        patched.setattr("kaohe.explorer.workbench._base", lambda *_: base)
        return Workbench(data, "2018-2019")


@pytest.fixture
def explorer(bench):
    return Explorer(bench, "C02")
