"""A scheme is read anew when anything it rests on is another, and only then."""

import pytest

from kaohe.scheme import SchemeError, read_scheme
from kaohe.scheme.yamlfile import file_bytes
from tests.scheme.written import HEAD, PLAIN, written

PART = "metrics:\n  more: {{name: {}, unit: 件, kind: count, office: 办公室, least: 0}}\n"


@pytest.fixture
def own(tmp_path):
    """A scheme in parts, and one based on it."""
    base, own = tmp_path / "base", tmp_path / "own"
    (base / "parts").mkdir(parents=True)
    own.mkdir()
    (base / "parts" / "a.yaml").write_text(PART.format("多"), "utf-8")
    written(base, PLAIN, f"parts: ['parts/*.yaml']\n{HEAD}")
    (own / "scheme.yaml").write_text("based_on: ../base\nid: own\n", "utf-8")
    return own


def test_what_stands_is_taken_as_it_is_and_every_file_is_asked_for(own):
    first, asked = read_scheme(own), []

    def content_of(path):
        asked.append(path.name)
        return file_bytes(path)

    assert read_scheme(own, content_of) is first
    assert asked == ["scheme.yaml", "scheme.yaml", "a.yaml"]


def test_a_changed_part_of_the_base_a_new_one_and_one_that_went_are_seen(own):
    part = own.parent / "base" / "parts" / "a.yaml"
    assert read_scheme(own).metrics["more"].name == "多"
    part.write_text(PART.format("少"), "utf-8")
    assert read_scheme(own).metrics["more"].name == "少"
    (part.parent / "b.yaml").write_text(
        "metrics:\n  other: {name: 别, unit: 件, kind: count, office: 办公室}\n", "utf-8"
    )
    assert "other" in read_scheme(own).metrics
    (part.parent / "b.yaml").unlink()
    assert "other" not in read_scheme(own).metrics
    part.unlink()
    with pytest.raises(SchemeError, match="没有文件符合"):
        read_scheme(own)


def test_what_was_right_is_refused_once_it_is_wrong(own):
    read_scheme(own)
    (own / "scheme.yaml").write_text("based_on: ../elsewhere\nid: own\n", "utf-8")
    for _ in range(2):
        with pytest.raises(SchemeError, match="based_on"):
            read_scheme(own)
