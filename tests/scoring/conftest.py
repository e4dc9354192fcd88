"""A year that a module of tests made once, to be spoiled by each of them."""

import shutil

import pytest

from tests.scoring.test_final import Office


@pytest.fixture
def office(made, tmp_path):
    """A copy of the module's own `made`."""
    shutil.copytree(made.raw.parent, tmp_path / "data")
    return Office(tmp_path / "data")
