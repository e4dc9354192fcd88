"""A scheme of the older form, moved: the same points, ranks and grades for the same year."""

import shutil

import pytest
from typer.testing import CliRunner

from kaohe.cli import app
from kaohe.scheme import SchemeError, read_scheme, shipped
from kaohe.scheme.migrating import migrated
from kaohe.scheme.policies import resolve
from kaohe.scheme.reading import SHIPPED
from kaohe.scoring.casefile import read_cases
from tests.schemes.older import OLDER_ROOT


@pytest.fixture
def older(tmp_path):
    """The shipped scheme as it was written before items were a tree."""
    folder = tmp_path / "older"
    shutil.copytree(SHIPPED / "lygtc-2018", folder)
    (folder / "scheme.yaml").write_text(OLDER_ROOT, encoding="utf-8")
    return folder


def test_the_older_form_is_told_how_to_move(older):
    with pytest.raises(SchemeError, match="kaohe scheme migrate"):
        read_scheme(older)


def test_what_is_moved_scores_the_same(older, tmp_path):
    before = {path: path.read_bytes() for path in older.rglob("*") if path.is_file()}
    out = tmp_path / "new"
    result = CliRunner().invoke(app, ["scheme", "migrate", str(older), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert {path: path.read_bytes() for path in older.rglob("*") if path.is_file()} == before
    assert CliRunner().invoke(app, ["scheme", "migrate", str(older), "--out", str(out)]).exit_code == 2

    moved, now = read_scheme(out), shipped("lygtc-2018")
    assert set(moved.tree.nodes) == set(now.tree.nodes)
    assert resolve(moved).values == resolve(now).values
    assert _results(moved) == _results(now)


def test_what_is_of_today_is_not_moved(tmp_path):
    with pytest.raises(SchemeError, match="不必迁移"):
        migrated(SHIPPED / "lygtc-2018")
    assert not read_cases(tmp_path, shipped("lygtc-2018"))[0]


def _results(scheme):
    """The demonstration year's results under a scheme."""
    from dataclasses import replace
    from pathlib import Path

    from kaohe.intake import read_year
    from kaohe.scoring.assemble import score_data

    raw = Path(__file__).parents[2] / "data" / "raw"
    read = read_year(raw, "2018-2019")
    data = replace(read.data, decisions={})
    book = score_data(scheme, resolve(scheme), data)
    return [
        (unit.unit_id, unit.total, unit.rank, unit.grade, unit.attainable, unit.consequences) for unit in book.units
    ]
